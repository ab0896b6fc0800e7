"""How far two annotators agree on the same articles, in the measures the field uses.

Conventions
-----------
Both sides are gold lines (wire rows with text and layers) of the same articles. The first side takes the gold's place;
every figure here is symmetric, so which one it is does not matter (the CoNLL average's and F1's precision and recall
swap). Chains are matched as predictions' are (:mod:`onrecord.scoring.who`).

Measures
--------
* F1 of names, of all mentions' chains (CoNLL average), of quotes (content, cue, source, speaker), of dates and of
  stance triples: the scorer's own.
* ``alpha``: Krippendorff's α (Krippendorff, 2004) for two coders, nominal, with every token of every article a unit
  and "inside the content (cue, source) of some quote" its value, as Pareti (2015) and Newell et al. (2018) report it.
* ``kappa``: Cohen's κ of sourcing, over quotes that both sides have (Dice of at least one half), and of stance labels,
  over the (holder, claim) rows that both have.
* ``dates/value``: F1, beside ``values``: the share of equal values among expressions that both have.

Intervals are percentile bootstrap over stories (articles where there are no stories).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from onrecord.columns import Columns, Ints, Quotes
from onrecord.predictions import read_gold, read_predictions
from onrecord.scoring import bootstrap, formulas
from onrecord.scoring.engine import Run, prepare
from onrecord.scoring.formulas import Floats
from onrecord.scoring.result import Score
from onrecord.scoring.tally import TallyBuilder

#: The scorer's figures that are printed, with what they are called here.
FIGURES: Final = (
    ("entities/strict:f1", "names, F1"),
    ("coreference/conll:f1", "chains, CoNLL average"),
    ("linking/in-kb:f1", "links, F1"),
    ("quotes/content-soft:f1", "quote content, token F1"),
    ("quotes/content-exact:f1", "quote content, exact F1"),
    ("quotes/speaker:f1", "speakers, F1"),
    ("dates/strict:f1", "dates, exact F1"),
    ("dates/relaxed:f1", "dates, relaxed F1"),
    ("dates/value:f1", "date values, F1"),
    ("stance/triple:f1", "stance triples, F1"),
    ("record/attribution:f1", "speaker and day, F1"),
)
_TOKEN: Final = re.compile(r"\w+|[^\w\s]")
_ROLES: Final = ("content", "source", "cue")


@dataclass(frozen=True)
class Agreement:
    """Agreement of two annotators.

    Attributes:
        articles: Number of articles.
        clusters: Number of stories.
        figures: By what they are called.
    """

    articles: int
    clusters: int
    figures: Mapping[str, Score]

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        shown = {name: score.as_dict() for name, score in self.figures.items()}
        return {"articles": self.articles, "clusters": self.clusters, "figures": shown}


def agreement(
    first: Any, second: Any, *, resamples: int = bootstrap.RESAMPLES, seed: int = bootstrap.SEED
) -> Agreement:
    """Compares two sides.

    Args:
        first: Gold lines of any kind that :func:`onrecord.predictions.read_gold` takes.
        second: Gold lines of the same articles.
        resamples: Bootstrap resamples; 0 for no intervals.
        seed: Of the resamples.

    Raises:
        InputError: A side is at fault, or the second has an article that the first lacks.
    """
    gold = read_gold(first)
    run = prepare(read_predictions(second, gold), gold)
    result = run.result(resamples=resamples, seed=seed)
    figures = {title: result.scores[name] for name, title in FIGURES if name in result.scores}
    extra = _Extra(run, resamples, seed)
    if gold.columns.quotes is not None and run.task.answers.quotes is not None:
        figures["quotes at Dice ½, F1"] = extra.quotes_at_half()
        for role in _ROLES:
            figures[f"{role} tokens, α"] = extra.alpha(role)
        figures["sourcing, κ"] = extra.sourcing()
    return Agreement(len(gold.columns.ids), result.clusters, figures)


class _Extra:
    """Figures that no measure of the scorer gives, from per-article counts as well."""

    def __init__(self, run: Run, resamples: int, seed: int) -> None:
        self._run, self._resamples, self._seed = run, resamples, seed
        self._tally = run.task.builder.build()

    def _score(self, counts: dict[str, Floats], formula: Any, gold: float | None = None) -> Score:
        """A figure of totals, with its interval.

        Args:
            counts: (articles,) each, in the order of the gold's ids.
            formula: Totals by name, (…,) each, to the figure.
            gold: The number of items it is over.
        """
        names = list(counts)
        builder = TallyBuilder(self._run.gold.columns.ids, self._clusters())
        rows = np.arange(len(self._run.gold.columns.ids))
        for name in names:
            builder.add(name, p_num=(rows, counts[name]))
        tally = builder.build()
        keys = [(name, "") for name in names]
        by_cluster = tally.by_cluster(keys)[..., 0]
        value = float(formula({name: by_cluster[:, place].sum() for place, name in enumerate(names)}))
        low = high = None
        if self._resamples and len(by_cluster) >= bootstrap.FEWEST_CLUSTERS:
            weights = bootstrap.draw_weights(len(by_cluster), self._resamples, self._seed).astype(np.float64)
            spread = formula({name: weights @ by_cluster[:, place] for place, name in enumerate(names)})
            low, high = bootstrap.interval(spread) or (None, None)
        return Score(None if np.isnan(value) else value, low, high, gold, gold)

    def _clusters(self) -> list[str]:
        named = dict(zip(self._tally.ids, self._tally.clusters, strict=True))
        return [named[name] for name in self._run.gold.columns.ids]

    def alpha(self, role: str) -> Score:
        """Krippendorff's α of the tokens inside a role."""
        size = len(self._run.gold.columns.ids)
        counts = {name: np.zeros(size) for name in ("both", "one", "none")}
        sides = [_spans(columns, role) for columns in (self._run.gold.columns, self._run.task.answers)]
        for article in range(size):
            tokens = [match.span() for match in _TOKEN.finditer(self._run.gold.texts[article])]
            first, second = (_inside(tokens, spans.get(article, ())) for spans in sides)
            counts["both"][article] = np.count_nonzero(first & second)
            counts["one"][article] = np.count_nonzero(first ^ second)
            counts["none"][article] = np.count_nonzero(~(first | second))
        return self._score(counts, lambda total: krippendorff_alpha(total["both"], total["one"], total["none"]))

    def quotes_at_half(self) -> Score:
        """F1 of quotes that are paired with a Dice of at least one half."""
        task, size = self._run.task, len(self._run.gold.columns.ids)
        gold, answers = task.gold.quotes, task.answers.quotes
        assert gold is not None
        assert answers is not None
        rows, _ = _alike(self._run)
        counts = {
            "both": np.bincount(gold.article[rows], minlength=size).astype(np.float64),
            "items": (np.bincount(gold.article, minlength=size) + np.bincount(answers.article, minlength=size)).astype(
                np.float64
            ),
        }
        return self._score(counts, lambda total: formulas.divide(2 * total["both"], np.asarray(total["items"])))

    def sourcing(self) -> Score:
        """Cohen's κ of sourcing over the quotes that both have."""
        task, size = self._run.task, len(self._run.gold.columns.ids)
        gold, answers = task.gold.quotes, task.answers.quotes
        assert gold is not None
        assert answers is not None
        rows, places = _alike(self._run)
        counts: dict[str, Floats] = {}
        for row, place in zip(rows.tolist(), places.tolist(), strict=True):
            pair = f"{gold.sourcing[row]}>{answers.sourcing[place]}"
            counts.setdefault(pair, np.zeros(size))[gold.article[row]] += 1
        if not counts:
            return Score(None)

        def formula(total: dict[str, Floats]) -> Floats:
            cells = {(name.partition(">")[0], name.partition(">")[2]): np.asarray(n) for name, n in total.items()}
            return formulas.kappa(cells)

        return self._score(counts, formula, float(len(rows)))


def krippendorff_alpha(both: Floats, one: Floats, none: Floats) -> Floats:
    """Krippendorff's α for two coders and two values, from the units on which they agree and differ.

    Args:
        both: Units (…,) that both coders mark.
        one: Units that one of them marks.
        none: Units that neither marks.

    Returns:
        1 - (n - 1) o / (n₁ n₀), with n values in all, o disagreeing units, n₁ marks and n₀ others; NaN where all
        values are the same.
    """
    marks, others = 2 * both + one, 2 * none + one
    product = np.asarray(marks * others, dtype=np.float64)
    room = product > 0
    return np.where(room, 1 - (marks + others - 1) * one / np.where(room, product, 1.0), np.nan)


def _alike(run: Run) -> tuple[Ints, Ints]:
    """Rows of quotes that are paired with a Dice of at least one half."""
    pairing = run.task.pairing
    return pairing.gold.row[pairing.left[pairing.half]], pairing.answers.row[pairing.right[pairing.half]]


def _spans(columns: Columns, role: str) -> dict[int, list[tuple[int, int]]]:
    """Spans of a role by article."""
    quotes: Quotes | None = columns.quotes
    found: dict[int, list[tuple[int, int]]] = {}
    if quotes is None:
        return found
    if role == "content":
        article = quotes.article[quotes.segment_quote]
        start, end = quotes.segment_start, quotes.segment_end
    else:
        article = quotes.article
        start, end = getattr(quotes, f"{role}_start"), getattr(quotes, f"{role}_end")
    for number, first, last in zip(article.tolist(), start.tolist(), end.tolist(), strict=True):
        if first >= 0:
            found.setdefault(number, []).append((first, last))
    return found


def _inside(tokens: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int]]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """(tokens,) bool: whether a token lies in one of the spans, at least in part."""
    mask = np.zeros(len(tokens), dtype=np.bool_)
    starts, ends = [token[0] for token in tokens], [token[1] for token in tokens]
    for first, last in spans:
        mask[int(np.searchsorted(ends, first, side="right")) : int(np.searchsorted(starts, last, side="left"))] = True
    return mask
