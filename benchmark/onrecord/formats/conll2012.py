"""CoNLL-2012: tokens in columns, names and coreference in brackets.

Conventions:
    ``#begin document (NAME); part 000`` and ``#end document`` enclose a part, which is a document of its own. Columns
    are separated by white space: document, part, number, word, part of speech, parse, lemma, frameset, sense,
    speaker, names, …, coreference. Of a file with fewer columns the word is the fourth and coreference the last.
    Names are ``(TYPE*``, ``*``, ``*)``, coreference ``(0|(1``, ``0)``, ``-``. Brackets of one chain close innermost
    first.

What is kept in writing: tokens, sentences, every mention with its chain, the types of names (a name inside another
keeps its place in its chain and loses its type, since the column cannot nest), which one-token mentions are pronouns.

Source: Pradhan et al. (2012), https://conll.cemantix.org/2012/data.html
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from onrecord.errors import InputError, Problem
from onrecord.formats.tokens import Place, cut, joined
from onrecord.model import Mention

_BEGIN: Final = re.compile(r"#begin document\s+\(?(.*?)\)?;?\s*(?:;\s*part\s+(\S+))?\s*")
_NAME_COLUMN, _COLUMNS = 10, 12
_NAMED: Final = re.compile(r"\(([^()*|\s]+)")


@dataclass(frozen=True, slots=True, order=True)
class Bracket:
    """A span of tokens with its label: the type of a name, or the number of a chain. ``end`` is exclusive."""

    sentence: int
    start: int
    end: int
    label: str


@dataclass(slots=True)
class Document:
    """One part of a document.

    Attributes:
        name, part: As in the file; part is empty where the file has none.
        sentences: Words.
        tags: Parts of speech, one a word.
        names: Typed names.
        mentions: Mentions with the number of their chain.
    """

    name: str
    part: str = ""
    sentences: list[list[str]] = field(default_factory=list)
    tags: list[list[str]] = field(default_factory=list)
    names: list[Bracket] = field(default_factory=list)
    mentions: list[Bracket] = field(default_factory=list)

    def text(self) -> tuple[str, list[list[Place]]]:
        """The text that the words make up, and their places in it."""
        return joined(self.sentences)


def read(content: str, where: str) -> Iterator[Document]:
    """Reads the documents of a file.

    Raises:
        InputError: A line outside any document, with fewer than five columns, or brackets that do not match.
    """
    reader: _Reader | None = None
    for number, line in enumerate(content.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"), 1):
        if line.startswith("#begin document"):
            match = _BEGIN.fullmatch(line)
            reader = _Reader(Document(match[1] if match else line, (match[2] or "") if match else ""), where)
        elif line.startswith("#end document"):
            if reader is not None:
                yield reader.finish(number)
            reader = None
        elif not line.strip():
            if reader is not None:
                reader.end_sentence(number)
        elif not line.startswith("#"):
            if reader is None:
                raise InputError(
                    Problem(where, "a line outside any document", number, remedy="begin with #begin document (NAME);")
                )
            reader.word(line.split(), number)
    if reader is not None:
        raise InputError(
            Problem(where, "ends before #end document", None, remedy="get the file again, it is truncated")
        )


def write(documents: Iterable[Document]) -> str:
    """The text of a file of twelve columns; reading it again gives the same documents."""
    lines = []
    for document in documents:
        part = document.part or "000"
        lines.append(f"#begin document ({document.name}); part {part}\n")
        names, mentions = _by_token(document.names), _by_token(document.mentions)
        for number, (words, tags) in enumerate(zip(document.sentences, document.tags, strict=True)):
            for index, (word, tag) in enumerate(zip(words, tags, strict=True)):
                opening, closing, _ = names[number, index]
                name = f"{''.join(f'({label}' for label in opening)}*{')' * len(closing)}"
                cells = [document.name, str(int(part) if part.isdigit() else part), str(index), word, tag]
                cells += ["*", "-", "-", "-", "-", name, _chain_cell(*mentions[number, index])]
                lines.append("   ".join(cells) + "\n")
            lines.append("\n")
        lines.append("#end document\n")
    return "".join(lines)


def from_mentions(name: str, text: str, mentions: Iterable[Mention]) -> Document:
    """A document from a text and its mentions; a mention without a chain shows in the column of names alone.

    Raises:
        ValueError: A mention runs over a line end: brackets cannot show that.
    """
    marked = sorted(mentions, key=lambda m: (m.start or 0, -(m.end or 0)))
    document = Document(name)
    places: dict[int, tuple[int, int]] = {}
    ends: dict[int, tuple[int, int]] = {}
    for number, row in enumerate(cut(text, [(m.start or 0, m.end or 0) for m in marked])):
        document.sentences.append([text[start:end] for start, end in row])
        document.tags.append(["-"] * len(row))
        places.update((start, (number, index)) for index, (start, _) in enumerate(row))
        ends.update((end, (number, index + 1)) for index, (_, end) in enumerate(row))
    named = (-1, -1)
    for mention in marked:
        first, last = places.get(mention.start or 0), ends.get(mention.end or 0)
        if first is None or last is None or first[0] != last[0]:
            raise ValueError(f"{mention.text!r} at {mention.start} runs over a line end")
        if mention.entity is not None:
            document.mentions.append(Bracket(*first, last[1], mention.entity))
        if mention.kind == "name" and mention.type is not None and first >= named:
            document.names.append(Bracket(*first, last[1], mention.type))
            named = last
        if mention.kind == "pronoun" and last[1] == first[1] + 1:
            document.tags[first[0]][first[1]] = "PRP"
    document.mentions.sort()
    return document


class _Reader:
    """A document on its way."""

    def __init__(self, document: Document, where: str) -> None:
        self.document, self.where = document, where
        self.words: list[str] = []
        self.tags: list[str] = []
        self.open_names: list[tuple[int, str]] = []
        self.open_mentions: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)

    def word(self, columns: list[str], line: int) -> None:
        if len(columns) < 5:
            raise InputError(
                Problem(self.where, f"{len(columns)} columns", line, remedy="five or more, separated by white space")
            )
        sentence, index = len(self.document.sentences), len(self.words)
        self.words.append(columns[3])
        full = len(columns) >= _COLUMNS
        self.tags.append(columns[4] if full else "-")
        if full:
            self._name(columns[_NAME_COLUMN], sentence, index, line)
        for part in columns[-1].split("|") if columns[-1] != "-" else ():
            chain = part.strip("()")
            if part.startswith("("):
                self.open_mentions[chain].append((sentence, index))
            if part.endswith(")"):
                self._close(chain, index, line)

    def _name(self, cell: str, sentence: int, index: int, line: int) -> None:
        self.open_names += [(index, label) for label in _NAMED.findall(cell)]
        for _ in range(cell.count(")")):
            if not self.open_names:
                raise self._unmatched("a name ends that did not begin", line)
            start, label = self.open_names.pop()
            self.document.names.append(Bracket(sentence, start, index + 1, label))

    def _close(self, chain: str, index: int, line: int) -> None:
        if not self.open_mentions[chain]:
            raise self._unmatched(f"a mention of chain {chain} ends that did not begin", line)
        sentence, start = self.open_mentions[chain].pop()
        self.document.mentions.append(Bracket(sentence, start, index + 1, chain))

    def end_sentence(self, line: int) -> None:
        if self.open_names or any(self.open_mentions.values()):
            raise self._unmatched("a name or mention runs over the end of its sentence", line)
        if self.words:
            self.document.sentences.append(self.words)
            self.document.tags.append(self.tags)
            self.words, self.tags = [], []

    def finish(self, line: int) -> Document:
        self.end_sentence(line)
        self.document.names.sort()
        self.document.mentions.sort()
        return self.document

    def _unmatched(self, message: str, line: int) -> InputError:
        return InputError(Problem(self.where, message, line, remedy="check the brackets"))


_Edges = tuple[list[str], list[str], list[str]]


def _by_token(brackets: Iterable[Bracket]) -> defaultdict[tuple[int, int], _Edges]:
    """By (sentence, token): labels that open (longest first), that close, and of spans of this token alone."""
    edges: defaultdict[tuple[int, int], _Edges] = defaultdict(lambda: ([], [], []))
    for bracket in sorted(brackets, key=lambda b: (b.sentence, b.start, -b.end)):
        edges[bracket.sentence, bracket.start][0].append(bracket.label)
        edges[bracket.sentence, bracket.end - 1][1].append(bracket.label)
        if bracket.end == bracket.start + 1:
            edges[bracket.sentence, bracket.start][2].append(bracket.label)
    return edges


def _chain_cell(opening: list[str], closing: list[str], whole: list[str]) -> str:
    """The coreference cell; one-token mentions as ``(1)``."""
    begins, ends = opening.copy(), closing.copy()
    for label in whole:
        begins.remove(label)
        ends.remove(label)
    parts = [f"({label}" for label in begins] + [f"({label})" for label in whole] + [f"{label})" for label in ends]
    return "|".join(parts) or "-"
