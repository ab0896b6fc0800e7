"""The tally: sufficient statistics, one row per (article, measure, label), from which every score is computed.

Conventions
-----------
A row is ``(article, measure, label, p_num, p_den, r_num, r_den)``. Precision is ``Σ p_num / Σ p_den`` and recall is
``Σ r_num / Σ r_den`` over the articles selected. The label is empty for the measure as a whole; ``type=ORG``,
``kind=direct`` and the like are parts of it; a measure made of confusion cells has a row ``gold>answer`` per cell with
its count in ``p_num``. Matching has run before a tally exists: nothing here looks at a label again.

Tallies are put together by article, never added: an article in both is refused. Articles stand in the order of their
ids, and totals are exact sums (``math.fsum``), so neither the order of the input nor the number of shards changes a
digit. The rows of a key stand together, in the arrays that counting left, so that a figure reads those of its own keys
and nothing is copied for the others.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
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

#: Columns of counts.
COUNTS: Final = ("p_num", "p_den", "r_num", "r_den")
Counts: TypeAlias = npt.NDArray[np.floating[Any]]
#: Articles, (rows,), and counts, (rows, 4), of one key.
Rows: TypeAlias = tuple[Ints, Counts]


@dataclass(frozen=True)
class Tally:
    """Statistics of some articles.

    Attributes:
        ids: Article ids, sorted.
        clusters: (articles,) what each article is resampled with: its story, or itself where there are no stories.
        rows: By (measure, label), in their order: the rows of a key, in pieces that follow one another. A piece is
            articles, (rows,) int64 into ``ids``, rising, and counts, (rows, 4), columns ``COUNTS``.
        adds_up: Whether all counts are whole or half numbers, which add up exactly in any order.
    """

    ids: tuple[str, ...]
    clusters: tuple[str, ...]
    rows: Mapping[Key, Sequence[Rows]]
    adds_up: bool

    @cached_property
    def cluster_names(self) -> tuple[str, ...]:
        """Distinct clusters, sorted."""
        return tuple(sorted(dict.fromkeys(self.clusters)))  # Mostly in order already, which a set would undo.

    @cached_property
    def cluster_of(self) -> Ints:
        """(articles,) int64, into ``cluster_names``."""
        number = {name: index for index, name in enumerate(self.cluster_names)}
        return np.asarray([number[name] for name in self.clusters], dtype=np.int64)

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """Distinct (measure, label), sorted."""
        return tuple(self.rows)

    def of(self, key: Key) -> tuple[Ints, Floats]:
        """The rows of a key: articles, (rows,) into ``ids``, rising; and counts, (rows, 4)."""
        pieces = self.rows.get(key, ())
        article = np.concatenate([np.zeros(0, dtype=np.int64), *(some for some, _ in pieces)])
        return article, np.concatenate([np.zeros((0, 4)), *(counts for _, counts in pieces)])

    def labels(self, measure: str) -> list[str]:
        """The labels that a measure has rows for."""
        return [label for name, label in self.keys if name == measure]

    def totals(self, keys: Iterable[Key] | None = None) -> dict[Key, Floats]:
        """Exact sums over all articles, (4,) each.

        Args:
            keys: Of which keys; None is all.
        """
        return {key: self._total(key) for key in (self.keys if keys is None else keys)}

    def _total(self, key: Key) -> Floats:
        if self.adds_up:
            total = np.zeros(4)
            for _, counts in self.rows[key]:
                total += counts.sum(axis=0, dtype=np.float64)
            return total
        counts = self.of(key)[1]
        return np.asarray([exact_sum(counts[:, column]) for column in range(4)])

    def by_cluster(self, keys: Sequence[Key], dtype: npt.DTypeLike = np.float64) -> npt.NDArray[np.floating[Any]]:
        """(clusters, len(keys), 4): totals per cluster of some rows; zero where there is none."""
        sums = np.zeros((len(self.cluster_names), len(keys), 4), dtype=dtype)
        for number, key in enumerate(keys):
            article, counts = self.of(key)
            for part in range(4):
                sums[:, number, part] = np.bincount(self.cluster_of[article], counts[:, part], minlength=len(sums))
        return sums

    def only(self, names: Mapping[Key, Key]) -> Tally:
        """The tally of some of the keys.

        Args:
            names: The keys that are kept, and what each is called then.
        """
        rows = {names[key]: pieces for key, pieces in self.rows.items() if key in names}
        return replace(self, rows=dict(sorted(rows.items())))

    def select(self, keep: npt.NDArray[np.bool_]) -> Tally:
        """The tally of some of the articles.

        Args:
            keep: (articles,) bool.
        """
        number = np.cumsum(keep) - 1

        def kept(article: Ints, counts: Counts) -> Rows:
            there = keep[article]
            return number[article[there]], counts[there]

        return Tally(
            tuple(name for name, there in zip(self.ids, keep, strict=True) if there),
            tuple(name for name, there in zip(self.clusters, keep, strict=True) if there),
            {key: [kept(*piece) for piece in pieces] for key, pieces in self.rows.items()},
            self.adds_up,
        )

    def frame(self) -> pd.DataFrame:
        """The rows as a data frame, by article: ``article, cluster, measure, label, p_num, p_den, r_num, r_den``."""
        import pandas as pd

        found = [self.of(key) for key in self.keys]
        article = np.concatenate([np.zeros(0, dtype=np.int64), *(some for some, _ in found)])
        key = np.repeat(np.arange(len(found)), [len(some) for some, _ in found])
        order = np.lexsort((key, article))
        counts = np.concatenate([np.zeros((0, 4)), *(some for _, some in found)])[order]
        article, key = article[order], key[order]
        columns = {
            "article": np.asarray(self.ids, dtype=object)[article],
            "cluster": np.asarray(self.clusters, dtype=object)[article],
            "measure": np.asarray([name for name, _ in self.keys], dtype=object)[key],
            "label": np.asarray([label for _, label in self.keys], dtype=object)[key],
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
    rows: dict[Key, list[Rows]] = {}
    first = 0
    for part in parts:
        for key, pieces in part.rows.items():
            rows.setdefault(key, []).extend((article + first, counts) for article, counts in pieces)
        first += len(part.ids)
    ids, clusters = ([name for part in parts for name in getattr(part, names)] for names in ("ids", "clusters"))
    return _put_together(ids, clusters, rows, adds_up=all(part.adds_up for part in parts))


class TallyBuilder:
    """Collects statistics item by item, in columns.

    Args:
        ids: Article ids, in the order that ``article`` arguments count in.
        clusters: (articles,) what each is resampled with.
    """

    def __init__(self, ids: Sequence[str], clusters: Sequence[str]) -> None:
        self._ids, self._clusters = ids, clusters
        self._rows: dict[Key, list[Rows]] = {}
        self._adds_up = True
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
            self._adds_up &= column is None or _is_whole(column * 2)
        some = np.flatnonzero(touched)
        counts = np.zeros((len(some), 4))
        for part, column in enumerate(columns):
            if column is not None:
                counts[:, part] = column if len(some) == size else column[some]
        self._rows.setdefault((measure, label), []).append((some, counts))

    def add_table(
        self,
        measure: str,
        labels: Sequence[str],
        first: int,
        table: Counts,
        there: npt.NDArray[np.bool_],
    ) -> None:
        """Adds many labels of neighbouring articles at once.

        Args:
            measure: For instance ``entities/strict``.
            labels: Its labels.
            first: The first of the articles.
            table: (labels, articles, 4), columns ``COUNTS``: whole and half numbers, in float32 if it holds them.
            there: (labels, articles) where there are items.
        """
        if self._built is not None:
            raise ValueError("this tally is built: begin another")
        every = np.arange(first, first + table.shape[1])
        for label, counts, some in zip(labels, table, there, strict=True):
            rows = np.flatnonzero(some)
            if len(rows):
                whole = len(rows) == len(every)
                piece = (every, counts.copy()) if whole else (rows + first, counts[rows])
                self._rows.setdefault((measure, label), []).append(piece)

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
            self._built = _put_together(self._ids, self._clusters, self._rows, adds_up=self._adds_up)
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
    if _is_whole(weights * 2):  # Whole and half numbers add up exactly anyway, and fast.
        return np.bincount(article, weights=weights, minlength=size).astype(np.float64)
    order = np.argsort(article, kind="stable")
    bounds = np.searchsorted(article[order], np.arange(size + 1))
    values = weights[order].tolist()
    sums = np.zeros(size)
    for row in np.unique(article).tolist():
        sums[row] = math.fsum(values[bounds[row] : bounds[row + 1]])
    return sums


def _is_whole(numbers: Floats) -> bool:
    return bool((numbers == np.rint(numbers)).all())


def _put_together(
    ids: Sequence[str], clusters: Sequence[str], rows: Mapping[Key, Sequence[Rows]], *, adds_up: bool
) -> Tally:
    """Brings ids, keys and rows into order, and puts rows of the same article and key together."""
    order = sorted(range(len(ids)), key=ids.__getitem__)
    place = np.empty(len(ids), dtype=np.int64)
    place[np.asarray(order, dtype=np.int64)] = np.arange(len(ids))
    in_place = bool((place == np.arange(len(ids))).all())
    return Tally(
        tuple(ids[row] for row in order),
        tuple(clusters[row] for row in order),
        {key: _in_order(rows[key], None if in_place else place) for key in sorted(rows)},
        adds_up,
    )


def _in_order(pieces: Sequence[Rows], place: Ints | None) -> Sequence[Rows]:
    """The rows of one key by the places of their articles; those of the same article are summed.

    Args:
        pieces: Articles of each are rising.
        place: Where each article belongs; None is where it is.
    """
    pieces = [piece for piece in pieces if len(piece[0])]
    if place is None and all(first[-1] < second[0] for (first, _), (second, _) in pairwise(pieces)):
        return pieces
    article = np.concatenate([np.zeros(0, dtype=np.int64), *(some for some, _ in pieces)])
    counts = np.concatenate([np.zeros((0, 4)), *(some for _, some in pieces)])
    article = article if place is None else place[article]
    rows = np.argsort(article, kind="stable")
    first = np.flatnonzero(np.diff(article[rows], prepend=-1))
    return [(article[rows][first], np.add.reduceat(counts[rows], first))] if len(rows) else []
