"""Chains and speakers: which mentions mean the same thing, and who a source is.

Names chain by equal, shortened or initialled form; a pronoun takes the nearest mention before it that can be meant;
"the company" takes the nearest organisation before it. Only pronouns and nominals that a quotation or a chain needs
become mentions.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import defaultdict
from itertools import islice
from typing import Final

from onrecord.model import Chain, EntityKind, Mention
from onrecord.systems import chain_parts as parts_of
from onrecord.systems import name_words as words
from onrecord.systems.chain_parts import Entity, display_name, head_noun, initials, shortens
from onrecord.systems.name_types import Name, fold
from onrecord.systems.text import Region, Sections, paragraphs, quoted_spans, sentences

#: How far back, in sentences, a pronoun looks.
_REACH: Final = 4
#: How far back, in mentions, where a sentence does not end.
_MOST: Final = 200


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
        self._quoted = Sections([span.region for block in blocks for span in quoted_spans(text, block)])
        # Every mention with its sentence, in text order: what looks back for an antecedent walks along it.
        self._timeline: list[tuple[Region, int, Entity]] = []
        self._known: set[tuple[Region, int]] = set()
        self._keys: dict[str, str] = {}
        # By ``id()`` of an entity the nominals it has been called by.
        self._phrases: defaultdict[int, set[str]] = defaultdict(set)
        for name in sorted(names, key=lambda item: -len(item.region.of(text).split())):
            self._add_name(name)
        self._name_list = [(region, entity) for region, _, entity in self._timeline]
        self._names = Sections([region for region, _ in self._name_list])
        self._pronouns: dict[int, Entity] = {}
        self._resolve_in_order()

    def _add(self, entity: Entity, region: Region, kind: EntityKind) -> None:
        entity.mentions.append((region, kind))
        self._known.add((region, id(entity)))
        if kind == "nominal":
            self._phrases[id(entity)].add(self._key(region.of(self.text)))
        insort(self._timeline, (region, self._sentences.index(region.start), entity), key=lambda item: item[0])

    def _key(self, name: str) -> str:
        if name not in self._keys:
            self._keys[name] = fold(name)
        return self._keys[name]

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
        if titles & parts_of.MALE_TITLES:
            entity.gender = "m"
        elif titles & parts_of.FEMALE_TITLES:
            entity.gender = "f"
        entity.roles |= titles | self._roles_beside(name.region)
        self._add(entity, name.region, "name")

    def _same(self, surface: str, kind: str) -> Entity | None:
        """The entity this name belongs to: same form, a shortened form, or its initials."""
        key = fold(surface)
        parts = key.split()
        shortened: list[Entity] = []
        for entity in self.entities:
            keys = [self._key(form) for form in entity.names]
            if key in keys and (entity.type == kind or kind not in ("NORP", "LANGUAGE")):
                return entity
            if entity.type != kind and not (kind == "ORG" and surface.isupper()):
                continue
            if kind == "PERSON" and len(parts) == 1:
                shortened += [entity] if any(parts[0] in (form.split()[-1], form.split()[0]) for form in keys) else []
            elif kind == "ORG" and any(initials(form) == surface.replace(".", "") for form in entity.names):
                return entity
            elif kind in ("ORG", "FAC", "PRODUCT", "EVENT", "LAW", "LOC") and any(shortens(key, form) for form in keys):
                shortened.append(entity)
        last = [
            entity for entity in shortened if any(self._key(form).split()[-1] == parts[-1] for form in entity.names)
        ]
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

    # Pronouns and definite nominals, left to right -------------------------------------------------------------------

    def _resolve_in_order(self) -> None:
        found = [(match.start(), match) for match in parts_of.PRONOUN.finditer(self.text)]
        found += [
            (match.start(), match)
            for match in parts_of.DEFINITE.finditer(self.text)
            if not self._inside_name(match.span())
        ]
        for start, match in sorted(found, key=lambda item: item[0]):
            if match.re is parts_of.DEFINITE:
                entity = self._definite(match["head"], start)
                kind: EntityKind = "nominal"
            else:
                word = match.group().lower()
                if word in parts_of.FIRST or self._expletive(match):
                    continue
                entity = self._antecedent(word, start)
                kind = "pronoun"
            if entity is not None:
                self._add(entity, Region(*match.span()), kind)
                self._pronouns[start] = entity

    def _inside_name(self, span: tuple[int, int]) -> bool:
        regions = self._names.regions
        nearest = regions[max(0, self._names.index(span[0]) - 1) : self._names.index(span[1]) + 1]
        return any(region.start < span[1] and span[0] < region.end for region in nearest)

    def _expletive(self, match: re.Match[str]) -> bool:
        return match.group().lower() == "it" and bool(parts_of.EXPLETIVE.match(self.text, match.end()))

    def _recent(self, start: int) -> list[tuple[Region, Entity]]:
        """Mentions before this place, nearest first, within reach; a sentence's subject before its objects."""
        here = self._sentences.index(start)
        quote = self._quotation(start)
        found: list[tuple[Region, int, Entity]] = []
        place = bisect_left(self._timeline, start, key=lambda item: item[0].start)
        for region, sentence, entity in reversed(self._timeline[max(0, place - _MOST) : place]):
            if here - sentence > _REACH:
                break
            inside = self._quotation(region.start)
            if inside is None or (quote is not None and quote.covers(region)):
                found.append((region, sentence, entity))
        subjects: dict[int, int] = {}
        for region, sentence, _ in found:
            subjects[sentence] = min(region.start, subjects.get(sentence, region.start))
        found.sort(key=lambda item: (-item[1], item[0].start != subjects[item[1]], -item[0].start))
        return [(region, entity) for region, _, entity in found]

    def _quotation(self, offset: int) -> Region | None:
        """The quotation marks' stretch in which the offset lies."""
        if not self._quoted.regions:
            return None
        region = self._quoted.at(offset)
        return region if region.start <= offset < region.end else None

    def _antecedent(self, word: str, start: int) -> Entity | None:
        gender = "m" if word in parts_of.MASCULINE else "f" if word in parts_of.FEMININE else ""
        for _, entity in self._recent(start):
            if gender:
                if entity.type == "PERSON" and not entity.plural and entity.gender in ("", gender):
                    entity.gender = gender
                    return entity
            elif word in parts_of.PLURAL:
                if entity.plural or entity.type == "ORG":
                    return entity
            elif entity.type in ("ORG", "GPE", "PRODUCT", "FAC", "LAW", "EVENT"):
                return entity
        return None

    def _definite(self, head: str, start: int) -> Entity | None:
        """The entity that "the company" or "the minister" takes up."""
        recent = list({id(entity): entity for _, entity in self._recent(start)}.values())
        near = {id(entity) for entity in recent}
        recent += [
            entity
            for entity in self.entities
            if id(entity) not in near and any(region.start < start for region, _ in entity.mentions)
        ]
        wanted = "PERSON" if head in words.PERSON_NOUNS else "GPE" if head in words.PLACE_NOUNS else "ORG"
        known = [
            entity
            for entity in recent
            if head in entity.roles or any(head in self._key(form).split() for form in entity.names)
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
        first = bisect_left(self._name_list, source.start, key=lambda item: item[0].start)
        named = []
        for region, other in islice(self._name_list, first, None):
            if region.start >= source.end:
                break
            named += [(region, other)] if source.covers(region) else []
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
        head = head_noun(surface)
        if head in words.PERSON_NOUNS or parts_of.PLURAL_NOUN.search(head):
            return self._unnamed(source, "PERSON", head)
        if named and named[0][0].start - source.start <= 4:
            return named[0][1]
        if head in words.ORG_NOUNS:
            return self._unnamed(source, "ORG", head)
        if named:
            return named[0][1]
        return self._last_resort(source, surface, head)

    def _last_resort(self, source: Region, surface: str, head: str) -> Entity | None:
        """A source that no list knows: a known name's last word, what "the alliance" is short for, or somebody new."""
        folded = surface.casefold()
        if folded in parts_of.NARRATOR:  # the writer; but in quotation marks somebody else, and nothing tells who
            return self._told_by() if self._quotation(source.start) is None else None
        if parts_of.PRONOUN.fullmatch(surface) or parts_of.NOBODY.match(folded):
            return None
        if parts_of.SOME.match(folded):
            return self._unnamed(source, "PERSON", head)
        if not head or len(head) < 3 or head in parts_of.DOCUMENTS:
            return None
        known = [
            entity for entity in self.entities if any(head in self._key(form).split()[-1:] for form in entity.names)
        ]
        if known:
            return known[0]
        return self._unnamed(source, "PERSON" if parts_of.DOER.search(head) else "ORG", head)

    def _told_by(self) -> Entity:
        """Whoever says "I" outside quotations: the writer of a column."""
        for entity in self.entities:
            if parts_of.NARRATOR & entity.roles:
                return entity
        entity = Entity("", "PERSON", roles=set(parts_of.NARRATOR))
        self.entities.append(entity)
        for match in parts_of.PRONOUN.finditer(self.text):
            if match.group().casefold() in parts_of.NARRATOR and self._quotation(match.start()) is None:
                self._add(entity, Region(*match.span()), "pronoun")
        return entity

    def _unnamed(self, source: Region, kind: str, head: str) -> Entity:
        """A nominal source: the entity an equal or definite phrase stood for before, or a new one."""
        surface = source.of(self.text)
        cut = parts_of.CUT_NOMINAL.search(surface)
        region = Region(source.start, source.start + cut.start()) if cut else source
        phrase = fold(region.of(self.text))
        definite = surface.lower().startswith(("the ", "that ", "this "))
        for entity in self.entities:
            if phrase in self._phrases[id(entity)] or (definite and head in entity.roles and entity.type == kind):
                self._mention(entity, region)
                return entity
        entity = Entity("", kind, roles={head}, plural=bool(parts_of.PLURAL_NOUN.search(head)))
        self.entities.append(entity)
        self._mention(entity, region)
        return entity

    def _mention(self, entity: Entity, region: Region) -> None:
        if (region, id(entity)) not in self._known:
            self._add(entity, region, "nominal")

    def first_person(self, content: list[Region], speaker: Entity) -> None:
        """Gives "I" and "we" inside a quotation to its speaker."""
        for segment in content:
            if not re.search("[\"“”„«‘']", segment.of(self.text)):
                continue
            for match in parts_of.PRONOUN.finditer(self.text, segment.start, segment.end):
                word = match.group().lower()
                singular = word in ("i", "me", "my", "mine", "myself")
                if word in parts_of.FIRST and singular == (speaker.type == "PERSON" and not speaker.plural):
                    region = Region(*match.span())
                    if (region, id(speaker)) not in self._known:
                        self._add(speaker, region, "pronoun")

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
