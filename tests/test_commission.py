"""The commissioning sheet: it is what its parameters draw, and it is what the issue of a corpus needs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest


def commission(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(root / "scripts" / "commission.py"), *words], capture_output=True, text=True, check=False
    )


@pytest.fixture
def corpus(root: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name in ("commission.jsonl", "commissioning.json", "phenomena.json"):
        shutil.copy(root / "corpus" / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def rows(root: Path) -> list[dict[str, object]]:
    lines = (root / "corpus" / "commission.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_the_sheet_is_what_its_parameters_draw(root: Path) -> None:
    done = commission(root, "--check")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_changed_row_and_another_seed_are_found(root: Path, corpus: Path) -> None:
    sheet = corpus / "commission.jsonl"
    lines = sheet.read_text(encoding="utf-8").splitlines()
    row = json.loads(lines[-1])
    lines[-1] = json.dumps({**row, "dates": row["dates"] + 1})
    sheet.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = commission(root, "--check", "--corpus", str(corpus))
    assert done.returncode == 1
    assert done.stderr == f"{row['article']}: not as the parameters draw it\n"

    parameters = json.loads((corpus / "commissioning.json").read_text(encoding="utf-8"))
    (corpus / "commissioning.json").write_text(json.dumps({**parameters, "seed": 1}), encoding="utf-8")
    done = commission(root, "--check", "--corpus", str(corpus))
    assert done.returncode == 1
    assert done.stderr.count("\n") > 100


def test_counts(rows: list[dict[str, object]]) -> None:
    stories = {row["story"]: row for row in rows}
    assert len(stories) >= 75 and len(rows) >= 150
    assert len({row["desk"] for row in rows}) == 12 and len({row["variety"] for row in rows}) == 8
    tags = Counter(tag for row in rows for tag in row["phenomena"])  # type: ignore[attr-defined]
    assert len(tags) >= 30 and min(tags.values()) >= 8
    low, median, high = np.quantile([float(str(row["words"])) for row in rows], (0.1, 0.5, 0.9))
    assert abs(low / 240 - 1) < 0.05 and abs(median / 566 - 1) < 0.05 and abs(high / 1_400 - 1) < 0.05


def test_what_a_typo_gets(root: Path, corpus: Path) -> None:
    done = commission(root, "--show", "s999")
    assert done.returncode == 1 and "no story 's999'" in done.stderr and "Traceback" not in done.stderr
    (corpus / "commission.jsonl").unlink()
    done = commission(root, "--check", "--corpus", str(corpus))
    assert done.returncode == 1 and "commission.py --write" in done.stderr and "Traceback" not in done.stderr


def test_articles_are_held_against_their_rows(root: Path, corpus: Path) -> None:
    shutil.copytree(root / "corpus" / "stories" / "ferry-sinking", corpus / "stories" / "ferry-sinking")
    story = corpus / "stories" / "ferry-sinking" / "story.json"
    value = json.loads(story.read_text(encoding="utf-8"))
    story.write_text(json.dumps({**value, "commission": {"s009-1": "kapuluan-wire", "s009-9": "nobody"}}), "utf-8")
    done = commission(root, "--done", "--corpus", str(corpus))
    assert done.returncode == 1
    assert "words, commissioned 1179" in done.stderr
    assert "desk disaster, commissioned science" in done.stderr
    assert "(s009-9): no such row" in done.stderr


def test_an_annotators_packet_holds_the_text_and_no_plan(root: Path, tmp_path: Path) -> None:
    command = [sys.executable, str(root / "scripts" / "packets.py"), str(tmp_path), "ferry-sinking"]
    subprocess.run(command, check=True)
    packet = (tmp_path / "ferry-sinking" / "kapuluan-wire.txt").read_text(encoding="utf-8")
    source = (root / "corpus" / "stories" / "ferry-sinking" / "kapuluan-wire.txt").read_text(encoding="utf-8")
    text = source.split("---\n", 2)[2].strip()
    assert packet.startswith("PUBLISHED: 2031-08-12T21:40:00+08:00\n\n[1] 19 dead in Dalupanan")
    numbered = [f"[{at}] {block}" for at, block in enumerate(text.split("\n\n"), 1)]
    assert packet.split("\n\n", 1)[1].strip() == "\n\n".join(numbered)
    assert "anonymous-source" not in packet
    claims = json.loads((tmp_path / "ferry-sinking" / "claims.json").read_text(encoding="utf-8"))
    assert [set(claim) for claim in claims] == [{"id", "text"}] * 4
    done = subprocess.run([*command, "no-such"], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "no story 'no-such'" in done.stderr
