"""The one wire form: released rows, gold lines and predictions have these fields, in JSON and in Arrow.

The JSON Schema stands in ``data/schema.json``; the Arrow schemas of :mod:`onrecord.schemas`, at hand here too,
are the same thing for columns.
"""

from __future__ import annotations

from typing import Any

from onrecord.model import (
    Article,
    Chain,
    Claim,
    Date,
    Labels,
    Mention,
    Quote,
    Span,
    Stance,
    stance_row_id,
)
from onrecord.schemas import (
    ARTICLE_FIELDS,
    CHAIN,
    CHAINS,
    CLAIM,
    DATE,
    DATES,
    ENTITIES,
    LINE,
    MENTION,
    PREDICTIONS,
    QUOTE,
    QUOTES,
    SCHEMAS,
    SPAN,
    STANCE,
    STANCE_ROW,
    STANCE_ROWS,
    STANCES,
)

__all__ = [
    "ARTICLE_FIELDS",
    "CHAIN",
    "CHAINS",
    "CLAIM",
    "DATE",
    "DATES",
    "ENTITIES",
    "LINE",
    "MENTION",
    "PREDICTIONS",
    "QUOTE",
    "QUOTES",
    "SCHEMAS",
    "SPAN",
    "STANCE",
    "STANCES",
    "STANCE_ROW",
    "STANCE_ROWS",
    "article_from_wire",
    "article_to_wire",
    "chain_to_wire",
    "date_to_wire",
    "labels_from_wire",
    "labels_to_wire",
    "mention_to_wire",
    "quote_to_wire",
    "span_from_wire",
    "span_to_wire",
    "stance_rows",
    "stance_to_wire",
]


def span_to_wire(span: Span | None) -> dict[str, Any] | None:
    """A Span as a wire dict, or None."""
    if span is None:
        return None
    return {"start": span.start, "end": span.end, "text": span.text, "context": span.context}


def article_to_wire(article: Article) -> dict[str, Any]:
    """The fields of config ``articles``, in schema order."""
    row = {field.name: getattr(article, field.name) for field in ARTICLE_FIELDS}
    row["phenomena"] = list(article.phenomena)
    row["claims"] = [{"id": claim.id, "text": claim.text} for claim in article.claims]
    return row


def labels_to_wire(labels: Labels) -> dict[str, Any]:
    """The layer columns of config ``all``; a layer that is not annotated is None."""
    return {
        "entities": None if labels.entities is None else [mention_to_wire(m) for m in labels.entities],
        "chains": None if labels.chains is None else [chain_to_wire(c) for c in labels.chains],
        "quotes": None if labels.quotes is None else [quote_to_wire(q) for q in labels.quotes],
        "dates": None if labels.dates is None else [date_to_wire(d) for d in labels.dates],
        "stances": None if labels.stances is None else [stance_to_wire(s) for s in labels.stances],
    }


def mention_to_wire(mention: Mention) -> dict[str, Any]:
    """A Mention as a wire dict."""
    return {
        **(span_to_wire(mention) or {}),
        "type": mention.type,
        "kind": mention.kind,
        "entity": mention.entity,
        "link": mention.link,
    }


def chain_to_wire(chain: Chain) -> dict[str, Any]:
    """A Chain as a wire dict."""
    return {
        "id": chain.id,
        "type": chain.type,
        "name": chain.name,
        "aliases": list(chain.aliases),
        "link": chain.link,
    }


def quote_to_wire(quote: Quote) -> dict[str, Any]:
    """A Quote as a wire dict."""
    return {
        "id": quote.id,
        "content": [span_to_wire(segment) for segment in quote.content],
        "cue": span_to_wire(quote.cue),
        "source": span_to_wire(quote.source),
        "speaker": quote.speaker,
        "speaker_name": quote.speaker_name,
        "kind": quote.kind,
        "sourcing": quote.sourcing,
        "said_on": quote.said_on,
        "source_type": quote.source_type,
    }


def date_to_wire(date: Date) -> dict[str, Any]:
    """A Date as a wire dict."""
    return {**(span_to_wire(date) or {}), "type": date.type, "value": date.value, "mod": date.mod}


def stance_to_wire(stance: Stance) -> dict[str, Any]:
    """A Stance as a wire dict."""
    return {
        "holder": stance.holder,
        "holder_name": stance.holder_name,
        "claim": stance.claim,
        "label": stance.label,
        "earlier": stance.earlier,
        "evidence_quotes": list(stance.evidence_quotes),
        "evidence_spans": [span_to_wire(span) for span in stance.evidence_spans],
    }


def span_from_wire(value: Any) -> Span | None:
    """A Span from a wire dict or the ``[start, end]`` shorthand; the value must already be valid."""
    if value is None:
        return None
    if isinstance(value, list | tuple):
        return Span(value[0], value[1])
    return Span(value.get("start"), value.get("end"), value.get("text"), value.get("context"))


def article_from_wire(row: dict[str, Any]) -> Article:
    """An Article from a valid row of config ``articles`` or ``all``; fields that are absent are null."""
    fields: dict[str, Any] = {field.name: row.get(field.name) for field in ARTICLE_FIELDS}
    fields["phenomena"] = tuple(row.get("phenomena") or ())
    fields["claims"] = tuple(Claim(claim["id"], claim["text"]) for claim in row.get("claims") or ())
    return Article(**fields)


def labels_from_wire(row: dict[str, Any]) -> Labels:
    """The Labels of a valid gold line or prediction line."""
    return Labels(
        entities=_items(row.get("entities"), _mention_from_wire),
        chains=_items(row.get("chains"), _chain_from_wire),
        quotes=_items(row.get("quotes"), _quote_from_wire),
        dates=_items(row.get("dates"), _date_from_wire),
        stances=_items(row.get("stances"), _stance_from_wire),
    )


def stance_rows(article: Article, labels: Labels) -> list[dict[str, Any]]:
    """Rows of config ``stance`` for one article."""
    claims = {claim.id: claim.text for claim in article.claims}
    return [
        {
            **stance_to_wire(stance),
            "id": stance_row_id(article.id, stance.claim or "", stance.holder or ""),
            "article": article.id,
            "story": article.story,
            "text": article.text,
            "claim_text": claims.get(stance.claim or ""),
        }
        for stance in labels.stances or ()
    ]


def _items(values: Any, read: Any) -> Any:
    return None if values is None else tuple(read(value) for value in values)


def _span_parts(value: Any) -> dict[str, Any]:
    return {name: value.get(name) for name in ("start", "end", "text", "context")}


def _mention_from_wire(value: dict[str, Any]) -> Mention:
    return Mention(
        **_span_parts(value),
        type=value.get("type"),
        kind=value.get("kind"),
        entity=value.get("entity"),
        link=value.get("link"),
    )


def _chain_from_wire(value: dict[str, Any]) -> Chain:
    return Chain(
        id=value["id"],
        type=value.get("type"),
        name=value.get("name"),
        aliases=tuple(value.get("aliases") or ()),
        link=value.get("link"),
    )


def _quote_from_wire(value: dict[str, Any]) -> Quote:
    return Quote(
        id=value.get("id"),
        content=tuple(span for item in value.get("content") or () if (span := span_from_wire(item)) is not None),
        cue=span_from_wire(value.get("cue")),
        source=span_from_wire(value.get("source")),
        speaker=value.get("speaker"),
        speaker_name=value.get("speaker_name"),
        kind=value.get("kind"),
        sourcing=value.get("sourcing"),
        said_on=value.get("said_on"),
        source_type=value.get("source_type"),
    )


def _date_from_wire(value: dict[str, Any]) -> Date:
    return Date(**_span_parts(value), type=value.get("type"), value=value.get("value"), mod=value.get("mod"))


def _stance_from_wire(value: dict[str, Any]) -> Stance:
    return Stance(
        holder=value.get("holder"),
        holder_name=value.get("holder_name"),
        claim=value.get("claim"),
        label=value.get("label"),
        earlier=value.get("earlier"),
        evidence_quotes=tuple(value.get("evidence_quotes") or ()),
        evidence_spans=tuple(
            span for item in value.get("evidence_spans") or () if (span := span_from_wire(item)) is not None
        ),
    )
