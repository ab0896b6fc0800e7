"""Every kind of input as batches of wire rows: JSON Lines, Parquet, Arrow, datasets, pandas, lists of dicts.

A file is known by its first bytes, not by its name.
"""

from __future__ import annotations

import gzip
import io
import itertools
import os
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, TypeAlias

import numpy as np
import pyarrow as pa

from onrecord import compute as pc
from onrecord.aside import Ahead
from onrecord.coded import Ints
from onrecord.errors import InputError, Problem
from onrecord.predictions import slow
from onrecord.predictions.flat import Frame, IrregularError, frames, unknown_fields
from onrecord.predictions.pieces import EMPTY, Piece, json_lines
from onrecord.predictions.slow import Findings
from onrecord.schemas import LINE

#: Where data passed in memory stands, in messages.
IN_MEMORY: Final = "<predictions>"
Progress: TypeAlias = Callable[[int], None]

_ROWS: Final = 2_000
_FOREIGN: Final = (
    (b"PK\x03\x04", "a zip archive", "unpack it first"),
    (b"\xfd7zXZ", "xz-compressed", "unpack it first, or use gzip"),
    (b"BZh", "bzip2-compressed", "unpack it first, or use gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed", "unpack it first, or use gzip"),
    (b"ARROW1", "an Arrow IPC file", "write Parquet or JSON Lines"),
    (b"\xff\xfe", "UTF-16", "save it as UTF-8"),
    (b"\xfe\xff", "UTF-16", "save it as UTF-8"),
)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of the input.

    Attributes:
        table: The rows; columns and their types as found.
        frames: The list columns, flattened.
        numbers: (rows,) one-based lines of a JSON Lines file, else zero-based places in the input.
        lines: Whether ``numbers`` are lines.
    """

    table: pa.Table
    frames: dict[str, Frame]
    numbers: Ints
    lines: bool


def batches(source: Any, schema: pa.Schema, found: Findings, progress: Progress | None = None) -> Iterator[Batch]:
    """The rows of any kind of input.

    Args:
        source: A path, or data in memory.
        schema: Fields and types of the wire form; further fields are noted and left out.
        found: Receives what is wrong and what is unknown.
        progress: Called with the number of bytes read so far.
    """
    wide = slow.wide(schema)
    if isinstance(source, str | os.PathLike):
        yield from _flat(_file(Path(source), wide, found, progress), wide, found)
        return
    kept = arrow_table(source)
    if kept is not None:
        yield from _flat(_tables(kept.to_batches(max_chunksize=20_000), kept.schema), wide, found)
        return
    yield from _flat(_objects(_dicts(source), wide, found), wide, found)


class Opened:
    """An input whose parsing has begun, beside whatever else there is to do.

    Args:
        source: A path, or data in memory, whose lines have the fields of ``wire.LINE``.
    """

    def __init__(self, source: Any) -> None:
        self.found = Findings(where(source))
        self.batches = Ahead(batches(source, LINE, self.found))

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *_: object) -> None:
        self.batches.close()


def where(source: Any) -> str:
    """What messages call the input."""
    return os.fspath(source) if isinstance(source, str | os.PathLike) else IN_MEMORY


def arrow_table(source: Any) -> pa.Table | None:
    """The Arrow table behind a pyarrow table or a ``datasets.Dataset``; None for anything else."""
    if isinstance(source, pa.Table):
        return source
    if _comes_from(source, "datasets") and isinstance(source, Mapping):
        raise TypeError(f"a DatasetDict has several splits; give one of them: {', '.join(map(str, source))}")
    if _comes_from(source, "datasets") and hasattr(source, "with_format") and hasattr(source, "num_rows"):
        table: pa.Table = source.with_format("arrow")[:] if len(source) else source.data.table
        return table
    return None


def _flat(pieces: Iterable[Piece], schema: pa.Schema, found: Findings) -> Iterator[Batch]:
    """Flattens pieces; a table that is irregular is read again, row by row."""
    lists = [item for item in schema if pa.types.is_list(item.type) and item.name != "phenomena"]
    strings = [item.name for item in schema if not pa.types.is_list(item.type)]
    for table, numbers, lines, exact in pieces:
        try:
            if not exact and not (all(_is_text(table, name) for name in strings) and _has_no_null(table, "phenomena")):
                raise IrregularError
            flat = frames(table, lists, skip_null=exact)
            for path in unknown_fields(table.schema, schema):
                found.unknown.setdefault(path, found.where)
        except IrregularError:
            values = zip(numbers.tolist(), table.to_pylist(), strict=True)
            table, numbers = slow.rows_table(values, schema, found, lines=lines)
            flat = frames(table, lists, skip_null=True)
        yield Batch(table, flat, numbers, lines)


def _file(path: Path, schema: pa.Schema, found: Findings, progress: Progress | None) -> Iterator[Piece]:
    name = found.where
    if path.is_dir():
        found.problems.append(Problem(name, "is a folder", remedy="give the file of predictions in it"))
        return
    try:
        with _opened(path) as stream:
            # Looked at, not read: a pipe cannot be wound back.
            head = stream.peek(8)[:8]
            fault = _fault(head)
            if fault is not None:
                found.problems.append(Problem(name, fault[0], remedy=fault[1]))
            elif head.startswith(b"PAR1") and not stream.seekable():
                found.problems.append(Problem(name, "is Parquet in a pipe", remedy="give the file itself"))
            elif head.startswith(b"PAR1"):
                yield from _parquet(path)
            elif head.startswith(b"\x1f\x8b"):
                with gzip.open(stream) as unpacked:
                    yield from json_lines(unpacked, schema, found, _position(stream, progress))  # type: ignore[arg-type]
            else:
                yield from json_lines(stream, schema, found, _position(stream, progress))
    except FileNotFoundError:
        found.problems.append(Problem(name, "no such file", remedy="check the path"))
    except (EOFError, zlib.error, gzip.BadGzipFile):
        found.problems.append(Problem(name, "the gzip file is damaged or cut off", remedy="write or copy it again"))
    except pa.ArrowInvalid as error:
        found.problems.append(Problem(name, f"no readable Parquet file: {error}", remedy="write it again"))
    except OSError as error:
        found.problems.append(Problem(name, error.strerror or str(error), remedy="make it a readable file"))


def _opened(path: Path) -> io.BufferedReader:
    """The file; standard input for ``-``, unless there is a file of that name."""
    if str(path) == "-" and not path.exists():
        return open(sys.stdin.fileno(), "rb", closefd=False)
    return path.open("rb")


def is_stream(source: Any) -> bool:
    """Whether a source is a path that can be read only once: a pipe, or ``-`` for standard input."""
    if not isinstance(source, str | os.PathLike):
        return False
    path = Path(source)
    if not path.exists():
        return str(path) == "-"
    return not path.is_file() and not path.is_dir()


def refuse_twice(*sources: Any) -> None:
    """Refuses standard input that is named more than once: whoever reads it first leaves nothing to the others.

    Raises:
        InputError: It is.
    """
    if sum(str(source) == "-" and is_stream(source) for source in sources) > 1:
        remedy = "give files for all inputs but one"
        raise InputError(Problem("-", "is standard input, which can be read only once", remedy=remedy))


def _fault(head: bytes) -> tuple[str, str] | None:
    if not head:
        return EMPTY
    for magic, what, remedy in _FOREIGN:
        if head.startswith(magic):
            return f"is {what}", remedy
    return None


def _position(stream: IO[bytes], progress: Progress | None) -> Callable[[], None]:
    return (lambda: None) if progress is None or not stream.seekable() else (lambda: progress(stream.tell()))


def _parquet(path: Path) -> Iterator[Piece]:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    yield from _tables(file.iter_batches(batch_size=20_000), file.schema_arrow)


def _tables(record_batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[Piece]:
    first = 0
    for batch in record_batches:
        yield pa.Table.from_batches([batch], schema), np.arange(first, first + len(batch)), False, False
        first += len(batch)


def _objects(rows: Iterable[Any], schema: pa.Schema, found: Findings) -> Iterator[Piece]:
    numbered = enumerate(rows)
    while some := list(itertools.islice(numbered, _ROWS)):
        values: list[tuple[int, Mapping[str, Any]]] = []
        for number, row in some:
            if isinstance(row, Mapping):
                values.append((number, row))
            else:
                what = f"{type(row).__name__} is no object"
                found.problems.append(Problem(found.where, what, None, f"[{number}]", "give a dict for each article"))
        yield *slow.rows_table(values, schema, found, lines=False), False, True


def _dicts(source: Any) -> Iterable[Any]:
    """Rows of a data frame or of a plain iterable."""
    if _comes_from(source, "pandas") and hasattr(source, "to_dict"):
        rows = source.to_dict("records")
        return [
            {str(name): _from_pandas(cell) for name, cell in row.items() if not slow.is_missing(cell)} for row in rows
        ]
    if isinstance(source, Mapping) or not isinstance(source, Iterable):
        kinds = "a path, a list of dicts, a datasets.Dataset, a pandas.DataFrame or a pyarrow.Table"
        raise TypeError(f"{type(source).__name__} is no input: give {kinds}")
    return source


def _from_pandas(cell: Any) -> Any:
    """A cell as it was before pandas: None where it has put NaN, whole numbers where those made it write floats."""
    if slow.is_missing(cell):
        return None
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, Mapping):
        return {name: _from_pandas(value) for name, value in cell.items()}
    if isinstance(cell, list | tuple | np.ndarray):
        return [_from_pandas(value) for value in cell]
    return cell


def _comes_from(value: Any, package: str) -> bool:
    return any(kind.__module__.partition(".")[0] == package for kind in type(value).__mro__)


def _has_no_null(table: pa.Table, name: str) -> bool:
    """Whether no list in a column of lists holds a null."""
    if name not in table.column_names or not pa.types.is_list(table.schema.field(name).type):
        return True
    return not any(pc.list_flatten(chunk).null_count for chunk in table.column(name).chunks)


def _is_text(table: pa.Table, name: str) -> bool:
    if name not in table.column_names:
        return True
    kind = table.schema.field(name).type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind))
