"""Resampling whole clusters: percentile bootstrap intervals, and the same resamples for every system compared.

Conventions
-----------
``weights`` is (resamples, clusters): how often each cluster was drawn (with replacement, as many draws as clusters).
Totals of a resample are ``weights @ totals per cluster``; matching never runs again (Efron and Tibshirani, 1993).
Below ten clusters there is no interval: the bootstrap's coverage is too poor to print one.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from onrecord.aside import Ahead
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
#: How often clusters were drawn.
Counts: TypeAlias = npt.NDArray[np.uint8]
#: Values that 16 random bits may have, and what stands for a value that takes more of them to tell.
_CELLS: Final = 1 << 16
_UNSURE: Final = 255
#: Counts drawn at a time.
_WORDS: Final = 1 << 17
#: Most weights that are kept until somebody asks for them, one byte each.
_FORESEEN: Final = 1 << 25


#: Counts that are being drawn, by what they are drawn from.
_foreseen: dict[tuple[int, int, int], Ahead[Counts]] = {}


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
    counted = chain.from_iterable(_counted(clusters, resamples, seed) if foreseen is None else foreseen)
    for first in range(0, resamples, rows):
        block = np.empty((min(rows, resamples - first), clusters), dtype=dtype)
        for row in block:
            row[:] = next(counted)
        yield block


def foresee(clusters: int, resamples: int = RESAMPLES, seed: int = SEED) -> None:
    """Draws the weights beside other work, for the next :func:`weight_blocks` with the same numbers."""
    if clusters >= FEWEST_CLUSTERS and resamples:
        most = max(_FORESEEN // max(clusters, _WORDS), 1)
        _foreseen[clusters, resamples, seed] = Ahead(_counted(clusters, resamples, seed), most)


def _counted(clusters: int, resamples: int, seed: int) -> Iterator[Counts]:
    """Some resamples at a time, (some, clusters): how often each cluster was drawn."""
    left = resamples
    for counts in drawings(clusters, seed):
        yield counts[:left]
        left -= len(counts)
        if left <= 0:
            return


def drawings(clusters: int, seed: int) -> Iterator[Counts]:
    """Resamples without end, some at a time, (some, clusters) uint8: how often each cluster was drawn.

    Counts of independent Poisson variables, given their sum, are those of as many draws with replacement. So nearly all
    draws are made at once, as one small number a cluster from a table of random words; what its sum lacks of the number
    of clusters is drawn one by one. The distribution is the multinomial one; drawing and counting every cluster takes
    twice the time. A resample whose sum is too large already (one in millions, where there are many clusters) is drawn
    again, which changes no distribution either, as the sum alone decides.

    Args:
        clusters: Number of clusters, at least 1.
        seed: Of the generator.
    """
    generator = np.random.Generator(np.random.PCG64(seed))
    shares, table = _poisson(max(1 - 5 / math.sqrt(clusters), 0.1))
    rows = max(_WORDS // clusters, 1)
    places = np.empty(rows * clusters, dtype=np.intp)  # Kept, as new memory each time would cost as much as the draw.
    while True:
        words = generator.integers(0, 2**64, size=(rows * clusters + 3) // 4, dtype=np.uint64)
        cells = words.astype("<u8", copy=False).view("<u2")[: rows * clusters]
        places[:] = cells
        flat = table.take(places, mode="clip")
        unsure = np.flatnonzero(flat == _UNSURE)
        exact = (places[unsure] + generator.random(len(unsure))) / _CELLS
        flat[unsure] = np.searchsorted(shares, exact, side="right")
        counts = flat.reshape(rows, clusters)
        lacking = clusters - counts.sum(axis=1, dtype=np.uint32).astype(np.int64)
        counts, lacking = counts[lacking >= 0], lacking[lacking >= 0]
        drawn = generator.integers(0, clusters, size=int(lacking.sum()), dtype=np.uint32)
        np.add.at(counts.reshape(-1), np.repeat(np.arange(len(counts)) * clusters, lacking) + drawn, np.uint8(1))
        yield counts


def _poisson(mean: float) -> tuple[Floats, npt.NDArray[np.uint8]]:
    """A Poisson variable below 255: its distribution function, and its values by the upper 16 bits of a random number.

    Returns:
        (values,) how likely each value or a smaller one is; and (2**16,) the value where 16 bits tell it, else
        ``_UNSURE``.
    """
    chances = [math.exp(-mean)]
    while chances[-1] > 1e-20:
        chances.append(chances[-1] * mean / len(chances))
    shares = np.cumsum(chances)
    edges = np.arange(_CELLS + 1) / _CELLS
    low, high = np.searchsorted(shares, edges[:-1], "right"), np.searchsorted(shares, edges[1:], "left")
    return shares, np.where(low == high, low, _UNSURE).astype(np.uint8)


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
    return np.concatenate(found).reshape(sum(map(len, found)), keys, 4) if found else np.zeros((0, keys, 4))


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
