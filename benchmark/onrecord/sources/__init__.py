"""Real corpora of news: from a user's own copy to articles in our schema, one small module each.

A source module has ``relevant(name)``, whether it reads a file of that name, and ``read(copy, report, options)``, which
yields annotated articles and counts what it dropped or repaired; one whose corpus has several annotators has
``read_passes`` too. Everything else about a source is data: an entry in ``catalogue.json`` and, where a version is
fixed, its checksums.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from onrecord.errors import InputError, Problem
from onrecord.model import AnnotatedArticle
from onrecord.sources.catalogue import Source, catalogue, find
from onrecord.sources.copy import Copy
from onrecord.sources.mapping import Mapping, read_mapping
from onrecord.sources.options import Options
from onrecord.sources.report import Report
from onrecord.sources.sound import sound, translated

__all__ = [
    "Copy",
    "Mapping",
    "Options",
    "Report",
    "Source",
    "assemble",
    "assemble_passes",
    "catalogue",
    "find",
    "read",
    "read_mapping",
]

T = TypeVar("T")


class Watch(Protocol):
    """Passes items on, for a progress bar."""

    def __call__(self, items: Iterable[T], doing: str) -> Iterable[T]:
        """The same items; ``doing`` says what is being done with them."""


class _Module(Protocol):
    def relevant(self, name: str) -> bool: ...

    def read(self, copy: Copy, report: Report, options: Options) -> Iterator[AnnotatedArticle]: ...


class _ModuleOfSeveral(_Module, Protocol):
    def read_passes(self, copy: Copy, report: Report, options: Options) -> Iterator[tuple[str, AnnotatedArticle]]: ...


@dataclass(frozen=True)
class Read:
    """What was found in a copy.

    Attributes:
        articles: The articles with their labels, sound and each with an id of its own.
        notes: Sentences on what is missing, altered, dropped or repaired.
        types: The inventory of entity types; None if the source has no entities.
    """

    articles: Sequence[AnnotatedArticle]
    notes: Sequence[str]
    types: tuple[str, ...] | None


def _plain(items: Iterable[T], doing: str) -> Iterable[T]:
    del doing
    return items


def read(name: str, path: Path, options: Options | None = None, *, watch: Watch = _plain) -> Read:
    """Reads a user's copy of a source.

    Args:
        name: The source's name in the catalogue.
        path: Root of the copy: a folder, or a zip or tar archive.
        options: Genres and mapping.
        watch: Passes the articles on while they are read.

    Raises:
        InputError: No such source or path, or nothing of the source found below the path.
    """
    source, options = find(name), options or Options()
    module = _module(source)
    report = Report()
    with Copy(path, module.relevant) as copy:
        found = translated(watch(module.read(copy, report, options), "reading"), options.mapping, report)
        articles = list(sound(found, report))
        if not articles:
            raise _nothing(source, copy, report)
        types = _types(source, articles, options, report)
        return Read(articles, _notes(source, copy, report), types)


def assemble(
    name: str,
    path: Path,
    out: Path,
    options: Options | None = None,
    *,
    say: Callable[[str], object] = lambda _: None,
    watch: Watch = _plain,
) -> None:
    """Builds a released folder from a user's copy of a source.

    Args:
        name: The source's name in the catalogue.
        path: Root of the copy.
        out: The folder to write; nothing outside it is left behind.
        options: Genres and mapping.
        say: Told, sentence by sentence, what is missing, altered, dropped or repaired; the card has it too.
        watch: Passes the articles on while they are read, checked and written.

    Raises:
        InputError: As ``read`` and ``release.build``.
    """
    from onrecord import release  # imports pyarrow, which listing the catalogue does not need

    source, options = find(name), options or Options()
    found = read(name, path, options, watch=watch)
    for note in found.notes:
        say(note)
    mapping = options.mapping
    described = f"Mapped: {source.mapped}. Lost: {source.lost}."
    if source.folder:
        facts = {
            "name": mapping.name or path.resolve().name.partition(".")[0] or source.name,
            "version": mapping.version,
            "title": mapping.title,
            "description": f"Built from a folder of files in the format {source.name}. {described}",
            "licence": mapping.licence,
            "citation": mapping.citation,
        }
        languages: Sequence[str] = (mapping.language,)
    else:
        facts = {
            "name": source.name,
            "version": source.version,
            "title": source.title,
            "description": f"Built from a user's own copy ({source.where}). {described}",
            "licence": source.licence,
            "citation": source.citation,
        }
        languages = source.languages
    release.build(
        found.articles,
        out,
        **cast(dict[str, Any], facts),
        languages=languages,
        types=found.types,
        outside=tuple(dict.fromkeys((*source.outside, *mapping.outside))),
        notes=found.notes,
        watch=watch,
    )


def assemble_passes(
    name: str,
    path: Path,
    out: Path,
    options: Options | None = None,
    *,
    say: Callable[[str], object] = lambda _: None,
    watch: Watch = _plain,
) -> dict[str, int]:
    """Writes what each of several annotators marked, as a file of gold lines an annotator.

    Returns:
        Number of articles by annotator.

    Raises:
        InputError: The source has no article that several people annotated, or as ``read``.
    """
    from onrecord.sources.passes import write_passes

    source, options = find(name), options or Options()
    module = cast(_ModuleOfSeveral, _module(source))
    if not hasattr(module, "read_passes"):
        raise InputError(
            Problem(name, "has no passes: its makers give one set of labels", remedy="leave out --as passes")
        )
    report = Report()
    passes: dict[str, list[AnnotatedArticle]] = {}
    with Copy(path, module.relevant) as copy:
        for annotator, article in watch(module.read_passes(copy, report, options), "reading"):
            passes.setdefault(annotator, []).append(article)
        notes = _notes(source, copy, report)
        if not passes:
            raise InputError(
                Problem(str(path), f"no article of {name} that several people annotated", remedy="leave out --as")
            )
    for note in notes:
        say(note)
    write_passes({annotator: list(sound(items, report)) for annotator, items in passes.items()}, out, source, notes)
    return {annotator: len(items) for annotator, items in passes.items()}


def _module(source: Source) -> _Module:
    return cast(_Module, importlib.import_module(f"onrecord.sources.{source.module}"))


def _notes(source: Source, copy: Copy, report: Report) -> list[str]:
    lines = [*copy.compare(source.checksums()), *(f"left out: {line}" for line in copy.left_out), *report.lines()]
    # File names come from outside and could carry line breaks into the card.
    return ["".join(c if c.isprintable() else " " for c in line) for line in lines]


def _nothing(source: Source, copy: Copy, report: Report) -> InputError:
    message = f"no article of {source.name} found in {len(copy.files)} file(s)"
    remedy = f"give the root of your copy, which has {source.layout}"
    lines = [*(f"left out: {line}" for line in copy.left_out), *report.lines()]
    problems = [Problem(str(copy.root), message, remedy=remedy), *(Problem(str(copy.root), line) for line in lines)]
    return InputError(problems)


def _types(
    source: Source, articles: Iterable[AnnotatedArticle], options: Options, report: Report
) -> tuple[str, ...] | None:
    """The declared inventory in its order, then what else occurs: a newer copy may have more."""
    if "entities" not in source.layers:
        return None
    declared = [options.mapping.type_of(name) for name in source.types or ()]
    declared += [name or None for label, name in options.mapping.types.items() if label != "*"]
    found = {mention.type for item in articles for mention in item.labels.entities or () if mention.type is not None}
    more = sorted(found - set(declared))
    for name in more if source.types else ():
        report.add("entity types that the known version does not have, taken as they are", name)
    return tuple(dict.fromkeys([*filter(None, declared), *more]))
