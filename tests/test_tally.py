"""The tally: exact totals, no order, no sharding."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import InputError
from onrecord.scoring.tally import Tally, TallyBuilder, merge

ITEMS = st.lists(
    st.tuples(
        st.sampled_from(["m/one", "m/two"]),
        st.sampled_from(["", "type=A"]),
        st.integers(0, 5),
        st.floats(0, 1, allow_subnormal=False),
    ),
    max_size=40,
)
IDS = tuple(f"s{number}/o" for number in range(6))


def build(items: list[tuple[str, str, int, float]], ids: tuple[str, ...] = IDS) -> Tally:
    builder = TallyBuilder(ids, [name.partition("/")[0] for name in ids])
    place = {name: number for number, name in enumerate(ids)}
    some = [(measure, label, place[IDS[row]], value) for measure, label, row, value in items if IDS[row] in place]
    for key in sorted({(measure, label) for measure, label, _, _ in some}):
        rows = [(row, value) for measure, label, row, value in some if (measure, label) == key]
        articles = np.asarray([row for row, _ in rows], dtype=np.int64)
        builder.add(*key, p_num=(articles, np.asarray([value for _, value in rows])), p_den=articles, r_den=articles)
    return builder.build()


def digits(tally: Tally) -> dict[tuple[str, str], list[str]]:
    return {key: [value.hex() for value in counts.tolist()] for key, counts in tally.totals().items()}


def assert_same_rows(first: Tally, second: Tally) -> None:
    for key in first.keys:
        for part, expected in zip(first.of(key), second.of(key), strict=True):
            np.testing.assert_array_equal(part, expected)


@given(ITEMS, st.randoms())
def test_no_digit_depends_on_the_order_of_items_or_articles(
    items: list[tuple[str, str, int, float]], random: object
) -> None:
    shuffled = list(items)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    ids = list(IDS)
    random.shuffle(ids)  # type: ignore[attr-defined]
    first, second = build(items), build(shuffled, tuple(ids))
    assert digits(first) == digits(second)
    assert first.ids == second.ids == tuple(sorted(IDS))


@given(ITEMS, st.integers(0, 6))
def test_two_halves_put_together_are_the_whole(items: list[tuple[str, str, int, float]], cut: int) -> None:
    whole = build(items)
    halves = merge([build(items, IDS[cut:]), build(items, IDS[:cut])])
    assert digits(whole) == digits(halves)
    for name in ("ids", "clusters", "keys"):
        assert getattr(whole, name) == getattr(halves, name)
    assert_same_rows(whole, halves)


@given(ITEMS)
def test_totals_are_the_sums_of_the_articles_sums(items: list[tuple[str, str, int, float]]) -> None:
    totals = build(items).totals()
    for key, counts in totals.items():
        values = [Fraction(value) for measure, label, _, value in items if (measure, label) == key]
        assert math.isclose(counts[0], float(sum(values)), rel_tol=1e-15, abs_tol=1e-300)
        assert counts[1] == len(values)


@given(ITEMS)
def test_clusters_add_up_to_the_totals(items: list[tuple[str, str, int, float]]) -> None:
    tally = build(items)
    by_cluster = tally.by_cluster(tally.keys)
    assert by_cluster.shape == (6, len(tally.keys), 4)
    for number, key in enumerate(tally.keys):
        np.testing.assert_allclose(by_cluster[:, number].sum(axis=0), tally.totals()[key], rtol=1e-12)


def test_an_article_in_two_tallies_is_refused() -> None:
    with pytest.raises(InputError, match="s0/o"):
        merge([build([]), build([])])


def test_selection_keeps_the_rows_of_the_articles_chosen() -> None:
    tally = build([("m/one", "", 0, 0.5), ("m/one", "", 4, 0.25)])
    chosen = tally.select(np.asarray([False, False, False, False, True, False]))
    assert chosen.ids == ("s4/o",)
    assert chosen.totals()["m/one", ""].tolist() == [0.25, 1.0, 0.0, 1.0]
    frame = chosen.frame()
    assert frame.columns.tolist() == ["article", "cluster", "measure", "label", "p_num", "p_den", "r_num", "r_den"]
    assert frame.values.tolist() == [["s4/o", "s4", "m/one", "", 0.25, 1.0, 0.0, 1.0]]


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), *[st.integers(0, 3)] * 4), max_size=30), st.integers(0, 6)
)
def test_tables_of_neighbouring_articles_add_what_items_add(
    counts: list[tuple[int, int, int, int, int, int]], cut: int
) -> None:
    table = np.zeros((3, len(IDS), 4))
    for row, label, *parts in counts:
        table[label, row] += parts
    labels = ["", "type=A", "type=B"]
    one, many = (TallyBuilder(IDS, IDS) for _ in range(2))
    for first, last in ((cut, len(IDS)), (0, cut)):
        block = table[:, first:last]
        one.add_table("m", labels, first, block, block.any(axis=2))
    for label, sums in zip(labels, table, strict=True):
        if sums.any():
            articles = [np.repeat(np.arange(len(IDS)), column.astype(np.int64)) for column in sums.T]
            many.add("m", label, **dict(zip(("p_num", "p_den", "r_num", "r_den"), articles, strict=True)))
    first_tally, second_tally = one.build(), many.build()
    assert first_tally.keys == second_tally.keys
    assert_same_rows(first_tally, second_tally)
