"""Pass files, below their meaning: lines of sections, and text found where a line says it is.

What each section means is :mod:`onrecord.passes`'s business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from onrecord.errors import Problem
from onrecord.model import Article, Span
from onrecord.placement import Found, Place, find, occurrences, overlaps, paragraphs

#: Sections and their number of fields.
SECTIONS: Final = {"chains": 4, "entities": 4, "quotes": 8, "dates": 5, "stances": 6}
#: Sections whose last field may be left out if it is ``-``.
_SHORT: Final = frozenset({"chains", "dates", "stances"})
PREFIX: Final = re.compile(r"(\d+)(?:#(\d+))?:\s+(?=\S)")
_PARAGRAPH: Final = re.compile(r"(\d+)(?:#(\d+))?")
_BAR: Final = re.compile(r"(?<!\|)\|(?!\|)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a section, split into its fields."""

    number: int
    fields: tuple[str, ...]


class PassFile:
    """A pass file of one article: reads its lines, finds its text, and collects what is wrong.

    Attributes:
        problems: Lines that could not be read or placed.
        notes: Lines that were placed after overlooking something, or where another place was possible.
    """

    def __init__(self, article: Article, where: str) -> None:
        self.article = article
        self.text = article.text
        self.where = where
        self.paragraphs = paragraphs(article.text)
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []

    def sections(self, content: str) -> dict[str, list[Line]]:
        """Reads the file's lines; what is no line of a known section is a problem."""
        sections: dict[str, list[Line]] = {name: [] for name in SECTIONS}
        current: str | None = None
        seen: set[str] = set()
        for number, raw in enumerate(content.removeprefix("\ufeff").splitlines(), start=1):
            line = raw.strip()
            if not line or line.startswith("#"):
                continue
            if line.startswith("[") and line.endswith("]") and "|" not in line:
                current = line[1:-1].strip().lower()
                seen.add(current)
                if current not in sections:
                    self.problem(number, f"{line} is no section", f"use one of {', '.join(SECTIONS)}")
                continue
            if current is None:
                self.problem(number, "stands before the first section", "begin with [chains]")
                continue
            if current not in sections:
                continue
            fields = tuple(part.strip() for part in _BAR.split(line.removesuffix(" |")))
            wanted = SECTIONS[current]
            if len(fields) == wanted - 1 and current in _SHORT:
                fields = (*fields, "-")
            if len(fields) != wanted:
                self.problem(number, f"{len(fields)} fields where [{current}] has {wanted}", "separate them by |")
                continue
            sections[current].append(Line(number, fields))
        for name in sections:
            if name not in seen:
                self.problem(None, f"section [{name}] is missing", "write its heading even if it is empty")
        return sections

    def problem(self, line: int | None, message: str, remedy: str | None = None) -> None:
        """Records a line that could not be read or placed."""
        self.problems.append(Problem(self.where, message, line, None, remedy))

    def note(self, line: int, message: str, remedy: str | None = None) -> None:
        """Records something about a line that its author should check."""
        self.notes.append(Problem(self.where, message, line, None, remedy))

    def numbers(self, line: Line, field_text: str) -> tuple[int, int | None] | None:
        """Paragraph and occurrence of ``3`` or ``3#2``."""
        match = _PARAGRAPH.fullmatch(field_text.replace("¶", "").strip())
        if match is None:
            self.problem(line.number, f"{field_text!r} is no paragraph number", "write 3, or 3#2")
            return None
        return self.in_range(line, int(match[1]), int(match[2]) if match[2] else None)

    def in_range(self, line: Line, number: int, occurrence: int | None) -> tuple[int, int | None] | None:
        """The same paragraph and occurrence, or None and a problem if the article has no such paragraph."""
        if 1 <= number <= len(self.paragraphs):
            return number, occurrence
        self.problem(line.number, f"no paragraph {number}: the article has {len(self.paragraphs)}", "1 = headline")
        return None

    def prefixed(self, line: Line, words: str, paragraph: int) -> tuple[int, int | None, str] | None:
        """Paragraph, occurrence and words of ``5: words``; a number that the text itself prints is no prefix."""
        match = PREFIX.match(words)
        if match is None or occurrences(self.text, self.paragraphs[paragraph - 1], words):
            return paragraph, None, words
        place = self.in_range(line, int(match[1]), int(match[2]) if match[2] else None)
        return None if place is None else (*place, words[match.end() :])

    def find(self, line: Line, words: str, paragraph: int, *, abridged: bool = False) -> list[Place]:
        """All places of the words in a paragraph; none is a problem that says where else they stand."""
        found = find(self.text, self.paragraphs[paragraph - 1], words, abridged=abridged)
        if not found.places:
            elsewhere = [
                str(number)
                for number, within in enumerate(self.paragraphs, start=1)
                if find(self.text, within, words, abridged=abridged).places
            ]
            remedy = (
                f"it stands in paragraph {', '.join(elsewhere)}"
                if elsewhere
                else "copy it from the text; write ‘ … ’ only inside content"
            )
            self.problem(line.number, f"not found in paragraph {paragraph}: {words!r}", remedy)
        self.forgiven(line, words, found)
        return found.places

    def forgiven(self, line: Line, words: str, found: Found) -> None:
        """Notes what had to be overlooked to find the words."""
        if found.forgiven is not None:
            self.note(line.number, f"{words!r} found by overlooking {found.forgiven}", "check that it is meant")

    def nth(self, line: Line, words: str, places: list[Place], occurrence: int) -> Place | None:
        """The given occurrence, or None and a problem."""
        if 1 <= occurrence <= len(places):
            return places[occurrence - 1]
        self.problem(
            line.number, f"no occurrence {occurrence} of {words!r}: the paragraph has {len(places)}", "count again"
        )
        return None

    def span(self, place: Place) -> Span:
        """A Span with its text."""
        return Span(*place, self.text[slice(*place)])

    def places_near(self, line: Line, words: str, paragraph: int, segments: list[Place]) -> list[Place]:
        """Places in the quote's paragraph, or else in those of its other segments."""
        here = self.paragraphs[paragraph - 1]
        for within in [here, *(p for p in self.paragraphs if p != here and any(overlaps(p, s) for s in segments))]:
            found = find(self.text, within, words)
            if found.places:
                self.forgiven(line, words, found)
                return found.places
        return self.find(line, words, paragraph)
