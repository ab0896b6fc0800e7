"""The texts of a dataset's articles: many at once, counted and sliced in code points without a Python loop."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import overload

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from onrecord import compute as pc
from onrecord.columns import Ints
from onrecord.predictions.arrow import integers, text_array


class Texts(Sequence[str]):
    """Article texts in one Arrow array; ``texts[i]`` is a plain string.

    Args:
        values: Strings without nulls, as a list, an Arrow array or a chunked array.
    """

    def __init__(self, values: Sequence[str] | pa.Array | pa.ChunkedArray) -> None:
        array = values if isinstance(values, pa.Array | pa.ChunkedArray) else text_array(values)
        array = pc.cast(array, pa.large_string())
        self.chunks: pa.ChunkedArray = pa.chunked_array([array]) if isinstance(array, pa.Array) else array

    @classmethod
    def joined(cls, parts: Sequence[Texts]) -> Texts:
        """The texts of all parts, counted as far as they are counted."""
        texts = cls(pa.chunked_array([chunk for part in parts for chunk in part.chunks.chunks], pa.large_string()))
        if all("lengths" in part.__dict__ for part in parts):
            texts.__dict__["lengths"] = np.concatenate([np.zeros(0, dtype=np.int64), *(part.lengths for part in parts)])
        return texts

    @cached_property
    def array(self) -> pa.LargeStringArray:
        """All texts in one array, put together when somebody asks: copying them is not cheap."""
        if self.chunks.num_chunks == 1:
            return self.chunks.chunk(0)
        array = self.chunks.combine_chunks()
        self.chunks = pa.chunked_array([array])
        return array

    def __len__(self) -> int:
        return len(self.chunks)

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> list[str]: ...
    def __getitem__(self, row: int | slice) -> str | list[str]:
        found: str | list[str] = (
            self.chunks[row].to_pylist() if isinstance(row, slice) else self.chunks[int(row)].as_py()
        )
        return found

    @cached_property
    def lengths(self) -> Ints:
        """(n,) int64: length of each text in code points."""
        counted = [integers(pc.utf8_length(chunk), 0) for chunk in self.chunks.chunks]
        return np.concatenate([np.zeros(0, dtype=np.int64), *counted])

    def slices(self, article: Ints, start: Ints, end: Ints) -> pa.LargeStringArray:
        """The surface text of spans, all of which must lie inside their texts.

        Args:
            article: (n,) rows of the texts.
            start: (n,) code points.
            end: (n,) code points, exclusive.
        """
        data, leads, shifted = self._bytes
        first = leads[article]
        begin = _byte_of(first + start, shifted)
        sizes = _byte_of(first + end, shifted) - begin
        offsets = np.zeros(len(sizes) + 1, dtype=np.int64)
        np.cumsum(sizes, out=offsets[1:])
        places = np.repeat(begin - offsets[:-1], sizes) + np.arange(offsets[-1])
        buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(data[places]))]
        return pa.Array.from_buffers(pa.large_string(), len(sizes), buffers)

    @cached_property
    def _bytes(self) -> tuple[npt.NDArray[np.uint8], Ints, Ints]:
        """UTF-8 of all texts; code points before each text; code points before each continuation byte.

        Every byte that does not continue a character begins one, so the byte of code point ``n`` is ``n`` plus the
        number of continuation bytes in front of it. Those are few in most languages, and a binary search finds them.
        """
        _, offsets, content = self.array.buffers()
        ends = np.frombuffer(offsets, dtype=np.int64)[self.array.offset : self.array.offset + len(self.array) + 1]
        whole = np.frombuffer(content, dtype=np.uint8) if content is not None else np.zeros(0, dtype=np.uint8)
        data = whole[ends[0] : ends[-1]] if len(ends) else whole[:0]
        leads = np.zeros(len(self.array) + 1, dtype=np.int64)
        np.cumsum(self.lengths, out=leads[1:])
        continuing = np.flatnonzero((data & 0xC0) == 0x80)
        return data, leads, continuing - np.arange(len(continuing))


def _byte_of(characters: Ints, shifted: Ints) -> Ints:
    return characters + np.searchsorted(shifted, characters, side="right")
