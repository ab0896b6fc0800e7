"""The best assignment of one component of pairs, exactly: levels of weights into one number, then the solvers.

:mod:`onrecord.scoring.matching` takes a graph apart and calls these; its docstring says what levels are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import permutations
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from onrecord.columns import Ints

Mask: TypeAlias = npt.NDArray[np.bool_]

#: Components with at most so many ways to match all of the smaller side are enumerated.
MOST_WAYS: Final = 120
#: Larger tables of weights are solved in sparse form.
_DENSE: Final = 250_000
#: Whole numbers below this are exact in float64.
_EXACT: Final = 2**53


@dataclass(frozen=True, slots=True)
class Ratio:
    """A level of fractions.

    Attributes:
        top: Whole numbers >= 0, of the shape of the level.
        bottom: Whole numbers >= 1, likewise.
    """

    top: Ints
    bottom: Ints

    def __getitem__(self, at: Any) -> Ratio:
        return Ratio(self.top[at], self.bottom[at])


Level: TypeAlias = Ints | Ratio


def values(level: Level) -> npt.NDArray[Any]:
    """A level as numbers that compare as it does: a quotient is rounded correctly, so equal fractions are equal."""
    return level.top / level.bottom if isinstance(level, Ratio) else level


def positive(levels: Sequence[Level], size: int) -> Mask:
    """(size,) whether some level of a pair is more than 0."""
    some = np.zeros(size, dtype=np.bool_)
    for level in levels:
        some |= (level.top if isinstance(level, Ratio) else level) > 0
        if some.all():
            break
    return some


def combined(levels: Sequence[Level], matched: int) -> npt.NDArray[Any]:
    """One whole number a pair, whose sums over at most ``matched`` pairs compare as the levels do.

    Returns:
        int64 where all sums are exact in float64, else Python's unbounded integers.
    """
    whole: list[npt.NDArray[Any]] = []
    for level in levels:
        if isinstance(level, Ratio):
            common = math.lcm(*np.unique(level.bottom).tolist())
            scale = np.asarray([common // bottom for bottom in level.bottom.tolist()], dtype=np.object_)
            whole.append(level.top.astype(np.object_) * scale)
        else:
            whole.append(level)
    steps, step = [], 1
    for level in reversed(whole):
        steps.append(step)
        step *= matched * int(level.max(initial=0)) + 1
    kind: type[Any] = np.int64 if step < _EXACT else np.object_
    total = np.zeros(len(whole[0]), dtype=kind)
    for level, step in zip(reversed(whole), steps, strict=True):
        total = total + level.astype(kind) * step
    return total


@cache
def _ways(n: int, m: int) -> Ints:
    """(ways, n) all ways to give n rows a column each of m >= n, in lexicographic order."""
    return np.asarray(list(permutations(range(m), n)), dtype=np.int64)


def enumerate_ways(table: Ints) -> Mask:
    """The best assignment of many small tables: (k, n, m) weights in, (k, n, m) chosen out."""
    _, n, m = table.shape
    if n > m:
        return enumerate_ways(table.swapaxes(1, 2)).swapaxes(1, 2)
    ways = _ways(n, m)
    sums = table[:, np.arange(n), ways].sum(axis=2)
    chosen = np.zeros(table.shape, dtype=np.bool_)
    best = ways[sums.argmax(axis=1)]
    chosen[np.arange(len(table))[:, None], np.arange(n), best] = True
    return chosen


def solve(here: Ints, there: Ints, weights: npt.NDArray[Any], n: int, m: int) -> Ints:
    """The pairs that a component's best assignment takes, (k,) places in its arrays."""
    from scipy.optimize import linear_sum_assignment
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    if weights.dtype != np.object_ and n * m > _DENSE:
        # Every row may also stay alone, in a column of its own; weights count down so that none is zero.
        most = int(weights.max()) + 1
        rows, columns = np.concatenate([here, np.arange(n)]), np.concatenate([there, m + np.arange(n)])
        costs = np.concatenate([most - weights, np.full(n, most)]).astype(np.float64)
        row, column = min_weight_full_bipartite_matching(coo_array((costs, (rows, columns)), shape=(n, m + n)).tocsr())
    else:
        table = np.zeros((n, m), dtype=weights.dtype)
        table[here, there] = weights
        assign = hungarian if weights.dtype == np.object_ else linear_sum_assignment
        row, column = assign(-table if assign is hungarian else -table.astype(np.float64))
    partner = np.full(n, -1, dtype=np.int64)
    partner[row] = column
    return np.flatnonzero(partner[here] == there)


def hungarian(costs: npt.NDArray[Any]) -> tuple[Ints, Ints]:
    """The assignment of least cost by shortest augmenting paths (Jonker and Volgenant, 1987), in exact arithmetic.

    Args:
        costs: (n, m) Python integers (dtype object).

    Returns:
        Rows and columns of the min(n, m) pairs, sorted by row.
    """
    n, m = costs.shape
    if n > m:
        turned_rows, turned_columns = hungarian(costs.T)
        order = np.argsort(turned_columns)
        return turned_columns[order], turned_rows[order]
    infinite = 2 * n * (int(np.abs(costs).max(initial=0)) + 1) + 1
    of_row, of_column = np.zeros(n, dtype=np.object_), np.zeros(m, dtype=np.object_)
    owner = np.full(m, -1, dtype=np.int64)
    for new in range(n):
        distance = np.full(m, infinite, dtype=np.object_)
        came_from = np.full(m, -1, dtype=np.int64)
        done = np.zeros(m, dtype=np.bool_)
        row, at = new, -1
        reached: Any = 0
        visited: list[tuple[int, Any]] = [(new, 0)]
        while True:
            through = costs[row] - of_row[row] - of_column + reached
            nearer = ~done & (through < distance).astype(np.bool_)
            distance[nearer], came_from[nearer] = through[nearer], at
            open_columns = np.flatnonzero(~done)
            at = int(open_columns[np.argmin(distance[open_columns])])
            reached = distance[at]
            if owner[at] < 0:
                break
            done[at] = True
            row = int(owner[at])
            visited.append((row, reached))
        for seen, far in visited:
            of_row[seen] += reached - far
        closed = np.flatnonzero(done)
        of_column[closed] += distance[closed] - reached
        while at >= 0:
            before = int(came_from[at])
            owner[at] = new if before < 0 else owner[before]
            at = before
    columns = np.flatnonzero(owner >= 0)
    order = np.argsort(owner[columns])
    return owner[columns][order], columns[order]
