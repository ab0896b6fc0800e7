#!/usr/bin/env python3
"""Does OnRecord predict real news? Runs every system on real corpora and on OnRecord's test split, side by side.

    scripts/validity.py --data DIR -o benchmark/results/validity.json --write     # run, keep, put into DATASHEET.md
    scripts/validity.py --check          # runs nothing; exit 1 if DATASHEET.md shows other figures than the kept ones

FNC-1 stands twice: with all rows, and with those that are not ``unrelated``. OnRecord has no such rows and systems that
learnt from it never answer so; the orders of systems are compared on the second.

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
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import marked
from onrecord import api, sources
from onrecord.assembly import assemble
from onrecord.cli import guarded
from onrecord.errors import InputError, MissingExtraError
from onrecord.files import writing
from onrecord.leaderboard.runner import Runner, identity
from onrecord.release import read_release
from onrecord.scoring import bootstrap
from onrecord.scoring.result import score_tally
from onrecord.scoring.tally import merge
from onrecord.systems import registry
from onrecord.systems.protocol import System
from validity_agreement import Scored, agreement, has, related
from validity_table import markdown

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmark" / "results" / "validity.json"
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
#: Sources with ``unrelated`` rows of config ``stance``, and what they are called without these.
RELATED = {"fnc1": "fnc1-related"}
PACKAGES = ("onrecord", "numpy", "scipy", "scikit-learn", "python-crfsuite", "spacy", "textacy", "dateparser")


def main(argv: list[str] | None = None) -> int:
    """Runs the command; 0 done, 1 the input is at fault or the datasheet is out of date."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder with your copies of the sources")
    parser.add_argument("--kept", type=Path, metavar="DIR", help="where answers are kept, so that only changes run")
    parser.add_argument("-o", "--output", type=Path, default=RESULTS, metavar="FILE", help="the kept figures (JSON)")
    parser.add_argument("--datasheet", type=Path, default=ROOT / "DATASHEET.md")
    parser.add_argument("--resamples", type=int, default=bootstrap.RESAMPLES, metavar="N")
    parser.add_argument("--write", action="store_true", help="put the tables into the datasheet")
    parser.add_argument("--check", action="store_true", help="hold the datasheet against the kept figures")
    args = parser.parse_args(argv)
    try:
        if args.data is not None:
            found = run(args.data, args.resamples, Runner(args.kept))
            found = {"command": "scripts/validity.py --data DIR", **found}
            with writing(args.output) as stream:
                stream.write((json.dumps(found, indent=1, ensure_ascii=False) + "\n").encode())
        table = markdown(json.loads(args.output.read_text(encoding="utf-8")))
        if args.write or args.check:
            return marked.keep(args.datasheet, {"validity": table}, write=args.write, script="validity.py")
    except (InputError, OSError, json.JSONDecodeError) as error:
        print(error, file=sys.stderr)
        return 1
    print(table, end="")
    return 0


def run(data: Path, resamples: int, runner: Runner) -> dict[str, Any]:
    """Everything, from copies to figures, as plain JSON values.

    Args:
        data: Folder with the user's copies.
        resamples: Bootstrap resamples.
        runner: Runs the systems, or knows their answers.

    Raises:
        InputError: The corpus, a copy or a system is at fault.
    """
    systems, notes = ready()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        assemble(ROOT / "corpus", ROOT / "annotations", work / "onrecord", lenient=True)
        splits: dict[str, tuple[str, ...]] = {"onrecord": ("test",)}
        for source, places in COPIES.items():
            copy = next((data / place for place in places if (data / place).exists()), None)
            if copy is None:
                notes.append(f"{source}: no copy below the given folder; skipped.")
                continue
            sources.assemble(source, copy, work / source)
            splits[source] = tuple(read_release(work / source).splits)
        scored: dict[str, dict[str, Scored]] = {
            dataset: {
                system.name: score(system, work / dataset, some, NEAREST.get(dataset, {}), resamples, runner)
                for system in systems
                if set(system.layers) & set(read_release(work / dataset).layers)
            }
            for dataset, some in splits.items()
        }
        described = {dataset: about(work / dataset, splits[dataset], some) for dataset, some in scored.items()}
        for source in [name for name in RELATED if name in scored]:
            name = RELATED[source]
            scored[name] = {system: related(one, resamples) for system, one in scored.pop(source).items()}
            described[name] = about(work / source, splits[source], scored[name])
    failures = [
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
        "systems": {system.name: {**identity(system), "layers": list(system.layers)} for system in systems},
        "data": described,
        "agreement": [
            found
            for figure in FIGURES
            for source in scored
            if source != "onrecord"
            if (found := agreement(figure, source, scored["onrecord"], scored[source], resamples)) is not None
        ],
        "notes": [*notes, *failures],
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


def score(
    system: System, folder: Path, splits: Sequence[str], types: Mapping[str, str], resamples: int, runner: Runner
) -> Scored:
    """Runs a system on some splits of a released folder and scores what it says, all splits together."""
    tallies, signatures, failed = [], [], 0
    for split in splits:
        print(f"{folder.name} {split}: {system.name}", file=sys.stderr)
        lines = runner.run(system.name, folder, split).lines
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
        "signatures": {name: list(one.signatures) for name, one in some.items()},
        "figures": {
            figure: row
            for figure in FIGURES
            if (row := {name: one.scores[figure].as_dict() for name, one in some.items() if has(one, figure)})
        },
    }


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
    sys.exit(guarded(main))
