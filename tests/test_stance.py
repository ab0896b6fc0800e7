"""Stance rows against scikit-learn, triples against a brute force, and holders given by name."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from sklearn.metrics import accuracy_score, cohen_kappa_score, f1_score

import onrecord

TEXT = "Dock\n\nCheepa backs the dock. Ines Calloway opposes it. Lon Ferrow waits. Ferrow Ltd said nothing.\n"
CLAIMS = [{"id": "c1", "text": "The dock is safe."}, {"id": "c2", "text": "The dock should be closed."}]
PEOPLE = {"e1": ("Cheepa", "ORG"), "e2": ("Ines Calloway", "PERSON"), "e3": ("Lon Ferrow", "PERSON")}
LABELS = ("supports", "opposes", "neutral")


def line(number: int, stances: list[dict[str, Any]]) -> dict[str, Any]:
    mentions = [
        {"start": TEXT.index(name), "end": TEXT.index(name) + len(name), "type": kind, "kind": "name", "entity": chain}
        for chain, (name, kind) in PEOPLE.items()
    ]
    chains = [{"id": chain, "type": kind, "name": name} for chain, (name, kind) in PEOPLE.items()]
    return {
        "id": f"s{number}/o",
        "text": TEXT,
        "claims": CLAIMS,
        "entities": mentions,
        "chains": chains,
        "stances": stances,
    }


def stance(holder: str, claim: str, label: str) -> dict[str, Any]:
    return {"holder": holder, "claim": claim, "label": label}


def random_gold(source: random.Random, size: int) -> list[dict[str, Any]]:
    found = []
    for number in range(size):
        pairs = [(holder, claim) for holder in (*PEOPLE, "article") for claim in ("c1", "c2")]
        some = source.sample(pairs, source.randint(0, len(pairs)))
        found.append(line(number, [stance(*pair, source.choice(LABELS)) for pair in some]))
    return found


@pytest.mark.parametrize("seed", range(60))
def test_given_rows_equal_scikit_learn(seed: int) -> None:
    source = random.Random(seed)
    gold = random_gold(source, 3)
    rows = [(f"{row['id']}#{s['claim']}#{s['holder']}", s["label"]) for row in gold for s in row["stances"]]
    if not rows:
        return
    answers = {row: source.choice([*LABELS, None]) for row, _ in rows}
    predictions = [
        {
            "id": item["id"],
            "stance_rows": [
                {"row": row, "label": label}
                for row, label in answers.items()
                if label and row.startswith(item["id"] + "#")
            ],
        }
        for item in gold
    ]
    result = onrecord.score(predictions, gold, layers=["stance"])
    right = [label for _, label in rows]
    given = [answers[row] or "" for row, _ in rows]
    present = sorted({*right, *given} - {""})
    assert result["stance/accuracy"].value == pytest.approx(accuracy_score(right, given), abs=1e-12)
    expected = f1_score(right, given, labels=present, average="macro", zero_division=0)
    assert result["stance/macro:f1"].value == pytest.approx(expected, abs=1e-12)
    if len({*right, *given}) > 1:
        assert result["stance/kappa"].value == pytest.approx(cohen_kappa_score(right, given), abs=1e-12)
    assert result["stance/fnc"].value is None


@pytest.mark.parametrize("seed", range(60))
def test_triples_equal_a_multiset_intersection(seed: int) -> None:
    source = random.Random(seed)
    gold, answers = random_gold(source, 3), random_gold(source, 3)
    for row in answers:
        row["stances"] += [dict(s) for s in row["stances"] if source.random() < 0.2]
        row["stances"] = [{**s, "holder_name": None} for s in row["stances"]]

    def triples(lines: list[dict[str, Any]]) -> Counter[tuple[str, ...]]:
        return Counter(
            (row["id"], s["holder"], s["claim"], s["label"])
            for row in lines
            for s in row["stances"]
            if s["label"] != "neutral"
        )

    mine, theirs = triples(gold), triples(answers)
    if not mine and not theirs:
        return
    right = sum((mine & theirs).values())
    result = onrecord.score(answers, gold, layers=["stance"])
    precision, recall = result["stance/triple:precision"], result["stance/triple:recall"]
    assert precision.value == (right / theirs.total() if theirs else None)
    assert recall.value == (right / mine.total() if mine else None)
    assert (precision.predicted, recall.gold) == (theirs.total(), mine.total())


def test_gold_against_itself_answers_its_rows_and_is_right() -> None:
    gold = random_gold(random.Random(5), 6)
    result = onrecord.score(gold, gold, layers=["stance"])
    for name in ("stance/accuracy", "stance/macro:f1", "stance/kappa", "stance/triple:f1"):
        assert result[name].value == 1


def test_holders_by_name_are_looked_up_and_ambiguous_ones_are_wrong_and_reported() -> None:
    gold = [line(0, [stance("e1", "c1", "supports"), stance("e2", "c1", "opposes"), stance("e3", "c2", "supports")])]
    ltd = {"start": TEXT.index("Ferrow Ltd"), "end": TEXT.index("Ferrow Ltd") + 10, "type": "ORG", "entity": "e4"}
    gold[0]["entities"].append({**ltd, "kind": "name"})
    gold[0]["entities"].append({"start": ltd["start"], "end": ltd["start"] + 6, "type": "ORG", "entity": "e4"})
    gold[0]["entities"].append(
        {"start": TEXT.index("Ferrow"), "end": TEXT.index("Ferrow") + 6, "type": "PERSON", "entity": "e3"}
    )
    gold[0]["chains"].append({"id": "e4", "type": "ORG", "name": "Ferrow Ltd"})
    answers = [
        {
            "id": "s0/o",
            "stances": [
                {"holder_name": "the CHEEPA", "claim": "c1", "label": "supports"},
                {"holder_name": "Calloway", "claim": "c1", "label": "opposes"},
                {"holder_name": "Ferrow", "claim": "c2", "label": "supports"},
            ],
        }
    ]
    result = onrecord.score(answers, gold, layers=["stance"])
    assert result["stance/triple:precision"].value == pytest.approx(1 / 3)
    assert result["stance/accuracy"].value == pytest.approx(1 / 3)
    assert any("more than one" in sentence or "ambiguous" in sentence for sentence in result.reports)


def test_contradicting_answers_to_a_row_are_none() -> None:
    gold = [line(0, [stance("e1", "c1", "supports")])]
    answers = [{"id": "s0/o", "stances": [stance("e1", "c1", "supports"), stance("e1", "c1", "opposes")]}]
    answers[0] |= {"entities": gold[0]["entities"], "chains": gold[0]["chains"]}
    result = onrecord.score(answers, gold, layers=["stance"])
    assert result["stance/accuracy"].value == 0
    assert any("contradict" in sentence for sentence in result.reports)


def test_fnc_is_scored_where_rows_can_be_unrelated() -> None:
    texts = ["One body of text.", "Another body of text."]
    gold = [
        {
            "id": f"b/{number}",
            "text": text,
            "claims": [{"id": f"h{claim}", "text": f"Headline {claim}."} for claim in range(3)],
            "stances": [
                {"holder": "article", "claim": f"h{claim}", "label": label}
                for claim, label in enumerate(["supports", "unrelated", "neutral"])
            ],
        }
        for number, text in enumerate(texts)
    ]
    answers = [
        {
            "id": row["id"],
            "stance_rows": [{"row": f"{row['id']}#h{claim}#article", "label": "unrelated"} for claim in range(3)],
        }
        for row in gold
    ]
    result = onrecord.score(answers, gold, layers=["stance"])
    assert result["stance/fnc"].value == pytest.approx(0.5 / 4.5)
    assert onrecord.score(gold, gold, layers=["stance"])["stance/fnc"].value == 1
