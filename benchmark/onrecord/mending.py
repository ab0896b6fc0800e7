"""Mends: what a third reading changes in adjudicated labels, written as pass-file lines with a reason each."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

_REMOVAL: Final = re.compile(r"# removed: .+\| *\S[^|]*")


def unexplained(drafted: str, mended: str) -> list[str]:
    """What is wrong with the reasons in a mended file of labels, a sentence each.

    Args:
        drafted: The file as it followed from passes and decisions.
        mended: The file with mends. A new or changed line has a ``# why`` line above it (one serves a run of lines);
            for a line that is gone without another in its place stands ``# removed: <the line> | why``.
    """
    before = Counter(_label_lines(drafted))
    lines = [line.strip() for line in mended.splitlines()]
    removals = [line for line in lines if line.startswith("# removed:")]
    wrong = [f"no reason in {line!r}" for line in removals if not _REMOVAL.fullmatch(line)]
    gone = before - Counter(_label_lines(mended))
    fresh = Counter(_label_lines(mended)) - before
    reason = False
    for line in lines:
        if line.startswith("#"):
            reason = len(line) > 2
        elif not line or line.startswith("["):
            reason = False
        elif fresh[line]:
            fresh[line] -= 1
            if not reason:
                wrong.append(f"no # line above {line!r}")
        else:
            reason = False
    short = gone.total() - (Counter(_label_lines(mended)) - before).total() - len(removals)
    if short > 0:
        wrong.append(f"{short} lines gone without '# removed: <the line> | why', among: {next(iter(gone))!r}")
    return wrong


def _label_lines(text: str) -> list[str]:
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith(("#", "["))]
