#!/usr/bin/env python3
"""Builds the released folder from ``corpus/`` and ``annotations/``; the same as ``onrecord assemble``.

scripts/assemble.py -o build/onrecord
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

try:
    import onrecord  # noqa: F401
except ModuleNotFoundError:  # not installed: run from the checkout
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmark"))

from onrecord.cli import guarded
from onrecord.commands import assemble
from onrecord.errors import InputError


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="assemble.py")
    assemble.add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(["assemble", *(sys.argv[1:] if argv is None else argv)])
    try:
        return assemble.run(args)
    except InputError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(guarded(main))
