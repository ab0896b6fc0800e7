"""Coreference: the chains of an article's mentions, by every measure of the field.

The CoNLL-2012 shared task (Pradhan et al., 2012) scores mean F1 of MUC, B³ and CEAFe as its reference scorer v8.01
computes them (Pradhan et al., 2014). All measures here are sums over articles, so that their totals are that scorer's
corpus figures.

Conventions
-----------
What makes a mention and a chain, and which chains count, stands in :mod:`onrecord.scoring.coreference_chains`. The
measures are functions of an ``Overlap``: the sizes of all gold and predicted chains, and for every pair of chains of
one article that share mentions how many they share. With k a gold chain, r a predicted one, c = |k ∩ r| and
C(n) = n(n - 1)/2:

Measures
--------
* ``muc`` (Vilain et al., 1995): Σ (c - 1) over Σ (|k| - 1) and Σ (|r| - 1).
* ``b_cubed`` (Bagga and Baldwin, 1998): recall Σ c²/|k| over gold mentions, precision Σ c²/|r| over predicted mentions.
* ``ceaf`` (Luo, 2005): the one-to-one alignment of chains with the largest Σ φ. CEAFm: φ = c, over mentions. CEAFe:
  φ = 2c/(|k| + |r|), over chains.
* ``blanc`` (Luo et al., 2014): coreference links Σ C(c) over Σ C(|k|) and Σ C(|r|); non-coreference links likewise,
  of the pairs of an article's mentions that are not in one chain. Figures are means of the two kinds that gold has.
* ``lea`` (Moosavi and Strube, 2016): Σ |k| · Σ_r C(c)/C(|k|) over Σ |k|, where a chain of one mention has one link to
  itself, which is found if the mention stands alone on the other side too; precision with the sides changed.

Where v8.01 prints 0 for 0/0 we say undefined: MUC and BLANC of gold without any link. A single mention in the whole
gold has no link of either kind, so BLANC is undefined, where Luo et al. score the mention itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from onrecord.columns import Ints
from onrecord.scoring.coreference_chains import Side, sides
from onrecord.scoring.formulas import Floats
from onrecord.scoring.matching import Graph
from onrecord.scoring.task import Task

#: Sums of whole numbers below 2 to this power are exact in float64.
_SAFE_BITS: Final = 52
#: Articles of items, and what each item counts.
Weighted: TypeAlias = tuple[Ints, Floats]


@dataclass(frozen=True, slots=True)
class Counts:
    """What one measure counts: articles of items with their weights, by the columns of a tally."""

    p_num: Weighted
    p_den: Weighted
    r_num: Weighted
    r_den: Weighted


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two sides' chains and what they share.

    Attributes:
        article: (k,) article of each gold chain.
        size: (k,) its mentions, at least 1.
        answer_article: (r,) article of each predicted chain.
        answer_size: (r,) its mentions, at least 1.
        left: (e,) gold chain of each pair of chains that share a mention.
        right: (e,) its predicted chain.
        shared: (e,) how many they share.
    """

    article: Ints
    size: Ints
    answer_article: Ints
    answer_size: Ints
    left: Ints
    right: Ints
    shared: Ints

    def swapped(self) -> Overlap:
        """Gold and prediction in each other's place."""
        return Overlap(
            self.answer_article, self.answer_size, self.article, self.size, self.right, self.left, self.shared
        )


def evaluate(task: Task) -> None:
    """Adds the six measures to the tally, and what was set aside or repeated to the reports."""
    gold, answers = sides(task.gold, task.answers, outside_types(task))
    overlap, aside = overlap_of(gold, answers)
    measures = {
        "muc": muc(overlap),
        "b-cubed": b_cubed(overlap),
        "lea": lea(overlap),
        **dict(zip(("ceaf-m", "ceaf-e"), ceaf(overlap), strict=True)),
    }
    for name, counts in measures.items():
        _add(task, name, "", counts)
    for kind, counts in zip(("coreferent", "non-coreferent"), blanc(overlap), strict=True):
        _add(task, "blanc", kind, counts)
    for whose, side in (("gold", gold), ("predicted", answers)):
        if side.repeated:
            task.reports.append(f"{side.repeated} {whose} mentions that their chain has already; each counts once")
        if side.contested:
            reason = "that another chain has too; each stays in the larger chain"
            task.reports.append(f"{side.contested} {whose} mentions {reason}")
    for whose, number in zip(("gold", "predicted"), aside, strict=True):
        if number:
            task.reports.append(f"{number} {whose} chains without name, quote or stance are set aside in coreference")


def outside_types(task: Task) -> set[str]:
    """Types to set aside when predicted: those declared as outside, less those that the gold itself annotates."""
    own = task.gold.mentions.type.values if task.gold.mentions else ()
    return set(task.outside) - set(own if task.types is None else task.types)


def overlap_of(gold: Side, answers: Side) -> tuple[Overlap, tuple[int, int]]:
    """What the counted chains of two sides share.

    Args:
        gold: Gold's chains.
        answers: The predicted ones.

    Returns:
        The overlap, and how many gold and predicted chains were set aside.
    """
    _, here, there = np.intersect1d(gold.span, answers.span, assume_unique=True, return_indices=True)
    placed = gold.span[here] >= 0
    here, there = gold.chain[here[placed]], answers.chain[there[placed]]
    pairs, shared = np.unique(here * max(len(answers.article), 1) + there, return_counts=True)
    left, right = np.divmod(pairs, max(len(answers.article), 1))
    size, answer_size = gold.size, answers.size
    counts, answer_counts = gold.own & (size > 0), answers.own & (answer_size > 0)
    kept, answer_kept = np.flatnonzero(counts), np.flatnonzero(answer_counts)
    number, answer_number = np.cumsum(counts) - 1, np.cumsum(answer_counts) - 1
    both = counts[left] & answer_counts[right]
    overlap = Overlap(
        article=gold.article[kept],
        size=size[kept],
        answer_article=answers.article[answer_kept],
        answer_size=answer_size[answer_kept],
        left=number[left[both]],
        right=answer_number[right[both]],
        shared=shared[both],
    )
    aside = int((~gold.own & (size > 0)).sum()), int((~answers.own & (answer_size > 0)).sum())
    return overlap, aside


def muc(overlap: Overlap) -> Counts:
    """MUC (Vilain et al., 1995): links that a spanning tree of each chain needs.

    >>> one, two = np.zeros(1, dtype=np.int64), np.zeros(2, dtype=np.int64)
    >>> abcd_as_ab_cd = Overlap(one, one + 4, two, two + 2, two, np.arange(2), two + 2)
    >>> counts = muc(abcd_as_ab_cd)
    >>> float(counts.r_num[1].sum()), float(counts.r_den[1].sum()), float(counts.p_den[1].sum())
    (2.0, 3.0, 2.0)
    """
    right = _weighted(overlap.article[overlap.left], overlap.shared - 1)
    return Counts(
        right,
        _weighted(overlap.answer_article, overlap.answer_size - 1),
        right,
        _weighted(overlap.article, overlap.size - 1),
    )


def b_cubed(overlap: Overlap) -> Counts:
    """B³ (Bagga and Baldwin, 1998): of each mention, the share of its chain that is right."""
    article = overlap.article[overlap.left]
    square = overlap.shared * overlap.shared
    return Counts(
        (article, square / overlap.answer_size[overlap.right]),
        _weighted(overlap.answer_article, overlap.answer_size),
        (article, square / overlap.size[overlap.left]),
        _weighted(overlap.article, overlap.size),
    )


def ceaf(overlap: Overlap) -> tuple[Counts, Counts]:
    """CEAFm and CEAFe (Luo, 2005): the best one-to-one alignment of chains.

    CEAFm is aligned exactly. The fractions of CEAFe are rounded to as many binary places as leave the sums of an
    article exact in 53 bits; of alignments that agree so far, earlier chains decide.
    """
    graph = Graph(overlap.left, overlap.right)
    article = overlap.article[overlap.left]
    by_mention = graph.best([overlap.shared])
    dice = 2 * overlap.shared / (overlap.size[overlap.left] + overlap.answer_size[overlap.right])
    # At most as many pairs are summed as an article has gold chains.
    _, places = np.frexp(np.bincount(overlap.article))
    by_chain = graph.best([np.rint(np.ldexp(dice, _SAFE_BITS - places[article])).astype(np.int64)])
    mentions = _weighted(article[by_mention], overlap.shared[by_mention])
    chains = article[by_chain], dice[by_chain]
    return (
        Counts(
            mentions,
            _weighted(overlap.answer_article, overlap.answer_size),
            mentions,
            _weighted(overlap.article, overlap.size),
        ),
        Counts(
            chains,
            _weighted(overlap.answer_article, np.ones_like(overlap.answer_size)),
            chains,
            _weighted(overlap.article, np.ones_like(overlap.size)),
        ),
    )


def blanc(overlap: Overlap) -> tuple[Counts, Counts]:
    """Coreferent and non-coreferent links of BLANC (Luo et al., 2014).

    A pair of an article's mentions that is in one chain is a coreferent link, any other a non-coreferent one; a link
    is right if the other side has both mentions and agrees about it.
    """
    gold, answers = (overlap.article, overlap.size), (overlap.answer_article, overlap.answer_size)
    article = overlap.article[overlap.left]
    # Mentions that both sides have, by gold chain and by predicted chain.
    found = overlap.article, _sums(overlap.left, overlap.shared, len(overlap.size))
    found_answer = overlap.answer_article, _sums(overlap.right, overlap.shared, len(overlap.answer_size))
    agreed = article, overlap.shared
    right, right_other = _pairs((1, agreed)), _pairs((-1, found), (-1, found_answer), (1, agreed), whole=found)
    return (
        Counts(right, _pairs((1, answers)), right, _pairs((1, gold))),
        Counts(right_other, _pairs((-1, answers), whole=answers), right_other, _pairs((-1, gold), whole=gold)),
    )


def lea(overlap: Overlap) -> Counts:
    """LEA (Moosavi and Strube, 2016): chains weighted by size, each by the share of its links that are found."""
    article = overlap.article[overlap.left]
    size, answer_size = overlap.size[overlap.left], overlap.answer_size[overlap.right]

    def found(own: Ints, other: Ints) -> Floats:
        # |k| · C(c)/C(|k|) = c(c - 1)/(|k| - 1); alone on both sides: the link to itself.
        links = overlap.shared * (overlap.shared - 1) / np.maximum(own - 1, 1)
        return np.where(own == 1, (other == 1).astype(np.float64), links)

    return Counts(
        (article, found(answer_size, size)),
        _weighted(overlap.answer_article, overlap.answer_size),
        (article, found(size, answer_size)),
        _weighted(overlap.article, overlap.size),
    )


def _weighted(article: Ints, weight: Ints) -> Weighted:
    return article, weight.astype(np.float64)


def _sums(group: Ints, values: Ints, size: int) -> Ints:
    """(size,) sum of the values of each group."""
    return np.bincount(group, weights=values, minlength=size).astype(np.int64)


def _pairs(*groups: tuple[int, tuple[Ints, Ints]], whole: tuple[Ints, Ints] | None = None) -> Weighted:
    """Pairs of mentions: those inside the groups, each with its sign, and all of an article's where asked for.

    Args:
        groups: A sign, and (g,) articles and sizes of groups of mentions.
        whole: (g,) articles and sizes that add up to each article's mentions.
    """
    parts = [(article, sign * (size * (size - 1) // 2)) for sign, (article, size) in groups]
    if whole is not None:
        mentions = _sums(*whole, int(whole[0].max(initial=-1)) + 1)
        there = np.flatnonzero(mentions)
        parts.append((there, mentions[there] * (mentions[there] - 1) // 2))
    return _weighted(np.concatenate([article for article, _ in parts]), np.concatenate([some for _, some in parts]))


def _add(task: Task, measure: str, label: str, counts: Counts) -> None:
    task.builder.add(
        f"coreference/{measure}",
        label,
        p_num=counts.p_num,
        p_den=counts.p_den,
        r_num=counts.r_num,
        r_den=counts.r_den,
    )
