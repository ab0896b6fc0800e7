"""The patterns of temporal expressions, each with the rule that gives its type, value and mod.

A pattern is tried everywhere in the text; ``rules_dates`` keeps the longest matches. Where the pattern needs words
around the expression, the expression itself is the group ``x``. A rule that returns None says "this is no temporal
expression" (an age, a part of a name), and keeps shorter patterns from matching inside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from onrecord.model import DateType
from onrecord.systems import normaliser as timex
from onrecord.systems.normaliser import Direction, duration

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


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern and what its matches mean."""

    pattern: re.Pattern[str]
    value: Value


_MONTH: Final = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|JANUARY|FEBRUARY|MARCH|APRIL|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_LONG_MONTH: Final = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.)"
)
_WEEKDAY: Final = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_PART: Final = r"(?:morning|midday|lunchtime|afternoon|evening|night)"
_DAY: Final = r"(?:3[01]|[12]\d|0?[1-9])"
_YEAR: Final = r"(?:1[5-9]|20|21)\d\d"
_UNIT: Final = r"(?:second|minute|hour|day|night|week|weekend|fortnight|month|quarter|year|decade|centur(?:y|ie))"
_SEASON: Final = r"(?:spring|summer|autumn|fall|winter)"
_UNITS_WORD: Final = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_NUMBER: Final = (
    rf"(?:\d+ \d/\d|\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ]{_UNITS_WORD})?"
    rf"|{_UNITS_WORD}|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|a hundred|a dozen"
    r"|an?(?! (?:few|couple))|half an?|a couple of|a few|few|several|many|dozens of|hundreds of)"
)
_HALF: Final = r"(?: and a half)?"
_EDGE: Final = r"(?<![\w$£€₹₦₱-])"
_DEGREE: Final = (
    r"(?:at least|at most|more than|less than|fewer than|no more than|up to|as (?:much|many|long) as"
    r"|(?<=for )over|(?<=just )over|(?<=of )over|(?<=after )over|(?<=took )over|under|about|around"
    r"|some|almost|nearly|roughly|approximately|just over|just under|only|well over)"
)
_DEGREE_MODS: Final = {
    "at least": "EQUAL_OR_MORE", "at most": "EQUAL_OR_LESS", "no more than": "EQUAL_OR_LESS", "up to": "EQUAL_OR_LESS",
    "as much as": "EQUAL_OR_LESS", "as many as": "EQUAL_OR_LESS", "as long as": "EQUAL_OR_LESS",
    "more than": "MORE_THAN", "over": "MORE_THAN", "just over": "MORE_THAN", "well over": "MORE_THAN",
    "less than": "LESS_THAN", "fewer than": "LESS_THAN", "under": "LESS_THAN", "just under": "LESS_THAN",
    "almost": "LESS_THAN", "nearly": "LESS_THAN",
    "about": "APPROX", "around": "APPROX", "some": "APPROX", "roughly": "APPROX", "approximately": "APPROX",
}  # fmt: skip
_STAGE: Final = r"(?:early|earlier|mid|middle|late|later)"
_STAGE_MODS: Final = {"early": "START", "mid": "MID", "middle": "MID", "late": "END"}
_HOLIDAYS: Final[dict[str, tuple[int, int]]] = {
    "christmas day": (12, 25), "christmas eve": (12, 24), "christmas": (12, 25), "boxing day": (12, 26),
    "new year's day": (1, 1), "new year's eve": (12, 31), "halloween": (10, 31), "valentine's day": (2, 14),
    "independence day": (7, 4), "labour day": (5, 1), "may day": (5, 1), "st patrick's day": (3, 17),
}  # fmt: skip
#: What stands before a month that is also a word or a name ("may", "march", "April Jones").
_BEFORE_MONTH: Final = (
    r"(?:in|In|since|Since|until|Until|by|By|from|From|of|between|Between|to|for|during|During|before|after|and|or|through"
    r"|till|last|next|this|every|each|early|late|mid|mid-)"
)


def _rule(pattern: str, value: Value, *, ignore_case: bool = False) -> Rule:
    return Rule(re.compile(pattern, re.IGNORECASE if ignore_case else 0), value)


def _stage(match: re.Match[str], name: str = "stage") -> str | None:
    word = match.groupdict().get(name)
    return None if not word else _STAGE_MODS.get(word.lower().strip(" -"))


def _degree(match: re.Match[str]) -> str | None:
    word = match.groupdict().get("degree")
    return None if not word else _DEGREE_MODS.get(word.lower().strip())


def _which(match: re.Match[str]) -> str:
    """The determiner's sense: last, next, this, or nothing."""
    word = (match.groupdict().get("which") or "").lower().removeprefix("the ").strip()
    return {"past": "last", "previous": "last", "coming": "next", "current": "this", "this past": "last"}.get(
        word, word
    )


def _month_number(match: re.Match[str]) -> int:
    return timex.MONTHS[match["month"].lower().rstrip(".")]


def _unit(word: str) -> str:
    word = word.lower()
    if word.startswith("centur"):
        return "century"
    return word.removesuffix("s")


def _year_of(text: str) -> str:
    return text if len(text) == 4 else f"20{text}"


# Days --------------------------------------------------------------------------------------------------------------


def _full_day(match: re.Match[str], anchors: Anchors) -> Found | None:
    month, day = _month_number(match), int(re.sub(r"\D", "", match["day"]))
    year = match.groupdict().get("year")
    if year is None:
        value = timex.day_near(anchors.published, month, day, anchors.direction)
    else:
        value = timex.day_of(int(year), month, day)
    if value is None:
        return None
    return _with_part(match, value)


def _with_part(match: re.Match[str], value: str) -> Found:
    part = match.groupdict().get("part")
    if part:
        return "TIME", value + timex.PARTS_OF_DAY[part.lower()], _stage(match)
    return "DATE", value, _stage(match)


def _iso_day(match: re.Match[str], anchors: Anchors) -> Found | None:
    try:
        return "DATE", date.fromisoformat(match["iso"]).isoformat(), None
    except ValueError:
        return None


def _weekday(match: re.Match[str], anchors: Anchors) -> Found | None:
    which = _which(match)
    number = timex.WEEKDAYS[match["weekday"].lower()]
    anchor = anchors.published
    if which in ("following", "same") and anchors.context is not None:
        which, anchor = "", anchors.context
        return _with_part(match, timex.weekday(anchor, number, "future"))
    return _with_part(
        match, timex.weekday(anchor, number, anchors.direction, which if which in ("last", "next") else "")
    )


def _weekdays(match: re.Match[str], anchors: Anchors) -> Found | None:
    part = match.groupdict().get("part")
    tail = timex.PARTS_OF_DAY[part.lower().removesuffix("s")] if part else ""
    return "SET", f"XXXX-WXX-{timex.WEEKDAYS[match['weekday'].lower().removesuffix('s')]}{tail}", None


_NEAR_DAYS: Final = {
    "today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1, "the day before yesterday": -2, "the day after tomorrow": 2,
}  # fmt: skip


def _near_day(match: re.Match[str], anchors: Anchors) -> Found | None:
    word = match["word"].lower()
    value = timex.day(timex.shift(anchors.published, _NEAR_DAYS[word], "day"))
    if word == "tonight":
        return "TIME", value + "TNI", _stage(match)
    return _with_part(match, value)


def _part_of_day(match: re.Match[str], anchors: Anchors) -> Found | None:
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


def _context_day(match: re.Match[str], anchors: Anchors) -> Found | None:
    """The next day, the same day, the day before: counted from the day told of."""
    word = match["word"].lower()
    step = 1 if word in ("next", "following") else -1 if word in ("previous", "before") else 0
    return "DATE", timex.day(timex.shift(anchors.context, step, "day")), None


def _holiday(match: re.Match[str], anchors: Anchors) -> Found | None:
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


def _month(match: re.Match[str], anchors: Anchors) -> Found | None:
    year, which = match.groupdict().get("year"), _which(match)
    number = _month_number(match)
    if year:
        return "DATE", f"{year}-{number:02}", _stage(match)
    direction: Direction = "past" if which == "last" else "future" if which == "next" else anchors.direction
    anchor = anchors.published
    if anchor is not None and anchor.month == number and which in ("last", "next"):
        anchor = timex.add_months(anchor, -1 if which == "last" else 1)
    strictly = which == "last" or match.string[: match.start("month")].lower().endswith("since ")
    return "DATE", timex.month_near(anchor, number, direction, strictly=strictly), _stage(match)


def _season(match: re.Match[str], anchors: Anchors) -> Found | None:
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


def _quarter(match: re.Match[str], anchors: Anchors) -> Found | None:
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
    if groups.get("q"):
        return f"Q{groups['q']}"
    if groups.get("endmonth"):
        return f"Q{(timex.MONTHS[(groups['endmonth'] or '').lower()] + 2) // 3}"
    word = (groups.get("nth") or "").lower()
    number = int(word[0]) if word[:1].isdigit() else 2 if word == "last" else timex.ORDINALS[word]
    return f"{'H' if (groups.get('size') or '').lower() == 'half' else 'Q'}{number}"


def _fiscal_year(match: re.Match[str], anchors: Anchors) -> Found | None:
    year = match.groupdict().get("year")
    if year:
        return "DATE", f"FY{_year_of(year)}", _stage(match)
    which = _which(match)
    step = -1 if which == "last" else 1 if which == "next" else 0
    return "DATE", f"FY{timex.year(timex.shift(anchors.published, step, 'year'))}", _stage(match)


def _split_year(match: re.Match[str], anchors: Anchors) -> Found | None:
    """The 2032-33 financial year is named after the year it ends in; 2030-31 alone too."""
    first, second = match["year"], match["second"]
    if int(second) != (int(first[2:]) + 1) % 100:
        return None
    return "DATE", f"FY{int(first) + 1}", None


def _year(match: re.Match[str], anchors: Anchors) -> Found | None:
    return "DATE", match["year"], _stage(match)


def _decade(match: re.Match[str], anchors: Anchors) -> Found | None:
    digits = match["decade"]
    value = digits[:3] if len(digits) == 4 else f"{'19' if digits >= '3' else '20'}{digits[0]}"
    return "DATE", f"{value}X", _stage(match)


def _century(match: re.Match[str], anchors: Anchors) -> Found | None:
    word = match["nth"].lower()
    number = int(re.sub(r"\D", "", word)) if word[0].isdigit() else timex.ORDINALS.get(word, 0)
    return ("DATE", f"{number - 1:02}", _stage(match)) if number else None


def _unit_near(match: re.Match[str], anchors: Anchors) -> Found | None:
    """Last week, this month, early next year, the same week."""
    which, unit = _which(match), _unit(match["unit"])
    anchor = anchors.published
    if which in ("same", "that", "following"):
        if which == "following" and anchors.context is None:
            return "DATE", timex.calendar_unit(None, unit), _stage(match)
        anchor = timex.shift(anchors.context, 1 if which == "following" else 0, unit)
    else:
        anchor = timex.shift(anchor, {"last": -1, "next": 1}.get(which, 0), unit)
    return "DATE", timex.calendar_unit(anchor, unit), _stage(match)


def _weekend(match: re.Match[str], anchors: Anchors) -> Found | None:
    """The weekend: the one just past, or the coming one where the sentence looks forward."""
    which, anchor = _which(match), anchors.published
    if anchor is not None:
        past = which == "last" or (which in ("", "the", "over the") and anchors.direction == "past")
        if past and anchor.isoweekday() < 6:
            anchor = timex.shift(anchor, -1, "week")
        elif which == "next":
            anchor = timex.shift(anchor, 1, "week")
    return "DATE", timex.calendar_unit(anchor, "weekend"), _stage(match)


def _week_of(match: re.Match[str], anchors: Anchors) -> Found | None:
    found = _full_day(match, anchors)
    return None if found is None else ("DATE", timex.week(timex.as_day(found[1])), None)


# Counted, durations, sets, times, vague -----------------------------------------------------------------------------


def _counted(match: re.Match[str], anchors: Anchors) -> Found | None:
    """Two days ago, three months later: the day, week, month or year so far from the anchor."""
    unit, count = _unit(match["unit"]), timex.number(match["number"])
    word = match["way"].lower()
    later = word in ("later", "hence", "from now", "from today", "on", "after that")
    anchor = anchors.context if word in ("later", "earlier") else anchors.published
    if unit in ("second", "minute", "hour"):
        return "TIME", f"{timex.day(anchor if (count or 99) < 6 else None)}TXX:XX", _degree(match)
    if count is None:
        return "DATE", "FUTURE_REF" if later else "PAST_REF", _degree(match)
    moved = timex.shift(anchor, count if later else -count, unit)
    return "DATE", timex.calendar_unit(moved, unit), _degree(match)


def _duration(match: re.Match[str], anchors: Anchors) -> Found | None:
    number = match.groupdict().get("number")
    unit = _unit(match["unit"])
    if (number or "").lower() == "a" and unit == "second":
        return None
    if match["unit"][0].isupper() and not match.group().isupper():
        return None
    if number is None:
        return "DURATION", duration(None if match.groupdict().get("one") is None else 1, unit), _degree(match)
    return "DURATION", duration(timex.number(number), unit), _degree(match)


def _vague_span(match: re.Match[str], anchors: Anchors) -> Found | None:
    """Recent weeks; the coming years."""
    if match["which"].lower().removeprefix("the ") == "recent":
        return "DATE", "PAST_REF", None
    return "DURATION", duration(None, _unit(match["unit"])), None


def _clock(match: re.Match[str], anchors: Anchors) -> Found | None:
    groups = match.groupdict()
    hour, minute = int(match["hour"]), int(groups.get("minute") or 0)
    half = (groups.get("half") or "").lower().replace(".", "")
    if hour > 24 or minute > 59 or (half and not 1 <= hour <= 12):
        return None
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return _time_of(match, anchors, f"T{hour:02}:{minute:02}")


def _named_clock(match: re.Match[str], anchors: Anchors) -> Found | None:
    return _time_of(match, anchors, "T12:00" if match["name"].lower() == "noon" else "T24:00")


def _time_of(match: re.Match[str], anchors: Anchors, tail: str) -> Found:
    groups = match.groupdict()
    weekday, near = groups.get("weekday"), groups.get("word")
    if weekday:
        day = timex.weekday(anchors.published, timex.WEEKDAYS[weekday.lower()], anchors.direction)
    elif near:
        day = timex.day(timex.shift(anchors.published, _NEAR_DAYS[near.lower()], "day"))
    else:
        day = timex.day(anchors.published)
    return "TIME", day + tail, None


_FREQUENCIES: Final = {
    "hourly": "PT1H", "daily": "P1D", "nightly": "P1D", "weekly": "P1W", "fortnightly": "P2W", "monthly": "P1M",
    "quarterly": "P3M", "annually": "P1Y", "yearly": "P1Y",
}  # fmt: skip


def _set(match: re.Match[str], anchors: Anchors) -> Found | None:
    groups = match.groupdict()
    if groups.get("adverb"):
        return "SET", _FREQUENCIES[match["adverb"].lower()], None
    if groups.get("month"):
        return "SET", f"XXXX-{_month_number(match):02}", None
    if groups.get("season"):
        return "SET", f"XXXX-{timex.SEASONS[match['season'].lower()]}", None
    if groups.get("part"):
        return "SET", f"XXXX-XX-XX{timex.PARTS_OF_DAY[match['part'].lower()]}", None
    number = groups.get("number")
    count = 2.0 if number and number.lower() in ("other", "second") else timex.number(number) if number else 1.0
    return "SET", duration(count, _unit(match["unit"])), None


def _reference(value: str) -> Value:
    def rule(match: re.Match[str], anchors: Anchors) -> Found | None:
        return "DATE", value, None

    return rule


def _no_expression(match: re.Match[str], anchors: Anchors) -> Found | None:
    return None


_D: Final = rf"(?P<day>{_DAY}(?:st|nd|rd|th)?)"
_M: Final = rf"(?P<month>{_MONTH})"
_Y: Final = rf"(?P<year>{_YEAR})"
_PARTS: Final = rf"(?: (?P<part>{_PART}))?"
_STAGES: Final = rf"(?:(?P<stage>{_STAGE})[ -])?"
_NUMBERED: Final = rf"(?P<number>{_NUMBER})"
_DEGREES: Final = rf"(?:(?P<degree>{_DEGREE}) )?"

#: In order of preference among matches of equal length.
RULES: Final[tuple[Rule, ...]] = (
    # ages and other things that only look like time
    _rule(rf"{_EDGE}(?:{_DEGREE} )?{_NUMBER}[- ](?:year|month|week|day)s?[- ]olds?\b", _no_expression, ignore_case=True),
    _rule(r"\b(?:aged?|ages) (?:of )?\d{1,3}(?: years)?\b", _no_expression, ignore_case=True),
    _rule(rf"[$£€]\s?{_YEAR}\b|{_EDGE}{_YEAR}(?=,\d|\.\d|%|(?: [a-z]+){{0,1}} (?:people|votes|tonnes|tons|dollars|pounds|miles|km|metres|meters|jobs|homes|words|workers|members)\b)", _no_expression),
    _rule(rf"\b{_WEEKDAY} (?:Times|Mail|Express|Telegraph|Herald|Night Live|Mirror|Post|Tribune|Star)\b", _no_expression),
    # full days
    _rule(rf"\b(?:{_STAGES})(?:{_WEEKDAY},? )?{_M} {_D}(?!\d|[:./]\d)(?:,? {_Y}\b(?![\d-]))?{_PARTS}", _full_day),
    _rule(rf"\b(?:{_WEEKDAY},? )?(?:the )?{_D}(?: of)? {_M}\b(?:,? {_Y}\b)?{_PARTS}", _full_day),
    _rule(r"\b(?P<iso>\d{4}-\d\d-\d\d)\b", _iso_day),
    _rule(rf"\b[Tt]he week (?:of|beginning|ending|starting) {_M} {_D}(?:,? {_Y})?\b", _week_of),
    _rule(rf"\b[Tt]he week (?:of|beginning|ending|starting) {_D} {_M}(?:,? {_Y})?\b", _week_of),
    # weekdays
    _rule(rf"\b(?:[Ee]very|[Ee]ach)(?: other)? (?P<weekday>{_WEEKDAY}){_PARTS}\b", _weekdays),
    _rule(rf"\b(?P<weekday>{_WEEKDAY}s)(?: (?P<part>{_PART}s))?\b", _weekdays),
    _rule(
        rf"\b(?:(?P<stage>[Ee]arly|[Ll]ate|[Ee]arlier|[Ll]ater|[Mm]id)[ -])?(?:(?P<which>[Ll]ast|[Nn]ext|[Tt]his past|[Tt]his(?: coming)?|[Tt]he (?:following|previous|same)|[Tt]his) )?(?P<weekday>{_WEEKDAY}){_PARTS}\b(?!s)",
        _weekday,
    ),
    _rule(rf"\b(?:{_STAGES})(?P<word>the day before yesterday|the day after tomorrow|yesterday|today|tomorrow|tonight){_PARTS}\b(?!['’]s (?:world|youth|society))", _near_day, ignore_case=True),
    _rule(rf"\b(?:{_STAGES})(?P<which>this|that|last|the next|the following|the same) (?P<part>{_PART})\b", _part_of_day, ignore_case=True),
    _rule(r"\b(?:the )?(?P<word>next|following|previous) day\b", _context_day, ignore_case=True),
    _rule(r"\b(?:the |that )(?P<word>same) day\b|\b(?:earlier|later) that day\b", lambda m, a: ("DATE", timex.day(a.context), None), ignore_case=True),
    _rule(r"\bthe day (?P<word>before|after)(?=[,.;])", _context_day, ignore_case=True),
    # months
    _rule(rf"\b{_STAGES}{_M},? {_Y}\b(?!-\d\d-)", _month, ignore_case=False),
    _rule(rf"\b{_STAGES}{_M} (?:of )?(?P<which>last|this|next) year\b", lambda m, a: _month_of_year(m, a)),
    _rule(rf"\b(?:(?P<stage>[Ee]arly|[Ll]ate|[Mm]id)[ -])(?:(?P<which>last|next|this) )?{_M}(?![\w])", _month),
    _rule(rf"\b(?P<x>(?P<which>[Ll]ast|[Nn]ext|[Tt]his|[Tt]his past) {_M})(?!\w| [A-Z][a-z])", _month),
    _rule(rf"\b{_BEFORE_MONTH}[ -](?P<x>(?P<month>{_LONG_MONTH}))(?!\w| {_DAY}\b| (?!{_WEEKDAY})[A-Z][a-z]+ (?:said|told))", _month),
    _rule(r"(?<![\w-])(?P<month>January|February|June|July|September|October|November|December|April|August)\b(?! [A-Z][a-z]|-[A-Z]|\w)", _month),
    # seasons
    _rule(rf"\b{_STAGES}(?:the )?(?P<season>{_SEASON})(?: of)? {_Y}\b", _season, ignore_case=True),
    _rule(rf"\b{_STAGES}(?P<which>last|next|this|this past|this coming) (?P<season>{_SEASON})\b", _season, ignore_case=True),
    _rule(rf"\b(?:in|by|since|until|before) (?:the )?(?P<x>{_STAGES}(?:the )?(?P<season>spring|summer|autumn|winter))\b(?! (?:of (?!{_YEAR})|[a-z]+ing\b))", _season),
    # quarters and fiscal years
    _rule(rf"\b(?:the )?(?P<fiscal>fiscal |financial )?(?P<nth>first|second|third|fourth|[1-4](?:st|nd|rd|th)) (?P<fiscal2>fiscal |financial )?(?P<size>quarter|half)(?: of (?:the )?(?:fiscal(?: year)? |financial year )?| )(?P<year>{_YEAR})(?:[-–/](?P<second>\d\d)\b)?", _quarter, ignore_case=True),
    _rule(r"\b(?:the )?(?P<fiscal>fiscal |financial )?(?P<nth>first|second|third|fourth|[1-4](?:st|nd|rd|th)) (?P<fiscal2>fiscal |financial )?(?P<size>quarter)\b(?! of an?\b| of the (?!year\b)| final)", _quarter, ignore_case=True),
    _rule(r"\b(?:the )?(?P<nth>first|second) (?P<size>half) of (?:the|this) year\b", _quarter, ignore_case=True),
    _rule(rf"\b(?:the )?(?P<endmonth>March|June|September|December) quarter(?: of)?(?: (?P<year>{_YEAR}))?\b", _quarter),
    _rule(rf"\bQ(?P<q>[1-4])(?: (?P<year>{_YEAR}))?\b", _quarter),
    _rule(rf"\b{_STAGES}(?:the )?(?:fiscal|financial)(?: year)? (?P<year>{_YEAR})\b(?!-\d)", _fiscal_year, ignore_case=True),
    _rule(rf"\bFY ?['’]?(?P<year>{_YEAR}|\d\d)\b", _fiscal_year),
    _rule(r"\b(?P<which>this|last|next|the current|the previous|the coming) (?:fiscal|financial) year\b", _fiscal_year, ignore_case=True),
    _rule(rf"\b(?:the )?(?P<year>{_YEAR})[-–/](?P<second>\d\d)(?: (?:fiscal|financial) year)?\b(?!-\d)", _split_year),
    # years, decades, centuries
    _rule(rf"\b(?:(?P<stage>[Ee]arly|[Ll]ate|[Mm]id|[Mm]iddle)[ -])(?:of )?{_Y}\b(?!s)", _year),
    _rule(rf"(?<![\w$£€₹#.,/:-]){_Y}\b(?![.,/:]\d|-\d|['’]?s\b| ?(?:%|per cent|percent|pm|am|GMT))", _year),
    _rule(rf"\b(?P<x>post-(?P<year>{_YEAR})|pre-(?P<y2>{_YEAR}))\b", lambda m, a: ("DATE", m["year"] or m["y2"], "AFTER" if m["year"] else "BEFORE")),
    _rule(r"\b(?:the )?(?:(?P<stage>early|late|mid|middle)[ -])?(?P<decade>(?:1[5-9]|20|21)\d0)['’]?s\b", _decade, ignore_case=True),
    _rule(r"\b(?:the )?(?:(?P<stage>early|late|mid)[ -])?['’‘](?P<decade>[1-9]0)s\b", _decade, ignore_case=True),
    _rule(r"\b(?:the )?(?:(?P<stage>early|late|mid)[ -])?(?P<nth>\d{1,2}(?:st|nd|rd|th)|[a-z]+(?:-first)?) century\b(?=[^a-z]|$)", lambda m, a: _century(m, a) if m["nth"].lower() in timex.ORDINALS or m["nth"][0].isdigit() else None, ignore_case=True),
    # units near the anchor
    _rule(r"\b(?:(?P<stage>early|earlier|late|later|mid)[ -])?(?P<which>last|past|this|next|the same|that(?! same)|the following|the previous|the current|the coming) (?P<unit>week|month|quarter|year|decade|century)\b", _unit_near, ignore_case=True),
    _rule(r"\b(?:(?P<stage>early|late|later) )?(?P<which>this past|last|next|this coming|this|the) (?P<unit>weekend)\b", _weekend, ignore_case=True),
    _rule(r"\bthis time (?P<which>last|next) (?P<unit>week|month|year)\b", _unit_near, ignore_case=True),
    # counted from an anchor
    _rule(rf"{_EDGE}{_DEGREES}(?P<number>{_NUMBER}{_HALF}) (?:more )?(?P<unit>{_UNIT})s? (?P<way>ago|later|earlier|hence|from now|from today)\b", _counted, ignore_case=True),
    _rule(rf"{_EDGE}{_DEGREES}(?P<number>) ?(?P<unit>years|months|weeks|days|decades|hours|minutes) (?P<way>ago|later|earlier)\b", _counted, ignore_case=True),
    # sets
    _rule(rf"\b(?:every|each)(?: single)? (?:(?P<number>other|second|{_NUMBER}) )?(?P<unit>{_UNIT})s?\b(?! of)", _set, ignore_case=True),
    _rule(rf"\b(?:every|each) (?:(?P<month>{_MONTH})|(?P<season>{_SEASON})|(?P<part>{_PART}))\b", _set, ignore_case=True),
    _rule(r"\b(?P<adverb>hourly|daily|nightly|weekly|fortnightly|monthly|quarterly|annually|yearly)\b(?! [A-Z])", _set),
    _rule(r"\b(?:once|twice|times|percent|per cent|million|billion|\d+|[$£€]\S+) (?P<x>an? (?P<unit>day|night|week|month|quarter|year))\b(?! ago| later| earlier|[- ](?:old|long))", _set, ignore_case=True),
    _rule(r"\bper (?P<x>(?P<unit>day|week|month|year|annum))\b", lambda m, a: ("SET", "P1Y", None) if m["unit"] == "annum" else _set(m, a)),
    # durations
    _rule(rf"{_EDGE}(?:the )?(?:(?:last|past|next|coming|previous|first|final|preceding|following|another) )?{_DEGREES}(?P<number>{_NUMBER}{_HALF})(?: more| full| whole| straight| consecutive| long| additional| other)? (?P<unit>{_UNIT})s?\b(?!['’]? ?(?:ago|later|earlier|-old|old)\b|-)", _duration, ignore_case=True),
    _rule(rf"{_EDGE}{_DEGREES}{_NUMBERED}-(?P<unit>{_UNIT})(?:s|-long)?\b(?!-old)", _duration, ignore_case=True),
    _rule(r"\b(?P<one>)(?P<unit>day|week|month|year|decade|hour|night)-long\b", _duration),
    _rule(r"\b(?P<unit>years|months|weeks|days|decades|hours|minutes|centuries)(?:-long)?\b(?= (?:after|before|of (?:work|talks|negotiations|delays?|debate|war|study))|[,.;]|-long)", _duration),
    _rule(r"\b(?:for|over|in|within|took|takes?|take|of|by|spent) (?P<x>(?:many )?(?P<unit>years|months|weeks|days|decades|hours|centuries|minutes))\b", _duration),
    _rule(r"\b(?:the )?(?:past|last) (?P<one>)(?P<unit>decade|century)\b", _duration, ignore_case=True),
    _rule(r"\b(?P<which>the coming|coming|recent|the recent) (?P<unit>days|weeks|months|years|decades|hours)\b", _vague_span, ignore_case=True),
    # times of day
    _rule(rf"{_EDGE}(?P<hour>\d{{1,2}})(?:[:.](?P<minute>\d\d))? ?(?P<half>[ap]\.m\.|[ap]m)(?!\w)(?: (?:local time|[A-Z]{{2,4}}T|GMT|UTC|[A-Z][a-z]+ time))?(?: (?P<weekday>{_WEEKDAY})\b| (?P<word>today|yesterday|tomorrow)\b)?", _clock, ignore_case=False),
    _rule(rf"{_EDGE}(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)\b(?!:)(?: (?:local time|[A-Z]{{2,4}}T|GMT|UTC))?(?: (?P<weekday>{_WEEKDAY})\b)?", _clock),
    _rule(r"^(?P<x>(?P<hour>[01]?\d|2[0-3])[.](?P<minute>[0-5]\d))(?= |:|$)".replace("^", r"(?m:^)"), _clock),
    _rule(rf"\b(?P<name>noon|midnight)\b(?: (?P<weekday>{_WEEKDAY})\b)?(?! (?:sun|oil))", _named_clock),
    # holidays
    _rule(rf"\b(?:(?P<which>last|next|this) )?(?P<holiday>Thanksgiving Day|Thanksgiving|Christmas Day|Christmas Eve|Christmas|Boxing Day|New Year['’]s (?:Day|Eve)|Halloween|Valentine['’]s Day|Easter Sunday|Easter Monday|Good Friday|Easter|May Day|Labour Day)\b(?:,? {_Y}\b)?(?! (?!Day)[A-Z])", _holiday),
    # vague references
    _rule(r"\b(?:[Nn]ow(?!\s*,? (?:that|consider))|NOW)\b(?<!Now)(?!-)|\b(?:[Cc]urrently|[Nn]owadays|[Tt]hese days|[Aa]t present|[Aa]t the moment|[Pp]resently)\b|\bNow(?= [a-z])", _reference("PRESENT_REF")),
    _rule(r"\bcurrent(?= [a-z])", _reference("PRESENT_REF")),
    _rule(r"\b(?:[Rr]ecently|[Ll]ately)\b|\b(?:in|In) (?P<x>the past)\b(?! (?:[a-z]+ )?(?:year|month|week|day|decade|hour|\d))", _reference("PAST_REF")),
    _rule(r"\b(?:[Ii]n|[Ff]or) (?P<x>(?:the )?(?:near |foreseeable |not[- ]too[- ]distant )?future)\b", _reference("FUTURE_REF")),
)  # fmt: skip


def _month_of_year(match: re.Match[str], anchors: Anchors) -> Found | None:
    """May last year, October next year."""
    step = {"last": -1, "this": 0, "next": 1}[match["which"].lower()]
    return (
        "DATE",
        f"{timex.year(timex.shift(anchors.published, step, 'year'))}-{_month_number(match):02}",
        _stage(match),
    )
