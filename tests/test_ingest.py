"""From a crawled page to an article: every word of the article stays, nothing else does."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.cli import main
from onrecord.errors import InputError
from onrecord.ingest import Ingested, ingest, read_source
from onrecord.ingest.decode import normalise

HEAD = "Cheepa defends East Dock as inspectors wait"
BODY = [
    "PORT ALDER — Cheepa Group said on Friday that the East Dock was safe to use, two weeks after a crane slipped there.",
    "“We told the city everything in May,” said Lon Ferrow, the company’s head of safety. “Nobody at all objected.”",
    "Mayor Ines Calloway told reporters on Monday that it should be closed. She said the company had not called her.",
    "A person familiar with the inquiry said the crane had failed twice.",
]
ARTICLE = "\n\n".join([HEAD, *BODY]) + "\n"


def page(body: str, head: str = f"<title>{HEAD} | Harbour Post</title>") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def paragraphs(tag: str = "p", texts: list[str] = BODY) -> str:
    return "".join(f"<{tag}>{text}</{tag}>" for text in texts)


H1 = f"<h1>{HEAD}</h1>"
SIDE = (
    "<aside><h2>Related</h2><ul><li><a href='/a'>Ferry sinks off Velm</a></li>"
    "<li><a href='/b'>Trams to cost more</a></li></ul></aside>"
)
SHAPES = {
    "article": page(
        f"<header><nav><a href='/'>Home</a> <a href='/s'>Sport</a></nav></header><article>{H1}{paragraphs()}"
        f"<div class='share'><a>Share</a> <a>Tweet</a></div></article>{SIDE}<footer>© 2031 Harbour Post. All rights reserved.</footer>"
    ),
    "only divisions": page(
        "<div>We use cookies and similar technologies. By using this site you agree to our Privacy Policy.</div>"
        f"<div>{H1}</div><div>{paragraphs('div')}</div><div>Next Story</div>",
        "",
    ),
    "line breaks": page(f"{H1}<div>{'<br><br>'.join([BODY[0].replace(', two', ',<br>two'), *BODY[1:]])}</div>"),
    "inline markup": page(
        f"<article>{H1}<p>{BODY[0].replace('Cheepa Group', '<a href=x>Cheepa Group</a>').replace('Friday', '<b>Fri</b>day')}</p>"
        f"<blockquote><p>{BODY[1]}</p></blockquote><ul><li>{BODY[2]}</li></ul><p>{BODY[3]}</p></article>"
    ),
    "two headings": page(f"<h1>The Harbour Post</h1><main>{H1}<h2>{HEAD}</h2>{paragraphs()}</main>"),
    "entities": page(
        "<article>" + H1
        + paragraphs().replace("—", "&mdash;").replace("“", "&ldquo;").replace("”", "&#8221;").replace("’", "&rsquo;")
        + "</article>"
    ),
    "readers' comments": page(
        f"<article>{H1}{paragraphs()}</article><section class='comments'><h3>3 comments</h3><div class='comment'>"
        "<p>This is an outrage and somebody should resign over it at once, I say.</p></div></section><script>var x='<p>no</p>'</script>"
    ),
    "nothing closed": f"<title>{HEAD}</title><body><h1>{HEAD}<p>{'<p>'.join(BODY)}",
    "XHTML": f"<?xml version='1.0' encoding='UTF-8'?><html xmlns='http://www.w3.org/1999/xhtml'><head><title>{HEAD}</title></head><body>{H1}{paragraphs()}</body></html>",
    "a table": page(f"<table><tr><td>{H1}{paragraphs()}</td><td>Ads</td></tr></table>", ""),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_html_pages(shape: str) -> None:
    made = ingest(SHAPES[shape].encode(), "post.html").article
    assert made.text == ARTICLE
    assert made.headline == HEAD and made.dateline == "PORT ALDER"
    assert made.text_sha256 == hashlib.sha256(ARTICLE.encode()).hexdigest()


def test_a_sentence_that_stands_twice_stays_twice() -> None:
    texts = [*BODY, "“Not now.”", "She paused for a while.", "“Not now.”"]
    made = ingest(page(f"<article>{H1}{paragraphs(texts=texts)}</article>").encode(), "x").article
    assert made.text == "\n\n".join([HEAD, *texts]) + "\n"


def test_what_the_markup_declares() -> None:
    head = f"<title>{HEAD}</title><meta property='article:published_time' content='2031-11-04T07:30:00+00:00'>"
    markup = page(f"<article>{H1}<p class='byline'>By Jane Doe</p>{paragraphs()}</article>", head).replace(
        "<html>", "<html lang='en-GB'>"
    )
    made = ingest(markup.encode(), "x")
    assert made.article.text == ARTICLE
    assert (made.article.published, made.article.byline, made.article.language) == (
        "2031-11-04T07:30:00+00:00",
        "Jane Doe",
        "en",
    )
    assert any("taken from the page" in note for note in made.notes)
    assert ingest(markup.encode(), "x", published="2031-11-05").article.published == "2031-11-05", (
        "the person's word counts"
    )


# Plain text -------------------------------------------------------------------------------------------------------


def plain(text: str, encoding: str = "utf-8") -> Ingested:
    return ingest(text.encode(encoding), "page.txt")


def test_plain_pages() -> None:
    noisy = "\n\n".join(
        [
            "This site uses cookies and similar technologies. By using this site you agree to our Privacy Policy.",
            HEAD,
            HEAD,
            "By Jane Doe",
            "Published: 4 November 2031, 7:30 am",
            *BODY[:2],
            "Also read: Ferry sinks off Velm",
            "Share | Tweet | Email",
            *BODY[2:],
            "Trams to cost more from January",
            "Mine water reaches the river",
            "Next Story",
            "© 2031 Harbour Post. All rights reserved.",
        ]
    )
    made = plain(noisy)
    assert made.article.text == ARTICLE and made.article.byline == "Jane Doe"
    assert len(made.dropped) == 10, "what was cut away is told"


def test_paragraphs_by_line_and_hard_wrapped_lines() -> None:
    assert plain("\n".join([HEAD, *BODY])).article.text == ARTICLE
    words, lines = BODY[0].split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > 70:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    wrapped = "\n\n".join([HEAD, "\n".join(lines), *BODY[1:]])
    assert plain(wrapped).article.text == ARTICLE


def test_a_notice_is_cut_and_news_about_notices_is_not() -> None:
    news = "“This site uses cookies and by using this site you agree,” the regulator quoted the notice as saying on Monday."
    assert news in plain("\n\n".join([HEAD, news, *BODY])).article.text


@pytest.mark.parametrize(
    ("encoding", "note"),
    [("utf-8", None), ("utf-8-sig", None), ("utf-16", None), ("cp1252", "cp1252"), ("utf-16-be-bom", None)],
)
def test_encodings(encoding: str, note: str | None) -> None:
    data = b"\xfe\xff" + ARTICLE.encode("utf-16-be") if encoding == "utf-16-be-bom" else ARTICLE.encode(encoding)
    made = ingest(data, "page.txt")
    assert made.article.text == ARTICLE
    assert any("not UTF-8" in one for one in made.notes) == (note is not None)
    assert note is None or note in made.notes[0]


def test_declared_and_wrongly_declared_encodings() -> None:
    latin = page(
        f"<article>{H1}{paragraphs(texts=['La ministre a déclaré vendredi que le port était sûr.', *BODY[2:]])}</article>",
        "<meta charset='iso-8859-15'>",
    )
    assert "déclaré" in ingest(latin.encode("iso-8859-15"), "x").article.text
    wrong = latin.replace("iso-8859-15", "no-such-encoding")
    assert "déclaré" in ingest(wrong.encode("cp1252"), "x").article.text
    utf8 = latin.replace("iso-8859-15", "windows-1251")
    assert "déclaré" in ingest(utf8.encode(), "x").article.text, "UTF-8 that fits is believed before the page's word"


def test_line_ends_composed_letters_and_invisible_characters() -> None:
    text = (
        unicodedata.normalize("NFD", ARTICLE.replace("May", "Mäy"))
        .replace("\n", "\r\n")
        .replace("the city", "the\u00ad ci\u200bty\x07")
    )
    made = plain(text).article.text
    assert made == ARTICLE.replace("May", "Mäy")
    assert unicodedata.is_normalized("NFC", made)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once) and "\r" not in once


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_an_article_or_a_reason(data: bytes) -> None:
    try:
        made = ingest(data, "x").article
    except InputError as error:
        assert error.problems[0].where == "x"
        return
    assert made.text.strip() and made.text.endswith("\n") and unicodedata.is_normalized("NFC", made.text)


# What is no page --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"%PDF-1.4 x", "a PDF file"),
        (b"PK\x03\x04", "ZIP"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\x89PNG\r\n", "an image"),
        (b"\x7fELF\x02\x01\0\0", "binary"),
        (b"\x80\x81\x82" * 100, "binary"),
        (b"\xff\xfeH", "breaks at byte"),
        (b'{"id": "a/b", "text": "x"}', "is JSON"),
        (b"<html><body></body></html>", "no article was found"),
        (b"<!DOCTYPE html><html><body><script>x</script></body></html>", "no article was found"),
        (b"<html><body>" + b"<div>" * 5_000 + b"x" + b"</div>" * 5_000, "no article was found"),
        (b"Next Story\n\nShare\n", "no article was found"),
        (b"Only a headline\n", "no article was found"),
    ],
)
def test_no_page(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        ingest(data, "x")
    assert caught.value.problems[0].remedy


@pytest.mark.parametrize("value", ["yesterday", "2031-13-01", "20311104", "2031-W45-2", "04/11/2031", ""])
def test_publication_dates_that_are_none(value: str) -> None:
    with pytest.raises(InputError, match="write 2031-11-01"):
        ingest(ARTICLE.encode(), "x", published=value)


def test_paths(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path, message in ((tmp_path / "none.txt", "no such file"), (tmp_path, "is a directory")):
        assert main(["ingest", str(path)]) == 1
        assert message in capsys.readouterr().err
    source = tmp_path / "Some Page!.txt"
    source.write_text(ARTICLE, encoding="utf-8")
    assert ingest(read_source(str(source)), str(source)).article.id == "ingested/some-page"
    assert main(["ingest", str(source), "-o", str(tmp_path / "no" / "where.jsonl")]) == 1
    assert "cannot be written" in capsys.readouterr().err
    assert main(["ingest", str(source), "--id", "x/y", "-o", str(tmp_path / "a.jsonl")]) == 0
    assert '"id":"x/y"' in (tmp_path / "a.jsonl").read_text(encoding="utf-8")
    assert "relative dates stay unresolved" in capsys.readouterr().err


# The page this project started from --------------------------------------------------------------------------------


def test_the_seed_page(shared_data: Path) -> None:
    source = shared_data / "seed" / "000_e6072fdaf04982ac.txt"
    crawled = source.read_text(encoding="utf-8")
    made = ingest(read_source(str(source)), str(source), published="2019-11-01")
    text = made.article.text
    blocks = [block for block in crawled.split("\n\n") if block.strip()]
    assert text == "\n\n".join(block.strip() for block in blocks[2:-1]) + "\n", "the article's words, all and only they"
    assert made.article.dateline == "New Delhi" and made.article.published == "2019-11-01"
    assert [block.split()[0] for block in made.dropped] == ["News", "WhatsApp", "Next"], "the doubled headline too"
