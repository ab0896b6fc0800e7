"""Builds the gazetteer of the rules system from the gold labels of the train split, and of nothing else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, Final

from onrecord.systems.name_types import fold

#: A name is kept if this share of its mentions has one type.
_AGREEMENT: Final = 0.8


def build(rows: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Folded name to type.

    Args:
        rows: Rows of config ``entities`` (or ``all``), train split.
    """
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for mention in row["entities"] or ():
            if mention["kind"] == "name" and mention["type"]:
                counted[fold(row["text"][mention["start"] : mention["end"]])][mention["type"]] += 1
    return {
        name: kind
        for name, types in sorted(counted.items())
        for kind, count in [max(types.items(), key=lambda item: (item[1], item[0]))]
        if count >= _AGREEMENT * sum(types.values()) and len(name) > 1
    }
