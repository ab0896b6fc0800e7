"""Whether a string is a TIMEX3 value, as in TimeML 1.2.1 (which takes its values from TIDES TIMEX2 and ISO 8601).

Conventions
-----------
- A *point* is a year with what narrows it down: ``2031``, ``2031-11``, ``2031-11-04``, ``2031-W45``, ``2031-W45-2``,
  ``2031-W45-WE``, ``2031-Q3``, ``2031-H1``, ``2031-SP``; a decade, century or millennium (``203`` or ``203X``, ``20``
  or ``20XX``, ``2``); a fiscal period (``FY2031``, ``FY2031-Q3``); a year before our era (``BC0044``) or counted back
  from now (``KA25``, ``MA4``). A day may carry a time: ``2031-11-04T09:30``, ``2031-11-03TNI``.
- A field that is not known is written in ``X``: ``XXXX-WXX-5``, ``XXXX-03-04``.
- A *duration* is ``P`` with numbers and units: ``P2W``, ``PXY``, ``P2.5Y``, ``P1DE`` (decade), ``PT72H``, ``PT1NI``.
- Vague points are ``PAST_REF``, ``PRESENT_REF`` and ``FUTURE_REF``.

A value must exist: no 30 February, no week 53 in a year of 52.
"""

from __future__ import annotations

import datetime
import re
from typing import Final

from onrecord.model import DateType

REFERENCES: Final = frozenset({"PAST_REF", "PRESENT_REF", "FUTURE_REF"})

_YEAR = r"(?P<year>(?:BC)?(?=[0-9X]{4}(?![0-9X]))[0-9]*X*)"
_DAY = r"(?P<month>0[1-9]|1[0-2]|XX)-(?P<day>0[1-9]|[12][0-9]|3[01]|XX)"
_WEEK = r"W(?P<week>0[1-9]|[1-4][0-9]|5[0-3]|XX)"
_CLOCK = (
    r"(?:[01][0-9]|2[0-4]|XX)(?::(?:[0-5][0-9]|XX)(?::(?:[0-5][0-9]|60|XX)(?:\.[0-9]+)?)?)?"
    r"(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_TIME = rf"T(?:{_CLOCK}|MO|MI|AF|EV|NI|DT)"
_NUMBER = r"(?:[0-9]+(?:\.[0-9]+)?|X+)"

_DAY_OF_MONTH: Final = re.compile(rf"{_YEAR}-{_DAY}(?P<time>{_TIME})?")
_DAY_OF_WEEK: Final = re.compile(rf"{_YEAR}-{_WEEK}-(?P<weekday>[1-7X])(?P<time>{_TIME})?")
_COARSE: Final = re.compile(
    rf"{_YEAR}(?:-(?:0[1-9]|1[0-2]|XX|{_WEEK}(?:-WE)?|Q[1-4X]|H[12X]|SP|SU|FA|WI))?"
    r"|(?:BC)?(?=[0-9X]{1,3}$)[0-9]+X*"
    r"|FY(?=[0-9X]{4}(?![0-9X]))[0-9]*X*(?:-(?:Q[1-4X]|H[12X]))?"
    r"|[KMG]A[0-9]+(?:\.[0-9]+)?"
)
_TIME_ALONE: Final = re.compile(_TIME)
_DURATION: Final = re.compile(
    rf"P(?=.)(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(?:T(?=.)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?"
    rf"|P{_NUMBER}(?:DE|CE|ML|E|C|L|Q|H|WE|SP|SU|FA|WI)"
    rf"|PT{_NUMBER}(?:MO|MI|AF|EV|NI|DT)"
)


def is_timex_value(value: str, type: DateType | str | None = None) -> bool:  # noqa: A002  # TIMEX3's own word
    """Whether ``value`` is a TIMEX3 value, and one that its type can have.

    Args:
        value: The value as written; case matters.
        type: ``DATE`` wants a point without a time or a vague reference, ``TIME`` a time, ``DURATION`` a duration,
            ``SET`` a duration, a time alone, or a point with a field left open. None accepts any value.
    """
    if type is None:
        return _is_date(value) or _is_time(value) or _is_duration(value)
    if type == "DATE":
        return _is_date(value)
    if type == "TIME":
        return _is_time(value)
    if type == "DURATION":
        return _is_duration(value)
    if type == "SET":
        return _is_duration(value) or ((_is_date(value) or _is_time(value)) and ("X" in value or value[0] == "T"))
    return False


def _is_date(value: str) -> bool:
    if value in REFERENCES:
        return True
    match = _DAY_OF_MONTH.fullmatch(value) or _DAY_OF_WEEK.fullmatch(value)
    if match is not None:
        return match["time"] is None and _exists(match)
    match = _COARSE.fullmatch(value)
    return match is not None and (match["week"] is None or _week_exists(match["year"], match["week"]))


def _is_time(value: str) -> bool:
    match = _DAY_OF_MONTH.fullmatch(value) or _DAY_OF_WEEK.fullmatch(value)
    if match is not None:
        return match["time"] is not None and _exists(match)
    return _TIME_ALONE.fullmatch(value) is not None


def _is_duration(value: str) -> bool:
    return _DURATION.fullmatch(value) is not None


def _exists(match: re.Match[str]) -> bool:
    """Whether the calendar has this day, as far as its fields are known."""
    fields = match.groupdict()
    if "week" in fields:
        return _week_exists(fields["year"], fields["week"])
    month, day = fields["month"], fields["day"]
    if "X" in month + day:
        return True
    # A year that is not fully known may be a leap year.
    year = int(fields["year"]) if fields["year"].isdigit() and fields["year"] != "0000" else 2000
    try:
        datetime.date(year, int(month), int(day))
    except ValueError:
        return False
    return True


def _week_exists(year: str, week: str) -> bool:
    if week != "53" or not year.isdigit() or year == "0000":
        return True
    # 28 December is always in the last ISO week of its year.
    return datetime.date(int(year), 12, 28).isocalendar().week == 53
