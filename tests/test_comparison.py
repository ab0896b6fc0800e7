"""Intervals and paired tests, against direct computation and simulation."""

from __future__ import annotations

import numpy as np
import pytest

from onrecord.errors import InputError
from onrecord.scoring import bootstrap
from onrecord.scoring.comparison import compare
from onrecord.scoring.result import Result, resampled_figures, score_tally
from onrecord.scoring.signature import Signature
from onrecord.scoring.tally import Tally, TallyBuilder

SIGNATURE = Signature("data", "1", "", "abc", "test", "entities", "v1", "exact", "1000x1/story")


def tally(right: np.ndarray, predicted: np.ndarray, gold: np.ndarray) -> Tally:
    """One article a story, with some right, predicted and gold items."""
    ids = [f"s{number:03}/o" for number in range(len(gold))]
    builder = TallyBuilder(ids, [name.partition("/")[0] for name in ids])
    rows = np.arange(len(ids))
    counts = {"p_num": right, "p_den": predicted, "r_num": right, "r_den": gold}
    builder.add("entities/strict", **{name: np.repeat(rows, number) for name, number in counts.items()})
    return builder.build()


def system(name: str, seed: int, quality: float, stories: int = 30, gold_seed: int = 0) -> Result:
    gold = np.random.default_rng(gold_seed).integers(5, 15, stories)
    random = np.random.default_rng(seed)
    right = random.binomial(gold, quality)
    return Result(name, tally(right, right + random.binomial(gold, 0.2), gold), SIGNATURE)


def test_weights_draw_every_cluster_equally_and_add_up() -> None:
    weights = bootstrap.draw_weights(37, 4_000, seed=5)
    assert weights.shape == (4_000, 37)
    np.testing.assert_array_equal(weights.sum(axis=1), 37)
    # A count is Binomial(37, 1/37): mean 1, variance 36/37; five standard errors are allowed.
    assert abs(weights[:, 0].mean() - 1) < 5 * np.sqrt(36 / 37 / 4_000)
    assert abs(weights.var() - 36 / 37) < 0.03
    np.testing.assert_array_equal(weights, bootstrap.draw_weights(37, 4_000, seed=5))
    assert not np.array_equal(weights, bootstrap.draw_weights(37, 4_000, seed=6))


def test_resampled_figures_are_those_of_the_drawn_articles() -> None:
    result = system("a", 1, 0.7, stories=12)
    weights = bootstrap.draw_weights(12, 20, seed=3)
    found = resampled_figures(result.counts, weights)["entities/strict:f1"]
    totals = result.counts.by_cluster([("entities/strict", "")])[:, 0]
    for row, value in zip(weights, found, strict=True):
        p_num, p_den, r_num, r_den = sum(int(times) * totals[story] for story, times in enumerate(row))
        p, r = p_num / p_den, r_num / r_den
        assert value == pytest.approx(2 * p * r / (p + r), abs=1e-12)


def test_no_interval_below_ten_clusters() -> None:
    few, enough = system("a", 1, 0.7, stories=9), system("a", 1, 0.7, stories=10)
    assert few["entities/strict:f1"].low is None
    score = enough["entities/strict:f1"]
    assert score.low is not None
    assert score.high is not None
    assert score.value is not None
    assert score.low < score.value < score.high


def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    """Recall of items that a system finds with probability .7, the stories' sizes varying; nominal 95 %."""
    covered, runs = 0, 400
    for seed in range(runs):
        random = np.random.default_rng(seed)
        gold = random.integers(5, 40, 34)
        found = random.binomial(gold, random.beta(14, 6, 34))  # stories differ in difficulty, mean .7
        scores = score_tally(tally(found, gold, gold), 500, seed=seed)
        score = scores["entities/strict:recall"]
        assert score.low is not None
        assert score.high is not None
        covered += score.low <= 0.7 <= score.high
    assert 0.89 <= covered / runs <= 0.98


def test_a_system_is_not_different_from_itself() -> None:
    first = system("a", 1, 0.7)
    found = compare(first, first)
    difference = found.differences["a-2"]["entities/strict:f1"]
    assert difference.difference == 0
    assert difference.p_randomisation == 1
    assert difference.p_bootstrap == 1
    assert (difference.low, difference.high) == (0, 0)


def test_a_clearly_better_system_is_found_and_the_sign_is_right() -> None:
    difference = compare(system("a", 1, 0.4), system("b", 2, 0.8)).differences["b"]["entities/strict:recall"]
    assert difference.difference is not None
    assert difference.low is not None
    assert difference.p_randomisation is not None
    assert difference.difference > 0.2
    assert difference.low > 0
    assert difference.p_randomisation < 0.01


def test_p_values_are_uniform_when_nothing_differs() -> None:
    """Two systems of the same quality: about 5 % of the p-values are below .05."""
    values = []
    for seed in range(300):
        found = compare(system("a", seed, 0.7), system("b", seed + 10_000, 0.7), trials=199)
        p = found.differences["b"]["entities/strict:recall"].p_randomisation
        assert p is not None
        values.append(p)
    assert 0.02 <= np.mean(np.asarray(values) <= 0.05) <= 0.09
    assert 0.42 <= np.mean(values) <= 0.58


def test_randomisation_agrees_with_all_swaps_of_a_few_stories() -> None:
    first, second = system("a", 1, 0.5, stories=10), system("b", 3, 0.75, stories=10)
    mine = second.counts.by_cluster([("entities/strict", "")])[:, 0]
    yours = first.counts.by_cluster([("entities/strict", "")])[:, 0]
    real = mine.sum(axis=0)[2] / mine.sum(axis=0)[3] - yours.sum(axis=0)[2] / yours.sum(axis=0)[3]
    extreme = 0
    for swaps in range(2**10):
        chosen = np.asarray([(swaps >> story) & 1 for story in range(10)])[:, None]
        ours, theirs = (np.where(chosen, *pair).sum(axis=0) for pair in ((yours, mine), (mine, yours)))
        extreme += abs(ours[2] / ours[3] - theirs[2] / theirs[3]) >= abs(real) - 1e-12
    p = compare(first, second, trials=20_000).differences["b"]["entities/strict:recall"].p_randomisation
    assert p == pytest.approx(extreme / 2**10, abs=0.015)


def test_three_systems_are_corrected() -> None:
    systems = [system(name, seed, 0.6) for name, seed in (("a", 1), ("b", 2), ("c", 3))]
    both, alone = compare(*systems), compare(systems[0], systems[1])
    assert both.holm
    assert not alone.holm
    corrected = both.differences["b"]["entities/strict:f1"].p_randomisation
    plain = alone.differences["b"]["entities/strict:f1"].p_randomisation
    assert corrected is not None
    assert plain is not None
    assert corrected in (plain, pytest.approx(min(1.0, 2 * plain))) or corrected >= plain


def test_results_on_other_data_are_refused_and_the_part_is_named() -> None:
    first = system("a", 1, 0.7)
    for field, value in (("hash", "fff"), ("measures", "v1,x.v2"), ("split", "train"), ("grounding", "fuzzy")):
        changed = {name: getattr(SIGNATURE, name) for name in SIGNATURE.__slots__} | {field: value}
        other = Result("b", first.counts, Signature(**changed))
        with pytest.raises(InputError, match=field):
            compare(first, other)
    with pytest.raises(InputError, match="at least two"):
        compare(first)
