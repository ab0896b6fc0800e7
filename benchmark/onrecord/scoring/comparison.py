"""Comparing systems on the same articles: paired bootstrap and approximate randomisation over whole clusters.

Conventions
-----------
Everything is paired: a resample draws the same stories for every system, and a randomised trial swaps all the articles
of a story between two systems or none of them. The first result is the baseline; each other one is compared with it.

Measures
--------
* ``low``, ``high``: 95 % percentile interval of the difference (system minus baseline) over paired resamples.
* ``p_randomisation``: approximate randomisation (Noreen, 1989): share of trials whose swapped systems differ at least
  as much as the real ones, ``(1 + k) / (1 + trials)``.
* ``p_bootstrap``: the paired bootstrap (Koehn, 2004) with the resamples' differences shifted to mean zero, as in
  sacrebleu.
* Holm's step-down correction (Holm, 1979) over the systems compared, figure by figure, where there are more than two.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any, Final

import numpy as np

from onrecord.errors import InputError, Problem
from onrecord.scoring import bootstrap
from onrecord.scoring.formulas import Floats
from onrecord.scoring.measures import catalogue, figure_name, figures, sources_of
from onrecord.scoring.result import Result, Score, resampled_figures
from onrecord.scoring.signature import require_comparable
from onrecord.scoring.tally import Key, Tally

NULL_HYPOTHESIS: Final = (
    "The null hypothesis: both systems are equally good on stories like these, and which of them gave which answers "
    "to a story is chance. A p-value below 0.05 says that a difference as large as the one seen would be unusual then."
)


@dataclass(frozen=True, slots=True)
class Difference:
    """How one figure of a system differs from the baseline's; each is None where undefined or too few clusters."""

    difference: float | None
    low: float | None = None
    high: float | None = None
    p_randomisation: float | None = None
    p_bootstrap: float | None = None

    def as_dict(self) -> dict[str, float | None]:
        """For ``--json``."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True)
class Comparison:
    """Some systems against the first of them.

    Attributes:
        results: The baseline, then the others.
        differences: By system name and figure.
        holm: Whether p-values are Holm-corrected over the systems.
        trials: Randomised trials.
    """

    results: tuple[Result, ...]
    differences: Mapping[str, Mapping[str, Difference]]
    holm: bool
    trials: int

    @property
    def baseline(self) -> Result:
        """The first result."""
        return self.results[0]

    @property
    def reports(self) -> list[str]:
        """What cannot be compared, in sentences: groups of measures that only one of two systems has."""
        found = []
        for result in self.results[1:]:
            for having, lacking in ((self.baseline, result), (result, self.baseline)):
                there = lacking.signature.layers.split("+")
                alone = [group for group in having.signature.layers.split("+") if group not in there]
                if alone:
                    found.append(
                        f"not compared, as {lacking.name} does not answer it: {', '.join(alone)} of {having.name}"
                    )
        return found

    def require_a_figure(self) -> None:
        """Refuses a system that shares nothing with the baseline; a report of both has other things to show.

        Raises:
            InputError: No figure is compared.
        """
        for name, found in self.differences.items():
            if not found:
                what = f"has no figure that {self.baseline.name} has"
                raise InputError(Problem(name, what, remedy="compare systems that answer the same layers"))

    def scores(self) -> dict[str, dict[str, Score]]:
        """Figures by system name."""
        return {result.name: result.scores for result in self.results}

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from onrecord.report.notebook import comparison_html

        return comparison_html(self)

    def as_dict(self) -> dict[str, Any]:
        """The object that ``onrecord compare --json`` prints."""
        return {
            "signature": str(self.baseline.signature),
            "null_hypothesis": NULL_HYPOTHESIS,
            "clusters": self.baseline.clusters,
            "trials": self.trials,
            "holm": self.holm,
            "baseline": self.baseline.name,
            "systems": {
                result.name: {
                    "signature": str(result.signature),
                    "scores": {name: score.as_dict() for name, score in result.scores.items()},
                    "differences": {
                        name: found.as_dict() for name, found in self.differences.get(result.name, {}).items()
                    },
                }
                for result in self.results
            },
            "reports": self.reports,
        }


def compare(*results: Result, trials: int = bootstrap.RESAMPLES, seed: int | None = None) -> Comparison:
    """Compares systems with the first of them.

    Args:
        results: Two or more results on the same data.
        trials: Randomised trials and paired resamples.
        seed: Of both; None takes the baseline's.

    Raises:
        InputError: Fewer than two results, or results that differ in data or definition.
        TypeError: Something else than results.
    """
    for result in results:
        if not isinstance(result, Result):
            raise TypeError(f"compare takes what score returned, not {type(result).__name__}")
    if trials < 0:
        raise InputError(Problem("trials", f"{trials} is negative", remedy="give 0 for no intervals and tests"))
    if len(results) < 2:
        raise InputError(Problem("compare", "needs at least two systems", remedy="give another prediction file"))
    results = _distinct(results)
    require_comparable({result.name: result.signature for result in results})
    baseline = results[0]
    for result in results[1:]:
        if result.counts.ids != baseline.counts.ids:
            remedy = "score the same articles with both"
            raise InputError(Problem(result.name, f"covers other articles than {baseline.name}", remedy=remedy))
        if result.counts.clusters != baseline.counts.clusters:
            what = f"has its articles in other stories than {baseline.name}"
            raise InputError(Problem(result.name, what, remedy="score both on the same gold: whole stories are drawn"))
    seed = baseline.seed if seed is None else seed
    found = {other.name: _differences(baseline, other, trials, seed) for other in results[1:]}
    holm = len(results) > 2
    return Comparison(results, _holm(found) if holm else found, holm, trials)


def _differences(baseline: Result, other: Result, trials: int, seed: int) -> dict[str, Difference]:
    shared = [name for name in baseline.scores if name in other.scores]
    clusters = baseline.clusters
    if not trials or clusters < bootstrap.FEWEST_CLUSTERS:
        return {name: Difference(_minus(other.scores[name].value, baseline.scores[name].value)) for name in shared}
    weights = bootstrap.draw_weights(clusters, trials, seed)
    ours, theirs = (resampled_figures(result.counts, weights) for result in (other, baseline))
    randomised = _randomised(baseline.counts, other.counts, trials, seed)
    found = {}
    for name in shared:
        real = _minus(other.scores[name].value, baseline.scores[name].value)
        if real is None:
            found[name] = Difference(None)
            continue
        spread = ours[name] - theirs[name]
        low, high = bootstrap.interval(spread) or (None, None)
        found[name] = Difference(
            real, low, high, _p_value(randomised[name], real), _p_value(spread - np.nanmean(spread), real)
        )
    return found


def _randomised(baseline: Tally, other: Tally, trials: int, seed: int) -> dict[str, Floats]:
    """(trials,) difference of every figure when whole clusters are swapped at random."""
    keys = sorted({key for tally in (baseline, other) for key in tally.keys if "=" not in key[1]})
    mine, yours = other.by_cluster(keys), baseline.by_cluster(keys)
    swaps = np.random.Generator(np.random.PCG64(seed)).integers(0, 2, size=(trials, len(mine))).astype(np.float64)
    moved = bootstrap.resample(swaps, yours - mine)
    return {
        name: values - _figures(keys, yours.sum(axis=0) - moved)[name]
        for name, values in _figures(keys, mine.sum(axis=0) + moved).items()
    }


def _figures(keys: Sequence[Key], totals: Floats) -> dict[str, Floats]:
    by_key = {key: totals[..., index, :] for index, key in enumerate(keys)}
    return {
        figure_name(measure.name, figure): values
        for measure in catalogue().values()
        if sources_of(measure, keys)
        for figure, values in figures(measure, by_key).items()
        if figure in measure.figures
    }


def _p_value(differences: Floats, real: float) -> float | None:
    there = differences[~np.isnan(differences)]
    if not len(there):
        return None
    return float((1 + np.count_nonzero(np.abs(there) >= abs(real) - 1e-12)) / (1 + len(there)))


def _minus(value: float | None, other: float | None) -> float | None:
    return None if value is None or other is None else value - other


def _holm(found: Mapping[str, Mapping[str, Difference]]) -> dict[str, dict[str, Difference]]:
    """Corrects the p-values of each figure for the number of systems compared with the baseline."""
    corrected: dict[str, dict[str, Difference]] = {system: dict(some) for system, some in found.items()}
    for field in ("p_randomisation", "p_bootstrap"):
        for name in sorted({name for some in found.values() for name in some}):
            values = {s: getattr(f[name], field) for s, f in found.items() if name in f}
            adjusted = holm({system: p for system, p in values.items() if p is not None})
            for system, p in adjusted.items():
                old = corrected[system][name].as_dict()
                corrected[system][name] = Difference(**{**old, field: p})
    return corrected


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Holm's step-down adjusted p-values.

    >>> holm({"a": 0.01, "b": 0.04, "c": 0.03})
    {'a': 0.03, 'c': 0.06, 'b': 0.06}
    """
    ordered = sorted(p_values.items(), key=lambda pair: (pair[1], pair[0]))
    adjusted: dict[str, float] = {}
    largest = 0.0
    for rank, (name, p) in enumerate(ordered):
        largest = max(largest, min(1.0, p * (len(ordered) - rank)))
        adjusted[name] = largest
    return adjusted


def _distinct(results: Sequence[Result]) -> tuple[Result, ...]:
    """Gives systems of the same name a number, so that their figures can be told apart."""
    from dataclasses import replace

    own = {result.name for result in results}
    taken: set[str] = set()
    renamed = []
    for result in results:
        # A name that another system brought itself stays that one's.
        name = result.name if result.name not in taken else free_name(result.name, taken | own)
        taken.add(name)
        renamed.append(result if name == result.name else replace(result, name=name))
    return tuple(renamed)


def free_name(name: str, taken: Collection[str]) -> str:
    """The name, with a number behind it if another system has it."""
    numbered = (f"{name}-{number}" for number in count(2))
    return next(one for one in chain((name,), numbered) if one not in taken)
