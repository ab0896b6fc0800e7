"""Quotation attribution in German news (Petersen-Frey and Biemann, LREC-COLING 2024): German Wikinews, JSON files.

A quotation's own type (Direct, Indirect, Reported, FreeIndirect, IndirectFreeIndirect) stays in ``source_type``; our
kind follows from the quotation marks. The corpus's ``speaker`` is a span and becomes our source; it has no chains.
Nested quotations are quotes of their own, as they are there. A cue or speaker of several spans keeps the first. Frame,
addressee and medium are not mapped. Quotes with the same content, cue and source are one quotation to a scorer, so the
first of them is kept and the others are counted.
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
from onrecord.sources.options import Options
from onrecord.sources.reading import text_of
from onrecord.sources.report import Report
from onrecord.sources.spans import first, segments

_SPLITS: Final[dict[str, Split]] = {"train": "train", "dev": "validation", "test": "test"}
_NAME: Final = re.compile(r"(?P<number>\d+) - (?P<title>.*) \((?P<day>\d{4}-\d{2}-\d{2})\)")


def relevant(name: str) -> bool:
    """Whether the importer reads a file of this name."""
    return name.lower().endswith(".json")


def read(copy: Copy, report: Report, options: Options) -> Iterator[AnnotatedArticle]:
    """The articles with their quotes, in order of file name."""
    del options
    for path in filter(relevant, copy.files):
        text = text_of(copy, path, report)
        if text is None:
            continue
        try:
            document = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            report.add("files left out: no JSON, perhaps truncated", f"{path}: {error}")
            continue
        if not isinstance(document, dict) or not isinstance(document.get("originalText"), str):
            report.add("files left out: they hold no article of this corpus", path)
            continue
        yield _article(document, path, _SPLITS[_part(path) or "test"], report)


def _part(path: str) -> str | None:
    parents = PurePosixPath(path).parts[:-1]
    return next((part for part in reversed(parents) if part in _SPLITS), None)


def _article(document: dict[str, Any], path: str, split: Split, report: Report) -> AnnotatedArticle:
    text = document["originalText"]
    title = str(document.get("documentName") or PurePosixPath(path).name)
    match = _NAME.match(title)
    name = match["number"] if match else PurePosixPath(path).name.split(".", 1)[0]
    quotes: list[Quote] = []
    seen = set()
    for number, label in enumerate(_list(document.get("annotations"))):
        if not isinstance(label, dict):
            report.add("quotes left out: not of this corpus's form", f"{name} {number}")
            continue
        place = f"{name} {label.get('id', number)}"
        content = _spans(label.get("quote"), text, place, report)
        if not content:
            report.add("quotes left out: no content", place)
            continue
        quote = Quote(
            id=f"q{label.get('id', number)}",
            content=content,
            cue=first(_spans(label.get("cue"), text, place, report), "cues", place, report),
            source=first(_spans(label.get("speaker"), text, place, report), "sources", place, report),
            kind=quote_kind([span.text or "" for span in content]),
            source_type=None if label.get("type") is None else str(label["type"]),
        )
        key = (quote.content, quote.cue, quote.source)
        if key in seen:
            report.add("quotes left out: content, cue and source of an earlier one", place)
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
    """The segments of a role, which is an object with ``spans`` and ``text``, or an empty list where it is absent."""
    if not isinstance(value, dict):
        return ()
    places: list[tuple[int, int]] = []
    for span in _list(value.get("spans")):
        start, end = (span.get("charBegin"), span.get("charEnd")) if isinstance(span, dict) else (None, None)
        if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text)):
            report.add("spans left out: outside the text", place)
            continue
        places.append((start, end))
    own = value.get("text")
    if isinstance(own, str) and own.split() != " ".join(text[start:end] for start, end in places).split():
        report.add("spans whose own text differs from what stands at their offsets: the offsets count", place)
    return segments(places, text, place, report)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
