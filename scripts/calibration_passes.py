#!/usr/bin/env python3
"""Annotators' pass files over the samples of calibration: checks them, and keeps them without any text.

    scripts/calibration_passes.py gum COPY FILE…                # says which lines cannot be read or found
    scripts/calibration_passes.py gum COPY FILE… -o annotations/calibration/gum/a.jsonl

A file is named as the packet it answers (``GUM_news_afghan.txt``; ``.ann.txt`` will do). Lines of ``gum`` are
``paragraph | text | type`` in ``[entities]``, of ``aquaint`` those of ``[dates]`` in annotations/GUIDELINES.md, of
``fnc1`` ``number | supports, opposes or neutral | reason`` without a section. What is written holds offsets, types,
values and labels: no word of the corpora. Exits with 1 if a line is at fault, or an article of the sample has no file
when it is to be written; nothing is written then.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from calibration_samples import SOURCE_OF, Pair, all_pairs, articles, draw_pairs, reading_text
from onrecord.cli import guarded
from onrecord.errors import InputError, Problem
from onrecord.files import writing
from onrecord.model import ENTITY_TYPES, Article
from onrecord.passes import Compiled, compile_pass
from onrecord.timex import is_timex_value

LABELS: Final = ("supports", "opposes", "neutral")
_NAME: Final = re.compile(r"(?:\.ann)?\.txt$|\.ann$")
_OTHERS: Final = {
    "gum": ("quotes", "dates", "stances"),
    "aquaint": ("chains", "entities", "quotes", "stances"),
}


def main(argv: list[str] | None = None) -> int:
    """Checks or converts; 0 done, 1 the input is at fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sample", choices=sorted(SOURCE_OF))
    parser.add_argument("copy", type=Path, help="the user's copy of GUM, TempEval-3 or FNC-1")
    parser.add_argument("files", type=Path, nargs="+", help="pass files, or folders of them")
    parser.add_argument("-o", "--output", type=Path, help="JSON Lines file to write")
    args = parser.parse_args(argv)
    files = [file for path in args.files for file in (sorted(path.glob("*.txt")) if path.is_dir() else [path])]
    problems: list[Problem] = []
    notes: list[Problem] = []
    try:
        contents = {file: file.read_text(encoding="utf-8") for file in files}
        if args.sample == "fnc1":
            rows = stance_rows(contents, draw_pairs(all_pairs(args.copy)), problems, whole=args.output is not None)
        else:
            texts = texts_of(args.sample, args.copy)
            rows = span_rows(args.sample, contents, texts, problems, notes)
            done = {row["id"] for row in rows}
            missing = [name for name in texts if name not in done] if args.output is not None else []
            problems += [Problem("the pass", f"no file for {name}", remedy="annotate it too") for name in missing]
    except (InputError, OSError, UnicodeDecodeError) as error:
        print(error, file=sys.stderr)
        return 1
    for note in notes:
        print(f"note: {note}")
    for problem in problems:
        print(problem, file=sys.stderr)
    print(
        f"{len(files)} files, {len(rows)} {'pairs' if args.sample == 'fnc1' else 'articles'}, {len(problems)} problems"
    )
    if problems:
        return 1
    if args.output is not None:
        args.output.parent.mkdir(parents=True, exist_ok=True)
        with writing(args.output) as stream:
            stream.write("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode())
    return 0


def texts_of(sample: str, copy: Path) -> dict[str, str]:
    """Texts of the sample's articles by id."""
    return {item.article.id: item.article.text for item in articles(sample, copy)}


def span_rows(
    sample: str,
    contents: Mapping[Path, str],
    texts: Mapping[str, str],
    problems: list[Problem],
    notes: list[Problem],
) -> list[dict[str, Any]]:
    """Rows ``{"id", "entities" or "dates"}`` with offsets into the texts of the importers."""
    rows: dict[str, dict[str, Any]] = {}
    for path, content in contents.items():
        name = _NAME.sub("", path.name)
        if name not in texts:
            problems.append(Problem(str(path), f"{name} is no article of the sample", remedy="name it as its packet"))
            continue
        if name in rows:
            problems.append(Problem(str(path), f"{name} a second time", remedy="give one file an article"))
            continue
        rows[name], compiled = place(sample, name, content, texts[name], str(path))
        problems.extend(compiled.problems)
        notes.extend(compiled.notes)
    return [rows[name] for name in sorted(rows)]


def place(sample: str, name: str, content: str, text: str, where: str) -> tuple[dict[str, Any], Compiled]:
    """One article's lines, found in its text."""
    whole, moved = reading_text(text)
    lines, extra = content, "".join(f"\n[{section}]" for section in _OTHERS[sample])
    if sample == "gum":
        lines = "\n".join(_as_mention(line) for line in content.splitlines())
        word = re.search(r"\w+", whole)
        extra += "\n[chains]" + "".join(f"\n{kind} | {kind} | {word and word[0]} | -" for kind in ENTITY_TYPES)
    compiled = compile_pass(lines + extra, Article(id=name, text=whole), where)
    if sample == "gum":
        found = compiled.labels.entities or ()
        mentions = [{"start": m.start + moved, "end": m.end + moved, "type": m.entity} for m in found]  # type: ignore[operator]  # placed
        return {"id": name, "entities": sorted(mentions, key=_order)}, compiled
    dates = []
    for date in compiled.labels.dates or ():
        if date.type not in {"DATE", "TIME", "DURATION", "SET"}:
            fault = f"{date.text!r}: {date.type} is no type"
            compiled.problems.append(Problem(where, fault, remedy="use DATE, TIME, DURATION or SET"))
        elif date.value is None or not is_timex_value(date.value, date.type):
            compiled.notes.append(
                Problem(where, f"{date.text!r}: {date.value} is no TIMEX3 value of a {date.type}", remedy="see §3")
            )
        row = {
            "start": (date.start or 0) + moved,
            "end": (date.end or 0) + moved,
            "type": date.type,
            "value": date.value,
        }
        dates.append(row if date.mod is None else {**row, "mod": date.mod})
    return {"id": name, "dates": sorted(dates, key=_order)}, compiled


def stance_rows(
    contents: Mapping[Path, str], pairs: Sequence[Pair], problems: list[Problem], *, whole: bool
) -> list[dict[str, Any]]:
    """Rows ``{"id", "claim", "label"}`` in the order of the numbers.

    Args:
        contents: Files by path.
        pairs: What the numbers mean.
        problems: Takes the lines at fault.
        whole: Whether every pair must have a line.
    """
    labels: dict[int, str] = {}
    for path, content in contents.items():
        for at, raw in enumerate(content.removeprefix("\ufeff").splitlines(), 1):
            line = raw.strip()
            if not line or line.startswith(("#", "[")):
                continue
            number, label = (part.strip() for part in (*line.split("|", 2), "")[:2])
            if not number.isdecimal() or not 1 <= int(number) <= len(pairs):
                problems.append(
                    Problem(str(path), f"{number!r} is no number of a pair", at, None, f"1 to {len(pairs)}")
                )
            elif label not in LABELS:
                problems.append(Problem(str(path), f"{label!r} is no label", at, None, f"use {', '.join(LABELS)}"))
            elif int(number) in labels:
                problems.append(Problem(str(path), f"pair {number} a second time", at, None, "remove one"))
            else:
                labels[int(number)] = label
    missing = [str(number) for number in range(1, len(pairs) + 1) if number not in labels]
    if whole and missing:
        problems.append(Problem("the pass", f"no line for pair {', '.join(missing)}", remedy="label every pair"))
    return [
        {"id": pairs[number - 1].id, "claim": pairs[number - 1].claim, "label": label}
        for number, label in sorted(labels.items())
    ]


def _as_mention(line: str) -> str:
    """``2 | Velm | GPE`` as a line of a whole pass: the type stands for a chain."""
    if line.strip().startswith("#") or "|" not in line:
        return line
    head, _, kind = line.strip().rpartition("|")
    return f"{head}| {kind.strip().upper()} | name"


def _order(row: Mapping[str, Any]) -> tuple[int, int]:
    return row["start"], -row["end"]


if __name__ == "__main__":
    sys.exit(guarded(main))
