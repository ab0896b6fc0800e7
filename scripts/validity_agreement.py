"""What systems reach on two data sets, and how far these agree on their order; part of ``scripts/validity.py``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from onrecord.scoring import bootstrap
from onrecord.scoring.result import Score, resampled_figures, score_tally
from onrecord.scoring.tally import Tally
from rank_agreement import Floats, kendall, kept_order, neighbours, spearman

#: A label of rows of config ``stance`` that OnRecord does not have.
UNRELATED = "unrelated"


@dataclass(frozen=True)
class Scored:
    """What one system reached on one data set."""

    tally: Tally
    scores: Mapping[str, Score]
    signatures: tuple[str, ...]
    failed: int


def related(scored: Scored, resamples: int) -> Scored:
    """The same without the rows whose gold label is ``unrelated``."""
    tally = scored.tally
    tally = tally.only({key: key for key in tally.keys if not key[1].startswith(f"{UNRELATED}>")})
    return replace(scored, tally=tally, scores=score_tally(tally, resamples, bootstrap.SEED))


def has(scored: Scored, figure: str) -> bool:
    """Whether gold has what a figure is about, and the system tried for it."""
    score = scored.scores.get(figure)
    return score is not None and score.value is not None and score.gold != 0


def able(scored: Scored, figure: str) -> bool:
    """Whether a system found anything at all; one that cannot read a language at all takes no part in a ranking."""
    return has(scored, figure) and scored.scores[figure].predicted != 0


def agreement(
    figure: str, source: str, ours: Mapping[str, Scored], theirs: Mapping[str, Scored], resamples: int
) -> dict[str, Any] | None:
    """How the systems rank on OnRecord and on a source; None where no system has the figure on both."""
    names = [name for name in ours if name in theirs and able(ours[name], figure) and able(theirs[name], figure)]
    if not names:
        return None
    groups = alike({name: (ours[name].scores[figure], theirs[name].scores[figure]) for name in names})
    shown = [" = ".join(group) for group in groups]
    found: dict[str, Any] = {"figure": figure, "source": source, "systems": shown}
    if len(groups) < 2:
        return found
    chosen = [group[0] for group in groups]
    here, there = (values([data[name] for name in chosen], figure) for data in (ours, theirs))
    drawn_here, drawn_there = (
        resampled([data[name] for name in chosen], figure, resamples, bootstrap.SEED + step)
        for step, data in enumerate((ours, theirs))
    )
    found["resampled"] = [
        name for name, drawn in (("onrecord", drawn_here), (source, drawn_there)) if drawn is not None
    ]
    some = here if drawn_here is None else drawn_here, there if drawn_there is None else drawn_there
    for name, correlation in (("kendall", kendall), ("spearman", spearman)):
        value = float(correlation(here, there))
        limits = bootstrap.interval(correlation(*np.broadcast_arrays(*some))) if found["resampled"] else None
        low, high = limits or (None, None)
        found[name] = {"value": None if np.isnan(value) else round(value, 6), "low": low, "high": high}
    pairs = neighbours(here)
    found["neighbours"] = [
        {"better": shown[better], "worse": shown[worse], "kept": kept, **difference(there, drawn_there, better, worse)}
        for (better, worse), kept in zip(pairs, kept_order(pairs, there), strict=True)
    ]
    return found


def alike(scores: Mapping[str, tuple[Score, Score]]) -> list[list[str]]:
    """Systems in groups that have the same figures, over the same number of answers, on both data sets."""
    groups: dict[tuple[float | None, ...], list[str]] = {}
    for name, pair in scores.items():
        key = tuple(round(x, 12) for one in pair for x in (one.value or 0.0, one.predicted or 0.0))
        groups.setdefault(key, []).append(name)
    return list(groups.values())


def values(scored: Iterable[Scored], figure: str) -> Floats:
    """(systems,) figures."""
    return np.asarray([one.scores[figure].value for one in scored], dtype=np.float64)


def resampled(scored: Sequence[Scored], figure: str, resamples: int, seed: int) -> Floats | None:
    """(resamples, systems) figures, each resample the same articles for all; None where there are too few."""
    clusters = len(scored[0].tally.cluster_names)
    if clusters < bootstrap.FEWEST_CLUSTERS or not resamples:
        return None
    weights = bootstrap.draw_weights(clusters, resamples, seed)
    return np.stack([resampled_figures(one.tally, weights)[figure] for one in scored], axis=-1)


def difference(there: Floats, drawn: Floats | None, better: int, worse: int) -> dict[str, float | None]:
    """How far two systems stand apart on a source, with the interval of the paired difference."""
    limits = None if drawn is None else bootstrap.interval(drawn[:, better] - drawn[:, worse])
    low, high = limits or (None, None)
    return {"difference": float(there[better] - there[worse]), "low": low, "high": high}
