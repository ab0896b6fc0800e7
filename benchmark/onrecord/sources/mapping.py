"""The mapping file: what a folder of a corpus we have never heard of is, and how its labels map onto ours.

TOML (or JSON of the same shape); every table and key may be left out::

    name = "my-corpus"              # also title, version, language, licence, citation, outside

    [splits]                        # pattern of a path -> split; the first that fits counts
    "train/*" = "train"

    [types]                         # label in the corpus -> entity type; "" leaves it out
    PER = "PERSON"
    "*" = ""                        # all others; without this line they keep their names

    [dates]                         # label in the corpus -> TIMEX3 type (brat)
    Day = "DATE"

    [columns]                       # bio: counted from 0, from the end with -1
    token = 0
    label = -1

    [brat]
    quotes = ["Attribution"]        # labels of events that are quotations
    content = ["Content"]           # their roles
    cue = ["Cue"]
    source = ["Source"]
    coreference = ["Coreference"]   # relations that tie mentions to a chain
    value = "Value"                 # attribute or note that holds the value of a date

Without ``[splits]``, folders and files that are named after a split belong to it, and the rest is ``test``.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field, fields
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final, get_args, get_origin, get_type_hints

from onrecord.errors import InputError, Problem
from onrecord.model import DATE_TYPES, SPLITS, Split

_GUESSES: Final[dict[str, Split]] = {
    "train": "train",
    "training": "train",
    "dev": "validation",
    "devel": "validation",
    "development": "validation",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "testa": "validation",
    "test": "test",
    "testb": "test",
}
_REST: Final = "*"


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a file of columns has its token and its label."""

    token: int = 0
    label: int = -1


@dataclass(frozen=True, slots=True)
class Brat:
    """What brat's labels, roles and relations mean."""

    quotes: tuple[str, ...] = ()
    content: tuple[str, ...] = ("Content",)
    cue: tuple[str, ...] = ("Cue",)
    source: tuple[str, ...] = ("Source",)
    coreference: tuple[str, ...] = ()
    value: str = "Value"


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping file; see the module for what each field means."""

    name: str | None = None
    title: str | None = None
    version: str = "unknown"
    language: str = "und"
    licence: str = "that of the corpus"
    citation: str = ""
    outside: tuple[str, ...] = ()
    splits: MappingType[str, str] = field(default_factory=dict)
    types: MappingType[str, str] = field(default_factory=dict)
    dates: MappingType[str, str] = field(default_factory=dict)
    columns: Columns = field(default_factory=Columns)
    brat: Brat = field(default_factory=Brat)

    def type_of(self, label: str) -> str | None:
        """Our entity type for a label of the corpus; None leaves it out."""
        return self.types.get(label, self.types.get(_REST, label)) or None

    def split_of(self, path: str) -> Split:
        """The split of a file."""
        for pattern, split in self.splits.items():
            if fnmatchcase(path, pattern):
                return split  # type: ignore[return-value]  # checked when the file was read
        if not self.splits:
            for word in reversed(re.split(r"[^a-z]+", path.lower())):
                if word in _GUESSES:
                    return _GUESSES[word]
        return "test"


def read_mapping(path: Path) -> Mapping:
    """Reads a mapping file.

    Raises:
        InputError: It cannot be read, or has a table, key or value that means nothing here; each is named.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        table = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except OSError as error:
        raise InputError(Problem(str(path), error.strerror or "cannot be read", remedy="check the path")) from None
    except ValueError as error:  # tomllib's, json's and the decoder's errors are all ValueErrors
        raise InputError(Problem(str(path), f"cannot be read: {error}", remedy="see `onrecord sources brat`")) from None
    problems: list[Problem] = []
    mapping: Mapping = _made(Mapping, table, str(path), "", problems)
    for name, allowed in (("splits", SPLITS), ("dates", DATE_TYPES)):
        for key, value in getattr(mapping, name).items():
            if value not in allowed:
                remedy = f"use one of {', '.join(allowed)}"
                problems.append(Problem(str(path), f"{value!r} is none", None, f"{name}.{key}", remedy))
    if problems:
        raise InputError(problems)
    return mapping


def _made(kind: Any, table: Any, where: str, prefix: str, problems: list[Problem]) -> Any:
    """An instance of a dataclass from a table; what does not fit becomes a problem."""
    if not isinstance(table, dict):
        problems.append(Problem(where, "is no table", None, prefix.rstrip(".") or None, "see `onrecord sources brat`"))
        return kind()
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in hints:
            near = difflib.get_close_matches(key, hints, n=1)
            remedy = f"did you mean {near[0]}?" if near else f"known are {', '.join(f.name for f in fields(kind))}"
            problems.append(Problem(where, "no such key", None, f"{prefix}{key}", remedy))
        elif hints[key] in (Columns, Brat):
            values[key] = _made(hints[key], value, where, f"{prefix}{key}.", problems)
        elif (found := _fitting(hints[key], value)) is None:
            problems.append(Problem(where, f"{value!r} does not fit", None, f"{prefix}{key}", _wanted(hints[key])))
        else:
            values[key] = found
    return kind(**values)


def _fitting(hint: Any, value: Any) -> Any:
    """The value as the field has it, or None."""
    if get_origin(hint) is tuple:
        items = [value] if isinstance(value, str) else value
        return tuple(items) if isinstance(items, list) and all(isinstance(item, str) for item in items) else None
    if get_origin(hint) is MappingType:
        fits = isinstance(value, dict) and all(isinstance(item, str) for item in value.values())
        return value if fits else None
    if hint is int:
        return value if isinstance(value, int) and not isinstance(value, bool) else None
    return value if isinstance(value, str) else None


def _wanted(hint: Any) -> str:
    if get_origin(hint) is tuple:
        return "give a list of texts"
    if get_origin(hint) is MappingType:
        return "give a table of texts"
    return "give a whole number" if hint is int or int in get_args(hint) else "give a text"
