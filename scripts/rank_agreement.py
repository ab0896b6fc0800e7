"""How far two data sets agree on the order of systems: rank correlation, and neighbours that keep their order.

Conventions
-----------
``a`` and ``b`` are (…, systems): each system's figure on one and on the other data set, with any leading axes (none for
the figures themselves, one for bootstrap resamples). An undefined figure is NaN and makes the resample undefined.

Measures
--------
* ``kendall``: Kendall's τ-b (Kendall, 1945), which allows for ties.
* ``spearman``: Spearman's ρ, Pearson's correlation of the average ranks (Spearman, 1904).
* ``neighbours``, ``kept_order``: of systems that stand next to each other on ``a``, how many stand in the same order on
  ``b``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
#: Closer figures count as equal: they differ by rounding alone.
TOLERANCE = 1e-12


def kendall(a: Floats, b: Floats) -> Floats:
    """Kendall's τ-b; NaN where a data set puts all systems level, or one figure is undefined.

    >>> float(kendall(np.array([0.9, 0.8, 0.7]), np.array([0.5, 0.6, 0.4])).round(3))
    0.333
    """
    first, second = np.triu_indices(a.shape[-1], k=1)
    ours, theirs = _sign(a[..., first] - a[..., second]), _sign(b[..., first] - b[..., second])
    return _ratio((ours * theirs).sum(-1), np.sqrt((ours**2).sum(-1) * (theirs**2).sum(-1)))


def spearman(a: Floats, b: Floats) -> Floats:
    """Spearman's ρ; NaN as for ``kendall``.

    >>> float(spearman(np.array([0.9, 0.8, 0.7]), np.array([0.5, 0.6, 0.4])).round(3))
    0.5
    """
    ours, theirs = (rank - rank.mean(-1, keepdims=True) for rank in (_ranks(a), _ranks(b)))
    return _ratio((ours * theirs).sum(-1), np.sqrt((ours**2).sum(-1) * (theirs**2).sum(-1)))


def neighbours(a: Floats) -> list[tuple[int, int]]:
    """Pairs (better, worse) of systems with none between them.

    Args:
        a: (systems,); systems that stand level are no pair, but each of them is a neighbour of the next level's.

    >>> neighbours(np.array([0.7, 0.9, 0.8]))
    [(1, 2), (2, 0)]
    """
    levels: list[list[int]] = []
    for index in np.argsort(-a, kind="stable").tolist():
        if levels and abs(a[levels[-1][0]] - a[index]) <= TOLERANCE:
            levels[-1].append(index)
        else:
            levels.append([index])
    return [(better, worse) for upper, lower in pairwise(levels) for better in sorted(upper) for worse in sorted(lower)]


def kept_order(pairs: Sequence[tuple[int, int]], b: Floats) -> list[bool]:
    """Of each pair (better, worse), whether ``b`` (systems,) has it in the same order; level is not kept.

    >>> kept_order([(1, 2), (2, 0)], np.array([0.4, 0.5, 0.6]))
    [False, True]
    """
    return [bool(b[better] - b[worse] > TOLERANCE) for better, worse in pairs]


def _sign(difference: Floats) -> Floats:
    return np.where(np.abs(difference) <= TOLERANCE, 0.0, np.sign(difference))


def _ranks(values: Floats) -> Floats:
    """(…, systems) average ranks, the smallest 1."""
    above = _sign(values[..., :, None] - values[..., None, :])
    ranks: Floats = np.where(np.isnan(above), np.nan, (above + 1) / 2).sum(-1) + 0.5
    return ranks


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    there = denominator > 0
    return np.where(there, numerator / np.where(there, denominator, 1.0), np.nan)
