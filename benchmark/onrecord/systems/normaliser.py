"""TIMEX3 values: calendar arithmetic for temporal expressions.

Values follow TimeML 1.2.1 (ISO 8601 with ``X`` for what is unknown, ISO weeks, parts of day, seasons, ``PAST_REF``
and its sisters). Nothing here reads text; ``rules_dates`` finds the expressions and asks for their values.

Every function takes the day that the expression is counted from, which may be None: then the parts that hang on it
are written ``X`` (``XXXX-WXX-5`` for a Friday), never guessed.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Final, Literal

Direction = Literal["past", "future"]

MONTHS: Final = {name.lower(): number for number, name in enumerate(calendar.month_name) if name} | {
    name.lower(): number for number, name in enumerate(calendar.month_abbr) if name
} | {"sept": 9}  # fmt: skip
WEEKDAYS: Final = {name.lower(): number for number, name in enumerate(calendar.day_name, start=1)}
SEASONS: Final = {"spring": "SP", "summer": "SU", "autumn": "FA", "fall": "FA", "winter": "WI"}
PARTS_OF_DAY: Final = {
    "morning": "TMO", "midday": "TMI", "lunchtime": "TMI", "afternoon": "TAF", "evening": "TEV", "night": "TNI",
    "overnight": "TNI",
}  # fmt: skip
_WORDS: Final = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS: Final = {
    word: 10 * n
    for n, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
ORDINALS: Final = {
    word: n
    for n, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
            "twentieth",
            "twenty-first",
        ],
        start=1,
    )
}
#: ISO 8601 designator of each unit; the ones below a day stand behind ``T``.
UNITS: Final = {
    "second": "TS", "minute": "TM", "hour": "TH", "day": "D", "night": "D", "week": "W", "fortnight": "W",
    "month": "M", "quarter": "Q", "year": "Y", "decade": "Y", "century": "Y", "weekend": "WE",
}  # fmt: skip
_FACTORS: Final = {"fortnight": 2, "decade": 10, "century": 100}


def number(words: str) -> float | None:
    """The number that the words say; None for a vague one ("several", "a few")."""
    text = words.lower().strip().replace(",", "")
    for prefix in ("a ", "an ", "the "):
        if text.startswith(prefix) and len(text) > len(prefix):
            text = text.removeprefix(prefix)
    simple: dict[str, float] = {
        "a": 1,
        "an": 1,
        "half": 0.5,
        "half a": 0.5,
        "half an": 0.5,
        "couple of": 2,
        "couple": 2,
    }
    if text in simple:
        return simple[text]
    if text.endswith((" and a half", "-and-a-half")):
        whole = number(text[: -len(" and a half")])
        return None if whole is None else whole + 0.5
    mixed = re.fullmatch(r"(\d+) (\d)/(\d)", text)
    if mixed and mixed[3] != "0":
        return int(mixed[1]) + int(mixed[2]) / int(mixed[3])
    try:
        return float(text)
    except ValueError:
        return _spelled(text)


def _spelled(text: str) -> float | None:
    total = 0
    for word in text.replace("-", " ").split():
        if word in _WORDS:
            total += _WORDS.index(word)
        elif word in _TENS:
            total += _TENS[word]
        elif word == "hundred":
            total = max(1, total) * 100
        elif word == "dozen":
            total = max(1, total) * 12
        elif word != "and":
            return None
    return float(total)


def duration(count: float | None, unit: str) -> str:
    """``P3Y``, ``PT72H``, ``P20Y`` for two decades; ``PXW`` for a vague count."""
    code = UNITS[unit]
    prefix = "PT" if code[0] == "T" else "P"
    code = code[-1] if code[0] == "T" else code
    if count is None:
        return f"{prefix}X{code}"
    amount = count * _FACTORS.get(unit, 1)
    if amount % 1 == 0.5 and unit in ("year", "hour"):
        small, parts = ("M", 6) if unit == "year" else ("M", 30)
        whole = f"{int(amount)}{code}" if amount > 1 else ""
        return f"{prefix}{whole}{parts}{small}"
    return f"{prefix}{amount:g}{code}"


def day(value: date | None) -> str:
    """``2031-11-04``."""
    return "XXXX-XX-XX" if value is None else value.isoformat()


def week(value: date | None) -> str:
    """``2031-W45``, the ISO week that the day lies in."""
    if value is None:
        return "XXXX-WXX"
    iso = value.isocalendar()
    return f"{iso.year:04}-W{iso.week:02}"


def month(value: date | None) -> str:
    """``2031-11``."""
    return "XXXX-XX" if value is None else f"{value.year:04}-{value.month:02}"


def quarter(value: date | None) -> str:
    """``2031-Q4``."""
    return "XXXX-QX" if value is None else f"{value.year:04}-Q{(value.month + 2) // 3}"


def year(value: date | None) -> str:
    """``2031``."""
    return "XXXX" if value is None else f"{value.year:04}"


def decade(value: date | None) -> str:
    """``203X``."""
    return "XXXX" if value is None else f"{value.year // 10:03}X"


def century(value: date | None) -> str:
    """``20``: the first two digits of the years in it."""
    return "XX" if value is None else f"{value.year // 100:02}"


def add_months(value: date, count: int) -> date | None:
    """The same day some months on, cut to the month's last day; None beyond the calendar."""
    months = value.year * 12 + value.month - 1 + count
    new_year, new_month = divmod(months, 12)
    if not date.min.year <= new_year <= date.max.year:
        return None
    last = calendar.monthrange(new_year, new_month + 1)[1]
    return date(new_year, new_month + 1, min(value.day, last))


def shift(anchor: date | None, count: float, unit: str) -> date | None:
    """The day ``count`` units after the anchor (before it, where negative); None beyond the calendar."""
    if anchor is None:
        return None
    steps = round(count * _FACTORS.get(unit, 1))
    try:
        if unit in ("day", "night"):
            return anchor + timedelta(days=steps)
        if unit in ("week", "fortnight", "weekend"):
            return anchor + timedelta(weeks=steps)
        if unit == "month":
            return add_months(anchor, steps)
        if unit == "quarter":
            return add_months(anchor, 3 * steps)
        if unit in ("year", "decade", "century"):
            return add_months(anchor, 12 * steps)
        return anchor + timedelta(**{f"{unit}s": count})
    except (OverflowError, ValueError):
        return None


def calendar_unit(anchor: date | None, unit: str) -> str:
    """The value of the day, week, month, … that the anchor lies in."""
    if unit == "weekend":
        return f"{week(anchor)}-WE"
    writers = {
        "day": day, "night": day, "week": week, "fortnight": week, "month": month, "quarter": quarter, "year": year,
        "decade": decade, "century": century,
    }  # fmt: skip
    return writers.get(unit, day)(anchor)


def weekday(anchor: date | None, number_of_day: int, direction: Direction, which: str = "") -> str:
    """A weekday's date (Monday is 1).

    Args:
        anchor: Usually the publication date.
        number_of_day: ISO number of the weekday.
        direction: ``past`` takes the latest one up to and including the anchor, ``future`` the first one after it,
            the anchor itself included (a weekday equal to the publication day is that day).
        which: "last" is the weekday of the ISO week before (or the nearest past one if that already lies in it),
            "next" that of the week after; empty for a bare weekday.
    """
    if anchor is None:
        return f"XXXX-WXX-{number_of_day}"
    difference = number_of_day - anchor.isoweekday()
    try:
        if which == "last":
            return day(anchor + timedelta(days=difference - 7))
        if which == "next":
            return day(anchor + timedelta(days=difference + 7))
        if direction == "past":
            return day(anchor + timedelta(days=difference - 7 if difference > 0 else difference))
        return day(anchor + timedelta(days=difference + 7 if difference < 0 else difference))
    except OverflowError:
        return f"XXXX-WXX-{number_of_day}"


def month_near(anchor: date | None, number_of_month: int, direction: Direction, *, strictly: bool = False) -> str:
    """A bare month: the latest up to and including the anchor's own, or the first from the anchor's own on.

    A past one ten or more months back gives way to the same month just ahead, which is what a newspaper in October
    means by "the election in November", unless ``strictly`` past.
    """
    if anchor is None:
        return f"XXXX-{number_of_month:02}"
    ahead = (number_of_month - anchor.month) % 12
    back = (anchor.month - number_of_month) % 12
    forward = direction == "future" or (not strictly and back >= 10 and ahead <= 2)
    month_of = anchor.year * 12 + anchor.month - 1 + (ahead if forward else -back)
    return f"{month_of // 12:04}-{number_of_month:02}"


#: A day and month without a year: so near, the nearest one is meant whatever the tense says (days).
_NEAR: Final = 120


def day_near(anchor: date | None, number_of_month: int, number_of_day: int, direction: Direction) -> str | None:
    """A day and month without a year: the nearest one if it is near, else by direction.

    Returns:
        The value, or None where no calendar has such a day.
    """
    if not 1 <= number_of_day <= calendar.monthrange(2000, number_of_month)[1]:
        return None
    tail = f"{number_of_month:02}-{number_of_day:02}"
    if anchor is None:
        return f"XXXX-{tail}"
    days = [found for step in (-1, 0, 1) if (found := as_day(f"{anchor.year + step:04}-{tail}")) is not None]
    if not days:
        return f"{anchor.year:04}-{tail}"
    nearest = min(days, key=lambda found: abs((found - anchor).days))
    if abs((nearest - anchor).days) <= _NEAR:
        return nearest.isoformat()
    past = [found for found in days if found <= anchor]
    coming = [found for found in days if found >= anchor]
    chosen = max(past, default=nearest) if direction == "past" else min(coming, default=nearest)
    return chosen.isoformat()


def day_of(year_of: int, month_of: int, day_of_month: int) -> str | None:
    """A full date; None where no calendar has it."""
    try:
        return date(year_of, month_of, day_of_month).isoformat()
    except ValueError:
        return None


def as_day(value: str) -> date | None:
    """The day that a value names, or begins with; None for a coarser or an unresolved one."""
    try:
        return date.fromisoformat(value[:10]) if len(value) >= 10 and value[4] == value[7] == "-" else None
    except ValueError:
        return None


def easter(year_of: int) -> date:
    """Easter Sunday (Anonymous Gregorian algorithm)."""
    a, b, c = year_of % 19, year_of // 100, year_of % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    el = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * el) // 451
    month_of, day_of = divmod(h + el - 7 * m + 114, 31)
    return date(year_of, month_of, day_of + 1)
