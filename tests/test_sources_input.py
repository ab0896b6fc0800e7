"""Copies as people have them: partial, altered, in other encodings, broken, and hostile."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import tarfile
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from onrecord import sources
from onrecord.errors import InputError
from onrecord.sources import Options
from onrecord.sources import copy as copies

TEXT = "Ann Lee said: “It’s done,”\nshe told the Post on Friday."
ANN = "T1\tSource 0 7\tAnn Lee\nT2\tCue 8 12\tsaid\nT3\tContent 14 26\t“It’s done,”\nE1\tAttribution:T1 Content:T3 Cue:T2 Source:T1\n"
QUOTES = {"data/dev/text/a.txt": TEXT, "data/dev/attributions/a_0a0a.ann": ANN}
DATES = (
    '<TimeML><DCT><TIMEX3 value="2031-11-07"/></DCT><TEXT>It was <TIMEX3 type="DATE" value="2031">café</TIMEX3>'
    "</TEXT></TimeML>"
)


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def notes(name: str, folder: Path, number: int = 1) -> str:
    read = sources.read(name, folder)
    assert len(read.articles) == number
    return "\n".join(read.notes)


# PolNeAR --------------------------------------------------------------------------------------------------------------


def test_files_are_found_at_any_depth(tmp_path: Path) -> None:
    write(tmp_path, {f"my/old copy/PolNeAR-master/{name}": content for name, content in QUOTES.items()})
    write(tmp_path, {"software/polnear/data.py": "x = 1", "data/dev/corenlp/a.xml": "<x/>"})
    (article,) = sources.read("polnear", tmp_path).articles
    assert (article.article.id, article.split, len(article.labels.quotes or ())) == ("a", "validation", 1)


def test_one_annotator_by_the_rule_and_all_of_them(tmp_path: Path) -> None:
    write(tmp_path, {**QUOTES, "data/dev/attributions/a_00ff.ann": "", "data/dev/text/b_c.txt": TEXT})
    write(tmp_path, {"data/dev/attributions/b_c_0a0a.ann": ANN})
    read = sources.read("polnear", tmp_path)
    assert {item.article.id: len(item.labels.quotes or ()) for item in read.articles} == {"a": 0, "b_c": 1}
    assert any("several annotators: the first code in the alphabet is taken (a)" in note for note in read.notes)
    assert sources.assemble_passes("polnear", tmp_path, tmp_path / "out") == {"00ff": 1, "0a0a": 1}
    line = json.loads((tmp_path / "out" / "0a0a.jsonl").read_text(encoding="utf-8"))
    assert (line["id"], len(line["quotes"]), "dates" in line) == ("a", 1, False)


def test_labels_without_a_text_and_a_text_without_labels(tmp_path: Path) -> None:
    write(tmp_path, {**QUOTES, "data/test/attributions/lost_0a0a.ann": ANN, "data/test/text/bare.txt": TEXT})
    said = notes("polnear", tmp_path)
    assert "1 articles left out: labels without a text (test/lost)" in said
    assert "1 articles left out: a text without labels (test/bare)" in said


def test_anomalies_of_attributions(tmp_path: Path) -> None:
    ann = (
        "T1\tSource 0 7\tAnn Lee\n"
        "T2\tContent 36 44;14 26\tthe Post “It’s done,”\n"
        "T3\tContent 31 40\ttold the \n"
        "T4\tCue 8 12\tsaid\n"
        "T5\tDiscard 27 30\tshe\n"
        "T6\tContent 48 54\tMonday\n"
        "T7\tContent 14 26;20 26\t“It’s done,” done,”\n"
        "T8\tCue 27 30;31 35\tshe told\n"
        "T9\tContent 13 13\t\n"
        "E1\tAttribution:T1 Content:T2 Content2:T3 Cue:T8 Source:T1\n"  # overlapping, out of order
        "E2\tAttribution-no-source:T4 Content:T7 Cue:T4\n"
        "E3\tAttribution:T1 Source:T1\n"  # no content
        "E4\tAttribution:T1 Content:T6 Source:T1\n"  # text is not what stands there
        "E5\tAttribution:T1 Content:T99 Source:T4\n"  # dangling; role is not the label
        "E6\tAttribution-no-source:T4 Content:T7 Cue:T4\n"  # E2 again
        "E7\tAttribution:T1 Content:T9\n"  # nothing in it
        "#1\tAnnotatorNotes T1\twell\n"
    )
    write(tmp_path, {**QUOTES, "data/dev/attributions/a_0a0a.ann": ann})
    read = sources.read("polnear", tmp_path)
    second, first = sorted(read.articles[0].labels.quotes or (), key=lambda quote: quote.id or "")[::-1]
    assert [(s.start, s.end) for s in first.content] == [(14, 26), (31, 44)]
    assert first.cue and first.cue.text == "she"
    assert [(s.start, s.end) for s in second.content] == [(14, 26)]
    assert (second.source, second.source_type) == (None, "Attribution-no-source")
    said = "\n".join(read.notes)
    for sentence in (
        "4 attributions left out: no content",
        "1 quotes left out: the same a second time (a E6)",
        "1 roles left out: they point to nothing (a E5 Content:T99)",
        "1 spans left out: their text is not what stands at their offsets (a T6)",
        "1 spans whose label is not their role: the role counts (a T4)",
        "1 spans outside any attribution left out: Discard (a T5)",
        "1 cues of several spans: the first is kept (a E1)",
        "1 fragments left out: they have no text (a E7)",
        "1 note lines left out (a #1)",
    ):
        assert sentence in said
    assert "fragments that overlapped within one span, joined" in said


def test_texts_that_are_not_nfc_keep_their_offsets(tmp_path: Path) -> None:
    decomposed = "Cafe\u0301: Ann Lee said no 😀."
    start = decomposed.index("Ann")
    ann = f"T1\tContent {start} {start + 7}\tAnn Lee\nE1\tAttribution:T1 Content:T1\n"
    write(tmp_path, {"data/dev/text/a.txt": decomposed, "data/dev/attributions/a_0a0a.ann": ann})
    (item,) = sources.read("polnear", tmp_path).articles
    assert item.article.text == decomposed
    assert item.labels.quotes and item.labels.quotes[0].content[0].text == "Ann Lee"


# Encodings ------------------------------------------------------------------------------------------------------------


def test_latin_1_files(tmp_path: Path) -> None:
    text = "Señor Lee said no."
    ann = "T1\tSource 0 9\tSeñor Lee\nT2\tContent 15 17\tno\nE1\tAttribution:T1 Content:T2 Source:T1\n"
    quotes = {"data/dev/text/a.txt": text.encode("latin-1"), "data/dev/attributions/a_0a0a.ann": ann.encode("latin-1")}
    (item,) = sources.read("polnear", write(tmp_path / "p", quotes)).articles
    assert item.labels.quotes and item.labels.quotes[0].source and item.labels.quotes[0].source.text == "Señor Lee"
    assert "2 file(s) not in UTF-8" in notes("polnear", tmp_path / "p")
    assert "read as Latin-1" in notes("polnear", tmp_path / "p")
    dates = write(tmp_path / "t", {"TBAQ-cleaned/a.tml": DATES.encode("latin-1")})
    (article,) = sources.read("tempeval3", dates).articles
    assert [date.text for date in article.labels.dates or ()] == ["café"]
    assert "read as Latin-1" in notes("tempeval3", dates)
    declared = b'<?xml version="1.0" encoding="ISO-8859-1"?>' + DATES.encode("latin-1")
    (article,) = sources.read("tempeval3", write(tmp_path / "d", {"a.tml": declared})).articles
    assert [date.text for date in article.labels.dates or ()] == ["café"]
    document = {"documentName": "1 - Höhe (2005-01-02)", "originalText": "Größe", "annotations": []}
    json_file = {"data/dev/a.json": json.dumps(document, ensure_ascii=False).encode("latin-1")}
    (article,) = sources.read("uhh-quotes", write(tmp_path / "u", json_file)).articles
    assert (article.article.text, article.article.published) == ("Größe", "2005-01-02")
    pairs = {
        "train_stances.csv": "Headline,Body ID,Stance\r\nÉté,1,agree\r\n".encode("latin-1"),
        "train_bodies.csv": b"\xef\xbb\xbfBody ID,articleBody\n1,\x22a\nb\x22\n",
    }
    (article,) = sources.read("fnc1", write(tmp_path / "f", pairs)).articles
    assert (article.article.text, article.article.claims[0].text) == ("a\nb", "Été")


def test_a_checkout_with_crlf(tmp_path: Path) -> None:
    later = "T4\tContent 36 44\tthe Post\nE2\tAttribution:T1 Content:T4\n"
    files: dict[str, str | bytes] = {
        "data/dev/text/a.txt": TEXT.replace("\n", "\r\n"),
        "data/dev/attributions/a_0a0a.ann": (ANN + later).replace("\n", "\r\n"),
    }
    read = sources.read("polnear", write(tmp_path, files))
    assert len(read.articles[0].labels.quotes or ()) == 2
    assert read.articles[0].article.text == TEXT
    assert any("texts repaired: CRLF" in note for note in read.notes)


# Broken files ---------------------------------------------------------------------------------------------------------


def test_truncated_hostile_and_empty_xml_is_named_and_the_rest_is_built(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the-secret", encoding="utf-8")
    write(
        tmp_path / "copy",
        {
            "ok.tml": DATES,
            "cut.tml": DATES[:-30],
            "empty.tml": b"",
            "._ok.tml": b"\x00\x05\x16\x07",
            "external.tml": f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret}">]><TimeML><TEXT>&x;</TEXT></TimeML>',
            "bomb.tml": '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><TimeML><TEXT>&b;</TEXT></TimeML>',
            "none.tml": "<TimeML><TEXT></TEXT></TimeML>",
            "TE3-Silver-data/s.tml": DATES,
        },
    )
    read = sources.read("tempeval3", tmp_path / "copy")
    assert {item.article.id: item.article.text for item in read.articles} == {"ok": "It was café", "none": ""}
    said = "\n".join(read.notes)
    assert "4 files left out: they cannot be read" in said
    for name in ("bomb.tml", "cut.tml", "empty.tml"):
        assert name in said
    assert "the-secret" not in said and "._ok" not in said
    assert "1 articles without text (none.tml)" in said


def test_odd_expressions_of_timeml(tmp_path: Path) -> None:
    body = (
        '<TIMEX3 tid="t1" type="DATE" value="2031">a</TIMEX3> <TIMEX3 tid="t2" type="DATE" value="P9Q"/>'
        '<TIMEX3 tid="t3" type="WHEN" value="2031">b</TIMEX3> <TIMEX3 tid="t4" type="DATE" value="20-31" mod="NEAR">c</TIMEX3>'
        '<TIMEX3 tid="t5" type="SET" value="P1W" mod="APPROX">d</TIMEX3>'
    )
    head = '<DCT><TIMEX3 functionInDocument="CREATION_TIME" value="2031-02-30"/></DCT>'
    write(tmp_path, {"x/te3-platinum/a.tml": f"<TimeML>{head}<TEXT>{body}</TEXT></TimeML>"})
    read = sources.read("tempeval3", tmp_path)
    (item,) = read.articles
    assert (item.split, item.article.published) == ("test", None)
    assert [(d.text, d.value, d.mod) for d in item.labels.dates or ()] == [
        ("a", "2031", None), ("c", "20-31", None), ("d", "P1W", "APPROX"),
    ]  # fmt: skip
    said = "\n".join(read.notes)
    for sentence in (
        "1 expressions left out: they have no text (a t2)",
        "1 expressions left out: WHEN is no TIMEX3 type (a t3)",
        "1 mods left out: not in TimeML (a t4 NEAR)",
        "1 values that are no TIMEX3 value for their type, kept as they are (a t4 20-31)",
        "1 articles without a usable creation time",
    ):
        assert sentence in said


def test_the_copy_may_be_the_folder_of_the_platinum_files(tmp_path: Path) -> None:
    write(tmp_path / "te3-platinum", {"a.tml": DATES})
    assert [item.split for item in sources.read("tempeval3", tmp_path / "te3-platinum").articles] == ["test"]
    write(tmp_path / "krauts", {"KRAUTS_X/a.tml": DATES, "KRAUTS_X_Heideltime/b.tml": DATES})
    assert [item.article.id for item in sources.read("krauts", tmp_path / "krauts").articles] == ["a"]


def test_two_texts_of_one_name_and_one_text_twice(tmp_path: Path) -> None:
    other = DATES.replace("It was", "It is")
    write(tmp_path, {"TBAQ-cleaned/a.tml": DATES, "backup/a.tml": DATES, "more/a.tml": other})
    read = sources.read("krauts", tmp_path)
    assert [(item.article.id, item.article.text) for item in read.articles] == [
        ("a", "It was café"),
        ("a-2", "It is café"),
    ]
    assert "1 articles left out: the same a second time (a)" in read.notes
    assert any("whose id was taken by another text: they get a number (a-2)" in note for note in read.notes)


def test_json_that_is_broken_or_something_else(tmp_path: Path) -> None:
    label = {"id": 0, "type": "Direct", "quote": {"spans": [{"charBegin": 0, "charEnd": 3}], "text": "Ann"}, "cue": []}
    good = {
        "documentName": "7 - Titel (2005-01-02)",
        "originalText": "Ann sagte nein.",
        "annotations": [
            label,
            {**label, "id": 1},
            "x",
            {**label, "id": 2, "quote": {"spans": [{"charBegin": 0, "charEnd": 99}], "text": ""}},
            {**label, "id": 3, "cue": {"spans": [{"charBegin": 4, "charEnd": 9}, {"charBegin": 10, "charEnd": 14}], "text": "sagte nein"}},
            {**label, "id": 4, "quote": {"spans": [{"charBegin": 4, "charEnd": 9}], "text": "sprach"}, "speaker": {"spans": [{"charBegin": "0"}], "text": ""}},
            {**label, "id": 5, "quote": []},
        ],
    }  # fmt: skip
    write(
        tmp_path,
        {
            "data/train/7.json": json.dumps(good),
            "data/train/8.json": json.dumps(good)[:-20],
            "data/train/9.json": "[]",
            "data/test/10.json": json.dumps({"originalText": "Nichts."}),
        },
    )
    read = sources.read("uhh-quotes", tmp_path)
    assert {item.article.id: item.split for item in read.articles} == {"7": "train", "10": "test"}
    quotes = next(item.labels.quotes for item in read.articles if item.article.id == "7")
    assert [(q.id, q.cue.text if q.cue else None) for q in quotes or ()] == [
        ("q0", None),
        ("q3", "sagte"),
        ("q4", None),
    ]
    said = "\n".join(read.notes)
    for sentence in (
        "1 files left out: no JSON, perhaps truncated (data/train/8.json",
        "1 files left out: they hold no article of this corpus (data/train/9.json)",
        "1 quotes left out: content, cue and source of an earlier one (7 1)",
        "1 quotes left out: not of this corpus's form (7 2)",
        "2 quotes left out: no content (7 2, 7 5)",
        "2 spans left out: outside the text (7 2, 7 4)",
        "1 cues of several spans: the first is kept (7 3)",
        "whose own text differs from what stands at their offsets",
    ):
        assert sentence in said


def test_pairs_twice_without_a_body_or_with_an_unknown_label(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "train_stances.csv": "Headline,Body ID,Stance\nA,1,agree\nA,1,agree\nA,1,discuss\nB,1,unrelated\nA,2,agree\nC,1,maybe\nD\n",
            "train_bodies.csv": 'Body ID,articleBody\n1,"He said ""no"".\n\nYes."\n3,alone\n1,again\n',
            "competition_test_stances.csv": "Headline,Body ID,Stance\nA,1,disagree\n",
            "test_bodies.csv": "Body ID,articleBody\n1,Other.\n",
        },
    )
    read = sources.read("fnc1", tmp_path)
    first, second = read.articles
    assert [(s.claim, s.holder, s.label) for s in first.labels.stances or ()] == [
        ("c1", "article", "supports"), ("c2", "article", "unrelated"),
    ]  # fmt: skip
    assert [claim.text for claim in first.article.claims] == ["A", "B"]
    assert first.article.text == 'He said "no".\n\nYes.'
    assert (first.article.id, first.split, second.article.id, second.split) == ("train/1", "train", "test/1", "test")
    said = "\n".join(read.notes)
    for sentence in (
        "1 pairs left out: the same a second time (train_stances.csv:3)",
        "1 pairs left out: a second label for the same pair, the first is kept (train_stances.csv:4)",
        "1 pairs left out: their label is not one of FNC-1 (train_stances.csv:7 'maybe')",
        "1 pairs left out: their body is missing (train_stances.csv (2))",
        "1 rows left out: a field is missing (train_stances.csv:8)",
        "1 bodies left out: no headline is paired with them (train_bodies.csv:5 (3))",
        "1 bodies left out: their id was taken already (train_bodies.csv:6 (1))",
    ):
        assert sentence in said


def test_a_table_without_its_columns(tmp_path: Path) -> None:
    write(tmp_path, {"train_stances.csv": "a,b\n1,2\n", "train_bodies.csv": "Body ID,articleBody\n1,x\n"})
    with pytest.raises(InputError, match="has no column Headline, Body ID, Stance"):
        sources.read("fnc1", tmp_path)


# GUM ------------------------------------------------------------------------------------------------------------------


def conllu(name: str, entity: str, header: str = "GRP-etype-infstat-salience-centering-minspan-link-identity") -> str:
    return (
        f"# newdoc id = {name}\n# global.Entity = {header}\n# meta::dateCreated = 2031-11-07\n# newpar\n"
        f"1\tAnn\tAnn\tPROPN\tNNP\t_\t0\troot\t_\t{entity}\n2\tleft\tleave\tVERB\tVBD\t_\t1\tx\t_\t_\n\n"
    )


def test_gum_reads_dep_and_not_its_sources_or_ontogum(tmp_path: Path) -> None:
    good = conllu("GUM_news_a", "Entity=(1-person-new-nnnnn-cf1-1-coref-Ann_%28singer%29)")
    bare = conllu("GUM_news_a", "_")
    write(
        tmp_path,
        {
            "_build/src/dep/GUM_news_a.conllu": bare,
            "coref/ontogum/conllu/GUM_news_a.conllu": bare,
            "dep/GUM_news_a.conllu": good,
            "dep/GUM_interview_b.conllu": conllu("GUM_interview_b", "Entity=(1-person-new-nnnnn-cf1-1-coref)"),
            "dep/GUM_reddit_c.conllu": conllu("GUM_reddit_c", "_")
            .replace("Ann\t", "___\t")
            .replace("left\t", "____\t"),
            "dep/GUM_news_cut.conllu": good[:180],
            "coref/wiki_map.tab": "#FormattedTitle\tURLTitle\tWikidataID\tx\nAnn_%28singer%29\tAnn_%28singer%29\tQ7\tx\n",
            "splits.md": "## dev\n\n  * GUM_news_a\n## train\n  * GUM_interview_b\n",
        },
    )
    read = sources.read("gum", tmp_path)
    (item,) = read.articles
    assert (item.article.id, item.split, item.article.published) == ("GUM_news_a", "validation", "2031-11-07")
    assert [(m.text, m.type, m.kind, m.link) for m in item.labels.entities or ()] == [("Ann", "person", "name", "Q7")]
    assert any("GUM_news_cut.conllu" in note for note in read.notes)
    more = sources.read("gum", tmp_path, Options(genres=("interview", "reddit", "vlog")))
    assert [(item.article.id, item.split, item.article.desk) for item in more.articles] == [
        ("GUM_interview_b", "train", "interview")
    ]
    said = "\n".join(more.notes)
    assert "underscores stand for their words (see get_text.py) (GUM_reddit_c)" in said
    assert "2 genres of which no document was found (reddit, vlog)" in said


def test_gum_of_another_version(tmp_path: Path) -> None:
    """An older list of fields, a type nobody has heard of, brackets that do not match, parts of a mention."""
    older = "GRP-etype-infstat-minspan-link-identity"
    entity = "Entity=(1-person-new-1-coref-Ann_Lee(2-gadget-new-1-sgl)3)(4[1/2]-person-new-1-sgl)(5-person-new-1-sgl)1)(9-person-new"
    write(
        tmp_path,
        {
            "xml/GUM_news_a.xml": '<text id="x" partition="test">',
            "dep/GUM_news_a.conllu": conllu("GUM_news_a", entity, older),
        },
    )
    read = sources.read("gum", tmp_path)
    (item,) = read.articles
    assert item.split == "test"
    assert sorted((m.type, m.link) for m in item.labels.entities or ()) == [("person", "Ann_Lee")]
    assert len(item.labels.chains or ()) == 1
    said = "\n".join(read.notes)
    for sentence in (
        "1 closing brackets without an opening one (GUM_news_a 3)",
        "1 mentions left out: never closed (GUM_news_a 9)",
        "1 parts of discontinuous mentions, each kept as a mention (GUM_news_a 4[1/2])",
        "mentions left out: a second one on the same text",
        "1 file missing: links stay Wikipedia titles (coref/wiki_map.tab)",
    ):
        assert sentence in said
    alone = conllu("GUM_news_b", "Entity=(2-gadget-new-1-sgl)", older)
    write(tmp_path / "new", {"GUM_news_b.conllu": alone})
    read = sources.read("gum", tmp_path / "new")
    assert (read.types or ())[-1] == "gadget" and read.articles[0].split == "train"
    assert "1 entity types that the known version does not have, taken as they are (gadget)" in read.notes
    assert any("whose split is not known, taken as train" in note for note in read.notes)


# Versions -------------------------------------------------------------------------------------------------------------


def test_altered_missing_and_unknown_files_are_named(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "krauts" / "KRAUTS" / "KRAUTS_DieZeit"
    copy = tmp_path / "copy" / "KRAUTS" / "KRAUTS_DieZeit"
    copy.mkdir(parents=True)
    names = sorted(path.name for path in source.iterdir())[:3]
    for name in names:
        (copy / name).write_bytes((source / name).read_bytes())
    with (copy / names[0]).open("ab") as file:
        file.write(b"\n")
    write(copy, {"new.tml": DATES})
    said = notes("krauts", tmp_path / "copy", 4)
    assert "2 of 4 file(s) read are those of the known version" in said
    assert f"1 file(s) altered against the known version: KRAUTS/KRAUTS_DieZeit/{names[0]}" in said
    assert "89 file(s) of the known version missing" in said
    assert "1 file(s) whose checksum is not on record, read all the same: KRAUTS/KRAUTS_DieZeit/new.tml" in said


def test_a_file_is_known_by_the_name_git_has_for_it(tmp_path: Path) -> None:
    write(tmp_path, {"a/x.csv": b"hello\n"})
    for checksum, what in (("git:ce013625030ba8dba906f756967f9e9ca394464a", "1 of 1"), ("git:0", "0 of 1")):
        with sources.Copy(tmp_path) as copy:
            copy.read("a/x.csv")
            assert copy.compare({"x.csv": checksum})[0].startswith(what)


# Archives and links ---------------------------------------------------------------------------------------------------


def zipped(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def tarred(path: Path, files: dict[str, str], links: dict[str, str] | None = None) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content.encode())
            archive.addfile(info, io.BytesIO(content.encode()))
        for name, target in (links or {}).items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, target
            archive.addfile(info)
    return path


ESCAPES = ["../evil.txt", "data/../../evil.txt", "/tmp/evil.txt", "..\\evil.txt", "C:\\evil.txt"]


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_names_that_lead_out_of_an_archive_are_left_out(tmp_path: Path, kind: str) -> None:
    files = {f"PolNeAR-1.0.0/{name}": content for name, content in QUOTES.items()} | dict.fromkeys(ESCAPES, "evil")
    home = tmp_path / "home"
    home.mkdir()
    archive = (zipped if kind == "zip" else tarred)(home / f"copy.{kind}", files)
    before = sorted(tmp_path.rglob("*"))
    read = sources.read("polnear", archive)
    assert len(read.articles) == 1
    assert sorted(tmp_path.rglob("*")) == before
    assert Counter(bool(re.search("leads out of the archive", note)) for note in read.notes)[True] == len(ESCAPES)


def test_links_that_lead_out_are_left_out(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"data/dev/text/evil.txt": TEXT, "data/dev/attributions/evil_0a0a.ann": ANN})
    copy = write(tmp_path / "copy", dict(QUOTES))
    (copy / "data/dev/text/b.txt").symlink_to(outside / "data/dev/text/evil.txt")
    (copy / "more").symlink_to(outside)
    (copy / "data/dev/text/c.txt").symlink_to(copy / "data/dev/text/a.txt")  # inside: fine
    (copy / "circle").symlink_to(copy / "circle")
    (copy / "nowhere.txt").symlink_to(copy / "missing")
    read = sources.read("polnear", copy)
    assert [item.article.id for item in read.articles] == ["a"]
    said = "\n".join(read.notes)
    assert "left out: data/dev/text/b.txt: a link that leads out of the copy" in said
    assert "left out: more: a link that leads out of the copy" in said
    archive = tarred(
        tmp_path / "copy.tgz", {n: str(c) for n, c in QUOTES.items()}, {"data/dev/text/b.txt": "/etc/passwd"}
    )
    assert "left out: data/dev/text/b.txt: a link inside an archive" in notes("polnear", archive)


def test_files_that_are_too_large_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "LARGEST", 2000)
    big = {**QUOTES, "data/dev/text/big.txt": "x" * 2001}
    assert "data/dev/text/big.txt: larger than" in notes("polnear", write(tmp_path / "copy", dict(big)))
    assert "data/dev/text/big.txt: larger than" in notes(
        "polnear", zipped(tmp_path / "c.zip", {k: str(v) for k, v in big.items()})
    )


def test_an_archive_that_is_broken_or_locked(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "copy.zip", {name: str(content) for name, content in QUOTES.items()})
    content = bytearray(archive.read_bytes())
    position = content.index(b"data/dev/text/a.txt") + len("data/dev/text/a.txt") + 8
    content[position] ^= 0xFF
    archive.write_bytes(content)
    with pytest.raises(InputError, match="cannot be read"):
        sources.read("polnear", archive)
    flagged = bytearray(zipped(tmp_path / "locked.zip", {n: str(c) for n, c in QUOTES.items()}).read_bytes())
    for match in re.finditer(rb"PK\x01\x02", bytes(flagged)):
        flagged[match.start() + 8] |= 1
    for match in re.finditer(rb"PK\x03\x04", bytes(flagged)):
        flagged[match.start() + 6] |= 1
    (tmp_path / "locked.zip").write_bytes(flagged)
    with pytest.raises(InputError, match="cannot be read"):
        sources.read("polnear", tmp_path / "locked.zip")
    whole = tarred(tmp_path / "copy.tgz", {name: str(content) * 400 for name, content in QUOTES.items()}).read_bytes()
    (tmp_path / "cut.tgz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="cannot be read"):
        sources.read("polnear", tmp_path / "cut.tgz")


def test_names_are_the_same_on_every_system(tmp_path: Path) -> None:
    """Decomposed as macOS keeps them, Latin-1 as old disks have them, backslashes as some Windows archives."""
    folder = tmp_path / "copy"
    folder.mkdir()
    (folder / "Außen-Ho\u0308he.tml").write_text(DATES, encoding="utf-8")
    with open(os.fsencode(folder) + b"/Gr\xf6\xdfe.tml", "wb") as file:  # noqa: PTH123  # a Path cannot spell this
        file.write(DATES.encode())
    read = sources.read("krauts", folder)
    assert [item.article.id for item in read.articles] == ["Außen-Höhe", "Größe"]
    sources.assemble("krauts", folder, tmp_path / "out")
    names = zipped(tmp_path / "c.zip", {name.replace("/", "\\"): str(content) for name, content in QUOTES.items()})
    assert "left out" not in notes("polnear", names)


def test_other_timeml_in_a_repository_of_tempeval(tmp_path: Path) -> None:
    write(tmp_path, {"data/TBAQ-cleaned/TimeBank/a.tml": DATES, "data/Dense/a.tml": DATES.replace("was", "is")})
    read = sources.read("tempeval3", tmp_path)
    assert [item.article.text for item in read.articles] == ["It was café"]
    assert "1 files left out: in none of TempEval-3's folders (data/Dense/a.tml)" in read.notes


def test_one_name_in_two_compartments(tmp_path: Path) -> None:
    more = {name.replace("/dev/", "/train/"): str(content).replace("Post", "News") for name, content in QUOTES.items()}
    read = sources.read("polnear", write(tmp_path, {**QUOTES, **more}))
    assert [(item.article.id, item.split) for item in read.articles] == [("a", "validation"), ("a-2", "train")]


# Paths ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name, source in sources.catalogue().items() if source.module])
def test_a_wrong_path_says_what_was_expected(tmp_path: Path, name: str) -> None:
    write(tmp_path / "other", {"notes.md": "nothing here"})
    with pytest.raises(InputError) as caught:
        sources.read(name, tmp_path / "other")
    first = str(caught.value.problems[0])
    assert f"no article of {name} found in 1 file(s)" in first
    assert f"which has {sources.find(name).layout}" in first
    with pytest.raises(InputError, match="no such file or folder"):
        sources.read(name, tmp_path / "nowhere")
    with pytest.raises(InputError, match="neither a folder nor a zip or tar archive"):
        sources.read(name, tmp_path / "other" / "notes.md")


def test_a_mistyped_name_is_corrected(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="did you mean polnear"):
        sources.read("polnaer", tmp_path)


def test_a_file_one_may_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = write(tmp_path, {**QUOTES, "data/dev/text/b.txt": TEXT, "data/dev/attributions/b_0a0a.ann": ANN})
    read = Path.read_bytes

    def refusing(self: Path) -> bytes:
        if self.name == "b.txt":
            raise PermissionError(13, "Permission denied")
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", refusing)
    assert "data/dev/text/b.txt: cannot be read: [Errno 13] Permission denied" in notes("polnear", copy)


def test_a_copy_stays_as_it_was(shared_data: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(shared_data / "fnc-1", tmp_path / "copy"))
    before = {path: path.read_bytes() for path in copy.rglob("*")}
    sources.assemble("fnc1", copy, tmp_path / "out")
    assert {path: path.read_bytes() for path in copy.rglob("*")} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "out"]
