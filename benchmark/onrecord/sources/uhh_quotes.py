"""Quotation attribution in German news (Petersen-Frey and Biemann, LREC-COLING 2024): German Wikinews, JSON files.

A quotation's own type (Direct, Indirect, Reported, FreeIndirect, IndirectFreeIndirect) stays in ``source_type``; our
kind follows from the quotation marks. The corpus's ``speaker`` is a span and becomes our source; it has no chains.
Nested quotations are quotes of their own, as they are there. A cue or speaker of several spans keeps the first. Frame,
addressee and medium are not mapped, so quotes that differ in nothing else are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, Final

import orjson

from onrecord.corpus import text_hash
from onrecord.model import AnnotatedArticle, Article, Labels, Quote, Span, Split, quote_kind
from onrecord.sources.copy import Copy
from onrecord.sources.report import Report

_SPLITS: Final[dict[str, Split]] = {"train": "train", "dev": "validation", "test": "test"}
_NAME: Final = re.compile(r"(?P<number>\d+) - (?P<title>.*) \((?P<day>\d{4}-\d{2}-\d{2})\)")


def relevant(name: str) -> bool:
    """Whether the importer reads a file of this name."""
    return name.endswith(".json") and _split(name) is not None


def read(copy: Copy, report: Report) -> Iterator[AnnotatedArticle]:
    """The articles with their quotes, in order of file name."""
    for path in copy.files:
        split = _split(path) if path.endswith(".json") else None
        if split is None:
            continue
        try:
            document = orjson.loads(copy.read(path))
        except orjson.JSONDecodeError as error:
            report.add("files left out: no JSON", f"{path}: {error}")
            continue
        if not isinstance(document, dict) or not isinstance(document.get("originalText"), str):
            report.add("files left out: they hold no article of this corpus", path)
            continue
        yield _article(document, path, split, report)


def _split(path: str) -> Split | None:
    parents = PurePosixPath(path).parts[:-1]
    return next((_SPLITS[part] for part in reversed(parents) if part in _SPLITS), None)


def _article(document: dict[str, Any], path: str, split: Split, report: Report) -> AnnotatedArticle:
    text = document["originalText"]
    title = document.get("documentName") or PurePosixPath(path).name
    match = _NAME.match(title)
    name = match["number"] if match else PurePosixPath(path).name.split(".", 1)[0]
    quotes: list[Quote] = []
    seen = set()
    for label in document.get("annotations") or ():
        place = f"{name} {label.get('id')}"
        content = _spans(label.get("quote"), text, place, report)
        if not content:
            report.add("quotes left out: no content", place)
            continue
        quote = Quote(
            id=f"q{label.get('id')}",
            content=content,
            cue=_first(label.get("cue"), text, "cues", place, report),
            source=_first(label.get("speaker"), text, "sources", place, report),
            kind=quote_kind([span.text or "" for span in content]),
            source_type=label.get("type"),
        )
        key = (quote.content, quote.cue, quote.source)
        if key in seen:
            report.add("quotes left out: the same a second time", place)
            continue
        seen.add(key)
        quotes.append(quote)
    return AnnotatedArticle(
        Article(
            id=name,
            text=text,
            headline=match["title"] if match else None,
            published=match["day"] if match else None,
            language="de",
            text_sha256=text_hash(text),
        ),
        Labels(quotes=tuple(quotes)),
        split,
    )


def _spans(value: Any, text: str, place: str, report: Report) -> tuple[Span, ...]:
    spans = []
    for span in (value or {}).get("spans") or ():
        start, end = span["charBegin"], span["charEnd"]
        if not 0 <= start < end <= len(text):
            report.add("spans left out: outside the text", place)
            continue
        spans.append(Span(start, end, text[start:end]))
    if " ".join(span.text or "" for span in spans) != (value or {}).get("text", ""):
        report.add("spans whose own text differs from what stands at their offsets: the offsets count", place)
    return tuple(sorted(spans, key=lambda span: (span.start or 0, span.end or 0)))


def _first(value: Any, text: str, what: str, place: str, report: Report) -> Span | None:
    spans = _spans(value, text, place, report)
    if len(spans) > 1:
        report.add(f"{what} of several spans: the first is kept", place)
    return spans[0] if spans else None
