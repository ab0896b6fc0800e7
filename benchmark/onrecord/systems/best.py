"""``best``: of each layer the answer that did best in cross-validation on OnRecord's train split.

Names, quotations and dates: taggers that read the rules' and spaCy's answers. A quotation that the rules have too keeps
their edges; the tagger adds to the rules' dates those it alone finds; values of dates are the rules', and the
gazetteer knows the train split's names. Stance: a classifier over
claims and quotations. Chains and speakers: the rules, on these parts. Its model says which layers are learned and by
which figures that was decided; a layer where learning did not help is the rules'.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from onrecord.model import ENTITY_TYPES, LAYERS, Layer
from onrecord.systems import modelfile, quote_labels
from onrecord.systems.composing import RULES, StanceFinder, compose
from onrecord.systems.crf import Taggers, to_dates
from onrecord.systems.crf_reading import read
from onrecord.systems.linear import Linear
from onrecord.systems.merging import agreed, filled, together
from onrecord.systems.name_types import gazetteer, gazetteer_hash
from onrecord.systems.naming import outvoted, spread, to_names
from onrecord.systems.protocol import Answer, PerArticle, Question
from onrecord.systems.rules_entities import find_names
from onrecord.systems.spacy_pipe import pipeline  # noqa: F401  says at once if spaCy is missing
from onrecord.systems.stance_evidence import Evidence


class Best(PerArticle):
    """The system.

    Args:
        model: Path of a model file of kind ``best``; None takes the packaged one.

    Raises:
        InputError: The model file is missing or damaged.
    """

    name: ClassVar[str] = "best"
    version: ClassVar[str] = "1"
    layers: ClassVar[tuple[Layer, ...]] = LAYERS
    extras: ClassVar[tuple[str, ...]] = ("spacy", "crf")
    description: ClassVar[str] = "of each layer the best of rules, spaCy and taggers trained on OnRecord's train split"

    def __init__(self, model: str | None = None) -> None:
        loaded = modelfile.shipped("best") if model is None else modelfile.read(str(model), "best")
        self._taggers = Taggers(loaded)
        self._learned: frozenset[str] = frozenset(loaded.meta["learned"])
        self._fill: str = loaded.meta["fill"]
        self._agree: float = loaded.meta["agree"]
        self._known: Mapping[str, str] = gazetteer() if model is None else {}
        self._stance: StanceFinder = (
            Evidence(Linear.of(loaded, "stance"), loaded.meta["threshold"]) if "stance" in self._learned else RULES
        )
        self.settings: Mapping[str, Any] = {
            "model": loaded.hash[:16], "gazetteer": gazetteer_hash() if model is None else False,
        }  # fmt: skip

    def answer(self, question: Question) -> Answer:
        """All four layers of one article."""
        article = question.article
        text = article.text
        reading = read(text, article.published, self._taggers.columns, self._taggers.layers)
        if "entities" in self._learned:
            rules = {name.region.start: name.type for name in reading.names}
            spacy = {token.start: token.tag[2:] for token in reading.theirs if token.tag[2:] in ENTITY_TYPES}
            spans = spread(text, self._taggers.spans("entities", reading))
            names, _ = to_names(text, outvoted(text, spans, (rules, spacy)), self._known)
        else:
            names = find_names(text)
        quotes, dates = reading.quotes, reading.dates
        if "quotes" in self._learned:
            tagged = quote_labels.assemble(text, self._taggers.spans("quotes", reading))
            quotes = filled(text, agreed(tagged, quotes, self._agree), quotes, self._fill)
        if "dates" in self._learned:
            tagged_dates = to_dates(text, self._taggers.spans("dates", reading), dates, article.published)
            dates = together(tagged_dates, dates)
        return compose(question, names, quotes, dates, self._stance)
