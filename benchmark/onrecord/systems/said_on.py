"""When something was said: a date that stands in the attribution, not in what is said."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice
from typing import Final

from onrecord.model import Date
from onrecord.systems.rules_quotes import FoundQuote
from onrecord.systems.text import Region

_DAY: Final = re.compile(
    r"\d{4}-\d\d-\d\d(?=$|T)|XXXX-WXX-\d(?=$|T)|XXXX-\d\d-\d\d(?=$|T)|\d{4}-\d\d$|\d{4}-W\d\d$|\d{4}$|XXXX-\d\d$"
)
#: A present-tense attribution dates nothing.
_PRESENT: Final = re.compile(r"^(?:also )?(?:says|say|believes?|thinks?|wants?|plans?|hopes?|fears?|expects?|is|are)\b")


def said_on(quote: FoundQuote, dates: Sequence[Date], text: str) -> str | None:
    """The value of the nearest date in the attribution's own words (TIMEX3, without a part of day), or None.

    Args:
        quote: The quotation; its ``clause`` holds the words of its sentence outside the content.
        dates: The article's temporal expressions in text order.
        text: The article's text.
    """
    if quote.cue is None or _PRESENT.match(quote.cue.of(text)):
        return None
    near: list[tuple[int, str]] = []
    first = bisect_left(dates, quote.sentence.start, key=lambda date: date.start or 0)
    for date in islice(dates, first, None):
        if (date.start or 0) >= quote.sentence.end:
            break
        region = Region(date.start or 0, date.end or 0)
        if date.type not in ("DATE", "TIME") or not any(part.covers(region) for part in quote.clause):
            continue
        found = _DAY.match(date.value or "")
        if found:
            distance = region.start - quote.cue.end if region.start >= quote.cue.end else quote.cue.start - region.end
            near.append((distance, found.group()))
    return min(near)[1] if near and min(near)[0] <= 90 else None


def carried_over(
    found: Sequence[FoundQuote], speakers: Sequence[object], values: list[str | None], text: str
) -> list[str | None]:
    """Carries a day over to the following quotations of the same occasion.

    The same speaker, in the same paragraph or the next, nobody else quoted in between, no date of its own.
    """
    carried = list(values)
    for index in range(1, len(found)):
        previous, quote = found[index - 1], found[index]
        if carried[index] is not None or speakers[index] is None or speakers[index] is not speakers[index - 1]:
            continue
        if quote.cue is not None and _PRESENT.match(quote.cue.of(text)):
            continue
        if text[previous.sentence.start : quote.sentence.start].count("\n\n") <= 1:
            carried[index] = carried[index - 1]
    return carried
