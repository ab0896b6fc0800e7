"""Tokens and the text they make up, for formats that hold no text of their own.

Conventions:
    Tokens are joined by a space, sentences by a line feed; offsets are code points into that text. The other way
    round a text is cut into runs of word characters and single other characters, and at every edge of a span, so that
    no span is lost; a line feed ends a sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Final

Place = tuple[int, int]

_TOKEN: Final = re.compile(r"\w+|[^\w\s]")


def joined(sentences: Iterable[Sequence[str]]) -> tuple[str, list[list[Place]]]:
    """The text of some sentences of tokens, and the place of every token in it."""
    lines: list[str] = []
    places: list[list[Place]] = []
    position = 0
    for sentence in sentences:
        row = []
        start = position
        for token in sentence:
            row.append((start, start + len(token)))
            start += len(token) + 1
        lines.append(" ".join(sentence))
        places.append(row)
        position += len(lines[-1]) + 1
    return "\n".join(lines), places


def cut(text: str, spans: Iterable[Place]) -> list[list[Place]]:
    """The tokens of a text as offsets, sentence by sentence; every edge of a span is one of a token."""
    edges = sorted({edge for span in spans for edge in span})
    sentences: list[list[Place]] = []
    position = 0
    for line in text.split("\n"):
        row = []
        for match in _TOKEN.finditer(line):
            start, end = match.start() + position, match.end() + position
            inner = edges[bisect_right(edges, start) : bisect_left(edges, end)]
            row += list(zip([start, *inner], [*inner, end], strict=True))
        if row:
            sentences.append(row)
        position += len(line) + 1
    return sentences
