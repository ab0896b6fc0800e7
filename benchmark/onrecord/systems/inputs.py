"""Reading the articles a system is to answer: JSON Lines, Parquet, or a released folder; one at a time."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Any, Final

import orjson

from onrecord.errors import InputError, Problem

#: Text fields of an article: strings or null.
_STRINGS: Final = (
    "story",
    "outlet",
    "headline",
    "byline",
    "dateline",
    "published",
    "language",
    "variety",
    "desk",
    "edition",
    "text_sha256",
)


def packaged_articles(split: str) -> Iterator[dict[str, Any]]:
    """Articles of a split of the packaged release, with the stance rows to answer.

    Raises:
        InputError: No packaged release, or no such split.
    """
    from onrecord.loader import packaged_release

    return folder_articles(packaged_release(), split)


def folder_articles(folder: Path, split: str) -> Iterator[dict[str, Any]]:
    """Articles of a split of a released folder; of its labels only the stance rows' questions, never the answers.

    Raises:
        InputError: The folder is no release, or has no such split.
    """
    from onrecord.release import read_release, read_rows

    articles = read_rows(folder, "articles", split)
    rows: defaultdict[str, list[dict[str, Any]]] | None = None
    if "stance" in read_release(folder).configs:
        rows = defaultdict(list)
        asked = ["id", "article", "claim", "claim_text", "holder", "holder_name"]
        for row in read_rows(folder, "stance", split).select(asked).to_pylist():
            rows[row.pop("article")].append(row)
    for batch in articles.to_batches(max_chunksize=256):
        for article in batch.to_pylist():
            yield article if rows is None else {**article, "stance_rows": rows.get(article["id"], [])}


def read_articles(source: str, split: str | None = None) -> Iterator[dict[str, Any]]:
    """Articles of a JSON Lines file (``-`` is standard input), a Parquet file or a released folder.

    Raises:
        InputError: What is wrong, with file, line and field; raised as soon as that line is reached.
    """
    if source == "-":
        yield from _lines(sys.stdin.buffer, "<stdin>")
        return
    path = Path(source)
    if path.is_dir():
        yield from folder_articles(path, split or "test")
        return
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        raise InputError(Problem(source, "no such file", remedy="check the path")) from None
    except OSError as error:
        raise InputError(Problem(source, f"could not be read: {error.strerror}")) from error
    with closing(stream):
        magic = stream.read(4)
        stream.seek(0)
        if magic[:2] == b"\x1f\x8b":
            raise InputError(Problem(source, "is a gzip file", remedy="unpack it with gunzip"))
        if magic == b"PAR1":
            yield from _parquet(path)
            return
        yield from _lines(stream, source)


def _parquet(path: Path) -> Iterator[dict[str, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        batches = pq.ParquetFile(path).iter_batches(batch_size=256)
        for number, row in enumerate((row for batch in batches for row in batch.to_pylist()), start=1):
            yield check_article(row, str(path), number, set())
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(Problem(str(path), f"is no readable Parquet file: {error}")) from error


def _lines(stream: IO[bytes], name: str) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    number = 0
    for number, raw in enumerate(stream, start=1):
        line = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise InputError(
                Problem(
                    name,
                    f"is no JSON: {error}",
                    line=number,
                    remedy="one JSON object a line, as onrecord ingest writes it",
                )
            ) from None
        yield check_article(row, name, number, seen)
    if not seen:
        raise InputError(Problem(name, "holds no article", remedy='give JSON Lines with at least "id" and "text"'))


def check_article(row: Any, name: str, line: int, seen: set[str]) -> dict[str, Any]:
    """An article row whose fields have the right types; labels, if it has any, are dropped."""

    def refuse(field: str | None, message: str, remedy: str | None = None) -> InputError:
        return InputError(Problem(name, message, line=line, field=field, remedy=remedy))

    if not isinstance(row, dict):
        raise refuse(None, "is no JSON object", "one object a line")
    identifier = row.get("id")
    if not isinstance(identifier, str) or not identifier:
        raise refuse("id", "is missing or no string", 'every article needs an "id"')
    if identifier in seen:
        raise refuse("id", f"{identifier!r} stands twice", "every article once")
    seen.add(identifier)
    if not isinstance(row.get("text"), str) or not row["text"].strip():
        raise refuse("text", f"article {identifier!r} has no text", 'give the article in "text"')
    for field in _STRINGS:
        if row.get(field) is not None and not isinstance(row[field], str):
            raise refuse(field, f"is no string: {row[field]!r}")
    claims = row.get("claims") or []
    if not isinstance(claims, list) or not all(
        isinstance(claim, dict) and isinstance(claim.get("id"), str) and isinstance(claim.get("text"), str)
        for claim in claims
    ):
        raise refuse("claims", "is no list of objects with id and text")
    kept = {field: row.get(field) for field in ("id", "text", *_STRINGS)}
    return {**kept, "phenomena": [str(tag) for tag in row.get("phenomena") or []], "claims": claims}
