"""Corners that people meet: nothing to find, the same names twice, a file that would be lost, gold that says it twice."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.reporting import write

import onrecord
from onrecord.cli import main
from onrecord.errors import InputError
from onrecord.report.scores import comparison_table, score_table
from onrecord.report.tables import Table
from onrecord.scoring.measures import catalogue

Line = dict[str, Any]
TEXT = "The mayor said that we agree. She left on Friday. The mayor won."
EMPTY: Line = {"entities": [], "quotes": [], "dates": [], "stances": []}
FRIDAY: Line = {"start": 42, "end": 48, "type": "DATE", "value": "2031-11-07"}
MAYOR: Line = {"start": 0, "end": 9, "type": "PERSON", "entity": "e1"}


def articles(number: int, **fields: Any) -> list[Line]:
    return [{"id": str(place), "text": TEXT, **fields} for place in range(number)]


def refusal(call: Any, *arguments: Any, **options: Any) -> str:
    with pytest.raises(InputError) as refused:
        call(*arguments, **options)
    return str(refused.value)


# Nothing to find --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 9, 12])
def test_nothing_on_either_side_is_undefined_and_not_absent(number: int) -> None:
    gold = articles(number, claims=[], **EMPTY)
    result = onrecord.score([{"id": line["id"], **EMPTY} for line in gold], gold, surface=True)
    wanted = {
        name
        for measure in catalogue().values()
        if measure.group in ("entities", "quotes", "dates", "stance", "record")
        for name in measure.full_names()
    }
    assert set(result) == wanted
    assert all(score.value is None and score.low is None for score in result.values())
    assert {score["value"] for score in result.as_dict()["scores"].values()} == {None}
    assert "entities/strict" in score_table(result).render("text")


def test_a_system_that_finds_what_is_not_there_is_compared() -> None:
    gold = articles(12, dates=[])
    nothing = onrecord.score([{"id": line["id"], "dates": []} for line in gold], gold)
    something = onrecord.score([{"id": line["id"], "dates": [FRIDAY]} for line in gold], gold)
    found = onrecord.compare(nothing, something)
    assert (
        found.differences[found.results[1].name]["dates/strict:f1"].difference is None
    )  # Nothing is undefined, not 0.
    assert something["dates/strict:f1"].value == 0.0
    assert "dates/strict:f1" in comparison_table(found).render("text")


@pytest.mark.parametrize("number", [3, 12])
def test_lines_without_any_layer_are_refused(number: int) -> None:
    gold = articles(number, entities=[MAYOR])
    said = refusal(onrecord.score, [{"id": line["id"], "entites": []} for line in gold], gold)
    assert "has no layer that the gold annotates" in said and "entites" in said and "give lines with entities" in said


def test_a_line_that_is_no_json_is_one_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad, gold = tmp_path / "bad.jsonl", write(articles(1, entities=[]), tmp_path / "gold.jsonl")
    bad.write_text('{"id": "0", "entities": NaN}\n', encoding="utf-8")
    assert main(["validate", str(bad), "--gold", str(gold)]) == 1
    said = "".join(capsys.readouterr())
    assert "NaN" in said and "is empty" not in said


def test_fnc_is_a_figure_of_gold_that_has_unrelated_rows() -> None:
    gold = articles(
        1, claims=[{"id": "c1", "text": "G."}], stances=[{"holder": "article", "claim": "c1", "label": "opposes"}]
    )
    for label in ("opposes", "unrelated"):
        answer = [{"id": "0", "stances": [{"holder": "article", "claim": "c1", "label": label}]}]
        assert onrecord.score(answer, gold)["stance/fnc"].value is None


# Gold that says it twice ------------------------------------------------------------------------------------------


def test_what_gold_has_twice_counts_once_and_is_told() -> None:
    stance = {"holder": "e1", "claim": "c1", "label": "supports", "evidence_quotes": ["q1"]}
    quote = {"id": "q1", "content": [{"start": 20, "end": 28}], "speaker": "e1"}
    other = {"holder": "article", "claim": "c1", "label": "opposes"}
    once = {
        "entities": [MAYOR],
        "quotes": [quote],
        "claims": [{"id": "c1", "text": "G."}],
        "dates": [FRIDAY, {**FRIDAY, "value": "2031-11-14"}],
        "stances": [stance, other],
    }
    bare = {**stance, "evidence_quotes": []}
    twice = {**once, "dates": [*once["dates"], FRIDAY], "stances": [bare, other, stance]}
    answers = [{"id": "0", **{name: once[name] for name in ("entities", "quotes", "dates", "stances")}}]
    right, again = (onrecord.score(answers, articles(1, **some), resamples=0) for some in (once, twice))
    assert again.scores == right.scores
    assert {again[f"{name}:f1"].value for name in ("dates/strict", "stance/triple", "record/full")} == {1.0}
    assert again["stance/accuracy"].value == 1.0 and again["stance/accuracy"].gold == 2
    assert set(again.reports) - set(right.reports) == {
        "1 gold dates are there twice and count once",
        "1 gold stances are there twice and count once",
    }


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ({"holder": "e1", "label": "opposes"}, {"holder": "e1", "label": "supports"}, "a second position of 'e1'"),
        ({"holder_name": "Ann", "label": "opposes"}, {"holder_name": "Bo", "label": "opposes"}, "without a chain"),
    ],
)
def test_gold_whose_rows_would_have_one_name_is_refused(first: Line, second: Line, said: str) -> None:
    stances = [{"claim": "c1", **first}, {"claim": "c1", **second}]
    gold = articles(1, entities=[MAYOR], claims=[{"id": "c1", "text": "G."}], stances=stances)
    message = refusal(onrecord.score, [{"id": "0", "stances": []}], gold)
    assert said in message and "stances[1]" in message and "'c1'" in message


def test_a_speaker_whom_nobody_can_name_is_told() -> None:
    quotes = [{"id": "q1", "content": [{"start": 20, "end": 28}], "speaker": "e1"}]
    for fields, number in (({}, 1), ({"entities": [MAYOR]}, 0), ({"chains": [{"id": "e1", "name": "Ann"}]}, 0)):
        result = onrecord.score([{"id": "0", "quotes": quotes}], articles(1, quotes=quotes, **fields))
        assert sum("neither mention nor name" in sentence for sentence in result.reports) == number, fields


# Comparing --------------------------------------------------------------------------------------------------------


def system(gold: list[Line], wrong: int, name: str) -> onrecord.Result:
    """Right but for the first so many articles."""
    import dataclasses

    lines = [{"id": line["id"], "dates": line["dates"] * (place >= wrong)} for place, line in enumerate(gold)]
    return dataclasses.replace(onrecord.score(lines, gold), name=name)


def test_systems_of_the_same_name_are_told_apart() -> None:
    gold = articles(12, dates=[FRIDAY])
    results = [system(gold, wrong, name) for wrong, name in ((0, "a"), (3, "a"), (6, "a-2"), (9, "a"))]
    found = onrecord.compare(*results, trials=20)
    assert [result.name for result in found.results] == ["a", "a-3", "a-2", "a-4"]
    shown = {name: some["dates/strict:recall"].difference for name, some in found.differences.items()}
    assert shown == {"a-3": -0.25, "a-2": -0.5, "a-4": -0.75}
    assert len(found.as_dict()["systems"]) == 4


def test_other_stories_are_refused() -> None:
    gold = articles(12, dates=[FRIDAY])
    told = [{**line, "story": f"s{place // 2}"} for place, line in enumerate(gold)]
    moved = [{**line, "story": f"s{(place + 1) % 12 // 2}"} for place, line in enumerate(gold)]
    first, second, third = (system(some, 3, name) for some, name in ((gold, "a"), (told, "b"), (moved, "c")))
    for some in ((first, second), (second, third)):
        assert "other stories" in refusal(onrecord.compare, *some)
    assert onrecord.compare(second, system(told, 5, "d")).holm is False


def test_layers_of_one_system_alone_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = articles(10, dates=[FRIDAY], entities=[MAYOR])
    dates, names, both = (
        [{"id": line["id"], **{name: line[name] for name in some}} for line in gold]
        for some in (["dates"], ["entities"], ["dates", "entities"])
    )
    assert "no figure" in refusal(onrecord.compare, onrecord.score(dates, gold), onrecord.score(names, gold))
    files = [write(some, tmp_path / name) for some, name in ((both, "both.jsonl"), (dates, "dates.jsonl"))]
    gold_file = write(gold, tmp_path / "gold.jsonl")
    for order in (files, files[::-1]):
        assert main(["compare", *map(str, order), "--gold", str(gold_file)]) == 0
        said = capsys.readouterr().out
        assert "note: not compared, as dates does not answer it: entities" in said and "of both" in said
        assert main(["compare", *map(str, order), "--gold", str(gold_file), "--json"]) == 0
        (sentence,) = json.loads(capsys.readouterr().out)["reports"]
        assert f"note: {sentence}\n" in said


def test_what_is_no_result_is_told() -> None:
    gold = articles(2, dates=[FRIDAY])
    result = system(gold, 1, "a")
    with pytest.raises(TypeError, match="what score returned, not str"):
        onrecord.compare(result, "b.jsonl")  # type: ignore[arg-type]
    assert "trials: -1 is negative" in refusal(onrecord.compare, result, result, trials=-1)
    assert "seed: -1 is negative" in refusal(onrecord.score, [{"id": "0", "dates": []}], gold, seed=-1)
    assert "dates/strict:f1" in onrecord.score([{"id": "0", "dates": []}], gold, layers="dates")


# Errors and tables ------------------------------------------------------------------------------------------------


def test_no_input_is_overwritten_by_errors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = write(articles(2, dates=[FRIDAY]), tmp_path / "gold.jsonl")
    answers = write([{"id": "0", "dates": []}], tmp_path / "answers.jsonl")
    (tmp_path / "link.jsonl").symlink_to(answers)
    before = gold.read_bytes(), answers.read_bytes()
    for target in (gold, answers, tmp_path / "link.jsonl", tmp_path / "." / "answers.jsonl"):
        assert main(["score", str(answers), "--gold", str(gold), "--errors", str(target)]) == 1
        assert "is read and would be overwritten" in capsys.readouterr().err
    for target, said in (("-", "standard output is where the scores go"), ("", "has no name")):
        assert main(["score", str(answers), "--gold", str(gold), "--errors", target]) == 1
        assert said in capsys.readouterr().err
    assert (gold.read_bytes(), answers.read_bytes()) == before


def test_no_command_writes_over_what_it_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = write(articles(2, dates=[FRIDAY]), tmp_path / "gold.jsonl")
    answers = write([{"id": "0", "dates": []}], tmp_path / "answers.jsonl")
    page = tmp_path / "page.txt"
    page.write_text("A headline\n\nAnd a paragraph of some words, said the mayor.\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in (gold, answers, page)}
    for command in (
        ["predict", "rules", "--input", str(gold), "-o", str(gold)],
        ["report", str(answers), "--gold", str(gold), "-o", str(answers)],
        ["report", str(answers), "--gold", str(gold), "-o", str(gold)],
        ["ingest", str(page), "-o", str(page)],
    ):
        assert main(command) == 1
        assert "is read and would be overwritten" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in before} == before


def test_a_report_shows_systems_that_share_no_layer(tmp_path: Path) -> None:
    gold = write(articles(10, dates=[FRIDAY], entities=[MAYOR]), tmp_path / "gold.jsonl")
    dates = write([{"id": "0", "dates": []}], tmp_path / "dates.jsonl")
    names = write([{"id": "0", "entities": []}], tmp_path / "names.jsonl")
    assert main(["report", str(dates), str(names), "--gold", str(gold), "-o", str(tmp_path / "r.html")]) == 0
    assert main(["compare", str(dates), str(names), "--gold", str(gold)]) == 1


@pytest.mark.parametrize("layers", [["dates"], ["entities"], ["dates", "entities"], []])
def test_errors_are_those_of_the_layers_scored(tmp_path: Path, layers: list[str]) -> None:
    gold = write(articles(2, dates=[FRIDAY], entities=[MAYOR]), tmp_path / "gold.jsonl")
    answers = write([{"id": "0", "dates": [], "entities": []}], tmp_path / "answers.jsonl")
    command = ["score", str(answers), "--gold", str(gold), "--errors", str(tmp_path / "errors.jsonl")]
    assert main([*command, *(word for layer in layers for word in ("--layer", layer))]) == 0
    lines = [json.loads(line) for line in (tmp_path / "errors.jsonl").read_text(encoding="utf-8").splitlines()]
    assert Counter(line["layer"] for line in lines) == dict.fromkeys(layers or ["dates", "entities"], 2)


def test_latex_cells_mean_what_they_say() -> None:
    table = Table(("figure", "p"), [["[opinion] x", "<0.001"], [], ["*", "> |y|"]]).render("latex")
    assert r"{}[opinion] x & \textless{}0.001 \\" in table
    assert r"{}* & \textgreater{} \textbar{}y\textbar{} \\" in table
