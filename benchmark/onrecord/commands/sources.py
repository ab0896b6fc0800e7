"""``onrecord sources``: the catalogue of real corpora that can be assembled from a user's own copy."""

from __future__ import annotations

import argparse
import dataclasses
import json
import textwrap
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser(
        "sources",
        help="list the real corpora that can be assembled",
        description="Lists the real corpora that `onrecord assemble NAME PATH -o DIR` builds from your own copy.",
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="only this one")
    parser.add_argument("--json", action="store_true", help="print one JSON object by name")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the catalogue.

    Raises:
        InputError: No source of that name.
    """
    from onrecord.sources.catalogue import catalogue, find

    sources = {args.name: find(args.name)} if args.name else catalogue()
    if args.json:
        entries = {name: dataclasses.asdict(source) for name, source in sources.items()}
        print(json.dumps(entries, ensure_ascii=False, indent=2))
        return 0
    from onrecord.report.terminal import printable

    blocks = []
    for source in sources.values():
        lines = [f"{source.name}: {source.title}"]
        for label, value in (
            ("layers", ", ".join(source.layers)),
            ("language", ", ".join(source.languages)),
            ("size", source.size),
            ("licence", source.licence),
            ("where", source.where),
            ("layout", source.layout),
            ("splits", source.splits),
            ("mapped", source.mapped),
            ("lost", source.lost),
            ("genres", ", ".join(source.genres)),
        ):
            if not value:
                continue
            lines += textwrap.wrap(
                value, 110, initial_indent=f"  {label + ':':<10}", subsequent_indent=" " * 12, break_on_hyphens=False
            )
        mapped = " [--map FILE]" if source.folder else ""
        lines.append(f"  assemble: onrecord assemble {source.name} PATH{mapped} -o {source.name}")
        if source.folder and args.name:
            from onrecord.sources import mapping

            lines += ["", textwrap.indent((mapping.__doc__ or "").strip(), "  ")]
        blocks.append(printable("\n".join(lines), keep="\n"))
    print("\n\n".join(blocks))
    return 0
