"""TimeML files of any corpus as articles with dates; what TempEval-3 and KRAUTS share.

The text is that of ``<TEXT>``; an expression without text (an implicit one) is left out and counted. A value that is
no TIMEX3 value stays as the corpus has it and is counted. The document creation time becomes ``published``.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Final

from onrecord.corpus import text_hash
from onrecord.errors import InputError
from onrecord.formats import timeml
from onrecord.model import DATE_MODS, DATE_TYPES, AnnotatedArticle, Article, Date, Labels, Split
from onrecord.sources.copy import Copy
from onrecord.sources.decoding import decoded
from onrecord.sources.reading import unreadable
from onrecord.sources.report import Report
from onrecord.timex import is_timex_value

_SUFFIXES: Final = (".tml", ".timeml")
#: What looks like an entity once a text has been decoded: it had been escaped twice.
_ENTITY: Final = re.compile(r"&(?:#?\w{1,8});")


def is_timeml(name: str) -> bool:
    """Whether a file's name is that of a TimeML file."""
    return name.lower().endswith(_SUFFIXES)


def name_of(path: str) -> str:
    """An article's id from its file's name."""
    return re.sub(r"(?:\.txt)?\.(?:tml|timeml|xml)$", "", PurePosixPath(path).name, flags=re.IGNORECASE)


def read(
    copy: Copy,
    report: Report,
    split: Callable[[str], Split | None],
    language: str,
) -> Iterator[AnnotatedArticle]:
    """The articles of a copy.

    Args:
        copy: The user's copy.
        report: Where what was dropped or repaired is counted.
        split: Split of a path, or None for files that are not read.
        language: ISO 639 code of the texts.
    """
    for path in copy.files:
        where = split(path)
        if where is None:
            continue
        try:
            document = _read(copy, path, report)
        except InputError as error:
            unreadable(error, report)
            continue
        name = name_of(path)
        if not document.text.strip():
            report.add("articles without text", path)
        if _ENTITY.search(document.text):
            report.add("texts with entities that were escaped twice, left as they are", path)
        yield AnnotatedArticle(
            Article(
                id=name,
                text=document.text,
                headline=document.title or None,
                published=_published(document.created, path, report),
                language=language,
                text_sha256=text_hash(document.text),
            ),
            Labels(dates=tuple(_dates(document, name, report))),
            where,
        )


def _read(copy: Copy, path: str, report: Report) -> timeml.Document:
    """The document; where its bytes are not in the encoding that it declares, as Latin-1."""
    content = copy.read(path)
    text, encoding = decoded(content)
    if encoding is None or b"encoding" in content[:200]:
        return timeml.read(content, path)
    report.add("file(s) not in UTF-8", f"{path}: no UTF-8, read as {encoding}")
    return timeml.read(text.encode("utf-8"), path)


def _published(created: str | None, path: str, report: Report) -> str | None:
    try:
        return datetime.date.fromisoformat((created or "")[:10]).isoformat()
    except ValueError:
        report.add("articles without a usable creation time", f"{path} ({created})")
        return None


def _dates(document: timeml.Document, name: str, report: Report) -> Iterator[Date]:
    seen: set[tuple[object, ...]] = set()
    for timex in document.timexes:
        place = f"{name} {timex.attributes.get('tid', f'at {timex.start}')}"
        kind, value, mod = (timex.attributes.get(key) for key in ("type", "value", "mod"))
        if timex.start == timex.end:
            report.add("expressions left out: they have no text", place)
            continue
        if kind not in DATE_TYPES:
            report.add(f"expressions left out: {kind} is no TIMEX3 type", place)
            continue
        if value is not None and not is_timex_value(value, kind):
            report.add("values that are no TIMEX3 value for their type, kept as they are", f"{place} {value}")
        if mod is not None and mod not in DATE_MODS:
            report.add("mods left out: not in TimeML", f"{place} {mod}")
            mod = None
        date = Date(timex.start, timex.end, timex.text, None, kind, value, mod)
        key = (date.start, date.end, date.type, date.value, date.mod)
        if key in seen:
            report.add("expressions left out: the same a second time", place)
            continue
        seen.add(key)
        yield date
