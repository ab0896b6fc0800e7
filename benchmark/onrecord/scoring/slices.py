"""Slices: the same figures over parts of the articles (desk, phenomena …) or parts of a measure (type, kind …)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

import numpy as np

from onrecord.errors import InputError, Problem
from onrecord.scoring.engine import SLICE_FIELDS
from onrecord.scoring.result import Result, Score

#: Slices within a measure: the labels ``type=…``, ``kind=…``, ``sourcing=…`` of the tally.
PART_FIELDS: Final = ("type", "kind", "sourcing")
#: Everything one can slice by.
FIELDS: Final = (*SLICE_FIELDS, "length", *PART_FIELDS)
#: Upper bounds of the length slices, in characters of the article's text.
_LENGTHS: Final = (1_500, 3_000, 6_000, 12_000)


@dataclass(frozen=True, slots=True)
class Slice:
    """One part of a result.

    Attributes:
        value: What the articles or items have in common, e.g. ``courts``.
        articles: Number of articles in it; all of them for parts of a measure.
        scores: Figures by name.
    """

    value: str
    articles: int
    scores: Mapping[str, Score]

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "articles": self.articles,
            "scores": {name: score.as_dict() for name, score in self.scores.items()},
        }


def slices(result: Result, by: str) -> list[Slice]:
    """The slices of a result, in order of their values; articles without the field are in none.

    Args:
        result: The result.
        by: One of ``FIELDS``.

    Raises:
        InputError: No such field.
    """
    if by not in FIELDS:
        close = get_close_matches(by, FIELDS, n=1, cutoff=0.5)
        remedy = f"did you mean {close[0]}?" if close else f"choose among {', '.join(FIELDS)}"
        raise InputError(Problem("--by", f"there is no field {by!r}", remedy=remedy))
    if by in PART_FIELDS:
        labels = sorted({label for _, label in result.counts.keys if label.startswith(f"{by}=")})
        return [Slice(label.partition("=")[2], len(result.counts.ids), result.part(label)) for label in labels]
    members: defaultdict[str, list[int]] = defaultdict(list)
    for row, value in enumerate(result.meta.get(by, ())):
        for one in _values(by, value):
            members[one].append(row)
    found = []
    for name in sorted(members, key=_order):
        keep = np.zeros(len(result.counts.ids), dtype=np.bool_)
        keep[members[name]] = True
        found.append(Slice(name, len(members[name]), result.select(keep.tolist()).scores))
    return found


def _values(by: str, value: Any) -> list[str]:
    if by == "length":
        bounds = (0, *_LENGTHS)
        for low, high in zip(bounds, _LENGTHS, strict=False):
            if value < high:
                return [f"{low:,}–{high - 1:,} characters"]
        return [f"{_LENGTHS[-1]:,} characters or more"]
    if value is None:
        return []
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _order(name: str) -> tuple[int, str]:
    """Lengths by size, anything else by name."""
    digits = name.partition("–")[0].partition(" ")[0].replace(",", "")
    return (int(digits), name) if digits.isdigit() and "characters" in name else (0, name)
