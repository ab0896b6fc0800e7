"""JSON Lines in pieces of some megabytes, so that memory stays bounded.

A piece that is regular goes through :mod:`~onrecord.predictions.fast`, any other is cut smaller, and only what is still
irregular is read line by line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import IO, Final, TypeAlias

import numpy as np
import pyarrow as pa

from onrecord.coded import Ints
from onrecord.errors import Problem
from onrecord.predictions import fast, slow
from onrecord.predictions.slow import Findings

#: A table, the numbers of its rows, whether these are lines, and whether the exact reader made it.
Piece: TypeAlias = tuple[pa.Table, Ints, bool, bool]
#: What is wrong with a file without a line, and what to do.
EMPTY: Final = ("is empty", 'write one JSON object a line; an article without answers is {"id": "…", "entities": []}')

_PIECE: Final = 16 << 20
#: Bytes in which the end of a line is looked for at first, at the end of a piece.
_TAIL: Final = 1 << 16
_SMALL_PIECE: Final = 1 << 20
_LONGEST_LINE: Final = 512 << 20
_MARK: Final = b"\xef\xbb\xbf"


def json_lines(stream: IO[bytes], schema: pa.Schema, found: Findings, tell: Callable[[], None]) -> Iterator[Piece]:
    """The rows of a stream of JSON Lines, some megabytes at a time.

    Args:
        stream: What the lines are read from.
        schema: Fields and types of the wire form.
        found: Receives what is wrong.
        tell: Called before each piece.
    """
    line, told = 1, False
    for run in _whole_lines(stream):
        tell()
        if run is None:
            remedy = "write one object a line, ended by a line feed"
            found.problems.append(Problem(found.where, "a line of more than 512 MB", line, None, remedy))
            return
        for table, numbers, breaks, exact in _piece(run, line, schema, found):
            told = told or len(table) > 0 or bool(found.problems)  # Problems are taken away while this waits.
            line += breaks
            yield table, numbers, True, exact
    if not told and not found.problems:
        found.problems.append(Problem(found.where, EMPTY[0], remedy=EMPTY[1]))


def _whole_lines(stream: IO[bytes]) -> Iterator[memoryview | None]:
    """Runs of whole lines, each of some megabytes; None for a line that is too long, which ends it.

    Every run is read into the same memory: it is there until the next one is asked for. (New memory for each would cost
    as much as parsing it.)
    """
    store = np.empty(_PIECE, dtype=np.uint8)
    kept, begun = 0, False
    while True:
        view = store.data
        size = kept + _fill(stream, view[kept:])
        ended = size < len(view)
        end = size if ended else _last_break(view) + 1
        if not end and not ended:
            if len(store) >= _LONGEST_LINE:
                yield None
                return
            kept, store = size, np.concatenate([store, np.empty_like(store)])
            continue
        start = len(_MARK) if not begun and bytes(view[: len(_MARK)]) == _MARK else 0
        begun = True
        if start < end:
            yield view[start:end]
        if ended:
            return
        kept = size - end
        view[:kept] = bytes(view[end:])


def _last_break(view: memoryview) -> int:
    """Where the last line feed is; -1 if there is none."""
    for size in (_TAIL, len(view)):
        first = max(0, len(view) - size)
        found = bytes(view[first:]).rfind(b"\n")
        if found >= 0:
            return first + found
    return -1


def _fill(stream: IO[bytes], view: memoryview) -> int:
    """Reads until the view is full or the stream at its end."""
    size = 0
    while size < len(view):
        some: int = stream.readinto(view[size:])  # type: ignore[attr-defined]
        if not some:
            break
        size += some
    return size


#: A table, the lines its rows stand on, the number of line breaks, whether the exact reader made it.
_Lines: TypeAlias = tuple[pa.Table, Ints, int, bool]


def _piece(run: bytes | memoryview, line: int, schema: pa.Schema, found: Findings) -> Iterator[_Lines]:
    """A run of whole lines, the first of which has the number ``line``."""
    breaks = fast.line_breaks(run)
    table = fast.parse(run, breaks, schema)
    if table is not None:
        lines = fast.row_lines(run, breaks, len(table), line)
        if lines is not None:
            yield table, lines, len(breaks), False
            return
    content = bytes(run)
    if len(content) <= _SMALL_PIECE:
        yield from _exactly(content, line, schema, found)
        return
    start = 0
    while start < len(content):
        end = content.rfind(b"\n", start, start + _SMALL_PIECE) + 1 or content.find(b"\n", start) + 1 or len(content)
        part = content[start:end]
        whole = len(part) == len(content)
        for made in _exactly(part, line, schema, found) if whole else _piece(part, line, schema, found):
            line += made[2]
            yield made
        start = end


def _exactly(piece: bytes, line: int, schema: pa.Schema, found: Findings) -> Iterator[_Lines]:
    lines: Sequence[bytes] = piece.split(b"\n")
    parsed = ((number, slow.parse_line(text, number, found)) for number, text in enumerate(lines, start=line))
    values = ((number, value) for number, value in parsed if value is not None)
    table, numbers = slow.rows_table(values, schema, found, lines=True)
    yield table, numbers, piece.count(b"\n"), True
