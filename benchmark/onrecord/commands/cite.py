"""``onrecord cite``: how to cite the data that a number was measured on, and the measure itself."""

from __future__ import annotations

import argparse
import difflib
from pathlib import Path
from typing import Any

from onrecord.errors import InputError, Problem


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser(
        "cite",
        help="BibTeX for a dataset, a source or a measure",
        description="Prints BibTeX, as comments with version and licence: for the packaged corpus, a released folder, "
        "a source (polnear), or the papers that define a measure (quotes/content-soft, coreference).",
    )
    parser.add_argument(
        "name",
        nargs="?",
        metavar="NAME",
        help="a released folder, a source or a measure (default: the packaged corpus)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the citation.

    Raises:
        InputError: Nothing of that name, or a release that names no citation.
    """
    from onrecord.loader import packaged_release
    from onrecord.report.terminal import printable

    name = args.name
    if name in {None, "onrecord"}:
        text: str | None = _release(packaged_release())
    else:
        # A name of the catalogue means the catalogue even where a folder of that name stands: its citation is the same.
        folder = Path(name)
        meant = folder.is_dir() or folder.is_absolute() or name.startswith(".")
        text = _source(name) or _measure(name) or (_release(folder) if meant else None)
    if text is None:
        raise InputError(Problem(name, "is no released folder, source or measure", remedy=_remedy(name)))
    print(printable(text, keep="\n\t"))
    return 0


def _release(folder: Path) -> str:
    from onrecord.release import read_release

    release = read_release(folder)
    if not release.citation:
        raise InputError(Problem(str(release.folder), "names no citation", remedy="see the corpus's own documentation"))
    edition = f", edition {release.edition}" if release.edition else ""
    about = f"% {release.name} {release.version}{edition}, data {release.data_hash[:16]}, licence {release.licence}"
    return f"{release.citation.strip()}\n\n{about}"


def _source(name: str) -> str | None:
    from onrecord.sources.catalogue import catalogue

    source = catalogue().get(name)
    if source is None:
        return None
    if source.folder:
        raise InputError(Problem(name, "is a format, not a corpus", remedy="cite the corpus that your folder holds"))
    return f"{source.citation.strip()}\n\n% {source.title}, version {source.version}; licence: {source.licence}"


def _measure(name: str) -> str | None:
    """The papers of a measure (with or without a figure), or of all measures of a group."""
    from onrecord.papers import bibtex
    from onrecord.scoring.measures import catalogue

    bare = name.partition(":")[0]
    measures = [
        m for m in catalogue().values() if bare in (m.name, m.group) and (bare == name or name in m.full_names())
    ]
    if not measures:
        return None
    entries = bibtex()
    papers = dict.fromkeys(paper for measure in measures for paper in measure.papers)
    lines = [f"% {measure.name}, definition {measure.version}: {measure.title}" for measure in measures]
    if not papers:
        return "\n".join([*lines, "% no paper defines it: cite OnRecord (`onrecord cite`) and its MEASURES.md"])
    return "\n".join([*lines, "", *(entries[paper] for paper in papers)])


def _remedy(name: str) -> str:
    from onrecord.scoring.measures import catalogue as measures
    from onrecord.sources.catalogue import catalogue as sources

    known = [*sources(), *measures(), *dict.fromkeys(measure.group for measure in measures().values())]
    near = difflib.get_close_matches(name.lower(), known, n=1)
    return f"did you mean {near[0]}?" if near else "see `onrecord sources`, or name a measure as the scorer prints it"
