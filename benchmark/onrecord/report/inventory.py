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

#: Bars of a group.
MOST: Final = 20
_UNKNOWN: Final = "not given"


def inventory(gold: Gold) -> dict[str, Any]:
    """Numbers for the page.

    Returns:
        ``facts`` as (name, number) pairs, ``layers``, and counts by heading of ``labels`` and of ``articles``.
    """
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
        "labels": dict(_most(heading, some) for heading, some in _labels(gold) if some),
        "articles": dict(_most(heading, some) for heading, some in _articles(gold) if some),
    }


def _sizes(gold: Gold) -> Iterable[int | None]:
    columns = gold.columns
    for rows in (columns.mentions, columns.quotes, columns.dates, columns.stances):
        yield None if rows is None else len(rows.article)


def _labels(gold: Gold) -> Iterable[tuple[str, Counter[str]]]:
    columns = gold.columns
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


def _articles(gold: Gold) -> Iterable[tuple[str, Counter[str]]]:
    meta = gold.meta
    for name in ("desk", "outlet"):
        yield f"by {name}", Counter(value for value in meta.column(name).to_pylist() if value is not None)
    phenomena = (one for some in meta.column("phenomena").to_pylist() for one in some or ())
    yield "by phenomenon", Counter(phenomena)


def _counted(column: Coded, absent: str = _UNKNOWN) -> Counter[str]:
    found = Counter(column.codes.tolist())
    return Counter({absent if code < 0 else column.values[code]: number for code, number in found.items()})


def _most(heading: str, some: Counter[str]) -> tuple[str, dict[str, int]]:
    """The most frequent; the heading says how many there are besides."""
    ordered = sorted(some.items(), key=lambda pair: (-pair[1], pair[0]))
    if len(ordered) > MOST:
        heading = f"{heading} ({MOST} of {len(ordered)})"
    return heading, dict(ordered[:MOST])


def _plural(name: str, number: int) -> str:
    return name if number == 1 else {"story": "stories"}.get(name, f"{name}s")
