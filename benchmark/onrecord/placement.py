"""Finding annotators' text in an article: paragraphs, occurrences, abridged segments.

Pass files give words, never numbers of characters. Typographic and straight quotation marks, dashes, kinds of white
space and the form of an ellipsis are the same here; a stray full stop or comma at the end is forgiven.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, TypeAlias

Place: TypeAlias = tuple[int, int]

_FOLD: Final = str.maketrans("“”„‟«»‘’‚‛`´–—−‑‐\u00a0", '"' * 6 + "'" * 6 + "-" * 5 + " ")
_ABRIDGED: Final = (re.compile(r"\s+(?:…|\.\.\.)\s+"), re.compile(r"\s*(?:…|\.\.\.)\s*"))
_PIECES: Final = re.compile(r"(\s+|…|\.\.\.)")


@dataclass(frozen=True, slots=True)
class Found:
    """Where a text was found.

    Attributes:
        places: All its occurrences in the paragraph, in order.
        forgiven: What had to be overlooked to find it, or None.
    """

    places: list[Place]
    forgiven: str | None = None


def paragraphs(text: str) -> list[Place]:
    """Offsets of the paragraphs, the headline first."""
    places: list[Place] = []
    position = 0
    for block in re.split(r"\n\n+", text):
        start = text.index(block, position)
        places.append((start, start + len(block)))
        position = start + len(block)
    return places


def find(text: str, within: Place, words: str, *, abridged: bool = False) -> Found:
    """All occurrences of some words inside a stretch of text, by the strictest reading that finds any.

    Args:
        text: The article's text.
        within: The stretch, usually a paragraph.
        words: What the annotator wrote.
        abridged: Whether `` … `` inside the words may stand for what was left out.
    """
    readings: list[tuple[str, str | None]] = [(words, None)]
    trimmed = words.rstrip(".,;: ")
    if trimmed and trimmed != words:
        readings.append((trimmed, "punctuation at the end"))
    for reading, forgiven in readings:
        places = occurrences(text, within, reading)
        if not places and abridged:
            places = _abridged_occurrences(text, within, reading)
        if places:
            return Found(places, forgiven)
    for reading, _ in readings:
        if places := occurrences(text, within, reading, ignore_case=True):
            return Found(places, "upper and lower case")
    for reading, _ in readings:
        if places := occurrences(text, within, reading, whole_words=False):
            return Found(places, "that it is no whole word")
    return Found([])


def occurrences(
    text: str, within: Place, words: str, *, ignore_case: bool = False, whole_words: bool = True
) -> list[Place]:
    """Occurrences of the words, which must not be cut out of longer words, with marks and spaces folded."""
    words = unicodedata.normalize("NFC", words).strip().translate(_FOLD)
    if not words:
        return []
    pattern = "".join(_piece(piece) for piece in _PIECES.split(words))
    if whole_words:
        pattern = (r"(?<!\w)" if words[0].isalnum() else "") + pattern + (r"(?!\w)" if words[-1].isalnum() else "")
    finder = re.compile(pattern, re.IGNORECASE if ignore_case else 0)
    return [match.span() for match in finder.finditer(text.translate(_FOLD), *within)]


def gap(first: Place, second: Place) -> int:
    """Characters between two stretches; 0 if they touch, negative if they overlap."""
    return max(first[0], second[0]) - min(first[1], second[1])


def overlaps(first: Place, second: Place) -> bool:
    """Whether two stretches share a character."""
    return gap(first, second) < 0


def inside(inner: Place, outer: Place) -> bool:
    """Whether one stretch lies in another that is longer."""
    return outer[0] <= inner[0] and inner[1] <= outer[1] and inner != outer


def _piece(piece: str) -> str:
    if not piece:
        return ""
    if piece.isspace():
        return r"\s+"
    if piece in {"…", "..."}:
        return r"(?:…|\.\.\.)"
    return re.escape(piece)


def _abridged_occurrences(text: str, within: Place, words: str) -> list[Place]:
    """Stretches that begin with the words before an ellipsis and end with the words after it.

    The end is the first possible one after each beginning.
    """
    for mark in _ABRIDGED:
        pieces = mark.split(words)
        if len(pieces) < 2 or not all(piece.strip() for piece in pieces):
            continue
        places: list[Place] = []
        for start, end in occurrences(text, within, pieces[0]):
            position: int | None = end
            for piece in pieces[1:]:
                following = occurrences(text, (position or 0, within[1]), piece)
                position = following[0][1] if following else None
                if position is None:
                    break
            if position is not None:
                places.append((start, position))
        if places:
            return places
    return []
