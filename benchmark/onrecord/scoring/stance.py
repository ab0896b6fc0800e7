"""Stance: where a holder stands on a claim, on given rows and as extracted triples.

Conventions
-----------
*Rows* are those of config ``stance``: one (article, claim, holder) with a gold label. A system answers with
``stance_rows`` (by row id), or, where it has none, with ``stances`` whose holder it found itself: holders are mapped to
gold entities (:mod:`onrecord.scoring.who`) and answer the row of that entity and claim. An unanswered row is wrong; its
cell is ``gold>`` with an empty answer. Two answers to one row that agree are one; those that differ are no answer, and
are reported. A *triple* is (holder, claim, label) with label supports or opposes.

Measures
--------
* ``stance/macro:f1``: mean F1 of the labels that gold or the answers have (the mean over classes of SemEval-2016
  task 6, Mohammad et al., with all classes in it).
* ``stance/accuracy``: share of rows answered right.
* ``stance/kappa``: Cohen's κ of gold and answers.
* ``stance/fnc``: FNC-1's weighted score, where the rows have ``unrelated``.
* ``stance/triple``: precision, recall and F1 of extracted triples; multiset intersection per article, so a duplicate
  answer is surplus. A holder that is no gold entity, or is ambiguous, is wrong.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from onrecord.columns import Ints, StanceRows, Stances, unify
from onrecord.scoring.measures import STANCE_CELLS
from onrecord.scoring.task import Task
from onrecord.scoring.who import NOBODY

#: Labels of extracted triples.
SIDES: Final = ("supports", "opposes")


def evaluate(task: Task) -> None:
    """Adds the cells of the given rows and the triples to the tally."""
    gold, answers = task.gold, task.answers
    gold_holder = answer_holder = np.zeros(0, dtype=np.int64)
    if gold.stances is not None:
        gold_holder = task.who.holders(gold.stances, gold=True)
    if answers.stances is not None and gold.stances is not None:
        answer_holder = task.who.holders(answers.stances, gold=False)
    if gold.stance_rows is not None:
        given = answers.stance_rows
        if given is None or not len(given.article):
            given = _as_rows(gold.stances, gold.stance_rows, gold_holder, answers.stances, answer_holder)
        cells, reports = row_cells(gold.stance_rows, given)
        task.builder.add(STANCE_CELLS)  # There even if there is no row at all: its figures are undefined, not absent.
        task.builder.cells(STANCE_CELLS, *cells)
        task.reports += reports
    if gold.stances is not None and answers.stances is not None:
        _triples(task, gold.stances, gold_holder, answers.stances, answer_holder)


def row_cells(gold: StanceRows, answers: StanceRows | None) -> tuple[tuple[Ints, list[str], list[str]], list[str]]:
    """The confusion of gold rows and answers.

    Args:
        gold: The rows, with their labels.
        answers: Answers by row id, or None.

    Returns:
        (articles, gold labels, answers) of the gold rows that have a label, one each, an empty answer where there is
        none; and sentences about answers that could not be used.
    """
    answered: dict[str, str | None] = {}
    conflicts: set[str] = set()
    twice = 0
    if answers is not None:
        for number in range(len(answers.article)):
            row, label = answers.row[number], answers.label[number]
            if row is None or label is None:
                continue
            if row in answered:
                twice += 1
                if answered[row] != label:
                    conflicts.add(row)
            answered.setdefault(row, label)
    reports = []
    if conflicts:
        reports.append(f"{len(conflicts)} stance rows have answers that contradict each other and count as unanswered")
    if twice:
        reports.append(f"{twice} answers to stance rows that had one already")
    keep = np.flatnonzero(gold.label.codes >= 0)
    rows = gold.row.take(keep)
    labels = [str(gold.label[row]) for row in keep.tolist()]
    names = [rows[place] for place in range(len(keep))]
    found = [("" if name in conflicts else answered.get(name or "") or "") for name in names]
    known = set(names)
    lost = sum(row not in known for row in answered)
    if lost:
        reports.append(f"{lost} stance rows are answered that the gold does not have")
    return (gold.article[keep], labels, found), reports


def _as_rows(
    gold: Stances | None, rows: StanceRows, gold_holder: Ints, answers: Stances | None, answer_holder: Ints
) -> StanceRows | None:
    """Answers to the given rows that follow from what a system extracted by itself."""
    if gold is None or answers is None:
        return None
    mine, theirs, _ = unify(gold.claim, answers.claim)
    row_of: dict[tuple[int, int, int], int] = {
        key: place
        for place, key in enumerate(zip(gold.article.tolist(), gold_holder.tolist(), mine.tolist(), strict=True))
    }
    keys = zip(answers.article.tolist(), answer_holder.tolist(), theirs.tolist(), strict=True)
    pairs = [(place, row_of[key]) for place, key in enumerate(keys) if key[1] != NOBODY and key in row_of]
    places = np.asarray([place for place, _ in pairs], dtype=np.int64)
    answered = np.asarray([row for _, row in pairs], dtype=np.int64)
    return StanceRows(answers.article[places], rows.row.take(answered), answers.label.take(places))


def _triples(task: Task, gold: Stances, gold_holder: Ints, answers: Stances, answer_holder: Ints) -> None:
    """Multiset intersection of (article, holder, claim, label) over supports and opposes."""
    claims, claims_given, _ = unify(gold.claim, answers.claim)
    labels, labels_given, names = unify(gold.label, answers.label)
    sides = [names.index(side) for side in SIDES if side in names]
    there = np.flatnonzero(np.isin(labels, sides))
    given = np.flatnonzero(np.isin(labels_given, sides))
    right = _common(
        np.stack([gold.article, gold_holder, claims, labels], axis=1)[there],
        np.stack([answers.article, answer_holder, claims_given, labels_given], axis=1)[given],
    )
    task.builder.add(
        "stance/triple",
        p_num=right,
        p_den=answers.article[given],
        r_num=right,
        r_den=gold.article[there],
    )
    surplus = len(given) - len(
        np.unique(np.stack([answers.article, answer_holder, claims_given], axis=1)[given], axis=0)
    )
    if surplus:
        task.reports.append(f"{surplus} stances on a (holder, claim) that the same line has already")


def _common(gold: Ints, given: Ints) -> Ints:
    """(matches,) articles of the rows in both, each as often as both have it; a holder that is nobody never matches."""
    gold, given = gold[gold[:, 1] != NOBODY], given[given[:, 1] != NOBODY]
    both = np.concatenate([gold, given])
    if not len(both):
        return np.zeros(0, dtype=np.int64)
    rows, place = np.unique(both, axis=0, return_inverse=True)
    place = place.reshape(-1)
    counts = [np.bincount(side, minlength=len(rows)) for side in (place[: len(gold)], place[len(gold) :])]
    return np.repeat(rows[:, 0], np.minimum(*counts))
