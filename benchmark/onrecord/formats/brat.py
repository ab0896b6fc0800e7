r"""brat standoff: text-bound annotations, events, relations, attributes and notes in an ``.ann`` file.

Conventions:
    ``T1<TAB>Source 89 106<TAB>The Post`` is a text-bound annotation; ``89 106;120 131`` has two fragments, which
    may stand out of text order. ``E1<TAB>Attribution:T4 Content:T3 Cue:T2`` is an event with roles. ``R``, ``A``,
    ``M``, ``N``, ``*`` and ``#`` lines are kept as they stand. Offsets are Unicode code points into the ``.txt``
    file as decoded, line ends included.

The surface text of a text-bound annotation may contain line breaks where its span does; such a line is read as one.

Source: https://brat.nlplab.org/standoff.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from onrecord.errors import Problem

_LINE: Final = re.compile(r"(?:[TERAMN]\d+|\*|#\d*)\t")
_BOUND: Final = re.compile(r"(T\d+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)\t(.*)", re.DOTALL)
_EVENT: Final = re.compile(r"(E\d+)\t(\S+?):([TE]\d+)((?: +\S+:[TER]\d+)*) *")


@dataclass(frozen=True, slots=True)
class TextBound:
    """A labelled span, ``fragments`` in the order of the file."""

    id: str
    label: str
    fragments: tuple[tuple[int, int], ...]
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """An event: its label, trigger, and (role, id) pairs in the order of the file."""

    id: str
    label: str
    trigger: str
    roles: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Document:
    """One ``.ann`` file. ``order`` has the ids and the other lines as they stood, so that writing restores them."""

    bounds: dict[str, TextBound] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    order: list[str] = field(default_factory=list)


def read(content: str, where: str) -> Document:
    """Reads an ``.ann`` file.

    Args:
        content: The file's text.
        where: Its name, for problems.

    Returns:
        The document; lines that cannot be read are in ``problems``, each with its number.
    """
    document = Document()
    for number, line in _logical_lines(content):
        if bound := _BOUND.fullmatch(line):
            fragments = tuple(_fragment(part) for part in bound[3].split(";"))
            if any(start > end for start, end in fragments):
                document.problems.append(Problem(where, f"swapped offsets in {bound[1]}", number))
                continue
            document.bounds[bound[1]] = TextBound(bound[1], bound[2], fragments, bound[4])
            document.order.append(bound[1])
        elif event := _EVENT.fullmatch(line):
            roles = tuple((role, name) for role, _, name in (part.partition(":") for part in event[4].split()))
            document.events[event[1]] = Event(event[1], event[2], event[3], roles)
            document.order.append(event[1])
        elif line[:1] in {"R", "A", "M", "N", "*", "#"}:
            document.others.append(line)
            document.order.append(line)
        else:
            document.problems.append(
                Problem(where, f"no brat line: {line[:60]!r}", number, remedy="see brat's standoff format")
            )
    return document


def write(document: Document) -> str:
    """The ``.ann`` text of a document, in its order; reading it again gives the same document."""
    lines = []
    for name in document.order:
        if name in document.bounds:
            bound = document.bounds[name]
            offsets = ";".join(f"{start} {end}" for start, end in bound.fragments)
            lines.append(f"{bound.id}\t{bound.label} {offsets}\t{bound.text}")
        elif name in document.events:
            event = document.events[name]
            roles = "".join(f" {role}:{target}" for role, target in event.roles)
            lines.append(f"{event.id}\t{event.label}:{event.trigger}{roles}")
        else:
            lines.append(name)
    return "".join(f"{line}\n" for line in lines)


def surface(text: str, fragments: Iterable[tuple[int, int]]) -> str:
    """What brat prints for a span: the text of its fragments, in the order given, with a space between."""
    return " ".join(text[start:end] for start, end in fragments)


def agrees(bound: TextBound, text: str) -> bool:
    """Whether the annotation's own text is what stands at its offsets, white space folded."""
    return " ".join(bound.text.split()) == " ".join(surface(text, bound.fragments).split())


def _fragment(part: str) -> tuple[int, int]:
    start, end = part.split(" ")
    return int(start), int(end)


def _logical_lines(content: str) -> list[tuple[int, str]]:
    """Numbered lines; one that begins like no annotation goes on with the text of the one before."""
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(content.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"), 1):
        if lines and lines[-1][1].startswith("T") and not _LINE.match(line):
            lines[-1] = (lines[-1][0], f"{lines[-1][1]}\n{line}")
        elif line.strip():
            lines.append((number, line))
    # A file's last line break, and blank lines between annotations, are no part of a surface text.
    return [(number, line.rstrip("\n") if line.startswith("T") else line) for number, line in lines]
