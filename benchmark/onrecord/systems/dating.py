"""TIMEX3 values for temporal expressions that something else found: a tagger, spaCy, dateparser.

The finder decides the extent; the value is that of the rules' expression it overlaps most, read in its context, or,
where the rules see none there, of its words read alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from onrecord.model import Date, DateType
from onrecord.systems.rules_dates import find_dates
from onrecord.systems.text import Region

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
        return Date(region.start, region.end, region.of(text), type=kind or "DATE")
    return replace(read, start=region.start, end=region.end, text=region.of(text), type=kind or read.type)


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
