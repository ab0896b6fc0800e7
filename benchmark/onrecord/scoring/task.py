"""What a layer's scorer is given: gold and answers in columns, cut to the articles that the gold annotates."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from onrecord.columns import Columns, LayerRows, take
from onrecord.predictions.texts import Texts
from onrecord.scoring.measures import GROUPS
from onrecord.scoring.tally import TallyBuilder

if TYPE_CHECKING:
    from onrecord.scoring.pairing import Pairing
    from onrecord.scoring.who import Who


@dataclass
class Task:
    """One scoring of one system.

    Attributes:
        gold: The gold's layers.
        answers: The predictions' layers, rows of articles that the gold does not annotate left out.
        texts: One text an article.
        types: The gold's inventory of entity types, or None (its own types are the inventory).
        outside: Entity types that are set aside when predicted.
        builder: Receives the statistics.
        reports: Receives what a person should know, in sentences.
        surface: Whether ``entities/surface`` is wanted.
        groups: The groups of measures that are wanted.
    """

    gold: Columns
    answers: Columns
    texts: Texts
    types: tuple[str, ...] | None
    outside: tuple[str, ...]
    builder: TallyBuilder
    reports: list[str] = field(default_factory=list)
    surface: bool = False
    groups: tuple[str, ...] = tuple(GROUPS)

    @property
    def size(self) -> int:
        """Number of articles."""
        return len(self.gold.ids)

    @cached_property
    def who(self) -> Who:
        """Which gold chain each predicted chain and name stands for."""
        from onrecord.scoring.who import who_is_who

        return who_is_who(self)

    @cached_property
    def pairing(self) -> Pairing:
        """The optimal one-to-one pairing of gold and predicted quotes."""
        from onrecord.scoring.pairing import pair_quotes

        return pair_quotes(self)


def restrict(answers: Columns, gold: Columns) -> Columns:
    """Leaves out answers about articles whose gold lacks the layer: there is nothing to hold them against."""
    masks = gold.answered or {}

    def cut(rows: LayerRows | None, layer: str) -> LayerRows | None:
        mask = masks.get(layer)
        if rows is None or mask is None or mask.all():
            return rows
        return take(rows, np.flatnonzero(mask[rows.article]))

    return replace(
        answers,
        mentions=cut(answers.mentions, "entities"),
        quotes=cut(answers.quotes, "quotes"),
        dates=cut(answers.dates, "dates"),
        stances=cut(answers.stances, "stance"),
        stance_rows=cut(answers.stance_rows, "stance"),
    )


def annotated(columns: Columns, layer: str) -> npt.NDArray[np.bool_]:
    """(articles,) bool: whether the article has the layer."""
    mask = (columns.answered or {}).get(layer)
    return np.zeros(len(columns.ids), dtype=np.bool_) if mask is None else mask
