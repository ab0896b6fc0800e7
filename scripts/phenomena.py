#!/usr/bin/env python3
"""The phenomena that articles' headers name: how often, and where header and labels disagree.

    scripts/phenomena.py                             # counts by split and disagreements
    scripts/phenomena.py --least 8                   # exit 1 if a tag of the vocabulary stands in fewer articles

The vocabulary, with one sentence a tag, is corpus/phenomena.json; a tag that it does not have is an error. Of the tags
that follow from text and gold labels, every disagreement is listed: it is for a reader to decide who is right.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from onrecord.cli import guarded
from onrecord.corpus import read_corpus
from onrecord.errors import InputError, Problem
from onrecord.model import SPLITS
from onrecord.phenomena import RULES, disagreements, read_phenomena, unknown

ROOT = Path(__file__).resolve().parent.parent


def main(argv: list[str] | None = None) -> int:
    """Runs the command; 0 done, 1 the input is at fault or a tag is too rare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    parser.add_argument("--annotations", type=Path, default=ROOT / "annotations")
    parser.add_argument("--vocabulary", type=Path, help="default: phenomena.json in the corpus")
    parser.add_argument("--least", type=int, default=0, help="articles that every tag must stand in")
    args = parser.parse_args(argv)
    try:
        return run(args)
    except InputError as error:
        print(error, file=sys.stderr)
        return 1


def run(args: argparse.Namespace) -> int:
    path = args.vocabulary or args.corpus / "phenomena.json"
    vocabulary = read_phenomena(path)
    corpus = read_corpus(args.corpus, args.annotations)
    strange = unknown(corpus.articles, vocabulary)
    if strange:
        remedy = f"use a tag of {path}, or define it there"
        raise InputError([Problem(article, f"unknown phenomenon {tag!r}", remedy=remedy) for article, tag in strange])
    found = disagreements(corpus.articles, corpus.world)
    counted = {
        split: Counter(tag for item in corpus.articles if item.split == split for tag in item.article.phenomena)
        for split in SPLITS
    }
    total = sum(counted.values(), Counter[str]())
    print(f"| phenomenon | {' | '.join(SPLITS)} | all | follows from labels | header only | labels only |")
    print(f"|---|{'---:|' * (len(SPLITS) + 1)}---|---:|---:|")
    for tag in vocabulary:
        sides = [sum(one.tag == tag and one.tagged is tagged for one in found) for tagged in (True, False)]
        shown = [*(str(counted[split][tag]) for split in SPLITS), str(total[tag])]
        shown += ["yes", *map(str, sides)] if tag in RULES else ["no", "–", "–"]
        print(f"| {tag} | {' | '.join(shown)} |")
    print(f"\n{len(found)} disagreements:")
    for one in found:
        print(f"- {one}")
    rare = [f"{tag} {total[tag]}" for tag in vocabulary if total[tag] < args.least]
    if rare:
        print(f"in fewer than {args.least} articles: {', '.join(rare)}", file=sys.stderr)
    return int(bool(rare))


if __name__ == "__main__":
    sys.exit(guarded(main))
