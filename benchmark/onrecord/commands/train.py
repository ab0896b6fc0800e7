"""``onrecord train``: trains a system on a released folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onrecord.model import LAYERS

if TYPE_CHECKING:
    from onrecord.systems.training import Data


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser(
        "train",
        help="train a system on a released folder",
        description="Trains crf (names, quotations, dates) or tfidf (stance) on the train split of a released folder "
        "and writes a model file for `onrecord predict SYSTEM --set model=MODEL`. With --folds it also says how well "
        "that goes: articles are held out by story, and no claim is in both halves.",
    )
    parser.add_argument("system", metavar="SYSTEM", help="crf or tfidf")
    parser.add_argument(
        "--on", type=Path, metavar="DIR", help="released folder to learn from (default: the packaged corpus)"
    )
    parser.add_argument(
        "--split", choices=("train", "validation", "test"), default="train", help="to learn from (default: train)"
    )
    parser.add_argument(
        "--layer", dest="layers", action="append", choices=LAYERS, metavar="L", help="learn only this (may be repeated)"
    )
    parser.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="crf: columns=rules,spacy fill=none|direct|all c1= c2= iterations=; "
        "tfidf: mode=majority|related|logistic|two-stage",
    )
    parser.add_argument("--folds", type=int, metavar="N", help="also cross-validate on the same articles")
    parser.add_argument("-o", "--output", required=True, metavar="MODEL", help="the model file to write")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Trains, says how well, writes the model.

    Raises:
        InputError: The folder, the settings or the target are at fault.
    """
    from onrecord.commands.predict import read_settings
    from onrecord.loader import packaged_release
    from onrecord.systems import modelfile, training

    settings = read_settings(args.settings)
    layers = tuple(args.layers or LAYERS)
    folder = args.on or packaged_release()
    data = training.load(folder, args.split, layers)
    model = training.train(args.system, data, settings, layers)
    if args.folds is not None:
        _say_how_well(args.system, data, folder, args.split, args.folds, settings, layers)
    modelfile.write(model, args.output)
    about = model.meta["trained_on"]
    print(
        f"{args.output}: {args.system} trained on {about['name']} {about['version']}, {about['articles']} articles of "
        f"{about['split']}; {model.hash[:16]}"
    )
    return 0


def _say_how_well(
    system: str, data: Data, folder: Path, split: str, folds: int, settings: dict[str, Any], layers: tuple[str, ...]
) -> None:
    """Scores the held-out answers of all folds together, with the benchmark's own scorer."""
    import tempfile

    import onrecord
    from onrecord.report.terminal import printable
    from onrecord.systems import modelfile, registry, training
    from onrecord.systems.run import predict

    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as work:
        for number, (model, articles) in enumerate(training.cross_validated(system, data, folds, settings, layers)):
            path = Path(work) / f"{number}.model"
            modelfile.write(model, path)
            held_out = registry.find(system, {"model": str(path)})
            for line in predict(held_out, articles):
                if line.prediction is None:
                    print(f"onrecord: {printable(line.id)}: {printable(line.error or '')}", file=sys.stderr)
                    continue
                rows.append({name: value for name, value in line.prediction.items() if value is not None})
            print(f"fold {number + 1} of {folds}: {len(articles)} articles held out", file=sys.stderr)
    learnt = {"stance"} if system == "tfidf" else set(layers) - {"stance"}
    scored = [
        layer for layer in learnt if any(layer in row or (layer == "stance" and "stance_rows" in row) for row in rows)
    ]
    result = onrecord.score(rows, gold=folder, split=split, layers=sorted(scored))
    for name, score in result.scores.items():
        if score.value is not None and not name.endswith((":precision", ":recall")):
            print(f"  {name:<28} {score.value:.3f}")
