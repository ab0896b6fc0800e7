"""The pairing of gold and predicted quotes: one to one, optimal, whatever the order of the input.

Conventions
-----------
T(q) is the set of tokens of the article (:mod:`onrecord.scoring.surface`) that share a character with a segment of the
quote q; segments that cross, repeat or touch one another are one. Quotes g and p may be paired if T(g) and T(p) share a
token. The pairing has the largest sum of Dice(g, p) = 2·|T(p)∩T(g)| / (|T(p)|+|T(g)|); among those the most pairs that
agree on the speaker, then on the source, the cue, and said-on. What is left is settled by the order of the text.

Every attribute of a quote is a code that both sides share: equal codes agree. ``ABSENT`` stands for what is not given,
so that two quotes without a speaker agree; ``UNGROUNDED`` for what was given but cannot be right (a source that is not
in the text, a name of nobody or of two), and agrees with nothing.

Rules
-----
* A quote with a segment that was not found, or without any token, is paired with nothing: predicted it is a false
  positive, in gold it is left out and reported.
* A cue or source of white space alone is as good as absent, and so is a blank speaker or said-on.
* Gold quotes equal in content, cue, source, speaker and said-on are one, and reported. Predicted ones are surplus.
* Contents, cues and sources are compared by their trimmed visible characters; of a content every segment is trimmed,
  and the first one of a leading "that". Segments with nothing but white space between them are one.
* The kind is computed from the text (:func:`onrecord.model.quote_kind`) where gold does not state its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from onrecord.columns import UNGROUNDED, Ints
from onrecord.scoring.arrays import first_rows, ranks
from onrecord.scoring.assignment import Mask, Ratio
from onrecord.scoring.matching import Graph, overlap_pairs
from onrecord.scoring.quote_sides import ATTRIBUTES, Side, read_sides

if TYPE_CHECKING:
    from onrecord.scoring.task import Task


@dataclass(frozen=True)
class Pairing:
    """Which predicted quote answers which gold quote.

    Attributes:
        gold: The gold's quotes.
        answers: The predicted quotes.
        left: (k,) gold quotes that are paired.
        right: (k,) their partners.
        shared: (k,) number of tokens they share.
    """

    gold: Side
    answers: Side
    left: Ints
    right: Ints
    shared: Ints

    @property
    def half(self) -> Mask:
        """(k,) whether Dice is ½ or more."""
        enough: Mask = 4 * self.shared >= self.gold.size[self.left] + self.answers.size[self.right]
        return enough

    def agree(self, name: str) -> Mask:
        """(k,) whether a pair agrees on an attribute; what neither has is agreed on."""
        return agreement(self.gold.attributes[name][self.left], self.answers.attributes[name][self.right])


def pair_quotes(task: Task) -> Pairing:
    """Pairs the quotes of a task.

    Gold quotes that are left out and predicted ones that are surplus are reported.
    """
    gold, answers = read_sides(task)
    left, right, shared = shared_tokens(gold.tokens, answers.tokens)
    levels = [agreement(gold.attributes[name][left], answers.attributes[name][right]) for name in ATTRIBUTES]
    dice = Ratio(2 * shared, gold.size[left] + answers.size[right])
    chosen = Graph(left, right).best([dice, *(level.astype(np.int64) for level in levels)])
    return Pairing(gold, answers, left[chosen], right[chosen], shared[chosen])


def agreement(first: Ints, second: Ints) -> Mask:
    """(n,) whether codes are equal and can be right."""
    same: Mask = (first == second) & (first != UNGROUNDED)
    return same


def shared_tokens(gold: Ints, answers: Ints) -> tuple[Ints, Ints, Ints]:
    """Pairs of quotes that share a token, and how many.

    Args:
        gold: (3, n) quote, first token, behind the last; ranges of one quote are apart. Token numbers of two articles
            are never equal.
        answers: (3, m) likewise.

    Returns:
        (pairs,) each: gold quote, predicted quote, number of tokens; sorted by quotes.

    >>> one, other = np.array([[0, 0], [0, 6], [4, 9]]), np.array([[0], [2], [8]])
    >>> [some.tolist() for some in shared_tokens(one, other)]
    [[0], [0], [4]]
    """
    line = np.zeros(gold.shape[1], dtype=np.int64), np.zeros(answers.shape[1], dtype=np.int64)
    here, there = overlap_pairs(line[0], gold[1], gold[2], line[1], answers[1], answers[2])
    common = np.minimum(gold[2][here], answers[2][there]) - np.maximum(gold[1][here], answers[1][there])
    left, right = gold[0][here], answers[0][there]
    pair = ranks(left, right)
    first = first_rows(pair)
    sums = np.bincount(pair, weights=common).astype(np.int64)
    return left[first], right[first], sums
