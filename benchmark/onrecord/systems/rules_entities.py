"""Names by capital letters, typed by closed word lists, context and a gazetteer from the train split.

A capital at the start of a sentence or in a headline proves nothing there: such words are names only if the article
or the gazetteer knows them from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from onrecord.systems import name_words as words
from onrecord.systems.name_types import Name, assign_types, fold, gazetteer
from onrecord.systems.text import Region, dateline, paragraphs, quoted_spans, sentences

_TOKEN: Final = re.compile(
    r"(?:[A-Z]\.){2,}|[A-Z]\.(?=\s?[A-Z])|[^\W_](?:[\w]|(?<=[a-z])(?=[A-Z])|-(?=[A-Z0-9]|op(?:erative)?\b)|['’](?=[A-Z])|['’](?=[a-zà-ÿ]{3}))*|&|'n'"
)
#: Capitalised abbreviations of offices; they end a name and are none.
_OFFICES: Final = frozenset(
    ["MP", "MPs", "CEO", "CFO", "COO", "CTO", "PM", "MEP", "MEPs", "QC", "KC", "VP", "MLA", "MLAs", "PhD", "MD"]
)
_GAP: Final = re.compile(r"[ \t\u00a0]+")


def find_names(text: str, known_names: Mapping[str, str] | None = None) -> list[Name]:
    """The names of one article in text order, typed.

    Args:
        text: The article's text.
        known_names: Folded name to type; None takes the gazetteer from the train split. Training on that very split
            gives none, because the gazetteer knows the answers there.
    """
    known_names = gazetteer() if known_names is None else known_names
    names = _capitalised(text, known_names)
    known = {fold(name.region.of(text)) for name in names if name.certain} | set(known_names)
    surnames = {part for name in known if " " in name for part in (name.split()[-1], name.split()[0])}
    lower = set(re.findall(r"(?<![\w’'])[a-zà-ÿ][\w’'-]*", text))
    kept = [name for name in names if name.certain or _plausible(text, name, known | surnames, lower)]
    assign_types(text, kept, known_names)
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


def _capitalised(text: str, known: Mapping[str, str]) -> list[Name]:
    found: list[Name] = []
    for number, paragraph in enumerate(paragraphs(text)):
        if number == 0:
            found += _in_headline(text, paragraph, known)
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
            found += _in_stretch(text, Region(place.end, begin), set(), known)
            starts.add(begin)
        found += _in_stretch(text, Region(begin, paragraph.end), starts, known)
    return found


def _in_headline(text: str, paragraph: Region, known: Mapping[str, str]) -> list[Name]:
    """Names of the headline; where every long word has a capital, capitals prove nothing."""
    long_words = re.findall(r"(?<![\w’'])[^\W\d_]{4,}", paragraph.of(text))
    capitals = sum(word[0].isupper() for word in long_words)
    titled = len(long_words) > 2 and capitals > 0.6 * len(long_words)
    names = _in_stretch(text, paragraph, {paragraph.start}, known)
    return [Name(name.region, name.type, name.title, name.certain and not titled) for name in names]


def _in_stretch(text: str, stretch: Region, starts: set[int], known: Mapping[str, str]) -> Iterator[Name]:
    run: list[Region] = []
    tokens = [Region(match.start(), match.end()) for match in _TOKEN.finditer(text, stretch.start, stretch.end)]
    for index, token in enumerate(tokens):
        if run and not _joins(text, run, token, tokens[index + 1] if index + 1 < len(tokens) else None):
            yield from _names_of(text, run, starts, known)
            run = []
        surface = token.of(text)
        if run or (surface[0].isupper() and not surface.isdigit()):
            run.append(token)
    yield from _names_of(text, run, starts, known)


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


def _names_of(text: str, run: list[Region], starts: set[int], known: Mapping[str, str]) -> Iterator[Name]:
    """The names in a run of capitalised words: titles and sentence openers cut off."""
    while run and run[-1].of(text) in words.INSIDE:
        run = run[:-1]
    while run and run[0].of(text) in words.INSIDE:
        run = run[1:]
    for name in _between_offices(text, run):
        yield from _one_name(text, name, starts, known)


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


def _one_name(text: str, run: list[Region], starts: set[int], known: Mapping[str, str]) -> Iterator[Name]:
    """The name in a run of capitalised words, if there is one."""
    at_start = bool(run) and (run[0].start in starts)
    while (
        run
        and at_start
        and run[0].of(text).casefold() in words.COMMON_STARTS
        and fold(text[run[0].start : run[-1].end]) not in known
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
