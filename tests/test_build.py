"""Building the package: the wheel carries the release, from a checkout and from a source distribution."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tinycorpus import copy_tiny

pytest.importorskip("hatchling")


@pytest.fixture
def checkout(tmp_path: Path, root: Path) -> Path:
    """The package with the tiny corpus in the place of the real one."""
    disk = copy_tiny(tmp_path)
    ignore = shutil.ignore_patterns("__pycache__", "_release")
    shutil.copytree(root / "benchmark" / "onrecord", disk / "benchmark" / "onrecord", ignore=ignore)
    for name in ("pyproject.toml", "hatch_build.py", ".gitignore"):
        shutil.copy(root / name, disk / name)
    for name in ("README.md", "LICENSE", "LICENSE-CC-BY-4.0"):
        (disk / name).write_text("x", encoding="utf-8")
    return disk


def build(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs hatchling, without the package on its path."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-m", "hatchling", "build", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def released(wheel: Path) -> dict[str, bytes]:
    """The release inside a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if "/_release/" in name}


def test_the_wheel_carries_the_release_and_loads_offline(checkout: Path, tmp_path: Path) -> None:
    done = build(checkout)
    assert done.returncode == 0, done.stderr
    (wheel,) = (checkout / "dist").glob("*.whl")
    files = released(wheel)
    assert json.loads(files["onrecord/_release/onrecord.json"])["name"] == "tiny"
    assert len(files) == 6 * 3 + 3

    # The same release comes out of the source distribution.
    (source,) = (checkout / "dist").glob("*.tar.gz")
    with tarfile.open(source) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    (unpacked,) = (tmp_path / "source").iterdir()
    shutil.rmtree(unpacked / "benchmark" / "onrecord" / "_release", ignore_errors=True)
    assert build(unpacked, "-t", "wheel").returncode == 0
    (again,) = (unpacked / "dist").glob("*.whl")
    assert released(again) == files

    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    environment = {
        **os.environ,
        "PYTHONPATH": str(tmp_path / "site"),
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(tmp_path / "hf"),
    }
    code = "import onrecord.loader as l; print(l.packaged_release()); print(len(l.load('quotes', split='test')))"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == [str(tmp_path / "site" / "onrecord" / "_release"), "2"], done.stderr


def test_a_corpus_with_a_problem_makes_no_wheel(checkout: Path) -> None:
    gold = checkout / "annotations" / "gold" / "ferry-dock" / "harbour-post.json"
    gold.write_text(gold.read_text(encoding="utf-8").replace('"P2W"', '"2W"'), encoding="utf-8")
    done = build(checkout, "-t", "wheel")
    assert done.returncode != 0
    assert "'2W' is no TIMEX3 value of type DURATION" in done.stderr
    assert not list(checkout.glob("dist/*.whl"))


def test_without_gold_there_is_a_wheel_without_a_release(checkout: Path) -> None:
    shutil.rmtree(checkout / "annotations" / "gold")
    done = build(checkout, "-t", "wheel")
    assert done.returncode == 0, done.stderr
    assert "carries no release" in done.stdout + done.stderr
    (wheel,) = (checkout / "dist").glob("*.whl")
    assert released(wheel) == {}
