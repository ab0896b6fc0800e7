"""The Arrow schemas of the wire form: released rows, gold lines and predictions. Importing this imports pyarrow."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

_SPAN_FIELDS: Final = [
    ("start", pa.int32()),
    ("end", pa.int32()),
    ("text", pa.string()),
    ("context", pa.string()),
]
SPAN: Final = pa.struct(_SPAN_FIELDS)
CLAIM: Final = pa.struct([("id", pa.string()), ("text", pa.string())])
MENTION: Final = pa.struct(
    [*_SPAN_FIELDS, ("type", pa.string()), ("kind", pa.string()), ("entity", pa.string()), ("link", pa.string())]
)
CHAIN: Final = pa.struct(
    [
        ("id", pa.string()),
        ("type", pa.string()),
        ("name", pa.string()),
        ("aliases", pa.list_(pa.string())),
        ("link", pa.string()),
    ]
)
QUOTE: Final = pa.struct(
    [
        ("id", pa.string()),
        ("content", pa.list_(SPAN)),
        ("cue", SPAN),
        ("source", SPAN),
        ("speaker", pa.string()),
        ("speaker_name", pa.string()),
        ("kind", pa.string()),
        ("sourcing", pa.string()),
        ("said_on", pa.string()),
        ("source_type", pa.string()),
    ]
)
DATE: Final = pa.struct([*_SPAN_FIELDS, ("type", pa.string()), ("value", pa.string()), ("mod", pa.string())])
STANCE: Final = pa.struct(
    [
        ("holder", pa.string()),
        ("holder_name", pa.string()),
        ("claim", pa.string()),
        ("label", pa.string()),
        ("earlier", pa.string()),
        ("evidence_quotes", pa.list_(pa.string())),
        ("evidence_spans", pa.list_(SPAN)),
    ]
)
STANCE_ROW: Final = pa.struct([("row", pa.string()), ("label", pa.string())])

ARTICLE_FIELDS: Final = [
    pa.field("id", pa.string()),
    pa.field("story", pa.string()),
    pa.field("outlet", pa.string()),
    pa.field("headline", pa.string()),
    pa.field("byline", pa.string()),
    pa.field("dateline", pa.string()),
    pa.field("published", pa.string()),
    pa.field("language", pa.string()),
    pa.field("variety", pa.string()),
    pa.field("desk", pa.string()),
    pa.field("phenomena", pa.list_(pa.string())),
    pa.field("edition", pa.string()),
    pa.field("text", pa.string()),
    pa.field("text_sha256", pa.string()),
    pa.field("claims", pa.list_(CLAIM)),
]
ENTITIES: Final = pa.field("entities", pa.list_(MENTION))
CHAINS: Final = pa.field("chains", pa.list_(CHAIN))
QUOTES: Final = pa.field("quotes", pa.list_(QUOTE))
DATES: Final = pa.field("dates", pa.list_(DATE))
STANCES: Final = pa.field("stances", pa.list_(STANCE))
STANCE_ROWS: Final = pa.field("stance_rows", pa.list_(STANCE_ROW))

#: Column schema of each config of a released folder.
SCHEMAS: Final[dict[str, pa.Schema]] = {
    "articles": pa.schema(ARTICLE_FIELDS),
    "entities": pa.schema([*ARTICLE_FIELDS, ENTITIES, CHAINS]),
    "quotes": pa.schema([*ARTICLE_FIELDS, QUOTES, CHAINS]),
    "dates": pa.schema([*ARTICLE_FIELDS, DATES]),
    "stance": pa.schema(
        [
            pa.field("id", pa.string()),
            pa.field("article", pa.string()),
            pa.field("story", pa.string()),
            pa.field("text", pa.string()),
            pa.field("claim", pa.string()),
            pa.field("claim_text", pa.string()),
            pa.field("holder", pa.string()),
            pa.field("holder_name", pa.string()),
            pa.field("label", pa.string()),
            pa.field("earlier", pa.string()),
            pa.field("evidence_quotes", pa.list_(pa.string())),
            pa.field("evidence_spans", pa.list_(SPAN)),
        ]
    ),
    "all": pa.schema([*ARTICLE_FIELDS, ENTITIES, CHAINS, QUOTES, DATES, STANCES]),
}
#: Column schema of a predictions file.
PREDICTIONS: Final = pa.schema([pa.field("id", pa.string()), ENTITIES, CHAINS, QUOTES, DATES, STANCES, STANCE_ROWS])
#: Fields of a line of gold or predictions: the answers, and an article's own, which predictions may carry.
LINE: Final = pa.schema([*PREDICTIONS, *(item for item in ARTICLE_FIELDS if item.name not in PREDICTIONS.names)])
