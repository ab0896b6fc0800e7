"""Entries of the leaderboard: their form, reading and writing them."""

from __future__ import annotations

import gzip
import hashlib
import platform
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import orjson

from onrecord.errors import InputError, Problem
from onrecord.scoring.comparison import compare
from onrecord.scoring.result import Result

#: Version of an entry's form.
FORM: Final = 1
#: The figures by which the default system is held against ``rules``.
HEADLINES: Final = (
    "entities/strict:f1", "coreference/conll:f1", "quotes/content-soft:f1", "quotes/full:f1", "dates/strict:f1",
    "dates/value:f1", "stance/macro:f1", "stance/triple:f1", "record/attribution:f1", "record/full:f1",
)  # fmt: skip
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]*")
#: Packages whose versions stand in every entry.
_PACKAGES: Final = ("onrecord", "numpy", "scipy", "scikit-learn", "pyarrow")


@dataclass(frozen=True, slots=True)
class Entry:
    """What one system reached on one dataset.

    Attributes:
        form: Version of this form.
        system: ``name``, ``version``, ``settings`` and, of registered systems, a hash of the ``code``, ``layers`` and
            ``extras``.
        data: ``name``, ``version``, ``edition``, ``hash``, ``split``, ``language`` and the number of ``articles``.
        command: What makes the predictions, a line each.
        signature: Of the scores.
        clusters: Stories or articles that were resampled.
        coverage, grounding, scores, reports: As ``onrecord score --json`` prints them.
        beside_rules: Of the default system, by figure: its difference from ``rules``, paired, with the interval's ends.
        failed: Articles on which the system raised.
        speed: ``articles_per_second`` in one process after loading, and ``load_seconds``; None where not measured.
        machine: What it ran on.
        versions: Of Python and packages.
        predictions: SHA-256 of the unpacked predictions; None where they are not kept.
    """

    form: int
    system: Mapping[str, Any]
    data: Mapping[str, Any]
    command: Sequence[str]
    signature: str
    clusters: int
    coverage: Mapping[str, Mapping[str, int]]
    grounding: Mapping[str, int]
    scores: Mapping[str, Mapping[str, float | None]]
    reports: Sequence[str]
    beside_rules: Mapping[str, Mapping[str, float | None]] | None
    failed: int
    speed: Mapping[str, float] | None
    machine: Mapping[str, Any]
    versions: Mapping[str, str]
    predictions: str | None

    def value(self, name: str) -> float | None:
        """A figure's value; None where it is undefined or was not measured."""
        return self.scores.get(name, {}).get("value")

    def scored(self, result: Result, rules: Result | None = None) -> Entry:
        """The same entry with the figures of another scoring.

        Args:
            result: The scoring.
            rules: That of ``rules``, if this is to be compared with it.
        """
        shown = result.as_dict()
        names = ("signature", "clusters", "coverage", "grounding", "scores", "reports")
        beside = None if rules is None else _differences(result, rules)
        return replace(self, beside_rules=beside, **{name: shown[name] for name in names})


def _differences(result: Result, rules: Result) -> dict[str, dict[str, float | None]]:
    """By headline figure how far a result is ahead of the rules', from the same resamples."""
    found = compare(rules, replace(result, name=f"{result.name}+")).differences
    (differences,) = found.values()
    return {
        figure: {name: getattr(differences[figure], name) for name in ("difference", "low", "high")}
        for figure in HEADLINES
        if figure in differences and differences[figure].difference is not None
    }


def file_name(name: str) -> str:
    """A system's name as the name of a file: lower case, with hyphens.

    Raises:
        InputError: Nothing of the name is left.
    """
    made = re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-.")
    if not _NAME.fullmatch(made):
        raise InputError(Problem("--name", f"{name!r} is no name of a file", remedy="use letters and digits"))
    return made


def write_entry(folder: Path, name: str, entry: Entry, lines: Iterable[Mapping[str, Any]] | None) -> Entry:
    """Writes an entry, and its predictions if there are any.

    Args:
        folder: The dataset's folder.
        name: Name of the file, see :func:`file_name`.
        entry: The entry; its hash of predictions is filled in.
        lines: Prediction lines.
    """
    from onrecord.files import writing

    folder.mkdir(parents=True, exist_ok=True)
    packed = folder / f"{name}.jsonl.gz"
    if lines is None:
        packed.unlink(missing_ok=True)
        entry = replace(entry, predictions=None)
    else:
        raw = b"".join(orjson.dumps(dict(line), option=orjson.OPT_APPEND_NEWLINE) for line in lines)
        entry = replace(entry, predictions=hashlib.sha256(raw).hexdigest())
        with writing(packed) as stream:
            stream.write(gzip.compress(raw, mtime=0))  # without a time, equal lines make equal files
    with writing(folder / f"{name}.json") as stream:
        stream.write(orjson.dumps(asdict(entry), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    return entry


def read_entries(root: Path) -> dict[str, dict[str, Entry]]:
    """All entries by dataset and name of the file.

    Raises:
        InputError: With every entry that has not the right form.
    """
    found: dict[str, dict[str, Entry]] = {}
    problems: list[Problem] = []
    for path in sorted(root.glob("*/*.json")):
        try:
            found.setdefault(path.parent.name, {})[path.stem] = read_entry(path)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def read_entry(path: Path) -> Entry:
    """One entry.

    Raises:
        InputError: The file is no entry.
    """
    where = str(path)
    try:
        value = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise InputError(Problem(where, f"is no JSON: {error}", remedy="make it with scripts/leaderboard.py")) from None
    wanted = {item.name for item in fields(Entry)}
    if not isinstance(value, dict) or set(value) != wanted:
        odd = sorted(set(value) ^ wanted) if isinstance(value, dict) else sorted(wanted)
        raise InputError(
            Problem(where, f"fields missing or unknown: {', '.join(odd)}", remedy="make it with scripts/leaderboard.py")
        )
    if value["form"] != FORM:
        raise InputError(Problem(where, f"has form {value['form']!r}", field="form", remedy=f"this is form {FORM}"))
    for name in ("system", "data"):
        if not isinstance(value[name], dict) or not isinstance(value[name].get("name"), str):
            raise InputError(Problem(where, "has no name", field=name, remedy="make it with scripts/leaderboard.py"))
    return Entry(**value)


def read_lines(path: Path) -> tuple[list[dict[str, Any]], str]:
    """Packed predictions and the SHA-256 of them unpacked.

    Raises:
        InputError: The file is missing or broken.
    """
    try:
        raw = gzip.decompress(path.read_bytes())
        return [orjson.loads(line) for line in raw.splitlines()], hashlib.sha256(raw).hexdigest()
    except FileNotFoundError:
        raise InputError(Problem(str(path), "no such file", remedy="an entry keeps its predictions")) from None
    except (OSError, EOFError, ValueError) as error:
        raise InputError(Problem(str(path), f"cannot be read: {error}", remedy="pack JSON Lines with gzip")) from error


def machine() -> dict[str, Any]:
    """What this runs on, as far as it matters for speed."""
    import os

    return {"cores": os.cpu_count(), "system": platform.system(), "machine": platform.machine(), "processor": _model()}


def versions(extra: Iterable[str] = ()) -> dict[str, str]:
    """Versions of Python and of packages; one that is not installed is left out."""
    found = {"python": platform.python_version()}
    for name in (*_PACKAGES, *extra):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _model() -> str:
    """The processor's name, where the system tells."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    named = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return named[1].strip() if named else platform.processor()
