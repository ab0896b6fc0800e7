"""The signature: what two results must share for their figures to be comparable, in one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from onrecord import __version__
from onrecord.errors import InputError, Problem

#: Fields that may differ between results that are still comparable.
_FREE: Final = ("resampling", "scorer")


@dataclass(frozen=True, slots=True)
class Signature:
    """In sacrebleu's manner: ``data:onrecord|version:0.1.0|…``.

    Attributes:
        data: Name of the gold data.
        version: Its version; empty if it states none.
        edition: Its edition; empty if it states none.
        hash: First 12 digits of its SHA-256.
        split: The split scored.
        layers: Groups of measures scored, with ``+`` between them.
        measures: Definition versions, e.g. ``v1``, or ``v1,dates/value.v2`` where some differ.
        grounding: ``exact`` or ``fuzzy``.
        resampling: Resamples, seed and what is resampled, e.g. ``1000x12345/story``.
        scorer: Version of this package.
    """

    data: str
    version: str
    edition: str
    hash: str
    split: str
    layers: str
    measures: str
    grounding: str
    resampling: str
    scorer: str = __version__

    def __str__(self) -> str:
        parts = ((item.name, getattr(self, item.name)) for item in fields(self))
        return "|".join(f"{name}:{value}" for name, value in parts if value)

    def differences(self, other: Signature) -> list[str]:
        """Names of the parts that forbid a comparison, with both values. Layers are compared where both have them."""
        return [
            f"{item.name} ({getattr(self, item.name) or 'none'} against {getattr(other, item.name) or 'none'})"
            for item in fields(self)
            if item.name not in (*_FREE, "layers") and getattr(self, item.name) != getattr(other, item.name)
        ]


def require_comparable(named: Mapping[str, Signature]) -> None:
    """Refuses to compare results that differ in data or definition.

    Raises:
        InputError: Naming each part that differs.
    """
    names = list(named)
    problems = []
    for name in names[1:]:
        differing = named[names[0]].differences(named[name])
        if differing:
            remedy = "score both systems on the same data with the same scorer"
            what = f"cannot be compared with {names[0]}: they differ in {'; '.join(differing)}"
            problems.append(Problem(name, what, remedy=remedy))
    if problems:
        raise InputError(problems)


def definition_versions(versions: Mapping[str, int]) -> str:
    """``v1`` where all measures have version 1, else the odd ones named."""
    odd = [f"{name}.v{version}" for name, version in sorted(versions.items()) if version != 1]
    return ",".join(["v1", *odd])
