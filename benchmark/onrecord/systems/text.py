"""Paragraphs, quotation marks and sentences of plain text, without a model.

Everything works on offsets into the article's text; nothing is copied or normalised, so that what a rule finds can
be reported as it stands.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final, NamedTuple


class Region(NamedTuple):
    """A stretch of the text, end-exclusive code points."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words themselves."""
        return text[self.start : self.end]

    def covers(self, other: Region) -> bool:
        """Whether the other region lies inside this one."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words between quotation marks, marks included.

    Attributes:
        region: From the opening mark to the closing one, or to the paragraph's end where none closes it.
        closed: Whether a closing mark was found.
    """

    region: Region
    closed: bool


#: Stands for one character inside quotation marks in masked text; in no real text (private use area).
MASK: Final = "\ue000"

_BLANK_LINE: Final = re.compile(r"\n[^\S\n]*\n\s*")
_OPENERS: Final = "“„«‟「『"
_CLOSERS: Final = "”»」』"
_STRAIGHT: Final = '"'
_SINGLE: Final = "'‘’"
#: Characters after which an unclosed single mark was surely an apostrophe.
_LONGEST_SINGLE: Final = 2_000
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Mx|Dr|Prof|Rev|Hon|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Capt|Cmdr|Maj|Pres|Supt|Insp|Messrs|Fr|Sr|Jr|St"
    r"|Mt|No|Nos|vs|v|etc|Inc|Ltd|Co|Corp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mon|Tues?|Wed|Thurs?|Fri|Sat"
    r"|Sun|approx|dept|est|Atty|Ave|Blvd|Engr|Ft|Assn|Bros|Ky|Calif|Fla|Pa|Va|Mass|Conn|Mich|Minn|Ill|Wis|Wash"
    r"|Tenn|Ala|Ariz|Colo|Ga|La|Md|Mo|Okla|Ore|Tex)|\b[A-Z]|\b[ap]\.m|\be\.g|\bi\.e)\.$"
)
_SENTENCE_END: Final = re.compile(rf"(?<![.!?…])[.!?…]+[)\]’']*{MASK}*(?=\s+\S)|{MASK}(?=\s+\S)")


def paragraphs(text: str) -> list[Region]:
    """The paragraphs: blocks between blank lines, or lines where the text has no blank line."""
    splitter = _BLANK_LINE if _BLANK_LINE.search(text) else re.compile(r"\n+")
    regions: list[Region] = []
    start = 0
    for gap in [*splitter.finditer(text), None]:
        end = len(text) if gap is None else gap.start()
        trimmed = trim(text, Region(start, end))
        if trimmed.end > trimmed.start:
            regions.append(trimmed)
        start = end if gap is None else gap.end()
    return regions


_DATELINE: Final = re.compile(
    r"(?P<place>[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,3})(?:,? [A-Z][\w.’' ]{1,24}\.?,?)?"
    r"(?:,? (?:[A-Z][a-z]{2,8}\.? \d{1,2}|\d{1,2} [A-Z][a-z]{2,8}))?,?"
    r"\s*(?:[(/][^)/]{2,30}[)/]\s*)?(?P<end>—|–|--|:|-|_|\))\s+(?=\S)"
)


_LABELS: Final = frozenset(
    [
        "breaking",
        "exclusive",
        "update",
        "updated",
        "live",
        "watch",
        "opinion",
        "analysis",
        "correction",
        "note",
        "background",
        "explainer",
        "factbox",
        "editorial",
        "comment",
        "review",
        "interview",
        "q",
        "a",
        "wikipedia",
        "photo",
        "picture",
    ]
)


def dateline(text: str, paragraph: Region) -> tuple[Region, int] | None:
    """The place of a dateline at the head of a paragraph ("NAIROBI, Aug. 12 (Wire) - …"), and where the story begins.

    A colon or hyphen alone proves no dateline; the place must be in capitals, short, or followed by more of it.
    """
    match = _DATELINE.match(text, paragraph.start, min(paragraph.end, paragraph.start + 110))
    if match is None:
        return None
    place = match["place"]
    if place.casefold() in _LABELS:
        return None
    plain = match["end"] in ":-_" and match.end("place") >= match.start("end") - 1
    if plain and not (place.isupper() and len(place) > 3) and not text[match.start("end") - 1].isspace():
        return None
    return Region(*match.span("place")), match.end()


def trim(text: str, region: Region, characters: str | None = None) -> Region:
    """The region without white space (or without the given characters) at its edges."""
    start, end = region
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip(characters))
    end -= len(inner) - len(inner.rstrip(characters))
    return Region(start, max(start, end))


def quoted_spans(text: str, paragraph: Region) -> list[Quoted]:
    """Everything between quotation marks in one paragraph, outermost only, in text order.

    Double marks (straight, curly, guillemets, doubled back-ticks) pair up by what stands beside them, so that
    “ closed by a straight " still pairs. Single marks count only where no double ones are open and they stand as
    marks and not as apostrophes.
    """
    spans: list[Quoted] = []
    position = paragraph.start
    while position < paragraph.end:
        width = _opening(text, position, paragraph)
        if not width:
            position += 1
            continue
        single = text[position] in _SINGLE and width == 1
        end = (_single_close if single else _double_close)(text, position + width, paragraph)
        if end is None and single:
            position += 1
            continue
        closed = end is not None
        spans.append(Quoted(Region(position, paragraph.end if end is None else end), closed))
        position = spans[-1].region.end
    return spans


def _opening(text: str, at: int, paragraph: Region) -> int:
    """Width of an opening mark at this place, or 0."""
    mark = text[at]
    if text.startswith("``", at):
        return 2
    if mark in _OPENERS:
        return 1
    before = text[at - 1] if at > paragraph.start else " "
    after = text[at + 1] if at + 1 < paragraph.end else " "
    if text.startswith("''", at):
        return 2 if (before.isspace() or before in "([—–-") and not text[at + 2 : at + 3].isspace() else 0
    if mark == _STRAIGHT or (mark == "”" and not before.isalnum()):
        return int(not after.isspace() and not before.isalnum())
    if mark in _SINGLE:
        opens = mark != "’" and (before.isspace() or before in "([—–") and (after.isalnum() or after in "…[")
        return int(opens)
    return 0


def _double_close(text: str, start: int, paragraph: Region) -> int | None:
    """End of the quotation that opened before ``start``, its closing mark included."""
    depth = 0
    for index in range(start, paragraph.end):
        mark = text[index]
        if mark in "“„«" and index > start:
            depth += 1
        elif text.startswith("''", index):
            if depth == 0 or _closes_all(text, index, paragraph):
                return index + 2
        elif mark in _CLOSERS or (mark == _STRAIGHT and not _opens_again(text, index, paragraph)):
            if depth == 0 or _closes_all(text, index, paragraph):
                return index + 1
            depth -= 1
    return None


def _opens_again(text: str, at: int, paragraph: Region) -> bool:
    before = text[at - 1]
    after = text[at + 1] if at + 1 < paragraph.end else " "
    return before.isspace() and after.isalnum()


def _closes_all(text: str, at: int, paragraph: Region) -> bool:
    """Whether no closing mark is left for the level below: an inner mark was never closed."""
    rest = text[at + 1 : paragraph.end]
    closing = min((found for mark in "”»" if (found := rest.find(mark)) >= 0), default=-1)
    opening = min((found for mark in "“«" if (found := rest.find(mark)) >= 0), default=-1)
    return closing < 0 or 0 <= opening < closing


def _single_close(text: str, start: int, paragraph: Region) -> int | None:
    """End of a quotation in single marks; None where the mark was an apostrophe."""
    for index in range(start + 1, min(paragraph.end, start + _LONGEST_SINGLE)):
        if text[index] in "'’" and not text[index - 1].isspace():
            after = text[index + 1] if index + 1 < paragraph.end else " "
            if not after.isalnum() and (text[index - 1] != "s" or text[index - 2] in ",.?!" or after in ".,;:!?)"):
                return index + 1
        elif text[index] in _OPENERS or text[index] == _STRAIGHT:
            return None
    return None


def mask(text: str, paragraph: Region, quoted: list[Quoted]) -> str:
    """The paragraph with every character inside quotation marks replaced by ``MASK``; offsets stay the same."""
    parts: list[str] = []
    position = paragraph.start
    for span in quoted:
        parts += [text[position : span.region.start], MASK * (span.region.end - span.region.start)]
        position = span.region.end
    parts.append(text[position : paragraph.end])
    return "".join(parts)


def sentences(text: str, paragraph: Region, quoted: list[Quoted]) -> list[Region]:
    """The sentences of a paragraph; quotation marks are never torn apart.

    ``“A. B,” she said. “C.”`` has two sentences: the quotation with its attribution, and the quotation after it.
    """
    masked = mask(text, paragraph, quoted)
    ends = {span.region.end - paragraph.start for span in quoted}
    regions: list[Region] = []
    start = 0
    for match in _SENTENCE_END.finditer(masked):
        end = match.end()
        if masked[end - 1] == MASK and end not in ends:
            continue
        if _is_break(text, masked, match, paragraph.start):
            regions.append(Region(paragraph.start + start, paragraph.start + end))
            start = end + len(masked[end:]) - len(masked[end:].lstrip())
    if start < len(masked):
        regions.append(Region(paragraph.start + start, paragraph.end))
    return regions


def _is_break(text: str, masked: str, match: re.Match[str], offset: int) -> bool:
    following = masked[match.end() :].lstrip()
    first = following[:1]
    if match.group()[0] == MASK:
        inside = text[offset + match.end() - 2 : offset + match.end() - 1]
        return inside in ".!?…" and (first.isupper() or first == MASK) and not _attributes(following)
    if not (first.isupper() or first.isdigit() or first in f"{MASK}(["):
        return False
    if "." not in match.group():
        return True
    return not _ABBREVIATION.search(masked[max(0, match.start() - 12) : match.start() + 1])


def _attributes(following: str) -> bool:
    """Whether what follows a finished quotation is its attribution: a name or title and a verb of speech at once."""
    return bool(
        re.match(
            r"(?:[A-Z][\w.’'-]*\s+){1,4}(?:said|says|asked|wrote|told|added)\s*(?:[.,:]|$|on\b|in\b|at\b)", following
        )
    )


class Sections:
    """Which paragraph (or sentence) an offset lies in."""

    def __init__(self, regions: list[Region]) -> None:
        self.regions = regions
        self._starts = [region.start for region in regions]

    def index(self, offset: int) -> int:
        """Number of the region that begins at or before the offset (0 where none does)."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def at(self, offset: int) -> Region:
        """The region itself."""
        return self.regions[self.index(offset)]
