"""The ways to be wrong, by how many items they cost. Counts, no measure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import numpy as np

from onrecord.columns import ABSENT, Coded
from onrecord.scoring.alignment import OUTCOMES, RIGHT, Aligned
from onrecord.scoring.items import items

if TYPE_CHECKING:
    from onrecord.columns import Columns
    from onrecord.report.study import Scoring

MOST_CONFUSIONS: Final = 15
_EXAMPLES: Final = 3
#: Longest words of an example.
_LONGEST: Final = 60
_NOTHING: Final = "–"


@dataclass(frozen=True)
class Confusion:
    """One way to be wrong: how often, and some places to look at: the article's row, the error's ``ending``, words."""

    layer: str
    what: str
    number: int
    share: float
    examples: tuple[tuple[int, str, str], ...]


def confusions(scoring: Scoring) -> list[Confusion]:
    """The ways to be wrong by how many items they cost, the most costly first."""
    task, found = scoring.run.task, []
    for layer, rows in scoring.aligned.items():
        sides = _Side(task.gold, layer), _Side(task.answers, layer)
        numbers: Counter[str] = Counter()
        examples: defaultdict[str, list[int]] = defaultdict(list)
        for row in np.flatnonzero(rows.outcome != RIGHT).tolist():
            for what in _ways(rows, row, *sides):
                numbers[what] += 1
                if len(examples[what]) < _EXAMPLES:
                    examples[what].append(row)
        most = [what for what, _ in numbers.most_common(MOST_CONFUSIONS)]
        shown = _examples(scoring, rows, [row for what in most for row in examples[what]])
        for what in most:
            places = tuple(shown[row] for row in examples[what])
            found.append(Confusion(layer, what, numbers[what], numbers[what] / len(rows), places))
    return sorted(found, key=lambda one: (-one.number, one.layer, one.what))[:MOST_CONFUSIONS]


def _examples(scoring: Scoring, rows: Aligned, some: list[int]) -> dict[int, tuple[int, str, str]]:
    """By row: row of the article, ending of the address, words."""
    task = scoring.run.task
    found = {}
    for columns, numbers, chosen in (
        (task.gold, rows.gold, [row for row in some if rows.gold[row] >= 0]),
        (task.answers, rows.answer, [row for row in some if rows.gold[row] < 0]),
    ):
        for row, item in zip(chosen, items(columns, rows.layer, numbers[chosen]), strict=True):
            words = str(item.get("text") or item.get("holder_name") or item.get("row") or "…")
            article = int(rows.article[row])
            end = ending(scoring.name, rows.layer, row - int(np.searchsorted(rows.article, article)))
            found[row] = article, end, words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
    return found


def ending(system: str, layer: str, turn: int) -> str:
    """The end of the address of an error: ``~<system>.<layer>.<number>``, numbers counted from 1."""
    return f"~{quoted(system)}.{layer}.{turn + 1}"


def quoted(name: str) -> str:
    """A name as a part of a fragment; the same as ``quoted`` in ``assets/js/00-dom.js``."""
    return quote(name, safe="/!*'()").replace("~", "%7E")


class _Side:
    """What sentences about errors say of the items of a layer, by row."""

    def __init__(self, columns: Columns, layer: str) -> None:
        rows: Any = getattr(columns, {"entities": "mentions"}.get(layer, layer))
        label = {"entities": "type", "quotes": "kind", "dates": "type"}.get(layer, "label")
        self.labels = [value or _NOTHING for value in _strings(getattr(rows, label))]
        self.kinds = self.labels
        if layer == "entities":
            kinds = ("" if kind in (None, "name") else f" ({kind})" for kind in _strings(rows.kind))
            self.kinds = [f"{type_}{kind}" for type_, kind in zip(self.labels, kinds, strict=True)]
        elif layer == "quotes":
            self.kinds = [f"{'some' if kind == _NOTHING else kind} quotes" for kind in self.labels]
        #: By attribute, whether an item has it; only what can be left out.
        self.has: dict[str, list[bool]] = {}
        if layer == "quotes":
            self.has = {
                "speaker": ((rows.speaker.codes >= 0) | (rows.speaker_name.codes >= 0)).tolist(),
                "source": (rows.source_start != ABSENT).tolist(),
                "cue": (rows.cue_start != ABSENT).tolist(),
                "said_on": (rows.said_on.codes >= 0).tolist(),
            }
        elif layer == "dates":
            self.has = {"value": (rows.value.codes >= 0).tolist()}


def _ways(rows: Aligned, row: int, gold: _Side, answers: _Side) -> Iterator[str]:
    """In what ways an item is wrong."""
    right, given = int(rows.gold[row]), int(rows.answer[row])
    if right < 0 or given < 0:
        kind = gold.kinds[right] if right >= 0 else answers.kinds[given]
        yield f"{kind} {OUTCOMES[int(rows.outcome[row])]}"
        return
    for part in rows.wrong_parts(row):
        if part in ("type", "label"):
            yield f"{gold.labels[right]} taken for {answers.labels[given]}"
        elif part == "extent":
            yield f"{gold.kinds[right]}: extent differs"
        else:
            yield f"{part.replace('_', '-')} {'wrong' if answers.has[part][given] else 'not given'}"


def _strings(column: Coded) -> list[str | None]:
    values = [*column.values, None]  # A null's code is -1, the last one.
    return [values[code] for code in column.codes.tolist()]
