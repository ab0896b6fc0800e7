"""The charts of a report: drawn by matplotlib at the width of a column, as SVG for the page, as SVG and PNG for papers.

Charts show figures and counts that others computed. Systems differ by marker and colour, outcomes by hatching and
colour.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from onrecord.report.labels import Point, labelled
from onrecord.report.terminal import printable
from onrecord.report.themed import GRID, INK, MUTED, OUTCOMES, PAPER, SYSTEMS, inline

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from onrecord.scoring import Result

#: Inches; what a column of a two-column paper has.
WIDTH: Final = 3.4
_MARKERS: Final = ("o", "s", "^", "D", "v", "P")
_HATCHES: Final = ("", "..", "\\\\", "//", "xx")
_LONGEST: Final = 30
#: Names of outcomes as they are printed, in the order of ``onrecord.scoring.alignment.OUTCOMES``.
OUTCOME_WORDS: Final = ("right", "partial", "wrong attribute", "missed", "spurious")


@dataclass(frozen=True)
class Chart:
    """A chart.

    Attributes:
        name: For file names.
        title: A heading.
        label: What it shows, in a sentence, for those who do not see it.
        figure: The drawing.
    """

    name: str
    title: str
    label: str
    figure: Figure

    def html(self) -> str:
        """The ``<svg>`` element; everything from outside in it is escaped."""
        with _settings({"svg.fonttype": "none", "svg.hashsalt": self.name}):
            return inline(self._saved("svg").decode(), label=escape(_cut(self.label, 4_000)), prefix=self.name)

    def svg(self) -> bytes:
        """A file for papers, its letters as outlines."""
        with _settings({"svg.fonttype": "path", "svg.hashsalt": self.name}):
            return self._saved("svg")

    def png(self) -> bytes:
        """A file of 300 dots an inch."""
        with _settings({}):
            return self._saved("png")

    def _saved(self, kind: str) -> bytes:
        stream = BytesIO()
        date: dict[str, Any] = {"metadata": {"Date": None}} if kind == "svg" else {}
        with warnings.catch_warnings():
            # A name in a script that the drawing's font lacks is drawn as boxes; the page's own font has it.
            warnings.filterwarnings("ignore", message="Glyph .* missing from font")
            self.figure.savefig(stream, format=kind, dpi=300, **date)
        return stream.getvalue()


def scores_chart(results: Sequence[Result], names: Sequence[str]) -> Chart:
    """Figures with their intervals, one row a figure, systems under one another.

    Args:
        results: The systems, six at most.
        names: Figures, e.g. ``quotes/full:f1``.
    """
    rows = list(names)
    figure, axes = _canvas(0.5 + len(rows) * (0.14 + 0.1 * len(results)))
    for place, result in enumerate(results):
        offset = (place - (len(results) - 1) / 2) * 0.24
        points = [
            (row + offset, score) for row, name in enumerate(rows) if (score := result.scores.get(name)) is not None
        ]
        points = [(row, score) for row, score in points if score.value is not None]
        for row, score in points:
            if score.low is not None and score.high is not None:
                axes.plot([score.low, score.high], [row, row], color=SYSTEMS[place], linewidth=1.2, zorder=2)
        axes.plot(
            [score.value or 0.0 for _, score in points],
            [row for row, _ in points],
            linestyle="none",
            marker=_MARKERS[place],
            markersize=4,
            markerfacecolor=SYSTEMS[place],
            markeredgecolor=PAPER,
            markeredgewidth=0.5,
            label=_short(result.name),
            clip_on=False,
            zorder=3,
        )
    axes.set_yticks(range(len(rows)), rows)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0, 1)
    axes.grid(axis="x", color=GRID, linewidth=0.6)
    for border in [row for row in range(1, len(rows)) if _group(rows[row]) != _group(rows[row - 1])]:
        axes.axhline(border - 0.5, color=GRID, linewidth=0.6)
    if len(results) > 1:
        _legend(figure, min(len(results), 3))
    label = "; ".join(
        f"{result.name}: " + ", ".join(f"{name} {_said(result, name)}" for name in rows) for result in results
    )
    return Chart("scores", "Headline figures", f"Headline figures with 95 % intervals. {label}", figure)


def outcomes_chart(counts: Mapping[str, Mapping[str, Sequence[int]]]) -> Chart:
    """What became of the items: a bar for each layer and system.

    Args:
        counts: By system and layer, the number of items of each outcome.
    """
    layers = list(dict.fromkeys(layer for some in counts.values() for layer in some))
    bars = [(layer, system) for layer in layers for system in counts if layer in counts[system]]
    figure, axes = _canvas(0.75 + 0.22 * len(bars))
    several = len(counts) > 1
    names = [_short(f"{layer} · {system}" if several else layer) for layer, system in bars]
    left = [0.0] * len(bars)
    for outcome, word in enumerate(OUTCOME_WORDS):
        sizes = [_share(counts[system][layer], outcome) for layer, system in bars]
        axes.barh(
            range(len(bars)),
            sizes,
            left=left,
            height=0.72,
            color=OUTCOMES[outcome],
            edgecolor=PAPER,
            hatch=_HATCHES[outcome],
            linewidth=0.4,
            label=word,
        )
        left = [before + size for before, size in zip(left, sizes, strict=True)]
    axes.set_yticks(range(len(bars)), names)
    axes.set_ylim(len(bars) - 0.5, -0.5)
    axes.set_xlim(0, 100)
    axes.set_xlabel("% of items, gold's and spurious ones")
    _legend(figure, 3)
    said = "; ".join(
        f"{layer}, {system}: "
        + ", ".join(f"{number} {word}" for number, word in zip(counts[system][layer], OUTCOME_WORDS, strict=True))
        for layer, system in bars
    )
    return Chart("outcomes", "What became of the items", f"Items by outcome. {said}", figure)


def balance_chart(number: int, system: str, points: Sequence[Point]) -> Chart:
    """Precision against recall of one system, one point a part of a measure, with lines of equal F1.

    Args:
        number: Of the system, from 0; decides marker and colour.
        system: Its name.
        points: The parts.
    """
    import numpy as np

    figure, axes = _canvas(WIDTH * 0.85)
    recall = np.linspace(0.001, 1, 200)
    for f1 in (0.2, 0.4, 0.6, 0.8):
        precision = f1 * recall / np.maximum(2 * recall - f1, 1e-9)
        inside = (2 * recall > f1) & (precision <= 1)
        axes.plot(recall[inside], precision[inside], color=GRID, linewidth=0.7, zorder=1)
        axes.annotate(f"F1 {f1}", (1.0, f1 / (2 - f1)), color=MUTED, fontsize=5.5, ha="right", va="bottom")
    largest = max((point.size for point in points), default=1.0)
    for point in points:
        axes.plot(
            [point.recall],
            [point.precision],
            linestyle="none",
            marker=_MARKERS[number],
            markersize=3 + 4 * (point.size / largest) ** 0.5,
            markerfacecolor=SYSTEMS[number],
            markeredgecolor=PAPER,
            markeredgewidth=0.5,
            clip_on=False,
            zorder=3,
        )
    for words, spot, point in labelled(points):
        axes.annotate(
            words,
            (point.recall, point.precision),
            xytext=spot,
            color=INK,
            fontsize=5.5,
            va="center",
            arrowprops={"arrowstyle": "-", "color": MUTED, "linewidth": 0.4, "shrinkA": 0, "shrinkB": 2},
            zorder=4,
        )
    axes.set_xlim(0, 1.03)
    axes.set_ylim(0, 1.05)
    axes.set_xlabel("recall")
    axes.set_ylabel("precision")
    said = ", ".join(f"{p.name} precision {p.precision:.2f} recall {p.recall:.2f}" for p in points)
    title = f"Precision against recall by part: {_short(system)}"
    return Chart(f"balance-{number + 1}", title, f"{title}: {said}", figure)


def counts_chart(name: str, title: str, groups: Mapping[str, Mapping[str, int]]) -> Chart:
    """Numbers as bars, group under group.

    Args:
        name: Of the chart.
        title: Its heading.
        groups: By heading, numbers by name in the order to show.
    """
    numbers = [number for some in groups.values() for number in some.values()]
    figure, axes = _canvas(0.4 + 0.16 * (len(numbers) + 1.4 * len(groups)))
    position = 0.0
    ticks, names = [], []
    largest = max(numbers, default=1)
    for heading, some in groups.items():
        axes.text(0, position, heading, fontsize=7, fontweight="bold", color=INK, va="center")
        position += 1
        for word, number in some.items():
            axes.barh(position, number, height=0.7, color=SYSTEMS[0])
            axes.text(number + largest * 0.012, position, f"{number:,}", fontsize=6, va="center", color=MUTED)
            ticks.append(position)
            names.append(_short(word))
            position += 1
        position += 0.4
    axes.set_yticks(ticks, names)
    axes.set_ylim(position - 0.6, -0.7)
    axes.set_xlim(0, largest * 1.14)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    said = "; ".join(
        f"{heading}: " + ", ".join(f"{k} {n}" for k, n in some.items()) for heading, some in groups.items()
    )
    return Chart(name, title, f"{title}. {said}", figure)


def _canvas(height: float) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure

    with _settings({}):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        axes = figure.add_subplot()
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GRID)
    axes.tick_params(length=0, colors=INK, labelsize=7)
    axes.xaxis.label.set(color=MUTED, fontsize=7)
    axes.yaxis.label.set(color=MUTED, fontsize=7)
    axes.set_axisbelow(True)
    return figure, axes


def _settings(some: dict[str, Any]) -> Any:
    """The settings matplotlib comes with settings and these, whatever else this process has set."""
    import matplotlib as mpl

    # A dollar sign in the name of a system or type is no formula.
    plain: dict[str, Any] = {
        "text.parse_math": False,
        "axes.facecolor": "none",
        "figure.facecolor": "none",
        "hatch.linewidth": 0.5,
    }
    settings: dict[Any, Any] = {**mpl.rcParamsDefault, **plain, "backend": mpl.rcParams["backend"], **some}
    return mpl.rc_context(settings)


def _legend(figure: Figure, columns: int) -> None:
    figure.legend(
        loc="outside upper left",
        ncols=columns,
        frameon=False,
        fontsize=6.5,
        labelcolor=INK,
        handletextpad=0.4,
        columnspacing=1.0,
        borderaxespad=0.1,
    )


def _share(counts: Sequence[int], outcome: int) -> float:
    return 100 * counts[outcome] / max(sum(counts), 1)


def _group(name: str) -> str:
    return name.partition("/")[0]


def _said(result: Result, name: str) -> str:
    score = result.scores.get(name)
    return "not measured" if score is None or score.value is None else f"{score.value:.3f}"


def _short(name: str) -> str:
    return _cut(printable(name), _LONGEST)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
