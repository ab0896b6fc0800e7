"""Token sequences for taggers: cutting a text, spans as labels, labels as spans.

Conventions:
    Tokens are runs of word characters and single other characters; a sequence is a paragraph, cut where it is longer
    than ``LONGEST`` tokens. A span is labelled by the tokens that begin inside it:
    ``B-X`` its first, ``I-X`` the others, ``O`` what is in none.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from onrecord.systems.text import Region, paragraphs

#: The most tokens of one sequence.
LONGEST: Final = 600
_TOKEN: Final = re.compile(r"[^\W_]+|[^\s\w]|_")

#: A region and what it is.
Labelled = tuple[Region, str]


def cut(text: str) -> list[list[Region]]:
    """The sequences of a text, each a list of tokens; no sequence is empty."""
    sequences: list[list[Region]] = []
    for paragraph in paragraphs(text):
        tokens = [Region(*match.span()) for match in _TOKEN.finditer(text, paragraph.start, paragraph.end)]
        sequences += [tokens[start : start + LONGEST] for start in range(0, len(tokens), LONGEST)]
    return sequences


def to_labels(tokens: Sequence[Region], spans: Iterable[Labelled]) -> list[str]:
    """Labels of one sequence; where spans overlap, the one given first keeps its tokens."""
    labels = ["O"] * len(tokens)
    starts = [token.start for token in tokens]
    for region, name in spans:
        first, last = bisect_left(starts, region.start), bisect_left(starts, region.end)
        if first and tokens[first - 1].end > region.start:  # begins inside a token
            first -= 1
        for index in range(first, last):
            if labels[index] == "O":
                labels[index] = f"{'B' if index == first or labels[index - 1][2:] != name else 'I'}-{name}"
    return labels


def to_spans(tokens: Sequence[Region], labels: Sequence[str]) -> Iterator[Labelled]:
    """Spans of one labelled sequence, in order; an ``I-X`` after anything but ``X`` begins a span."""
    start: int | None = None
    for index, label in enumerate([*labels, "O"]):
        if start is not None and label != f"I-{labels[start][2:]}":
            yield Region(tokens[start].start, tokens[index - 1].end), labels[start][2:]
            start = None
        if label != "O" and start is None:
            start = index
