"""``onrecord score``: predictions against gold."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onrecord.predictions import Gold
    from onrecord.report.tables import Style, Table
    from onrecord.scoring import Result
    from onrecord.scoring.slices import Slice


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser(
        "score",
        help="score predictions against gold",
        description="Scores a file of predictions (JSON Lines, gzip, Parquet) against the packaged corpus, a released "
        "folder or a JSON Lines file of gold lines.",
    )
    parser.add_argument("predictions", metavar="PREDICTIONS", help="the file of predictions, or - for standard input")
    add_data_options(parser)
    parser.add_argument(
        "--by",
        action="append",
        default=[],
        metavar="FIELD",
        help="also score slices: desk, outlet, variety, phenomena, story, language, length, kind, type, sourcing",
    )
    parser.add_argument("--surface", action="store_true", help="also compute entities/surface")
    parser.add_argument("--errors", metavar="FILE", help="write every missed, spurious and partial item as JSON Lines")
    add_output_options(parser)
    parser.set_defaults(run=run)


def add_data_options(parser: argparse.ArgumentParser) -> None:
    """Options that say what is scored against what; ``compare`` has them too."""
    parser.add_argument(
        "--gold", metavar="PATH", help="a released folder or a file of gold lines (default: the packaged corpus)"
    )
    parser.add_argument("--split", default="test", metavar="SPLIT", help="split of a released folder (default: test)")
    parser.add_argument(
        "--layer",
        action="append",
        metavar="L",
        help="score only this: entities, coreference, linking, quotes, dates, stance, record (may be repeated)",
    )
    parser.add_argument("--fuzzy", action="store_true", help="ground misquoted text approximately (in the signature)")
    parser.add_argument("--resamples", type=_whole, default=1_000, metavar="N", help="of the bootstrap (default: 1000)")
    parser.add_argument("--seed", type=_whole, default=12_345, metavar="N", help="of the bootstrap (default: 12345)")


def add_output_options(parser: argparse.ArgumentParser) -> None:
    """How to print; one of them at a time."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--json", action="store_true", help="print one JSON object")
    group.add_argument("--latex", action="store_true", help="print a LaTeX table (booktabs)")
    group.add_argument("--markdown", action="store_true", help="print a Markdown table")


def style(args: argparse.Namespace) -> Style:
    """The style of tables that the options ask for."""
    return "latex" if args.latex else "markdown" if args.markdown else "text"


def run(args: argparse.Namespace) -> int:
    """Prints the scores.

    Raises:
        InputError: Predictions, gold or options are at fault.
    """
    if args.errors is not None:
        _check_errors_file(args)
    result, task = scored(args.predictions, args)
    parts = _slices(result, args.by)
    if args.errors is not None:
        from onrecord.scoring.errors import write_errors

        number = write_errors(task, args.errors)
        print(f"{number} errors written to {args.errors}", file=sys.stderr)
    if args.json:
        shown = result.as_dict()
        if parts:
            shown["slices"] = {by: {part.value: part.as_dict() for part in found} for by, found in parts.items()}
        print(json.dumps(shown, ensure_ascii=False, indent=2, allow_nan=False))
        return 0
    from onrecord.report.scores import result_notes, score_table, slice_table

    tables = [score_table(result, [] if parts else result_notes(result))]
    tables += [slice_table(by, found) for by, found in parts.items()]
    if parts:
        tables[-1] = _with_notes(tables[-1], result_notes(result))
    print("\n".join(table.render(style(args)) for table in tables), end="")
    return 0


def scored(predictions: str, args: argparse.Namespace, gold: Gold | None = None) -> tuple[Result, Any]:
    """One file scored as the options say, with the task behind it.

    Args:
        predictions: The file.
        args: The options.
        gold: The gold, if it has been read before.
    """
    from onrecord.predictions.intake import Opened, refuse_twice

    source: Any = gold_source(args) if gold is None else gold
    refuse_twice(predictions, source)
    with ExitStack() as stack:
        # Both files are parsed on another core while this one imports what comes after that.
        opened = stack.enter_context(Opened(predictions))
        if isinstance(source, str) and not Path(source).is_dir():
            source = stack.enter_context(Opened(source))
        from onrecord.predictions.gold import read_gold
        from onrecord.predictions.read import read_predictions
        from onrecord.scoring.engine import foresee, prepare

        gold = read_gold(source, args.split)
        foresee(gold, args.resamples, args.seed)
        answers = read_predictions(opened, gold, fuzzy=args.fuzzy)
    run = prepare(answers, gold, layers=args.layer, surface=getattr(args, "surface", False) or None)
    run.require_a_layer()
    return run.result(resamples=args.resamples, seed=args.seed), run.task


def gold_source(args: argparse.Namespace) -> str | Path:
    """What ``--gold`` names, or the packaged corpus."""
    if args.gold is not None:
        return str(args.gold)
    from onrecord.loader import packaged_release

    return packaged_release()


def _check_errors_file(args: argparse.Namespace) -> None:
    """Refuses what would lose an input, or mix errors and scores.

    Raises:
        InputError: The file is one of the inputs, standard output, or none.
    """
    from onrecord.errors import InputError, Problem
    from onrecord.files import refuse_overwriting

    if args.errors in ("", "-"):
        what = "standard output is where the scores go" if args.errors else "has no name"
        raise InputError(Problem("--errors", what, remedy="name a file"))
    refuse_overwriting(args.errors, args.predictions, args.gold)


def _slices(result: Result, fields: list[str]) -> dict[str, list[Slice]]:
    if not fields:
        return {}
    from onrecord.scoring.slices import slices

    return {by: slices(result, by) for by in dict.fromkeys(fields)}


def _with_notes(table: Table, notes: list[str]) -> Table:
    from dataclasses import replace

    return replace(table, notes=notes)


def _whole(value: str) -> int:
    if not value.isascii() or not value.isdigit():
        raise argparse.ArgumentTypeError(f"{value!r} is no whole number")
    return int(value)
