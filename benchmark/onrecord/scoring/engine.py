"""Scoring: gold and predictions in, a tally and its figures out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import Any, Final

import numpy as np

from onrecord import compute as pc
from onrecord.columns import Columns
from onrecord.errors import InputError, Problem
from onrecord.predictions import Gold, Predictions
from onrecord.predictions.arrow import places
from onrecord.scoring import bootstrap
from onrecord.scoring.measures import GROUPS, catalogue
from onrecord.scoring.result import Result
from onrecord.scoring.signature import Signature, definition_versions
from onrecord.scoring.tally import TallyBuilder
from onrecord.scoring.task import Task, annotated, restrict
from onrecord.vocabulary import LAYERS

#: What slices go by, from the articles' metadata.
SLICE_FIELDS: Final = ("story", "outlet", "desk", "variety", "phenomena", "language", "edition")


@dataclass(frozen=True)
class Run:
    """One scoring: the matching done, the figures still to be made.

    Attributes:
        task: Gold and answers as they were matched.
        groups: The groups of measures that were computed.
        gold: The gold.
        predictions: The predictions.
        unit: What is resampled: ``story`` or ``article``.
    """

    task: Task
    groups: tuple[str, ...]
    gold: Gold
    predictions: Predictions
    unit: str

    def require_a_layer(self) -> None:
        """Refuses a scoring of nothing.

        Raises:
            InputError: The predictions have no layer that the gold annotates.
        """
        if not self.groups:
            name = self.predictions.name
            reports = (report.removeprefix(f"{name}: ") for report in self.predictions.reports)
            said = "; ".join(["has no layer that the gold annotates", *reports])
            remedy = "give lines with entities, quotes, dates, stances or stance_rows"
            raise InputError(Problem(name, said, remedy=remedy))

    def result(self, *, resamples: int = bootstrap.RESAMPLES, seed: int = bootstrap.SEED) -> Result:
        """The figures.

        Args:
            resamples: Bootstrap resamples; 0 for no intervals.
            seed: Of the resamples.

        Raises:
            InputError: The number of resamples or the seed is negative.
        """
        if resamples < 0:
            raise InputError(Problem("resamples", f"{resamples} is negative", remedy="give 0 for no intervals"))
        if seed < 0:
            raise InputError(Problem("seed", f"{seed} is negative", remedy="give a whole number from 0"))
        gold, versions = self.gold, {name: m.version for name, m in catalogue().items() if m.group in self.groups}
        return Result(
            name=_system_name(self.predictions.name),
            counts=self.task.builder.build(),
            signature=Signature(
                data=gold.name,
                version=gold.version,
                edition=gold.edition,
                hash=gold.data_hash[:12],
                split=gold.split,
                layers="+".join(self.groups),
                measures=definition_versions(versions),
                grounding="fuzzy" if self.predictions.fuzzy else "exact",
                resampling=f"{resamples}x{seed}/{self.unit}",
            ),
            coverage=_coverage(gold.columns, self.task.answers, self.groups),
            grounding=self.predictions.grounding,
            reports=(*gold.problems_dropped, *self.predictions.reports, *dict.fromkeys(self.task.reports)),
            meta=_meta(gold),
            resamples=resamples,
            seed=seed,
        )


def score(
    predictions: Predictions,
    gold: Gold,
    *,
    layers: Sequence[str] | None = None,
    surface: bool | None = None,
    resamples: int = bootstrap.RESAMPLES,
    seed: int = bootstrap.SEED,
) -> Result:
    """Scores predictions that have been read and grounded.

    Args:
        predictions: See :func:`onrecord.predictions.read_predictions`.
        gold: The gold they were read against.
        layers: Layers or groups of measures (``entities``, ``coreference``, ``quotes`` …); None is all attempted.
        surface: Whether to compute ``entities/surface``; None is where mentions came without offsets.
        resamples: Bootstrap resamples; 0 for no intervals.
        seed: Of the resamples.

    Raises:
        InputError: A layer that is unknown, not annotated in the gold or not in the predictions, or none at all.
    """
    run = prepare(predictions, gold, layers=layers, surface=surface)
    run.require_a_layer()
    return run.result(resamples=resamples, seed=seed)


def foresee(gold: Gold, resamples: int, seed: int) -> None:
    """Begins to draw the resamples of a scoring that will come, beside whatever comes before it."""
    bootstrap.foresee(len(set(_clusters(gold)[0])), resamples, seed)


def prepare(
    predictions: Predictions, gold: Gold, *, layers: Sequence[str] | None = None, surface: bool | None = None
) -> Run:
    """Matches predictions and gold, article by article; see :func:`score` for the arguments."""
    answers = restrict(predictions.columns, gold.columns)
    groups = _groups(layers, gold.columns, answers)
    textual = sum(predictions.grounding.get(how, 0) for how in ("exact", "folded", "fuzzy", "failed"))
    clusters, unit = _clusters(gold)
    task = Task(
        gold=gold.columns,
        answers=answers,
        texts=gold.texts,
        types=gold.types,
        outside=gold.outside,
        builder=TallyBuilder(gold.columns.ids, clusters),
        surface=bool(textual) if surface is None else surface,
        groups=tuple(groups),
    )
    for group in groups:
        evaluate: Callable[[Task], None] = import_module(f"onrecord.scoring.{group}").evaluate
        evaluate(task)
    return Run(task, tuple(groups), gold, predictions, unit)


def _meta(gold: Gold) -> dict[str, Sequence[Any]]:
    """What slices go by, in the order of sorted ids."""
    order = np.asarray(sorted(range(len(gold.columns.ids)), key=gold.columns.ids.__getitem__), dtype=np.int64)
    nothing = [None] * len(order)
    found: dict[str, Sequence[Any]] = {}
    for name in SLICE_FIELDS:
        column = gold.meta.column(name)
        found[name] = nothing if column.null_count == len(order) else pc.take(column, places(order)).to_pylist()
    found["length"] = gold.texts.lengths[order].tolist()
    return found


def _groups(layers: Sequence[str] | None, gold: Columns, answers: Columns) -> list[str]:
    """The groups of measures to compute, in their printed order."""
    possible = [group for group in GROUPS if _has(gold, group) and _attempts(answers, group)]
    if layers is None:
        return possible
    layers = [layers] if isinstance(layers, str) else layers
    wanted: list[str] = []
    for layer in layers:
        if layer not in GROUPS:
            close = get_close_matches(layer, list(GROUPS), n=1, cutoff=0.5)
            remedy = f"did you mean {close[0]}?" if close else f"choose among {', '.join(GROUPS)}"
            raise InputError(Problem("--layer", f"there is no layer {layer!r}", remedy=remedy))
        for there_is, whose in (
            (_has(gold, layer), "the gold does not annotate"),
            (_attempts(answers, layer), "the predictions do not attempt"),
        ):
            if not there_is:
                there = ", ".join(possible) or "none that both have"
                raise InputError(Problem("--layer", f"{whose} {layer}", remedy=f"layers to score: {there}"))
        implied = {"entities": ("entities", "coreference", "linking")}.get(layer, (layer,))
        wanted += [group for group in implied if group in possible]
    return [group for group in GROUPS if group in wanted]


def _attempts(answers: Columns, group: str) -> bool:
    """Whether predictions try a group; those that found no mention at all have tried for chains and links too."""
    if group in ("coreference", "linking") and answers.mentions is not None and not len(answers.mentions.article):
        return True
    return _has(answers, group)


def _has(columns: Columns, group: str) -> bool:
    """Whether a side has what a group of measures compares."""
    if group in ("coreference", "linking"):
        mentions = columns.mentions
        if mentions is None:
            return False
        if group == "coreference":
            return bool((mentions.entity.codes >= 0).any())
        linked = (mentions.link.codes >= 0).any()
        return bool(linked or (columns.chains is not None and (columns.chains.link.codes >= 0).any()))
    if group == "stance":
        return columns.stances is not None or columns.stance_rows is not None
    needed = {"entities": columns.mentions, "quotes": columns.quotes, "dates": columns.dates, "record": columns.quotes}
    return needed[group] is not None


def _coverage(gold: Columns, answers: Columns, groups: Sequence[str]) -> dict[str, dict[str, int]]:
    """Per layer, the articles that gold annotates and how many of those have a line with the layer."""
    wanted = {GROUPS[group] for group in groups} | ({"stance"} if "record" in groups else set())
    found: dict[str, dict[str, int]] = {}
    for layer in LAYERS:
        there, given = annotated(gold, layer), annotated(answers, layer)
        if layer in wanted and given.any():
            found[layer] = {"articles": int(there.sum()), "answered": int((there & given).sum())}
    return found


def _clusters(gold: Gold) -> tuple[list[str], str]:
    """What each article is resampled with: its story where every article has one."""
    stories = gold.meta.column("story")
    if stories.null_count:
        return list(gold.columns.ids), "article"
    return stories.to_pylist(), "story"


def _system_name(where: str) -> str:
    name = where.replace("\\", "/").rstrip("/").rpartition("/")[2]
    for ending in (".gz", ".jsonl", ".json", ".parquet"):
        name = name.removesuffix(ending)
    return name or where
