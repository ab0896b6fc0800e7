"""What a language model is asked: per track the layers, the measures and the JSON Schema of the answer.

A track is a sequence of *asks*, each one message with one JSON object as its answer. ``all`` has two, since the given
stance rows name the holders that the first answer must find by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from onrecord.model import DATE_MODS, DATE_TYPES, ENTITY_KINDS, SOURCINGS, STANCE_LABELS, Layer

#: Labels of a dataset without unrelated pairs.
LABELS: Final = STANCE_LABELS[:3]

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ask:
    """One message to the model.

    Attributes:
        lists: Names of the lists in the answer, in order: ``entities``, ``quotes``, ``dates``, ``stances``,
            ``stance_rows``.
    """

    lists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Track:
    """One task.

    Attributes:
        name: ``onrecord/NAME`` for Inspect.
        asks: The messages, in order.
        layers: Layers that the data must annotate.
        groups: Groups of measures to compute; None is all that the answers attempt.
        headline: Figures shown for each article.
    """

    name: str
    asks: tuple[Ask, ...]
    layers: tuple[Layer, ...]
    groups: tuple[str, ...] | None
    headline: tuple[str, ...]

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists of all asks."""
        return tuple(name for ask in self.asks for name in ask.lists)


_TRACKS: Final = (
    Track("entities", (Ask(("entities",)),), ("entities",), ("entities",), ("entities/strict:f1",)),
    Track("quotes", (Ask(("quotes",)),), ("quotes",), ("quotes",), ("quotes/content-soft:f1", "quotes/full:f1")),
    Track("dates", (Ask(("dates",)),), ("dates",), ("dates",), ("dates/strict:f1", "dates/value:f1")),
    Track("stance", (Ask(("stance_rows",)),), ("stance",), ("stance",), ("stance/accuracy",)),
    Track(
        "record",
        (Ask(("quotes", "stances")),),
        ("quotes", "stance"),
        ("quotes", "stance", "record"),
        ("record/attribution:f1", "record/full:f1"),
    ),
    Track(
        "all",
        (Ask(("entities", "quotes", "dates", "stances")), Ask(("stance_rows",))),
        ("entities", "quotes", "dates", "stance"),
        None,
        ("entities/strict:f1", "quotes/content-soft:f1", "dates/value:f1", "stance/accuracy", "record/full:f1"),
    ),
)
#: The tracks by name.
TRACKS: Final[Mapping[str, Track]] = {track.name: track for track in _TRACKS}


def answer_schema(ask: Ask, types: Sequence[str], labels: Sequence[str] = LABELS) -> Schema:
    """The JSON Schema of an answer, in the subset that strict structured output takes.

    Args:
        ask: What is asked.
        types: Entity types of the dataset.
        labels: Its stance labels.
    """
    items = {
        "entities": _object(
            text=_TEXT, context=_OR_NULL, type=_enum(types), kind=_enum(ENTITY_KINDS), entity={"type": "string"}
        ),
        "quotes": _object(
            id={"type": "string"},
            content=_list(_SPAN),
            cue=_nullable(_SPAN),
            source=_nullable(_SPAN),
            speaker=_OR_NULL,
            sourcing=_enum(SOURCINGS),
            said_on=_OR_NULL,
        ),
        "dates": _object(
            text=_TEXT,
            context=_OR_NULL,
            type=_enum(DATE_TYPES),
            value={"type": "string"},
            mod=_nullable(_enum(DATE_MODS)),
        ),
        "stances": _object(
            holder={"type": "string"},
            claim={"type": "string"},
            label=_enum(LABELS),
            earlier=_nullable(_enum(LABELS)),
            evidence_quotes=_list({"type": "string"}),
        ),
        "stance_rows": _object(row={"type": "integer"}, label=_enum(labels)),
    }
    return _object(**{name: _list(items[name]) for name in ask.lists})


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _enum(values: Sequence[str]) -> Schema:
    return {"type": "string", "enum": list(values)}


def _nullable(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


_OR_NULL: Final = _nullable({"type": "string"})
_TEXT: Final[Schema] = {"type": "string", "description": "copied exactly from the article"}
_SPAN: Final = _object(text=_TEXT, context=_OR_NULL)
