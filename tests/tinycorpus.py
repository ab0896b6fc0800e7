"""A corpus of four short articles, for tests that need something real but small.

``tiny/corpus`` and ``tiny/annotations`` are a corpus on disk as the package reads it; the gold labels are compiled
from the pass files in ``tiny/annotations/passes/a``. All four layers, all three splits and seven entity types occur.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from onrecord.assembly import assemble

TINY = Path(__file__).resolve().parent / "tiny"


def build_tiny(tmp_path: Path, name: str = "tiny") -> Path:
    """Builds the release of the tiny corpus under ``tmp_path`` and returns its folder."""
    folder = tmp_path / name
    assemble(TINY / "corpus", TINY / "annotations", folder)
    return folder


def copy_tiny(tmp_path: Path) -> Path:
    """A copy of the tiny corpus that a test may spoil; holds ``corpus`` and ``annotations``."""
    return Path(shutil.copytree(TINY, tmp_path / "disk"))
