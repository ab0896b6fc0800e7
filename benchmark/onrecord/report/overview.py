"""What the overview and the page of failures show, ready for the templates: figures as they are printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from onrecord.report import charts, failures
from onrecord.report.confusions import confusions
from onrecord.report.inventory import inventory
from onrecord.report.labels import Point
from onrecord.report.scores import interval_note
from onrecord.report.tables import count, figure, spread
from onrecord.scoring.alignment import OUTCOMES
from onrecord.scoring.measures import GROUPS, catalogue, figure_name

if TYPE_CHECKING:
    from onrecord.report.charts import Chart
    from onrecord.report.failures import Grid
    from onrecord.report.study import Study
    from onrecord.scoring import Result
    from onrecord.scoring.measures import Measure

#: Figures of the chart, where some system has them.
HEADLINES: Final = (
    "entities/strict:f1",
    "coreference/conll:f1",
    "linking/in-kb:f1",
    "quotes/content-soft:f1",
    "quotes/speaker:f1",
    "quotes/full:f1",
    "dates/relaxed:f1",
    "dates/value:f1",
    "stance/macro:f1",
    "stance/fnc",
    "stance/triple:f1",
    "record/attribution:f1",
    "record/full:f1",
)
#: Parts that the chart of precision against recall shows.
_BALANCED: Final = ("entities/strict by type", "quotes/content-soft by kind", "dates/value by type")
#: What layers are called; stances are answered in two ways.
LAYER_TITLES: Final = {
    "entities": "entities",
    "quotes": "quotes",
    "dates": "dates",
    "stances": "stance, found",
    "stance_rows": "stance, given rows",
}
_STARS: Final = ((0.001, "***"), (0.01, "**"), (0.05, "*"))
_NOTHING: Final = (("no name", "not found"), ("no row", "no answer"))


def overview(study: Study) -> dict[str, Any]:
    """Everything that ``report.html.j2`` needs but the data of articles; ``drawn`` are the charts themselves."""
    found = inventory(study.gold)
    shown: dict[str, Any] = {
        "systems": study.names,
        "heading": " · ".join([study.gold.name, *study.names]) if study.scorings else study.gold.name,
        "data_line": data_line(study),
        "facts": found["facts"],
        "layers": found["layers"],
        **_citation(study),
    }
    if not study.scorings:
        drawn = [
            charts.counts_chart(name, title, found[name])
            for name, title in (("labels", "What is annotated"), ("articles", "Articles"))
            if found[name]
        ]
        return {**shown, "drawn": drawn, "overview_charts": [_on_page(chart) for chart in drawn]}
    parts = failures.part_grids(study)
    overview_charts = _overview_charts(study)
    failure_charts = _failure_charts(study, parts)
    notes = {result.name: result.reports for result in study.results}
    covered = list(dict.fromkeys(layer for result in study.results for layer in result.coverage))
    grounded = [how for how in study.results[0].grounding if any(result.grounding.get(how) for result in study.results)]
    return {
        **shown,
        "drawn": [*overview_charts, *failure_charts],
        "overview_charts": [_on_page(chart) for chart in overview_charts],
        "failure_charts": [_on_page(chart) for chart in failure_charts],
        "score_groups": _score_groups(study),
        "interval_note": interval_note(study.results[0]).capitalize(),
        "holm": study.comparison is not None and study.comparison.holm,
        "covered": covered,
        "grounded": grounded,
        "coverage": [
            {
                "name": result.name,
                "cells": [
                    *(_answered(result.coverage.get(layer)) for layer in covered),
                    *(f"{result.grounding.get(how, 0):,}" for how in grounded),
                ],
                "reports": notes[result.name],
            }
            for result in study.results
        ],
        "signatures": [(result.name, str(result.signature)) for result in study.results],
        "titles": LAYER_TITLES,
        "confusions": [(scoring.name, confusions(scoring)) for scoring in study.scorings],
        "grids": failures.grids(study),
        "part_grids": parts,
        "matrices": _matrices(study),
    }


def data_line(study: Study) -> str:
    """Name, version, edition and split of the data."""
    gold = study.gold
    edition = f"edition {gold.edition}" if gold.edition else ""
    known = [f"{gold.name} {gold.version}".strip(), edition, f"split {gold.split}", f"data {gold.data_hash[:12]}"]
    return " · ".join(filter(None, known))


def outcome_counts(study: Study) -> dict[str, dict[str, list[int]]]:
    """By system and layer, the number of items of each outcome."""
    return {
        scoring.name: {
            LAYER_TITLES[layer]: np.bincount(rows.outcome, minlength=len(OUTCOMES)).tolist()
            for layer, rows in scoring.aligned.items()
            if len(rows)
        }
        for scoring in study.scorings
    }


def _citation(study: Study) -> dict[str, str]:
    release = study.release
    if release is None:
        return {"citation": "", "cite_line": f"Name the data and the signature: {data_line(study)}."}
    edition = f", edition {release.edition}" if release.edition else ""
    line = f"{release.name} {release.version}{edition}, data {release.data_hash[:16]}, licence {release.licence}."
    return {"citation": release.citation.strip(), "cite_line": line}


def _answered(numbers: Mapping[str, int] | None) -> str:
    return "–" if numbers is None else f"{numbers['answered']:,} of {numbers['articles']:,}"


def _on_page(chart: Chart) -> dict[str, Any]:
    from markupsafe import Markup

    # Safe: the drawing escapes the names in it, `html` the label.
    return {"html": Markup(chart.html()), "title": chart.title, "note": ""}


def _overview_charts(study: Study) -> list[Chart]:
    names = [name for name in HEADLINES if any(_has(result, name) for result in study.results)]
    found = [charts.scores_chart(study.results, names)] if names else []
    counts = outcome_counts(study)
    if any(counts.values()):
        found.append(charts.outcomes_chart(counts))
    return found


def _has(result: Result, name: str) -> bool:
    return name in result.scores and result.scores[name].value is not None


def _failure_charts(study: Study, parts: Sequence[Grid]) -> list[Chart]:
    found = []
    for place, name in enumerate(study.names):
        points = []
        for grid in parts:
            for row in grid.rows if grid.title in _BALANCED else ():
                precision, recall = row.cells[place], row.cells[len(study.names) + place]
                if precision is not None and recall is not None and row.number:
                    points.append(Point(row.name, recall, precision, row.number))
        if points:
            found.append(charts.balance_chart(place, name, points))
    return found


def _matrices(study: Study) -> list[tuple[str, Any, tuple[str, str]]]:
    found = []
    for scoring in study.scorings:
        for matrix, what, nothing in zip(
            (failures.type_matrix(scoring), failures.stance_matrix(scoring)),
            ("types of names", "stance labels"),
            _NOTHING,
            strict=True,
        ):
            if matrix is not None:
                found.append((f"{what.capitalize()}: {scoring.name}", matrix, nothing))
    return found


def _score_groups(study: Study) -> list[tuple[str, list[dict[str, Any]]]]:
    groups: dict[str, list[dict[str, Any]]] = {group: [] for group in GROUPS}
    for measure in catalogue().values():
        for head in _heads(measure):
            if any(head in result.scores for result in study.results):
                groups[measure.group].append(_score_row(study, measure, head))
    return [(group, rows) for group, rows in groups.items() if rows]


def _heads(measure: Measure) -> list[str]:
    """The figures of a measure that have a row: its F1 (with precision and recall beside it) and what else it has."""
    return [figure_name(measure.name, suffix) for suffix in measure.figures if suffix not in ("precision", "recall")]


def _score_row(study: Study, measure: Measure, head: str) -> dict[str, Any]:
    values = [result.scores[head].value if head in result.scores else None for result in study.results]
    best = max((value for value in values if value is not None), default=None)
    sides = head.endswith(":f1")
    cells: list[dict[str, Any] | None] = []
    for result, value in zip(study.results, values, strict=True):
        score = result.scores.get(head)
        if score is None:
            cells.append(None)
            continue
        precision, recall = (result.scores.get(f"{measure.name}:{side}") for side in ("precision", "recall"))
        mark, why = _significance(study, result, head)
        cells.append(
            {
                "precision": figure(precision.value) if sides and precision else "",
                "recall": figure(recall.value) if sides and recall else "",
                "value": figure(value),
                "interval": spread(score.low, score.high),
                "predicted": count(score.predicted),
                "best": len(values) > 1 and value is not None and value == best,
                "mark": mark,
                "why": why,
            }
        )
    gold = next((result.scores[head].gold for result in study.results if head in result.scores), None)
    name = measure.name if sides or head == measure.name else head
    return {"measure": name, "title": measure.title, "cells": cells, "gold": count(gold)}


def _significance(study: Study, result: Result, head: str) -> tuple[str, str]:
    """The mark of a difference from the baseline, and what it says."""
    if study.comparison is None:
        return "", ""
    found = study.comparison.differences.get(result.name, {}).get(head)
    p = None if found is None else found.p_randomisation
    if found is None or p is None or found.difference is None:
        return "", ""
    mark = next((stars for limit, stars in _STARS if p < limit), "")
    return mark, f"{found.difference:+.3f} against {study.comparison.baseline.name}, p = {p:.3f}"
