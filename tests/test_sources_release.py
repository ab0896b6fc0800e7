"""Sources as released folders: load_dataset, the scorer, the card, size and interruption."""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

import onrecord
import sourcedata
from onrecord import release, sources
from onrecord.errors import InputError
from onrecord.model import LAYERS
from onrecord.sources import progress

LOAD = """
import json, sys
from datasets import load_dataset
found = {}
for folder in sys.argv[1:]:
    about = json.load(open(folder + "/onrecord.json"))
    for config in dict.fromkeys(file["config"] for file in about["files"]):
        for split, data in load_dataset(folder, config).items():
            owner = [(row["text"], m) for row in data for m in (row.get("entities") or []) + (row.get("dates") or [])]
            owner += [(row["text"], s) for row in data for q in row.get("quotes") or [] for s in q["content"]]
            good = sum(text[s["start"]:s["end"]] == s["text"] for text, s in owner)
            found.setdefault(about["name"], {})[config + "/" + split] = [len(data), len(owner), good]
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def built(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    home = tmp_path_factory.mktemp("built")
    for name, folder in sourcedata.FOLDERS.items():
        sources.assemble(name, shared_data / folder, home / name)
    return {name: home / name for name in sourcedata.FOLDERS}


def test_load_dataset_opens_every_built_folder(built: dict[str, Path], tmp_path: Path) -> None:
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(tmp_path / "hf")}
    done = subprocess.run(
        [sys.executable, "-c", LOAD, *map(str, built.values())],
        env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert set(found) == set(built)
    for name, configs in found.items():
        about = release.read_release(built[name])
        assert {key for key in configs if key.startswith("all/")} == {f"all/{split}" for split in about.splits}
        for split, number in about.splits.items():
            assert configs[f"all/{split}"][0] == configs[f"articles/{split}"][0] == number
        assert all(owned == good for _, owned, good in configs.values())
        layer = sources.find(name).layers[0]
        assert (
            sum(rows[1] if layer != "stance" else rows[0] for key, rows in configs.items() if key.startswith(layer))
            > 300
        )
    assert found["fnc1"]["stance/train"][0] == 2000


@pytest.mark.parametrize("name", sourcedata.FOLDERS)
def test_gold_against_itself_is_right_on_every_defined_measure(built: dict[str, Path], name: str) -> None:
    about = release.read_release(built[name])
    assert about.layers == tuple(layer for layer in LAYERS if layer in sources.find(name).layers)
    for split in about.splits:
        lines = release.read_rows(built[name], "all", split).to_pylist()
        result = onrecord.score(lines, gold=built[name], split=split, resamples=0)
        values = {measure: result[measure].value for measure in result}
        groups = {measure.partition("/")[0] for measure, value in values.items() if value is not None}
        assert set(about.layers) <= groups
        assert {value for value in values.values() if value is not None} == {1.0}, values


def test_the_card_says_what_was_dropped_and_how_to_cite(built: dict[str, Path], shared_data: Path) -> None:
    for name, folder in built.items():
        card = (folder / "README.md").read_text(encoding="utf-8")
        source = sources.find(name)
        for note in sourcedata.read(shared_data, name).notes:
            assert f"- {note}\n" in card
        for line in (source.citation, source.licence, source.mapped, source.lost, source.where):
            assert line in card


def test_the_same_copy_makes_the_same_bytes(built: dict[str, Path], shared_data: Path, tmp_path: Path) -> None:
    sources.assemble("krauts", shared_data / "krauts", tmp_path / "krauts")
    for path in built["krauts"].rglob("*"):
        if path.is_file():
            assert (tmp_path / "krauts" / path.relative_to(built["krauts"])).read_bytes() == path.read_bytes()


# Size and speed -------------------------------------------------------------------------------------------------------


def pairs(folder: Path, number: int, bodies: int, words: int) -> Path:
    """FNC-1 in shape: pairs over few long bodies."""
    source = random.Random(5)
    known = [f"word{n}" for n in range(3000)]
    folder.mkdir()
    with (folder / "train_bodies.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Body ID", "articleBody"])
        rows.writerows([n, " ".join(source.choices(known, k=words))] for n in range(bodies))
    with (folder / "train_stances.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Headline", "Body ID", "Stance"])
        labels = ["agree", "disagree", "discuss", "unrelated"]
        rows.writerows([f"headline {n}", n % bodies, source.choice(labels)] for n in range(number))
    return folder


def test_fifty_thousand_pairs_do_not_repeat_their_bodies_in_memory(tmp_path: Path) -> None:
    """Repeated, the bodies alone would take 50,000 times 4 kB, 200 MB."""
    copy = pairs(tmp_path / "copy", 50_000, 1_700, 550)
    code = (
        "import resource, sys\nfrom pathlib import Path\nimport pandas\nfrom onrecord import release, sources\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "sources.assemble('fnc1', Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(copy), str(tmp_path / "out")], capture_output=True, text=True, check=True
    )
    bodies = (copy / "train_bodies.csv").stat().st_size
    repeated = bodies * 50_000 // 1_700
    assert repeated > 175e6
    scale = 1 if sys.platform == "darwin" else 1024
    assert int(done.stdout) * scale < repeated * 0.75, (done.stdout, repeated)
    about = release.read_release(tmp_path / "out")
    rows = {(file.config, file.split): file for file in about.files}
    assert rows["stance", "train"].rows == 50_000 and rows["articles", "train"].rows == 1_700
    assert sum(file.size for file in about.files) < 4 * bodies


class Terminal:
    """Standard error that claims to be a terminal."""

    def __init__(self) -> None:
        self.written = ""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.written += text
        return len(text)

    def flush(self) -> None:
        pass


@pytest.mark.parametrize(("patience", "shown"), [(0.0, True), (60.0, False)])
@pytest.mark.parametrize("known", [True, False])
def test_a_bar_appears_only_where_it_takes_long(
    monkeypatch: pytest.MonkeyPatch, patience: float, shown: bool, known: bool
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "PATIENCE", patience)
    items: Any = list(range(50))
    seen = []
    for item in progress.watched(items if known else iter(items), "reading"):
        seen.append(item)
        time.sleep(0.001)
    assert seen == items
    assert ("reading" in terminal.written) == shown


def test_no_bar_where_nobody_looks(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    assert list(progress.watched(range(5), "reading")) == [0, 1, 2, 3, 4]
    assert capsys.readouterr() == ("", "")


# Interruption ---------------------------------------------------------------------------------------------------------


def test_an_interrupted_build_leaves_what_was_there(built: dict[str, Path], shared_data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    sources.assemble("krauts", shared_data / "krauts", out)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}

    def stopping(items: Iterable[Any], doing: str) -> Iterable[Any]:
        for number, item in enumerate(items):
            if doing == "writing" and number == 5:
                raise KeyboardInterrupt
            yield item

    for target in (out, tmp_path / "new"):
        with pytest.raises(KeyboardInterrupt):
            sources.assemble("tempeval3", shared_data / "tempeval3", target, watch=stopping)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_no_half_folder(tmp_path: Path, number: signal.Signals) -> None:
    """The process is stopped while it writes."""
    copy = pairs(tmp_path / "copy", 60_000, 300, 900)
    home = tmp_path / "home"
    home.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "onrecord", "assemble", "fnc1", str(copy), "-o", str(home / "out")],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    limit = time.monotonic() + 60
    while not any(home.iterdir()) and process.poll() is None and time.monotonic() < limit:
        time.sleep(0.01)
    assert process.poll() is None, "it was done before it could be stopped"
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert list(home.iterdir()) == []


def test_a_folder_that_is_something_else_is_not_touched(shared_data: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("years of work", encoding="utf-8")
    for build in (sources.assemble, sources.assemble_passes):
        with pytest.raises(InputError, match="exists and is no released folder"):
            build("polnear", shared_data / "polnear-multi", tmp_path / "thesis")
    assert [path.name for path in tmp_path.rglob("*")] == ["thesis", "chapter.tex"]


def test_file_names_cannot_write_into_the_card(tmp_path: Path) -> None:
    text = "<TimeML><TEXT>x</TEXT></TimeML>"
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "a\n# forged\n\x1b[31m.tml").write_text(text, encoding="utf-8")
    said: list[str] = []
    sources.assemble("krauts", copy, tmp_path / "out", say=said.append)
    assert all(note.isprintable() for note in said)
    assert "\n# forged" not in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
