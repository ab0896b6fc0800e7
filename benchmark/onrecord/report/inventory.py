"""The data itself in numbers: articles, stories, outlets, and the labels of each layer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from onrecord.model import LAYERS
from onrecord.scoring.task import annotated

if TYPE_CHECKING:
    from onrecord.columns import Coded
    from onrecord.predictions import Gold

#: Bars of a group; the rest is one bar.
MOST: Final = 14
_UNKNOWN: Final = "not given"


def inventory(gold: Gold) -> dict[str, Any]:
    """Numbers for the page: ``facts`` as (name, number) pairs, ``groups`` of counts by heading, ``layers``."""
    columns, meta = gold.columns, gold.meta
    facts = [("articles", len(columns.ids))]
    for name in ("story", "outlet", "desk", "language"):
        there = {value for value in meta.column(name).to_pylist() if value is not None}
        if there:
            facts.append((_plural(name, len(there)), len(there)))
    facts.append(("characters", int(gold.texts.lengths.sum())))
    return {
        "facts": facts,
        "layers": [
            (layer, int(annotated(columns, layer).sum()), number)
            for layer, number in zip(LAYERS, _sizes(gold), strict=True)
            if number is not None
        ],
        "groups": {heading: _most(some) for heading, some in _groups(gold) if some},
    }


def _sizes(gold: Gold) -> Iterable[int | None]:
    columns = gold.columns
    for rows in (columns.mentions, columns.quotes, columns.dates, columns.stances):
        yield None if rows is None else len(rows.article)


def _groups(gold: Gold) -> Iterable[tuple[str, Counter[str]]]:
    columns, meta = gold.columns, gold.meta
    if columns.mentions is not None:
        yield "entity mentions by type", _counted(columns.mentions.type)
        yield "entity mentions by kind", _counted(columns.mentions.kind, "name")
    if columns.quotes is not None:
        yield "quotes by kind", _counted(columns.quotes.kind)
        if (columns.quotes.sourcing.codes >= 0).any():
            yield "quotes by sourcing", _counted(columns.quotes.sourcing)
    if columns.dates is not None:
        yield "dates by type", _counted(columns.dates.type)
    if columns.stances is not None:
        yield "stances by label", _counted(columns.stances.label)
    for name in ("desk", "outlet"):
        yield f"articles by {name}", Counter(value for value in meta.column(name).to_pylist() if value is not None)
    phenomena = (one for some in meta.column("phenomena").to_pylist() for one in some or ())
    yield "articles by phenomenon", Counter(phenomena)


def _counted(column: Coded, absent: str = _UNKNOWN) -> Counter[str]:
    found = Counter(column.codes.tolist())
    return Counter({absent if code < 0 else column.values[code]: number for code, number in found.items()})


def _most(some: Counter[str]) -> dict[str, int]:
    """The most frequent, then all others together."""
    ordered = sorted(some.items(), key=lambda pair: (-pair[1], pair[0]))
    rest = sum(number for _, number in ordered[MOST:])
    return {**dict(ordered[:MOST]), **({f"{len(ordered) - MOST} others": rest} if rest else {})}


def _plural(name: str, number: int) -> str:
    return name if number == 1 else {"story": "stories"}.get(name, f"{name}s")
