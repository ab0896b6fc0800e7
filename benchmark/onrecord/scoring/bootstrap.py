"""Resampling whole clusters: percentile bootstrap intervals, and the same resamples for every system compared.

Conventions
-----------
``weights`` is (resamples, clusters): how often each cluster was drawn (with replacement, as many draws as clusters).
Totals of a resample are ``weights @ totals per cluster``; matching never runs again (Efron and Tibshirani, 1993).
Below ten clusters there is no interval: the bootstrap's coverage is too poor to print one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from onrecord.scoring.formulas import Floats

#: Fewer clusters than this give no interval.
FEWEST_CLUSTERS: Final = 10
RESAMPLES: Final = 1_000
SEED: Final = 12_345
#: Weights held at a time.
_BLOCK: Final = 1 << 20


def weight_blocks(clusters: int, resamples: int = RESAMPLES, seed: int = SEED) -> Iterator[Floats]:
    """Weights of some resamples at a time, (some, clusters) each: how often each cluster is in each resample.

    Args:
        clusters: Number of clusters, at least 1.
        resamples: Number of resamples in all.
        seed: Same seed, same resamples.
    """
    generator = np.random.Generator(np.random.PCG64(seed))
    rows = max(1, _BLOCK // clusters)
    for first in range(0, resamples, rows):
        some = min(rows, resamples - first)
        drawn = generator.integers(0, clusters, size=(some, clusters), dtype=np.uint32)
        drawn += (np.arange(some, dtype=np.uint32) * np.uint32(clusters))[:, None]
        counted = np.bincount(drawn.ravel(), minlength=some * clusters)
        yield counted.reshape(some, clusters).astype(np.float64)


def draw_weights(clusters: int, resamples: int = RESAMPLES, seed: int = SEED) -> Floats:
    """All of them, (resamples, clusters)."""
    return np.concatenate([np.zeros((0, clusters)), *weight_blocks(clusters, resamples, seed)])


def resample(weights: Floats | Iterable[Floats], by_cluster: Floats) -> Floats:
    """Totals of each resample.

    Args:
        weights: (resamples, clusters), or blocks of it.
        by_cluster: (clusters, keys, 4).

    Returns:
        (resamples, keys, 4) float64.
    """
    clusters, keys, _ = by_cluster.shape
    flat = by_cluster.reshape(clusters, keys * 4)
    used = np.flatnonzero(flat.any(axis=0))
    wanted = np.ascontiguousarray(flat[:, used])
    found = []
    for block in [weights] if isinstance(weights, np.ndarray) else weights:
        totals = np.zeros((len(block), keys * 4))
        totals[:, used] = block @ wanted
        found.append(totals)
    return np.concatenate(found).reshape(-1, keys, 4) if found else np.zeros((0, keys, 4))


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
