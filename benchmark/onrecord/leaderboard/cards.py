"""Model cards: what a system is, what it was trained on, under which licence, and what it cannot do."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from onrecord.errors import InputError, Problem

FOLDER: Final = "cards"


@dataclass(frozen=True, slots=True)
class Card:
    """One system.

    Attributes:
        name: As on the command line, or a model's name.
        what: What it is and how it works.
        data: What it was trained on, or None of it.
        licence: Of code and model.
        limits: What it cannot do.
    """

    name: str
    what: str
    data: str
    licence: str
    limits: str


def read_cards(root: Path) -> Mapping[str, Card]:
    """The cards of a leaderboard, by the name of their file.

    Args:
        root: The leaderboard's folder.

    Raises:
        InputError: A card that is no TOML, or lacks a field.
    """
    return {path.stem: _read(path) for path in sorted((root / FOLDER).glob("*.toml"))}


def _read(path: Path) -> Card:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(Problem(str(path), f"is no TOML: {error}", remedy="see the other cards")) from error
    wanted = [item.name for item in fields(Card)]
    values = {}
    for name in wanted:
        value = found.get(name)
        if not isinstance(value, str) or not value.strip():
            raise InputError(
                Problem(str(path), "is missing or empty", field=name, remedy=f"a card has {', '.join(wanted)}")
            )
        values[name] = " ".join(value.split())
    if odd := sorted(set(found) - set(wanted)):
        raise InputError(Problem(str(path), "is no field of a card", field=odd[0], remedy=f"use {', '.join(wanted)}"))
    return Card(**values)
