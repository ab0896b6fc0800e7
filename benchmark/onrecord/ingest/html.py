"""Taking an HTML page apart with trafilatura: paragraphs of the article, and what the markup says about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from onrecord.errors import InputError, Problem
from onrecord.ingest.boilerplate import is_sentence

#: Stands for a line break while a block is read; in no real text (private use area).
_BREAK: Final = "\ue001"
_BLOCKS: Final = frozenset({"p", "head", "item", "quote", "row", "ab", "code"})


@dataclass(frozen=True, slots=True)
class Page:
    """What an HTML page holds.

    Attributes:
        blocks: Paragraphs in order.
        headline: From the page's own heading, or None.
        byline: From the page's metadata, or None.
        published: From ``article:published_time`` or its like, or None; never guessed from the text.
        language: The page's ``lang``, or None.
    """

    blocks: list[str]
    headline: str | None
    byline: str | None
    published: str | None
    language: str | None


def looks_like_html(text: str) -> bool:
    """Whether the text is markup."""
    head = text.lstrip()[:2000].casefold()
    return head.startswith(("<!doctype html", "<html", "<?xml")) or bool(
        re.search(r"<(?:p|div|body|article|head)\b[^>]*>", head) and "</" in text
    )


def take_apart(markup: str, name: str) -> Page:
    """The paragraphs and metadata of a page.

    Raises:
        InputError: No article was found in it.
    """
    import trafilatura
    from lxml import html as lxml_html

    try:
        tree = lxml_html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", markup))
    except Exception as error:  # lxml raises several kinds on hopeless markup
        raise InputError(
            Problem(name, f"could not be read as HTML: {error}", remedy="save the page again, or as plain text")
        ) from error
    # Every paragraph is kept as it stands: no deduplication, no comments of readers.
    document: Any = trafilatura.bare_extraction(
        markup,
        include_comments=False,
        include_tables=True,
        include_formatting=False,
        favor_recall=True,
        deduplicate=False,
        with_metadata=True,
    )
    body = getattr(document, "body", None)
    blocks = _blocks(body) if body is not None else []
    if not blocks:
        raise InputError(
            Problem(
                name, "no article was found in this HTML page", remedy="save the article's text as a plain text file"
            )
        )
    headings = [_words(node) for node in tree.iter("h1")]
    title = getattr(document, "title", None)
    return Page(
        blocks,
        _best_heading([heading for heading in headings if heading], title),
        getattr(document, "author", None),
        _published(tree),
        (tree.get("lang") or "").split("-")[0].casefold() or None,
    )


def _words(node: Any) -> str:
    return " ".join(str(node.text_content()).split())


def _blocks(body: Any) -> list[str]:
    """Texts of trafilatura's block elements, outermost ones that hold text directly."""
    found: list[str] = []
    for node in body.iter():
        if not isinstance(node.tag, str) or node.tag not in _BLOCKS:
            continue
        if any(isinstance(child.tag, str) and child.tag in _BLOCKS for child in node.iterdescendants()):
            continue
        lines = "".join(_with_breaks(node)).replace("\n", " ").split(_BREAK)
        found += _paragraphs([" ".join(line.split()) for line in lines])
    return found


def _with_breaks(node: Any) -> Iterator[str]:
    """The text below a node, with a mark for every line break."""
    yield node.text or ""
    for child in node:
        yield from (_BREAK,) if child.tag == "lb" else _with_breaks(child)
        yield child.tail or ""


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Lines between breaks as paragraphs: an empty line ends one, as does a break behind a finished sentence."""
    held: list[str] = []
    for line in [*lines, ""]:
        if held and (not line or is_sentence(held[-1])):
            yield " ".join(held)
            held = []
        if line:
            held.append(line)


def _best_heading(headings: list[str], title: str | None) -> str | None:
    """The heading that the page's title repeats ("Headline - Site"), else the only one, else the title."""
    for heading in headings:
        if title and (heading.casefold() in title.casefold() or title.casefold() in heading.casefold()):
            return heading
    if len(headings) == 1:
        return headings[0]
    return title or (headings[0] if headings else None)


def _published(tree: Any) -> str | None:
    for path in (
        "//meta[@property='article:published_time']/@content",
        "//meta[@itemprop='datePublished']/@content",
        "//meta[@name='pubdate' or @name='publish-date' or @name='date']/@content",
        "//time[@itemprop='datePublished']/@datetime",
    ):
        for value in tree.xpath(path):
            if re.match(r"\d{4}-\d\d-\d\d", str(value)):
                return str(value)
    return None
