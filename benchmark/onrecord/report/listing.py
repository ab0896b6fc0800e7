"""The list of articles with their figures, and what one system gets right that another does not."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from onrecord.report.articles import LAYERS
from onrecord.scoring.alignment import OUTCOMES, RIGHT
from onrecord.scoring.items import chain_names, items
from onrecord.scoring.measures import catalogue, figures, sources_of

if TYPE_CHECKING:
    from onrecord.columns import Ints
    from onrecord.report.study import Study
    from onrecord.scoring import Result
    from onrecord.scoring.tally import Floats

#: The figures that stand beside an article, where a result has them.
PER_ARTICLE: Final = (
    "entities/strict:f1",
    "coreference/conll:f1",
    "quotes/content-soft:f1",
    "quotes/speaker:f1",
    "quotes/full:f1",
    "dates/relaxed:f1",
    "dates/value:f1",
    "stance/accuracy",
    "stance/triple:f1",
    "record/attribution:f1",
)
#: So many differences between systems are listed; the table counts them all.
MOST_DIFFERENCES: Final = 3_000
_LONGEST: Final = 120


def listing(study: Study) -> dict[str, Any]:
    """Articles in the order of the gold, with metadata, figures and numbers of errors.

    Figures are rounded to three places, as they are shown.
    """
    gold = study.gold
    names = [name for name in PER_ARTICLE if any(name in result.scores for result in study.results)]
    per_system = [per_article(result, names) for result in study.results]
    place = {identifier: row for row, identifier in enumerate(sorted(gold.columns.ids))}
    meta = {
        name: gold.meta.column(name).to_pylist() for name in ("headline", "outlet", "desk", "published", "phenomena")
    }
    errors = [_errors(scoring.aligned, len(gold.columns.ids)) for scoring in study.scorings]
    return {
        "figures": names,
        "articles": [
            {
                "id": identifier,
                **{name: values[row] for name, values in meta.items() if values[row]},
                "scores": [[_rounded(values[name][place[identifier]]) for name in names] for values in per_system],
                "errors": [some[row] for some in errors],
            }
            for row, identifier in enumerate(gold.columns.ids)
        ],
    }


def per_article(result: Result, names: list[str]) -> dict[str, Floats]:
    """(articles,) of each figure, in the order of sorted ids; NaN where undefined."""
    tally = result.counts
    wanted = {name.partition(":")[0] for name in names}
    missing = np.full(len(tally.ids), np.nan)
    found = dict.fromkeys(names, missing)
    for measure in catalogue().values():
        sources = sources_of(measure, tally.keys)
        if measure.name not in wanted or not sources:
            continue
        totals = {}
        for key in sources:
            article, counts = tally.of(key)
            dense = np.zeros((len(tally.ids), 4))
            dense[article] = counts
            totals[key] = dense
        for suffix, values in figures(measure, totals).items():
            name = f"{measure.name}:{suffix}" if suffix else measure.name
            if name in found:
                found[name] = values
    return found


def comparison(study: Study) -> dict[str, Any]:
    """For every two systems and layer, the gold items that both, one or neither gets right; and the items that differ.

    Spurious answers are no gold items and are not counted here.
    """
    scorings = study.scorings
    layers = [layer for layer in LAYERS if all(layer in scoring.aligned for scoring in scorings)]
    counts: dict[str, dict[str, list[int]]] = {}
    differing: list[list[Any]] = []
    total = 0
    names = chain_names(study.gold.columns)
    for layer in layers:
        gold, article, outcome, number = _by_gold(study, layer)
        right = outcome == RIGHT
        for a, b in permutations(range(len(scorings)), 2):
            parts = (right[a] & right[b], right[a] & ~right[b], right[b] & ~right[a], ~right[a] & ~right[b])
            counts.setdefault(f"{a}-{b}", {})[layer] = [int(part.sum()) for part in parts]
        places = np.flatnonzero(right.any(axis=0) & ~right.all(axis=0))
        total += len(places)
        places = places[: max(MOST_DIFFERENCES - len(differing), 0)]
        shown = items(study.gold.columns, layer, gold[places], names)
        for item, place in zip(shown, places.tolist(), strict=True):
            outcomes = [OUTCOMES[code] for code in outcome[:, place].tolist()]
            differing.append([int(article[place]), layer, _words(item), outcomes, number[:, place].tolist()])
    return {"layers": layers, "counts": counts, "items": differing, "total": total}


def _by_gold(study: Study, layer: str) -> tuple[Ints, Ints, Ints, Ints]:
    """The gold items of a layer that every system was held against.

    Returns:
        (items,) their rows and articles; (systems, items) their outcomes and numbers among the rows of the article.
    """
    tables = [scoring.aligned[layer] for scoring in study.scorings]
    size = 1 + max(int(rows.gold.max(initial=-1)) for rows in tables)
    article = np.zeros(size, dtype=np.int64)
    found = np.full((2, len(tables), size), -1, dtype=np.int64)
    for place, rows in enumerate(tables):
        there = rows.gold >= 0
        turn = np.arange(len(rows)) - np.searchsorted(rows.article, rows.article)
        found[:, place, rows.gold[there]] = rows.outcome[there], turn[there]
        article[rows.gold[there]] = rows.article[there]
    kept = np.flatnonzero((found[0] >= 0).all(axis=0))
    return kept, article[kept], found[0][:, kept], found[1][:, kept]


def _words(item: dict[str, Any]) -> str:
    if "row" in item:
        return f"{str(item['row']).partition('#')[2].replace('#', ' · ')}: {item['label']}"
    if "claim" in item:
        return f"{item['holder_name'] or item['holder']} · {item['claim']}: {item['label']}"
    text = item["text"] or ""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _errors(aligned: Any, size: int) -> list[int]:
    found = np.zeros(size, dtype=np.int64)
    for rows in aligned.values():
        found += np.bincount(rows.article[rows.outcome != RIGHT], minlength=size)
    return [int(number) for number in found]


def _rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 3)
