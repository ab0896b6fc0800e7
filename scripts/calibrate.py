#!/usr/bin/env python3
"""How far the annotation procedure agrees with people: its passes over real articles against human labels.

    scripts/calibrate.py PATH            # PATH: a copy of PolNeAR (its multiply annotated articles)

The passes in ``annotations/calibration/polnear/`` hold offsets only; the texts and the human labels are read from the
user's own copy. Prints means over pairs of human annotators, over pairs of a pass and a human, and pass against pass.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from onrecord.agreement import agreement
from onrecord.errors import InputError
from onrecord.sources import assemble_passes

ROOT = Path(__file__).resolve().parent.parent
PASSES = ROOT / "annotations" / "calibration" / "polnear"
FIGURES = ("quotes at Dice ½, F1", "content tokens, α", "source tokens, α", "cue tokens, α")
Side = Mapping[str, dict[str, Any]]


def main(argv: list[str] | None = None) -> int:
    """Prints the table; 0 done, 1 the copy is at fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path, help="the copy of PolNeAR")
    args = parser.parse_args(argv)
    try:
        humans = read_humans(args.path)
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    texts = {name: row["text"] for side in humans.values() for name, row in side.items()}
    passes = {path.stem: read_pass(path, texts) for path in sorted(PASSES.glob("*.jsonl"))}
    print("| pairs | " + " | ".join(FIGURES) + " |")
    print("|---|" + "---:|" * len(FIGURES))
    show("human and human", itertools.combinations(humans.values(), 2))
    for name, side in passes.items():
        show(f"pass {name} and human", ((side, human) for human in humans.values()))
    show("pass and pass", itertools.combinations(passes.values(), 2))
    return 0


def read_humans(path: Path) -> dict[str, Side]:
    """Gold lines by annotator and article, of the articles with several annotators."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "passes"
        assemble_passes("polnear", path, out)
        return {file.stem: read_lines(file) for file in sorted(out.glob("*.jsonl"))}


def read_lines(path: Path) -> dict[str, dict[str, Any]]:
    """Lines of a JSON Lines file by id."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return {row["id"]: row for row in rows}


def read_pass(path: Path, texts: Mapping[str, str]) -> Side:
    """A pass, with the texts that it was made on."""
    return {name: {**row, "text": texts[name]} for name, row in read_lines(path).items() if name in texts}


def show(title: str, pairs: Iterable[tuple[Side, Side]]) -> None:
    """One row: the means over pairs of annotators, each over the articles that both have."""
    rows = []
    for first, second in pairs:
        shared = sorted(set(first) & set(second))
        if shared:
            found = agreement([first[name] for name in shared], [second[name] for name in shared], resamples=0).figures
            rows.append([found[name].value for name in FIGURES])
    means = np.mean(np.asarray(rows, dtype=np.float64), axis=0)
    print(f"| {title} | " + " | ".join(f"{value:.3f}" for value in means) + " |")


if __name__ == "__main__":
    sys.exit(main())
