"""Validation of predictions: shape, offsets, ids and values, all problems and not only the first.

:func:`validate_file` is what ``onrecord validate`` prints.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from os import PathLike
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from onrecord import compute as pc
from onrecord.columns import Ints
from onrecord.errors import Problem
from onrecord.predictions.arrow import Mask, places, rows_in, truths, valid
from onrecord.predictions.checker import Checker, Seen, odd_values
from onrecord.predictions.flat import column, given
from onrecord.predictions.intake import Batch, Progress, batches, where
from onrecord.predictions.slow import Findings, wide
from onrecord.predictions.texts import Texts
from onrecord.schemas import LINE
from onrecord.vocabulary import DATE_TYPES, LAYERS

if TYPE_CHECKING:
    from onrecord.predictions.gold import Gold

_NUMBER: Final = re.compile(r"(\d+)")
#: The columns that make up a layer.
LAYER_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "entities": ("entities",),
    "quotes": ("quotes",),
    "dates": ("dates",),
    "stance": ("stances", "stance_rows"),
}
#: All of them, with the chains that the layers refer to.
LAYER_FRAMES: Final = ("entities", "chains", "quotes", "dates", "stances", "stance_rows")


def has_layer(table: pa.Table, layer: str) -> Mask:
    """(rows,) bool: whether the line has the layer; null is as good as lacking it."""
    mask: Mask = np.logical_or.reduce([given(table, name) for name in LAYER_COLUMNS[layer]])
    return mask


def list_fields() -> list[pa.Field]:
    """The list columns of a line that are flattened."""
    return [item for item in wide(LINE) if pa.types.is_list(item.type) and item.name != "phenomena"]


def validate_file(path: str | PathLike[str], articles: Gold | None) -> list[Problem]:
    """Every problem of a predictions file, in the order of its lines.

    Args:
        path: The file.
        articles: The gold whose articles it answers; None checks the form alone.
    """
    return list(iter_problems(path, articles))


def iter_problems(
    source: Any,
    articles: Gold | None,
    *,
    seen: Seen | None = None,
    found: Findings | None = None,
    progress: Progress | None = None,
) -> Iterator[Problem]:
    """The same, as they are found, in bounded memory.

    Args:
        source: A path, or predictions in memory.
        articles: The gold whose articles are answered, or None.
        seen: Receives counts.
        found: Receives unknown fields.
        progress: Called with the number of bytes read.
    """
    seen = Seen() if seen is None else seen
    found = Findings(where(source)) if found is None else found
    for batch in batches(source, LINE, found, progress):
        check(batch, articles, found, seen)
        yield from take_problems(found)
    yield from take_problems(found)


def take_problems(found: Findings) -> list[Problem]:
    """Removes and returns what has been found so far, in order of lines."""
    problems = sorted(found.problems, key=_place)
    found.problems.clear()
    return problems


def _place(problem: Problem) -> tuple[int, list[tuple[str, int]]]:
    """Sorts by line, then by field with ``quotes[2]`` before ``quotes[10]``."""
    parts = _NUMBER.split(problem.field or "")
    return problem.line or 0, [
        (text, int(number or 0)) for text, number in zip_longest(parts[::2], parts[1::2], fillvalue="")
    ]


def check(batch: Batch, gold: Gold | None, found: Findings, seen: Seen) -> Ints:
    """Checks a batch of predictions.

    Returns:
        (rows,) row of each line's article in the gold, -1 where there is none.
    """
    checker = Checker(batch, found)
    ids = checker.ids(seen)
    rows = np.full(len(ids), -1, dtype=np.int64)
    if gold is not None:
        rows = rows_in(ids, gold.id_array)
        checker.unknown_articles(rows, gold, seen)
        seen.other_text += _other_texts(batch.table, rows, gold.texts)
    checker.spans(rows, None if gold is None else gold.texts, offsets=False)
    checker.answers()
    if gold is not None:
        checker.claims(rows, gold)
    for value, count in odd_values(batch.frames["dates"].strings["type"], DATE_TYPES).items():
        seen.odd_dates[value] = seen.odd_dates.get(value, 0) + count
    for layer in LAYERS:
        if has_layer(batch.table, layer).any():
            seen.layers.add(layer)
    seen.articles += len(ids)
    return rows


def _other_texts(table: pa.Table, rows: Ints, texts: Texts) -> int:
    """Number of lines that carry a text of their own which is not the article's."""
    own = column(table, "text") if given(table, "text").any() else None
    if own is None:
        return 0
    some = np.flatnonzero((rows >= 0) & valid(own))
    theirs = pc.take(texts.array, places(rows[some]))
    return int(np.count_nonzero(truths(pc.not_equal(pc.cast(pc.take(own, places(some)), pa.large_string()), theirs))))
