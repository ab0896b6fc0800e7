"""Temporal expressions by regular expressions, resolved against the publication date.

Extents follow the annotation guidelines: no preposition, the article where it belongs to the time noun, modifiers
("late", "at least"), "ago" and "later" inside. Where two patterns overlap, the longer one wins.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from onrecord.model import Date, DateType
from onrecord.systems import normaliser as timex
from onrecord.systems.date_patterns import RULES, Rule
from onrecord.systems.date_values import Anchors
from onrecord.systems.normaliser import Direction
from onrecord.systems.text import Region, Sections, paragraphs, quoted_spans, sentences

_FUTURE: Final = re.compile(
    r"""\b(?:will|won['’]t|shall|to\ be|going\ to
    |(?:is|are|was|were)\ (?:to|set|slated|scheduled|expected|planned|planning)\b
    |due(?!\ to\ (?:the|an?|his|her|its|their)\b)|scheduled|set\ to|expected\ to|plans?\ (?:to|for)|planned\ (?:to|for)
    |planning\ to|aims?\ to|hopes?\ to|until|next\ (?:week|month|year)|upcoming|as\ (?:soon|early)\ as|begins|starts
    |by(?=\ (?:the|an?|early|mid|late|next|today|tomorrow|[a-z]+day|\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))
    )\b|['’]ll\b""",
    re.IGNORECASE | re.VERBOSE,
)
_PAST: Final = re.compile(
    r"\b(?:said|told|was|were|had|did|has|have|been|wrote|went|came|took|made|gave|got|began|saw|met|held|found|left|won|lost|sent"
    r"|led|ran|rose|fell|spoke|became|kept|brought|put|cut|hit|sat|paid|sold|stood|heard|thought|knew|felt|broke|drew"
    r"|grew|since|ago|\w{2,}ed|last)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    rule: Rule
    match: re.Match[str]


def publication_day(published: str | None) -> date | None:
    """The day of an ISO 8601 publication time, in its own time zone; None where it gives no full day."""
    return None if published is None else timex.as_day(published[:10])


def find_dates(text: str, published: str | None) -> list[Date]:
    """The temporal expressions of one article in text order.

    Args:
        text: The article's text.
        published: ISO 8601 publication date, or None: relative values then stay unresolved (``XXXX-WXX-5``).
    """
    day = publication_day(published)
    context: date | None = None
    dates: list[Date] = []
    blocks = [
        sentence
        for paragraph in paragraphs(text)
        for sentence in sentences(text, paragraph, quoted_spans(text, paragraph))
    ]
    where = Sections(blocks)
    tenses = _Tenses(text)
    for candidate in _chosen(text):
        sentence = where.at(candidate.start)
        anchors = Anchors(day, context, tenses.direction(candidate, sentence))
        found = candidate.rule.value(candidate.match, anchors)
        if found is None:
            continue
        kind, value, mod = found
        dates.append(_date(text, candidate, kind, value, mod))
        context = timex.as_day(value) or context
    return _share_days(text, dates)


def _chosen(text: str) -> list[_Candidate]:
    """Matches that do not overlap: the longest first, then the rule that stands first, then the earlier one."""
    found = sorted(_matches(text), key=lambda item: (item[0].start - item[0].end, item[1], item[0].start))
    taken: list[_Candidate] = []
    occupied = bytearray(len(text))
    for candidate, _ in found:
        if not any(occupied[candidate.start : candidate.end]):
            occupied[candidate.start : candidate.end] = b"\1" * (candidate.end - candidate.start)
            taken.append(candidate)
    return sorted(taken, key=lambda candidate: candidate.start)


def _matches(text: str) -> Iterator[tuple[_Candidate, int]]:
    for order, rule in enumerate(RULES):
        for match in rule.pattern.finditer(text):
            named = "x" in rule.pattern.groupindex and match["x"] is not None
            start, end = match.span("x") if named else match.span()
            yield _Candidate(start, end, rule, match), order


class _Tenses:
    """Where the text's verbs look forward and back."""

    def __init__(self, text: str) -> None:
        ahead = [match.span() for match in _FUTURE.finditer(text)]
        self._future = [start for start, _ in ahead]
        covered = Sections([Region(*span) for span in ahead])
        self._past = [
            match.start()
            for match in _PAST.finditer(text)
            if not ahead or not covered.at(match.start()).start <= match.start() < covered.at(match.start()).end
        ]

    def direction(self, candidate: _Candidate, sentence: Region) -> Direction:
        """Future where the verb nearest before the expression is in the future, or the first one after it.

        A quotation or a colon before the expression does not matter: "said it will open on Friday" looks forward,
        "will close, she said on Friday" back.
        """
        future = _around(self._future, candidate.start, candidate.start, sentence)
        past = _around(self._past, candidate.start, candidate.end, sentence)
        if future[0] >= 0 or past[0] >= 0:
            return "future" if future[0] > past[0] else "past"
        return "future" if future[1] < past[1] else "past"


def _around(places: list[int], start: int, end: int, sentence: Region) -> tuple[int, int]:
    """Of a sentence the last place before ``start`` and the first from ``end`` on; -1 and its end for none."""
    before, after = bisect_left(places, start) - 1, bisect_left(places, end)
    return (
        places[before] if before >= 0 and places[before] >= sentence.start else -1,
        places[after] if after < len(places) and places[after] < sentence.end else sentence.end,
    )


def _date(text: str, candidate: _Candidate, kind: DateType, value: str, mod: str | None) -> Date:
    return Date(
        start=candidate.start,
        end=candidate.end,
        text=text[candidate.start : candidate.end],
        type=kind,
        value=value,
        mod=mod,
    )


def _share_days(text: str, dates: list[Date]) -> list[Date]:
    """Gives a clock time the day named right beside it: "9 a.m. on Tuesday" is a time on that Tuesday."""
    shared: list[Date] = []
    for index, found in enumerate(dates):
        following = dates[index + 1] if index + 1 < len(dates) else None
        if found.type == "TIME" and following is not None and following.type == "DATE" and "T" in (found.value or ""):
            gap = text[found.end or 0 : following.start or 0]
            if re.fullmatch(r"(?:,? on|,| local time(?: on)?)?\s+", gap) and len(following.value or "") == 10:
                found = Date(
                    start=found.start,
                    end=found.end,
                    text=found.text,
                    type="TIME",
                    value=f"{following.value}T{(found.value or '').partition('T')[2]}",
                    mod=found.mod,
                )
        shared.append(found)
    return shared
