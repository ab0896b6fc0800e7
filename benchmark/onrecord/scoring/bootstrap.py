"""Resampling whole clusters: percentile bootstrap intervals, and the same resamples for every system compared.

Conventions
-----------
``weights`` is (resamples, clusters): how often each cluster was drawn (with replacement, as many draws as clusters).
Totals of a resample are ``weights @ totals per cluster``; matching never runs again (Efron and Tibshirani, 1993).
Below ten clusters there is no interval: the bootstrap's coverage is too poor to print one.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from onrecord.scoring.formulas import Floats

#: Fewer clusters than this give no interval.
FEWEST_CLUSTERS: Final = 10
RESAMPLES: Final = 1_000
SEED: Final = 12_345
_BLOCK: Final = 1 << 22


def draw_weights(clusters: int, resamples: int = RESAMPLES, seed: int = SEED) -> Floats:
    """(resamples, clusters) float32: how often each cluster is in each resample.

    Args:
        clusters: Number of clusters, at least 1.
        resamples: Number of resamples.
        seed: Same seed, same resamples.
    """
    generator = np.random.Generator(np.random.PCG64(seed))
    weights = np.empty((resamples, clusters), dtype=np.float32)
    rows = max(1, _BLOCK // clusters)
    for first in range(0, resamples, rows):
        last = min(first + rows, resamples)
        drawn = generator.integers(0, clusters, size=(last - first, clusters), dtype=np.uint32)
        drawn += (np.arange(last - first, dtype=np.uint32) * np.uint32(clusters))[:, None]
        counted = np.bincount(drawn.ravel(), minlength=(last - first) * clusters)
        weights[first:last] = counted.reshape(last - first, clusters)
    return weights  # type: ignore[return-value]


def resample(weights: Floats, by_cluster: Floats) -> Floats:
    """Totals of each resample.

    Args:
        weights: (resamples, clusters).
        by_cluster: (clusters, keys, 4).

    Returns:
        (resamples, keys, 4) float64.
    """
    clusters, keys, _ = by_cluster.shape
    flat = by_cluster.reshape(clusters, keys * 4)
    used = np.flatnonzero(flat.any(axis=0))
    totals = np.zeros((len(weights), keys * 4))
    step = max(1, _BLOCK // max(clusters, 1))
    for first in range(0, len(weights), step):
        block = weights[first : first + step].astype(np.float64)
        totals[first : first + len(block), used] = block @ flat[:, used]
    return totals.reshape(len(weights), keys, 4)


def interval(values: Floats, level: float = 0.95) -> tuple[float, float] | None:
    """The percentile interval of a figure's resamples; undefined resamples are left out.

    Returns:
        None if the figure is defined in fewer than half of the resamples.
    """
    there = values[~np.isnan(values)]
    if len(there) * 2 < len(values) or not len(there):
        return None
    tail = (1 - level) / 2
    low, high = np.quantile(there, [tail, 1 - tail])
    return float(low), float(high)
