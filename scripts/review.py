#!/usr/bin/env python3
"""The third reading: merged labels with planted errors for a reader, and what share of these the reader found.

    scripts/review.py sheet a2 b2 ARTICLE… -o DIR --record FILE   # a sheet an article; the plants go into FILE
    scripts/review.py findings --record FILE DIR                  # what the reader found that nobody planted
    scripts/review.py rate                                        # detection rate over annotations/review/

A sheet holds the article, the labels on which both passes agree, with errors put in, and after each section the
disputes, which adjudication decides later. The reader, who has never seen the record, writes
<story>__<outlet>.findings.txt:

    m12 | entity | e4 | “the ministry” is the other ministry
    q3 | drop | - | nobody says this
    new | dates | 4 | last spring | DATE | 2031-SP | - | not marked

The record and the findings are kept in annotations/review/. Nothing has to be removed from gold afterwards: a sheet is
a copy, gold is made from passes and decisions, and findings that hit a plant go no further than this count.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scipy.stats import binomtest

from onrecord import adjudication, passes
from onrecord.cli import guarded
from onrecord.corpus import read_stories, read_world
from onrecord.errors import InputError, Problem
from onrecord.files import writing
from onrecord.model import Article, Labels, Quote, Stance
from onrecord.passwriter import LETTERS, Writer, numbered
from onrecord.placement import paragraphs
from onrecord.wire import labels_from_wire
from review_plant import LAYERS, MISSING, SPURIOUS, plant, weights

ROOT = Path(__file__).resolve().parent.parent
REVIEW = ROOT / "annotations" / "review"
#: Planted errors for this many words of an article, at least one an article.
WORDS = 350


def main(argv: list[str] | None = None) -> int:
    """Runs the command; 0 done, 1 the input is at fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    parser.add_argument("--annotations", type=Path, default=ROOT / "annotations")
    commands = parser.add_subparsers(dest="what", required=True)
    sheet = commands.add_parser("sheet")
    sheet.add_argument("first")
    sheet.add_argument("second")
    sheet.add_argument("articles", nargs="+")
    sheet.add_argument("-o", "--output", type=Path, required=True)
    sheet.add_argument("--record", type=Path, required=True)
    findings = commands.add_parser("findings")
    findings.add_argument("folder", type=Path)
    findings.add_argument("--record", type=Path, required=True)
    rate = commands.add_parser("rate")
    rate.add_argument("folder", type=Path, nargs="?", default=REVIEW)
    args = parser.parse_args(argv)
    try:
        {"sheet": make_sheets, "findings": print_findings, "rate": print_rate}[args.what](args)
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def make_sheets(args: argparse.Namespace) -> None:
    """Writes a sheet an article, and one record of all plants."""
    problems: list[Problem] = []
    world = read_world(args.corpus / "world" / "entities.jsonl", problems)
    _, sources = read_stories(args.corpus / "stories", problems)
    if problems:
        raise InputError(problems)
    known = {source.article.id: source.article for source in sources}

    def read_pass(folder: str, article: Article) -> Labels:
        path = args.annotations / "passes" / folder / f"{article.id.replace('/', '__')}.ann.txt"
        if not path.is_file():
            raise InputError(Problem(str(path), "no such pass", remedy="close both passes first"))
        return passes.compile_pass(path.read_text(encoding="utf-8"), article, str(path), world).labels

    kinds = weights(list(history(args.annotations, known, read_pass)))
    records: list[dict[str, Any]] = []
    for name in args.articles:
        if name not in known:
            raise InputError(Problem(str(args.corpus), f"no article {name!r}", remedy="write <story>/<outlet>"))
        article = known[name]
        merged = adjudication.merge(read_pass(args.first, article), read_pass(args.second, article))
        number = max(1, round(len(article.text.split()) / WORDS))
        labels, plants = plant(article, merged.agreed, kinds, number)
        ids = renumbered(labels, merged)
        named = {item: ids.get(name, name) for item, name in names(labels).items()}
        labels, merged = renamed(labels, ids), replace(merged, disputes=tuple(of(one, ids) for one in merged.disputes))
        records += [{"name": None if made.after is None else named[id(made.after)], **made.record()} for made in plants]
        args.output.mkdir(parents=True, exist_ok=True)
        with writing(args.output / f"{name.replace('/', '__')}.sheet.txt") as stream:
            stream.write("".join(f"{line}\n" for line in sheet_lines(article, labels, merged)).encode())
    with writing(args.record) as stream:
        stream.write("".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records).encode())


def renumbered(labels: Labels, merged: adjudication.Merge) -> dict[str, str]:
    """New ids of quotes, without the gaps that missing ones leave: a gap would tell where to look."""
    quotes = [quote.id or "" for quote in labels.quotes or ()]
    quotes += [side.id or "" for one in merged.disputes for side in (one.first, one.second) if isinstance(side, Quote)]
    order = sorted(set(quotes), key=lambda name: int(name[1:]))
    return {name: f"q{number}" for number, name in enumerate(order, 1)}


def renamed(labels: Labels, ids: Mapping[str, str]) -> Labels:
    """Labels with other ids of quotes."""
    quotes = tuple(rename(quote, ids) for quote in labels.quotes or ())
    return replace(labels, quotes=quotes, stances=tuple(rename(stance, ids) for stance in labels.stances or ()))


def of(dispute: adjudication.Dispute, ids: Mapping[str, str]) -> adjudication.Dispute:
    """A dispute with other ids of quotes."""
    return replace(dispute, first=rename(dispute.first, ids), second=rename(dispute.second, ids))


def rename(item: Any, ids: Mapping[str, str]) -> Any:
    """A quote or a stance with other ids of quotes; anything else as it is."""
    if isinstance(item, Quote):
        return replace(item, id=ids.get(item.id or "", item.id))
    if isinstance(item, Stance):
        return replace(item, evidence_quotes=tuple(ids[name] for name in item.evidence_quotes if name in ids))
    return item


def names(labels: Labels) -> dict[int, str]:
    """What a sheet calls each item, by its identity."""
    found: dict[int, str] = {}
    for layer in LAYERS:
        items = list(getattr(labels, layer) or ())
        if layer in {"entities", "dates"}:
            items.sort(key=lambda item: (item.start, -item.end))
        for number, item in enumerate(items, 1):
            found[id(item)] = item.id if layer in {"chains", "quotes"} else f"{LETTERS[layer]}{number}"
    return found


def history(annotations: Path, known: Mapping[str, Article], read_pass: Any) -> Iterator[tuple[Labels, Labels]]:
    """Gold and pass, for every article of the first passes."""
    for folder in ("a1", "b1"):
        for path in sorted((annotations / "passes" / folder).glob("*.ann.txt")):
            name = path.name.removesuffix(".ann.txt").replace("__", "/")
            gold = annotations / "gold" / f"{name}.json"
            if name in known and gold.is_file():
                yield labels_from_wire(json.loads(gold.read_text(encoding="utf-8"))), read_pass(folder, known[name])


def sheet_lines(article: Article, labels: Labels, merged: adjudication.Merge) -> Iterator[str]:
    """The text, the claims, the labels and the disputes."""
    yield f"{article.id}, published {article.published}"
    for number, (start, end) in enumerate(paragraphs(article.text), 1):
        yield f"\n[{number}] {article.text[start:end]}"
    yield ""
    yield from (f"claim {claim.id}: {claim.text}" for claim in article.claims)
    current = None
    lines = [*numbered(Writer(article).sections(labels)), *((layer, "", "") for layer in LAYERS)]
    for layer, name, line in sorted(lines, key=lambda item: LAYERS.index(item[0])):
        if layer != current:
            yield f"\n[{layer}]"
            current = layer
        if name:
            yield line if layer in {"chains", "quotes"} else f"{name} | {line}"
            continue
        for dispute in merged.disputes:
            if dispute.layer == layer:
                yield "# disputed, not to be reported:"
                yield from (f"#   {part}" for part in adjudication.describe(dispute, article.text).splitlines())


@dataclass(frozen=True, slots=True)
class Finding:
    """A line of a findings file: an item's name, or ``new``, and the rest."""

    article: str
    name: str
    rest: tuple[str, ...]
    line: str


def read_findings(folder: Path) -> list[Finding]:
    """All findings of a folder."""
    found: list[Finding] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.findings.txt")):
        article = path.name.removesuffix(".findings.txt").replace("__", "/")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            fields = tuple(part.strip() for part in re.split(r"(?<!\|)\|(?!\|)", line))
            if len(fields) < 4 or not re.fullmatch(r"new|[emqts]\d+", fields[0]):
                remedy = "write: q3 | cue | the right value | why"
                problems.append(Problem(str(path), f"cannot read {line!r}", number, remedy=remedy))
            else:
                found.append(Finding(article, fields[0], fields[1:], line))
    if problems:
        raise InputError(problems)
    return found


def hits(finding: Finding, made: Mapping[str, Any]) -> bool:
    """Whether a finding names a planted error: the item and the field, or the item that is missing."""
    if finding.article != made["article"]:
        return False
    if made["kind"] != MISSING:
        fields = {"drop"} if made["kind"] == SPURIOUS else {"drop", made["kind"]}
        return finding.name == made["name"] and finding.rest[0] in fields
    item = made["before"]
    if finding.name != "new" or finding.rest[0] != made["layer"]:
        return False
    if made["layer"] == "stances":
        return item["holder"] in finding.rest and item["claim"] in finding.rest
    text = item["content"][0]["text"] if made["layer"] == "quotes" else item["text"]
    return " ".join(text.split()[:3]) in " | ".join(finding.rest[1:])


def print_findings(args: argparse.Namespace) -> None:
    """Findings that hit no plant: they are for adjudication."""
    plants = read_record(args.record)
    for finding in read_findings(args.folder):
        if not any(hits(finding, made) for made in plants):
            print(f"{finding.article}: {finding.line}")


def print_rate(args: argparse.Namespace) -> None:
    """Found of planted, by layer and by kind, with Wilson's interval."""
    print("\n".join(rate_table(args.folder)))


def rate_table(folder: Path) -> Iterator[str]:
    """The lines of the table; a record that is not named ``*.plants.jsonl`` does not count."""
    plants = [made for path in sorted(folder.glob("*.plants.jsonl")) for made in read_record(path)]
    findings = read_findings(folder)
    if not plants:
        raise InputError(Problem(str(folder), "no record of plants (*.plants.jsonl)", remedy="make sheets first"))
    planted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for made in plants:
        what = made["kind"] if made["kind"] in {MISSING, SPURIOUS} else "wrong field"
        hit = any(hits(finding, made) for finding in findings)
        for name in (made["layer"], what, "all"):
            planted[name] += 1
            found[name] += hit
    yield "| errors planted | number | found | share | 95 % interval |"
    yield "|---|---:|---:|---:|---|"
    for name in (*LAYERS, MISSING, SPURIOUS, "wrong field", "all"):
        if planted[name]:
            share = binomtest(found[name], planted[name])
            low, high = share.proportion_ci(method="wilson")
            yield f"| {name} | {planted[name]} | {found[name]} | {share.statistic:.2f} | {low:.2f} to {high:.2f} |"


def read_record(path: Path) -> list[dict[str, Any]]:
    """Plants as they were recorded."""
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError) as error:
        raise InputError(Problem(str(path), str(error), remedy="name the record that sheet wrote")) from error


if __name__ == "__main__":
    sys.exit(guarded(main))
