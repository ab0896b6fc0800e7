#!/usr/bin/env python3
"""Compiles pass files (``<story>__<outlet>.ann.txt``) into labels with offsets.

    scripts/compile_pass.py annotations/passes/a                 # check only: says what cannot be placed
    scripts/compile_pass.py annotations/passes/a -o annotations/gold

Exits with 1 if a line cannot be read or placed; such a file is not written unless ``--lenient`` says so. What the
integrity check would refuse in gold is shown as well.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

try:
    import onrecord  # noqa: F401
except ModuleNotFoundError:  # not installed: run from the checkout
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmark"))

from onrecord.checks import Fault, house_rules, structure
from onrecord.cli import guarded
from onrecord.corpus import Entry, labels_json, read_article, read_story, read_text, read_world
from onrecord.errors import Problem
from onrecord.model import ENTITY_TYPES
from onrecord.passes import Compiled, compile_pass
from onrecord.wire import labels_to_wire

ENDING = ".ann.txt"


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("passes", nargs="+", type=Path, help="pass files, or folders of them")
    parser.add_argument("-o", "--output", type=Path, help="folder to write <story>/<outlet>.json into")
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), help="folder with stories/ and world/")
    parser.add_argument("--world", type=Path, nargs="*", help="knowledge-base files (default: the corpus's)")
    parser.add_argument("--lenient", action="store_true", help="write what could be placed, whatever else is wrong")
    parser.add_argument("--quiet", action="store_true", help="leave out notes and rules")
    args = parser.parse_args(argv)

    problems: list[Problem] = []
    world = read_world(_world_files(args.corpus, args.world), problems)
    files = list(_pass_files(args.passes, problems))
    for path in files:
        compiled = _compile(path, args.corpus, world or None, problems)
        if compiled is None:
            continue
        problems.extend(compiled.problems)
        labels = compiled.labels
        counts = ", ".join(
            f"{len(getattr(labels, layer) or ())} {layer}"
            for layer in ("chains", "entities", "quotes", "dates", "stances")
        )
        state = f"{len(compiled.problems)} problems" if compiled.problems else "ok"
        print(f"{path}: {counts}; {state}")
        if not args.quiet:
            for note in compiled.notes:
                print(f"  note: {note}")
            for fault in _faults(compiled, world or None):
                print(f"  rule: {fault.path}: {fault.message} -> {fault.remedy}")
        if args.output is not None and (args.lenient or not compiled.problems):
            _write(path, args.output, compiled)
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(files)} pass files, {len(problems)} problems")
    return 1 if problems else 0


def _compile(path: Path, corpus: Path, world: dict[str, Entry] | None, problems: list[Problem]) -> Compiled | None:
    story_id, _, outlet = path.name.removesuffix(ENDING).partition("__")
    folder = corpus / "stories" / story_id
    story = read_story(folder / "story.json", problems)
    source = None if story is None else read_article(folder / f"{outlet}.txt", story, problems)
    content = read_text(path, problems)
    if source is None or not content:
        return None
    return compile_pass(content, source.article, str(path), world)


def _faults(compiled: Compiled, world: dict[str, Entry] | None) -> list[Fault]:
    """What the integrity check would refuse in gold; a pass may keep it."""
    faults = list(structure(compiled.article, compiled.labels, ENTITY_TYPES))
    return faults or list(house_rules(compiled.article, compiled.labels, world))


def _write(path: Path, output: Path, compiled: Compiled) -> None:
    story_id, _, outlet = path.name.removesuffix(ENDING).partition("__")
    target = output / story_id / f"{outlet}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f"{target.name}.tmp")
    half.write_text(labels_json(compiled.article, labels_to_wire(compiled.labels)), encoding="utf-8")
    half.replace(target)


def _world_files(corpus: Path, given: list[Path] | None) -> list[Path]:
    default = corpus / "world" / "entities.jsonl"
    if given is not None:
        return given
    return [default] if default.is_file() else []


def _pass_files(paths: list[Path], problems: list[Problem]) -> Iterable[Path]:
    for path in paths:
        found = sorted(path.glob(f"*{ENDING}")) if path.is_dir() else [path]
        if not found:
            problems.append(Problem(str(path), f"no pass file *{ENDING} in it", remedy="give another folder"))
        for file in found:
            if not file.name.endswith(ENDING) or "__" not in file.name:
                problems.append(
                    Problem(str(file), "is not named as a pass file", remedy=f"name it <story>__<outlet>{ENDING}")
                )
            else:
                yield file


if __name__ == "__main__":
    sys.exit(guarded(main))
