"""Scoring tasks from plain dicts, for tests."""

from __future__ import annotations

from typing import Any

import numpy as np

from onrecord.predictions import read_gold, read_predictions
from onrecord.scoring.tally import Tally, TallyBuilder
from onrecord.scoring.task import Task, restrict

Line = dict[str, Any]


def make_task(gold: list[Line], answers: list[Line]) -> Task:
    """The task of scoring some answer lines against some gold lines."""
    right = read_gold(gold)
    given = read_predictions(answers, right)
    ids = right.columns.ids
    columns = restrict(given.columns, right.columns)
    return Task(right.columns, columns, right.texts, right.types, right.outside, TallyBuilder(ids, ids))


def totals(task: Task) -> dict[tuple[str, str], tuple[float, ...]]:
    """(p_num, p_den, r_num, r_den) by measure and label."""
    return {key: tuple(np.asarray(sums).tolist()) for key, sums in tally_of(task).totals().items()}


def tally_of(task: Task) -> Tally:
    return task.builder.build()
