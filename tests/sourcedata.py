"""The real corpora that tests read, and their records in flat form: no words of theirs, only offsets and hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from onrecord import sources
from onrecord.model import AnnotatedArticle, Labels, Span

#: Folder of each source below the shared data.
FOLDERS = {
    "polnear": "polnear",
    "uhh-quotes": "uhh-german-quotes",
    "gum": "gum-news",
    "tempeval3": "tempeval3",
    "krauts": "krauts",
    "fnc1": "fnc-1",
}
_READ: dict[tuple[Path, str], sources.Read] = {}

Record = list[Any]


def read(shared_data: Path, name: str) -> sources.Read:
    """What the importer finds in the given copy; read once a session."""
    key = (shared_data, name)
    if key not in _READ:
        _READ[key] = sources.read(name, shared_data / FOLDERS[name])
    return _READ[key]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def spans(labels: Labels) -> Iterable[Span]:
    """Every span of the labels."""
    yield from labels.entities or ()
    yield from labels.dates or ()
    for quote in labels.quotes or ():
        yield from quote.content
        yield from filter(None, (quote.cue, quote.source))


def records(articles: Iterable[AnnotatedArticle]) -> dict[str, list[Record]]:
    """Records by layer, in order of article and place."""
    found: dict[str, list[Record]] = {"entities": [], "dates": [], "quotes": [], "stance": []}
    for item in sorted(articles, key=lambda item: item.article.id):
        name, labels = item.article.id, item.labels
        for mention in labels.entities or ():
            found["entities"].append([name, *_place(mention), mention.type, mention.kind, mention.entity, mention.link])
        for date in labels.dates or ():
            found["dates"].append([name, *_place(date), date.type, date.value, date.mod])
        for quote in labels.quotes or ():
            content = [_place(segment) for segment in quote.content]
            found["quotes"].append(
                [name, quote.id, content, _place(quote.cue), _place(quote.source), quote.kind, quote.source_type]
            )
        claims = {claim.id: claim.text for claim in item.article.claims}
        for stance in labels.stances or ():
            found["stance"].append(
                [name, stance.claim, digest(claims[stance.claim or ""]), stance.holder, stance.label]
            )
    return {layer: rows for layer, rows in found.items() if rows}


def _place(span: Span | None) -> Any:
    return None if span is None else [span.start, span.end, digest(span.text or "")]
