"""Grounding: how a text without offsets finds its place, by the rules of the design, and never by gold."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.columns import ABSENT, UNGROUNDED
from onrecord.predictions import Predictions, read_gold, read_predictions
from onrecord.predictions.fold import fold, fold_name, fold_with_places
from onrecord.predictions.places import Finder

TEXT = (
    "Relay shuts\n\n"
    "Relay said on Friday that RELAY would pay. “We owe it,” it said on Friday — Relay’s last word. "
    "Relays are many. The   old\nrelay said on Monday: “We owe nothing.” A straße is long, Relay said.\n"
)


def read(fuzzy: bool = False, text: str = TEXT, **layers: Any) -> Predictions:
    gold = read_gold([{"id": "a/b", "text": text, "entities": [], "quotes": [], "dates": [], "stances": []}])
    return read_predictions([{"id": "a/b", **layers}], gold, fuzzy=fuzzy)


def dates(*items: dict[str, Any], fuzzy: bool = False, text: str = TEXT) -> list[tuple[int, int]]:
    found = read(fuzzy, text, dates=list(items)).columns.dates
    assert found is not None
    return list(zip(found.start.tolist(), found.end.tolist(), strict=True))


def places(words: str, text: str = TEXT) -> list[tuple[int, int]]:
    found, at = [], text.find(words)
    while at >= 0:
        found.append((at, at + len(words)))
        at = text.find(words, at + 1)
    return found


LOST = (UNGROUNDED, UNGROUNDED)
FRIDAYS = places("Friday")


def test_offsets_are_taken_as_given() -> None:
    assert dates({"start": 3, "end": 9}) == [(3, 9)]
    assert read(dates=[{"start": 3, "end": 9}]).grounding == {
        "offsets": 1, "exact": 0, "folded": 0, "ambiguous": 0, "failed": 0,
    }  # fmt: skip


def test_identical_answers_take_the_first_occurrences() -> None:
    one = {"text": "Friday", "type": "DATE"}
    assert dates(one) == FRIDAYS[:1]
    assert dates(one, one) == FRIDAYS
    assert sorted(dates(one, one, one)) == sorted([*FRIDAYS, LOST]), "one more than there are places is not found"
    counted = read(dates=[one, one, one]).grounding
    assert (counted["exact"], counted["failed"], counted["ambiguous"]) == (2, 1, 0)


def test_answers_with_offsets_keep_their_places() -> None:
    first = {"start": FRIDAYS[0][0], "end": FRIDAYS[0][1], "type": "DATE"}
    assert dates({"text": "Friday"}, first) == [FRIDAYS[1], FRIDAYS[0]]


def test_context_chooses_the_place() -> None:
    assert dates({"text": "Friday", "context": "it said on"}) == [FRIDAYS[1]]
    assert dates({"text": "Friday", "context": "IT  Said on "}) == [FRIDAYS[1]], "the context is folded too"
    assert dates({"text": "Friday", "context": "it said on"}, {"text": "Friday"}) == [FRIDAYS[1], FRIDAYS[0]]
    assert dates({"text": "Friday"}, {"text": "Friday", "context": "Relay said on"}) == [FRIDAYS[1], FRIDAYS[0]]
    assert dates({"text": "Friday", "context": "never said on"}) == [LOST]
    assert dates({"text": "Friday", "context": ""}) == [FRIDAYS[0]], "an empty context is none"


def test_a_quotation_mark_may_stand_between_context_and_text() -> None:
    start = TEXT.index("We owe nothing")
    assert dates({"text": "We owe nothing.", "context": "Monday:"}) == [(start, start + 15)]


def test_folding_of_marks_dashes_space_and_case() -> None:
    for words, there in (
        ('"We owe it,"', "“We owe it,”"),
        ("'We owe it,'", "“We owe it,”"),
        ("Relay's last word", "Relay’s last word"),
        ("Friday - Relay", "Friday — Relay"),
        ("Friday -- Relay", "Friday — Relay"),
        ("the old relay", "The   old\nrelay"),
        ("  said on Monday ", "said on Monday"),
        ("A STRASSE", "A straße"),
    ):
        start = TEXT.index(there)
        assert dates({"text": words}) == [(start, start + len(there))], words
        counted = read(dates=[{"text": words}]).grounding
        assert counted["exact"] + counted["folded"] == 1 and counted["failed"] == 0
    assert read(dates=[{"text": "friday"}]).grounding["folded"] == 1


def test_exact_places_come_before_folded_ones() -> None:
    start = TEXT.index("RELAY")
    assert dates({"text": "RELAY"}) == [(start, start + 5)]
    # Who writes it as it stands has first claim on it, whatever the order of the list.
    lower = TEXT.index("relay said")
    for items in ([{"text": "relay"}, {"text": "Relay"}], [{"text": "Relay"}, {"text": "relay"}]):
        assert set(dates(*items)) == {(0, 5), (lower, lower + 5)}


def test_whole_words_come_before_parts_of_words() -> None:
    text = "Relays, a relayed relay.\n"
    assert dates({"text": "relay"}, text=text) == [(18, 23)]
    assert dates({"text": "layed"}, text=text) == [(12, 17)], "a part of a word only where there is no whole one"


def test_what_is_not_there_is_ungrounded_and_counted() -> None:
    assert dates({"text": "Thursday"}) == [LOST]
    answers = read(dates=[{"text": "Thursday"}, {"text": "Friday"}], entities=[{"text": "", "type": "ORG"}])
    assert answers.grounding["failed"] == 2 and answers.grounding["exact"] == 1
    assert any("2 texts were not found" in report for report in answers.reports)
    assert answers.columns.dates is not None and len(answers.columns.dates.start) == 2, "it stays as an answer"


def test_differing_answers_of_the_same_text_are_ambiguous() -> None:
    items = [{"text": "Friday", "value": "2031-11-07"}, {"text": "Friday", "value": "2031-10-31"}]
    assert dates(*items) == [FRIDAYS[1], FRIDAYS[0]], "in the order of their serialised attributes"
    assert dates(*reversed(items)) == FRIDAYS
    assert read(dates=items).grounding["ambiguous"] == 2
    assert any("give context" in report for report in read(dates=items).reports)
    told_apart = [{**items[0], "context": "Relay said on"}, items[1]]
    assert dates(*told_apart) == FRIDAYS
    assert read(dates=told_apart).grounding["ambiguous"] == 0


def test_fuzzy_is_opt_in() -> None:
    misquoted = {"text": "Relay said on Fryday that RELAY would pay"}
    assert dates(misquoted) == [LOST]
    start = TEXT.index("Relay said on Friday")
    assert dates(misquoted, fuzzy=True) == [(start, start + len(misquoted["text"]))]
    assert read(True, dates=[misquoted]).grounding["fuzzy"] == 1
    assert read(True).fuzzy and not read().fuzzy
    assert dates({"text": "wholly different words about nothing"}, fuzzy=True) == [LOST]


# Quotes -----------------------------------------------------------------------------------------------------------

INTERRUPTED = (
    "Head\n\n“We knew,” Ferrow said on Monday. “We told them.” The mayor said no.\n\n"
    "Later Ferrow said: “We knew,” the mayor said, “and it was old.”\n"
)


def quote(**fields: Any) -> dict[str, Any]:
    found = read(text=INTERRUPTED, quotes=[fields]).columns.quotes
    assert found is not None
    words = [
        INTERRUPTED[a:b] if a >= 0 else None
        for a, b in zip(found.segment_start.tolist(), found.segment_end.tolist(), strict=True)
    ]
    return {
        "content": words,
        "at": found.segment_start.tolist(),
        "cue": (int(found.cue_start[0]), int(found.cue_end[0])),
        "source": (int(found.source_start[0]), int(found.source_end[0])),
    }


def test_further_segments_stand_near_the_longest() -> None:
    found = quote(content=[{"text": "“We knew,”"}, {"text": "“and it was old.”"}])
    assert found["content"] == ["“We knew,”", "“and it was old.”"]
    assert found["at"] == [INTERRUPTED.rindex("“We knew"), INTERRUPTED.index("“and it")]
    other = quote(content=[{"text": "“We told them.”"}, {"text": "“We knew,”"}])
    assert other["at"] == [INTERRUPTED.index("“We told"), INTERRUPTED.index("“We knew")]


def test_cue_and_source_stand_near_the_content_and_outside_it() -> None:
    found = quote(content=[{"text": "“and it was old.”"}], cue={"text": "said"}, source={"text": "the mayor"})
    at = INTERRUPTED.index("the mayor said, “and")
    assert found["cue"] == (at + 10, at + 14) and found["source"] == (at, at + 9)
    absent = quote(content=[{"text": "“We knew,”"}])
    assert absent["cue"] == absent["source"] == (ABSENT, ABSENT)
    assert quote(content=[{"text": "“We knew,”"}], cue={"text": "bellowed"})["cue"] == LOST
    assert quote(content=[[6, 16]], source={"text": "ferrow"})["source"] == places("Ferrow", INTERRUPTED)[0]


def test_half_a_misquotation_earns_nothing() -> None:
    assert quote(content=[{"text": "“We knew,”"}, {"text": "“and it was new.”"}])["content"] == [None, None]
    assert quote(content=[[6, 16], {"text": "“and it was new.”"}])["content"] == [None, None]


# The order of the list never matters --------------------------------------------------------------------------------

WORDS = [
    "Friday",
    "friday",
    "Relay",
    "RELAY",
    "relay",
    "said",
    "Relay said",
    "We owe",
    "“We owe it,”",
    '"we owe it,"',
    "gone",
]
CONTEXTS = [None, None, None, "on", "it said on", "Relay", "said"]
SPANS = st.one_of(
    st.builds(
        lambda text, context: {"text": text, "context": context}, st.sampled_from(WORDS), st.sampled_from(CONTEXTS)
    ),
    st.sampled_from([{"start": FRIDAYS[0][0], "end": FRIDAYS[0][1]}, {"start": 0, "end": 5}]),
)
DATES = st.lists(
    st.builds(
        lambda span, value: {**span, "type": "DATE", "value": value}, SPANS, st.sampled_from(["2031", "2032", None])
    ),
    max_size=8,
)
QUOTES = st.lists(
    st.builds(
        lambda content, cue, source, name: {"content": content, "cue": cue, "source": source, "speaker_name": name},
        st.lists(SPANS, min_size=1, max_size=3),
        st.one_of(st.none(), SPANS),
        st.one_of(st.none(), SPANS),
        st.sampled_from([None, "Relay", "the mayor"]),
    ),
    max_size=6,
)


def settled(answers: Predictions) -> tuple[Any, ...]:
    """Everything that was answered, without the order of the list."""
    found, quoted = answers.columns.dates, answers.columns.quotes
    assert found is not None and quoted is not None
    segments: dict[int, list[tuple[int, int]]] = {}
    for number, start, end in zip(
        quoted.segment_quote.tolist(), quoted.segment_start.tolist(), quoted.segment_end.tolist(), strict=True
    ):
        segments.setdefault(number, []).append((start, end))
    rows = [
        (
            sorted(segments[row]),
            [int(column[row]) for column in (quoted.cue_start, quoted.cue_end, quoted.source_start, quoted.source_end)],
            quoted.speaker_name[row] or "",
        )
        for row in range(len(quoted.speaker_name))
    ]
    days = [(int(found.start[row]), int(found.end[row]), found.value[row] or "") for row in range(len(found.start))]
    return sorted(days), sorted(rows), answers.grounding


@settings(max_examples=200, deadline=None)
@given(DATES, QUOTES, st.integers(0, 10**6))
def test_order_changes_nothing(days: list[dict[str, Any]], quoted: list[dict[str, Any]], seed: int) -> None:
    shuffled_days, shuffled_quotes = copy.deepcopy(days), copy.deepcopy(quoted)
    order = random.Random(seed)
    order.shuffle(shuffled_days)
    order.shuffle(shuffled_quotes)
    for item in shuffled_quotes:
        order.shuffle(item["content"])
    straight = settled(read(dates=days, quotes=quoted))
    assert settled(read(dates=shuffled_days, quotes=shuffled_quotes)) == straight


@settings(max_examples=100, deadline=None)
@given(DATES, QUOTES)
def test_what_is_found_says_what_was_asked(days: list[dict[str, Any]], quoted: list[dict[str, Any]]) -> None:
    found = read(dates=days, quotes=quoted).columns.dates
    assert found is not None
    for item, start, end in zip(days, found.start.tolist(), found.end.tolist(), strict=True):
        if "text" in item and start >= 0:
            assert fold(TEXT[start:end]) == fold(item["text"])
    taken = [
        place
        for item, place in zip(days, zip(found.start.tolist(), found.end.tolist(), strict=True), strict=True)
        if "text" in item and place != LOST
    ]
    by_text: dict[str, list[tuple[int, int]]] = {}
    for place in taken:
        by_text.setdefault(fold(TEXT[place[0] : place[1]]), []).append(place)
    assert all(len(set(some)) == len(some) for some in by_text.values()), "no place is given twice"


# Folding ----------------------------------------------------------------------------------------------------------


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("aB ß“”\"'’`-—–\u00a0\n\t\u200b\u00adİ🚢é"), max_size=30))
def test_folding_keeps_the_way_back(text: str) -> None:
    folded = fold_with_places(text)
    assert folded.text.strip() == fold(text) and fold(fold(text)) == fold(text)
    assert len(folded.places) == len(folded.text) + 1
    assert (folded.places[1:] >= folded.places[:-1]).all() and folded.places[-1] == len(text)
    finder = Finder(text)
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            words = text[start:end].strip()
            if words:
                found = finder.places(words)
                assert found and all(fold(text[place.start : place.end]) == fold(words) for place in found)


def test_names_fold_without_determiners() -> None:
    assert fold_name("The  RELAY") == fold_name("relay") == "relay"
    assert fold_name("the the Relay") == "relay"
    assert fold_name("The") == "the"
    assert fold_name("A’s") == fold_name("A's")


@pytest.mark.parametrize("size", [2_000])
def test_many_equal_answers_take_no_time(size: int) -> None:
    text = "He said so. " * size
    found = dates(*[{"text": "said"}] * (size + 1), text=text)
    assert len(set(found)) == size + 1 and found.count(LOST) == 1
