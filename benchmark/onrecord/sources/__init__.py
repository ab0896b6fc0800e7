"""Real corpora of news: from a user's own copy to articles in our schema, one small module each.

A source module has ``relevant(name)``, whether it reads a file of that name, and ``read(copy, report)``, which yields
annotated articles and counts what it dropped or repaired. Everything else about a source is data: an entry in
``catalogue.json`` and, where a version is fixed, its checksums.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol, cast

from onrecord import release
from onrecord.errors import InputError, Problem
from onrecord.model import AnnotatedArticle
from onrecord.sources.catalogue import Source, catalogue, find
from onrecord.sources.copy import Copy
from onrecord.sources.report import Report

__all__ = ["Copy", "Report", "Source", "assemble", "catalogue", "find", "read"]


class _Module(Protocol):
    def relevant(self, name: str) -> bool: ...

    def read(self, copy: Copy, report: Report) -> Iterator[AnnotatedArticle]: ...


def read(name: str, path: Path) -> tuple[list[AnnotatedArticle], list[str]]:
    """Reads a user's copy of a source.

    Args:
        name: The source's name in the catalogue.
        path: Root of the copy: a folder, or a zip or tar archive.

    Returns:
        The articles, and sentences on what is missing, altered, dropped or repaired.

    Raises:
        InputError: No such source or path, or nothing of the source found below the path.
    """
    source = find(name)
    copy = Copy(path)
    module = cast(_Module, importlib.import_module(f"onrecord.sources.{source.module}"))
    report = Report()
    articles = list(module.read(copy, report))
    if not articles:
        message = f"no article of {name} found in {len(copy.files)} file(s)"
        problems = [Problem(str(path), message, remedy=f"give the root of your copy, which has {source.layout}")]
        problems += [Problem(str(path), line) for line in report.lines()]
        raise InputError(problems)
    notes = copy.compare(source.checksums(), module.relevant)
    notes += [f"left out: {line}" for line in copy.left_out]
    return articles, notes + report.lines()


def assemble(name: str, path: Path, out: Path, *, say: Callable[[str], object] = lambda _: None) -> None:
    """Builds a released folder from a user's copy of a source.

    Args:
        name: The source's name in the catalogue.
        path: Root of the copy.
        out: The folder to write; nothing outside it is ever written.
        say: Told, sentence by sentence, what is missing, altered, dropped or repaired; the card has it too.

    Raises:
        InputError: As ``read`` and ``release.build``.
    """
    source = find(name)
    articles, notes = read(name, path)
    for note in notes:
        say(note)
    release.build(
        articles,
        out,
        name=source.name,
        version=source.version,
        title=source.title,
        description=f"Built from a user's own copy ({source.where}). Mapped: {source.mapped}. Lost: {source.lost}.",
        licence=source.licence,
        citation=source.citation,
        languages=source.languages,
        types=source.types,
        outside=source.outside,
        notes=notes,
    )
