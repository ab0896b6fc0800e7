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

from onrecord.assembly import assemble
from onrecord.systems import modelfile, training
from onrecord.systems.modelfile import Model

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "benchmark" / "onrecord" / "systems" / "models"
#: Settings of each model.
SETTINGS: dict[str, dict[str, Any]] = {
    "crf": {"columns": "rules", "fill": "all"},
    "tfidf": {"mode": "two-stage"},
}


def trained(data: training.Data) -> dict[str, Model]:
    """All models by name."""
    return {name: training.train(name, data, settings) for name, settings in SETTINGS.items()}


def train_split() -> training.Data:
    """The train split of the corpus in this checkout."""
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "release"
        assemble(ROOT / "corpus", ROOT / "annotations", folder, lenient=True)
        return training.load(folder, "train")


def main() -> int:
    """Writes the models, or compares them with the committed ones."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="write nothing; status 1 if a model is not up to date")
    args = parser.parse_args()
    models = trained(train_split())
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
    (MODELS / "hashes.json").write_bytes(
        orjson.dumps(hashes, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
