#!/usr/bin/env python3
"""Counts of the corpus as it stands on disk, as Markdown; with ``--write`` into DATASHEET.md.

    scripts/corpus_statistics.py                     # print
    scripts/corpus_statistics.py --write             # put the tables between their marks in DATASHEET.md
    scripts/corpus_statistics.py --check             # exit 1 if DATASHEET.md shows other tables

The size of every layer per split, and what the articles are. How the corpus compares with real news prints
``scripts/profile.py``.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

import marked
from onrecord.cli import guarded
from onrecord.corpus import read_corpus
from onrecord.errors import InputError
from onrecord.model import SPLITS, AnnotatedArticle
from onrecord.realism import words

ROOT = Path(__file__).resolve().parent.parent


def main(argv: list[str] | None = None) -> int:
    """Runs the command; 0 done, 1 the corpus is at fault or the datasheet is out of date."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    parser.add_argument("--annotations", type=Path, default=ROOT / "annotations")
    parser.add_argument("--datasheet", type=Path, default=ROOT / "DATASHEET.md")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args(argv)
    try:
        table = sizes(read_corpus(args.corpus, args.annotations).articles)
        if args.write or args.check:
            tables = {"statistics": table}
            return marked.keep(args.datasheet, tables, write=args.write, script="corpus_statistics.py")
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    print(table, end="")
    return 0


def sizes(articles: Sequence[AnnotatedArticle]) -> str:
    """The size of every layer per split, and what the articles are."""
    columns: dict[str, list[AnnotatedArticle]] = {
        split: [item for item in articles if item.split == split] for split in SPLITS
    }
    columns["all"] = list(articles)
    rows: list[tuple[str, Callable[[Sequence[AnnotatedArticle]], int]]] = [
        ("stories", lambda some: len({item.article.story for item in some})),
        ("articles", len),
        ("words", lambda some: sum(words(item) for item in some)),
        ("mentions", lambda some: sum(len(item.labels.entities or ()) for item in some)),
        ("… names", lambda some: sum(m.kind == "name" for item in some for m in item.labels.entities or ())),
        ("chains", lambda some: sum(len(item.labels.chains or ()) for item in some)),
        ("quotes", lambda some: sum(len(item.labels.quotes or ()) for item in some)),
        (
            "… with a speaker",
            lambda some: sum(q.speaker is not None for item in some for q in item.labels.quotes or ()),
        ),
        ("… with a day", lambda some: sum(q.said_on is not None for item in some for q in item.labels.quotes or ())),
        ("dates", lambda some: sum(len(item.labels.dates or ()) for item in some)),
        ("claims", lambda some: len({(i.article.story, c.id) for i in some for c in i.article.claims})),
        ("stance rows", lambda some: sum(len(item.labels.stances or ()) for item in some)),
    ]
    lines = [f"| | {' | '.join(columns)} |", f"|---|{'---:|' * len(columns)}"]
    lines += [f"| {name} | {' | '.join(f'{count(some):,}' for some in columns.values())} |" for name, count in rows]
    lengths = sorted(words(item) for item in articles)
    low, median, high = (int(np.quantile(lengths, share)) for share in (0.1, 0.5, 0.9))
    lines += ["", f"Words an article: median {median}, tenth percentile {low}, ninetieth {high}.", ""]
    for name in ("desk", "variety"):
        counted = Counter(str(getattr(item.article, name)) for item in articles)
        lines.append(
            f"{name.capitalize()}: " + ", ".join(f"{key} {number}" for key, number in sorted(counted.items())) + "."
        )
    phenomena = Counter(tag for item in articles for tag in item.article.phenomena)
    lines.append("Phenomena: " + ", ".join(f"{key} {number}" for key, number in sorted(phenomena.items())) + ".")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(guarded(main))
