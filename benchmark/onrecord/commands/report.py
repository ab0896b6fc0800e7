"""``onrecord report``: scores, errors and articles to look at, as one HTML file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from onrecord.commands.score import add_data_options


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser(
        "report",
        help="scores, errors and articles to look at, as an HTML file",
        description="Writes one HTML file that needs no network: scores with intervals, where systems fail, and every "
        "article with gold and predictions together. Without predictions it shows the data itself. The articles of a "
        "large report (more than 100, or 4 MB) stand in a folder beside it.",
    )
    parser.add_argument("predictions", nargs="*", metavar="PREDICTIONS", help="files of predictions, six at most")
    add_data_options(parser)
    parser.add_argument(
        "-o",
        "--output",
        default="report.html",
        metavar="FILE",
        help="where to (default: report.html; - is standard output)",
    )
    parser.add_argument("--charts", action="store_true", help="also write each chart beside it as SVG and PNG")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Writes the report.

    Raises:
        InputError: Predictions, gold or options are at fault, or the report cannot be written.
    """
    import sys

    from onrecord.files import refuse_overwriting
    from onrecord.report.page import write_report
    from onrecord.report.study import read_study
    from onrecord.report.terminal import printable

    _check_output(args.output)
    refuse_overwriting(args.output, *args.predictions, args.gold)
    study = read_study(
        args.predictions,
        args.gold,
        split=args.split,
        layers=args.layer,
        fuzzy=args.fuzzy,
        resamples=args.resamples,
        seed=args.seed,
    )
    written = write_report(study, args.output, with_charts=args.charts)
    if args.output == "-":
        return 0
    number = len(study.gold.columns.ids)
    beside = "" if written.articles is None else f", articles in {written.articles}/"
    print(printable(f"report on {number} articles: {written.report}{beside}"), file=sys.stdout)
    for path in written.charts:
        print(printable(f"chart: {path}"))
    return 0


def _check_output(output: str) -> None:
    """Says that the report has no place before the work is done."""
    from onrecord.errors import InputError, Problem

    if output != "-" and not Path(output).absolute().parent.is_dir():
        raise InputError(Problem(output, "stands in a folder that does not exist", remedy="make the folder first"))
