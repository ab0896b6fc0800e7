"""Resampling whole clusters: percentile bootstrap intervals, and the same resamples for every system compared.

Conventions
-----------
``weights`` is (resamples, clusters): how often each cluster was drawn (with replacement, as many draws as clusters).
Totals of a resample are ``weights @ totals per cluster``; matching never runs again (Efron and Tibshirani, 1993).
Below ten clusters there is no interval: the bootstrap's coverage is too poor to print one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from onrecord.scoring.formulas import Floats

Weights: TypeAlias = npt.NDArray[np.floating[Any]]

#: Fewer clusters than this give no interval.
FEWEST_CLUSTERS: Final = 10
RESAMPLES: Final = 1_000
SEED: Final = 12_345
#: Weights held at a time: enough for the product to be worth its call.
_BLOCK: Final = 1 << 22


def weight_blocks(
    clusters: int, resamples: int = RESAMPLES, seed: int = SEED, dtype: type[np.floating[Any]] = np.float64
) -> Iterator[Weights]:
    """Weights of some resamples at a time, (some, clusters) each: how often each cluster is in each resample.

    Args:
        clusters: Number of clusters, at least 1.
        resamples: Number of resamples in all.
        seed: Same seed, same resamples.
        dtype: Of the weights, which are whole numbers.
    """
    generator = np.random.Generator(np.random.PCG64(seed))
    rows = max(1, _BLOCK // clusters)
    for first in range(0, resamples, rows):
        block = np.empty((min(rows, resamples - first), clusters), dtype=dtype)
        for row in block:  # A row at a time stays in the processor's cache.
            row[:] = np.bincount(generator.integers(0, clusters, size=clusters, dtype=np.uint32), minlength=clusters)
        yield block


def draw_weights(clusters: int, resamples: int = RESAMPLES, seed: int = SEED) -> Floats:
    """All of them, (resamples, clusters)."""
    return np.concatenate([np.zeros((0, clusters)), *weight_blocks(clusters, resamples, seed)])


def resample(weights: Floats | Iterable[Weights], by_cluster: Floats) -> Floats:
    """Totals of each resample.

    Args:
        weights: (resamples, clusters), or blocks of it.
        by_cluster: (clusters, keys, 4).

    Returns:
        (resamples, keys, 4) float64.
    """
    clusters, keys, _ = by_cluster.shape
    flat = by_cluster.reshape(clusters, keys * 4)
    # Many columns are the same numbers, such as the size of gold under each scheme: each is multiplied once.
    places: dict[bytes, int] = {}
    columns = np.ascontiguousarray(flat.T)
    same = np.asarray([places.setdefault(column.tobytes(), len(places)) for column in columns], dtype=np.int64)
    _, first = np.unique(same, return_index=True)
    distinct = np.ascontiguousarray(columns[first].T)
    found = []
    for block in [weights] if isinstance(weights, np.ndarray) else weights:
        distinct = distinct.astype(block.dtype, copy=False)
        found.append((block @ distinct).astype(np.float64)[:, same])
    return np.concatenate(found).reshape(-1, keys, 4) if found else np.zeros((0, keys, 4))


def exact_type(by_cluster: Floats, adds_up: bool) -> type[np.floating[Any]]:
    """The smallest type in which totals of resamples are exact, so that it makes no difference which one is taken.

    Args:
        by_cluster: (clusters, keys, 4).
        adds_up: Whether all of it is whole or half numbers. Sums of those below 2**22 need no digit that float32 lacks.
    """
    largest = float(np.abs(by_cluster).max(initial=0.0)) * len(by_cluster)
    return np.float32 if adds_up and largest < 1 << 22 else np.float64


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
