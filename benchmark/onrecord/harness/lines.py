"""From a model's object to the fields of a prediction line, whatever shape its items are in.

Every item of a list becomes an item of the line: one without a usable text has an empty one, which is found nowhere
and so is a false positive. The exception is what the wire form cannot say (a stance or a row whose label or claim does
not exist): it is left out and counted. Values are not corrected, except for case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.model import ARTICLE_VOICE, ENTITY_KINDS, SOURCINGS, STANCE_LABELS


@dataclass(slots=True)
class Counts:
    """Items that were not what was asked for.

    Attributes:
        shapeless: Without usable text; they stay as false positives.
        dropped: That the wire form cannot say; left out.
    """

    shapeless: int = 0
    dropped: int = 0


def fields(
    value: Mapping[str, Any], lists: Sequence[str], article: Mapping[str, Any], types: Sequence[str], counts: Counts
) -> dict[str, Any]:
    """The fields of a prediction line.

    Args:
        value: The model's object; a list that it lacks is empty.
        lists: The lists that were asked for.
        article: A wire row of config ``articles`` with its ``stance_rows``.
        types: Entity types of the dataset.
        counts: Receives what was wrong.
    """
    shaper = _Shaper(article, {name.casefold(): name for name in types}, counts)
    made: dict[str, Any] = {}
    for name in lists:
        items = value.get(name)
        items = list(items) if isinstance(items, list) else []
        made[name] = getattr(shaper, name)(items)
    return made


class _Shaper:
    def __init__(self, article: Mapping[str, Any], types: Mapping[str, str], counts: Counts) -> None:
        self._types, self._counts = types, counts
        self._claims = {claim["id"] for claim in article.get("claims") or ()}
        self._rows = [row["id"] for row in article.get("stance_rows") or ()]
        self._quote_ids: dict[str, str] = {}

    def entities(self, items: list[Any]) -> list[dict[str, Any]]:
        made = []
        for item in items:
            some = _mapping(item)
            kind = _string(some.get("type"))
            made.append(
                {
                    **self._span(item),
                    "type": self._types.get((kind or "").casefold(), kind),
                    "kind": _one_of(some.get("kind"), ENTITY_KINDS),
                    "entity": _string(some.get("entity")),
                }
            )
        return made

    def dates(self, items: list[Any]) -> list[dict[str, Any]]:
        made = []
        for item in items:
            some = _mapping(item)
            kind = _string(some.get("type"))
            made.append(
                {
                    **self._span(item),
                    "type": None if kind is None else kind.upper(),
                    "value": _string(some.get("value")),
                    "mod": _string(some.get("mod")),
                }
            )
        return made

    def quotes(self, items: list[Any]) -> list[dict[str, Any]]:
        made = []
        for number, item in enumerate(items, start=1):
            some = _mapping(item)
            content = some.get("content") if some else item
            segments = content if isinstance(content, list) and content else [content]
            own = _string(some.get("id"))
            if own is not None:
                self._quote_ids.setdefault(own, f"q{number}")
            made.append(
                {
                    "id": f"q{number}",
                    "content": [self._span(segment) for segment in segments],
                    "cue": self._part(some.get("cue")),
                    "source": self._part(some.get("source")),
                    "speaker_name": _string(some.get("speaker", some.get("speaker_name"))),
                    "sourcing": _one_of(some.get("sourcing"), SOURCINGS),
                    "said_on": _string(some.get("said_on")),
                }
            )
        return made

    def stances(self, items: list[Any]) -> list[dict[str, Any]]:
        made = []
        for item in items:
            some = _mapping(item)
            claim, label = _string(some.get("claim")), _one_of(some.get("label"), STANCE_LABELS)
            if claim not in self._claims or label is None:
                self._counts.dropped += 1
                continue
            holder = _string(some.get("holder", some.get("holder_name")))
            voice = (holder or "").casefold() == ARTICLE_VOICE
            evidence = some.get("evidence_quotes")
            named = [_string(name) or "" for name in evidence] if isinstance(evidence, list) else []
            known = [self._quote_ids[name] for name in named if name in self._quote_ids]
            self._counts.dropped += len(named) - len(known)
            made.append(
                {
                    "holder": ARTICLE_VOICE if voice else None,
                    "holder_name": None if voice else holder,
                    "claim": claim,
                    "label": label,
                    "earlier": _one_of(some.get("earlier"), STANCE_LABELS),
                    "evidence_quotes": list(dict.fromkeys(known)),
                }
            )
        return made

    def stance_rows(self, items: list[Any]) -> list[dict[str, Any]]:
        """Answers to the numbered rows; of several answers to one row the last counts, as if it had thought again."""
        answered: dict[str, str] = {}
        for item in items:
            some = _mapping(item)
            row, label = self._row(some.get("row")), _one_of(some.get("label"), STANCE_LABELS)
            if row is None or label is None:
                self._counts.dropped += 1
                continue
            self._counts.dropped += row in answered
            answered[row] = label
        return [{"row": row, "label": label} for row, label in answered.items()]

    def _row(self, value: Any) -> str | None:
        name = (_string(value) or "").rstrip(".")
        if name in self._rows:
            return name
        number = int(name) if name.isascii() and name.isdigit() and len(name) < 10 else 0
        return self._rows[number - 1] if 0 < number <= len(self._rows) else None

    def _span(self, item: Any) -> dict[str, str | None]:
        some = _mapping(item)
        text = _string(some.get("text")) if some else _string(item)
        if text is None:
            self._counts.shapeless += 1
        return {"text": text or "", "context": _string(some.get("context"))}

    def _part(self, item: Any) -> dict[str, str | None] | None:
        """A cue or a source, or null."""
        if item is None or (isinstance(item, Mapping) and item.get("text") is None) or item in ("", "null", [], {}):
            return None
        return self._span(item[0] if isinstance(item, list) else item)


def _mapping(item: Any) -> Mapping[str, Any]:
    return item if isinstance(item, Mapping) else {}


def _string(value: Any) -> str | None:
    """A value as text without edge white space; null for what is empty or no scalar."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip()
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair is no Unicode
    return text or None


def _one_of(value: Any, allowed: Sequence[str]) -> str | None:
    text = (_string(value) or "").casefold()
    return text if text in allowed else None
