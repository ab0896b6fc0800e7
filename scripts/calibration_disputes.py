#!/usr/bin/env python3
"""Third reading of the passes over PolNeAR: what they differ in, and the adjudicated labels from decisions.

    scripts/calibration_disputes.py show COPY [ARTICLE…] [-o FOLDER]   # text, agreed quotes, numbered disputes
    scripts/calibration_disputes.py apply COPY DECISIONS…              # writes …/calibration/polnear/adjudicated.jsonl

Disputes are numbered through all articles. Lines of a decisions file, of which there may be several:

    d3 | A | reason                     # B, both, none; A+cue: A, but B's cue
    d4 | edit | 4 | content: … | cue: … | source: … | reason
    add | ARTICLE | 4 | content: … | cue: … | source: … | reason      # what neither pass has
    drop | ARTICLE | q7 | reason        # an agreed quote, by its number in that article

Fields of a quote are those of a pass (annotations/GUIDELINES.md, "How labels are written"). The texts are read from the
user's copy; what is written holds offsets only.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from calibrate import ADJUDICATED, PASSES, read_humans, read_lines
from calibration_samples import numbered, reading_text
from onrecord import adjudication
from onrecord.cli import guarded
from onrecord.derived import quote_order
from onrecord.errors import InputError, Problem
from onrecord.files import writing
from onrecord.model import Article, Labels, Quote, Span
from onrecord.passes import compile_pass
from onrecord.passwriter import Writer

_BAR: Final = re.compile(r"(?<!\|)\|(?!\|)")
_EMPTY: Final = "\n[chains]\n[entities]\n[dates]\n[stances]"


@dataclass(slots=True)
class Case:
    """One article with both passes.

    Attributes:
        article: With the text that annotators were given.
        moved: Characters that stand before it in the copy's text.
        merged: What both have, and disputes numbered through all articles.
        more: Quotes that the third reader wrote.
        dropped: Ids of agreed quotes that the third reader took out.
    """

    article: Article
    moved: int
    merged: adjudication.Merge
    more: list[Quote] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)


def main(argv: list[str] | None = None) -> int:
    """Runs the command; 0 done, 1 the input is at fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("show", "apply"))
    parser.add_argument("copy", type=Path, help="the copy of PolNeAR")
    parser.add_argument("rest", nargs="*", help="ids of articles (show), files of decisions (apply)")
    parser.add_argument("-o", "--output", type=Path, help="folder to write disputes into, a file an article")
    parser.add_argument("--passes", type=Path, default=PASSES / "polnear", help="folder of a.jsonl and b.jsonl")
    args = parser.parse_args(argv)
    try:
        cases = read_cases(args.copy, args.passes)
        if args.what == "show":
            show(cases, args.rest, args.output)
            return 0
        files = {path: Path(path).read_text(encoding="utf-8") for path in args.rest}
        rows = decide(cases, files)
    except (InputError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    with writing(args.passes / f"{ADJUDICATED}.jsonl") as stream:
        stream.write("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode())
    print(f"{len(rows)} articles, {sum(len(row['quotes']) for row in rows)} quotes")
    return 0


def read_cases(copy: Path, passes: Path) -> dict[str, Case]:
    """The articles that both passes have, with their differences.

    Raises:
        InputError: The copy or a pass is at fault.
    """
    texts = {name: row["text"] for side in read_humans(copy).values() for name, row in side.items()}
    sides = [{row["id"]: row for row in read_lines(passes / f"{name}.jsonl")} for name in ("a", "b")]
    cases: dict[str, Case] = {}
    number = 0
    for name in sorted(set(sides[0]) & set(sides[1]) & set(texts)):
        whole, moved = reading_text(texts[name])
        labels = [Labels(quotes=tuple(quotes(side[name], whole, moved))) for side in sides]
        merged = adjudication.merge(*labels)
        disputes = tuple(replace(one, id=f"d{number + at}") for at, one in enumerate(merged.disputes, 1))
        number += len(disputes)
        cases[name] = Case(Article(id=name, text=whole), moved, adjudication.Merge(merged.agreed, disputes))
    return cases


def quotes(row: Mapping[str, Any], text: str, moved: int) -> Iterable[Quote]:
    """A pass's quotes with their text."""

    def span(place: Sequence[int] | None) -> Span | None:
        if place is None:
            return None
        start, end = place[0] - moved, place[1] - moved
        return Span(start, end, text[start:end])

    for at, item in enumerate(row["quotes"], 1):
        content = tuple(filter(None, map(span, item["content"])))
        yield Quote(f"q{at}", content, span(item.get("cue")), span(item.get("source")))


def show(cases: Mapping[str, Case], names: Sequence[str], folder: Path | None) -> None:
    """Prints what a third reader needs, or writes it into a folder."""
    if unknown := [name for name in names if name not in cases]:
        raise InputError([Problem(name, "is no article that both passes have") for name in unknown])
    for name, case in cases.items():
        if names and name not in names:
            continue
        content = "\n".join(_lines(name, case))
        if folder is None:
            print(content)
            continue
        folder.mkdir(parents=True, exist_ok=True)
        with writing(folder / f"{name}.txt") as stream:
            stream.write(content.encode())


def decide(cases: Mapping[str, Case], files: Mapping[str, str]) -> list[dict[str, Any]]:
    """The adjudicated rows.

    Raises:
        InputError: A line that cannot be read or placed, or a dispute without just one decision.
    """
    problems: list[Problem] = []
    by_dispute = {dispute.id: name for name, case in cases.items() for dispute in case.merged.disputes}
    decisions: dict[str, list[adjudication.Decision]] = {name: [] for name in cases}
    for where, content in files.items():
        for number, raw in enumerate(content.splitlines(), 1):
            line = raw.strip()
            if not line or line.startswith("#"):
                continue
            try:
                _decide(line, where, number, cases, by_dispute, decisions)
            except InputError as error:
                problems += error.problems
    rows = []
    for name, case in cases.items():
        try:
            rows.append(_row(name, case, decisions[name]))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return rows


def _decide(
    line: str,
    where: str,
    number: int,
    cases: Mapping[str, Case],
    by_dispute: Mapping[str, str],
    decisions: Mapping[str, list[adjudication.Decision]],
) -> None:
    parts = [part.strip() for part in _BAR.split(line)]
    what, rest = parts[0], parts[1:]
    if what in {"add", "drop"}:
        name, rest = (rest or [""])[0], rest[1:]
    else:
        name = by_dispute.get(what, "")
    if name not in cases:
        raise InputError(Problem(where, f"no such article or dispute: {line[:60]!r}", number))
    case = cases[name]
    edit = what not in {"add", "drop"} and rest[:1] == ["edit"]
    if what == "add" or edit:
        fields = rest[1:] if edit else rest
        if len(fields) != 5 or not fields[-1]:
            remedy = "write: 4 | content: … | cue: … | source: … | reason"
            raise InputError(Problem(where, f"cannot read {line[:60]!r}", number, None, remedy))
        case.more.append(_written(fields[:4], case.article, f"{where}:{number}"))
        if edit:
            decisions[name].append(adjudication.Decision(what, "none", (), fields[-1]))
    elif what == "drop":
        if len(rest) != 2 or rest[0] not in {quote.id for quote in case.merged.agreed.quotes or ()}:
            raise InputError(
                Problem(where, f"no such agreed quote: {line[:60]!r}", number, None, "drop | ID | q7 | why")
            )
        case.dropped.add(rest[0])
    else:
        try:
            decisions[name] += adjudication.read_decisions(line, where)
        except InputError as error:
            raise InputError([replace(problem, line=number) for problem in error.problems]) from None


def _written(fields: Sequence[str], article: Article, where: str) -> Quote:
    """A quote that the third reader wrote."""
    compiled = compile_pass(f"[quotes]\nq1 | {' | '.join(fields)} | - | - | -{_EMPTY}", article, where)
    if compiled.problems or not compiled.labels.quotes:
        raise InputError([replace(problem, line=None) for problem in compiled.problems])
    return compiled.labels.quotes[0]


def _row(name: str, case: Case, decisions: Sequence[adjudication.Decision]) -> dict[str, Any]:
    kept = tuple(quote for quote in case.merged.agreed.quotes or () if quote.id not in case.dropped)
    agreed = replace(case.merged.agreed, quotes=kept)
    decided = adjudication.apply(adjudication.Merge(agreed, case.merged.disputes), decisions, name)
    found = sorted((*(decided.quotes or ()), *case.more), key=quote_order)
    rows = []
    for quote in found:
        row: dict[str, Any] = {"content": [_place(segment, case.moved) for segment in quote.content]}
        for role, span in (("cue", quote.cue), ("source", quote.source)):
            if span is not None:
                row[role] = _place(span, case.moved)
        rows.append(row)
    return {"id": name, "quotes": rows}


def _place(span: Span, moved: int) -> list[int]:
    return [(span.start or 0) + moved, (span.end or 0) + moved]


def _lines(name: str, case: Case) -> Iterable[str]:
    writer = Writer(case.article)

    def written(quote: Quote | None) -> str:
        line = "(nothing)" if quote is None else writer.quote(quote).partition(" | speaker: ")[0].partition(" | ")[2]
        return re.sub(r"\s+", " ", line)

    yield f"######## {name}\n"
    yield numbered(case.article.text)
    yield "---- both passes have\n"
    for quote in case.merged.agreed.quotes or ():
        yield f"{quote.id} | {written(quote)}"
    yield f"\n---- disputes: {len(case.merged.disputes)}\n"
    for dispute in case.merged.disputes:
        differs = f" differs in {', '.join(dispute.fields)}" if dispute.fields else " only one pass has it"
        yield f"{dispute.id}{differs}\n    A: {written(dispute.first)}\n    B: {written(dispute.second)}\n"


if __name__ == "__main__":
    sys.exit(guarded(main))
