"""Reading an article for the taggers: its token sequences, and what other systems say of every token."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from onrecord.model import Date
from onrecord.systems import sequence
from onrecord.systems.crf_features import features
from onrecord.systems.name_types import Name
from onrecord.systems.quote_labels import labelled, ordered
from onrecord.systems.rules_dates import find_dates
from onrecord.systems.rules_entities import find_names
from onrecord.systems.rules_quotes import FoundQuote, find_quotes
from onrecord.systems.sequence import Labelled
from onrecord.systems.text import Region, paragraphs, quoted_spans

if TYPE_CHECKING:
    from onrecord.systems.spacy_pipe import Token

#: The layers that a tagger can learn.
TAGGED: Final = ("entities", "quotes", "dates")
#: Other systems whose answers a tagger can read.
COLUMNS: Final = ("rules", "spacy")
_LOWER: Final = re.compile(r"(?<![^\W_])[^\W\d_][^\W_]*")


@dataclass(frozen=True, slots=True)
class Reading:
    """One article, read.

    Attributes:
        text: Its text.
        tokens: Its token sequences.
        names, quotes, dates: What the rules find in it.
        rows: By layer, the features of every token of every sequence; made while one goes through them, because those
            of a whole article take a thousand times its length.
        theirs: spaCy's tokens where it was asked.
    """

    text: str
    tokens: list[list[Region]]
    names: list[Name]
    quotes: list[FoundQuote]
    dates: list[Date]
    rows: Mapping[str, Iterable[list[list[str]]]]
    theirs: list[Token]


def read(text: str, published: str | None, columns: Sequence[str], layers: Sequence[str] = TAGGED) -> Reading:
    """Reads one article.

    Args:
        text: Its text.
        published: Its publication date or None.
        columns: Systems of ``COLUMNS`` whose answers become features.
        layers: Layers of ``TAGGED`` to make features for.

    Raises:
        ImportError: ``spacy`` is among the columns and not installed.
    """
    tokens = sequence.cut(text)
    names = find_names(text, {})  # without the gazetteer, which knows the train split by heart
    quotes = find_quotes(text)
    dates = find_dates(text, published)
    theirs: list[Token] = []
    said: dict[str, dict[str, list[list[str]]]] = {layer: {} for layer in layers}
    if "rules" in columns:
        rules: dict[str, Sequence[Labelled]] = {
            "entities": [(name.region, name.type) for name in names],
            "quotes": ordered(labelled(quote.content, quote.cue, quote.source) for quote in quotes),
            "dates": [(Region(date.start or 0, date.end or 0), date.type or "DATE") for date in dates],
        }
        for layer in layers:
            said[layer]["rules"] = labels_of(tokens, rules[layer])
    if "spacy" in columns:
        theirs = _spacy(text)
        tags, pos = _carried_over(theirs, tokens)
        for layer in layers:
            said[layer] |= {"spacy": tags, "pos": pos}
    quoted = _quoted(text, tokens)
    lower = frozenset(word for word in _LOWER.findall(text) if word.islower())
    rows = {layer: _Rows(text, tokens, quoted, lower, said[layer]) for layer in layers}
    return Reading(text, tokens, names, quotes, dates, rows, theirs)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The features of one layer, sequence by sequence."""

    text: str
    tokens: list[list[Region]]
    quoted: list[list[bool]]
    lower: frozenset[str]
    columns: Mapping[str, list[list[str]]]

    def __iter__(self) -> Iterator[list[list[str]]]:
        for number, row in enumerate(self.tokens):
            columns = {name: column[number] for name, column in self.columns.items()}
            yield features(self.text, row, self.quoted[number], self.lower, columns)


def labels_of(sequences: list[list[Region]], spans: Sequence[Labelled]) -> list[list[str]]:
    """Labels of all sequences from spans anywhere in the article."""
    labels: list[list[str]] = []
    ranked = sorted(enumerate(spans), key=lambda item: item[1][0].start)
    position = 0
    for tokens in sequences:
        inside: list[tuple[int, Labelled]] = []
        while position < len(ranked) and ranked[position][1][0].start < tokens[-1].end:
            inside.append(ranked[position])
            position += 1
        labels.append(sequence.to_labels(tokens, [span for _, span in sorted(inside, key=lambda item: item[0])]))
    return labels


def _quoted(text: str, sequences: list[list[Region]]) -> list[list[bool]]:
    """Which tokens stand between quotation marks, the marks included."""
    spans = [(span.region, "q") for block in paragraphs(text) for span in quoted_spans(text, block)]
    return [[label != "O" for label in row] for row in labels_of(sequences, spans)]


def _spacy(text: str) -> list[Token]:
    from onrecord.systems.spacy_pipe import tagged

    return tagged(text)


def _carried_over(theirs: Sequence[Token], sequences: list[list[Region]]) -> tuple[list[list[str]], list[list[str]]]:
    """SpaCy's entity tags and parts of speech, carried over to our tokens by where they begin."""
    place = 0
    tags: list[list[str]] = []
    parts: list[list[str]] = []
    for tokens in sequences:
        row: list[Token | None] = []
        for token in tokens:
            while place + 1 < len(theirs) and theirs[place + 1].start <= token.start:
                place += 1
            row.append(theirs[place] if theirs else None)
        tags.append(["O" if token is None else token.tag for token in row])
        parts.append(["" if token is None else token.pos for token in row])
    return tags, parts
