"""Reading ahead in a thread, and resamples drawn beforehand: the same as without, errors too; and how they are drawn."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, chi2, multinomial, poisson

from onrecord.aside import Ahead, beside
from onrecord.errors import InputError
from onrecord.predictions import read_gold, read_predictions
from onrecord.predictions.intake import Opened
from onrecord.scoring import bootstrap


def test_pieces_come_in_order_and_an_error_where_it_belongs() -> None:
    assert list(Ahead(range(50))) == list(range(50))

    def pieces() -> Iterator[int]:
        yield from range(7)
        raise KeyboardInterrupt

    seen, pieces_ahead = [], Ahead(pieces())
    with pytest.raises(KeyboardInterrupt):
        for piece in pieces_ahead:
            seen.append(piece)  # noqa: PERF402  # what came before the error counts
    assert seen == list(range(7))
    with pytest.raises(KeyboardInterrupt):
        next(pieces_ahead)


def test_reading_ahead_is_bounded_and_ends_when_nobody_wants_more() -> None:
    begun: list[int] = []

    def pieces() -> Iterator[int]:
        for number in range(1_000):
            begun.append(number)
            yield number

    before = threading.active_count()
    some = Ahead(pieces())
    assert next(some) == 0
    time.sleep(0.2)
    assert len(begun) < 10
    some.close()
    assert threading.active_count() == before
    assert len(begun) < 10


def test_work_beside_hands_over_its_error() -> None:
    assert beside(lambda: 7).result() == 7
    with pytest.raises(ZeroDivisionError):
        beside(lambda: 1 // 0).result()


def test_predictions_opened_early_are_the_same_and_so_are_their_faults(tmp_path: Path) -> None:
    gold = read_gold([{"id": "a/b", "text": "Cheepa said so.", "entities": [{"start": 0, "end": 6, "type": "ORG"}]}])
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_text(json.dumps({"id": "a/b", "entities": [{"text": "Cheepa", "type": "ORG"}]}) + "\n", "utf-8")
    bad.write_text('{"id": "a/b", "entities": [{"start": "x"}]}\n{"id": "nobody"}\n{', "utf-8")
    with Opened(good) as opened:
        early = read_predictions(opened, gold)
    plain = read_predictions(good, gold)
    assert (early.name, early.grounding, early.coverage) == (plain.name, plain.grounding, plain.coverage)
    with pytest.raises(InputError) as late:
        read_predictions(bad, gold)
    with pytest.raises(InputError) as soon, Opened(bad) as opened:
        read_predictions(opened, gold)
    assert str(soon.value) == str(late.value)


@pytest.mark.parametrize(("clusters", "resamples"), [(10, 300), (37, 50), (9, 20), (200_000, 3), (30_000, 40)])
@pytest.mark.parametrize("kept", [bootstrap._FORESEEN, 1])
def test_resamples_drawn_beforehand_are_those_drawn_when_needed(
    monkeypatch: pytest.MonkeyPatch, clusters: int, resamples: int, kept: int
) -> None:
    monkeypatch.setattr(bootstrap, "_FORESEEN", kept)
    plain = bootstrap.draw_weights(clusters, resamples, seed=5)
    bootstrap.foresee(clusters, resamples, seed=5)
    np.testing.assert_array_equal(bootstrap.draw_weights(clusters, resamples, seed=5), plain)
    np.testing.assert_array_equal(bootstrap.draw_weights(clusters, resamples, seed=5), plain)
    assert plain.sum(axis=1).tolist() == [clusters] * resamples


def resamples(clusters: int, number: int, seed: int = 7) -> npt.NDArray[np.int64]:
    return bootstrap.draw_weights(clusters, number, seed).astype(np.int64)


def assert_likely(seen: npt.NDArray[np.int64], chances: npt.NDArray[np.float64]) -> None:
    """Frequencies are those of the chances (χ² with fixed seeds, so that this never fails by chance later)."""
    wanted = chances * seen.sum()
    assert (wanted > 5).all()
    assert chi2.sf(((seen - wanted) ** 2 / wanted).sum(), len(seen) - 1) > 0.001


@pytest.mark.parametrize("clusters", [1, 2, 3, 10, 34, 255, 256, 257, 20_000, 300_000])
def test_a_resample_has_as_many_draws_as_clusters(clusters: int) -> None:
    drawn = resamples(clusters, 3 if clusters > 10**5 else 50)
    assert drawn.shape == (3 if clusters > 10**5 else 50, clusters)
    assert (drawn >= 0).all() and set(drawn.sum(axis=1).tolist()) == {clusters}
    np.testing.assert_array_equal(drawn[:2], resamples(clusters, 2))


@pytest.mark.parametrize("clusters", [2, 3, 4])
def test_resamples_are_drawn_with_replacement(clusters: int) -> None:
    """Every way to draw is as likely as the multinomial distribution says, one by one."""
    drawn = Counter(map(tuple, resamples(clusters, 100_000).tolist()))
    ways = [way for way in itertools.product(range(clusters + 1), repeat=clusters) if sum(way) == clusters]
    chances = multinomial(clusters, [1 / clusters] * clusters).pmf(np.asarray(ways))
    assert set(drawn) == set(ways)
    assert_likely(np.asarray([drawn[way] for way in ways]), chances)


@pytest.mark.parametrize(("clusters", "number"), [(34, 20_000), (300, 3_000), (5_000, 200), (20_000, 60)])
def test_each_cluster_is_drawn_as_often_as_binomial_draws_say(clusters: int, number: int) -> None:
    drawn = resamples(clusters, number)
    most = 5
    chances = binom(clusters, 1 / clusters).pmf(np.arange(most))
    seen = np.bincount(np.minimum(drawn, most).ravel(), minlength=most + 1)
    assert_likely(seen, np.append(chances, 1 - chances.sum()))
    # No cluster is likelier than another, and two of them have the covariance of draws that are shared out.
    assert chi2.sf(((drawn.sum(axis=0) - number) ** 2 / number).sum(), clusters - 1) > 0.001
    pair = np.cov(drawn[:, :20], rowvar=False)
    assert abs(pair[~np.eye(20, dtype=np.bool_)].mean() + 1 / clusters) < 4 / np.sqrt(number * 190)
    assert abs(np.diag(pair).mean() - (1 - 1 / clusters)) < 8 / np.sqrt(number * 20)


@pytest.mark.parametrize("mean", [0.1, 0.5, 0.965])
def test_the_table_gives_poissons_values_and_says_where_it_cannot(mean: float) -> None:
    shares, table = bootstrap._poisson(mean)
    np.testing.assert_allclose(shares, poisson(mean).cdf(np.arange(len(shares))), rtol=0, atol=1e-15)
    low, high = np.arange(1 << 16) / (1 << 16), (np.arange(1 << 16) + 1) / (1 << 16)
    sure = table != 255
    for place in (low, (low + high) / 2, np.nextafter(high, 0)):
        values = np.searchsorted(shares, place, side="right")
        assert (values[sure] == table[sure]).all()
    ends = np.searchsorted(shares, low, side="right"), np.searchsorted(shares, np.nextafter(high, 0), side="right")
    assert (ends[0] != ends[1])[~sure].all() and 3 <= np.count_nonzero(~sure) < 20


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50), st.floats(0, 1))
def test_quantiles_are_numpys_to_the_digit(numbers: list[float], share: float) -> None:
    ordered = np.sort(np.asarray(numbers))
    for wanted in (share, 0.025, 1 - 0.025, 0.0, 1.0):
        assert bootstrap.quantile(ordered, wanted) == float(np.quantile(ordered, wanted))


def test_totals_of_resamples_are_exact_in_either_type() -> None:
    rng = np.random.default_rng(3)
    table = rng.integers(0, 40, size=(500, 6, 4)) / 2
    table[:, 4] = table[:, 1]
    weights = bootstrap.draw_weights(500, 40, seed=1)
    exact = np.einsum("rc,ckp->rkp", weights, table)
    np.testing.assert_array_equal(bootstrap.resample(weights, table), exact)
    small = bootstrap.weight_blocks(500, 40, seed=1, dtype=np.float32)
    np.testing.assert_array_equal(bootstrap.resample(small, table.astype(np.float32)), exact)
