"""``onrecord compare``: two or more systems on the same articles."""

from __future__ import annotations

import argparse
import json
from typing import Any

from onrecord.commands.score import add_data_options, add_output_options, style


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser(
        "compare",
        help="a paired test of two or more systems",
        description="Scores files of predictions on the same gold and compares each with the first: paired bootstrap "
        "and approximate randomisation over whole stories, Holm-corrected when more than two are compared.",
    )
    parser.add_argument("baseline", metavar="A", help="predictions of the baseline")
    parser.add_argument("others", nargs="+", metavar="B", help="predictions to compare with it")
    add_data_options(parser)
    add_output_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the comparison.

    Raises:
        InputError: Predictions or gold are at fault, or the results cannot be compared.
    """
    from onrecord.commands.score import gold_source, scored
    from onrecord.predictions import read_gold
    from onrecord.predictions.intake import refuse_twice
    from onrecord.report.scores import comparison_table, interval_note
    from onrecord.scoring import compare
    from onrecord.scoring.comparison import NULL_HYPOTHESIS

    source, systems = gold_source(args), (args.baseline, *args.others)
    refuse_twice(source, *systems)
    gold = read_gold(source, args.split)
    results = [scored(path, args, gold)[0] for path in systems]
    comparison = compare(*results, trials=args.resamples)
    comparison.require_a_figure()
    if args.json:
        print(json.dumps(comparison.as_dict(), ensure_ascii=False, indent=2, allow_nan=False))
        return 0
    notes = [NULL_HYPOTHESIS]
    if comparison.holm:
        notes.append("p-values are corrected for the number of systems (Holm, 1979)")
    notes.append(interval_note(comparison.baseline))
    notes += [f"note: {sentence}" for sentence in comparison.reports]
    notes += [f"note: {result.name}: {sentence}" for result in comparison.results for sentence in result.reports]
    notes.append(f"signature: {comparison.baseline.signature}")
    print(comparison_table(comparison, notes).render(style(args)), end="")
    return 0
