"""TimeML: offsets on decoded text, nesting, writing back, and XML that means harm."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import InputError
from onrecord.formats import timeml, xmltree
from onrecord.formats.timeml import Document, Timex
from onrecord.model import Article, Date


def file(body: str, head: str = "") -> bytes:
    return f'<?xml version="1.0" ?>\n<TimeML>{head}<TEXT>{body}</TEXT></TimeML>'.encode()


def test_offsets_are_those_of_the_decoded_text() -> None:
    document = timeml.read(
        file(
            '\r\nAT&amp;T &lt;said&gt; &#8220;on&#8221; <TIMEX3 tid="t1" type="DATE" value="2031">that\r\nyear</TIMEX3>.'
        ),
        "a",
    )
    assert document.text == "\nAT&T <said> “on” that\nyear."
    assert document.timexes == [Timex(18, 27, "that\nyear", {"tid": "t1", "type": "DATE", "value": "2031"})]


def test_what_was_escaped_twice_is_decoded_once() -> None:
    assert timeml.read(file("Q&amp;amp;A &amp;UR;"), "a").text == "Q&amp;A &UR;"


def test_events_and_comments_leave_no_trace() -> None:
    body = 'It <EVENT eid="e1">closed <TIMEX3 tid="t1" type="DATE" value="X">then</TIMEX3></EVENT><!-- x --><?y?>, <s>yes</s>'
    document = timeml.read(file(body), "a")
    assert document.text == "It closed then, yes"
    assert [(t.start, t.end) for t in document.timexes] == [(10, 14)]


def test_nested_and_empty_expressions() -> None:
    body = '<TIMEX3 tid="t1"><TIMEX3 tid="t2">Friday</TIMEX3> morning</TIMEX3><TIMEX3 tid="t3"/>'
    document = timeml.read(file(body), "a")
    assert [(t.start, t.end, t.attributes["tid"]) for t in document.timexes] == [
        (0, 14, "t1"),
        (0, 6, "t2"),
        (14, 14, "t3"),
    ]


@pytest.mark.parametrize(
    ("head", "created"),
    [
        ('<DCT><TIMEX3 functionInDocument="CREATION_TIME" value="2031-11-07">x</TIMEX3></DCT>', "2031-11-07"),
        ('<DCT><TIMEX3 functionInDocument="PUBLICATION_TIME" value="2031-11-07">x</TIMEX3></DCT>', "2031-11-07"),
        ('<DCT><TIMEX3 value=" 2031-11-07 ">x</TIMEX3></DCT>', "2031-11-07"),
        ('<TIMEX3 value="2031-11-07">x</TIMEX3>', None),
    ],
)
def test_the_creation_time_is_outside_the_text(head: str, created: str | None) -> None:
    document = timeml.read(file("now", head), "a")
    assert document.created == created
    assert document.timexes == [] and document.text == "now"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no well-formed XML"),
        (b"<TimeML><TEXT>It was on", "no well-formed XML"),
        (b"<TimeML><TEXT>It was on <TIMEX3 tid='t1'>Fri", "no well-formed XML"),
        (b"\x00\x05\x16\x07\x00\x02Mac OS X", "no well-formed XML"),
        (b"<TimeML><DOCID>x</DOCID></TimeML>", "has no <TEXT>"),
    ],
)
def test_what_is_no_timeml_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        timeml.read(content, "a.tml")


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 if n > 1 else str()};" * 10}">' for n in range(1, 12))
    + "]><TimeML><TEXT>&a11;</TEXT></TimeML>"
)


@pytest.mark.parametrize("place", ["text", "attribute"])
def test_an_entity_bomb_does_not_go_off(place: str) -> None:
    content = BOMB if place == "text" else BOMB.replace("&a11;</TEXT>", '<TIMEX3 value="&a11;">x</TIMEX3></TEXT>')
    with pytest.raises(InputError):
        timeml.read(content.encode(), "bomb.tml")


@pytest.mark.parametrize("declared", ['SYSTEM "file://{}"', 'SYSTEM "{}"', 'PUBLIC "x" "{}"'])
@pytest.mark.parametrize("place", ["<TEXT>&x;</TEXT>", '<TEXT><TIMEX3 value="&x;">y</TIMEX3></TEXT>'])
def test_external_entities_are_never_resolved(tmp_path: Path, declared: str, place: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the-secret", encoding="utf-8")
    content = f"<!DOCTYPE a [<!ENTITY x {declared.format(secret)}>]><TimeML>{place}</TimeML>"
    with pytest.raises(InputError) as caught:
        timeml.read(content.encode(), "a.tml")
    assert "the-secret" not in str(caught.value)


def test_an_external_dtd_and_a_parameter_entity_are_never_fetched(tmp_path: Path) -> None:
    dtd = tmp_path / "evil.dtd"
    dtd.write_text('<!ENTITY x "the-secret"><!ATTLIST TEXT found CDATA "the-secret">', encoding="utf-8")
    for head in (f'<!DOCTYPE TimeML SYSTEM "{dtd}">', f'<!DOCTYPE TimeML [<!ENTITY % p SYSTEM "{dtd}"> %p;]>'):
        root = xmltree.parse(f"{head}<TimeML><TEXT>a</TEXT></TimeML>".encode(), "a.tml")
        assert root.find("TEXT").attrib == {}
        with pytest.raises(InputError):
            xmltree.parse(f"{head}<TimeML><TEXT>&x;</TEXT></TimeML>".encode(), "a.tml")


def test_an_xinclude_is_no_more_than_an_element(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the-secret", encoding="utf-8")
    body = f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{secret}" parse="text"/>'
    assert timeml.read(file(body), "a").text == ""


def test_crossing_expressions_cannot_be_written() -> None:
    crossing = Document("abcdef", [Timex(0, 3, "abc", {}), Timex(2, 5, "cde", {})])
    with pytest.raises(ValueError, match="crosses"):
        timeml.write(crossing)


_TEXTS = st.text(st.sampled_from("ab <>&\"'\r\n\tÄ“’😀]"), max_size=30)
_VALUES = st.text(st.sampled_from("2031-X<&\"' "), max_size=8)


@given(_TEXTS, st.data())
def test_what_is_written_is_read_again(text: str, data: st.DataObject) -> None:
    edges = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    timexes = []
    for start, end in zip(edges[::2], edges[1::2], strict=False):
        attributes = data.draw(st.dictionaries(st.sampled_from(["tid", "type", "value", "mod", "quant"]), _VALUES))
        timexes.append(Timex(start, end, text[start:end], attributes))
    # Two empty expressions, or an empty one at another's end, leave the order open.
    if len({(t.start, t.end) for t in timexes}) < len(timexes) or any(t.start == t.end for t in timexes):
        return
    document = Document(text, timexes, "a", "x & y", "2031-11-07")
    assert timeml.read(timeml.write(document), "a") == document


def test_an_article_becomes_a_document() -> None:
    article = Article("a", "It was Friday & fine.", headline="Fine", published="2031-11-07")
    document = timeml.from_article(article, [Date(7, 13, "Friday", None, "DATE", "2031-11-07", "APPROX")])
    again = timeml.read(timeml.write(document), "a")
    assert again == document
    assert again.timexes[0].attributes == {"tid": "t1", "type": "DATE", "value": "2031-11-07", "mod": "APPROX"}
    assert (again.name, again.title, again.created) == ("a", "Fine", "2031-11-07")


def test_every_given_file_is_written_back(shared_data: Path) -> None:
    files = [f for name in ("tempeval3", "krauts") for f in (shared_data / name).rglob("[!.]*.tml")]
    assert len(files) == 165
    for path in files:
        document = timeml.read(path.read_bytes(), path.name)
        assert timeml.read(timeml.write(document), path.name) == document
