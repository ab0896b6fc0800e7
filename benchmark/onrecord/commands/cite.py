"""``onrecord cite``: how to cite the data that a number was measured on."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from onrecord.errors import InputError, Problem


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser(
        "cite",
        help="how to cite a dataset",
        description="Prints the citation, version and licence of the packaged corpus or of a released folder.",
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="a released folder (default: the packaged corpus)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the citation.

    Raises:
        InputError: No release there, or one that names no citation.
    """
    from onrecord.loader import packaged_release
    from onrecord.release import read_release

    release = read_release(packaged_release() if args.name in {None, "onrecord"} else Path(args.name))
    if not release.citation:
        raise InputError(Problem(str(release.folder), "names no citation", remedy="see the corpus's own documentation"))
    edition = f", edition {release.edition}" if release.edition else ""
    print(release.citation.strip())
    print(f"\n% {release.name} {release.version}{edition}, data {release.data_hash[:16]}, licence {release.licence}")
    return 0
