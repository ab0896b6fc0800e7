"""TempEval-3: TimeBank and AQUAINT, cleaned, and the platinum test set (UzZaman et al., SemEval 2013).

TBAQ-cleaned is our ``train``, te3-platinum our ``test``. The silver data, which a system labelled, is not read.
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
    # The copy may be the folder te3-platinum itself.
    home = copy.root.resolve().name
    return timeml_files.read(copy, report, lambda name: _split(f"{home}/{name}"), "en")


def _split(name: str) -> Split | None:
    folded = name.lower()
    if not timeml_files.is_timeml(name) or "silver" in folded:
        return None
    return "test" if "platinum" in folded else "train"
