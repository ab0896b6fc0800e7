"""What scoring yields: figures with intervals, the signature, the tally they come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from onrecord.scoring import bootstrap
from onrecord.scoring.formulas import Floats
from onrecord.scoring.measures import Measure, catalogue, figure_name, figures, sources_of
from onrecord.scoring.signature import Signature
from onrecord.scoring.tally import Key, Tally

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Score:
    """One figure.

    Attributes:
        value: None where it is undefined.
        low: Lower end of the 95 % bootstrap interval; None where there is none.
        high: Its upper end.
        gold: Number of gold items it is measured over (its recall's denominator), or None.
        predicted: Number of predicted items (its precision's denominator), or None.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    gold: float | None = None
    predicted: float | None = None

    def as_dict(self) -> dict[str, float | None]:
        """For ``--json``: every key is present."""
        return {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "gold": _whole(self.gold),
            "predicted": _whole(self.predicted),
        }


@dataclass(frozen=True)
class Result(Mapping[str, Score]):
    """The scores of one system on one dataset; ``result["quotes/content-soft:f1"].value``.

    Attributes:
        name: The system's or the file's name.
        counts: Statistics per article.
        meta: Per article of ``counts.ids``, what slices go by (``desk``, ``outlet``, ``phenomena`` …).
        signature: What must agree for two results to be comparable.
        coverage: Per layer attempted, articles in the gold and articles answered.
        grounding: Spans by how they got their offsets.
        reports: What a person should know, in sentences.
        resamples: Bootstrap resamples; 0 for no intervals.
        seed: Of the resamples.
        cards: The figures that were asked for; None is all.
    """

    name: str
    counts: Tally
    signature: Signature
    coverage: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    grounding: Mapping[str, int] = field(default_factory=dict)
    reports: tuple[str, ...] = ()
    meta: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    resamples: int = bootstrap.RESAMPLES
    seed: int = bootstrap.SEED

    @property
    def clusters(self) -> int:
        """Number of clusters (stories, or articles where there are no stories)."""
        return len(self.counts.cluster_names)

    @property
    def tally(self) -> pd.DataFrame:
        """The statistics: ``article, cluster, measure, label, p_num, p_den, r_num, r_den``, one row each."""
        return self.counts.frame()

    @cached_property
    def scores(self) -> dict[str, Score]:
        """All figures by name, in the catalogue's order."""
        return score_tally(self.counts, self.resamples, self.seed)

    def part(self, label: str) -> dict[str, Score]:
        """The figures of one part of the measures, such as ``type=ORG``; the names stay those of the whole."""
        return score_tally(part_of(self.counts, label), self.resamples, self.seed)

    def select(self, keep: Sequence[bool]) -> Result:
        """The result on some of the articles (in the order of ``counts.ids``)."""
        mask = np.asarray(keep, dtype=np.bool_)
        meta = {name: [v for v, kept in zip(values, mask, strict=True) if kept] for name, values in self.meta.items()}
        return replace(self, counts=self.counts.select(mask), meta=meta)

    def __getitem__(self, name: str) -> Score:
        try:
            return self.scores[name]
        except KeyError:
            raise KeyError(_unknown(name, list(self.scores))) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self.scores)

    def __len__(self) -> int:
        return len(self.scores)

    def as_dict(self) -> dict[str, Any]:
        """The object that ``onrecord score --json`` prints."""
        return {
            "system": self.name,
            "signature": str(self.signature),
            "clusters": self.clusters,
            "articles": len(self.counts.ids),
            "coverage": {layer: dict(numbers) for layer, numbers in self.coverage.items()},
            "grounding": dict(self.grounding),
            "scores": {name: score.as_dict() for name, score in self.scores.items()},
            "reports": list(self.reports),
        }

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from onrecord.report.notebook import result_html

        return result_html(self)

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={show(score.value)}" for name, score in self.scores.items() if name.endswith("f1"))
        return f"<Result {self.name}: {shown}>"


def score_tally(tally: Tally, resamples: int, seed: int) -> dict[str, Score]:
    """All figures of a tally, with intervals where there are clusters enough."""
    clusters = len(tally.cluster_names)
    wanted = {measure.name: (measure, sources_of(measure, tally.keys)) for measure in catalogue().values()}
    wanted = {name: pair for name, pair in wanted.items() if pair[1]}
    matched = {key for key in tally.keys if key[1] == "matched"}
    keys = sorted({key for _, some in wanted.values() for key in some} | matched)
    totals = tally.totals(keys)
    drawn: dict[Key, Floats] | None = None
    if resamples and clusters >= bootstrap.FEWEST_CLUSTERS:
        sums = bootstrap.sums_of(tally, keys)
        weights = bootstrap.weight_blocks(clusters, resamples, seed, sums.dtype)
        of_resamples = bootstrap.resample(weights, sums)
        drawn = {key: of_resamples[:, index] for index, key in enumerate(keys)}
    found: dict[str, Score] = {}
    for measure, some in wanted.values():
        values = figures(measure, totals)
        spread = {} if drawn is None else figures(measure, drawn)
        gold, predicted = _sizes(measure, some, totals)
        for figure in measure.figures:
            value = float(values[figure])
            limits = None if figure not in spread or np.isnan(value) else bootstrap.interval(spread[figure])
            low, high = limits or (None, None)
            found[figure_name(measure.name, figure)] = Score(
                None if np.isnan(value) else value, low, high, gold, predicted
            )
    return found


def resampled_figures(tally: Tally, weights: Floats) -> dict[str, Floats]:
    """(resamples,) of every figure by name, for given weights over ``tally.cluster_names``."""
    wanted = [measure for measure in catalogue().values() if sources_of(measure, tally.keys)]
    keys = list(tally.keys)
    whole = [key for key in keys if "=" not in key[1]]
    drawn = bootstrap.resample(weights, tally.by_cluster(whole))
    totals = {key: drawn[:, index] for index, key in enumerate(whole)}
    return {
        figure_name(measure.name, figure): values
        for measure in wanted
        for figure, values in figures(measure, totals).items()
        if figure in measure.figures
    }


def part_of(tally: Tally, label: str) -> Tally:
    """A tally in which one label takes the place of the whole."""
    return tally.only({(name, own): (name, "") for name, own in tally.keys if own == label})


def _sizes(measure: Measure, some: Sequence[Key], totals: Mapping[Key, Floats]) -> tuple[float | None, float | None]:
    """Gold and predicted items behind a measure."""
    if measure.formula in ("macro", "accuracy", "kappa", "fnc"):
        rows = sum(float(totals[key][0]) for key in some)
        answered = sum(float(totals[key][0]) for key in some if not key[1].endswith(">"))
        return rows, answered
    if measure.formula == "conll":
        return None, None
    return sum(float(totals[key][3]) for key in some), sum(float(totals[key][1]) for key in some)


def show(value: float | None, digits: int = 3) -> str:
    """A figure as it is printed; an undefined one is a dash."""
    return "–" if value is None else f"{value:.{digits}f}"


def _whole(number: float | None) -> float | int | None:
    return int(number) if number is not None and number == int(number) else number


def _unknown(name: str, known: list[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, known, n=1, cutoff=0.4)
    return f"no figure {name!r} in this result; " + (
        f"did you mean {close[0]!r}?" if close else f"it has {', '.join(known)}"
    )
