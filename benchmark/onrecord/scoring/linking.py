"""Linking: which entry of the knowledge base each mention stands for, or that there is none.

Conventions
-----------
A mention is its exact (start, end); its link is its own or else its chain's, and an empty link is none. All kinds of
mention count: a pronoun is linked by its chain. A mention that could not be grounded matches nothing and is a false
positive where it has a link. Predictions of a type that the dataset does not annotate are set aside. Mentions of the
same span (one article may have several, and a prediction may repeat itself) are matched one to one: first those with
equal links, then the others.

Measures
--------
In the manner of TAC-KBP's entity linking (Ji et al., 2010), where mentions with an entry and without one (NIL) are
looked at apart:

* ``linking/in-kb``: multiset intersection of (start, end, link) over predicted and over gold mentions with a link;
  label ``matched`` has its accuracy: of the matched mentions that gold links, those with the right link.
* ``linking/nil``: of the matched mentions that gold leaves without a link, those that the prediction leaves without
  one. Only mentions whose chain has a name count: no knowledge base is asked about a chain of nominals and pronouns.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from onrecord.columns import Chains, Coded, Ints, Mentions, take
from onrecord.scoring.arrays import first_rows
from onrecord.scoring.assignment import Mask
from onrecord.scoring.coreference import outside_types
from onrecord.scoring.coreference_chains import (
    annotated_types,
    chain_numbers,
    chain_rows,
    is_name,
    no_mentions,
    span_codes,
)
from onrecord.scoring.task import Task

#: Codes of a mention without a link: one that may be scored, and one of a gold chain without a name.
_NIL: Final = 0
_NAMELESS: Final = 1
_FIRST_LINK: Final = 2


def evaluate(task: Task) -> None:
    """Adds the two measures to the tally."""
    gold = _distinct(task.gold.mentions or no_mentions())
    answers = annotated_types(task.answers.mentions or no_mentions(), outside_types(task))
    span, span_given = span_codes(gold, answers)
    link, link_given = links(gold, task.gold.chains, answers, task.answers.chains)
    link[(link == _NIL) & ~_named(gold, span)] = _NAMELESS
    linked, linked_given = link >= _FIRST_LINK, link_given >= _FIRST_LINK
    right, matched = match(span, link, span_given, link_given)
    hits = right & linked
    task.builder.add(
        "linking/in-kb",
        p_num=gold.article[hits],
        p_den=answers.article[linked_given],
        r_num=gold.article[hits],
        r_den=gold.article[linked],
    )
    task.builder.add("linking/in-kb", "matched", r_num=gold.article[hits], r_den=gold.article[matched & linked])
    nil = link == _NIL
    task.builder.add("linking/nil", r_num=gold.article[right & nil], r_den=gold.article[matched & nil])
    _report(task, span_given[linked_given], link_given[linked_given])


def links(gold: Mentions, chains: Chains | None, answers: Mentions, answer_chains: Chains | None) -> tuple[Ints, Ints]:
    """The link of each mention in codes that both sides share; ``_NIL`` where there is none.

    Args:
        gold: (n,) gold mentions.
        chains: The chains that may have their links.
        answers: (m,) predicted mentions.
        answer_chains: Likewise.

    Returns:
        (n,) and (m,) codes.
    """
    number: dict[str, int] = {}

    def codes(column: Coded) -> Ints:
        table = [number.setdefault(value, len(number) + _FIRST_LINK) if value else _NIL for value in column.values]
        return np.asarray([*table, _NIL], dtype=np.int64)[column.codes]

    def of(mentions: Mentions, table: Chains | None) -> Ints:
        own = codes(mentions.link)
        row = chain_rows(mentions, table)
        if table is None or not len(table.article):
            return own
        return np.where((own == _NIL) & (row >= 0), codes(table.link)[row], own)

    return of(gold, chains), of(answers, answer_chains)


def match(span: Ints, link: Ints, span_given: Ints, link_given: Ints) -> tuple[Mask, Mask]:
    """Matches mentions of equal span, those with equal links first, then gold's linked ones before the others.

    Args:
        span: (n,) codes of gold's spans, all of them >= 0.
        link: (n,) codes of their links.
        span_given: (m,) codes of the predicted spans, below 0 where there is none.
        link_given: (m,) codes of their links.

    Returns:
        (n,) bool each: gold mentions matched with their own link, and gold mentions matched at all.

    >>> right, matched = match(np.array([7, 8, 9]), np.array([2, 3, 0]), np.array([7, 8]), np.array([2, 0]))
    >>> right.tolist(), matched.tolist()
    ([True, False, False], [True, True, False])
    """
    size = 1 + max(int(link.max(initial=0)), int(link_given.max(initial=0)))
    _, dense = np.unique(np.concatenate([span, span_given]), return_inverse=True)
    here, there = dense[: len(span)], dense[len(span) :]
    pair, pair_given = here * size + link, there * size + link_given
    right = _place(pair) < _count(pair, pair_given)
    # Of the mentions that are left, as many are matched as the other side has left.
    spare = _count(np.arange(int(dense.max(initial=-1)) + 1), there)
    np.subtract.at(spare, here[right], 1)
    rest = np.flatnonzero(~right)
    order = rest[np.lexsort((link[rest] == _NAMELESS, link[rest] < _FIRST_LINK, here[rest]))]
    matched = right.copy()
    matched[order] = _place(here[order]) < spare[here[order]]
    return right, matched


def _distinct(gold: Mentions) -> Mentions:
    """Gold without its duplicates: mentions equal in span, type, kind, chain and link count once."""
    kind = np.where(is_name(gold), -1, gold.kind.codes)
    span, _ = span_codes(gold, no_mentions())
    if len(np.unique(span)) == len(span):
        return gold
    return take(gold, np.sort(first_rows(span, gold.type.codes, kind, gold.entity.codes, gold.link.codes)))


def _named(mentions: Mentions, span: Ints) -> Mask:
    """(n,) bool: whether the chain of each mention has a name."""
    chain, article = chain_numbers(mentions, span)
    named = np.zeros(len(article), dtype=np.bool_)
    named[chain[is_name(mentions)]] = True
    return named[chain]


def _place(keys: Ints) -> Ints:
    """(n,) how many earlier rows have the same key."""
    order = np.argsort(keys, kind="stable")
    first = np.flatnonzero(np.diff(keys[order], prepend=np.min(keys, initial=0) - 1))
    sizes = np.diff(first, append=len(keys))
    place = np.empty(len(keys), dtype=np.int64)
    place[order] = np.arange(len(keys)) - np.repeat(first, sizes)
    return place


def _count(keys: Ints, others: Ints) -> Ints:
    """(n,) how many of the others have each key."""
    known = np.sort(others)
    return np.searchsorted(known, keys, "right") - np.searchsorted(known, keys, "left")


def _report(task: Task, span: Ints, link: Ints) -> None:
    placed = span >= 0
    pairs = np.stack([span[placed], link[placed]], axis=1)
    surplus = len(pairs) - len(np.unique(pairs, axis=0))
    if surplus:
        task.reports.append(f"{surplus} linked mentions that the same line has already; they are surplus in linking")
