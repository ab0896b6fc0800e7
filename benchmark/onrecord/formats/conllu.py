"""CoNLL-U: documents of sentences of words, with their text and its real spacing.

Conventions:
    A multiword token (``4-5``) gives the surface text and its spacing; its words get the parts of it that they spell,
    or all of it where they do not spell it out. Empty nodes (``17.1``) have no text and are left out. ``SpaceAfter=No``
    joins a token to the next. Sentences of a paragraph are joined by a space, paragraphs (``# newpar``) by a blank
    line.

Source: https://universaldependencies.org/format.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from onrecord.errors import InputError, Problem

_COLUMNS: Final = 10


@dataclass(frozen=True, slots=True)
class Word:
    """A syntactic word with its place in the document's text, as code point offsets.

    Attributes:
        start, end: Its surface text.
        form, upos, xpos: As in the file.
        misc: The MISC column by key; a part without ``=`` has an empty value.
        sentence: Number of its sentence in the document.
        number: Its number in the sentence, from 1.
        head: Number of the word that governs it; 0 for the root.
        deprel: Its relation to that word.
    """

    start: int
    end: int
    form: str
    upos: str
    xpos: str
    misc: dict[str, str]
    sentence: int
    number: int
    head: int
    deprel: str


@dataclass(slots=True)
class Document:
    """One document.

    Attributes:
        name: Its id.
        meta: ``# meta::key = value`` by key, and ``# global.key = value`` by ``global.key``.
        text: Its text.
        words: Its words.
        blocks: Offset and kind of each ``# newpar_block``.
    """

    name: str
    meta: dict[str, str] = field(default_factory=dict)
    text: str = ""
    words: list[Word] = field(default_factory=list)
    blocks: list[tuple[int, str]] = field(default_factory=list)


def read(content: str, where: str) -> Iterator[Document]:
    """Reads the documents of a file.

    Args:
        content: The file's text.
        where: Its name, for errors, and for a document without ``# newdoc id``.

    Raises:
        InputError: A line that has not ten columns, or a token without a number.
    """
    reader: _Reader | None = None
    for number, line in enumerate(content.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"), 1):
        if line.startswith("# newdoc"):
            if reader is not None:
                yield reader.finish()
            reader = _Reader(line.partition("=")[2].strip() or where)
            continue
        if reader is None:
            if not line.strip():
                continue
            reader = _Reader(where)
        if line.startswith("#"):
            reader.comment(line)
        elif line.strip():
            columns = line.split("\t")
            if len(columns) != _COLUMNS or not re.fullmatch(r"\d+([-.]\d+)?", columns[0]):
                raise InputError(
                    Problem(where, f"no CoNLL-U line: {line[:60]!r}", number, remedy="ten columns separated by tabs")
                )
            reader.token(columns)
        else:
            reader.end_sentence()
    if reader is not None:
        yield reader.finish()


def parse_misc(column: str) -> dict[str, str]:
    """The MISC column by key."""
    if column == "_":
        return {}
    return {key: value for key, _, value in (part.partition("=") for part in column.split("|"))}


class _Reader:
    """A document on its way."""

    def __init__(self, name: str) -> None:
        self.document = Document(name)
        self.pieces: list[str] = []
        self.length = 0
        self.gap = ""
        self.sentence = 0
        self.multiword: tuple[int, str, int] | None = None

    def comment(self, line: str) -> None:
        if line.startswith(("# meta::", "# global.")):
            key, _, value = line[2:].partition("=")
            self.document.meta[key.strip().removeprefix("meta::")] = value.strip()
        elif line.startswith("# newpar"):
            if line.startswith("# newpar_block"):
                self.document.blocks.append((self.length + len(self.gap), line.partition("=")[2].strip()))
            else:
                self.gap = "\n\n" if self.length else ""

    def token(self, columns: list[str]) -> None:
        identifier, form, misc = columns[0], columns[1], parse_misc(columns[9])
        if "." in identifier:
            return
        if "-" in identifier:
            start = self._append(form, misc)
            self.multiword = (int(identifier.partition("-")[2]), form, start)
            return
        if self.multiword is not None:
            last, surface, start = self.multiword
            spelt = surface.startswith(form)
            end = start + len(form) if spelt else start + len(surface)
            self._word(start, end, columns, misc)
            self.multiword = (last, surface[len(form) :], end) if spelt else (last, surface, start)
            if int(identifier) >= last:
                self.multiword = None
            return
        start = self._append(form, misc)
        self._word(start, start + len(form), columns, misc)

    def _word(self, start: int, end: int, columns: list[str], misc: dict[str, str]) -> None:
        head = int(columns[6]) if columns[6].isdigit() else 0
        self.document.words.append(
            Word(start, end, columns[1], columns[3], columns[4], misc, self.sentence, int(columns[0]), head, columns[7])
        )

    def end_sentence(self) -> None:
        self.sentence += 1
        self.multiword = None
        if not self.gap and self.length:
            self.gap = " "

    def finish(self) -> Document:
        self.document.text = "".join(self.pieces)
        return self.document

    def _append(self, form: str, misc: dict[str, str]) -> int:
        start = self.length + len(self.gap)
        self.pieces += [self.gap, form]
        self.length = start + len(form)
        self.gap = "" if misc.get("SpaceAfter") == "No" else " "
        return start
