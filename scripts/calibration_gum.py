"""How a pass's names agree with GUM's: annotations/calibration/MAPPING.md, "GUM: names"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from calibration_counts import Counts
from calibration_extents import Name, Span, credits_of, names, overlap, trimmed
from calibration_samples import articles
from onrecord.errors import InputError, Problem
from onrecord.formats import conllu
from onrecord.model import Mention
from onrecord.scoring.matching import maximum_matching

_NO_CORE: Final = frozenset({"PRODUCT", "WORK_OF_ART", "LAW", "LANGUAGE"})


@dataclass(frozen=True, slots=True)
class Gold:
    """A document of the sample.

    Attributes:
        names: GUM's names under the mapping.
        written: GUM's spans whose head is a proper noun, as they are.
        document: Its words.
    """

    names: Sequence[Name]
    written: Set[Span]
    document: conllu.Document


def read_gold(path: Path) -> dict[str, Gold]:
    """The sample with its names, by id.

    Raises:
        InputError: A document's CoNLL-U file is not below the path.
    """
    found = {}
    for item in articles("gum", path):
        name = item.article.id
        file = next(iter(sorted(path.rglob(f"dep/{name}.conllu"))), None)
        if file is None:
            raise InputError(Problem(str(path), f"no dep/{name}.conllu", remedy="give the root of an unpacked copy"))
        document = next(iter(conllu.read(file.read_text(encoding="utf-8"), str(file))))
        mentions = item.labels.entities or ()
        written = {place_of(mention) for mention in mentions if mention.kind == "name"}
        found[name] = Gold(names(document, mentions), written, document)
    return found


def read_names(row: Mapping[str, Any], text: str) -> list[Name]:
    """A pass's names, with extents as they are compared."""
    spans = {}
    for item in row["entities"]:
        span = trimmed(text, (item["start"], item["end"]))
        spans[span] = Name(span, frozenset({item["type"]}), item["type"] not in _NO_CORE)
    return [spans[span] for span in sorted(spans)]


def comparable(found: Iterable[Name], document: conllu.Document) -> list[Name]:
    """A pass's names that GUM could have: no adjectives, nothing in credits."""
    hidden = credits_of(document)
    tags = {"NOUN", "PROPN", "NUM", "X"}

    def marked(span: Span) -> bool:
        inside = [w for w in document.words if overlap((w.start, w.end), span)]
        return any(word.upos in tags for word in inside) and not any(overlap(span, credit) for credit in hidden)

    return [name for name in found if marked(name.span)]


def count(gold: Sequence[Name], given: Sequence[Name]) -> dict[str, Counts]:
    """Counts of one document by figure: matched, human names, names of the pass."""
    by_span = {name.span: name for name in given}
    pairs = [(name, by_span[name.span]) for name in gold if name.span in by_span]
    typed = [pair for pair in pairs if pair[0].types & pair[1].types]
    heads = _matched(gold, given)
    found = {
        "exact span": Counts(len(pairs), len(gold), len(given)),
        "exact span and type": Counts(len(typed), len(gold), len(given)),
        "by head": Counts(len(heads), len(gold), len(given)),
    }
    for title, matches in (("core, exact span", pairs), ("core, by head", heads)):
        taken = {name.span for _, name in matches}
        beside = [name for human, name in matches if not human.core]
        loose = [name for name in given if name.span not in taken and not name.core]
        found[title] = Counts(
            sum(human.core for human, _ in matches),
            sum(human.core for human in gold),
            len(given) - len(beside) - len(loose),
        )
    return found


def count_unmapped(gold: Gold, row: Mapping[str, Any]) -> dict[str, Counts]:
    """Exact spans of GUM as they are against those of a pass as they are."""
    given = {(item["start"], item["end"]) for item in row["entities"]}
    return {"exact span, no mapping": Counts(len(gold.written & given), len(gold.written), len(given))}


def place_of(mention: Mention) -> Span:
    """Offsets of a mention that has them."""
    return mention.start or 0, mention.end or 0


def _matched(gold: Sequence[Name], given: Sequence[Name]) -> list[tuple[Name, Name]]:
    """As many pairs as possible of a human's name and one that covers its head; between passes, that overlaps it."""
    edges = [
        (row, place)
        for row, human in enumerate(gold)
        for place, name in enumerate(given)
        if overlap(human.head or human.span, name.span)
    ]
    if not edges:
        return []
    left, right = (np.asarray(side, dtype=np.int64) for side in zip(*edges, strict=True))
    chosen = maximum_matching(left, right)
    return [(gold[left[edge]], given[right[edge]]) for edge in chosen.tolist()]
