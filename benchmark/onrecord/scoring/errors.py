"""Every error of a scoring as JSON Lines: what was missed, spurious, partial, or has a wrong attribute."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from onrecord.scoring.alignment import OUTCOMES, RIGHT, Aligned, align
from onrecord.scoring.items import Item, Names, chain_names, items

if TYPE_CHECKING:
    from onrecord.columns import Columns, Ints
    from onrecord.scoring.task import Task

#: Characters of context on either side.
CONTEXT: Final = 60
_Items: TypeAlias = list[Item | None]
_LAYERS: Final = {"stances": "stance", "stance_rows": "stance"}


def write_errors(task: Task, path: str | Path) -> int:
    """Writes one line an error, by article, layer and place in the text.

    A line has ``article``, ``layer``, ``outcome`` (see :mod:`onrecord.scoring.alignment`), ``wrong`` (what disagrees:
    ``extent`` or names of attributes), ``gold`` and ``predicted`` (attributes, null where there is none), ``text`` and
    ``context``, which are null where the item has no place in the text.

    Args:
        task: Gold and answers as they were scored.
        path: Where to; ``-`` is standard output.

    Returns:
        The number of errors.

    Raises:
        InputError: The file cannot be written.
    """
    import orjson

    from onrecord.files import writing

    number = 0
    with writing(path) as stream:
        for error in errors(task):
            stream.write(orjson.dumps(error, option=orjson.OPT_APPEND_NEWLINE))
            number += 1
    return number


def errors(task: Task) -> Iterator[dict[str, Any]]:
    """The errors, one dict each, as :func:`write_errors` writes them."""
    names = chain_names(task.gold), chain_names(task.answers)
    by_layer = [(_LAYERS.get(layer, layer), *_faulty(task, rows, names)) for layer, rows in align(task).items()]
    bounds = [np.searchsorted(rows.article, np.arange(task.size + 1)).tolist() for _, rows, _, _ in by_layer]
    for article in range(task.size):
        text = None
        for (layer, rows, gold, predicted), bound in zip(by_layer, bounds, strict=True):
            for row in range(bound[article], bound[article + 1]):
                text = task.texts[article] if text is None else text
                words, context = _context(text, gold[row], predicted[row])
                yield {
                    "article": task.gold.ids[article],
                    "layer": layer,
                    "outcome": OUTCOMES[int(rows.outcome[row])],
                    "wrong": rows.wrong_parts(row),
                    "gold": gold[row],
                    "predicted": predicted[row],
                    "text": words,
                    "context": context,
                }


def _faulty(task: Task, rows: Aligned, names: tuple[Names, Names]) -> tuple[Aligned, _Items, _Items]:
    """The rows that are not right, and the items of both sides."""
    some = np.flatnonzero(rows.outcome != RIGHT)
    rows = Aligned(
        rows.layer, rows.article[some], rows.gold[some], rows.answer[some], rows.outcome[some], rows.wrong[some]
    )

    def side(columns: Columns, numbers: Ints, known: Names) -> _Items:
        there = np.flatnonzero(numbers >= 0)
        found: _Items = [None] * len(numbers)
        for place, item in zip(there.tolist(), items(columns, rows.layer, numbers[there], known), strict=True):
            found[place] = item
        return found

    return rows, side(task.gold, rows.gold, names[0]), side(task.answers, rows.answer, names[1])


def _context(text: str, *sides: Item | None) -> tuple[str | None, str | None]:
    """The words of an item and what stands around them, from gold if it is there."""
    for item in sides:
        spans = [] if item is None else [span for span in item.get("content", [item.get("span")]) if span is not None]
        if item is not None and spans:
            start, end = min(span[0] for span in spans), max(span[1] for span in spans)
            return item["text"], text[max(start - CONTEXT, 0) : end + CONTEXT]
    return next((item["text"] for item in sides if item is not None and item.get("text")), None), None
