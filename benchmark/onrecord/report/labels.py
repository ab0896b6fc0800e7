"""Labels beside points of a chart, where they cover neither one another nor a point, as far as there is room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, TypeAlias

from onrecord.report.terminal import printable

#: Left, right, bottom, top, in shares of the axes.
Box: TypeAlias = tuple[float, float, float, float]

#: Labels of a chart.
MOST: Final = 14
_LONGEST: Final = 26
#: About what a letter and a line of the labels' size take of a chart of a column's width.
_LETTER: Final = 0.0155
_LINE: Final = 0.036
_POINT: Final = 0.014


@dataclass(frozen=True, slots=True)
class Point:
    """A part of a measure: recall and precision, and the number of gold items it stands for."""

    name: str
    recall: float
    precision: float
    size: float


def labelled(points: Sequence[Point]) -> Iterator[tuple[str, tuple[float, float], Point]]:
    """Words, the place of their left end and the point they belong to, for the largest points.

    Points in the same spot share a label; one that finds no room is left out.
    """
    spots: dict[tuple[float, float], list[Point]] = {}
    for point in sorted(points, key=lambda point: -point.size)[:MOST]:
        spots.setdefault((round(point.recall, 2), round(point.precision, 2)), []).append(point)
    taken: list[Box] = [
        (p.recall - _POINT, p.recall + _POINT, p.precision - _POINT, p.precision + _POINT) for p in points
    ]
    for some in spots.values():
        words = printable(", ".join(point.name for point in some))
        words = words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
        for left, middle in _places(some[0], len(words) * _LETTER):
            box = (left, left + len(words) * _LETTER, middle - _LINE / 2, middle + _LINE / 2)
            if box[0] >= 0 and box[1] <= 1.03 and box[2] >= 0 and box[3] <= 1.05 and not _covers(box, taken):
                taken.append(box)
                yield words, (left, middle), some[0]
                break


def _places(point: Point, width: float) -> Iterator[tuple[float, float]]:
    """Where a label could stand, the nearest place first."""
    for far, height in product((0.022, 0.06, 0.11, 0.17), (0, 1, -1, 2, -2, 3, -3)):
        for left in (point.recall + far, point.recall - far - width):
            yield left, point.precision + height * _LINE


def _covers(box: Box, others: Sequence[Box]) -> bool:
    return any(box[0] < other[1] and other[0] < box[1] and box[2] < other[3] and other[2] < box[3] for other in others)
