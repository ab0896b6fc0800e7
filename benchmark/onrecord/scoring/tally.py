"""The tally: sufficient statistics, one row per (article, measure, label), from which every score is computed.

Conventions
-----------
A row is ``(article, measure, label, p_num, p_den, r_num, r_den)``. Precision is ``Σ p_num / Σ p_den`` and recall is
``Σ r_num / Σ r_den`` over the articles selected. The label is empty for the measure as a whole; ``type=ORG``,
``kind=direct`` and the like are parts of it; a measure made of confusion cells has a row ``gold>answer`` per cell with
its count in ``p_num``. Matching has run before a tally exists: nothing here looks at a label again.

Tallies are put together by article, never added: an article in both is refused. Articles stand in the order of their
ids, and totals are exact sums (``math.fsum``), so neither the order of the input nor the number of shards changes a
digit.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from onrecord.columns import Ints
from onrecord.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

Floats: TypeAlias = npt.NDArray[np.float64]
Key: TypeAlias = tuple[str, str]

#: Columns of ``Tally.counts``.
COUNTS: Final = ("p_num", "p_den", "r_num", "r_den")
_PIECE: Final = 1 << 16
#: Bytes that stay in a processor's cache.
_CACHE: Final = 4 << 20


@dataclass(frozen=True)
class Tally:
    """Statistics of some articles.

    Attributes:
        ids: Article ids, sorted.
        clusters: (articles,) what each article is resampled with: its story, or itself where there are no stories.
        keys: Distinct (measure, label), sorted.
        article: (rows,) int64, into ``ids``; rows are sorted by (article, key).
        key: (rows,) int64, into ``keys``.
        counts: (rows, 4) float64, columns ``COUNTS``.
    """

    ids: tuple[str, ...]
    clusters: tuple[str, ...]
    keys: tuple[Key, ...]
    article: Ints
    key: Ints
    counts: Floats

    @cached_property
    def cluster_names(self) -> tuple[str, ...]:
        """Distinct clusters, sorted."""
        return tuple(sorted(set(self.clusters)))

    @cached_property
    def cluster_of(self) -> Ints:
        """(articles,) int64, into ``cluster_names``."""
        number = {name: index for index, name in enumerate(self.cluster_names)}
        return np.asarray([number[name] for name in self.clusters], dtype=np.int64)

    def labels(self, measure: str) -> list[str]:
        """The labels that a measure has rows for."""
        return [label for name, label in self.keys if name == measure]

    def totals(self) -> dict[Key, Floats]:
        """Exact sums over all articles, (4,) each."""
        if self.adds_up:
            size = len(self.keys)
            sums = np.empty((size, 4))
            for part in range(4):
                sums[:, part] = np.bincount(self.key, weights=self.counts[:, part], minlength=size)
            return {key: sums[index] for index, key in enumerate(self.keys)}
        found: dict[Key, Floats] = {}
        order = np.argsort(self.key, kind="stable")
        counts = self.counts[order]
        bounds = np.searchsorted(self.key[order], np.arange(len(self.keys) + 1))
        for index, key in enumerate(self.keys):
            some = counts[bounds[index] : bounds[index + 1]]
            found[key] = np.asarray([exact_sum(some[:, column]) for column in range(4)])
        return found

    @cached_property
    def adds_up(self) -> bool:
        """Whether all counts are whole or half numbers, which add up exactly in any order."""
        flat = self.counts.ravel()
        # A piece at a time stays in the processor's cache.
        pieces = (flat[first : first + _PIECE] * 2 for first in range(0, len(flat), _PIECE))
        return all(bool((twice == np.rint(twice)).all()) for twice in pieces)

    def by_cluster(self, keys: Sequence[Key], dtype: npt.DTypeLike = np.float64) -> npt.NDArray[np.floating[Any]]:
        """(clusters, len(keys), 4): totals per cluster of some rows; zero where there is none."""
        position = {key: index for index, key in enumerate(keys)}
        wanted = np.asarray([position.get(key, -1) for key in self.keys], dtype=np.int64)
        column = wanted[self.key] if len(self.key) else self.key
        rows = np.flatnonzero(column >= 0)
        flat = self.cluster_of[self.article[rows]] * len(keys) + column[rows]
        size = len(self.cluster_names) * len(keys)
        sums = np.empty((size, 4), dtype=dtype)
        for part in range(4):
            sums[:, part] = np.bincount(flat, weights=self.counts[rows, part], minlength=size)
        return sums.reshape(len(self.cluster_names), len(keys), 4)

    def select(self, keep: npt.NDArray[np.bool_]) -> Tally:
        """The tally of some of the articles.

        Args:
            keep: (articles,) bool.
        """
        number = np.cumsum(keep) - 1
        rows = keep[self.article] if len(self.article) else np.zeros(0, dtype=np.bool_)
        return Tally(
            tuple(name for name, kept in zip(self.ids, keep, strict=True) if kept),
            tuple(name for name, kept in zip(self.clusters, keep, strict=True) if kept),
            self.keys,
            number[self.article[rows]],
            self.key[rows],
            self.counts[rows],
        )

    def frame(self) -> pd.DataFrame:
        """The rows as a data frame: ``article, measure, label, p_num, p_den, r_num, r_den``."""
        import pandas as pd

        measures = np.asarray([name for name, _ in self.keys], dtype=object)
        labels = np.asarray([label for _, label in self.keys], dtype=object)
        columns = {
            "article": np.asarray(self.ids, dtype=object)[self.article],
            "cluster": np.asarray(self.clusters, dtype=object)[self.article],
            "measure": measures[self.key],
            "label": labels[self.key],
        }
        return pd.DataFrame({**columns, **{name: self.counts[:, part] for part, name in enumerate(COUNTS)}})


def exact_sum(values: Floats) -> float:
    """The correctly rounded sum of some numbers, whatever their order."""
    if values.dtype.kind == "f" and (values == np.rint(values)).all():
        return float(values.sum())  # Whole numbers (below 2**53 together) add up exactly anyway, and fast.
    return math.fsum(values)


def merge(tallies: Iterable[Tally]) -> Tally:
    """The tally of all articles of some tallies.

    Raises:
        InputError: An article is in two of them.
    """
    parts = list(tallies)
    seen: set[str] = set()
    for part in parts:
        twice = seen.intersection(part.ids)
        if twice:
            remedy = "score each article once; tallies are put together, not added"
            raise InputError(Problem("<tallies>", f"article {min(twice)!r} is in two tallies", remedy=remedy))
        seen.update(part.ids)
    keys = sorted({key for part in parts for key in part.keys})
    number = {key: index for index, key in enumerate(keys)}
    ids = [name for part in parts for name in part.ids]
    article, key, counts, first = [], [], [], 0
    for part in parts:
        table = np.asarray([number[name] for name in part.keys], dtype=np.int64)
        article.append(part.article + first)
        key.append(table[part.key] if len(part.key) else part.key)
        counts.append(part.counts)
        first += len(part.ids)
    empty = [np.zeros(0, dtype=np.int64)]
    return _sorted(
        ids,
        [name for part in parts for name in part.clusters],
        keys,
        np.concatenate(article or empty),
        np.concatenate(key or empty),
        np.concatenate(counts) if counts else np.zeros((0, 4)),
    )


class TallyBuilder:
    """Collects statistics item by item, in columns.

    Args:
        ids: Article ids, in the order that ``article`` arguments count in.
        clusters: (articles,) what each is resampled with.
    """

    def __init__(self, ids: Sequence[str], clusters: Sequence[str]) -> None:
        self._ids, self._clusters = ids, clusters
        self._keys: dict[Key, int] = {}
        self._rows: list[tuple[Ints, int, Floats]] = []
        self._built: Tally | None = None

    def __len__(self) -> int:
        return len(self._ids)

    def add(
        self,
        measure: str,
        label: str = "",
        *,
        p_num: Ints | tuple[Ints, Floats] | None = None,
        p_den: Ints | tuple[Ints, Floats] | None = None,
        r_num: Ints | tuple[Ints, Floats] | None = None,
        r_den: Ints | tuple[Ints, Floats] | None = None,
    ) -> None:
        """Adds to one measure and label.

        Args:
            measure: For instance ``entities/strict``.
            label: Empty, or a part of the measure such as ``type=ORG``.
            p_num: Articles of items that count 1 each, (n,); or a pair of articles and the number that each
                counts, (n,) and (n,). The sum does not depend on the order of the items.
            p_den: Likewise.
            r_num: Likewise.
            r_den: Likewise.
        """
        if self._built is not None:
            raise ValueError("this tally is built: begin another")
        number = self._keys.setdefault((measure, label), len(self._keys))
        dense = np.zeros((len(self._ids), 4))
        touched = np.zeros(len(self._ids), dtype=np.bool_)
        for part, items in enumerate((p_num, p_den, r_num, r_den)):
            if items is None:
                continue
            articles, weights = items if isinstance(items, tuple) else (items, None)
            touched[articles] = True
            dense[:, part] = per_article(articles, weights, len(self._ids))
        some = np.flatnonzero(touched)
        self._rows.append((some, number, dense.take(some, axis=0)))

    def cells(self, measure: str, article: Ints, gold: Sequence[str], answer: Sequence[str]) -> None:
        """Adds confusion cells ``gold>answer``, one item each.

        Args:
            measure: The name the cells are kept under.
            article: (n,) rows.
            gold: (n,) right labels.
            answer: (n,) labels given.
        """
        names = np.asarray([f"{right}>{given}" for right, given in zip(gold, answer, strict=True)], dtype=object)
        for name in sorted(set(names.tolist())):
            self.add(measure, name, p_num=article[names == name])

    def build(self) -> Tally:
        """The tally; a measure and label that was added to twice is summed. Nothing can be added any more."""
        if self._built is None:
            self._built = self._put_together()
            self._rows.clear()  # They are as large as the tally.
        return self._built

    def _put_together(self) -> Tally:
        keys = list(self._keys)
        found = _placed(self._ids, self._clusters, keys, self._rows)
        if found is not None:
            return found
        empty = [(np.zeros(0, dtype=np.int64), 0, np.zeros((0, 4)))]
        parts = self._rows or empty
        return _sorted(
            list(self._ids),
            list(self._clusters),
            keys,
            np.concatenate([article for article, _, _ in parts]),
            np.repeat([number for _, number, _ in parts], [len(article) for article, _, _ in parts]),
            np.concatenate([counts for _, _, counts in parts]),
        )


def per_article(article: Ints, weights: Floats | None, size: int) -> Floats:
    """(size,) sum of the items of each article; exact, so that the order of the items is nothing.

    Args:
        article: (n,) rows.
        weights: (n,) what each counts; None is 1 each.
        size: Number of articles.
    """
    if weights is None:
        return np.bincount(article, minlength=size).astype(np.float64)
    if (weights * 2 == np.rint(weights * 2)).all():  # Whole and half numbers add up exactly anyway, and fast.
        return np.bincount(article, weights=weights, minlength=size).astype(np.float64)
    order = np.argsort(article, kind="stable")
    bounds = np.searchsorted(article[order], np.arange(size + 1))
    values = weights[order].tolist()
    sums = np.zeros(size)
    for row in np.unique(article).tolist():
        sums[row] = math.fsum(values[bounds[row] : bounds[row + 1]])
    return sums


def _sorted(
    ids: Sequence[str], clusters: Sequence[str], keys: Sequence[Key], article: Ints, key: Ints, counts: Floats
) -> Tally:
    """Brings ids, keys and rows into order, and puts rows of the same article and key together."""
    order = sorted(range(len(ids)), key=ids.__getitem__)
    place = np.empty(len(ids), dtype=np.int64)
    place[np.asarray(order, dtype=np.int64)] = np.arange(len(ids))
    names = sorted(keys)
    number = {name: index for index, name in enumerate(names)}
    article = place[article] if len(article) else article
    key = np.asarray([number[name] for name in keys], dtype=np.int64)[key] if len(key) else key
    flat = article * max(len(names), 1) + key
    rows = np.argsort(flat, kind="stable")
    flat, counts = flat[rows], counts.take(rows, axis=0)
    if (flat[1:] == flat[:-1]).any():
        first = np.flatnonzero(np.diff(flat, prepend=-1))
        counts = np.add.reduceat(counts, first)
        rows = rows[first]
    return Tally(
        tuple(ids[row] for row in order),
        tuple(clusters[row] for row in order),
        tuple(names),
        article[rows],
        key[rows],
        counts,
    )


def _placed(
    ids: Sequence[str], clusters: Sequence[str], keys: Sequence[Key], parts: Sequence[tuple[Ints, int, Floats]]
) -> Tally | None:
    """The same tally by giving each row its place at once, which takes less time and memory than sorting.

    Returns:
        None where many articles lack a key, or an article has one twice: sort them then.
    """
    order = sorted(range(len(ids)), key=ids.__getitem__)
    place = np.empty(len(ids), dtype=np.int64)
    place[np.asarray(order, dtype=np.int64)] = np.arange(len(ids))
    names = sorted(keys)
    number = [names.index(key) for key in keys]
    rows = sum(len(article) for article, _, _ in parts)
    if not rows or len(ids) * len(names) > 4 * rows:
        return None
    in_order = (place == np.arange(len(ids))).all()
    ranked: list[tuple[Ints, int, Floats]] = []
    for article, key, some in parts:
        at = place[article]
        by_place = None if in_order else np.argsort(at)
        ranked.append((at, number[key], some) if by_place is None else (at[by_place], number[key], some[by_place]))
    there = np.zeros((len(ids), len(names)), dtype=np.bool_)
    for article, key, _ in ranked:
        there[article, key] = True
    if np.count_nonzero(there) != rows:
        return None
    counts = np.empty((rows, 4))
    whole = np.dtype((np.void, counts.itemsize * 4))  # Whole rows at once: three times as fast.
    records = counts.view(whole).ravel()
    # Some articles at a time: what they have fits into the processor's cache.
    step = max(1, _CACHE // (len(names) * whole.itemsize))
    edges = np.arange(0, len(ids) + step, step)
    bounds = [np.searchsorted(article, edges).tolist() for article, _, _ in ranked]
    dense, done = np.empty((step, len(names)), dtype=whole), 0
    for block, first in enumerate(edges[:-1].tolist()):
        for (article, key, some), limits in zip(ranked, bounds, strict=True):
            low, high = limits[block], limits[block + 1]
            dense[article[low:high] - first, key] = some[low:high].view(whole).ravel()
        mask = there[first : first + step]
        filled = dense[: len(mask)][mask]
        records[done : done + len(filled)] = filled
        done += len(filled)
    row, column = np.nonzero(there)
    return Tally(
        tuple(ids[one] for one in order), tuple(clusters[one] for one in order), tuple(names), row, column, counts
    )
