"""What amounts of time mean: counted distances, durations, clock times, sets and vague references.

The other half of ``date_values``, called in the same way.
"""

from __future__ import annotations

import re
from typing import Final

from onrecord.systems import normaliser as timex
from onrecord.systems.date_values import NEAR_DAYS, Anchors, Found, Value, month_number, unit_of
from onrecord.systems.normaliser import duration

_DEGREE_MODS: Final = {
    "at least": "EQUAL_OR_MORE", "at most": "EQUAL_OR_LESS", "no more than": "EQUAL_OR_LESS", "up to": "EQUAL_OR_LESS",
    "as much as": "EQUAL_OR_LESS", "as many as": "EQUAL_OR_LESS", "as long as": "EQUAL_OR_LESS",
    "more than": "MORE_THAN", "over": "MORE_THAN", "just over": "MORE_THAN", "well over": "MORE_THAN",
    "less than": "LESS_THAN", "fewer than": "LESS_THAN", "under": "LESS_THAN", "just under": "LESS_THAN",
    "almost": "LESS_THAN", "nearly": "LESS_THAN",
    "about": "APPROX", "around": "APPROX", "some": "APPROX", "roughly": "APPROX", "approximately": "APPROX",
}  # fmt: skip


def _degree(match: re.Match[str]) -> str | None:
    """The mod of "at least", "about", … in the match."""
    word = match.groupdict().get("degree")
    return None if not word else _DEGREE_MODS.get(word.lower().strip())


def counted(match: re.Match[str], anchors: Anchors) -> Found | None:
    """Two days ago, three months later: the day, week, month or year so far from the anchor."""
    unit, count = unit_of(match["unit"]), timex.number(match["number"])
    word = match["way"].lower()
    later = word in ("later", "hence", "from now", "from today", "on", "after that")
    anchor = anchors.context if word in ("later", "earlier") else anchors.published
    if unit in ("second", "minute", "hour"):
        return "TIME", f"{timex.day(anchor if (count or 99) < 6 else None)}TXX:XX", _degree(match)
    if count is None:
        return "DATE", "FUTURE_REF" if later else "PAST_REF", _degree(match)
    moved = timex.shift(anchor, count if later else -count, unit)
    return "DATE", timex.calendar_unit(moved, unit), _degree(match)


def duration_value(match: re.Match[str], _anchors: Anchors) -> Found | None:
    """Three years; a decade; years."""
    number = match.groupdict().get("number")
    unit = unit_of(match["unit"])
    if (number or "").lower() == "a" and unit == "second":
        return None
    if match["unit"][0].isupper() and not match.group().isupper():
        return None
    if number is None:
        return "DURATION", duration(None if match.groupdict().get("one") is None else 1, unit), _degree(match)
    return "DURATION", duration(timex.number(number), unit), _degree(match)


def vague_span(match: re.Match[str], _anchors: Anchors) -> Found | None:
    """Recent weeks; the coming years."""
    if match["which"].lower().removeprefix("the ") == "recent":
        return "DATE", "PAST_REF", None
    return "DURATION", duration(None, unit_of(match["unit"])), None


def clock(match: re.Match[str], anchors: Anchors) -> Found | None:
    """9:30 a.m.; 14.30; 9 p.m. Tuesday."""
    groups = match.groupdict()
    hour, minute = int(match["hour"]), int(groups.get("minute") or 0)
    half = (groups.get("half") or "").lower().replace(".", "")
    if hour > 24 or minute > 59 or (half and not 1 <= hour <= 12):
        return None
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return _time_of(match, anchors, f"T{hour:02}:{minute:02}")


def named_clock(match: re.Match[str], anchors: Anchors) -> Found | None:
    """Noon, midnight."""
    return _time_of(match, anchors, "T12:00" if match["name"].lower() == "noon" else "T24:00")


def _time_of(match: re.Match[str], anchors: Anchors, tail: str) -> Found:
    """A clock time on the day the match names, or on the day of publication."""
    groups = match.groupdict()
    weekday, near = groups.get("weekday"), groups.get("word")
    if weekday:
        day = timex.weekday(anchors.published, timex.WEEKDAYS[weekday.lower()], anchors.direction)
    elif near:
        day = timex.day(timex.shift(anchors.published, NEAR_DAYS[near.lower()], "day"))
    else:
        day = timex.day(anchors.published)
    return "TIME", day + tail, None


_FREQUENCIES: Final = {
    "hourly": "PT1H", "daily": "P1D", "nightly": "P1D", "weekly": "P1W", "fortnightly": "P2W", "monthly": "P1M",
    "quarterly": "P3M", "annually": "P1Y", "yearly": "P1Y",
}  # fmt: skip


def set_value(match: re.Match[str], _anchors: Anchors) -> Found | None:
    """Daily; every two weeks; each spring; twice [a year]."""
    groups = match.groupdict()
    if groups.get("adverb"):
        return "SET", _FREQUENCIES[match["adverb"].lower()], None
    if groups.get("month"):
        return "SET", f"XXXX-{month_number(match):02}", None
    if groups.get("season"):
        return "SET", f"XXXX-{timex.SEASONS[match['season'].lower()]}", None
    if groups.get("part"):
        return "SET", f"XXXX-XX-XX{timex.PARTS_OF_DAY[match['part'].lower()]}", None
    number = groups.get("number")
    count = 2.0 if number and number.lower() in ("other", "second") else timex.number(number) if number else 1.0
    return "SET", duration(count, unit_of(match["unit"])), None


def reference(value: str) -> Value:
    """A rule that always gives this value."""

    def rule(_match: re.Match[str], _anchors: Anchors) -> Found | None:
        return "DATE", value, None

    return rule


def no_expression(_match: re.Match[str], _anchors: Anchors) -> Found | None:
    """Not a temporal expression."""
    return None
