"""Functions of :mod:`pyarrow.compute`, under the names that they have there, without importing it.

That import writes signatures and documentation of some three hundred functions, which takes as long as reading some
megabytes of predictions; so do the methods of arrays that lead there (``take``, ``cast``, ``flatten`` …).
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa


def take(array: pa.Array, indices: pa.Array) -> pa.Array:
    """The values at some places."""
    return _call("take", array, indices)


def cast(array: pa.Array | pa.ChunkedArray, kind: pa.DataType) -> Any:
    """The values in another type; an array that has it already is handed back.

    Raises:
        pyarrow.ArrowInvalid: If a value does not fit.
    """
    return array if array.type == kind else _call("cast", array, options=_module().CastOptions.safe(kind))


def dictionary_encode(array: pa.Array) -> pa.DictionaryArray:
    """The distinct values, in order of first appearance, and which of them each value is; null stays null."""
    return _call("dictionary_encode", array)


def unique(array: pa.Array) -> pa.Array:
    """The distinct values, in order of first appearance."""
    return _call("unique", array)


def value_counts(array: pa.Array) -> pa.StructArray:
    """The distinct values and how often each is there."""
    return _call("value_counts", array)


def equal(array: pa.Array, other: pa.Array | pa.Scalar) -> pa.BooleanArray:
    """Whether values are the same; null where one of them is."""
    return _call("equal", array, other)


def not_equal(array: pa.Array, other: pa.Array | pa.Scalar) -> pa.BooleanArray:
    """Whether values differ; null where one of them is."""
    return _call("not_equal", array, other)


def index_in(array: pa.Array, values: pa.Array) -> pa.Int32Array:
    """The place of each value in a set; null for null and for what is not in it."""
    return _call("index_in", array, options=_module().SetLookupOptions(values, skip_nulls=True))


def if_else(mask: pa.BooleanArray, array: pa.Array, other: pa.Array) -> pa.Array:
    """Values of one array where the mask is true, of the other where not."""
    return _call("if_else", mask, array, other)


def coalesce(array: pa.Array, value: pa.Scalar) -> pa.Array:
    """The values, with one value for null."""
    return _call("coalesce", array, value)


def binary_join_element_wise(*arrays: pa.Array | pa.Scalar) -> pa.Array:
    """Strings joined by the last argument; null where one of them is."""
    return _call("binary_join_element_wise", *arrays)


def match_substring_regex(array: pa.Array, pattern: str) -> pa.BooleanArray:
    """Whether a pattern (RE2) is found in each string."""
    return _call("match_substring_regex", array, options=_module().MatchSubstringOptions(pattern))


def binary_length(array: pa.Array) -> pa.Array:
    """Bytes of each string."""
    return _call("binary_length", array)


def utf8_length(array: pa.Array) -> pa.Array:
    """Code points of each string."""
    return _call("utf8_length", array)


def list_flatten(array: pa.ListArray) -> pa.Array:
    """The items of all lists."""
    return _call("list_flatten", array)


def list_parent_indices(array: pa.ListArray) -> pa.Int64Array:
    """The place of the list that each of these items is from."""
    return _call("list_parent_indices", array)


def struct_field(array: pa.StructArray, place: int) -> pa.Array:
    """A field of each struct; null where the struct is."""
    return _call("struct_field", array, options=_module().StructFieldOptions([place]))


def _call(name: str, *arguments: Any, options: Any = None) -> Any:
    return _module().call_function(name, list(arguments), options)


def _module() -> Any:
    """The extension that ``pyarrow.compute`` has these from; imported when first used, as parsing has begun by then."""
    try:
        from pyarrow import _compute as module
    except ImportError:  # Should it ever be somewhere else.
        import pyarrow.compute as module
    return module
