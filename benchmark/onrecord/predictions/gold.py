"""The gold to score against: a released folder, JSON Lines of gold lines, datasets, pandas, lists of dicts.

Gold lines have at least ``id``, ``text`` and the layers to score. Gold that is not a released folder declares no
inventory of entity types (``types`` is None: its own types count), and our outside types apply to it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from onrecord import compute as pc
from onrecord.aside import beside
from onrecord.columns import Columns, Ints, StanceRows
from onrecord.errors import InputError, Problem
from onrecord.predictions.arrow import places, text_array, truths, valid
from onrecord.predictions.assembly import columns_of, row_ids
from onrecord.predictions.checker import Checker, Seen, resolves
from onrecord.predictions.digest import data_hash
from onrecord.predictions.flat import Frame, coded, column, given, join
from onrecord.predictions.intake import Batch, Opened, batches, where
from onrecord.predictions.slow import Findings
from onrecord.predictions.texts import Texts
from onrecord.predictions.validate import LAYER_FRAMES, has_layer
from onrecord.schemas import LINE
from onrecord.vocabulary import ARTICLE_VOICE, LAYERS, OUTSIDE_TYPES

#: Columns of ``Gold.meta``.
META: Final = ("id", "story", "outlet", "desk", "variety", "phenomena", "published", "language", "headline", "edition")


@dataclass(frozen=True, slots=True)
class _Described:
    """What is known of the data beside its lines; an empty string is unknown."""

    name: str
    version: str = ""
    edition: str = ""
    data_hash: str = ""
    types: tuple[str, ...] | None = None
    outside: tuple[str, ...] = OUTSIDE_TYPES


@dataclass(frozen=True)
class Names:
    """Names that belong to articles: claims, rows of config ``stance``.

    Attributes:
        article: (n,) row of the article.
        array: (n,) strings.
    """

    article: Ints
    array: pa.Array

    def of(self, article: int) -> list[str]:
        """The names of one article."""
        found: list[str] = pc.take(self.array, places(np.flatnonzero(self.article == article))).to_pylist()
        return found


@dataclass(frozen=True)
class Gold:
    """Gold labels with their texts.

    Attributes:
        columns: The layers; a layer that no article has is None. ``stance_rows`` are the rows of config ``stance``.
        texts: One text an article, in the order of ``columns.ids``.
        meta: One row an article, columns ``META``; null where a field is absent.
        types: The declared inventory of entity types, or None.
        outside: Types that a tagger may emit but this gold does not annotate.
        name: What the data is called.
        version: Its version, empty if it states none.
        edition: Its edition, empty if it states none.
        split: The split the articles are from.
        hashing: Where ``data_hash`` comes from: hashing runs beside everything else.
        claims: Claim ids of each article.
        stance_rows: Ids of the rows of config ``stance``.
        problems_dropped: What had to be left out, in words.
    """

    columns: Columns
    texts: Texts
    meta: pa.Table
    types: tuple[str, ...] | None
    outside: tuple[str, ...]
    name: str
    version: str
    edition: str
    split: str
    hashing: Future[str]
    claims: Names
    stance_rows: Names
    problems_dropped: tuple[str, ...] = ()

    @property
    def data_hash(self) -> str:
        """SHA-256 in hexadecimal, whatever the order of the lines.

        Of the whole release for a released folder, else of ids, texts, claims and labels.
        """
        return self.hashing.result()

    @cached_property
    def id_array(self) -> pa.Array:
        """The article ids in Arrow, for joining."""
        return column(self.meta, "id")


def read_gold(source: Any, split: str = "test") -> Gold:
    """Reads gold of any kind, and checks it.

    Args:
        source: A released folder, a file of gold lines (JSON Lines, gzip, Parquet), a ``datasets.Dataset``, a pandas
            data frame, an Arrow table, a list of dicts; a file that is :class:`Opened` already; a :class:`Gold` is
            handed back.
        split: Which split of a released folder; of anything else, what to call it.

    Raises:
        InputError: With every problem found.
    """
    if isinstance(source, Gold):
        return source
    if isinstance(source, Opened):
        found = source.found
        return _gold(source.batches, found, _Described(Path(found.where).name.partition(".")[0]), split)
    if isinstance(source, str | os.PathLike) and Path(source).is_dir():
        return _released(Path(source), split)
    name = Path(source).name.partition(".")[0] if isinstance(source, str | os.PathLike) else "gold"
    found = Findings(where(source) if isinstance(source, str | os.PathLike) else "<gold>")
    return _gold(batches(source, LINE, found), found, _Described(name), split)


def _released(folder: Path, split: str) -> Gold:
    from onrecord.release import read_release, read_rows

    release = read_release(folder)
    found = Findings(str(folder))
    # Reading the rows also holds their file against its hash, which the signature repeats.
    return _gold(
        batches(read_rows(folder, "all", split), LINE, found),
        found,
        _Described(
            release.name, release.version, release.edition or "", release.data_hash, release.types, release.outside
        ),
        split,
    )


def _gold(pieces: Iterable[Batch], found: Findings, described: _Described, split: str) -> Gold:
    """Checks batches of gold lines, each while the next is being read, and puts them together."""
    seen, labels = Seen(), Findings(found.where)
    parts: list[Batch] = []
    some: list[Texts] = []
    for part in pieces:
        checker = GoldChecker(part, found)
        checker.ids(seen)
        checker.texts()
        if found.problems:
            continue  # Without all ids and texts nothing else is looked at; go on only to find the rest.
        parts.append(part)
        some.append(Texts(part.table.column("text")))
        checker = GoldChecker(part, labels)
        checker.spans(np.arange(len(part.table)), some[-1], offsets=True)
        checker.answers()
        checker.references()
    if not any(len(part.table) for part in parts) and not found.problems:
        found.problems.append(Problem(found.where, "has no article", remedy="give at least one gold line"))
    _refuse(found)
    _refuse(labels)
    texts = Texts.joined(some)
    frames = join([(part.frames, len(part.table)) for part in parts])
    meta = pa.concat_tables([_meta(part.table) for part in parts]).combine_chunks()
    ids, id_array = list(seen.lines), column(meta, "id")  # No line is left out, so these are all of them, in order.
    columns, rows, dropped = _columns(frames, parts, (ids, id_array), texts)
    return Gold(
        columns=columns,
        texts=texts,
        meta=meta,
        types=described.types,
        outside=described.outside,
        name=described.name,
        version=described.version,
        edition=described.edition or "+".join(sorted(filter(None, pc.unique(column(meta, "edition")).to_pylist()))),
        split=split,
        hashing=beside(lambda: described.data_hash or data_hash(frames, ids, id_array, texts)),
        claims=Names(frames["claims"].parent, frames["claims"].strings["id"]),
        stance_rows=rows,
        problems_dropped=dropped,
    )


def _refuse(found: Findings) -> None:
    if found.problems:
        raise InputError(sorted(found.problems, key=lambda problem: problem.line or 0))


def _columns(
    frames: dict[str, Frame], parts: list[Batch], names: tuple[list[str], pa.Array], texts: Texts
) -> tuple[Columns, Names, tuple[str, ...]]:
    """The layers, the rows of config ``stance`` that follow from the stances, and sentences about what was dropped.

    ``names`` are the articles'.
    """
    ids, id_array = names
    answered: dict[str, npt.NDArray[np.bool_]] = {
        layer: np.concatenate([has_layer(part.table, layer) for part in parts]) for layer in LAYERS
    }
    present = {name for name in LAYER_FRAMES if any(given(part.table, name).any() for part in parts)}
    columns = columns_of(frames, np.arange(len(ids)), ids, present - {"stance_rows"}, answered, texts)
    kept: Ints | None = None
    dropped: tuple[str, ...] = ()
    if columns.dates is not None or columns.stances is not None:
        from onrecord.predictions.repeats import without_repeats

        columns, kept, dropped = without_repeats(columns)
    stances = columns.stances
    if stances is None or kept is None:
        return columns, Names(np.zeros(0, dtype=np.int64), pa.nulls(0, pa.string())), dropped
    claim, holder = (pc.take(frames["stances"].strings[name], places(kept)) for name in ("claim", "holder"))
    row_names = row_ids(stances.article, id_array, claim, holder)
    rows = StanceRows(stances.article, coded(row_names), stances.label)
    return replace(columns, stance_rows=rows), Names(stances.article, row_names), dropped


def _meta(table: pa.Table) -> pa.Table:
    kinds = {item.name: item.type for item in LINE}
    return pa.table({name: _one(table, name, kinds[name]) for name in META})


def _one(table: pa.Table, name: str, kind: pa.DataType) -> pa.Array:
    found = column(table, name)
    return pa.nulls(len(table), kind) if found is None else pc.cast(found, kind)


class GoldChecker(Checker):
    """What gold lines must obey on top of what answers must."""

    def texts(self) -> None:
        """Every line has a text."""
        for row in np.flatnonzero(~given(self.batch.table, "text")):
            self.add(int(row), "text", "a gold line without its text", "give id, text and the layers to score")

    def references(self) -> None:
        """Chains and claims that labels name are there, in lines that have them, and nobody has two positions."""
        self._positions()
        chains, claims = self.frames["chains"], self.frames["claims"]
        has_chains, has_claims = given(self.batch.table, "chains"), given(self.batch.table, "claims")
        for name, field, has, known in (
            ("entities", "entity", has_chains, chains),
            ("quotes", "speaker", has_chains, chains),
            ("stances", "holder", has_chains, chains),
            ("stances", "claim", has_claims, claims),
        ):
            frame = self.frames[name]
            strings = frame.strings[field]
            if not has.any() or strings.null_count == len(strings):
                continue
            lost = has[frame.parent] & valid(strings)
            lost &= ~resolves(frame.parent, strings, known.parent, known.strings["id"])
            if field == "holder":
                lost &= ~truths(pc.equal(strings, pc.cast(text_array([ARTICLE_VOICE]), strings.type)[0]))
            what = "claim" if field == "claim" else "chain"
            for place in np.flatnonzero(lost):
                value = strings[int(place)].as_py()
                self.item(name, int(place), f".{field}", f"no {what} of this line has id {value!r}", f"add the {what}")

    def _positions(self) -> None:
        """No holder has two positions on a claim: rows of config ``stance`` are named by claim and holder."""
        frame = self.frames["stances"]
        if not len(frame):
            return
        columns = [frame.strings[name].to_pylist() for name in ("claim", "holder", "holder_name", "label")]
        first: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        for place, (parent, claim, holder, name, label) in enumerate(zip(frame.parent.tolist(), *columns, strict=True)):
            said = (name if holder is None else None, label)
            if first.setdefault((parent, claim, holder), said) == said:
                continue  # The same once more is dropped later.
            if holder is None:
                message, remedy = f"a second holder without a chain on claim {claim!r}", "give each holder's chain"
            else:
                message, remedy = f"a second position of {holder!r} on claim {claim!r}", "keep one of them"
            self.item("stances", place, "", message, remedy)
