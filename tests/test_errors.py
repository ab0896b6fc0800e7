"""The alignment agrees with the measures; errors are written out whole."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from tests.tinycorpus import build_tiny

import onrecord
from onrecord.cli import main
from onrecord.predictions import read_gold, read_predictions
from onrecord.scoring.alignment import MISSED, OUTCOMES, PARTS, RIGHT, SPURIOUS, Aligned, align
from onrecord.scoring.engine import Run, prepare
from onrecord.scoring.errors import CONTEXT, errors, write_errors
from onrecord.scoring.task import Task

WORDS = [
    "Ann",
    "said",
    "that",
    "Bo",
    "would",
    "not",
    "pay",
    "on",
    "Friday",
    "but",
    "Cy",
    "paid",
    "him",
    "a",
    "cent",
    "in",
    "May",
    "“so",
    "there”",
    "he",
    "wrote",
]


def run_of(gold: Any, answers: Any, **options: Any) -> Run:
    right = read_gold(gold)
    return prepare(read_predictions(answers, right), right, **options)


def line(chance: random.Random, number: int) -> dict[str, Any]:
    """An article with labels drawn at random."""
    text = " ".join(chance.choices(WORDS, k=40))
    starts = [0, *(place + 1 for place, sign in enumerate(text) if sign == " ")]
    ends = [*(start - 1 for start in starts[1:]), len(text)]

    def span(longest: int) -> dict[str, Any]:
        first = chance.randrange(len(starts))
        last = min(first + chance.randrange(longest), len(ends) - 1)
        return {"start": starts[first], "end": ends[last]}

    chains = ["e1", "e2", "e3"]
    entities = {}
    for _ in range(chance.randrange(12)):
        found = {
            **span(3),
            "type": chance.choice(["PERSON", "ORG", "GPE"]),
            "kind": chance.choice(["name", "name", "pronoun"]),
            "entity": chance.choice(chains),
        }
        entities[found["start"], found["end"], found["type"], found["kind"]] = found
    dates = {}
    for _ in range(chance.randrange(5)):
        found = {
            **span(3),
            "type": chance.choice(["DATE", "TIME"]),
            "value": chance.choice(["2031-01-03", "2031-05"]),
        }
        dates[found["start"]] = found
    quotes = []
    for place in range(chance.randrange(5)):
        quote: dict[str, Any] = {"id": f"q{place}", "content": [span(9) for _ in range(chance.choice([1, 1, 2]))]}
        if chance.random() < 0.8:
            quote |= {"cue": span(1), "source": span(2), "speaker": chance.choice(chains)}
        if chance.random() < 0.4:
            quote["said_on"] = chance.choice(["2031-01-02", "2031-01-03"])
        quotes.append(quote)
    pairs = [(holder, claim) for holder in chains for claim in ("c1", "c2")]
    stances = [
        {"holder": holder, "claim": claim, "label": chance.choice(["supports", "opposes", "neutral"])}
        for holder, claim in chance.sample(pairs, chance.randrange(4))
    ]
    return {
        "id": f"a{number:03}",
        "text": text,
        "claims": [{"id": "c1", "text": "It is so."}, {"id": "c2", "text": "It is not."}],
        "entities": list(entities.values()),
        "dates": list(dates.values()),
        "quotes": quotes,
        "stances": stances,
    }


def disturbed(chance: random.Random, row: dict[str, Any]) -> dict[str, Any]:
    """The labels of an article, some lost, some changed, some of another draw."""
    other = line(chance, 0)
    found: dict[str, Any] = {"id": row["id"]}
    size = len(row["text"])
    for layer in ("entities", "dates", "quotes", "stances"):
        kept = [dict(item) for item in row[layer] if chance.random() < 0.8]
        for item in kept:
            if chance.random() < 0.3 and item.get("end", 0) > item.get("start", 0) + 1:
                item["end"] -= 1
            if chance.random() < 0.3 and "type" in item:
                item["type"] = "ORG" if layer == "entities" else "DATE"
            if chance.random() < 0.3 and "label" in item:
                item["label"] = "supports"
            if chance.random() < 0.3 and "speaker" in item:
                item["speaker"] = "e2"
        added = [item for item in other[layer] if chance.random() < 0.3]
        for item in added:
            item.pop("id", None)
        found[layer] = kept + [item for item in added if _ends(item) <= size]
    return found


def _ends(item: dict[str, Any]) -> int:
    spans = [item, *item.get("content", ()), item.get("cue") or {}, item.get("source") or {}]
    return max(span.get("end", 0) for span in spans)


@pytest.fixture(scope="module")
def task() -> Task:
    chance = random.Random(7)
    gold = [line(chance, number) for number in range(60)]
    return run_of(gold, [disturbed(chance, row) for row in gold]).task


@pytest.fixture(scope="module")
def totals(task: Task) -> dict[tuple[str, str], list[float]]:
    return {key: sums.tolist() for key, sums in task.builder.build().totals().items()}


def lacking(rows: Aligned, *parts: str) -> Any:
    """(rows,) whether a pair agrees on some of its parts."""
    bits = sum(1 << PARTS[rows.layer].index(part) for part in parts)
    return (rows.gold >= 0) & (rows.answer >= 0) & (rows.wrong & bits == 0)


def test_entities_are_those_of_strict(task: Task, totals: dict[tuple[str, str], list[float]]) -> None:
    rows = align(task)["entities"]
    gold, answers = task.gold.mentions, task.answers.mentions
    assert gold is not None and answers is not None
    name, name_given = gold.kind.values.index("name"), answers.kind.values.index("name")
    mine = np.where(rows.gold >= 0, gold.kind.codes[rows.gold] == name, answers.kind.codes[rows.answer] == name_given)
    counts = np.bincount(rows.outcome[mine], minlength=5).tolist()
    expected = {label: totals["entities/strict", f"count={label}"][0] for label in ("COR", "INC", "MIS", "SPU")}
    assert counts[0] == expected["COR"] > 0
    assert counts[1] + counts[2] == expected["INC"] and counts[1] > 0 and counts[2] > 0
    assert counts[3] == expected["MIS"] > 0
    assert counts[4] == expected["SPU"] > 0


def test_quotes_are_those_of_full_and_attribution(task: Task, totals: dict[tuple[str, str], list[float]]) -> None:
    rows = align(task)["quotes"]
    whole = int(np.count_nonzero(lacking(rows, "extent", "cue", "source", "speaker")))
    assert whole == totals["quotes/full", ""][0] > 0
    assert np.count_nonzero(rows.gold >= 0) == totals["quotes/full", ""][3]
    assert np.count_nonzero(rows.answer >= 0) == totals["quotes/full", ""][1]


def test_dates_are_those_of_relaxed(task: Task, totals: dict[tuple[str, str], list[float]]) -> None:
    rows = align(task)["dates"]
    assert int(np.count_nonzero(lacking(rows))) == totals["dates/relaxed", ""][0] > 0
    for part in ("value", "type"):
        assert int(np.count_nonzero(lacking(rows, part))) == totals[f"dates/{part}", ""][0]


def test_stances_are_those_of_triple(task: Task, totals: dict[tuple[str, str], list[float]]) -> None:
    rows = align(task)["stances"]
    stances = task.gold.stances
    assert stances is not None
    right = rows.gold[rows.outcome == RIGHT]
    sides = [stances.label[int(row)] in ("supports", "opposes") for row in right]
    assert sum(sides) == totals["stance/triple", ""][0] > 0


def test_every_item_is_in_one_row_in_text_order(task: Task) -> None:
    for layer, rows in align(task).items():
        for numbers in (rows.gold, rows.answer):
            there = numbers[numbers >= 0]
            assert len(there) == len(np.unique(there)), layer
        assert (np.diff(rows.article) >= 0).all()
        assert ((rows.outcome == MISSED) == (rows.answer < 0)).all()
        assert ((rows.outcome == SPURIOUS) == (rows.gold < 0)).all()
        assert ((rows.outcome == RIGHT) == ((rows.wrong == 0) & (rows.gold >= 0) & (rows.answer >= 0))).all()


def test_order_of_answers_is_nothing() -> None:
    chance = random.Random(3)
    gold = [line(chance, number) for number in range(12)]
    answers = [disturbed(chance, row) for row in gold]
    mixed = [
        {**row, **{layer: row[layer][::-1] for layer in ("entities", "dates", "quotes", "stances")}}
        for row in answers[::-1]
    ]
    first, second = (list(errors(run_of(gold, some).task)) for some in (answers, mixed))
    assert first == second and first


GOLD: dict[str, Any] = {
    "id": "dock/post",
    "text": "Dock opens\n\nAnn Roe said on Friday that “the dock” is safe. Bo Li left.",
    "claims": [{"id": "c1", "text": "The dock is safe."}],
    "chains": [{"id": "e1", "name": "Ann Roe", "type": "PERSON"}],
    "entities": [
        {"start": 12, "end": 19, "type": "PERSON", "entity": "e1", "kind": "name"},
        {"start": 60, "end": 65, "type": "PERSON", "kind": "name"},
    ],
    "quotes": [
        {
            "id": "q1",
            "content": [{"start": 35, "end": 58}],
            "cue": {"start": 20, "end": 24},
            "source": {"start": 12, "end": 19},
            "speaker": "e1",
            "said_on": "2031-01-03",
        }
    ],
    "dates": [{"start": 28, "end": 34, "type": "DATE", "value": "2031-01-03"}],
    "stances": [{"holder": "e1", "claim": "c1", "label": "supports"}],
}
ANSWER: dict[str, Any] = {
    "id": "dock/post",
    "entities": [{"start": 12, "end": 19, "type": "ORG"}, {"text": "Nobody at all", "type": "PERSON"}],
    "quotes": [{"content": [{"start": 46, "end": 58}], "speaker_name": "Bo Li", "cue": {"start": 20, "end": 24}}],
    "dates": [{"start": 28, "end": 34, "type": "DATE", "value": "2031-01-10"}],
    "stances": [{"holder_name": "Ann Roe", "claim": "c1", "label": "opposes"}],
    "stance_rows": [{"row": "dock/post#c1#e1", "label": "neutral"}],
}


def test_a_line_says_everything(tmp_path: Path) -> None:
    path = tmp_path / "errors.jsonl"
    assert write_errors(run_of([GOLD], [ANSWER]).task, path) == 7
    lines = [orjson.loads(text) for text in path.read_bytes().splitlines()]
    assert [(row["layer"], row["outcome"], row["wrong"], row["text"]) for row in lines] == [
        ("entities", "wrong-attribute", ["type"], "Ann Roe"),
        ("entities", "missed", [], "Bo Li"),
        ("entities", "spurious", [], "Nobody at all"),
        # Of what the system never gives, the source and the day, nothing is said.
        ("quotes", "partial", ["extent", "speaker"], "that “the dock” is safe"),
        ("dates", "wrong-attribute", ["value"], "Friday"),
        ("stance", "wrong-attribute", ["label"], None),
        ("stance", "wrong-attribute", ["label"], None),
    ]
    assert {row["article"] for row in lines} == {"dock/post"}
    assert lines[0]["gold"]["type"] == "PERSON" and lines[0]["predicted"]["type"] == "ORG"
    assert lines[0]["context"] == GOLD["text"][: 19 + CONTEXT]
    assert lines[2]["predicted"]["span"] is None and lines[2]["context"] is None
    assert lines[3]["gold"]["speaker_name"] == "Ann Roe" and lines[3]["predicted"]["speaker_name"] == "Bo Li"
    assert lines[4]["predicted"]["value"] == "2031-01-10"
    assert lines[6]["predicted"] == {"row": "dock/post#c1#e1", "label": "neutral"}


def test_what_gold_never_says_is_not_held_against_answers() -> None:
    bare = {**GOLD, "quotes": [{"content": [{"start": 35, "end": 58}]}], "stances": None, "entities": None}
    quotes = [{**GOLD["quotes"][0], "speaker": None, "speaker_name": "Bo Li"}]
    assert [row["layer"] for row in errors(run_of([bare], [{"id": GOLD["id"], "quotes": quotes}]).task)] == []


def test_gold_as_its_own_answer_has_no_error(tmp_path: Path) -> None:
    folder = build_tiny(tmp_path)
    gold = onrecord.load("all", split="test", path=folder)
    path = tmp_path / "errors.jsonl"
    right = read_gold(str(folder))
    assert write_errors(prepare(read_predictions(gold, right), right).task, path) == 0
    assert path.read_bytes() == b""


def test_unanswered_rows_are_missed() -> None:
    (found,) = errors(
        run_of(
            [GOLD],
            [
                {"id": "dock/post", "stance_rows": []},
            ],
        ).task
    )
    assert found["outcome"] == "missed" and found["gold"]["label"] == "supports"


def test_layers_that_nobody_has_are_not_there() -> None:
    task = run_of([{"id": "a", "text": "Ann", "dates": []}], [{"id": "a", "entities": [], "dates": []}]).task
    assert list(align(task)) == ["dates"]
    assert list(errors(task)) == []


def test_score_writes_errors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = build_tiny(tmp_path)
    lines = onrecord.predict(str(folder), "rules", split="test")
    predictions = tmp_path / "rules.jsonl"
    predictions.write_bytes(b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in lines))
    path = tmp_path / "errors.jsonl"
    assert main(["score", str(predictions), "--gold", str(folder), "--errors", str(path)]) == 0
    found = [orjson.loads(text) for text in path.read_bytes().splitlines()]
    assert f"{len(found)} errors written" in capsys.readouterr().err
    assert {row["outcome"] for row in found} <= set(OUTCOMES) - {"right"} and found
