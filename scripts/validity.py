#!/usr/bin/env python3
"""Does OnRecord predict real news? Runs every system on real corpora and on OnRecord's test split, side by side.

    scripts/validity.py --data DIR -o benchmark/results/validity.json --write     # run, keep, put into DATASHEET.md
    scripts/validity.py --check          # runs nothing; exit 1 if DATASHEET.md shows other figures than the kept ones

DIR holds a folder per source with the user's own copy (a source without one is skipped, and said so). Every article of
a source is scored, whatever its split: the systems as shipped have learnt from OnRecord's train split alone. Intervals
resample stories on OnRecord and articles on the sources; below ten of them a data set is taken as it is. Systems that
answer alike on both data sets (one takes a layer from another) count as one.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from onrecord import api, sources
from onrecord.assembly import assemble
from onrecord.errors import InputError, MissingExtraError
from onrecord.files import writing
from onrecord.release import read_release
from onrecord.scoring import bootstrap
from onrecord.scoring.result import Score, resampled_figures, score_tally
from onrecord.scoring.tally import Tally, merge
from onrecord.systems import registry
from onrecord.systems.inputs import folder_articles
from onrecord.systems.protocol import System
from onrecord.systems.run import predict
from rank_agreement import Floats, kendall, kept_order, neighbours, spearman
from validity_table import markdown

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmark" / "results" / "validity.json"
BEGIN, END = "<!-- validity:begin -->", "<!-- validity:end -->"
#: Sources, and the names that the folder of a copy may have below ``--data``.
COPIES = {
    "polnear": ("polnear",),
    "uhh-quotes": ("uhh-quotes", "uhh-german-quotes"),
    "gum": ("gum", "gum-news"),
    "tempeval3": ("tempeval3",),
    "krauts": ("krauts",),
    "fnc1": ("fnc1", "fnc-1"),
}
FIGURES = (
    "entities/strict:f1",
    "coreference/conll:f1",
    "quotes/content-soft:f1",
    "quotes/source:f1",
    "quotes/speaker:f1",
    "dates/value:f1",
    "stance/macro:f1",
)
#: Which type of a source comes closest to each of OntoNotes' types: systems answer in those, gold keeps its own.
NEAREST = {
    "gum": {
        "PERSON": "person", "NORP": "person", "FAC": "place", "ORG": "organization", "GPE": "place", "LOC": "place",
        "PRODUCT": "object", "EVENT": "event", "WORK_OF_ART": "abstract", "LAW": "abstract", "LANGUAGE": "abstract",
        "DATE": "time", "TIME": "time",
    }
}  # fmt: skip
PACKAGES = ("onrecord", "numpy", "scipy", "scikit-learn", "python-crfsuite", "spacy", "textacy", "dateparser")


@dataclass(frozen=True)
class Scored:
    """What one system reached on one data set."""

    tally: Tally
    scores: Mapping[str, Score]
    signatures: tuple[str, ...]
    failed: int


def main(argv: list[str] | None = None) -> int:
    """Runs the command; 0 done, 1 the input is at fault or the datasheet is out of date."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder with your copies of the sources")
    parser.add_argument("-o", "--output", type=Path, default=RESULTS, metavar="FILE", help="the kept figures (JSON)")
    parser.add_argument("--datasheet", type=Path, default=ROOT / "DATASHEET.md")
    parser.add_argument("--resamples", type=int, default=bootstrap.RESAMPLES, metavar="N")
    parser.add_argument("--write", action="store_true", help="put the tables into the datasheet")
    parser.add_argument("--check", action="store_true", help="hold the datasheet against the kept figures")
    args = parser.parse_args(argv)
    try:
        if args.data is not None:
            found = run(args.data, args.resamples)
            found = {"command": " ".join(["scripts/validity.py", *(sys.argv[1:] if argv is None else argv)]), **found}
            with writing(args.output) as stream:
                stream.write((json.dumps(found, indent=1, ensure_ascii=False) + "\n").encode())
        kept = json.loads(args.output.read_text(encoding="utf-8"))
    except (InputError, OSError, json.JSONDecodeError) as error:
        print(error, file=sys.stderr)
        return 1
    if not args.write and not args.check:
        print(markdown(kept), end="")
        return 0
    text = args.datasheet.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        print(f"{args.datasheet}: has no {BEGIN} … {END}", file=sys.stderr)
        return 1
    head, _, rest = text.partition(BEGIN)
    renewed = f"{head}{BEGIN}\n{markdown(kept)}{END}{rest.partition(END)[2]}"
    if args.check:
        if renewed != text:
            print(f"{args.datasheet}: out of date; run scripts/validity.py --write", file=sys.stderr)
        return int(renewed != text)
    with writing(args.datasheet) as stream:
        stream.write(renewed.encode())
    return 0


def run(data: Path, resamples: int) -> dict[str, Any]:
    """Everything, from copies to figures, as plain JSON values.

    Args:
        data: Folder with the user's copies.
        resamples: Bootstrap resamples.

    Raises:
        InputError: The corpus, a copy or a system is at fault.
    """
    systems, notes = ready()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        assemble(ROOT / "corpus", ROOT / "annotations", work / "onrecord")
        splits: dict[str, tuple[str, ...]] = {"onrecord": ("test",)}
        for source, folders in COPIES.items():
            copy = next((data / folder for folder in folders if (data / folder).exists()), None)
            if copy is None:
                notes.append(f"{source}: no copy below the given folder; skipped.")
                continue
            sources.assemble(source, copy, work / source)
            splits[source] = tuple(read_release(work / source).splits)
        scored: dict[str, dict[str, Scored]] = {
            dataset: {
                system.name: score(system, work / dataset, some, NEAREST.get(dataset, {}), resamples)
                for system in systems
                if set(system.layers) & set(read_release(work / dataset).layers)
            }
            for dataset, some in splits.items()
        }
        described = {dataset: about(work / dataset, splits[dataset], some) for dataset, some in scored.items()}
    notes += [
        f"{name} failed on {one.failed} articles of {dataset}; they count as unanswered."
        for dataset, some in scored.items()
        for name, one in some.items()
        if one.failed
    ]
    return {
        "versions": {"python": platform.python_version(), **versions()},
        "machine": {"cores": os.cpu_count(), "system": platform.system(), "machine": platform.machine()},
        "resamples": resamples,
        "seed": bootstrap.SEED,
        "systems": {
            system.name: {
                "version": system.version,
                "settings": dict(system.settings),
                "layers": list(system.layers),
            }
            for system in systems
        },
        "data": described,
        "agreement": [
            found
            for figure in FIGURES
            for source in scored
            if source != "onrecord"
            if (found := agreement(figure, source, scored["onrecord"], scored[source], resamples)) is not None
        ],
        "notes": notes,
    }


def ready() -> tuple[list[System], list[str]]:
    """The registered systems that can run here, and a sentence on each that cannot."""
    systems, notes = [], []
    for name in registry.names():
        try:
            systems.append(registry.find(name))
        except (InputError, MissingExtraError) as error:
            notes.append(f"{name} was left out: {error}")
    return systems, notes


def score(system: System, folder: Path, splits: Sequence[str], types: Mapping[str, str], resamples: int) -> Scored:
    """Runs a system on some splits of a released folder and scores what it says, all splits together."""
    tallies, signatures, failed = [], [], 0
    for split in splits:
        print(f"{folder.name} {split}: {system.name}", file=sys.stderr)
        lines = list(predict(system.name, folder_articles(folder, split)))
        failed += sum(line.prediction is None for line in lines)
        rows = [{"id": line.id} if line.prediction is None else translated(line.prediction, types) for line in lines]
        result = api.score(rows, folder, split=split, resamples=0)
        tallies.append(result.counts)
        signatures.append(str(result.signature))
    tally = merge(tallies)
    return Scored(tally, score_tally(tally, resamples, bootstrap.SEED), tuple(signatures), failed)


def translated(prediction: Mapping[str, Any], types: Mapping[str, str]) -> dict[str, Any]:
    """A prediction line with the entity types that a table names replaced; fields that are null are left out."""
    row = {name: value for name, value in prediction.items() if value is not None}
    for name in ("entities", "chains"):
        if name in row and types:
            row[name] = [{**item, "type": types.get(item["type"], item["type"])} for item in row[name]]
    return row


def about(folder: Path, splits: Sequence[str], some: Mapping[str, Scored]) -> dict[str, Any]:
    """What a data set is and what each system reached on it: the headline figures that its gold can give."""
    release = read_release(folder)
    tally = next(iter(some.values())).tally
    return {
        "version": release.version,
        "hash": release.data_hash[:12],
        "splits": {split: release.splits[split] for split in splits},
        "articles": len(tally.ids),
        "clusters": len(tally.cluster_names),
        "signatures": list(next(iter(some.values())).signatures),
        "figures": {
            figure: row
            for figure in FIGURES
            if (row := {name: one.scores[figure].as_dict() for name, one in some.items() if has(one, figure)})
        },
    }


def has(scored: Scored, figure: str) -> bool:
    """Whether gold has what a figure is about, and the system tried for it."""
    score = scored.scores.get(figure)
    return score is not None and score.value is not None and score.gold != 0


def able(scored: Scored, figure: str) -> bool:
    """Whether a system found anything at all; one that cannot read a language at all takes no part in a ranking."""
    return has(scored, figure) and scored.scores[figure].predicted != 0


def agreement(
    figure: str, source: str, ours: Mapping[str, Scored], theirs: Mapping[str, Scored], resamples: int
) -> dict[str, Any] | None:
    """How the systems rank on OnRecord and on a source; None where no system has the figure on both."""
    names = [name for name in ours if name in theirs and able(ours[name], figure) and able(theirs[name], figure)]
    if not names:
        return None
    groups = alike({name: (ours[name].scores[figure], theirs[name].scores[figure]) for name in names})
    shown = [" = ".join(group) for group in groups]
    found: dict[str, Any] = {"figure": figure, "source": source, "systems": shown}
    if len(groups) < 2:
        return found
    chosen = [group[0] for group in groups]
    here, there = (values([data[name] for name in chosen], figure) for data in (ours, theirs))
    drawn_here, drawn_there = (
        resampled([data[name] for name in chosen], figure, resamples, bootstrap.SEED + step)
        for step, data in enumerate((ours, theirs))
    )
    found["resampled"] = [
        name for name, drawn in (("onrecord", drawn_here), (source, drawn_there)) if drawn is not None
    ]
    some = here if drawn_here is None else drawn_here, there if drawn_there is None else drawn_there
    for name, correlation in (("kendall", kendall), ("spearman", spearman)):
        value = float(correlation(here, there))
        limits = bootstrap.interval(correlation(*np.broadcast_arrays(*some))) if found["resampled"] else None
        low, high = limits or (None, None)
        found[name] = {"value": None if np.isnan(value) else round(value, 6), "low": low, "high": high}
    pairs = neighbours(here)
    found["neighbours"] = [
        {"better": shown[better], "worse": shown[worse], "kept": kept, **difference(there, drawn_there, better, worse)}
        for (better, worse), kept in zip(pairs, kept_order(pairs, there), strict=True)
    ]
    return found


def alike(scores: Mapping[str, tuple[Score, Score]]) -> list[list[str]]:
    """Systems in groups that have the same figures, over the same number of answers, on both data sets."""
    groups: dict[tuple[float | None, ...], list[str]] = {}
    for name, pair in scores.items():
        key = tuple(round(x, 12) for one in pair for x in (one.value or 0.0, one.predicted or 0.0))
        groups.setdefault(key, []).append(name)
    return list(groups.values())


def values(scored: Iterable[Scored], figure: str) -> Floats:
    """(systems,) figures."""
    return np.asarray([one.scores[figure].value for one in scored], dtype=np.float64)


def resampled(scored: Sequence[Scored], figure: str, resamples: int, seed: int) -> Floats | None:
    """(resamples, systems) figures, each resample the same articles for all; None where there are too few."""
    clusters = len(scored[0].tally.cluster_names)
    if clusters < bootstrap.FEWEST_CLUSTERS or not resamples:
        return None
    weights = bootstrap.draw_weights(clusters, resamples, seed)
    return np.stack([resampled_figures(one.tally, weights)[figure] for one in scored], axis=-1)


def difference(there: Floats, drawn: Floats | None, better: int, worse: int) -> dict[str, float | None]:
    """How far two systems stand apart on a source, with the interval of the paired difference."""
    limits = None if drawn is None else bootstrap.interval(drawn[:, better] - drawn[:, worse])
    low, high = limits or (None, None)
    return {"difference": float(there[better] - there[worse]), "low": low, "high": high}


def versions() -> dict[str, str]:
    """Versions of the packages that figures may depend on, where installed."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


if __name__ == "__main__":
    sys.exit(main())
