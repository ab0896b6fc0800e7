"""``onrecord systems``: which systems there are, and what each needs."""

from __future__ import annotations

import argparse
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser(
        "systems",
        help="list the systems",
        description="Lists the systems that `onrecord predict` can run. Other packages add theirs by the entry point "
        "group onrecord.systems.",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints one line a system."""
    del args
    from onrecord.report.terminal import printable
    from onrecord.systems.registry import DEFAULT, listed

    rows = listed()
    width = max(len(row.name) for row in rows) + 2
    for row in rows:
        name = printable(row.name) + ("*" if row.name == DEFAULT else "")
        if row.problem is not None:
            print(f"{name:<{width}} cannot run here: {printable(row.problem)}")
            continue
        needs = f" (needs onrecord[{','.join(row.extras)}])" if row.extras else ""
        print(f"{name:<{width}} {printable(row.description)}{needs}")
        print(f"{'':<{width}} version {printable(row.version)}; layers: {', '.join(row.layers)}")
    print(f"\n* runs where `onrecord predict` names none ({DEFAULT})")
    return 0
