#!/usr/bin/env python3
"""The corpus beside real news and beside itself, as Markdown.

    scripts/profile.py                               # against ../shared/data/profile.json, if it is there, and itself
    scripts/profile.py --real FILE                   # against another profile of real news
    scripts/profile.py --strict                      # exit 1 if a rate that has a tolerance is outside it
    scripts/profile.py --write                       # put the rates between their marks in DATASHEET.md
    scripts/profile.py --check                       # exit 1 if DATASHEET.md shows other rates
    scripts/profile.py --texts                       # articles alone, before they are annotated: lengths and repetition

Rates: quotes and dates per 1,000 words, kinds of quotes and of sources, percentiles of length, each with what it is in
real news, how far off it is, and whether that is within 25 % (discontinuous content: 50 %). Repetition: distinct
n-grams, how articles and sentences open, the fifty most frequent trigrams.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from pathlib import Path

if __name__ == "profile":
    # A script beside this one has imported cProfile, which imports the standard library's module of this name and finds
    # this file first. It gets the one it wants.
    _spec = importlib.util.spec_from_file_location("profile", Path(sysconfig.get_path("stdlib")) / "profile.py")
    assert _spec is not None and _spec.loader is not None
    sys.modules["profile"] = importlib.util.module_from_spec(_spec)
    _spec.loader.exec_module(sys.modules["profile"])
else:
    import marked
    from onrecord import realism
    from onrecord.cli import guarded
    from onrecord.corpus import read_corpus, read_stories
    from onrecord.errors import InputError, Problem
    from onrecord.model import AnnotatedArticle

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT.parent / "shared" / "data" / "profile.json"


def main(argv: list[str] | None = None) -> int:
    """Runs the command; 0 done, 1 the input is at fault, or what is checked is not so."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    parser.add_argument("--annotations", type=Path, default=ROOT / "annotations")
    parser.add_argument("--datasheet", type=Path, default=ROOT / "DATASHEET.md")
    parser.add_argument("--real", type=Path, help="profile.json of real news")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--texts", action="store_true", help="count the texts alone, gold or not")
    group.add_argument("--strict", action="store_true", help="fail if a rate is outside its tolerance")
    group.add_argument("--write", action="store_true")
    group.add_argument("--check", action="store_true")
    args = parser.parse_args(argv)
    try:
        return run(args)
    except InputError as error:
        print(error, file=sys.stderr)
        return 1


def run(args: argparse.Namespace) -> int:
    if args.texts:
        print(repetition(read_texts(args.corpus)), end="")
        return 0
    articles = read_corpus(args.corpus, args.annotations).articles
    path = args.real or (REAL if REAL.is_file() else None)
    if path is None:
        if args.strict or args.write or args.check:
            raise InputError(Problem(str(REAL), "no such file", remedy="name a profile.json with --real"))
        print(repetition(articles), end="")
        return 0
    rates = realism.rates(articles, read_real(path), str(path))
    if args.write or args.check:
        return marked.keep(args.datasheet, {"profile": rate_table(rates)}, write=args.write, script="profile.py")
    print(rate_table(rates), repetition(articles), sep="\n", end="")
    far = [rate.name for rate in rates if rate.near is False]
    if far and args.strict:
        print(f"outside tolerance: {', '.join(far)}", file=sys.stderr)
    return int(bool(far) and args.strict)


def read_texts(corpus: Path) -> list[AnnotatedArticle]:
    """The articles of a corpus without labels, so that texts can be measured before they are annotated."""
    problems: list[Problem] = []
    _, sources = read_stories(corpus / "stories", problems)
    if problems:
        raise InputError(problems)
    return [AnnotatedArticle(source.article, split=source.split) for source in sources]


def read_real(path: Path) -> dict[str, object]:
    """What ``profile.json`` holds."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(Problem(str(path), f"cannot be read: {error}", remedy="give profile.json")) from None
    if not isinstance(value, dict):
        raise InputError(Problem(str(path), "holds no object", remedy="give profile.json"))
    return value


def rate_table(rates: Iterable[realism.Rate]) -> str:
    """Each rate beside real news."""
    lines = ["| rate | corpus | real news | difference | within |", "|---|---:|---:|---:|---|"]
    for rate in rates:
        ours = "–" if rate.ours is None else f"{rate.ours:.3g}" if rate.ours < 100 else f"{rate.ours:,.0f}"
        real = f"{rate.real:.3g}" if rate.real < 100 else f"{rate.real:,.0f}"
        difference = "–" if rate.difference is None else f"{rate.difference:+.0%}".replace("%", " %")
        verdict = "reported" if rate.tolerance is None else f"{rate.tolerance:.0%}".replace("%", " %")
        verdict += "" if rate.near is None else ": yes" if rate.near else ": **no**"
        lines.append(f"| {rate.name} | {ours} | {real} | {difference} | {verdict} |")
    return "\n".join(lines) + "\n"


def repetition(articles: Sequence[AnnotatedArticle]) -> str:
    """Distinct n-grams, openings and trigrams."""
    texts = [item.article.text for item in articles]
    lengths = sorted(map(realism.words, articles))
    lines = [f"{len(texts)} articles, {sum(lengths):,} words; {lengths[0]} to {lengths[-1]} an article.", ""]
    lines += ["| n | different n-grams | all | share |", "|---:|---:|---:|---:|"]
    for n in range(1, 6):
        some, every = realism.distinct(texts, n)
        lines.append(f"| {n} | {some:,} | {every:,} | {some / every if every else 0:.3f} |")
    pieces = [sentence for item in articles for sentence in realism.sentences(realism.body(item))]
    first = [next(iter(realism.sentences(realism.body(item))), "") for item in articles]
    last = [next(reversed(realism.sentences(realism.body(item))), "") for item in articles]
    for title, some_pieces in (("Sentences", pieces), ("Articles", first), ("Last sentences", last)):
        for n in (1, 3):
            number, most = realism.openings(some_pieces, n, 20 if title == "Sentences" else 10)
            shown = ", ".join(f"“{opening}” {count}" for opening, count in most)
            beginning = f"{title} begin with {number:,} different {'words' if n == 1 else 'runs of three words'}"
            lines += ["", f"{beginning} ({len(some_pieces):,} in all): {shown}."]
    shown = ", ".join(f"“{gram}” {count}" for gram, count in realism.trigrams(texts))
    lines += ["", f"The fifty most frequent trigrams: {shown}."]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(guarded(main))
