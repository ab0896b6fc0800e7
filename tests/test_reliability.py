"""The reliability figures in the datasheet are those that come out of passes, gold and records."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def reliability(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "scripts" / "reliability.py"), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_datasheet_shows_what_comes_out(root: Path, tmp_path: Path) -> None:
    shown = reliability(root)
    assert shown.returncode == 0, shown.stderr
    text = (root / "DATASHEET.md").read_text(encoding="utf-8")
    for line in shown.stdout.splitlines():
        assert line in text
    old = tmp_path / "DATASHEET.md"
    marks = "".join(f"<!-- {name}:begin -->\nout of date\n<!-- {name}:end -->\n" for name in ("agreement", "review"))
    old.write_text(marks, encoding="utf-8")
    stale = reliability(root, "--check", "--datasheet", str(old))
    assert stale.returncode == 1 and "out of date" in stale.stderr
    assert reliability(root, "--write", "--datasheet", str(old)).returncode == 0
    assert "out of date" not in old.read_text(encoding="utf-8")
    assert reliability(root, "--check", "--datasheet", str(old)).returncode == 0


def test_a_datasheet_without_marks_is_told(root: Path, tmp_path: Path) -> None:
    bare = tmp_path / "DATASHEET.md"
    bare.write_text("nothing\n", encoding="utf-8")
    done = reliability(root, "--write", "--datasheet", str(bare))
    assert done.returncode == 1 and "put the marks where it belongs" in done.stderr
    assert bare.read_text(encoding="utf-8") == "nothing\n"
