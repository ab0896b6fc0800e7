"""Types of names: closed word lists, the words around a name, and a gazetteer from the train split."""

# A pattern broken over lines is harder to read than a long line.

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from onrecord.systems import name_words as words
from onrecord.systems.cue_words import SPEECH_FORMS
from onrecord.systems.text import Region

_VERBS_AFTER: Final = re.compile(rf"\s+(?:{'|'.join(sorted(SPEECH_FORMS))}|who)\b")


@dataclass(slots=True)
class Name:
    """One name in the text.

    Attributes:
        region: The name without title and possessive.
        type: Entity type, decided for the article as a whole.
        title: The title in front of it, lower-cased, or "".
        certain: Whether position proves it a name (not the first word of a sentence, not in a title-case headline).
    """

    region: Region
    type: str
    title: str
    certain: bool


@cache
def gazetteer() -> dict[str, str]:
    """Folded name to type, from the gold labels of the train split; empty where none has been built."""
    source = files("onrecord") / "data" / "gazetteer.json"
    if not source.is_file():
        return {}
    loaded: dict[str, str] = json.loads(source.read_text(encoding="utf-8"))["names"]
    return loaded


def gazetteer_hash() -> str:
    """Tells one gazetteer from another."""
    return hashlib.sha256(json.dumps(gazetteer(), sort_keys=True).encode()).hexdigest()[:16]


def fold(name: str) -> str:
    """A name's key: case, apostrophes and white space folded, a leading article dropped."""
    folded = " ".join(name.replace("’", "'").casefold().split())
    return folded.removeprefix("the ")


def assign_types(text: str, names: list[Name], known: Mapping[str, str]) -> None:
    """One type for all mentions of a name: the gazetteer's, or the best supported by words and context."""
    votes: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for name in names:
        key = fold(name.region.of(text))
        for kind, weight in _evidence(text, name):
            votes[key][kind] += weight
    people = _people(votes)
    for name in names:
        surface = name.region.of(text)
        key = fold(surface)
        if key in known:
            name.type = known[key]
        elif " " not in key and key in people and _best(votes[key]) in ("PERSON", "ORG", "GPE"):
            name.type = "PERSON" if votes[key]["GPE"] < 4 else _best(votes[key])
        else:
            name.type = _best(votes[key])


def _best(counted: Mapping[str, float]) -> str:
    """The type with the most weight."""
    return max(counted, key=lambda kind: counted[kind])


def _people(votes: Mapping[str, Mapping[str, float]]) -> set[str]:
    """Parts of the names of persons: "Ferrow" of "Lon Ferrow"."""
    persons = [key for key, counted in votes.items() if " " in key and _best(counted) == "PERSON"]
    return {part for key in persons for part in (key.split()[0], key.split()[-1])}


def _evidence(text: str, name: Name) -> Iterator[tuple[str, float]]:
    """Types that the words of the name and the words around it speak for, with weights."""
    if name.type:
        yield name.type, 5
    surface = name.region.of(text)
    yield from _of_the_words(surface)
    before = text[max(0, name.region.start - 40) : name.region.start]
    after = text[name.region.end : name.region.end + 40]
    parts = surface.split()
    if name.title:
        yield "PERSON", 6
    if re.match(
        r",? (?:\d\d|aged \d\d),|, (?:who|whose|the \w+ (?:chief|minister|director)|a \w+ (?:at|from|of|with)|an? )",
        after,
    ):
        yield "PERSON", 2
    if _VERBS_AFTER.match(after):
        yield ("PERSON" if len(parts) in (2, 3) else "ORG"), 1
    if re.search(r"\b(?:spokes(?:man|woman|person) (?:for|of)|a|an|the) $", before):
        yield "ORG", 1.5 if len(parts) > 1 else 1
    place = re.search(r"\b(\w+) $", before)
    if place and place[1].casefold() in words.PLACE_BEFORE:
        yield "GPE", 2.5
    if re.match(
        r"['’]s (?:board|chief|shares|chairman|director|spokes|parent|lawyers|report|management|customers)", after
    ):
        yield "ORG", 2
    if len(parts) in (2, 3) and all(part[0].isupper() and not part.isupper() for part in parts):
        yield "PERSON", 1.5
    else:
        yield "ORG", 0.6
    yield "ORG" if len(parts) > 3 else "GPE" if len(parts) == 1 else "PERSON", 0.1


def _of_the_words(surface: str) -> Iterator[tuple[str, float]]:
    parts = [part.casefold().strip(".") for part in surface.split()]
    first, last = parts[0], parts[-1]
    several = len(parts) > 1
    if len(parts) == 1 and surface.isupper() and 2 <= len(surface) <= 6:
        yield ("GPE", 4) if surface in ("US", "UK", "U.S.", "U.K.", "EU", "UAE", "USA") else ("ORG", 4)
    if surface in ("U.S.", "U.K.", "U.N.", "E.U."):
        yield ("ORG" if surface == "U.N." else "GPE"), 5
    for ends, kind in (
        (words.ORG_ENDS, "ORG"), (words.FAC_ENDS, "FAC"), (words.LOC_ENDS, "LOC"), (words.GPE_ENDS, "GPE"),
        (words.EVENT_ENDS, "EVENT"), (words.LAW_ENDS, "LAW"), (words.WORK_ENDS, "WORK_OF_ART"),
    ):  # fmt: skip
        if several and last in ends:
            yield kind, 5
            break
    if several and first in words.ORG_STARTS:
        yield "ORG", 4
    if several and first in words.LOC_STARTS:
        yield "LOC", 4
    if several and first in words.EVENT_STARTS:
        yield "EVENT", 5
    if "&" in parts:
        yield "ORG", 5
    if not several:
        if first in words.LANGUAGES:
            yield "LANGUAGE", 1
        if first in words.NORP_WORDS or (surface.endswith(words.NORP_ENDS) and len(surface) > 5):
            yield "NORP", 4
