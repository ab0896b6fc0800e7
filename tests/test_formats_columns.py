"""Columns: BIO in its dialects, CoNLL-2012, CoNLL-U, and the text that tokens make up."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sourcedata
from onrecord.errors import InputError
from onrecord.formats import bio, conll2012, conllu, tokens
from onrecord.formats.bio import Entity
from onrecord.formats.conll2012 import Bracket
from onrecord.model import Mention


def labels(*rows: str) -> list[tuple[int, int, str]]:
    (document,) = bio.read("\n".join(f"w{n} {row}" for n, row in enumerate(rows)), "x")
    return [(entity.start, entity.end, entity.type) for entity in document.entities]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["B-PER", "I-PER", "O", "B-LOC"], [(0, 2, "PER"), (3, 4, "LOC")]),  # IOB2
        (["I-PER", "I-PER", "B-PER", "O", "I-LOC"], [(0, 2, "PER"), (2, 3, "PER"), (4, 5, "LOC")]),  # IOB1
        (["B-PER", "E-PER", "S-LOC", "S-LOC"], [(0, 2, "PER"), (2, 3, "LOC"), (3, 4, "LOC")]),  # BIOES
        (["B-PER", "I-PER", "L-PER", "U-LOC"], [(0, 3, "PER"), (3, 4, "LOC")]),  # BILOU
        (["B-PER", "M-PER", "E-PER", "O"], [(0, 3, "PER")]),  # BMES
        (["B-PER", "I-LOC", "I-LOC"], [(0, 1, "PER"), (1, 3, "LOC")]),
        (["O", "E-PER", "I-PER"], [(1, 2, "PER"), (2, 3, "PER")]),
        (["PER", "PER", "O", "LOC"], [(0, 2, "PER"), (3, 4, "LOC")]),  # no prefixes at all
        (["B-a-b", "I-a-b"], [(0, 2, "a-b")]),
        (["B_PER", "I_PER"], [(0, 2, "PER")]),
        (["O", "O"], []),
    ],
)
def test_every_dialect(rows: list[str], expected: list[tuple[int, int, str]]) -> None:
    assert labels(*rows) == expected


CONLL_2003 = """-DOCSTART- -X- -X- O

EU NNP B-NP I-ORG
rejects VBZ B-VP O

Peter NNP B-NP I-PER
Blackburn NNP I-NP I-PER

-DOCSTART- -X- -X- O

BRUSSELS NNP B-NP I-LOC
"""


def test_conll_2003() -> None:
    first, second = bio.read(CONLL_2003, "eng.train")
    assert first.sentences == [["EU", "rejects"], ["Peter", "Blackburn"]]
    assert first.entities == [Entity(0, 0, 1, "ORG"), Entity(1, 0, 2, "PER")]
    assert second.entities == [Entity(0, 0, 1, "LOC")]
    assert first.text() == ("EU rejects\nPeter Blackburn", [[(0, 2), (3, 10)], [(11, 16), (17, 26)]])
    assert [doc.sentences for doc in bio.read(CONLL_2003, "x", label=1)] == [first.sentences, second.sentences]


def test_columns_where_the_mapping_says() -> None:
    (document,) = bio.read("1\tEU\tB-ORG\tx\n2\tNew York\tO\tx\n", "x", token=1, label=2)
    assert document.sentences == [["EU", "New York"]]
    assert document.entities == [Entity(0, 0, 1, "ORG")]


@pytest.mark.parametrize(("content", "line"), [("EU B-ORG\nalone\n", 2), ("\tB-ORG\n", 1)])
def test_a_line_without_its_columns_is_named(content: str, line: int) -> None:
    with pytest.raises(InputError) as caught:
        list(bio.read(content, "x"))
    assert caught.value.problems[0].line == line


_TOKEN = st.text(st.sampled_from("abÄ’-.,1"), min_size=1, max_size=4).filter(lambda t: t != bio.DOCUMENT)


@st.composite
def bio_documents(draw: st.DrawFn) -> bio.Document:
    document = bio.Document(draw(st.lists(st.lists(_TOKEN, min_size=1, max_size=6), min_size=1, max_size=3)))
    for number, sentence in enumerate(document.sentences):
        edges = sorted(draw(st.sets(st.integers(0, len(sentence)))))
        document.entities += [
            Entity(number, start, end, draw(st.sampled_from(["PER", "ORG"])))
            for start, end in zip(edges[::2], edges[1::2], strict=False)
        ]
    return document


@given(st.lists(bio_documents(), min_size=1, max_size=3))
def test_written_bio_is_read_again(documents: list[bio.Document]) -> None:
    assert list(bio.read(bio.write(documents), "x")) == documents


@given(st.text(st.sampled_from("ab’ .,\nÄ1"), max_size=30), st.data())
def test_cutting_a_text_loses_no_character_and_no_edge(text: str, data: st.DataObject) -> None:
    starts = data.draw(st.lists(st.integers(0, len(text)), max_size=4))
    spans = [(s, e) for s in starts for e in [min(s + 3, len(text))] if text[s:e].strip() == text[s:e] != ""]
    places = [place for row in tokens.cut(text, spans) for place in row]
    assert "".join(text[a:b] for a, b in places) == "".join(text.split())
    for start, end in spans:
        assert start in {a for a, _ in places} and end in {b for _, b in places}


def test_spans_become_columns() -> None:
    text = "Ann Lee’s firm\nNew-York closed"
    document = bio.from_spans(text, [(15, 23, "GPE"), (0, 7, "PERSON")])
    assert bio.write([document]) == (
        "-DOCSTART-\tO\n\nAnn\tB-PERSON\nLee\tI-PERSON\n’\tO\ns\tO\nfirm\tO\n\n"
        "New\tB-GPE\n-\tI-GPE\nYork\tI-GPE\nclosed\tO\n"
    )
    for spans in ([(0, 7, "A"), (4, 7, "B")], [(10, 18, "A")], [(0, 7, "A"), (0, 3, "B")]):
        with pytest.raises(ValueError, match=r"line end|begin at a token"):
            bio.from_spans(text, spans)


CONLL_2012 = """#begin document (bn/abc/00); part 000
bn/abc/00   0   0   Ann     NNP  (S(NP*  -  -  -  Speaker#1  (PERSON*  (1
bn/abc/00   0   1   Lee     NNP  *)      -  -  -  Speaker#1  *)        1)
bn/abc/00   0   2   saw     VBD  (VP*    -  -  -  Speaker#1  *         -
bn/abc/00   0   3   her     PRP$ (NP*    -  -  -  Speaker#1  *         (2|(1)
bn/abc/00   0   4   aunt    NN   *)))    -  -  -  Speaker#1  *         2)

#end document
#begin document (bn/abc/00); part 001
bn/abc/00   1   0   Paris   NNP  (NP*)   -  -  -  Speaker#1  (GPE)     -

#end document
"""


def test_conll_2012() -> None:
    first, second = conll2012.read(CONLL_2012, "x")
    assert (first.name, first.part, second.part) == ("bn/abc/00", "000", "001")
    assert first.sentences == [["Ann", "Lee", "saw", "her", "aunt"]]
    assert first.names == [Bracket(0, 0, 2, "PERSON")]
    assert first.mentions == [Bracket(0, 0, 2, "1"), Bracket(0, 3, 4, "1"), Bracket(0, 3, 5, "2")]
    assert second.names == [Bracket(0, 0, 1, "GPE")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (CONLL_2012.rpartition("#end")[0], "truncated"),
        (CONLL_2012.replace("1)\n", "-\n", 1), "runs over the end"),
        (CONLL_2012.replace("(1\n", "-\n", 1), "did not begin"),
        (CONLL_2012.replace("(PERSON*", "*"), "did not begin"),
        (CONLL_2012.replace("*)        1)", "*  1)").replace("(PERSON*", "(PERSON"), "runs over the end"),
        ("a b c d e\n", "outside any document"),
        ("#begin document (x);\na b c\n#end document\n", "3 columns"),
    ],
)
def test_broken_conll_2012_is_named(content: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        list(conll2012.read(content, "x"))


@st.composite
def conll_documents(draw: st.DrawFn) -> conll2012.Document:
    sentences = draw(st.lists(st.lists(_TOKEN, min_size=1, max_size=5), min_size=1, max_size=3))
    tags = [draw(st.lists(st.sampled_from(["NN", "PRP"]), min_size=len(s), max_size=len(s))) for s in sentences]
    document = conll2012.Document("d/1", "003", sentences, tags)
    for number, sentence in enumerate(sentences):
        edges = sorted(draw(st.sets(st.integers(0, len(sentence)))))
        for start, end in zip(edges[::2], edges[1::2], strict=False):
            document.names.append(Bracket(number, start, end, draw(st.sampled_from(["ORG", "PERSON"]))))
        for chain in draw(st.sets(st.sampled_from(["0", "1", "2", "12"]))):
            # Of one chain, spans that nest: where they cross the brackets are ambiguous.
            start = draw(st.integers(0, len(sentence) - 1))
            for end in draw(st.sets(st.integers(start + 1, len(sentence)))):
                document.mentions.append(Bracket(number, start, end, chain))
    document.mentions.sort()
    return document


@given(st.lists(conll_documents(), min_size=1, max_size=3))
def test_written_conll_2012_is_read_again(documents: list[conll2012.Document]) -> None:
    assert list(conll2012.read(conll2012.write(documents), "x")) == documents


def test_mentions_become_brackets() -> None:
    text = "Ann Lee of Lee Ltd saw her."
    mentions = [
        Mention(0, 18, "Ann Lee of Lee Ltd", None, "PERSON", "name", "1"),
        Mention(11, 18, "Lee Ltd", None, "ORG", "name", "2"),
        Mention(23, 26, "her", None, "PERSON", "pronoun", "1"),
    ]
    document = conll2012.from_mentions("a", text, mentions)
    assert document.names == [Bracket(0, 0, 5, "PERSON")]  # the inner name keeps its chain alone
    assert document.mentions == [Bracket(0, 0, 5, "1"), Bracket(0, 3, 5, "2"), Bracket(0, 6, 7, "1")]
    assert document.tags == [["-"] * 6 + ["PRP", "-"]]
    with pytest.raises(ValueError, match="line end"):
        conll2012.from_mentions("a", "Ann\nLee", [Mention(0, 7, "Ann\nLee", None, "PERSON", "name", "1")])


def test_the_reference_scorers_own_files_are_read(shared_data: Path) -> None:
    """All cases whose files have words; one that the scorer itself refuses is refused by name."""
    read = refused = 0
    for path in sorted((shared_data / "conll-coref" / "DataFiles").iterdir()):
        content = path.read_text(encoding="utf-8")
        if len(next(line for line in content.splitlines() if not line.startswith("#")).split()) < 5:
            continue
        try:
            documents = list(conll2012.read(content, path.name))
        except InputError:
            refused += 1
            continue
        read += 1
        again = list(conll2012.read(conll2012.write(documents), path.name))
        assert [(d.name, d.sentences, d.mentions) for d in again] == [
            (d.name, d.sentences, d.mentions) for d in documents
        ]
    assert (read, refused) == (25, 3)


def test_gum_goes_through_conll_2012_and_bio(shared_data: Path) -> None:
    """Every mention with its chain, every outermost name with its type, in the text of the tokens."""
    for item in sourcedata.read(shared_data, "gum").articles:
        mentions = item.labels.entities or ()
        document = conll2012.from_mentions(item.article.id, item.article.text, mentions)
        (again,) = conll2012.read(conll2012.write([document]), "x")
        assert (again.mentions, again.sentences, again.tags) == (document.mentions, document.sentences, document.tags)
        assert again.names == sorted(document.names)
        assert len(again.mentions) == len(mentions)
        flat = [(m.start or 0, m.end or 0, m.type or "") for m in _outermost(mentions)]
        columns = bio.from_spans(item.article.text, flat)
        assert list(bio.read(bio.write([columns]), "x")) == [columns]
        assert [entity.type for entity in columns.entities] == [kind for _, _, kind in flat]


def _outermost(mentions: tuple[Mention, ...]) -> list[Mention]:
    found: list[Mention] = []
    for mention in mentions:
        if mention.kind == "name" and (not found or (mention.start or 0) >= (found[-1].end or 0)):
            found.append(mention)
    return found


CONLLU = """# newdoc id = d1
# global.Entity = GRP-etype-identity
# meta::title = A title
# newpar
# newpar_block = head (1 s)
1-2\tTrump's\t_\t_\t_\t_\t_\t_\t_\t_
1\tTrump\tTrump\tPROPN\tNNP\t_\t3\tnmod\t_\tEntity=(1-person)
2\t's\t's\tPART\tPOS\t_\t1\tcase\t_\t_
3\tplan\tplan\tNOUN\tNN\t_\t0\troot\t_\tSpaceAfter=No
4\t.\t.\tPUNCT\t.\t_\t3\tpunct\t_\t_
4.1\tran\trun\tVERB\tVBD\t_\t_\t_\t0:root\t_

# newpar
1-2\tdu\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No
1\tde\tde\tADP\t_\t_\t0\troot\t_\t_
2\tle\tle\tDET\t_\t_\t1\tdet\t_\t_
3\t!\t!\tPUNCT\t_\t_\t1\tpunct\t_\t_

# newdoc id = d2
1\tB\tB\tX\t_\t_\t0\troot\t_\t_
"""


def test_conllu_spacing_multiword_tokens_and_empty_nodes() -> None:
    first, second = conllu.read(CONLLU, "x.conllu")
    assert first.text == "Trump's plan.\n\ndu!"
    assert [(w.form, first.text[w.start : w.end]) for w in first.words] == [
        ("Trump", "Trump"), ("'s", "'s"), ("plan", "plan"), (".", "."), ("de", "du"), ("le", "du"), ("!", "!"),
    ]  # fmt: skip
    assert first.meta == {"global.Entity": "GRP-etype-identity", "title": "A title"}
    assert first.blocks == [(0, "head (1 s)")]
    assert (second.name, second.text) == ("d2", "B")


def test_conllu_that_is_truncated_is_named() -> None:
    with pytest.raises(InputError) as caught:
        list(conllu.read(CONLLU[: CONLLU.index("nmod")], "x.conllu"))
    assert caught.value.problems[0].line == 7


def test_gum_sentences_stand_in_its_text(shared_data: Path) -> None:
    """``# text`` is GUM's own rendering of a sentence's spacing."""
    number = 0
    for path in (shared_data / "gum-news" / "dep").glob("*.conllu"):
        content = path.read_text(encoding="utf-8")
        (document,) = conllu.read(content, path.name)
        position = 0
        for line in content.splitlines():
            if line.startswith("# text = "):
                position = document.text.index(line.removeprefix("# text = "), position)
                number += 1
    assert number == 500
