"""The alignment: what became of every gold item and every answer, with the pairings that the measures use.

Conventions
-----------
An *aligned* row is a gold item with the answer to it, or one of the two alone. Nothing is scored here: the pairings are
those of :mod:`onrecord.scoring.entities` (``strict``), :mod:`onrecord.scoring.pairing`, :mod:`onrecord.scoring.dates`
(``relaxed``) and :mod:`onrecord.scoring.who`, so a row says why a measure counted what it counted.

Outcomes
--------
* ``right``: extent and attributes agree.
* ``partial``: paired, but the extents differ (a quote's: its trimmed content).
* ``wrong-attribute``: the extents agree, an attribute does not; ``Aligned.wrong`` says which.
* ``missed``: a gold item without an answer.
* ``spurious``: an answer without a gold item; also one that was not found in the text.

An attribute that no answer of the system gives, or that no gold item has, is not held against the items (measures do
that): a system without said-on dates is not wrong in every quote. Predictions that the entity measures set aside,
duplicates in gold, and ``neutral`` stances that gold has no row for, are no rows here, since no measure counts them.

Layers
------
``entities``, ``quotes``, ``dates``, ``stances`` (what a system found by itself, compared by holder and claim) and
``stance_rows`` (its answers to given rows).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from onrecord.columns import ABSENT, Coded, Ints, unify
from onrecord.scoring import dates, entities
from onrecord.scoring.assignment import Mask
from onrecord.scoring.mentions import compared
from onrecord.scoring.pairing import agreement
from onrecord.scoring.quote_sides import ATTRIBUTES
from onrecord.scoring.stance import SIDES
from onrecord.scoring.who import NOBODY

if TYPE_CHECKING:
    from onrecord.scoring.task import Task

Outcome = Literal["right", "partial", "wrong-attribute", "missed", "spurious"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("right", "partial", "wrong-attribute", "missed", "spurious")
RIGHT, PARTIAL, WRONG, MISSED, SPURIOUS = range(5)
#: What can be wrong in an item of each layer; bit n of ``Aligned.wrong`` is the n-th.
PARTS: Final[dict[str, tuple[str, ...]]] = {
    "entities": ("extent", "type"),
    "quotes": ("extent", *ATTRIBUTES),
    "dates": ("extent", "value", "type"),
    "stances": ("label",),
    "stance_rows": ("label",),
}
#: Groups of measures that look at a layer.
_LOOKED_AT: Final = {
    "entities": {"entities", "coreference", "linking"},
    "quotes": {"quotes", "record"},
    "dates": {"dates"},
    "stances": {"stance", "record"},
    "stance_rows": {"stance"},
}


@dataclass(frozen=True)
class Aligned:
    """The rows of one layer, by article and then by place in the text; what was not found stands last.

    Attributes:
        layer: A key of ``PARTS``.
        article: (n,) rows of the articles.
        gold: (n,) rows of the gold's layer; -1 where there is none.
        answer: (n,) rows of the predictions' layer; -1 where there is none.
        outcome: (n,) places in ``OUTCOMES``.
        wrong: (n,) bits: what disagrees, by the places in ``PARTS[layer]``.
    """

    layer: str
    article: Ints
    gold: Ints
    answer: Ints
    outcome: Ints
    wrong: Ints

    def __len__(self) -> int:
        return len(self.article)

    def wrong_parts(self, row: int) -> list[str]:
        """Names of what disagrees in one row."""
        bits = int(self.wrong[row])
        return [name for place, name in enumerate(PARTS[self.layer]) if bits >> place & 1]


def align(task: Task) -> dict[str, Aligned]:
    """The rows of every layer that gold annotates, the system attempts, and a measure that is wanted looks at."""
    makers: dict[str, Callable[[Task], Aligned | None]] = {
        "entities": _entities,
        "quotes": _quotes,
        "dates": _dates,
        "stances": _stances,
        "stance_rows": _stance_rows,
    }
    found = {layer: make(task) for layer, make in makers.items() if not _LOOKED_AT[layer].isdisjoint(task.groups)}
    return {layer: rows for layer, rows in found.items() if rows is not None}


def _entities(task: Task) -> Aligned | None:
    gold, answers = task.gold.mentions, task.answers.mentions
    if gold is None or answers is None:
        return None
    sides = compared(gold, answers, task.types, task.outside)
    pairs = entities.pair(sides.gold, sides.answers)["strict"]
    left, right = pairs.gold, pairs.answer
    mine, yours = sides.gold, sides.answers
    typed = bool((mine.type >= 0).any() and (yours.type >= 0).any())
    disagreeing = {
        "extent": (mine.start[left] != yours.start[right]) | (mine.end[left] != yours.end[right]),
        "type": (mine.type[left] != yours.type[right]) & typed,
    }
    return _rows(
        "entities",
        (mine.row[left], yours.row[right]),
        disagreeing,
        (mine.row, mine.article, mine.start),
        (yours.row, yours.article, yours.start),
    )


def _quotes(task: Task) -> Aligned | None:
    gold, answers = task.gold.quotes, task.answers.quotes
    if gold is None or answers is None:
        return None
    pairing = task.pairing
    mine, yours = pairing.gold, pairing.answers
    left, right = pairing.left, pairing.right
    disagreeing = {"extent": ~agreement(mine.content[left], yours.content[right])}
    for name in ATTRIBUTES:
        told = all((side.attributes[name] != ABSENT).any() for side in (mine, yours))
        disagreeing[name] = ~pairing.agree(name) & told
    starts = [_first_segment(len(side.article), side.segment_quote, side.segment_start) for side in (gold, answers)]
    return _rows(
        "quotes",
        (mine.row[left], yours.row[right]),
        disagreeing,
        (mine.row, mine.article, starts[0][mine.row]),
        (yours.row, yours.article, starts[1][yours.row]),
    )


def _dates(task: Task) -> Aligned | None:
    gold, answers = task.gold.dates, task.answers.dates
    if gold is None or answers is None:
        return None
    left, right = dates.relaxed(gold, answers)
    disagreeing = {"extent": (gold.start[left] != answers.start[right]) | (gold.end[left] != answers.end[right])}
    codes = {name: unify(getattr(gold, name), getattr(answers, name))[:2] for name in ("value", "type")}
    for name, (there, given) in codes.items():
        told = bool((there >= 0).any() and (given >= 0).any())
        disagreeing[name] = (there[left] != given[right]) & told
    mine, yours = (
        np.lexsort((codes["value"][side], codes["type"][side], some.end, some.start, some.article))
        for side, some in enumerate((gold, answers))
    )
    return _rows(
        "dates",
        (left, right),
        disagreeing,
        *((rows, side.article[rows], side.start[rows]) for side, rows in ((gold, mine), (answers, yours))),
    )


def _stances(task: Task) -> Aligned | None:
    gold, answers = task.gold.stances, task.answers.stances
    if gold is None or answers is None:
        return None
    claims, claims_given, _ = unify(gold.claim, answers.claim)
    holders, holders_given = task.who.holders(gold, gold=True), task.who.holders(answers, gold=False)
    mine = list(zip(gold.article.tolist(), holders.tolist(), claims.tolist(), strict=True))
    yours = list(zip(answers.article.tolist(), holders_given.tolist(), claims_given.tolist(), strict=True))
    labels, labels_given, names = unify(gold.label, answers.label)
    waiting: defaultdict[Any, list[int]] = defaultdict(list)
    for row, key in enumerate(yours):
        if key[1] != NOBODY:
            waiting[key].append(row)
    left, right = [], []
    taken: set[int] = set()
    # Equal labels first, as the triples are a multiset intersection; then what is left of the same holder and claim.
    for same_label in (True, False):
        for row, key in enumerate(mine):
            if row in taken:
                continue
            for place, other in enumerate(waiting.get(key, ())):
                if not same_label or labels[row] == labels_given[other]:
                    left.append(row)
                    right.append(waiting[key].pop(place))
                    taken.add(row)
                    break
    pairs = np.asarray(left, dtype=np.int64), np.asarray(right, dtype=np.int64)
    counted = np.isin(labels_given, [names.index(side) for side in SIDES if side in names])
    counted[pairs[1]] = True
    every = np.lexsort((labels_given, claims_given, holders_given, answers.article))
    every = every[counted[every]]
    return _rows(
        "stances",
        pairs,
        {"label": labels[pairs[0]] != labels_given[pairs[1]]},
        (np.arange(len(mine)), gold.article, np.arange(len(mine))),
        (every, answers.article[every], len(mine) + np.arange(len(every))),
        extents=False,
    )


def _stance_rows(task: Task) -> Aligned | None:
    gold, answers = task.gold.stance_rows, task.answers.stance_rows
    if gold is None or answers is None:
        return None
    if not len(answers.article) and task.answers.stances is not None:
        return None  # The measures take what the system found by itself for its answers, and so does its layer.
    # A row that is answered twice was refused when the predictions were read.
    place = {name: number for number, name in enumerate(_strings(answers.row))}
    keep = np.flatnonzero(gold.label.codes >= 0)
    names = _strings(gold.row.take(keep))
    pairs = [(row, place[name]) for row, name in zip(keep.tolist(), names, strict=True) if name in place]
    left = np.asarray([row for row, _ in pairs], dtype=np.int64)
    right = np.asarray([row for _, row in pairs], dtype=np.int64)
    labels, labels_given, _ = unify(gold.label, answers.label)
    return _rows(
        "stance_rows",
        (left, right),
        {"label": labels[left] != labels_given[right]},
        (keep, gold.article[keep], keep),
        (right, answers.article[right], right),
        extents=False,
    )


def _rows(
    layer: str,
    pairs: tuple[Ints, Ints],
    disagreeing: dict[str, Mask],
    gold: tuple[Ints, Ints, Ints],
    answers: tuple[Ints, Ints, Ints],
    *,
    extents: bool = True,
) -> Aligned:
    """Pairs, and what has none.

    Args:
        layer: The layer.
        pairs: Rows of gold and of the predictions that are paired, (k,) each.
        disagreeing: By name of ``PARTS[layer]``, (k,) whether the two disagree.
        gold: Rows, articles and places in the text of every gold item, (n,) each, in an order that does not depend on
            that of the input.
        answers: Likewise of every answer, (m,) each.
        extents: Whether the layer's items have one.
    """
    left, right = pairs
    wrong = np.zeros(len(left), dtype=np.int64)
    for place, name in enumerate(PARTS[layer]):
        wrong |= disagreeing[name].astype(np.int64) << place
    outcome = np.where(wrong == 0, RIGHT, np.where((wrong & 1).astype(np.bool_) & extents, PARTIAL, WRONG))
    alone, alone_given = ~np.isin(gold[0], left), ~np.isin(answers[0], right)
    articles, places, turns = _lookup(gold)
    columns = [
        np.concatenate([articles[left], gold[1][alone], answers[1][alone_given]]),
        np.concatenate([places[left], gold[2][alone], answers[2][alone_given]]),
        np.concatenate([turns[left], np.flatnonzero(alone), len(turns) + np.flatnonzero(alone_given)]),
        np.concatenate([left, gold[0][alone], _filled(alone_given)]),
        np.concatenate([right, _filled(alone), answers[0][alone_given]]),
        np.concatenate([outcome, _filled(alone, MISSED), _filled(alone_given, SPURIOUS)]),
        np.concatenate([wrong, _filled(alone, 0), _filled(alone_given, 0)]),
    ]
    article, starts, turn = columns[:3]
    starts = np.where(starts < 0, np.iinfo(np.int64).max, starts)
    order = np.lexsort((turn, starts, article))
    return Aligned(layer, article[order], *(column[order] for column in columns[3:]))


def _lookup(items: tuple[Ints, Ints, Ints]) -> tuple[Ints, Ints, Ints]:
    """Articles, places in the text and turns by row."""
    rows, article, place = items
    found = np.zeros((3, int(rows.max(initial=-1)) + 1), dtype=np.int64)
    found[:, rows] = article, place, np.arange(len(rows))
    return found[0], found[1], found[2]


def _filled(mask: Mask, value: int = -1) -> Ints:
    return np.full(int(mask.sum()), value, dtype=np.int64)


def _first_segment(size: int, owner: Ints, start: Ints) -> Ints:
    """(size,) where the content of each quote begins; -1 where a segment was not found or there is none."""
    first = np.full(size, np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(first, owner, start)
    return np.where(first == np.iinfo(np.int64).max, -1, first)


def _strings(column: Coded) -> list[str | None]:
    return [column[row] for row in range(len(column))]
