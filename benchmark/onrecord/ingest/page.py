"""One page in, one article out."""

from __future__ import annotations

import datetime
import hashlib
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from onrecord.errors import InputError, Problem
from onrecord.ingest.clean import clean
from onrecord.ingest.decode import decode, normalise
from onrecord.ingest.html import looks_like_html, take_apart
from onrecord.model import Article
from onrecord.systems.text import dateline, paragraphs

#: No page is larger; a dump of pages is.
_LARGEST: Final = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Ingested:
    """An article with what there is to say about how it was made.

    Attributes:
        article: The article.
        notes: Remarks for the person: the encoding, a missing date.
        dropped: Paragraphs that were cut away.
    """

    article: Article
    notes: tuple[str, ...]
    dropped: tuple[str, ...]


def read_source(source: str) -> bytes:
    """Bytes of a file, or of standard input for ``-``.

    Raises:
        InputError: No such file, a directory, no permission, or far too large.
    """
    if source == "-":
        return sys.stdin.buffer.read()
    path = Path(source)
    if path.is_dir():
        raise InputError(Problem(source, "is a directory, not a page", remedy="name one file"))
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(
                Problem(source, f"is larger than {_LARGEST >> 20} MB: no single page", remedy="split it into pages")
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(Problem(source, "no such file", remedy="check the path")) from None
    except OSError as error:
        raise InputError(Problem(source, f"could not be read: {error.strerror}")) from error


def check_published(value: str | None) -> str | None:
    """An ISO 8601 date or time as given.

    Raises:
        InputError: It is none.
    """
    if value is None:
        return None
    try:
        datetime.datetime.fromisoformat(value)
    except ValueError:
        raise InputError(
            Problem(
                "--published", f"{value!r} is no ISO 8601 date", remedy="write 2031-11-01 or 2031-11-01T18:20:00+05:30"
            )
        ) from None
    if not re.match(r"\d{4}-\d\d-\d\d", value):
        raise InputError(Problem("--published", f"{value!r} is not written as YYYY-MM-DD", remedy="write 2031-11-01"))
    return value


def ingest(data: bytes, name: str, *, published: str | None = None, article_id: str | None = None) -> Ingested:
    """Turns a crawled page into an article.

    Args:
        data: The page, plain text or HTML, in any usual encoding.
        name: What to call it in messages.
        published: ISO 8601 date; None takes the one that the page's markup declares, and leaves it unknown otherwise.
        article_id: Id of the article; None makes one from the name.

    Raises:
        InputError: There is no article in it, or the date is wrong.
    """
    published = check_published(published)
    notes: list[str] = []
    decoded, encoding = decode(data, name)
    if encoding not in ("utf-8", "utf-16-le", "utf-16-be"):
        notes.append(f"not UTF-8; read as {encoding}")
    headline = byline = language = None
    if looks_like_html(decoded):
        page = take_apart(decoded, name)
        blocks, headline, byline, language = page.blocks, page.headline, page.byline, page.language
        blocks = [block for text in blocks if (block := normalise(text).strip())]
        headline = None if headline is None else normalise(headline)
        if published is None and page.published is not None:
            published = page.published
            notes.append(f"publication date {published} taken from the page")
    else:
        blocks = plain_blocks(normalise(decoded))
    body = clean(blocks, headline)
    if body is None:
        raise InputError(
            Problem(
                name,
                "no article was found: no text is left after the page's own notices",
                remedy="check that the file holds the article",
            )
        )
    if published is None:
        notes.append("no publication date: relative dates stay unresolved (XXXX-WXX-5); give --published YYYY-MM-DD")
    text = "\n\n".join([body.headline, *body.paragraphs]) + "\n"
    blocks_of = paragraphs(text)
    place = dateline(text, blocks_of[1]) if len(blocks_of) > 1 else None
    article = Article(
        id=article_id or f"ingested/{_slug(name)}",
        text=text,
        headline=body.headline,
        byline=body.byline or byline,
        dateline=None if place is None else place[0].of(text),
        published=published,
        language=language,
        text_sha256=hashlib.sha256(text.encode("utf-8")).hexdigest(),
    )
    return Ingested(article, tuple(notes), body.dropped)


def plain_blocks(text: str) -> list[str]:
    """Paragraphs of plain text; hard-wrapped lines are joined, single lines stand for themselves."""
    if not re.search(r"\n[ ]*\n", text):
        return [line.strip() for line in text.split("\n") if line.strip()]
    blocks: list[str] = []
    for chunk in re.split(r"\n(?:[ ]*\n)+", text.strip("\n")):
        lines = [line.strip() for line in chunk.split("\n") if line.strip()]
        wrapped = len(lines) > 1 and all(45 <= len(line) <= 100 for line in lines[:-1])
        blocks += [" ".join(lines)] if wrapped else lines
    return blocks


def _slug(name: str) -> str:
    stem = "stdin" if name == "-" else Path(name).name.split(".")[0]
    return re.sub(r"[^a-z0-9]+", "-", stem.casefold()).strip("-") or "page"
