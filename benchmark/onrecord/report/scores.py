"""Results, slices and comparisons as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from onrecord.report.tables import Table, count, figure, spread

if TYPE_CHECKING:
    from onrecord.scoring import Comparison, Result, Score
    from onrecord.scoring.slices import Slice

_HEADS: Final = ("precision", "recall", "F1/score", "95% interval", "gold", "predicted")


def score_table(result: Result, notes: Sequence[str] = ()) -> Table:
    """One row a measure, with its F1 (or its only figure), the interval of that, and the numbers of items."""
    rows = _grouped(measure_rows(result.scores))
    return Table(("measure", *_HEADS), rows, notes)


def slice_table(by: str, slices: Sequence[Slice], notes: Sequence[str] = ()) -> Table:
    """One row for each measure of each slice."""
    rows: list[list[str]] = []
    for part in slices:
        if rows:
            rows.append([])
        rows += [[f"{part.value} ({part.articles})", *row] for row in measure_rows(part.scores)]
    return Table((f"{by} (articles)", "measure", *_HEADS), rows, notes)


def comparison_table(comparison: Comparison, notes: Sequence[str] = ()) -> Table:
    """One row for each headline figure and system: the figure, its difference from the baseline, and p-values."""
    rows: list[list[str]] = []
    for name in comparison.baseline.scores:
        suffix = name.partition(":")[2]
        if suffix in ("precision", "recall"):
            continue
        if rows and rows[-1] and rows[-1][0].partition("/")[0] != name.partition("/")[0]:
            rows.append([])
        for result in comparison.results:
            score = result.scores.get(name)
            if score is None:
                continue
            found = comparison.differences.get(result.name, {}).get(name)
            cells = [name, result.name, figure(score.value), spread(score.low, score.high)]
            if found is None:
                cells += ["(baseline)", "", "", ""]
            else:
                sign = "" if found.difference is None else f"{found.difference:+.3f}"
                cells += [sign, spread(found.low, found.high), _p(found.p_randomisation), _p(found.p_bootstrap)]
            rows.append(cells)
    heads = ("figure", "system", "score", "95% interval", "difference", "95% interval", "p (rand.)", "p (boot.)")
    return Table(heads, rows, notes)


def measure_rows(scores: Mapping[str, Score]) -> list[list[str]]:
    """Cells of the measures: name, precision, recall, F1 or the bare figure, its interval, gold, predicted."""
    measures: dict[str, dict[str, Score]] = {}
    for name, score in scores.items():
        measure, _, suffix = name.partition(":")
        if suffix in ("precision", "recall", "f1", ""):
            measures.setdefault(measure, {})[suffix] = score
        else:
            measures[name] = {"": score}
    rows = []
    for measure, some in measures.items():
        head = some.get("f1") or some.get("")
        if head is None:
            continue
        sides = [figure(some[side].value) if side in some else "" for side in ("precision", "recall")]
        rows.append(
            [
                measure,
                *sides,
                figure(head.value),
                spread(head.low, head.high),
                count(head.gold),
                count(head.predicted),
            ]
        )
    return rows


def result_notes(result: Result) -> list[str]:
    """What stands below a table of scores: coverage, grounding, intervals, reports, the signature."""
    covered = ", ".join(
        f"{layer} {numbers['answered']}/{numbers['articles']}" for layer, numbers in result.coverage.items()
    )
    notes = [f"articles answered: {covered}"] if covered else []
    placed = [f"{number} {how}" for how, number in result.grounding.items() if number]
    if placed:
        notes.append(f"spans: {', '.join(placed)}")
    notes.append(interval_note(result))
    notes += [f"note: {sentence}" for sentence in result.reports]
    notes.append(f"signature: {result.signature}")
    return notes


def interval_note(result: Result) -> str:
    """How the intervals were made, or why there are none."""
    unit = "stories" if str(result.signature.resampling).endswith("story") else "articles"
    if not result.resamples:
        return f"no intervals were asked for ({result.clusters} {unit})"
    if result.clusters < 10:
        return f"no intervals: fewer than ten {unit} to resample ({result.clusters})"
    return f"intervals: percentile bootstrap, {result.resamples} resamples of {result.clusters} {unit}"


def _grouped(rows: Sequence[list[str]]) -> list[list[str]]:
    """An empty row between groups of measures."""
    found: list[list[str]] = []
    for row in rows:
        if found and found[-1] and found[-1][0].partition("/")[0] != row[0].partition("/")[0]:
            found.append([])
        found.append(row)
    return found


def _p(value: float | None) -> str:
    return "" if value is None else "<0.001" if value < 0.001 else f"{value:.3f}"
