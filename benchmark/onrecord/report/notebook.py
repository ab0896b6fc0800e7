"""What articles, results and comparisons show of themselves in a notebook; everything from outside is escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from onrecord.report.scores import comparison_table, result_notes, score_table

if TYPE_CHECKING:
    from onrecord.model import AnnotatedArticle, Article, Labels
    from onrecord.report.tables import Table
    from onrecord.scoring import Comparison, Result

#: Colours that can be read on light and dark grounds, the line below the text differs as well.
_LINES: Final = {"entities": "solid #2f81d6", "quotes": "double #2a9d45", "dates": "dotted #d9730d"}
_NAME: Final = "text-align:left"
_NUMBER: Final = "text-align:right;font-variant-numeric:tabular-nums"


def result_html(result: Result) -> str:
    """The table of scores, with coverage, grounding and the signature below it."""
    return _table(score_table(result, result_notes(result)), result.name)


def comparison_html(comparison: Comparison) -> str:
    """The systems against the baseline."""
    names = " · ".join(result.name for result in comparison.results)
    return _table(comparison_table(comparison, [f"signature: {comparison.baseline.signature}"]), names)


def article_html(article: Article) -> str:
    """Heading, metadata, text and claims."""
    return _article(article, escape(article.text))


def annotated_html(item: AnnotatedArticle) -> str:
    """The article with its mentions, quotes and dates underlined, and where its holders stand."""
    found = _article(item.article, "".join(_marked(item.article.text, item.labels)))
    if not item.labels.stances:
        return found
    names = {chain.id: chain.name for chain in item.labels.chains or ()}
    rows = "".join(
        f"<li>{_said(names.get(stance.holder or '') or stance.holder_name or stance.holder)} "
        f"<b>{_said(stance.label)}</b> {_said(stance.claim)}</li>"
        for stance in item.labels.stances
    )
    return f"{found}<ul>{rows}</ul>"


def _article(article: Article, body: str) -> str:
    facts = [article.id, article.outlet, article.published, article.byline, article.desk, *article.phenomena]
    claims = "".join(f"<li><b>{escape(claim.id)}</b> {escape(claim.text)}</li>" for claim in article.claims)
    return (
        f'<div dir="auto"><b>{_said(article.headline or article.id)}</b><br>'
        f"<small>{' · '.join(_said(fact) for fact in facts if fact)}</small>"
        f'<div dir="auto" style="white-space:pre-wrap;max-width:46em;line-height:1.8">{body}</div>'
        f"{f'<ul>{claims}</ul>' if claims else ''}</div>"
    )


def _marked(text: str, labels: Labels) -> Iterator[str]:
    """The text cut where a label begins or ends, each piece in the labels that cover it."""
    spans = [
        *((span.start, span.end, "entities", span.type) for span in labels.entities or ()),
        *((span.start, span.end, "dates", span.value) for span in labels.dates or ()),
        *((span.start, span.end, "quotes", quote.kind) for quote in labels.quotes or () for span in quote.content),
    ]
    there = [
        (start, end, layer, what)
        for start, end, layer, what in spans
        if start is not None and end is not None and 0 <= start < end <= len(text)
    ]
    cuts = sorted({0, len(text), *(place for start, end, *_ in there for place in (start, end))})
    for start, end in pairwise(cuts):
        covering = [span for span in there if span[0] <= start and end <= span[1]]
        piece = escape(text[start:end])
        for place, (*_, layer, what) in enumerate(covering):
            title = escape(f"{layer}: {what or '–'}")
            style = f"border-bottom:3px {_LINES[layer]};padding-bottom:{3 * place}px"
            piece = f'<span title="{title}" style="{style}">{piece}</span>'
        yield piece


def _table(table: Table, caption: str) -> str:
    heads, *rows = (_cells(kind, row) for kind, row in [("th", table.columns), *(("td", row) for row in table.rows)])
    notes = "".join(f"<br>{escape(note)}" for note in table.notes)
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{body}</tbody></table><small>{notes.removeprefix('<br>')}</small>"
    )


def _cells(kind: str, row: Sequence[str]) -> str:
    return "".join(
        f'<{kind} style="{_NUMBER if place else _NAME}">{escape(cell)}</{kind}>'
        for place, cell in enumerate(row or [""])
    )


def _said(value: str | None) -> str:
    return escape(value or "–")
