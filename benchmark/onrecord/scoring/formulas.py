"""From totals to figures: precision, recall and F1; macro averages, accuracy, κ and FNC-1's score from cells.

Conventions
-----------
Every formula works on arrays whose last axis is ``(p_num, p_den, r_num, r_den)`` and which may have any leading axes
(none for a point estimate, one for resamples). Undefined is NaN: nothing to find and nothing found has no precision,
recall or F1; gold without prediction has no precision, recall 0 and F1 0; prediction without gold has no recall,
precision 0 and F1 0.

Measures
--------
* ``prf``: P = p_num / p_den, R = r_num / r_den, F1 = 2PR / (P + R) (van Rijsbergen, 1979).
* ``accuracy``, ``kappa``, ``macro_f1``, ``fnc_score``: see each function.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]

UNDEFINED: Final = float("nan")


def prf(totals: Floats) -> tuple[Floats, Floats, Floats]:
    """Precision, recall and F1.

    Args:
        totals: (…, 4).

    Returns:
        Three arrays (…,); NaN where undefined.

    >>> p, r, f = prf(np.array([8.0, 10.0, 8.0, 16.0]))
    >>> float(p), float(r), round(float(f), 4)
    (0.8, 0.5, 0.6154)
    """
    p_num, p_den, r_num, r_den = (totals[..., part] for part in range(4))
    precision = divide(p_num, p_den)
    recall = divide(r_num, r_den)
    return precision, recall, harmonic(precision, recall)


def harmonic(precision: Floats, recall: Floats) -> Floats:
    """F1 of a precision and a recall: 0 where one of them is undefined or both are 0, NaN where both are undefined."""
    p, r = np.nan_to_num(precision, nan=0.0), np.nan_to_num(recall, nan=0.0)
    both = p + r
    f1 = np.where(both > 0, 2 * p * r / np.where(both > 0, both, 1.0), 0.0)
    return np.where(np.isnan(precision) & np.isnan(recall), UNDEFINED, f1)


def divide(numerator: Floats, denominator: Floats) -> Floats:
    """The ratio; NaN where the denominator is 0."""
    there = denominator > 0
    return np.where(there, numerator / np.where(there, denominator, 1.0), UNDEFINED)


def mean(values: Sequence[Floats]) -> Floats:
    """The mean of the defined values; NaN where none is."""
    stacked = np.stack(np.broadcast_arrays(*values))
    there = ~np.isnan(stacked)
    return divide(np.where(there, stacked, 0.0).sum(axis=0), there.sum(axis=0).astype(np.float64))


def accuracy(cells: Mapping[tuple[str, str], Floats]) -> Floats:
    """Share of rows whose answer is the gold label.

    Args:
        cells: Counts (…,) by (gold label, answer).
    """
    return divide(_sum([count for (gold, answer), count in cells.items() if gold == answer]), _sum(cells.values()))


def class_prf(cells: Mapping[tuple[str, str], Floats], label: str) -> tuple[Floats, Floats, Floats]:
    """Precision, recall and F1 of one label."""
    right = _sum([count for (gold, answer), count in cells.items() if gold == answer == label])
    given = _sum([count for (_, answer), count in cells.items() if answer == label])
    there = _sum([count for (gold, _), count in cells.items() if gold == label])
    return prf(np.stack(np.broadcast_arrays(right, given, right, there), axis=-1))


def macro_f1(cells: Mapping[tuple[str, str], Floats], labels: Sequence[str]) -> Floats:
    """Mean F1 of the labels that gold or the answers have."""
    return mean([class_prf(cells, label)[2] for label in labels]) if labels else np.asarray(UNDEFINED)


def kappa(cells: Mapping[tuple[str, str], Floats]) -> Floats:
    """Cohen's κ (Cohen, 1960): (p_o - p_e) / (1 - p_e); undefined where chance agreement is complete."""
    total = _sum(cells.values())
    observed = accuracy(cells)
    expected = np.zeros_like(total)
    for label in sorted({name for pair in cells for name in pair}):
        gold = _sum([count for (right, _), count in cells.items() if right == label])
        answer = _sum([count for (_, given), count in cells.items() if given == label])
        expected = expected + gold * answer
    chance = divide(expected, total * total)
    room = 1.0 - chance
    return np.where(room > 0, (observed - chance) / np.where(room > 0, room, 1.0), UNDEFINED)


def fnc_score(cells: Mapping[tuple[str, str], Floats], unrelated: str = "unrelated") -> Floats:
    """FNC-1's weighted score over the best that was possible (Fake News Challenge, 2017).

    A row is worth 0.25 for telling related from unrelated, and a related one 0.75 more for its label. (The challenge
    gives a wrong related label 0.25, a right one 1, a right ``unrelated`` 0.25.)

    Args:
        cells: Counts (…,) by (gold label, answer).
        unrelated: The label of rows that do not belong together.
    """
    points, best = [], []
    for (gold, answer), count in cells.items():
        worth = 0.25 if gold == unrelated else 1.0
        best.append(worth * count)
        if gold == answer:
            points.append(worth * count)
        elif gold != unrelated and answer not in (unrelated, ""):
            points.append(0.25 * count)
    return divide(_sum(points), _sum(best))


def _sum(counts: object) -> Floats:
    some = list(counts)  # type: ignore[call-overload]
    return np.sum(np.stack(np.broadcast_arrays(*some)), axis=0) if some else np.zeros(())
