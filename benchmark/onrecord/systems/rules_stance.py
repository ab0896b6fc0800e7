"""Stance by word overlap and cue verbs: a floor, with no understanding behind it.

A quotation addresses a claim if it shares enough of the claim's content words (stemmed; rare words count more). Its speaker then
supports the claim, unless the cue is one of denial or opposition, or one of the two is negated and the other is not.
"""

# A pattern broken over lines is harder to read than a long line.
# ruff: noqa: E501

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from onrecord.model import Claim, StanceLabel
from onrecord.systems.cue_words import NEGATION

_WORD: Final = re.compile(r"[^\W\d_]{3,}|\d+")
_STOP: Final = frozenset(
    [
        "the",
        "and",
        "that",
        "this",
        "with",
        "for",
        "from",
        "was",
        "were",
        "are",
        "has",
        "have",
        "had",
        "been",
        "will",
        "would",
        "could",
        "should",
        "its",
        "their",
        "his",
        "her",
        "they",
        "them",
        "who",
        "which",
        "what",
        "when",
        "where",
        "not",
        "but",
        "all",
        "any",
        "can",
        "did",
        "does",
        "than",
        "then",
        "there",
        "these",
        "those",
        "into",
        "over",
        "under",
        "about",
        "after",
        "before",
        "more",
        "most",
        "some",
        "such",
        "only",
        "also",
        "said",
        "says",
        "say",
        "be",
        "is",
        "it",
        "he",
        "she",
        "we",
        "our",
        "you",
        "your",
    ]
)
DENIES: Final = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|reject\w*|oppos\w*|disput\w*|dismiss\w*|criticis\w*|criticiz\w*|condemn\w*|refus\w*|doubt\w*"
    r"|attack\w*|denounc\w*|blam\w*|disagree\w*|protest\w*|refut\w*|contest\w*|challeng\w*|question\w*|fear\w*)\b",
    re.IGNORECASE,
)
AGAINST: Final = re.compile(
    r"\b(?:false|wrong|untrue|nonsense|lie|lies|mislead\w*|myth|rubbish|no evidence|never|not|nobody|nothing|cannot|\w+n['’]t|without|against|stop|ban|halt|unsafe|fail\w*|oppose\w*|reject\w*|neither|nor|no)\b",
    re.IGNORECASE,
)
UNDECIDED: Final = re.compile(
    r"\b(?:take no side|no view|not (?:yet )?(?:formed|decided|taken)|too early|wait for|premature|remain neutral|no position|undecided|neither (?:endorsed|supported|confirmed)|keep an open mind|not for (?:us|me) to)\b",
    re.IGNORECASE,
)
#: Share of a claim's weight that a quotation must cover to address it.
ADDRESSES: Final = 0.34


@dataclass(frozen=True, slots=True)
class Said:
    """What the stance rules need of one quotation.

    Attributes:
        id: Quote id.
        holder: Key of the speaker.
        words: The content.
        cue: The words of the cue, or "".
    """

    id: str
    holder: str
    words: str
    cue: str


@dataclass(frozen=True, slots=True)
class Position:
    """A holder's stance on a claim, with the quotations that show it."""

    holder: str
    claim: str
    label: StanceLabel
    earlier: StanceLabel | None
    evidence: tuple[str, ...]


def stem(word: str) -> str:
    """A crude stem: plural and verb endings off."""
    word = word.casefold()
    for ending in ("ations", "ation", "ings", "ing", "edly", "ed", "ers", "er", "ies", "es", "s", "ly", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def content_words(text: str) -> set[str]:
    """Stems of the words that carry content."""
    return {stem(word) for word in _WORD.findall(text) if word.casefold() not in _STOP}


def positions(claims: Sequence[Claim], said: Sequence[Said]) -> list[Position]:
    """The positions that the quotations show, in order of claim and first evidence."""
    spoken = [content_words(item.words) for item in said]
    spread = Counter(word for words in spoken for word in words)
    found: defaultdict[tuple[str, str], list[tuple[str, StanceLabel]]] = defaultdict(list)
    for claim in claims:
        wanted = content_words(claim.text)
        weights = {word: 1 / (1 + math.log1p(spread[word])) for word in wanted}
        total = sum(weights.values())
        for item, words in zip(said, spoken, strict=True):
            shared = wanted & words
            if total and len(shared) >= 2 and sum(weights[word] for word in shared) >= ADDRESSES * total:
                found[claim.id, item.holder].append((item.id, label(claim.text, item)))
    return [_settled(claim, holder, shown) for (claim, holder), shown in found.items()]


def label(claim: str, item: Said) -> StanceLabel:
    """How one quotation that addresses a claim stands to it."""
    if UNDECIDED.search(item.words) or UNDECIDED.search(item.cue):
        return "neutral"
    against = bool(DENIES.search(item.cue)) != bool(NEGATION.search(item.cue) and not DENIES.search(item.cue))
    against ^= bool(AGAINST.search(item.words))
    against ^= bool(AGAINST.search(claim))
    return "opposes" if against else "supports"


def _settled(claim: str, holder: str, shown: list[tuple[str, StanceLabel]]) -> Position:
    counted = Counter(label for _, label in shown)
    best = max(counted, key=lambda name: (counted[name], name == shown[-1][1]))
    return Position(holder, claim, best, None, tuple(quote for quote, label in shown if label == best))


def for_row(claim: str, holder_said: Sequence[Said]) -> StanceLabel:
    """The answer to a given row: the holder is known to address the claim, so the nearest quotation decides.

    A holder without any quotation, or without one that shares a word with the claim, gets ``supports``: claims are worded
    after what somebody in the story says.
    """
    wanted = content_words(claim)
    ranked = [(len(wanted & content_words(item.words)), item) for item in holder_said]
    best = max((count for count, _ in ranked), default=0)
    if not best:
        return "supports"
    votes = Counter(label(claim, item) for count, item in ranked if count == best)
    return max(votes, key=lambda name: (votes[name], name))
