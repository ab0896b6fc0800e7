"""Dates: temporal expressions found, and their types and values, in the manner of TempEval-3.

Conventions
-----------
Gold and answers are columns of expressions: ``article``, ``start``, ``end`` (n,) int64 in code points, end-exclusive,
``type`` and ``value`` coded strings. Touching spans do not overlap. An answer that could not be grounded matches
nothing and counts as a false positive. Values are compared as they are written (TIMEX3, case-sensitive); both absent is
equal, so that an answer can be right about an expression of which gold knows no value.

Measures
--------
From UzZaman et al. (2013), with one difference that is pinned in the tests: the toolkit calls an expression strict
when its *text* is equal, we compare offsets.

* ``dates/strict``: multiset intersection of (start, end).
* ``dates/relaxed``: the largest one-to-one matching of overlapping expressions; among the largest, the one with most
  exact spans, then most right values, then most right types, then the earliest offsets.
* ``dates/type``, ``dates/value``: relaxed matches with the right type or value, over all predicted (precision) and all
  gold (recall) expressions, as TempEval-3's F1 of an attribute.

Parts: ``type=DATE`` and the like, precision by the predicted type, recall by the gold type.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from onrecord.columns import Dates, Ints, unify
from onrecord.scoring.matching import Graph, overlap_pairs
from onrecord.scoring.task import Task

#: The measures, as above.
MEASURES: Final = ("dates/strict", "dates/relaxed", "dates/type", "dates/value")


def evaluate(task: Task) -> None:
    """Adds the four measures to the tally."""
    gold, answers = task.gold.dates, task.answers.dates
    if gold is None or answers is None:
        return
    exact = strict(gold, answers)
    gold_rows, answer_rows = relaxed(gold, answers)
    types, types_given, names = unify(gold.type, answers.type)
    values, values_given, _ = unify(gold.value, answers.value)
    same_type = _equal(types[gold_rows], types_given[answer_rows])
    same_value = _equal(values[gold_rows], values_given[answer_rows])
    matches = (
        exact,
        (gold_rows, answer_rows),
        (gold_rows[same_type], answer_rows[same_type]),
        (gold_rows[same_value], answer_rows[same_value]),
    )
    for measure, (right, given) in zip(MEASURES, matches, strict=True):
        task.builder.add(
            measure,
            p_num=answers.article[given],
            p_den=answers.article,
            r_num=gold.article[right],
            r_den=gold.article,
        )
        for number, name in enumerate(names):
            task.builder.add(
                measure,
                f"type={name}",
                p_num=answers.article[given[types_given[given] == number]],
                p_den=answers.article[types_given == number],
                r_num=gold.article[right[types[right] == number]],
                r_den=gold.article[types == number],
            )
    _report(task, answers)


def strict(gold: Dates, answers: Dates) -> tuple[Ints, Ints]:
    """Rows of gold and of answers with equal article and offsets, each used once.

    Args:
        gold: Gold expressions.
        answers: Predicted ones.

    Returns:
        Two arrays (matches,) of row numbers.
    """
    sizes = len(gold.article)
    spans = np.concatenate([np.stack([side.article, side.start, side.end], axis=1) for side in (gold, answers)])
    _, key = np.unique(spans, axis=0, return_inverse=True)
    key = key.reshape(-1)
    # The k-th of equal gold expressions meets the k-th of equal answers; which is which is decided by type and value.
    types, types_given, _ = unify(gold.type, answers.type)
    values, values_given, _ = unify(gold.value, answers.value)
    mine = _numbered(key[:sizes], types, values)
    theirs = _numbered(key[sizes:], types_given, values_given)
    width = max(len(spans), 1)
    there = answers.start >= 0
    found, rows, places = np.intersect1d(
        mine[0] * width + mine[1], np.where(there, theirs[0] * width + theirs[1], -1), return_indices=True
    )
    keep = found >= 0
    return rows[keep], places[keep]


def relaxed(gold: Dates, answers: Dates) -> tuple[Ints, Ints]:
    """The preferred largest matching of overlapping expressions.

    Args:
        gold: Gold expressions.
        answers: Predicted ones.

    Returns:
        Two arrays (matches,) of row numbers.
    """
    types, types_given, _ = unify(gold.type, answers.type)
    values, values_given, _ = unify(gold.value, answers.value)
    mine, theirs = _in_order(gold, types, values), _in_order(answers, types_given, values_given)
    left, right = overlap_pairs(
        gold.article[mine],
        gold.start[mine],
        gold.end[mine],
        answers.article[theirs],
        answers.start[theirs],
        answers.end[theirs],
    )
    here, there = mine[left], theirs[right]
    same_span = (gold.start[here] == answers.start[there]) & (gold.end[here] == answers.end[there])
    levels = (
        np.ones(len(left), dtype=np.int64),
        same_span.astype(np.int64),
        _equal(values[here], values_given[there]).astype(np.int64),
        _equal(types[here], types_given[there]).astype(np.int64),
    )
    chosen = Graph(left, right).best(levels)
    return here[chosen], there[chosen]


def _equal(gold: Ints, answer: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.asarray(gold == answer)


def _in_order(dates: Dates, types: Ints, values: Ints) -> Ints:
    """(n,) the rows in an order that does not depend on the order of the input."""
    return np.lexsort((values, types, dates.end, dates.start, dates.article))


def _numbered(key: Ints, types: Ints, values: Ints) -> tuple[Ints, Ints]:
    """Key of each row, and which of the rows with that key it is."""
    order = np.lexsort((values, types, key))
    ordered = key[order]
    first = np.searchsorted(ordered, ordered, side="left")
    number = np.empty(len(key), dtype=np.int64)
    number[order] = np.arange(len(key)) - first
    return key, number


def _report(task: Task, answers: Dates) -> None:
    spans = np.stack([answers.article, answers.start, answers.end], axis=1)[answers.start >= 0]
    surplus = len(spans) - len(np.unique(spans, axis=0))
    if surplus:
        task.reports.append(f"{surplus} dates whose span the same line has already; they are surplus")
