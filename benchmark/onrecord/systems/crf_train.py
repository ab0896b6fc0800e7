"""Training the sequence taggers on a released folder.

CRFsuite's L-BFGS, which starts from zero and draws no random number: equal data make equal models.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
import sklearn_crfsuite

from onrecord.systems.crf_reading import labels_of, read
from onrecord.systems.quote_labels import labelled, ordered
from onrecord.systems.sequence import Labelled
from onrecord.systems.text import Region

#: Weights of the L1 and L2 penalties, and the most iterations.
PENALTIES: Final[dict[str, float]] = {"c1": 0.1, "c2": 0.05, "max_iterations": 150}


@dataclass(frozen=True, slots=True)
class Example:
    """One annotated article, read for the taggers: features and gold labels, by layer and sequence."""

    id: str
    story: str
    rows: Mapping[str, list[list[list[str]]]]
    labels: Mapping[str, list[list[str]]]


def examples(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], layers: Sequence[str]) -> list[Example]:
    """Reads annotated articles.

    Args:
        rows: Rows of config ``all`` (or of layers' configs, joined).
        columns: See ``crf_reading.read``.
        layers: Layers to learn; a row where one is not annotated gives no example for it.
    """
    found: list[Example] = []
    for row in rows:
        annotated = [layer for layer in layers if row.get(layer) is not None]
        if not annotated or not row["text"].strip():
            continue
        reading = read(row["text"], row.get("published"), columns, annotated)
        labels = {layer: labels_of(reading.tokens, _spans(layer, row[layer])) for layer in annotated}
        seen = {layer: list(rows) for layer, rows in reading.rows.items()}
        found.append(Example(row["id"], row.get("story") or row["id"], seen, labels))
    return found


def fingerprint(articles: Sequence[Example]) -> str:
    """A hash of what is seen of the first article: it changes when the features do, and costs little to make again."""
    first = [[article.rows, article.labels] for article in articles[:1]]
    return hashlib.sha256(orjson.dumps(first, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def train(articles: Sequence[Example], layer: str, penalties: Mapping[str, float] = PENALTIES) -> bytes:
    """A CRFsuite model of one layer, as the bytes of its file.

    Raises:
        ValueError: No article has the layer, or none of its labels.
    """
    rows = [row for article in articles if layer in article.rows for row in article.rows[layer]]
    labels = [row for article in articles if layer in article.rows for row in article.labels[layer]]
    if not any(label != "O" for row in labels for label in row):
        raise ValueError(f"no article has labels of {layer} to learn from")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tagger.crfsuite"
        tagger = sklearn_crfsuite.CRF(
            algorithm="lbfgs", all_possible_transitions=False, model_filename=str(path), **_arguments(penalties)
        )
        tagger.fit(rows, labels)
        return path.read_bytes()


def _arguments(penalties: Mapping[str, float]) -> dict[str, Any]:
    return {**penalties, "max_iterations": int(penalties["max_iterations"])}


def _spans(layer: str, items: Sequence[Mapping[str, Any]]) -> list[Labelled]:
    """The gold items of a layer as labelled spans."""
    if layer == "entities":
        names = [(_region(item), item["type"] or "NAME") for item in items if item["kind"] in (None, "name")]
        return sorted(names, key=lambda span: (span[0].start, -span[0].end))  # the outermost first
    if layer == "dates":
        dates = [(_region(item), item["type"] or "DATE") for item in items if (item["end"] or 0) > (item["start"] or 0)]
        return sorted(dates, key=lambda span: (span[0].start, -span[0].end))
    return ordered(
        labelled(
            [_region(segment) for segment in item["content"] or ()],
            None if item["cue"] is None else _region(item["cue"]),
            None if item["source"] is None else _region(item["source"]),
        )
        for item in items
    )


def _region(span: Mapping[str, Any]) -> Region:
    return Region(span["start"], span["end"])
