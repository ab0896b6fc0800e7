"""``onrecord assemble``: from a corpus on disk, or a user's copy of a real one, to a released folder."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from onrecord.errors import InputError, Problem


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser(
        "assemble",
        help="build a released folder",
        description="Builds a folder that load_dataset opens: from the corpus in this checkout, or, with SOURCE and "
        "PATH, from your own copy of a real corpus. What was dropped or repaired goes to standard error and into the "
        "folder's card.",
    )
    parser.add_argument("source", nargs="?", metavar="SOURCE", help="name of a real corpus (see `onrecord sources`)")
    parser.add_argument("path", nargs="?", type=Path, metavar="PATH", help="your copy of it: a folder, zip or tar")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR", help="the folder to write")
    parser.add_argument(
        "--genre", action="append", metavar="G", help="of a source with genres, which to read (default: news)"
    )
    parser.add_argument(
        "--map",
        type=Path,
        metavar="FILE",
        help="how a corpus's types and labels map onto ours (see `onrecord sources brat`)",
    )
    parser.add_argument(
        "--as",
        dest="form",
        choices=("release", "passes"),
        default="release",
        help="passes: every annotator's labels, a file of gold lines each, for `onrecord agree`",
    )
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), help="articles (default: ./corpus)")
    parser.add_argument("--annotations", type=Path, default=Path("annotations"), help="labels (default: ./annotations)")
    parser.add_argument("--lenient", action="store_true", help="leave out articles with problems, and list them")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Builds the folder and says what is in it.

    Raises:
        InputError: What is wrong with the corpus, the copy or the target.
    """
    with _ending_as_interrupted():
        if args.source is not None:
            return _assemble_source(args)
        for given, name in ((args.genre, "--genre"), (args.map, "--map"), (args.form == "passes", "--as passes")):
            if given:
                raise InputError(Problem(name, "is for real corpora", remedy="name SOURCE and PATH, or leave it out"))
        from onrecord.assembly import assemble

        corpus = assemble(args.corpus, args.annotations, args.output, lenient=args.lenient)
        for problem in corpus.left_out:
            print(f"left out: {problem}", file=sys.stderr)
        return _summary(args.output)


def _summary(folder: Path) -> int:
    from onrecord.release import read_release

    release = read_release(folder)
    splits = ", ".join(f"{number} {split}" for split, number in release.splits.items())
    edition = f", edition {release.edition}" if release.edition else ""
    print(f"{folder}: {release.name} {release.version}{edition}, {splits}; data {release.data_hash[:16]}")
    return 0


def _assemble_source(args: argparse.Namespace) -> int:
    from onrecord import sources
    from onrecord.report.terminal import printable
    from onrecord.sources.progress import watched

    source = sources.find(args.source)
    if args.path is None:
        remedy = f"onrecord assemble {source.name} PATH -o {args.output}"
        raise InputError(Problem(source.name, "PATH, the root of your copy, is missing", remedy=remedy))
    if args.genre and not source.genres:
        raise InputError(Problem("--genre", f"{source.name} has no genres", remedy="leave it out"))
    if source.folder and args.form == "passes":
        raise InputError(Problem("--as passes", f"{source.name} has no passes", remedy="leave it out"))
    mapping = sources.read_mapping(args.map) if args.map else sources.Mapping()
    options = sources.Options(tuple(args.genre) if args.genre else None, mapping)

    def say(note: str) -> None:
        print(f"note: {printable(note)}", file=sys.stderr)

    if args.form == "passes":
        numbers = sources.assemble_passes(source.name, args.path, args.output, options, say=say, watch=watched)
        shown = ", ".join(f"{name} {number}" for name, number in sorted(numbers.items()))
        print(f"{args.output}: {len(numbers)} annotators, articles of each: {printable(shown)}")
        return 0
    sources.assemble(source.name, args.path, args.output, options, say=say, watch=watched)
    return _summary(args.output)


@contextmanager
def _ending_as_interrupted() -> Iterator[None]:
    """Lets a polite request to end (SIGTERM) clean up like Ctrl-C; it would leave half a folder otherwise."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, interrupt)
    except ValueError:  # not the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
