"""``onrecord assemble``: from a corpus on disk, or a user's copy of a real one, to a released folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from onrecord.errors import InputError, Problem


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser(
        "assemble",
        help="build a released folder",
        description="Builds a folder that load_dataset opens: from the corpus in this checkout, or, with SOURCE and "
        "PATH, from your own copy of a real corpus.",
    )
    parser.add_argument("source", nargs="?", metavar="SOURCE", help="name of a real corpus (see `onrecord sources`)")
    parser.add_argument("path", nargs="?", type=Path, metavar="PATH", help="your copy of it")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR", help="the folder to write")
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), help="articles (default: ./corpus)")
    parser.add_argument("--annotations", type=Path, default=Path("annotations"), help="labels (default: ./annotations)")
    parser.add_argument("--lenient", action="store_true", help="leave out articles with problems, and list them")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Builds the folder and says what is in it.

    Raises:
        InputError: What is wrong with the corpus or the target.
    """
    if args.source is not None:
        _assemble_source(args)
    else:
        from onrecord.assembly import assemble

        corpus = assemble(args.corpus, args.annotations, args.output, lenient=args.lenient)
        for problem in corpus.left_out:
            print(f"left out: {problem}", file=sys.stderr)
    from onrecord.release import read_release

    release = read_release(args.output)
    splits = ", ".join(f"{number} {split}" for split, number in release.splits.items())
    edition = f", edition {release.edition}" if release.edition else ""
    print(f"{args.output}: {release.name} {release.version}{edition}, {splits}; data {release.data_hash[:16]}")
    return 0


def _assemble_source(args: argparse.Namespace) -> None:
    if args.path is None:
        raise InputError(
            Problem(args.source, "PATH is missing", remedy=f"onrecord assemble {args.source} PATH -o {args.output}")
        )
    from onrecord import sources

    assemble_source = getattr(sources, "assemble", None)
    if assemble_source is None:
        raise InputError(
            Problem(args.source, "no such source: this version imports none", remedy="leave SOURCE and PATH out")
        )
    assemble_source(args.source, args.path, args.output)
