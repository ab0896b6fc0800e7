"""Trains the models that travel in the package, on OnRecord's train split and nothing else.

    scripts/train_models.py                 # trains and writes those that are not up to date
    scripts/train_models.py --all           # trains and writes all
    scripts/train_models.py --check         # exit 1 if one learnt from other texts, labels or features than today's
    scripts/train_models.py --check --all   # trains all and compares them to the byte

Nothing in it is random: equal labels make equal models. Which layers ``best`` takes from its taggers is decided by
cross-validation over stories of the train split.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import orjson

import onrecord
from onrecord.assembly import assemble
from onrecord.cli import guarded
from onrecord.errors import InputError
from onrecord.files import writing
from onrecord.systems import best_train, crf_train, modelfile, training
from onrecord.systems.modelfile import Model
from onrecord.systems.run import predict

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "benchmark" / "onrecord" / "systems" / "models"
#: Settings of the models that ``onrecord train`` makes too.
SETTINGS: Final[dict[str, dict[str, Any]]] = {
    "crf": {"columns": "rules", "fill": "all"},
    "tfidf": {"mode": "two-stage"},
}
NAMES: Final = (*SETTINGS, "best")
#: By which figure each layer of ``best`` is decided.
DECIDED_BY: Final = {
    "entities": "entities/strict:f1",
    "quotes": "quotes/full:f1",
    "dates": "dates/value:f1",
    "stance": "stance/triple:f1",
}
#: The most times that ``best`` is trained for the decision; with fewer stories each is held out by itself.
FOLDS: Final = 5


def trained(name: str, data: training.Data, folder: Path) -> Model:
    """One model.

    Args:
        name: Of ``NAMES``.
        data: The train split.
        folder: The release that it stands in, for scoring.
    """
    if name in SETTINGS:
        return training.train(name, data, SETTINGS[name])
    articles = best_train.examples(data)
    figures = compared(data, articles, folder)
    learned = [layer for layer, figure in figures.items() if figure["learned"] > figure["rules"]]
    return best_train.train(data, learned, figures=figures, articles=articles)


def compared(data: training.Data, articles: list[crf_train.Example], folder: Path) -> dict[str, dict[str, Any]]:
    """By layer, the figure of the learned answer and of the rules', each story held out once."""
    answers: dict[str, list[dict[str, Any]]] = {"learned": [], "rules": []}
    stories = data.groups()
    folds = min(FOLDS, len(stories))
    with tempfile.TemporaryDirectory() as work:
        for fold in range(folds):
            out = frozenset(stories[fold::folds])
            rest, held = data.only(frozenset(stories) - out), data.only(out)
            path = Path(work) / f"{fold}.model"
            model = best_train.train(rest, articles=[article for article in articles if article.story not in out])
            modelfile.write(model, path)
            asked = [training.unlabelled(row, data) for row in held.rows]
            tried: dict[str, tuple[str, dict[str, Any]]] = {
                "learned": ("best", {"model": str(path)}),
                "rules": ("rules", {"gazetteer": False}),
            }
            for name, (system, settings) in tried.items():
                for line in predict(system, asked, jobs=1, settings=settings):
                    if line.prediction is None:
                        raise RuntimeError(f"{name} failed on {line.id}: {line.error}")
                    answers[name].append({key: value for key, value in line.prediction.items() if value is not None})
            print(f"best: fold {fold + 1} of {folds}", file=sys.stderr)
    results = {name: onrecord.score(rows, gold=folder, split="train", resamples=0) for name, rows in answers.items()}
    return {
        layer: {"measure": measure} | {name: round(result[measure].value or 0.0, 4) for name, result in results.items()}
        for layer, measure in DECIDED_BY.items()
    }


def stale(name: str, data: training.Data) -> str | None:
    """Why a shipped model is not one of today's train split and features, or None; found without training it."""
    try:
        meta = modelfile.shipped(name).meta
    except InputError as error:
        return f"{name}: {error}"
    if not data.about.items() <= meta["trained_on"].items():
        return f"{name}: was trained on {meta['trained_on']}, the train split is {data.about}"
    if name == "tfidf":  # learns in no time
        same = trained(name, data, Path()).hash == modelfile.shipped(name).hash
        return None if same else f"{name}: another model comes out"
    layers = best_train.TAGGED if name == "best" else meta["layers"]
    if meta["features"] != crf_train.fingerprint(crf_train.examples(data.rows[:1], meta["columns"], layers)):
        return f"{name}: was trained on other features"
    if name == "crf" and {"columns": ",".join(meta["columns"]), "fill": meta["fill"]} != SETTINGS["crf"]:
        return f"{name}: was trained with other settings"
    return None


def main(argv: list[str] | None = None) -> int:
    """Writes the models, or compares them with the committed ones."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; status 1 if a model is not up to date")
    parser.add_argument("--all", action="store_true", help="train all of them, whether up to date or not")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "release"
        assemble(ROOT / "corpus", ROOT / "annotations", folder, lenient=True)
        data = training.load(folder, "train")
        reasons = {name: None if args.all else stale(name, data) for name in NAMES}
        if args.check and not args.all:
            for reason in filter(None, reasons.values()):
                print(f"{reason}; run scripts/train_models.py", file=sys.stderr)
            return int(any(reasons.values()))
        models = {name: trained(name, data, folder) for name in NAMES if args.all or reasons[name]}
    return _differ(models) if args.check else _write(models)


def _pinned() -> dict[str, str]:
    path = MODELS / "hashes.json"
    found: dict[str, str] = orjson.loads(path.read_bytes()) if path.is_file() else {}
    return found


def _differ(models: dict[str, Model]) -> int:
    pinned = _pinned()
    for name, model in models.items():
        if pinned.get(name) != model.hash:
            print(f"{name}: {pinned.get(name)} is committed, {model.hash} comes out", file=sys.stderr)
    return int(pinned != {name: model.hash for name, model in models.items()})


def _write(models: dict[str, Model]) -> int:
    MODELS.mkdir(exist_ok=True)
    for name, model in models.items():
        modelfile.write(model, MODELS / f"{name}.model")
        print(f"{name}: {len(modelfile.to_bytes(model)):,} bytes, {model.hash}")
        for layer, figure in model.meta.get("figures", {}).items():
            print(f"  {layer}: {figure}")
    for name in sorted(set(NAMES) - set(models)):
        print(f"{name}: up to date")
    hashes = _pinned() | {name: model.hash for name, model in models.items()}
    with writing(MODELS / "hashes.json") as stream:
        stream.write(orjson.dumps(hashes, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
