"""``onrecord demo``: the whole way once, from the corpus to a score, each step with the command that does it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser(
        "demo",
        help="the whole way once: assemble, load, predict, score, look",
        description="Assembles the corpus (in a checkout) or takes the packaged one, opens it with load_dataset, runs "
        "the rules system on the test split, scores it, shows one article, writes report.html, and leaves all "
        "of it in a folder.",
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        default=Path("demo"),
        metavar="DIR",
        help="where to leave the files (default: ./demo)",
    )
    parser.add_argument("--article", metavar="ID", help="the article to show (default: a short one of the test split)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Walks the whole way.

    Returns:
        The first exit status that is not 0, else 0.

    Raises:
        InputError: A step's input is at fault.
    """
    from onrecord.errors import InputError, Problem
    from onrecord.loader import load, packaged_release
    from onrecord.report.terminal import printable

    out: Path = args.output
    if out.exists() and not out.is_dir():
        raise InputError(Problem(str(out), "is a file", remedy="name a folder with -o"))
    out.mkdir(parents=True, exist_ok=True)
    corpus, annotations = Path("corpus"), Path("annotations")
    if (corpus / "corpus.json").is_file() and annotations.is_dir():
        folder = out / "release"
        if status := _step("assemble", "-o", str(folder)):
            return status
    else:
        folder = packaged_release()
        _say(f"the packaged corpus: {folder}")

    _say(f'datasets.load_dataset("{folder}", "all", split="test")')
    import datasets

    datasets.disable_progress_bars()
    rows: Any = load("all", split="test", path=folder)
    print(
        printable(f"{len(rows)} articles of {len(set(rows['story']))} stories, columns: {', '.join(rows.column_names)}")
    )

    predictions = out / "predictions.jsonl"
    if status := _step("predict", "rules", "--input", str(folder), "--split", "test", "-o", str(predictions)):
        return status
    if status := _step("score", str(predictions), "--gold", str(folder), "--split", "test"):
        return status
    if status := _show(rows, args.article, out, predictions):
        return status
    report = out / "report.html"
    if status := _step("report", str(predictions), "--gold", str(folder), "--split", "test", "-o", str(report)):
        return status
    print(f"\nLeft in {out}/: {', '.join(sorted(item.name for item in out.iterdir()))}")
    print(f"Open {report.resolve().as_uri()} in a browser.")
    return 0


def _show(rows: Any, wanted: str | None, out: Path, predictions: Path) -> int:
    import orjson

    from onrecord.errors import InputError, Problem
    from onrecord.files import writing
    from onrecord.wire import SCHEMAS

    chosen = min(rows, key=lambda row: (len(row["text"]), row["id"])) if wanted is None else None
    for row in rows:
        if row["id"] == wanted:
            chosen = row
    if chosen is None:
        raise InputError(
            Problem("--article", f"{wanted!r} is no article of the test split", remedy="leave --article out")
        )
    path = out / "article.jsonl"
    with writing(path) as stream:
        stream.write(
            orjson.dumps({name: chosen[name] for name in SCHEMAS["articles"].names}, option=orjson.OPT_APPEND_NEWLINE)
        )
    return _step("show", str(path), "--predictions", str(predictions))


def _step(*arguments: str) -> int:
    """Runs a subcommand in this process, as the person would type it."""
    from onrecord.cli import build_parser

    _say(f"onrecord {' '.join(arguments)}")
    parsed = build_parser(arguments[0]).parse_args(arguments)
    status: int = parsed.run(parsed)
    return status


def _say(what: str) -> None:
    from rich.text import Text

    from onrecord.report.terminal import console, printable

    out = console()
    out.print()
    out.print(Text(f"$ {printable(what)}", style="bold blue"))
    sys.stdout.flush()
