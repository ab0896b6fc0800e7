r"""Text folded for comparison: quotation marks, dashes, white space and case made alike, offsets kept.

Folding is what grounding, the check of a span's text and the lookup of names have in common. All quotation marks,
single and double, become one mark (``\\`\\``` and ``''`` too); all dashes, and runs of them, one hyphen; runs of
white space one space; letters their case folding. Invisible characters (soft hyphen, zero-width space) go.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np

from onrecord.columns import Ints

_MARKS: Final = "\"“”„‟«»‹›「」『』'‘’‚‛`´ʼ′″"
_DASHES: Final = "-‐‑‒–—―−﹘﹣－"
_INVISIBLE: Final = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_HIDDEN: Final = re.compile(rf"[{_INVISIBLE}]")
#: Characters that vanish once the invisible have: the second of a pair, the rest of a run.
_GONE: Final = re.compile(rf"(?<=`)`|(?<=')'|(?<=[{_DASHES}])[{_DASHES}]|(?<=\s)\s")
_DETERMINER: Final = re.compile(
    r"(?:the|an?|this|that|these|those|some|any|its|his|her|their|our|my|your)(?=\s)\s*", re.IGNORECASE
)


_SIGNS: Final = {**{ord(mark): '"' for mark in _MARKS}, **{ord(dash): "-" for dash in _DASHES}}


class _Table(dict[int, str]):
    """Translation of characters, filled as characters are met."""

    def __missing__(self, character: int) -> str:
        letter = chr(character)
        folded = " " if letter.isspace() else "".join(_SIGNS.get(ord(part), part) for part in letter.casefold())
        self[character] = folded
        return folded


_TABLE: Final = _Table(_SIGNS)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and where each of its characters stands in the original.

    Attributes:
        text: The folded text.
        places: (len(text) + 1,) offset of each character in the original; the last is the original's length.
    """

    text: str
    places: Ints


def fold(text: str) -> str:
    """The text folded, without white space at its ends."""
    return _GONE.sub("", _HIDDEN.sub("", text)).translate(_TABLE).strip()


def fold_name(text: str) -> str:
    """A name folded, without determiners in front: ``The  Relay`` and ``relay`` are one."""
    folded = fold(text)
    while (match := _DETERMINER.match(folded)) and match.end() < len(folded):
        folded = folded[match.end() :]
    return folded


def fold_with_places(text: str) -> Folded:
    """The text folded, with the way back."""
    places, kept = np.arange(len(text)), text
    for pattern in (_HIDDEN, _GONE):
        places = np.delete(places, [match.start() for match in pattern.finditer(kept)])
        kept = pattern.sub("", kept)
    places = np.append(places, len(text))
    folded = kept.translate(_TABLE)
    if len(folded) != len(kept):
        # A few letters fold to two (ß); both stand where it stood.
        sizes = [len(letter.translate(_TABLE)) for letter in kept]
        places = np.append(np.repeat(places[:-1], sizes), len(text))
    return Folded(folded, places)
