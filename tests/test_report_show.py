"""``onrecord show``: an article in the terminal."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from tests.reporting import Line, rules, write
from tests.tinycorpus import build_tiny

import onrecord
from onrecord.cli import main
from onrecord.report.terminal import show

ARTICLE = "tram-fares/city-sheet"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("show")
    release = build_tiny(folder)
    rules(release, folder / "rules.jsonl")
    write([dict(row) for row in onrecord.load("all", split="test", path=release)], folder / "gold.jsonl")
    return folder


def shown(folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["show", str(folder / "gold.jsonl"), "--id", ARTICLE, *arguments]) == 0
    return capsys.readouterr().out


def test_gold_is_marked_in_the_text_and_listed_below(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(folder, capsys, "--gold")
    assert text.startswith(f"{ARTICLE} · 2032-01-13")
    assert "[gold]" in text.splitlines()[0]
    assert "[PERSON Ines Pell]" in text and "[D2 Monday]" in text and "[Q3 “Not a cent.”]" in text
    assert "Quotes (4)" in text and "Q3  Ines Pell (direct, named): “Not a cent.”" in text
    assert "D2  Monday → 2032-01-12 (DATE)" in text
    assert "Orbel Trams supports c1, shown by q1, q2" in text
    assert "\x1b" not in text


def test_predictions_in_the_place_of_gold(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(folder, capsys, "--predictions", str(folder / "rules.jsonl"))
    assert "[ORG Fares]" in text and "Quotes (3)" in text


def test_colour_on_a_terminal_only() -> None:
    article: Line = {"id": "a", "text": "Ann left."}
    labels: dict[str, Any] = {"entities": [{"start": 0, "end": 3, "type": "PERSON"}]}
    coloured = io.StringIO()
    show(article, labels, Console(file=coloured, force_terminal=True, color_system="standard"))
    assert "\x1b[" in coloured.getvalue()
    plain = io.StringIO()
    show(article, labels, Console(file=plain))
    assert "\x1b" not in plain.getvalue() and "[PERSON Ann]" in plain.getvalue()


def test_terminal_commands_in_texts_are_written_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    article = {
        "id": "a\x1b[2J",
        "text": "Ann \x1b]0;owned\x07 \u202eleft.",
        "headline": "[bold]h[/bold]",
        "entities": [{"start": 0, "end": 3, "type": "\x1b[31mX", "kind": "name"}],
        "quotes": [{"content": [{"text": "not there\x1b"}], "speaker_name": "\u202eAnn"}],
    }
    path = write([article], tmp_path / "a.jsonl")
    assert main(["show", str(path), "--gold"]) == 0
    text = capsys.readouterr().out
    assert "\x1b" not in text and "\x07" not in text and "\u202e" not in text
    assert "\\x1b" in text and "\\u202e" in text and "Not found in the text (1)" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.jsonl"], "neither a file nor an article"),
        (["{gold}", "--id", "nobody"], "holds no article 'nobody'"),
        (["{gold}", "--predictions", "nowhere.jsonl"], "no such file"),
        (["{gold}", "--predictions", "{other}"], "has no line for"),
    ],
)
def test_refusals(arguments: list[str], message: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write([{"id": "other", "entities": []}], folder / "other.jsonl")
    known = {"{gold}": str(folder / "gold.jsonl"), "{other}": str(folder / "other.jsonl")}
    assert main(["show", *(known.get(argument, argument) for argument in arguments)]) == 1
    assert message in capsys.readouterr().err
