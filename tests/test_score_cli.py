"""`onrecord score` and `onrecord compare`: every output in every combination, and what people type wrong."""

from __future__ import annotations

import fcntl
import gzip
import json
import math
import os
import random
import signal
import subprocess
import sys
import termios
import threading
import time
from pathlib import Path
from typing import Any

import pytest

import onrecord
from onrecord.cli import main
from onrecord.scoring import merge
from tinycorpus import build_tiny

STYLES = ([], ["--json"], ["--latex"], ["--markdown"])
FIELDS = ("desk", "outlet", "variety", "phenomena", "story", "language", "length", "kind", "type", "sourcing")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="module")
def gold(release: Path) -> list[dict[str, Any]]:
    rows: Any = [
        row for split in ("train", "validation", "test") for row in onrecord.load("all", split=split, path=release)
    ]
    return rows


@pytest.fixture(scope="module")
def gold_file(gold: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gold") / "gold.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in gold), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def answers(gold: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Gold with half of everything missing."""
    path = tmp_path_factory.mktemp("answers") / "half.jsonl"
    lines = []
    for row in gold:
        layers = {name: (row[name] or [])[::2] for name in ("entities", "quotes", "dates", "stances")}
        kept = {quote["id"] for quote in layers["quotes"]}
        for stance in layers["stances"]:
            stance["evidence_quotes"] = [quote for quote in stance["evidence_quotes"] or [] if quote in kept]
        lines.append(json.dumps({"id": row["id"], "chains": row["chains"], **layers}) + "\n")
    path.write_text("".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style[0] if style else "text")
@pytest.mark.parametrize("by", [None, *FIELDS])
def test_every_output_of_score(
    style: list[str], by: str | None, answers: Path, gold_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slices = [] if by is None else ["--by", by]
    assert main(["score", str(answers), "--gold", str(gold_file), *style, *slices]) == 0
    printed = capsys.readouterr().out
    if style == ["--json"]:
        found = json.loads(printed)
        assert found["signature"].startswith("data:")
        assert set(found["scores"]["entities/strict:f1"]) == {"value", "low", "high", "gold", "predicted"}
        assert ("slices" in found) == (by is not None)
        if by is not None:
            for part in found["slices"][by].values():
                assert part["articles"] >= 1
                assert part["scores"]
    else:
        assert "entities/strict" in printed
        assert "signature: data:" in printed
        assert printed.endswith("\n")
    if style == ["--latex"]:
        tables = printed.count(r"\begin{tabular}")
        assert tables == printed.count(r"\end{tabular}") == printed.count(r"\toprule") == (1 if by is None else 2)
        widths = {line.count("&") for line in printed.splitlines() if line.endswith(r"\\")}
        assert len(widths) == tables
    if style == ["--markdown"]:
        assert "|---|---:" in printed


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style[0] if style else "text")
@pytest.mark.parametrize("number", [2, 3])
def test_every_output_of_compare(
    style: list[str], number: int, answers: Path, gold_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    others = [str(gold_file), str(answers)][: number - 1]
    assert main(["compare", str(answers), *others, "--gold", str(gold_file), *style]) == 0
    printed = capsys.readouterr().out
    if style == ["--json"]:
        found = json.loads(printed)
        assert found["holm"] == (number == 3)
        assert "null hypothesis" in found["null_hypothesis"]
        assert found["systems"]["gold"]["differences"]["entities/strict:f1"]["difference"] > 0
    else:
        assert "null hypothesis" in printed
        assert "signature: data:" in printed
        assert ("Holm" in printed) == (number == 3)


def test_gold_against_itself_is_one_wherever_it_is_defined(gold_file: Path) -> None:
    result = onrecord.score(str(gold_file), str(gold_file))
    defined = {name: score.value for name, score in result.scores.items() if score.value is not None}
    assert len(defined) > 40
    assert set(defined.values()) == {1.0}
    assert {name for name in result.scores if name not in defined} <= {
        "stance/fnc",
        "stance/kappa",
        "linking/nil:accuracy",
    }


def test_an_empty_prediction_finds_nothing_of_everything(gold: list[dict[str, Any]]) -> None:
    layers: dict[str, Any] = {"entities": [], "chains": [], "quotes": [], "dates": [], "stances": []}
    result = onrecord.score([{"id": row["id"], **layers} for row in gold], gold)
    counts = {
        "dates/strict:recall": sum(len(row["dates"] or []) for row in gold),
        "quotes/content-soft:recall": sum(len(row["quotes"] or []) for row in gold),
        "entities/strict:recall": sum(m["kind"] == "name" for row in gold for m in row["entities"] or []),
        "stance/triple:recall": sum(
            s["label"] in ("supports", "opposes") for row in gold for s in row["stances"] or []
        ),
    }
    for name, number in counts.items():
        assert result[name].value == 0
        assert result[name].gold == number
        assert result[name.replace("recall", "precision")].value is None
        assert result[name.replace("recall", "f1")].value == 0
    for name, score in result.scores.items():
        assert score.value in (0, None), name


def test_order_changes_nothing(gold: list[dict[str, Any]], answers: Path, tmp_path: Path) -> None:
    source = random.Random(4)
    lines = [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()]
    first = onrecord.score(lines, gold)
    source.shuffle(lines)
    for line in lines:
        for layer in ("entities", "quotes", "dates", "stances", "chains"):
            source.shuffle(line[layer])
    again = onrecord.score(lines, source.sample(gold, len(gold)))
    assert again.as_dict()["scores"] == first.as_dict()["scores"]


def test_halves_put_together_are_the_whole_to_the_last_digit(gold: list[dict[str, Any]], answers: Path) -> None:
    lines = {row["id"]: row for row in map(json.loads, answers.read_text(encoding="utf-8").splitlines())}
    whole = onrecord.score(list(lines.values()), gold)
    parts = [onrecord.score([lines[row["id"]] for row in half], half) for half in (gold[:1], gold[1:])]
    assert merge([part.counts for part in parts]).totals().keys() == whole.counts.totals().keys()
    for key, counts in merge([part.counts for part in parts]).totals().items():
        assert [value.hex() for value in counts.tolist()] == [
            value.hex() for value in whole.counts.totals()[key].tolist()
        ]


def test_kinds_of_input_give_the_same_figures(gold: list[dict[str, Any]], answers: Path, tmp_path: Path) -> None:
    import datasets
    import pandas as pd

    lines = [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()]
    wanted = onrecord.score(str(answers), gold).as_dict()["scores"]
    for form in (lines, pd.DataFrame(lines), datasets.Dataset.from_list(lines)):
        assert onrecord.score(form, gold).as_dict()["scores"] == wanted


def test_the_errors_file_has_every_missed_item(
    answers: Path, gold_file: Path, gold: list[dict[str, Any]], tmp_path: Path
) -> None:
    out = tmp_path / "errors.jsonl"
    assert main(["score", str(answers), "--gold", str(gold_file), "--errors", str(out)]) == 0
    errors = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    missed = [error for error in errors if error["layer"] == "dates" and error["outcome"] == "missed"]
    assert len(missed) == sum(len(row["dates"] or []) // 2 for row in gold)
    assert all(math.isfinite(len(json.dumps(error))) and error["article"] for error in errors)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["score", "nowhere.jsonl"], "no such file"),
        (["score", "{answers}", "--layer", "quotas"], "did you mean quotes"),
        (["score", "{answers}", "--by", "dask"], "did you mean desk"),
        (["score", "{answers}", "--gold", "nowhere"], "nowhere"),
        (["compare", "{answers}", "nowhere.jsonl"], "no such file"),
    ],
)
def test_what_is_typed_wrong(
    arguments: list[str], message: str, answers: Path, gold_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled = [argument.format(answers=answers) for argument in arguments]
    if "--gold" not in filled:
        filled += ["--gold", str(gold_file)]
    assert main(filled) == 1
    complaint = capsys.readouterr().err
    assert message in complaint
    assert "Traceback" not in complaint


@pytest.mark.parametrize("arguments", [["--json", "--latex"], ["--resamples", "-3"], ["--resamples", "many"]])
def test_usage(arguments: list[str], answers: Path, gold_file: Path) -> None:
    assert main(["score", str(answers), "--gold", str(gold_file), *arguments]) == 2


def test_a_reader_that_leaves_early_is_no_error(answers: Path, gold_file: Path) -> None:
    command = f'"{sys.executable}" -m onrecord score "{answers}" --gold "{gold_file}" --by type | head -n 1'
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


@pytest.mark.parametrize("packed", [False, True])
def test_predictions_and_gold_may_come_through_pipes(
    packed: bool, answers: Path, gold_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As ``zcat p.jsonl.gz | onrecord score -`` and ``--gold <(zcat g.jsonl.gz)`` give them."""
    content = gzip.compress(answers.read_bytes()) if packed else answers.read_bytes()
    pipe = tmp_path / "gold"
    os.mkfifo(pipe)
    command = [sys.executable, "-m", "onrecord", "score", "-", "--gold", str(pipe), "--json"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        writer = threading.Thread(target=pipe.write_bytes, args=(gold_file.read_bytes(),))
        writer.start()
        out, err = process.communicate(content)
        writer.join()
    assert process.returncode == 0, err
    assert main(["score", str(answers), "--gold", str(gold_file), "--json"]) == 0
    assert json.loads(out)["scores"] == json.loads(capsys.readouterr().out)["scores"]


def test_systems_compared_share_gold_from_a_pipe(answers: Path, gold_file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    other.write_bytes(answers.read_bytes())
    pipe = tmp_path / "gold"
    os.mkfifo(pipe)
    command = [sys.executable, "-m", "onrecord", "compare", str(answers), str(other), "--gold", str(pipe), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        writer = threading.Thread(target=pipe.write_bytes, args=(gold_file.read_bytes(),))
        writer.start()
        out, err = process.communicate()
        writer.join()
    assert process.returncode == 0, err
    assert set(json.loads(out)["systems"]) == {"half", "other"}


def test_parquet_in_a_pipe_is_refused(tmp_path: Path, gold_file: Path) -> None:
    command = [sys.executable, "-m", "onrecord", "score", "-", "--gold", str(gold_file)]
    done = subprocess.run(command, input=b"PAR1 and so on", capture_output=True, check=False)
    assert done.returncode == 1
    assert done.stderr.decode() == "onrecord: -: is Parquet in a pipe -> give the file itself\n"


@pytest.mark.parametrize("command", [["score", "-"], ["validate", "-"], ["compare", "-", "FILE"]])
def test_waiting_for_standard_input_can_be_interrupted(command: list[str], gold_file: Path, answers: Path) -> None:
    command = [str(answers) if word == "FILE" else word for word in command]
    process = subprocess.Popen(
        [sys.executable, "-m", "onrecord", *command, "--gold", str(gold_file)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(b"{")
    process.stdin.flush()
    left, deadline = bytearray(b"more"), time.monotonic() + 60
    while any(left) and time.monotonic() < deadline:  # Until it has begun to read.
        fcntl.ioctl(process.stdin, termios.FIONREAD, left)
        time.sleep(0.05)
    time.sleep(0.5)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 130
    _, said = process.communicate()
    assert said == b""


@pytest.mark.parametrize(
    "command",
    [
        ["score", "-", "--gold", "-"],
        ["validate", "-", "--gold", "-"],
        ["compare", "-", "-", "--gold", "FILE"],
        ["compare", "FILE", "-", "--gold", "-"],
        ["report", "-", "-", "--gold", "FILE", "-o", "OUT"],
    ],
)
def test_standard_input_is_read_once(
    command: list[str], gold_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = {"FILE": str(gold_file), "OUT": str(tmp_path / "r.html")}
    assert main([names.get(word, word) for word in command]) == 1
    said = capsys.readouterr().err
    assert said == "onrecord: -: is standard input, which can be read only once -> give files for all inputs but one\n"
    assert list(tmp_path.iterdir()) == []


def test_a_report_refuses_gold_from_a_pipe(answers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It would lose bylines and claims, which are read by themselves."""
    pipe = tmp_path / "gold"
    os.mkfifo(pipe)
    for gold in (str(pipe), "-"):
        assert main(["report", str(answers), "--gold", gold, "-o", str(tmp_path / "r.html")]) == 1
        assert capsys.readouterr().err.startswith(f"onrecord: {gold}: is a pipe -> write it to a file first")
    assert [path.name for path in tmp_path.iterdir()] == ["gold"]
