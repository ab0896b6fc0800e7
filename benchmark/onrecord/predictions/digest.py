"""A fingerprint of gold, for the signature: same data, same digits."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from onrecord import compute as pc
from onrecord.columns import Ints
from onrecord.predictions.arrow import integers, places, text_array
from onrecord.predictions.flat import Frame
from onrecord.predictions.texts import Texts


def data_hash(frames: Mapping[str, Frame], ids: Sequence[str], id_array: pa.Array, texts: Texts) -> str:
    """SHA-256 over ids, texts, claims and labels, articles in order of id, so that the order of lines is nothing.

    The order of the items within an article does count: it is the file's own order.

    Args:
        frames: Claims and labels.
        ids: The articles' ids.
        id_array: The same in Arrow.
        texts: Their texts.
    """
    order = np.asarray(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.int64)
    total = hashlib.sha256()
    _digest_strings(total, id_array, order)
    _digest_texts(total, texts, order)
    orders: dict[str, Ints] = {"": order}
    for path in sorted(frames):
        frame, outer = frames[path], orders[path.rpartition(".")[0]]
        place = np.empty(len(outer), dtype=np.int64)
        place[outer] = np.arange(len(outer))
        items = np.argsort(place[frame.parent], kind="stable")
        orders[path] = items
        total.update(path.encode())
        total.update(place[frame.parent][items].astype("<i8").tobytes())
        for name in sorted(frame.ints):
            total.update(name.encode())
            total.update(frame.ints[name][items].astype("<i8").tobytes())
        for name in sorted(frame.strings):
            total.update(name.encode())
            _digest_strings(total, frame.strings[name], items)
    return total.hexdigest()


def _digest_texts(total: hashlib._Hash, texts: Texts, order: Ints) -> None:
    """The same as :func:`_digest_strings` of all texts, which have no nulls, without copying those in order."""
    chunks = [chunk for chunk in texts.chunks.chunks if len(chunk)]
    if len(chunks) < 2 or (order != np.arange(len(order))).any():
        _digest_strings(total, texts.array, order)
        return
    for chunk in chunks:
        total.update(integers(pc.binary_length(chunk), -1).astype("<i8").tobytes())
    for chunk in chunks:
        _, offsets, content = chunk.buffers()
        if content is not None:
            bounds = np.frombuffer(offsets, dtype=np.int64)
            total.update(memoryview(content)[bounds[chunk.offset] : bounds[chunk.offset + len(chunk)]])


def _digest_strings(total: hashlib._Hash, strings: pa.Array, order: Ints) -> None:
    """Adds strings in an order: their lengths (-1 for null), then their bytes."""
    if strings.null_count == len(strings):
        total.update(b"null" * (len(strings) > 0))
        return
    in_order = strings.offset == 0 and len(order) == len(strings) and (order == np.arange(len(order))).all()
    taken = pc.cast(strings if in_order else pc.take(strings, places(order)), pa.large_string())
    total.update(integers(pc.binary_length(taken), -1).astype("<i8").tobytes())
    _, offsets, content = (pc.coalesce(taken, text_array([""])[0]) if taken.null_count else taken).buffers()
    if content is not None:
        bounds = np.frombuffer(offsets, dtype=np.int64)
        total.update(memoryview(content)[bounds[0] : bounds[len(taken)]])
