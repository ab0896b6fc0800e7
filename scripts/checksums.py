#!/usr/bin/env python3
"""Puts the checksums of a genuine copy of a source on record, beside those that are there already.

scripts/checksums.py polnear PATH
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path

try:
    import onrecord  # noqa: F401
except ModuleNotFoundError:  # not installed: run from the checkout
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmark"))

from onrecord.cli import guarded
from onrecord.errors import InputError
from onrecord.sources import Copy, find, read

FOLDER = Path(__file__).resolve().parent.parent / "benchmark" / "onrecord" / "sources" / "checksums"


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", help="name in the catalogue")
    parser.add_argument("path", type=Path, help="root of the copy, laid out as its makers lay it out")
    parser.add_argument("--but", action="append", default=[], metavar="NAME", help="a file that is not genuine")
    args = parser.parse_args(argv)
    try:
        source = find(args.source)
        read(args.source, args.path)
        known = source.checksums()
        module = importlib.import_module(f"onrecord.sources.{source.module}")
        with Copy(args.path) as copy:
            new = {name: copy.checksum(name) for name in copy.files if module.relevant(name) and name not in args.but}
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    target = FOLDER / f"{source.name}.json"
    merged = dict(sorted({**known, **new}.items()))
    target.write_text(json.dumps(merged, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{target}: {len(merged)} files, {len(merged) - len(known)} of them new")
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
