"""Frames of wire items into the flat columns that scoring works on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from onrecord import compute as pc
from onrecord.columns import (
    ABSENT,
    Chains,
    Coded,
    Columns,
    Dates,
    Ints,
    Mentions,
    Quotes,
    StanceRows,
    Stances,
)
from onrecord.predictions.arrow import booleans, places, text_array, valid
from onrecord.predictions.flat import NULL, Frame, coded
from onrecord.predictions.texts import Texts

_Layer = TypeVar("_Layer")


class Later(Coded):
    """A column that is built when somebody asks for it: the surface of every mention, which few measures need."""

    def __init__(self, build: Callable[[], Coded], size: int) -> None:
        self.__dict__.update(build=build, size=size)

    def __len__(self) -> int:
        return int(self.__dict__["size"])

    @cached_property
    def _built(self) -> Coded:
        built: Coded = self.__dict__["build"]()
        return built

    def take(self, rows: Ints) -> Coded:
        """The same column for a selection of rows, built as late."""
        return Later(lambda: self._built.take(rows), len(rows))

    @property
    def codes(self) -> Ints:
        """(n,) int64; -1 is null."""
        return self._built.codes

    @property
    def values(self) -> Sequence[str]:
        """Distinct strings."""
        return self._built.values


def columns_of(
    frames: Mapping[str, Frame],
    article: Ints,
    ids: Sequence[str],
    present: Collection[str],
    answered: dict[str, npt.NDArray[np.bool_]],
    texts: Texts,
) -> Columns:
    """Columns of frames whose spans have their offsets.

    Args:
        frames: Items by path, see :mod:`onrecord.predictions.flat`.
        article: (rows,) number of the article that each row of the input is about.
        ids: Article ids.
        present: The columns that some row has; the layers of the others are None.
        answered: Per layer, (ids,) bool.
        texts: One text an article.
    """

    def layer(name: str, built: _Layer) -> _Layer | None:
        return built if name in present else None

    return Columns(
        ids=ids,
        mentions=layer("entities", _mentions(frames["entities"], article, texts)),
        chains=layer("chains", _chains(frames, article)),
        quotes=layer("quotes", _quotes(frames, article, texts)),
        dates=layer("dates", _dates(frames["dates"], article, texts)),
        stances=layer("stances", _stances(frames, article)),
        stance_rows=layer("stance_rows", _stance_rows(frames["stance_rows"], article)),
        answered={name: mask for name, mask in answered.items() if mask.any()},
    )


def row_ids(article: Ints, ids: pa.Array, claim: pa.Array, holder: pa.Array) -> pa.Array:
    """Ids of rows of config ``stance``: ``<article>#<claim>#<holder>``."""
    names = pc.take(ids, places(article))
    nothing, sign = pc.cast(text_array(["", "#"]), pa.string())
    return pc.binary_join_element_wise(names, pc.coalesce(claim, nothing), pc.coalesce(holder, nothing), sign)


def _mentions(frame: Frame, article: Ints, texts: Texts) -> Mentions:
    rows = article[frame.parent]
    return Mentions(
        article=rows,
        start=frame.ints["start"],
        end=frame.ints["end"],
        type=coded(frame.strings["type"]),
        kind=coded(frame.strings["kind"]),
        entity=coded(frame.strings["entity"]),
        link=coded(frame.strings["link"]),
        text=_words(frame, rows, texts),
    )


def _words(frame: Frame, article: Ints, texts: Texts) -> Later:
    """The words of each span, looked up when somebody asks."""
    given, start, end = frame.strings["text"], frame.ints["start"], frame.ints["end"]
    return Later(lambda: coded(_surface(given, article, start, end, texts)), len(frame))


def _surface(text: pa.Array, article: Ints, start: Ints, end: Ints, texts: Texts) -> pa.Array:
    """The words of each span: as given, else as they stand in the article."""
    if not text.null_count:
        return text
    wanted = ~valid(text) & (start >= 0)
    rows = np.flatnonzero(wanted)
    there = texts.slices(article[rows], start[rows], end[rows])
    if len(rows) == len(text):
        return there
    if not len(rows):
        return text
    place = np.where(wanted, np.cumsum(wanted) - 1, 0)
    return pc.if_else(booleans(wanted), pc.take(there, places(place)), pc.cast(text, pa.large_string()))


def _chains(frames: Mapping[str, Frame], article: Ints) -> Chains:
    frame, aliases = frames["chains"], frames["chains.aliases"]
    names: list[tuple[str, ...]] = [()] * len(frame)
    for parent, alias in zip(aliases.parent.tolist(), aliases.strings[""].to_pylist(), strict=True):
        names[parent] = (*names[parent], alias)
    return Chains(
        article=article[frame.parent],
        id=coded(frame.strings["id"]),
        type=coded(frame.strings["type"]),
        name=coded(frame.strings["name"]),
        aliases=names,
        link=coded(frame.strings["link"]),
    )


def _quotes(frames: Mapping[str, Frame], article: Ints, texts: Texts) -> Quotes:
    frame, segments = frames["quotes"], frames["quotes.content"]
    names = ("id", "speaker", "speaker_name", "kind", "sourcing", "said_on")
    strings = {name: coded(frame.strings[name]) for name in names}
    return Quotes(
        article=article[frame.parent],
        id=strings["id"],
        cue_start=_absent(frame.ints["cue.start"]),
        cue_end=_absent(frame.ints["cue.end"]),
        source_start=_absent(frame.ints["source.start"]),
        source_end=_absent(frame.ints["source.end"]),
        speaker=strings["speaker"],
        speaker_name=strings["speaker_name"],
        kind=strings["kind"],
        sourcing=strings["sourcing"],
        said_on=strings["said_on"],
        segment_quote=segments.parent,
        segment_start=segments.ints["start"],
        segment_end=segments.ints["end"],
        segment_text=_words(segments, article[frame.parent[segments.parent]], texts),
    )


def _dates(frame: Frame, article: Ints, texts: Texts) -> Dates:
    return Dates(
        article=article[frame.parent],
        start=frame.ints["start"],
        end=frame.ints["end"],
        type=coded(frame.strings["type"]),
        value=coded(frame.strings["value"]),
        mod=coded(frame.strings["mod"]),
        text=_words(frame, article[frame.parent], texts),
    )


def _stances(frames: Mapping[str, Frame], article: Ints) -> Stances:
    frame, evidence = frames["stances"], frames["stances.evidence_quotes"]
    return Stances(
        article=article[frame.parent],
        holder=coded(frame.strings["holder"]),
        holder_name=coded(frame.strings["holder_name"]),
        claim=coded(frame.strings["claim"]),
        label=coded(frame.strings["label"]),
        earlier=coded(frame.strings["earlier"]),
        evidence_stance=evidence.parent,
        evidence_quote=coded(evidence.strings[""]),
    )


def _stance_rows(frame: Frame, article: Ints) -> StanceRows:
    """Answers to given rows; a null label is no answer."""
    rows = np.flatnonzero(valid(frame.strings["label"]))
    return StanceRows(
        article=article[frame.parent[rows]],
        row=_taken(frame.strings["row"], rows),
        label=_taken(frame.strings["label"], rows),
    )


def _taken(strings: pa.Array, rows: Ints) -> Coded:
    return coded(pc.take(strings, places(rows)))


def _absent(offsets: Ints) -> Ints:
    return np.where(offsets == NULL, ABSENT, offsets)
