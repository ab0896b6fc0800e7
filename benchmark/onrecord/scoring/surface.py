"""Spans as tokens, and spans without what does not matter at their edges: many texts read at once.

Conventions
-----------
*Tokens* are maximal runs of word characters (letters, digits, ``_``); every other character that is not white space is
one by itself. A span has the tokens with which it shares a character, as a range ``[low, high)`` of token numbers.
*Visible* characters are those that are not white space. They are numbered too, so that spans that differ in white space
only have equal ranges. Numbers run on from text to text: ranges of different articles never overlap.

*Edges* are quotation marks and other punctuation (Unicode's P, without signs that belong to a word or number such as
``%``, ``#``, ``@``), grave and acute accents used as marks, and invisible format characters. ``Reading.trimmed`` takes
them off a range's two ends, and off the front of some a leading "that" which white space, a comma or a colon follows.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from onrecord.columns import Ints
from onrecord.predictions.texts import Texts
from onrecord.scoring.assignment import Mask

_SEEN, _SPACE, _WORD, _EDGE = 1, 2, 4, 8
_KEPT: Final = frozenset("%‰‱&#@*/\\§¶†‡")
_MARKS: Final = frozenset("`´")
#: Characters read in one go.
_BATCH: Final = 1 << 22


@dataclass(frozen=True)
class Reading:
    """Spans of some texts.

    Attributes:
        tokens: (2, n) token ranges; empty ([0, 0)) for spans that were not found.
        visible: (2, n) ranges of visible characters; likewise.
        runs: (2, r) ranges of visible characters that are edges, sorted and apart.
        that: (t,) visible characters at which a leading "that" begins, sorted.
    """

    tokens: Ints
    visible: Ints
    runs: Ints
    that: Ints

    def trimmed(self, low: Ints, high: Ints, *, leading: Mask | None = None) -> tuple[Ints, Ints]:
        """Ranges of visible characters without edges; one that is nothing else stays as it is.

        Args:
            low: (n,) first visible character.
            high: (n,) behind the last.
            leading: (n,) whether to take off "that" as well; None is everywhere.
        """
        first, last = self._after_edges(low), self._before_edges(high)
        after = self._after_edges(first + 4)
        drop = _among(self.that, first) & (after < last)
        first = np.where(drop if leading is None else drop & leading, after, first)
        bare = first < last
        return np.where(bare, first, low), np.where(bare, last, high)

    def _after_edges(self, low: Ints) -> Ints:
        if not self.runs.shape[1]:
            return low
        run = np.maximum(np.searchsorted(self.runs[0], low, "right") - 1, 0)
        return np.where((self.runs[0][run] <= low) & (low < self.runs[1][run]), self.runs[1][run], low)

    def _before_edges(self, high: Ints) -> Ints:
        if not self.runs.shape[1]:
            return high
        run = np.maximum(np.searchsorted(self.runs[0], high - 1, "right") - 1, 0)
        return np.where((self.runs[0][run] < high) & (high <= self.runs[1][run]), self.runs[0][run], high)


def read(texts: Texts, article: Ints, start: Ints, end: Ints) -> Reading:
    """Reads the texts that have spans.

    Args:
        texts: The articles' texts.
        article: (n,) row of each span's text.
        start: (n,) code points; negative for spans that are absent or were not found.
        end: (n,) code points, exclusive.

    >>> one = np.array([0])
    >>> reading = read(Texts(["He said that “we knew”, twice."]), one, np.array([8]), np.array([23]))
    >>> reading.tokens.T.tolist(), reading.visible.T.tolist()
    ([[2, 8]], [[6, 19]])
    >>> [bound.tolist() for bound in reading.trimmed(*reading.visible)]
    [[11], [17]]
    """
    found = np.flatnonzero((start >= 0) & (end > start))
    found = found[np.argsort(article[found], kind="stable")]
    tokens, visible = (np.zeros((2, len(start)), dtype=np.int64) for _ in range(2))
    runs, that = [np.zeros((2, 0), dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    classes = np.zeros(0x110000, dtype=np.uint8)
    token_base = visible_base = 0
    for rows, places, characters in _batches(texts, article, found):
        some = _classified(characters, classes)
        is_space, is_word = (some & _SPACE) != 0, (some & _WORD) != 0
        goes_on = np.zeros(len(some), dtype=np.bool_)
        goes_on[1:] = is_word[1:] & is_word[:-1]
        seen = _counted(~is_space)
        begun = _counted(~is_space & ~goes_on)
        first, last = start[rows] + places, end[rows] + places
        tokens[:, rows] = token_base + begun[first] - goes_on[first], token_base + begun[last]
        visible[:, rows] = visible_base + seen[first], visible_base + seen[last]
        edge = (some[~is_space] & _EDGE) != 0
        changes = np.flatnonzero(np.diff(edge.astype(np.int8), prepend=0, append=0))
        runs.append(visible_base + changes.reshape(-1, 2).T)
        that.append(visible_base + seen[_that(characters, is_space)])
        token_base, visible_base = token_base + int(begun[-1]), visible_base + int(seen[-1])
    return Reading(tokens, visible, _joined(np.concatenate(runs, axis=1)), np.concatenate(that))


def _batches(texts: Texts, article: Ints, rows: Ints) -> Iterator[tuple[Ints, Ints, npt.NDArray[np.uint32]]]:
    """Some spans, what to add to their offsets, and the characters of their texts behind one another."""
    articles, first = np.unique(article[rows], return_index=True)
    # A line end after each text keeps its last token from growing into the next.
    ends = np.cumsum(texts.lengths[articles] + 1)
    bounds = np.append(first, len(rows))
    low = 0
    while low < len(articles):
        done = int(ends[low - 1]) if low else 0
        high = max(int(np.searchsorted(ends, done + _BATCH)), low + 1)
        whole = "\n".join([*(texts[one] for one in articles[low:high].tolist()), ""])
        characters = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        some = rows[bounds[low] : bounds[high]]
        base = np.concatenate([[0], ends[low : high - 1] - done])
        yield some, base[np.searchsorted(articles[low:high], article[some])], characters
        low = high


def _classified(characters: npt.NDArray[np.uint32], classes: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Class of each character; classes are looked up once a character and kept."""
    found = classes[characters]
    if not found.all():
        for number in np.unique(characters[found == 0]).tolist():
            classes[number] = _class_of(chr(number))
        found = classes[characters]
    return found


def _class_of(character: str) -> int:
    if character.isspace():
        return _SEEN | _SPACE
    if character.isalnum() or character == "_":
        return _SEEN | _WORD
    category = unicodedata.category(character)
    edge = category == "Cf" or character in _MARKS or (category[0] == "P" and character not in _KEPT)
    return _SEEN | (_EDGE if edge else 0)


def _counted(mask: Mask) -> Ints:
    """(n + 1,) how many are true before each place."""
    found = np.zeros(len(mask) + 1, dtype=np.int64)
    np.cumsum(mask, out=found[1:])
    return found


def _that(characters: npt.NDArray[np.uint32], is_space: Mask) -> Ints:
    """Places of "that", in any case, with white space, a comma or a colon behind it."""
    lowered = characters | 0x20
    places: Ints = np.flatnonzero(lowered[:-4] == ord("t"))
    for step, letter in enumerate("hat", start=1):
        places = places[lowered[places + step] == ord(letter)]
    behind = characters[places + 4]
    kept: Ints = places[is_space[places + 4] | (behind == ord(",")) | (behind == ord(":"))]
    return kept


def _joined(runs: Ints) -> Ints:
    """Runs that touch across two batches made one."""
    if not runs.shape[1]:
        return runs
    new = np.flatnonzero(np.append(True, runs[0][1:] > runs[1][:-1]))
    return np.stack([runs[0][new], np.append(runs[1][new[1:] - 1], runs[1][-1])])


def _among(places: Ints, wanted: Ints) -> Mask:
    if not len(places):
        return np.zeros(len(wanted), dtype=np.bool_)
    at = np.minimum(np.searchsorted(places, wanted), len(places) - 1)
    found: Mask = places[at] == wanted
    return found
