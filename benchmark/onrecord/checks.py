"""What labels must obey. ``structure`` holds for every dataset; ``house_rules`` for the OnRecord corpus on top of it.

Every check yields :class:`Fault`; :mod:`onrecord.integrity` knows the files and turns them into problems.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from onrecord.corpus import Entry
from onrecord.derived import complete, mention_order, natural, quote_order, stance_order
from onrecord.model import (
    ARTICLE_VOICE,
    DATE_MODS,
    DATE_TYPES,
    ENTITY_KINDS,
    ENTITY_TYPES,
    QUOTE_KINDS,
    SOURCINGS,
    STANCE_LABELS,
    Article,
    Labels,
    Quote,
    Span,
)
from onrecord.timex import is_timex_value

#: By how much two places' clocks may disagree about the day on which something was said.
_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one annotation.

    Attributes:
        path: The annotation or field, e.g. ``quotes[2].cue``.
        message: What is wrong.
        remedy: What to do.
    """

    path: str
    message: str
    remedy: str


def structure(article: Article, labels: Labels, types: Collection[str] | None = None) -> Iterator[Fault]:
    """Spans that fit the text, ids that resolve, values in range.

    Args:
        article: The article.
        labels: Its labels; a layer that is None is skipped.
        types: The entity types a mention or chain may have; None accepts any.
    """
    for path, span in spans(labels):
        yield from _span(article.text, path, span)
    chains = {chain.id for chain in labels.chains or ()}
    quotes = {quote.id for quote in labels.quotes or () if quote.id is not None}
    claims = {claim.id for claim in article.claims}
    yield from _unique("claims", [claim.id for claim in article.claims])
    yield from _unique("chains", [chain.id for chain in labels.chains or ()])
    yield from _unique("quotes", [quote.id for quote in labels.quotes or () if quote.id is not None])
    for number, chain in enumerate(labels.chains or ()):
        yield from _one_of(f"chains[{number}].type", chain.type, types, "entity type")
    for number, mention in enumerate(labels.entities or ()):
        path = f"entities[{number}]"
        yield from _one_of(f"{path}.type", mention.type, types, "entity type")
        yield from _one_of(f"{path}.kind", mention.kind, ENTITY_KINDS, "kind of mention")
        if labels.chains is not None:
            yield from _resolves(f"{path}.entity", mention.entity, chains, "chain")
    for number, quote in enumerate(labels.quotes or ()):
        path = f"quotes[{number}]"
        if not quote.content:
            yield Fault(path, "a quote without content", "mark what is attributed, or remove the quote")
        yield from _one_of(f"{path}.kind", quote.kind, QUOTE_KINDS, "kind of quote")
        yield from _one_of(f"{path}.sourcing", quote.sourcing, SOURCINGS, "sourcing")
        if labels.chains is not None:
            yield from _resolves(f"{path}.speaker", quote.speaker, chains, "chain")
        for before, after in pairwise(sorted(quote.content, key=lambda span: span.start or 0)):
            if (before.end or 0) > (after.start or 0):
                yield Fault(f"{path}.content", "segments overlap", "let each part of the text stand in one segment")
    for number, date in enumerate(labels.dates or ()):
        yield from _one_of(f"dates[{number}].type", date.type, DATE_TYPES, "TIMEX3 type")
    for number, stance in enumerate(labels.stances or ()):
        path = f"stances[{number}]"
        yield from _one_of(f"{path}.label", stance.label, STANCE_LABELS, "stance")
        yield from _one_of(f"{path}.earlier", stance.earlier, STANCE_LABELS, "stance")
        yield from _resolves(f"{path}.claim", stance.claim, claims, "claim")
        if stance.label is None or stance.holder is None or stance.claim is None:
            yield Fault(path, "holder, claim and label must be given", "complete or remove the stance")
        if labels.chains is not None and stance.holder != ARTICLE_VOICE:
            yield from _resolves(f"{path}.holder", stance.holder, chains, "chain")
        if labels.quotes is not None:
            for place, name in enumerate(stance.evidence_quotes):
                yield from _resolves(f"{path}.evidence_quotes[{place}]", name, quotes, "quote")
    yield from _twice(
        "stances",
        [(stance.holder, stance.claim) for stance in labels.stances or ()],
        "a holder has one position on a claim: use earlier for a former one",
    )


def house_rules(article: Article, labels: Labels, world: Mapping[str, Entry] | None) -> Iterator[Fault]:
    """What the guidelines and the corpus's form ask on top of :func:`structure`.

    Args:
        article: The article.
        labels: All layers.
        world: The knowledge base; None skips what needs it.
    """
    yield from _complete_spans(labels)
    yield from _chains(article, labels, world)
    yield from _mentions(labels)
    yield from _quotes(article, labels)
    yield from _dates(labels)
    yield from _stances(labels)
    yield from _computed(article, labels)
    yield from _order(labels)


def spans(labels: Labels) -> Iterator[tuple[str, Span]]:
    """Every span of the labels with its path."""
    for number, mention in enumerate(labels.entities or ()):
        yield f"entities[{number}]", mention
    for number, quote in enumerate(labels.quotes or ()):
        for place, segment in enumerate(quote.content):
            yield f"quotes[{number}].content[{place}]", segment
        if quote.cue is not None:
            yield f"quotes[{number}].cue", quote.cue
        if quote.source is not None:
            yield f"quotes[{number}].source", quote.source
    for number, date in enumerate(labels.dates or ()):
        yield f"dates[{number}]", date
    for number, stance in enumerate(labels.stances or ()):
        for place, span in enumerate(stance.evidence_spans):
            yield f"stances[{number}].evidence_spans[{place}]", span


def _span(text: str, path: str, span: Span) -> Iterator[Fault]:
    if span.start is None or span.end is None:
        yield Fault(path, "a label without offsets", "give start and end")
        return
    if not 0 <= span.start < span.end <= len(text):
        yield Fault(
            path,
            f"offsets {span.start}–{span.end} are outside the text of {len(text)} characters or empty",
            "count code points from 0, the end exclusive",
        )
        return
    there = text[span.start : span.end]
    if span.text is not None and span.text != there:
        yield Fault(path, f"text {span.text!r} but {there!r} stands at {span.start}–{span.end}", "relabel the drift")


def _complete_spans(labels: Labels) -> Iterator[Fault]:
    for path, span in spans(labels):
        if span.text is None:
            yield Fault(path, "a span without its text", "repeat the surface text, so that drift is caught")
            continue
        if span.context is not None:
            yield Fault(path, "a label has no context", "remove the field")
        if span.text != span.text.strip():
            yield Fault(path, f"{span.text!r} begins or ends with white space", "shorten it")
        if "\n\n" in span.text:
            yield Fault(path, "a span over two paragraphs", "one span (or segment) per paragraph")


def _chains(article: Article, labels: Labels, world: Mapping[str, Entry] | None) -> Iterator[Fault]:
    mentioned = {mention.entity for mention in labels.entities or ()}
    linked: dict[str, str] = {}
    for number, chain in enumerate(labels.chains or ()):
        path = f"chains[{number}]"
        if chain.type is None:
            yield Fault(f"{path}.type", f"chain {chain.id!r} has no type", f"use one of {', '.join(ENTITY_TYPES)}")
        if chain.id not in mentioned:
            yield Fault(path, f"chain {chain.id!r} has no mention", "mark its mentions, or remove it")
        if not chain.name or chain.name not in article.text:
            yield Fault(f"{path}.name", f"{chain.name!r} is not in the text", "use the fullest name of the article")
        for place, alias in enumerate(chain.aliases):
            if alias not in article.text or alias == chain.name or alias in chain.aliases[:place]:
                yield Fault(f"{path}.aliases[{place}]", f"{alias!r} is no further name in the text", "remove it")
        if chain.link is None:
            continue
        if chain.link in linked:
            other = linked[chain.link]
            yield Fault(f"{path}.link", f"chain {other!r} has the link {chain.link!r} too", "join the chains")
        linked[chain.link] = chain.id
        if world is None:
            continue
        entry = world.get(chain.link)
        if entry is None:
            yield Fault(f"{path}.link", f"{chain.link!r} is not in the knowledge base", "correct it or leave it out")
        elif entry.type != chain.type:
            yield Fault(
                f"{path}.link", f"chain is {chain.type}, {chain.link!r} is {entry.type}", "correct type or link"
            )


def _mentions(labels: Labels) -> Iterator[Fault]:
    mentions = labels.entities or ()
    for number, mention in enumerate(mentions):
        if mention.kind is None or mention.entity is None:
            yield Fault(f"entities[{number}]", "a mention needs kind and entity", "add them")
    yield from _twice("entities", [(m.start, m.end) for m in mentions], "one stretch of text is one mention")
    yield from _crossing("entities", mentions, "mentions may nest but not cross")


def _quotes(article: Article, labels: Labels) -> Iterator[Fault]:
    quotes = labels.quotes or ()
    contents: list[tuple[int, int, int]] = []
    for number, quote in enumerate(quotes):
        path = f"quotes[{number}]"
        if quote.id is None or quote.sourcing is None:
            yield Fault(path, "a quote needs id and sourcing", "add them")
        if quote.source_type is not None:
            yield Fault(f"{path}.source_type", "is for imported corpora", "remove the field")
        for role, span in (("cue", quote.cue), ("source", quote.source)):
            if span is not None and any(_overlap(span, segment) for segment in quote.content):
                yield Fault(f"{path}.{role}", f"{role} {span.text!r} lies in the quote's own content", "move one")
        if quote.cue is not None and quote.source is not None and _overlap(quote.cue, quote.source):
            yield Fault(f"{path}.cue", f"cue {quote.cue.text!r} and source overlap", "give each its own words")
        yield from _said_on(f"{path}.said_on", quote, article)
        contents.extend((segment.start or 0, segment.end or 0, number) for segment in quote.content)
    contents.sort()
    reported: set[tuple[int, int]] = set()
    furthest = (0, -1)
    for start, end, number in contents:
        if start < furthest[0] and furthest[1] != number and (furthest[1], number) not in reported:
            reported.add((furthest[1], number))
            yield Fault(
                f"quotes[{number}].content",
                f"overlaps the content of {quotes[furthest[1]].id!r}",
                "mark only the outermost quote",
            )
        furthest = max(furthest, (end, number))


def _said_on(path: str, quote: Quote, article: Article) -> Iterator[Fault]:
    if quote.said_on is None:
        return
    if not is_timex_value(quote.said_on, "DATE"):
        yield Fault(path, f"{quote.said_on!r} is no TIMEX3 value of a day or coarser", "write 2031-11-04")
        return
    published = published_date(article.published)
    try:
        said = datetime.date.fromisoformat(quote.said_on) if len(quote.said_on) == 10 else None
    except ValueError:
        return  # a day with fields left open
    if published is not None and said is not None and said > published + _DAY:
        yield Fault(path, f"said on {said}, after publication on {published}", "correct the day")


def _dates(labels: Labels) -> Iterator[Fault]:
    dates = labels.dates or ()
    for number, date in enumerate(dates):
        if date.type is None or date.value is None:
            yield Fault(f"dates[{number}]", "a date needs type and value", "add them")
        elif not is_timex_value(date.value, date.type):
            yield Fault(
                f"dates[{number}].value", f"{date.value!r} is no TIMEX3 value of type {date.type}", "see GUIDELINES.md"
            )
        yield from _one_of(f"dates[{number}].mod", date.mod, DATE_MODS, "TIMEX3 mod")
    ordered = sorted(enumerate(dates), key=lambda item: item[1].start or 0)
    for (_, before), (number, after) in pairwise(ordered):
        if _overlap(before, after):
            yield Fault(f"dates[{number}]", f"{after.text!r} overlaps {before.text!r}", "mark one expression")


def _stances(labels: Labels) -> Iterator[Fault]:
    for number, stance in enumerate(labels.stances or ()):
        path = f"stances[{number}]"
        if "unrelated" in {stance.label, stance.earlier}:
            yield Fault(f"{path}.label", "'unrelated' is for imported corpora", "silence is no row: remove it")
        if stance.earlier is not None and stance.earlier == stance.label:
            yield Fault(f"{path}.earlier", f"earlier is {stance.earlier!r} like the label", "leave it out")
        if not stance.evidence_quotes and not stance.evidence_spans:
            yield Fault(path, "a stance without evidence", "name the quotes or spans that show it")
        if len(set(stance.evidence_quotes)) != len(stance.evidence_quotes):
            yield Fault(f"{path}.evidence_quotes", "names a quote twice", "name it once")


def _computed(article: Article, labels: Labels) -> Iterator[Fault]:
    """Fields that follow from others but say something else."""
    remedy = "correct it, or compile the labels again"
    chains = {chain.id: chain for chain in labels.chains or ()}
    for number, mention in enumerate(labels.entities or ()):
        chain = chains.get(mention.entity or "")
        for name in ("type", "link"):
            if chain is not None and getattr(mention, name) != getattr(chain, name):
                yield Fault(
                    f"entities[{number}].{name}",
                    f"{getattr(mention, name)!r}, its chain {chain.id!r} has {getattr(chain, name)!r}",
                    remedy,
                )
    expected = complete(Labels((), labels.chains, labels.quotes, (), labels.stances), article.text)
    by_id = {quote.id: quote for quote in expected.quotes or ()}
    for number, quote in enumerate(labels.quotes or ()):
        right = by_id[quote.id]
        for name in ("kind", "speaker_name"):
            if getattr(quote, name) != getattr(right, name):
                yield Fault(
                    f"quotes[{number}].{name}",
                    f"{getattr(quote, name)!r}, computed is {getattr(right, name)!r}",
                    remedy,
                )
    for number, stance in enumerate(labels.stances or ()):
        chain = chains.get(stance.holder or "")
        wanted = None if chain is None else chain.name
        if stance.holder_name != wanted:
            yield Fault(f"stances[{number}].holder_name", f"{stance.holder_name!r}, computed is {wanted!r}", remedy)


def _order(labels: Labels) -> Iterator[Fault]:
    mentions, quotes, stances = labels.entities or (), labels.quotes or (), labels.stances or ()
    remedy = "sort them by offset (stances by claim, then holder), or compile the labels again"
    orders: dict[str, list[Any]] = {
        "entities": [mention_order(mention) for mention in mentions],
        "quotes": [quote_order(quote) for quote in quotes],
        "dates": [(date.start or 0, date.end or 0) for date in labels.dates or ()],
        "stances": [stance_order(stance) for stance in stances],
    }
    first = {mention.entity: position for position, mention in reversed(list(enumerate(mentions)))}
    orders["chains"] = [(first.get(chain.id, len(mentions)), natural(chain.id)) for chain in labels.chains or ()]
    for layer, keys in orders.items():
        for number, (before, after) in enumerate(pairwise(keys), start=1):
            if after < before:
                yield Fault(f"{layer}[{number}]", "stands in the wrong order", remedy)
                break
    for number, quote in enumerate(quotes):
        if any((b.start or 0) < (a.start or 0) for a, b in pairwise(quote.content)):
            yield Fault(f"quotes[{number}].content", "segments in the wrong order", remedy)


def published_date(published: str | None) -> datetime.date | None:
    """The day of an ISO 8601 date or date and time as its own clock shows it, or None."""
    if published is None:
        return None
    try:
        return datetime.datetime.fromisoformat(published).date()
    except ValueError:
        return None


def _one_of(path: str, value: str | None, allowed: Collection[str] | None, what: str) -> Iterator[Fault]:
    if value is not None and allowed is not None and value not in allowed:
        yield Fault(path, f"{value!r} is no {what}", f"use one of {', '.join(allowed)}")


def _resolves(path: str, name: str | None, known: Collection[str], what: str) -> Iterator[Fault]:
    if name is not None and name not in known:
        yield Fault(path, f"no {what} {name!r} in this article", f"correct the id or add the {what}")


def _unique(layer: str, ids: Iterable[str]) -> Iterator[Fault]:
    yield from _twice(layer, list(ids), "give each its own id")


def _twice(layer: str, keys: Sequence[object], remedy: str) -> Iterator[Fault]:
    seen: set[object] = set()
    for number, key in enumerate(keys):
        if key in seen:
            yield Fault(f"{layer}[{number}]", f"{key!r} a second time", remedy)
        seen.add(key)


def _crossing(layer: str, items: Iterable[Span], remedy: str) -> Iterator[Fault]:
    """Spans that overlap without one holding the other."""
    open_spans: list[Span] = []
    for number, span in sorted(enumerate(items), key=lambda item: (item[1].start or 0, -(item[1].end or 0))):
        open_spans = [other for other in open_spans if (other.end or 0) > (span.start or 0)]
        crossed = next((other for other in open_spans if (other.end or 0) < (span.end or 0)), None)
        if crossed is not None:
            yield Fault(f"{layer}[{number}]", f"{span.text!r} crosses {crossed.text!r}", remedy)
        open_spans.append(span)


def _overlap(first: Span, second: Span) -> bool:
    return max(first.start or 0, second.start or 0) < min(first.end or 0, second.end or 0)
