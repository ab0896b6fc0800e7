"""The checks on what answers say, over all items of a batch at once.

Each check is a mask; only items that fail are looked at one by one, to say what is wrong with them.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from onrecord import compute as pc
from onrecord.columns import Ints
from onrecord.errors import Problem
from onrecord.predictions.arrow import Mask, integers, places, rows_in, text_array, truths, valid
from onrecord.predictions.flat import NULL, Frame, column
from onrecord.predictions.fold import fold
from onrecord.predictions.intake import Batch
from onrecord.predictions.slow import Findings
from onrecord.predictions.texts import Texts
from onrecord.vocabulary import ENTITY_KINDS, QUOTE_KINDS, SOURCINGS, STANCE_LABELS

if TYPE_CHECKING:
    from onrecord.predictions.gold import Gold

#: Where spans stand: frame, prefix of the span's columns, whether the span must be there.
SPANS: Final = (
    ("entities", "", True),
    ("quotes.content", "", True),
    ("quotes", "cue.", False),
    ("quotes", "source.", False),
    ("dates", "", True),
    ("stances.evidence_spans", "", True),
)
#: Unknown ids that get a suggestion.
_SUGGESTIONS: Final = 20
_VALUES: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    ("entities", "kind", ENTITY_KINDS),
    ("quotes", "kind", QUOTE_KINDS),
    ("quotes", "sourcing", SOURCINGS),
    ("stances", "label", STANCE_LABELS),
    ("stances", "earlier", STANCE_LABELS),
    ("stance_rows", "label", STANCE_LABELS),
)


@dataclass(slots=True)
class Seen:
    """What earlier batches of the same input held.

    Attributes:
        lines: By article id, where it first stood.
        layers: Layers that some line has.
        articles: Number of lines.
        odd_dates: Types of dates that TIMEX3 does not know, with their number.
        suggested: Number of unknown ids for which close ones were looked for.
        other_text: Number of lines whose own text is not the article's.
    """

    lines: dict[str, int] = field(default_factory=dict)
    layers: set[str] = field(default_factory=set)
    articles: int = 0
    odd_dates: dict[str, int] = field(default_factory=dict)
    suggested: int = 0
    other_text: int = 0


class Checker:
    """The checks on one batch; each adds to ``found.problems``."""

    def __init__(self, batch: Batch, found: Findings) -> None:
        self.batch = batch
        self.frames = batch.frames
        self.found = found
        ids = column(batch.table, "id")
        self._ids: pa.Array = pa.nulls(len(batch.table), pa.string()) if ids is None else pc.cast(ids, pa.string())

    def add(self, row: int, path: str | None, message: str, remedy: str) -> None:
        """A problem in one row of the batch."""
        number = int(self.batch.numbers[row])
        line = number if self.batch.lines else None
        place = path if self.batch.lines else f"[{number}]" + (f".{path}" if path else "")
        article = self._ids[row].as_py()
        self.found.problems.append(Problem(self.found.where, message, line, place, remedy, article))

    def item(self, name: str, place: int, path: str, message: str, remedy: str) -> None:
        """A problem in one item of a frame; ``path`` continues the item's own, e.g. ``.cue``."""
        row, item = self._locate(name, place)
        self.add(row, f"{item}{path}", message, remedy)

    def ids(self, seen: Seen) -> pa.Array:
        """Every line has an id that no other has."""
        names = self._ids.to_pylist()
        lines = dict(zip(names, self.batch.numbers.tolist(), strict=True))
        if len(lines) == len(names) and all(lines) and seen.lines.keys().isdisjoint(lines):
            seen.lines |= lines
            return self._ids
        lacking = not valid(self._ids).all()
        refused = {(one.line, one.field) for one in self.found.problems} if lacking else set()
        for row, name in enumerate(names):
            number = int(self.batch.numbers[row])
            if not name and (number, "id") not in refused and (None, f"[{number}].id") not in refused:
                self.add(row, "id", "no article id", 'add "id": the article this line answers')
            elif name and seen.lines.setdefault(name, number) != number:
                first = f"line {seen.lines[name]}" if self.batch.lines else f"[{seen.lines[name]}]"
                self.add(row, "id", f"article a second time, first in {first}", "put its answers into one line")
        return self._ids

    def unknown_articles(self, rows: Ints, gold: Gold, seen: Seen) -> None:
        """Every id is an article of the gold."""
        for row in np.flatnonzero((rows < 0) & valid(self._ids)):
            name = self._ids[row].as_py()
            close: list[str] = []
            if name and seen.suggested < _SUGGESTIONS:  # a search through all ids, so not for a million lines
                seen.suggested += 1
                close = difflib.get_close_matches(name, gold.columns.ids[:20_000], n=3, cutoff=0.65)
            answer = f"answer the articles of {gold.name}, split {gold.split}"
            meant = f"did you mean {' or '.join(map(repr, close))}?" if close else answer
            self.add(int(row), "id", f"no article of the gold has id {_short(name)}", meant)

    def spans(self, rows: Ints, texts: Texts | None, *, offsets: bool) -> None:
        """Offsets are whole, in order and inside the text, and agree with the span's own text.

        Args:
            rows: Row of each line's text, -1 where it has none.
            texts: The articles' texts.
            offsets: Whether a span must have offsets (gold), or may have text alone.
        """
        for name, prefix, needed in SPANS:
            frame = self.frames[name]
            if len(frame):
                self._spans(name, frame, prefix, (rows, texts), needed=needed, offsets=offsets)

    def _spans(
        self, name: str, frame: Frame, prefix: str, source: tuple[Ints, Texts | None], *, needed: bool, offsets: bool
    ) -> None:
        start, end = frame.ints[f"{prefix}start"], frame.ints[f"{prefix}end"]
        text = frame.strings[f"{prefix}text"]
        path = f".{prefix[:-1]}" if prefix else ""
        has_start, has_end = start != NULL, end != NULL
        has_text = valid(text)
        both = has_start & has_end

        def each(mask: Mask, message: Callable[[int], str], remedy: str) -> None:
            for place in np.flatnonzero(mask):
                self.item(name, int(place), path, message(int(place)), remedy)

        sound = both & (start >= 0) & (end > start)
        if not sound.all():
            each(has_start ^ has_end, lambda _: "start without end, or end without start", "give both, or text alone")
            if needed or offsets:
                nothing = ~(has_start | has_end) & (~has_text if not offsets else (needed | has_text))
                message = "a label without offsets" if offsets else "neither offsets nor text"
                each(nothing, lambda _: message, "give start and end" if offsets else "give start and end, or text")
            each(
                both & (start < 0),
                lambda place: f"start {start[place]} is negative",
                "count code points from 0 at the beginning of the text",
            )
            each(
                both & (start >= 0) & (end <= start),
                lambda place: f"end {end[place]} is not after start {start[place]}",
                "start comes first, and end is exclusive",
            )
        rows, texts = source
        if texts is None:
            return
        article = rows[self._rows(name, frame.parent)]
        known = sound & (article >= 0)
        lengths = texts.lengths[np.maximum(article, 0)] if len(texts) else np.zeros(len(article), dtype=np.int64)
        outside = known & (end > lengths)
        for place in np.flatnonzero(outside):
            whole = texts[int(article[place])]
            message = f"offsets {start[place]}–{end[place]} end outside the text of {len(whole)} characters"
            self.item(name, int(place), path, message, _cause_outside(whole, int(end[place])))
        compared = np.flatnonzero(known & ~outside & has_text)
        if not len(compared):
            return
        there = texts.slices(article[compared], start[compared], end[compared])
        same = truths(pc.equal(there, pc.cast(pc.take(text, places(compared)), pa.large_string())))
        for place in compared[~same]:
            span = int(start[place]), int(end[place])
            said, whole = text[place].as_py(), texts[int(article[place])]
            found = whole[span[0] : span[1]]
            if fold(found) != fold(said):
                message = f"text is {_short(said)} but {_short(found)} stands at {span[0]}–{span[1]}"
                self.item(name, int(place), path, message, _cause(whole, said, *span))

    def answers(self) -> None:
        """Values that have a fixed list are in it; ids are unique; what must be there is there."""
        for name, column_name, allowed in _VALUES:
            strings = self.frames[name].strings[column_name]
            wrong = odd_values(strings, allowed)
            if not wrong:
                continue
            for place in np.flatnonzero(rows_in(strings, pc.cast(text_array(list(wrong)), strings.type)) >= 0):
                value = strings[int(place)].as_py()
                close = difflib.get_close_matches(value.lower(), allowed, n=1)
                remedy = f"did you mean {close[0]!r}?" if close else f"use one of {', '.join(allowed)}"
                self.item(name, int(place), f".{column_name}", f"{_short(value)} is not allowed here", remedy)
        contents = np.bincount(self.frames["quotes.content"].parent, minlength=len(self.frames["quotes"]))
        for place in np.flatnonzero(contents == 0):
            self.item("quotes", int(place), ".content", "a quote without content", "give its spans, or drop the quote")
        for name, column_name in (("stances", "claim"), ("stances", "label"), ("chains", "id"), ("stance_rows", "row")):
            for place in np.flatnonzero(~valid(self.frames[name].strings[column_name])):
                self.item(name, int(place), f".{column_name}", "is missing", "give it")
        for name, column_name in (("chains", "id"), ("quotes", "id"), ("stance_rows", "row")):
            frame = self.frames[name]
            for place in repeated(frame.parent, frame.strings[column_name]):
                value = frame.strings[column_name][int(place)].as_py()
                self.item(name, int(place), f".{column_name}", f"{_short(value)} twice in one line", "give each once")
        evidence, quotes = self.frames["stances.evidence_quotes"], self.frames["quotes"]
        parent = self.frames["stances"].parent[evidence.parent]
        lost = ~resolves(parent, evidence.strings[""], quotes.parent, quotes.strings["id"])
        for place in np.flatnonzero(lost):
            value = evidence.strings[""][int(place)].as_py()
            self.item(
                "stances.evidence_quotes",
                int(place),
                "",
                f"no quote of this line has id {_short(value)}",
                "give the quote this id, or drop it",
            )

    def claims(self, rows: Ints, gold: Gold) -> None:
        """Claims and given rows are those of the article."""
        stances, answers = self.frames["stances"], self.frames["stance_rows"]
        if len(stances):
            known = resolves(rows[stances.parent], stances.strings["claim"], gold.claims.article, gold.claims.array)
            declared = np.isin(rows[stances.parent], gold.claims.article)
            given_claim = valid(stances.strings["claim"])
            for place in np.flatnonzero(~known & declared & given_claim & (rows[stances.parent] >= 0)):
                value = stances.strings["claim"][int(place)].as_py()
                names = ", ".join(gold.claims.of(int(rows[stances.parent[place]])))
                self.item("stances", int(place), ".claim", f"the article has no claim {_short(value)}", f"use {names}")
        if len(answers):
            row_ids = answers.strings["row"]
            known = resolves(rows[answers.parent], row_ids, gold.stance_rows.article, gold.stance_rows.array)
            given_row = valid(row_ids)
            for place in np.flatnonzero(~known & given_row & (rows[answers.parent] >= 0)):
                value = row_ids[int(place)].as_py()
                remedy = "answer the ids of config stance, in the line of their own article"
                self.item("stance_rows", int(place), ".row", f"{_short(value)} is no row of this article", remedy)

    def _rows(self, name: str, parent: Ints) -> Ints:
        """Rows of the batch for the parents of a frame's items."""
        outer = name.rpartition(".")[0]
        return self.frames[outer].parent[parent] if outer else parent

    def _locate(self, name: str, place: int) -> tuple[int, str]:
        """Row of the batch and path of an item."""
        frame = self.frames[name]
        outer, _, own = name.rpartition(".")
        index = f"{own or name}[{frame.index(place)}]"
        if not outer:
            return int(frame.parent[place]), index
        row, path = self._locate(outer, int(frame.parent[place]))
        return row, f"{path}.{index}"


def resolves(article: Ints, names: pa.Array, known_article: Ints, known_names: pa.Array) -> Mask:
    """(n,) bool: whether (article, name) is among the known pairs; null resolves nowhere."""
    if not len(names):
        return np.zeros(0, dtype=np.bool_)
    values = pc.unique(known_names)
    codes, known = rows_in(names, values), rows_in(known_names, values)
    size = len(values) + 1
    there = np.isin(article * size + codes, known_article * size + known)
    return there & (codes >= 0)


def repeated(parent: Ints, names: pa.Array) -> Ints:
    """Rows whose (parent, name) stood before; nulls are never the same."""
    encoded = pc.dictionary_encode(names)
    codes = integers(encoded.indices, -1)
    rows = np.flatnonzero(codes >= 0)
    keys = parent[rows] * (len(encoded.dictionary) + 1) + codes[rows]
    first = np.unique(keys, return_index=True)[1]
    again = np.ones(len(rows), dtype=np.bool_)
    again[first] = False
    return rows[again]


def odd_values(strings: pa.Array, allowed: Collection[str]) -> dict[str, int]:
    """Values outside a list, and how often each stands."""
    if not len(strings):
        return {}
    counts = pc.value_counts(strings).to_pylist()
    return {
        item["values"]: item["counts"]
        for item in counts
        if item["values"] is not None and item["values"] not in allowed
    }


def _cause_outside(text: str, end: int) -> str:
    if end <= len(text.encode("utf-16-le")) // 2:
        return "these may be UTF-16 offsets (JavaScript, Java): count code points"
    if end <= len(text.encode()):
        return "these may be offsets in bytes or UTF-16: count code points"
    return "count code points of the article's text"


def _cause(text: str, said: str, start: int, end: int) -> str:
    """Why a text may not stand at its offsets."""
    if _units(text, "utf-16-le", 2, start, end) == said:
        return "these are UTF-16 offsets (JavaScript, Java): count code points"
    if _units(text, "utf-8", 1, start, end) == said:
        return "these are offsets in bytes: count code points"
    if text[start : end + 1] == said:
        return "the end is exclusive: one more"
    if start and text[start - 1 : end - 1] == said:
        return "offsets begin at 0: one less"
    if start and text[start - 1 : end] == said:
        return "offsets begin at 0 and the end is exclusive"
    if text.replace("\n", "\r\n")[start:end] == said:
        return "these are offsets into a text with CRLF line ends: count \\n as one"
    place = text.find(said)
    if place >= 0:
        return f"this text stands at {place}–{place + len(said)}; give text alone to have it found"
    return "copy the text as it stands, or give text alone to have it found"


def _units(text: str, encoding: str, size: int, start: int, end: int) -> str:
    return text.encode(encoding)[start * size : end * size].decode(encoding, "replace")


def _short(text: str) -> str:
    shown = repr(text)
    return shown if len(shown) <= 60 else f"{shown[:59]}…"
