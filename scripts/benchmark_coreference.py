#!/usr/bin/env python3
"""Measures how fast coreference is scored, beside the CoNLL reference scorer v8.01 (a Perl program), in one run.

scripts/benchmark_coreference.py -o benchmark/results/speed-coreference.json

The mentions are those of the other speed benchmark, in chains of 1 to 8; the totals of both scorers must agree.
Ratios are what counts; seconds are those of the machine. Needs perl, and pip to fetch the reference.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import random
import re
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any

import orjson

from benchmark_scoring import best, run
from conll_scorer import fetch
from onrecord.cli import guarded
from onrecord.predictions import read_gold, read_predictions
from onrecord.scoring import coreference
from onrecord.scoring.tally import Key, TallyBuilder
from onrecord.scoring.task import Task
from speed_workload import draw

#: What issue 3 asks: at least so many times as fast as the reference.
TARGET = 90.0
#: Mentions of one article, (start, end, chain) in tokens.
Chained = list[tuple[int, int, int]]
_ENDINGS = ("key", "response")
_COUNTS = re.compile(r"^([\w -]+): Recall: \(([\d.e+-]+) / (\d+)\).*Precision: \(([\d.e+-]+) / (\d+)\)", re.MULTILINE)


def main(argv: list[str] | None = None) -> int:
    """Runs everything and writes the results."""
    parser = argparse.ArgumentParser(prog="benchmark_coreference.py", description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=20_000, metavar="N", help="default: 20000")
    parser.add_argument("--repeats", type=int, default=5, metavar="N", help="runs of what is fast (default: 5)")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the results as JSON")
    args = parser.parse_args(argv)
    workload = draw(args.articles)
    sides = chained(workload.gold, workload.answers, random.Random(workload.seed))
    seconds = measure(sides, workload.tokens, args.repeats)
    ratios: dict[str, dict[str, Any]] = {}
    for ours, asked in (("matching and counting", TARGET), ("score process", None)):
        ratio = seconds["CoNLL scorer, CPU"] / seconds[ours]
        target = {} if asked is None else {"target": "at least", "limit": asked, "met": ratio >= asked}
        ratios[f"CoNLL scorer, CPU / {ours}"] = {"value": round(ratio, 1), **target}
        print(f"CoNLL scorer, CPU / {ours}: {ratio:.1f}" + ("" if asked is None else f" (at least {asked:g} asked)"))
    results = {
        "command": " ".join(["scripts/benchmark_coreference.py", *(sys.argv[1:] if argv is None else argv)]),
        "machine": {"cores": os.cpu_count(), "system": platform.system(), "machine": platform.machine()},
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("onrecord", "numpy", "scipy")},
        },
        "workload": {
            "articles": args.articles,
            "mentions": [sum(map(len, side)) for side in sides],
            "chains": "1 to 8 mentions",
            "rate": workload.rate,
            "seed": workload.seed,
        },
        "seconds": {name: round(value, 4) for name, value in seconds.items()},
        "ratios": ratios,
    }
    if args.output:
        args.output.parent.mkdir(parents=True, exist_ok=True)
        args.output.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    return 0


def measure(sides: tuple[list[Chained], list[Chained]], tokens: int, repeats: int) -> dict[str, float]:
    """Seconds of both scorers, whose totals must agree: ours on the wall, the reference's of CPU, which is less."""
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = write_json(folder, sides, tokens)
        conll = [write_conll(folder / end, side, tokens) for end, side in zip(_ENDINGS, sides, strict=True)]
        task = task_of(*files)
        seconds["matching and counting"], totals = best(lambda: count(task), repeats)
        command = [sys.executable, "-m", "onrecord", "score", str(files[1]), "--gold", str(files[0]), "--json"]
        command += ["--layer", "coreference"]
        seconds["score process"] = min(run(command)[0] for _ in range(repeats))
        reference = ["perl", str(fetch(folder)), "all", *map(str, conll), "none"]
        before = getrusage(RUSAGE_CHILDREN)
        printed = subprocess.run(reference, check=True, capture_output=True, text=True).stdout
        after = getrusage(RUSAGE_CHILDREN)
        seconds["CoNLL scorer, CPU"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    agree(totals, printed)
    return seconds


def chained(
    gold: list[list[tuple[int, int, str]]], answers: list[list[tuple[int, int, str]]], rng: random.Random
) -> tuple[list[Chained], list[Chained]]:
    """Puts an article's mentions into chains of 1 to 8; a retyped one moves to another chain, any new one is alone."""
    right: list[Chained] = []
    given: list[Chained] = []
    for spans, said in zip(gold, answers, strict=True):
        order = rng.sample(spans, len(spans))
        where: dict[tuple[int, int, str], int] = {}
        chain = 0
        while order:
            size = rng.randint(1, 8)
            where |= dict.fromkeys(order[:size], chain)
            order, chain = order[size:], chain + 1
        known = {span[:2] for span in where}
        right.append([(*span[:2], where[span]) for span in spans])
        given.append([])
        for place, span in enumerate(said):
            other = rng.randrange(chain) if span[:2] in known else chain + place
            given[-1].append((*span[:2], where.get(span, other)))
    return right, given


def write_json(folder: Path, sides: tuple[list[Chained], list[Chained]], tokens: int) -> tuple[Path, Path]:
    """Gold lines and predictions; every token is one letter, so that offsets are those of tokens."""
    files = folder / "gold.jsonl", folder / "predictions.jsonl"
    texts: list[dict[str, str]] = [{"text": "x" * tokens}, {}]
    for file, side, more in zip(files, sides, texts, strict=True):
        with file.open("wb") as lines:
            for row, mentions in enumerate(side):
                entities = [{"start": s, "end": e, "type": "ORG", "entity": f"e{chain}"} for s, e, chain in mentions]
                lines.write(orjson.dumps({"id": f"story-{row:07}/wire", **more, "entities": entities}) + b"\n")
    return files


def write_conll(path: Path, side: list[Chained], tokens: int) -> Path:
    """The same in CoNLL's format."""
    with path.open("w", encoding="utf-8") as lines:
        for row, mentions in enumerate(side):
            begins = {start: chain for start, _, chain in mentions}
            ends = {end - 1: chain for _, end, chain in mentions}
            lines.write(f"#begin document (a{row});\n")
            for token in range(tokens):
                begin = f"({begins[token]}" if token in begins else ""
                end = (")" if begin else f"{ends[token]})") if token in ends else ""
                lines.write(f"a{row}\t0\t{token}\tx\t{begin + end or '-'}\n")
            lines.write("#end document\n")
    return path


def task_of(gold_file: Path, answers_file: Path) -> Task:
    """The files in columns."""
    gold = read_gold(gold_file)
    predictions = read_predictions(answers_file, gold)
    ids = gold.columns.ids
    return Task(gold.columns, predictions.columns, gold.texts, None, gold.outside, TallyBuilder(ids, ids))


def count(task: Task) -> dict[Key, list[float]]:
    """Matches and counts, from columns to totals."""
    task.builder = TallyBuilder(task.gold.ids, task.gold.ids)
    coreference.evaluate(task)
    return {key: counts.tolist() for key, counts in task.builder.build().totals().items()}


def agree(totals: dict[Key, list[float]], printed: str) -> None:
    """Makes sure that the reference counts what we count.

    Raises:
        AssertionError: It does not.
    """
    theirs = [
        (float(p_num), float(p_den), float(r_num), float(r_den))
        for name, r_num, r_den, p_num, p_den in _COUNTS.findall(printed)
        if name not in ("Identification of Mentions", "BLANC")
    ]
    keys = [(f"coreference/{name}", "") for name in ("muc", "b-cubed", "ceaf-m", "ceaf-e")]
    keys += [("coreference/blanc", kind) for kind in ("coreferent", "non-coreferent")]
    for key, expected in zip(keys, theirs, strict=True):
        # It prints fifteen digits.
        if not all(math.isclose(one, other, rel_tol=1e-12) for one, other in zip(totals[key], expected, strict=True)):
            raise AssertionError(f"{key}: {totals[key]} is not the reference's {expected}")


if __name__ == "__main__":
    sys.exit(guarded(main))
