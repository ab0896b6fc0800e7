"""Dates against a brute force over every pairing, and the cases in which TempEval-3's toolkit does something else."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from tests.oracles.dates import Expression, scores

import onrecord
from onrecord.columns import Dates, code
from onrecord.scoring.dates import evaluate
from onrecord.scoring.tally import TallyBuilder
from onrecord.scoring.task import Task

TEXT = "Headline\n\nOn Friday and again on Friday evening of last week it was closed for two days, two days too long.\n"


def columns(items: list[list[Expression]]) -> Dates:
    flat = [(article, *item) for article, some in enumerate(items) for item in some]
    return Dates(
        *(np.asarray([row[place] for row in flat], dtype=np.int64) for place in range(3)),
        code([row[3] for row in flat]),
        code([row[4] for row in flat]),
        code([None for _ in flat]),
    )


def tally(gold: list[list[Expression]], answers: list[list[Expression]]) -> dict[str, list[float]]:
    ids = [f"s/{number}" for number in range(len(gold))]
    builder = TallyBuilder(ids, ids)

    class Side:
        def __init__(self, dates: Dates) -> None:
            self.dates, self.ids = dates, ids

    evaluate(Task(Side(columns(gold)), Side(columns(answers)), None, None, (), builder))  # type: ignore[arg-type]
    return {name: counts.tolist() for (name, label), counts in builder.build().totals().items() if not label}


def some_dates(source: random.Random, most: int) -> list[Expression]:
    found = []
    for _ in range(source.randint(0, most)):
        start = source.randint(0, 8)
        kind = source.choice(["DATE", "TIME", None])
        found.append((start, start + source.randint(1, 4), kind, source.choice(["2031", "P1D", "P9Q", None])))
    return found


@pytest.mark.parametrize("seed", range(400))
def test_counts_equal_a_brute_force(seed: int) -> None:
    source = random.Random(seed)
    gold = [some_dates(source, 4) for _ in range(3)]
    answers = [some_dates(source, 4) for _ in range(3)]
    found = tally(gold, answers)
    expected = [scores(*pair) for pair in zip(gold, answers, strict=True)]
    sizes = sum(map(len, answers)), sum(map(len, gold))
    if sum(sizes):
        for measure in expected[0]:
            right = sum(article[measure] for article in expected)
            assert found[measure] == [right, sizes[0], right, sizes[1]], measure
    shuffled = [source.sample(some, len(some)) for some in gold], [source.sample(some, len(some)) for some in answers]
    assert tally(*shuffled) == found
    swapped = tally(answers, gold)
    assert {name: [c[2], c[3], c[0], c[1]] for name, c in swapped.items()} == found


def lines(*dates: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"id": "s/a", "text": TEXT, "dates": list(dates)}]


def at(words: str, occurrence: int = 0, **fields: str) -> dict[str, Any]:
    start = -1
    for _ in range(occurrence + 1):
        start = TEXT.index(words, start + 1)
    return {"start": start, "end": start + len(words), **fields}


def test_strict_goes_by_offsets_where_the_toolkit_goes_by_text() -> None:
    """TempEval-3's toolkit calls this right: the words are the same. Ours is another "two days"."""
    gold = lines(at("two days", 0, type="DURATION", value="P2D"))
    answer = lines(at("two days", 1, type="DURATION", value="P2D"))
    result = onrecord.score(answer, gold)
    assert result["dates/strict:f1"].value == 0
    assert result["dates/relaxed:f1"].value == 0
    assert TEXT[slice(*(answer[0]["dates"][0][end] for end in ("start", "end")))] == "two days"


def test_relaxed_is_one_to_one_and_prefers_the_right_value() -> None:
    gold = lines(at("Friday evening", type="TIME", value="2031-10-31TEV"))
    answer = lines(
        at("Friday evening of last week", type="DATE", value="2031-10-31"),
        at("evening", type="TIME", value="2031-10-31TEV"),
    )
    result = onrecord.score(answer, gold)
    assert result["dates/relaxed:precision"].value == 0.5
    assert result["dates/relaxed:recall"].value == 1
    assert result["dates/value:recall"].value == 1
    assert result["dates/strict:recall"].value == 0


@pytest.mark.parametrize("value", ["P9Q", "2019-WXX-5", "XXXX-12-25", "PXM", "nonsense", "2031-13-45"])
def test_odd_values_are_compared_as_they_are(value: str) -> None:
    gold = lines(at("Friday", type="DATE", value=value))
    assert onrecord.score(gold, gold)["dates/value:f1"].value == 1
    other = lines(at("Friday", type="DATE", value=f"{value}X"))
    assert onrecord.score(other, gold)["dates/value:f1"].value == 0


def test_a_duplicate_is_surplus_and_reported() -> None:
    gold = lines(at("Friday", type="DATE", value="2031-10-31"))
    answer = lines(*gold[0]["dates"], *gold[0]["dates"])
    result = onrecord.score(answer, gold)
    assert result["dates/strict:precision"].value == 0.5
    assert any("surplus" in sentence for sentence in result.reports)


def test_nothing_found_and_nothing_there() -> None:
    none = lines()
    some = lines(at("Friday", type="DATE", value="2031-10-31"))
    empty = onrecord.score(none, some)
    assert (empty["dates/value:precision"].value, empty["dates/value:recall"].value) == (None, 0)
    assert empty["dates/value:f1"].value == 0
    spurious = onrecord.score(some, none)
    assert (spurious["dates/value:precision"].value, spurious["dates/value:recall"].value) == (0, None)


def test_a_date_that_is_not_in_the_text_is_a_false_positive() -> None:
    gold = lines(at("Friday", type="DATE", value="2031-10-31"))
    answer = lines({"text": "Saturday", "type": "DATE", "value": "2031-11-01"}, {"text": "Sunday"})
    result = onrecord.score(answer, gold)
    assert result["dates/strict:precision"].value == 0
    assert result["dates/strict:precision"].predicted == 2
    assert result.grounding["failed"] == 2


def test_parts_by_type() -> None:
    gold = lines(at("Friday", type="DATE", value="1"), at("two days", type="DURATION", value="P2D"))
    answer = lines(at("Friday", type="DATE", value="1"), at("two days", type="DATE", value="P2D"))
    parts = onrecord.score(answer, gold)
    assert parts.part("type=DATE")["dates/strict:precision"].value == 1
    assert parts.part("type=DATE")["dates/strict:recall"].value == 1
    assert parts.part("type=DURATION")["dates/type:recall"].value == 0
    assert parts["dates/type:f1"].value == 0.5
    assert parts["dates/value:f1"].value == 1
