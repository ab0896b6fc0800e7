#!/usr/bin/env python3
"""Sequences of eight words that articles share though they must not.

    scripts/overlap.py                               # exit 1 if there is any

Between stories none is allowed, save runs that contain "anonymity"; within a story only inside quotations. Articles
that have no gold labels yet are checked by their quotation marks.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from onrecord.cli import guarded
from onrecord.corpus import read_json, read_stories
from onrecord.errors import InputError, Problem
from onrecord.model import AnnotatedArticle, Labels
from onrecord.overlap import LENGTH, shared_runs
from onrecord.report.terminal import printable
from onrecord.wire import labels_from_wire

ROOT = Path(__file__).resolve().parent.parent


def main(argv: list[str] | None = None) -> int:
    """Runs the command; 0 nothing is shared, 1 something is, or the corpus is at fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    parser.add_argument("--annotations", type=Path, default=ROOT / "annotations")
    parser.add_argument("--length", type=int, default=LENGTH, help="words of a sequence (default %(default)s)")
    args = parser.parse_args(argv)
    if args.length < 1:
        parser.error("--length must be at least 1")
    try:
        articles = read_articles(args.corpus, args.annotations)
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    runs = shared_runs(articles, length=args.length)
    for run in runs:
        print(printable(str(run)))
    between = sum(not run.same_story for run in runs)
    print(f"{len(articles)} articles: {between} runs of {args.length} words or more shared between stories, ", end="")
    print(f"{len(runs) - between} within a story outside quotations")
    return int(bool(runs))


def read_articles(corpus: Path, annotations: Path) -> list[AnnotatedArticle]:
    """All articles; with their quotes where gold for this very text is there.

    Raises:
        InputError: A story, an article or a file of labels cannot be read.
    """
    problems: list[Problem] = []
    _, sources = read_stories(corpus / "stories", problems)
    articles: list[AnnotatedArticle] = []
    for source in sources:
        labels = Labels()
        path = annotations / "gold" / f"{source.article.id}.json"
        gold = read_json(path, problems) if path.is_file() else None
        if gold is not None and gold.get("text_sha256") == source.article.text_sha256:
            labels = labels_from_wire(gold)
        articles.append(AnnotatedArticle(source.article, labels, source.split))
    if problems:
        raise InputError(problems)
    return articles


if __name__ == "__main__":
    sys.exit(guarded(main))
