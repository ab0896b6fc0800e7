"""Quotes: contents, cues, sources and speakers, on the optimal pairing.

Conventions
-----------
:mod:`onrecord.scoring.pairing` says what the tokens T(q) of a quote are, how gold and predicted quotes are paired and
what it means that two quotes agree. *Trimmed* spans are without quotation marks, white space, edge punctuation and a
leading "that" (:mod:`onrecord.scoring.surface`); they are compared by offsets, never by their words alone.

Measures
--------
After Pareti (2015) and Newell et al. (2018), where exact and soft ("partial") scores of content, cue and source are
defined; theirs pair quotes many to one or through the cue, ours one to one.

* ``quotes/content-exact``: quotes with equal trimmed content; a multiset intersection, which needs no pairing.
* ``quotes/content-soft``: P = Σ |T(p)∩T(g)| / |T(p)| over all predicted quotes, R = Σ |T(p)∩T(g)| / |T(g)| over all
  gold quotes, summed over the pairs.
* ``quotes/cue``, ``quotes/source``: pairs with Dice ≥ ½ whose trimmed spans are equal, over the predicted (gold) quotes
  that have a cue (source).
* ``quotes/speaker``: pairs with Dice ≥ ½ with the same entity, over the predicted (gold) quotes that have a speaker.
* ``quotes/full``: pairs with equal content that agree on cue, source and speaker (what neither has is agreed on), over
  all predicted (gold) quotes. Their Dice is not asked for: a quotation mark weighs much in a content of one word.

Slices: ``kind=``, where a predicted quote counts by its own kind and a gold quote by its own; ``sourcing=``, where a
predicted quote counts by that of the gold quote it is paired with (one that is paired with none is in no slice).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from onrecord.columns import ABSENT, UNGROUNDED, Ints
from onrecord.model import QUOTE_KINDS, SOURCINGS
from onrecord.scoring.assignment import Mask
from onrecord.scoring.pairing import Pairing
from onrecord.scoring.tally import Floats, TallyBuilder

if TYPE_CHECKING:
    from onrecord.scoring.task import Task


@dataclass(frozen=True)
class Found:
    """What a measure finds right.

    Attributes:
        left: (k,) gold quotes that are right.
        right: (k,) predicted ones that are.
        gold_worth: (k,) what each gold quote counts; None is 1.
        answer_worth: (k,) what each predicted one counts; None is 1.
        gold_counts: (gold quotes,) which count; None is all.
        answers_count: (predicted quotes,) which count; None is all.
    """

    left: Ints
    right: Ints
    gold_worth: Floats | None = None
    answer_worth: Floats | None = None
    gold_counts: Mask | None = None
    answers_count: Mask | None = None


def evaluate(task: Task) -> None:
    """Adds the measures of quotes to the tally."""
    pairing = task.pairing
    add(task.builder, "quotes/content-exact", pairing, content_exact(pairing))
    add(task.builder, "quotes/content-soft", pairing, content_soft(pairing))
    for name in ("cue", "source", "speaker"):
        add(task.builder, f"quotes/{name}", pairing, attribute(pairing, name))
    add(task.builder, "quotes/full", pairing, full(pairing))
    task.reports += unannotated(pairing)
    if task.gold.quotes is not None:
        nameless = task.who.nameless(task.gold.quotes)
        if nameless:
            what = "gold quotes have speakers whose chains have neither mention nor name"
            task.reports.append(f"{nameless} {what}: no answer can be right about them")


def content_exact(pairing: Pairing) -> Found:
    """Gold and predicted quotes of equal trimmed content; those paired with each other first, then in text order."""
    gold, answers = pairing.gold.content, pairing.answers.content
    paired = (gold[pairing.left] == answers[pairing.right]) & (gold[pairing.left] != UNGROUNDED)
    left, right = pairing.left[paired], pairing.right[paired]
    free = np.setdiff1d(np.flatnonzero(gold != UNGROUNDED), left)
    free_answers = np.setdiff1d(np.flatnonzero(answers != UNGROUNDED), right)
    # The first free quote of a content answers the first, the second the second.
    size = 1 + max(int(gold.max(initial=0)), int(answers.max(initial=0)))
    keys = gold[free] + size * _turn(gold[free])
    _, at, at_answers = np.intersect1d(
        keys, answers[free_answers] + size * _turn(answers[free_answers]), assume_unique=True, return_indices=True
    )
    return Found(np.concatenate([left, free[at]]), np.concatenate([right, free_answers[at_answers]]))


def content_soft(pairing: Pairing) -> Found:
    """Pairs, each worth the share of tokens that is common."""
    return Found(
        pairing.left,
        pairing.right,
        pairing.shared / pairing.gold.size[pairing.left],
        pairing.shared / pairing.answers.size[pairing.right],
    )


def attribute(pairing: Pairing, name: str) -> Found:
    """Pairs with Dice ≥ ½ that have an attribute and agree on it; over the quotes that have it."""
    there, given = pairing.gold.attributes[name] != ABSENT, pairing.answers.attributes[name] != ABSENT
    right = pairing.half & pairing.agree(name) & there[pairing.left]
    return Found(pairing.left[right], pairing.right[right], gold_counts=there, answers_count=given)


def full(pairing: Pairing) -> Found:
    """Pairs of equal content that agree on cue, source and speaker."""
    right = pairing.gold.content[pairing.left] == pairing.answers.content[pairing.right]
    for name in ("cue", "source", "speaker"):
        right &= pairing.agree(name)
    return Found(pairing.left[right], pairing.right[right])


def unannotated(pairing: Pairing) -> list[str]:
    """Sentences about what no gold quote has but predicted quotes give: it can only be wrong."""
    return [
        f"no gold quote has a {name}: predicted quotes that give one are wrong in quotes/full"
        for name in ("cue", "source", "speaker")
        if len(pairing.gold)
        and (pairing.gold.attributes[name] == ABSENT).all()
        and (pairing.answers.attributes[name] != ABSENT).any()
    ]


def add(builder: TallyBuilder, measure: str, pairing: Pairing, found: Found) -> None:
    """Adds a measure and its slices to a tally."""
    gold, answers = pairing.gold, pairing.answers
    everything = np.ones(len(gold), dtype=np.bool_), np.ones(len(answers), dtype=np.bool_)
    _add(builder, measure, "", pairing, found, *everything)
    for place, kind in enumerate(QUOTE_KINDS):
        _add(builder, measure, f"kind={kind}", pairing, found, gold.kind == place, answers.kind == place)
    partner = np.full(len(answers), -1, dtype=np.int64)
    partner[pairing.right] = gold.sourcing[pairing.left]
    partner[found.right] = gold.sourcing[found.left]
    for place, sourcing in enumerate(SOURCINGS):
        _add(builder, measure, f"sourcing={sourcing}", pairing, found, gold.sourcing == place, partner == place)


def _add(
    builder: TallyBuilder, measure: str, label: str, pairing: Pairing, found: Found, gold: Mask, answers: Mask
) -> None:
    """Adds what some of the quotes count."""
    there = gold if found.gold_counts is None else gold & found.gold_counts
    given = answers if found.answers_count is None else answers & found.answers_count
    if label and not there.any() and not given.any():
        return
    left, right = np.flatnonzero(gold[found.left]), np.flatnonzero(answers[found.right])
    builder.add(
        measure,
        label,
        p_num=_items(pairing.answers.article[found.right[right]], found.answer_worth, right),
        p_den=pairing.answers.article[given],
        r_num=_items(pairing.gold.article[found.left[left]], found.gold_worth, left),
        r_den=pairing.gold.article[there],
    )


def _items(article: Ints, worth: Floats | None, some: Ints) -> Ints | tuple[Ints, Floats]:
    return article if worth is None else (article, worth[some])


def _turn(codes: Ints) -> Ints:
    """(n,) how many earlier rows have the same code."""
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], codes[order], "left")
    turn = np.empty(len(codes), dtype=np.int64)
    turn[order] = np.arange(len(codes)) - starts
    return turn
