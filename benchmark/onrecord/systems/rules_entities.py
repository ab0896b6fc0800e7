"""Names by capital letters, typed by closed word lists, context and a gazetteer from the train split.

A capital at the start of a sentence or in a headline proves nothing there: such words are names only if the article
or the gazetteer knows them from elsewhere.
"""

from __future__ import annotations

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
from onrecord.systems.text import Region, dateline, paragraphs, quoted_spans, sentences

_TOKEN: Final = re.compile(
    r"(?:[A-Z]\.){2,}|[A-Z]\.(?=\s?[A-Z])|[^\W_](?:[\w]|(?<=[a-z])(?=[A-Z])|-(?=[A-Z0-9]|op(?:erative)?\b)|['’](?=[A-Z])|['’](?=[a-zà-ÿ]{3}))*|&|'n'"
)
#: Capitalised abbreviations of offices; they end a name and are none.
_OFFICES: Final = frozenset(
    ["MP", "MPs", "CEO", "CFO", "COO", "CTO", "PM", "MEP", "MEPs", "QC", "KC", "VP", "MLA", "MLAs", "PhD", "MD"]
)
_GAP: Final = re.compile(r"[ \t\u00a0]+")
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


def fold(name: str) -> str:
    """A name's key: case, apostrophes and white space folded, a leading article dropped."""
    folded = " ".join(name.replace("’", "'").casefold().split())
    return folded.removeprefix("the ")


def find_names(text: str) -> list[Name]:
    """The names of one article in text order, typed."""
    names = _capitalised(text)
    known = {fold(name.region.of(text)) for name in names if name.certain} | set(gazetteer())
    surnames = {part for name in known if " " in name for part in (name.split()[-1], name.split()[0])}
    lower = set(re.findall(r"(?<![\w’'])[a-zà-ÿ][\w’'-]*", text))
    kept = [name for name in names if name.certain or _plausible(text, name, known | surnames, lower)]
    _assign_types(text, kept)
    return kept


def _plausible(text: str, name: Name, known: set[str], lower: set[str]) -> bool:
    """Whether a name whose capital proves nothing is one all the same."""
    surface = name.region.of(text)
    if fold(surface) in known or name.title:
        return True
    parts = surface.split()
    headline = name.region.end <= (text.find("\n") if "\n" in text else len(text))
    if headline and not surface.isupper():
        return False
    if len(parts) > 1:
        return not all(part.casefold() in lower for part in parts)
    return surface.casefold() not in lower and not re.search(r"(?:ly|ing|ed|ness|tion)$", surface) and len(surface) > 2


def _capitalised(text: str) -> list[Name]:
    found: list[Name] = []
    for number, paragraph in enumerate(paragraphs(text)):
        if number == 0:
            found += _in_headline(text, paragraph)
            continue
        quoted = quoted_spans(text, paragraph)
        starts = {sentence.start for sentence in sentences(text, paragraph, quoted)}
        starts |= {span.region.start for span in quoted}
        inner = re.finditer(r"[.!?:]\s+[\"“‘']?(?=[A-Z])|[“\"‘•*]\s*(?=[A-Z])", text[paragraph.start : paragraph.end])
        starts |= {paragraph.start + match.end() for match in inner}
        head = dateline(text, paragraph) if number <= 2 else None
        begin = paragraph.start
        if head is not None:
            place, begin = head
            found.append(Name(place, "GPE", "", True))
            found += _in_stretch(text, Region(place.end, begin), set())
            starts.add(begin)
        found += _in_stretch(text, Region(begin, paragraph.end), starts)
    return found


def _in_headline(text: str, paragraph: Region) -> list[Name]:
    """Names of the headline; where every long word has a capital, capitals prove nothing."""
    long_words = re.findall(r"(?<![\w’'])[^\W\d_]{4,}", paragraph.of(text))
    capitals = sum(word[0].isupper() for word in long_words)
    titled = len(long_words) > 2 and capitals > 0.6 * len(long_words)
    names = _in_stretch(text, paragraph, {paragraph.start})
    return [Name(name.region, name.type, name.title, name.certain and not titled) for name in names]


def _in_stretch(text: str, stretch: Region, starts: set[int]) -> Iterator[Name]:
    run: list[Region] = []
    tokens = [Region(match.start(), match.end()) for match in _TOKEN.finditer(text, stretch.start, stretch.end)]
    for index, token in enumerate(tokens):
        if run and not _joins(text, run, token, tokens[index + 1] if index + 1 < len(tokens) else None):
            yield from _names_of(text, run, starts)
            run = []
        surface = token.of(text)
        if run or (surface[0].isupper() and not surface.isdigit()):
            run.append(token)
    yield from _names_of(text, run, starts)


def _joins(text: str, run: list[Region], token: Region, following: Region | None) -> bool:
    """Whether the token continues the name that is being read."""
    gap = text[run[-1].end : token.start]
    if token.of(text) in _OFFICES or run[-1].of(text) in _OFFICES:
        return False
    if not (
        _GAP.fullmatch(gap)
        or (
            gap in (". ", ".")
            and run[-1].of(text)
            in (
                "Mr",
                "Mrs",
                "Ms",
                "Dr",
                "St",
                "Sen",
                "Gov",
                "Rep",
                "Gen",
                "Prof",
                "Rev",
                "Lt",
                "Col",
                "Sgt",
                "Capt",
                "Jr",
            )
        )
    ):
        return False
    surface = token.of(text)
    if surface[0].isupper():
        return True
    if surface[0].isdigit():
        return bool(re.fullmatch(r"\d{1,3}[A-Z]?", surface)) and run[-1].of(text) in (
            "Pier",
            "Route",
            "Highway",
            "Unit",
            "Terminal",
            "Gate",
            "Flight",
            "Article",
            "Section",
            "Type",
            "Block",
            "Road",
        )
    if surface not in words.INSIDE or following is None or not text[following.start].isupper():
        return False
    if not _GAP.fullmatch(text[token.end : following.start]) and surface != "&":
        return False
    if surface in ("of", "for", "and", "on"):
        head = run[-1].of(text).casefold()
        opener = run[0].of(text).casefold()
        if surface == "of":
            return head in words.ORG_STARTS | words.ORG_ENDS | words.LOC_STARTS | words.LOC_ENDS | {
                "republic",
                "kingdom",
                "house",
                "battle",
                "state",
            }
        return (
            surface != "on"
            and opener
            in words.ORG_STARTS
            - {"national", "royal", "international", "federal", "central", "coastal", "supreme", "high"}
            and head not in ("court",)
        )
    return surface != "the" or run[-1].of(text) in ("of",)


def _names_of(text: str, run: list[Region], starts: set[int]) -> Iterator[Name]:
    """The names in a run of capitalised words: titles and sentence openers cut off."""
    while run and run[-1].of(text) in words.INSIDE:
        run = run[:-1]
    while run and run[0].of(text) in words.INSIDE:
        run = run[1:]
    for name in _between_offices(text, run):
        yield from _one_name(text, name, starts)


def _between_offices(text: str, run: list[Region]) -> Iterator[list[Region]]:
    """The run cut in front of words for offices: "Ferrow Mayor Calloway" is two names."""
    if not run or run[-1].of(text).casefold() in words.ORG_ENDS:
        yield run
        return
    start = 0
    for index in range(1, len(run) - 1):
        if run[index].of(text).casefold() in words.OFFICES and index > start:
            yield run[start:index]
            start = index
    yield run[start:]


def _one_name(text: str, run: list[Region], starts: set[int]) -> Iterator[Name]:
    """The name in a run of capitalised words, if there is one."""
    at_start = bool(run) and (run[0].start in starts)
    while (
        run
        and at_start
        and run[0].of(text).casefold() in words.COMMON_STARTS
        and fold(text[run[0].start : run[-1].end]) not in gazetteer()
    ):
        if len(run) > 2 and run[1].of(text) in words.INSIDE:
            break
        run = run[1:]
        at_start = False
    while run and run[0].of(text) in (
        "The",
        "A",
        "An",
        "I",
        "In",
        "But",
        "And",
        "On",
        "At",
        "For",
        "If",
        "It",
        "He",
        "She",
        "They",
        "We",
    ):
        run = run[1:]
    title = ""
    last = run[-1].of(text).casefold() if run else ""
    if last not in words.ORG_ENDS | words.GPE_ENDS:
        while run and run[0].of(text).casefold().rstrip(".") in words.TITLES:
            title = f"{title} {run[0].of(text).casefold().rstrip('.')}".strip()
            run = run[1:]
            at_start = False
    run = [token for index, token in enumerate(run) if index or token.of(text).casefold() not in words.WEEKDAYS_MONTHS]
    while run and run[-1].of(text).casefold() in words.WEEKDAYS_MONTHS:
        run = run[:-1]
    if not run:
        return
    region = Region(run[0].start, run[-1].end)
    surface = region.of(text)
    if len(surface) < 2 or surface.rstrip(".") in _OFFICES | {
        "I",
        "TV",
        "OK",
        "Mr",
        "Mrs",
        "Ms",
        "Dr",
        "IT",
        "PDF",
        "DNA",
    }:
        return
    yield Name(region, "", title, not at_start)


# Types -------------------------------------------------------------------------------------------------------------


def _assign_types(text: str, names: list[Name]) -> None:
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
        if key in gazetteer():
            name.type = gazetteer()[key]
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
