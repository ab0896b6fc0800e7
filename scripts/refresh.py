#!/usr/bin/env python3
"""Makes everything again that hangs on the corpus or its labels, in the right order, and runs only what changed.

    scripts/refresh.py                          # after a change of corpus or gold; `make refresh` does the same
    scripts/refresh.py --check                  # changes nothing; says what is out of date, exit 1 if anything is
    scripts/refresh.py --sources DIR            # the user's copies of real corpora (default: ../shared/data)
    scripts/refresh.py --only models readme …   # some steps

Without copies of the real corpora the leaderboard's figures on them and the comparison with real news stay as they are.
Answers of systems are kept in build/answers; a system runs again where its code, its model, its packages or the
articles changed. A step that fails ends the run: the corpus must be free of problems (`onrecord assemble` lists them).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from onrecord.cli import guarded

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "scripts"
RELEASE = ROOT / "benchmark" / "onrecord" / "_release"
SOURCES = ROOT.parent / "shared" / "data"
KEPT = ROOT / "build" / "answers"


@dataclass(frozen=True)
class Step:
    """One thing that is made.

    Attributes:
        name: What it is called.
        what: What it makes.
        write: The script that makes it, with arguments.
        check: The script that says whether it is up to date.
    """

    name: str
    what: str
    write: Sequence[str]
    check: Sequence[str]


def steps(sources: Path | None) -> list[Step]:
    """All steps in order: each stands on those before it.

    Args:
        sources: Folder of real corpora, if there is one.
    """
    release, kept = str(RELEASE), str(KEPT)
    found = [
        Step(
            "release", "the released folder of this checkout", ("assemble.py", "-o", release), ("stale.py", "release")
        ),
        Step("gazetteer", "names of the train split", ("gazetteer.py", release), ("stale.py", "gazetteer")),
        Step("models", "what travels in the package", ("train_models.py",), ("train_models.py", "--check")),
        Step("statistics", "sizes, in the datasheet", *_both("corpus_statistics.py")),
        Step("reliability", "passes and third readings, in the datasheet", *_both("reliability.py")),
        Step("readme", "the demo's table", *_both("readme.py")),
    ]
    board: tuple[str, ...] = ("leaderboard.py", "--kept", kept)
    if sources is not None:
        profile = sources / "profile.json"
        if profile.is_file():
            real = ("--real", str(profile))
            found.append(Step("profile", "the corpus beside real news, in the datasheet", *_both("profile.py", *real)))
        board += ("--sources", str(sources))
    found += [Step("leaderboard", "entries and page", board, ("stale.py", "leaderboard"))]
    if sources is not None:
        again = ("validity.py", "--data", str(sources), "--kept", kept, "--write")
        found.append(Step("validity", "the ranks on real news, in the datasheet", again, ("stale.py", "validity")))
    return found


def _both(*command: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (*command, "--write"), (*command, "--check")


def main(argv: list[str] | None = None) -> int:
    """Runs the steps; 0 done (or nothing is out of date), 1 one failed (or something is)."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only say what is out of date")
    parser.add_argument("--sources", type=Path, metavar="DIR", help="copies of real corpora (default: ../shared/data)")
    parser.add_argument("--only", nargs="+", metavar="STEP", help="only these steps")
    args = parser.parse_args(argv)
    sources = args.sources or (SOURCES if SOURCES.is_dir() else None)
    if args.sources and not args.sources.is_dir():
        parser.error(f"--sources: {args.sources} is no folder")
    chosen = steps(sources)
    if unknown := set(args.only or ()) - {step.name for step in chosen}:
        parser.error(f"--only: {', '.join(sorted(unknown))}: choose from {', '.join(step.name for step in chosen)}")
    chosen = [step for step in chosen if args.only is None or step.name in args.only]
    if sources is None:
        print("note: no copies of real corpora; the figures on them stay as they are", file=sys.stderr)
    return _check(chosen) if args.check else _write(chosen)


def _write(chosen: Sequence[Step]) -> int:
    began = time.monotonic()
    for number, step in enumerate(chosen, start=1):
        started = time.monotonic()
        print(f"[{number}/{len(chosen)}] {step.name}: {step.what}", flush=True)
        if _run(step.write).wait():
            print(f"{step.name} failed; mend it and run this again: what is done is not done again", file=sys.stderr)
            return 1
        print(f"[{number}/{len(chosen)}] {step.name}: {time.monotonic() - started:.0f} s", flush=True)
    print(f"all made in {time.monotonic() - began:.0f} s; look at `git diff`, then commit")
    return 0


def _check(chosen: Sequence[Step]) -> int:
    old = [step.name for step in _stale(chosen)]
    print(f"out of date: {', '.join(old)}; run scripts/refresh.py" if old else "all up to date")
    return int(bool(old))


def _stale(chosen: Sequence[Step]) -> Iterator[Step]:
    for step in chosen:
        if _run(step.check).wait():
            yield step


def _run(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """A script of this checkout, with this checkout's package whatever is installed."""
    paths = [str(ROOT / "benchmark"), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    return subprocess.Popen([sys.executable, str(SCRIPTS / command[0]), *command[1:]], cwd=ROOT, env=environment)


if __name__ == "__main__":
    sys.exit(guarded(main))
