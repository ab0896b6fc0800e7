"""Counts of documents, what follows from their totals, and the rows in which calibration prints it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from onrecord.scoring import bootstrap

Floats = npt.NDArray[np.float64]
_RESAMPLES: Final = bootstrap.RESAMPLES


@dataclass(frozen=True, slots=True)
class Counts:
    """What one document adds to a figure that is 2 · matched / (first + second), as F1 and (with equal sides) accuracy.

    Attributes:
        matched: Items that both sides have.
        first: Items of the first side.
        second: Items of the second side.
    """

    matched: float
    first: float
    second: float


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its interval over documents, if there are ten."""

    value: float | None
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        """``0.912 [0.880, 0.941]``."""
        if self.value is None:
            return "-"
        return f"{self.value:.3f}" if self.low is None else f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def figure(documents: Sequence[Counts]) -> Figure:
    """The figure of the totals, with a percentile interval over resampled documents."""
    table = np.asarray([(one.matched, one.first, one.second) for one in documents], dtype=np.float64).reshape(-1, 3)
    value = float(_share(table.sum(axis=0)[None])[0])
    if np.isnan(value):
        return Figure(None)
    if len(table) < bootstrap.FEWEST_CLUSTERS:
        return Figure(value)
    spread = _share(bootstrap.draw_weights(len(table), _RESAMPLES) @ table)
    return Figure(value, *(bootstrap.interval(spread) or (None, None)))


def total(documents: Sequence[Mapping[str, Counts]]) -> dict[str, Figure]:
    """Every figure over some documents."""
    return {name: figure([one[name] for one in documents]) for name in documents[0]} if documents else {}


def _share(totals: Floats) -> Floats:
    """(n, 3) to (n,); NaN where both sides are empty."""
    room = totals[:, 1] + totals[:, 2]
    return np.where(room > 0, 2 * totals[:, 0] / np.where(room > 0, room, 1.0), np.nan)


def table(rows: Mapping[str, Mapping[str, Figure]]) -> str:
    """A Markdown table: a row for each comparison, a column for each figure."""
    columns = list(dict.fromkeys(name for figures in rows.values() for name in figures))
    lines = ["| pairs | " + " | ".join(columns) + " |", "|---|" + "---:|" * len(columns)]
    lines += [
        f"| {title} | " + " | ".join(str(figures.get(name, Figure(None))) for name in columns) + " |"
        for title, figures in rows.items()
    ]
    return "\n".join(lines)
