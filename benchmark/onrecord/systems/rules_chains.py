"""Chains and speakers: which mentions mean the same thing, and who a source is.

Names chain by equal, shortened or initialled form; a pronoun takes the nearest mention before it that can be meant;
"the company" takes the nearest organisation before it. Only pronouns and nominals that a quotation or a chain needs
become mentions.
"""

# A pattern broken over lines is harder to read than a long line.
# ruff: noqa: E501

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from onrecord.model import Chain, EntityKind, Mention
from onrecord.systems import name_words as words
from onrecord.systems.rules_entities import Name, fold
from onrecord.systems.text import Region, Sections, paragraphs, quoted_spans, sentences

_PRONOUN: Final = re.compile(
    r"(?<![\w’'-])(?:he|him|his|himself|she|her|hers|herself|they|them|their|theirs|themselves|it|its|itself|we|us|our|ours|ourselves|I|me|my|mine|myself)(?![\w-]|['’][a-z]{3})",
    re.IGNORECASE,
)
_MASCULINE: Final = frozenset(["he", "him", "his", "himself"])
_FEMININE: Final = frozenset(["she", "her", "hers", "herself"])
_PLURAL: Final = frozenset(["they", "them", "their", "theirs", "themselves"])
_FIRST: Final = frozenset(["i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves"])
_DEFINITE: Final = re.compile(
    rf"(?<![\w’'-])[Tt]he (?P<head>{'|'.join(sorted(words.ORG_NOUNS | words.PERSON_NOUNS | words.PLACE_NOUNS, key=lambda w: (-len(w), w)))})(?![\w-]|['’](?!s))(?! (?:of|for|who|that|in)\b)"
)
_MALE_TITLES: Final = frozenset(
    [
        "mr",
        "sir",
        "lord",
        "king",
        "prince",
        "pope",
        "father",
        "brother",
        "chairman",
        "spokesman",
        "congressman",
        "councilman",
    ]
)
_FEMALE_TITLES: Final = frozenset(
    [
        "mrs",
        "ms",
        "miss",
        "dame",
        "lady",
        "queen",
        "princess",
        "sister",
        "chairwoman",
        "spokeswoman",
        "congresswoman",
        "councilwoman",
    ]
)
_PLURAL_NOUN: Final = re.compile(
    r"(?:officials|residents|witnesses|workers|critics|experts|scientists|researchers|doctors|teachers|parents|students|aides|advisers|prosecutors|officers|people|sources|insiders|leaders|activists|farmers|fishermen|owners|investors|passengers|survivors|executives|diplomats|voters|supporters|lawyers|police|neighbours|neighbors|families|protesters|[a-z]{3,}(?:ers|ors|ists|ians|ents))$"
)
_CUT_NOMINAL: Final = re.compile(r",| (?:who|which|that|whose|where|speaking|asking|citing)\b")
#: How far back, in sentences, a pronoun looks.
_REACH: Final = 4


@dataclass(slots=True)
class Entity:
    """One chain while it is being built.

    Attributes:
        id: Chain id, ``e1``, ``e2``, … in order of first mention.
        type: Entity type.
        names: Distinct name forms, the longest first once built.
        gender: ``m``, ``f`` or "" where nothing tells.
        plural: Whether it is a group of people.
        roles: Nouns said of it ("minister", "union"), for "the minister".
        mentions: Regions with their kinds.
    """

    id: str
    type: str
    names: list[str] = field(default_factory=list)
    gender: str = ""
    plural: bool = False
    roles: set[str] = field(default_factory=set)
    mentions: list[tuple[Region, EntityKind]] = field(default_factory=list)


class Chains:
    """The chains of one article: built from its names, then asked who a source is."""

    def __init__(self, text: str, names: list[Name]) -> None:
        self.text = text
        self.entities: list[Entity] = []
        blocks = paragraphs(text)
        self._sentences = Sections(
            [sentence for block in blocks for sentence in sentences(text, block, quoted_spans(text, block))]
        )
        self._paragraphs = Sections(blocks)
        self._quoted = [span.region for block in blocks for span in quoted_spans(text, block)]
        self._named: dict[int, Entity] = {}
        for name in sorted(names, key=lambda item: -len(item.region.of(text).split())):
            self._add_name(name)
        self._pronouns: dict[int, Entity] = {}
        self._resolve_in_order()

    # Names -----------------------------------------------------------------------------------------------------------

    def _add_name(self, name: Name) -> None:
        surface = name.region.of(self.text)
        entity = self._same(surface, name.type)
        if entity is None:
            entity = Entity("", name.type)
            self.entities.append(entity)
        if surface not in entity.names:
            entity.names.append(surface)
        titles = set(name.title.split())
        if titles & _MALE_TITLES:
            entity.gender = "m"
        elif titles & _FEMALE_TITLES:
            entity.gender = "f"
        entity.roles |= titles | self._roles_beside(name.region)
        entity.mentions.append((name.region, "name"))
        self._named[name.region.start] = entity

    def _same(self, surface: str, kind: str) -> Entity | None:
        """The entity this name belongs to: same form, a shortened form, or its initials."""
        key = fold(surface)
        parts = key.split()
        shortened: list[Entity] = []
        for entity in self.entities:
            keys = [fold(form) for form in entity.names]
            if key in keys and (entity.type == kind or kind not in ("NORP", "LANGUAGE")):
                return entity
            if entity.type != kind and not (kind == "ORG" and surface.isupper()):
                continue
            if kind == "PERSON" and len(parts) == 1:
                shortened += [entity] if any(parts[0] in (form.split()[-1], form.split()[0]) for form in keys) else []
            elif kind == "ORG" and any(_initials(form) == surface.replace(".", "") for form in entity.names):
                return entity
            elif kind in ("ORG", "FAC", "PRODUCT", "EVENT", "LAW", "LOC") and any(
                _shortens(key, form) for form in keys
            ):
                shortened.append(entity)
        last = [entity for entity in shortened if any(fold(form).split()[-1] == parts[-1] for form in entity.names)]
        candidates = last or shortened
        return candidates[0] if candidates else None

    def _roles_beside(self, region: Region) -> set[str]:
        """Nouns of an apposition or pre-modifier: "Velm's trade minister, Oru Hanne"; "…, the union's lawyer"."""
        after = re.match(
            r", (?:the|a|an|its|his|her|[A-Z][\w.]*['’]s) ([^,.;]{3,60})", self.text[region.end : region.end + 70]
        )
        before = self.text[max(0, region.start - 40) : region.start]
        found = set(re.findall(r"[a-z]+", after[1])) if after else set()
        nearest = re.search(r"([a-z]+) $", before)
        if nearest:
            found.add(nearest[1])
        return found & (words.PERSON_NOUNS | words.ORG_NOUNS)

    # Pronouns and definite nominals, left to right ---------------------------------------------------------------------

    def _resolve_in_order(self) -> None:
        found = [(match.start(), match) for match in _PRONOUN.finditer(self.text)]
        found += [
            (match.start(), match) for match in _DEFINITE.finditer(self.text) if not self._inside_name(match.span())
        ]
        for start, match in sorted(found, key=lambda item: item[0]):
            if match.re is _DEFINITE:
                entity = self._definite(match["head"], start)
                kind: EntityKind = "nominal"
            else:
                word = match.group().lower()
                if word in _FIRST or self._expletive(match):
                    continue
                entity = self._antecedent(word, start)
                kind = "pronoun"
            if entity is not None:
                entity.mentions.append((Region(*match.span()), kind))
                self._pronouns[start] = entity

    def _inside_name(self, span: tuple[int, int]) -> bool:
        return any(
            region.start < span[1] and span[0] < region.end
            for entity in self.entities
            for region, kind in entity.mentions
            if kind == "name"
        )

    def _expletive(self, match: re.Match[str]) -> bool:
        if match.group().lower() != "it":
            return False
        after = self.text[match.end() : match.end() + 40]
        return bool(
            re.match(
                r"(?:['’]s| is| was| would be| will be| seems?| appears?| remains) (?:\w+ )?(?:that|to|clear|not|unclear|possible|likely|hard|easy|time|too|important|up|been|a |an |the )",
                after,
            )
        )

    def _recent(self, start: int) -> list[tuple[Region, Entity]]:
        """Mentions before this place, nearest first, within reach; a sentence's subject before its objects."""
        here = self._sentences.index(start)
        quote = next((region for region in self._quoted if region.start <= start < region.end), None)
        found = []
        for entity in self.entities:
            for region, _ in entity.mentions:
                sentence = self._sentences.index(region.start)
                if region.start >= start or here - sentence > _REACH:
                    continue
                inside = any(span.start <= region.start < span.end for span in self._quoted)
                if inside and (quote is None or not quote.covers(region)):
                    continue
                found.append((region, entity, sentence))
        subjects = {
            sentence: min(r.start for r, _, s in found if s == sentence) for sentence in {s for _, _, s in found}
        }
        return [
            (region, entity)
            for region, entity, sentence in sorted(
                found, key=lambda item: (-item[2], item[0].start != subjects[item[2]], -item[0].start)
            )
        ]

    def _antecedent(self, word: str, start: int) -> Entity | None:
        gender = "m" if word in _MASCULINE else "f" if word in _FEMININE else ""
        for _, entity in self._recent(start):
            if gender:
                if entity.type == "PERSON" and not entity.plural and entity.gender in ("", gender):
                    entity.gender = gender
                    return entity
            elif word in _PLURAL:
                if entity.plural or entity.type == "ORG":
                    return entity
            elif entity.type in ("ORG", "GPE", "PRODUCT", "FAC", "LAW", "EVENT"):
                return entity
        return None

    def _definite(self, head: str, start: int) -> Entity | None:
        """The entity that "the company" or "the minister" takes up."""
        recent = [entity for _, entity in self._recent(start)]
        recent += [
            entity
            for entity in self.entities
            if entity not in recent and any(r.start < start for r, _ in entity.mentions)
        ]
        wanted = "PERSON" if head in words.PERSON_NOUNS else "GPE" if head in words.PLACE_NOUNS else "ORG"
        known = [
            entity
            for entity in recent
            if head in entity.roles or any(head in fold(form).split() for form in entity.names)
        ]
        if known:
            return known[0]
        if wanted == "PERSON" or head in ("government", "police", "court", "army"):
            return None
        return next((entity for entity in recent if entity.type == wanted), None)

    # Sources ---------------------------------------------------------------------------------------------------------

    def speaker(self, source: Region) -> Entity | None:
        """The entity held responsible for what this source says; an unnamed source becomes an entity of its own."""
        surface = source.of(self.text)
        entity = self._pronouns.get(source.start)
        if entity is not None and (len(surface.split()) == 1 or surface.split()[0].lower() == "the"):
            return entity
        if surface.lower() in ("who", "which", "that"):
            return next(
                (entity for region, entity in self._recent(source.start) if region.end >= source.start - 40), None
            )
        named = sorted(
            (
                (region, entity)
                for entity in self.entities
                for region, kind in entity.mentions
                if kind == "name" and source.covers(region)
            ),
            key=lambda item: item[0],
        )
        persons = [(region, entity) for region, entity in named if entity.type == "PERSON"]
        spoken_for = re.match(
            r".*?\b(?:spokes(?:man|woman|person|people)|statement|lawyers?|press release|news release)\b", surface
        )
        direct = [
            entity
            for region, entity in persons
            if not re.search(r"\b(?:for|of|to|by|with) (?:\w+ )?$", self.text[source.start : region.start])
        ]
        if direct:
            return direct[0]
        if spoken_for and named:
            return named[0][1]
        if named and named[0][0].start - source.start <= 4 and source.end - named[0][0].end <= 2:
            return named[0][1]
        head = _head(surface)
        if head in words.PERSON_NOUNS or _PLURAL_NOUN.search(head):
            return self._unnamed(source, "PERSON", head)
        if named and named[0][0].start - source.start <= 4:
            return named[0][1]
        if head in words.ORG_NOUNS:
            return self._unnamed(source, "ORG", head)
        if named:
            return named[0][1]
        return (
            self._unnamed(source, "PERSON", head)
            if re.match(r"(?:one|another|some|many|most|others|both|several|\d+|two|three)\b", surface.lower())
            else None
        )

    def _unnamed(self, source: Region, kind: str, head: str) -> Entity:
        """A nominal source: the entity an equal or definite phrase stood for before, or a new one."""
        surface = source.of(self.text)
        cut = _CUT_NOMINAL.search(surface)
        region = Region(source.start, source.start + cut.start()) if cut else source
        phrase = fold(region.of(self.text))
        definite = surface.lower().startswith(("the ", "that ", "this "))
        for entity in self.entities:
            phrases = {fold(mention.of(self.text)) for mention, sort in entity.mentions if sort == "nominal"}
            if phrase in phrases or (definite and head in entity.roles and entity.type == kind):
                self._mention(entity, region)
                return entity
        entity = Entity("", kind, roles={head}, plural=bool(_PLURAL_NOUN.search(head)))
        self.entities.append(entity)
        self._mention(entity, region)
        return entity

    def _mention(self, entity: Entity, region: Region) -> None:
        if all(region != other for other, _ in entity.mentions):
            entity.mentions.append((region, "nominal"))

    def first_person(self, content: list[Region], speaker: Entity) -> None:
        """Gives "I" and "we" inside a quotation to its speaker."""
        for segment in content:
            if not re.search("[\"“”„«‘']", segment.of(self.text)):
                continue
            for match in _PRONOUN.finditer(self.text, segment.start, segment.end):
                word = match.group().lower()
                singular = word in ("i", "me", "my", "mine", "myself")
                if word in _FIRST and singular == (speaker.type == "PERSON" and not speaker.plural):
                    region = Region(*match.span())
                    if all(region != other for other, _ in speaker.mentions):
                        speaker.mentions.append((region, "pronoun"))

    # Output ----------------------------------------------------------------------------------------------------------

    def finish(self, needed: set[int]) -> tuple[list[Mention], list[Chain]]:
        """Mentions and chains in text order, with ids set.

        Args:
            needed: ``id()`` of entities that speak or hold a stance; a chain without a name is kept only if needed.
        """
        kept = [entity for entity in self.entities if entity.mentions and (entity.names or id(entity) in needed)]
        kept.sort(key=lambda entity: min(entity.mentions))
        mentions: list[Mention] = []
        for number, entity in enumerate(kept, start=1):
            entity.id = f"e{number}"
            for region, kind in sorted(set(entity.mentions)):
                mentions.append(
                    Mention(
                        region.start, region.end, region.of(self.text), type=entity.type, kind=kind, entity=entity.id
                    )
                )
        mentions.sort(key=lambda mention: (mention.start or 0, -(mention.end or 0)))
        return mentions, [
            Chain(
                entity.id,
                entity.type,
                display_name(self.text, entity),
                tuple(sorted(set(entity.names) - {display_name(self.text, entity)})),
            )
            for entity in kept
        ]


def display_name(text: str, entity: Entity) -> str:
    """The longest name, or the first mention's words."""
    if entity.names:
        return max(entity.names, key=lambda form: (len(form), form))
    return min(entity.mentions)[0].of(text)


def _initials(name: str) -> str:
    return "".join(part[0] for part in re.findall(r"[\w&]+", name) if part[0].isupper())


def _shortens(key: str, full: str) -> bool:
    """Whether one name is the beginning or the end of the other, word by word."""
    parts, whole = key.split(), full.split()
    return len(parts) < len(whole) and (
        whole[: len(parts)] == parts or (whole[-len(parts) :] == parts and len(parts) > 1)
    )


def _head(surface: str) -> str:
    """Head noun of a nominal: the last word before a preposition, comma or relative."""
    stem = re.split(
        r",| (?:of|for|in|at|from|with|on|to|who|which|that|by|near|and|familiar|briefed|close|inside|aboard|whose|involved)\b",
        surface,
    )[0]
    found = re.findall(r"[A-Za-z-]+", re.sub(r"['’]s\b", "", stem))
    return found[-1].casefold() if found else ""
