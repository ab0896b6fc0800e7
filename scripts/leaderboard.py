#!/usr/bin/env python3
"""Runs the systems for the leaderboard, takes submissions, and makes and checks ``benchmark/LEADERBOARD.md``.

scripts/leaderboard.py                            every registered system on the OnRecord test split, then the page
scripts/leaderboard.py --sources ../shared/data   also on the samples of real corpora there (figures only)
scripts/leaderboard.py --kept build/answers …     only those that changed since their answers were kept there
scripts/leaderboard.py --add FILE --command C     an entry from a file of predictions, then the page
scripts/leaderboard.py --rescore                  kept predictions scored again, after a change of gold or scorer
scripts/leaderboard.py --page | --check           only the page | only compare
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from onrecord import sources
from onrecord.assembly import assemble
from onrecord.cli import guarded
from onrecord.errors import InputError
from onrecord.files import writing
from onrecord.leaderboard.cards import read_cards
from onrecord.leaderboard.checks import check
from onrecord.leaderboard.entries import file_name, read_entries
from onrecord.leaderboard.page import page
from onrecord.leaderboard.runner import Runner
from onrecord.leaderboard.runs import Dataset, add_predictions, rescore, run_all
from onrecord.release import read_release
from onrecord.systems import registry

CHECKOUT = Path(__file__).resolve().parent.parent
ROOT = CHECKOUT / "benchmark" / "results" / "leaderboard"
PAGE = CHECKOUT / "benchmark" / "LEADERBOARD.md"
#: Real corpora with an importer, by the name of their folder.
SAMPLES = {
    "polnear": "polnear",
    "gum": "gum-news",
    "tempeval3": "tempeval3",
    "fnc1": "fnc-1",
    "uhh-quotes": "uhh-german-quotes",
    "krauts": "krauts",
}


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--add", type=Path, metavar="FILE", help="predictions for the OnRecord test split")
    what.add_argument("--rescore", action="store_true")
    what.add_argument("--page", action="store_true")
    what.add_argument("--check", action="store_true")
    parser.add_argument("--command", action="append", default=[], help="with --add: how the predictions are made")
    parser.add_argument("--systems", nargs="+", metavar="NAME", help="only these (default: every registered one)")
    parser.add_argument("--sources", type=Path, metavar="DIR", help="folder of the real corpora")
    parser.add_argument("--only", nargs="+", metavar="SOURCE", help=f"with --sources: of {', '.join(SAMPLES)}")
    parser.add_argument("--kept", type=Path, metavar="DIR", help="where answers are kept, so that only changes run")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    parser.add_argument("--target", type=Path, default=PAGE, help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    try:
        with tempfile.TemporaryDirectory() as work:
            return _run(args, Path(work))
    except InputError as error:
        print(error, file=sys.stderr)
        return 1


def _run(args: argparse.Namespace, work: Path) -> int:
    failed: list[str] = []
    if not args.page:
        own = corpus(work)
        if args.check:
            problems = check(args.root, args.target, own)
            for problem in problems:
                print(problem, file=sys.stderr)
            return int(bool(problems))
        if args.add:
            failed = _add(args, own)
        elif args.rescore:
            for name in rescore(args.root, own):
                print(f"{name}: scored again")
        else:
            datasets = [] if args.only else [own]
            if args.sources:
                datasets += [sample(name, args.sources, work) for name in args.only or SAMPLES]
            systems = args.systems or registry.names()
            failed = run_all(systems, datasets, args.root, print, Runner(args.kept))
            if not args.only:  # what others submitted is not run here
                for name in rescore(args.root, own, frozenset(map(file_name, systems))):
                    print(f"{name}: scored again")
    with writing(args.target) as stream:
        stream.write(page(read_entries(args.root), read_cards(args.root)).encode())
    for sentence in failed:
        print(sentence, file=sys.stderr)
    return int(bool(failed))


def corpus(work: Path) -> Dataset:
    """The OnRecord test split, from this checkout; articles with problems are left out, as in an editable install."""
    assemble(CHECKOUT / "corpus", CHECKOUT / "annotations", work / "onrecord", lenient=True)
    return Dataset(work / "onrecord", "test", kept=True)


def sample(name: str, folder: Path, work: Path) -> Dataset:
    """The largest split of a sample of a real corpus."""
    path = ROOT / "maps" / f"{name}.toml"
    options = sources.Options(mapping=sources.read_mapping(path)) if path.is_file() else None
    sources.assemble(name, folder / SAMPLES[name], work / name, options)
    splits = read_release(work / name).splits
    return Dataset(
        work / name,
        max(splits, key=lambda split: splits[split]),
        kept=False,
        source=name,
        mapping=path.relative_to(CHECKOUT).as_posix() if options else None,
    )


def _add(args: argparse.Namespace, own: Dataset) -> list[str]:
    import orjson

    lines = [orjson.loads(line) for line in args.add.read_bytes().splitlines() if line.strip()]
    if not args.command:
        return ["--add needs --command: say how the predictions are made"]
    entry = add_predictions(lines, args.command, own, args.root)
    print(f"{entry.system['name']}: {len(entry.scores)} figures")
    return []


if __name__ == "__main__":
    sys.exit(guarded(main))
