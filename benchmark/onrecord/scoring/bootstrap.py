"""Resampling whole clusters: percentile bootstrap intervals, and the same resamples for every system compared.

Conventions
-----------
``weights`` is (resamples, clusters): how often each cluster was drawn (with replacement, as many draws as clusters).
Totals of a resample are ``weights @ totals per cluster``; matching never runs again (Efron and Tibshirani, 1993).
Below ten clusters there is no interval: the bootstrap's coverage is too poor to print one.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from onrecord.aside import beside
from onrecord.columns import Ints
from onrecord.scoring.formulas import Floats

if TYPE_CHECKING:
    from onrecord.scoring.tally import Key, Tally

Weights: TypeAlias = npt.NDArray[np.floating[Any]]

#: Fewer clusters than this give no interval.
FEWEST_CLUSTERS: Final = 10
RESAMPLES: Final = 1_000
SEED: Final = 12_345
#: Weights held at a time: enough for the product to be worth its call.
_BLOCK: Final = 1 << 20
#: Random words drawn at a time.
_WORDS: Final = 1 << 17
#: Most weights that are drawn beforehand: they have to be kept, one byte each.
_FORESEEN: Final = 1 << 25


#: Weights that are being drawn, by what they are drawn from.
_foreseen: dict[tuple[int, int, int], Future[list[npt.NDArray[np.integer[Any]]]]] = {}


def weight_blocks(
    clusters: int, resamples: int = RESAMPLES, seed: int = SEED, dtype: npt.DTypeLike = np.float64
) -> Iterator[Weights]:
    """Weights of some resamples at a time, (some, clusters) each: how often each cluster is in each resample.

    Args:
        clusters: Number of clusters, at least 1.
        resamples: Number of resamples in all.
        seed: Same seed, same resamples.
        dtype: Of the weights, which are whole numbers.
    """
    rows = max(1, _BLOCK // clusters)
    foreseen = _foreseen.pop((clusters, resamples, seed), None)
    counted = _counted(clusters, resamples, seed) if foreseen is None else iter(foreseen.result())
    for first in range(0, resamples, rows):
        block = np.empty((min(rows, resamples - first), clusters), dtype=dtype)
        for row in block:
            row[:] = next(counted)
        yield block


def foresee(clusters: int, resamples: int = RESAMPLES, seed: int = SEED) -> None:
    """Draws the weights beside other work, for the next :func:`weight_blocks` with the same numbers."""
    if clusters >= FEWEST_CLUSTERS and 0 < clusters * resamples <= _FORESEEN:
        _foreseen[clusters, resamples, seed] = beside(lambda: list(_counted(clusters, resamples, seed)))


def _counted(clusters: int, resamples: int, seed: int) -> Iterator[npt.NDArray[np.integer[Any]]]:
    """(clusters,) for each resample, how often each cluster was drawn; a resample at a time fits into the cache."""
    for drawn in islice(drawings(clusters, seed), resamples):
        row = np.bincount(drawn, minlength=clusters)
        yield row.astype(np.uint8) if row.max(initial=0) < 256 else row


def drawings(clusters: int, seed: int) -> Iterator[Ints]:
    """Resample after resample, (clusters,) int64 each: which clusters were drawn, each as likely as any other.

    These are the numbers of ``Generator(PCG64(seed)).integers(0, clusters, clusters, dtype=uint32)``, in whole arrays,
    which takes half the time: a 32-bit word times the number of clusters is a cluster in its upper half, and its lower
    half tells the few words that would make some clusters likelier (Lemire, 2019).

    Args:
        clusters: Number of clusters, 2 to 2**32 - 1.
        seed: Of the generator.
    """
    generator = np.random.Generator(np.random.PCG64(seed))
    unfair = 2**32 % clusters
    size = max(_WORDS // clusters, 1) * clusters
    kept = np.zeros(0, dtype=np.int64)
    while True:
        words = generator.integers(0, 2**64, size=(size + 1) // 2, dtype=np.uint64)
        products = words.astype("<u8", copy=False).view("<u4") * np.uint64(clusters)
        if unfair:
            fair = products.astype("<u8", copy=False).view("<u4")[::2] >= unfair
            if not fair.all():
                products = products[fair]
        products >>= np.uint64(32)
        drawn = products.view(np.int64)
        kept = np.concatenate([kept, drawn]) if len(kept) else drawn
        whole = len(kept) // clusters * clusters
        yield from kept[:whole].reshape(-1, clusters)
        kept = kept[whole:]


def draw_weights(clusters: int, resamples: int = RESAMPLES, seed: int = SEED) -> Floats:
    """All of them, (resamples, clusters)."""
    return np.concatenate([np.zeros((0, clusters)), *weight_blocks(clusters, resamples, seed)])


def resample(weights: Floats | Iterable[Weights], by_cluster: Weights) -> Floats:
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
    distinct, same = _distinct(flat)
    found = []
    for block in [weights] if isinstance(weights, np.ndarray) else weights:
        distinct = distinct.astype(block.dtype, copy=False)
        found.append((block @ distinct).astype(np.float64)[:, same])
    return np.concatenate(found).reshape(-1, keys, 4) if found else np.zeros((0, keys, 4))


def _distinct(table: Weights) -> tuple[Weights, npt.NDArray[np.int64]]:
    """(n, k) the columns that differ, and (columns,) which of them each column is."""
    kept: list[int] = []
    known: dict[int, int] = {}
    same = np.empty(table.shape[1], dtype=np.int64)
    for number in range(table.shape[1]):
        column = np.ascontiguousarray(table[:, number])
        place = known.setdefault(zlib.crc32(column.data), len(kept))
        if place == len(kept) or not np.array_equal(column, table[:, kept[place]]):
            place = len(kept)
            kept.append(number)
        same[number] = place
    return np.ascontiguousarray(table[:, kept]), same


def sums_of(tally: Tally, keys: Sequence[Key]) -> Weights:
    """(clusters, keys, 4): totals per cluster, in the smallest type in which totals of resamples are exact.

    Sums of whole and half numbers below 2**22 need no digit that float32 lacks, so that it makes no difference which
    type it is, except in time and memory.
    """
    if tally.adds_up:
        small = tally.by_cluster(keys, np.float32)
        if float(small.max(initial=0.0)) * len(small) < 1 << 22:
            return small
    return tally.by_cluster(keys)


def interval(values: Floats, level: float = 0.95) -> tuple[float, float] | None:
    """The percentile interval of a figure's resamples; undefined resamples are left out.

    Returns:
        None if the figure is defined in fewer than half of the resamples.
    """
    there = values[~np.isnan(values)]
    if len(there) * 2 < len(values) or not len(there):
        return None
    ordered = np.sort(there)
    tail = (1 - level) / 2
    return quantile(ordered, tail), quantile(ordered, 1 - tail)


def quantile(ordered: Floats, share: float) -> float:
    """Numpy's ``quantile`` of sorted numbers, to the digit, without what it imports and looks at first.

    Args:
        ordered: (n,) numbers in ascending order, at least one.
        share: Which quantile, 0 to 1; linear between neighbours (definition 7 of Hyndman and Fan, 1996).
    """
    place = share * (len(ordered) - 1)
    below = min(int(place), len(ordered) - 1)
    first, second = float(ordered[below]), float(ordered[min(below + 1, len(ordered) - 1)])
    part = place - below
    return first + (second - first) * part if part < 0.5 else second - (second - first) * (1 - part)
