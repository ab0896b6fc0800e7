"""Labels of FNC-1 and of a pass: accuracy, Cohen's κ and F1 of each label, with intervals over pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from calibration_counts import Figure
from calibration_samples import all_pairs
from onrecord.scoring import bootstrap

LABELS: Final = ("supports", "opposes", "neutral")
Key = tuple[str, str]


def read_gold(path: Path) -> dict[Key, str]:
    """Labels by body and headline, of every pair that is not ``unrelated``.

    Raises:
        InputError: Nothing of FNC-1 is below the path.
    """
    return {(pair.id, pair.claim): pair.label for pair in all_pairs(path)}


def read_labels(rows: Sequence[Mapping[str, Any]]) -> dict[Key, str]:
    """A pass's labels."""
    return {(row["id"], row["claim"]): row["label"] for row in rows}


def compare(first: Mapping[Key, str], second: Mapping[Key, str]) -> dict[str, Figure]:
    """Figures over the pairs that both sides have."""
    shared = sorted(set(first) & set(second))
    sides = [np.asarray([LABELS.index(side[key]) for key in shared], dtype=np.int64) for side in (first, second)]
    found = _figures(*sides)
    if len(shared) < bootstrap.FEWEST_CLUSTERS:
        return {name: Figure(None if np.isnan(value) else value) for name, value in found.items()}
    generator = np.random.default_rng(bootstrap.SEED)
    draws = generator.integers(0, len(shared), size=(bootstrap.RESAMPLES, len(shared)))
    spread = [_figures(sides[0][draw], sides[1][draw]) for draw in draws]
    return {
        name: Figure(value, *(bootstrap.interval(np.asarray([one[name] for one in spread])) or (None, None)))
        for name, value in found.items()
    }


def _figures(first: Any, second: Any) -> dict[str, float]:
    from sklearn.metrics import accuracy_score, cohen_kappa_score, f1_score

    numbers = list(range(len(LABELS)))
    each = f1_score(first, second, labels=numbers, average=None, zero_division=np.nan)
    found = {
        "accuracy": float(accuracy_score(first, second)),
        "κ": float(cohen_kappa_score(first, second, labels=numbers)),
        "mean F1": float(np.nanmean(each)),
    }
    return found | {f"{name}, F1": float(value) for name, value in zip(LABELS, each, strict=True)}
