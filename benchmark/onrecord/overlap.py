"""Sequences of words that articles share: nothing that one story says may give another one away.

Conventions
-----------
- Words are maximal runs of letters, digits and apostrophes, in small letters; punctuation and paragraph ends do not
  interrupt a sequence.
- A *run* is a longest sequence of at least ``length`` words that two articles have in common. One that holds an
  excepted word (``anonymity``: the formula of anonymous sources) is allowed.
- Between stories no other run is allowed. Within a story outlets may quote the same words: what is quoted in both
  articles is taken out of the run, and a piece of at least ``length`` words that remains is reported. So the "he said"
  after a shared quotation is no fault, and a shared sentence of the articles' own is one.
- Quoted is what stands between quotation marks (a mark that is never closed quotes to the end of its paragraph) and,
  for articles that are annotated, what is the content of a quote, direct or not.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from onrecord.model import AnnotatedArticle
from onrecord.systems.text import paragraphs, quoted_spans

LENGTH: Final = 8
EXCEPTED: Final = frozenset({"anonymity"})

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Run:
    """A run of words that two articles share and must not.

    Attributes:
        first, second: Ids of the articles, in order of id.
        words: The words, in small letters.
        at: Offsets of the run in the first and in the second article, code points.
        same_story: Whether both belong to one story (then it is quoted in at most one of them).
    """

    first: str
    second: str
    words: str
    at: tuple[int, int]
    same_story: bool

    def __str__(self) -> str:
        why = "in one story, not quoted in both" if self.same_story else "in different stories"
        return f"{self.first}:{self.at[0]} and {self.second}:{self.at[1]}, {why}: {self.words}"


class _Words:
    """An article as words with their places, and which of them are quoted."""

    def __init__(self, item: AnnotatedArticle) -> None:
        self.article = item.article
        text = item.article.text
        found = list(_WORD.finditer(text))
        self.words = [match[0].lower().replace("’", "'") for match in found]
        self.places = [match.start() for match in found]
        regions = [tuple(span.region) for part in paragraphs(text) for span in quoted_spans(text, part)]
        contents = [part for quote in item.labels.quotes or () for part in quote.content]
        regions += [(part.start, part.end) for part in contents if part.start is not None and part.end is not None]
        self.quoted = [False] * len(found)
        for start, end in regions:
            for at in range(bisect_left(self.places, start), bisect_left(self.places, end)):
                self.quoted[at] = True


def shared_runs(
    articles: Iterable[AnnotatedArticle], *, length: int = LENGTH, excepted: Set[str] = EXCEPTED
) -> list[Run]:
    """All runs that are not allowed, in order of articles and places.

    Args:
        articles: The articles, annotated or not; one without a story is a story by itself.
        length: Number of words from which on a sequence counts.
        excepted: Words that make a run allowed.

    Raises:
        ValueError: ``length`` is below 1.
    """
    if length < 1:
        raise ValueError("a sequence has at least one word")
    texts = [_Words(item) for item in sorted(articles, key=lambda item: item.article.id)]
    where: defaultdict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    for number, text in enumerate(texts):
        for at in range(len(text.words) - length + 1):
            where[tuple(text.words[at : at + length])].append((number, at))
    starts: defaultdict[tuple[int, int], set[tuple[int, int]]] = defaultdict(set)
    for places in where.values():
        for (one, here), (other, there) in combinations(places, 2):
            if one != other:
                starts[one, other].add((here, there))
    runs: list[Run] = []
    for (one, other), found in sorted(starts.items()):
        first, second = texts[one], texts[other]
        story = first.article.story
        same = story is not None and story == second.article.story
        for here, there, size in _maximal(found, length):
            if not excepted.isdisjoint(first.words[here : here + size]):
                continue
            pieces = _unquoted(first, second, (here, there), size) if same else [(0, size)]
            for begin, end in pieces:
                if end - begin >= length:
                    words = " ".join(first.words[here + begin : here + end])
                    offsets = (first.places[here + begin], second.places[there + begin])
                    runs.append(Run(first.article.id, second.article.id, words, offsets, same))
    return runs


def _maximal(found: set[tuple[int, int]], length: int) -> Sequence[tuple[int, int, int]]:
    """Sequences that go on in both articles, put together: place in each and number of words."""
    runs: list[tuple[int, int, int]] = []
    for here, there in sorted(found):
        if (here - 1, there - 1) in found:
            continue
        size = length
        while (here + size - length + 1, there + size - length + 1) in found:
            size += 1
        runs.append((here, there, size))
    return runs


def _unquoted(first: _Words, second: _Words, at: tuple[int, int], size: int) -> list[tuple[int, int]]:
    """The pieces of a run that are not quoted in both articles: first word and end, counted from the run's start."""
    here, there = at
    pieces: list[tuple[int, int]] = []
    for number in range(size):
        if first.quoted[here + number] and second.quoted[there + number]:
            continue
        if pieces and pieces[-1][1] == number:
            pieces[-1] = (pieces[-1][0], number + 1)
        else:
            pieces.append((number, number + 1))
    return pieces
