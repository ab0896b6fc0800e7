"""Two answers to one question, merged: what the taggers find and what the rules find.

The taggers find more; where both find the same quotation or date, the rules draw its edges better.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from onrecord.model import Date, quote_kind
from onrecord.systems.rules_quotes import FoundQuote
from onrecord.systems.text import Region

#: Which quotations of the rules are added where the tagger found none: those in quotation marks, or all.
FILLS: Final = ("none", "direct", "all")
#: Characters of a value that says nothing: "the day", which the rules leave alone because it is hardly ever a date.
_UNKNOWN: Final = frozenset("X-")
#: The longest date expression that is looked for, and the length of a stretch of text (characters).
_REACH: Final = 200


def agreed(found: Sequence[FoundQuote], rules: Sequence[FoundQuote], least: float) -> list[FoundQuote]:
    """The found quotations, each in the rules' form where they have the same one.

    Args:
        found: The tagger's.
        rules: The rules'.
        least: From which Dice coefficient of their characters on two quotations are the same.
    """
    kept: list[FoundQuote] = []
    taken: set[int] = set()
    near = _Near(rules)
    for quote in found:
        dice, place = max(
            (
                (2 * _shared(quote, other) / (_length(quote) + _length(other)), number)
                for number, other in near.to(quote)
            ),
            default=(0.0, -1),
        )
        if dice < least:
            kept.append(quote)
        elif place not in taken:
            taken.add(place)
            kept.append(rules[place])
    return kept


def together(found: Sequence[Date], rules: Sequence[Date]) -> list[Date]:
    """The rules' dates, and those that only the tagger found and whose value says something."""
    added = [date for date in found if date.value and set(date.value) - _UNKNOWN and not _overlaps(date, rules)]
    return sorted([*rules, *added], key=lambda date: date.start or 0)


def _overlaps(date: Date, others: Sequence[Date]) -> bool:
    start, end = date.start or 0, date.end or 0
    first = bisect_left(others, start - _REACH, key=lambda other: other.start or 0)
    last = bisect_left(others, end, key=lambda other: other.start or 0)
    return any((other.end or 0) > start for other in others[first:last])


class _Near:
    """Finds the quotations that share a character with another one, by the stretches of text that they touch."""

    def __init__(self, quotes: Sequence[FoundQuote]) -> None:
        self._quotes = quotes
        self._touching: defaultdict[int, list[int]] = defaultdict(list)
        for number, quote in enumerate(quotes):
            for stretch in _stretches(quote):
                self._touching[stretch].append(number)

    def to(self, quote: FoundQuote) -> list[tuple[int, FoundQuote]]:
        """Those quotations with their numbers, in order."""
        numbers = {number for stretch in _stretches(quote) for number in self._touching.get(stretch, ())}
        found = [(number, self._quotes[number]) for number in sorted(numbers)]
        return [(number, other) for number, other in found if _shared(quote, other)]


def _stretches(quote: FoundQuote) -> set[int]:
    return {number for part in quote.content for number in range(part.start // _REACH, part.end // _REACH + 1)}


def filled(text: str, found: list[FoundQuote], rules: Sequence[FoundQuote], fill: str) -> list[FoundQuote]:
    """Adds the rules' quotations that share no word with one that was found."""
    _borrow(found, rules)
    if fill == "none":
        return found
    taken = bytearray(len(text))
    for quote in found:
        for part in _parts(quote):
            taken[part.start : part.end] = b"\1" * (part.end - part.start)
    added = [
        quote
        for quote in rules
        if not any(any(taken[part.start : part.end]) for part in _parts(quote))
        and (fill == "all" or _marked(text, quote))
    ]
    return sorted([*found, *added], key=lambda quote: quote.content[0])


def _borrow(found: Sequence[FoundQuote], rules: Sequence[FoundQuote]) -> None:
    """Gives a quotation without source, or without cue, that of the rules' quotation that is mostly the same."""
    near = _Near(rules)
    for quote in found:
        if quote.source is not None:
            continue
        for _, other in near.to(quote):
            if other.source is None or 2 * _shared(quote, other) < max(_length(quote), _length(other)):
                continue
            if any(part.start < other.source.end and other.source.start < part.end for part in quote.content):
                continue
            quote.source = other.source
            if quote.cue is None:
                quote.cue, quote.sentence, quote.clause = other.cue, other.sentence, other.clause
            break


def _parts(quote: FoundQuote) -> list[Region]:
    return [*quote.content, *([quote.cue] if quote.cue else [])]


def _shared(quote: FoundQuote, other: FoundQuote) -> int:
    return sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in quote.content for b in other.content)


def _length(quote: FoundQuote) -> int:
    return sum(part.end - part.start for part in quote.content)


def _marked(text: str, quote: FoundQuote) -> bool:
    return quote_kind([region.of(text) for region in quote.content]) == "direct"
