"""The papers behind the measures: ``data/papers.bib`` by key."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

_ENTRY: Final = re.compile(r"^@\w+\{([^,\s]+),", re.MULTILINE)


@cache
def bibtex() -> dict[str, str]:
    """BibTeX entries by key; an entry ends where the next one begins."""
    text = (files("onrecord") / "data" / "papers.bib").read_text(encoding="utf-8")
    starts = [match.start() for match in _ENTRY.finditer(text)]
    return {
        match[1]: text[match.start() : end].strip()
        for match, end in zip(_ENTRY.finditer(text), [*starts[1:], len(text)], strict=True)
    }
