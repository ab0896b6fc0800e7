"""The data model: what an article and its four layers of labels are, and nothing else.

Offsets are Unicode code points into ``Article.text``, zero-based and end-exclusive. Ids of chains, quotes and
claims resolve inside their own article only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from onrecord.vocabulary import (
    ARTICLE_VOICE,
    DATE_MODS,
    DATE_TYPES,
    ENTITY_KINDS,
    ENTITY_TYPES,
    LAYERS,
    OUTSIDE_TYPES,
    QUOTE_KINDS,
    SOURCINGS,
    SPLITS,
    STANCE_LABELS,
    DateType,
    EntityKind,
    Layer,
    QuoteKind,
    Sourcing,
    Split,
    StanceLabel,
)

__all__ = [
    "ARTICLE_VOICE",
    "DATE_MODS",
    "DATE_TYPES",
    "ENTITY_KINDS",
    "ENTITY_TYPES",
    "LAYERS",
    "OUTSIDE_TYPES",
    "QUOTE_KINDS",
    "SOURCINGS",
    "SPLITS",
    "STANCE_LABELS",
    "AnnotatedArticle",
    "Article",
    "Chain",
    "Claim",
    "Date",
    "DateType",
    "EntityKind",
    "Labels",
    "Layer",
    "Mention",
    "Quote",
    "QuoteKind",
    "Sourcing",
    "Span",
    "Split",
    "Stance",
    "StanceLabel",
    "quotation_marks",
    "quote_kind",
    "stance_row_id",
]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the article's text.

    Each part may be null: offsets without text, or text without offsets (a system's answer that is still to be
    grounded), optionally with the words before it as ``context``.
    """

    start: int | None = None
    end: int | None = None
    text: str | None = None
    context: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A neutral declarative sentence that a reader could agree or disagree with; input to a system."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Mention(Span):
    """One mention of an entity."""

    type: str | None = None
    kind: EntityKind | None = None
    entity: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """The mentions of one entity in one article, and what is known of it."""

    id: str
    type: str | None = None
    name: str | None = None
    aliases: tuple[str, ...] = ()
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A direct, indirect or mixed quotation: what is attributed, by which words, to whom, and when it was said."""

    id: str | None = None
    content: tuple[Span, ...] = ()
    cue: Span | None = None
    source: Span | None = None
    speaker: str | None = None
    speaker_name: str | None = None
    kind: QuoteKind | None = None
    sourcing: Sourcing | None = None
    said_on: str | None = None
    source_type: str | None = None


@dataclass(frozen=True, slots=True)
class Date(Span):
    """A temporal expression with its TIMEX3 type and normalised value."""

    type: DateType | None = None
    value: str | None = None
    mod: str | None = None


@dataclass(frozen=True, slots=True)
class Stance:
    """Where a holder stands on a claim as of publication, with the evidence."""

    holder: str | None = None
    holder_name: str | None = None
    claim: str | None = None
    label: StanceLabel | None = None
    earlier: StanceLabel | None = None
    evidence_quotes: tuple[str, ...] = ()
    evidence_spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """An article's text and what is known about it; no labels."""

    id: str
    text: str
    story: str | None = None
    outlet: str | None = None
    headline: str | None = None
    byline: str | None = None
    dateline: str | None = None
    published: str | None = None
    language: str | None = None
    variety: str | None = None
    desk: str | None = None
    phenomena: tuple[str, ...] = ()
    edition: str | None = None
    text_sha256: str | None = None
    claims: tuple[Claim, ...] = ()

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from onrecord.report.notebook import article_html

        return article_html(self)


@dataclass(frozen=True, slots=True)
class Labels:
    """The four layers of one article. A layer that is None is not annotated; an empty one has nothing in it."""

    entities: tuple[Mention, ...] | None = None
    chains: tuple[Chain, ...] | None = None
    quotes: tuple[Quote, ...] | None = None
    dates: tuple[Date, ...] | None = None
    stances: tuple[Stance, ...] | None = None


@dataclass(frozen=True, slots=True)
class AnnotatedArticle:
    """An article with its labels, and the split it belongs to."""

    article: Article
    labels: Labels = field(default_factory=Labels)
    split: Split = "test"

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from onrecord.report.notebook import annotated_html

        return annotated_html(self)


def stance_row_id(article: str, claim: str, holder: str) -> str:
    """Id of a row of config ``stance``: ``<article>#<claim>#<holder>``."""
    return f"{article}#{claim}#{holder}"


def quote_kind(segments: tuple[str, ...] | list[str]) -> QuoteKind:
    """Kind of a quotation, computed from the quotation marks in its content.

    Direct: the content begins and ends with quotation marks; mixed: some marks inside; indirect: none. Sentence
    punctuation after the last mark does not count as content.

    Args:
        segments: Surface text of the content's segments in text order.
    """
    joined = " ".join(segment.strip() for segment in segments).strip()
    marks = quotation_marks(joined)
    if not marks:
        return "indirect"
    last = len(joined.rstrip(" .,;:!?…")) - 1
    ends = (last, len(joined) - 1)
    if marks[0] == 0 and (marks[-1] in ends or (joined[0] in _SINGLE_MARKS and joined[last] in _SINGLE_MARKS)):
        # In single marks, the apostrophe of “the workers'” looks like the end; the last mark is.
        return "direct"
    return "mixed"


def quotation_marks(text: str) -> list[int]:
    """Offsets of the quotation marks in ``text``, apostrophes left out.

    A single mark opens where a word begins and closes, if one is open, where a word has ended; every other
    single mark is an apostrophe.
    """
    marks: list[int] = []
    single_open = False
    for found in _ANY_MARK.finditer(text):
        index = found.start()
        if found[0] in _DOUBLE_MARKS:
            marks.append(index)
        else:
            before = text[index - 1] if index else " "
            after = text[index + 1] if index + 1 < len(text) else " "
            if not single_open and not before.isalnum() and after.isalnum() and _closes_later(text, index):
                single_open = True
                marks.append(index)
            elif single_open and not after.isalnum() and not before.isspace():
                single_open = False
                marks.append(index)
    return marks


_DOUBLE_MARKS: Final = frozenset('"“”„‟«»″「」『』')
_SINGLE_MARKS: Final = frozenset("'‘’‚`´")
_ANY_MARK: Final = re.compile(f"[{''.join(sorted(_DOUBLE_MARKS | _SINGLE_MARKS))}]")


def _closes_later(text: str, opening: int) -> bool:
    """Whether a single mark after ``opening`` could close it; otherwise it is an elision as in ’90s."""
    for index in range(opening + 2, len(text)):
        if text[index] in _SINGLE_MARKS:
            after = text[index + 1] if index + 1 < len(text) else " "
            if not after.isalnum() and not text[index - 1].isspace():
                return True
    return False
