"""The importers on the real corpora: every span against its text, pinned records, and counts of another kind of reader.

The pins in ``pins/sources.json`` hold ids, offsets, labels and hashes, no words. The counts beside them are made here
from the raw files by means that the importers do not use.
"""

from __future__ import annotations

import csv
import html
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import sourcedata
from onrecord.checks import structure
from onrecord.corpus import text_hash
from onrecord.sources import Copy, Options, Report, polnear
from sourcedata import FOLDERS, digest, records, spans

PINS: dict[str, Any] = json.loads((Path(__file__).parent / "pins" / "sources.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FOLDERS)
def test_every_span_is_what_stands_at_its_offsets(shared_data: Path, name: str) -> None:
    number = 0
    for item in sourcedata.read(shared_data, name).articles:
        text = item.article.text
        assert item.article.text_sha256 == text_hash(text)
        assert not list(structure(item.article, item.labels))
        for span in spans(item.labels):
            assert span.start is not None and span.end is not None
            assert text[span.start : span.end] == span.text
            number += 1
    assert number >= PINS[name]["counts"].get("entities", 0) + PINS[name]["counts"].get("dates", 0)


@pytest.mark.parametrize("name", FOLDERS)
def test_pinned_records(shared_data: Path, name: str) -> None:
    articles = sorted(sourcedata.read(shared_data, name).articles, key=lambda item: item.article.id)
    found, pins = records(articles), PINS[name]
    assert dict(Counter(item.split for item in articles)) == pins["articles"]
    assert digest("".join(item.article.text_sha256 or "" for item in articles)) == pins["texts"]
    assert sum(item.article.published is not None for item in articles) == pins["published"]
    assert {layer: len(rows) for layer, rows in found.items()} == pins["counts"]
    for layer, rows in found.items():
        assert {"first": rows[0], "tenth": rows[9], "last": rows[-1]} == pins["records"][layer]
        assert digest(json.dumps(rows)) == pins["all"][layer]


def test_polnear_counts(shared_data: Path) -> None:
    """A quote an event that has a content, of the annotator whose code comes first."""
    for part, split, expected in (("train", "train", range(374, 377)), ("dev", "validation", range(2187, 2193))):
        files = sorted((shared_data / "polnear" / "data" / part / "attributions").glob("*.ann"))
        chosen = {file.stem.rpartition("_")[0]: file for file in reversed(files)}
        raw = sum(len(_with_content(file)) for file in chosen.values())
        articles = [i for i in sourcedata.read(shared_data, "polnear").articles if i.split == split]
        assert len(articles) == len(chosen)
        assert sum(len(item.labels.quotes or ()) for item in articles) == raw
        assert raw in expected


def _with_content(file: Path) -> list[str]:
    return re.findall(r"^E\d+\t.* Content2?:", file.read_text(encoding="utf-8"), re.MULTILINE)


def test_polnear_offers_every_annotator(shared_data: Path) -> None:
    folder = shared_data / "polnear-multi"
    with Copy(folder) as copy:
        passes = list(polnear.read_passes(copy, Report(), Options()))
    files = {file.stem for file in folder.rglob("*.ann")}
    assert {f"{item.article.id}_{annotator}" for annotator, item in passes} == files
    assert len({item.article.id for _, item in passes}) == 18
    assert Counter(annotator for annotator, _ in passes) == {
        "4b22": 18, "4e07": 17, "5fec": 18, "6b86": 18, "d473": 18, "ef2d": 18,
    }  # fmt: skip
    raw = sum(len(_with_content(file)) for file in folder.rglob("*.ann"))
    assert sum(len(item.labels.quotes or ()) for _, item in passes) == raw == 3288


def test_polnear_keeps_texts_that_are_not_nfc(shared_data: Path) -> None:
    """The text is the file's, character by character."""
    for item in sourcedata.read(shared_data, "polnear").articles:
        (file,) = (shared_data / "polnear").rglob(f"text/{item.article.id}.txt")
        assert item.article.text.encode() == file.read_bytes()


def test_uhh_counts(shared_data: Path) -> None:
    """325 annotations, less three that have content, cue and source of another one and would be its duplicates."""
    files = sorted((shared_data / "uhh-german-quotes" / "data").rglob("*.json"))
    raw = [label for file in files for label in json.loads(file.read_text(encoding="utf-8"))["annotations"]]
    read = sourcedata.read(shared_data, "uhh-quotes")
    quotes = [quote for item in read.articles for quote in item.labels.quotes or ()]
    assert len(raw) == 325 and len(quotes) == 322
    assert [note for note in read.notes if note.startswith("3 quotes left out: content, cue and source")]
    assert Counter(quote.source_type for quote in quotes) + Counter({"Direct": 1, "Indirect": 2}) == Counter(
        label["type"] for label in raw
    )
    broken = sum(len(label["quote"]["spans"]) > 1 for label in raw)
    assert sum(len(quote.content) > 1 for quote in quotes) == broken - 2


def test_gum_agrees_with_the_corpus_in_its_other_format(shared_data: Path) -> None:
    """GUM's own coref/gum/conll: the same mentions with type, as tokens instead of offsets."""
    for item in sourcedata.read(shared_data, "gum").articles:
        content = (shared_data / "gum-news" / "coref" / "gum" / "conll" / f"{item.article.id}.conll").read_text("utf-8")
        mentions = [(m.type, "".join((m.text or "").split())) for m in item.labels.entities or ()]
        assert Counter(mentions) == Counter(_gum_conll(content))
    assert sum(len(item.labels.entities or ()) for item in sourcedata.read(shared_data, "gum").articles) == 3240


def _gum_conll(content: str) -> list[tuple[str, str]]:
    """(type, text without white space) of each mention."""
    found: list[tuple[str, str]] = []
    tokens: list[str] = []
    begun: dict[str, list[int]] = {}
    for line in content.splitlines():
        columns = line.split("\t")
        if line.startswith("#") or len(columns) < 3:
            continue
        tokens.append(columns[1])
        for opening, label, closing in re.findall(r"(\(?)([^()]+)(\)?)", "" if columns[2] == "_" else columns[2]):
            if opening:
                begun.setdefault(label, []).append(len(tokens) - 1)
            if closing:
                found.append((label.partition("-")[0], "".join(tokens[begun[label].pop() :])))
    return found


def test_gum_links_and_kinds(shared_data: Path) -> None:
    mentions = [m for item in sourcedata.read(shared_data, "gum").articles for m in item.labels.entities or ()]
    kinds = Counter(m.kind for m in mentions)
    assert kinds == {"nominal": 1892, "name": 1031, "pronoun": 317}
    # The shares that are known of all 24 documents of the genre.
    shares = {"name": 0.32, "nominal": 0.59, "pronoun": 0.09}
    assert all(abs(kinds[kind] / len(mentions) - share) < 0.01 for kind, share in shares.items())
    files = (shared_data / "gum-news" / "coref" / "gum" / "conll").glob("*.conll")
    identified = sum(len(re.findall(r"\([a-z]+-\d+-", file.read_text(encoding="utf-8"))) for file in files)
    links = [m.link for m in mentions if m.link is not None]
    assert len(links) == identified
    assert all(re.fullmatch(r"Q\d+", link) for link in links)


@pytest.mark.parametrize(("name", "with_text", "empty"), [("tempeval3", 579, 0), ("krauts", 689, 43)])
def test_timeml_counts(shared_data: Path, name: str, with_text: int, empty: int) -> None:
    """TIMEX3 inside TEXT, counted with a regular expression; their texts decoded by another decoder."""
    texts: list[str] = []
    for file in sorted((shared_data / FOLDERS[name]).rglob("[!.]*.tml")):
        body = file.read_bytes().decode("utf-8").replace("\r\n", "\n").partition("<TEXT>")[2].partition("</TEXT>")[0]
        assert "<TIMEX3" not in re.sub(r"<TIMEX3\b[^>]*/>|<TIMEX3\b.*?</TIMEX3>", "", body, flags=re.DOTALL)
        texts += ["" for _ in re.findall(r"<TIMEX3\b[^>]*/>", body)]
        body = re.sub(r"<TIMEX3\b[^>]*/>", "", body)
        for inner in re.findall(r"<TIMEX3\b[^>]*>(.*?)</TIMEX3>", body, flags=re.DOTALL):
            texts.append(html.unescape(re.sub(r"<[^>]*>", "", inner)))
    dates = [date for item in sourcedata.read(shared_data, name).articles for date in item.labels.dates or ()]
    assert texts.count("") == empty
    assert len(dates) == with_text
    assert Counter(date.text for date in dates) == Counter(filter(None, texts))


def test_fnc1_counts(shared_data: Path) -> None:
    with (shared_data / "fnc-1" / "train_stances.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ours = {"supports": "agree", "opposes": "disagree", "neutral": "discuss", "unrelated": "unrelated"}
    articles = sourcedata.read(shared_data, "fnc1").articles
    found = Counter(
        (claim.text, item.article.id.removeprefix("train/"), ours[stance.label or ""])
        for item in articles
        for claim, stance in zip(item.article.claims, item.labels.stances or (), strict=True)
    )
    assert found == Counter((row["Headline"], row["Body ID"], row["Stance"]) for row in rows)
    assert (len(rows), len(articles)) == (2000, 914)
    assert {item.article.headline for item in articles} == {None}


@pytest.mark.parametrize(("name", "known"), [("uhh-quotes", 72), ("gum", 18), ("tempeval3", 73), ("krauts", 92)])
def test_the_known_version_is_recognised(shared_data: Path, name: str, known: int) -> None:
    assert (
        sourcedata.read(shared_data, name).notes[0] == f"{known} of {known} file(s) read are those of the known version"
    )


def test_what_the_known_version_lacks_or_has_more_is_named(shared_data: Path) -> None:
    polnear_notes, fnc1_notes = (sourcedata.read(shared_data, name).notes for name in ("polnear", "fnc1"))
    assert "188 of 189 file(s) read are those of the known version" in polnear_notes
    assert any("checksum is not on record" in note and "data/metadata.tsv" in note for note in polnear_notes)
    assert "1 file(s) altered against the known version: train_stances.csv" in fnc1_notes
