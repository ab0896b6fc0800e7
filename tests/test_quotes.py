"""Quotes against an exhaustive search over all pairings, and the properties that the measures must have."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.columns import UNGROUNDED
from onrecord.scoring import quotes, record
from onrecord.scoring.formulas import prf
from onrecord.scoring.tally import merge
from onrecord.scoring.task import Task
from oracles import quotes as oracle
from quotetasks import answer_line, articles, gold_line
from tasks import Line, make_task, tally_of, totals

MEASURES = [f"quotes/{name}" for name in ("content-exact", "content-soft", "cue", "source", "speaker", "full")]


def scored(gold: list[Line], answers: list[Line]) -> Task:
    task = make_task(gold, answers)
    quotes.evaluate(task)
    record.evaluate(task)
    return task


def whole(task: Task) -> dict[str, tuple[float, ...]]:
    return {name: sums for (name, label), sums in totals(task).items() if not label}


def by_article(task: Task) -> list[dict[str, tuple[float, ...]]]:
    """Of every article of the gold, the sums of every measure."""
    tally = tally_of(task)
    found: list[dict[str, tuple[float, ...]]] = [
        {name: (0.0,) * 4 for name, label in tally.keys if not label} for _ in tally.ids
    ]
    place = {name: number for number, name in enumerate(task.gold.ids)}
    for name, label in tally.keys:
        for article, counts in zip(*(part.tolist() for part in tally.of((name, label))), strict=True):
            if not label:
                found[place[tally.ids[article]]][name] = tuple(counts)
    return found


def scored_together(some: list[Line]) -> list[dict[str, tuple[float, ...]]]:
    """Sums of some articles, scored at once."""
    gold = [gold_line(article, f"a{number}") for number, article in enumerate(some)]
    answers = [answer_line(article, f"a{number}") for number, article in enumerate(some)]
    return by_article(scored(gold, answers))


def figures(task: Task, name: str) -> tuple[float, ...]:
    return tuple(round(float(value), 12) for value in prf(np.asarray(whole(task)[name])))


def near(first: tuple[Any, ...], second: tuple[Any, ...]) -> bool:
    return all(abs(float(a) - float(b)) < 1e-12 for a, b in zip(first, second, strict=True))


@given(st.lists(articles(), min_size=1, max_size=10))
@settings(max_examples=60, deadline=None)
def test_every_measure_is_that_of_some_best_pairing(some: list[Line]) -> None:
    for article, found in zip(some, scored_together(some), strict=True):
        text, answers = article["text"], article["answers"]
        gold, became = oracle.useful(text, article["gold"])
        wanted = []
        for pairs in oracle.best_pairings(text, gold, answers):
            stances = article["stances"], article["given"]
            full = {"record/full": oracle.record_full(text, gold, answers, pairs, *stances, became)}
            wanted.append({**oracle.scores(text, gold, answers, pairs), **full})
        assert any(all(near(found[name], one[name]) for name in one) for one in wanted), (article, found, wanted)


def shuffled(random: Any, line: Line) -> Line:
    """The same answers in another order: items, segments, evidence."""
    changed = dict(line)
    for name in ("quotes", "stances", "entities"):
        if name in line:
            changed[name] = random.sample(line[name], len(line[name]))
    for quote in changed["quotes"]:
        quote["content"] = random.sample(quote["content"], len(quote["content"]))
    for stance in changed["stances"]:
        stance["evidence_quotes"] = random.sample(stance["evidence_quotes"], len(stance["evidence_quotes"]))
    return changed


@given(st.lists(articles(), min_size=2, max_size=5), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_order_and_division_change_no_digit(some: list[Line], random: Any) -> None:
    gold = [gold_line(article, f"a{number}") for number, article in enumerate(some)]
    answers = [answer_line(article, f"a{number}") for number, article in enumerate(some)]
    straight = tally_of(scored(gold, answers))
    halves = [tally_of(scored(gold[:1], answers[:1])), tally_of(scored(gold[1:], answers[1:]))]
    turned = tally_of(
        scored([shuffled(random, line) for line in gold[::-1]], [shuffled(random, line) for line in answers[::-1]])
    )
    for tally in (turned, merge(halves), merge(halves[::-1])):
        assert tally.keys == straight.keys
        for key in tally.keys:
            for part, expected in zip(tally.of(key), straight.of(key), strict=True):
                np.testing.assert_array_equal(part, expected)


def test_ties_that_nothing_settles_go_by_content_and_not_by_order() -> None:
    """Both gold quotes are as good as the other for the one answer; the slice shows which is taken."""
    gold = [
        quote(words(0, 2), said_on="2031-01-01", sourcing="named"),
        quote(words(0, 2), said_on="2031-01-02", sourcing="anonymous"),
    ]
    answers = [quote(words(0, 2))]
    found = [totals(compare(WORDS, some, answers)) for some in (gold, gold[::-1])]
    assert found[0] == found[1]
    assert found[0]["quotes/content-soft", "sourcing=named"] == (1, 1, 1, 1)
    twins = [quote(words(0, 2), cue=list(words(3, 4))), quote(words(0, 2), cue=list(words(4, 5)), source=[0, 2])]
    found = [totals(compare(WORDS, gold[:1], some)) for some in (twins, twins[::-1])]
    assert found[0] == found[1]


def is_clean(text: str, side: list[Line]) -> bool:
    """Whether no quote is left out or there twice."""
    return len(oracle.useful(text, side)[0]) == len(side)


@given(st.lists(articles(), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_gold_against_itself_is_1(some: list[Line]) -> None:
    lines = [gold_line(article, f"a{number}") for number, article in enumerate(some)]
    for article, found in zip(some, by_article(scored(lines, lines)), strict=True):
        stances = [(s["holder"], s["claim"], s["label"], q) for s in article["stances"] for q in set(s["evidence"])]
        # A quote that gold gives twice is surplus in the answers, and so is a stance.
        if is_clean(article["text"], article["gold"]) and len(set(stances)) == len(stances):
            for name, (p_num, p_den, r_num, r_den) in found.items():
                assert abs(p_num - p_den) < 1e-12, (name, article)
                assert abs(r_num - r_den) < 1e-12, (name, article)


@given(st.lists(articles(most=3), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_swapping_sides_swaps_precision_and_recall(some: list[Line]) -> None:
    sides: tuple[list[Line], list[Line]] = ([], [])
    for number, article in enumerate(some):
        found = [quote for quote in article["answers"] if quote["content"] is not None]
        for quote in found:
            quote.update({name: None for name in ("cue", "source", "speaker") if quote[name] in ("lost", "nobody")})
        article["answers"] = found
        for side, name in zip(sides, ("gold", "answers"), strict=True):
            side.append(gold_line({"text": article["text"], "gold": article[name], "stances": []}, f"a{number}"))
    there, back = by_article(scored(*sides)), by_article(scored(*sides[::-1]))
    for article, one, other in zip(some, there, back, strict=True):
        both = article["gold"], article["answers"]
        if not all(is_clean(article["text"], side) for side in both):
            continue
        # Which of several equally good pairings is taken depends on the side; which contents are equal does not.
        alone = len(oracle.best_pairings(article["text"], *both)) == 1
        for name in [*MEASURES, "record/attribution"] if alone else ["quotes/content-exact"]:
            assert near(one[name], other[name][2:] + other[name][:2]), (name, article)


@given(st.lists(articles(), min_size=1, max_size=10))
@settings(max_examples=30, deadline=None)
def test_shares_are_shares_and_full_is_the_hardest(some: list[Line]) -> None:
    for found in scored_together(some):
        for name, (p_num, p_den, r_num, r_den) in found.items():
            assert 0 <= p_num <= p_den + 1e-12, name
            assert 0 <= r_num <= r_den + 1e-12, name
        for name in ("quotes/content-exact", "quotes/content-soft"):
            assert found["quotes/full"][0] <= found[name][0] + 1e-12


@given(st.lists(articles(), min_size=1, max_size=8), st.data())
@settings(max_examples=30, deadline=None)
def test_a_right_content_more_never_lowers_exact_recall(some: list[Line], data: st.DataObject) -> None:
    before = [found["quotes/content-exact"] for found in scored_together(some)]
    for article in some:
        if article["gold"]:
            right = {**data.draw(st.sampled_from(article["gold"])), "id": "more"}
            article["answers"] = [*article["answers"], right]
    after = [found["quotes/content-exact"] for found in scored_together(some)]
    for one, other in zip(before, after, strict=True):
        assert other[2] >= one[2]
        assert other[3] == one[3]


# Hand-made articles.


def quote(*content: tuple[int, int], **fields: Any) -> Line:
    return {"content": [list(some) for some in content], **fields}


def compare(text: str, gold: list[Line], answers: list[Line], **more: Any) -> Task:
    return scored([{"id": "a", "text": text, "quotes": gold, **more}], [{"id": "a", "quotes": answers}])


WORDS = "aa bb cc dd ee ff gg hh ii jj"


def words(first: int, last: int) -> tuple[int, int]:
    """Offsets of words first..last-1 of ``WORDS``."""
    return 3 * first, 3 * last - 1


def test_a_right_answer_more_can_lower_soft_recall() -> None:
    """The largest sum of Dice is not the largest recall: the new answer takes g1, and g2 gets a smaller share."""
    gold = [quote(words(4, 5)), quote(words(3, 6))]
    answers = [quote(words(1, 6)), quote(words(3, 5))]
    before = compare(WORDS, gold, answers)
    after = compare(WORDS, gold, [*answers, quote(words(4, 5))])
    assert figures(before, "quotes/content-soft")[1] == 1.0
    assert figures(after, "quotes/content-soft")[1] == round(5 / 6, 12)
    assert figures(after, "quotes/content-exact")[1] == 0.5 > figures(before, "quotes/content-exact")[1]


def citron_overlap(gold: list[tuple[int, int]], answers: list[tuple[int, int]]) -> float:
    """F1 of Citron's content overlap: tokens common to every predicted and every gold quote over all their tokens."""
    common = sum(len(set(range(*g)) & set(range(*p))) for g in gold for p in answers)
    precision, recall = (common / sum(end - start for start, end in side) for side in (answers, gold))
    return 2 * precision * recall / (precision + recall)


def test_many_to_one_overlap_exceeds_1_where_ours_does_not() -> None:
    """Two people say one sentence together: two gold quotes, both found. Citron counts each answer against both."""
    gold = [quote(words(0, 2), speaker_name=name) for name in ("aa", "bb")]
    assert citron_overlap([(0, 2), (0, 2)], [(0, 2), (0, 2)]) == 2.0
    assert figures(compare(WORDS, gold, gold), "quotes/content-soft") == (1.0, 1.0, 1.0)
    # The smallest nested example: a quote of two words, the first of which is a quote too.
    nested = [quote(words(0, 2)), quote(words(0, 1))]
    assert citron_overlap([(0, 2), (0, 1)], [(0, 2), (0, 1)]) == pytest.approx(5 / 3)
    assert figures(compare(WORDS, nested, nested), "quotes/content-soft") == (1.0, 1.0, 1.0)


def test_greedy_pairing_would_lose() -> None:
    """The first answer is best for the second gold quote, which is all that the second answer could have."""
    gold = [quote(words(0, 3)), quote(words(3, 6))]
    answers = [quote(words(1, 6)), quote(words(4, 6))]
    for given_answers in (answers, answers[::-1]):
        pairing = compare(WORDS, gold, given_answers).pairing
        sizes = zip(pairing.left.tolist(), pairing.answers.size[pairing.right].tolist(), strict=True)
        assert set(sizes) == {(0, 5), (1, 2)}


TRIMMED = "He said that “we knew, of course,” twice. That is all. Only (so) and 5% “…” that. That, he hopes, that’s it."


def at(surface: str, nth: int = 0) -> tuple[int, int]:
    start = -1
    for _ in range(nth + 1):
        start = TRIMMED.index(surface, start + 1)
    return start, start + len(surface)


@pytest.mark.parametrize(
    ("gold", "answer", "equal"),
    [
        (["“we knew, of course,”"], ["we knew, of course"], True),
        (["that “we knew, of course,” "], ["we knew, of course"], True),
        (["that “we knew, of course,” "], ["“we knew, of course,”"], True),
        (["said that “we knew"], ["we knew"], False),
        (["“we knew,", "of course,”"], ["“we knew, of course,”"], True),
        (["“we knew,", "course,”"], ["we knew", "course"], True),
        (["“we knew,", "course,”"], ["“we knew, of course,”"], False),
        (["we knew", "we kn", "knew"], ["we knew"], True),
        (["That is all."], ["is all"], True),
        (["5%"], ["5"], False),
        (["(so)"], ["so"], True),
        (["That, he hopes"], ["he hopes"], True),
        (["that’s it"], ["s it"], False),
        (["“…”"], ["“…”"], True),
        (["“…”"], ["…"], False),
        (["all. Only"], ["all. Onl"], False),
    ],
)
def test_contents_are_compared_trimmed(gold: list[str], answer: list[str], equal: bool) -> None:
    task = compare(TRIMMED, [quote(*map(at, gold))], [quote(*map(at, answer))])
    assert whole(task)["quotes/content-exact"] == (equal, 1, equal, 1)


def test_only_the_first_segment_loses_that() -> None:
    first, second = at("That is all"), at("that.")
    gold = [quote(at("we knew"), first)]
    assert whole(compare(TRIMMED, gold, [quote(at("we knew"), at("is all"))]))["quotes/content-exact"][0] == 0
    assert whole(compare(TRIMMED, [quote(second)], [quote(second)]))["quotes/content-exact"][0] == 1


def test_speaker_needs_half_the_tokens_and_somebody_on_both_sides() -> None:
    people = {
        "entities": [{"start": 0, "end": 2, "type": "PERSON", "entity": "e1"}],
        "chains": [{"id": "e1", "name": "aa"}],
    }
    gold = [quote(words(2, 5), speaker="e1"), quote(words(5, 8)), quote(words(8, 10), speaker="e1")]
    answers = [
        quote(words(2, 3), speaker_name="AA"),  # Dice ½
        quote(words(5, 8), speaker_name="aa"),  # gold has no speaker
        quote(words(9, 10)),  # no speaker
    ]
    task = compare(WORDS, gold, answers, **people)
    assert whole(task)["quotes/speaker"] == (1, 2, 1, 2)
    answers[0] = quote(words(2, 3), (0, 5), speaker_name="aa")  # Dice below ½
    assert whole(compare(WORDS, gold, answers, **people))["quotes/speaker"] == (0, 2, 0, 2)


def test_without_speakers_the_measure_is_undefined_and_full_is_not() -> None:
    same = [quote(words(0, 2)), quote(words(4, 6))]
    task = compare(WORDS, same, same)
    assert whole(task)["quotes/speaker"] == (0, 0, 0, 0)
    assert np.isnan(figures(task, "quotes/speaker")).all()
    assert figures(task, "quotes/full") == (1.0, 1.0, 1.0)
    assert figures(task, "record/attribution") == (1.0, 1.0, 1.0)


def test_what_gold_does_not_annotate_is_reported() -> None:
    task = compare(WORDS, [quote(words(0, 2))], [quote(words(0, 2), speaker_name="aa", cue=list(words(4, 5)))])
    assert whole(task)["quotes/full"] == (0, 1, 0, 1)
    for name in ("speaker", "cue"):
        assert f"no gold quote has a {name}: predicted quotes that give one are wrong in quotes/full" in task.reports
    assert not any("has a source" in report for report in task.reports)


def test_agreement_settles_ties_whatever_the_order() -> None:
    """Both answers are as long and as far off; the one with the right speaker is taken, then source, cue and day."""
    gold = [
        quote(words(2, 4), source=list(words(0, 1)), cue=list(words(1, 2)), said_on="2031-01-01", speaker_name="aa")
    ]
    right: dict[str, Any] = {
        "speaker_name": "aa",
        "source": list(words(0, 1)),
        "cue": list(words(1, 2)),
        "said_on": "2031-01-01",
    }
    names = list(right)
    for place, name in enumerate(names):
        better = quote(words(2, 5), **{name: right[name]})
        worse = quote(words(1, 4), **{other: right[other] for other in names[place + 1 :]})
        for answers in ([better, worse], [worse, better]):
            task = compare(WORDS, gold, answers)
            assert task.pairing.answers.row[task.pairing.right].tolist() == [answers.index(better)], name


def test_kinds_and_sourcing_slice_both_sides() -> None:
    text = "“aa bb” said cc. dd “ee” ff gg. hh ii jj."
    direct, mixed, plain = (0, 7), (17, 30), (32, 40)
    gold = [
        quote(direct, sourcing="named"),
        quote(mixed, sourcing="anonymous", kind="mixed"),
        quote(plain, sourcing="named"),
    ]
    answers = [quote((1, 6), kind="direct"), quote(mixed, kind="indirect"), quote((8, 12), sourcing="named")]
    found = totals(compare(text, gold, answers))
    assert found["quotes/content-exact", ""] == (2, 3, 2, 3)
    assert found["quotes/content-exact", "kind=direct"] == (0, 0, 1, 1), "the answer has no quotation marks"
    assert found["quotes/content-exact", "kind=mixed"] == (1, 1, 1, 1), "what an answer calls itself is not asked"
    assert found["quotes/content-exact", "kind=indirect"] == (1, 2, 0, 1)
    assert found["quotes/content-exact", "sourcing=named"] == (1, 1, 1, 2)
    assert found["quotes/content-exact", "sourcing=anonymous"] == (1, 1, 1, 1)
    assert ("quotes/content-exact", "sourcing=unnamed") not in found
    assert ("quotes/content-soft", "sourcing=named") in found


def test_what_is_not_in_the_text_is_a_false_positive() -> None:
    gold = [quote(words(0, 2), cue=list(words(3, 4)))]
    answers = [
        quote(words(0, 2), cue={"text": "nowhere"}),
        {"content": [{"text": "a misquotation"}, {"text": "aa bb"}], "kind": "direct"},
    ]
    found = totals(compare(WORDS, gold, answers))
    assert found["quotes/content-soft", ""] == (1, 2, 1, 1)
    assert found["quotes/cue", ""] == (0, 1, 0, 1)
    assert found["quotes/content-soft", "kind=direct"] == (0, 1, 0, 0)


def test_a_segment_that_was_not_found_loses_the_whole_quote() -> None:
    """Grounding loses all segments together; columns that say otherwise earn nothing by the other half either."""
    task = make_task(
        [{"id": "a", "text": WORDS, "quotes": [quote(words(0, 2))]}],
        [{"id": "a", "quotes": [quote(words(0, 2), words(4, 5))]}],
    )
    found = task.answers.quotes
    assert found is not None
    lost = np.where(found.segment_start == words(4, 5)[0], UNGROUNDED, found.segment_start)
    task.answers = replace(task.answers, quotes=replace(found, segment_start=lost, segment_end=lost))
    quotes.evaluate(task)
    assert whole(task)["quotes/content-exact"] == (0, 1, 0, 1)
    assert whole(task)["quotes/content-soft"] == (0, 1, 0, 1)


def test_repeated_and_empty_quotes_are_reported() -> None:
    text = "aa  bb"
    gold = [quote((0, 2)), quote((0, 2), kind="direct"), quote((2, 4)), quote((4, 6))]
    task = compare(text, gold, [quote((0, 2)), quote((0, 2)), quote((2, 4))])
    assert whole(task)["quotes/content-exact"] == (1, 3, 1, 2)
    assert whole(task)["quotes/content-soft"] == (1, 3, 1, 2)
    assert task.reports[:3] == [
        "1 gold quotes cover no word and are left out",
        "1 gold quotes are there already and count once",
        "1 predicted quotes are there already and count as wrong",
    ]


def test_segments_that_cross_and_repeat_are_one() -> None:
    gold = [quote(words(0, 4))]
    answers = [quote(words(2, 4), words(0, 3), words(0, 3), words(1, 2))]
    task = compare(WORDS, gold, answers)
    assert all(figures(task, name) == (1.0, 1.0, 1.0) for name in ("quotes/content-exact", "quotes/content-soft"))


@pytest.mark.parametrize(("gold", "answers"), [([], []), ([quote((0, 2))], []), ([], [quote((0, 2))])])
def test_empty_sides(gold: list[Line], answers: list[Line]) -> None:
    task = compare("aa", gold, answers)
    for name in [*MEASURES[:2], "quotes/full", "record/attribution"]:
        assert whole(task)[name] == (0, len(answers), 0, len(gold))


def test_a_large_article_with_a_knot_of_quotes() -> None:
    size = 400_000
    text = "abcd " * size
    gold = [quote((5 * at, 5 * at + 5 * 30)) for at in range(300)]
    answers = [quote((5 * at + 5, 5 * at + 5 * 30)) for at in range(300)] + [quote((0, 5 * size - 1))]
    found = whole(compare(text, gold, answers))
    assert found["quotes/content-soft"][1::2] == (301, 300)
    assert found["quotes/content-soft"][0] == pytest.approx(300)


@pytest.mark.parametrize("units", ["x", "日", "😀", "e\u0301"])
def test_tokens_count_code_points(units: str) -> None:
    text = f"{units} “{units}{units}” {units}"
    whole_text = (0, len(text))
    gold = [quote(whole_text)]
    answers = [quote((text.index("“"), text.index("”") + 1))]
    task = compare(text, gold, answers)
    expected = oracle.scores(
        text,
        [{"content": [whole_text], **dict.fromkeys(("cue", "source", "speaker", "said_on"))}],
        [{"content": [tuple(answers[0]["content"][0])], **dict.fromkeys(("cue", "source", "speaker", "said_on"))}],
        ((0, 0),),
    )
    assert near(whole(task)["quotes/content-soft"], expected["quotes/content-soft"])
