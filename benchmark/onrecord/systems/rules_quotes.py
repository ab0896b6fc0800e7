"""Quotations by quotation marks and words of speech.

Sentence by sentence: an attribution that stands behind or inside its content ("…, she said Friday, …") is tried
first, because it embraces the rest of the sentence; then "according to"; then, from left to right, attributions in
front of their content ("the mayor denied that …"). What stands between quotation marks and no attribution
claimed goes on the quotation before it, or stands alone.

PolNeAR's rule that no word belongs to two attributions holds: a cue inside a content is passed over.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Final

from onrecord.systems import quote_frames
from onrecord.systems.frame_parts import Frame
from onrecord.systems.text import MASK, Quoted, Region, dateline, mask, paragraphs, quoted_spans, sentences, trim

_MARKS: Final = "\"“”„‟«»「」『』'‘’`"
_WORD: Final = re.compile(r"\w+")


@dataclass(slots=True)
class FoundQuote:
    """A quotation as the rules found it, before anybody knows who the speaker is.

    Attributes:
        content: Segments in text order.
        cue: The words of speech, or None for a quotation that stands alone.
        source: The words that say who speaks, or None.
        sentence: The sentence of the attribution (where a date of saying may stand).
        clause: Stretches of the attribution outside the content, for the date of saying.
    """

    content: list[Region]
    cue: Region | None
    source: Region | None
    sentence: Region
    clause: list[Region] = field(default_factory=list)


def find_quotes(text: str) -> list[FoundQuote]:
    """The quotations of one article in text order."""
    found: list[FoundQuote] = []
    open_quote: FoundQuote | None = None
    blocks = paragraphs(text)
    for number, paragraph in enumerate(blocks):
        head = dateline(text, paragraph) if 0 < number <= 2 else None
        if head is not None:
            paragraph = Region(head[1], paragraph.end)
        quoted = quoted_spans(text, paragraph)
        fresh = _in_paragraph(text, paragraph, quoted, open_quote, headline=number == 0)
        found += [quote for quote in fresh if quote is not open_quote]
        # An unclosed quotation runs into the next paragraph, which opens with a mark of its own.
        unclosed = bool(quoted) and not quoted[-1].closed
        open_quote = _last_holding(found, quoted[-1].region) if unclosed else None
    return sorted((quote for quote in found if quote.content), key=lambda quote: quote.content[0])


def _last_holding(found: list[FoundQuote], region: Region) -> FoundQuote | None:
    holding = [quote for quote in found if any(segment.end == region.end for segment in quote.content)]
    return holding[-1] if holding else None


def _in_paragraph(
    text: str, paragraph: Region, quoted: list[Quoted], carried: FoundQuote | None, *, headline: bool
) -> list[FoundQuote]:
    found: list[FoundQuote] = []
    previous = carried
    starts = [span.region.start for span in quoted]
    for sentence in sentences(text, paragraph, quoted):
        inside = quoted[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
        inside = [span for span in inside if sentence.covers(span.region)]
        masked = mask(text, sentence, inside)
        if carried is not None and sentence.start == paragraph.start and masked.startswith(MASK):
            end = sentence.start + len(masked) - len(masked.lstrip(MASK))
            carried.content.append(Region(sentence.start, end))
            continue
        frames = quote_frames.frames(masked, headline=headline)
        fresh = [_placed(text, frame, sentence) for frame in frames]
        loose = _loose(inside, fresh)
        for region in loose:
            # A quotation that follows an attributed one goes on it: “A,” she said. “B.”
            if previous is not None and previous.content and _goes_on(text, region, sentence):
                previous.content.append(region)
            elif _stands_alone(text, region):
                previous = FoundQuote([region], None, None, sentence)
                found.append(previous)
        found += fresh
        if fresh:
            previous = fresh[-1]
    return found


def _goes_on(text: str, region: Region, sentence: Region) -> bool:
    """Whether a quotation without cue continues the one before: it follows at once and fills its sentence."""
    if region.start - sentence.start > 2 or len(_WORD.findall(region.of(text))) < 2:
        return False
    return sentence.end - region.end <= 2


def _stands_alone(text: str, region: Region) -> bool:
    """Scare quotes are not quotations: a quotation without attribution has a sentence's length and end."""
    words = _WORD.findall(region.of(text))
    return len(words) >= 5 and region.of(text).rstrip(_MARKS)[-1:] in ".?!,…—"


def _loose(inside: list[Quoted], fresh: list[FoundQuote]) -> list[Region]:
    """Quoted stretches of a sentence that no attribution in it claimed."""
    claimed = [segment for quote in fresh for segment in quote.content]
    claimed += [span for quote in fresh for span in (quote.source, quote.cue) if span is not None]
    return [
        span.region
        for span in inside
        if not any(span.region.start < other.end and other.start < span.region.end for other in claimed)
    ]


def _placed(text: str, frame: Frame, sentence: Region) -> FoundQuote:
    """Moves a frame's offsets from its sentence into the article, and trims what does not belong."""
    content = [_content(text, _moved(region, sentence.start)) for region in frame.content]
    content = sorted(region for region in content if region.end > region.start)
    source = None if frame.source is None else _source(text, _moved(frame.source, sentence.start))
    cue = None if frame.cue is None else trim(text, _moved(frame.cue, sentence.start))
    return FoundQuote(
        content,
        cue,
        source if source is not None and source.end > source.start else None,
        sentence,
        outside(sentence, content),
    )


def _moved(region: Region, by: int) -> Region:
    return Region(region.start + by, region.end + by)


def _content(text: str, region: Region) -> Region:
    """Content without punctuation at its edges, but with its quotation marks and what stands inside them."""
    region = trim(text, trim(text, region), " ,;:—–-")
    region = trim(text, region)
    while (
        region.end > region.start and text[region.end - 1] in ".," and text[region.end - 2 : region.end - 1] not in "."
    ):
        if _abbreviates(text, region):
            break
        region = Region(region.start, region.end - 1)
    return trim(text, region)


def _abbreviates(text: str, region: Region) -> bool:
    """Whether the full stop at the end belongs to an abbreviation (U.S., Inc., p.m.)."""
    return bool(
        re.search(
            r"(?:\b[A-Za-z]\.[A-Za-z]\.|\b(?:Inc|Ltd|Corp|Jr|Sr|Co)\.)$", text[max(0, region.end - 8) : region.end]
        )
    )


def _source(text: str, region: Region) -> Region:
    region = trim(text, trim(text, region), " ,;:—–-.")
    for possessive in ("'s", "’s"):
        if region.of(text).endswith(possessive):
            return Region(region.start, region.end - 2)
    return trim(text, region)


def outside(sentence: Region, content: list[Region]) -> list[Region]:
    """The parts of the sentence that no segment covers: the attribution's own words."""
    parts: list[Region] = []
    position = sentence.start
    for segment in content:
        if segment.start > position:
            parts.append(Region(position, min(segment.start, sentence.end)))
        position = max(position, segment.end)
    if position < sentence.end:
        parts.append(Region(position, sentence.end))
    return parts
