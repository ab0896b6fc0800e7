"""What the two kinds of attribution share: the frame, and the patterns of time, venue and clause end."""

# A pattern broken over lines is harder to read than a long line.
# ruff: noqa: E501

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from onrecord.systems import cue_words as words
from onrecord.systems.text import MASK, Region

M: Final = MASK
TIME: Final = (
    r"(?:(?:late |early |earlier )?(?:on |last |this |next )?(?:late |early )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: (?:morning|afternoon|evening|night))?"
    r"|(?:on )?[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?|yesterday|today|tonight|earlier|later|recently|(?:last|this) (?:week|month|year|night|spring|summer|fall|autumn|winter)"
    r"|in (?:[A-Z][a-z]{2,8} )?\d{4}|in (?:January|February|March|April|May|June|July|August|September|October|November|December)|at the time|again|here|there|afterwards?|then|instead)"
)
_VENUE: Final = rf"(?:(?:in|at|during|on|after|before|through|via|from|to|with|of|about|by|while|as|when|under|over|inside|outside) [^,;:—{M}.]{{2,80}}?)"
#: What may stand between an attribution's verb and the end of its clause.
TAIL: Final = rf"(?: {TIME}| {_VENUE})*"
CUT: Final = re.compile(
    rf",? (?:and|but|while|although|though) (?=(?:(?:also|then|has|have|had|later|even|not) )*(?:{words.alternatives(words.forms('say', 'add', 'deny', 'reject', 'call', 'insist', 'argue', 'warn', 'tell', 'claim', 'urge', 'accuse', 'want', 'vow', 'note', 'promise'))})\b)"
    r"|, (?=(?:adding|saying|arguing|noting|insisting|claiming|calling|citing|warning|telling|according to|urging|accusing|suggesting|explaining)\b)"
    r"|; |(?<=[a-z]), (?=but (?:the|he|she|they|it|[A-Z])\b)"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """One attribution; regions count from the sentence's first character."""

    content: tuple[Region, ...]
    cue: Region | None
    source: Region | None


def end_of_sentence(masked: str) -> int:
    """Where the sentence's last word or mark ends."""
    return len(masked.rstrip())


def cue_region(match: re.Match[str]) -> Region:
    """The words of the cue."""
    return Region(match.start("group"), match.end("group"))
