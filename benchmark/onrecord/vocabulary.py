"""The words that labels may use: kinds, types, sides and splits.

They stand apart from the classes of :mod:`onrecord.model`, as reading and scoring columns need no more than these.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

Layer = Literal["entities", "quotes", "dates", "stance"]
LAYERS: Final[tuple[Layer, ...]] = get_args(Layer)

EntityKind = Literal["name", "nominal", "pronoun"]
QuoteKind = Literal["direct", "indirect", "mixed"]
Sourcing = Literal["named", "unnamed", "anonymous"]
DateType = Literal["DATE", "TIME", "DURATION", "SET"]
StanceLabel = Literal["supports", "opposes", "neutral", "unrelated"]
Split = Literal["train", "validation", "test"]

ENTITY_KINDS: Final[tuple[EntityKind, ...]] = get_args(EntityKind)
QUOTE_KINDS: Final[tuple[QuoteKind, ...]] = get_args(QuoteKind)
SOURCINGS: Final[tuple[Sourcing, ...]] = get_args(Sourcing)
DATE_TYPES: Final[tuple[DateType, ...]] = get_args(DateType)
STANCE_LABELS: Final[tuple[StanceLabel, ...]] = get_args(StanceLabel)
SPLITS: Final[tuple[Split, ...]] = get_args(Split)

#: Entity types of the OnRecord corpus: OntoNotes 5's names.
ENTITY_TYPES: Final[tuple[str, ...]] = (
    "PERSON", "NORP", "FAC", "ORG", "GPE", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE",
)  # fmt: skip
#: Types an OntoNotes tagger emits that the corpus does not annotate as entities.
OUTSIDE_TYPES: Final[tuple[str, ...]] = (
    "DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL",
)  # fmt: skip
#: TIMEX3 ``mod`` values (TimeML 1.2.1).
DATE_MODS: Final[tuple[str, ...]] = (
    "BEFORE", "AFTER", "ON_OR_BEFORE", "ON_OR_AFTER", "LESS_THAN", "MORE_THAN",
    "EQUAL_OR_LESS", "EQUAL_OR_MORE", "START", "MID", "END", "APPROX",
)  # fmt: skip
#: The holder of a stance that is the article's own voice.
ARTICLE_VOICE: Final = "article"
