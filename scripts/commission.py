#!/usr/bin/env python3
"""The commissioning sheet: what every article of the corpus is to be, drawn before it is written.

    scripts/commission.py --check            # exit 1 if corpus/commission.jsonl is not what the parameters draw
    scripts/commission.py --show s009        # one story's rows, as a writer gets them
    scripts/commission.py --done             # how far each written story is from its rows
    scripts/commission.py --write            # draw anew; only before writing has begun

Parameters are corpus/commissioning.json. Rows of the articles that existed before the sheet are taken from the corpus
once, when the sheet is written, and stand in it (``written``); every other row is drawn from the parameters' seed. A
story file says by its field ``commission`` which rows its articles were written to: {"s009-1": "kapuluan-wire", …}.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from commission_check import faults
from commission_draw import Row, draw
from onrecord.cli import guarded
from onrecord.corpus import read_corpus, read_stories
from onrecord.errors import InputError, Problem
from onrecord.files import writing
from onrecord.model import AnnotatedArticle
from onrecord.phenomena import read_phenomena
from onrecord.realism import source_kind, words

ROOT = Path(__file__).resolve().parent.parent
#: Share by which an article's length may differ from its row before ``--done`` says so.
LENGTH = 0.25


def main(argv: list[str] | None = None) -> int:
    """Runs the command; 0 done, 1 the input is at fault or the sheet is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    parser.add_argument("--annotations", type=Path, default=ROOT / "annotations")
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--check", action="store_true")
    group.add_argument("--show", metavar="STORY")
    group.add_argument("--done", action="store_true")
    group.add_argument("--write", action="store_true")
    args = parser.parse_args(argv)
    try:
        return run(args)
    except InputError as error:
        print(error, file=sys.stderr)
        return 1


def run(args: argparse.Namespace) -> int:
    """Does what is asked."""
    sheet = args.corpus / "commission.jsonl"
    tags = list(read_phenomena(args.corpus / "phenomena.json"))
    if args.write:
        articles = read_corpus(args.corpus, args.annotations).articles
        rows = draw(read_parameters(args.corpus), written_rows(articles), tags)
        wrong = list(faults(rows, tags))
        if not wrong:
            with writing(sheet) as stream:
                stream.write("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode())
        return say(wrong)
    rows = read_sheet(sheet)
    if args.show:
        found = [row for row in rows if args.show in (row["story"], row["article"])]
        if not found:
            raise InputError(Problem(str(sheet), f"no story {args.show!r}", remedy="name one like s009"))
        print("\n".join(json.dumps(row, ensure_ascii=False, indent=1) for row in found))
        return 0
    if args.done:
        return say(list(departures(args.corpus, rows)))
    drawn = draw(read_parameters(args.corpus), [row for row in rows if row["written"]], tags)
    wrong = list(faults(rows, tags))
    pairs = zip(rows, drawn, strict=False)
    wrong += [f"{there['article']}: not as the parameters draw it" for there, new in pairs if there != new]
    if len(rows) != len(drawn):
        wrong.append(f"{len(rows)} rows, not {len(drawn)}")
    return say(wrong)


def say(wrong: Sequence[str]) -> int:
    """Prints faults, if any; 1 if there are."""
    for line in wrong:
        print(line, file=sys.stderr)
    return int(bool(wrong))


def read_parameters(corpus: Path) -> dict[str, Any]:
    """What the sheet is drawn from."""
    path = corpus / "commissioning.json"
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(Problem(str(path), str(error), remedy="restore it from the repository")) from error
    return found


def read_sheet(path: Path) -> list[Row]:
    """The rows as they were committed."""
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError) as error:
        raise InputError(Problem(str(path), str(error), remedy="draw it with scripts/commission.py --write")) from error


def written_rows(articles: Sequence[AnnotatedArticle]) -> list[Row]:
    """Rows of articles that are there, counted from their labels."""
    outlets = Counter(item.article.story for item in articles)
    return [
        {
            "article": item.article.id,
            "story": item.article.story,
            "written": True,
            "split": item.split,
            "desk": item.article.desk,
            "variety": item.article.variety,
            "claims": len(item.article.claims),
            "outlets": outlets[item.article.story],
            "published": item.article.published,
            "words": words(item),
            "quotes": _quotes(item),
            "dates": len(item.labels.dates or ()),
            "phenomena": sorted(item.article.phenomena),
        }
        for item in articles
    ]


def _quotes(item: AnnotatedArticle) -> dict[str, int]:
    quotes = item.labels.quotes or ()
    kinds = Counter(quote.kind for quote in quotes)
    sources = Counter(source_kind(item, quote) for quote in quotes)
    return {
        "number": len(quotes),
        "direct": kinds["direct"],
        "mixed": kinds["mixed"],
        "pronoun_source": sources["pronoun"],
        "no_source": sources["none"],
        "discontinuous": sum(len(quote.content) > 1 for quote in quotes),
    }


def departures(corpus: Path, rows: Sequence[Row]) -> list[str]:
    """Where articles differ from the rows they were written to: a sentence each."""
    problems: list[Problem] = []
    _, sources = read_stories(corpus / "stories", problems)
    if problems:
        raise InputError(problems)
    wanted: Mapping[str, Row] = {row["article"]: row for row in rows}
    there = {(source.article.story, source.article.outlet): source for source in sources}
    found: list[str] = []
    for path in sorted((corpus / "stories").glob("*/story.json")):
        for name, outlet in json.loads(path.read_text(encoding="utf-8")).get("commission", {}).items():
            row, source = wanted.get(name), there.get((path.parent.name, outlet))
            where = f"{path.parent.name}/{outlet} ({name})"
            if row is None or source is None:
                found.append(f"{where}: no such {'row' if row is None else 'article'}")
                continue
            article = source.article
            number = len(article.text.split())
            if abs(number / row["words"] - 1) > LENGTH:
                found.append(f"{where}: {number} words, commissioned {row['words']}")
            for key, value in (("split", source.split), ("desk", article.desk), ("variety", article.variety)):
                if value != row[key]:
                    found.append(f"{where}: {key} {value}, commissioned {row[key]}")
            if article.published != row["published"]:
                found.append(f"{where}: published {article.published}, commissioned {row['published']}")
            missing = sorted(set(row["phenomena"]) - set(article.phenomena))
            if missing:
                found.append(f"{where}: without {', '.join(missing)}")
    return found


if __name__ == "__main__":
    sys.exit(guarded(main))
