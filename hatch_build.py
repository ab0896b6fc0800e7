"""Builds the release that the package carries, from ``corpus/`` and ``annotations/``, whenever the package is built.

Needs only what ``[build-system] requires`` names. A source distribution holds corpus and annotations, so a wheel made
from it has the release too.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ReleaseBuildHook(BuildHookInterface[Any]):
    """Assembles ``benchmark/onrecord/_release`` and puts it into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Builds the release; called by hatchling.

        Args:
            version: ``standard``, or ``editable`` for a development install.
            build_data: What hatchling is going to build, changed in place.
        """
        root = Path(self.root)
        target = root / "benchmark" / "onrecord" / "_release"
        editable = version == "editable"
        if any((root / "annotations" / "gold").glob("*/*.json")) and (root / "corpus").is_dir():
            self._assemble(root, target, lenient=editable)
        elif not target.is_dir():
            self.app.display_warning("no corpus with gold labels here: the package carries no release")
        if target.is_dir() and not editable:
            build_data["force_include"][str(target)] = "onrecord/_release"

    def _assemble(self, root: Path, target: Path, *, lenient: bool) -> None:
        """A development install goes on without articles that have problems; a wheel is refused."""
        source = str(root / "benchmark")
        sys.path.insert(0, source)
        try:
            from onrecord.assembly import assemble
            from onrecord.errors import InputError

            try:
                corpus = assemble(root / "corpus", root / "annotations", target, lenient=lenient)
            except InputError as error:
                if not lenient:
                    raise SystemExit(f"the corpus is not fit for release:\n{error}") from None
                self.app.display_warning(f"the package carries no release:\n{error}")
                return
            for problem in corpus.left_out:
                self.app.display_warning(f"left out of the release: {problem}")
        finally:
            sys.path.remove(source)
