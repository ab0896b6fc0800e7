"""scripts/validity.py: the statistics against scipy, who counts as one system, and the tables."""

from __future__ import annotations

import json
import math
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from onrecord.scoring.measures import STANCE_CELLS
from onrecord.scoring.result import score_tally
from onrecord.scoring.tally import TallyBuilder

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

import marked
import rank_agreement as ranking
import validity
import validity_agreement as agreeing
import validity_table

FIGURE = "dates/value:f1"
#: Few distinct values, so that ties are common.
LEVELS = st.integers(0, 4).map(lambda number: number / 7)


def same(one: float, other: float) -> bool:
    return (math.isnan(one) and math.isnan(other)) or math.isclose(one, other, abs_tol=1e-9)


@given(st.lists(st.tuples(LEVELS, LEVELS), min_size=2, max_size=8))
def test_correlations_are_scipys(pairs: list[tuple[float, float]]) -> None:
    a, b = np.asarray(pairs).T
    with np.errstate(invalid="ignore"), pytest.MonkeyPatch.context() as patch:
        patch.setattr("warnings.warn", lambda *_, **__: None)  # scipy warns of constant input; NaN is what we ask
        tau, rho = stats.kendalltau(a, b).statistic, stats.spearmanr(a, b).statistic
    assert same(float(ranking.kendall(a, b)), float(tau))
    assert same(float(ranking.spearman(a, b)), float(rho))


def test_correlations_go_row_by_row_and_an_undefined_figure_makes_its_row_undefined() -> None:
    generator = np.random.default_rng(3)
    a, b = generator.random((2, 50, 5)).round(1)
    b[7, 2] = np.nan
    for correlation in (ranking.kendall, ranking.spearman):
        rows = correlation(a, b)
        assert rows.shape == (50,) and np.flatnonzero(np.isnan(rows)).tolist() == [7]
        assert rows[11] == correlation(a[11], b[11])


def test_rounding_is_no_difference() -> None:
    a = np.asarray([0.1 + 0.2, 0.3, 0.5])
    assert ranking.kendall(a, np.asarray([0.4, 0.4, 0.9])) == pytest.approx(1.0)
    assert ranking.neighbours(a) == [(2, 0), (2, 1)]


@given(st.lists(LEVELS, min_size=1, max_size=7))
def test_neighbours_have_nobody_between_them(figures: list[float]) -> None:
    expected = {
        (i, j)
        for i in range(len(figures))
        for j in range(len(figures))
        if figures[i] > figures[j] and not any(figures[i] > other > figures[j] for other in figures)
    }
    found = ranking.neighbours(np.asarray(figures))
    assert set(found) == expected and len(found) == len(expected)


def test_kept_order_counts_what_stands_the_same_way_round() -> None:
    pairs = ranking.neighbours(np.asarray([0.9, 0.5, 0.7, 0.1]))
    assert pairs == [(0, 2), (2, 1), (1, 3)]
    assert ranking.kept_order(pairs, np.asarray([0.8, 0.6, 0.7, 0.6])) == [True, True, False]


# From tallies to agreement --------------------------------------------------------------------------------------------


def scored(found: list[int], of: int = 10) -> agreeing.Scored:
    """A system that finds so many of each article's dates, and says as many as there are."""
    ids = [f"a{number:02}" for number in range(len(found))]
    builder = TallyBuilder(ids, ids)
    rows = np.arange(len(ids))
    there, right = np.repeat(rows, of), np.repeat(rows, found)
    builder.add("dates/value", p_num=right, p_den=there, r_num=right, r_den=there)
    tally = builder.build()
    return agreeing.Scored(tally, score_tally(tally, 100, 1), ("signature",), 0)


def silent(articles: int) -> agreeing.Scored:
    ids = [f"a{number:02}" for number in range(articles)]
    builder = TallyBuilder(ids, ids)
    builder.add("dates/value", r_den=np.arange(articles))
    tally = builder.build()
    return agreeing.Scored(tally, score_tally(tally, 100, 1), ("signature",), 0)


def test_agreement_of_systems_in_the_same_order() -> None:
    ours = {"good": scored([9, 9, 8, 9]), "fair": scored([7, 7, 6, 7]), "poor": scored([2, 1, 2, 2])}
    theirs = {"poor": scored([4] * 12), "fair": scored([5, 6] * 6), "good": scored([6, 5] * 6)}
    row = agreeing.agreement(FIGURE, "krauts", ours, theirs, 200)
    assert row is not None and row["systems"] == ["good", "fair", "poor"]
    # good and fair are level on the source: of three pairs two agree and one is tied.
    assert row["kendall"]["value"] == pytest.approx(2 / math.sqrt(3 * 2), abs=1e-6)
    assert row["resampled"] == ["krauts"]  # four articles of ours are too few
    assert row["kendall"]["low"] < row["kendall"]["high"] == pytest.approx(1.0)
    first, second = row["neighbours"]
    assert (first["better"], first["worse"], first["kept"]) == ("good", "fair", False)
    assert first["low"] < 0 < first["high"] and not validity_table.clear(first)
    assert (second["better"], second["worse"], second["kept"]) == ("fair", "poor", True)
    assert validity_table.clear(second)


def test_both_sides_are_resampled_where_both_are_large_enough() -> None:
    ours = {"one": scored([9, 2] * 6), "two": scored([2, 8] * 6)}
    theirs = {"one": scored([5] * 12), "two": scored([4] * 12)}
    row = agreeing.agreement(FIGURE, "krauts", ours, theirs, 300)
    assert row is not None and row["resampled"] == ["onrecord", "krauts"]
    # The source is certain; what varies is our own order of two systems that are good at different articles.
    assert row["kendall"] == {"value": 1.0, "low": -1.0, "high": 1.0}


def test_systems_that_answer_alike_are_one_and_the_silent_take_no_part() -> None:
    ours = {"rules": scored([9, 8]), "best": scored([9, 8]), "mute": scored([7, 7])}
    theirs = {"rules": scored([5, 5]), "best": scored([5, 5]), "mute": silent(2)}
    row = agreeing.agreement(FIGURE, "krauts", ours, theirs, 100)
    assert row == {"figure": FIGURE, "source": "krauts", "systems": ["rules = best"]}
    assert agreeing.agreement(FIGURE, "krauts", {"mute": ours["mute"]}, {"mute": theirs["mute"]}, 100) is None
    assert agreeing.agreement("quotes/speaker:f1", "krauts", ours, theirs, 100) is None


def test_related_rows_are_those_whose_gold_says_something() -> None:
    ids = ["a", "b"]
    builder = TallyBuilder(ids, ids)
    gold = ["unrelated", "supports", "opposes", "unrelated"]
    answers = ["supports", "supports", "neutral", "unrelated"]
    builder.cells(STANCE_CELLS, np.asarray([0, 0, 1, 1]), gold, answers)
    tally = builder.build()
    whole = agreeing.Scored(tally, score_tally(tally, 0, 1), (), 0)
    found = agreeing.related(whole, 0)
    assert whole.scores["stance/accuracy"].value == 0.5 and whole.scores["stance/accuracy"].gold == 4
    assert found.scores["stance/accuracy"].value == 0.5 and found.scores["stance/accuracy"].gold == 2
    # supports is right once, opposes and neutral never; unrelated is no label of theirs
    assert found.scores["stance/macro:f1"].value == pytest.approx(1 / 3)
    assert whole.scores["stance/macro:f1"].value == pytest.approx((2 / 3 + 0 + 0 + 2 / 3) / 4)


def test_types_are_translated_and_nulls_left_out() -> None:
    line = {
        "id": "a",
        "entities": [{"start": 0, "end": 4, "type": "GPE"}, {"start": 5, "end": 6, "type": "person"}],
        "chains": [{"id": "e1", "type": "ORG"}, {"id": "e2", "type": None}],
        "quotes": None,
    }
    found = validity.translated(line, validity.NEAREST["gum"])
    assert [item["type"] for item in found["entities"]] == ["place", "person"]
    assert [item["type"] for item in found["chains"]] == ["organization", None]
    assert set(found) == {"id", "entities", "chains"} and line["entities"][0]["type"] == "GPE"
    assert validity.translated(line, {})["entities"] is line["entities"]


# The tables -----------------------------------------------------------------------------------------------------------


def test_the_kept_figures_add_up(root: Path) -> None:
    """What stands in the repository is what the functions make of it, and every correlation is of its own scores."""
    kept = json.loads((root / "benchmark/results/validity.json").read_text(encoding="utf-8"))
    assert kept["agreement"] and kept["command"].startswith("scripts/validity.py")
    for row in kept["agreement"]:
        tables = [kept["data"][name]["figures"][row["figure"]] for name in ("onrecord", row["source"])]
        names = [group.split(" = ") for group in row["systems"]]
        for table in tables:
            assert all(len({table[name]["value"] for name in group}) == 1 for group in names)
        ours, theirs = (np.asarray([table[group[0]]["value"] for group in names]) for table in tables)
        if "kendall" not in row:
            assert len(names) == 1
            continue
        for name, correlate in (("kendall", stats.kendalltau), ("spearman", stats.spearmanr)):
            found = float(correlate(ours, theirs).statistic)
            # All systems alike on one side: there is no order to correlate with.
            assert row[name]["value"] == (None if np.isnan(found) else pytest.approx(found, abs=1e-6))
        if len(set(ours.tolist())) == len(names):
            order = sorted(range(len(names)), key=lambda index: -ours[index])
            expected = [theirs[better] > theirs[worse] for better, worse in pairwise(order)]
            assert [pair["kept"] for pair in row["neighbours"]] == expected


def test_the_datasheet_shows_the_kept_figures(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert validity.main(["--check"]) == 0, capsys.readouterr().err
    sheet = tmp_path / "sheet.md"
    sheet.write_text("before\n{}\nold\n{}\nafter\n".format(*marked.marks("validity")), encoding="utf-8")
    assert validity.main(["--check", "--datasheet", str(sheet)]) == 1
    assert "out of date" in capsys.readouterr().err
    assert validity.main(["--write", "--datasheet", str(sheet)]) == 0
    text = sheet.read_text(encoding="utf-8")
    assert text.startswith("before\n") and text.endswith("\nafter\n") and "old" not in text
    assert validity.main(["--check", "--datasheet", str(sheet)]) == 0


def test_shares_and_cells() -> None:
    pairs = [{"kept": True, "low": 0.1, "high": 0.2}, {"kept": False, "low": -0.1, "high": 0.2}]
    assert validity_table.share(pairs) == "1 of 2" and validity_table.share([]) == "–"
    assert [validity_table.clear(pair) for pair in pairs] == [True, False]
    assert validity_table.cell({"value": 0.12345, "low": 0.1, "high": 0.2}) == "0.123 (0.100–0.200)"
    assert validity_table.cell({"value": 1.0, "low": None, "high": None}, 2) == "1.00"
    assert validity_table.cell(None) == "–"
