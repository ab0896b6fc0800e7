"""JSON Lines into columns by pyarrow, at its full speed, for chunks that are regular.

Whatever is not (a syntax error, a wrong type, a field twice, ``[start, end]`` for a span) is left to
:mod:`onrecord.predictions.slow`, which is exact. What pyarrow's reader would take without a word, or crash on, is
looked for: a line that is null ends the process (pyarrow 26), as does nesting of several thousand levels in a field it
does not know; NaN in such a field and bytes that are no UTF-8 pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.json

from onrecord.predictions.flat import unknown_fields

Rows: TypeAlias = npt.NDArray[np.int64]
Buffer: TypeAlias = bytes | memoryview

#: Bytes of one of pyarrow's blocks: large enough to parse fast, small enough to occupy every core.
_BLOCK: Final = 2 << 20
#: Bytes and lines that are looked at to see which fields there are.
_PEEK: Final = 1 << 18
_PEEK_LINES: Final = 20
#: No line below this length can be nested deep enough to overflow pyarrow's stack.
_LONG_LINE: Final = 10_000
#: Opening brackets that a line may have without a closer look.
_MANY_OPENINGS: Final = 4_000
#: Bytes that stay in a processor's cache.
_CACHED: Final = 1 << 18
_FEED, _BRACE = b"\n{"
#: Levels of nesting that are surely safe, and surely not meant.
_DEEPEST: Final = 500
_OBJECT: Final = re.compile(rb"\s*\{")
_NULL_LINE: Final = re.compile(rb"\n\s*null")
_STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*"')
_NOT_A_NUMBER: Final = re.compile(rb"[:\[,]\s*[-+]?(?:NaN|Inf|Infinity)\s*[,\]}]")


def line_breaks(chunk: Buffer) -> Rows:
    """(breaks,) int64: where the line feeds are. Some bytes at a time stay in the processor's cache."""
    content = np.frombuffer(chunk, dtype=np.uint8)
    found = [
        np.flatnonzero(content[first : first + _CACHED] == _FEED) + first for first in range(0, len(content), _CACHED)
    ]
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def parse(chunk: Buffer, breaks: Rows, schema: pa.Schema) -> pa.Table | None:
    """A chunk of whole lines as a table, or None if it is not regular.

    Args:
        chunk: Lines, each one JSON object.
        breaks: Where they end, see :func:`line_breaks`.
        schema: Fields with their types; further fields are kept with the types that they seem to have.
    """
    if not _OBJECT.match(chunk) or _has_null_line(chunk, breaks) or not _is_utf8(chunk) or _is_deep(chunk, breaks):
        return None
    narrow = _seen(chunk, schema)
    table = None if narrow is None else _read(chunk, narrow)
    # A field of ours that only later lines have was given a guessed type: all of it again, then.
    if table is None or unknown_fields(table.schema, narrow) - unknown_fields(table.schema, schema):
        table = _read(chunk, schema)
    if table is not None and unknown_fields(table.schema, schema) and _NOT_A_NUMBER.search(chunk):
        return None  # A field that is not ours may hold a number that JSON does not have.
    return table


def _read(chunk: Buffer, schema: pa.Schema) -> pa.Table | None:
    options = pyarrow.json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="infer")
    for block in (_BLOCK, len(chunk) + 1):
        reading = pyarrow.json.ReadOptions(block_size=min(block, 2**31 - 1))
        try:
            table = pyarrow.json.read_json(pa.BufferReader(chunk), read_options=reading, parse_options=options)
            table.validate()  # A list of nothing but nulls in a field that is not ours comes out broken (pyarrow 26).
        except pa.ArrowInvalid as error:
            if "straddl" in str(error) and block < len(chunk):
                continue
            return None
        return table
    return None


def _seen(chunk: Buffer, schema: pa.Schema) -> pa.Schema | None:
    """The fields that the first lines have, with the schema's types; columns that nobody fills are not cheap."""
    lines = bytes(memoryview(chunk)[:_PEEK]).split(b"\n", _PEEK_LINES)[:-1]
    try:
        rows = [orjson.loads(line) for line in lines if line.strip()]
    except orjson.JSONDecodeError:
        return None
    return pa.schema(_present(rows, schema)) if rows and all(isinstance(row, dict) for row in rows) else None


def _present(rows: Sequence[dict[str, Any]], kind: Iterable[pa.Field]) -> list[pa.Field]:
    found = []
    for field in kind:
        values = [row[field.name] for row in rows if field.name in row]
        if values:
            found.append(field.with_type(_narrowed(values, field.type)))
    return found


def _narrowed(values: Sequence[Any], kind: pa.DataType) -> pa.DataType:
    if pa.types.is_list(kind):
        inner = [item for value in values if isinstance(value, list) for item in value]
        return pa.list_(_narrowed(inner, kind.value_type)) if inner else kind
    if pa.types.is_struct(kind):
        fields = _present([value for value in values if isinstance(value, dict)], kind)
        return pa.struct(fields) if fields else kind
    return kind


def row_lines(chunk: Buffer, breaks: Rows, rows: int, first: int) -> Rows | None:
    """(rows,) one-based number of the line that each row of a parsed chunk stands on.

    Args:
        chunk: The lines.
        breaks: Where they end.
        rows: How many objects were found in them.
        first: Number of the chunk's first line.

    Returns:
        None if there is not one object a line.
    """
    ended = len(breaks) > 0 and int(breaks[-1]) == len(chunk) - 1
    if len(breaks) + (not ended) == rows:
        return np.arange(first, first + rows)
    filled = [number for number, line in enumerate(bytes(chunk).split(b"\n"), start=first) if line.strip()]
    return np.asarray(filled, dtype=np.int64) if len(filled) == rows else None


def _has_null_line(chunk: Buffer, breaks: Rows) -> bool:
    """Whether a line may be null: looked for only where a line begins with something else than a brace."""
    content = np.frombuffer(chunk, dtype=np.uint8)
    begins = content[(breaks[:-1] if len(breaks) and breaks[-1] == len(content) - 1 else breaks) + 1]
    return bool((begins != _BRACE).any()) and _NULL_LINE.search(chunk) is not None


def _is_utf8(chunk: Buffer) -> bool:
    offsets = pa.py_buffer(np.asarray([0, len(chunk)], dtype=np.int64))
    whole = pa.Array.from_buffers(pa.large_string(), 1, [None, offsets, pa.py_buffer(chunk)])
    try:
        whole.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _is_deep(chunk: Buffer, breaks: Rows) -> bool:
    """Whether a line is nested suspiciously deep; short lines are passed over without reading them."""
    bounds = np.concatenate([[-1], breaks, [len(chunk)]])
    for number in np.flatnonzero(np.diff(bounds) > _LONG_LINE).tolist():
        line = bytes(chunk[int(bounds[number]) + 1 : int(bounds[number + 1])])
        if line.count(b"[") + line.count(b"{") > _MANY_OPENINGS and _depth(line) > _DEEPEST:
            return True
    return False


def _depth(line: bytes) -> int:
    """Nesting of a line, brackets inside its strings left out."""
    bits = np.frombuffer(_STRING.sub(b"", line), dtype=np.uint8) | 0x20
    return int(np.cumsum((bits == ord("{")).astype(np.int32) - (bits == ord("}"))).max(initial=0))
