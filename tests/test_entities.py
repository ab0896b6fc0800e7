"""Entity measures against nervaluate, seqeval and exhaustive search, and the rules where ours differ on purpose."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.columns import Columns, Mentions, code
from onrecord.model import OUTSIDE_TYPES
from onrecord.predictions import read_gold, read_predictions
from onrecord.predictions.texts import Texts
from onrecord.scoring import engine, entities, formulas, merge
from onrecord.scoring.entities import COUNTS, SCHEMES, evaluate
from onrecord.scoring.tally import TallyBuilder
from onrecord.scoring.task import Task
from oracles import entities as oracle

TYPES = ("ORG", "PER", "LOC")
KINDS = ("name", "nominal", "pronoun")


def mentions(articles) -> Mentions:
    """The layer of some articles, each a list of (start, end, type, kind[, entity])."""
    rows = [(row, *mention) for row, some in enumerate(articles) for mention in some]
    none = code([None] * len(rows))
    return Mentions(
        article=np.asarray([row[0] for row in rows], dtype=np.int64),
        start=np.asarray([row[1] for row in rows], dtype=np.int64),
        end=np.asarray([row[2] for row in rows], dtype=np.int64),
        type=code([row[3] for row in rows]),
        kind=code([row[4] for row in rows]),
        entity=code([row[5] if len(row) > 5 else None for row in rows]),
        link=none,
        text=none,
    )


def task_of(gold, answers, *, ids=None, types=None, outside=()) -> Task:
    ids = [f"a{row:04}" for row in range(len(gold))] if ids is None else ids
    mask = {"entities": np.ones(len(ids), dtype=np.bool_)}
    columns = [Columns(ids, mentions=mentions(side), answered=mask) for side in (gold, answers)]
    return Task(columns[0], columns[1], Texts([""] * len(ids)), types, outside, TallyBuilder(ids, ids))


def tally_of(gold, answers, **options):
    task = task_of(gold, answers, **options)
    evaluate(task)
    return task.builder.build()


def totals_of(gold, answers, **options):
    return {key: tuple(counts.tolist()) for key, counts in tally_of(gold, answers, **options).totals().items()}


def five(totals, scheme) -> dict[str, int]:
    return {label: int(totals[f"entities/{scheme}", f"count={label}"][0]) for label in COUNTS}


def numbered(articles):
    """Gold whose equal mentions belong to different chains, so that none of them is a duplicate."""
    return [[(*mention, f"e{place}") for place, mention in enumerate(some)] for some in articles]


def draw_article(rng: random.Random, most: int = 4, kinds=("name",)):
    """Anything: nested, crossing, duplicated."""
    found = []
    for _ in range(rng.randint(0, most)):
        start = rng.randint(0, 8)
        found.append((start, start + rng.randint(1, 4), rng.choice(TYPES), rng.choice(kinds)))
    return found


def draw_flat(rng: random.Random, tokens: int = 12):
    found, at = [], 0
    while at < tokens:
        at += rng.randint(0, 3)
        end = min(at + rng.randint(1, 3), tokens)
        if at < end:
            found.append((at, end, rng.choice(TYPES), "name"))
        at = end
    return found


# Exhaustive search ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_every_count_is_that_of_exhaustive_search(seed):
    rng = random.Random(seed)
    for _ in range(60):
        gold, answers = draw_article(rng, 5, KINDS), draw_article(rng, 5, KINDS)
        if rng.random() < 0.3:
            answers.append((-2, -2, rng.choice(TYPES), "name"))
        totals = totals_of(numbered([gold]), [answers])
        if not gold and not answers:
            assert not any(map(any, totals.values()))
        for scheme in SCHEMES:
            found = oracle.counts(scheme, gold, answers)
            assert five(totals, scheme) == found
            credit = found["COR"] + found["PAR"] / 2
            names = [sum(mention[3] == "name" for mention in side) for side in (answers, gold)]
            assert totals[f"entities/{scheme}", ""] == (credit, names[0], credit, names[1])


@pytest.mark.parametrize("seed", range(6))
def test_slices_are_those_of_a_best_pairing(seed):
    rng = random.Random(100 + seed)
    for _ in range(50):
        gold, answers = draw_article(rng, 5), draw_article(rng, 5)
        totals = totals_of(numbered([gold]), [answers], types=TYPES)
        for scheme in SCHEMES:
            for type_ in {mention[2] for mention in (*gold, *answers)}:
                p_num, p_den, r_num, r_den = totals[f"entities/{scheme}", f"type={type_}"]
                assert (p_num, r_num) in oracle.slices(scheme, gold, answers, type_)
                assert (p_den, r_den) == tuple(sum(m[2] == type_ for m in side) for side in (answers, gold))


@pytest.mark.parametrize("seed", range(4))
def test_a_kind_is_scored_as_if_it_were_alone(seed):
    rng = random.Random(200 + seed)
    for _ in range(40):
        gold, answers = draw_article(rng, 5, KINDS), draw_article(rng, 5, KINDS)
        totals = totals_of(numbered([gold]), [answers])
        for kind in {mention[3] for mention in (*gold, *answers)}:
            alone = [[(*mention[:3], "name") for mention in side if mention[3] == kind] for side in (gold, answers)]
            expected = totals_of(numbered([alone[0]]), [alone[1]])
            for scheme in SCHEMES:
                assert totals[f"entities/{scheme}", f"kind={kind}"] == expected[f"entities/{scheme}", ""]


# nervaluate -----------------------------------------------------------------------------------------------------------

NERVALUATE = {"strict": "strict", "exact": "exact", "partial": "partial", "type": "ent_type"}


def nervaluate_counts(gold, answers):
    """nervaluate's five counts of each scheme, and of strict and type for each type; its ends are inclusive."""
    from nervaluate import Evaluator

    def entities(side):
        return [[{"label": t, "start": s, "end": e - 1} for s, e, t, *_ in some] for some in side]

    found = Evaluator(entities(gold), entities(answers), tags=list(TYPES), loader="dict").evaluate()

    def counts(result):
        values = (result.correct, result.incorrect, result.partial, result.missed, result.spurious)
        return {**dict(zip(COUNTS, values, strict=True)), "prf": (result.precision, result.recall, result.f1)}

    whole = {ours: counts(found["overall"][theirs]) for ours, theirs in NERVALUATE.items()}
    parts = {
        (ours, type_): counts(found["entities"][type_][theirs])
        for ours, theirs in NERVALUATE.items()
        for type_ in TYPES
        if type_ in found["entities"]
    }
    return whole, parts


def corrupt(rng: random.Random, gold):
    """Predictions each of which overlaps at most one gold mention, and no two the same one."""
    found = []
    for start, end, type_, kind in gold:
        roll = rng.random()
        if roll < 0.15:
            continue
        if roll < 0.3:
            type_ = rng.choice(TYPES)
        elif roll < 0.5:
            start, end = start + rng.choice((-1, 0, 0)), end + rng.choice((0, 0, 1))
        found.append((start, end, type_, kind))
    return found


@pytest.mark.parametrize("seed", range(10))
def test_equal_to_nervaluate_where_each_mention_overlaps_at_most_one(seed):
    """1,000 corpora in which nervaluate's order cannot matter, empty sides and single mentions among them."""
    rng = random.Random(seed)
    for _ in range(100):
        gold = []
        for _ in range(rng.randint(1, 4)):
            starts = [at for at in range(2, 42, 8) if rng.random() < 0.6]
            gold.append([(at, at + rng.randint(1, 4), rng.choice(TYPES), "name") for at in starts])
        answers = [[] if rng.random() < 0.1 else corrupt(rng, some) for some in gold]
        for some in answers:
            rng.shuffle(some)
            some += [(46, 48, rng.choice(TYPES), "name")] * (rng.random() < 0.2)
        if not any(gold) and not any(answers):
            continue
        totals = totals_of(gold, answers, types=TYPES)
        whole, parts = nervaluate_counts(gold, answers)
        for scheme in SCHEMES:
            theirs = whole[scheme]
            assert five(totals, scheme) == {label: theirs[label] for label in COUNTS}
            ours = [float(np.nan_to_num(x)) for x in formulas.prf(np.asarray(totals[f"entities/{scheme}", ""]))]
            assert ours == pytest.approx(theirs["prf"], abs=1e-12)
        for (scheme, type_), theirs in parts.items():
            if scheme in ("strict", "type"):  # In the others it hides predictions of other types; see below.
                here = totals.get((f"entities/{scheme}", f"type={type_}"), (0, 0, 0, 0))
                assert here[0] == here[2] == theirs["COR"]
                assert here[1] == theirs["COR"] + theirs["INC"] + theirs["SPU"]
                assert here[3] == theirs["COR"] + theirs["INC"] + theirs["MIS"]


@pytest.mark.parametrize("seed", range(4))
def test_equal_to_nervaluate_where_every_order_gives_it_one_result(seed):
    """Flat, nested and duplicated articles on which no order of the input changes nervaluate's counts."""
    rng = random.Random(1_000 + seed)
    compared = Counter()
    for number in range(150):
        draw = draw_flat if number % 2 else draw_article
        gold, answers = draw(rng)[:3], draw(rng)[:3]
        if not gold and not answers:
            continue
        every = [
            nervaluate_counts([list(first)], [list(second)])[0]
            for first in set(permutations(gold))
            for second in set(permutations(answers))
        ]
        totals = totals_of(numbered([gold]), [answers])
        for scheme in SCHEMES:
            if all(one[scheme] == every[0][scheme] for one in every):
                compared[scheme] += 1
                assert five(totals, scheme) == {label: every[0][scheme][label] for label in COUNTS}
            else:
                # It depends on the order; ours is never below any of its results.
                credit = totals[f"entities/{scheme}", ""][0]
                assert credit >= max(one[scheme]["COR"] + one[scheme]["PAR"] / 2 for one in every)
    assert min(compared.values()) > 60


def test_nervaluate_depends_on_the_order_of_predictions():
    """The smallest example: greedy strict gives a gold mention away to a prediction that only overlaps it."""
    gold, right, wrong = [(0, 3, "ORG", "name")], (0, 3, "ORG", "name"), (2, 5, "ORG", "name")
    assert nervaluate_counts([gold], [[right, wrong]])[0]["strict"]["COR"] == 1
    assert nervaluate_counts([gold], [[wrong, right]])[0]["strict"]["COR"] == 0
    for answers in ([right, wrong], [wrong, right]):
        assert five(totals_of([gold], [answers]), "strict") == {"COR": 1, "INC": 0, "PAR": 0, "MIS": 0, "SPU": 1}


def test_nervaluate_type_is_not_a_maximum_matching():
    """Two golds, two predictions, all of one type: the nearer boundary is taken and the other pair is lost."""
    gold = [(0, 4, "ORG", "name"), (4, 12, "ORG", "name")]
    answers = [(2, 6, "ORG", "name"), (0, 2, "ORG", "name")]
    theirs = [nervaluate_counts([gold], [order])[0]["type"]["COR"] for order in (answers, answers[::-1])]
    assert theirs == [1, 2]
    assert five(totals_of([gold], [answers]), "type")["COR"] == 2


def test_nervaluate_by_type_hides_other_types():
    """Per type nervaluate compares only that type with itself, so its exact per type is strict; ours is exact."""
    gold, answers = [(0, 3, "ORG", "name")], [(0, 3, "PER", "name")]
    _, parts = nervaluate_counts([gold], [answers])
    assert parts["exact", "ORG"]["COR"] == 0
    totals = totals_of([gold], [answers], types=TYPES)
    assert totals["entities/exact", "type=ORG"] == (0, 0, 1, 1)
    assert totals["entities/exact", "type=PER"] == (1, 1, 0, 0)


def test_nervaluate_wants_a_hundredth_of_the_gold_mention():
    """Overlap has no minimum share with us."""
    gold, answers = [(0, 200, "ORG", "name")], [(199, 203, "ORG", "name")]
    assert nervaluate_counts([gold], [answers])[0]["type"]["COR"] == 0
    assert five(totals_of([gold], [answers]), "type")["COR"] == 1


# seqeval --------------------------------------------------------------------------------------------------------------


def tags(some, tokens: int) -> list[str]:
    found = ["O"] * tokens
    for start, end, type_, _ in some:
        found[start:end] = [f"B-{type_}", *[f"I-{type_}"] * (end - start - 1)]
    return found


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(5))
def test_strict_is_seqeval_on_flat_data(seed):
    """400 flat corpora, against seqeval's default and its strict mode with a scheme."""
    from seqeval.metrics import sequence_labeling, v1
    from seqeval.scheme import IOB2

    rng = random.Random(seed)
    for _ in range(80):
        gold = [draw_flat(rng) for _ in range(rng.randint(1, 4))]
        answers = [draw_flat(rng) if rng.random() < 0.5 else list(some) for some in gold]
        lines = [[tags(some, 12) for some in side] for side in (gold, answers)]
        totals = totals_of(gold, answers, types=TYPES)
        ours = [float(np.nan_to_num(x)) for x in formulas.prf(np.asarray(totals["entities/strict", ""]))]
        for module, options in ((sequence_labeling, {}), (v1, {"scheme": IOB2})):
            theirs = module.precision_recall_fscore_support(*lines, average="micro", zero_division=0, **options)
            assert ours == pytest.approx(theirs[:3], abs=1e-12)
            by_type = module.precision_recall_fscore_support(*lines, average=None, zero_division=0, **options)
            there = sorted({mention[2] for side in (gold, answers) for some in side for mention in some})
            for place, type_ in enumerate(there):
                row = np.asarray(totals["entities/strict", f"type={type_}"])
                here = [float(np.nan_to_num(x)) for x in formulas.prf(row)]
                assert here == pytest.approx([column[place] for column in by_type[:3]], abs=1e-12)
                assert row[3] == by_type[3][place]


@pytest.mark.filterwarnings("ignore")
def test_seqeval_is_lenient_when_asked_for_strict_without_a_scheme():
    from seqeval.metrics import f1_score
    from seqeval.scheme import IOB2

    right, given = [["B-PER", "I-PER", "O"]], [["I-PER", "I-PER", "O"]]
    assert f1_score(right, given) == 1.0
    assert f1_score(right, given, mode="strict", scheme=IOB2, zero_division=0) == 0.0
    # Without `mode` the scheme that is asked for is ignored. With us a phrase is its offsets.
    assert f1_score(right, given, scheme=IOB2) == 1.0


# Rules ----------------------------------------------------------------------------------------------------------------

TEXT = "Relay told the Ledger that it had warned Relay in May."


def scored(gold_mentions, answer_mentions, **options):
    gold = read_gold([{"id": "s/a", "text": TEXT, "entities": gold_mentions}])
    predictions = read_predictions([{"id": "s/a", "entities": answer_mentions}], gold)
    task = engine.prepare(predictions, gold, layers=["entities"], **options).task
    found = {key: tuple(counts.tolist()) for key, counts in task.builder.build().totals().items()}
    return found, task.reports


def span(start, end, type_="ORG", **more):
    return {"start": start, "end": end, "type": type_, **more}


def test_a_mention_without_kind_is_a_name():
    found, _ = scored([span(0, 5), span(27, 29, kind="pronoun")], [span(0, 5, kind="name"), span(27, 29)])
    assert found["entities/strict", ""] == (1, 2, 1, 1)
    assert found["entities/strict", "kind=pronoun"] == (0, 0, 0, 1)
    assert found["entities/strict", "kind=name"] == found["entities/strict", ""]


def test_only_nominals_leave_the_whole_undefined_but_there():
    found, _ = scored([span(27, 29, kind="pronoun")], [span(27, 29, kind="pronoun")])
    assert found["entities/strict", ""] == (0, 0, 0, 0)
    assert found["entities/strict", "kind=pronoun"] == (1, 1, 1, 1)


def test_outside_types_are_set_aside_unless_gold_uses_them():
    answers = [span(0, 5), span(50, 53, "DATE"), span(50, 53, "CARDINAL")]
    found, reports = scored([span(0, 5)], answers)
    assert found["entities/strict", ""] == (1, 1, 1, 1)
    assert any("2 predicted mentions of types outside the data" in line and "'DATE' 1" in line for line in reports)
    found, reports = scored([span(0, 5), span(50, 53, "DATE")], answers)
    assert found["entities/strict", ""] == (2, 2, 2, 2)
    assert any("1 predicted mentions of types outside the data" in line and "DATE" not in line for line in reports)


def test_an_inventory_decides_what_is_known():
    gold, answers = [[(0, 3, "ORG", "name")]], [[(0, 3, "PER", "name"), (4, 5, "DATE", "name"), (6, 7, "XX", "name")]]
    task = task_of(gold, answers, types=("ORG", "PER"), outside=OUTSIDE_TYPES)
    evaluate(task)
    totals = task.builder.build().totals()
    assert totals["entities/strict", ""].tolist() == [0, 2, 0, 1]
    assert totals["entities/exact", ""].tolist() == [1, 2, 1, 1]
    assert ("entities/strict", "type=PER") in totals and ("entities/strict", "type=XX") not in totals
    assert any("1 predicted mentions have types that the data does not know: 'XX' 1" in line for line in task.reports)
    task = task_of(gold, answers, types=None, outside=OUTSIDE_TYPES)
    evaluate(task)
    assert any("2 predicted mentions have types that the data does not know" in line for line in task.reports)


def test_a_type_that_is_missing_on_both_sides_is_equal():
    found, reports = scored([{"start": 0, "end": 5}], [{"start": 0, "end": 5}])
    assert found["entities/strict", ""] == (1, 1, 1, 1) and reports == []
    found, reports = scored([span(0, 5)], [{"start": 0, "end": 5}])
    assert found["entities/strict", ""] == (0, 1, 0, 1) and any("none 1" in line for line in reports)


def test_duplicate_predictions_are_surplus_and_reported():
    found, reports = scored([span(0, 5)], [span(0, 5), span(0, 5), span(0, 5, entity="x")])
    for scheme in SCHEMES:
        assert found[f"entities/{scheme}", ""] == (1, 3, 1, 1)
        assert found[f"entities/{scheme}", "count=SPU"][0] == 2
    assert any("2 predicted mentions repeat another one" in line for line in reports)


def test_duplicate_gold_is_dropped_and_reported_but_not_mentions_of_two_chains():
    found, reports = scored([span(0, 5), span(0, 5)], [span(0, 5)])
    assert found["entities/strict", ""] == (1, 1, 1, 1)
    assert any("1 gold mentions are there twice" in line for line in reports)
    twice = [span(0, 5, entity="x"), span(0, 5, entity="y")]
    found, reports = scored(twice, [span(0, 5), span(0, 5)])
    assert found["entities/strict", ""] == (2, 2, 2, 2) and reports == []


def test_touching_spans_do_not_overlap():
    found, _ = scored([span(0, 5)], [span(5, 9)])
    assert all(found[f"entities/{scheme}", ""][0] == 0 for scheme in SCHEMES)
    assert found["entities/type", "count=MIS"][0] == found["entities/type", "count=SPU"][0] == 1


def test_partial_prefers_credit_then_exact():
    # Two overlaps are worth as much as one exact match: the exact one is taken where the sum is the same.
    gold, answers = [(0, 4, "ORG", "name"), (6, 9, "ORG", "name")], [(0, 4, "ORG", "name"), (3, 7, "ORG", "name")]
    assert five(totals_of([gold], [answers]), "partial") == {"COR": 1, "INC": 0, "PAR": 1, "MIS": 0, "SPU": 0}
    gold, answers = [(0, 8, "ORG", "name"), (2, 4, "ORG", "name")], [(0, 8, "ORG", "name"), (6, 7, "ORG", "name")]
    found = five(totals_of([gold], [answers]), "partial")
    assert found == {"COR": 1, "INC": 0, "PAR": 0, "MIS": 1, "SPU": 1}


@pytest.mark.parametrize("scheme", ["exact", "partial"])
def test_of_equal_spans_the_one_of_the_same_type_is_matched(scheme):
    gold, answers = [(0, 3, "LOC", "name"), (0, 3, "PER", "name")], [(0, 3, "PER", "name")]
    totals = totals_of([gold], [answers])
    assert totals[f"entities/{scheme}", "type=PER"] == (1, 1, 1, 1)
    assert totals[f"entities/{scheme}", "type=LOC"] == (0, 0, 0, 1)


def test_surface_is_a_set_of_folded_texts_and_types():
    gold = [span(0, 5), span(41, 46), span(15, 21)]
    answers = [
        {"text": "relay", "type": "ORG"},
        {"text": "The Herald", "type": "ORG"},
        {"text": "Ledger", "type": "PER"},
    ]
    found, _ = scored(gold, answers)
    assert found["entities/surface", ""] == (1, 3, 1, 2)
    assert found["entities/surface", "type=ORG"] == (1, 2, 1, 2)
    assert found["entities/strict", ""] == (1, 3, 1, 3)  # An ungrounded answer counts, and finds nothing.
    assert ("entities/surface", "") not in scored(gold, gold)[0]
    assert scored(gold, gold, surface=True)[0]["entities/surface", ""] == (2, 2, 2, 2)


def test_surface_equals_brute_force():
    rng = random.Random(5)
    words = TEXT.split(" ")
    starts = np.cumsum([0, *(len(word) + 1 for word in words[:-1])]).tolist()
    for _ in range(50):
        sides = [
            [(place, rng.choice(TYPES)) for place in rng.choices(range(len(words)), k=rng.randint(0, 6))] for _ in "ab"
        ]
        spans = [
            [span(starts[place], starts[place] + len(words[place]), type_) for place, type_ in side] for side in sides
        ]
        if not any(spans):
            continue
        texts = [[(words[place].casefold(), type_) for place, type_ in side] for side in sides]
        shared, given_, there = oracle.surface(*texts)
        assert scored(*spans, surface=True)[0]["entities/surface", ""] == (shared, given_, shared, there)


def test_nothing_on_both_sides_says_nothing():
    assert not any(map(any, totals_of([[], []], [[], []]).values()))
    totals = totals_of([[(0, 1, "ORG", "name")]], [[]])
    precision, recall, f1 = formulas.prf(np.asarray(totals["entities/strict", ""]))
    assert np.isnan(precision) and recall == 0 and f1 == 0
    totals = totals_of([[]], [[(0, 1, "ORG", "name")]])
    precision, recall, f1 = formulas.prf(np.asarray(totals["entities/strict", ""]))
    assert precision == 0 and np.isnan(recall) and f1 == 0


def test_gold_without_offsets_is_refused():
    with pytest.raises(ValueError, match="no offsets"):
        evaluate(task_of([[(-2, -2, "ORG", "name")]], [[]]))


def test_very_long_articles_and_offsets():
    gold = [[(at, at + 10, "ORG", "name") for at in range(0, 2_000_000, 100)]]
    answers = [[(at + 1, at + 12, "ORG", "name") for at in range(0, 2_000_000, 100)]]
    totals = totals_of(gold, answers)
    assert totals["entities/partial", ""] == (10_000, 20_000, 10_000, 20_000)


def test_many_articles_with_huge_offsets_do_not_overflow():
    far = 2**55
    gold = [[(far, far + 3, "ORG", "name")] for _ in range(300)]
    answers = [[(far, far + 3, "ORG", "name"), (0, far, "ORG", "name")] for _ in range(299)]
    answers.append([(-2, -2, "ORG", "name"), (far - 1, far + 1, "ORG", "name")])
    totals = totals_of(gold, answers)
    assert totals["entities/strict", ""] == (299, 600, 299, 300)
    assert totals["entities/type", ""] == (300, 600, 300, 300)


def test_a_thousand_nested_spans_of_one_article():
    gold = [[(at, 2_000 - at, "ORG", "name") for at in range(400)]]
    answers = [[(at, 2_001 - at, "ORG", "name") for at in range(400)]]
    totals = totals_of(gold, answers)
    assert totals["entities/type", ""] == (400, 400, 400, 400)
    assert totals["entities/strict", ""] == (0, 400, 0, 400)


# Properties -----------------------------------------------------------------------------------------------------------

mention_st = st.tuples(st.integers(0, 8), st.integers(1, 4), st.sampled_from(TYPES), st.sampled_from(KINDS)).map(
    lambda drawn: (drawn[0], drawn[0] + drawn[1], drawn[2], drawn[3])
)
corpus_st = st.lists(
    st.tuples(st.lists(mention_st, max_size=5), st.lists(mention_st, max_size=5)), min_size=1, max_size=4
)


def sides_of(corpus):
    return numbered([gold for gold, _ in corpus]), [answers for _, answers in corpus]


@given(corpus_st, st.randoms(use_true_random=False))
def test_order_is_nothing(corpus, rng):
    gold, answers = sides_of(corpus)
    expected = tally_of(gold, answers)
    ids = [f"a{row:04}" for row in range(len(corpus))]
    order = rng.sample(range(len(ids)), len(ids))
    shuffled = [[rng.sample(side[row], len(side[row])) for row in order] for side in (gold, answers)]
    found = tally_of(*shuffled, ids=[ids[row] for row in order])
    assert found.frame().equals(expected.frame())


@given(corpus_st)
def test_gold_against_itself_is_perfect(corpus):
    gold, _ = sides_of(corpus)
    for (_, label), (p_num, p_den, r_num, r_den) in totals_of(gold, gold).items():
        if not label.startswith("count="):
            assert p_num == p_den == r_num == r_den


@given(corpus_st)
def test_swapping_sides_swaps_precision_and_recall(corpus):
    gold, answers = sides_of(corpus)
    answers = numbered(answers)
    there, back = totals_of(gold, answers), totals_of(answers, gold)
    for scheme in SCHEMES:
        for label in ("", *(f"kind={kind}" for kind in KINDS)):
            key = (f"entities/{scheme}", label)
            assert (key in there) == (key in back)
            if key in there:
                assert there[key] == (*back[key][2:], *back[key][:2])


@settings(max_examples=60)
@given(corpus_st)
def test_ranges_and_order_of_the_schemes(corpus):
    totals = totals_of(*sides_of(corpus))
    credit = defaultdict(dict)
    for (measure, label), (p_num, p_den, r_num, r_den) in totals.items():
        if label.startswith("count="):
            continue
        assert 0 <= p_num <= p_den and 0 <= r_num <= r_den
        credit[label][measure.removeprefix("entities/")] = (p_num, r_num)
    for by in credit.values():
        for part in (0, 1):
            assert by["strict"][part] <= by["exact"][part] <= by["partial"][part]
            assert by["strict"][part] <= by["type"][part]


@given(corpus_st)
def test_a_right_answer_more_never_lowers_recall(corpus):
    gold, answers = sides_of(corpus)
    before = totals_of(gold, answers)
    for row, some in enumerate(gold):
        for mention in some:
            more = [[*given_, mention[:4]] if place == row else given_ for place, given_ in enumerate(answers)]
            after = totals_of(gold, more)
            for scheme in SCHEMES:
                assert after[f"entities/{scheme}", ""][2] >= before[f"entities/{scheme}", ""][2]


@given(corpus_st, st.sampled_from(TYPES))
def test_an_answer_that_overlaps_nothing_never_raises_precision(corpus, type_):
    gold, answers = sides_of(corpus)
    before = totals_of(gold, answers)
    after = totals_of(gold, [[*answers[0], (100, 103, type_, "name")], *answers[1:]])
    for scheme in SCHEMES:
        key = (f"entities/{scheme}", "")
        old = before.get(key, (0, 0, 0, 0))
        assert after[key][0] == old[0] and after[key][1] == old[1] + 1


@given(corpus_st, st.integers(0, 4))
def test_halves_put_together_are_the_whole(corpus, cut):
    gold, answers = sides_of(corpus)
    ids = [f"a{row:04}" for row in range(len(corpus))]
    whole = tally_of(gold, answers, ids=ids, types=TYPES)
    parts = [
        tally_of(gold[at], answers[at], ids=ids[at], types=TYPES) for at in (slice(cut), slice(cut, None)) if ids[at]
    ]
    together = merge(parts)
    assert together.frame().equals(whole.frame())


@pytest.mark.parametrize(("block", "cells"), [(1, 1), (7, 10_000), (40, 25), (1_000_000, 60)])
def test_blocks_of_any_size_count_the_same(monkeypatch, block, cells):
    rng = random.Random(block)
    gold = numbered([draw_article(rng, 6, KINDS) for _ in range(60)])
    answers = [draw_article(rng, 6, KINDS) for _ in range(60)]
    gold[20:29] = [[]] * 9  # Articles with nothing on one side, and on either.
    answers[25:35] = [[]] * 10
    alone = [totals_of([some], [given], types=TYPES) for some, given in zip(gold, answers, strict=True)]
    monkeypatch.setattr(entities, "_BLOCK", block)
    monkeypatch.setattr(entities, "_CELLS", cells)
    tally = tally_of(gold, answers, types=TYPES)
    assert set(tally.keys) == {key for totals in alone for key in totals}
    for key in tally.keys:
        rows = dict(zip(*(column.tolist() for column in tally.of(key)), strict=True))
        for article, totals in enumerate(alone):
            assert tuple(rows.get(article, (0.0,) * 4)) == totals.get(key, (0.0,) * 4)
