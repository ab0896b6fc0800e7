#!/usr/bin/env python3
"""Keeps the figures that README.md shows true: what `make demo` prints for the rules system.

scripts/readme.py --write     # put the table between its marks
scripts/readme.py --check     # exit 1 if README.md shows another one
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import marked
from onrecord import api
from onrecord.assembly import assemble
from onrecord.cli import guarded
from onrecord.errors import InputError
from onrecord.report.scores import score_table

ROOT = Path(__file__).resolve().parent.parent


def main(argv: list[str] | None = None) -> int:
    """Runs the command; 0 done, 1 the README is out of date."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readme", type=Path, default=ROOT / "README.md")
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--write", action="store_true")
    group.add_argument("--check", action="store_true")
    args = parser.parse_args(argv)
    try:
        tables = {"demo": f"```text\n{demo_table()}```\n"}
        return marked.keep(args.readme, tables, write=args.write, script="readme.py")
    except InputError as error:
        print(error, file=sys.stderr)
        return 1


def demo_table() -> str:
    """The table of scores that the demo prints."""
    with tempfile.TemporaryDirectory() as folder:
        release = Path(folder) / "release"
        assemble(ROOT / "corpus", ROOT / "annotations", release)
        result = api.score(api.predict(release, "rules", split="test", jobs=1), release)
    return score_table(result).render("text")


if __name__ == "__main__":
    sys.exit(guarded(main))
