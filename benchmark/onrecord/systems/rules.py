"""``rules``: the first system, all four layers without a model.

A floor and not a contender: quotation marks and words of speech, capital letters and closed word lists, regular
expressions for dates, word overlap for stance. Its only data is a gazetteer from the train split.
"""

from __future__ import annotations

from typing import ClassVar

from onrecord.model import LAYERS, Layer
from onrecord.systems.composing import compose
from onrecord.systems.protocol import Answer, PerArticle, Question
from onrecord.systems.rules_dates import find_dates
from onrecord.systems.rules_entities import find_names
from onrecord.systems.rules_quotes import find_quotes


class Rules(PerArticle):
    """The system; one article at a time."""

    name: ClassVar[str] = "rules"
    version: ClassVar[str] = "1"
    layers: ClassVar[tuple[Layer, ...]] = LAYERS
    description: ClassVar[str] = "quotation marks, word lists and regular expressions; no model"

    def answer(self, question: Question) -> Answer:
        """All four layers of one article."""
        text = question.article.text
        return compose(question, find_names(text), find_quotes(text), find_dates(text, question.article.published))
