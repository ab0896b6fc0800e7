"""Running registered systems for the leaderboard, and scoring what others predicted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from onrecord.errors import InputError, MissingExtraError, Problem
from onrecord.leaderboard.entries import FORM, Entry, file_name, read_entries, read_lines, versions, write_entry
from onrecord.leaderboard.runner import Answers, Runner, identity
from onrecord.predictions import read_gold, read_predictions
from onrecord.predictions.gold import Gold
from onrecord.release import read_release
from onrecord.scoring import score
from onrecord.scoring.result import Result
from onrecord.systems import registry
from onrecord.systems.protocol import System

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


def run_system(name: str, dataset: Dataset, gold: Gold, root: Path, runner: Runner) -> tuple[Entry, bool] | None:
    """Runs a registered system on a dataset and writes the entry.

    Args:
        name: Of the system.
        dataset: Where to run it.
        gold: ``dataset.gold()``, which is slow to read for each system.
        root: The leaderboard's folder.
        runner: Runs it, or knows its answers.

    Returns:
        The entry and whether the system ran anew; None if it answers no layer that the dataset annotates.

    Raises:
        InputError, MissingExtraError: The system cannot be run here.
    """
    system = registry.find(name)
    if not set(system.layers) & set(read_release(dataset.folder).layers):
        return None
    answers = runner.run(name, dataset.folder, dataset.split)
    lines = _lines(answers, system)
    entry = Entry(
        form=FORM,
        system={**identity(system), "layers": list(system.layers), "extras": list(system.extras)},
        data=_data(gold, dataset),
        command=_commands(name, dataset),
        signature="",
        clusters=0,
        coverage={},
        grounding={},
        scores={},
        reports=(),
        beside_rules=None,
        failed=sum(line.prediction is None for line in answers.lines),
        speed=answers.speed,
        machine=answers.machine,
        versions=answers.versions,
        predictions=None,
    )
    rules = None
    if name == registry.DEFAULT:
        floor = registry.find(registry.FALLBACK)
        rules = _score(_lines(runner.run(registry.FALLBACK, dataset.folder, dataset.split), floor), gold)
    entry = entry.scored(_score(lines, gold), rules)
    return write_entry(root / dataset.name, file_name(name), entry, lines if dataset.kept else None), answers.fresh


def run_all(
    systems: Sequence[str], datasets: Sequence[Dataset], root: Path, say: Say, runner: Runner | None = None
) -> list[str]:
    """Runs systems on datasets.

    Args:
        systems: Names of registered systems.
        datasets: Where to run them.
        root: The leaderboard's folder.
        say: Receives a sentence for each run.
        runner: Runs them; None runs all anew.

    Returns:
        What could not be run, in sentences.
    """
    failed: list[str] = []
    runner = runner or Runner()
    for dataset in datasets:
        gold = dataset.gold()
        for name in systems:
            try:
                done = run_system(name, dataset, gold, root, runner)
            except (InputError, MissingExtraError) as error:
                failed.append(f"{name} on {dataset.name}: {error}")
                continue
            if done is None:
                continue
            entry, fresh = done
            speed = (entry.speed or {}).get("articles_per_second")
            how = f"{speed} articles a second" if fresh else "unchanged, its answers were kept"
            say(f"{name} on {dataset.name}: {len(entry.scores)} figures; {how}")
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
        beside_rules=None,
        failed=sum("error" in line for line in lines),
        speed=None,
        machine={},
        versions=versions(),
        predictions=None,
    )
    entry = entry.scored(_score(lines, gold))
    return write_entry(root / dataset.name, file_name(stamp["name"]), entry, lines)


def rescore(root: Path, dataset: Dataset, but: Collection[str] = ()) -> Iterator[str]:
    """Scores the kept predictions of a dataset again, after a change of gold or scorer; yields the entries' names.

    Args:
        root: The leaderboard's folder.
        dataset: The OnRecord corpus.
        but: Entries to leave as they are.
    """
    gold = dataset.gold()
    for name, entry in read_entries(root).get(dataset.name, {}).items():
        if name in but:
            continue
        lines, _ = read_lines(root / dataset.name / f"{name}.jsonl.gz")
        write_entry(root / dataset.name, name, scored_again(root / dataset.name, name, entry, dataset, gold), lines)
        yield name


def scored_again(folder: Path, name: str, entry: Entry, dataset: Dataset, gold: Gold) -> Entry:
    """An entry as its kept predictions score against this gold.

    Args:
        folder: Where the predictions are.
        name: Name of the entry's file.
        entry: The entry.
        dataset: What it is about.
        gold: ``dataset.gold()``.

    Raises:
        InputError: The predictions are missing or at fault.
    """
    rules = None
    if entry.beside_rules is not None:
        rules = _score(read_lines(folder / f"{file_name(registry.FALLBACK)}.jsonl.gz")[0], gold)
    lines, _ = read_lines(folder / f"{name}.jsonl.gz")
    return replace(entry, data=_data(gold, dataset)).scored(_score(lines, gold), rules)


def _score(lines: Sequence[Mapping[str, Any]], gold: Gold) -> Result:
    return score(read_predictions(list(lines), gold), gold)


def _lines(answers: Answers, system: System) -> list[dict[str, Any]]:
    """Prediction lines, each with the system that made it."""
    stamp = {"name": system.name, "version": system.version, "settings": dict(system.settings)}
    return [
        {
            "id": line.id,
            **{name: value for name, value in (line.prediction or {}).items() if value is not None},
            "system": stamp,
            **({} if line.error is None else {"error": line.error}),
        }
        for line in answers.lines
    ]


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
