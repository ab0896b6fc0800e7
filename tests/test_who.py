"""Who is who: predicted chains and names to gold entities, held against a reading of the rules in plain Python."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.columns import code
from onrecord.scoring.who import ARTICLE, NOBODY, is_given
from tasks import Line, make_task

TEXT = "Relay told Mara Venn of the Harbour Office. She said the company, Relay, knew. The office did not. Venn left."


def mention(surface: str, entity: str | None, kind: str | None = "name", nth: int = 0) -> Line:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(surface, start + 1)
    return {"start": start, "end": start + len(surface), "type": "ORG", "kind": kind, "entity": entity}


def quote(**fields: Any) -> Line:
    return {"content": [[0, 5]], **fields}


GOLD: Line = {
    "id": "a",
    "text": TEXT,
    "entities": [
        mention("Relay", "e1"),
        mention("the company", "e1", "nominal"),
        mention("Relay", "e1", nth=1),
        mention("Mara Venn", "e2"),
        mention("She", "e2", "pronoun"),
        mention("Venn", "e2", nth=1),
        mention("the Harbour Office", "e3"),
        mention("The office", "e3", "nominal"),
    ],
    "chains": [
        {"id": "e1", "type": "ORG", "name": "Relay", "aliases": ["Relay Messenger Ltd"]},
        {"id": "e2", "type": "PERSON", "name": "Mara Venn", "aliases": ["the office"]},
        {"id": "e3", "type": "ORG", "name": "Harbour Office", "aliases": []},
        {"id": "e4", "type": "ORG", "name": "Quiet Owner", "aliases": []},
    ],
    "claims": [{"id": "c1", "text": "Relay knew."}],
    "quotes": [quote(speaker="e1")],
    "stances": [{"holder": "e2", "claim": "c1", "label": "supports"}],
}


def speakers(answer: Line, gold: Line = GOLD) -> tuple[list[str | None], list[str]]:
    """Chain ids of the gold that the speakers of an answer's quotes stand for, and what is reported."""
    task = make_task([gold], [{"id": "a", **answer}])
    assert task.answers.quotes is not None
    found = task.who.speakers(task.answers.quotes, gold=False)
    names = list(task.who.entities.places)
    return [None if one < 0 else names[one] for one in found.tolist()], task.reports


def test_names_are_folded_and_lose_their_determiners() -> None:
    given_names = ["relay", "The Company", "the  Harbour\nOffice", "Relay Messenger Ltd", "quiet owner", "a company"]
    found, reports = speakers({"quotes": [quote(speaker_name=name) for name in given_names]})
    assert found == ["e1", "e1", "e3", "e1", "e4", "e1"]
    assert not reports


def test_a_name_of_two_entities_is_wrong_and_reported() -> None:
    found, reports = speakers({"quotes": [quote(speaker_name="the office"), quote(speaker_name="Office")]})
    assert found == [None, None]
    assert reports == ["2 speaker names fit more than one entity of their article and count as wrong"]


def test_pronouns_and_strangers_are_nobody_and_reported() -> None:
    found, reports = speakers({"quotes": [quote(speaker_name="She"), quote(speaker_name="Nobody Known")]})
    assert found == [None, None]
    assert reports == ["2 speaker names are no entity's of their article and count as wrong"]


def test_a_blank_name_is_no_name() -> None:
    found, reports = speakers({"quotes": [quote(speaker_name=" "), quote()]})
    assert found == [None, None]
    assert not reports
    assert is_given(code([" ", "x", None, ""])).tolist() == [False, True, False, False]


def test_the_chain_decides_if_it_is_somebody_else_the_name() -> None:
    entities = [mention("Mara Venn", "x"), {"start": 6, "end": 10, "type": "ORG", "entity": "y"}]
    quotes = [
        quote(speaker="x", speaker_name="Relay"),
        quote(speaker="y", speaker_name="Relay"),
        quote(speaker="y"),
        quote(speaker="z", speaker_name="Relay"),
    ]
    assert speakers({"entities": entities, "quotes": quotes})[0] == ["e2", "e1", None, "e1"]


def test_a_chain_without_common_span_goes_by_the_name_its_system_gives_it() -> None:
    answer = {"chains": [{"id": "z", "name": "the company"}], "quotes": [quote(speaker="z")]}
    assert speakers(answer)[0] == ["e1"]
    answer = {"chains": [{"id": "z", "name": "the company"}], "quotes": [quote(speaker="z", speaker_name="Mara Venn")]}
    assert speakers(answer)[0] == ["e2"]


def test_several_predicted_chains_may_be_one_gold_chain() -> None:
    entities = [mention("Relay", "x"), mention("Relay", "y", nth=1)]
    assert speakers({"entities": entities, "quotes": [quote(speaker="x"), quote(speaker="y")]})[0] == ["e1", "e1"]


def test_most_common_spans_win_then_names_then_the_earlier_first_mention() -> None:
    def mapped(*entities: Line) -> str | None:
        return speakers({"entities": list(entities), "quotes": [quote(speaker="x")]})[0][0]

    venn, she = mention("Mara Venn", "x"), mention("She", "x")
    relay, company = mention("Relay", "x"), mention("the company", "x")
    assert mapped(venn, she, relay) == "e2"
    assert mapped(she, relay) == "e1", "one span each, but one is a name in gold"
    assert mapped(venn, mention("Relay", "x", nth=1)) == "e1", "a name each: the first mention of e1 is earlier"
    assert mapped(she, company) == "e1", "no name either"
    assert mapped(venn, relay, dict(venn)) == "e1", "a span given twice counts once"
    assert mapped({"text": "not in the text", "entity": "x", "type": "ORG"}) is None, "what was not found maps nothing"


def test_gold_speakers_with_a_name_only() -> None:
    gold = {
        "id": "a",
        "text": TEXT,
        "entities": GOLD["entities"],
        "chains": GOLD["chains"],
        "quotes": [
            quote(speaker_name="the company"),
            quote(speaker_name="The Unseen Clerk"),
            quote(speaker_name="the office"),
            quote(),
        ],
    }
    task = make_task([gold], [{"id": "a", "quotes": [*gold["quotes"], quote(speaker_name="unseen clerk")]}])
    assert task.gold.quotes is not None
    assert task.answers.quotes is not None
    right = task.who.speakers(task.gold.quotes, gold=True).tolist()
    answered = task.who.speakers(task.answers.quotes, gold=False).tolist()
    assert right[0] == 0
    assert len(set(right)) == 4
    assert right[3] == NOBODY
    assert answered == [*right, right[1]], "gold against itself is right, an ambiguous name of its own included"


def test_holders_and_the_voice_of_the_article() -> None:
    stances = [
        {"holder": "article", "claim": "c1", "label": "supports"},
        {"holder": "article", "holder_name": "Relay", "claim": "c1", "label": "supports"},
        {"holder_name": "Relay", "claim": "c1", "label": "opposes"},
        {"holder": "e9", "claim": "c1", "label": "opposes"},
    ]
    task = make_task([GOLD], [{"id": "a", "stances": stances}])
    assert task.answers.stances is not None
    assert task.gold.stances is not None
    assert task.who.holders(task.answers.stances, gold=False).tolist() == [ARTICLE, ARTICLE, 0, NOBODY]
    assert task.who.holders(task.gold.stances, gold=True).tolist() == [1]


def test_entities_of_two_articles_are_never_equal() -> None:
    other = {**GOLD, "id": "b"}
    task = make_task([GOLD, other], [{"id": name, "quotes": [quote(speaker_name="Relay")]} for name in ("b", "a")])
    assert task.answers.quotes is not None
    assert task.gold.quotes is not None
    answered = task.who.speakers(task.answers.quotes, gold=False)
    right = task.who.speakers(task.gold.quotes, gold=True)
    assert len(set(answered.tolist())) == 2
    by_article = dict(zip(task.gold.quotes.article.tolist(), right.tolist(), strict=True))
    assert by_article == dict(zip(task.answers.quotes.article.tolist(), answered.tolist(), strict=True))


def test_without_any_entities() -> None:
    gold = {"id": "a", "text": TEXT, "quotes": [quote(speaker_name="Relay")]}
    assert speakers({"quotes": [quote(speaker="x"), quote()]}, gold)[0] == [None, None]


@st.composite
def sides(draw: st.DrawFn) -> tuple[list[Line], list[Line]]:
    spans = st.tuples(st.integers(0, 3), st.integers(1, 2))

    def some(ids: str, size: int) -> list[Line]:
        return [
            {
                "start": start,
                "end": start + length,
                "type": "ORG",
                "kind": draw(st.sampled_from(["name", "nominal", "pronoun", None])),
                "entity": draw(st.sampled_from([*ids, None])),
            }
            for start, length in draw(st.lists(spans, max_size=size))
        ]

    return some("abc", 8), some("xyz", 8)


def expected(gold: list[Line], answers: list[Line], chain: str) -> str | None:
    """The rules of design §4, read literally."""

    def place(one: Line) -> tuple[int, int]:
        return one["start"], one["end"]

    mine = {place(one) for one in answers if one["entity"] == chain}
    ranked = []
    for entity in {one["entity"] for one in gold} - {None}:
        theirs = [one for one in gold if one["entity"] == entity]
        shared = {place(one) for one in theirs} & mine
        names = {place(one) for one in theirs if one["kind"] in ("name", None)} & mine
        if shared:
            ranked.append((-len(shared), -len(names), min(map(place, theirs)), entity))
    return min(ranked)[3] if ranked else None


@given(sides(), st.randoms())
@settings(max_examples=200, deadline=None)
def test_chains_map_as_the_rules_say_in_any_order(both: tuple[list[Line], list[Line]], random: Any) -> None:
    gold, answers = both
    wanted = [expected(gold, answers, chain) for chain in "xyz"]
    random.shuffle(gold)
    random.shuffle(answers)
    line = {"id": "a", "text": "abcdef", "entities": gold}
    quotes = [quote(speaker=chain) for chain in "xyz"]
    task = make_task([{**line, "quotes": [quote(speaker="a")]}], [{"id": "a", "entities": answers, "quotes": quotes}])
    assert task.answers.quotes is not None
    found = task.who.speakers(task.answers.quotes, gold=False)
    keys = task.who.entities
    names = np.asarray(list(keys.places))[keys.keys % max(len(keys.places), 1)] if len(keys) else []
    assert [None if one < 0 else names[one] for one in found.tolist()] == wanted
