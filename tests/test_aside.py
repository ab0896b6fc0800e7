"""Reading ahead in a thread, and resamples drawn beforehand: the same as without, errors too."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.aside import Ahead, beside
from onrecord.errors import InputError
from onrecord.predictions import read_gold, read_predictions
from onrecord.predictions.read import Opened
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


@pytest.mark.parametrize(("clusters", "resamples"), [(10, 300), (37, 50), (9, 20), (200_000, 3)])
def test_resamples_drawn_beforehand_are_those_drawn_when_needed(clusters: int, resamples: int) -> None:
    plain = bootstrap.draw_weights(clusters, resamples, seed=5)
    bootstrap.foresee(clusters, resamples, seed=5)
    np.testing.assert_array_equal(bootstrap.draw_weights(clusters, resamples, seed=5), plain)
    np.testing.assert_array_equal(bootstrap.draw_weights(clusters, resamples, seed=5), plain)
    assert plain.sum(axis=1).tolist() == [clusters] * resamples


@pytest.mark.parametrize("clusters", [1, 2, 3, 34, 101, 19_999, 20_000, 65_537, 3_000_001])
def test_clusters_are_drawn_as_numpy_draws_them(clusters: int) -> None:
    """Also where words are refused that would make some clusters likelier: one in 1,400 of the largest."""
    for seed in (1, 12_345):
        generator = np.random.Generator(np.random.PCG64(seed))
        for drawn in islice(bootstrap.drawings(clusters, seed), 3 if clusters > 10**6 else 40):
            expected = generator.integers(0, clusters, size=clusters, dtype=np.uint32)
            np.testing.assert_array_equal(drawn, expected)


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
