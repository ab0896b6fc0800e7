#!/usr/bin/env python3
"""What an annotator gets of an article, and nothing else: numbered paragraphs, day of publication, claims.

    scripts/packets.py FOLDER STORY [STORY…]     # writes FOLDER/STORY/claims.json and FOLDER/STORY/OUTLET.txt

No header but the day of publication, no timeline, no statements, no labels: a pass made from these is blind to what
the author planned. With them belong annotations/GUIDELINES.md and corpus/world/entities.jsonl.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from onrecord.cli import guarded
from onrecord.corpus import read_stories
from onrecord.errors import InputError, Problem
from onrecord.files import writing
from onrecord.placement import paragraphs

ROOT = Path(__file__).resolve().parent.parent


def main(argv: list[str] | None = None) -> int:
    """Writes the packets; 0 done, 1 the input is at fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("stories", nargs="+")
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    args = parser.parse_args(argv)
    try:
        make(args.folder, args.stories, args.corpus)
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def make(folder: Path, names: list[str], corpus: Path) -> None:
    """One folder a story."""
    problems: list[Problem] = []
    stories, sources = read_stories(corpus / "stories", problems)
    problems += [
        Problem(str(corpus / "stories"), f"no story {name!r}", remedy="name a folder of it")
        for name in names
        if name not in stories
    ]
    if problems:
        raise InputError(problems)
    for name in names:
        target = folder / name
        target.mkdir(parents=True, exist_ok=True)
        claims = [{"id": claim.id, "text": claim.text} for claim in stories[name].claims]
        with writing(target / "claims.json") as stream:
            stream.write(json.dumps(claims, ensure_ascii=False, indent=1).encode())
        for source in sources:
            if source.article.story == name:
                whole = source.article.text
                parts = [whole[start:end] for start, end in paragraphs(whole)]
                text = "".join(f"[{at}] {part}\n\n" for at, part in enumerate(parts, 1))
                with writing(target / f"{source.article.outlet}.txt") as stream:
                    stream.write(f"PUBLISHED: {source.article.published}\n\n{text}".encode())


if __name__ == "__main__":
    sys.exit(guarded(main))
