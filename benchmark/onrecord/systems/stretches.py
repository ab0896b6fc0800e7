"""Cutting texts into pieces that a library can take at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from onrecord.systems.text import Region, paragraphs


def stretches(text: str, longest: int) -> Iterator[Region]:
    """The paragraphs of a text, the ones that are too long cut at white space."""
    for paragraph in paragraphs(text):
        start = paragraph.start
        while paragraph.end - start > longest:
            gaps = [match.end() for match in re.finditer(r"\s+", text[start : start + longest])]
            end = start + (gaps[-1] if gaps else longest)
            yield Region(start, end)
            start = end
        if start < paragraph.end:
            yield Region(start, paragraph.end)
