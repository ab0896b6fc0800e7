"""The leaderboard in the repository is what its entries say, and a submission that is wrong in any way is refused."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from onrecord.errors import InputError
from onrecord.leaderboard.cards import read_cards
from onrecord.leaderboard.checks import check
from onrecord.leaderboard.entries import file_name, read_entries, read_entry, read_lines
from onrecord.leaderboard.page import page
from onrecord.leaderboard.runs import Dataset, add_predictions, rescore, run_all
from tinycorpus import build_tiny

CARD = 'name = "rules"\nwhat = "w"\ndata = "none"\nlicence = "l"\nlimits = "all | sorts"\n'


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="module")
def made(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A leaderboard of one system on one dataset, with its page."""
    root = tmp_path_factory.mktemp("board") / "leaderboard"
    assert run_all(["rules"], [Dataset(release, "test", kept=True)], root, lambda _: None) == []
    (root / "cards").mkdir()
    (root / "cards" / "rules.toml").write_text(CARD, encoding="utf-8")
    (root.parent / "PAGE.md").write_text(page(read_entries(root), read_cards(root)), encoding="utf-8")
    return root


@pytest.fixture
def board(made: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    shutil.copytree(made.parent, tmp_path / "copy")
    return tmp_path / "copy" / "leaderboard"


def problems(board: Path, release: Path) -> list[str]:
    return [str(found) for found in check(board, board.parent / "PAGE.md", Dataset(release, "test", kept=True))]


def folder(board: Path) -> Path:
    (found,) = [path for path in board.iterdir() if path.name != "cards"]
    return found


def test_the_leaderboard_of_the_repository(root: Path) -> None:
    """Every entry sound, its figures scored again from its predictions, the page made again."""
    ran = subprocess.run(
        [sys.executable, root / "scripts" / "leaderboard.py", "--check"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr


def test_an_entry_says_everything(made: Path, release: Path) -> None:
    (entry,) = read_entries(made)[folder(made).name].values()
    assert problems(made, release) == []
    assert entry.system["name"] == "rules" and entry.command[0].startswith("onrecord predict rules")
    assert entry.speed is not None and entry.speed["articles_per_second"] > 0
    assert entry.machine["cores"] and entry.versions["onrecord"]
    assert "data:" in entry.signature and entry.data["hash"] in entry.signature
    lines, digest = read_lines(folder(made) / "rules.jsonl.gz")
    assert digest == entry.predictions and [line["system"]["name"] for line in lines] == ["rules"] * len(lines)
    shown = (made.parent / "PAGE.md").read_text(encoding="utf-8")
    value = entry.value("quotes/content-soft:f1")
    assert value is not None and f"| rules | {value:.3f} |" in shown
    assert "**no intervals**" in shown and "all \\| sorts" in shown
    assert "none has been measured, so nothing is said about any" in shown


def test_figures_alone_of_other_corpora(release: Path, tmp_path: Path) -> None:
    dataset = Dataset(release, "train", kept=False, source="gum", mapping="maps/gum.toml")
    assert run_all(["rules"], [dataset], tmp_path, lambda _: None) == []
    assert [path.name for path in (tmp_path / dataset.name).iterdir()] == ["rules.json"]
    entry = read_entry(tmp_path / dataset.name / "rules.json")
    assert entry.predictions is None and entry.command[0] == "onrecord assemble gum PATH --map maps/gum.toml -o gum"
    assert problems_of_kept(tmp_path, dataset, release) == ["keeps predictions"]


def problems_of_kept(root: Path, dataset: Dataset, release: Path) -> list[str]:
    path = root / dataset.name / "rules.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "predictions": "00"}), encoding="utf-8")
    (root / "cards").mkdir()
    (root / "cards" / "rules.toml").write_text(CARD, encoding="utf-8")
    return [found.message for found in check(root, root / "PAGE.md", Dataset(release, "test", kept=True))]


def test_what_cannot_run_is_told_and_the_rest_goes_on(release: Path, tmp_path: Path) -> None:
    failed = run_all(["none", "rules"], [Dataset(release, "test", kept=True)], tmp_path, lambda _: None)
    assert len(failed) == 1 and "there is no system 'none'" in failed[0]
    assert list(tmp_path.glob("*/rules.json"))


def change(path: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    value = json.loads(path.read_text(encoding="utf-8"))
    edit(value)
    path.write_text(json.dumps(value), encoding="utf-8")


def better(entry: dict[str, Any]) -> None:
    entry["scores"]["quotes/content-soft:f1"]["value"] = 0.999


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (better, "quotes/content-soft:f1: says 0.999, scored again"),
        (lambda entry: entry["scores"].pop("dates/strict:f1"), "dates/strict:f1: says None, scored again"),
        (lambda entry: entry.update(signature="data:other"), "signature: the signature is now data:"),
        (lambda entry: entry.update(predictions="00"), "is not of these predictions"),
        (lambda entry: entry.update(command=[]), "command: no command"),
        (lambda entry: entry["system"].update(name="other"), "is about 'other'"),
        (lambda entry: entry.update(form=9), "form: has form 9"),
        (lambda entry: entry.pop("speed"), "fields missing or unknown: speed"),
        (lambda entry: entry.update(extra=1), "fields missing or unknown: extra"),
        (lambda entry: entry.update(data=[]), "data: has no name"),
    ],
)
def test_an_entry_that_was_touched(
    edit: Callable[[dict[str, Any]], object], said: str, board: Path, release: Path
) -> None:
    change(folder(board) / "rules.json", edit)
    (found,) = problems(board, release)
    assert said in found and "rules.json" in found


def test_files_that_are_missing_broken_or_too_many(board: Path, release: Path) -> None:
    packed = folder(board) / "rules.jsonl.gz"
    whole = packed.read_bytes()
    for content, said in (
        (whole[:-9], "cannot be read"),
        (b"no gzip", "cannot be read"),
        (gzip.compress(gzip.decompress(whole).replace(b'"rules"', b'"ruled"')), "is not of these predictions"),
    ):
        packed.write_bytes(content)
        (found,) = problems(board, release)
        assert said in found
    packed.unlink()
    assert ["no such file" in found for found in problems(board, release)] == [True]
    packed.write_bytes(whole)
    shutil.copy(packed, folder(board) / "lost.jsonl.gz")
    assert ["predictions without an entry" in found for found in problems(board, release)] == [True]


def test_predictions_that_no_scorer_takes(board: Path, release: Path) -> None:
    import hashlib

    packed = folder(board) / "rules.jsonl.gz"
    raw = gzip.decompress(packed.read_bytes()).replace(b'"id":"', b'"id":"no-such-story/', 1)
    packed.write_bytes(gzip.compress(raw))
    change(folder(board) / "rules.json", lambda entry: entry.update(predictions=hashlib.sha256(raw).hexdigest()))
    found = problems(board, release)
    assert found and "no article of the gold has id" in found[0] and "rules.jsonl.gz" in found[0]


def test_cards_and_page(board: Path, release: Path) -> None:
    card = board / "cards" / "rules.toml"
    for text, said in (
        ("name = ", "is no TOML"),
        (CARD.replace('"none"', '" "'), "data: is missing or empty"),
        (CARD + 'more = "x"\n', "more: is no field of a card"),
        (CARD.replace('"none"', '"some"'), "PAGE.md: is not what the entries say"),
    ):
        card.write_text(text, encoding="utf-8")
        (found,) = problems(board, release)
        assert said in found
    card.unlink()
    assert ["no such card" in found for found in problems(board, release)] == [True]


def test_a_submission_and_an_erratum(board: Path, release: Path) -> None:
    dataset = Dataset(release, "test", kept=True)
    lines, _ = read_lines(folder(board) / "rules.jsonl.gz")
    stamp = {"name": "Lab/Model 7", "version": "prompts abc", "settings": {}}
    theirs = [{**line, "system": stamp, "dates": []} for line in lines]
    entry = add_predictions(theirs, ["inspect eval onrecord/all --model Lab/Model"], dataset, board)
    assert entry.value("dates/strict:f1") == 0 and entry.speed is None
    assert (folder(board) / "lab-model-7.jsonl.gz").is_file()
    (board / "cards" / "lab-model-7.toml").write_text(CARD, encoding="utf-8")
    (board.parent / "PAGE.md").write_text(page(read_entries(board), read_cards(board)), encoding="utf-8")
    assert problems(board, release) == []
    assert "1 of the entries above are language models" in (board.parent / "PAGE.md").read_text(encoding="utf-8")

    whole = asdict(read_entry(folder(board) / "rules.json"))
    change(folder(board) / "rules.json", better)
    assert list(rescore(board, dataset, but=["rules"])) == ["lab-model-7"]
    assert asdict(read_entry(folder(board) / "rules.json")) != whole
    assert sorted(rescore(board, dataset)) == ["lab-model-7", "rules"]
    assert asdict(read_entry(folder(board) / "rules.json")) == whole

    for wrong, said in (
        ([{**theirs[0], "system": None}], "do not say which system"),
        ([theirs[0], {**theirs[1], "system": {**stamp, "version": "2"}}] if len(theirs) > 1 else [], "several systems"),
        ([], "several systems, or none"),
    ):
        with pytest.raises(InputError, match=said):
            add_predictions(wrong, ["x"], dataset, board)


def test_names_of_files() -> None:
    names = {"rules": "rules", "openai/GPT-9 (mini)": "openai-gpt-9-mini", "../../x": "x", "a.b": "a.b"}
    assert {name: file_name(name) for name in names} == names
    for name in ("", "///", "…"):
        with pytest.raises(InputError, match="no name of a file"):
            file_name(name)
