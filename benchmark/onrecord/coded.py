"""Columns of strings as codes: integers into a list of distinct values, -1 for null."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]


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
