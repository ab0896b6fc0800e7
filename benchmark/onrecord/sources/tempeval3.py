"""TempEval-3: TimeBank and AQUAINT, cleaned, and the platinum test set (UzZaman et al., SemEval 2013).

TBAQ-cleaned is our ``train``, te3-platinum our ``test``. The silver data, which a system labelled, is not read; nor is
what else lies in a repository that has these folders.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from onrecord.model import AnnotatedArticle, Split
from onrecord.sources import timeml_files
from onrecord.sources.copy import Copy
from onrecord.sources.options import Options
from onrecord.sources.report import Report

_FOLDERS: Final = frozenset({"tbaq-cleaned", "timebank", "aquaint"})


def relevant(name: str) -> bool:
    """Whether the importer reads a file of this name."""
    return _split(name) is not None


def read(copy: Copy, report: Report, options: Options) -> Iterator[AnnotatedArticle]:
    """The articles with their dates."""
    del options
    # The copy may be the folder te3-platinum itself, or a folder of some name with the files in it.
    home = copy.root.resolve().name
    files = [name for name in copy.files if relevant(name)]
    ours = {name for name in files if any(map(_is_ours, PurePosixPath(f"{home}/{name}").parts))} or set(files)
    for name in files:
        if name not in ours:
            report.add("files left out: in none of TempEval-3's folders", name)
    return timeml_files.read(copy, report, lambda name: _split(f"{home}/{name}") if name in ours else None, "en")


def _is_ours(folder: str) -> bool:
    return folder.lower() in _FOLDERS or "platinum" in folder.lower()


def _split(name: str) -> Split | None:
    folded = name.lower()
    if not timeml_files.is_timeml(name) or "silver" in folded:
        return None
    return "test" if "platinum" in folded else "train"
