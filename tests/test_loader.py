"""Loading with the real ``datasets``, each time in a new process, offline, with a cache of the test's own.

Every trap of the released form has a test here that fails if the form is given up.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from onrecord import loader, release, wire
from onrecord.assembly import assemble
from onrecord.card import features
from onrecord.corpus import read_corpus
from onrecord.errors import InputError
from tinycorpus import TINY, build_tiny, copy_tiny

CONFIGS = ("articles", "entities", "quotes", "dates", "stance", "all")


def python(code: str, tmp_path: Path, *arguments: Any) -> Any:
    """Runs code in a new process that has no network; returns the JSON it prints."""
    environment = {
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "HF_HOME": str(tmp_path / "hf"),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run(
        [sys.executable, "-c", "import json, sys\nfrom datasets import load_dataset\n" + code, *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def change_label(disk: Path) -> None:
    """Turns the one opposing stance of the test split around."""
    path = disk / "annotations" / "gold" / "tram-fares" / "city-sheet.json"
    before = path.read_text(encoding="utf-8")
    after = before.replace('"label": "opposes"', '"label": "neutral"')
    assert after != before
    path.write_text(after, encoding="utf-8")


LABELS = 'print(json.dumps(load_dataset(sys.argv[1], "stance", split="test")["label"][:]))'


def test_a_rebuilt_release_is_never_served_from_a_stale_cache(tmp_path: Path) -> None:
    disk = copy_tiny(tmp_path)
    folder = tmp_path / "release"
    assemble(disk / "corpus", disk / "annotations", folder)
    assert python(LABELS, tmp_path, folder) == ["supports", "opposes", "supports"]
    change_label(disk)
    assemble(disk / "corpus", disk / "annotations", folder)
    assert python(LABELS, tmp_path, folder) == ["supports", "neutral", "supports"]


def test_two_folders_of_the_same_name_never_mix(tmp_path: Path) -> None:
    disk = copy_tiny(tmp_path)
    assemble(disk / "corpus", disk / "annotations", tmp_path / "one" / "release")
    change_label(disk)
    assemble(disk / "corpus", disk / "annotations", tmp_path / "two" / "release")
    assert python(LABELS, tmp_path, tmp_path / "one" / "release") == ["supports", "opposes", "supports"]
    assert python(LABELS, tmp_path, tmp_path / "two" / "release") == ["supports", "neutral", "supports"]
    assert python(LABELS, tmp_path, tmp_path / "one" / "release") == ["supports", "opposes", "supports"]


def test_all_configs_and_splits_load_with_their_features(tmp_path: Path) -> None:
    folder = build_tiny(tmp_path)
    code = """
from datasets import Features
from onrecord.wire import SCHEMAS
out = {}
for config in sys.argv[2].split():
    data = load_dataset(sys.argv[1], config)
    for split, rows in data.items():
        # The card's YAML and the wire's Arrow schema must be one thing to `datasets`.
        assert rows.features == Features.from_arrow_schema(SCHEMAS[config]), config
        out[f"{config}/{split}"] = list(rows)
print(json.dumps(out))
"""
    loaded = python(code, tmp_path, folder, " ".join(CONFIGS))
    assert {key: len(rows) for key, rows in loaded.items()} == {
        f"{config}/{split}": number
        for config in CONFIGS
        for split, number in (
            {"train": 3, "validation": 4, "test": 3} if config == "stance" else {"train": 1, "validation": 1, "test": 2}
        ).items()
    }
    for item in read_corpus(TINY / "corpus", TINY / "annotations").articles:
        expected = {**wire.article_to_wire(item.article), **wire.labels_to_wire(item.labels)}
        found = next(row for row in loaded[f"all/{item.split}"] if row["id"] == item.article.id)
        assert found == expected
        for config in ("articles", "entities", "quotes", "dates"):
            row = next(row for row in loaded[f"{config}/{item.split}"] if row["id"] == item.article.id)
            assert row == {name: expected[name] for name in wire.SCHEMAS[config].names}
        stances = [row for row in loaded[f"stance/{item.split}"] if row["article"] == item.article.id]
        assert [row["id"] for row in stances] == [
            f"{item.article.id}#{stance.claim}#{stance.holder}" for stance in item.labels.stances or ()
        ]
        assert all(row["text"] == item.article.text and row["claim_text"] for row in stances)


def test_nested_spans_are_lists_of_spans(tmp_path: Path) -> None:
    """With ``sequence:`` in the card they would be one span of lists."""
    code = 'print(json.dumps(load_dataset(sys.argv[1], "quotes", split="validation")[0]["quotes"][0]["content"]))'
    content = python(code, tmp_path, build_tiny(tmp_path))
    assert [segment["start"] for segment in content] == [26, 115]
    assert "sequence" not in (tmp_path / "tiny" / "README.md").read_text(encoding="utf-8")


def test_streaming_and_the_package_agree(tmp_path: Path) -> None:
    code = """
import onrecord.loader
plain = load_dataset(sys.argv[1], "all", split="test")
streamed = load_dataset(sys.argv[1], "all", split="test", streaming=True)
ours = onrecord.loader.load("all", split="test", path=sys.argv[1], streaming=True)
assert list(streamed) == list(plain) == list(ours)
assert list(load_dataset(sys.argv[1])["train"]) == list(load_dataset(sys.argv[1], "all")["train"])
assert set(onrecord.loader.load("dates", path=sys.argv[1])) == {"train", "validation", "test"}
assert len(onrecord.loader.load("dates", split="test[:1]", path=sys.argv[1])) == 1
print(json.dumps(len(plain)))
"""
    assert python(code, tmp_path, build_tiny(tmp_path)) == 2


def test_rows_that_went_missing_are_noticed(tmp_path: Path) -> None:
    folder = build_tiny(tmp_path)
    file = release.find_file(release.read_release(folder), "all", "test")
    table = pq.read_table(folder / file.path)
    pq.write_table(table.slice(0, 1), folder / file.path)
    code = """
try:
    load_dataset(sys.argv[1], "all")
except Exception as error:
    print(json.dumps(type(error).__name__))
"""
    assert python(code, tmp_path, folder) == "NonMatchingSplitsSizesError"
    with pytest.raises(InputError, match="not the file that was released"):
        release.read_rows(folder)


def test_a_release_of_one_layer_has_no_other_config(tmp_path: Path) -> None:
    from onrecord.model import AnnotatedArticle, Article, Date, Labels

    item = AnnotatedArticle(Article("a", "On Friday."), Labels(dates=(Date(3, 9, "Friday", type="DATE", value="no"),)))
    release.build([item], tmp_path / "one", name="no", version="1")
    code = """
from datasets import get_dataset_config_names
rows = load_dataset(sys.argv[1], "all", split="test")
print(json.dumps([sorted(get_dataset_config_names(sys.argv[1])), rows[0]["quotes"], rows[0]["dates"][0]["value"]]))
"""
    assert python(code, tmp_path, tmp_path / "one") == [["all", "articles", "dates"], None, "no"]


def test_the_yaml_of_features_is_what_datasets_writes() -> None:
    datasets = pytest.importorskip("datasets")
    for schema in wire.SCHEMAS.values():
        assert features(schema) == datasets.Features.from_arrow_schema(schema)._to_yaml_list()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"config": "quote"}, "no config 'quote' -> it has articles, entities, quotes, dates, stance, all"),
        ({"split": "dev"}, "no split 'dev' -> it has train, validation, test"),
    ],
)
def test_a_wrong_name_is_one_clear_error(tmp_path: Path, arguments: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        loader.load(path=build_tiny(tmp_path), **arguments)


def test_what_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        loader.load(path=tmp_path / "nothing")
    with pytest.raises(InputError, match="no released folder"):
        loader.load(path=tmp_path)
    (tmp_path / "onrecord.json").write_text('{"form": 99}', encoding="utf-8")
    with pytest.raises(InputError, match="form that this version does not know"):
        loader.load(path=tmp_path)


def test_an_installation_without_a_release_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "_PACKAGED", tmp_path)
    with pytest.raises(InputError, match="onrecord assemble -o DIR"):
        loader.load()
    build_tiny(tmp_path, "packaged")
    monkeypatch.setattr(loader, "_PACKAGED", tmp_path / "packaged")
    assert loader.packaged_release() == tmp_path / "packaged"


def test_read_rows_has_the_wire_schema(tmp_path: Path) -> None:
    folder = build_tiny(tmp_path)
    for config in CONFIGS:
        table = release.read_rows(folder, config, "test")
        assert isinstance(table, pa.Table)
        assert table.schema.equals(wire.SCHEMAS[config])
    assert release.read_rows(folder).column("id").to_pylist() == ["tram-fares/city-sheet", "tram-fares/coast-wire"]


def test_cite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from argparse import Namespace

    from onrecord.commands import cite

    folder = build_tiny(tmp_path)
    assert cite.run(Namespace(name=str(folder))) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("@misc{onrecord,")
    assert (
        f"% tiny 1, edition 2026.11, data {release.read_release(folder).data_hash[:16]}, licence CC-BY-4.0" in printed
    )
    monkeypatch.setattr(loader, "_PACKAGED", folder)
    assert cite.run(Namespace(name=None)) == 0
    assert capsys.readouterr().out == printed
    with pytest.raises(InputError, match="no such folder"):
        cite.run(Namespace(name=str(tmp_path / "nothing")))


def test_what_plain_datasets_loads_is_told_in_one_hash(tmp_path: Path, root: Path) -> None:
    """scripts/loads.py, by which versions of `datasets` are compared: a row that changes changes the hash."""

    def told(folder: Path) -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, root / "scripts" / "loads.py", folder], capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout.removeprefix(str(folder)).strip(), done.stderr

    folder = build_tiny(tmp_path)
    status, said, _ = told(folder)
    assert status == 0 and re.fullmatch(r": 18 configs and splits, [0-9a-f]{16}", said)
    assert told(Path(shutil.copytree(folder, tmp_path / "copy")))[1] == said, "wherever it lies"
    disk = copy_tiny(tmp_path)
    change_label(disk)
    assemble(disk / "corpus", disk / "annotations", tmp_path / "other")
    assert told(tmp_path / "other")[1] != said
    about = folder / "onrecord.json"
    about.write_text(
        re.sub(r'("rows":\s*)\d+', r"\g<1>99", about.read_text(encoding="utf-8"), count=1), encoding="utf-8"
    )
    status, _, errors = told(folder)
    assert status == 1 and "rows, not 99" in errors
