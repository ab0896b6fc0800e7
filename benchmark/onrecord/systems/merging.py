"""Two answers to one question, merged: what the taggers find and what the rules find.

The taggers find more; where both find the same quotation or date, the rules draw its edges better.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from onrecord.model import Date, quote_kind
from onrecord.systems.rules_quotes import FoundQuote

#: Which quotations of the rules are added where the tagger found none: those in quotation marks, or all.
FILLS: Final = ("none", "direct", "all")
#: The longest date expression that is looked for (characters).
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
    for quote in found:
        dice, place = max(
            (
                (2 * _shared(quote, other) / (_length(quote) + _length(other)), number)
                for number, other in _near(quote, rules)
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
    """The rules' dates, and those that only the tagger found and that have a value."""
    added = [date for date in found if date.value is not None and not _overlaps(date, rules)]
    return sorted([*rules, *added], key=lambda date: date.start or 0)


def _overlaps(date: Date, others: Sequence[Date]) -> bool:
    start, end = date.start or 0, date.end or 0
    first = bisect_left(others, start - _REACH, key=lambda other: other.start or 0)
    last = bisect_left(others, end, key=lambda other: other.start or 0)
    return any((other.end or 0) > start for other in others[first:last])


def _near(quote: FoundQuote, others: Sequence[FoundQuote]) -> list[tuple[int, FoundQuote]]:
    """Quotations that share a character with this one, with their places."""
    return [(number, other) for number, other in enumerate(others) if _shared(quote, other)]


def filled(text: str, found: list[FoundQuote], rules: Sequence[FoundQuote], fill: str) -> list[FoundQuote]:
    """Adds the rules' quotations that share no word with one that was found."""
    _borrow(found, rules)
    if fill == "none":
        return found
    taken = [region for quote in found for region in (*quote.content, *([quote.cue] if quote.cue else []))]
    added = [
        quote
        for quote in rules
        if not any(
            part.start < region.end and region.start < part.end
            for part in (*quote.content, *([quote.cue] if quote.cue else []))
            for region in taken
        )
        and (fill == "all" or _marked(text, quote))
    ]
    return sorted([*found, *added], key=lambda quote: quote.content[0])


def _borrow(found: Sequence[FoundQuote], rules: Sequence[FoundQuote]) -> None:
    """Gives a quotation without source, or without cue, that of the rules' quotation that is mostly the same."""
    for quote in found:
        if quote.source is not None:
            continue
        for _, other in _near(quote, rules):
            if other.source is None or 2 * _shared(quote, other) < max(_length(quote), _length(other)):
                continue
            if any(part.start < other.source.end and other.source.start < part.end for part in quote.content):
                continue
            quote.source = other.source
            if quote.cue is None:
                quote.cue, quote.sentence, quote.clause = other.cue, other.sentence, other.clause
            break


def _shared(quote: FoundQuote, other: FoundQuote) -> int:
    return sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in quote.content for b in other.content)


def _length(quote: FoundQuote) -> int:
    return sum(part.end - part.start for part in quote.content)


def _marked(text: str, quote: FoundQuote) -> bool:
    return quote_kind([region.of(text) for region in quote.content]) == "direct"
