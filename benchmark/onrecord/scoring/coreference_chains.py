"""Which mention is in which chain: the two sides that the coreference measures compare.

Conventions
-----------
A mention is its exact (start, end); type, kind and text play no part. The rules that make every mention stand once:

* A mention repeated in its chain counts once, and is reported.
* A mention in two chains stays in the one with more mentions; among equals in the one whose mentions come first in the
  text. It leaves the other, and is reported. (The CoNLL scorer keeps the chain that the file opens first, and stops at
  the eleventh such mention; ours depends on content alone.)
* A mention without a chain id is a chain of its own, as the system says that it corefers with nothing.
* A mention that could not be grounded is a mention of its chain that gold does not have.
* A prediction of a type that the dataset does not annotate (``Task.outside``) is set aside.

The dataset annotates nominals and pronouns only for entities that have a name in the article, speak or hold a stance.
So chains without a mention of kind ``name`` (or of no kind), a quote or a stance are set aside, in gold and, by the
prediction's own names, quotes and stances, in predictions: no look at gold decides which predictions count. (A system
that gives no kinds has names only. One that gives kinds and looks for no quotes has no chains of unnamed speakers.)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from onrecord.columns import Chains, Coded, Columns, Ints, Mentions, take
from onrecord.scoring.arrays import number
from onrecord.scoring.assignment import Mask


@dataclass(frozen=True, slots=True)
class Side:
    """Gold's or a prediction's chains.

    Attributes:
        article: (k,) article of each chain.
        own: (k,) bool: whether the chain has a name, a quote or a stance.
        span: (n,) code of each mention's (article, start, end), negative where it was not grounded; none stands twice.
        chain: (n,) chain of each mention, from 0 to k - 1.
        repeated: Mentions that their chain had already.
        contested: Mentions that another chain has too.
    """

    article: Ints
    own: Mask
    span: Ints
    chain: Ints
    repeated: int = 0
    contested: int = 0

    @property
    def size(self) -> Ints:
        """(k,) number of mentions of each chain; 0 where all of them went to other chains."""
        return np.bincount(self.chain, minlength=len(self.article))


def sides(gold: Columns, answers: Columns, outside: Collection[str] = ()) -> tuple[Side, Side]:
    """The chains of both sides, each mention once.

    Args:
        gold: Its mentions, quotes and stances.
        answers: Likewise.
        outside: Types that are set aside when predicted.
    """
    right, given = gold.mentions or no_mentions(), annotated_types(answers.mentions or no_mentions(), outside)
    spans, spans_given = span_codes(right, given)
    return _side(gold, right, spans), _side(answers, given, spans_given)


def span_codes(gold: Mentions, answers: Mentions) -> tuple[Ints, Ints]:
    """One number for each (article, start, end) of two sides; numbers grow with article, start and end.

    Returns:
        (n,) and (m,); below 0 and different from all others where a mention was not grounded.
    """
    size = 1 + max(int(gold.article.max(initial=-1)), int(answers.article.max(initial=-1)))
    width = np.ones(size, dtype=np.int64)
    for side in (gold, answers):
        np.maximum.at(width, side.article, side.end + 1)
    first = np.cumsum(width * width) - width * width

    def codes(side: Mentions) -> Ints:
        wide = width[side.article]
        placed = first[side.article] + side.start * wide + side.end
        return np.where(side.start >= 0, placed, -1 - np.arange(len(placed)))

    return codes(gold), codes(answers)


def chain_numbers(mentions: Mentions, span: Ints) -> tuple[Ints, Ints]:
    """Numbers the chains of all articles; a mention without a chain id is a chain of its own.

    Args:
        mentions: (n,) mentions.
        span: (n,) codes of their spans.

    Returns:
        Chain of each mention (n,), and article of each chain (k,). Chains are numbered as their first mentions stand.
    """
    entity = mentions.entity.codes
    loose = np.flatnonzero(entity < 0)
    keys = mentions.article * (len(mentions.entity.values) + 1) + entity
    if len(loose):
        _, alone = np.unique(span[loose], return_inverse=True)
        keys[loose] = -1 - alone
    _, any_row, chain = np.unique(keys, return_index=True, return_inverse=True)
    # The names of chains must decide nothing.
    first = np.full(len(any_row), np.iinfo(np.int64).max)
    np.minimum.at(first, chain, np.where(span >= 0, span, first[chain]))
    order = np.argsort(first, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return place[chain], mentions.article[any_row[order]]


def is_name(mentions: Mentions) -> Mask:
    """(n,) bool: whether each mention is a name; one without a kind is."""
    return among(mentions.kind, ("name",)) | (mentions.kind.codes < 0)


def among(column: Coded, values: Collection[str]) -> Mask:
    """(n,) bool: whether each string is one of some values; null is none."""
    known: Mask = np.asarray([*(value in values for value in column.values), False], dtype=np.bool_)
    return known[column.codes]


def annotated_types(mentions: Mentions, outside: Collection[str]) -> Mentions:
    """The mentions whose type the dataset annotates, or does not know."""
    aside = among(mentions.type, outside)
    return take(mentions, np.flatnonzero(~aside)) if aside.any() else mentions


def chain_rows(mentions: Mentions, chains: Chains | None) -> Ints:
    """(n,) row in the table of chains that each mention's chain id names; -1 where there is none."""
    if chains is None or not len(chains.article):
        return np.full(len(mentions.article), -1, dtype=np.int64)
    numbers = number([(chains.article, chains.id)])
    row = np.full(len(numbers) + 1, -1, dtype=np.int64)
    row[numbers.find(chains.article, chains.id)] = np.arange(len(chains.article))
    row[-1] = -1
    return row[numbers.find(mentions.article, mentions.entity)]


def _side(columns: Columns, mentions: Mentions, span: Ints) -> Side:
    chain, article = chain_numbers(mentions, span)
    own = np.zeros(len(article), dtype=np.bool_)
    own[chain[is_name(mentions) | _acts(columns, mentions)]] = True
    order = np.argsort(span, kind="stable")
    if not (span[order[1:]] == span[order[:-1]]).any():
        return Side(article, own, span, chain)
    order = np.lexsort((chain, span))
    same_span = np.diff(span[order], prepend=span[order[0]] - 1) == 0
    same_chain = np.diff(chain[order], prepend=-1) == 0
    kept = order[~(same_span & same_chain)]
    lost = _contested(span[kept], chain[kept], own)
    kept_once = np.delete(kept, lost)
    return Side(article, own, span[kept_once], chain[kept_once], len(order) - len(kept), len(lost))


def _acts(columns: Columns, mentions: Mentions) -> Mask:
    """(n,) bool: whether the mention's chain speaks or holds a stance."""
    acting = []
    if columns.quotes is not None:
        acting.append((columns.quotes.article, columns.quotes.speaker))
    if columns.stances is not None:
        acting.append((columns.stances.article, columns.stances.holder))
    found: Mask = number(acting).find(mentions.article, mentions.entity) >= 0
    return found


def _contested(span: Ints, chain: Ints, own: Mask) -> Ints:
    """Rows that leave their chain because a better one has the same mention.

    Args:
        span: (n,) sorted.
        chain: (n,) chains; no (span, chain) stands twice.
        own: (k,) see :class:`Side`.
    """
    again = np.diff(span, prepend=span[0] - 1) == 0
    several = np.flatnonzero(again | np.append(again[1:], False))
    if not len(several):
        return several
    shared = np.split(several, np.flatnonzero(np.diff(span[several])) + 1)
    involved = {int(one) for group in shared for one in chain[group]}
    members: dict[int, list[int]] = defaultdict(list)
    for row in np.flatnonzero(np.isin(chain, list(involved))).tolist():
        members[int(chain[row])].append(int(span[row]))
    # Two chains that agree in all of this are alike in everything that is scored.
    rank = {
        one: (-len(spans), [code for code in spans if code >= 0], not own[one], one) for one, spans in members.items()
    }
    lost: list[int] = []
    for group in shared:
        best = min(chain[group].tolist(), key=rank.__getitem__)
        lost += group[chain[group] != best].tolist()
    return np.asarray(lost, dtype=np.int64)


def no_mentions() -> Mentions:
    """A layer without a row: no line has found anything."""
    none, blank = np.zeros(0, dtype=np.int64), Coded(np.zeros(0, dtype=np.int64), ())
    return Mentions(none, none, none, blank, blank, blank, blank, blank)
