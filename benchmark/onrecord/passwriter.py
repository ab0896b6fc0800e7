"""Labels written as the lines of a pass file, so that people can read and mend them.

The inverse of :mod:`onrecord.passes`: compiling what is written here gives the same labels. Wherever a text stands more
than once in its paragraph, the occurrence is written, so that nothing is left to the compiler's choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from onrecord.model import Article, Chain, Date, Labels, Mention, Quote, Span, Stance
from onrecord.placement import Place, find, paragraphs

SECTIONS: Final = ("chains", "entities", "quotes", "dates", "stances")
#: First letters of the names that lines get which have no id of their own.
LETTERS: Final = {"entities": "m", "dates": "t", "stances": "s"}


class Writer:
    """Writes the lines of one article's labels."""

    def __init__(self, article: Article) -> None:
        self._text = article.text
        self._paragraphs = paragraphs(article.text)

    def sections(self, labels: Labels) -> Mapping[str, list[str]]:
        """The lines of every section, in text order, without the section's heading."""
        return {
            "chains": [self.chain(chain) for chain in labels.chains or ()],
            "entities": [self.mention(item) for item in sorted(labels.entities or (), key=_outer_first)],
            "quotes": [self.quote(item) for item in labels.quotes or ()],
            "dates": [self.date(item) for item in sorted(labels.dates or (), key=_outer_first)],
            "stances": [self.stance(item) for item in labels.stances or ()],
        }

    def text(self, labels: Labels) -> str:
        """The whole file."""
        parts = [
            f"[{name}]\n" + "".join(f"{line}\n" for line in lines) for name, lines in self.sections(labels).items()
        ]
        return "\n".join(parts)

    def chain(self, item: Chain) -> str:
        """A line of ``[chains]``."""
        return _line(item.id, item.type, item.name, item.link)

    def mention(self, item: Mention) -> str:
        """A line of ``[entities]``."""
        return _line(self._at(item), self._words(item), item.entity, item.kind)

    def date(self, item: Date) -> str:
        """A line of ``[dates]``."""
        return _line(self._at(item), self._words(item), item.type, item.value, item.mod)

    def quote(self, item: Quote) -> str:
        """A line of ``[quotes]``."""
        content = " || ".join(self._prefixed(segment) for segment in item.content)
        return _line(
            item.id,
            self._paragraph(item.content[0]) + 1,
            f"content: {content}",
            f"cue: {self._prefixed(item.cue)}",
            f"source: {self._prefixed(item.source)}",
            f"speaker: {item.speaker or '-'}",
            f"sourcing: {item.sourcing or '-'}",
            f"said_on: {item.said_on or '-'}",
        )

    def stance(self, item: Stance) -> str:
        """A line of ``[stances]``."""
        spans = " ;; ".join(self._prefixed(span) for span in item.evidence_spans)
        return _line(item.holder, item.claim, item.label, item.earlier, ",".join(item.evidence_quotes), spans)

    def _prefixed(self, span: Span | None) -> str:
        return "-" if span is None else f"{self._at(span)}: {self._words(span)}"

    def _paragraph(self, span: Span) -> int:
        start, _ = _place(span)
        return next(at for at, (_, end) in enumerate(self._paragraphs) if start < end)

    def _words(self, span: Span) -> str:
        return self._text[slice(*_place(span))]

    def _at(self, span: Span) -> str:
        """``3``, or ``3#2`` where the words stand there more than once."""
        at = self._paragraph(span)
        places = find(self._text, self._paragraphs[at], self._words(span)).places
        if len(places) < 2 or _place(span) not in places:
            return str(at + 1)
        return f"{at + 1}#{places.index(_place(span)) + 1}"


def _place(span: Span) -> Place:
    if span.start is None or span.end is None:
        raise ValueError(f"a span without offsets: {span}")
    return span.start, span.end


def _outer_first(span: Span) -> tuple[int, int]:
    start, end = _place(span)
    return start, -end


def _line(*fields: object) -> str:
    return " | ".join("-" if field is None or field == "" else str(field) for field in fields)


def numbered(sections: Mapping[str, Iterable[str]]) -> Iterable[tuple[str, str, str]]:
    """Section, a name for each line (chains and quotes have their own), and the line."""
    for section, lines in sections.items():
        for number, line in enumerate(lines, 1):
            name = f"{LETTERS[section]}{number}" if section in LETTERS else line.split(" | ", 1)[0]
            yield section, name, line
