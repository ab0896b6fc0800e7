"""Trains the models that travel in the package, on OnRecord's train split and nothing else.

    python scripts/train_models.py [--check]

Run it after a change of the train split's labels or of what the taggers read. Nothing in it is random: equal labels
make equal models, and ``--check`` says whether the committed ones are those.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

import orjson

import onrecord
from onrecord.assembly import assemble
from onrecord.systems import best_train, modelfile, training
from onrecord.systems.modelfile import Model
from onrecord.systems.run import predict

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "benchmark" / "onrecord" / "systems" / "models"
#: Settings of each model.
SETTINGS: dict[str, dict[str, Any]] = {
    "crf": {"columns": "rules", "fill": "all"},
    "tfidf": {"mode": "two-stage"},
}


#: By which figure each layer of ``best`` is decided.
DECIDED_BY = {
    "entities": "entities/strict:f1",
    "quotes": "quotes/full:f1",
    "dates": "dates/value:f1",
    "stance": "stance/triple:f1",
}


def trained(data: training.Data, folder: Path) -> dict[str, Model]:
    """All models by name.

    Args:
        data: The train split.
        folder: The release that it stands in, for scoring.
    """
    models = {name: training.train(name, data, settings) for name, settings in SETTINGS.items()}
    figures = compared(data, folder)
    learned = [layer for layer, figure in figures.items() if figure["learned"] > figure["rules"]]
    return {**models, "best": best_train.train(data, learned, figures=figures)}


def compared(data: training.Data, folder: Path) -> dict[str, dict[str, Any]]:
    """By layer, the figure of the learned answer and of the rules', each story held out in turn."""
    answers: dict[str, list[dict[str, Any]]] = {"learned": [], "rules": []}
    with tempfile.TemporaryDirectory() as work:
        for number, story in enumerate(data.groups()):
            rest, held = data.only(frozenset(data.groups()) - {story}), data.only(frozenset({story}))
            path = Path(work) / f"{number}.model"
            modelfile.write(best_train.train(rest), path)
            articles = [training.unlabelled(row, data) for row in held.rows]
            tried: dict[str, tuple[str, dict[str, Any]]] = {
                "learned": ("best", {"model": str(path)}),
                "rules": ("rules", {"gazetteer": False}),
            }
            for name, (system, settings) in tried.items():
                for line in predict(system, articles, jobs=1, settings=settings):
                    if line.prediction is None:
                        raise RuntimeError(f"{name} failed on {line.id}: {line.error}")
                    answers[name].append({key: value for key, value in line.prediction.items() if value is not None})
    results = {name: onrecord.score(rows, gold=folder, split="train") for name, rows in answers.items()}
    return {
        layer: {"measure": measure} | {name: round(result[measure].value or 0.0, 4) for name, result in results.items()}
        for layer, measure in DECIDED_BY.items()
    }


def from_checkout() -> dict[str, Model]:
    """All models, from the train split of the corpus in this checkout."""
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "release"
        assemble(ROOT / "corpus", ROOT / "annotations", folder, lenient=True)
        return trained(training.load(folder, "train"), folder)


def main() -> int:
    """Writes the models, or compares them with the committed ones."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="write nothing; status 1 if a model is not up to date")
    args = parser.parse_args()
    models = from_checkout()
    hashes = {name: model.hash for name, model in models.items()}
    if args.check:
        pinned = orjson.loads((MODELS / "hashes.json").read_bytes())
        for name in sorted(set(pinned) | set(hashes)):
            if pinned.get(name) != hashes.get(name):
                print(f"{name}: {pinned.get(name)} is committed, {hashes.get(name)} comes out", file=sys.stderr)
        return int(pinned != hashes)
    MODELS.mkdir(exist_ok=True)
    for name, model in models.items():
        modelfile.write(model, MODELS / f"{name}.model")
        print(f"{name}: {len(modelfile.to_bytes(model)):,} bytes, {model.hash}")
        for layer, figure in model.meta.get("figures", {}).items():
            print(f"  {layer}: {figure}")
    (MODELS / "hashes.json").write_bytes(
        orjson.dumps(hashes, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
