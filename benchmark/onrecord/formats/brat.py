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
from onrecord.model import Labels, Span

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


@dataclass(frozen=True, slots=True)
class Names:
    """What labels are called where the format leaves it open."""

    quote: str = "Attribution"
    coreference: str = "Coreference"
    value: str = "Value"
    mod: str = "Mod"
    kind: str = "Kind"
    untyped: str = "Entity"


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


def from_labels(text: str, labels: Labels, names: Names | None = None) -> Document:
    """A document from labels: mentions, dates and quotes.

    Kept are spans and types, chains and links, quotes with content, cue, source and ``source_type``, dates with value
    and mod. A chain becomes relations between neighbouring mentions, a value or mod an attribute, a link a
    normalisation.
    """
    names = names or Names()
    document = Document()

    def bound(label: str, spans: Iterable[Span]) -> str:
        fragments = tuple((span.start or 0, span.end or 0) for span in spans)
        name = f"T{len(document.bounds) + 1}"
        document.bounds[name] = TextBound(name, label, fragments, surface(text, fragments))
        document.order.append(name)
        return name

    def other(letter: str, rest: str) -> None:
        number = 1 + sum(line.startswith(letter) for line in document.others)
        document.others.append(f"{letter}{number}\t{rest}")
        document.order.append(document.others[-1])

    last: dict[str, str] = {}
    for mention in labels.entities or ():
        name = bound(mention.type or names.untyped, [mention])
        if mention.link is not None:
            other("N", f"Reference {name} {mention.link}\t{mention.text}")
        if mention.kind is not None:
            other("A", f"{names.kind} {name} {mention.kind}")
        if mention.entity is not None:
            if mention.entity in last:
                other("R", f"{names.coreference} Arg1:{last[mention.entity]} Arg2:{name}")
            last[mention.entity] = name
    for date in labels.dates or ():
        name = bound(date.type or names.untyped, [date])
        for label, value in ((names.value, date.value), (names.mod, date.mod)):
            if value is not None:
                other("A", f"{label} {name} {value}")
    for number, quote in enumerate(labels.quotes or (), 1):
        content = bound("Content", quote.content)
        roles = [("Content", content)]
        roles += [(role, bound(role, [span])) for role, span in (("Cue", quote.cue), ("Source", quote.source)) if span]
        name = f"E{number}"
        document.events[name] = Event(name, quote.source_type or names.quote, roles[-1][1], tuple(roles))
        document.order.append(name)
    return document


def surface(text: str, fragments: Iterable[tuple[int, int]]) -> str:
    """What brat prints for a span: the text of its fragments, in the order given, with a space between."""
    return " ".join(text[start:end] for start, end in fragments)


def agrees(bound: TextBound, text: str) -> bool:
    """Whether the annotation's own text is what stands at its offsets, white space folded."""
    return " ".join(bound.text.split()) == " ".join(surface(text, bound.fragments).split())


def text_that_fits(text: str, document: Document) -> tuple[str, str | None]:
    """The text to which the offsets belong, and what was done to it if it is not the text as it stands.

    Copies change on their way: a checkout may have turned line ends into CRLF, an editor may have put a byte order
    mark in front. Where that makes the spans' own texts disagree with their offsets and its undoing makes more of them
    agree, it is undone. (Brat counts a byte order mark as a character.)

    Args:
        text: The text file's content, without a byte order mark.
        document: Its annotations.
    """
    bounds = document.bounds.values()

    def agreeing(candidate: str) -> int:
        return sum(agrees(bound, candidate) for bound in bounds)

    best, most, done = text, agreeing(text), None
    if most == len(bounds):
        return text, None
    for candidate, what in (
        (text.replace("\r\n", "\n"), "CRLF line ends taken for LF, as the offsets want it"),
        (text.replace("\r\n", "\n").replace("\n", "\r\n"), "LF line ends taken for CRLF, as the offsets want it"),
        (f"\ufeff{text}", "a byte order mark counted, as the offsets want it"),
    ):
        if (number := agreeing(candidate)) > most:
            best, most, done = candidate, number, what
    return best, done


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
