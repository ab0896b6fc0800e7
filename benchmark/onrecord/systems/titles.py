"""Titles in front of a person's name."""

from __future__ import annotations

import re

from onrecord.systems.name_words import TITLES
from onrecord.systems.text import Region


def title_before(text: str, region: Region) -> str:
    """The titles that stand in front of a name, lower-cased; "" where there is none."""
    titles: list[str] = []
    for word in reversed(text[max(0, region.start - 40) : region.start].split()):
        if word.casefold().rstrip(".") not in TITLES:
            break
        titles.insert(0, word.casefold().rstrip("."))
    return " ".join(titles)


def without_titles(text: str, region: Region) -> tuple[Region, str]:
    """A name without the titles it begins with, and the titles."""
    titles: list[str] = []
    for match in re.finditer(r"\S+\s+", region.of(text)):
        word = match.group().strip().casefold().rstrip(".")
        if word not in TITLES:
            break
        titles.append(word)
        region = Region(region.start + len(match.group()), region.end)
    return region, " ".join(titles)
