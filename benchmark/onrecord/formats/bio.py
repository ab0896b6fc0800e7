"""Columns of tokens and labels in the manner of CoNLL-2003: one token a line, a blank line after each sentence.

Conventions:
    Columns are separated by a tab or, where there is none, by white space. ``-DOCSTART-`` begins a new document. A
    label is ``O``, or a type with a prefix: ``B`` and ``S``/``U`` begin a span, ``I``/``M`` and ``E``/``L`` go on with
    one of the same type or else begin one, ``S``, ``U``, ``E`` and ``L`` end it. That reads IOB1 (CoNLL-2003 as it was
    given out), IOB2, BIOES and BILOU alike. Where no label of a file has a prefix, equal neighbouring labels are one
    span. Written is IOB2.

Source: Tjong Kim Sang and De Meulder (2003), https://aclanthology.org/W03-0419
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from onrecord.errors import InputError, Problem
from onrecord.formats.tokens import Place, cut, joined

DOCUMENT: Final = "-DOCSTART-"
_OUTSIDE: Final = frozenset({"O", "_", "-", ""})
_LABEL: Final = re.compile(r"([BIESULM])[-_](.+)")
_BEGIN, _END = frozenset("BSU"), frozenset("SUEL")


@dataclass(frozen=True, slots=True)
class Entity:
    """A typed span of tokens of one sentence; ``end`` is exclusive."""

    sentence: int
    start: int
    end: int
    type: str


@dataclass(slots=True)
class Document:
    """Sentences of tokens with typed spans."""

    sentences: list[list[str]] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def text(self) -> tuple[str, list[list[Place]]]:
        """The text that the tokens make up, and their places in it."""
        return joined(self.sentences)


def read(content: str, where: str, token: int = 0, label: int = -1) -> Iterator[Document]:
    """Reads the documents of a file.

    Args:
        content: The file's text.
        where: Its name, for errors.
        token: Column of the token, counted from 0, or from the end with -1.
        label: Column of the label.

    Raises:
        InputError: A line that lacks a column; the line is named.
    """
    rows = list(_rows(content, where, token, label))
    prefixed = any(_LABEL.fullmatch(row[1]) for row in rows if row is not None)
    document, labels = Document(), list[str]()
    tokens: list[str] = []

    def end_sentence() -> None:
        if tokens:
            number = len(document.sentences)
            document.sentences.append(tokens.copy())
            document.entities += [Entity(number, *chunk) for chunk in _chunks(labels, prefixed)]
            tokens.clear()
            labels.clear()

    for row in rows:
        if row is not None and row[0] != DOCUMENT:
            tokens.append(row[0])
            labels.append(row[1])
            continue
        end_sentence()
        if row is not None and document.sentences:
            yield document
            document = Document()
    end_sentence()
    if document.sentences:
        yield document


def write(documents: Iterable[Document]) -> str:
    """The text of a file with two columns, token and IOB2 label; reading it again gives the same documents."""
    lines = []
    for document in documents:
        lines.append(f"{DOCUMENT}\tO\n")
        labels = [["O"] * len(sentence) for sentence in document.sentences]
        for entity in document.entities:
            row = labels[entity.sentence]
            row[entity.start : entity.end] = [f"I-{entity.type}"] * (entity.end - entity.start)
            row[entity.start] = f"B-{entity.type}"
        for sentence, row in zip(document.sentences, labels, strict=True):
            lines.append("".join(f"{token}\t{label}\n" for token, label in zip(sentence, row, strict=True)))
    return "\n".join(lines)


def from_spans(text: str, spans: Iterable[tuple[int, int, str]]) -> Document:
    """A document from a text and typed spans (start, end, type).

    Raises:
        ValueError: Two spans overlap, or one runs over a line end: columns cannot show that.
    """
    ordered = sorted(spans)
    document = Document()
    rest = iter(ordered)
    following = next(rest, None)
    for number, row in enumerate(cut(text, [(start, end) for start, end, _ in ordered])):
        document.sentences.append([text[start:end] for start, end in row])
        starts = {start: index for index, (start, _) in enumerate(row)}
        ends = {end: index + 1 for index, (_, end) in enumerate(row)}
        while following is not None and following[0] in starts:
            start, end, kind = following
            if end not in ends or any(e.sentence == number and e.end > starts[start] for e in document.entities[-1:]):
                raise ValueError(f"{text[start:end]!r} at {start} runs over a line end or overlaps another span")
            document.entities.append(Entity(number, starts[start], ends[end], kind))
            following = next(rest, None)
    if following is not None:
        raise ValueError(f"{text[following[0] : following[1]]!r} at {following[0]} does not begin at a token")
    return document


def _rows(content: str, where: str, token: int, label: int) -> Iterator[tuple[str, str] | None]:
    """(token, label) a line, None for a blank one."""
    for number, line in enumerate(content.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"), 1):
        if not line.strip():
            yield None
            continue
        columns = line.rstrip("\n").split("\t") if "\t" in line else line.split()
        if columns[0] == DOCUMENT:
            yield DOCUMENT, "O"
            continue
        try:
            word, value = columns[token].strip(), columns[label].strip()
        except IndexError:
            word = value = ""
        if not word or len(columns) < 2:
            raise InputError(
                Problem(
                    where,
                    f"no line of columns: {line[:60]!r}",
                    number,
                    remedy="a token and its label on each line, or say in [columns] of a mapping where they are",
                )
            )
        yield word, value


def _chunks(labels: Sequence[str], prefixed: bool) -> Iterator[tuple[int, int, str]]:
    """(start, end, type) of the spans of a sentence."""
    begun, current = 0, ""
    for index, label in enumerate([*labels, "O"]):
        match = _LABEL.fullmatch(label) if prefixed else None
        prefix, kind = (match[1], match[2]) if match else ("I", "" if prefixed or label in _OUTSIDE else label)
        if current and (kind != current or prefix in _BEGIN):
            yield begun, index, current
            current = ""
        if kind and not current:
            begun, current = index, kind
        if current and prefix in _END:
            yield begun, index + 1, current
            current = ""
