"""Dates scored by trying every pairing; for small inputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TypeAlias

#: start, end, type, value
Expression: TypeAlias = tuple[int, int, str | None, str | None]
Pairing: TypeAlias = tuple[tuple[int, int], ...]


def pairings(gold: int, answers: int) -> Iterator[Pairing]:
    """Every one-to-one pairing of gold and answers, partial ones too."""

    def extend(row: int, used: frozenset[int]) -> Iterator[Pairing]:
        if row == gold:
            yield ()
            return
        yield from extend(row + 1, used)
        for answer in range(answers):
            if answer not in used:
                for rest in extend(row + 1, used | {answer}):
                    yield ((row, answer), *rest)

    return extend(0, frozenset())


def overlap(first: Expression, second: Expression) -> bool:
    return first[0] < second[1] and second[0] < first[1]


def scores(gold: list[Expression], answers: list[Expression]) -> dict[str, int]:
    """Numerators of the four measures for one article."""
    spans, spans_given = (Counter((item[0], item[1]) for item in side) for side in (gold, answers))
    best = None
    for pairs in pairings(len(gold), len(answers)):
        if not all(overlap(gold[row], answers[answer]) for row, answer in pairs):
            continue
        exact = sum(gold[row][:2] == answers[answer][:2] for row, answer in pairs)
        values = sum(gold[row][3] == answers[answer][3] for row, answer in pairs)
        types = sum(gold[row][2] == answers[answer][2] for row, answer in pairs)
        rank = (len(pairs), exact, values, types)
        best = rank if best is None else max(best, rank)
    assert best is not None
    return {
        "dates/strict": sum((spans & spans_given).values()),
        "dates/relaxed": best[0],
        "dates/value": best[2],
        "dates/type": best[3],
    }
