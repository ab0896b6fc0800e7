"""``croissant.json``: validated and read by mlcroissant, row by row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from conftest import require
from onrecord import release
from onrecord.assembly import assemble
from onrecord.croissant import RAI_FIELDS
from onrecord.errors import InputError
from onrecord.model import AnnotatedArticle, Article, Labels, Quote, Span
from tinycorpus import build_tiny, copy_tiny

try:
    import mlcroissant
except ModuleNotFoundError:
    mlcroissant = None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """The release of the corpus itself."""
    out = tmp_path_factory.mktemp("croissant") / "release"
    assemble(root / "corpus", root / "annotations", out)
    return out


def opened(folder: Path) -> Any:
    require(mlcroissant is not None, "needs mlcroissant: pip install 'onrecord[test]'")
    return mlcroissant.Dataset(str(folder / "croissant.json"))


def plain(value: Any) -> Any:
    """Bytes as text, without the prefix of the record set."""
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, dict):
        return {name.rpartition("/")[2]: plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def seen(value: Any, before: str = "") -> dict[str, Any]:
    """A struct as Croissant shows it: its leaves by path, two elements of every list of structs."""
    leaves: dict[str, Any] = {}
    for name, item in value.items():
        path = f"{before}{name}"
        if isinstance(item, dict):
            leaves |= seen(item, f"{path}.")
        elif isinstance(item, list) and item and isinstance(item[0], dict):
            for number, element in enumerate(item[:2]):
                leaves |= seen(element, f"{path}[{number}].")
        else:
            leaves[path] = item
    return leaves


def agrees(read: Any, row: Any) -> bool:
    """Whether what Croissant read is what the row holds; a leaf of something that is not there reads as None."""
    if isinstance(row, list) and row and isinstance(row[0], dict):
        return len(read) == len(row) and all(map(agrees, read, row))
    if isinstance(row, dict):
        leaves = seen(row)
        return all(leaves.get(name) == item for name, item in read.items()) and {
            name for name, item in leaves.items() if item not in (None, [])
        } <= set(read)
    return bool(read == row)


def test_it_conforms_without_error_or_warning(folder: Path) -> None:
    dataset = opened(folder)
    issues = dataset.metadata.ctx.issues
    assert (set(issues.errors), set(issues.warnings)) == (set(), set())
    assert dataset.metadata.ctx.is_v1_1()
    assert dataset.metadata.data_limitations
    assert dataset.metadata.data_annotation_protocol
    assert dataset.metadata.license == ["https://creativecommons.org/licenses/by/4.0/"]


def test_every_row_of_every_config_and_split_is_read(folder: Path) -> None:
    dataset = opened(folder)
    found = release.read_release(folder)
    assert len(found.files) == 18
    sets = {item.id for item in dataset.metadata.record_sets}
    assert sets == {f"{file.config}/{file.split}" for file in found.files} | {"splits"}
    assert [plain(row) for row in dataset.records("splits")] == [{"name": split} for split in found.splits]
    for file in found.files:
        read = [plain(row) for row in dataset.records(f"{file.config}/{file.split}")]
        rows = pq.read_table(folder / file.path).to_pylist()
        assert len(read) == len(rows) == file.rows > 0
        for one, other in zip(read, rows, strict=True):
            assert set(one) == set(other)
            for name, value in other.items():
                assert agrees(one[name], value), (file.path, name, one[name], value)


def test_every_field_of_the_rai_extension_is_said(folder: Path, root: Path) -> None:
    said = json.loads((folder / "croissant.json").read_bytes())
    given = json.loads((root / "corpus" / "rai.json").read_bytes())
    assert set(given) == set(RAI_FIELDS)
    assert {name: said[f"rai:{name}"] for name in RAI_FIELDS} == given
    canary = json.loads((root / "corpus" / "corpus.json").read_bytes())["canary"]
    assert said["description"].endswith(canary)


def test_files_stand_with_their_checksums(folder: Path) -> None:
    said = json.loads((folder / "croissant.json").read_bytes())
    by_path = {file["contentUrl"]: file["sha256"] for file in said["distribution"]}
    assert by_path == {file.path: file.sha256 for file in release.read_release(folder).files}


def test_a_layer_without_labels_and_data_that_says_little_of_itself_are_read(tmp_path: Path) -> None:
    quotes = (Quote("q1", (Span(0, 2, "Hm"), Span(4, 6, "no"), Span(8, 10, "oh"))),)
    items = [
        AnnotatedArticle(Article("a", "Hm, no, oh."), Labels(quotes=quotes)),
        AnnotatedArticle(Article("b", "So."), Labels()),
        AnnotatedArticle(Article("c", "So!"), Labels(quotes=())),
    ]
    release.build(items, tmp_path / "x", name="x", version="")
    rows = [plain(row) for row in opened(tmp_path / "x").records("all/test")]
    assert [row["id"] for row in rows] == ["a", "b", "c"]
    assert [part["content[1].text"] for part in rows[0]["quotes"]] == ["no"]
    assert rows[2]["quotes"] == []


def test_a_corpus_that_says_nothing_has_no_rai_fields(tmp_path: Path) -> None:
    said = json.loads((build_tiny(tmp_path) / "croissant.json").read_bytes())
    assert [name for name in said if name.startswith("rai:")] == []
    assert "datePublished" not in said


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"dataBias": "x"}', "dataBias: is no RAI field"),
        ('{"dataBiases": [1]}', "dataBiases: \\[1\\] is no text"),
        ('{"dataBiases": []}', "is no text"),
        ("[]", "holds no object"),
        ("", "is empty"),
    ],
)
def test_rai_fields_that_cannot_be_used_are_refused(tmp_path: Path, content: str, message: str) -> None:
    disk = copy_tiny(tmp_path)
    (disk / "corpus" / "rai.json").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        assemble(disk / "corpus", disk / "annotations", tmp_path / "out")
    assert not (tmp_path / "out").exists()
