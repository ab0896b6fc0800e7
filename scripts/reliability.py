#!/usr/bin/env python3
"""How reliable the labels are, for the datasheet: passes with each other and with gold, errors that readers found.

    scripts/reliability.py             # print
    scripts/reliability.py --write     # put the tables between their marks in DATASHEET.md
    scripts/reliability.py --check     # exit 1 if DATASHEET.md shows others

Passes are compared as they were made. Agreement with people is another script's business (scripts/calibrate.py).
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import marked
import review
from onrecord.agreement import Agreement, agreement
from onrecord.cli import guarded
from onrecord.commands.agree import folder_lines
from onrecord.errors import InputError

ROOT = Path(__file__).resolve().parent.parent
PASSES = ROOT / "annotations" / "passes"
#: Pairs of passes over the same articles.
PAIRS = (("a1", "b1"), ("a2", "b2"))


def main(argv: list[str] | None = None) -> int:
    """Runs the command; 0 done, 1 the input is at fault or the datasheet is out of date."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--write", action="store_true")
    group.add_argument("--check", action="store_true")
    parser.add_argument("--datasheet", type=Path, default=ROOT / "DATASHEET.md")
    args = parser.parse_args(argv)
    try:
        tables = {"agreement": "".join(pair_tables()), "review": "".join(review_table())}
        if args.write or args.check:
            return marked.keep(args.datasheet, tables, write=args.write, script="reliability.py")
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(tables.values()), end="")
    return 0


def pair_tables() -> Iterator[str]:
    """One table a pair of passes: with each other, and each with gold."""
    gold = folder_lines(ROOT / "annotations" / "gold", ROOT / "corpus")
    for pair in PAIRS:
        if not all((PASSES / name).is_dir() for name in pair):
            continue
        first, second = (folder_lines(PASSES / name, ROOT / "corpus") for name in pair)
        shared = sorted(set(first) & set(second) & set(gold))
        sides = [[side[name] for name in shared] for side in (first, second, gold)]
        found = agreement(sides[0], sides[1])
        mine, theirs = (agreement(sides[2], side, resamples=0) for side in sides[:2])
        yield f"Passes `{pair[0]}` and `{pair[1]}`, {found.articles} articles of {found.clusters} stories:\n\n"
        yield from table(pair, found, mine, theirs)
        yield "\n"


def table(pair: Sequence[str], found: Agreement, mine: Agreement, theirs: Agreement) -> Iterator[str]:
    """The rows of one pair of passes."""
    yield f"| figure | {pair[0]} and {pair[1]} | 95 % interval | {pair[0]} and gold | {pair[1]} and gold | items |\n"
    yield "| --- | ---: | --- | ---: | ---: | ---: |\n"
    for name, score in found.figures.items():
        limits = "–" if score.low is None or score.high is None else f"{score.low:.3f} to {score.high:.3f}"
        others = [value(side.figures[name].value if name in side.figures else None) for side in (mine, theirs)]
        items = "" if score.gold is None else f"{score.gold:,.0f}"
        yield f"| {name} | {value(score.value)} | {limits} | {others[0]} | {others[1]} | {items} |\n"


def value(number: float | None) -> str:
    """A figure as it is printed."""
    return "–" if number is None else f"{number:.3f}"


def review_table() -> Iterator[str]:
    """Planted errors and those found, and what else the readers reported."""
    folder = review.REVIEW
    yield from (f"{line}\n" for line in review.rate_table(folder))
    findings = len(review.read_findings(folder))
    mended = Counter(bool(re.search(r"^# (?!.*\.ann\.txt)", text, re.MULTILINE)) for text in drafts())
    yield f"\n{findings} findings in all; labels of {mended[True]} articles were mended after the decisions.\n"


def drafts() -> Iterator[str]:
    """Drafts of gold, with their mends."""
    for path in sorted((ROOT / "annotations" / "adjudication").glob("*.ann.txt")):
        yield path.read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(guarded(main))
