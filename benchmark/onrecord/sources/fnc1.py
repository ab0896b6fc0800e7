"""FNC-1: where a news article stands on a headline (Fake News Challenge, 2017).

A body is an article, each headline it was paired with is a claim, and the holder is the article's own voice: agree is
``supports``, disagree ``opposes``, discuss ``neutral``, and ``unrelated`` stays. The article's own headline is not
known, so ``headline`` is null. The training files are ``train``, the competition's test files ``test``.

Each text is held once, however many headlines it was paired with.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from onrecord.corpus import text_hash
from onrecord.errors import InputError, Problem
from onrecord.model import ARTICLE_VOICE, AnnotatedArticle, Article, Claim, Labels, Split, Stance, StanceLabel
from onrecord.sources.copy import Copy
from onrecord.sources.report import Report

_LABELS: Final[dict[str, StanceLabel]] = {
    "agree": "supports",
    "disagree": "opposes",
    "discuss": "neutral",
    "unrelated": "unrelated",
}
#: Stem of the pair of files, our split, and how ids of its articles begin.
_FILES: Final[tuple[tuple[str, Split], ...]] = (("train", "train"), ("competition_test", "test"))


def relevant(name: str) -> bool:
    """Whether the importer reads a file of this name."""
    return PurePosixPath(name).name in {f"{stem}_{what}.csv" for stem, _ in _FILES for what in ("stances", "bodies")}


def read(copy: Copy, report: Report) -> Iterator[AnnotatedArticle]:
    """The bodies with their stances, in order of body id."""
    paths = {PurePosixPath(name).name: name for name in reversed(copy.files)}
    for stem, split in _FILES:
        stances, bodies = paths.get(f"{stem}_stances.csv"), paths.get(f"{stem}_bodies.csv")
        if stances is None or bodies is None:
            report.add("file(s) missing: that part is left out", f"{stem}_stances.csv and {stem}_bodies.csv")
            continue
        yield from _part(copy, report, stances, bodies, split)


def _part(copy: Copy, report: Report, stances: str, bodies: str, split: Split) -> Iterator[AnnotatedArticle]:
    pairs = _pairs(copy, report, stances)
    for number, row in _rows(copy, report, bodies, ("Body ID", "articleBody")):
        body, text = row["Body ID"], row["articleBody"]
        labels = pairs.pop(body, None)
        if labels is None:
            report.add("bodies left out: no headline is paired with them", f"{bodies}:{number} ({body})")
            continue
        claims = tuple(Claim(f"c{index}", headline) for index, headline in enumerate(labels, 1))
        name = f"{split}/{body}"
        yield AnnotatedArticle(
            Article(id=name, text=text, language="en", text_sha256=text_hash(text), claims=claims),
            Labels(
                stances=tuple(
                    Stance(holder=ARTICLE_VOICE, claim=claim.id, label=labels[claim.text]) for claim in claims
                )
            ),
            split,
        )
    for body in pairs:
        report.add("bodies missing: their pairs are left out", f"{stances} ({body})")


def _pairs(copy: Copy, report: Report, path: str) -> dict[str, dict[str, StanceLabel]]:
    """Label by headline, by body; headlines in the order of the file."""
    pairs: dict[str, dict[str, StanceLabel]] = defaultdict(dict)
    for number, row in _rows(copy, report, path, ("Headline", "Body ID", "Stance")):
        label = _LABELS.get(row["Stance"].strip())
        place = f"{path}:{number}"
        if label is None:
            report.add("pairs left out: their label is not one of FNC-1", f"{place} {row['Stance'][:40]!r}")
            continue
        known = pairs[row["Body ID"]]
        if row["Headline"] not in known:
            known[row["Headline"]] = label
        elif known[row["Headline"]] == label:
            report.add("pairs left out: the same a second time", place)
        else:
            report.add("pairs left out: a second label for the same pair, the first is kept", place)
    return pairs


def _rows(copy: Copy, report: Report, path: str, fields: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a CSV file with the lines on which they end; a row that lacks a field is counted."""
    text = copy.read_text(path, lambda note: report.add("file(s) not in UTF-8", note))
    reader = csv.DictReader(io.StringIO(text, newline=""))
    lacking = [name for name in fields if name not in (reader.fieldnames or ())]
    if lacking:
        raise InputError(
            Problem(path, f"has no column {', '.join(lacking)}", 1, remedy=f"its first line must be {','.join(fields)}")
        )
    for row in reader:
        if any(row[name] is None for name in fields):
            report.add("rows left out: a field is missing", f"{path}:{reader.line_num}")
            continue
        yield reader.line_num, row
