"""From the paragraphs of a page to headline and body."""

# A pattern broken over lines is harder to read than a long line.
# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from onrecord.ingest.boilerplate import is_element, is_notice, is_pointer, is_sentence

#: Page elements that stand around the article: how many paragraphs at either end are looked at with suspicion.
_EDGE: Final = 6
_BYLINE: Final = re.compile(
    r"(?:by|written by|reported by|text:)\s+(?P<name>[A-Z][\w.’'-]+(?:(?: |, | and )[A-Z][\w.’'-]+){0,7})(?:\s*[|,–—-].{0,60})?",
    re.IGNORECASE,
)
_STAMP: Final = re.compile(
    r"(?:(?:published|updated|posted|last (?:updated|modified)|first published)\b.{0,80}|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? .{0,12}\d{4}.{0,40}|\d{1,2}(?::\d\d)? ?(?:am|pm)\b.{0,40}|(?:[A-Z][a-z]{2,8} \d{1,2}|\d{1,2} [A-Z][a-z]{2,8}),? \d{4}(?:.{0,30})?|\d{4}-\d\d-\d\d.{0,30}|\d+ (?:minutes?|hours?|days?) ago)",
    re.IGNORECASE,
)
_CAPTION: Final = re.compile(
    r"(?:photo|image|picture|file photo|photograph|video|credit|photo credit|image credit|representational image)s?\s*(?::|by\b|\(|/|credit).{0,160}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Body:
    """The article's own text.

    Attributes:
        headline: The headline.
        paragraphs: The paragraphs after it, each as it stood on the page.
        byline: The author line that stood above the text, without "By".
        dropped: What was cut away, in page order, for people to check.
    """

    headline: str
    paragraphs: tuple[str, ...]
    byline: str | None
    dropped: tuple[str, ...]


def clean(blocks: list[str], headline: str | None = None) -> Body | None:
    """The article inside a page's paragraphs.

    Args:
        blocks: Paragraphs of the page in order.
        headline: The headline, where the page's markup says it; otherwise the first short paragraph that stands twice,
            or the first that is not a notice.

    Returns:
        None where nothing like an article is left.
    """
    kept = [block for block in blocks if not (is_element(block) or is_pointer(block))]
    edges = {*range(min(_EDGE, len(kept))), *range(max(0, len(kept) - _EDGE), len(kept))}
    kept = [block for index, block in enumerate(kept) if not (index in edges and is_notice(block))]
    kept = _without_tail(kept)
    if not kept:
        return None
    found, start = _headline(kept, headline)
    body = kept[start:]
    body = [block for index, block in enumerate(body) if not (index < 3 and _key(block) == _key(found))]
    byline: str | None = None
    for _ in range(3):
        if body and (author := _BYLINE.fullmatch(body[0])):
            byline = author["name"]
        elif not (body and (_STAMP.fullmatch(body[0]) or _CAPTION.fullmatch(body[0])) and not is_sentence(body[0])):
            break
        body.pop(0)
    if not body:
        return None
    return Body(found, tuple(body), byline, tuple(_dropped(blocks, [found, *body])))


def _dropped(blocks: list[str], kept: list[str]) -> Iterator[str]:
    """The paragraphs that were not kept, in page order; the headline may come from the markup alone."""
    waiting = kept if kept[0] in blocks else kept[1:]
    place = 0
    for block in blocks:
        if place < len(waiting) and block == waiting[place]:
            place += 1
        else:
            yield block


def _without_tail(blocks: list[str]) -> list[str]:
    """Cuts headlines of other stories off the end: several short lines in a row that are no sentences."""
    end = len(blocks)
    while (
        end > 2
        and not is_sentence(blocks[end - 1])
        and len(blocks[end - 1]) < 140
        and not blocks[end - 1].rstrip().endswith((":", ","))
    ):
        end -= 1
    if len(blocks) - end >= 2 and sum(is_sentence(block) for block in blocks[:end]) >= 2:
        return blocks[:end]
    return blocks


def _headline(blocks: list[str], given: str | None) -> tuple[str, int]:
    """The headline, and the number of the first paragraph after it."""
    if given is not None and given.strip():
        for index, block in enumerate(blocks[:_EDGE]):
            if _key(block) == _key(given):
                return block, index + 1
        return " ".join(given.split()), 0
    for index in range(min(_EDGE, len(blocks) - 1)):
        if _key(blocks[index]) == _key(blocks[index + 1]):
            return blocks[index], index + 2
    for index, block in enumerate(blocks[:_EDGE]):
        if not _STAMP.fullmatch(block) and not _BYLINE.fullmatch(block):
            return block, index + 1
    return blocks[0], 1


def _key(block: str) -> str:
    return re.sub(r"\W+", " ", block).strip().casefold()
