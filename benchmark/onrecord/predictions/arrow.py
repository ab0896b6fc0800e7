"""Arrow arrays as numpy arrays, read from their buffers.

``np.asarray`` of an Arrow array imports pandas, which takes longer than reading the predictions does.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from onrecord.columns import Ints

Mask: TypeAlias = npt.NDArray[np.bool_]


def integers(array: pa.Array, null: int) -> Ints:
    """(n,) int64 of whole numbers, with a number for null.

    Raises:
        pyarrow.ArrowInvalid: If a number does not fit.
    """
    whole = array.cast(pa.int64()) if array.type != pa.int64() else array
    if whole.null_count == len(whole):
        return np.full(len(whole), null, dtype=np.int64)
    if whole.null_count:
        whole = whole.fill_null(null)
    values: Ints = np.frombuffer(whole.buffers()[1], dtype=np.int64)[whole.offset : whole.offset + len(whole)]
    return values


def truths(array: pa.Array) -> Mask:
    """(n,) bool; null is False."""
    if array.null_count:
        array = array.fill_null(False)
    if not len(array):
        return np.zeros(0, dtype=np.bool_)
    bits = np.unpackbits(np.frombuffer(array.buffers()[1], dtype=np.uint8), bitorder="little")
    return bits[array.offset : array.offset + len(array)].astype(np.bool_)


def valid(array: pa.Array | pa.ChunkedArray) -> Mask:
    """(n,) bool: where the array has a value."""
    if array.null_count in (0, len(array)):
        return np.full(len(array), array.null_count == 0 and not pa.types.is_null(array.type), dtype=np.bool_)
    if isinstance(array, pa.ChunkedArray):
        return np.concatenate([valid(chunk) for chunk in array.chunks])
    return truths(array.is_valid())


def rows_in(array: pa.Array, values: pa.Array) -> Ints:
    """(n,) int64: place of each string among ``values``, -1 where it is not there or null."""
    return integers(pc.index_in(array, value_set=values, skip_nulls=True), -1)
