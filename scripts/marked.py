"""Tables between marks in a Markdown file: put there by the script that makes them, or held against what it makes."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from onrecord.errors import InputError, Problem
from onrecord.files import writing


def marks(name: str) -> tuple[str, str]:
    """What stands before and after a table."""
    return f"<!-- {name}:begin -->", f"<!-- {name}:end -->"


def keep(path: Path, tables: Mapping[str, str], *, write: bool, script: str) -> int:
    """Puts tables between their marks, or says whether they stand there.

    Args:
        path: The Markdown file.
        tables: By the name in their marks; each ends with a line break.
        write: Whether to put them there.
        script: Which script makes them, for the message.

    Returns:
        1 if the file shows others and nothing was to be written, else 0.

    Raises:
        InputError: The file cannot be read or lacks a mark.
    """
    try:
        text = renewed = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(Problem(str(path), error.strerror or str(error), remedy="name the Markdown file")) from error
    for name, table in tables.items():
        begin, end = marks(name)
        head, found, rest = renewed.partition(begin)
        _, closed, tail = rest.partition(end)
        if not found or not closed:
            raise InputError(Problem(str(path), f"has no {begin} … {end}", remedy="put the marks where it belongs"))
        renewed = f"{head}{begin}\n{table}{end}{tail}"
    if write:
        with writing(path) as stream:
            stream.write(renewed.encode())
    elif renewed != text:
        print(f"{path}: out of date; run scripts/{script} --write", file=sys.stderr)
        return 1
    return 0
