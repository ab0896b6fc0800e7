"""The record track by hand-made examples; its oracle runs in ``test_quotes.py``."""

from __future__ import annotations

from typing import Any

from onrecord.scoring import record
from onrecord.scoring.task import Task
from tasks import Line, make_task, totals

TEXT = "Ann said aa bb cc. Bob said dd ee ff. It rained."
AA, DD = [9, 17], [28, 36]
CLAIM = [{"id": "c1", "text": "It will rain."}, {"id": "c2", "text": "It will snow."}]
PEOPLE = [
    {"start": 0, "end": 3, "type": "PERSON", "entity": "e1"},
    {"start": 19, "end": 22, "type": "PERSON", "entity": "e2"},
]
GOLD: Line = {
    "id": "a",
    "text": TEXT,
    "claims": CLAIM,
    "entities": PEOPLE,
    "quotes": [
        {"id": "q1", "content": [AA], "speaker": "e1", "said_on": "2031-01-01"},
        {"id": "q2", "content": [DD], "speaker": "e2"},
    ],
    "stances": [
        {"holder": "e1", "claim": "c1", "label": "supports", "evidence_quotes": ["q1", "q2"]},
        {"holder": "e2", "claim": "c1", "label": "opposes", "evidence_quotes": ["q2"]},
        {"holder": "e2", "claim": "c2", "label": "neutral", "evidence_quotes": ["q2"]},
    ],
}


def scored(answer: Line, gold: Line = GOLD) -> Task:
    task = make_task([gold], [{"id": "a", **answer}])
    record.evaluate(task)
    return task


def stance(holder: str, label: str, *evidence: str, claim: str = "c1") -> Line:
    return {"holder_name": holder, "claim": claim, "label": label, "evidence_quotes": list(evidence)}


QUOTES: list[Line] = [
    {"id": "z1", "content": [AA], "speaker_name": "Ann", "said_on": "2031-01-01"},
    {"id": "z2", "content": [DD], "speaker_name": "Bob"},
]


def full(*stances: Line, quotes: list[Line] = QUOTES) -> tuple[float, ...]:
    return totals(scored({"quotes": quotes, "stances": list(stances)}))["record/full", ""]


def test_gold_itself() -> None:
    found = totals(scored(GOLD))
    assert found["record/attribution", ""] == (2, 2, 2, 2)
    assert found["record/full", ""] == (3, 3, 3, 3)


def test_attribution_needs_speaker_and_day() -> None:
    def attributed(**changes: Any) -> float:
        return totals(scored({"quotes": [{**QUOTES[0], **changes}]}))["record/attribution", ""][0]

    assert attributed() == 1
    assert attributed(said_on=None) == 0
    assert attributed(said_on="2031-01") == 0
    assert attributed(speaker_name="Bob") == 0
    assert attributed(speaker_name=None) == 0
    assert attributed(content=[[9, 11]]) == 1, "Dice ½"
    assert attributed(content=[[0, 11]]) == 0, "one of three tokens of each"


def test_full_counts_pairs_of_quote_and_stance() -> None:
    assert full(stance("Ann", "supports", "z1", "z2"), stance("Bob", "opposes", "z2")) == (3, 3, 3, 3)
    assert full(stance("Ann", "supports", "z1")) == (1, 1, 1, 3)
    assert full(stance("Ann", "supports", "z1", "z1")) == (1, 1, 1, 3), "named twice by one stance"
    assert full(stance("Ann", "supports", "z1"), stance("Ann", "supports", "z1")) == (1, 2, 1, 3), "surplus"
    assert full(stance("Ann", "opposes", "z1")) == (0, 1, 0, 3)
    assert full(stance("Ann", "supports", "z1", claim="c2")) == (0, 1, 0, 3)
    assert full(stance("Bob", "supports", "z1")) == (0, 1, 0, 3)
    assert full(stance("Nobody Known", "supports", "z1")) == (0, 1, 0, 3)
    assert full(stance("Ann", "neutral", "z1")) == (0, 0, 0, 3), "a stance that shows nothing"
    assert full() == (0, 0, 0, 3)


def test_evidence_that_gold_has_twice_counts_once() -> None:
    twice = [{**GOLD["stances"][0], "evidence_quotes": ["q1", "q1"]}, GOLD["stances"][0]]
    gold = {**GOLD, "stances": twice}
    answer = {"quotes": QUOTES, "stances": [stance("Ann", "supports", "z1", "z2")]}
    assert totals(scored(answer, gold))["record/full", ""] == (2, 2, 2, 2)


def test_a_quote_that_is_wrong_makes_its_evidence_wrong() -> None:
    wrong = [{**QUOTES[0], "said_on": None}, QUOTES[1]]
    assert full(stance("Ann", "supports", "z1", "z2"), quotes=wrong) == (1, 2, 1, 3)


def test_the_voice_of_the_article_can_hold_a_stance() -> None:
    voice = {"holder": "article", "claim": "c1", "label": "supports", "evidence_quotes": ["q1"]}
    gold = {**GOLD, "stances": [voice]}
    answer = {"quotes": QUOTES, "stances": [{**voice, "evidence_quotes": ["z1"]}, stance("Ann", "supports", "z1")]}
    assert totals(scored(answer, gold))["record/full", ""] == (1, 2, 1, 1)


def test_without_stances_there_is_attribution_only() -> None:
    task = scored({"quotes": QUOTES})
    assert totals(task)["record/attribution", ""] == (2, 2, 2, 2)
    assert ("record/full", "") not in totals(task)
    assert task.reports == ["of 2 gold quotes 2 have a speaker and 1 a said-on date"]


def test_base_rates_are_reported() -> None:
    task = scored({"quotes": QUOTES, "stances": []})
    assert task.reports == ["of 2 gold quotes 2 have a speaker and 1 a said-on date; 2 are evidence of a stance"]


def test_articles_without_the_layer_in_gold_do_not_count() -> None:
    other = {"id": "b", "text": TEXT, "claims": CLAIM, "entities": PEOPLE, "stances": GOLD["stances"][2:]}
    other["stances"] = [{**other["stances"][0], "label": "supports", "evidence_quotes": []}]
    answer = {"quotes": QUOTES, "stances": [stance("Ann", "supports", "z1")]}
    task = make_task([GOLD, other], [{"id": name, **answer} for name in ("a", "b")])
    record.evaluate(task)
    found = totals(task)
    assert found["record/attribution", ""] == (2, 2, 2, 2)
    assert found["record/full", ""] == (1, 1, 1, 3)
