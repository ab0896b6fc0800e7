"""``onrecord validate``: every problem of a predictions file, with line numbers."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onrecord.errors import Problem
    from onrecord.predictions.checker import Seen
    from onrecord.predictions.gold import Gold
    from onrecord.predictions.slow import Findings


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser(
        "validate",
        help="list every problem of a predictions file",
        description="Checks a predictions file (JSON Lines, gzip, Parquet) against the articles it answers and prints "
        "every problem, not only the first. Labels are not looked at. Exit status 1 if there is a problem.",
    )
    parser.add_argument("predictions", metavar="PREDICTIONS", help="the file, or - for standard input")
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--gold", metavar="PATH", help="a released folder or a file of gold lines (default: the packaged corpus)"
    )
    which.add_argument("--form", action="store_true", help="check the form alone, against no articles")
    parser.add_argument("--split", default="test", metavar="SPLIT", help="split of a released folder (default: test)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the problems as they are found, so that memory stays bounded.

    Returns:
        1 if there is any problem, else 0.

    Raises:
        InputError: The gold is at fault.
    """
    from onrecord.predictions.checker import Seen
    from onrecord.predictions.intake import refuse_twice
    from onrecord.predictions.read import reports
    from onrecord.predictions.slow import Findings

    if not args.form:
        refuse_twice(args.predictions, args.gold)
    gold = None if args.form else _gold(args.gold, args.split)
    found, seen = Findings(args.predictions), Seen()
    write = _as_json if args.json else _as_text
    number = write(_problems(args.predictions, gold, found, seen))
    notes = reports(found, seen)
    layers = sorted(seen.layers)
    if args.json:
        import json

        tail = {"articles": seen.articles, "layers": layers, "notes": notes}
        print(f"], {json.dumps(tail, ensure_ascii=False)[1:]}")
        return int(bool(number))
    from onrecord.report.terminal import printable

    for note in notes:
        print(f"note: {printable(note)}", file=sys.stderr)
    lines = f"{seen.articles} article{'s' if seen.articles != 1 else ''} answered"
    sys.stdout.flush()
    if number:
        print(
            f"onrecord: {number} problem{'s' if number != 1 else ''} in {printable(args.predictions)} ({lines})",
            file=sys.stderr,
        )
        return 1
    against = "form only" if gold is None else f"{gold.name}, split {gold.split}, {len(gold.texts)} articles"
    print(printable(f"{args.predictions}: no problems; {lines}; layers: {', '.join(layers) or 'none'} ({against})"))
    return 0


def _gold(path: str | None, split: str) -> Gold:
    from onrecord.loader import packaged_release
    from onrecord.predictions.gold import read_gold

    return read_gold(packaged_release() if path is None else Path(path), split)


def _as_text(problems: Iterator[Problem]) -> int:
    from onrecord.report.terminal import printable

    number = 0
    for problem in problems:
        print(printable(str(problem)))
        number += 1
    return number


def _as_json(problems: Iterator[Problem]) -> int:
    """The opening of the object with its list of problems; what is known only at the end follows it."""
    import dataclasses
    import json

    number = 0
    print('{"problems": [', end="")
    for number, problem in enumerate(problems, start=1):
        print(", " if number > 1 else "", json.dumps(dataclasses.asdict(problem), ensure_ascii=False), sep="", end="")
    return number


def _problems(path: str, gold: Gold | None, found: Findings, seen: Seen) -> Iterator[Problem]:
    """The problems; while somebody looks, with a bar that makes room for each."""
    from onrecord.predictions.validate import iter_problems

    if not sys.stderr.isatty():
        yield from iter_problems(path, gold, seen=seen, found=found)
        return
    from rich.console import Console
    from rich.progress import Progress

    source = Path(path)
    bar = Progress(console=Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False)
    task = bar.add_task("reading", total=source.stat().st_size if source.is_file() else None)
    bar.start()
    try:
        reading = iter_problems(
            path, gold, seen=seen, found=found, progress=lambda done: bar.update(task, completed=done)
        )
        for problem in reading:
            bar.stop()
            yield problem
            bar.start()
    finally:
        bar.stop()
