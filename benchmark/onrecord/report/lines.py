"""Reading articles and predictions to look at: whole lines as they are, checked only as far as showing them needs."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import orjson

from onrecord.errors import InputError, Problem


def read_lines(source: str, *, need_text: bool) -> dict[str, dict[str, Any]]:
    """The lines of a JSON Lines file by article id.

    Args:
        source: The file; ``-`` is standard input.
        need_text: Whether every line must have the article's text.

    Raises:
        InputError: What is wrong, with line and field.
    """
    data = _read(source)
    rows: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise InputError(
                Problem(source, f"is no JSON: {error}", line=number, remedy="one JSON object a line")
            ) from None
        fault = _fault(row, need_text=need_text)
        if fault is not None:
            raise InputError(
                Problem(source, fault[1], line=number, field=fault[0], remedy="onrecord validate lists all problems")
            )
        if row["id"] in rows:
            raise InputError(Problem(source, f"{row['id']!r} stands twice", line=number, field="id"))
        rows[row["id"]] = row
    if not rows:
        raise InputError(Problem(source, "is empty", remedy="give JSON Lines, one article a line"))
    return rows


def packaged_article(identifier: str) -> dict[str, Any]:
    """An article of the packaged release with its labels, whatever split it is in.

    Raises:
        InputError: No such article or file.
    """
    from onrecord.loader import packaged_release
    from onrecord.release import read_release, read_rows

    folder = packaged_release()
    known: list[str] = []
    for split in read_release(folder).splits:
        table = read_rows(folder, "all", split)
        ids = table["id"].to_pylist()
        if identifier in ids:
            found: dict[str, Any] = table.slice(ids.index(identifier), 1).to_pylist()[0]
            return found
        known += ids
    close = get_close_matches(identifier, known, n=3, cutoff=0.4)
    remedy = f"did you mean {' or '.join(close)}?" if close else f"its ids look like {known[0]}" if known else None
    raise InputError(Problem(identifier, "is neither a file nor an article of the packaged corpus", remedy=remedy))


def _read(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read()
    path = Path(source)
    try:
        data = path.read_bytes()
    except IsADirectoryError:
        raise InputError(Problem(source, "is a directory", remedy="name a JSON Lines file")) from None
    except FileNotFoundError:
        raise InputError(Problem(source, "no such file", remedy="check the path")) from None
    except OSError as error:
        raise InputError(Problem(source, f"could not be read: {error.strerror}")) from error
    if data[:2] == b"\x1f\x8b":
        raise InputError(Problem(source, "is a gzip file", remedy="unpack it with gunzip"))
    return data


def _fault(row: Any, *, need_text: bool) -> tuple[str | None, str] | None:
    """The first thing that would keep a line from being shown, as field and message."""
    if not isinstance(row, dict):
        return None, "is no JSON object"
    if not isinstance(row.get("id"), str):
        return "id", "is missing or no string"
    if need_text and not isinstance(row.get("text"), str):
        return "text", "is missing or no string"
    for layer in ("entities", "chains", "quotes", "dates", "stances", "claims"):
        items = row.get(layer)
        if items is not None and not (isinstance(items, list) and all(isinstance(item, dict) for item in items)):
            return layer, "is no list of objects"
    for field in ("published", "outlet", "byline", "headline"):
        if row.get(field) is not None and not isinstance(row[field], str):
            return field, "is no string"
    for number, quote in enumerate(row.get("quotes") or []):
        parts = quote.get("content") or []
        if not isinstance(parts, list) or not all(_is_span(part) for part in (*parts, quote.get("cue"))):
            return f"quotes[{number}]", "has a content or cue that is no span"
    for layer in ("entities", "dates"):
        for number, item in enumerate(row.get(layer) or []):
            if not _is_span(item):
                return f"{layer}[{number}]", "is no span"
    for number, chain in enumerate(row.get("chains") or []):
        if not isinstance(chain.get("id"), str):
            return f"chains[{number}].id", "is missing or no string"
    for number, claim in enumerate(row.get("claims") or []):
        if not isinstance(claim.get("id"), str) or not isinstance(claim.get("text"), str):
            return f"claims[{number}]", "needs id and text"
    return None


def _is_span(part: Any) -> bool:
    if part is None:
        return True
    if isinstance(part, list):
        return len(part) == 2 and all(isinstance(place, int) for place in part)
    if not isinstance(part, dict):
        return False
    return all(part.get(name) is None or isinstance(part[name], int) for name in ("start", "end")) and all(
        part.get(name) is None or isinstance(part[name], str) for name in ("text", "context")
    )
