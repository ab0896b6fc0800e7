"""The mentions that are compared: both sides in canonical order over one vocabulary, with what is set aside or dropped.

The rules are in :mod:`onrecord.scoring.entities`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from onrecord.columns import Coded, Ints, Mentions, unify
from onrecord.scoring.assignment import Mask

#: What an absent kind stands for.
NAME: Final = "name"
#: So many types are named in a report.
_NAMED: Final = 5


@dataclass(frozen=True)
class Items:
    """Mentions of one side, sorted by article, kind, offsets and type.

    Attributes:
        row: (n,) their rows in ``Mentions``.
        article: (n,) rows of the articles.
        start: (n,) code points; negative where not grounded.
        end: (n,) code points, exclusive.
        type: (n,) codes that both sides share; -1 is none.
        kind: (n,) codes that both sides share.
    """

    row: Ints
    article: Ints
    start: Ints
    end: Ints
    type: Ints
    kind: Ints

    def __len__(self) -> int:
        return len(self.row)

    def take(self, some: Ints | Mask | slice) -> Items:
        """Some of them."""
        return Items(*(getattr(self, name)[some] for name in self.__dataclass_fields__))

    @cached_property
    def repeats(self) -> Mask:
        """(n,) whether the item before is equal in everything but its row."""
        rows = np.flatnonzero(self.start[1:] == self.start[:-1]) + 1
        for column in (self.end, self.article, self.kind, self.type):
            rows = rows[column[rows] == column[rows - 1]]
        same = np.zeros(len(self), dtype=np.bool_)
        same[rows] = True
        return same


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides over one vocabulary.

    Attributes:
        gold: Gold mentions, duplicates dropped.
        answers: Predictions, those of outside types set aside.
        types: Vocabulary of ``Items.type``.
        kinds: Vocabulary of ``Items.kind``.
        known: Codes of the types that the gold's inventory has.
        reports: What a person should know.
    """

    gold: Items
    answers: Items
    types: tuple[str, ...]
    kinds: tuple[str, ...]
    known: Ints
    reports: tuple[str, ...]


def compared(gold: Mentions, answers: Mentions, types: tuple[str, ...] | None, outside: tuple[str, ...]) -> Sides:
    """The mentions that are compared.

    Args:
        gold: Gold's layer.
        answers: The predictions' layer.
        types: Gold's inventory; None is the types it uses.
        outside: Types whose predictions are set aside where the inventory does not have them.

    Raises:
        ValueError: A gold mention has no offsets.
    """
    if (gold.start < 0).any():
        raise ValueError("a gold mention has no offsets")
    gold_type, answer_type, names = unify(gold.type, answers.type)
    gold_kind, answer_kind, kinds = unify(_kinds(gold.kind), _kinds(answers.kind))
    right, dropped = _distinct(_items(gold, gold_type, gold_kind), gold)
    used = {names[place - 1] for place in np.flatnonzero(np.bincount(right.type + 1)) if place}
    inventory = used if types is None else set(types)
    known = np.asarray([place for place, name in enumerate(names) if name in inventory], dtype=np.int64)
    aside = [place for place, name in enumerate(names) if name in outside and name not in inventory]
    away = np.isin(answer_type, aside)
    given = _items(answers, answer_type, answer_kind)
    if aside:
        given = given.take(~away[given.row])
    reports = []
    if dropped:
        reports.append(f"{dropped} gold mentions are there twice and count once")
    if away.any():
        shown = _listed(answer_type[away], names)
        reports.append(f"{away.sum()} predicted mentions of types outside the data are set aside: {shown}")
    is_known = np.isin(np.arange(len(names) + 1), known)  # The last one stands for a missing type, -1.
    strange = given.type[~is_known[given.type]]
    if types is None and (right.type < 0).any():
        strange = strange[strange >= 0]  # Gold has mentions without a type, so having none is known.
    if len(strange):
        shown = _listed(strange, names)
        reports.append(f"{len(strange)} predicted mentions have types that the data does not know: {shown}")
    surplus = _surplus(right, given)
    if surplus:
        reports.append(f"{surplus} predicted mentions repeat another one and count as false positives")
    return Sides(right, given, tuple(names), tuple(kinds), known, tuple(reports))


def _kinds(kind: Coded) -> Coded:
    """The column with names where there is no kind."""
    values = list(kind.values)
    if not values:
        return Coded(np.broadcast_to(np.int64(0), (len(kind),)), [NAME])
    if NAME not in values:
        values.append(NAME)
    return Coded(np.where(kind.codes < 0, values.index(NAME), kind.codes), values)


def _items(mentions: Mentions, types: Ints, kinds: Ints) -> Items:
    """All mentions of a side in canonical order."""
    items = Items(np.arange(len(types)), mentions.article, mentions.start, mentions.end, types, kinds)
    if _ascending(mentions, kinds):
        return items
    columns = (mentions.article, kinds, mentions.start, mentions.end, types)
    lows = [int(column.min(initial=0)) for column in columns]
    sizes = [int(column.max(initial=0)) - low + 1 for column, low in zip(columns, lows, strict=True)]
    key, whole = np.zeros(len(types), dtype=np.int64), 1
    for column, low, size in zip(columns, lows, sizes, strict=True):
        key *= size
        key += column
        key -= low
        whole *= size
    if whole >= 2**63:
        return items.take(np.lexsort(columns[::-1]))
    return items.take(np.argsort(key, kind="stable"))


def _ascending(mentions: Mentions, kinds: Ints) -> bool:
    """Whether mentions, all of one kind, are in canonical order by their articles and starts alone."""
    if len(kinds) and (kinds != kinds[0]).any():
        return False
    article, start = mentions.article, mentions.start
    same = article[1:] == article[:-1]
    return bool(((article[1:] > article[:-1]) | (same & (start[1:] > start[:-1]))).all())


def _distinct(items: Items, mentions: Mentions) -> tuple[Items, int]:
    """Gold without its duplicates, and how many there were."""
    again = items.repeats
    if not again.any():
        return items, 0
    group = np.cumsum(~again)
    suspects = np.flatnonzero(again | np.append(again[1:], False))
    rows = items.row[suspects]
    said = np.stack([group[suspects], mentions.entity.codes[rows], mentions.link.codes[rows]], axis=1)
    _, first = np.unique(said, axis=0, return_index=True)
    keep: Mask = np.ones(len(items), dtype=np.bool_)
    keep[suspects] = False
    keep[suspects[first]] = True
    return items.take(keep), int(len(items) - keep.sum())


def _surplus(gold: Items, answers: Items) -> int:
    """How many predictions are equal to another one beyond what gold has of them."""
    again = np.flatnonzero(answers.repeats & (answers.start >= 0))
    if not len(again):
        return 0
    group = np.cumsum(~answers.repeats)
    first = answers.take(again[np.append(True, np.diff(group[again]) > 0)])
    columns = ("article", "kind", "start", "end", "type")
    times: dict[tuple[int, ...], int] = {}
    for key in zip(*(getattr(gold, name).tolist() for name in columns), strict=True):
        times[key] = times.get(key, 0) + 1
    wanted = [times.get(key, 1) for key in zip(*(getattr(first, name).tolist() for name in columns), strict=True)]
    given = np.unique(group[again], return_counts=True)[1] + 1
    return int(np.maximum(given - np.asarray(wanted), 0).sum())


def _listed(types: Ints, names: list[str]) -> str:
    """The types and how often each is there, the most frequent first."""
    codes, counts = np.unique(types, return_counts=True)
    ordered = sorted(zip(counts.tolist(), codes.tolist(), strict=True), key=lambda pair: (-pair[0], pair[1]))
    shown = [f"{names[code]!r} {count}" if code >= 0 else f"none {count}" for count, code in ordered[:_NAMED]]
    return ", ".join(shown) + (", …" if len(ordered) > _NAMED else "")
