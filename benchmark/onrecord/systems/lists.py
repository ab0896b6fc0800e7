"""The word lists of ``data/words.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("onrecord") / "data" / "words.toml").read_text(encoding="utf-8"))


def words(section: str, name: str) -> frozenset[str]:
    """A list of words, without order."""
    return frozenset(_tables()[section][name].split())


def table(section: str) -> dict[str, list[str]]:
    """All lists of a section, in order."""
    return {name: value.split() for name, value in _tables()[section].items()}
