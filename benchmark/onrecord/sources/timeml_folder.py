"""Any folder of TimeML files (``.tml``, ``.timeml``, ``.xml``), at any depth; see ``timeml_files`` for the mapping."""

from __future__ import annotations

from collections.abc import Iterator

from onrecord.model import AnnotatedArticle
from onrecord.sources import timeml_files
from onrecord.sources.copy import Copy
from onrecord.sources.options import Options
from onrecord.sources.report import Report


def relevant(name: str) -> bool:
    """Whether the importer reads a file of this name."""
    return timeml_files.is_timeml(name) or name.lower().endswith(".xml")


def read(copy: Copy, report: Report, options: Options) -> Iterator[AnnotatedArticle]:
    """The articles with their dates."""
    split = options.mapping.split_of
    return timeml_files.read(
        copy, report, lambda name: split(name) if relevant(name) else None, options.mapping.language
    )
