"""Entities: which names were found, where they begin and end, and of which type they are.

Conventions
-----------
A mention is a span ``[start, end)`` of an article with a type and a kind; one without a kind is a name. ``Items`` holds
them in flat arrays in canonical order. A figure of a measure as a whole compares *names*; ``kind=nominal`` and
``kind=pronoun`` compare the mentions of that kind with each other in the same way (``kind=name`` is the whole again).
``type=…`` are names: precision goes by the predicted type, recall by gold's. Offsets that are not grounded match
nothing and count as false positives. Types are compared as they are; a missing one equals only a missing one.

* Predictions of a type that is ``outside`` (annotated by other schemes, not by this gold) are set aside and reported.
  Gold without an inventory has its own types, and a type it uses is never outside.
* A type that gold does not know is wrong wherever types count, and reported. It has no ``type=…`` figures.
* Where gold has no inventory, what it knows depends on all of its articles: to score it in shards, give each shard the
  types of the whole.
* A duplicate prediction is surplus, a false positive, and reported. A duplicate of a gold mention (equal in span, type,
  kind, chain and link) is dropped and reported.

Measures
--------
The four schemes of SemEval-2013 task 9 (Segura-Bedmar, Martínez and Herrero-Zazo, 2013), each with a one-to-one pairing
of overlapping mentions that is optimal and does not depend on the order of the input. COR, INC, PAR, MIS and SPU
(MUC-5; Chinchor and Sundheim, 1993) are in the labels ``count=…``: pairs that are right, wrong or partly right, gold
mentions and predictions without a pair. P = (COR + PAR/2) / predicted, R = (COR + PAR/2) / gold.

* ``strict``: COR has equal span and type, which is CoNLL-2003's phrase (Tjong Kim Sang and De Meulder, 2003) and a
  multiset intersection; the most of the rest that overlap are paired as INC.
* ``exact``: COR has an equal span whatever the type; the most of the rest are INC.
* ``partial``: an equal span is COR and worth 1, an overlap PAR and worth 1/2; the pairing has the largest sum of worth,
  then the most COR. There is no INC.
* ``type``: COR overlaps and has the same type (a maximum matching); the most of the rest are INC.
* ``surface``: distinct (folded text, type) pairs of each article, for systems that give no offsets.

What is still free after that prefers equal types, then equal spans, then earlier mentions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from onrecord.columns import Coded, Ints
from onrecord.scoring.assignment import Mask
from onrecord.scoring.formulas import Floats
from onrecord.scoring.matching import Graph, overlap_pairs
from onrecord.scoring.mentions import NAME, Items, Sides, compared
from onrecord.scoring.tally import TallyBuilder
from onrecord.scoring.task import Task

SCHEMES: Final = ("strict", "exact", "partial", "type")
#: So many mentions are paired at a time, and so many counts are made of them.
_BLOCK: Final = 1 << 16
_CELLS: Final = 1 << 18
COUNTS: Final = ("COR", "INC", "PAR", "MIS", "SPU")


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairing of one scheme.

    Attributes:
        gold: (k,) places in gold's ``Items``.
        answer: (k,) places in the answers' ``Items``.
        correct: (k,) whether the pair is COR; the others are PAR under ``partial``, else INC.
    """

    gold: Ints
    answer: Ints
    correct: Mask


def evaluate(task: Task) -> None:
    """Adds the entity measures to the tally."""
    gold, answers = task.gold.mentions, task.answers.mentions
    if gold is None or answers is None:
        return
    sides = compared(gold, answers, task.types, task.outside)
    task.reports += sides.reports
    _count(task.builder, sides)
    if task.surface:
        _surface(task.builder, sides, gold.text, answers.text)


def pair(gold: Items, answers: Items) -> dict[str, Pairs]:
    """The pairing of each scheme; only mentions of the same article and kind are paired.

    Args:
        gold: (n,) gold mentions.
        answers: (m,) predictions.

    >>> def items(*spans):
    ...     start, end, type_ = (np.array(column) for column in zip(*spans))
    ...     zero = np.zeros_like(start)
    ...     return Items(np.arange(len(start)), zero, start, end, type_, zero)
    >>> pairs = pair(items((0, 5, 0), (6, 9, 1)), items((0, 5, 1), (7, 9, 1)))
    >>> {scheme: int(found.correct.sum()) for scheme, found in pairs.items()}
    {'strict': 0, 'exact': 1, 'partial': 1, 'type': 1}
    """
    parts: dict[str, list[Pairs]] = {scheme: [] for scheme in SCHEMES}
    for block in _blocks(gold, answers):
        for scheme, pairs in _pair(block.gold, block.answers).items():
            parts[scheme].append(Pairs(pairs.gold + block.low, pairs.answer + block.other_low, pairs.correct))
    return {
        scheme: Pairs(*(np.concatenate([getattr(pairs, name) for pairs in some]) for name in Pairs.__slots__))
        for scheme, some in parts.items()
    }


@dataclass(frozen=True, slots=True)
class _Block:
    """Whole articles.

    Attributes:
        first: The first article.
        size: Number of articles.
        low: Place of their first gold mention.
        gold: Their gold mentions.
        other_low: Place of their first prediction.
        answers: Their predictions.
    """

    first: int
    size: int
    low: int
    gold: Items
    other_low: int
    answers: Items


def _blocks(gold: Items, answers: Items, most: int = _BLOCK) -> Iterator[_Block]:
    """All articles, so many at a time that what there is of them fits into the processor's cache.

    Args:
        gold: (n,) gold mentions.
        answers: (m,) predictions.
        most: Most articles in a block.
    """
    last = max(int(gold.article.max(initial=0)), int(answers.article.max(initial=0)))
    step = max(1, min(most, _BLOCK * (last + 1) // (len(gold) + len(answers) + 1)))
    edges = np.arange(0, last + 1 + step, step)
    bounds, other_bounds = (pairwise(np.searchsorted(side.article, edges).tolist()) for side in (gold, answers))
    for first, (low, high), (other_low, other_high) in zip(edges.tolist(), bounds, other_bounds, strict=False):
        size = min(step, last + 1 - first)
        yield _Block(
            first, size, low, gold.take(slice(low, high)), other_low, answers.take(slice(other_low, other_high))
        )


def _pair(gold: Items, answers: Items) -> dict[str, Pairs]:
    kinds = 1 + max(int(gold.kind.max(initial=0)), int(answers.kind.max(initial=0)))
    groups = gold.article * kinds + gold.kind, answers.article * kinds + answers.kind
    left, right = overlap_pairs(groups[0], gold.start, gold.end, groups[1], answers.start, answers.end)
    span = (gold.start[left] == answers.start[right]) & (gold.end[left] == answers.end[right])
    type_ = gold.type[left] == answers.type[right]
    equal, alike, both = span.astype(np.int64), type_.astype(np.int64), (span & type_).astype(np.int64)
    one = np.ones(len(left), dtype=np.int64)
    graph = Graph(left, right)
    levels = {
        "strict": (span & type_, [both, one, alike]),
        "exact": (span, [equal, both, one]),
        "partial": (span, [one + equal, equal, both, alike]),
        "type": (type_, [alike, one, equal]),
    }
    found = {}
    for scheme, (correct, weights) in levels.items():
        chosen = graph.best(weights)
        every = len(chosen) == len(left)
        found[scheme] = Pairs(left, right, correct) if every else Pairs(left[chosen], right[chosen], correct[chosen])
    return found


def surface_rows(items: Items, text: Coded, folded: Mapping[str, int], sizes: tuple[int, int]) -> Ints:
    """(k,) distinct (article, folded text, type) as one number each, sorted.

    Args:
        items: Names of one side.
        text: The surface of each row of the layer.
        folded: A number for each folded text.
        sizes: Number of folded texts, number of types.
    """
    from onrecord.predictions.fold import fold

    table = np.asarray([*(folded[fold(value)] for value in text.values), folded[""]], dtype=np.int64)
    rows: Ints = np.unique((items.article * sizes[0] + table[text.codes[items.row]]) * (sizes[1] + 1) + items.type + 1)
    return rows


@dataclass(frozen=True, slots=True)
class _Parts:
    """How mentions fall into parts: names of each known type, other names, the other kinds.

    Attributes:
        types: (types + 1,) part of the names of each type; the last one stands for none.
        kinds: (kinds,) part of the mentions of each other kind; 0 is a name.
        labels: Label of each part; other names have none.
        names: Number of parts that are names; they come first.
    """

    types: Ints
    kinds: Ints
    labels: list[str | None]
    names: int

    def of(self, items: Items) -> Ints:
        """(n,) part of each mention."""
        part: Ints = self.types[items.type]
        if not self.kinds.any():
            return part
        kind = self.kinds[items.kind]
        return np.where(kind > 0, kind, part)


def _parts(sides: Sides) -> _Parts:
    types = [f"type={sides.types[code]}" for code in sides.known.tolist()]
    kinds = [code for code, kind in enumerate(sides.kinds) if kind != NAME]
    of_type = np.full(len(sides.types) + 1, len(types), dtype=np.int64)
    of_type[sides.known] = np.arange(len(types))
    of_kind = np.zeros(len(sides.kinds), dtype=np.int64)
    of_kind[kinds] = len(types) + 1 + np.arange(len(kinds))
    labels = [*types, None, *(f"kind={sides.kinds[code]}" for code in kinds)]
    return _Parts(of_type, of_kind, labels, len(types) + 1)


def _count(builder: TallyBuilder, sides: Sides) -> None:
    """Adds the four schemes: the whole, by type, by kind, and the five counts."""
    parts = _parts(sides)
    if len(sides.gold) or len(sides.answers):
        for block in _blocks(sides.gold, sides.answers, max(1, _CELLS // len(parts.labels))):
            _count_block(builder, block, parts)
    for scheme in SCHEMES:  # These are there even if there is no name at all: undefined, not absent.
        for label in ("", *(f"count={name}" for name in COUNTS)):
            builder.add(f"entities/{scheme}", label)


def _count_block(builder: TallyBuilder, block: _Block, parts: _Parts) -> None:
    """Adds what there is in the articles of a block."""
    size, sides = block.size, (block.gold, block.answers)
    labelled = [place for place, label in enumerate(parts.labels) if label is not None]
    labels = ["", f"kind={NAME}", *(label for label in parts.labels if label is not None)]

    def by_part(cell: Ints, worth: Floats | None = None) -> tuple[Floats, Floats]:
        """(labels, size) and, of all names, (size,)."""
        table = np.bincount(cell, worth, minlength=len(parts.labels) * size).reshape(-1, size)
        names = table[: parts.names].sum(axis=0)
        return np.concatenate([[names, names], table[labelled]]), names

    cells = [parts.of(some) * size + (some.article - block.first) for some in sides]
    (there, names), (given, predicted) = (by_part(cell) for cell in cells)
    # Whole and half numbers below 2**23: float32 holds them.
    whole = np.zeros((len(labels), size, 4), dtype=np.float32)
    whole[:, :, 1], whole[:, :, 3] = given, there
    some = there + given > 0
    before: Ints | None = None
    for scheme, pairs in _pair(*sides).items():
        if pairs.gold is not before:  # Where every pair is the only one of its mentions, the schemes share them.
            before, cell, other = pairs.gold, cells[0][pairs.gold], cells[1][pairs.answer]
            paired = by_part(cell)[1]
        worth = np.where(pairs.correct, 1.0, 0.5) if scheme == "partial" else pairs.correct.astype(np.float64)
        whole[:, :, 2], credit = by_part(cell, worth)
        # Where types count, both sides of a pair are in the same part.
        whole[:, :, 0] = whole[:, :, 2] if scheme in ("strict", "type") else by_part(other, worth)[0]
        builder.add_table(f"entities/{scheme}", labels, block.first, whole, some)
        # A partial pair is worth one half, so twice what is missing to the number of pairs is the number of those.
        rest = 2 * (paired - credit) if scheme == "partial" else paired - credit
        wrong, half = (rest * 0, rest) if scheme == "partial" else (rest, rest * 0)
        counts = np.zeros((len(COUNTS), size, 4), dtype=np.float32)
        counts[:, :, 0] = paired - rest, wrong, half, names - paired, predicted - paired
        labels_of_counts = [f"count={name}" for name in COUNTS]
        builder.add_table(f"entities/{scheme}", labels_of_counts, block.first, counts, counts[:, :, 0] > 0)


def _surface(builder: TallyBuilder, sides: Sides, gold_text: Coded, answer_text: Coded) -> None:
    """Adds the intersection of the two sides' (folded text, type) sets."""
    from onrecord.predictions.fold import fold

    folded: dict[str, int] = {"": 0}
    for value in (*gold_text.values, *answer_text.values):
        folded.setdefault(fold(value), len(folded))
    sizes = len(folded), len(sides.types)
    name = sides.kinds.index(NAME) if NAME in sides.kinds else -1
    gold = surface_rows(sides.gold.take(sides.gold.kind == name), gold_text, folded, sizes)
    answers = surface_rows(sides.answers.take(sides.answers.kind == name), answer_text, folded, sizes)
    right = np.intersect1d(gold, answers, assume_unique=True)
    parts = [(some // (sizes[1] + 1) // sizes[0], some % (sizes[1] + 1) - 1) for some in (right, answers, gold)]
    labels = [("", -1)] + [(f"type={sides.types[code]}", code) for code in sides.known.tolist()]
    for label, code in labels:
        found, given, there = (article[(type_ == code) | (label == "")] for article, type_ in parts)
        if label == "" or len(given) or len(there):
            builder.add("entities/surface", label, p_num=found, p_den=given, r_num=found, r_den=there)
