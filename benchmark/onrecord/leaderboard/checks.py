"""What a leaderboard must obey; continuous integration runs it on every submission."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from onrecord.errors import InputError, Problem
from onrecord.leaderboard.cards import FOLDER, Card, read_cards
from onrecord.leaderboard.entries import Entry, file_name, read_entries, read_lines
from onrecord.leaderboard.page import page
from onrecord.leaderboard.runs import Dataset, scored_again
from onrecord.predictions.gold import Gold

_AGAIN = "run scripts/leaderboard.py --rescore, or run the system again"


def check(root: Path, target: Path, dataset: Dataset) -> list[Problem]:
    """Every problem of a leaderboard.

    Entries have the right form and a card; on the OnRecord corpus their predictions are there and score to the same
    figures against today's gold; the page is the one made of them.

    Args:
        root: The leaderboard's folder.
        target: The page.
        dataset: The OnRecord corpus, assembled from the checkout.
    """
    try:
        entries, cards = read_entries(root), read_cards(root)
    except InputError as error:
        return list(error.problems)
    problems: list[Problem] = []
    for folder, some in entries.items():
        for name, entry in some.items():
            problems += _sound(root / folder / f"{name}.json", name, entry, cards, kept=folder == dataset.name)
    packed = {path.relative_to(root).as_posix() for path in root.glob("*/*.jsonl.gz")}
    expected = {f"{dataset.name}/{name}.jsonl.gz" for name in entries.get(dataset.name, {})}
    problems += [
        Problem(str(root / path), "predictions without an entry", remedy="remove the file")
        for path in sorted(packed - expected)
    ]
    gold = dataset.gold()
    for name, entry in entries.get(dataset.name, {}).items():
        problems += _rescored(root / dataset.name, name, entry, dataset, gold)
    if not problems and (not target.is_file() or target.read_text(encoding="utf-8") != page(entries, cards)):
        problems.append(Problem(str(target), "is not what the entries say", remedy="scripts/leaderboard.py --page"))
    return problems


def _sound(path: Path, name: str, entry: Entry, cards: Mapping[str, Card], *, kept: bool) -> list[Problem]:
    problems = []
    if name not in cards:
        card = path.parent.parent / FOLDER / f"{name}.toml"
        problems.append(Problem(str(card), "no such card", remedy="say what the system is and cannot do"))
    if file_name(entry.system["name"]) != name:
        problems.append(
            Problem(str(path), f"is about {entry.system['name']!r}", remedy="name the file after the system")
        )
    if not entry.command:
        problems.append(Problem(str(path), "no command", field="command", remedy="say how the predictions are made"))
    if not kept and entry.predictions is not None:
        problems.append(
            Problem(str(path), "keeps predictions", field="predictions", remedy="of other corpora keep figures only")
        )
    return problems


def _rescored(folder: Path, name: str, entry: Entry, dataset: Dataset, gold: Gold) -> list[Problem]:
    """Whether an entry's figures come out of its predictions."""
    where, packed = str(folder / f"{name}.json"), folder / f"{name}.jsonl.gz"
    try:
        if read_lines(packed)[1] != entry.predictions:
            return [Problem(where, "is not of these predictions", field="predictions", remedy=_AGAIN)]
        again = scored_again(folder, name, entry, dataset, gold)
    except InputError as error:
        given = [problem for problem in error.problems if problem.where == str(packed)]
        return given or [replace(problem, where=str(packed)) for problem in error.problems]
    if again.signature != entry.signature:
        return [Problem(where, f"the signature is now {again.signature}", field="signature", remedy=_AGAIN)]
    said, found = _figures(entry), _figures(again)
    return [
        Problem(
            where, f"says {_value(said.get(figure))}, scored again {_value(found.get(figure))}", None, figure, _AGAIN
        )
        for figure in dict.fromkeys((*said, *found))
        if not _same(said.get(figure), found.get(figure))
    ]


def _figures(entry: Entry) -> dict[str, Mapping[str, float | None]]:
    beside = {f"{figure} beside rules": value for figure, value in (entry.beside_rules or {}).items()}
    return {**entry.scores, **beside}


def _value(figure: Mapping[str, float | None] | None) -> float | None:
    return None if figure is None else figure.get("value", figure.get("difference"))


def _same(one: Mapping[str, float | None] | None, other: Mapping[str, float | None] | None) -> bool:
    """Equal values and counts; ends of intervals up to the last bits, which a library's version may turn."""
    if one is None or other is None or set(one) != set(other):
        return False
    for key, value in one.items():
        theirs = other[key]
        if key in ("low", "high") and value is not None and theirs is not None:
            if not math.isclose(value, theirs, rel_tol=1e-9):
                return False
        elif value != theirs:
            return False
    return True
