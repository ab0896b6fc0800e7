"""``crf``: sequence taggers for names, quotations and dates, trained on any released folder.

The taggers are linear-chain conditional random fields over words, forms, word lists and the rules' own answers (and
spaCy's, where the model was trained with them); the values of dates come from the rule normaliser. What the taggers
leave out, the rules may fill in. Without ``model`` it takes the model that travels in the package, trained on
OnRecord's train split; with it, one made by ``onrecord train crf --on DIR -o MODEL``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import pycrfsuite

from onrecord.errors import InputError, Problem
from onrecord.model import ENTITY_TYPES, LAYERS, Chain, Date, DateType, Layer, Mention
from onrecord.systems import modelfile, quote_labels, sequence
from onrecord.systems.composing import compose
from onrecord.systems.crf_reading import Reading, read
from onrecord.systems.dating import valued
from onrecord.systems.merging import FILLS, filled
from onrecord.systems.name_types import Name
from onrecord.systems.naming import to_names
from onrecord.systems.protocol import Answer, PerArticle, Question
from onrecord.systems.sequence import Labelled
from onrecord.systems.text import Region


class Taggers:
    """The taggers of one model, by layer.

    Args:
        model: A model of kind ``crf``.
    """

    def __init__(self, model: modelfile.Model) -> None:
        self.columns: tuple[str, ...] = tuple(model.meta["columns"])
        self.layers: tuple[str, ...] = tuple(model.meta["layers"])
        self._taggers: dict[str, Any] = {}
        for layer in self.layers:
            tagger = pycrfsuite.Tagger()
            tagger.open_inmemory(model.parts[f"{layer}.crfsuite"])
            self._taggers[layer] = tagger

    def spans(self, layer: str, reading: Reading) -> list[Labelled]:
        """What a tagger finds in an article, in text order."""
        tagger = self._taggers[layer]
        return [
            span
            for tokens, row in zip(reading.tokens, reading.rows[layer], strict=True)
            for span in sequence.to_spans(tokens, tagger.tag(row))
        ]


class Crf(PerArticle):
    """The system.

    Args:
        model: Path of a model file; None takes the packaged one.
        fill: Which of the rules' quotations to add where the tagger has none: ``none``, ``direct`` (those in quotation
            marks) or ``all``; None takes what the model was found to do best with.

    Raises:
        InputError: The model file is missing or damaged, or the settings are none.
    """

    name: ClassVar[str] = "crf"
    version: ClassVar[str] = "1"
    layers: ClassVar[tuple[Layer, ...]] = LAYERS
    extras: ClassVar[tuple[str, ...]] = ("crf",)
    description: ClassVar[str] = (
        "sequence taggers for names, quotations and dates (onrecord train crf), rules for the rest"
    )

    def __init__(self, model: str | None = None, fill: str | None = None) -> None:
        loaded = modelfile.shipped("crf") if model is None else modelfile.read(str(model), "crf")
        fill = loaded.meta["fill"] if fill is None else fill
        if fill not in FILLS:
            raise InputError(Problem("--set fill", f"{fill!r} is none of {', '.join(FILLS)}"))
        self.taggers = Taggers(loaded)
        self._fill = fill
        self.settings: Mapping[str, Any] = {"model": loaded.hash[:16], "fill": fill}

    def answer(self, question: Question) -> Answer:
        """All four layers of one article; the rules' where the model has no tagger."""
        article = question.article
        reading = read(article.text, article.published, self.taggers.columns, self.taggers.layers)
        names: list[Name] = reading.names
        own: dict[Region, str] = {}
        quotes, dates = reading.quotes, reading.dates
        if "entities" in self.taggers.layers:
            names, own = to_names(article.text, self.taggers.spans("entities", reading))
        if "quotes" in self.taggers.layers:
            tagged = quote_labels.assemble(article.text, self.taggers.spans("quotes", reading))
            quotes = filled(article.text, tagged, reading.quotes, self._fill)
        if "dates" in self.taggers.layers:
            dates = to_dates(article.text, self.taggers.spans("dates", reading), reading.dates, article.published)
        return _with_own_types(compose(question, names, quotes, dates), own)


def to_dates(text: str, spans: Sequence[Labelled], known: Sequence[Date], published: str | None) -> list[Date]:
    """Temporal expressions with values."""
    kinds: dict[str, DateType] = {"DATE": "DATE", "TIME": "TIME", "DURATION": "DURATION", "SET": "SET"}
    return [valued(text, region, known, published, kinds.get(kind)) for region, kind in spans]


def _with_own_types(answer: Answer, own: Mapping[Region, str]) -> Answer:
    """Gives mentions and chains the types that the tagger gave their names."""
    if all(kind in ENTITY_TYPES for kind in own.values()):
        return answer
    votes: defaultdict[str | None, Counter[str]] = defaultdict(Counter)
    for mention in answer.entities or ():
        region = Region(mention.start or 0, mention.end or 0)
        if mention.kind == "name" and region in own:
            votes[mention.entity][own[region]] += 1
    kinds = {chain: max(counted.items(), key=lambda item: (item[1], item[0]))[0] for chain, counted in votes.items()}

    def named(mention: Mention) -> Mention:
        region = Region(mention.start or 0, mention.end or 0)
        kind = own.get(region) if mention.kind == "name" else None
        return replace(mention, type=kind or kinds.get(mention.entity, mention.type))

    def typed(chain: Chain) -> Chain:
        return replace(chain, type=kinds.get(chain.id, chain.type))

    return replace(
        answer,
        entities=tuple(named(mention) for mention in answer.entities or ()),
        chains=tuple(typed(chain) for chain in answer.chains or ()),
    )
