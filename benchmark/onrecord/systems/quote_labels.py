"""Quotations as labels of a token sequence, and back: cue, source and content in Citron's manner, in one pass.

A content or source carries where its cue stands, so that a sequence of labels says who belongs together:

    ``cue``          the words of speech
    ``source<``      a source whose cue stands before it ("said *Ferrow*"); ``source>`` one whose cue follows
    ``content<``     what is said, cue before it; ``content>`` cue after it; ``content0`` no cue at all

The manner is that of C. Newell, T. Cowlishaw and D. Man (2018), "Quote extraction and analysis for news" (Citron),
which finds cues first, then contents and sources around them; the directions are ours.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final

from onrecord.systems.rules_quotes import FoundQuote, outside
from onrecord.systems.sequence import Labelled
from onrecord.systems.text import Region, Sections, dateline, paragraphs, quoted_spans, sentences

CUE: Final = "cue"


def labelled(content: Sequence[Region], cue: Region | None, source: Region | None) -> list[Labelled]:
    """The labelled parts of one quotation, the cue first."""
    parts: list[Labelled] = [] if cue is None else [(cue, CUE)]
    if source is not None and cue is not None:
        parts.append((source, f"source{_side(source, cue)}"))
    parts += [(segment, f"content{'0' if cue is None else _side(segment, cue)}") for segment in content]
    return parts


def ordered(quotes: Iterable[Sequence[Labelled]]) -> list[Labelled]:
    """The parts of all quotations in the order in which they claim their tokens: cues, sources, contents."""
    parts = [part for quote in quotes for part in quote]
    return sorted(parts, key=lambda part: ("cue", "sou", "con").index(part[1][:3]))


def _side(part: Region, cue: Region) -> str:
    return "<" if cue.start < part.start else ">"


def assemble(text: str, parts: Sequence[Labelled]) -> list[FoundQuote]:
    """Quotations from labelled parts.

    A part goes to the nearest cue on its side in its paragraph. A cue without content is dropped; one without source
    takes that of the cue before it in the same sentence ("Ferrow rejected the offer and said …"). A content whose cue
    should stand before it and does not, at the head of a paragraph, goes on the quotation before it.
    """
    blocks = paragraphs(text)
    if not blocks or not parts:
        return []
    parts = _after_datelines(text, blocks, parts)
    where = Sections(blocks)
    cues = sorted(region for region, name in parts if name == CUE)
    sources: dict[Region, Region] = {}
    quotes = {cue: FoundQuote([], cue, None, cue) for cue in cues}
    loose: list[FoundQuote] = []
    last: FoundQuote | None = None
    for region, name in sorted(parts):
        if name == CUE:
            continue
        cue = _cue_of(region, name[-1], cues, where)
        if name.startswith("source"):
            if cue is not None:
                sources[cue] = _nearer(region, sources.get(cue), cue)
        elif cue is not None:
            quotes[cue].content.append(region)
            last = quotes[cue]
        elif name[-1] == "<" and last is not None:
            last.content.append(region)
        else:
            loose.append(FoundQuote([region], None, None, region))
            last = loose[-1]
    for cue, source in sources.items():
        quotes[cue].source = source
    found = [quote for quote in (*quotes.values(), *loose) if quote.content]
    _place(text, blocks, where, found)
    _share_sources(found)
    return sorted(found, key=lambda quote: quote.content[0])


def _after_datelines(text: str, blocks: list[Region], parts: Sequence[Labelled]) -> list[Labelled]:
    """The parts without what they took of a dateline ("PORT ALDER — Cheepa said"): it belongs to no quotation."""
    heads = [(block.start, found[1]) for block in blocks[1:3] if (found := dateline(text, block)) is not None]
    kept = []
    for region, name in parts:
        begin = next((end for start, end in heads if start <= region.start < end), region.start)
        if begin < region.end:
            kept.append((Region(begin, region.end), name))
    return kept


def _cue_of(region: Region, side: str, cues: list[Region], where: Sections) -> Region | None:
    """The nearest cue on this side in the same paragraph."""
    if side == "0":
        return None
    place = bisect_left(cues, region) - 1 if side == "<" else bisect_left(cues, Region(region.end, 0))
    if not 0 <= place < len(cues):
        return None
    return cues[place] if where.index(cues[place].start) == where.index(region.start) else None


def _nearer(region: Region, other: Region | None, cue: Region) -> Region:
    if other is None:
        return region
    return min(region, other, key=lambda part: max(part.start - cue.end, cue.start - part.end))


def _place(text: str, blocks: list[Region], where: Sections, found: list[FoundQuote]) -> None:
    """Gives every quotation the sentence of its attribution."""
    sections: dict[int, Sections] = {}
    for quote in found:
        at = (quote.cue or quote.content[0]).start
        number = where.index(at)
        if number not in sections:
            block = blocks[number]
            sections[number] = Sections(sentences(text, block, quoted_spans(text, block)))
        quote.sentence = sections[number].at(at)
        quote.content.sort()
        quote.clause = outside(quote.sentence, quote.content)


def _share_sources(found: list[FoundQuote]) -> None:
    previous: FoundQuote | None = None
    for quote in sorted((quote for quote in found if quote.cue), key=lambda quote: quote.cue or quote.sentence):
        if (
            quote.source is None
            and previous is not None
            and previous.source is not None
            and previous.sentence == quote.sentence
            and quote.cue is not None
            and previous.source.end <= quote.cue.start
        ):
            quote.source = previous.source
        previous = quote
