"""Quotes made comparable: tokens, trimmed spans, speakers and days as codes that gold and predictions share.

Both sides are read together, so that equal codes mean equal things; then each is sorted by what its quotes say, so that
the order in which they came decides nothing. :mod:`onrecord.scoring.pairing` states the rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from onrecord import compute as pc
from onrecord.columns import ABSENT, UNGROUNDED, Coded, Ints, Quotes, unify
from onrecord.model import QUOTE_KINDS, SOURCINGS, quote_kind
from onrecord.predictions.arrow import places, truths
from onrecord.predictions.texts import Texts
from onrecord.scoring.arrays import first_rows, ranks
from onrecord.scoring.surface import Reading, read
from onrecord.scoring.who import NOBODY, Who, is_given

if TYPE_CHECKING:
    from onrecord.scoring.task import Task

#: What a pair of quotes can agree on besides its content, in order of importance.
ATTRIBUTES: Final = ("speaker", "source", "cue", "said_on")
#: Anything that may be a quotation mark.
_ODD: Final = r"[^\pL\pN\s.,;:!?()…–—-]"
_NONE: Final = np.zeros(0, dtype=np.int64)
_NULL: Final = Coded(_NONE, [])
NO_QUOTES: Final = Quotes(_NONE, _NULL, *(_NONE,) * 4, *(_NULL,) * 5, *(_NONE,) * 3)


@dataclass(frozen=True)
class Side:
    """Quotes of one side, sorted by what they say.

    Attributes:
        row: (n,) row of each quote in its columns.
        place: (rows,) which quote here a row became; -1 if it was left out.
        article: (n,) rows of the articles.
        size: (n,) |T(q)|; 0 if it was not found.
        content: (n,) code of the trimmed content; ``UNGROUNDED`` if it was not found.
        attributes: (n,) codes each, by name: ``ATTRIBUTES``.
        kind: (n,) places in ``QUOTE_KINDS``; -1 if unknown.
        sourcing: (n,) places in ``SOURCINGS``; -1 if not given.
        tokens: (3, t) the tokens of the quotes: quote, first token, behind the last; ranges of one quote are apart.
    """

    row: Ints
    place: Ints
    article: Ints
    size: Ints
    content: Ints
    attributes: dict[str, Ints]
    kind: Ints
    sourcing: Ints
    tokens: Ints

    def __len__(self) -> int:
        return len(self.row)


def read_sides(task: Task) -> tuple[Side, Side]:
    """The quotes of gold and predictions.

    Gold quotes that cover no token are left out, those equal in every scored field are one; both are reported, and so
    are predicted ones that are equal.
    """
    gold, answers = task.gold.quotes or NO_QUOTES, task.answers.quotes or NO_QUOTES
    size = len(gold.article)
    every = _compared(task.texts, task.who, gold, answers)
    order = _order(every, gold, answers)
    mine, yours = order[order < size], order[order >= size]
    kept = mine[every.size[mine] > 0]
    once = kept[np.sort(first_rows(every.same[kept]))]
    surplus = len(yours) - len(first_rows(every.same[yours]))
    for number, sentence in (
        (len(mine) - len(kept), "gold quotes cover no word and are left out"),
        (len(kept) - len(once), "gold quotes are there already and count once"),
        (surplus, "predicted quotes are there already and count as wrong"),
    ):
        if number:
            task.reports.append(f"{number} {sentence}")
    place = np.full(len(every.size), -1, dtype=np.int64)
    by_content = np.argsort(every.same[once])
    place[kept] = np.append(by_content, -1)[np.searchsorted(every.same[once][by_content], every.same[kept])]
    place[yours] = np.arange(len(yours))
    return (
        _side(every, once, place[:size], 0, _kinds(task.texts, gold, said=True), gold),
        _side(every, yours, place[size:], size, _kinds(task.texts, answers, said=False), answers),
    )


@dataclass(frozen=True)
class _Compared:
    """Gold quotes, then predicted ones, as rows of the same columns.

    Attributes:
        article: (n,) rows of the articles.
        first: (2, n) start and end of the first segment, ``UNGROUNDED`` if there is none.
        raw: (n,) code of the segments as they are.
        spans: (4, n) start and end of source and cue.
        size: (n,) number of tokens; 0 if it was not found.
        content: (n,) code of the trimmed content.
        attributes: (n,) codes each, by name.
        same: (n,) equal for quotes that are equal in every scored field.
        tokens: (3, t) row, first token, behind the last.
    """

    article: Ints
    first: Ints
    raw: Ints
    spans: Ints
    size: Ints
    content: Ints
    attributes: dict[str, Ints]
    same: Ints
    tokens: Ints


def _compared(texts: Texts, who: Who, gold: Quotes, answers: Quotes) -> _Compared:
    def column(name: str) -> Ints:
        return np.concatenate([getattr(side, name) for side in (gold, answers)])

    article, total = column("article"), len(gold.article) + len(answers.article)
    owner = np.concatenate([gold.segment_quote, answers.segment_quote + len(gold.article)])
    segment = np.stack([column("segment_start"), column("segment_end")])
    owner, segment = (some[..., np.lexsort((segment[1], segment[0], owner))] for some in (owner, segment))
    spans = np.stack([column(name) for name in ("source_start", "source_end", "cue_start", "cue_end")])
    start, end = np.concatenate([segment, spans[:2], spans[2:]], axis=1)
    reading = read(texts, np.concatenate([article[owner], article, article]), start, end)
    lost = np.zeros(total, dtype=np.bool_)
    lost[owner[segment[0] < 0]] = True
    there = np.flatnonzero(~lost[owner])
    tokens = merged(owner[there], *reading.tokens[:, there])
    size = np.bincount(tokens[0], weights=tokens[2] - tokens[1], minlength=total).astype(np.int64)
    quote, low, high = merged(owner[there], *reading.visible[:, there])
    low, high = reading.trimmed(low, high, leading=np.diff(quote, prepend=-1) > 0)
    speaker = np.concatenate([who.speakers(gold, gold=True), who.speakers(answers, gold=False)])
    speaks = np.concatenate([is_given(side.speaker) | is_given(side.speaker_name) for side in (gold, answers)])
    dated = np.concatenate([is_given(side.said_on) for side in (gold, answers)])
    attributes = {
        "speaker": np.where(speaks, np.where(speaker == NOBODY, UNGROUNDED, speaker), ABSENT),
        "source": _span_codes(reading, spans[0], len(owner)),
        "cue": _span_codes(reading, spans[2], len(owner) + total),
        "said_on": np.where(dated, _unified(gold.said_on, answers.said_on), ABSENT),
    }
    first = np.full((2, total), UNGROUNDED, dtype=np.int64)
    leading = np.flatnonzero(np.diff(owner, prepend=-1))
    first[:, owner[leading]] = segment[:, leading]
    raw = sequences(owner, segment[0], segment[1], total)
    return _Compared(
        article=article,
        first=first,
        raw=raw,
        spans=spans,
        size=size,
        content=np.where(size > 0, sequences(quote, low, high, total), UNGROUNDED),
        attributes=attributes,
        same=ranks(article, raw, *spans, attributes["speaker"], attributes["said_on"]),
        tokens=tokens,
    )


def _order(every: _Compared, gold: Quotes, answers: Quotes) -> Ints:
    """All rows in order of the text: by first segment, then by all else that quotes say."""
    told = [_unified(getattr(gold, name), getattr(answers, name)) for name in ("sourcing", "kind", "id")]
    scored = every.attributes["speaker"], *every.spans, every.attributes["said_on"]
    keys = (every.article, *every.first, every.raw, *scored, *told)
    return np.lexsort(keys[::-1])


def _side(every: _Compared, rows: Ints, place: Ints, base: int, kinds: Ints, quotes: Quotes) -> Side:
    number = np.full(len(every.size), -1, dtype=np.int64)
    number[rows] = np.arange(len(rows))
    quote, low, high = every.tokens[:, number[every.tokens[0]] >= 0]
    return Side(
        row=rows - base,
        place=place,
        article=every.article[rows],
        size=every.size[rows],
        content=every.content[rows],
        attributes={name: codes[rows] for name, codes in every.attributes.items()},
        kind=kinds[rows - base],
        sourcing=_places(quotes.sourcing, SOURCINGS)[rows - base],
        tokens=np.stack([number[quote], low, high]),
    )


def merged(owner: Ints, low: Ints, high: Ints) -> Ints:
    """Ranges of each owner as their union: ranges that are apart, sorted, empty ones gone.

    Args:
        owner: (n,) numbers >= 0.
        low: (n,) first of each range.
        high: (n,) behind its last.

    Returns:
        (3, m) owner, low, high.

    >>> merged(np.array([0, 0, 1, 0]), np.array([4, 1, 0, 6]), np.array([6, 3, 9, 9])).T.tolist()
    [[0, 1, 3], [0, 4, 9], [1, 0, 9]]
    """
    rows = np.flatnonzero(low < high)
    rows = rows[np.lexsort((low[rows], owner[rows]))]
    if not len(rows):
        return np.zeros((3, 0), dtype=np.int64)
    # One line for all owners, each behind the last one's end.
    base = owner[rows] * (int(high.max()) + 1)
    start, reached = base + low[rows], np.maximum.accumulate(base + high[rows])
    new = np.flatnonzero(np.append(True, start[1:] > reached[:-1]))
    last = np.append(new[1:], len(rows)) - 1
    return np.stack([owner[rows][new], low[rows][new], reached[last] - base[new]])


def sequences(owner: Ints, low: Ints, high: Ints, size: int) -> Ints:
    """(size,) codes of the owners' ranges: equal for equal lists of ranges, ``UNGROUNDED`` without any.

    Shorter lists have smaller codes; otherwise codes are ordered as the lists are.

    Args:
        owner: (n,) sorted; the ranges of one owner are sorted too.
        low: (n,) first of each range.
        high: (n,) behind its last.
        size: Number of owners.

    >>> sequences(np.array([0, 0, 1, 3]), np.array([1, 5, 1, 1]), np.array([2, 6, 2, 2]), 4).tolist()
    [1, 0, -2, 0]
    """
    codes = np.full(size, UNGROUNDED, dtype=np.int64)
    counts = np.bincount(owner, minlength=size)
    first, taken, base = np.cumsum(counts) - counts, 0, 0
    owners = np.flatnonzero(counts)
    while len(owners):
        at = first[owners] + taken
        some = ranks(codes[owners], low[at], high[at])
        codes[owners] = base + some
        base, taken = base + int(some.max()) + 1, taken + 1
        owners = owners[counts[owners] > taken]
    return codes


def _span_codes(reading: Reading, start: Ints, base: int) -> Ints:
    """Codes of one optional span a quote, which stand in a reading from ``base`` on."""
    low, high = reading.trimmed(*reading.visible[:, base : base + len(start)])
    return np.where(low < high, ranks(low, high), np.where(start == UNGROUNDED, UNGROUNDED, ABSENT))


def _unified(first: Coded, second: Coded) -> Ints:
    return np.concatenate(unify(first, second)[:2])


def _places(strings: Coded, names: tuple[str, ...]) -> Ints:
    table = [names.index(value) if value in names else -1 for value in strings.values]
    return np.asarray([*table, -1], dtype=np.int64)[strings.codes]


def _kinds(texts: Texts, quotes: Quotes, *, said: bool) -> Ints:
    """(quotes,) kind of each, computed from its words.

    Args:
        texts: The articles' texts.
        quotes: The quotes.
        said: Whether a kind that is stated holds (gold's does); otherwise only if the words are not in the text.
    """
    owner, start, end = quotes.segment_quote, quotes.segment_start, quotes.segment_end
    found = _places(quotes.kind, QUOTE_KINDS)
    wanted = found < 0 if said else np.ones(len(found), dtype=np.bool_)
    wanted[owner[start < 0]] = False
    wanted &= np.bincount(owner, minlength=len(found)) > 0
    rows = np.flatnonzero(wanted[owner])
    rows = rows[np.lexsort((end[rows], start[rows], owner[rows]))]
    words = texts.slices(quotes.article[owner[rows]], start[rows], end[rows])
    found[wanted] = QUOTE_KINDS.index("indirect")
    odd = np.zeros(len(found), dtype=np.bool_)
    odd[owner[rows][truths(pc.match_substring_regex(words, _ODD))]] = True
    some = np.flatnonzero(odd[owner[rows]])
    surfaces = pc.take(words, places(some)).to_pylist()
    marked, first = np.unique(owner[rows][some], return_index=True)
    bounds = pairwise([*first.tolist(), len(surfaces)])
    found[marked] = [QUOTE_KINDS.index(quote_kind(surfaces[low:high])) for low, high in bounds]
    return found
