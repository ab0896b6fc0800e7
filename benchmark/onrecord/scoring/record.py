"""Record: who said what, when, and the stance it shows, right together.

Conventions
-----------
Quotes are paired as :mod:`onrecord.scoring.pairing` says, holders are entities (:mod:`onrecord.scoring.who`). A stance
*shows* where its label is supports or opposes. Its evidence are the quotes that it names.

Measures
--------
* ``record/attribution``: pairs with Dice ≥ ½ that agree on the speaker and on said-on (what neither has is agreed on),
  over all predicted (gold) quotes; with the slices of :mod:`onrecord.scoring.quotes`.
* ``record/full``: over pairs of a quote and a stance that shows and names it as evidence: the quote right as in
  ``record/attribution``, the holder, the claim and the label right. A multiset intersection, so that a second predicted
  stance of the same holder, claim and label on a quote is surplus; in gold such pairs count once, and pairs whose quote
  is left out do not count. Holders that are nobody are never right. Only where gold annotates quotes and stance and
  the system attempts both.

What they rest on is reported: how many gold quotes have a speaker, a day, and are evidence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from onrecord.columns import ABSENT, Ints, Quotes, Stances, unify
from onrecord.scoring.arrays import first_rows, number, ranks
from onrecord.scoring.assignment import Mask
from onrecord.scoring.pairing import Pairing
from onrecord.scoring.quote_sides import NO_QUOTES, Side
from onrecord.scoring.quotes import Found, add
from onrecord.scoring.task import annotated
from onrecord.scoring.who import NOBODY

if TYPE_CHECKING:
    from onrecord.scoring.task import Task

#: Labels of stances that evidence is counted for.
SHOWN: Final = ("supports", "opposes")


def evaluate(task: Task) -> None:
    """Adds the measures of the record to the tally, and reports their base rates."""
    pairing = task.pairing
    add(task.builder, "record/attribution", pairing, attribution(pairing))
    gold, answers = task.gold.stances, task.answers.stances
    size = len(pairing.gold)
    spoken, dated = (int(np.count_nonzero(pairing.gold.attributes[name] != ABSENT)) for name in ("speaker", "said_on"))
    rates = f"of {size} gold quotes {spoken} have a speaker and {dated} a said-on date"
    if gold is None or answers is None:
        task.reports.append(rates)
        return
    # The numbers of claims and labels must mean the same on both sides.
    claims, labels = unify(gold.claim, answers.claim), unify(gold.label, answers.label)
    shown = [place for place, label in enumerate(labels[2]) if label in SHOWN]
    both = annotated(task.gold, "quotes") & annotated(task.gold, "stance")
    sides = []
    for which, (stances, quotes, side) in enumerate(
        ((gold, task.gold.quotes, pairing.gold), (answers, task.answers.quotes, pairing.answers))
    ):
        holder = task.who.holders(stances, gold=which == 0)
        keys = np.stack([holder, claims[which], labels[which]])
        keep = np.isin(labels[which], shown) & both[stances.article]
        sides.append(evidence(stances, quotes or NO_QUOTES, side, keys, keep))
    theirs, given = sides
    theirs = theirs[:, theirs[1] >= 0]
    theirs = theirs[:, first_rows(*theirs)]
    right = full(pairing, theirs, given)
    task.builder.add("record/full", p_num=right, p_den=given[0], r_num=right, r_den=theirs[0])
    named = len(np.unique(theirs[1]))
    task.reports.append(f"{rates}; {named} are evidence of a stance")


def attribution(pairing: Pairing) -> Found:
    """Pairs with Dice ≥ ½ that agree on speaker and said-on."""
    right = pairing.half & pairing.agree("speaker") & pairing.agree("said_on")
    return Found(pairing.left[right], pairing.right[right])


def evidence(stances: Stances, quotes: Quotes, side: Side, keys: Ints, keep: Mask) -> Ints:
    """Pairs of quotes and stances.

    Args:
        stances: With their evidence.
        quotes: The quotes that it names.
        side: The same quotes, sorted.
        keys: (3, stances) holder, claim and label of each.
        keep: (stances,) bool: which stances count.

    Returns:
        (5, pairs) article, quote of ``side`` (-1 if it was left out), holder, claim, label; a quote that one stance
        names twice is one pair.
    """
    names = number([(quotes.article, quotes.id)])
    rows = np.full(len(names) + 1, -1, dtype=np.int64)
    place = names.find(quotes.article, quotes.id)
    rows[place[place >= 0]] = side.place[place >= 0]
    some = np.flatnonzero(keep[stances.evidence_stance])
    stance = stances.evidence_stance[some]
    named = names.find(stances.article[stance], stances.evidence_quote.take(some))
    once = first_rows(stance, named)
    stance = stance[once]
    return np.concatenate([[stances.article[stance], rows[named[once]]], keys[:, stance]])


def full(pairing: Pairing, gold: Ints, answers: Ints) -> Ints:
    """Evidence pairs that are right.

    Args:
        pairing: Of the quotes.
        gold: (5, n) as :func:`evidence` returns them.
        answers: (5, m) likewise.

    Returns:
        (right,) articles of the pairs that both sides have, each as often as both have it.
    """
    found = attribution(pairing)
    partner = np.full(len(pairing.answers) + 1, -1, dtype=np.int64)
    partner[found.right] = found.left
    gold = gold[:, gold[2] != NOBODY]
    answers = np.stack([answers[0], partner[answers[1]], *answers[2:]])
    answers = answers[:, (answers[1] >= 0) & (answers[2] != NOBODY)]
    pair = ranks(*np.concatenate([gold, answers], axis=1))
    size = int(pair.max(initial=-1)) + 1
    counts = np.minimum(*(np.bincount(some, minlength=size) for some in np.split(pair, [gold.shape[1]])))
    article = np.zeros(size, dtype=np.int64)
    article[pair] = np.concatenate([gold[0], answers[0]])
    return np.repeat(article, counts)
