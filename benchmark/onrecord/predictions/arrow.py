"""Arrow arrays as numpy arrays and back, through their buffers.

``np.asarray`` of an Arrow array and ``pa.array`` of a numpy array import pandas, which takes longer than reading the
predictions does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from onrecord import compute as pc
from onrecord.coded import Ints

Mask: TypeAlias = npt.NDArray[np.bool_]


def places(rows: Ints) -> pa.Int64Array:
    """(n,) whole numbers as an Arrow array, for ``take``."""
    values = np.ascontiguousarray(rows, dtype=np.int64)
    return pa.Array.from_buffers(pa.int64(), len(values), [None, pa.py_buffer(values)])


def booleans(mask: Mask) -> pa.BooleanArray:
    """(n,) truths as an Arrow array, for ``if_else``."""
    bits = np.packbits(np.ascontiguousarray(mask, dtype=np.bool_), bitorder="little")
    return pa.Array.from_buffers(pa.bool_(), len(mask), [None, pa.py_buffer(bits)])


def text_array(values: Sequence[str]) -> pa.LargeStringArray:
    """Strings without a null as an Arrow array."""
    encoded = [value.encode("utf-8", "surrogatepass") for value in values]
    offsets = np.zeros(len(encoded) + 1, dtype=np.int64)
    np.cumsum([len(value) for value in encoded], out=offsets[1:])
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.large_string(), len(encoded), buffers)


def integers(array: pa.Array, null: int) -> Ints:
    """(n,) int64 of whole numbers, with a number for null; not to be written to.

    Raises:
        pyarrow.ArrowInvalid: If a number does not fit.
    """
    whole = pc.cast(array, pa.int64())
    if whole.null_count == len(whole):  # One number for all of them takes no memory.
        return np.broadcast_to(np.int64(null), (len(whole),))
    values: Ints = np.frombuffer(whole.buffers()[1], dtype=np.int64)[whole.offset : whole.offset + len(whole)]
    return np.where(_validity(whole), values, null) if whole.null_count else values


def truths(array: pa.Array) -> Mask:
    """(n,) bool; null is False."""
    if not len(array):
        return np.zeros(0, dtype=np.bool_)
    values = _bits(array.buffers()[1], array.offset, len(array))
    return values & _validity(array) if array.null_count else values


def valid(array: pa.Array | pa.ChunkedArray) -> Mask:
    """(n,) bool: where the array has a value."""
    if array.null_count in (0, len(array)):
        return np.full(len(array), array.null_count == 0 and not pa.types.is_null(array.type), dtype=np.bool_)
    if isinstance(array, pa.ChunkedArray):
        return np.concatenate([valid(chunk) for chunk in array.chunks])
    return _validity(array)


def rows_in(array: pa.Array, values: pa.Array) -> Ints:
    """(n,) int64: place of each string among ``values``, -1 where it is not there or null."""
    return integers(pc.index_in(array, values), -1)


def _validity(array: pa.Array) -> Mask:
    """(n,) bool: where an array that has nulls has a value."""
    return _bits(array.buffers()[0], array.offset, len(array))


def _bits(buffer: pa.Buffer, offset: int, size: int) -> Mask:
    bits = np.unpackbits(np.frombuffer(buffer, dtype=np.uint8), bitorder="little")
    return bits[offset : offset + size].astype(np.bool_)
