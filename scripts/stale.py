#!/usr/bin/env python3
"""Says of things that are made whether they are those of today's corpus, labels, models and code; makes nothing.

    scripts/stale.py release | gazetteer | leaderboard | validity

Part of scripts/refresh.py --check. No system runs: entries and figures name the data, the models and the code that they
come from, and these are compared.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import leaderboard
import validity
from onrecord.assembly import assemble
from onrecord.cli import guarded
from onrecord.errors import InputError, MissingExtraError
from onrecord.leaderboard.entries import read_entries
from onrecord.leaderboard.runner import identity
from onrecord.release import read_release, read_rows
from onrecord.systems import gazetteer, registry

ROOT = Path(__file__).resolve().parent.parent
RELEASE = ROOT / "benchmark" / "onrecord" / "_release"
GAZETTEER = ROOT / "benchmark" / "onrecord" / "data" / "gazetteer.json"


def main(argv: list[str] | None = None) -> int:
    """Prints what is out of date on standard error; 1 if anything is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=sorted(CHECKS))
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "onrecord"
        try:
            assemble(ROOT / "corpus", ROOT / "annotations", folder)
            reasons = list(CHECKS[args.what](folder))
        except InputError as error:
            reasons = [str(error)]
    for reason in reasons:
        print(f"{args.what}: {reason}", file=sys.stderr)
    return int(bool(reasons))


def stale_release(folder: Path) -> Iterator[str]:
    """Whether the packaged release is this one."""
    try:
        kept = read_release(RELEASE).data_hash
    except InputError as error:
        yield str(error)
        return
    if kept != (now := read_release(folder).data_hash):
        yield f"holds data {kept[:12]}, the corpus is {now[:12]}"


def stale_gazetteer(folder: Path) -> Iterator[str]:
    """Whether the names are those of the train split."""
    made = json.loads(GAZETTEER.read_text(encoding="utf-8"))
    if made["names"] != gazetteer.build(read_rows(folder, "entities", "train").to_pylist()):
        yield "holds other names than the train split"


def stale_leaderboard(folder: Path) -> Iterator[str]:
    """Whether every registered system's entries come from today's data and systems."""
    today = systems()
    hashed = read_release(folder).data_hash[:12]
    for dataset, some in read_entries(leaderboard.ROOT).items():
        for name, entry in some.items():
            kept = entry.predictions is not None
            if kept and entry.data["hash"] != hashed:
                yield f"{dataset}/{name}: is about data {entry.data['hash']}, the corpus is {hashed}"
            elif entry.system["name"] in today and differs(entry.system, today[entry.system["name"]]):
                yield f"{dataset}/{name}: comes from another version, model or code of the system"


def stale_validity(folder: Path) -> Iterator[str]:
    """Whether the comparison with real news was made with today's data and systems, and stands in the datasheet."""
    kept = json.loads(validity.RESULTS.read_text(encoding="utf-8"))
    hashed = read_release(folder).data_hash[:12]
    if kept["data"]["onrecord"]["hash"] != hashed:
        yield f"is about data {kept['data']['onrecord']['hash']}, the corpus is {hashed}"
    for name, system in systems().items():
        if name not in kept["systems"] or differs(kept["systems"][name], system):
            yield f"{name}: another version, model or code of the system"
    if validity.main(["--check"]):
        yield "the datasheet shows other figures"


def systems() -> dict[str, Mapping[str, Any]]:
    """What each system that can run here is, by name."""
    found: dict[str, Mapping[str, Any]] = {}
    for name in registry.names():
        try:
            found[name] = identity(registry.find(name))
        except (InputError, MissingExtraError):
            continue
    return found


def differs(kept: Mapping[str, Any], today: Mapping[str, Any]) -> bool:
    """Whether a system is no longer the one that was run."""
    return any(kept.get(key) != today[key] for key in ("version", "settings", "code"))


CHECKS: Mapping[str, Callable[[Path], Iterator[str]]] = {
    "release": stale_release,
    "gazetteer": stale_gazetteer,
    "leaderboard": stale_leaderboard,
    "validity": stale_validity,
}


if __name__ == "__main__":
    sys.exit(guarded(main))
