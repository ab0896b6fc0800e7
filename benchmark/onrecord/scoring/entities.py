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
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np

from onrecord.columns import Coded, Ints
from onrecord.scoring.assignment import Mask
from onrecord.scoring.formulas import Floats
from onrecord.scoring.matching import Graph, overlap_pairs
from onrecord.scoring.mentions import NAME, Items, Sides, compared
from onrecord.scoring.tally import TallyBuilder
from onrecord.scoring.task import Task

SCHEMES: Final = ("strict", "exact", "partial", "type")
#: How much there is in each article, (articles,); or only the articles in which there is something, and how much.
_Counted: TypeAlias = Floats | tuple[Ints, Floats]
#: So many mentions are paired at a time.
_BLOCK: Final = 1 << 16
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
    parts = _parts(sides, len(task.builder))
    for scheme, pairs in pair(sides.gold, sides.answers).items():
        _count(task.builder, scheme, sides, parts, pairs)
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
    for first, last, other_first, other_last in _blocks(gold.article, answers.article):
        some = _pair(gold.take(slice(first, last)), answers.take(slice(other_first, other_last)))
        for scheme, pairs in some.items():
            parts[scheme].append(Pairs(pairs.gold + first, pairs.answer + other_first, pairs.correct))
    return {
        scheme: Pairs(*(np.concatenate([getattr(pairs, name) for pairs in some]) for name in Pairs.__slots__))
        for scheme, some in parts.items()
    }


def _blocks(article: Ints, other_article: Ints) -> Iterator[tuple[int, int, int, int]]:
    """Whole articles, a block of them at a time: arrays that fit into the processor's cache are dealt with faster."""
    last = max(int(article.max(initial=0)), int(other_article.max(initial=0)))
    step = max(1, _BLOCK * (last + 1) // (len(article) + len(other_article) + 1))
    edges = np.arange(0, last + 1 + step, step)
    bounds, other_bounds = np.searchsorted(article, edges), np.searchsorted(other_article, edges)
    for (low, high), (other_low, other_high) in zip(
        pairwise(bounds.tolist()), pairwise(other_bounds.tolist()), strict=True
    ):
        yield low, high, other_low, other_high


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


@dataclass(frozen=True)
class _Parts:
    """How the mentions of both sides fall into parts: names of each known type, other names, the other kinds.

    Attributes:
        gold: (n,) part of each gold mention.
        answer: (m,) part of each prediction.
        labels: Label of each part; other names have none.
        names: Number of parts that are names; they come first.
        sizes: By label, the number of predictions and of gold mentions in each article.
    """

    gold: Ints
    answer: Ints
    labels: list[str]
    names: int
    sizes: dict[str, tuple[_Counted, _Counted]] = field(default_factory=dict)


def _parts(sides: Sides, size: int) -> _Parts:
    types = [f"type={sides.types[code]}" for code in sides.known.tolist()]
    kinds = [code for code, kind in enumerate(sides.kinds) if kind != NAME]
    of_type = np.full(len(sides.types) + 1, len(types), dtype=np.int64)
    of_type[sides.known] = np.arange(len(types))
    of_kind = np.zeros(len(sides.kinds), dtype=np.int64)
    of_kind[kinds] = len(types) + 1 + np.arange(len(kinds))
    gold, answer = (
        np.where(of_kind[some.kind] > 0, of_kind[some.kind], of_type[some.type]) for some in (sides.gold, sides.answers)
    )
    parts = _Parts(gold, answer, [*types, "", *(f"kind={sides.kinds[code]}" for code in kinds)], len(types) + 1)
    predicted = _by_part(answer, sides.answers.article, None, parts, size)
    there = _by_part(gold, sides.gold.article, None, parts, size)
    for label in ("", f"kind={NAME}", *parts.labels):
        some = predicted[label], there[label]
        if label == "" or any(len(found[0]) if isinstance(found, tuple) else found.any() for found in some):
            parts.sizes[label] = some
    return parts


def _count(builder: TallyBuilder, scheme: str, sides: Sides, parts: _Parts, pairs: Pairs) -> None:
    """Adds one scheme: the whole, by type, by kind, and the five counts."""
    partial, measure, size = scheme == "partial", f"entities/{scheme}", len(builder)
    article = sides.gold.article[pairs.gold]
    gold_part, answer_part = parts.gold[pairs.gold], parts.answer[pairs.answer]
    paired = np.bincount(article[gold_part < parts.names], minlength=size)
    if not partial:
        right = pairs.correct
        article, gold_part, answer_part = article[right], gold_part[right], answer_part[right]
    worth = np.where(pairs.correct, 1.0, 0.5) if partial else None
    r_num = _by_part(gold_part, article, worth, parts, size)
    # Where types count, both sides of a pair are in the same part.
    p_num = r_num if scheme in ("strict", "type") else _by_part(answer_part, article, worth, parts, size)
    for label, (p_den, r_den) in parts.sizes.items():
        builder.add(measure, label, p_num=p_num[label], p_den=p_den, r_num=r_num[label], r_den=r_den)
    credit, (predicted, there) = _dense(r_num[""], size), (_dense(some, size) for some in parts.sizes[""])
    # A partial pair is worth one half, so twice what is missing to the number of pairs is the number of those.
    rest = 2 * (paired - credit) if partial else paired - credit
    counts = {"COR": paired - rest, "INC": rest * (not partial), "PAR": rest * partial}
    for name, number in {**counts, "MIS": there - paired, "SPU": predicted - paired}.items():
        builder.add(measure, f"count={name}", p_num=number)


def _by_part(part: Ints, article: Ints, worth: Floats | None, parts: _Parts, size: int) -> dict[str, _Counted]:
    """What the items of each label count in each article."""
    count = len(parts.labels)
    if count * size <= 8 * len(part):
        table = np.bincount(part * size + article, worth, minlength=count * size).reshape(count, size)
        table = table.astype(np.float64, copy=False)
        whole = table[: parts.names].sum(axis=0)
        return {**dict(zip(parts.labels, table, strict=True)), "": whole, f"kind={NAME}": whole}
    order = np.argsort(part, kind="stable")
    bounds = np.searchsorted(part[order], np.arange(count + 1)).tolist()
    article, worth = article[order], None if worth is None else worth[order]
    sums, found = np.zeros(size), {}
    for place, (low, high) in enumerate(pairwise(bounds)):
        number = np.bincount(article[low:high], None if worth is None else worth[low:high], minlength=size)
        if place < parts.names:
            sums += number
        some = np.flatnonzero(number)
        found[parts.labels[place]] = some, number[some].astype(np.float64)
    return {**found, "": sums, f"kind={NAME}": sums}


def _dense(counted: _Counted, size: int) -> Floats:
    """(size,) how much there is in each article."""
    if not isinstance(counted, tuple):
        return counted
    number = np.zeros(size)
    number[counted[0]] = counted[1]
    return number


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
