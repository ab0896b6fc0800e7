#!/usr/bin/env python3
"""What plain ``load_dataset`` gives for released folders: rows of every config and split, and a hash over all of them.

    scripts/loads.py FOLDER…

Needs ``datasets`` and nothing of ours, so that it runs beside any version of it; equal hashes mean equal rows. See
CONTRIBUTING.md for comparing the oldest supported version with the newest.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from pathlib import Path

import datasets


def main(argv: list[str] | None = None) -> int:
    """Prints a line a folder; 1 if one has other rows than it says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="a released folder")
    args = parser.parse_args(argv)
    datasets.disable_progress_bars()
    print(f"datasets {datasets.__version__}", file=sys.stderr)
    wrong = 0
    for folder in args.folders:
        with tempfile.TemporaryDirectory() as cache:
            digest, configs, faults = loaded(folder.resolve(), Path(cache))
        print(f"{folder}: {configs} configs and splits, {digest}")
        for fault in faults:
            print(f"{folder}: {fault}", file=sys.stderr)
        wrong += bool(faults)
    return int(wrong > 0)


def loaded(folder: Path, cache: Path) -> tuple[str, int, list[str]]:
    """Hash of all rows, how many configs and splits there are, and those with other numbers of rows than they say."""
    files = json.loads((folder / "onrecord.json").read_text(encoding="utf-8"))["files"]
    digest, faults = hashlib.sha256(), []
    for file in files:
        rows = datasets.load_dataset(str(folder), file["config"], split=file["split"], cache_dir=str(cache))
        if rows.num_rows != file["rows"]:
            faults.append(f"{file['config']} {file['split']}: {rows.num_rows} rows, not {file['rows']}")
        for row in rows:
            digest.update(json.dumps([file["config"], file["split"], row], sort_keys=True, default=str).encode())
    return digest.hexdigest()[:16], len(files), faults


if __name__ == "__main__":
    sys.exit(main())
