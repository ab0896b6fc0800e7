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

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from onrecord.columns import Coded, Ints
from onrecord.scoring.assignment import Mask
from onrecord.scoring.matching import Graph, overlap_pairs
from onrecord.scoring.mentions import NAME, Items, Sides, compared
from onrecord.scoring.tally import TallyBuilder
from onrecord.scoring.task import Task

SCHEMES: Final = ("strict", "exact", "partial", "type")
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
    if not len(sides.gold) and not len(sides.answers):
        return
    for scheme, pairs in pair(sides.gold, sides.answers).items():
        _count(task.builder, f"entities/{scheme}", sides, pairs)
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
        found[scheme] = Pairs(left[chosen], right[chosen], correct[chosen])
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


def _count(builder: TallyBuilder, measure: str, sides: Sides, pairs: Pairs) -> None:
    """Adds one scheme: the whole, by type, by kind, and the five counts."""
    gold, answers = sides.gold, sides.answers
    worth = np.where(pairs.correct, 1.0, 0.5 if measure.endswith("partial") else 0.0)
    paid = worth > 0
    left, right, worth = pairs.gold[paid], pairs.answer[paid], worth[paid]
    name = sides.kinds.index(NAME) if NAME in sides.kinds else -1
    gold_name, answer_name = gold.kind == name, answers.kind == name

    def add(label: str, gold_in: Mask, answer_in: Mask) -> None:
        r, p = gold_in[left], answer_in[right]
        builder.add(
            measure,
            label,
            p_num=(answers.article[right[p]], worth[p]),
            p_den=answers.article[answer_in],
            r_num=(gold.article[left[r]], worth[r]),
            r_den=gold.article[gold_in],
        )

    add("", gold_name, answer_name)
    for code in np.union1d(gold.type[gold_name], answers.type[answer_name]).tolist():
        if code in sides.known:
            add(f"type={sides.types[code]}", gold_name & (gold.type == code), answer_name & (answers.type == code))
    for code in np.union1d(gold.kind, answers.kind).tolist():
        add(f"kind={sides.kinds[code]}", gold.kind == code, answers.kind == code)
    of_name = gold_name[pairs.gold]
    half = (~pairs.correct) & of_name
    none = np.zeros(0, dtype=np.int64)
    wrong, partly = (none, half) if measure.endswith("partial") else (half, none)
    missed, spurious = gold_name.copy(), answer_name.copy()
    missed[pairs.gold], spurious[pairs.answer] = False, False
    counted = (
        gold.article[pairs.gold[pairs.correct & of_name]],
        gold.article[pairs.gold[wrong]],
        gold.article[pairs.gold[partly]],
        gold.article[missed],
        answers.article[spurious],
    )
    for label, articles in zip(COUNTS, counted, strict=True):
        builder.add(measure, f"count={label}", p_num=articles)


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
