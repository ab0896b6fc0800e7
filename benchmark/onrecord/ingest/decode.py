"""Bytes to text, and refusing what is no text."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from onrecord.errors import InputError, Problem

#: First bytes of formats that people hand in by mistake, and what to do instead.
_MAGIC: Final = (
    (b"%PDF", "a PDF file", "convert it to text first"),
    (b"PK\x03\x04", "a ZIP or Office file", "save it as plain text or HTML"),
    (b"\x1f\x8b", "a gzip file", "unpack it with gunzip"),
    (b"\x89PNG", "an image", "give the page's text or HTML"),
    (b"\xff\xd8\xff", "an image", "give the page's text or HTML"),
    (b"PAR1", "a Parquet file", "it needs no ingesting: onrecord predict --input FILE"),
)
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Text of a page, and the encoding it was in.

    A byte order mark decides, then UTF-8 if it fits, then what an HTML page declares, then Windows-1252.

    Raises:
        InputError: The data is empty or no text.
    """
    if not data.strip():
        raise InputError(Problem(name, "is empty", remedy="give a page with an article in it"))
    for magic, what, remedy in _MAGIC:
        if data.startswith(magic):
            raise InputError(Problem(name, f"is {what}, not a page of text", remedy=remedy))
    if re.match(rb'(?:\xef\xbb\xbf)?\s*\{\s*"', data):
        raise InputError(
            Problem(name, "is JSON, not a page", remedy="it needs no ingesting: onrecord predict --input FILE")
        )
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], encoding, name), encoding
    if b"\0" in data:
        raise InputError(Problem(name, "holds binary data, not text", remedy="give a page as plain text or HTML"))
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    declared = _CHARSET.search(data[:4096])
    for encoding in (declared[1].decode("ascii") if declared else "", "cp1252", "latin-1"):
        try:
            text = data.decode(encoding) if encoding else ""
        except (LookupError, UnicodeDecodeError):
            continue
        if text:
            return _printable(text, name), encoding.lower()
    raise InputError(Problem(name, "is in no encoding that could be read", remedy="save it as UTF-8"))


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            Problem(name, f"begins as {encoding} but breaks at byte {error.start}", remedy="save it as UTF-8")
        ) from error


def _printable(text: str, name: str) -> str:
    """Refuses text with so many control characters that it must be something else."""
    controls = sum(
        unicodedata.category(character) == "Cc" and character not in "\t\n\r\f\v" for character in text[:20000]
    )
    if controls > len(text[:20000]) // 100:
        raise InputError(Problem(name, "holds binary data, not text", remedy="give a page as plain text or HTML"))
    return text


def normalise(text: str) -> str:
    r"""NFC with ``\n`` line ends, no trailing spaces, no zero-width or control characters; no word changes."""
    text = unicodedata.normalize("NFC", text)
    text = re.sub(r"\r\n?|\x0b|\x0c|\x85|\u2028", "\n", text).replace("\u2029", "\n\n")
    text = "".join(
        character for character in text
        if character in "\n\t" or (unicodedata.category(character) != "Cc" and character not in "\ufeff\u200b\u00ad")
    )  # fmt: skip
    return "\n".join(line.replace("\t", " ").rstrip() for line in text.split("\n"))
