"""Tables between marks: put there, held against, refused without marks; nothing else of the file changes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from onrecord.errors import InputError

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

import marked

TEXT = "before\n{}\nold\n{}\nbetween\n{}\n{}\nafter\n".format(*marked.marks("one"), *marked.marks("two"))
TABLES = {"one": "| 1 |\n", "two": "| 2 |\n"}


def test_tables_are_put_between_their_marks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "sheet.md"
    path.write_text(TEXT, encoding="utf-8")
    assert marked.keep(path, TABLES, write=False, script="some.py") == 1
    assert capsys.readouterr().err == f"{path}: out of date; run scripts/some.py --write\n"
    assert path.read_text(encoding="utf-8") == TEXT
    assert marked.keep(path, TABLES, write=True, script="some.py") == 0
    assert marked.keep(path, TABLES, write=False, script="some.py") == 0
    pattern = "before\n{}\n| 1 |\n{}\nbetween\n{}\n| 2 |\n{}\nafter\n"
    assert path.read_text(encoding="utf-8") == pattern.format(*marked.marks("one"), *marked.marks("two"))


@pytest.mark.parametrize("lost", [*marked.marks("one"), *marked.marks("two")])
def test_a_lost_mark_is_told_and_nothing_written(tmp_path: Path, lost: str) -> None:
    path = tmp_path / "sheet.md"
    path.write_text(TEXT.replace(lost, ""), encoding="utf-8")
    with pytest.raises(InputError, match="put the marks where it belongs"):
        marked.keep(path, TABLES, write=True, script="some.py")
    assert path.read_text(encoding="utf-8") == TEXT.replace(lost, "")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="name the Markdown file"):
        marked.keep(tmp_path / "none.md", TABLES, write=True, script="some.py")
