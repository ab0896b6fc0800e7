"""Matching against exhaustive search: every optimum is one, and nothing depends on the order of the input."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.scoring.assignment import hungarian
from onrecord.scoring.matching import Graph, Ratio, best_assignment, components, maximum_matching, overlap_pairs


def every_matching(pairs: list[tuple[int, int]]):
    """All matchings, as tuples of places in ``pairs``."""
    for size in range(len(pairs) + 1):
        for some in combinations(range(len(pairs)), size):
            lefts, rights = {pairs[k][0] for k in some}, {pairs[k][1] for k in some}
            if len(lefts) == len(rights) == size:
                yield some


def value(some, levels) -> tuple:
    return tuple(sum((level[k] for k in some), Fraction(0)) for level in levels)


def is_matching(left, right, chosen) -> bool:
    return len(set(left[chosen].tolist())) == len(set(right[chosen].tolist())) == len(chosen)


def arrays(pairs):
    left, right = zip(*pairs, strict=True) if pairs else ((), ())
    return np.asarray(left, dtype=np.int64), np.asarray(right, dtype=np.int64)


spans = st.lists(st.tuples(st.integers(0, 2), st.integers(-2, 12), st.integers(-2, 14)), max_size=12)


@given(spans, spans)
def test_overlap_pairs_are_those_of_the_definition(first, second):
    def columns(rows):
        return (np.asarray([row[k] for row in rows], dtype=np.int64) for k in range(3))

    left, right = overlap_pairs(*columns(first), *columns(second))
    expected = [
        (i, j)
        for i, (a, s, e) in enumerate(first)
        for j, (b, t, f) in enumerate(second)
        if a == b and s >= 0 and t >= 0 and set(range(s, e)) & set(range(t, f))
    ]
    assert list(zip(left.tolist(), right.tolist(), strict=True)) == expected


pair_lists = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=10, unique=True)


@given(pair_lists)
def test_maximum_matching_has_the_size_of_the_largest(pairs):
    left, right = arrays(pairs)
    chosen = maximum_matching(left, right)
    assert is_matching(left, right, chosen)
    assert len(chosen) == max(len(some) for some in every_matching(pairs))


def test_a_pair_given_twice_to_maximum_matching_is_matched_once():
    left, right = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 0, 1, 1])
    chosen = maximum_matching(left, right)
    assert len(chosen) == 2 and is_matching(left, right, chosen)


@settings(max_examples=400)
@given(pair_lists, st.data())
def test_best_is_lexicographically_best(pairs, data):
    weights = st.lists(st.integers(0, 3), min_size=len(pairs), max_size=len(pairs))
    levels = [data.draw(weights) for _ in range(3)]
    left, right = arrays(pairs)
    chosen = Graph(left, right).best([np.asarray(level, dtype=np.int64) for level in levels])
    assert is_matching(left, right, chosen)
    best = max(value(some, levels) for some in every_matching(pairs))
    assert value(chosen.tolist(), levels) == best


@settings(max_examples=200)
@given(pair_lists, st.data())
def test_fractions_are_compared_exactly(pairs, data):
    tops = data.draw(st.lists(st.integers(0, 6), min_size=len(pairs), max_size=len(pairs)))
    bottoms = data.draw(st.lists(st.integers(1, 7), min_size=len(pairs), max_size=len(pairs)))
    second = data.draw(st.lists(st.integers(0, 2), min_size=len(pairs), max_size=len(pairs)))
    left, right = arrays(pairs)
    ratio = Ratio(np.asarray(tops, dtype=np.int64), np.asarray(bottoms, dtype=np.int64))
    chosen = Graph(left, right).best([ratio, np.asarray(second, dtype=np.int64)])
    levels = [[Fraction(t, b) for t, b in zip(tops, bottoms, strict=True)], second]
    assert is_matching(left, right, chosen)
    assert value(chosen.tolist(), levels) == max(value(some, levels) for some in every_matching(pairs))


def test_a_tie_of_fractions_that_floats_would_break():
    # 1/10 + 2/10 and 3/10 + 0 are one sum, though not in floats; the second level decides.
    top, bottom = np.array([[1, 3], [0, 2]]), np.full((2, 2), 10)
    second = np.array([[0, 1], [0, 0]])
    assert 0.1 + 0.2 != 0.3
    rows, columns = best_assignment([Ratio(top, bottom), second])
    assert list(zip(rows.tolist(), columns.tolist(), strict=True)) == [(0, 1)]


@pytest.mark.parametrize("seed", range(30))
def test_large_components_by_every_solver(seed, monkeypatch):
    """Enumeration, scipy's dense and sparse solvers and exact integers find the same sums."""
    from onrecord.scoring import assignment, matching

    random = np.random.default_rng(seed)
    n, m = random.integers(2, 9, size=2)
    levels = [random.integers(0, 4, size=(n, m)), random.integers(0, 3, size=(n, m))]
    found = []
    for ways, dense, exact in ((10**9, 10**9, 2**53), (0, 10**9, 2**53), (0, 0, 2**53), (0, 10**9, 1)):
        monkeypatch.setattr(matching, "MOST_WAYS", min(ways, 1_000))
        monkeypatch.setattr(assignment, "_DENSE", dense)
        monkeypatch.setattr(assignment, "_EXACT", exact)
        rows, columns = best_assignment(levels)
        assert len(set(rows.tolist())) == len(set(columns.tolist())) == len(rows)
        found.append(tuple(int(level[rows, columns].sum()) for level in levels))
    assert len(set(found)) == 1


@pytest.mark.parametrize("seed", range(20))
def test_hungarian_equals_scipy(seed):
    from scipy.optimize import linear_sum_assignment

    random = np.random.default_rng(seed)
    costs = random.integers(-50, 50, size=random.integers(1, 12, size=2))
    rows, columns = hungarian(costs.astype(np.object_))
    expected = linear_sum_assignment(costs)
    assert rows.tolist() == expected[0].tolist()
    assert len(set(columns.tolist())) == len(rows)
    assert costs[rows, columns].sum() == costs[expected].sum()


def test_hungarian_with_numbers_that_floats_cannot_hold():
    big = 10**40
    costs = np.array([[-big, -big - 1], [-big, -big]], dtype=np.object_)
    rows, columns = hungarian(costs)
    assert list(zip(rows.tolist(), columns.tolist(), strict=True)) == [(0, 1), (1, 0)]


def test_components_of_rows_without_pairs_are_their_own():
    left, right = components(np.array([0, 1]), np.array([0, 0]), 3, 2)
    assert left[0] == left[1] == right[0]
    assert len({left[0], left[2], right[1]}) == 3


def test_pairs_that_weigh_nothing_are_not_matched():
    zero = np.zeros(1, dtype=np.int64)
    assert Graph(zero, zero).best([zero]).tolist() == []


def test_nothing_to_match():
    none = np.zeros(0, dtype=np.int64)
    assert Graph(none, none).best([none]).tolist() == []
    assert maximum_matching(none, none).tolist() == []
    assert overlap_pairs(none, none, none, none, none, none)[0].tolist() == []
    assert best_assignment([np.zeros((0, 3), dtype=np.int64)])[0].tolist() == []


def test_a_component_of_thousands():
    """A ladder of 3,000 + 3,000 overlapping spans, matched one to one."""
    count = 3_000
    article = np.zeros(count, dtype=np.int64)
    gold, other = np.arange(count) * 10, np.arange(count) * 10 + 5
    left, right = overlap_pairs(article, gold, gold + 10, article, other, other + 10)
    assert len(left) == 2 * count - 1
    later = np.asarray(gold[left] < other[right], dtype=np.int64)
    chosen = Graph(left, right).best([np.ones(len(left), dtype=np.int64), 1 - later])
    assert len(chosen) == count
    assert len(maximum_matching(left, right)) == count
