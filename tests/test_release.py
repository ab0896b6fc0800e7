"""Released folders: bytes, hashes, refusals, and data that is not OnRecord's own."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

from onrecord import release, wire
from onrecord.card import DataFile
from onrecord.corpus import read_corpus
from onrecord.errors import InputError
from onrecord.model import AnnotatedArticle, Article, Chain, Claim, Labels, Mention, Span, Stance
from tinycorpus import TINY, build_tiny, copy_tiny


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def stance_articles(number: int) -> list[AnnotatedArticle]:
    """Articles of a stance corpus, without any other layer."""
    return [
        AnnotatedArticle(
            Article(f"a{n:05}", f"Headline {n}", story=f"s{n % 7}", claims=(Claim("c1", "It holds."),)),
            Labels(stances=(Stance(holder="article", claim="c1", label="unrelated" if n % 3 else "supports"),)),
            "train" if n % 7 else "test",
        )
        for n in range(number)
    ]


def test_equal_articles_make_equal_bytes_in_any_order(tmp_path: Path) -> None:
    articles = read_corpus(TINY / "corpus", TINY / "annotations").articles
    for name, order in (("one", articles), ("two", articles[::-1])):
        release.build(order, tmp_path / name, name="tiny", version="1")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert len(contents(tmp_path / "one")) == 6 * 3 + 3


def test_a_new_process_makes_the_same_bytes(tmp_path: Path) -> None:
    """Hash seeds and the clock have no part in it."""
    here = contents(build_tiny(tmp_path))
    code = "import sys; from pathlib import Path; from tinycorpus import build_tiny; build_tiny(Path(sys.argv[1]), 'x')"
    environment = {**os.environ, "PYTHONHASHSEED": "12345", "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], env=environment, check=True)
    assert contents(tmp_path / "x") == here


def test_every_file_is_named_by_its_rows_and_listed_with_its_checksum(tmp_path: Path) -> None:
    folder = build_tiny(tmp_path)
    meta = json.loads((folder / "onrecord.json").read_bytes())
    listed = {file["path"]: file for file in meta["files"]}
    on_disk = {path: content for path, content in contents(folder).items() if path.endswith(".parquet")}
    assert set(listed) == set(on_disk)
    for path, content in on_disk.items():
        assert listed[path]["sha256"] == hashlib.sha256(content).hexdigest()
        assert listed[path]["content"][:16] in path
        assert listed[path]["rows"] == pq.read_metadata(folder / path).num_rows
    assert meta["card_sha256"] == hashlib.sha256((folder / "README.md").read_bytes()).hexdigest()
    assert meta["croissant_sha256"] == hashlib.sha256((folder / "croissant.json").read_bytes()).hexdigest()


def test_parquet_carries_no_metadata_of_its_own(tmp_path: Path) -> None:
    for path in build_tiny(tmp_path).rglob("*.parquet"):
        assert pq.read_metadata(path).metadata is None


def test_a_canary_stands_in_every_file_and_changes_no_data(tmp_path: Path) -> None:
    articles = read_corpus(TINY / "corpus", TINY / "annotations").articles
    found = {}
    for canary in ("", "canary 4711"):
        release.build(articles, tmp_path / "x", name="x", version="1", canary=canary)
        found[canary] = release.read_release(tmp_path / "x").data_hash
        rows = release.read_rows(tmp_path / "x").to_pylist()
        for path, content in contents(tmp_path / "x").items():
            assert (b"canary 4711" in content) is bool(canary), path
    for path in (tmp_path / "x").rglob("*.parquet"):
        # Nothing that `datasets` could take for features.
        assert pq.read_metadata(path).metadata == {b"canary": b"canary 4711"}
    assert found[""] == found["canary 4711"]
    release.build(articles, tmp_path / "y", name="x", version="1")
    assert release.read_rows(tmp_path / "y").to_pylist() == rows


def test_the_corpus_has_a_canary_of_its_own(root: Path) -> None:
    canary = json.loads((root / "corpus" / "corpus.json").read_bytes())["canary"]
    assert re.search(r"onrecord canary GUID [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", canary)
    for name in ("README.md", "DATASHEET.md"):
        assert canary in (root / name).read_text(encoding="utf-8"), name


def test_the_data_hash_follows_the_data_alone(tmp_path: Path) -> None:
    articles = read_corpus(TINY / "corpus", TINY / "annotations").articles

    def data_hash(items: list[AnnotatedArticle], **more: Any) -> str:
        release.build(items, tmp_path / "x", **{"name": "tiny", "version": "1", **more})
        return release.read_release(tmp_path / "x").data_hash

    first = data_hash(articles)
    assert data_hash(articles[::-1], name="other", version="2", notes=["x"], description="y") == first
    dates = articles[0].labels.dates or ()
    moved = dataclasses.replace(dates[0], value="2031-12-02")
    labels = dataclasses.replace(articles[0].labels, dates=(moved, *dates[1:]))
    assert data_hash([dataclasses.replace(articles[0], labels=labels), *articles[1:]]) != first
    # The inventory decides which predicted types are wrong.
    types = ["PERSON", "ORG", "GPE", "FAC"]
    assert data_hash(articles, types=types) != first
    assert data_hash(articles, types=types) == data_hash(articles, types=types[::-1])


def test_what_the_release_says_of_itself(tmp_path: Path) -> None:
    found = release.read_release(build_tiny(tmp_path))
    assert (found.name, found.version, found.edition) == ("tiny", "1", "2026.11")
    assert found.layers == ("entities", "quotes", "dates", "stance")
    assert found.splits == {"train": 1, "validation": 1, "test": 2}
    assert found.types is not None
    assert "PERSON" in found.types
    assert "DATE" in found.outside
    assert found.configs == ("articles", "entities", "quotes", "dates", "stance", "all")
    assert found.citation.startswith("@misc{onrecord")


def test_the_card_is_yaml_that_keeps_its_words(tmp_path: Path) -> None:
    """A version, a name or a title that YAML reads as something else stays text."""
    articles = stance_articles(8)
    release.build(
        articles, tmp_path / "x", name="no", version="1.0", title="on", licence="Custom: no", notes=["Dropped: 3 rows."]
    )
    text = (tmp_path / "x" / "README.md").read_text(encoding="utf-8")
    head = yaml.safe_load(text.split("---\n")[1])
    assert head["pretty_name"] == "on"
    assert head["license"] == "other"
    assert [config["config_name"] for config in head["configs"]] == ["articles", "stance", "all"]
    infos = {info["config_name"]: info for info in head["dataset_info"]}
    assert {split["name"]: split["num_examples"] for split in infos["stance"]["splits"]} == {"train": 6, "test": 2}
    assert "- Dropped: 3 rows." in text
    assert "Custom: no" in text
    assert "| `stance` |" in text
    assert "| `quotes` |" not in text


def test_a_layer_that_is_empty_is_not_a_layer_that_is_missing(tmp_path: Path) -> None:
    article = Article("a", "Text.")
    release.build([AnnotatedArticle(article, Labels(quotes=()))], tmp_path / "x", name="x", version="1")
    assert release.read_release(tmp_path / "x").configs == ("articles", "quotes", "all")
    (row,) = release.read_rows(tmp_path / "x").to_pylist()
    assert (row["quotes"], row["dates"]) == ([], None)


def test_a_missing_column_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Arrow would fill it with nulls."""
    whole = wire.article_to_wire

    def lacking(article: Article) -> dict[str, Any]:
        return {name: value for name, value in whole(article).items() if name != "published"}

    monkeypatch.setattr(wire, "article_to_wire", lacking)
    with pytest.raises(ValueError, match="disagree on published"):
        build_tiny(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_nested_field_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = wire.span_to_wire

    def lacking(value: Span | None) -> dict[str, Any] | None:
        found = whole(value)
        return found and {name: item for name, item in found.items() if name != "context"}

    monkeypatch.setattr(wire, "span_to_wire", lacking)
    with pytest.raises(ValueError, match=r"disagree on .*context"):
        build_tiny(tmp_path)


TEXT = Article("s/a", "Cheepa said so.", story="s", claims=(Claim("c1", "It holds."),))
NAME = Mention(0, 6, "Cheepa", type="ORG", entity="e1")


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([], "no article to release"),
        ([AnnotatedArticle(TEXT), AnnotatedArticle(TEXT)], "id a second time"),
        ([AnnotatedArticle(TEXT), AnnotatedArticle(dataclasses.replace(TEXT, id="s/b"), split="train")],
         "story 's' is in train here and in test with s/a"),
        ([AnnotatedArticle(TEXT, split="dev")], "'dev' is no split"),
        ([AnnotatedArticle(TEXT, Labels(entities=(dataclasses.replace(NAME, end=99),)))], "outside the text"),
        ([AnnotatedArticle(TEXT, Labels(entities=(dataclasses.replace(NAME, text="Cheep"),)))], "'Cheepa' stands at 0"),
        ([AnnotatedArticle(TEXT, Labels(entities=(NAME,), chains=()))], "no chain 'e1'"),
        ([AnnotatedArticle(TEXT, Labels(entities=(dataclasses.replace(NAME, type="X"),)))], "'X' is no entity type"),
        ([AnnotatedArticle(TEXT, Labels(chains=(Chain("e1"), Chain("e1"))))], "'e1' a second time"),
        ([AnnotatedArticle(TEXT, Labels(stances=(Stance("article", None, "c2", "supports"),)))], "no claim 'c2'"),
        ([AnnotatedArticle(TEXT, Labels(stances=(Stance("article", None, "c1", None),)))], "must be given"),
    ],
)  # fmt: skip
def test_labels_that_do_not_fit_are_refused(tmp_path: Path, items: list[AnnotatedArticle], message: str) -> None:
    with pytest.raises(InputError, match=message):
        release.build(items, tmp_path / "x", name="x", version="1", types=["ORG"])
    assert not (tmp_path / "x").exists()


def test_what_is_no_release_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("years of work", encoding="utf-8")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "thesis")
    (tmp_path / "empty").mkdir()
    for name in ("thesis", "file", "link"):
        with pytest.raises(InputError, match="exists and is no released folder"):
            build_tiny(tmp_path, name)
    assert (tmp_path / "thesis" / "chapter.tex").read_text(encoding="utf-8") == "years of work"
    build_tiny(tmp_path, "empty")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "file", "link", "thesis"]


def test_a_failure_leaves_the_old_release_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(build_tiny(tmp_path))
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if Path(target).name == "tiny" and self.name != "release":
            raise OSError("disk full")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="disk full"):
        build_tiny(tmp_path)
    monkeypatch.undo()
    assert contents(tmp_path / "tiny") == before
    assert [path.name for path in tmp_path.iterdir()] == ["tiny"]


def test_nothing_of_the_old_release_stays(tmp_path: Path) -> None:
    build_tiny(tmp_path)
    release.build(stance_articles(3), tmp_path / "tiny", name="x", version="1")
    assert {Path(path).parts[1] for path in contents(tmp_path / "tiny") if path.startswith("data")} == {
        "articles", "stance", "all",
    }  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["tiny"]


def test_many_rows_are_written_in_batches(tmp_path: Path) -> None:
    articles = stance_articles(5_000)
    release.build(articles, tmp_path / "x", name="x", version="1", notes=["Nothing was dropped."])
    rows = release.read_rows(tmp_path / "x", "stance", "train")
    assert rows.num_rows + release.read_rows(tmp_path / "x", "stance", "test").num_rows == 5_000
    (file,) = (tmp_path / "x" / "data" / "stance").glob("train-*")
    assert pq.read_metadata(file).num_row_groups == 5
    assert sorted(rows.column("label").unique().to_pylist()) == ["supports", "unrelated"]


def test_a_file_that_was_changed_is_noticed(tmp_path: Path) -> None:
    folder = build_tiny(tmp_path)
    found = release.read_release(folder)
    file = release.find_file(found, "all", "test")
    assert isinstance(file, DataFile)
    (folder / file.path).unlink()
    with pytest.raises(InputError, match="No such file"):
        release.read_rows(folder)


def assemble_script(root: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Runs scripts/assemble.py."""
    command = [sys.executable, str(root / "scripts" / "assemble.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_script_builds_lists_problems_and_can_be_lenient(tmp_path: Path, root: Path) -> None:
    disk = copy_tiny(tmp_path)
    places = ["--corpus", disk / "corpus", "--annotations", disk / "annotations", "-o", tmp_path / "out"]
    done = assemble_script(root, *places)
    assert (done.returncode, done.stderr) == (0, "")
    assert "tiny 1, edition 2026.11, 1 train, 1 validation, 2 test; data " in done.stdout

    gold = disk / "annotations" / "gold" / "ferry-dock" / "harbour-post.json"
    gold.write_text(gold.read_text(encoding="utf-8").replace('"P2W"', '"2W"'), encoding="utf-8")
    before = contents(tmp_path / "out")
    done = assemble_script(root, *places)
    assert done.returncode == 1
    assert "'2W' is no TIMEX3 value of type DURATION" in done.stderr
    assert contents(tmp_path / "out") == before

    done = assemble_script(root, *places, "--lenient")
    assert done.returncode == 0
    assert "left out: " in done.stderr
    assert release.read_release(tmp_path / "out").splits == {"validation": 1, "test": 2}
    assert "lenient" in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")


def test_an_unknown_source_is_one_clear_error(tmp_path: Path, root: Path) -> None:
    done = assemble_script(root, "no-such-corpus", tmp_path, "-o", tmp_path / "out")
    assert done.returncode == 1
    assert "no-such-corpus" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()
