"""GUM's dates: TEI's ``date`` and ``time`` elements, which stand in the XML key of the MISC column, as TIMEX3."""

from __future__ import annotations

import datetime
import re
from typing import Final

from onrecord.formats import conllu
from onrecord.model import Date, DateType
from onrecord.sources.report import Report
from onrecord.timex import is_timex_value

_TAG: Final = re.compile(r"<(/?)(date|time)((?:\s+\w+:::\"[^\"]*\")*)\s*/?>")
_ATTRIBUTE: Final = re.compile(r"(\w+):::\"([^\"]*)\"")
_SEASONS: Final = {(3, 5): "SP", (6, 8): "SU", (9, 11): "FA"}


def dates(document: conllu.Document, name: str, report: Report) -> tuple[Date, ...]:
    """The dates of a document; what has no value or cannot be read is counted."""
    found: dict[tuple[int, int], Date] = {}
    waiting: dict[str, list[tuple[int, dict[str, str]]]] = {"date": [], "time": []}
    for word in document.words:
        closing = []
        for tag in _TAG.finditer(word.misc.get("XML", "")):
            if tag[1]:
                closing.append(tag[2])
            else:
                waiting[tag[2]].append((word.start, dict(_ATTRIBUTE.findall(tag[3]))))
        for element in closing:
            if not waiting[element]:
                report.add("closing date elements without an opening one", name)
                continue
            start, attributes = waiting[element].pop()
            text = document.text[start : word.end]
            value = _value(attributes)
            kind: DateType = "TIME" if element == "time" or (value and "T" in value) else "DATE"
            if value is None:
                report.add("dates without a value: ranges that are no calendar unit", f"{name} {text!r}")
            elif not is_timex_value(value, kind):
                report.add("values that are no TIMEX3 value for their type, kept as they are", f"{name} {value}")
            if (start, word.end) in found:
                report.add("dates left out: a second one on the same text", f"{name} {text!r}")
                continue
            found[start, word.end] = Date(start, word.end, text, None, kind, value)
    for element, rest in waiting.items():
        if rest:
            report.add(f"{element} elements left out: never closed", name)
    return tuple(sorted(found.values(), key=lambda date: (date.start or 0, date.end or 0)))


def _value(attributes: dict[str, str]) -> str | None:
    when = attributes.get("when")
    if when is not None:
        if re.fullmatch(r"\d{2}:\d{2}(:\d{2})?", when):
            return f"T{when[:5]}"
        # TEI's day of any year is --07-21, TIMEX3's XXXX-07-21.
        return f"XXXX{when[1:]}" if re.fullmatch(r"--\d{2}(-\d{2})?", when) else when
    begin, end = attributes.get("from"), attributes.get("to")
    if begin is None or end is None:
        return None
    try:
        return _unit(datetime.date.fromisoformat(begin), datetime.date.fromisoformat(end))
    except ValueError:
        return None


def _unit(begin: datetime.date, end: datetime.date) -> str | None:
    """The TIMEX3 value of the calendar unit that these are the first and last day of."""
    year, week, weekday = begin.isocalendar()
    days = (end - begin).days + 1
    if days == 7 and weekday == 1:
        return f"{year}-W{week:02}"
    if days == 2 and weekday == 6:
        return f"{year}-W{week:02}-WE"
    if begin.day != 1 or (end + datetime.timedelta(days=1)).day != 1:
        return None
    if (begin.year, begin.month) == (end.year, end.month):
        return f"{begin.year:04}-{begin.month:02}"
    if begin.year == end.year and (begin.month, end.month) in _SEASONS:
        return f"{begin.year:04}-{_SEASONS[begin.month, end.month]}"
    if (begin.month, end.month) != (1, 12):
        return None
    years = end.year - begin.year + 1
    if years == 1:
        return f"{begin.year:04}"
    if years == 10 and begin.year % 10 == 0:
        return f"{begin.year // 10:03}X"
    return f"{begin.year // 100:02}XX" if years == 100 and begin.year % 100 == 0 else None
