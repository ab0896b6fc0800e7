"""``onrecord agree``: how far two annotators agree on the same articles."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from onrecord.commands.score import add_output_options, style

_PASS: str = ".ann.txt"


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser(
        "agree",
        help="agreement of two annotators",
        description="Compares two passes (folders of *.ann.txt), folders of gold labels, or files of gold lines, over "
        "the articles that both have: F1 per layer, Krippendorff's alpha of quote tokens, kappa of sourcing.",
    )
    parser.add_argument("first", metavar="A", help="a folder of passes or gold labels, or a file of gold lines")
    parser.add_argument("second", metavar="B", help="the other one")
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), metavar="DIR", help="the articles of passes")
    parser.add_argument("--resamples", type=int, default=1_000, metavar="N", help="of the bootstrap (default: 1000)")
    add_output_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the agreement.

    Raises:
        InputError: A side is at fault, or no article is in both.
    """
    from onrecord.agreement import agreement
    from onrecord.errors import InputError, Problem
    from onrecord.report.tables import Table, count, figure, spread

    sides = [_lines(name, args.corpus) for name in (args.first, args.second)]
    shared = sorted(set(sides[0]) & set(sides[1]))
    if not shared:
        raise InputError(Problem(args.second, f"has no article in common with {args.first}", remedy="check the paths"))
    found = agreement(*([side[name] for name in shared] for side in sides), resamples=args.resamples)
    if args.json:
        print(json.dumps(found.as_dict(), ensure_ascii=False, indent=2, allow_nan=False))
        return 0
    rows = [
        [name, figure(score.value), spread(score.low, score.high), count(score.gold)]
        for name, score in found.figures.items()
    ]
    notes = [f"{found.articles} articles in both, {found.clusters} stories or articles resampled"]
    left = [
        f"{len(side) - len(shared)} only in {name}" for side, name in zip(sides, (args.first, args.second), strict=True)
    ]
    notes += [note for note in left if not note.startswith("0 ")]
    print(Table(("figure", "agreement", "95% interval", "items"), rows, notes).render(style(args)), end="")
    return 0


def _lines(name: str, corpus: Path) -> dict[str, dict[str, Any]]:
    """Gold lines by article id."""
    from onrecord.errors import InputError, Problem

    path = Path(name)
    if path.is_dir():
        return folder_lines(path, corpus)
    if not path.is_file():
        raise InputError(Problem(name, "no such file or folder", remedy="check the path"))
    from onrecord.report.lines import read_lines

    return read_lines(name, need_text=True)


def folder_lines(path: Path, corpus: Path) -> dict[str, dict[str, Any]]:
    """Lines of a folder of passes, or of gold labels."""
    import orjson

    from onrecord.corpus import read_stories, read_world
    from onrecord.errors import InputError, Problem
    from onrecord.passes import compile_pass
    from onrecord.wire import article_to_wire, labels_to_wire

    problems: list[Problem] = []
    world = read_world(corpus / "world" / "entities.jsonl", problems)
    _, sources = read_stories(corpus / "stories", problems)
    if problems:
        raise InputError(problems)
    found = {}
    for source in sources:
        article = source.article
        one = path / f"{article.id.replace('/', '__')}{_PASS}"
        gold = path / str(article.story) / f"{article.outlet}.json"
        if one.is_file():
            compiled = compile_pass(one.read_text(encoding="utf-8"), article, str(one), world)
            found[article.id] = {**article_to_wire(article), **labels_to_wire(compiled.labels)}
        elif gold.is_file():
            found[article.id] = {**article_to_wire(article), **orjson.loads(gold.read_bytes())}
    if not found:
        remedy = "give a folder of *.ann.txt or of <story>/<outlet>.json, and its articles with --corpus"
        raise InputError(Problem(str(path), "has no pass or labels of an article of the corpus", remedy=remedy))
    return found
