"""The wheel as people get it: what is in it, and that it works by itself, away from the checkout and offline."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import site
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from conftest import require

PACKAGE = "benchmark/onrecord"
#: What the build needs of a checkout, and what must stay out of the wheel all the same.
CARRIED = ("pyproject.toml", "hatch_build.py", ".gitignore", "README.md", "LICENSE", "LICENSE-CC-BY-4.0")
FOLDERS = (PACKAGE, "corpus", "annotations", "tests", "scripts", "benchmark/results")
BUILD = ("hatchling", "pyarrow", "orjson", "yaml")
#: Without these nothing works, whatever else a glob may say.
NEEDED = (
    "py.typed",
    "data/schema.json",
    "data/measures.toml",
    "data/papers.bib",
    "data/words.toml",
    "report/assets/page.html.j2",
    "report/assets/report.css",
    "sources/catalogue.json",
    "systems/models/crf.model",
    "systems/models/hashes.json",
    "systems/models/tfidf.model",
    "_release/onrecord.json",
    "_release/README.md",
)

pytestmark = pytest.mark.xdist_group("wheel")


def run(*command: str | Path, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs a command that knows nothing of this checkout and reaches no network."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    environment |= {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "PIP_NO_INDEX": "1", **more}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, f"{command}: {done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A copy of the checkout, so that the release of the one in use stays what it is."""
    copy = tmp_path_factory.mktemp("checkout")
    ignore = shutil.ignore_patterns("__pycache__", "_release")
    for name in FOLDERS:
        shutil.copytree(root / name, copy / name, ignore=ignore)
    for name in CARRIED:
        shutil.copy(root / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    missing = [name for name in BUILD if importlib.util.find_spec(name) is None]
    require(not missing, f"building a wheel needs {', '.join(missing)}: pip install 'onrecord[test]'")
    out = tmp_path_factory.mktemp("wheel")
    run(
        sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", out, checkout, cwd=out
    )  # fmt: skip
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def home(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new virtual environment with the wheel; other packages come from this one, the editable install does not."""
    folder = tmp_path_factory.mktemp("home")
    venv.create(folder / "env", with_pip=False)
    python = folder / "env" / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", wheel, cwd=folder)
    (packages,) = (folder / "env").glob("lib/python*/site-packages")
    # A line of a .pth file is a folder to look in; the .pth files in that folder, editable installs, are not read.
    (packages / "others.pth").write_text("\n".join(site.getsitepackages()) + "\n", encoding="utf-8")
    return folder


def test_the_wheel_holds_the_package_and_the_release_and_no_more(wheel: Path, checkout: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        about = json.loads(archive.read("onrecord/_release/onrecord.json"))
        entry_points = next(archive.read(name).decode() for name in names if name.endswith("/entry_points.txt"))
    package = checkout / PACKAGE
    own = {
        f"onrecord/{path.relative_to(package).as_posix()}"
        for path in package.rglob("*")
        if path.is_file() and not {"_release", "__pycache__"} & set(path.parts)
    }
    release = {f"onrecord/_release/{file['path']}" for file in about["files"]}
    release |= {f"onrecord/_release/{name}" for name in ("onrecord.json", "README.md", "croissant.json")}
    described = {name for name in names if name.partition("/")[0].endswith(".dist-info")}
    assert names - described == own | release
    assert {f"onrecord/{name}" for name in NEEDED} <= names
    licences = {name.rpartition("/")[2] for name in described if "LICENSE" in name}
    assert licences == {"LICENSE", "LICENSE-CC-BY-4.0"}
    assert "onrecord = onrecord.cli:main" in entry_points and "onrecord.harness._registry" in entry_points
    assert about["name"] == "onrecord" and set(about["splits"]) == {"train", "validation", "test"}
    # Small enough that nobody thinks twice (bytes).
    assert wheel.stat().st_size < 10 << 20


def test_nothing_of_the_given_corpora_is_in_the_wheel(wheel: Path, shared_data: Path) -> None:
    """Compared by content, so that a new name hides nothing."""
    with zipfile.ZipFile(wheel) as archive:
        inside = {entry.file_size: set[str]() for entry in archive.infolist() if entry.file_size}
        for entry in archive.infolist():
            if entry.file_size:
                inside[entry.file_size].add(hashlib.sha256(archive.read(entry)).hexdigest())
    seen = 0
    for path in shared_data.rglob("*"):
        if path.is_file() and (size := path.stat().st_size):
            seen += 1
            assert size not in inside or hashlib.sha256(path.read_bytes()).hexdigest() not in inside[size], path
    assert seen > 100


LOAD = """
import json, sys
import onrecord
quotes = onrecord.load("quotes", split="test")
gold = [dict(row) for row in onrecord.load("all", split="test")]
result = onrecord.score(gold, resamples=0)
print(json.dumps({
    "from": onrecord.__file__, "path": sys.path, "quotes": sum(len(row["quotes"]) for row in quotes),
    "articles": len(gold), "scores": {name: score.value for name, score in result.items()},
}))
"""


def test_installed_it_loads_and_scores_gold_against_itself_offline(home: Path, root: Path, tmp_path: Path) -> None:
    done = run(home / "env" / "bin" / "python", "-c", LOAD, cwd=tmp_path, HF_HOME=str(tmp_path / "hf"))
    found = json.loads(done.stdout.splitlines()[-1])
    assert Path(found["from"]).is_relative_to(home / "env")
    assert not [path for path in found["path"] if path and Path(path).is_relative_to(root / "benchmark")]
    assert found["articles"] >= 12 and found["quotes"] >= 300
    values = {name: value for name, value in found["scores"].items() if value is not None}
    assert set(values.values()) == {1.0}, values
    assert {name.partition("/")[0] for name in values} == {
        "entities", "coreference", "linking", "quotes", "dates", "stance", "record"
    }  # fmt: skip


def test_installed_its_commands_run_offline(home: Path, tmp_path: Path) -> None:
    command = home / "env" / "bin" / "onrecord"
    piped = run("bash", "-c", f"set -e; '{command}' predict rules | head -n 1", cwd=tmp_path)
    (line,) = piped.stdout.splitlines()
    assert json.loads(line)["system"]["name"] == "rules"
    assert "Traceback" not in piped.stderr
    run(command, "predict", "rules", "-o", "p.jsonl", cwd=tmp_path)
    scored = json.loads(run(command, "score", "p.jsonl", "--json", cwd=tmp_path).stdout)
    assert scored["scores"]["quotes/content-soft:f1"]["value"] > 0
    run(command, "report", "p.jsonl", "-o", "report.html", cwd=tmp_path)
    assert "</html>" in (tmp_path / "report.html").read_text(encoding="utf-8")
