"""The catalogue of real corpora: data in ``catalogue.json``, the checksums of known versions beside it."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from onrecord.errors import InputError, Problem

_FOLDER: Final = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Source:
    """One corpus of the catalogue.

    Attributes:
        name: What the command line calls it.
        title: Its full name.
        module: The module of this package that reads it.
        layers: Layers that it has gold for.
        languages: ISO 639 codes.
        version, size, licence, where, layout, splits: As its makers state them.
        mapped: What comes over into our schema.
        lost: What does not.
        citation: BibTeX.
        types: Its inventory of entity types, or None.
        outside: Types a tagger may emit that it does not annotate.
        genres: Genres of which one may ask for others than the news; empty if it has none.
        folder: Whether it is no corpus but a format, for folders of any corpus.
    """

    name: str
    title: str
    module: str
    layers: tuple[str, ...]
    languages: tuple[str, ...]
    version: str
    size: str
    licence: str
    where: str
    layout: str
    splits: str
    mapped: str
    lost: str
    citation: str
    types: tuple[str, ...] | None = None
    outside: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    folder: bool = False

    def checksums(self) -> dict[str, str]:
        """Checksums by path in the corpus's own layout, as ``Copy.compare`` takes them; empty if none are on record."""
        path = _FOLDER / "checksums" / f"{self.name}.json"
        if not path.is_file():
            return {}
        known: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        return known


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@cache
def catalogue() -> dict[str, Source]:
    """All sources by name."""
    entries = json.loads((_FOLDER / "catalogue.json").read_text(encoding="utf-8"))
    return {
        name: Source(
            name=name,
            **{key: _frozen(value) for key, value in entry.items()},
        )
        for name, entry in entries.items()
    }


def find(name: str) -> Source:
    """A source by name.

    Raises:
        InputError: There is none of that name; near ones are suggested.
    """
    known = catalogue()
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name.lower().replace("_", "-"), known, n=1)
    remedy = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}; see `onrecord sources`"
    raise InputError(Problem(name, "no such source", remedy=remedy))
