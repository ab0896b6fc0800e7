"""Spans as importers make them: in text order, without overlap, their text beside them."""

from __future__ import annotations

from collections.abc import Iterable

from onrecord.model import Span
from onrecord.sources.report import Report


def segments(places: Iterable[tuple[int, int]], text: str, place: str, report: Report) -> tuple[Span, ...]:
    """Segments of one quotation.

    Empty stretches are left out, overlapping ones joined; touching ones stay apart.

    Args:
        places: Offsets in any order.
        text: The article's text.
        place: Where they are from, for the report.
        report: Where repairs are counted.
    """
    found: list[tuple[int, int]] = []
    for start, end in sorted(set(places)):
        if start == end:
            report.add("fragments left out: they have no text", place)
        elif found and start < found[-1][1]:
            report.add("fragments that overlapped within one span, joined", place)
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(Span(start, end, text[start:end]) for start, end in found)


def first(found: tuple[Span, ...], what: str, place: str, report: Report) -> Span | None:
    """The first of several segments, for what has only one; ``what`` is its name in the plural."""
    if len(found) > 1:
        report.add(f"{what} of several spans: the first is kept", place)
    return found[0] if found else None
