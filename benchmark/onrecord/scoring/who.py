"""Who is who: which gold entity a predicted chain or a name stands for.

Conventions
-----------
*Entities* are the gold's chains, numbered over all articles in the order of (article, chain id): whatever mentions,
chains, speakers and holders of the gold name. A gold speaker or holder that has a name only is the chain of that name
if exactly one has it, else an entity of its own. Answers become entity numbers, ``NOBODY`` where they stand for none;
a holder that is the article's own voice is ``ARTICLE``. Entities of different articles have different numbers.

Rules
-----
* A predicted chain is the gold chain with which it has most exactly equal mention spans; of several the one with more
  of those that are names in gold, then the one whose first mention is earlier (by start, then end), then the smaller
  chain id. Without a common span it is nobody. A span that a chain has twice counts once; ungrounded ones never count.
  Several predicted chains may be one gold chain.
* A name is looked up among the name and nominal mentions, names and aliases of the article's gold chains, folded and
  without determiners (:func:`onrecord.predictions.fold.fold_name`). It counts if exactly one entity has it; otherwise
  it is wrong, and reported. A mention without a kind is a name. A blank name is no name.
* Where an answer has both, the chain decides if it is somebody, else the name. A chain that is nobody, without a name
  beside it, goes by the name that the system's own ``chains`` give it, if they do.

Functions
---------
* ``who_is_who``: the lookup for a task; ``Who.speakers``, ``Who.holders`` and ``Who.resolve`` answer.
* ``map_chains``: predicted chains to gold entities, from flat arrays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from onrecord.columns import Coded, Columns, Ints, Quotes, Stances, code
from onrecord.model import ARTICLE_VOICE
from onrecord.predictions.fold import fold_name
from onrecord.scoring.arrays import Numbers, first_rows, join, number, ranks
from onrecord.scoring.assignment import Mask

if TYPE_CHECKING:
    from onrecord.scoring.task import Task

#: The number of a chain or name that is no gold entity.
NOBODY: Final = -1
#: The number of the holder that is the article's own voice.
ARTICLE: Final = -2
_SEVERAL: Final = -3


@dataclass(frozen=True)
class Who:
    """Which gold entity predicted chains and names stand for.

    Attributes:
        entities: Numbers of the gold's chains by (article, chain id).
        chains: Numbers of the predicted chains by (article, chain id).
        entity_of: (predicted chains,) gold entity of each, ``NOBODY`` if it has none.
        gold: The gold's layers.
        answers: The predictions' layers.
        reports: Receives sentences about names that were no use.
    """

    entities: Numbers
    chains: Numbers
    entity_of: Ints
    gold: Columns
    answers: Columns
    reports: list[str] = field(default_factory=list)

    def speakers(self, quotes: Quotes, *, gold: bool) -> Ints:
        """(quotes,) the entity that speaks; ``NOBODY`` also where none is given (:func:`is_given` tells)."""
        return self.resolve(quotes.article, quotes.speaker, quotes.speaker_name, gold=gold, what="speaker")

    def nameless(self, quotes: Quotes) -> int:
        """Number of gold quotes whose speaker has neither a mention nor a name by which an answer could mean it."""
        known = []
        for article, chain, name in _names_of(self.gold):
            rows = np.flatnonzero(is_given(name))
            known.append((article[rows], chain.take(rows)))
        if self.gold.mentions is not None:
            known.append((self.gold.mentions.article, self.gold.mentions.entity))
        found = number(known).find(quotes.article, quotes.speaker)
        return int(np.count_nonzero((found < 0) & (quotes.speaker.codes >= 0)))

    def holders(self, stances: Stances, *, gold: bool) -> Ints:
        """(stances,) the entity that holds the stance; ``ARTICLE`` for the article's own voice."""
        found = np.full(len(stances.article), ARTICLE, dtype=np.int64)
        rows = np.flatnonzero(~_is_voice(stances.holder))
        found[rows] = self.resolve(
            stances.article[rows], stances.holder.take(rows), stances.holder_name.take(rows), gold=gold, what="holder"
        )
        return found

    def resolve(self, article: Ints, chain: Coded, name: Coded, *, gold: bool, what: str = "speaker") -> Ints:
        """(n,) entities of what is given by chain id, name or both.

        Args:
            article: (n,) rows.
            chain: (n,) chain ids, null where there is none.
            name: (n,) names, null where there is none.
            gold: Whether these are the gold's own.
            what: What they are called in reports.
        """
        named = is_given(name)
        place = (self.entities if gold else self.chains).find(article, chain)
        found = place.copy() if gold else np.append(self.entity_of, NOBODY)[place]
        rows = np.flatnonzero((found < 0) & named)
        looked_up = self._named(article[rows], _folded(name.take(rows)))
        found[rows] = np.maximum(looked_up, NOBODY)
        if not gold:
            self._report(looked_up, what)
            rows = np.flatnonzero((found < 0) & ~named & (place >= 0))
            if len(rows):
                found[rows] = self._by_own_name[place[rows]]
        return found

    @cached_property
    def _by_own_name(self) -> Ints:
        """(predicted chains,) entity of each by the name that the system's own chains give it."""
        found, own = np.full(len(self.chains), NOBODY, dtype=np.int64), self.answers.chains
        if own is not None:
            place = self.chains.find(own.article, own.id)
            rows = np.flatnonzero(is_given(own.name))
            found[place[rows]] = np.maximum(self._named(own.article[rows], _folded(own.name.take(rows))), NOBODY)
        return found

    def _named(self, article: Ints, folded: Coded) -> Ints:
        """(n,) entity of each name: ``NOBODY`` if no entity has it, ``_SEVERAL`` if more than one has."""
        if not len(article):
            return np.zeros(0, dtype=np.int64)
        own = self._own_names.find(article, folded)
        return np.where(own >= 0, len(self.entities) + own, self._chain_named(article, folded))

    def _chain_named(self, article: Ints, folded: Coded) -> Ints:
        numbers, entity = self._names
        return np.append(entity, NOBODY)[numbers.find(article, folded)]

    @cached_property
    def _names(self) -> tuple[Numbers, Ints]:
        """(article, folded name) pairs of the gold's chains, and the entity of each or ``_SEVERAL``."""
        columns = [(article, chain, _folded(name)) for article, chain, name in _names_of(self.gold)]
        numbers = number((article, name) for article, _, name in columns)
        names, entities = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for article, chain, name in columns:
            names.append(numbers.find(article, name))
            entities.append(self.entities.find(article, chain))
        every_name, every_entity = np.concatenate(names), np.concatenate(entities)
        rows = np.flatnonzero((every_name >= 0) & (every_entity >= 0))
        rows = rows[first_rows(every_name[rows], every_entity[rows])]
        found = np.full(len(numbers), NOBODY, dtype=np.int64)
        found[every_name[rows]] = every_entity[rows]
        found[np.bincount(every_name[rows], minlength=len(numbers)) > 1] = _SEVERAL
        return numbers, found

    @cached_property
    def _own_names(self) -> Numbers:
        """Numbers of gold speakers and holders that have a name only, one that no single chain has."""
        lost = []
        for article, chain, name in _roles_of(self.gold):
            rows = np.flatnonzero((chain.codes < 0) & is_given(name))
            folded = _folded(name.take(rows))
            alone = np.flatnonzero(self._chain_named(article[rows], folded) < 0)
            lost.append((article[rows][alone], _compact(folded.take(alone))))
        return number(lost)

    def _report(self, named: Ints, what: str) -> None:
        several, none = int(np.count_nonzero(named == _SEVERAL)), int(np.count_nonzero(named == NOBODY))
        if several:
            self.reports.append(f"{several} {what} names fit more than one entity of their article and count as wrong")
        if none:
            self.reports.append(f"{none} {what} names are no entity's of their article and count as wrong")


def who_is_who(task: Task) -> Who:
    """Maps the predicted chains of a task to the gold's; names are looked up when they are asked for."""
    gold, answers = task.gold, task.answers
    entities, chains = _chains_of(gold), _chains_of(answers)
    entity_of = np.full(len(chains), NOBODY, dtype=np.int64)
    mine, theirs = gold.mentions, answers.mentions
    if mine is not None and theirs is not None:
        others = [place for place, kind in enumerate(mine.kind.values) if kind != "name"]
        entity_of = map_chains(
            (entities.find(mine.article, mine.entity), mine.article, mine.start, mine.end),
            ~np.isin(mine.kind.codes, others),
            (chains.find(theirs.article, theirs.entity), theirs.article, theirs.start, theirs.end),
            len(chains),
        )
    return Who(entities, chains, entity_of, gold, answers, task.reports)


def map_chains(
    gold: tuple[Ints, Ints, Ints, Ints], is_name: Mask, answers: tuple[Ints, Ints, Ints, Ints], chains: int
) -> Ints:
    """The gold entity of each predicted chain.

    Args:
        gold: (n,) each: entity of every gold mention or -1, its article, start and end.
        is_name: (n,) whether it is a name.
        answers: (m,) each: chain of every predicted mention or -1, its article, start (negative if not found) and end.
        chains: Number of predicted chains.

    Returns:
        (chains,) entities, ``NOBODY`` for chains without a common span.

    >>> zero, start, end = np.zeros(3, dtype=np.int64), np.array([0, 9, 20]), np.array([5, 12, 24])
    >>> name = np.array([True, True, False])
    >>> map_chains((np.array([0, 1, 1]), zero, start, end), name, (zero, zero, start, end), 2).tolist()
    [1, -1]
    """
    found = np.full(chains, NOBODY, dtype=np.int64)
    entity, article, start, end = (column[np.flatnonzero((gold[0] >= 0) & (gold[2] >= 0))] for column in gold)
    is_name = is_name[np.flatnonzero((gold[0] >= 0) & (gold[2] >= 0))]
    chain, *theirs = (column[np.flatnonzero((answers[0] >= 0) & (answers[2] >= 0))] for column in answers)
    if not len(entity) or not len(chain):
        return found
    both = zip((article, start, end), theirs, strict=True)
    span = ranks(*(np.concatenate(columns) for columns in both))
    # A span that a chain has twice counts once; as a name, if one of the two is.
    mine, yours = span[: len(entity)], span[len(entity) :]
    once = np.lexsort((~is_name, mine, entity))
    once = once[first_rows(entity[once], mine[once])]
    yours_once = first_rows(chain, yours)
    here, there = join(yours[yours_once], mine[once])
    pair_chain, pair_entity, pair_name = chain[yours_once][here], entity[once][there], is_name[once][there]
    if not len(here):
        return found
    pair = ranks(pair_chain, pair_entity)
    one = first_rows(pair)
    shared, names = np.bincount(pair), np.bincount(pair, weights=pair_name).astype(np.int64)
    by_place = np.lexsort((end, start, entity))
    first = by_place[first_rows(entity[by_place])]
    at = np.searchsorted(entity[first], pair_entity[one])
    order = np.lexsort((pair_entity[one], end[first][at], start[first][at], -names, -shared, pair_chain[one]))
    best = one[order[first_rows(pair_chain[one][order])]]
    found[pair_chain[best]] = pair_entity[best]
    return found


def is_given(strings: Coded) -> Mask:
    """(n,) bool: whether there is a string that is not blank."""
    blank = [place for place, value in enumerate(strings.values) if not value.strip()]
    return (strings.codes >= 0) & ~np.isin(strings.codes, blank)


def _folded(names: Coded) -> Coded:
    """Names folded; null where nothing is left."""
    some = _compact(names)
    folded = code([fold_name(value) or None for value in some.values])
    return Coded(np.append(folded.codes, -1)[some.codes], folded.values)


def _compact(strings: Coded) -> Coded:
    """The same column with the values that it has and no others."""
    there, codes = np.unique(strings.codes, return_inverse=True)
    lacking = int(len(there) > 0 and there[0] < 0)
    return Coded(codes.reshape(-1) - lacking, [strings.values[place] for place in there[lacking:].tolist()])


def _is_voice(holder: Coded) -> Mask:
    return np.isin(holder.codes, [place for place, value in enumerate(holder.values) if value == ARTICLE_VOICE])


def _roles_of(columns: Columns) -> Iterator[tuple[Ints, Coded, Coded]]:
    """Article, chain id and name of every speaker, and of every holder but the article's own voice."""
    quotes, stances = columns.quotes, columns.stances
    if quotes is not None:
        yield quotes.article, quotes.speaker, quotes.speaker_name
    if stances is not None:
        rows = np.flatnonzero(~_is_voice(stances.holder))
        yield stances.article[rows], stances.holder.take(rows), stances.holder_name.take(rows)


def _chains_of(columns: Columns) -> Numbers:
    """Numbers for every chain that a side names anywhere."""
    some = [(article, chain) for article, chain, _ in _roles_of(columns)]
    if columns.mentions is not None:
        some.append((columns.mentions.article, columns.mentions.entity))
    if columns.chains is not None:
        some.append((columns.chains.article, columns.chains.id))
    return number(some)


def _names_of(columns: Columns) -> Iterator[tuple[Ints, Coded, Coded]]:
    """Article, chain id and name of every name and nominal mention, chain's name and alias."""
    mentions, chains = columns.mentions, columns.chains
    if mentions is not None:
        pronoun = [place for place, kind in enumerate(mentions.kind.values) if kind == "pronoun"]
        rows = np.flatnonzero(~np.isin(mentions.kind.codes, pronoun) & (mentions.entity.codes >= 0))
        yield mentions.article[rows], mentions.entity.take(rows), mentions.text.take(rows)
    if chains is not None:
        yield chains.article, chains.id, chains.name
        sizes = np.asarray([len(some) for some in chains.aliases], dtype=np.int64)
        rows = np.repeat(np.arange(len(sizes)), sizes)
        yield chains.article[rows], chains.id.take(rows), code([name for some in chains.aliases for name in some])
