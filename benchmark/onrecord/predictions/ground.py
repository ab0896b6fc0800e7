"""Grounding: from a span's text to its offsets, by the article's text and the prediction alone, never by gold.

A text is found exactly or, where that fails, folded (:mod:`onrecord.predictions.fold`). Where it stands as whole words
somewhere, only those places count; ``context`` keeps the places that follow it. Then

* **mentions, dates, the longest segment of a quote**: answers of one layer whose texts fold alike take the places from
  the left, one each: first those with a context, then the others; exact places before folded ones. Answers with the
  same text are ordered by their serialised attributes, so that the order of the list never matters; where they
  differ and have no context they are counted as ambiguous.
* **further segments of a quote** take the place nearest to those already placed, from the longest to the shortest.
* **cue and source** take the place nearest to the content, outside it if there is one; of two at the same distance the
  earlier one.

What cannot be found is ``UNGROUNDED``: it stays as an answer and matches nothing. A quote with a segment that cannot be
found is not found: a misquotation earns nothing by its other half.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from onrecord import compute as pc
from onrecord.columns import Ints
from onrecord.predictions.arrow import places, valid
from onrecord.predictions.flat import NULL, Frame
from onrecord.predictions.places import NOWHERE, Finder, Place, Wanted
from onrecord.predictions.texts import Texts

#: Attributes that order answers of the same text, by frame.
_ATTRIBUTES = {
    "entities": ("type", "kind", "link", "entity"),
    "quotes": (
        "speaker_name", "speaker", "kind", "sourcing", "said_on", "source_type",
        "cue.text", "cue.context", "cue.start", "cue.end",
        "source.text", "source.context", "source.start", "source.end",
    ),
    "dates": ("type", "value", "mod"),
    "stances.evidence_spans": (),
}  # fmt: skip
#: Articles whose folded text is kept.
_FINDERS = 256


@dataclass(slots=True)
class Grounding:
    """How many spans were placed how.

    Attributes:
        offsets: Had offsets.
        exact: Found as they are.
        folded: Found after folding.
        fuzzy: Found approximately (only when asked for).
        ambiguous: Of the found ones, those whose text other answers share, with other attributes and no context.
        failed: Not found.
    """

    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("offsets", "exact", "folded", "ambiguous", "failed"), 0)
    )

    def add(self, how: str, number: int = 1) -> None:
        """Counts spans."""
        self.counts[how] = self.counts.get(how, 0) + number


def ground(
    frames: Mapping[str, Frame], article: Ints, texts: Texts, *, fuzzy: bool = False
) -> tuple[dict[str, Frame], dict[str, int]]:
    """Gives every span its offsets.

    Args:
        frames: Items by path.
        article: (rows,) article of each row of the input.
        texts: The articles' texts.
        fuzzy: Also find texts approximately.

    Returns:
        The frames, with ``UNGROUNDED`` offsets where a text was not found, and the counts.
    """
    grounder = _Grounder({**frames}, article, texts, Grounding(), fuzzy)
    for name in ("entities", "dates", "stances.evidence_spans"):
        grounder.items(name)
    grounder.quotes()
    return grounder.frames, grounder.report.counts


@dataclass(slots=True)
class _Grounder:
    frames: dict[str, Frame]
    article: Ints
    texts: Texts
    report: Grounding
    fuzzy: bool
    finders: dict[int, Finder] = field(default_factory=dict)

    def items(self, name: str) -> None:
        """Mentions, dates, evidence: each answer is one span."""
        frame = self.frames[name]
        missing = frame.ints["start"] == NULL
        self.report.add("offsets", int(np.count_nonzero(~missing)))
        if not missing.any():
            return
        rows = np.flatnonzero(missing)
        parent = frame.parent if "." not in name else self.frames[name.rpartition(".")[0]].parent[frame.parent]
        articles = self.article[parent]
        asked = _asked(frame, "", rows)
        attributes = _serialised(frame, _ATTRIBUTES[name], rows)
        by_article: dict[int, list[int]] = defaultdict(list)
        for row in rows.tolist():
            by_article[int(articles[row])].append(row)
        placed: dict[int, Place] = {}
        fixed = np.isin(articles, list(by_article)) & ~missing
        taken: dict[int, set[tuple[int, int]]] = defaultdict(set)
        for row in np.flatnonzero(fixed).tolist():
            taken[int(articles[row])].add((int(frame.ints["start"][row]), int(frame.ints["end"][row])))
        for number, members in by_article.items():
            wanted = [Wanted(row, *asked[row], attributes[row]) for row in members]
            placed |= self.finder(number).share(wanted, taken[number], self.report.counts)
        self.frames[name] = _with_places(frame, "", rows, placed)

    def quotes(self) -> None:
        """Contents first, then cues and sources by where the contents are."""
        quotes, segments = self.frames["quotes"], self.frames["quotes.content"]
        missing = segments.ints["start"] == NULL
        self.report.add("offsets", int(np.count_nonzero(~missing)))
        if missing.any():
            self._contents(missing)
            segments = self.frames["quotes.content"]
        for part in ("cue", "source"):
            start, text = quotes.ints[f"{part}.start"], quotes.strings[f"{part}.text"]
            self.report.add("offsets", int(np.count_nonzero(start != NULL)))
            rows = np.flatnonzero((start == NULL) & valid(text))
            if not len(rows):
                continue
            asked = _asked(quotes, f"{part}.", rows)
            contents = _contents_of(segments, rows)
            placed = {}
            for row in rows.tolist():
                finder = self.finder(int(self.article[quotes.parent[row]]))
                placed[row] = finder.nearest(*asked[row], contents[row], self.report.counts)
            quotes = _with_places(quotes, f"{part}.", rows, placed)
        self.frames["quotes"] = quotes

    def _contents(self, missing: Any) -> None:
        """Places the segments that have no offsets."""
        quotes, segments = self.frames["quotes"], self.frames["quotes.content"]
        asked = _asked(segments, "", np.flatnonzero(missing))
        members: dict[int, list[int]] = defaultdict(list)
        for row in np.flatnonzero(np.isin(segments.parent, segments.parent[missing])).tolist():
            members[int(segments.parent[row])].append(row)
        placed: dict[int, Place] = {
            row: Place(int(segments.ints["start"][row]), int(segments.ints["end"][row]))
            for rows in members.values()
            for row in rows
            if not missing[row]
        }
        every_quote = np.asarray(sorted(members), dtype=np.int64)
        attributes = _serialised(quotes, _ATTRIBUTES["quotes"], every_quote)
        labels = _serialised(quotes, ("id",), every_quote)
        shared: dict[int, list[Wanted]] = defaultdict(list)
        for quote, rows in members.items():
            # The longest is the surest; the order of the list decides nothing.
            rows.sort(key=lambda row: _segment_order(asked.get(row)))
            if missing[rows[0]]:
                others = json.dumps([asked[row] for row in rows[1:]], ensure_ascii=False)
                number = int(self.article[quotes.parent[quote]])
                answer = Wanted(rows[0], *asked[rows[0]], attributes[quote] + others, labels[quote])
                shared[number].append(answer)
        for number, wanted in shared.items():
            placed |= self.finder(number).share(wanted, set(), self.report.counts)
        for quote, rows in members.items():
            finder = self.finder(int(self.article[quotes.parent[quote]]))
            for row in rows:
                if row not in placed:
                    near = [placed[other] for other in rows if other in placed]
                    placed[row] = finder.nearest(*asked[row], near, self.report.counts)
            if any(not placed[row].found for row in rows):
                placed |= dict.fromkeys(rows, NOWHERE)
        every = np.asarray(sorted(placed), dtype=np.int64)
        self.frames["quotes.content"] = _with_places(segments, "", every, placed)

    def finder(self, number: int) -> Finder:
        """What searches the text of an article."""
        if number not in self.finders:
            if len(self.finders) > _FINDERS:
                self.finders.clear()
            self.finders[number] = Finder(self.texts[number], fuzzy=self.fuzzy)
        return self.finders[number]


def _segment_order(asked: tuple[str, str | None] | None) -> tuple[bool, int, str, bool, str]:
    """Segments with offsets first, then from the longest text to the shortest, one with a context before its like."""
    if asked is None:
        return False, 0, "", False, ""
    text, context = asked
    return True, -len(text), text, context is None, context or ""


def _asked(frame: Frame, prefix: str, rows: Ints) -> dict[int, tuple[str, str | None]]:
    """Text and context of some rows; a missing text is an empty one, which is found nowhere."""
    texts = _picked(frame.strings[f"{prefix}text"], rows)
    contexts = _picked(frame.strings[f"{prefix}context"], rows)
    return {row: (text or "", context) for row, text, context in zip(rows.tolist(), texts, contexts, strict=True)}


def _picked(strings: pa.Array, rows: Ints) -> list[str | None]:
    found: list[str | None] = pc.take(strings, places(rows)).to_pylist()
    return found


def _serialised(frame: Frame, names: tuple[str, ...], rows: Ints) -> dict[int, str]:
    """What some rows say in some columns, as JSON."""
    columns = [
        pc.take(frame.strings[name], places(rows)).to_pylist()
        if name in frame.strings
        else frame.ints[name][rows].tolist()
        for name in names
    ]
    said = zip(*columns, strict=True) if columns else ((),) * len(rows)
    return {row: json.dumps(values, ensure_ascii=False) for row, values in zip(rows.tolist(), said, strict=True)}


def _contents_of(segments: Frame, quotes: Ints) -> dict[int, list[Place]]:
    contents: dict[int, list[Place]] = {quote: [] for quote in quotes.tolist()}
    for row in np.flatnonzero(np.isin(segments.parent, quotes)).tolist():
        place = Place(int(segments.ints["start"][row]), int(segments.ints["end"][row]))
        if place.found:
            contents[int(segments.parent[row])].append(place)
    return contents


def _with_places(frame: Frame, prefix: str, rows: Ints, placed: Mapping[int, Place]) -> Frame:
    start, end = frame.ints[f"{prefix}start"].copy(), frame.ints[f"{prefix}end"].copy()
    start[rows] = [placed[row].start for row in rows.tolist()]
    end[rows] = [placed[row].end for row in rows.tolist()]
    return replace(frame, ints={**frame.ints, f"{prefix}start": start, f"{prefix}end": end})
