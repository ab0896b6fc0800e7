#!/usr/bin/env python3
"""Blind packets of the real articles that the procedure is calibrated on: text and day of publication, no label.

scripts/calibration_packets.py gum|aquaint|fnc1 COPY FOLDER      # COPY: the user's copy of GUM, TempEval-3, FNC-1
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from calibration_samples import SOURCE_OF, packets
from onrecord.cli import guarded
from onrecord.errors import InputError
from onrecord.files import writing


def main(argv: list[str] | None = None) -> int:
    """Writes the packets; 0 done, 1 the copy is at fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sample", choices=sorted(SOURCE_OF))
    parser.add_argument("copy", type=Path)
    parser.add_argument("folder", type=Path)
    args = parser.parse_args(argv)
    try:
        files = packets(args.sample, args.copy)
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    args.folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        with writing(args.folder / name) as stream:
            stream.write(content.encode())
    print(f"{args.folder}: {len(files)} files")
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
