r"""TimeML: TIMEX3 annotations inside a document's text, reading and writing.

Conventions:
    The text is what stands inside ``<TEXT>``, decoded once (``&amp;`` is ``&``), markup taken out, white space as it
    is; offsets are code points into it. XML makes every line end ``\n``. Only TIMEX3 inside ``<TEXT>`` count; the
    one with ``functionInDocument="CREATION_TIME"`` is the document creation time.

Source: TimeML 1.2.1, Saurí et al. (2006), https://timeml.github.io/site/publications/specs.html
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from onrecord.errors import InputError, Problem
from onrecord.formats import xmltree
from onrecord.model import Article, Date


@dataclass(frozen=True, slots=True)
class Timex:
    """One TIMEX3 element; ``end == start`` for an empty one (an implicit expression that consumes no text)."""

    start: int
    end: int
    text: str
    attributes: dict[str, str]


@dataclass(slots=True)
class Document:
    """A TimeML document without its events and links.

    Attributes:
        text: Text inside ``<TEXT>``.
        timexes: TIMEX3 inside it, in document order, outer before inner.
        name: ``<DOCID>``, or None.
        title: ``<TITLE>``, or None.
        created: Value of the document creation time, or None.
    """

    text: str = ""
    timexes: list[Timex] = field(default_factory=list)
    name: str | None = None
    title: str | None = None
    created: str | None = None


def read(content: bytes, where: str) -> Document:
    """Reads a TimeML file.

    Raises:
        InputError: Not well-formed XML, or no ``<TEXT>`` in it.
    """
    root = xmltree.parse(content, where)
    body = root.find(".//TEXT")
    if body is None:
        raise InputError(
            Problem(
                where, "has no <TEXT> element", remedy="give TimeML files; plain texts need their labels beside them"
            )
        )
    document = Document(name=_content(root, "DOCID"), title=_content(root, "TITLE"))
    document.created = _created(root)
    pieces: list[str] = []
    _walk(body, pieces, 0, document.timexes)
    document.text = "".join(pieces)
    document.timexes = [Timex(t.start, t.end, document.text[t.start : t.end], t.attributes) for t in document.timexes]
    return document


_ORDER: Final = ("tid", "type", "value", "mod")


def write(document: Document) -> bytes:
    """A TimeML file with the same text and TIMEX3; reading it again gives the same document.

    Raises:
        ValueError: Two TIMEX3 cross; elements of XML cannot.
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<TimeML>"]
    lines.append(f"<DOCID>{escape(document.name or '')}</DOCID>")
    if document.created is not None:
        lines.append(
            f'<DCT><TIMEX3 tid="t0" type="DATE" value={quoteattr(document.created)} '
            f'functionInDocument="CREATION_TIME">{escape(document.created)}</TIMEX3></DCT>'
        )
    if document.title is not None:
        lines.append(f"<TITLE>{escape(document.title)}</TITLE>")
    lines.append(f"<TEXT>{_marked(document)}</TEXT>")
    lines.append("</TimeML>\n")
    return "\n".join(lines).encode()


def from_article(article: Article, dates: Iterable[Date]) -> Document:
    """A document from an article and its dates; kept are text, headline, day of publication, type, value and mod."""
    document = Document(article.text, [], article.id, article.headline, article.published)
    for number, date in enumerate(sorted(dates, key=lambda d: (d.start or 0, -(d.end or 0))), 1):
        attributes = {"tid": f"t{number}", "type": date.type, "value": date.value, "mod": date.mod}
        document.timexes.append(
            Timex(
                date.start or 0,
                date.end or 0,
                date.text or "",
                {name: value for name, value in attributes.items() if value is not None},
            )
        )
    return document


def _walk(element: Any, pieces: list[str], length: int, timexes: list[Timex]) -> int:
    """Appends the element's text to ``pieces`` and its TIMEX3 to ``timexes``; returns the length so far."""
    text = element.text or ""
    pieces.append(text)
    length += len(text)
    for child in element:
        start = length
        place = len(timexes)
        length = _walk(child, pieces, length, timexes)
        if child.tag == "TIMEX3":
            timexes.insert(place, Timex(start, length, "", {str(k): str(v) for k, v in child.attrib.items()}))
        tail = child.tail or ""
        pieces.append(tail)
        length += len(tail)
    return length


def _marked(document: Document) -> str:
    """The text with its TIMEX3 elements, properly nested."""
    out: list[str] = []
    open_ends: list[int] = []
    position = 0

    def text_until(place: int) -> None:
        nonlocal position
        out.append(_escape_text(document.text[position:place]))
        position = place

    for timex in sorted(document.timexes, key=lambda t: (t.start, -t.end)):
        while open_ends and open_ends[-1] <= timex.start:
            text_until(open_ends.pop())
            out.append("</TIMEX3>")
        if open_ends and timex.end > open_ends[-1]:
            raise ValueError(f"TIMEX3 at {timex.start}-{timex.end} crosses another that ends at {open_ends[-1]}")
        text_until(timex.start)
        names = [*(n for n in _ORDER if n in timex.attributes), *sorted(timex.attributes.keys() - set(_ORDER))]
        out.append("<TIMEX3 " + " ".join(f"{n}={quoteattr(timex.attributes[n])}" for n in names) + ">")
        open_ends.append(timex.end)
    while open_ends:
        text_until(open_ends.pop())
        out.append("</TIMEX3>")
    text_until(len(document.text))
    return "".join(out)


def _escape_text(text: str) -> str:
    # A bare carriage return would be read back as a line feed.
    return escape(text, {"\r": "&#13;"})


def _created(root: Any) -> str | None:
    """Value of the document creation time: the one so named, else that of publication, else the one in ``<DCT>``."""
    for place in (
        "[@functionInDocument='CREATION_TIME']",
        "[@functionInDocument='PUBLICATION_TIME']",
        "[ancestor::DCT]",
    ):
        values = root.xpath(f".//TIMEX3{place}/@value")
        if values:
            return str(values[0]).strip()
    return None


def _content(root: Any, tag: str) -> str | None:
    element = root.find(f".//{tag}")
    return None if element is None else "".join(element.itertext()).strip()
