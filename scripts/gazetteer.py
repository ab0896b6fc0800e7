"""Rebuilds ``benchmark/onrecord/data/gazetteer.json`` from the train split of a released folder.

    python scripts/gazetteer.py RELEASE

The file names the data it was built from; run this again whenever the train split changes.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import orjson

from onrecord.cli import guarded
from onrecord.errors import InputError
from onrecord.files import writing
from onrecord.release import read_release, read_rows
from onrecord.systems.gazetteer import build

TARGET = Path(__file__).resolve().parent.parent / "benchmark" / "onrecord" / "data" / "gazetteer.json"


def main() -> int:
    parser = argparse.ArgumentParser(description="Builds the gazetteer of the rules system from the train split.")
    parser.add_argument("release", type=Path, help="a released folder")
    parser.add_argument("-o", "--output", type=Path, default=TARGET)
    args = parser.parse_args()
    try:
        release = read_release(args.release)
        table = read_rows(args.release, "entities", "train")
        names = build(table.to_pylist())
        made = {
            "about": "Names of the train split with their types; built by scripts/gazetteer.py.",
            "data": release.name,
            "version": release.version,
            "edition": release.edition,
            "split": "train",
            "articles": table.num_rows,
            "names": names,
        }
        with writing(args.output) as stream:
            stream.write(orjson.dumps(made, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{args.output}: {len(names)} names from {table.num_rows} articles")
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
