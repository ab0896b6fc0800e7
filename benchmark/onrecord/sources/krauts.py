"""KRAUTS: German news of Dolomiten and Die Zeit with TIMEX3 (Strötgen et al., LREC 2018). No splits: all ``test``.

The folders of system output (``*_Heideltime``) are not read.
"""

from __future__ import annotations

from collections.abc import Iterator

from onrecord.model import AnnotatedArticle, Split
from onrecord.sources import timeml_files
from onrecord.sources.copy import Copy
from onrecord.sources.options import Options
from onrecord.sources.report import Report


def relevant(name: str) -> bool:
    """Whether the importer reads a file of this name."""
    return _split(name) is not None


def read(copy: Copy, report: Report, options: Options) -> Iterator[AnnotatedArticle]:
    """The articles with their dates."""
    del options
    return timeml_files.read(copy, report, _split, "de")


def _split(name: str) -> Split | None:
    return "test" if timeml_files.is_timeml(name) and "heideltime" not in name.lower() else None
