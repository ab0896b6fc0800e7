"""What a temporal expression means: type, value and mod, from its words and the day it is counted from.

One function for each kind of expression, called with the match of a pattern of ``date_patterns`` (whose named groups it
reads) and the anchors. None says that the words are no temporal expression.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from onrecord.model import DateType
from onrecord.systems import normaliser as timex
from onrecord.systems.normaliser import Direction

Found: TypeAlias = tuple[DateType, str, str | None]


@dataclass(frozen=True, slots=True)
class Anchors:
    """What an expression is resolved against.

    Attributes:
        published: The publication day, or None.
        context: The day told of last in the article ("the next day" counts from it), or None.
        direction: Where a bare weekday or month is looked for.
    """

    published: date | None
    context: date | None
    direction: Direction


Value: TypeAlias = Callable[[re.Match[str], Anchors], Found | None]


_STAGE_MODS: Final = {"early": "START", "mid": "MID", "middle": "MID", "late": "END"}
_HOLIDAYS: Final[dict[str, tuple[int, int]]] = {
    "christmas day": (12, 25), "christmas eve": (12, 24), "christmas": (12, 25), "boxing day": (12, 26),
    "new year's day": (1, 1), "new year's eve": (12, 31), "halloween": (10, 31), "valentine's day": (2, 14),
    "independence day": (7, 4), "labour day": (5, 1), "may day": (5, 1), "st patrick's day": (3, 17),
}  # fmt: skip


def _stage(match: re.Match[str], name: str = "stage") -> str | None:
    """The mod of "early", "mid" or "late" in the match."""
    word = match.groupdict().get(name)
    return None if not word else _STAGE_MODS.get(word.lower().strip(" -"))


def _which(match: re.Match[str]) -> str:
    """The determiner's sense: last, next, this, or nothing."""
    word = (match.groupdict().get("which") or "").lower().removeprefix("the ").strip()
    return {"past": "last", "previous": "last", "coming": "next", "current": "this", "this past": "last"}.get(
        word, word
    )


def month_number(match: re.Match[str]) -> int:
    """Number of the month that the match names."""
    return timex.MONTHS[match["month"].lower().rstrip(".")]


def unit_of(word: str) -> str:
    """A unit in the singular."""
    word = word.lower()
    if word.startswith("centur"):
        return "century"
    return word.removesuffix("s")


def _year_of(text: str) -> str:
    """A year in four digits."""
    return text if len(text) == 4 else f"20{text}"


# Days --------------------------------------------------------------------------------------------------------------


def full_day(match: re.Match[str], anchors: Anchors) -> Found | None:
    """May 3; Monday, May 3, 2031; 3 May."""
    month, day = month_number(match), int(re.sub(r"\D", "", match["day"]))
    year = match.groupdict().get("year")
    if year is None:
        value = timex.day_near(anchors.published, month, day, anchors.direction)
    else:
        value = timex.day_of(int(year), month, day)
    if value is None:
        return None
    return _with_part(match, value)


def _with_part(match: re.Match[str], value: str) -> Found:
    """The day, or the part of it that the match names."""
    part = match.groupdict().get("part")
    if part:
        return "TIME", value + timex.PARTS_OF_DAY[part.lower()], _stage(match)
    return "DATE", value, _stage(match)


def iso_day(match: re.Match[str], _anchors: Anchors) -> Found | None:
    """2031-05-03."""
    try:
        return "DATE", date.fromisoformat(match["iso"]).isoformat(), None
    except ValueError:
        return None


def weekday_value(match: re.Match[str], anchors: Anchors) -> Found | None:
    """Friday, last Friday, Friday night."""
    which = _which(match)
    number = timex.WEEKDAYS[match["weekday"].lower()]
    anchor = anchors.published
    if which in ("following", "same") and anchors.context is not None:
        which, anchor = "", anchors.context
        return _with_part(match, timex.weekday(anchor, number, "future"))
    return _with_part(
        match, timex.weekday(anchor, number, anchors.direction, which if which in ("last", "next") else "")
    )


def weekdays(match: re.Match[str], _anchors: Anchors) -> Found | None:
    """Fridays; every Friday."""
    part = match.groupdict().get("part")
    tail = timex.PARTS_OF_DAY[part.lower().removesuffix("s")] if part else ""
    return "SET", f"XXXX-WXX-{timex.WEEKDAYS[match['weekday'].lower().removesuffix('s')]}{tail}", None


NEAR_DAYS: Final = {
    "today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1,
    "the day before yesterday": -2, "the day after tomorrow": 2,
}  # fmt: skip


def near_day(match: re.Match[str], anchors: Anchors) -> Found | None:
    """Today, yesterday, tomorrow morning, tonight."""
    word = match["word"].lower()
    value = timex.day(timex.shift(anchors.published, NEAR_DAYS[word], "day"))
    if word == "tonight":
        return "TIME", value + "TNI", _stage(match)
    return _with_part(match, value)


def part_of_day(match: re.Match[str], anchors: Anchors) -> Found | None:
    """This morning, that evening, last night, the next morning."""
    which = _which(match)
    anchor = anchors.published
    if which in ("that", "the same", "same"):
        anchor = anchors.context or anchor
    elif which in ("next", "following"):
        anchor = timex.shift(anchors.context or anchor, 1, "day")
    elif which == "last":
        anchor = timex.shift(anchor, -1, "day")
    return _with_part(match, timex.day(anchor))


def context_day(match: re.Match[str], anchors: Anchors) -> Found | None:
    """The next day, the same day, the day before: counted from the day told of."""
    word = match["word"].lower()
    step = 1 if word in ("next", "following") else -1 if word in ("previous", "before") else 0
    return "DATE", timex.day(timex.shift(anchors.context, step, "day")), None


def holiday(match: re.Match[str], anchors: Anchors) -> Found | None:
    """Christmas, Easter Monday, last Thanksgiving."""
    name = match["holiday"].lower().replace("’", "'")
    year = match.groupdict().get("year")
    anchor = date(int(year), 1, 1) if year else anchors.published
    if name.startswith(("easter", "good friday")):
        if anchor is None:
            return "DATE", "XXXX-XX-XX", None
        days = [timex.easter(anchor.year + step) for step in (-1, 0, 1)]
        near = [day for day in days if (day <= anchor if anchors.direction == "past" and not year else day >= anchor)]
        chosen = (max if anchors.direction == "past" and not year else min)(near)
        offset = {"easter monday": 1, "good friday": -2}.get(name, 0)
        return "DATE", timex.day(timex.shift(chosen, offset, "day")), None
    if name.startswith("thanksgiving"):
        return "DATE", _thanksgiving(anchor, anchors.direction if not _which(match) else "past"), None
    month, day = _HOLIDAYS[name]
    value = timex.day_of(int(year), month, day) if year else timex.day_near(anchor, month, day, anchors.direction)
    return None if value is None else ("DATE", value, None)


def _thanksgiving(anchor: date | None, direction: Direction) -> str:
    """The fourth Thursday in November (United States)."""
    if anchor is None:
        return "XXXX-11-XX"
    days = [date(year, 11, 22 + (3 - date(year, 11, 22).weekday()) % 7) for year in (anchor.year - 1, anchor.year)]
    past = [found for found in days if found <= anchor]
    return timex.day(past[-1] if direction == "past" else days[-1])


# Months, seasons, quarters, years ----------------------------------------------------------------------------------


def month_value(match: re.Match[str], anchors: Anchors) -> Found | None:
    """May; late May; May 2031; last May."""
    year, which = match.groupdict().get("year"), _which(match)
    number = month_number(match)
    if year:
        return "DATE", f"{year}-{number:02}", _stage(match)
    direction: Direction = "past" if which == "last" else "future" if which == "next" else anchors.direction
    anchor = anchors.published
    if anchor is not None and anchor.month == number and which in ("last", "next"):
        anchor = timex.add_months(anchor, -1 if which == "last" else 1)
    start = match.start("month")
    strictly = which == "last" or match.string[max(0, start - len("since ")) : start].lower() == "since "
    return "DATE", timex.month_near(anchor, number, direction, strictly=strictly), _stage(match)


def season_value(match: re.Match[str], anchors: Anchors) -> Found | None:
    """Last spring; the summer of 2031."""
    code = timex.SEASONS[match["season"].lower()]
    year, which, anchor = match.groupdict().get("year"), _which(match), anchors.published
    if year:
        return "DATE", f"{year}-{code}", _stage(match)
    if anchor is None:
        return "DATE", f"XXXX-{code}", _stage(match)
    first, last = {"SP": (3, 5), "SU": (6, 8), "FA": (9, 11), "WI": (12, 14)}[code]
    month = anchor.month + (12 if code == "WI" and anchor.month < 3 else 0)
    year_of = anchor.year - (1 if code == "WI" and anchor.month < 3 else 0)
    if which == "last" and month <= last:
        year_of -= 1
    elif which == "next" and month >= first:
        year_of += 1
    elif not which and anchors.direction == "past" and month < first:
        year_of -= 1
    elif not which and anchors.direction == "future" and month > last:
        year_of += 1
    return "DATE", f"{year_of}-{code}", _stage(match)


def quarter_value(match: re.Match[str], anchors: Anchors) -> Found | None:
    """Third quarter; the December quarter of 2031; fiscal second quarter; first half of 2031."""
    groups = match.groupdict()
    fiscal = "FY" if groups.get("fiscal") or groups.get("fiscal2") else ""
    code = _quarter_code(groups)
    year = groups.get("year")
    if year and groups.get("second"):
        return "DATE", f"FY{int(year) + 1}-{code}", None
    if year:
        return "DATE", f"{fiscal}{_year_of(year)}-{code}", None
    anchor = anchors.published
    if anchor is None:
        return "DATE", f"{fiscal}XXXX-{code}", None
    length = 3 if code[0] == "Q" else 6
    now = (anchor.month - 1) // length + 1
    wanted = int(code[1])
    year_of = anchor.year
    if anchors.direction == "past" and not fiscal and wanted >= now:
        year_of -= 0 if wanted == now and code[0] == "H" else 1
    elif anchors.direction == "future" and wanted < now:
        year_of += 1
    return "DATE", f"{fiscal}{year_of}-{code}", None


def _quarter_code(groups: dict[str, str | None]) -> str:
    """``Q3`` or ``H1``."""
    if groups.get("q"):
        return f"Q{groups['q']}"
    if groups.get("endmonth"):
        return f"Q{(timex.MONTHS[(groups['endmonth'] or '').lower()] + 2) // 3}"
    word = (groups.get("nth") or "").lower()
    number = int(word[0]) if word[:1].isdigit() else 2 if word == "last" else timex.ORDINALS[word]
    return f"{'H' if (groups.get('size') or '').lower() == 'half' else 'Q'}{number}"


def fiscal_year(match: re.Match[str], anchors: Anchors) -> Found | None:
    """Fiscal 2031; the next financial year."""
    year = match.groupdict().get("year")
    if year:
        return "DATE", f"FY{_year_of(year)}", _stage(match)
    which = _which(match)
    step = -1 if which == "last" else 1 if which == "next" else 0
    return "DATE", f"FY{timex.year(timex.shift(anchors.published, step, 'year'))}", _stage(match)


def split_year(match: re.Match[str], _anchors: Anchors) -> Found | None:
    """The 2032-33 financial year is named after the year it ends in; 2030-31 alone too."""
    first, second = match["year"], match["second"]
    if int(second) != (int(first[2:]) + 1) % 100:
        return None
    return "DATE", f"FY{int(first) + 1}", None


def year_value(match: re.Match[str], _anchors: Anchors) -> Found | None:
    """2031; early 2031."""
    return "DATE", match["year"], _stage(match)


def decade_value(match: re.Match[str], _anchors: Anchors) -> Found | None:
    """The late 2020s; the '90s."""
    digits = match["decade"]
    value = digits[:3] if len(digits) == 4 else f"{'19' if digits >= '3' else '20'}{digits[0]}"
    return "DATE", f"{value}X", _stage(match)


def century_value(match: re.Match[str], _anchors: Anchors) -> Found | None:
    """The 19th century, whose years begin with 18."""
    word = match["nth"].lower()
    number = int(re.sub(r"\D", "", word)) if word[0].isdigit() else timex.ORDINALS.get(word, 0)
    return ("DATE", f"{number - 1:02}", _stage(match)) if number else None


def unit_near(match: re.Match[str], anchors: Anchors) -> Found | None:
    """Last week, this month, early next year, the same week."""
    which, unit = _which(match), unit_of(match["unit"])
    anchor = anchors.published
    if which in ("same", "that", "following"):
        if which == "following" and anchors.context is None:
            return "DATE", timex.calendar_unit(None, unit), _stage(match)
        anchor = timex.shift(anchors.context, 1 if which == "following" else 0, unit)
    else:
        anchor = timex.shift(anchor, {"last": -1, "next": 1}.get(which, 0), unit)
    return "DATE", timex.calendar_unit(anchor, unit), _stage(match)


def weekend(match: re.Match[str], anchors: Anchors) -> Found | None:
    """The weekend: the one just past, or the coming one where the sentence looks forward."""
    which, anchor = _which(match), anchors.published
    if anchor is not None:
        past = which == "last" or (which in ("", "the", "over the") and anchors.direction == "past")
        if past and anchor.isoweekday() < 6:
            anchor = timex.shift(anchor, -1, "week")
        elif which == "next":
            anchor = timex.shift(anchor, 1, "week")
    return "DATE", timex.calendar_unit(anchor, "weekend"), _stage(match)


def week_of(match: re.Match[str], anchors: Anchors) -> Found | None:
    """The week of May 3."""
    found = full_day(match, anchors)
    return None if found is None else ("DATE", timex.week(timex.as_day(found[1])), None)


def same_day(_match: re.Match[str], anchors: Anchors) -> Found | None:
    """The same day; later that day."""
    return "DATE", timex.day(anchors.context), None


def beyond_year(match: re.Match[str], _anchors: Anchors) -> Found | None:
    """Post-2031, pre-2031."""
    return ("DATE", match["year"], "AFTER") if match["year"] else ("DATE", match["y2"], "BEFORE")


def month_of_year(match: re.Match[str], anchors: Anchors) -> Found | None:
    """May last year, October next year."""
    step = {"last": -1, "this": 0, "next": 1}[match["which"].lower()]
    return (
        "DATE",
        f"{timex.year(timex.shift(anchors.published, step, 'year'))}-{month_number(match):02}",
        _stage(match),
    )
