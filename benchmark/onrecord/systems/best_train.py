"""Training ``best``: its taggers and the classifier of stances."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from onrecord.systems import crf_train, modelfile, stance_evidence
from onrecord.systems.crf_train import Example
from onrecord.systems.modelfile import Model
from onrecord.systems.rules_stance import Said
from onrecord.systems.training import Data

#: What its taggers read.
COLUMNS: Final = ("rules", "spacy")
TAGGED: Final = ("entities", "quotes", "dates")


def examples(data: Data) -> list[Example]:
    """The articles as the taggers see them."""
    return crf_train.examples(data.rows, COLUMNS, TAGGED)


def train(
    data: Data,
    learned: Sequence[str] = (*TAGGED, "stance"),
    fill: str = "direct",
    agree: float = 0.5,
    threshold: float = 0.2,
    figures: Mapping[str, Any] | None = None,
    articles: Sequence[Example] | None = None,
) -> Model:
    """Trains all parts.

    Args:
        data: OnRecord's train split, or part of it.
        learned: Layers where the learned answer is given; the others are the rules'.
        fill: See ``merging.filled``.
        agree: See ``merging.agreed``.
        threshold: How probable a position must be to be answered.
        figures: What the choice was made by, for the model's description.
        articles: What ``examples`` makes of the data, where it is known already.
    """
    articles = examples(data) if articles is None else articles
    parts = {f"{layer}.crfsuite": crf_train.train(articles, layer) for layer in TAGGED}
    parts |= stance_evidence.train([_said(row, data.stance.get(row["id"], [])) for row in data.rows]).parts("stance")
    meta = {
        "columns": list(COLUMNS), "layers": list(TAGGED), "learned": sorted(learned), "fill": fill, "agree": agree,
        "threshold": threshold, "figures": dict(figures or {}), "trained_on": dict(data.about),
        "features": crf_train.fingerprint(articles),
    }  # fmt: skip
    return modelfile.pack("best", meta, parts)


def _said(
    row: Mapping[str, Any], stances: Iterable[Mapping[str, Any]]
) -> tuple[list[str], list[Said], dict[tuple[int, str], str]]:
    """The claims of an article, its gold quotations, and which are evidence for what."""
    text = row["text"]
    numbers = {claim["id"]: number for number, claim in enumerate(row["claims"])}
    said = [
        Said(
            quote["id"],
            quote["speaker"] or "",
            " ".join(text[part["start"] : part["end"]] for part in quote["content"]),
            "" if quote["cue"] is None else text[quote["cue"]["start"] : quote["cue"]["end"]],
        )
        for quote in row["quotes"]
    ]
    gold = {
        (numbers[stance["claim"]], quote): stance["label"] for stance in stances for quote in stance["evidence_quotes"]
    }
    return [claim["text"] for claim in row["claims"]], said, gold
