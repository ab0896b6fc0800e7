"""Articles as the page's script wants them: text, labels, and what became of every item, in short JSON.

The page draws an article when somebody opens it, so the text stands in the file once and not once a system. Items are
lists; ``assets/js/10-items.js`` gives their fields names again. An absent span is 0. Of an answer that says what gold
says only the rest is written: a list too short to be an item, whose beginning is gold's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from onrecord.report.study import Facts
from onrecord.scoring.alignment import PARTS
from onrecord.scoring.items import Item, Names, chain_names, items
from onrecord.scoring.task import annotated

if TYPE_CHECKING:
    from onrecord.columns import Columns, Ints
    from onrecord.predictions import Gold
    from onrecord.report.study import Scoring, Study

#: Layers in the order in which errors are stepped through.
LAYERS: Final = tuple(PARTS)
_COLUMNS: Final = {"entities": "mentions"}
#: What an article's heading says, from the gold's metadata.
_META: Final = ("id", "story", "outlet", "desk", "variety", "phenomena", "published", "language", "headline")
#: How many fields of an item must be gold's for them to be left out: all but ids and what the measures do not compare.
_TOLD: Final = {"entities": 4, "quotes": 7, "dates": 4}
_LAYER_OF: Final = {"stances": "stance", "stance_rows": "stance"}


def article_rows(study: Study) -> Iterator[dict[str, Any]]:
    """One JSON object an article, in the order of the gold."""
    gold = study.gold
    names = chain_names(gold.columns)
    labels = {layer: _grouped(gold.columns, layer, names) for layer in LAYERS if layer != "stance_rows"}
    there = {layer: annotated(gold.columns, layer).tolist() for layer in ("entities", "quotes", "dates", "stance")}
    systems = [_System(scoring, labels) for scoring in study.scorings]
    chains = _chains(names, len(gold.columns.ids))
    meta = _meta(gold)
    for row, text in enumerate(gold.texts[:]):
        facts = study.facts.get(meta["id"][row], Facts())
        yield {
            **{name: values[row] for name, values in meta.items() if values[row] is not None},
            "byline": facts.byline,
            "claims": facts.claims,
            "text": text,
            "chains": chains[row],
            # A layer that the article lacks is absent; one without items is empty.
            "gold": {
                layer: of_article[row]
                for layer, of_article in labels.items()
                if there[_LAYER_OF.get(layer, layer)][row]
            },
            "systems": [system.of(row) for system in systems],
        }


class _System:
    """What one system answered, article by article."""

    def __init__(self, scoring: Scoring, gold: dict[str, list[list[Any]]]) -> None:
        task = scoring.run.task
        self._answered = {name: annotated(task.answers, name).tolist() for name in (task.answers.answered or {})}
        names = chain_names(task.answers)
        self._chains = _chains(names, task.size)
        self._layers: dict[str, tuple[list[list[Any]], list[list[list[int]]]]] = {}
        for layer, rows in scoring.aligned.items():
            answers = rows.answer[rows.answer >= 0]
            article = rows.article[rows.answer >= 0]
            listed = _by_article(items(task.answers, layer, answers, names), article, layer, task.size)
            # Items are numbered within their article: gold's in their own order, answers as they are aligned.
            local = _local(task.gold, layer)[rows.gold], _numbered(article, rows.answer >= 0)
            table = np.stack([*local, rows.outcome, rows.wrong], axis=1).tolist()
            tables = _split(table, rows.article, task.size)
            if layer in _TOLD:
                for answered, right, some in zip(listed, gold[layer], tables, strict=True):
                    _shorten(answered, right, some, _TOLD[layer])
            self._layers[layer] = listed, tables

    def of(self, row: int) -> dict[str, Any]:
        """Items and outcomes by layer; ``lacks`` names layers that the system has no answer to here."""
        return {
            "chains": self._chains[row],
            "lacks": [layer for layer, mask in self._answered.items() if not mask[row]],
            "items": {layer: listed[row] for layer, (listed, _) in self._layers.items()},
            "rows": {layer: table[row] for layer, (_, table) in self._layers.items()},
        }


def _shorten(answers: list[Any], gold: list[Any], rows: list[list[int]], told: int) -> None:
    """Leaves out what an answer has in common with the gold item it is paired with, if that is all that counts."""
    for g, a, *_ in rows:
        if g >= 0 and a >= 0 and answers[a][:told] == gold[g][:told]:
            answers[a] = answers[a][told:]


def _grouped(columns: Columns, layer: str, names: Names) -> list[list[Any]]:
    """Gold's items by article, in short form."""
    rows = _rows(columns, layer)
    if rows is None:
        return [[] for _ in columns.ids]
    order = np.argsort(rows.article, kind="stable")
    return _by_article(items(columns, layer, order, names), rows.article[order], layer, len(columns.ids))


def _rows(columns: Columns, layer: str) -> Any:
    return getattr(columns, _COLUMNS.get(layer, layer))


def _local(columns: Columns, layer: str) -> Ints:
    """(rows + 1,) number of each gold item in its article; -1 for row -1."""
    rows = _rows(columns, layer)
    found = np.full(len(rows.article) + 1, -1, dtype=np.int64)
    order = np.argsort(rows.article, kind="stable")
    ordered = rows.article[order]
    found[order] = np.arange(len(ordered)) - np.searchsorted(ordered, ordered)
    return found


def _numbered(article: Ints, there: Any) -> Ints:
    """(rows,) number of each answer among the article's; -1 where there is none."""
    found = np.full(len(there), -1, dtype=np.int64)
    found[there] = np.arange(len(article)) - np.searchsorted(article, article)
    return found


def _by_article(some: Sequence[Item], article: Ints, layer: str, size: int) -> list[list[Any]]:
    short = _SHORT[layer]
    return _split([short(item) for item in some], article, size)


def _split(some: list[Any], article: Ints, size: int) -> list[list[Any]]:
    """A list an article; ``article`` must not fall."""
    bounds = np.searchsorted(article, np.arange(size + 1)).tolist()
    return [some[bounds[row] : bounds[row + 1]] for row in range(size)]


def _chains(names: Names, size: int) -> list[dict[str, str]]:
    found: list[dict[str, str]] = [{} for _ in range(size)]
    for (article, chain), name in names.items():
        found[article][chain] = name
    return found


def _meta(gold: Gold) -> Mapping[str, list[Any]]:
    return {name: gold.meta.column(name).to_pylist() for name in _META}


def _mention(item: Item) -> list[Any]:
    start, end = item["span"] or (-1, -1)
    found = [start, end, item["type"], item["kind"], item["entity"], item["link"]]
    return found if start >= 0 else [*found, item["text"]]


def _quote(item: Item) -> list[Any]:
    names = ("speaker_name", "kind", "sourcing", "said_on", "id")
    found = [item["content"], item["cue"] or 0, item["source"] or 0, *(item[name] for name in names)]
    # What is not in the text has words of its own.
    return [*found, item["text"]] if not item["content"] or None in item["content"] else found


def _date(item: Item) -> list[Any]:
    start, end = item["span"] or (-1, -1)
    found = [start, end, item["type"], item["value"], item["mod"]]
    return found if start >= 0 else [*found, item["text"]]


def _stance(item: Item) -> list[Any]:
    holder = item["holder_name"] or item["holder"]
    return [holder, item["claim"], item["label"], item["earlier"], item["evidence_quotes"]]


def _stance_row(item: Item) -> list[Any]:
    return [item["row"], item["label"]]


_SHORT: Final[dict[str, Callable[[Item], list[Any]]]] = {
    "entities": _mention,
    "quotes": _quote,
    "dates": _date,
    "stances": _stance,
    "stance_rows": _stance_row,
}
