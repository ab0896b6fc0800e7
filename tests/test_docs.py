"""The documents say what is so: figures, names of measures, commands, links."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from onrecord.cli import command_names
from onrecord.scoring import catalogue

DOCUMENTS = ("README.md", "benchmark/MEASURES.md", "DATASHEET.md", "CONTRIBUTING.md", "annotations/GUIDELINES.md")


@pytest.mark.parametrize("script", ["readme.py", "corpus_statistics.py"])
def test_the_figures_shown_are_those_that_come_out(script: str, root: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(root / "scripts" / script), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_measure_is_defined_and_linked(root: Path) -> None:
    measures, readme = ((root / name).read_text(encoding="utf-8") for name in ("benchmark/MEASURES.md", "README.md"))
    for name in catalogue():
        assert f"`{name}" in measures, name
    anchors = set(re.findall(r'<a id="([\w-]+)">', measures))
    linked = set(re.findall(r"MEASURES\.md#([\w-]+)", readme))
    assert linked == anchors


def test_tests_that_are_named_exist(root: Path) -> None:
    measures = (root / "benchmark/MEASURES.md").read_text(encoding="utf-8")
    tests = "".join(path.read_text(encoding="utf-8") for path in (root / "tests").glob("test_*.py"))
    named = set(re.findall(r"\b(test_[a-z0-9_]{12,})\b(?!\.py)", measures))
    assert len(named) > 10
    assert {name for name in named if f"def {name}(" not in tests} == set()


def test_every_paper_named_by_a_measure_is_in_the_bibliography(root: Path) -> None:
    papers = (root / "benchmark/onrecord/data/papers.bib").read_text(encoding="utf-8")
    for measure in catalogue().values():
        for paper in measure.papers:
            assert f"{{{paper}," in papers, paper


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_and_links_lead_somewhere(document: str, root: Path) -> None:
    text = (root / document).read_text(encoding="utf-8")
    for command in set(re.findall(r"(?m)(?:^|`|&& )onrecord ([a-z]+)\b", text)):
        assert command in command_names(), command
    for target in re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", text):
        assert ((root / document).parent / target).exists(), target
    for script in set(re.findall(r"scripts/(\w+\.py)", text)):
        assert (root / "scripts" / script).is_file(), script


@pytest.mark.parametrize("command", ["corpus_statistics.py", "names.py en-GB", "overlap.py", "profile.py"])
def test_scripts_stop_quietly_when_nobody_reads_on(root: Path, command: str) -> None:
    script, *more = command.split()
    process = subprocess.Popen(
        [sys.executable, str(root / "scripts" / script), *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read().decode() == ""
    process.stderr.close()
    assert process.wait() == 0


def test_the_readmes_python_runs_as_a_script(root: Path, tmp_path: Path) -> None:
    """Without ``if __name__ == "__main__"``, as people write it."""
    [code] = re.findall(r"```python\n(.*?)```", (root / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    script = tmp_path / "minute.py"
    script.write_text(f"{code}\nprint(result['quotes/content-soft:f1'].value, len(result.tally))\n", encoding="utf-8")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    value, rows = done.stdout.split()
    assert 0.5 < float(value) < 1 and int(rows) > 1000
