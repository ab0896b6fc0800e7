"""Where a text stands in an article, and who gets which of its places."""

from __future__ import annotations

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from onrecord.columns import UNGROUNDED
from onrecord.predictions.fold import Folded, fold, fold_with_places

#: Share of characters in common from which a text counts as found approximately.
_ALIKE: Final = 0.85
_WORD: Final = re.compile(r"\w+|[^\w\s]")


class Place(NamedTuple):
    """A stretch of the text, or ``UNGROUNDED``."""

    start: int
    end: int
    how: str = "offsets"

    @property
    def found(self) -> bool:
        """Whether it is anywhere."""
        return self.start >= 0


class Wanted(NamedTuple):
    """An answer that gives text.

    Attributes:
        row: Where it stands in its frame.
        text: What to find.
        context: The words before it, or None.
        attributes: What else it says, serialised.
        label: Its own id, which orders answers that are equal in everything else.
    """

    row: int
    text: str
    context: str | None
    attributes: str
    label: str = ""


NOWHERE: Final = Place(UNGROUNDED, UNGROUNDED, "failed")


@dataclass
class Finder:
    """Searches one article.

    Attributes:
        text: Its text.
        fuzzy: Whether to find texts approximately where nothing else helps.
    """

    text: str
    fuzzy: bool = False

    def __post_init__(self) -> None:
        self._known: dict[str, list[Place]] = {}

    @cached_property
    def folded(self) -> Folded:
        """The text folded."""
        return fold_with_places(self.text)

    def share(self, wanted: Iterable[Wanted], taken: set[tuple[int, int]], counts: dict[str, int]) -> dict[int, Place]:
        """Deals places out to answers, one each.

        Args:
            wanted: The answers of one layer.
            taken: Places that answers with offsets have.
            counts: Receives how each was found.
        """
        groups: dict[str, list[Wanted]] = defaultdict(list)
        for answer in wanted:
            groups[fold(answer.text)].append(answer)
        placed: dict[int, Place] = {}
        for group in groups.values():
            used = set(taken)
            ambiguous = _ambiguous(group)
            group.sort(key=_order)
            waiting = []
            for answer in group:
                free = [place for place in self.places(answer.text, answer.context) if place[:2] not in used]
                if answer.context is None and free and free[0].how != "exact":
                    waiting.append(answer)  # Others of this group may stand there exactly.
                    continue
                placed[answer.row] = self._settle(free, used)
            for answer in waiting:
                free = [place for place in self.places(answer.text, answer.context) if place[:2] not in used]
                placed[answer.row] = self._settle(free, used)
            for answer in group:
                _count(counts, placed[answer.row])
                if answer.row in ambiguous and placed[answer.row].found:
                    counts["ambiguous"] += 1
        return placed

    def nearest(self, text: str, context: str | None, anchors: Sequence[Place], counts: dict[str, int]) -> Place:
        """The place of a text nearest to others.

        Args:
            text: What to find.
            context: The words before it, or None.
            anchors: Where to be near; the first place of the text if there are none.
            counts: Receives how it was found.
        """
        near = [anchor for anchor in anchors if anchor.found]

        def badness(place: Place) -> tuple[bool, bool, int, int]:
            inside = any(place.start < anchor.end and anchor.start < place.end for anchor in near)
            gap = min((max(place.start - anchor.end, anchor.start - place.end, 0) for anchor in near), default=0)
            return inside, place.how != "exact", gap, place.start

        best = min(self.places(text, context), key=badness, default=NOWHERE)
        _count(counts, best)
        return best

    def places(self, text: str, context: str | None = None) -> list[Place]:
        """All places of a text, exact ones first, each kind from the left."""
        text = text.strip()
        if not text:
            return []
        if text not in self._known:
            self._known[text] = self._search(text)
        every = self._known[text]
        if not context or not context.strip():
            return every
        return [place for place in every if self._follows(place, context)]

    def _search(self, text: str) -> list[Place]:
        exact = [Place(start, start + len(text), "exact") for start in _starts(self.text, text)]
        found = {place[:2] for place in exact}
        needle, folded = fold(text), []
        for start in _starts(self.folded.text, needle) if needle else ():
            place = self._original(start, start + len(needle))
            if place[:2] not in found:
                found.add(place[:2])
                folded.append(place)
        whole = [place for place in (*exact, *folded) if self._is_whole(place)]
        every = whole or [*exact, *folded]
        return every if every or not self.fuzzy else self._approximate(needle)

    def _original(self, start: int, end: int, how: str = "folded") -> Place:
        """A stretch of the folded text in the original."""
        first, last = int(self.folded.places[start]), int(self.folded.places[end])
        if last <= int(self.folded.places[end - 1]):
            last = int(self.folded.places[end - 1]) + 1  # Ends within a letter that folds to two.
        while last > first + 1 and self.text[last - 1].isspace():
            last -= 1
        return Place(first, last, how)

    def _is_whole(self, place: Place) -> bool:
        """Whether the place does not begin or end inside a word."""
        text, start, end = self.text, place.start, place.end
        cut_before = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
        cut_after = end < len(text) and text[end].isalnum() and text[end - 1].isalnum()
        return not (cut_before or cut_after)

    def _follows(self, place: Place, context: str) -> bool:
        """Whether the words before a place are the context; a quotation mark may stand between."""
        before = fold(self.text[max(0, place.start - 4 * len(context) - 40) : place.start])
        wanted = fold(context)
        return before.endswith(wanted) or before.rstrip('" ').endswith(wanted)

    def _approximate(self, needle: str) -> list[Place]:
        """The stretch of words most alike, if it is alike enough; of equals the first."""
        words = [match.span() for match in _WORD.finditer(self.folded.text)]
        own = _WORD.findall(needle)
        if not own or not words:
            return []
        there = [self.folded.text[start:end] for start, end in words]
        size, counted = len(own), Counter(own)
        windows = []
        for length in {max(1, size - 1), size, size + 1}:
            for first in range(len(words) - length + 1):
                common = sum((counted & Counter(there[first : first + length])).values())
                if common * 2 >= size or size <= 2:
                    windows.append((-common, first, length))
        matcher = difflib.SequenceMatcher(autojunk=False)
        matcher.set_seq2(needle)
        best, found = _ALIKE, None
        for _, first, length in sorted(windows)[:50] if size > 2 else sorted(windows):
            start, end = words[first][0], words[first + length - 1][1]
            matcher.set_seq1(self.folded.text[start:end])
            if matcher.real_quick_ratio() >= best and matcher.ratio() > best:
                best, found = matcher.ratio(), (start, end)
        return [] if found is None else [self._original(*found, "fuzzy")]

    @staticmethod
    def _settle(free: Sequence[Place], used: set[tuple[int, int]]) -> Place:
        if not free:
            return NOWHERE
        used.add(free[0][:2])
        return free[0]


def _order(answer: Wanted) -> tuple[bool, str, str, str, str]:
    return answer.context is None, answer.text, answer.context or "", answer.attributes, answer.label


def _starts(text: str, needle: str) -> Iterable[int]:
    """Where a needle stands, places that overlap left out."""
    start = text.find(needle)
    while start >= 0:
        yield start
        start = text.find(needle, start + len(needle))


def _ambiguous(group: Sequence[Wanted]) -> set[int]:
    """Rows of answers that nothing but the order of their attributes tells apart."""
    by_text: dict[str, list[Wanted]] = defaultdict(list)
    for answer in group:
        if answer.context is None:
            by_text[answer.text].append(answer)
    return {
        answer.row
        for answers in by_text.values()
        if len({answer.attributes for answer in answers}) > 1
        for answer in answers
    }


def _count(counts: dict[str, int], place: Place) -> None:
    counts[place.how] = counts.get(place.how, 0) + 1
