"""Answers in flat columns: the form in which gold and predictions are grounded, matched and counted.

Every item of a layer is a row; ``article`` is the row number of its article in ``Columns.ids``. Offsets are int64
code points. Two offsets are special: ``ABSENT`` stands where an optional span was not given, ``UNGROUNDED`` where a
span was given but could not be found in the text (it matches nothing and counts as a false positive).

Strings are coded: integer codes into a list of distinct values, -1 for null. ``unify`` brings two coded columns
(gold's and a prediction's) to one vocabulary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from onrecord.coded import Coded, Ints, code, nothing, unify

__all__ = [
    "ABSENT",
    "UNGROUNDED",
    "Chains",
    "Coded",
    "Columns",
    "Dates",
    "Ints",
    "LayerRows",
    "Mentions",
    "Quotes",
    "StanceRows",
    "Stances",
    "code",
    "nothing",
    "take",
    "unify",
]

ABSENT: Final = -1
UNGROUNDED: Final = -2


@dataclass(frozen=True, slots=True)
class Mentions:
    """Layer entities, one row a mention. ``entity`` holds chain ids, which mean something within one article."""

    article: Ints
    start: Ints
    end: Ints
    type: Coded
    kind: Coded
    entity: Coded
    link: Coded
    text: Coded


@dataclass(frozen=True, slots=True)
class Chains:
    """Chains, one row each; ``aliases`` has one tuple a row."""

    article: Ints
    id: Coded
    type: Coded
    name: Coded
    aliases: Sequence[tuple[str, ...]]
    link: Coded


@dataclass(frozen=True, slots=True)
class Quotes:
    """Layer quotes, one row a quote, and its segments in a table of their own (``segment_quote`` is a row number).

    ``segment_text`` holds the words of each segment, also of those that were not found.
    """

    article: Ints
    id: Coded
    cue_start: Ints
    cue_end: Ints
    source_start: Ints
    source_end: Ints
    speaker: Coded
    speaker_name: Coded
    kind: Coded
    sourcing: Coded
    said_on: Coded
    segment_quote: Ints
    segment_start: Ints
    segment_end: Ints
    segment_text: Coded | None = None


@dataclass(frozen=True, slots=True)
class Dates:
    """Layer dates, one row an expression; ``text`` holds its words, also where it was not found."""

    article: Ints
    start: Ints
    end: Ints
    type: Coded
    value: Coded
    mod: Coded
    text: Coded | None = None


@dataclass(frozen=True, slots=True)
class Stances:
    """Layer stance, one row a (holder, claim) position; evidence quotes are pairs (stance row, quote id)."""

    article: Ints
    holder: Coded
    holder_name: Coded
    claim: Coded
    label: Coded
    earlier: Coded
    evidence_stance: Ints
    evidence_quote: Coded


@dataclass(frozen=True, slots=True)
class StanceRows:
    """Answers to given rows of config ``stance``; ``row`` is ``<article>#<claim>#<holder>``."""

    article: Ints
    row: Coded
    label: Coded


@dataclass(frozen=True, slots=True)
class Columns:
    """All answers about some articles.

    Attributes:
        ids: Article ids; their order is the meaning of every ``article`` column.
        mentions, chains, quotes, dates, stances, stance_rows: The layers; None where a layer was not attempted
            (predictions) or is not annotated (gold).
        answered: Per layer attempted, (number of ids,) bool: whether the article's line has the layer.
    """

    ids: Sequence[str]
    mentions: Mentions | None = None
    chains: Chains | None = None
    quotes: Quotes | None = None
    dates: Dates | None = None
    stances: Stances | None = None
    stance_rows: StanceRows | None = None
    answered: dict[str, npt.NDArray[np.bool_]] | None = None


#: The rows of any layer.
LayerRows = TypeVar("LayerRows", Mentions, Chains, Quotes, Dates, Stances, StanceRows)


def take(rows: LayerRows, keep: Ints) -> LayerRows:
    """Some rows of a layer, with what hangs on them (segments, evidence)."""
    changed: dict[str, Any] = {}
    nested = {"segment_quote": "segment_", "evidence_stance": "evidence_"}
    inner = next((name for name in nested if hasattr(rows, name)), None)
    for name in rows.__slots__:
        value = getattr(rows, name)
        if inner is not None and name.startswith(nested[inner]):
            continue
        changed[name] = _take(value, keep)
    if inner is not None:
        parent: Ints = getattr(rows, inner)
        number = np.full(len(rows.article), -1, dtype=np.int64)
        number[keep] = np.arange(len(keep))
        there = np.flatnonzero(number[parent] >= 0)
        for name in rows.__slots__:
            if name.startswith(nested[inner]):
                changed[name] = _take(getattr(rows, name), there)
        changed[inner] = number[parent[there]]
    return replace(rows, **changed)


def _take(value: Coded | Ints | Sequence[Any], keep: Ints) -> Any:
    if isinstance(value, Coded):
        return value.take(keep)
    if isinstance(value, np.ndarray):
        return value[keep]
    return [value[row] for row in keep.tolist()]
