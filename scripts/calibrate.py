#!/usr/bin/env python3
"""How far the annotation procedure agrees with people: its passes over real articles against human labels.

    scripts/calibrate.py polnear PATH     # quotes; PATH: a copy of PolNeAR (its multiply annotated articles)
    scripts/calibrate.py gum PATH         # names; a copy of GUM
    scripts/calibrate.py aquaint PATH     # dates; a copy of TempEval-3
    scripts/calibrate.py fnc1 PATH        # stance; a copy of FNC-1

Without a name it is PolNeAR. The passes in ``annotations/calibration/`` hold offsets and labels only; the texts and the
human labels are read from the user's own copy, and made comparable as ``annotations/calibration/MAPPING.md`` says.
Prints each pass against the human labels, the adjudicated labels against them, and pass against pass (for PolNeAR
also human against human); of PolNeAR means over pairs of annotators, of the others totals with intervals over articles.
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

import calibration_dates
import calibration_extents
import calibration_gum
import calibration_stance
from calibration_counts import Figure, table, total
from onrecord.agreement import agreement
from onrecord.cli import guarded
from onrecord.errors import InputError, Problem
from onrecord.sources import assemble_passes

ROOT = Path(__file__).resolve().parent.parent
PASSES = ROOT / "annotations" / "calibration"
FIGURES = ("quotes at Dice ½, F1", "content tokens, α", "source tokens, α", "cue tokens, α")
SAMPLES = ("polnear", "gum", "aquaint", "fnc1")
#: What the third reading of the passes gave; no pass.
ADJUDICATED = "adjudicated"
Row = dict[str, Any]
Side = Mapping[str, Row]


def main(argv: list[str] | None = None) -> int:
    """Prints the table; 0 done, 1 the copy is at fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sample", nargs="?", choices=SAMPLES, default="polnear")
    parser.add_argument("path", type=Path, help="the copy of PolNeAR, GUM, TempEval-3 or FNC-1")
    parser.add_argument("--passes", type=Path, default=PASSES, help="folder of SAMPLE/PASS.jsonl")
    args = parser.parse_args(argv)
    try:
        print(report(args.sample, args.path, args.passes / args.sample))
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def report(sample: str, path: Path, folder: Path) -> str:
    """The table of a sample.

    Raises:
        InputError: The copy or a pass is at fault, or there is no pass.
    """
    passes = {file.stem: read_lines(file) for file in sorted(folder.glob("*.jsonl"))}
    if not passes:
        raise InputError(Problem(str(folder), "no pass in it", remedy="make one with scripts/calibration_passes.py"))
    if sample == "polnear":
        return of_quotes(path, passes)
    compare = {"gum": of_names, "aquaint": of_dates, "fnc1": of_stances}[sample]
    return table(compare(path, passes))


def title_of(name: str) -> str:
    """What a file's labels are called in a table."""
    return f"{ADJUDICATED} and human" if name == ADJUDICATED else f"pass {name} and human"


def pairs_of(passes: Mapping[str, list[Row]]) -> list[tuple[str, str]]:
    """Pairs of passes; what was adjudicated from them is none."""
    return list(itertools.combinations([name for name in passes if name != ADJUDICATED], 2))


def of_names(path: Path, passes: Mapping[str, list[Row]]) -> dict[str, dict[str, Figure]]:
    """Rows of GUM."""
    gold = calibration_gum.read_gold(path)
    rows: dict[str, dict[str, Figure]] = {}
    sides: dict[str, dict[str, list[calibration_extents.Name]]] = {}
    for name, lines in passes.items():
        counts = []
        sides[name] = {}
        for row in known(lines, gold):
            human = gold[row["id"]]
            found = sides[name][row["id"]] = calibration_gum.read_names(row, human.document.text)
            comparable = calibration_gum.comparable(found, human.document)
            counts.append(calibration_gum.count(human.names, comparable) | calibration_gum.count_unmapped(human, row))
        rows[title_of(name)] = total(counts)
    for first, second in pairs_of(passes):
        shared = sorted(set(sides[first]) & set(sides[second]))
        rows["pass and pass"] = total([calibration_gum.count(sides[first][key], sides[second][key]) for key in shared])
    return rows


def of_dates(path: Path, passes: Mapping[str, list[Row]]) -> dict[str, dict[str, Figure]]:
    """Rows of AQUAINT."""
    gold = calibration_dates.read_gold(path)
    rows: dict[str, dict[str, Figure]] = {}
    sides = {
        name: {row["id"]: calibration_dates.read_dates(row) for row in known(lines, gold)}
        for name, lines in passes.items()
    }
    for name, side in sides.items():
        rows[title_of(name)] = total(
            [calibration_dates.count(*gold[key], found) for key, found in sorted(side.items())]
        )
    for first, second in pairs_of(passes):
        shared = sorted(set(sides[first]) & set(sides[second]))
        counts = [
            calibration_dates.count(gold[key][0], sides[first][key], sides[second][key], recent=False) for key in shared
        ]
        rows["pass and pass"] = total(counts)
    return rows


def of_stances(path: Path, passes: Mapping[str, list[Row]]) -> dict[str, dict[str, Figure]]:
    """Rows of FNC-1."""
    gold = calibration_stance.read_gold(path)
    sides = {name: calibration_stance.read_labels(lines) for name, lines in passes.items()}
    rows = {title_of(name): calibration_stance.compare(gold, side) for name, side in sides.items()}
    for first, second in pairs_of(passes):
        rows["pass and pass"] = calibration_stance.compare(sides[first], sides[second])
    return rows


def known(lines: Iterable[Row], gold: Mapping[str, Any]) -> list[Row]:
    """Lines of a pass on articles of the copy."""
    return [row for row in lines if row["id"] in gold]


def of_quotes(path: Path, passes: Mapping[str, list[Row]]) -> str:
    """The table of PolNeAR: means over pairs of annotators."""
    humans = read_humans(path)
    texts = {name: row["text"] for side in humans.values() for name, row in side.items()}
    sides: dict[str, Side] = {
        name: {row["id"]: {**row, "text": texts[row["id"]]} for row in known(lines, texts)}
        for name, lines in passes.items()
    }
    lines = ["| pairs | " + " | ".join(FIGURES) + " |", "|---|" + "---:|" * len(FIGURES)]
    lines.append(mean_row("human and human", itertools.combinations(humans.values(), 2)))
    for name, side in sides.items():
        lines.append(mean_row(title_of(name), ((side, human) for human in humans.values())))
    pairs = [(sides[first], sides[second]) for first, second in pairs_of(passes)]
    return "\n".join([*lines, mean_row("pass and pass", pairs)])


def read_humans(path: Path) -> dict[str, Side]:
    """Gold lines by annotator and article, of the articles with several annotators."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "passes"
        assemble_passes("polnear", path, out)
        return {file.stem: {row["id"]: row for row in read_lines(file)} for file in sorted(out.glob("*.jsonl"))}


def read_lines(path: Path) -> list[Row]:
    """Lines of a JSON Lines file."""
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except ValueError as error:
        raise InputError(Problem(str(path), f"no JSON Lines: {error}", remedy="write it again")) from None


def mean_row(title: str, pairs: Iterable[tuple[Side, Side]]) -> str:
    """One row: the means over pairs of annotators, each over the articles that both have."""
    rows = []
    for first, second in pairs:
        shared = sorted(set(first) & set(second))
        if shared:
            found = agreement([first[name] for name in shared], [second[name] for name in shared], resamples=0).figures
            rows.append([found[name].value for name in FIGURES])
    means = np.mean(np.asarray(rows, dtype=np.float64), axis=0)
    return f"| {title} | " + " | ".join(f"{value:.3f}" for value in means) + " |"


if __name__ == "__main__":
    sys.exit(guarded(main))
