"""From a file's bytes to text, whatever wrote them."""

from __future__ import annotations

import codecs
from typing import Final

_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decoded(content: bytes) -> tuple[str, str | None]:
    """A file's text, and the name of its encoding where that is not UTF-8.

    What is no UTF-8 is read as Latin-1, in the superset that people mean by it (Windows-1252) wherever the bytes fit
    that; either gives one character a byte.

    Args:
        content: The file's bytes; a byte order mark is no part of the text.
    """
    mark, encoding = next(((mark, name) for mark, name in _MARKS if content.startswith(mark)), (b"", "utf-8"))
    try:
        if encoding == "utf-16":
            return content.decode("utf-16"), "UTF-16"
        return content[len(mark) :].decode("utf-8"), None
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252"), "Latin-1 (Windows-1252)"
    except UnicodeDecodeError:
        return content.decode("latin-1"), "Latin-1"
