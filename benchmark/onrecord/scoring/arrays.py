"""Small tools on flat columns: ranks of rows, joins of equal keys, numbers for names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from onrecord.columns import Coded, Ints


def ranks(*columns: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Ints:
    """Dense ranks of rows, the first column the most important; equal rows have equal ranks.

    Args:
        columns: (n,) each.

    >>> ranks(np.array([2, 1, 2]), np.array([0, 5, 0])).tolist()
    [1, 0, 1]
    """
    order = np.lexsort(columns[::-1])
    changes = np.zeros(len(order), dtype=np.bool_)
    for column in columns:
        some = column[order]
        changes[1:] |= some[1:] != some[:-1]
    found = np.empty(len(order), dtype=np.int64)
    found[order] = np.cumsum(changes)
    return found


def first_rows(*columns: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Ints:
    """One row of each set of equal rows, the earliest, in order of the rows' content."""
    rows: Ints = np.unique(ranks(*columns), return_index=True)[1]
    return rows


def join(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Pairs of rows with equal keys, by left row.

    Args:
        left: (n,) keys.
        right: (m,) keys.

    >>> [rows.tolist() for rows in join(np.array([7, 8]), np.array([8, 7, 8]))]
    [[0, 1, 1], [1, 0, 2]]
    """
    order = np.argsort(right, kind="stable")
    low, high = (np.searchsorted(right[order], left, side) for side in ("left", "right"))
    return spread(low, high - low, order)


def spread(low: Ints, sizes: Ints, order: Ints) -> tuple[Ints, Ints]:
    """Pairs of i with each of ``order[low[i] : low[i] + sizes[i]]``."""
    ends = np.cumsum(sizes)
    here = np.repeat(np.arange(len(low)), sizes)
    return here, order[np.arange(len(here)) + np.repeat(low - (ends - sizes), sizes)]


@dataclass(frozen=True)
class Numbers:
    """Numbers for (article, string) pairs, in the order of article and string.

    Attributes:
        places: Place of each string in the sorted vocabulary.
        keys: (n,) sorted; a pair's number is the place of its key.
    """

    places: dict[str, int]
    keys: Ints

    def __len__(self) -> int:
        return len(self.keys)

    def find(self, article: Ints, strings: Coded) -> Ints:
        """(n,) number of each pair, -1 where it has none or is null."""
        if not len(self.keys):
            return np.full(len(article), -1, dtype=np.int64)
        codes = _recoded(strings, self.places)
        wanted = article * len(self.places) + codes
        place = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return np.where((codes >= 0) & (self.keys[place] == wanted), place, -1)


def number(columns: Iterable[tuple[Ints, Coded]]) -> Numbers:
    """Numbers for the distinct (article, string) pairs of some columns; nulls have none."""
    some = list(columns)
    places = {value: place for place, value in enumerate(sorted({v for _, strings in some for v in strings.values}))}
    keys = [np.zeros(0, dtype=np.int64)]
    for article, strings in some:
        codes = _recoded(strings, places)
        keys.append((article * len(places) + codes)[codes >= 0])
    return Numbers(places, np.unique(np.concatenate(keys)))


def _recoded(strings: Coded, places: dict[str, int]) -> Ints:
    table = np.asarray([*(places.get(value, -1) for value in strings.values), -1], dtype=np.int64)
    return table[strings.codes]
