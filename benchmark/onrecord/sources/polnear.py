"""PolNeAR 1.0: attributions in US political news of 2015 and 2016, brat files (Newell, Margolin and Ruths, LREC 2018).

How its labels map onto ours: an ``Attribution`` (or ``Attribution-no-source``) event with a ``Content`` is a quote;
``Content2`` holds further segments. Fragments are put into text order. A cue or a source of several fragments keeps the
first. Speakers, sourcing and said-on are not in PolNeAR and stay null.

Twenty documents have several annotators who were not adjudicated. Gold takes the annotator whose code comes first in
the alphabet; ``read_passes`` gives all of them. The compartments annotator-training and parc3-replication, whose texts
are the Penn Treebank's, are not read.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from onrecord.corpus import text_hash
from onrecord.formats import brat
from onrecord.model import AnnotatedArticle, Article, Labels, Quote, Span, Split, quote_kind
from onrecord.sources.copy import Copy
from onrecord.sources.options import Options
from onrecord.sources.reading import text_of
from onrecord.sources.report import Report
from onrecord.sources.spans import first, segments

_TEXT: Final = re.compile(r"(?:^|/)(train|dev|test)/text/([^/]+)\.txt$")
_LABELS: Final = re.compile(r"(?:^|/)(train|dev|test)/attributions/([^/]+?)(?:_([^/_]+))?\.ann$")
_SPLITS: Final[dict[str, Split]] = {"train": "train", "dev": "validation", "test": "test"}
_EVENTS: Final = frozenset({"Attribution", "Attribution-no-source"})


@dataclass(frozen=True, slots=True)
class _Place:
    """A document's files: its text, and one label file an annotator."""

    compartment: str
    text: str
    labels: dict[str, str]


def relevant(name: str) -> bool:
    """Whether the importer reads a file of this name."""
    return bool(_TEXT.search(name) or _LABELS.search(name)) or name.endswith("metadata.tsv")


def read(copy: Copy, report: Report, options: Options) -> Iterator[AnnotatedArticle]:
    """The articles, each with the labels of its first annotator."""
    del options
    metadata = _metadata(copy, report)
    for name, place in _places(copy, report):
        annotator = min(place.labels)
        if len(place.labels) > 1:
            report.add("articles with several annotators: the first code in the alphabet is taken", name)
        yield from _article(copy, report, name, place, annotator, metadata.get(name, {}))


def read_passes(copy: Copy, report: Report, options: Options) -> Iterator[tuple[str, AnnotatedArticle]]:
    """Every annotator's labels of every article with more than one annotator, with the annotator's code."""
    del options
    metadata = _metadata(copy, report)
    for name, place in _places(copy, report):
        for annotator in sorted(place.labels) if len(place.labels) > 1 else ():
            for article in _article(copy, report, name, place, annotator, metadata.get(name, {})):
                yield annotator, article


def _places(copy: Copy, report: Report) -> list[tuple[str, _Place]]:
    """The documents with their names, in the order of these."""
    texts: dict[tuple[str, str], str] = {}
    labels: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for path in copy.files:
        if match := _TEXT.search(path):
            key = (match[1], match[2])
            if key in texts:
                report.add("texts left out: one of this name was found already", path)
            texts.setdefault(key, path)
        elif match := _LABELS.search(path):
            # A name may have an underscore where there is no annotator's code.
            whole = (match[1], f"{match[2]}_{match[3]}")
            key, annotator = (whole, "") if whole in texts else ((match[1], match[2]), match[3] or "")
            if annotator in labels[key]:
                report.add("label files left out: one of this name was found already", path)
            labels[key].setdefault(annotator, path)
    for compartment, name in sorted(labels.keys() - texts.keys()):
        report.add("articles left out: labels without a text", f"{compartment}/{name}")
    for compartment, name in sorted(texts.keys() - labels.keys()):
        report.add("articles left out: a text without labels", f"{compartment}/{name}")
    return [
        (name, _Place(compartment, texts[compartment, name], labels[compartment, name]))
        for compartment, name in sorted(texts.keys() & labels.keys(), key=lambda key: (key[1], key[0]))
    ]


def _metadata(copy: Copy, report: Report) -> dict[str, dict[str, str]]:
    path = next((path for path in copy.files if path.rsplit("/", 1)[-1] == "metadata.tsv"), None)
    if path is None:
        report.add("file missing: outlets, dates and headlines stay null", "metadata.tsv")
        return {}
    text = text_of(copy, path, report)
    if text is None:
        return {}
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {row["filename"]: {k: v for k, v in row.items() if k and v} for row in rows if row.get("filename")}


def _article(
    copy: Copy, report: Report, name: str, place: _Place, annotator: str, metadata: dict[str, str]
) -> Iterator[AnnotatedArticle]:
    """The article, or nothing where a file cannot be read."""
    text, labels = text_of(copy, place.text, report), text_of(copy, place.labels[annotator], report)
    if text is None or labels is None:
        return
    document = brat.read(labels, place.labels[annotator])
    for problem in document.problems:
        report.add("lines of label files that could not be read", f"{problem.where}:{problem.line}")
    text, repair = brat.text_that_fits(text, document)
    if repair is not None:
        report.add(f"texts repaired: {repair}", name)
    article = Article(
        id=name,
        text=text,
        outlet=metadata.get("publisher"),
        headline=metadata.get("title"),
        byline=_known(metadata.get("author")),
        published=_day(metadata.get("publication_date")),
        language="en",
        variety="en-US",
        desk="politics",
        text_sha256=text_hash(text),
    )
    quotes = _quotes(document, text, name, report)
    yield AnnotatedArticle(article, Labels(quotes=quotes), _SPLITS[place.compartment])


def _known(value: str | None) -> str | None:
    return None if value in {None, "", "None"} else value


def _day(value: str | None) -> str | None:
    try:
        return datetime.date.fromisoformat(value or "").isoformat()
    except ValueError:
        return None


def _quotes(document: brat.Document, text: str, name: str, report: Report) -> tuple[Quote, ...]:
    quotes: list[Quote] = []
    used: set[str] = set()
    for event in document.events.values():
        used.add(event.trigger)
        if event.label not in _EVENTS:
            report.add("events of another kind left out", f"{name} {event.id}")
            continue
        roles: dict[str, list[brat.TextBound]] = defaultdict(list)
        for role, target in event.roles:
            used.add(target)
            bound = document.bounds.get(target)
            if bound is None:
                report.add("roles left out: they point to nothing", f"{name} {event.id} {role}:{target}")
                continue
            base = role.rstrip("0123456789")
            if bound.label != base:
                report.add("spans whose label is not their role: the role counts", f"{name} {target}")
            if not brat.agrees(bound, text):
                report.add("spans left out: their text is not what stands at their offsets", f"{name} {target}")
                continue
            roles[base].append(bound)
        place = f"{name} {event.id}"
        content = _segments(roles.get("Content", []), text, place, report)
        if not content:
            report.add("attributions left out: no content", place)
            continue
        if any(b.fragments != tuple(sorted(b.fragments)) for b in roles.get("Content", [])):
            report.add("contents whose fragments were put into text order", place)
        quotes.append(
            Quote(
                id=event.id,
                content=content,
                cue=first(_segments(roles.get("Cue", []), text, place, report), "cues", place, report),
                source=first(_segments(roles.get("Source", []), text, place, report), "sources", place, report),
                kind=quote_kind([span.text or "" for span in content]),
                source_type=event.label,
            )
        )
    for bound in document.bounds.values():
        if bound.id not in used:
            report.add(f"spans outside any attribution left out: {bound.label}", f"{name} {bound.id}")
    for other in document.others:
        report.add("note lines left out", f"{name} {other.split(chr(9), 1)[0]}")
    return tuple(sorted(_without_duplicates(quotes, name, report), key=lambda q: (q.content[0].start or 0, q.id or "")))


def _without_duplicates(quotes: list[Quote], name: str, report: Report) -> Iterator[Quote]:
    seen = set()
    for quote in quotes:
        key = (quote.content, quote.cue, quote.source)
        if key in seen:
            report.add("quotes left out: the same a second time", f"{name} {quote.id}")
            continue
        seen.add(key)
        yield quote


def _segments(bounds: list[brat.TextBound], text: str, place: str, report: Report) -> tuple[Span, ...]:
    return segments((fragment for bound in bounds for fragment in bound.fragments), text, place, report)
