"""Errors planted for the third reading, and the count of those that were found."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ARTICLES = ("mine-water/saturday-lantern", "ferry-sinking/kapuluan-wire", "nurses-strike/tarweni-weekly")


def review(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "scripts" / "review.py"), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def sheets(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("review")
    done = review(root, "sheet", "a1", "b1", *ARTICLES, "-o", str(folder), "--record", str(folder / "x.plants.jsonl"))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def plants(sheets: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (sheets / "x.plants.jsonl").read_text(encoding="utf-8").splitlines()]


def name(article: str) -> str:
    return article.replace("/", "__")


def test_every_plant_is_in_its_sheet_and_nothing_else_is_changed(
    root: Path, sheets: Path, plants: list[dict[str, Any]]
) -> None:
    """A sheet differs from the passes' agreed labels by the plants alone."""
    assert len(plants) >= 5 and {made["article"] for made in plants} == set(ARTICLES)
    for made in plants:
        sheet = (sheets / f"{name(made['article'])}.sheet.txt").read_text(encoding="utf-8").splitlines()
        if made["name"] is None:
            assert made["kind"] == "missing" and made["after"] is None
            continue
        (line,) = [line for line in sheet if line.startswith(f"{made['name']} | ")]
        after = made["after"]
        if made["kind"] in after and isinstance(after[made["kind"]], str):
            assert after[made["kind"]] in line
            assert made["before"][made["kind"]] != after[made["kind"]]
    again = review(root, "sheet", "a1", "b1", *ARTICLES, "-o", str(sheets / "b"), "--record", str(sheets / "b.jsonl"))
    assert again.returncode == 0
    assert (sheets / "b.jsonl").read_bytes() == (sheets / "x.plants.jsonl").read_bytes()


def answer(made: dict[str, Any]) -> str:
    """The line of a reader who sees a planted error."""
    if made["kind"] == "missing":
        item = made["before"]
        if made["layer"] == "stances":
            return f"new | stances | {item['holder']} | {item['claim']} | supports | - | - | - | addressed"
        text = item["content"][0]["text"] if made["layer"] == "quotes" else item["text"]
        return f"new | {made['layer']} | 3 | {text} | not marked"
    return f"{made['name']} | {'drop' if made['kind'] == 'spurious' else made['kind']} | x | wrong"


@pytest.mark.parametrize("share", [0, 1, 3])
def test_the_rate_counts_what_was_found(
    root: Path, sheets: Path, plants: list[dict[str, Any]], tmp_path: Path, share: int
) -> None:
    """None, every third, all: each found plant once; a finding of another field or article counts nothing."""
    (tmp_path / "x.plants.jsonl").write_bytes((sheets / "x.plants.jsonl").read_bytes())
    seen = [made for at, made in enumerate(plants) if share and at % share == 0]
    for article in ARTICLES:
        lines = [answer(made) for made in seen if made["article"] == article]
        lines += ["q1 | no-such-field | x | nothing", "new | dates | 1 | nowhere to be found | DATE | 2031 | - | x"]
        (tmp_path / f"{name(article)}.findings.txt").write_text("\n".join(lines), encoding="utf-8")
    done = review(root, "rate", str(tmp_path))
    assert done.returncode == 0, done.stderr
    (row,) = [line for line in done.stdout.splitlines() if line.startswith("| all |")]
    assert [cell.strip() for cell in row.split("|")][2:4] == [str(len(plants)), str(len(seen))]
    rest = review(root, "findings", "--record", str(tmp_path / "x.plants.jsonl"), str(tmp_path))
    assert rest.stdout.count("\n") == 2 * len(ARTICLES)
    assert "no-such-field" in rest.stdout


def test_a_finding_that_cannot_be_read_is_refused(root: Path, sheets: Path, tmp_path: Path) -> None:
    (tmp_path / "x.plants.jsonl").write_bytes((sheets / "x.plants.jsonl").read_bytes())
    (tmp_path / f"{name(ARTICLES[0])}.findings.txt").write_text("the second quote is wrong\n", encoding="utf-8")
    done = review(root, "rate", str(tmp_path))
    assert done.returncode == 1 and "write: q3 | cue" in done.stderr and ":1" in done.stderr
    empty = review(root, "rate", str(tmp_path / "nowhere"))
    assert empty.returncode == 1 and "no record of plants" in empty.stderr


def test_a_missing_quote_leaves_no_gap_in_the_ids(sheets: Path) -> None:
    for article in ARTICLES:
        sheet = (sheets / f"{name(article)}.sheet.txt").read_text(encoding="utf-8")
        ids = {int(found) for found in re.findall(r"^(?:#\s+[AB]: )?q(\d+) (?=\||content)", sheet, re.MULTILINE)}
        assert ids == set(range(1, len(ids) + 1))
