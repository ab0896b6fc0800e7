"""Rows of the columns as plain dicts, for people to read: errors as JSON Lines, the report.

The fields are those of the wire form, spans as ``[start, end]`` or, where they were not found, null. ``text`` holds the
words: the article's, or those of the answer where they are not in the article.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from onrecord.columns import Coded, Columns, Dates, Ints, Mentions, Quotes, StanceRows, Stances

Item = dict[str, Any]
#: Name of each chain by article and chain id.
Names = dict[tuple[int, str], str]
#: Between the segments of a broken quotation.
GAP: Final = " … "


def items(columns: Columns, layer: str, rows: Ints, names: Names | None = None) -> list[Item]:
    """Some rows of a layer.

    Args:
        columns: Gold or predictions.
        layer: A key of :data:`onrecord.scoring.alignment.PARTS`.
        rows: (n,) which.
        names: What the chains are called, see :func:`chain_names`; found out where None.
    """
    if layer == "entities" and columns.mentions is not None:
        return _mentions(columns.mentions, rows)
    if layer == "quotes" and columns.quotes is not None:
        return _quotes(columns.quotes, rows, chain_names(columns) if names is None else names)
    if layer == "dates" and columns.dates is not None:
        return _dates(columns.dates, rows)
    if layer == "stances" and columns.stances is not None:
        return _stances(columns.stances, rows, chain_names(columns) if names is None else names)
    if layer == "stance_rows" and columns.stance_rows is not None:
        return _stance_rows(columns.stance_rows, rows)
    return []


def chain_names(columns: Columns) -> Names:
    """What each chain is called: its own name, else its first name mention, else its first mention."""
    found: Names = {}
    chains, mentions = columns.chains, columns.mentions
    if chains is not None:
        for article, chain, name in zip(
            chains.article.tolist(), _strings(chains.id), _strings(chains.name), strict=True
        ):
            if chain and name:
                found[article, chain] = name
    if mentions is None or not len(mentions.entity.values):
        return found
    order = _by_name_and_place(mentions)
    columns_of = (mentions.article, mentions.entity.codes)
    for row, article, chain in zip(order, *(column[order].tolist() for column in columns_of), strict=True):
        if chain >= 0:
            key = article, mentions.entity.values[chain]
            if key not in found:
                found[key] = mentions.text[row] or key[1]
    return found


def _by_name_and_place(mentions: Mentions) -> Ints:
    others = [place for place, kind in enumerate(mentions.kind.values) if kind != "name"]
    return np.lexsort((mentions.end, mentions.start, np.isin(mentions.kind.codes, others), mentions.article))


def _mentions(mentions: Mentions, rows: Ints) -> list[Item]:
    strings = (_strings(getattr(mentions, name).take(rows)) for name in ("text", "type", "kind", "entity", "link"))
    return [
        {"span": span, "text": text, "type": type_, "kind": kind or "name", "entity": entity, "link": link}
        for span, text, type_, kind, entity, link in zip(
            _spans(mentions.start[rows], mentions.end[rows]), *strings, strict=True
        )
    ]


def _quotes(quotes: Quotes, rows: Ints, names: Names) -> list[Item]:
    content: defaultdict[int, list[tuple[list[int] | None, str | None]]] = defaultdict(list)
    some = np.flatnonzero(np.isin(quotes.segment_quote, rows))
    spans = _spans(quotes.segment_start[some], quotes.segment_end[some])
    words = [None] * len(spans) if quotes.segment_text is None else _strings(quotes.segment_text.take(some))
    for owner, span, text in zip(quotes.segment_quote[some].tolist(), spans, words, strict=True):
        content[owner].append((span, text))
    strings = {
        name: _strings(getattr(quotes, name).take(rows))
        for name in ("id", "speaker", "speaker_name", "kind", "sourcing", "said_on")
    }
    cues = _spans(quotes.cue_start[rows], quotes.cue_end[rows])
    sources = _spans(quotes.source_start[rows], quotes.source_end[rows])
    found = []
    for place, (row, article) in enumerate(zip(rows.tolist(), quotes.article[rows].tolist(), strict=True)):
        item: Item = {
            "content": [span for span, _ in content[row]],
            "text": GAP.join(text for _, text in content[row] if text),
            "cue": cues[place],
            "source": sources[place],
            **{name: values[place] for name, values in strings.items()},
        }
        if not item["speaker_name"] and item["speaker"]:
            item["speaker_name"] = names.get((article, item["speaker"]))
        found.append(item)
    return found


def _dates(dates: Dates, rows: Ints) -> list[Item]:
    words: Sequence[str | None] = [None] * len(rows) if dates.text is None else _strings(dates.text.take(rows))
    strings = (_strings(getattr(dates, name).take(rows)) for name in ("type", "value", "mod"))
    return [
        {"span": span, "text": text, "type": type_, "value": value, "mod": mod}
        for span, text, type_, value, mod in zip(
            _spans(dates.start[rows], dates.end[rows]), words, *strings, strict=True
        )
    ]


def _stances(stances: Stances, rows: Ints, names: Names) -> list[Item]:
    evidence: defaultdict[int, list[str]] = defaultdict(list)
    some = np.flatnonzero(np.isin(stances.evidence_stance, rows))
    quotes = _strings(stances.evidence_quote.take(some))
    for owner, quote in zip(stances.evidence_stance[some].tolist(), quotes, strict=True):
        if quote is not None:
            evidence[owner].append(quote)
    strings = {
        name: _strings(getattr(stances, name).take(rows))
        for name in ("holder", "holder_name", "claim", "label", "earlier")
    }
    found = []
    for place, (row, article) in enumerate(zip(rows.tolist(), stances.article[rows].tolist(), strict=True)):
        item: Item = {name: values[place] for name, values in strings.items()}
        if not item["holder_name"] and item["holder"]:
            item["holder_name"] = names.get((article, item["holder"]))
        found.append({**item, "evidence_quotes": evidence[row]})
    return found


def _stance_rows(answers: StanceRows, rows: Ints) -> list[Item]:
    columns = (_strings(answers.row.take(rows)), _strings(answers.label.take(rows)))
    return [{"row": row, "label": label} for row, label in zip(*columns, strict=True)]


def _strings(column: Coded) -> list[str | None]:
    values = [*column.values, None]  # A null's code is -1, the last one.
    return [values[code] for code in column.codes.tolist()]


def _spans(start: Ints, end: Ints) -> list[list[int] | None]:
    return [[low, high] if low >= 0 else None for low, high in zip(start.tolist(), end.tolist(), strict=True)]
