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
from onrecord.sources.options import Options
from onrecord.sources.reading import unreadable
from onrecord.sources.report import Report

_LABELS: Final[dict[str, StanceLabel]] = {
    "agree": "supports",
    "disagree": "opposes",
    "discuss": "neutral",
    "unrelated": "unrelated",
}
#: File of pairs, our split (with which ids of its articles begin), and the file of bodies: in the challenge's first
#: months the test bodies had the second name.
_FILES: Final[tuple[tuple[str, Split, tuple[str, ...]], ...]] = (
    ("train_stances.csv", "train", ("train_bodies.csv",)),
    ("competition_test_stances.csv", "test", ("competition_test_bodies.csv", "test_bodies.csv")),
)
_NAMES: Final = frozenset(name for stances, _, bodies in _FILES for name in (stances, *bodies))


def relevant(name: str) -> bool:
    """Whether the importer reads a file of this name."""
    return PurePosixPath(name).name in _NAMES


def read(copy: Copy, report: Report, options: Options) -> Iterator[AnnotatedArticle]:
    """The bodies with their stances, in the order of the files."""
    del options
    paths = {PurePosixPath(name).name: name for name in reversed(copy.files)}
    for pairs, split, texts in _FILES:
        stances, bodies = paths.get(pairs), next((paths[name] for name in texts if name in paths), None)
        if stances is None or bodies is None:
            lacking = [name for name, path in ((pairs, stances), (texts[0], bodies)) if path is None]
            report.add("part(s) left out: a file is missing", " and ".join(lacking))
            continue
        try:
            yield from _part(copy, report, stances, bodies, split)
        except InputError as error:
            unreadable(error, report)


def _part(copy: Copy, report: Report, stances: str, bodies: str, split: Split) -> Iterator[AnnotatedArticle]:
    pairs = _pairs(copy, report, stances)
    done: set[str] = set()
    for number, row in _rows(copy, report, bodies, ("Body ID", "articleBody")):
        body, text = row["Body ID"], row["articleBody"]
        labels = pairs.pop(body, None)
        if labels is None:
            why = "their id was taken already" if body in done else "no headline is paired with them"
            report.add(f"bodies left out: {why}", f"{bodies}:{number} ({body})")
            continue
        done.add(body)
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
    for body, labels in pairs.items():
        for _ in labels:
            report.add("pairs left out: their body is missing", f"{stances} ({body})")


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
    reader = csv.DictReader(io.StringIO(text.replace("\0", ""), newline=""))
    lacking = [name for name in fields if name not in (reader.fieldnames or ())]
    if lacking:
        raise InputError(
            Problem(path, f"has no column {', '.join(lacking)}", 1, remedy=f"its first line must be {','.join(fields)}")
        )
    try:
        for row in reader:
            if any(row[name] is None for name in fields):
                report.add("rows left out: a field is missing", f"{path}:{reader.line_num}")
                continue
            yield reader.line_num, row
    except csv.Error as error:
        raise InputError(
            Problem(path, f"no CSV from here on: {error}", reader.line_num, remedy="get the file again")
        ) from None
