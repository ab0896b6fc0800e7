"""Folders of any corpus with a mapping file, and sources written back to their formats and read again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

import sourcedata
from onrecord import sources
from onrecord.errors import InputError
from onrecord.formats import bio, brat, conll2012, timeml
from onrecord.model import AnnotatedArticle, Labels
from onrecord.sources import Mapping, Options, read_mapping
from onrecord.sources.mapping import Brat

TEXT = "Ann Lee said: “It’s done,”\nshe told the Post on Friday."


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def mapping(tmp_path: Path, text: str, name: str = "map.toml") -> Mapping:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_mapping(path)


BRAT = """T1\tPER 0 7\tAnn Lee
T2\tPER 27 30\tshe
T3\tORG 36 44\tthe Post
T4\tMisc 8 12\tsaid
T5\tDay 48 54\tFriday
A1\tValue T5 2031-11-07
N1\tReference T1 wikidata:Q1\tAnn Lee
R1\tCoref Arg1:T1 Arg2:T2
T6\tWords 14 26\t“It’s done,”
T7\tWho 0 7\tAnn Lee
T8\tVerb 8 12\tsaid
E1\tSaid:T8 Words:T6 Who:T7 Verb:T8
E2\tSaid:T8 Words:T6 Who:T7 Verb:T8
E3\tMoved:T8
"""

BRAT_MAP = """
name = "mine"
language = "en"
[splits]
"a/*" = "train"
[types]
PER = "PERSON"
"*" = ""
ORG = "ORG"
[dates]
Day = "DATE"
[brat]
quotes = ["Said"]
content = "Words"
cue = ["Verb"]
source = ["Who"]
coreference = ["Coref"]
"""


def test_brat_with_a_mapping(tmp_path: Path) -> None:
    folder = write(tmp_path / "copy", {"a/x.txt": TEXT, "a/x.ann": BRAT, "b/y.txt": TEXT, "b/y.ann": ""})
    read = sources.read("brat", folder, Options(mapping=mapping(tmp_path, BRAT_MAP)))
    first, second = read.articles
    assert [(item.article.id, item.split) for item in read.articles] == [("a/x", "train"), ("b/y", "test")]
    assert [(m.text, m.type, m.entity, m.link) for m in first.labels.entities or ()] == [
        ("Ann Lee", "PERSON", "T1", "wikidata:Q1"), ("she", "PERSON", "T1", None), ("the Post", "ORG", None, None),
    ]  # fmt: skip
    assert [(c.id, c.type, c.name) for c in first.labels.chains or ()] == [("T1", "PERSON", "Ann Lee")]
    (quote,) = first.labels.quotes or ()
    assert (quote.id, quote.kind, quote.source_type) == ("E1", "direct", "Said")
    assert quote.cue and quote.source and (quote.cue.text, quote.source.text) == ("said", "Ann Lee")
    assert [(d.text, d.type, d.value) for d in first.labels.dates or ()] == [("Friday", "DATE", "2031-11-07")]
    assert second.labels == Labels(entities=(), chains=(), quotes=(), dates=())
    assert read.types == ("PERSON", "ORG")
    assert "1 mentions left out: the mapping leaves out Misc (a/x at 8)" in read.notes
    assert "1 quotes left out: content, cue and source of an earlier one (a/x E2)" in read.notes
    assert "1 events left out: the mapping does not name Moved as a quotation (a/x E3)" in read.notes


def test_brat_without_a_mapping_keeps_every_type(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "copy", {"x.txt": TEXT, "x.ann": "T1\tPER 0 7;27 30\tAnn Lee she\nT2\tDay 48 54\tFriday\n"}
    )
    read = sources.read("brat", folder)
    (item,) = read.articles
    assert [(m.text, m.type) for m in item.labels.entities or ()] == [("Ann Lee", "PER"), ("Friday", "Day")]
    assert item.labels.quotes is None and item.labels.dates is None and item.labels.chains is None
    assert "1 mentions of several spans: the first is kept (x T1)" in read.notes


def test_bio_with_its_columns_and_splits(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "eng.train": "-DOCSTART- O\n\nAnn B-PER\nLee I-PER\n\n-DOCSTART- O\n\nParis B-LOC\n",
        "eng.testa": "Ann B-PER\n",
        "eng.testb": "Ann B-PER\n",
        "README.txt": "Some words about it all.\n",
        "broken.conll": "one\n",
    }
    read = sources.read("bio", write(tmp_path / "copy", files))
    assert [(item.article.id, item.split) for item in read.articles] == [
        ("eng.testa", "validation"), ("eng.testb", "test"), ("eng.train/1", "train"), ("eng.train/2", "train"),
    ]  # fmt: skip
    assert [(m.text, m.type, m.kind) for m in read.articles[2].labels.entities or ()] == [("Ann Lee", "PER", "name")]
    assert any("broken.conll:1" in note for note in read.notes)
    swapped = write(tmp_path / "other", {"x.tsv": "B-PER\tAnn\tx\n"})
    chosen = mapping(tmp_path, '[columns]\ntoken = 1\nlabel = 0\n[splits]\n"*" = "validation"\n')
    (item,) = sources.read("bio", swapped, Options(mapping=chosen)).articles
    assert (item.article.text, item.split) == ("Ann", "validation")


def test_timeml_folder(tmp_path: Path) -> None:
    content = '<TimeML><DCT><TIMEX3 value="2031-11-07"/></DCT><TEXT>on <TIMEX3 type="DATE" value="2031">it</TIMEX3></TEXT></TimeML>'
    folder = write(tmp_path / "copy", {"dev/a.tml": content, "b.xml": content, "c.xml": "<p/>", "d.txt": "no"})
    read = sources.read("timeml", folder, Options(mapping=mapping(tmp_path, 'language = "de"')))
    assert [(i.article.id, i.split, i.article.published, i.article.language) for i in read.articles] == [
        ("b", "test", "2031-11-07", "de"), ("a", "validation", "2031-11-07", "de"),
    ]  # fmt: skip
    assert any("c.xml: has no <TEXT> element" in note for note in read.notes)


def test_conll_2012_folder(tmp_path: Path) -> None:
    content = """#begin document (d); part 000
d 0 0 Ann NNP * - - - - (PERSON) (1
d 0 1 of NN * - - - - * -
d 0 2 Paris NNP * - - - - (GPE) 1)
d 0 3 her PRP * - - - - * (1)
#end document
"""
    (item,) = sources.read("conll-2012", write(tmp_path / "copy", {"train/x.v4_gold_conll": content})).articles
    assert (item.article.id, item.article.text, item.split) == ("d", "Ann of Paris her", "train")
    assert [(m.text, m.type, m.kind, m.entity) for m in item.labels.entities or ()] == [
        ("Ann of Paris", None, "nominal", "1"), ("Ann", "PERSON", "name", None),
        ("Paris", "GPE", "name", None), ("her", None, "pronoun", "1"),
    ]  # fmt: skip


def test_a_mapping_translates_a_source_with_a_name(shared_data: Path, tmp_path: Path) -> None:
    chosen = mapping(tmp_path, '[types]\nperson = "PERSON"\norganization = "ORG"\nplace = "LOC"\n"*" = ""\n')
    read = sources.read("gum", shared_data / "gum-news", Options(mapping=chosen))
    whole = [m for i in sourcedata.read(shared_data, "gum").articles for m in i.labels.entities or ()]
    kept = [m for i in read.articles for m in i.labels.entities or ()]
    assert read.types == ("PERSON", "LOC", "ORG")
    assert {m.type for m in kept} == {"PERSON", "LOC", "ORG"}
    assert len(kept) == sum(m.type in {"person", "organization", "place"} for m in whole)
    assert {c.id for i in read.articles[:1] for c in i.labels.chains or ()} == {
        m.entity for i in read.articles[:1] for m in i.labels.entities or ()
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[type]\n", "type: no such key -> did you mean types"),
        ('[brat]\nquote = ["x"]\n', "brat.quote: no such key -> did you mean quotes"),
        ('[splits]\n"*" = "dev"\n', "'dev' is none -> use one of train, validation, test"),
        ('[dates]\nDay = "DAY"\n', "'DAY' is none -> use one of DATE"),
        ("name = 3\n", "name: 3 does not fit -> give a text"),
        ("types = 3\n", "types: 3 does not fit -> give a table"),
        ("columns = 3\n", "columns: is no table"),
        ('[columns]\ntoken = "word"\n', "columns.token: 'word' does not fit -> give a whole number"),
        ("[brat]\nquotes = [1]\n", "brat.quotes: .* does not fit -> give a list of texts"),
        ("name = \n", "cannot be read"),
        ("name = '\xff'".encode("latin-1"), "cannot be read"),
    ],
)
def test_a_faulty_mapping_is_refused_by_key(tmp_path: Path, text: str | bytes, message: str) -> None:
    path = tmp_path / "map.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError, match=message):
        read_mapping(path)


def test_a_mapping_that_is_not_there_or_json(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_mapping(tmp_path / "none.toml")
    assert mapping(tmp_path, '{"types": {"PER": "PERSON"}}', "map.json") == Mapping(types={"PER": "PERSON"})
    with pytest.raises(InputError, match="is no table"):
        mapping(tmp_path, "[]", "map.json")


# Sources back to their formats ---------------------------------------------------------------------------------------


def again(name: str, folder: Path, chosen: Mapping | None = None) -> dict[str, AnnotatedArticle]:
    read = sources.read(name, folder, Options(mapping=chosen or Mapping()))
    assert not [note for note in read.notes if "left out" in note], read.notes
    return {item.article.id: item for item in read.articles}


def compare(
    before: Iterable[AnnotatedArticle], after: dict[str, AnnotatedArticle], view: Callable[[Labels], Any]
) -> None:
    number = 0
    for item in before:
        other = after[item.article.id]
        assert other.article.text == item.article.text
        assert view(other.labels) == view(item.labels)
        number += 1
    assert number == len(after) > 0


@pytest.mark.parametrize("name", ["polnear", "uhh-quotes"])
def test_quotes_go_through_brat(shared_data: Path, tmp_path: Path, name: str) -> None:
    """Content with all its segments, cue, source, kind and the source's own type come back."""
    articles = sourcedata.read(shared_data, name).articles
    kinds = {quote.source_type or "" for item in articles for quote in item.labels.quotes or ()}
    for item in articles:
        document = brat.from_labels(item.article.text, item.labels)
        write(tmp_path, {f"{item.article.id}.txt": item.article.text, f"{item.article.id}.ann": brat.write(document)})
    chosen = Mapping(brat=Brat(quotes=tuple(sorted(kinds))))

    def view(labels: Labels) -> Any:
        return {(q.content, q.cue, q.source, q.kind, q.source_type) for q in labels.quotes or ()}

    compare(articles, again("brat", tmp_path, chosen), view)


def test_polnear_goes_back_to_its_own_layout(shared_data: Path, tmp_path: Path) -> None:
    folders = {"train": "train", "validation": "dev", "test": "test"}
    articles = sourcedata.read(shared_data, "polnear").articles
    for item in articles:
        home = f"data/{folders[item.split]}"
        labels = brat.write(brat.from_labels(item.article.text, item.labels))
        name = item.article.id
        write(tmp_path, {f"{home}/text/{name}.txt": item.article.text, f"{home}/attributions/{name}_0000.ann": labels})
    read = sources.read("polnear", tmp_path)
    assert not [note for note in read.notes if "left out" in note]
    assert {i.article.id: i.split for i in read.articles} == {i.article.id: i.split for i in articles}
    for before, after in zip(articles, read.articles, strict=True):
        assert {(q.content, q.cue, q.source, q.source_type) for q in before.labels.quotes or ()} == {
            (q.content, q.cue, q.source, q.source_type) for q in after.labels.quotes or ()
        }


def test_gum_goes_through_brat(shared_data: Path, tmp_path: Path) -> None:
    """Types, kinds, chains and links of mentions, types and values of dates come back."""
    articles = sourcedata.read(shared_data, "gum").articles
    for item in articles:
        document = brat.from_labels(item.article.text, item.labels)
        write(tmp_path, {f"{item.article.id}.txt": item.article.text, f"{item.article.id}.ann": brat.write(document)})
    chosen = Mapping(dates={"DATE": "DATE", "TIME": "TIME"}, brat=Brat(coreference=("Coreference",)))

    def view(labels: Labels) -> Any:
        first: dict[str, int] = {}
        groups = [
            None if m.entity is None else first.setdefault(m.entity, number)
            for number, m in enumerate(labels.entities or ())
        ]
        alone = {group for group in groups if groups.count(group) == 1}
        chains = [None if group in alone else group for group in groups]
        return labels.dates, [
            (m.start, m.end, m.type, m.kind, m.link, chain)
            for m, chain in zip(labels.entities or (), chains, strict=True)
        ]

    compare(articles, again("brat", tmp_path, chosen), view)


@pytest.mark.parametrize("name", ["tempeval3", "krauts", "gum"])
def test_dates_go_through_timeml(shared_data: Path, tmp_path: Path, name: str) -> None:
    articles = sourcedata.read(shared_data, name).articles
    for item in articles:
        document = timeml.from_article(item.article, item.labels.dates or ())
        write(tmp_path, {f"{item.article.id}.tml": timeml.write(document)})
    found = again("timeml", tmp_path)

    def view(labels: Labels) -> Any:
        return sorted(labels.dates or (), key=lambda d: (d.start, d.end))

    compare(articles, found, view)
    for item in articles:
        assert found[item.article.id].article.published == item.article.published
        assert found[item.article.id].article.headline == item.article.headline


def test_gum_goes_through_conll_2012_and_bio(shared_data: Path, tmp_path: Path) -> None:
    """The text becomes that of the tokens; mentions, chains and the outermost names' types come back."""
    articles = sourcedata.read(shared_data, "gum").articles
    documents = [conll2012.from_mentions(i.article.id, i.article.text, i.labels.entities or ()) for i in articles]
    found = again("conll-2012", write(tmp_path / "conll", {"all.conll": conll2012.write(documents)}))
    assert list(found) == [item.article.id for item in articles]
    for item, document in zip(articles, documents, strict=True):
        before, after = item.labels.entities or (), found[item.article.id].labels.entities or ()
        bare = [("".join((m.text or "").split()), m.entity) for m in before]
        assert [("".join((m.text or "").split()), m.entity) for m in after] == bare
        assert sum(m.kind == "name" for m in after) == len(document.names)
    columns = []
    for item in articles:
        names = [m for m in item.labels.entities or () if m.kind == "name"]
        outer = [m for n, m in enumerate(names) if not any((o.end or 0) > (m.start or 0) for o in names[:n])]
        columns.append(bio.from_spans(item.article.text, [(m.start or 0, m.end or 0, m.type or "") for m in outer]))
    flat = again("bio", write(tmp_path / "bio", {"all.bio": bio.write(columns)}))
    assert [len(item.labels.entities or ()) for item in flat.values()] == [len(d.names) for d in documents]
    assert [m.type for item in flat.values() for m in item.labels.entities or ()] == [
        bracket.label for document in documents for bracket in document.names
    ]
