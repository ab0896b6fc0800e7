"""What follows from other labels and is computed, never judged.

A mention has its chain's type and link; a quote's kind follows from its quotation marks; speakers and holders have
their chain's name; a chain's aliases are the other names that the article uses for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from onrecord.corpus import Entry
from onrecord.model import Chain, Labels, Mention, Quote, Stance, quote_kind
from onrecord.placement import occurrences, overlaps


def complete(labels: Labels, text: str, world: Mapping[str, Entry] | None = None) -> Labels:
    """The same labels with every computed field set, in the order in which they are written.

    Args:
        labels: All layers, with spans that have offsets.
        text: The article's text.
        world: The knowledge base; its aliases count where the text has them.
    """
    chains = {chain.id: chain for chain in labels.chains or ()}
    mentions = tuple(
        sorted((_completed_mention(mention, chains) for mention in labels.entities or ()), key=mention_order)
    )
    quotes = tuple(sorted((_completed_quote(quote, chains) for quote in labels.quotes or ()), key=quote_order))
    dates = tuple(sorted(labels.dates or (), key=lambda date: (date.start or 0, date.end or 0)))
    stances = tuple(sorted((_completed_stance(stance, chains) for stance in labels.stances or ()), key=stance_order))
    first = {mention.entity: position for position, mention in reversed(list(enumerate(mentions)))}
    named = [replace(chain, aliases=aliases(chain, mentions, text, world)) for chain in chains.values()]
    named.sort(key=lambda chain: (first.get(chain.id, len(mentions)), natural(chain.id)))
    return Labels(mentions, tuple(named), quotes, dates, stances)


def aliases(
    chain: Chain, mentions: tuple[Mention, ...], text: str, world: Mapping[str, Entry] | None
) -> tuple[str, ...]:
    """Other names of a chain: its name mentions, and names the knowledge base knows if the text has them.

    The latter count only outside other chains' mentions: two people of one surname do not lend it to each other.
    """
    surfaces = [m.text for m in mentions if m.entity == chain.id and m.kind == "name" and m.text]
    entry = (world or {}).get(chain.link or "")
    others = [(m.start or 0, m.end or 0) for m in mentions if m.entity != chain.id]
    for known in (entry.name, *entry.aliases) if entry else ():
        # As the text spells it: a place is found whatever its quotation marks look like.
        places = occurrences(text, (0, len(text)), known)
        surfaces += [text[slice(*place)] for place in places if not any(overlaps(place, other) for other in others)]
    return tuple(dict.fromkeys(surface for surface in surfaces if surface != chain.name))


def mention_order(mention: Mention) -> tuple[int, int, str]:
    """In order of the text, the outer of two nested mentions first."""
    return (mention.start or 0, -(mention.end or 0), mention.entity or "")


def quote_order(quote: Quote) -> tuple[int, int]:
    """In order of the text, by first segment."""
    first = quote.content[0] if quote.content else None
    return (0, 0) if first is None else (first.start or 0, first.end or 0)


def stance_order(stance: Stance) -> tuple[tuple[str, int, str], tuple[str, int, str]]:
    """By claim, then holder."""
    return (natural(stance.claim or ""), natural(stance.holder or ""))


def natural(name: str) -> tuple[str, int, str]:
    """Sort key that puts e2 before e10."""
    letters = name.rstrip("0123456789")
    digits = name[len(letters) :]
    return (letters, int(digits) if digits else -1, name)


def _completed_mention(mention: Mention, chains: Mapping[str, Chain]) -> Mention:
    chain = chains.get(mention.entity or "")
    return mention if chain is None else replace(mention, type=chain.type, link=chain.link)


def _completed_quote(quote: Quote, chains: Mapping[str, Chain]) -> Quote:
    chain = chains.get(quote.speaker or "")
    content = tuple(sorted(quote.content, key=lambda span: (span.start or 0, span.end or 0)))
    kind = quote_kind([segment.text or "" for segment in content])
    return replace(quote, content=content, kind=kind, speaker_name=None if chain is None else chain.name)


def _completed_stance(stance: Stance, chains: Mapping[str, Chain]) -> Stance:
    chain = chains.get(stance.holder or "")
    evidence = tuple(sorted(stance.evidence_spans, key=lambda span: (span.start or 0, span.end or 0)))
    return replace(stance, holder_name=None if chain is None else chain.name, evidence_spans=evidence)
