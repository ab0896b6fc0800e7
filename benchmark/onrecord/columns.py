"""Answers in flat columns: the form in which gold and predictions are grounded, matched and counted.

Every item of a layer is a row; ``article`` is the row number of its article in ``Columns.ids``. Offsets are int64
code points. Two offsets are special: ``ABSENT`` stands where an optional span was not given, ``UNGROUNDED`` where a
span was given but could not be found in the text (it matches nothing and counts as a false positive).

Strings are coded: integer codes into a list of distinct values, -1 for null. ``unify`` brings two coded columns
(gold's and a prediction's) to one vocabulary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]

ABSENT: Final = -1
UNGROUNDED: Final = -2


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of strings as codes.

    Attributes:
        codes: (n,) int64; -1 is null.
        values: Distinct strings; ``values[codes[i]]`` is row i.
    """

    codes: Ints
    values: Sequence[str]

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> str | None:
        code = self.codes[row]
        return None if code < 0 else self.values[code]

    def take(self, rows: Ints) -> Coded:
        """The same column for a selection of rows."""
        return Coded(self.codes[rows], self.values)


def nothing(size: int) -> Coded:
    """A column of nulls; it takes no memory."""
    return Coded(np.broadcast_to(np.int64(-1), (size,)), [])


def code(strings: Sequence[str | None]) -> Coded:
    """Codes a sequence of strings, in order of first appearance."""
    numbers: dict[str, int] = {}
    codes = [-1 if value is None else numbers.setdefault(value, len(numbers)) for value in strings]
    return Coded(np.asarray(codes, dtype=np.int64), list(numbers))


def unify(first: Coded, second: Coded) -> tuple[Ints, Ints, list[str]]:
    """Codes of two columns over one vocabulary.

    Returns:
        Codes of the first, codes of the second, and the sorted vocabulary, which does not depend on row order.
    """
    values = sorted({*first.values, *second.values})
    number = {value: index for index, value in enumerate(values)}
    return _recode(first, number), _recode(second, number), values


def _recode(column: Coded, number: dict[str, int]) -> Ints:
    if not column.values:
        return column.codes
    table = np.asarray([*(number[value] for value in column.values), -1], dtype=np.int64)
    return table[column.codes]


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
