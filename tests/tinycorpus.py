"""A corpus of four short articles, for tests that need something real but small.

``tiny/corpus`` and ``tiny/annotations`` are a corpus on disk as the package reads it; the gold labels are compiled
from the pass files in ``tiny/annotations/passes/a``. All four layers, all three splits and seven entity types occur.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from onrecord.assembly import assemble

TINY = Path(__file__).resolve().parent / "tiny"
#: A short article with a dateline, direct and indirect quotations, and two sides.
STORY = (
    "Cheepa defends East Dock\n\nPORT ALDER — Cheepa Group said on Friday that the East Dock was safe to use.\n\n"
    "“We told the city everything in May,” said Lon Ferrow, the company's head of safety. “Nobody objected at all.”\n\n"
    "Mayor Ines Calloway denied that anybody had called her, and wanted to close the dock.\n"
)


def build_tiny(tmp_path: Path, name: str = "tiny") -> Path:
    """Builds the release of the tiny corpus under ``tmp_path`` and returns its folder."""
    folder = tmp_path / name
    assemble(TINY / "corpus", TINY / "annotations", folder)
    return folder


def copy_tiny(tmp_path: Path) -> Path:
    """A copy of the tiny corpus that a test may spoil; holds ``corpus`` and ``annotations``."""
    return Path(shutil.copytree(TINY, tmp_path / "disk"))
