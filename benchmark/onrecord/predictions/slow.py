"""The exact reader: one line, one row, one field at a time, with a problem for everything that is wrong.

Values come out in wire form: ``[start, end]`` has become a span, and an item that cannot be used has become null, so
that the others keep their places and are checked too.
"""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa

from onrecord.coded import Ints
from onrecord.errors import Problem
from onrecord.schemas import SPAN

_TOO_DEEP: Final = "nested too deep"
_FLATTEN: Final = "flatten the nesting"
_SHORTHAND: Final = 'write {"start": 0, "end": 5}, {"text": "…"} or [0, 5]'


#: Fields that `onrecord predict` and language models' logs write beside the answers: who made the line, what failed.
STAMPS: Final = ("system", "error")


@dataclass(slots=True)
class Findings:
    """What reading has found so far.

    Attributes:
        where: The file, or ``<predictions>``.
        problems: In the order of the input.
        unknown: Path of each unknown field, with the place where it first stands.
    """

    where: str
    problems: list[Problem] = field(default_factory=list)
    unknown: dict[str, str] = field(default_factory=dict)

    def notes(self, schema: pa.Schema) -> list[str]:
        """A sentence on each unknown field, with the name that may have been meant."""
        sentences = []
        for path, place in sorted(self.unknown.items()):
            if path.partition(".")[0].partition("[")[0] in STAMPS:
                continue
            outer, _, name = path.rpartition(".")
            close = difflib.get_close_matches(name, _names(schema, outer), n=1)
            meant = f", did you mean {close[0]!r}?" if close else ""
            sentences.append(f"{place}: unknown field {path!r} is ignored{meant}")
        return sentences


def parse_line(line: bytes | bytearray, number: int, found: Findings) -> dict[str, Any] | None:
    """One line's object, or None with a problem; an empty line is None without one."""
    line = line.strip()
    if not line:
        return None
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        found.problems.append(_syntax(line, error, number, found.where))
        return None
    if not isinstance(value, dict):
        remedy = "write one JSON object a line, not a list of them"
        found.problems.append(Problem(found.where, f"{_shown(value)} is no object", number, None, remedy))
        return None
    try:
        json.loads(line, object_pairs_hook=_no_field_twice)
    except RecursionError:
        found.problems.append(Problem(found.where, _TOO_DEEP, number, None, _FLATTEN, _id(value)))
        return None
    except ValueError as error:
        found.problems.append(Problem(found.where, str(error), number, None, "give each field once", _id(value)))
    return value


def read_row(value: Mapping[str, Any], schema: pa.Schema, line: int | None, prefix: str, found: Findings) -> Any:
    """A decoded object in wire form.

    Args:
        value: The object.
        schema: The fields and their types.
        line: Its line, or None.
        prefix: What stands before a path in messages, e.g. ``[3].`` for the fourth row of a list.
        found: Receives what is wrong.
    """
    place = found.where if line is None else f"{found.where}:{line}"
    reader = _Row(found, line, prefix, place, _id(value))
    row = {}
    for name in value:
        if name not in schema.names and str(name) not in found.unknown:
            found.unknown[str(name)] = place
    for item in schema:
        if item.name in value:
            row[item.name] = reader.read(value[item.name], item.type, item.name, item.name)
    return row


def table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    """Rows in wire form as a table."""
    return pa.Table.from_pylist(rows, schema=schema)


@dataclass(frozen=True, slots=True)
class _Row:
    found: Findings
    line: int | None
    prefix: str
    place: str
    article: str | None

    def read(self, value: Any, kind: pa.DataType, path: str, general: str) -> Any:
        """The value in wire form, or None if it is null or wrong."""
        if value is None:
            return None
        if pa.types.is_struct(kind):
            return self._struct(value, kind, path, general)
        if pa.types.is_list(kind):
            return self._list(value, kind.value_type, path, general)
        if pa.types.is_integer(kind):
            if isinstance(value, int | np.integer) and not isinstance(value, bool):
                if -(2**62) < value < 2**62:
                    return int(value)
                return self._wrong(path, f"{_shown(value)} is out of range", "count code points of the text")
            return self._wrong(path, f"{_shown(value)} is no whole number", "write a number such as 120")
        if isinstance(value, str):
            if value.isascii() or _is_unicode(value):
                return value
            return self._wrong(path, f"{value!a:.60} holds half a surrogate pair", "write whole characters")
        return self._wrong(path, f"{_shown(value)} is no text", 'put it in quotation marks: "…"')

    def _struct(self, value: Any, kind: pa.StructType, path: str, general: str) -> Any:
        if kind == _SPAN and isinstance(value, list | tuple | np.ndarray):
            if len(value) == 2 and all(
                isinstance(part, int | np.integer) and not isinstance(part, bool) for part in value
            ):
                return self._struct({"start": value[0], "end": value[1]}, kind, path, general)
            return self._wrong(path, f"{_shown(value)} is no span", _SHORTHAND)
        if not isinstance(value, Mapping):
            remedy = _SHORTHAND if kind == _SPAN else 'write an object: {"…": …}'
            return self._wrong(path, f"{_shown(value)} is no object", remedy)
        before = len(self.found.problems)
        result = {}
        known = 0
        for item in kind:
            if item.name in value:
                known += 1
                here = f"{path}.{item.name}"
                result[item.name] = self.read(value[item.name], item.type, here, f"{general}.{item.name}")
        if known < len(value):
            names = {item.name for item in kind}
            for name in value:
                if name not in names:
                    self.found.unknown.setdefault(f"{general}.{name}", self.place)
        return result if len(self.found.problems) == before else None

    def _list(self, value: Any, kind: pa.DataType, path: str, general: str) -> Any:
        if not isinstance(value, list | tuple | np.ndarray):
            return self._wrong(path, f"{_shown(value)} is no list", "put it in brackets: […]")
        items = []
        for index, item in enumerate(value):
            if item is None:
                self._wrong(f"{path}[{index}]", "null in a list", "leave it out")
            items.append(self.read(item, kind, f"{path}[{index}]", f"{general}[]"))
        return items

    def _wrong(self, path: str, message: str, remedy: str) -> None:
        self.found.problems.append(
            Problem(self.found.where, message, self.line, self.prefix + path, remedy, self.article)
        )


def wide(schema: pa.Schema) -> pa.Schema:
    """A wire schema with offsets of 64 bits, so that any number in the input can be read before it is judged.

    The articles' text may exceed 2 GB in all, so its column is a large one.
    """
    kinds = {item.name: pa.large_string() if item.name == "text" else _wide(item.type) for item in schema}
    return pa.schema([pa.field(name, kind) for name, kind in kinds.items()])


def _wide(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(item.name, _wide(item.type)) for item in kind])
    if pa.types.is_list(kind):
        return pa.list_(_wide(kind.value_type))
    return pa.int64() if pa.types.is_integer(kind) else kind


_SPAN: Final = _wide(SPAN)


def _syntax(line: bytes | bytearray, error: orjson.JSONDecodeError, number: int, where: str) -> Problem:
    text = line.decode("utf-8", "replace")
    at, message = error.pos, str(error.msg)
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as wrong:
        return Problem(where, f"no UTF-8 at byte {wrong.start} of the line", number, None, "save the file as UTF-8")
    rest = text[at : at + 10]
    if line in (b"[", b"{", b"[{"):
        remedy = "write one object a line, without indentation"
    elif rest.lstrip("-+").startswith(("NaN", "Inf", "nan", "inf")):
        message, remedy = f"{rest.split(',')[0].rstrip(']} ')} is no JSON value", "write null, or leave the field out"
    elif at >= len(text) - 1 and not text.endswith("}"):
        remedy = "the line is cut off: add the missing closing brace or bracket"
    elif "recursion" in message or "depth" in message:
        message, remedy = _TOO_DEEP, _FLATTEN
    elif _balance(line) > 0:
        remedy = "a closing brace or bracket seems to be missing"
    elif _balance(line) < 0:
        remedy = "there is a closing brace or bracket too many"
    else:
        remedy = "mend the JSON at this place"
    shown = f" near {text[max(0, at - 20) : at + 20]!r}" if at else ""
    return Problem(where, f"no JSON at character {at + 1}: {message}{shown}", number, None, remedy)


def _shown(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=False, default=repr)
    return shown if len(shown) <= 40 else f"{shown[:39]}…"


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _balance(line: bytes | bytearray) -> int:
    return line.count(b"{") + line.count(b"[") - line.count(b"}") - line.count(b"]")


def _no_field_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise ValueError(f"field {name!r} twice in one object")
            seen.add(name)
    return value


def _id(value: Mapping[str, Any]) -> str | None:
    name = value.get("id")
    return name if isinstance(name, str) else None


def _names(schema: pa.Schema, path: str) -> list[str]:
    """Fields that the wire form knows at a path; none where the path itself is unknown (a name with a dot in it)."""
    known: Any = schema
    for part in filter(None, path.replace("[]", "").split(".")):
        if part not in [item.name for item in known]:
            return []
        known = known.field(part).type
        known = known.value_type if pa.types.is_list(known) else known
        if not pa.types.is_struct(known):
            return []
    return [item.name for item in known]


def is_missing(value: Any) -> bool:
    """Whether a cell of a data frame is empty: None or the NaN that pandas puts there."""
    return value is None or (isinstance(value, float) and math.isnan(value)) or type(value).__name__ == "NAType"


def rows_table(
    values: Iterable[tuple[int, Mapping[str, Any]]], schema: pa.Schema, found: Findings, *, lines: bool
) -> tuple[pa.Table, Ints]:
    """Decoded objects as a table, and the number of each row.

    Args:
        values: (number, object); the number is a one-based line, or a zero-based place in a list.
        schema: The fields and their types.
        found: Receives what is wrong.
        lines: Whether numbers are lines.
    """
    rows, numbers = [], []
    for number, value in values:
        line, prefix = (number, "") if lines else (None, f"[{number}].")
        rows.append(read_row(value, schema, line, prefix, found))
        numbers.append(number)
    return table(rows, schema), np.asarray(numbers, dtype=np.int64)
