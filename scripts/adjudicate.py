"""Merges two passes, prints their disputes, and writes gold from the recorded decisions.

python scripts/adjudicate.py disputes a1 b1 [ARTICLE…]   # print what differs, for the adjudicator
python scripts/adjudicate.py draft a1 b1 [ARTICLE…]      # decisions applied, as a file to mend
python scripts/adjudicate.py gold a1 b1 [ARTICLE…]       # read annotations/adjudication/, write annotations/gold/

Decisions stand in annotations/adjudication/<story>__<outlet>.txt. What they give is written by `draft` beside them, as
<story>__<outlet>.ann.txt in the form of a pass, and mended there where the third reading found more: a `# why` line
above each new or changed line, `# removed: <the line> | why` for one that is gone. Gold is compiled from it; without
one, from the decisions alone.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from onrecord import adjudication, derived, mending, passes
from onrecord.cli import guarded
from onrecord.corpus import Entry, Source, labels_json, read_stories, read_world
from onrecord.errors import InputError, Problem
from onrecord.files import writing
from onrecord.model import Article, Labels
from onrecord.passwriter import Writer
from onrecord.wire import labels_to_wire

ROOT = Path(__file__).resolve().parent.parent
#: Ending of a draft of gold, which is a pass file.
ENDING = ".ann.txt"


def main(argv: list[str] | None = None) -> int:
    """Runs the command; 0 done, 1 the input is at fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("disputes", "draft", "gold"))
    parser.add_argument("first", help="folder under annotations/passes/")
    parser.add_argument("second", help="folder under annotations/passes/")
    parser.add_argument("articles", nargs="*", help="article ids; all where none is named")
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    parser.add_argument("--annotations", type=Path, default=ROOT / "annotations")
    args = parser.parse_args(argv)
    try:
        run(args)
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def run(args: argparse.Namespace) -> None:
    """Prints disputes, or writes gold."""
    world, sources = read_world_and_articles(args.corpus)
    problems: list[Problem] = []
    for source in sources:
        article = source.article
        if args.articles and article.id not in args.articles:
            continue
        name = article.id.replace("/", "__")
        sides = []
        for folder in (args.first, args.second):
            path = args.annotations / "passes" / folder / f"{name}.ann.txt"
            if not path.is_file():
                break
            compiled = passes.compile_pass(path.read_text(encoding="utf-8"), article, str(path), world)
            # What could not be placed in a pass is not in it; the pass itself stays as it was made.
            for problem in compiled.problems:
                print(f"# left out of {folder}: {problem}", file=sys.stderr)
            sides.append(compiled.labels)
        if len(sides) != 2:
            print(f"# {article.id}: not in both passes", file=sys.stderr)
            continue
        merged = adjudication.merge(*sides)
        if args.what == "disputes":
            print_disputes(article, merged)
            continue
        where = args.annotations / "adjudication" / f"{name}.txt"
        mended = where.with_suffix(ENDING)
        try:
            decisions = adjudication.read_decisions(where.read_text(encoding="utf-8"), str(where))
            labels = derived.complete(adjudication.apply(merged, decisions, str(where)), article.text, world)
            drafted = Writer(article).text(labels)
            if args.what == "draft":
                if mended.exists():
                    raise InputError(Problem(str(mended), "is there already", remedy="mend it, or remove it first"))
                write(mended, drafted)
                continue
            if mended.exists():
                labels = read_mended(mended, drafted, article, world)
        except FileNotFoundError:
            problems.append(Problem(str(where), "no decisions", remedy="write them from the disputes"))
            continue
        except InputError as error:
            problems.extend(error.problems)
            continue
        target = args.annotations / "gold" / article.story / f"{article.outlet}.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        write(target, labels_json(article, labels_to_wire(labels)))
    if problems:
        raise InputError(problems)


def read_mended(path: Path, drafted: str, article: Article, world: dict[str, Entry]) -> Labels:
    """Labels of a mended draft; refuses lines that cannot be placed and mends without a reason."""
    text = path.read_text(encoding="utf-8")
    compiled = passes.compile_pass(text, article, str(path), world)
    problems = list(compiled.problems)
    problems += [Problem(str(path), fault) for fault in mending.unexplained(drafted, text)]
    if problems:
        raise InputError(problems)
    return derived.complete(adjudication.tidy(compiled.labels), article.text, world)


def write(path: Path, text: str) -> None:
    """Writes a file whole or not at all."""
    with writing(path) as stream:
        stream.write(text.encode())


def print_disputes(article: Article, merged: adjudication.Merge) -> None:
    """Everything an adjudicator needs to decide: agreed counts, chains for reference, disputes with context."""
    counts = {layer: len(getattr(merged.agreed, layer)) for layer in ("entities", "quotes", "dates", "stances")}
    print(f"## {article.id}: agreed {counts}, {len(merged.disputes)} disputes")
    for chain in merged.agreed.chains or ():
        print(f"   {chain.id} = {chain.name} ({chain.type})")
    for quote in merged.agreed.quotes or ():
        print(f"   {quote.id} = {quote.speaker_name}: {' || '.join((s.text or '')[:60] for s in quote.content)}")
    for dispute in merged.disputes:
        print(adjudication.describe(dispute, article.text))


def read_world_and_articles(corpus: Path) -> tuple[dict[str, Entry], list[Source]]:
    """The knowledge base and the articles; refuses what cannot be read."""
    problems: list[Problem] = []
    world = read_world(corpus / "world" / "entities.jsonl", problems)
    _, sources = read_stories(corpus / "stories", problems)
    if problems:
        raise InputError(problems)
    return world, sources


if __name__ == "__main__":
    sys.exit(guarded(main))
