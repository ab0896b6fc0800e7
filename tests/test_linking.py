"""Linking against a brute force over every one-to-one matching of mentions, and its rules through files."""

from __future__ import annotations

import doctest
import random
from collections import Counter
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tasks import Line, make_task, totals

import onrecord
from onrecord.scoring import linking
from onrecord.scoring.linking import evaluate, match
from onrecord.scoring.task import Task

#: Codes of links in ``match``: none, none in a chain without a name, and entries.
NIL, NAMELESS, KB1, KB2 = 0, 1, 2, 3
Item = tuple[int, int]


def brute_force(gold: list[Item], answers: list[Item]) -> tuple[Counter[int], Counter[int]]:
    """Gold mentions by link: matched with their own, and matched at all, in the best matching of equal spans."""
    places = [*range(len(answers)), *[-1] * len(gold)]
    best: tuple[tuple[int, ...], Counter[int], Counter[int]] | None = None
    for way in set(permutations(places, len(gold))):
        pairs = [(one, answers[place]) for one, place in zip(gold, way, strict=True) if place >= 0]
        if any(one[0] != other[0] for one, other in pairs):
            continue
        right = Counter(one[1] for one, other in pairs if one[1] == other[1])
        matched = Counter(min(one[1], KB1) for one, _ in pairs)
        value = (right.total(), matched.total(), matched[KB1], matched[NIL])
        if best is None or value > best[0]:
            best = value, right, matched
    assert best is not None
    return best[1], best[2]


@pytest.mark.parametrize("seed", range(300))
def test_matching_equals_a_brute_force(seed: int) -> None:
    source = random.Random(seed)
    gold = [(source.randrange(3), source.choice([NIL, NAMELESS, KB1, KB2])) for _ in range(source.randint(0, 4))]
    answers = [(source.choice([-5, 0, 1, 2]), source.choice([NIL, KB1, KB2])) for _ in range(source.randint(0, 4))]
    columns = [np.asarray([item[part] for item in side], dtype=np.int64) for side in (gold, answers) for part in (0, 1)]
    right, matched = match(*columns)
    links = columns[1].tolist()
    found = [
        Counter(link for link, there in zip(links, mask.tolist(), strict=True) if there) for mask in (right, matched)
    ]
    # Which of two gold links goes to a wrong one makes no difference.
    found[1] = Counter(min(link, KB1) for link in found[1].elements())
    assert found == list(brute_force(gold, answers))


TEXT = "Relay said it was breached. A nurse of Northmoor said the ward knew, and Relay denied it on Friday.\n"
WORDS = ["Relay", "it", "A nurse", "Northmoor", "the ward", "Friday"]


def mention(
    words: str, link: str | None = None, *, kind: str | None = "name", entity: str | None = None, **more: Any
) -> Line:
    start = TEXT.index(words)
    return {
        "start": start,
        "end": start + len(words),
        "type": "ORG",
        "kind": kind,
        "entity": entity,
        "link": link,
        **more,
    }


def gold_line(*entities: Line, **more: Any) -> Line:
    return {"id": "s/a", "text": TEXT, "entities": list(entities), **more}


def answer(*entities: Line, **more: Any) -> Line:
    return {"id": "s/a", "entities": list(entities), **more}


def run(gold: Line, said: Line) -> tuple[dict[str, tuple[float, ...]], Task]:
    task = make_task([gold], [said])
    evaluate(task)
    return {f"{name.partition('/')[2]} {label}".strip(): row for (name, label), row in totals(task).items()}, task


RELAY = mention("Relay", "Q1", entity="e1")
IT = mention("it", None, kind="pronoun", entity="e1")
NORTHMOOR = mention("Northmoor", "Q2", entity="e2")
NOBODY = mention("Friday", None, entity="e3")
CHAINS = [{"id": "e1", "link": "Q1"}, {"id": "e2", "link": "Q9"}, {"id": "e3", "link": None}]


def test_right_wrong_missed_and_spurious_links() -> None:
    gold = gold_line(RELAY, NORTHMOOR, NOBODY)
    said = answer(RELAY, {**NORTHMOOR, "link": "Q7"}, mention("the ward", "Q3"), {**NOBODY, "link": "Q4"})
    counts, _ = run(gold, said)
    assert counts == {"in-kb": (1, 4, 1, 2), "in-kb matched": (0, 0, 1, 2), "nil": (0, 0, 0, 1)}
    counts, _ = run(gold, answer(RELAY, NOBODY))
    assert counts == {"in-kb": (1, 1, 1, 2), "in-kb matched": (0, 0, 1, 1), "nil": (0, 0, 1, 1)}


def test_a_mention_has_its_own_link_or_its_chains() -> None:
    gold = gold_line(RELAY, IT, NORTHMOOR, chains=CHAINS)
    counts, _ = run(gold, answer(RELAY, {**IT, "link": "Q1"}, {**NORTHMOOR, "link": "Q2"}))
    assert counts["in-kb"] == (3, 3, 3, 3)  # Northmoor's own Q2 goes before its chain's Q9.
    counts, _ = run(gold, answer(*({**one, "link": None} for one in (RELAY, IT, NORTHMOOR)), chains=CHAINS))
    assert counts["in-kb"] == (2, 3, 2, 3)


def test_an_empty_link_is_none() -> None:
    counts, _ = run(gold_line(NOBODY, RELAY), answer({**NOBODY, "link": ""}, RELAY))
    assert counts["nil"][2:] == (1, 1)
    assert counts["in-kb"] == (1, 1, 1, 1)


def test_nil_asks_only_about_chains_with_a_name() -> None:
    nurse, ward = mention("A nurse", kind="nominal", entity="e7"), mention("the ward", kind="nominal")
    named = [
        mention("Friday", entity="e3"),
        mention("it", kind="pronoun", entity="e3"),
        mention("Northmoor", kind=None),
    ]
    said = answer(RELAY, nurse, ward, *named)
    assert run(gold_line(RELAY, nurse, ward, *named), said)[0]["nil"][2:] == (3, 3)


def test_spans_must_be_equal_and_found() -> None:
    longer = {**RELAY, "end": RELAY["end"] + 5}
    lost = {"text": "Helios", "type": "ORG", "link": "Q1"}
    counts, _ = run(gold_line(RELAY), answer(longer, lost))
    assert counts == {"in-kb": (0, 2, 0, 1), "in-kb matched": (0, 0, 0, 0), "nil": (0, 0, 0, 0)}


def test_a_repeated_prediction_is_surplus_and_a_hedge_is_paid_for() -> None:
    counts, task = run(gold_line(RELAY), answer(RELAY, RELAY, {**RELAY, "link": "Q2"}))
    assert counts["in-kb"] == (1, 3, 1, 1)
    assert counts["in-kb matched"][2:] == (1, 1)
    assert task.reports == ["1 linked mentions that the same line has already; they are surplus in linking"]


def test_gold_duplicates_count_once_and_two_entries_for_one_span_twice() -> None:
    assert run(gold_line(RELAY, RELAY), answer(RELAY))[0]["in-kb"] == (1, 1, 1, 1)
    both = [RELAY, {**RELAY, "type": "GPE", "link": "Q2"}]
    assert run(gold_line(*both), answer(*both))[0]["in-kb"] == (2, 2, 2, 2)


def test_types_that_the_data_does_not_annotate_are_set_aside() -> None:
    day = mention("Friday", "Q5", type="DATE")
    assert run(gold_line(RELAY), answer(RELAY, day))[0]["in-kb"] == (1, 1, 1, 1)
    assert run(gold_line(RELAY, day), answer(RELAY, day))[0]["in-kb"] == (2, 2, 2, 2)


def test_through_the_door() -> None:
    gold = gold_line(RELAY, IT, NORTHMOOR, NOBODY, chains=CHAINS)
    said = answer(RELAY, {**NORTHMOOR, "link": "Q7"}, NOBODY)
    result = onrecord.score([said], gold=[gold], layers=["linking"])
    figures = {name: result[f"linking/in-kb:{name}"].value for name in ("precision", "recall", "f1", "accuracy")}
    assert figures == {"precision": 1 / 2, "recall": 1 / 3, "f1": pytest.approx(0.4), "accuracy": 1 / 2}
    assert result["linking/nil:accuracy"].value == 1


links = st.sampled_from([None, "Q1", "Q2"])
mentions = st.lists(
    st.builds(
        lambda words, link, kind, entity: mention(words, link, kind=kind, entity=entity),
        st.sampled_from(WORDS),
        links,
        st.sampled_from(["name", "nominal", None]),
        st.sampled_from([None, "e1", "e2"]),
    ),
    max_size=6,
)


@settings(deadline=None, max_examples=60)
@given(mentions, mentions, st.randoms(use_true_random=False))
def test_properties(right: list[Line], said: list[Line], source: random.Random) -> None:
    gold, answers = gold_line(*right, chains=CHAINS), answer(*said, chains=CHAINS)
    counts, _ = run(gold, answers)
    again = gold_line(*source.sample(right, len(right)), chains=CHAINS[::-1])
    assert run(again, answer(*source.sample(said, len(said)), chains=CHAINS[::-1]))[0] == counts
    p_num, p_den, r_num, r_den = counts["in-kb"]
    assert 0 <= p_num == r_num <= min(p_den, r_den)
    assert counts["in-kb matched"][2] == r_num
    distinct = [
        dict(fields) for fields in dict.fromkeys(tuple({**one, "kind": one["kind"] or "name"}.items()) for one in right)
    ]
    itself, _ = run(gold, answer(*distinct, chains=CHAINS))
    for name in ("in-kb", "in-kb matched", "nil"):
        assert itself[name][2] == itself[name][3]
    assert itself["in-kb"][0] == itself["in-kb"][1]


def test_the_examples_in_the_docstrings() -> None:
    assert doctest.testmod(linking).attempted > 0
    assert doctest.testmod(linking).failed == 0
