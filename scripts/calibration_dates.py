"""TIMEX3 of AQUAINT and of a pass, as written and mapped: annotations/calibration/MAPPING.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from calibration_counts import Counts
from calibration_samples import articles
from onrecord.scoring.matching import Graph

_PARTS: Final = re.compile(r"(?P<day>\d{4}-(?:\d{2}-\d{2}|W\d{2}-\d))T(?:MO|MI|AF|EV|NI|DT)")
_ARTICLE: Final = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)
_RECENT: Final = re.compile(r"recent(?:ly)?\b|.*\brecent\b", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Time:
    """An expression of either side."""

    start: int
    end: int
    type: str
    value: str


def read_gold(path: Path) -> dict[str, tuple[str, list[Time]]]:
    """Text and expressions of the sample's articles, by id.

    Raises:
        InputError: Nothing of TempEval-3 is below the path.
    """
    return {
        item.article.id: (
            item.article.text,
            [Time(d.start or 0, d.end or 0, d.type or "", d.value or "") for d in item.labels.dates or ()],
        )
        for item in articles("aquaint", path)
    }


def read_dates(row: Mapping[str, Any]) -> list[Time]:
    """A pass's expressions."""
    return [Time(item["start"], item["end"], item["type"], item["value"]) for item in row["dates"]]


def count(text: str, gold: Sequence[Time], given: Sequence[Time], *, recent: bool = True) -> dict[str, Counts]:
    """Counts of one document by figure.

    Args:
        text: The document.
        gold: Expressions of the first side.
        given: Expressions of the second side.
        recent: Whether "recent" of the second side, which the first does not have, is set aside in mapped figures.
    """
    found = _figures(gold, given)
    mine, theirs = ([mapped(text, time) for time in side] for side in (gold, given))
    if recent:
        theirs = [time for time in theirs if not _aside(text, time, mine)]
    found |= {f"{name}, mapped": counts for name, counts in _figures(mine, theirs, alike=True).items()}
    return found


def mapped(text: str, time: Time) -> Time:
    """The expression in the common convention; parts of the day are settled when two are compared."""
    start, end = time.start, time.end
    if match := _ARTICLE.match(text, start, end):
        start = match.end()
    while end > start + 1 and text[end - 1] in ".,;: \n":
        end -= 1
    value = re.sub(r"(?<=\d)(?:-XX)+$", "", time.value)
    value = re.sub(r"-W(\d)(?!\d)", r"-W0\1", value)
    value = re.sub(r"(T\d{2}:\d{2}):00$", r"\1", value)
    value = re.sub(r"(T\d{2}):00$", r"\1", value)
    return Time(start, end, "TIME" if time.type == "DATE" and re.search(r"\dT", value) else time.type, value)


def _aside(text: str, time: Time, gold: Iterable[Time]) -> bool:
    words = text[time.start : time.end]
    return bool(_RECENT.match(words)) and not any(other.start < time.end and time.start < other.end for other in gold)


def _figures(gold: Sequence[Time], given: Sequence[Time], *, alike: bool = False) -> dict[str, Counts]:
    edges = [
        (row, place)
        for row, mine in enumerate(gold)
        for place, theirs in enumerate(given)
        if mine.start < theirs.end and theirs.start < mine.end
    ]
    pairs: list[tuple[Time, Time]] = []
    if edges:
        left, right = (np.asarray(side, dtype=np.int64) for side in zip(*edges, strict=True))
        both = [_agreed(gold[row], given[place], alike=alike) for row, place in edges]
        preferences = (
            [True] * len(both),
            [(a.start, a.end) == (b.start, b.end) for a, b in both],
            [a.value == b.value for a, b in both],
            [a.type == b.type for a, b in both],
        )
        chosen = Graph(left, right).best([np.asarray(level, dtype=np.int64) for level in preferences])
        pairs = [both[edge] for edge in chosen.tolist()]
    spans = {(time.start, time.end) for time in gold} & {(time.start, time.end) for time in given}
    met = float(len(pairs))
    return {
        "strict F1": Counts(len(spans), len(gold), len(given)),
        "relaxed F1": Counts(met, len(gold), len(given)),
        "type accuracy": Counts(sum(a.type == b.type for a, b in pairs), met, met),
        "value accuracy": Counts(sum(a.value == b.value for a, b in pairs), met, met),
    }


def _agreed(first: Time, second: Time, *, alike: bool) -> tuple[Time, Time]:
    """The pair; a day and a part of the same day are made the same if ``alike``."""
    days = [match["day"] if (match := _PARTS.fullmatch(time.value)) else time.value for time in (first, second)]
    if alike and first.value != second.value and days[0] == days[1] and {first.value, second.value} & {days[0]}:
        return first, replace(second, value=first.value, type=first.type)
    return first, second
