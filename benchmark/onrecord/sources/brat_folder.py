"""Any folder of brat standoff: ``NAME.txt`` with ``NAME.ann`` beside it, at any depth.

How labels map onto ours, unless a mapping file says otherwise: a text-bound annotation is a mention of its own type
(fragments: the first is kept), an attribute ``Kind`` its kind. Labels in the mapping's ``[dates]`` are dates, with
their value from the attribute or note ``brat.value`` and their mod from ``Mod``. Events whose label is in
``brat.quotes`` are quotations by their roles. Relations in ``brat.coreference``, and equivalences (``*`` lines) of
that name, tie mentions into chains; a normalisation (``N`` line) is a link.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from onrecord.corpus import text_hash
from onrecord.formats import brat
from onrecord.model import (
    DATE_MODS,
    DATE_TYPES,
    ENTITY_KINDS,
    AnnotatedArticle,
    Article,
    Chain,
    Date,
    EntityKind,
    Labels,
    Mention,
    Quote,
    Span,
    quote_kind,
)
from onrecord.sources.copy import Copy
from onrecord.sources.mapping import Mapping
from onrecord.sources.options import Options
from onrecord.sources.reading import text_of
from onrecord.sources.report import Report
from onrecord.sources.spans import first, segments

_TEXT, _LABELS = ".txt", ".ann"
_KINDS: Final[dict[str, EntityKind]] = {kind: kind for kind in ENTITY_KINDS}


def relevant(name: str) -> bool:
    """Whether the importer reads a file of this name."""
    return name.endswith((_TEXT, _LABELS))


def read(copy: Copy, report: Report, options: Options) -> Iterator[AnnotatedArticle]:
    """The articles, in order of path."""
    names = {path.removesuffix(_LABELS) for path in copy.files if path.endswith(_LABELS)}
    texts = {path.removesuffix(_TEXT) for path in copy.files if path.endswith(_TEXT)}
    for name in sorted(names - texts):
        report.add("articles left out: labels without a text", name + _LABELS)
    for name in sorted(texts - names):
        report.add("texts left out: no labels beside them", name + _TEXT)
    for name in sorted(names & texts):
        text, labels = text_of(copy, name + _TEXT, report), text_of(copy, name + _LABELS, report)
        if text is None or labels is None:
            continue
        document = brat.read(labels, name + _LABELS)
        for problem in document.problems:
            report.add("lines of label files that could not be read", f"{problem.where}:{problem.line}")
        text, repair = brat.text_that_fits(text, document)
        if repair is not None:
            report.add(f"texts repaired: {repair}", name)
        language = options.mapping.language
        article = Article(id=name, text=text, language=language, text_sha256=text_hash(text))
        yield AnnotatedArticle(
            article, _Reading(document, text, name, options.mapping, report).labels(), options.mapping.split_of(name)
        )


class _Reading:
    """One document's labels."""

    def __init__(self, document: brat.Document, text: str, name: str, mapping: Mapping, report: Report) -> None:
        self.document, self.text, self.name = document, text, name
        self.mapping, self.report = mapping, report
        self.attributes: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self.links: dict[str, str] = {}
        self.relations: list[list[str]] = []
        for line in document.others:
            self._other(line)

    def labels(self) -> Labels:
        quotes, used = self._quotes()
        rest = [bound for bound in self.document.bounds.values() if bound.id not in used and self._sound(bound)]
        dates = [bound for bound in rest if bound.label in self.mapping.dates]
        mentions, chains = self._mentions([bound for bound in rest if bound.label not in self.mapping.dates])
        return Labels(
            entities=mentions,
            chains=chains if self.mapping.brat.coreference else None,
            quotes=quotes if self.mapping.brat.quotes else None,
            dates=self._dates(dates) if self.mapping.dates else None,
        )

    def _other(self, line: str) -> None:
        """Attributes, notes, normalisations, relations and equivalences; the rest is counted."""
        head, _, rest = line.partition("\t")
        fields = rest.split(None, 2)
        if head[:1] in "AM" and len(fields) >= 2:
            self.attributes[fields[1]][fields[0]] = fields[2] if len(fields) > 2 else ""
        elif head[:1] == "#" and len(fields) >= 3:
            self.attributes[fields[1]].setdefault(fields[0], fields[2])
        elif head[:1] == "N" and len(fields) >= 3:
            self.links.setdefault(fields[1], fields[2].partition("\t")[0])
        elif head[:1] in "R*" and fields and fields[0] in self.mapping.brat.coreference:
            self.relations.append([part.rpartition(":")[2] for part in rest.split()[1:]])
        else:
            self.report.add("relations and other lines left out: the mapping does not name them", f"{self.name} {head}")

    def _sound(self, bound: brat.TextBound) -> bool:
        if brat.agrees(bound, self.text):
            return True
        self.report.add("spans left out: their text is not what stands at their offsets", f"{self.name} {bound.id}")
        return False

    def _segments(self, bounds: Iterable[brat.TextBound], place: str) -> tuple[Span, ...]:
        return segments((part for bound in bounds for part in bound.fragments), self.text, place, self.report)

    def _span(self, bound: brat.TextBound, what: str) -> Span | None:
        place = f"{self.name} {bound.id}"
        return first(self._segments([bound], place), what, place, self.report)

    def _quotes(self) -> tuple[tuple[Quote, ...], set[str]]:
        """The quotes, and the ids of the spans that belong to events."""
        brat_names = self.mapping.brat
        quotes: list[Quote] = []
        used: set[str] = set()
        seen = set()
        for event in self.document.events.values():
            place = f"{self.name} {event.id}"
            if event.label not in brat_names.quotes:
                self.report.add(f"events left out: the mapping does not name {event.label} as a quotation", place)
                continue
            used |= {event.trigger, *(target for _, target in event.roles)}
            spans: dict[str, tuple[Span, ...]] = {}
            for part, names in (
                ("content", brat_names.content),
                ("cue", brat_names.cue),
                ("source", brat_names.source),
            ):
                bounds = [
                    self.document.bounds[target]
                    for role, target in event.roles
                    if role.rstrip("0123456789") in names and target in self.document.bounds
                ]
                spans[part] = self._segments(filter(self._sound, bounds), place)
            cue, source = (first(spans[part], f"{part}s", place, self.report) for part in ("cue", "source"))
            key = (spans["content"], cue, source)
            if not spans["content"]:
                self.report.add("quotes left out: no content", place)
            elif key in seen:
                self.report.add("quotes left out: content, cue and source of an earlier one", place)
            else:
                seen.add(key)
                kind = quote_kind([span.text or "" for span in spans["content"]])
                quotes.append(Quote(event.id, spans["content"], cue, source, kind=kind, source_type=event.label))
        return tuple(sorted(quotes, key=lambda quote: (quote.content[0].start or 0, quote.id or ""))), used

    def _dates(self, bounds: Iterable[brat.TextBound]) -> tuple[Date, ...]:
        dates = {}
        for bound in bounds:
            span = self._span(bound, "dates")
            if span is None:
                continue
            values = self.attributes[bound.id]
            mod = values.get("Mod")
            kind = next(kind for kind in DATE_TYPES if kind == self.mapping.dates[bound.label])
            dates[span.start, span.end, kind] = Date(
                span.start,
                span.end,
                span.text,
                None,
                kind,
                values.get(self.mapping.brat.value) or None,
                mod if mod in DATE_MODS else None,
            )
        return tuple(sorted(dates.values(), key=lambda date: (date.start or 0, date.end or 0)))

    def _mentions(self, bounds: list[brat.TextBound]) -> tuple[tuple[Mention, ...], tuple[Chain, ...]]:
        chain_of = _united([bound.id for bound in bounds], self.relations)
        mentions: dict[tuple[int | None, int | None, str], Mention] = {}
        for bound in bounds:
            span = self._span(bound, "mentions")
            if span is None:
                continue
            if (span.start, span.end, bound.label) in mentions:
                self.report.add("mentions left out: span and type of an earlier one", f"{self.name} {bound.id}")
                continue
            kind = _KINDS.get(self.attributes[bound.id].get("Kind", ""))
            mentions[span.start, span.end, bound.label] = Mention(
                span.start,
                span.end,
                span.text,
                None,
                bound.label,
                kind,
                chain_of.get(bound.id),
                self.links.get(bound.id),
            )
        found = sorted(mentions.values(), key=lambda m: (m.start or 0, -(m.end or 0)))
        chains = {}
        for mention in found:
            if mention.entity is not None and mention.entity not in chains:
                chains[mention.entity] = Chain(mention.entity, mention.type, mention.text, (), mention.link)
        return tuple(found), tuple(chains.values())


def _united(names: Iterable[str], relations: Iterable[list[str]]) -> dict[str, str]:
    """The first id of its chain by id, for ids that some relation ties to another."""
    first_of = {name: name for name in names}

    def root(name: str) -> str:
        while first_of[name] != name:
            first_of[name] = first_of[first_of[name]]
            name = first_of[name]
        return name

    order = {name: number for number, name in enumerate(first_of)}
    tied: set[str] = set()
    for relation in relations:
        known = [name for name in relation if name in first_of]
        if len(known) < 2:
            continue
        tied.update(known)
        roots = sorted({root(name) for name in known}, key=order.__getitem__)
        for other in roots[1:]:
            first_of[other] = roots[0]
    return {name: root(name) for name in tied}
