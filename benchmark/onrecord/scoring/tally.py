"""The tally: sufficient statistics, one row per (article, measure, label), from which every score is computed.

Conventions
-----------
A row is ``(article, measure, label, p_num, p_den, r_num, r_den)``. Precision is ``Σ p_num / Σ p_den`` and recall is
``Σ r_num / Σ r_den`` over the articles selected. The label is empty for the measure as a whole; ``type=ORG``,
``kind=direct`` and the like are parts of it; a measure made of confusion cells has a row ``gold>answer`` per cell with
its count in ``p_num``. Matching has run before a tally exists: nothing here looks at a label again.

Tallies are put together by article, never added: an article in both is refused. Articles stand in the order of their
ids, and totals are exact sums (``math.fsum``), so neither the order of the input nor the number of shards changes a
digit. The rows of a key stand together, so that a figure reads those of its own keys and no others.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
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
#: What is added to a column of a key: articles of items that count 1 each, (n,) int64; articles and what each item
#: counts, (n,) and (n,); or how much there is in each article, (articles,) float64.
Items: TypeAlias = Ints | tuple[Ints, Floats] | Floats

#: Columns of ``Tally.counts``.
COUNTS: Final = ("p_num", "p_den", "r_num", "r_den")
_PIECE: Final = 1 << 16
#: Articles, (rows,), and counts, (rows, 4), of one key.
_Rows: TypeAlias = tuple[Ints, Floats]


@dataclass(frozen=True)
class Tally:
    """Statistics of some articles.

    Attributes:
        ids: Article ids, sorted.
        clusters: (articles,) what each article is resampled with: its story, or itself where there are no stories.
        keys: Distinct (measure, label), sorted.
        article: (rows,) int64, into ``ids``; rows are sorted by (key, article).
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

    @cached_property
    def bounds(self) -> Ints:
        """(keys + 1,) where the rows of each key begin, and where the last ones end."""
        return np.searchsorted(self.key, np.arange(len(self.keys) + 1))

    def totals(self) -> dict[Key, Floats]:
        """Exact sums over all articles, (4,) each."""
        return {key: self._total(self.counts[self._rows(index)]) for index, key in enumerate(self.keys)}

    def _rows(self, index: int) -> slice:
        return slice(int(self.bounds[index]), int(self.bounds[index + 1]))

    def _total(self, counts: Floats) -> Floats:
        if self.adds_up:
            added: Floats = counts.sum(axis=0)
            return added
        return np.asarray([exact_sum(counts[:, column]) for column in range(4)])

    @cached_property
    def adds_up(self) -> bool:
        """Whether all counts are whole or half numbers, which add up exactly in any order."""
        flat = self.counts.ravel()
        # A piece at a time stays in the processor's cache.
        pieces = (flat[first : first + _PIECE] * 2 for first in range(0, len(flat), _PIECE))
        return all(bool((twice == np.rint(twice)).all()) for twice in pieces)

    def by_cluster(self, keys: Sequence[Key], dtype: npt.DTypeLike = np.float64) -> npt.NDArray[np.floating[Any]]:
        """(clusters, len(keys), 4): totals per cluster of some rows; zero where there is none."""
        place = {key: index for index, key in enumerate(self.keys)}
        sums = np.zeros((len(self.cluster_names), len(keys), 4), dtype=dtype)
        for number, key in enumerate(keys):
            if key in place:
                rows = self._rows(place[key])
                of = self.cluster_of[self.article[rows]]
                for part in range(4):
                    sums[:, number, part] = np.bincount(of, self.counts[rows, part], minlength=len(sums))
        return sums

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
        """The rows as a data frame, by article: ``article, cluster, measure, label, p_num, p_den, r_num, r_den``."""
        import pandas as pd

        rows = np.lexsort((self.key, self.article))
        article, key, counts = self.article[rows], self.key[rows], self.counts[rows]

        measures = np.asarray([name for name, _ in self.keys], dtype=object)
        labels = np.asarray([label for _, label in self.keys], dtype=object)
        columns = {
            "article": np.asarray(self.ids, dtype=object)[article],
            "cluster": np.asarray(self.clusters, dtype=object)[article],
            "measure": measures[key],
            "label": labels[key],
        }
        return pd.DataFrame({**columns, **{name: counts[:, part] for part, name in enumerate(COUNTS)}})


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
    rows: dict[Key, list[_Rows]] = {}
    first = 0
    for part in parts:
        for index, key in enumerate(part.keys):
            some = part._rows(index)
            rows.setdefault(key, []).append((part.article[some] + first, part.counts[some]))
        first += len(part.ids)
    ids, clusters = ([name for part in parts for name in getattr(part, names)] for names in ("ids", "clusters"))
    return _put_together(ids, clusters, rows)


class TallyBuilder:
    """Collects statistics item by item, in columns.

    Args:
        ids: Article ids, in the order that ``article`` arguments count in.
        clusters: (articles,) what each is resampled with.
    """

    def __init__(self, ids: Sequence[str], clusters: Sequence[str]) -> None:
        self._ids, self._clusters = ids, clusters
        self._rows: dict[Key, list[_Rows]] = {}
        self._built: Tally | None = None

    def __len__(self) -> int:
        return len(self._ids)

    def add(
        self,
        measure: str,
        label: str = "",
        *,
        p_num: Items | None = None,
        p_den: Items | None = None,
        r_num: Items | None = None,
        r_den: Items | None = None,
    ) -> None:
        """Adds to one measure and label.

        Args:
            measure: For instance ``entities/strict``.
            label: Empty, or a part of the measure such as ``type=ORG``.
            p_num: Items, see ``Items``; their sums do not depend on their order.
            p_den: Likewise.
            r_num: Likewise.
            r_den: Likewise.
        """
        if self._built is not None:
            raise ValueError("this tally is built: begin another")
        size = len(self._ids)
        touched = np.zeros(size, dtype=np.bool_)
        columns: list[Floats | None] = []
        for items in (p_num, p_den, r_num, r_den):
            column, there = (None, False) if items is None else _column(items, size)
            touched |= there
            columns.append(column)
        some = np.flatnonzero(touched)
        counts = np.zeros((len(some), 4))
        for part, column in enumerate(columns):
            if column is not None:
                counts[:, part] = column if len(some) == size else column[some]
        self._rows.setdefault((measure, label), []).append((some, counts))

    def add_table(
        self, measure: str, labels: Sequence[str], first: int, table: Floats, there: npt.NDArray[np.bool_]
    ) -> None:
        """Adds many labels of neighbouring articles at once.

        Args:
            measure: For instance ``entities/strict``.
            labels: Its labels.
            first: The first of the articles.
            table: (labels, articles, 4), columns ``COUNTS``.
            there: (labels, articles) where there are items.
        """
        if self._built is not None:
            raise ValueError("this tally is built: begin another")
        for label, counts, some in zip(labels, table, there, strict=True):
            rows = np.flatnonzero(some)
            if len(rows):
                self._rows.setdefault((measure, label), []).append((rows + first, counts[rows]))

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
            self._built = _put_together(self._ids, self._clusters, self._rows)
            self._rows.clear()  # They are as large as the tally.
        return self._built


def _column(items: Items, size: int) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """(size,) how much there is in each article, and (size,) where there are items."""
    if not isinstance(items, tuple) and items.dtype.kind == "f":
        dense = items.astype(np.float64, copy=False)
        return dense, dense != 0
    articles, weights = items if isinstance(items, tuple) else (items.astype(np.int64, copy=False), None)
    there = np.zeros(size, dtype=np.bool_)
    there[articles] = True
    return per_article(articles, weights, size), there


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


def _put_together(ids: Sequence[str], clusters: Sequence[str], rows: Mapping[Key, Sequence[_Rows]]) -> Tally:
    """Brings ids, keys and rows into order, and puts rows of the same article and key together."""
    order = sorted(range(len(ids)), key=ids.__getitem__)
    place = np.empty(len(ids), dtype=np.int64)
    place[np.asarray(order, dtype=np.int64)] = np.arange(len(ids))
    keys = sorted(rows)
    total = sum(len(article) for parts in rows.values() for article, _ in parts)
    article, counts = np.empty(total, dtype=np.int64), np.empty((total, 4))
    bounds = [0]
    for key in keys:
        here = slice(bounds[-1], bounds[-1] + sum(len(some) for some, _ in rows[key]))
        np.concatenate([some for some, _ in rows[key]], out=article[here])
        np.concatenate([some for _, some in rows[key]], out=counts[here])
        bounds.append(here.start + _bring_into_order(article[here], counts[here], place))
    return Tally(
        tuple(ids[row] for row in order),
        tuple(clusters[row] for row in order),
        tuple(keys),
        article[: bounds[-1]],
        np.repeat(np.arange(len(keys)), np.diff(bounds)),
        counts[: bounds[-1]],
    )


def _bring_into_order(article: Ints, counts: Floats, place: Ints) -> int:
    """Sorts the rows of one key by the places of their articles and sums those of the same article, in place.

    Returns:
        The number of rows that are left.
    """
    article[:] = place[article]
    if (article[1:] > article[:-1]).all():
        return len(article)
    rows = np.argsort(article, kind="stable")
    first = np.flatnonzero(np.diff(article[rows], prepend=-1))
    sums = np.add.reduceat(counts[rows], first)
    article[: len(first)], counts[: len(first)] = article[rows][first], sums
    return len(first)
