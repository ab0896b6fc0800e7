"""Figures from totals, against scikit-learn and the rules for what is undefined."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, cohen_kappa_score, f1_score

from onrecord.scoring import formulas
from onrecord.scoring.comparison import holm

LABELS = ("supports", "opposes", "neutral")


def cells(gold: list[str], answer: list[str]) -> dict[tuple[str, str], np.ndarray]:
    found: dict[tuple[str, str], float] = {}
    for pair in zip(gold, answer, strict=True):
        found[pair] = found.get(pair, 0) + 1
    return {pair: np.asarray(float(count)) for pair, count in found.items()}


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((0, 0, 0, 0), (None, None, None)),
        ((0, 0, 0, 5), (None, 0.0, 0.0)),
        ((0, 5, 0, 0), (0.0, None, 0.0)),
        ((0, 5, 0, 5), (0.0, 0.0, 0.0)),
        ((4, 5, 4, 8), (0.8, 0.5, 0.8 / 1.3)),
    ],
)
def test_what_is_undefined(counts: tuple[int, ...], expected: tuple[float | None, ...]) -> None:
    for value, wanted in zip(formulas.prf(np.asarray(counts, dtype=float)), expected, strict=True):
        assert math.isnan(value) if wanted is None else value == pytest.approx(wanted, abs=1e-15)


@pytest.mark.parametrize("seed", range(200))
def test_cells_agree_with_scikit_learn(seed: int) -> None:
    random = np.random.default_rng(seed)
    size = int(random.integers(1, 40))
    some = LABELS[: int(random.integers(1, 4))]
    gold, answer = random.choice(some, size).tolist(), random.choice(some, size).tolist()
    found = cells(gold, answer)
    present = sorted({*gold, *answer})
    assert formulas.accuracy(found) == pytest.approx(accuracy_score(gold, answer), abs=1e-12)
    macro = f1_score(gold, answer, labels=present, average="macro", zero_division=0)
    assert formulas.macro_f1(found, present) == pytest.approx(macro, abs=1e-12)
    kappa = formulas.kappa(found)
    if len(present) == 1:
        assert math.isnan(kappa)  # chance agreement is complete
    else:
        assert kappa == pytest.approx(cohen_kappa_score(gold, answer), abs=1e-12)


def test_an_unanswered_row_is_wrong() -> None:
    found = cells(["supports", "supports", "opposes"], ["supports", "", "opposes"])
    assert formulas.accuracy(found) == pytest.approx(2 / 3)
    assert formulas.macro_f1(found, ["opposes", "supports"]) == pytest.approx((1 + 2 / 3) / 2)


def fnc_reference(gold: list[str], answer: list[str]) -> float:
    """The challenge's rules, row by row."""
    score = best = 0.0
    for right, given in zip(gold, answer, strict=True):
        related = right != "unrelated"
        best += 1.0 if related else 0.25
        if right == given:
            score += 0.25
            if related:
                score += 0.5
        if related and given in ("supports", "opposes", "neutral"):
            score += 0.25
    return score / best


@pytest.mark.parametrize("seed", range(200))
def test_fnc_score(seed: int) -> None:
    random = np.random.default_rng(seed)
    size = int(random.integers(1, 30))
    gold = random.choice([*LABELS, "unrelated"], size).tolist()
    answer = random.choice([*LABELS, "unrelated", ""], size).tolist()
    assert formulas.fnc_score(cells(gold, answer)) == pytest.approx(fnc_reference(gold, answer), abs=1e-12)


def test_leading_axes_are_resamples() -> None:
    totals = np.asarray([[4.0, 5, 4, 8], [0, 0, 0, 0]])
    _, _, f1 = formulas.prf(totals)
    assert f1.shape == (2,)
    assert f1[0] == pytest.approx(0.8 / 1.3)
    assert math.isnan(f1[1])


def test_holm_against_its_definition() -> None:
    random = np.random.default_rng(1)
    for _ in range(100):
        p = {str(number): float(value) for number, value in enumerate(random.random(int(random.integers(1, 8))))}
        adjusted = holm(p)
        for alpha in (0.01, 0.05, 0.2):
            rejected = set()
            for rank, (name, value) in enumerate(sorted(p.items(), key=lambda pair: pair[1])):
                if value > alpha / (len(p) - rank):
                    break
                rejected.add(name)
            assert {name for name, value in adjusted.items() if value <= alpha} == rejected
