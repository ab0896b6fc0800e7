"""Nested wire columns flattened: one frame a layer, one row an item, without a Python loop over items.

The wire form's Arrow types say which fields exist. A column that has another shape than they say (offsets as text,
``[start, end]`` for a span, nulls in a list) raises :class:`IrregularError`: it is read row by row instead, which knows
how to say what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from onrecord import compute as pc
from onrecord.coded import Coded, Ints, nothing
from onrecord.predictions.arrow import Mask, integers, places, valid

#: Stands for null in columns of whole numbers.
NULL: Final = int(np.iinfo(np.int64).min)


class IrregularError(Exception):
    """The column does not have the shape of the wire form."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The items of one list column.

    Attributes:
        parent: (n,) row of the table (or of the frame one level up) that an item belongs to; never falling.
        places: (n,) place of each item in its list; None where no item was left out, so that it need not be kept.
        ints: Columns of whole numbers, (n,) each, ``NULL`` for null. Fields of a nested span are ``cue.start``.
        strings: Columns of strings, (n,) each. A list of plain strings has the one column ``""``.
    """

    parent: Ints
    places: Ints | None
    ints: Mapping[str, Ints]
    strings: Mapping[str, pa.Array]

    def __len__(self) -> int:
        return len(self.parent)

    def index(self, item: int) -> int:
        """Place of an item in its list."""
        if self.places is not None:
            return int(self.places[item])
        return item - int(np.searchsorted(self.parent, self.parent[item]))


def frames(table: pa.Table, fields: Iterable[pa.Field], *, skip_null: bool = False) -> dict[str, Frame]:
    """Frames of every list column of a table, by path: ``entities``, ``quotes``, ``quotes.content`` …

    Args:
        table: Rows in wire form; columns it lacks have empty frames.
        fields: The list columns and their types in the wire form.
        skip_null: Leave null items out instead of calling the column irregular.

    Raises:
        IrregularError: If a column has another shape.
    """
    found: dict[str, Frame] = {}
    for field in fields:
        array = column(table, field.name)
        _flatten(pa.nulls(len(table)) if array is None else array, field.type, field.name, found, skip_null)
    return found


def column(table: pa.Table, name: str) -> pa.Array | None:
    """A column as one array, or None if the table lacks it."""
    if name not in table.column_names:
        return None
    chunks = table.column(name).combine_chunks()
    if isinstance(chunks, pa.ChunkedArray):
        chunks = pa.concat_arrays(chunks.chunks) if chunks.num_chunks else pa.array([], chunks.type)
    return chunks


def given(table: pa.Table, name: str) -> Mask:
    """(rows,) bool: whether the row has a value in the column."""
    if name not in table.column_names:
        return np.zeros(len(table), dtype=np.bool_)
    return valid(table.column(name))


def unknown_fields(schema: pa.Schema | pa.StructType, known: pa.Schema | pa.StructType, path: str = "") -> set[str]:
    """Paths of fields that the wire form does not know, e.g. ``quotes[].speeker``."""
    unknown: set[str] = set()
    kinds = {field.name: field.type for field in known}
    for field in schema:
        if field.name not in kinds:
            unknown.add(f"{path}{field.name}")
            continue
        inner, expected, here = field.type, kinds[field.name], f"{path}{field.name}"
        if _is_list(inner) and _is_list(expected):
            inner, expected, here = inner.value_type, expected.value_type, f"{here}[]"
        if pa.types.is_struct(inner) and pa.types.is_struct(expected):
            unknown |= unknown_fields(inner, expected, f"{here}.")
    return unknown


def join(parts: Sequence[tuple[dict[str, Frame], int]]) -> dict[str, Frame]:
    """Frames of several tables as those of one table that has the rows of all of them.

    Args:
        parts: For each table its frames and its number of rows.
    """
    if len(parts) == 1:
        return parts[0][0]
    joined: dict[str, Frame] = {}
    for path in parts[0][0]:
        outer = path.rpartition(".")[0]
        sizes = [len(found[outer]) if outer else rows for found, rows in parts]
        bases = np.concatenate([[0], np.cumsum(sizes)])[:-1]
        some = [found[path] for found, _ in parts]
        joined[path] = Frame(
            np.concatenate([frame.parent + base for frame, base in zip(some, bases, strict=True)]),
            _joined_places(some),
            {name: _joined_ints([frame.ints[name] for frame in some]) for name in some[0].ints},
            _joined_strings(some),
        )
    return joined


def _joined_ints(parts: Sequence[Ints]) -> Ints:
    # Where all numbers are null they are one, which takes no memory: see ``integers``.
    if all(part.strides == (0,) and (part[:1] == NULL).all() for part in parts):
        return np.broadcast_to(np.int64(NULL), (sum(map(len, parts)),))
    return np.concatenate(parts)


def _joined_strings(some: Sequence[Frame]) -> dict[str, pa.Array]:
    """Columns put together; those that nobody fills are all the same one."""
    joined: dict[str, pa.Array] = {}
    absent = pa.nulls(sum(map(len, some)), pa.string())
    for name in some[0].strings:
        parts = [frame.strings[name] for frame in some]
        joined[name] = absent if all(part.null_count == len(part) for part in parts) else pa.concat_arrays(parts)
    return joined


def _joined_places(some: Sequence[Frame]) -> Ints | None:
    if all(frame.places is None for frame in some):
        return None
    kept = [_places(frame.parent) if frame.places is None else frame.places for frame in some]
    return np.concatenate(kept)


def _places(parent: Ints) -> Ints:
    """(n,) how many items before each have the same parent."""
    return np.arange(len(parent)) - np.searchsorted(parent, parent)


def coded(strings: pa.Array) -> Coded:
    """A column of strings as codes, in order of first appearance."""
    if strings.null_count == len(strings):
        return nothing(len(strings))
    encoded = pc.dictionary_encode(strings)
    return Coded(integers(encoded.indices, -1), encoded.dictionary.to_pylist())


def _flatten(array: pa.Array, kind: pa.DataType, path: str, found: dict[str, Frame], skip_null: bool) -> None:
    if pa.types.is_null(array.type):
        array = pa.nulls(len(array), kind)
    if not _is_list(array.type):
        raise IrregularError(path)
    parent = integers(pc.list_parent_indices(array), -1)
    values = pc.list_flatten(array)
    kept: Ints | None = None
    if values.null_count:
        if not skip_null:
            raise IrregularError(path)
        rows = np.flatnonzero(valid(values))
        parent, kept, values = parent[rows], _places(parent)[rows], pc.take(values, places(rows))
    ints: dict[str, Ints] = {}
    strings: dict[str, pa.Array] = {}
    inner: list[tuple[str, pa.Array, pa.DataType]] = []
    if pa.types.is_struct(kind.value_type):
        _columns(values, kind.value_type, "", path, (ints, strings, inner))
    else:
        strings[""] = _strings(values, path)
    found[path] = Frame(parent, kept, ints, strings)
    for name, nested, expected in inner:
        _flatten(nested, expected, f"{path}.{name}", found, skip_null)


_Parts = tuple[dict[str, Ints], dict[str, pa.Array], list[tuple[str, pa.Array, pa.DataType]]]


def _columns(values: pa.Array, kind: pa.StructType, prefix: str, path: str, into: _Parts) -> None:
    """Sorts the fields of a struct into whole numbers, strings and nested lists."""
    if pa.types.is_null(values.type):
        values = pa.nulls(len(values), kind)
    if not pa.types.is_struct(values.type):
        raise IrregularError(path)
    ints, strings, inner = into
    # Fields that nobody fills are all the same column: most of the wire form's, in most files.
    absent: dict[pa.DataType, pa.Array] = {}
    for field in kind:
        place = values.type.get_field_index(field.name)
        name = f"{prefix}{field.name}"
        if place < 0 and field.type not in absent:
            absent[field.type] = pa.nulls(len(values), field.type)
        array = absent[field.type] if place < 0 else pc.struct_field(values, place)
        if pa.types.is_struct(field.type):
            _columns(array, field.type, f"{name}.", f"{path}.{name}", into)
        elif _is_list(field.type):
            inner.append((name, array, field.type))
        elif pa.types.is_integer(field.type):
            ints[name] = _numbers(array, f"{path}.{name}")
        else:
            strings[name] = _strings(array, f"{path}.{name}")


def _numbers(array: pa.Array, path: str) -> Ints:
    if not (pa.types.is_integer(array.type) or pa.types.is_null(array.type)):
        raise IrregularError(path)
    try:
        return integers(array, NULL)
    except pa.ArrowInvalid as error:
        raise IrregularError(path) from error


def _strings(array: pa.Array, path: str) -> pa.Array:
    kind = array.type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind)) and not (
        hasattr(pa.types, "is_string_view") and pa.types.is_string_view(kind)
    ):
        raise IrregularError(path)
    return pc.cast(array, pa.string())


def _is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))
