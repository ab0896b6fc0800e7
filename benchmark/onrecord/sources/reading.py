"""Reading one file of a copy, or counting why it could not be read."""

from __future__ import annotations

from onrecord.errors import InputError
from onrecord.sources.copy import Copy
from onrecord.sources.report import Report

_UNREADABLE = "files left out: they cannot be read"


def text_of(copy: Copy, name: str, report: Report) -> str | None:
    """A file's text; None, and counted, where it cannot be read. Another encoding than UTF-8 is counted too."""
    try:
        return copy.read_text(name, lambda note: report.add("file(s) not in UTF-8", note))
    except InputError as error:
        unreadable(error, report)
        return None


def unreadable(error: InputError, report: Report) -> None:
    """Counts a file that is at fault."""
    report.add(_UNREADABLE, str(error.problems[0]))
