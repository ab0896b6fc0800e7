"""Reading and writing the corpus on disk."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import jsonschema
import pytest

from onrecord.corpus import labels_json, read_corpus, text_hash
from onrecord.errors import InputError
from onrecord.wire import labels_from_wire, labels_to_wire
from tinycorpus import TINY, copy_tiny


def test_an_article_is_its_header_and_its_text() -> None:
    corpus = read_corpus(TINY / "corpus", TINY / "annotations")
    (article,) = [item.article for item in corpus.articles if item.article.id == "clinic-hours/weekly-bell"]
    raw = (TINY / "corpus/stories/clinic-hours/weekly-bell.txt").read_text(encoding="utf-8")
    assert raw.endswith(f"---\n{article.text}\n")
    assert article.text.startswith("Night clinic: a bad vote\n\n")
    assert not article.text.endswith("\n")
    assert (article.story, article.outlet, article.byline, article.dateline) == (
        "clinic-hours", "weekly-bell", "Della Quist", None,
    )  # fmt: skip
    assert (article.published, article.variety, article.edition) == ("2031-12-05", "en-NZ", "2026.11")
    assert article.phenomena == ("nested-quote", "sets", "fiscal-year")
    assert [claim.id for claim in article.claims] == ["c1", "c2"]
    assert article.text_sha256 == hashlib.sha256(article.text.encode()).hexdigest() == text_hash(article.text)


def test_the_claims_and_the_split_are_the_story_s() -> None:
    corpus = read_corpus(TINY / "corpus", TINY / "annotations")
    trams = [item for item in corpus.articles if item.article.story == "tram-fares"]
    assert len(trams) == 2
    assert {item.split for item in trams} == {"test"}
    assert trams[0].article.claims == trams[1].article.claims == corpus.stories["tram-fares"].claims


def test_labels_are_written_with_one_annotation_a_line_and_read_back() -> None:
    for item in read_corpus(TINY / "corpus", TINY / "annotations").articles:
        text = labels_json(item.article, labels_to_wire(item.labels))
        assert labels_from_wire(json.loads(text)) == item.labels
        annotations = [line for line in text.split("\n") if line.startswith("  {")]
        counts = [item.labels.chains, item.labels.entities, item.labels.quotes, item.labels.dates, item.labels.stances]
        assert len(annotations) == sum(len(layer or ()) for layer in counts)
        assert all(json.loads(line.strip().removesuffix(",")) for line in annotations)
        assert "null" not in text
        assert text == (TINY / "annotations/gold" / f"{item.article.id}.json").read_text(encoding="utf-8")


def test_an_article_without_any_label_has_five_empty_layers(tmp_path: Path) -> None:
    disk = copy_tiny(tmp_path)
    (article,) = [
        item.article
        for item in read_corpus(disk / "corpus", disk / "annotations").articles
        if item.article.id == "tram-fares/coast-wire"
    ]
    text = labels_json(article, {})
    (disk / "annotations/gold/tram-fares/coast-wire.json").write_text(text, encoding="utf-8")
    again = read_corpus(disk / "corpus", disk / "annotations").articles[-1]
    assert (again.labels.entities, again.labels.quotes, again.labels.stances) == ((), (), ())


def test_nothing_usable_is_an_error_even_when_lenient(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no article with usable labels"):
        read_corpus(tmp_path, tmp_path, lenient=True)


@pytest.mark.parametrize("folder", [TINY / "corpus", TINY.parent.parent / "corpus"])
def test_the_knowledge_base_obeys_its_schema(folder: Path, root: Path) -> None:
    schema = json.loads((root / "corpus" / "world" / "schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    lines = (folder / "world" / "entities.jsonl").read_text(encoding="utf-8").splitlines()
    faults = [
        f"{number}: {error.message}"
        for number, line in enumerate(lines, start=1)
        for error in validator.iter_errors(json.loads(line))
    ]
    assert faults == []
    ids = [json.loads(line)["id"] for line in lines]
    assert len(ids) == len(set(ids)) > 5


def test_the_schema_of_the_knowledge_base_refuses(root: Path) -> None:
    validator = jsonschema.Draft202012Validator(
        json.loads((root / "corpus" / "world" / "schema.json").read_text(encoding="utf-8"))
    )
    good = {"id": "org/a", "type": "ORG", "name": "A", "aliases": [], "description": "x", "roles": [], "wikidata": None}
    assert validator.is_valid(good)
    for change in (
        {"id": "gpe/a"}, {"type": "PERSON"}, {"name": ""}, {"aliases": "B"}, {"wikidata": "1156"}, {"mood": "x"},
        {"roles": [{"title": "x"}]},
    ):  # fmt: skip
        assert not validator.is_valid({**good, **change})
