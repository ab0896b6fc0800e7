"""Pass files: an annotator's labels of one article as lines of text, compiled into labels with offsets.

The form is described in ``annotations/GUIDELINES.md``, "How labels are written": sections ``[chains] [entities]
[quotes] [dates] [stances]``, fields separated by ``|``, text quoted verbatim and found here. What follows from
other labels is computed and not written: a mention's type and link (its chain's), a quote's kind (its quotation
marks), the names of speakers and holders, a chain's aliases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from onrecord.corpus import Entry
from onrecord.derived import complete
from onrecord.errors import Problem
from onrecord.model import (
    ARTICLE_VOICE,
    Article,
    Chain,
    Date,
    EntityKind,
    Labels,
    Mention,
    Quote,
    Span,
    Stance,
)
from onrecord.passfile import PREFIX, Line, PassFile
from onrecord.placement import Place, find, gap, inside, occurrences, overlaps

_QUOTE_FIELDS: Final = ("content", "cue", "source", "speaker", "sourcing", "said_on")
#: An earlier quote's cue counts as this many characters further away than it is: a cue introduces one quote.
_TAKEN: Final = 10_000


@dataclass(slots=True)
class Compiled:
    """What a pass file says.

    Attributes:
        article: The article the labels belong to.
        labels: Everything that could be placed.
        problems: Lines that could not be read or placed.
        notes: Lines that were placed after overlooking something, or where another place was possible.
    """

    article: Article
    labels: Labels
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


def compile_pass(content: str, article: Article, where: str, world: Mapping[str, Entry] | None = None) -> Compiled:
    """Compiles a pass file.

    Args:
        content: The file's text.
        article: The article it labels.
        where: The file's name, for messages.
        world: The knowledge base, for aliases; links are checked only if it is given.
    """
    return _Compiler(article, where, world).compile(content)


def _none(value: str) -> str | None:
    return None if value in {"-", "–", "—", ""} else value


def _strip_label(value: str, name: str) -> str:
    """The field without its name in front, ``cue: said`` being the same as ``said``."""
    return re.sub(rf"^{name}\s*:\s*", "", value, flags=re.IGNORECASE)


class _Compiler(PassFile):
    """One article's pass on its way to labels."""

    def __init__(self, article: Article, where: str, world: Mapping[str, Entry] | None) -> None:
        super().__init__(article, where)
        self.world = world
        self.chains: dict[str, Chain] = {}

    def compile(self, content: str) -> Compiled:
        sections = self.sections(content)
        self._read_chains(sections["chains"])
        mentions = self._read_entities(sections["entities"])
        quotes = self._read_quotes(sections["quotes"])
        dates = self._read_dates(sections["dates"])
        stances = self._read_stances(sections["stances"], {quote.id for quote in quotes})
        self.problems.sort(key=lambda fault: fault.line or 0)
        self.notes.sort(key=lambda note: note.line or 0)
        labels = Labels(mentions, tuple(self.chains.values()), quotes, dates, stances)
        return Compiled(self.article, complete(labels, self.text, self.world), self.problems, self.notes)

    def _chain(self, line: Line, name: str, role: str) -> Chain | None:
        chain = self.chains.get(name)
        if chain is None:
            self.problem(line.number, f"{role} {name!r} is no chain", "add it to [chains] or correct it")
        return chain

    def _read_chains(self, lines: Iterable[Line]) -> None:
        for line in lines:
            name, kind, surface, link = line.fields
            if name in self.chains:
                self.problem(line.number, f"chain {name!r} a second time", "give each chain an id of its own")
                continue
            found = find(self.text, (0, len(self.text)), surface)
            if found.places:
                surface = self.text[slice(*found.places[0])]
            else:
                self.problem(line.number, f"name not found in the text: {surface!r}", "copy it from the text")
            if _none(link) and self.world is not None and link not in self.world:
                self.problem(line.number, f"{link!r} is not in the knowledge base", "correct it or write -")
            self.chains[name] = Chain(name, kind.upper(), surface, (), _none(link))

    def _read_entities(self, lines: Iterable[Line]) -> tuple[Mention, ...]:
        """Mentions. Longer ones are placed first, so that a name is not found inside a longer name."""
        kinds: dict[str, EntityKind] = {"name": "name", "nominal": "nominal", "pronoun": "pronoun"}
        order: list[tuple[bool, int, int, Line, int, int | None]] = []
        for line in lines:
            numbers = self.numbers(line, line.fields[0])
            if numbers is not None:
                paragraph, occurrence = numbers
                order.append((occurrence is None, -len(line.fields[1]), line.number, line, paragraph, occurrence))
        mentions: list[Mention] = []
        taken: set[Place] = set()
        names: list[Place] = []
        for *_, line, paragraph, occurrence in sorted(order, key=lambda item: item[:3]):
            _, words, chain_id, kind_text = line.fields
            chain = self._chain(line, chain_id, "mention's chain")
            kind = kinds.get(kind_text.lower())
            if kind is None:
                self.problem(line.number, f"{kind_text!r} is no kind", f"use one of {', '.join(kinds)}")
            places = self.find(line, words, paragraph)
            if not places or chain is None or kind is None:
                continue
            place = (
                self.nth(line, words, places, occurrence)
                if occurrence is not None
                else self._free_mention(line, words, paragraph, taken, names if kind == "name" else [])
            )
            if place is None:
                continue
            if place in taken:
                self.problem(line.number, f"{words!r} is already a mention there", "remove one, or give #2")
                continue
            taken.add(place)
            if kind == "name":
                names.append(place)
            text = self.text[slice(*place)]
            mentions.append(Mention(*place, text, kind=kind, entity=chain.id))
        return tuple(mentions)

    def _free_mention(
        self, line: Line, words: str, paragraph: int, taken: set[Place], names: list[Place]
    ) -> Place | None:
        """The first place that is not taken; for a name, one that is not inside a longer name if there is one."""
        within = self.paragraphs[paragraph - 1]
        found = find(self.text, within, words).places
        places = [place for place in found if place not in taken]
        if not places:
            # All occurrences written like this are taken: “It” may have been listed as “it”.
            places = [place for place in occurrences(self.text, within, words, ignore_case=True) if place not in taken]
            if not places:
                times = len(found)
                self.problem(
                    line.number, f"{words!r} stands {times} times in paragraph {paragraph}, all listed", "remove one"
                )
                return None
            self.note(line.number, f"{words!r} found by overlooking upper and lower case", "check that it is meant")
        free = [place for place in places if not any(inside(place, name) for name in names)]
        return (free or places)[0]

    def _read_quotes(self, lines: Iterable[Line]) -> tuple[Quote, ...]:
        quotes: list[Quote] = []
        contents: list[Place] = []
        cues: set[Place] = set()
        ids: set[str] = set()
        for line in lines:
            name, number = line.fields[:2]
            fields = {key: _strip_label(value, key) for key, value in zip(_QUOTE_FIELDS, line.fields[2:], strict=True)}
            if name in ids:
                self.problem(line.number, f"quote {name!r} a second time", "give each quote an id of its own")
            ids.add(name)
            numbers = self.numbers(line, number)
            speaker = _none(fields["speaker"])
            chain = None if speaker is None else self._chain(line, speaker, "speaker")
            segments = None if numbers is None else self._content(line, fields["content"], *numbers, contents)
            if numbers is None or not segments or (speaker is not None and chain is None):
                continue
            contents.extend(segments)
            spans = self._cue_and_source(line, fields, numbers[0], segments, cues)
            if spans is None:
                continue
            cue, source = spans
            if cue is not None:
                cues.add(cue)
            content = tuple(self.span(segment) for segment in sorted(segments))
            quotes.append(
                Quote(
                    id=name,
                    content=content,
                    cue=None if cue is None else self.span(cue),
                    source=None if source is None else self.span(source),
                    speaker=speaker,
                    sourcing=_none(fields["sourcing"].lower()),  # type: ignore[arg-type]  # range: integrity
                    said_on=_none(fields["said_on"]),
                )
            )
        return tuple(quotes)

    def _content(
        self, line: Line, words: str, paragraph: int, occurrence: int | None, taken: list[Place]
    ) -> list[Place] | None:
        """The segments of a quote's content, each after the one before it where that is possible."""
        segments: list[Place] = []
        for position, written in enumerate(re.split(r"\s*\|\|\s*", words)):
            prefixed = self.prefixed(line, written, paragraph)
            if prefixed is None:
                return None
            here, given, segment = prefixed
            given = given if position or given else occurrence
            places = self.find(line, segment, here, abridged=True)
            if not places:
                return None
            if given is not None:
                place = self.nth(line, segment, places, given)
                if place is None:
                    return None
            else:
                free = [p for p in places if not any(overlaps(p, other) for other in (*taken, *segments))]
                after = [p for p in free if not segments or p[0] >= segments[-1][1]]
                place = (after or free or places)[0]
                if not free:
                    self.note(line.number, f"content {segment!r} overlaps content listed before", "check it")
            segments.append(place)
        return segments

    def _cue_and_source(
        self, line: Line, fields: Mapping[str, str], paragraph: int, segments: list[Place], cues: set[Place]
    ) -> tuple[Place | None, Place | None] | None:
        """The cue and the source nearest to the content, taken together; None if one is not found."""
        choices: dict[str, list[Place | None]] = {}
        for role in ("cue", "source"):
            words = _none(fields[role])
            choices[role] = [None]
            if words is None:
                continue
            prefixed = self.prefixed(line, words, paragraph)
            if prefixed is None:
                return None
            here, given, rest = prefixed
            places = self.places_near(line, rest, here, segments)
            if not places:
                return None
            if given is not None:
                place = self.nth(line, rest, places, given)
                if place is None:
                    return None
                places = [place]
            free = [p for p in places if not any(overlaps(p, segment) for segment in segments)]
            choices[role] = list(free or places)

        def distance(pair: tuple[Place | None, Place | None]) -> tuple[int, int]:
            cue, source = pair
            total = 0
            if cue is not None:
                total += min(abs(gap(cue, segment)) for segment in segments)
                total += _TAKEN if cue in cues and len(choices["cue"]) > 1 else 0
            if source is not None:
                near = [*segments] if cue is None else [*segments, cue]
                total += min(abs(gap(source, other)) for other in near)
                if cue is not None and overlaps(source, cue):
                    total += _TAKEN
            return total, min((place[0] for place in pair if place is not None), default=0)

        return min(((c, s) for c in choices["cue"] for s in choices["source"]), key=distance)

    def _read_dates(self, lines: Iterable[Line]) -> tuple[Date, ...]:
        """Dates. Longer ones are placed first: “Friday” is not found inside “Friday night”."""
        order: list[tuple[bool, int, int, Line, int, int | None]] = []
        for line in lines:
            numbers = self.numbers(line, line.fields[0])
            if numbers is not None:
                paragraph, occurrence = numbers
                order.append((occurrence is None, -len(line.fields[1]), line.number, line, paragraph, occurrence))
        dates: list[Date] = []
        taken: list[Place] = []
        for *_, line, paragraph, occurrence in sorted(order, key=lambda item: item[:3]):
            _, words, kind, value, mod = line.fields
            places = self.find(line, words, paragraph)
            if not places:
                continue
            if occurrence is not None:
                place = self.nth(line, words, places, occurrence)
            else:
                place = next((p for p in places if not any(overlaps(p, other) for other in taken)), None)
                if place is None:
                    self.problem(line.number, f"every {words!r} of paragraph {paragraph} is listed", "remove one")
            if place is None:
                continue
            taken.append(place)
            text = self.text[slice(*place)]
            mod_value = _none(mod)
            dates.append(
                Date(*place, text, None, kind.upper(), value, mod_value and mod_value.upper())  # type: ignore[arg-type]
            )
        return tuple(dates)

    def _read_stances(self, lines: Iterable[Line], quotes: set[str | None]) -> tuple[Stance, ...]:
        stances: list[Stance] = []
        for line in lines:
            holder, claim, label, earlier, evidence, spans = line.fields
            if holder != ARTICLE_VOICE:
                self._chain(line, holder, "holder")
            if claim not in {known.id for known in self.article.claims}:
                self.problem(line.number, f"{claim!r} is no claim of the story", "see story.json")
            names = [name for name in re.split(r"[\s,]+", evidence) if _none(name)]
            for name in names:
                if name not in quotes:
                    self.problem(line.number, f"evidence {name!r} is no quote that was placed", "correct it")
            stances.append(
                Stance(
                    holder=holder,
                    claim=claim,
                    label=label.lower(),  # type: ignore[arg-type]  # range: integrity
                    earlier=None if _none(earlier) is None else earlier.lower(),  # type: ignore[arg-type]
                    evidence_quotes=tuple(names),
                    evidence_spans=tuple(self._evidence(line, spans)),
                )
            )
        return tuple(stances)

    def _evidence(self, line: Line, spans: str) -> Iterable[Span]:
        for written in re.split(r"\s*;;\s*", spans) if _none(spans) else ():
            match = PREFIX.match(written)
            if match is None:
                self.problem(line.number, f"evidence without paragraph: {written!r}", "write 5: text")
                continue
            place = self.in_range(line, int(match[1]), int(match[2]) if match[2] else None)
            if place is None:
                continue
            words = written[match.end() :]
            places = self.find(line, words, place[0], abridged=True)
            found = self.nth(line, words, places, place[1] or 1) if places else None
            if found is not None:
                yield self.span(found)
