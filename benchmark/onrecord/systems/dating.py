"""TIMEX3 values for temporal expressions that something else found: a tagger, spaCy, dateparser.

The finder decides the extent; the value is that of the rules' expression it overlaps most, read in its context, or,
where the rules see none there, of its words read alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from onrecord.model import Date, DateType
from onrecord.systems import normaliser as timex
from onrecord.systems.rules_dates import find_dates, publication_day
from onrecord.systems.text import Region

_UNIT: Final = re.compile(r"(?:the|that|this)(?: same| very)? (?P<unit>day|week|month|quarter|year|decade|century)")
_NTH: Final = re.compile(r"the (?P<day>[12]\d|3[01]|[1-9])(?:st|nd|rd|th)")
_SEASON: Final = re.compile(r"(?:the|that|this)(?: whole)? (?P<season>spring|summer|autumn|fall|winter)")
_DECADE: Final = re.compile(
    r"the (?:early |mid-?|late )?(?P<tens>twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)"
)
#: "Day 18" of a strike: the day that is reported on.
_DAY_NUMBER: Final = re.compile(r"day (?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)")
#: How far before an expression one that overlaps it can begin.
_REACH: Final = 200


def valued(
    text: str, region: Region, known: Sequence[Date], published: str | None, kind: DateType | None = None
) -> Date:
    """The expression with its value, or without one where it cannot be read.

    Args:
        text: The article's text.
        region: Where the expression stands.
        known: What the rules found in the article, in text order.
        published: ISO 8601 publication date or None.
        kind: Type to give it; None takes the one that goes with the value, else ``DATE``.
    """
    read = _overlapping(region, known)
    if read is None:
        alone = find_dates(region.of(text), published)
        read = max(alone, key=lambda date: (date.end or 0) - (date.start or 0), default=None)
    if read is None:
        read = _vague(region.of(text), published)
    if read is None:
        return Date(region.start, region.end, region.of(text), type=kind or "DATE")
    return replace(read, start=region.start, end=region.end, text=region.of(text), type=kind or read.type)


def _vague(words: str, published: str | None) -> Date | None:
    """Expressions that only somebody who knows them for a date would read as one."""
    day = publication_day(published)
    folded = words.casefold().strip()
    match = _UNIT.fullmatch(folded)
    if match:
        unit = match["unit"]
        value = "XXXX-XX-XX" if unit == "day" else timex.calendar_unit(day, unit)
        return Date(type="DATE", value=value)
    match = _NTH.fullmatch(folded)
    if match and day is not None:
        back = day if day.day >= int(match["day"]) else timex.add_months(day.replace(day=1), -1)
        found = timex.as_day(f"{timex.month(back)}-{int(match['day']):02}")
        return None if found is None else Date(type="DATE", value=timex.day(found))
    match = _SEASON.fullmatch(folded)
    if match and day is not None:
        begins = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}[match["season"]]
        year = day.year if day.month >= begins else day.year - 1
        return Date(type="DATE", value=f"{year:04}-{timex.SEASONS[match['season']]}")
    match = _DECADE.fullmatch(folded)
    if match:
        return Date(type="DATE", value=f"19{timex.number(match['tens'][:-3] + 'y'):.0f}"[:3] + "X")
    if _DAY_NUMBER.fullmatch(folded):
        return Date(type="DATE", value=timex.day(day))
    return None


def _overlapping(region: Region, known: Sequence[Date]) -> Date | None:
    """The expression that shares most characters with the region."""
    first = bisect_left(known, region.start - _REACH, key=lambda date: date.start or 0)
    best: tuple[int, Date] | None = None
    for date in known[first:]:
        if (date.start or 0) >= region.end:
            break
        shared = min(date.end or 0, region.end) - max(date.start or 0, region.start)
        if shared > 0 and (best is None or shared > best[0]):
            best = shared, date
    return None if best is None else best[1]
