"""``onrecord show``: one article in the terminal, with its labels or predictions."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser(
        "show",
        help="show an article with its labels",
        description="Prints an article with its quotations, speakers, dates, names and stances marked.",
    )
    parser.add_argument(
        "article",
        metavar="ARTICLE",
        help="a JSON Lines file of articles, or the id of an article of the packaged corpus",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--predictions", metavar="FILE", help="show what a system found")
    which.add_argument("--gold", action="store_true", help="show the gold labels")
    parser.add_argument("--id", dest="only", metavar="ID", help="of a file, show only this article")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the article.

    Raises:
        InputError: No such article, or a file is at fault.
    """
    from onrecord.errors import InputError, Problem
    from onrecord.report.lines import packaged_article, read_lines
    from onrecord.report.terminal import console, show

    if args.article == "-" or Path(args.article).exists():
        rows = read_lines(args.article, need_text=True)
        if args.only is not None:
            rows = {key: row for key, row in rows.items() if key == args.only}
            if not rows:
                raise InputError(Problem(args.article, f"holds no article {args.only!r}"))
    else:
        row = packaged_article(args.article)
        rows = {row["id"]: row}
    predictions = None if args.predictions is None else read_lines(args.predictions, need_text=False)
    if predictions is not None and not set(rows) & set(predictions):
        raise InputError(
            Problem(
                args.predictions, f"has no line for {', '.join(list(rows)[:3])}", remedy="predict this article first"
            )
        )
    out = console()
    for number, (identifier, row) in enumerate(rows.items()):
        if number:
            out.print("\n" + "─" * 20 + "\n")
        if predictions is not None:
            line = predictions.get(identifier)
            show(row, line or {}, out, source=_maker(line))
        elif args.gold:
            show(row, row, out, source="gold")
        else:
            show(row, None, out)
    return 0


def _maker(line: dict[str, Any] | None) -> str:
    if line is None:
        return "no prediction for this article"
    if line.get("error"):
        return f"failed: {line['error']}"
    system = line.get("system")
    return f"{system.get('name')} {system.get('version')}" if isinstance(system, dict) else "predictions"
