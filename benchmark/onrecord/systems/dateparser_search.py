"""``dateparser``: what the well-known library's ``search_dates`` finds, as it is.

It knows points in time and no durations, sets or vague times, and it takes many a number for a date. Only what is no
date in its own terms is mended: a value is cut to what the words give (a year, a month), and prepositions that it takes
along stay outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from importlib.util import find_spec
from typing import Any, ClassVar, Final

from onrecord.model import Date, Layer
from onrecord.systems.protocol import Answer, PerArticle, Question
from onrecord.systems.rules_dates import publication_day
from onrecord.systems.stretches import stretches
from onrecord.systems.text import Region

if find_spec("dateparser") is None:
    raise ImportError("No module named 'dateparser'", name="dateparser")

#: The most characters searched at once; its search takes time with the square of the length.
_LONGEST: Final = 2_000
_LANGUAGE: Final = re.compile(r"[a-z]{2}\b")
#: The day that relative words count from where the article has none: their values are dropped, but what is found must
#: not depend on the day of the run.
_NO_DAY: Final = datetime(2000, 1, 1, 12)
_PREPOSITION: Final = re.compile(r"(?:on|in|at|by|since|from|until|of|to|for|am|um|im|seit|bis)\s+", re.IGNORECASE)
#: What it takes along at the end.
_TAIL: Final = re.compile(r"[\s,;:]*(?:\s(?:and|or|und|oder))?$", re.IGNORECASE)
_CLOCK: Final = re.compile(r"\d\d?(?::\d\d|\.\d\d)?\s*(?:[ap]\.?m\b|Uhr)|\d\d?:\d\d", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?:1[5-9]|20|21)\d\d")
_MONTH: Final = re.compile(r"[^\W\d_]+\.?(?:,? (?:1[5-9]|20|21)\d\d)?")
_MONTH_NAMES: Final = re.compile(r"(?:jan|feb|mar|mär|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])", re.IGNORECASE)


class Dateparser(PerArticle):
    """The system.

    Args:
        language: ISO 639 code; None takes the article's, or English.
    """

    name: ClassVar[str] = "dateparser"
    version: ClassVar[str] = "1"
    layers: ClassVar[tuple[Layer, ...]] = ("dates",)
    extras: ClassVar[tuple[str, ...]] = ("dateparser",)
    description: ClassVar[str] = "dates by the dateparser library's search_dates"

    def __init__(self, language: str | None = None) -> None:
        self._language = language
        self.settings = {} if language is None else {"language": language}

    def answer(self, question: Question) -> Answer:
        """The dates of one article."""
        article = question.article
        language = self._language or (article.language or "en")[:2].lower()
        day = publication_day(article.published)
        base = _NO_DAY if day is None else datetime(day.year, day.month, day.day, 12)
        settings: dict[str, Any] = {
            "PREFER_DATES_FROM": "past", "RETURN_AS_TIMEZONE_AWARE": False, "RELATIVE_BASE": base,
        }  # fmt: skip
        known = language if _LANGUAGE.fullmatch(language) else "en"
        dates = [
            date
            for region in stretches(article.text, _LONGEST)
            for date in _search(article.text, region, known, settings, anchored=day is not None)
        ]
        return Answer(dates=tuple(dates))


def _search(text: str, region: Region, language: str, settings: dict[str, Any], *, anchored: bool) -> Iterator[Date]:
    from dateparser.search import search_dates

    try:
        found = search_dates(region.of(text), languages=[language], settings=settings)
    except (ValueError, OverflowError, IndexError, TypeError, re.error):  # it trips over odd numbers in texts
        return
    place = region.start
    for words, moment in found or ():
        start = text.find(words, place, region.end)
        if start < 0:
            continue
        place = start + len(words)
        taken = _PREPOSITION.match(words)
        start += taken.end() if taken else 0
        end = start + len(_TAIL.sub("", text[start:place]))
        if start < end:
            yield _date(text, Region(start, end), moment, anchored=anchored)


def _date(text: str, region: Region, moment: datetime, *, anchored: bool) -> Date:
    words = region.of(text)
    if _YEAR.fullmatch(words):
        value = f"{moment.year:04}"
    elif _MONTH.fullmatch(words) and _MONTH_NAMES.match(words):
        value = f"{moment.year:04}-{moment.month:02}"
    elif _CLOCK.search(words):
        return Date(region.start, region.end, words, type="TIME", value=f"{moment:%Y-%m-%dT%H:%M}")
    else:
        value = f"{moment.year:04}-{moment.month:02}-{moment.day:02}"
    # Without a publication date only what names its year has a value.
    return Date(region.start, region.end, words, type="DATE", value=value if anchored or _YEAR.search(words) else None)
