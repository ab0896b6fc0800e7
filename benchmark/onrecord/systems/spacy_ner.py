"""``spacy``: spaCy's named entities and textacy's quotations, tied together by our rules.

Names are spaCy's entities, cut to the benchmark's extents (no title, no possessive, no leading article). Its DATE and
TIME entities get their values from our normaliser. Direct quotations come from textacy, paragraph by paragraph,
because it gives a whole article up when one quotation mark in it has no partner. It has no opinion on stance of
its own: the rules' word overlap answers there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any, ClassVar, Final

from onrecord.model import ENTITY_TYPES, LAYERS, Date, Layer
from onrecord.systems import spacy_pipe
from onrecord.systems.composing import compose
from onrecord.systems.dating import valued
from onrecord.systems.name_types import Name
from onrecord.systems.protocol import Answer, PerArticle, Question
from onrecord.systems.rules_dates import find_dates
from onrecord.systems.rules_quotes import FoundQuote, outside
from onrecord.systems.text import Region, Sections, trim
from onrecord.systems.titles import title_before, without_titles

if find_spec("textacy") is None:
    raise ImportError("No module named 'textacy'", name="textacy")

_ARTICLE: Final = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)


class Spacy(PerArticle):
    """The system; spaCy is loaded with the first article."""

    name: ClassVar[str] = "spacy"
    version: ClassVar[str] = "1"
    layers: ClassVar[tuple[Layer, ...]] = LAYERS
    extras: ClassVar[tuple[str, ...]] = ("spacy",)
    description: ClassVar[str] = "spaCy's small English model for names and dates, textacy for direct quotations"

    def answer(self, question: Question) -> Answer:
        """All four layers of one article."""
        text = question.article.text
        names: list[Name] = []
        dates: list[Date] = []
        quotes: list[FoundQuote] = []
        known = find_dates(text, question.article.published)
        for offset, doc in spacy_pipe.documents(text, parse=True):
            for entity in doc.ents:
                region = Region(offset + entity.start_char, offset + entity.end_char)
                if entity.label_ in ENTITY_TYPES:
                    names += cut_name(text, region, entity.label_)
                elif entity.label_ in ("DATE", "TIME"):
                    dates.append(valued(text, region, known, question.article.published))
            quotes += _quotations(doc, offset)
        quotes.sort(key=lambda quote: quote.content[0])
        return compose(question, names, quotes, dates)


def cut_name(text: str, region: Region, kind: str) -> Iterator[Name]:
    """A name with the benchmark's extents: without leading article, titles, possessive; nothing where none is left."""
    region = trim(text, region)
    for possessive in ("'s", "’s"):
        if region.of(text).endswith(possessive):
            region = Region(region.start, region.end - 2)
    article = _ARTICLE.match(region.of(text))
    if article:
        region = Region(region.start + article.end(), region.end)
    title = ""
    if kind == "PERSON":
        region, title = without_titles(text, region)
    if region.end > region.start:
        yield Name(region, kind, title or title_before(text, region), True)


def _quotations(doc: Any, offset: int) -> list[FoundQuote]:
    """Textacy's direct quotations of one paragraph; none where a quotation mark has no partner."""
    from textacy.extract.triples import direct_quotations

    try:
        found = list(direct_quotations(doc))
    except ValueError:  # how textacy answers odd quotation marks
        return []
    sentences = Sections([Region(offset + sent.start_char, offset + sent.end_char) for sent in doc.sents])
    quotes: dict[Region, FoundQuote] = {}
    for quotation in found:
        content = Region(offset + quotation.content.start_char, offset + quotation.content.end_char)
        cue = _spread(quotation.cue, offset)
        if cue in quotes:  # a quotation broken by its cue
            quotes[cue].content.append(content)
            continue
        quotes[cue] = FoundQuote([content], cue, _phrase(doc, quotation.speaker, offset), sentences.at(cue.start))
    for quote in quotes.values():
        quote.clause = outside(quote.sentence, quote.content)
    return list(quotes.values())


def _spread(tokens: list[Any], offset: int) -> Region:
    """From the first to the last of some tokens."""
    return Region(offset + tokens[0].idx, offset + tokens[-1].idx + len(tokens[-1].text))


def _phrase(doc: Any, tokens: list[Any], offset: int) -> Region:
    """The speaker's tokens and the noun phrase that the first of them lies in."""
    first, last = tokens[0].i, tokens[-1].i
    for chunk in doc.noun_chunks:
        if chunk.start <= first < chunk.end:
            first, last = chunk.start, max(last, chunk.end - 1)
            break
    return Region(offset + doc[first].idx, offset + doc[last].idx + len(doc[last].text))
