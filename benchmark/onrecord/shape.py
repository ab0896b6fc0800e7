"""Whether a JSON value has the shape of the wire form: its fields and their kinds, before anything reads it.

The Arrow types of :mod:`onrecord.wire` are the definition, so there is nothing here to keep in step with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa


def faults(value: Any, kind: pa.DataType, path: str = "") -> Iterator[tuple[str, str]]:
    """Yields (path, message) for everything in ``value`` that the Arrow type cannot hold without loss.

    Null is allowed wherever the wire form allows it, which is everywhere; a list holds no nulls.

    Args:
        value: A decoded JSON value.
        kind: The Arrow type it should fit.
        path: Path of the value, for messages.
    """
    if value is None:
        return
    if pa.types.is_struct(kind):
        if not isinstance(value, dict):
            yield path, f"{_shown(value)} is no object"
            return
        known = {kind.field(index).name: kind.field(index).type for index in range(kind.num_fields)}
        for name, item in value.items():
            inner = f"{path}.{name}" if path else str(name)
            if name in known:
                yield from faults(item, known[name], inner)
            else:
                yield inner, f"unknown field (known are {', '.join(known)})"
    elif pa.types.is_list(kind):
        if not isinstance(value, list | tuple):
            yield path, f"{_shown(value)} is no list"
            return
        for index, item in enumerate(value):
            if item is None:
                yield f"{path}[{index}]", "null in a list"
            yield from faults(item, kind.value_type, f"{path}[{index}]")
    elif pa.types.is_integer(kind):
        if isinstance(value, bool) or not isinstance(value, int) or not -(2**31) <= value < 2**31:
            yield path, f"{_shown(value)} is no whole number"
    elif not isinstance(value, str):
        yield path, f"{_shown(value)} is no text"


def missing(value: Any, kind: pa.DataType | pa.Schema, path: str = "") -> Iterator[str]:
    """Yields the path of every field that the type has and the value lacks; null is no lack.

    Arrow fills such fields with nulls without a word.
    """
    if isinstance(kind, pa.Schema) or (value is not None and pa.types.is_struct(kind)):
        for field in kind:
            inner = f"{path}.{field.name}" if path else field.name
            if field.name not in value:
                yield inner
            elif value[field.name] is not None:
                yield from missing(value[field.name], field.type, inner)
    elif value is not None and pa.types.is_list(kind) and pa.types.is_nested(kind.value_type):
        for index, item in enumerate(value):
            yield from missing(item, kind.value_type, f"{path}[{index}]")


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
