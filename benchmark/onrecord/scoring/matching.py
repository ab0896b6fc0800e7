"""Matching: which gold item answers which predicted one, one to one, optimally, whatever the order of the input.

Conventions
-----------
Items are rows of flat columns, spans half-open ``[start, end)``. A *pair* (an edge of a bipartite graph) is a gold row
and a predicted row that may be matched; pairs are two arrays ``left, right`` (e,) of row numbers. *Levels* are weights
of the pairs, (e,) whole numbers >= 0 each: the matching has the largest sum of the first level, among those the largest
sum of the second, and so on (a lexicographic assignment; Burkard, Dell'Amico and Martello, 2009). A level may be a
``Ratio`` of whole numbers. Sums are compared exactly, never as rounded floats. Where the levels leave a tie, earlier
rows win; callers sort items by their content first, so the order of the input decides nothing. Pairs whose
weights are all 0 are never matched.

Functions
---------
* ``overlap_pairs``: pairs of spans that share a character, by a sorted sweep.
* ``components``: connected components of pairs.
* ``maximum_matching``: as many pairs as possible (Hopcroft and Karp, 1973).
* ``Graph.best``: the best matching of sparse pairs, over any number of articles at once. Nearly all components are
  single pairs, stars or tiny: those are solved in whole arrays.
* ``best_assignment``: the same for one dense table of weights.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from onrecord.columns import Ints
from onrecord.scoring.assignment import MOST_WAYS, Level, Mask, Ratio, combined, enumerate_ways, positive, solve, values

__all__ = ["Graph", "Level", "Ratio", "best_assignment", "components", "maximum_matching", "overlap_pairs"]


def overlap_pairs(
    article: Ints, start: Ints, end: Ints, other_article: Ints, other_start: Ints, other_end: Ints
) -> tuple[Ints, Ints]:
    """Pairs of spans of the same article that share a character; touching spans do not.

    Spans with a negative offset (absent, ungrounded) and empty spans overlap nothing. To pair only items that agree in
    something else too, give codes of both (article, type) as ``article``.

    Args:
        article: (n,) codes >= 0.
        start: (n,) offsets.
        end: (n,) offsets, exclusive.
        other_article: (m,) codes >= 0.
        other_start: (m,) offsets.
        other_end: (m,) offsets, exclusive.

    Returns:
        Rows of the first side and of the other, (pairs,) each, sorted by both.

    >>> zero = np.zeros(2, dtype=np.int64)
    >>> left, right = overlap_pairs(zero, np.array([0, 5]), np.array([5, 9]), zero, np.array([4, 5]), np.array([6, 9]))
    >>> list(zip(left.tolist(), right.tolist()))
    [(0, 0), (1, 0), (1, 1)]
    """
    width = max(int(end.max(initial=0)), int(other_end.max(initial=0))) + 1
    if width * (1 + max(int(article.max(initial=0)), int(other_article.max(initial=0)))) >= 2**63:
        # Only the order of offsets matters, so their ranks do as well (negative ones stay negative).
        ranks = np.unique(np.concatenate([start, end, other_start, other_end, [0]]))
        zero, width = np.searchsorted(ranks, 0), len(ranks)
        start, end, other_start, other_end = (
            np.searchsorted(ranks, offsets) - zero for offsets in (start, end, other_start, other_end)
        )
    rows, first, last = _on_one_line(article, start, end, width)
    other_rows, other_first, other_last = _on_one_line(other_article, other_start, other_end, width)
    if (other_last[1:] >= other_last[:-1]).all():
        # Starts and ends in the same order: what overlaps a span stands together, from the first that ends after its
        # start to the last that starts before its end.
        low = np.searchsorted(other_last, first, "right")
        here, there = _expand(low, _advance(low, other_first, last))
        return _in_order(rows[here], other_rows[there], len(other_article))
    # Of two overlapping spans one starts within the other; a common start is counted in the first search only.
    low = np.searchsorted(other_first, first, "left")
    high = _advance(low, other_first, last)
    # A start is at or before another one if the search for it ended there or earlier.
    back_low = np.cumsum(np.bincount(low, minlength=len(other_first) + 1))[: len(other_first)]
    back_high = _advance(back_low, first, other_last)
    here, there = _expand(low, high)
    back_there, back_here = _expand(back_low, back_high)
    left = rows[np.concatenate([here, back_here])]
    right = other_rows[np.concatenate([there, back_there])]
    return _in_order(left, right, len(other_article))


def components(left: Ints, right: Ints, left_size: int, right_size: int) -> tuple[Ints, Ints]:
    """Connected components of pairs.

    Args:
        left: (e,) rows of the first side.
        right: (e,) rows of the other.
        left_size: Number of rows of the first side.
        right_size: Number of rows of the other.

    Returns:
        Component of each row, (left_size,) and (right_size,); a row without a pair is a component of its own.
    """
    # Every root takes the smallest root that a pair of its component leads to, until none is left to take. All but
    # the local minima move in each round, so there are few rounds; importing scipy would take longer.
    root = np.arange(left_size + right_size)
    while True:
        here, there = root[left], root[right + left_size]
        if (here == there).all():
            break
        np.minimum.at(root, np.maximum(here, there), np.minimum(here, there))
        while (root != root[root]).any():
            root = root[root]
    component: Ints = np.unique(root, return_inverse=True)[1]
    return component[:left_size], component[left_size:]


def maximum_matching(left: Ints, right: Ints) -> Ints:
    """A matching with as many pairs as possible.

    Args:
        left: (e,) rows of the first side.
        right: (e,) rows of the other.

    Returns:
        (k,) which of the pairs, sorted.

    >>> maximum_matching(np.array([0, 0, 1]), np.array([0, 1, 0])).tolist()
    [1, 2]
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import maximum_bipartite_matching

    graph = Graph(left, right)
    hard = graph.hard
    if not len(hard):
        return graph.best([np.ones(len(left), dtype=np.int64)])
    _, here = np.unique(left[hard], return_inverse=True)
    _, there = np.unique(right[hard], return_inverse=True)
    shape = (int(here.max()) + 1, int(there.max()) + 1)
    table = coo_array((np.ones(len(hard), dtype=np.int8), (here, there)), shape=shape).tocsr()
    partner = maximum_bipartite_matching(table, perm_type="column")
    easy = graph.first_of_star(np.zeros(len(graph.stars), dtype=np.int64))
    # A pair that is given twice is matched once.
    chosen = np.flatnonzero(partner[here] == there)
    _, once = np.unique(here[chosen], return_index=True)
    return np.sort(np.concatenate([graph.singles, easy, hard[chosen[once]]]))


@dataclass(frozen=True)
class Graph:
    """Pairs that may be matched, taken apart once and matched by as many weightings as wanted.

    Attributes:
        left: (e,) rows of the first side.
        right: (e,) rows of the other; no pair is given twice.
    """

    left: Ints
    right: Ints

    @cached_property
    def singles(self) -> Ints:
        """Pairs neither of whose rows has another pair."""
        return np.flatnonzero(self._alone)

    @cached_property
    def _alone(self) -> Mask:
        if not len(self.left):
            return np.zeros(0, dtype=np.bool_)
        alone: Mask = (np.bincount(self.left)[self.left] == 1) & (np.bincount(self.right)[self.right] == 1)
        return alone

    @cached_property
    def _knots(self) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints]:
        """The other pairs, sorted by component: pair, component, rows in it, and the component's two sizes."""
        rest = np.flatnonzero(~self._alone)
        if not len(rest):
            return rest, rest, rest, rest, rest, rest
        lefts, here = np.unique(self.left[rest], return_inverse=True)
        rights, there = np.unique(self.right[rest], return_inverse=True)
        left_labels, right_labels = components(here, there, len(lefts), len(rights))
        sizes = np.bincount(left_labels), np.bincount(right_labels)
        label = left_labels[here]
        order = np.argsort(label, kind="stable")
        place, other_place = _place_within(left_labels)[here], _place_within(right_labels)[there]
        return rest[order], label[order], place[order], other_place[order], *sizes

    @cached_property
    def stars(self) -> Ints:
        """Pairs of components in which one side has a single row, sorted by component."""
        pair, label, _, _, lefts, rights = self._knots
        return pair[np.minimum(lefts[label], rights[label]) == 1] if len(pair) else pair

    @cached_property
    def _star_of(self) -> Ints:
        pair, label, _, _, lefts, rights = self._knots
        return label[np.minimum(lefts[label], rights[label]) == 1] if len(pair) else pair

    @cached_property
    def hard(self) -> Ints:
        """All other pairs."""
        pair, label, _, _, lefts, rights = self._knots
        return pair[np.minimum(lefts[label], rights[label]) > 1] if len(pair) else pair

    def first_of_star(self, *keys: npt.NDArray[Any]) -> Ints:
        """The pair of each star with the smallest keys; the earliest one among equals.

        Args:
            keys: (stars,) each, the most important first.
        """
        if not len(self.stars):
            return self.stars
        order = np.lexsort((self.stars, *reversed(keys), self._star_of))
        label = self._star_of[order]
        return self.stars[order[np.flatnonzero(np.diff(label, prepend=-1))]]

    def best(self, levels: Sequence[Level]) -> Ints:
        """The best matching.

        Args:
            levels: Weights (e,), the most important first.

        Returns:
            (k,) which of the pairs, sorted.

        >>> graph = Graph(np.array([0, 0, 1]), np.array([0, 1, 0]))
        >>> graph.best([np.array([3, 1, 1])]).tolist(), graph.best([np.array([2, 1, 1]), np.array([0, 1, 0])]).tolist()
        ([0], [1, 2])
        """
        if len(self.singles) == len(self.left) and positive(levels, len(self.left)).all():
            return self.singles
        keys = [-values(level[self.stars]) for level in levels]
        found = [self.singles, self.first_of_star(*keys), *self._best_of_hard(levels)]
        taken = np.zeros(len(self.left), dtype=np.bool_)
        taken[np.concatenate(found)] = True
        chosen = np.flatnonzero(taken)
        return chosen[positive([level[chosen] for level in levels], len(chosen))]

    def _best_of_hard(self, levels: Sequence[Level]) -> Iterator[Ints]:
        pair, label, place, other_place, lefts, rights = self._knots
        if not len(self.hard):
            return
        bounds = np.searchsorted(label, np.arange(len(lefts) + 1))
        hard = np.flatnonzero(np.minimum(lefts, rights) > 1)
        shape = lefts[hard] * (int(rights.max()) + 1) + rights[hard]
        for one in np.unique(shape).tolist():
            members = hard[shape == one]
            n, m = int(lefts[members[0]]), int(rights[members[0]])
            at = _ranges(bounds[members], bounds[members + 1])
            weights = combined([level[pair[at]] for level in levels], min(n, m))
            knot = np.repeat(np.arange(len(members)), bounds[members + 1] - bounds[members])
            if math.perm(max(n, m), min(n, m)) <= MOST_WAYS and weights.dtype != np.object_:
                table = np.zeros((len(members), n, m), dtype=np.int64)
                table[knot, place[at], other_place[at]] = weights
                yield pair[at[enumerate_ways(table)[knot, place[at], other_place[at]]]]
                continue
            for low, high in pairwise(np.searchsorted(knot, np.arange(len(members) + 1))):
                some = at[low:high]
                yield pair[some[solve(place[some], other_place[some], weights[low:high], n, m)]]


def best_assignment(levels: Sequence[Level]) -> tuple[Ints, Ints]:
    """The best matching of one dense table.

    Args:
        levels: Weights (n, m), the most important first.

    Returns:
        Rows and columns that are matched, (k,) each, sorted by row.

    >>> rows, columns = best_assignment([np.array([[2, 1], [1, 0]]), np.array([[0, 1], [1, 0]])])
    >>> list(zip(rows.tolist(), columns.tolist()))
    [(0, 1), (1, 0)]
    """
    top = [level.top if isinstance(level, Ratio) else level for level in levels]
    here, there = np.nonzero(np.any([some > 0 for some in top], axis=0))
    chosen = Graph(here, there).best([level[here, there] for level in levels])
    return here[chosen], there[chosen]


def _on_one_line(article: Ints, start: Ints, end: Ints, width: int) -> tuple[Ints, Ints, Ints]:
    """Spans of all articles behind one another, in order of their starts: rows, starts, ends."""
    there = (start >= 0) & (end > start)
    rows = np.flatnonzero(there)
    if len(rows) < len(there):
        article, start, end = article[rows], start[rows], end[rows]
    base = article * width
    first, last = base + start, base + end
    if (first[1:] < first[:-1]).any():
        order = np.argsort(first, kind="stable")
        rows, first, last = rows[order], first[order], last[order]
    return rows, first, last


def _in_order(left: Ints, right: Ints, size: int) -> tuple[Ints, Ints]:
    """Pairs sorted by both rows; ``size`` is the number of rows of the other side."""
    key = left * max(size, 1) + right
    if (key[1:] > key[:-1]).all():
        return left, right
    order = np.argsort(key, kind="stable")
    return left[order], right[order]


def _advance(places: Ints, starts: Ints, ends: Ints) -> Ints:
    """How many of the sorted starts are before each end, given places that are not beyond.

    Most spans overlap one other at most, so a step or two is quicker than a search.
    """
    beyond = np.append(starts, np.iinfo(np.int64).max)
    found = places
    for _ in range(2):
        more = beyond[found] < ends
        found = found + more
    moving = np.flatnonzero(more)
    found[moving] = np.searchsorted(starts, ends[moving], "left")
    return found


def _expand(low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Pairs (i, j) with low[i] <= j < high[i]."""
    return np.repeat(np.arange(len(low)), high - low), _ranges(low, high)


def _ranges(low: Ints, high: Ints) -> Ints:
    """The ranges [low[i], high[i]) one after another."""
    sizes = high - low
    ends = np.cumsum(sizes)
    return np.repeat(low - (ends - sizes), sizes) + np.arange(int(ends[-1]) if len(ends) else 0)


def _place_within(labels: Ints) -> Ints:
    """(n,) how many earlier rows have the same label."""
    order = np.argsort(labels, kind="stable")
    counts = np.bincount(labels)
    place = np.empty(len(labels), dtype=np.int64)
    place[order] = np.arange(len(labels)) - np.repeat(np.cumsum(counts) - counts, counts)
    return place
