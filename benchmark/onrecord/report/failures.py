"""Where systems fail: figures by part and by kind of article, and confusion matrices. Counts, no measure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from onrecord.columns import Coded, unify
from onrecord.scoring.measures import STANCE_CELLS
from onrecord.scoring.slices import slices

if TYPE_CHECKING:
    from onrecord.report.study import Scoring, Study
    from onrecord.scoring import Result

#: Figures that stand in the tables of slices, where a result has them.
HEADS: Final = (
    "entities/strict:f1",
    "quotes/content-soft:f1",
    "quotes/speaker:f1",
    "dates/value:f1",
    "stance/accuracy",
    "record/attribution:f1",
)
#: Figures of the parts of measures.
PART_HEADS: Final = {
    "type": ("entities/strict", "dates/value"),
    "kind": ("entities/strict", "quotes/content-soft"),
    "sourcing": ("quotes/speaker",),
}
#: Kinds of articles, and how their slices are called.
FIELDS: Final = {
    "phenomena": "phenomenon",
    "desk": "desk",
    "outlet": "outlet",
    "length": "length",
    "language": "language",
}
#: Rows of a table and of a matrix; what is rarer is left out and counted.
MOST_ROWS: Final = 40
MOST_CELLS: Final = 20
_NOTHING: Final = "–"


@dataclass(frozen=True)
class Row:
    """A row of a table: a value, how much there is of it, and cells."""

    name: str
    number: int
    cells: tuple[float | None, ...]


@dataclass(frozen=True)
class Grid:
    """A table of figures.

    Attributes:
        title: What it goes by.
        counted: What ``Row.number`` counts.
        heads: Figures, each with a cell for every system.
        rows: The rows, the most frequent first.
        left_out: Number of values without a row.
    """

    title: str
    counted: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    left_out: int


@dataclass(frozen=True)
class Matrix:
    """A confusion matrix; an empty label stands for nothing."""

    labels: tuple[str, ...]
    cells: tuple[tuple[int, ...], ...]
    left_out: int

    def shade(self, row: int, column: int) -> int:
        """0 to 9: how dark a cell is, by its share of the row."""
        whole = sum(self.cells[row])
        return 0 if not whole or not self.cells[row][column] else 1 + int(8 * self.cells[row][column] / whole)


def grids(study: Study) -> list[Grid]:
    """Figures by kind of article."""
    found = []
    heads = tuple(name for name in HEADS if any(name in result.scores for result in study.results))
    results = [_only(result, heads) for result in study.results]
    for by, title in FIELDS.items():
        parts = [{part.value: part for part in slices(result, by)} for result in results]
        sizes = {value: part.articles for some in parts for value, part in some.items()}
        if len(sizes) < (1 if by == "phenomena" else 2):
            continue
        names = list(sizes) if by == "length" else sorted(sizes, key=lambda value: (-sizes[value], value))
        rows = [
            Row(value, sizes[value], tuple(_cell(some, value, head) for head in heads for some in parts))
            for value in names[:MOST_ROWS]
        ]
        found.append(Grid(title, "articles", heads, tuple(rows), len(names) - len(rows)))
    return found


def part_grids(study: Study) -> list[Grid]:
    """Precision, recall and F1 by type, kind and sourcing."""
    found = []
    for by, measures in PART_HEADS.items():
        results = [_only(result, measures) for result in study.results]
        parts = [{part.value: part.scores for part in slices(result, by)} for result in results]
        for measure in measures:
            f1 = f"{measure}:f1"
            sizes = {
                value: int(scores[f1].gold or 0) for some in parts for value, scores in some.items() if f1 in scores
            }
            if not sizes:
                continue
            heads = tuple(f"{measure}:{side}" for side in ("precision", "recall", "f1"))
            names = sorted(sizes, key=lambda value: (-sizes[value], value))
            rows = [
                Row(
                    value,
                    sizes[value],
                    tuple(
                        scores[head].value if (scores := some.get(value)) is not None and head in scores else None
                        for head in heads
                        for some in parts
                    ),
                )
                for value in names[:MOST_ROWS]
            ]
            found.append(Grid(f"{measure} by {by}", "in gold", heads, tuple(rows), len(names) - len(rows)))
    return found


def _cell(parts: Mapping[str, Any], value: str, head: str) -> float | None:
    score = parts[value].scores.get(head) if value in parts else None
    return None if score is None else score.value


def type_matrix(scoring: Scoring) -> Matrix | None:
    """Types of names that were paired, and of those that were not; an empty label stands for no name."""
    rows, task = scoring.aligned.get("entities"), scoring.run.task
    gold, answers = task.gold.mentions, task.answers.mentions
    if rows is None or gold is None or answers is None:
        return None
    # What stands behind the end is for row -1, the item that there is not.
    names, names_given = (np.append(_is_name(side.kind), False) for side in (gold, answers))
    keep = np.where(rows.gold >= 0, names[rows.gold], names_given[rows.answer])
    *codes, words = unify(gold.type, answers.type)
    types, types_given = (np.append(some, -1) for some in codes)
    # The last two stand for a name without a type, and for no name.
    size = len(words) + 2
    left, right = (
        np.where(numbers < 0, size - 1, np.where(codes[numbers] < 0, size - 2, codes[numbers]))[keep]
        for numbers, codes in ((rows.gold, types), (rows.answer, types_given))
    )
    known = [*words, _NOTHING, ""]
    pairs, numbers = np.unique(left * size + right, return_counts=True)
    return _matrix(
        {(known[pair // size], known[pair % size]): n for pair, n in zip(pairs.tolist(), numbers.tolist(), strict=True)}
    )


def _is_name(kind: Coded) -> npt.NDArray[np.bool_]:
    """(mentions,) whether each is a name; one without a kind is."""
    return ~np.isin(kind.codes, [place for place, value in enumerate(kind.values) if value != "name"])


def stance_matrix(scoring: Scoring) -> Matrix | None:
    """Labels of the given rows and of the answers; an empty label stands for no answer."""
    counts = Counter(
        {
            (label.partition(">")[0], label.partition(">")[2]): int(sums[0])
            for (measure, label), sums in scoring.result.counts.totals().items()
            if measure == STANCE_CELLS
        }
    )
    return _matrix(counts) if counts else None


def _matrix(counts: Mapping[tuple[str, str], int]) -> Matrix:
    sizes: Counter[str] = Counter()
    for (gold, answer), number in counts.items():
        for label in {gold, answer} - {""}:
            sizes[label] += number
    labels = sorted(sizes, key=lambda label: (-sizes[label], label))
    shown = (*labels[:MOST_CELLS], "")
    cells = tuple(tuple(counts.get((gold, answer), 0) for answer in shown) for gold in shown)
    return Matrix(shown, cells, max(len(labels) - MOST_CELLS, 0))


def _only(result: Result, figures: Sequence[str]) -> Result:
    """The result with nothing but what some figures and their parts are made from, and without intervals."""
    wanted = {name.partition(":")[0] for name in figures}
    wanted |= {STANCE_CELLS} if any(name.startswith("stance/") for name in wanted) else set()
    tally = result.counts
    counts = tally.only({key: key for key in tally.keys if key[0] in wanted})
    return replace(result, counts=counts, resamples=0)
