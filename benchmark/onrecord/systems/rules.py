"""``rules``: the first system, all four layers without a model.

A floor and not a contender: quotation marks and words of speech, capital letters and closed word lists, regular
expressions for dates, word overlap for stance. Its only data is a gazetteer from the train split.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from onrecord.model import LAYERS, Layer
from onrecord.systems.composing import compose
from onrecord.systems.name_types import gazetteer_hash
from onrecord.systems.protocol import Answer, PerArticle, Question
from onrecord.systems.rules_dates import find_dates
from onrecord.systems.rules_entities import find_names
from onrecord.systems.rules_quotes import find_quotes


class Rules(PerArticle):
    """The system; one article at a time.

    Args:
        gazetteer: Whether to know the names of the train split. On that very split the gazetteer would give the
            answers away, so comparisons there leave it out.
    """

    name: ClassVar[str] = "rules"
    version: ClassVar[str] = "1"
    layers: ClassVar[tuple[Layer, ...]] = LAYERS
    description: ClassVar[str] = "quotation marks, word lists and regular expressions; no model"

    def __init__(self, gazetteer: bool = True) -> None:
        self._known: Mapping[str, str] | None = None if gazetteer else {}
        self.settings: Mapping[str, Any] = {"gazetteer": gazetteer_hash() if gazetteer else False}

    def answer(self, question: Question) -> Answer:
        """All four layers of one article."""
        text = question.article.text
        names, quotes = find_names(text, self._known), find_quotes(text)
        return compose(question, names, quotes, find_dates(text, question.article.published))
