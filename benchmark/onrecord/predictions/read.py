"""Predictions of any kind, checked, grounded and in columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from onrecord.columns import Columns, Ints
from onrecord.errors import InputError, Problem
from onrecord.predictions.assembly import columns_of
from onrecord.predictions.checker import Seen
from onrecord.predictions.flat import Frame, frames, given, join
from onrecord.predictions.gold import Gold
from onrecord.predictions.ground import ground
from onrecord.predictions.intake import Opened, batches, where
from onrecord.predictions.slow import Findings
from onrecord.predictions.validate import LAYER_FRAMES, check, has_layer, list_fields, take_problems
from onrecord.schemas import LINE
from onrecord.vocabulary import LAYERS


@dataclass(frozen=True)
class Predictions:
    """What a system answered about the articles of a gold.

    Attributes:
        columns: The layers; ``columns.ids`` is the gold's, a layer that no line has is None. ``columns.answered`` says
            per layer which articles have a line with it.
        grounding: Number of spans by how they got their offsets: ``offsets`` (given), ``exact``, ``folded``,
            ``failed``, with ``fuzzy`` where asked for; ``ambiguous`` counts those of them that nothing told apart.
        coverage: Per layer attempted, the number of articles in the gold and of articles answered.
        reports: What a person should know, in sentences.
        name: The file's name, or what data in memory is called.
        fuzzy: Whether texts were also found approximately; it belongs in the signature.
    """

    columns: Columns
    grounding: dict[str, int]
    coverage: dict[str, dict[str, int]]
    reports: list[str]
    name: str
    fuzzy: bool = False


def read_predictions(source: Any, gold: Gold, *, fuzzy: bool = False) -> Predictions:
    """Reads, checks and grounds predictions.

    Args:
        source: A file (JSON Lines, gzip, Parquet), a ``datasets.Dataset``, a pandas data frame, an Arrow table or a
            list of dicts, one row an article; or one of these :class:`Opened`.
        gold: The articles answered. Only its ids, texts, claims and rows are looked at, never its labels.
        fuzzy: Also find texts approximately.

    Raises:
        InputError: With every problem found.
    """
    found, seen = source.found if isinstance(source, Opened) else Findings(where(source)), Seen()
    pieces = source.batches if isinstance(source, Opened) else batches(source, LINE, found)
    problems: list[Problem] = []
    parts: list[tuple[dict[str, Frame], int]] = []
    articles: list[Ints] = []
    ids = gold.columns.ids
    answered: dict[str, npt.NDArray[np.bool_]] = {layer: np.zeros(len(ids), dtype=np.bool_) for layer in LAYERS}
    present: set[str] = set()
    for batch in pieces:
        rows = check(batch, gold, found, seen)
        problems += take_problems(found)
        if problems:
            continue  # Nothing will be scored; go on only to find the rest.
        parts.append((batch.frames, len(batch.table)))
        articles.append(rows)
        present |= {name for name in LAYER_FRAMES if given(batch.table, name).any()}
        for layer, mask in answered.items():
            mask[rows[has_layer(batch.table, layer)]] = True
    problems += take_problems(found)
    if problems:
        raise InputError(problems)
    if not parts:
        parts.append((frames(LINE.empty_table(), list_fields()), 0))
        articles.append(np.zeros(0, dtype=np.int64))
    article = np.concatenate(articles)
    grounded, grounding = ground(join(parts), article, gold.texts, fuzzy=fuzzy)
    columns = columns_of(grounded, article, ids, present, answered, gold.texts)
    return Predictions(
        columns=columns,
        grounding=grounding,
        coverage={
            layer: {"articles": len(ids), "answered": int(mask.sum())} for layer, mask in answered.items() if mask.any()
        },
        reports=reports(found, seen, grounding),
        name=found.where,
        fuzzy=fuzzy,
    )


def reports(found: Findings, seen: Seen, grounding: dict[str, int] | None = None) -> list[str]:
    """What is no fault but should be known: unknown fields, odd values, texts that were not found."""
    sentences = found.notes(LINE)
    for value, count in sorted(seen.odd_dates.items()):
        sentences.append(f"date type {value!r} is none of TIMEX3's and matches nothing ({count} dates)")
    if seen.other_text:
        sentences.append(
            f"{seen.other_text} lines carry another text than the article they answer; offsets count in the article's"
        )
    counts = grounding or {}
    if counts.get("failed"):
        sentences.append(f"{counts['failed']} texts were not found in their article and count as false positives")
    if counts.get("ambiguous"):
        sentences.append(f"{counts['ambiguous']} texts stand more than once with different attributes; give context")
    return sentences
