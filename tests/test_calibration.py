"""The figures of calibration in the datasheet come out again from the passes and a copy of PolNeAR."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path


def test_the_figures_shown_are_those_that_come_out(shared_data: Path, root: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(root / "scripts" / "calibrate.py"), str(shared_data / "polnear-multi")],
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [line for line in done.stdout.splitlines() if re.search(r"\d\.\d{3}", line)]
    assert len(rows) == 4
    datasheet = (root / "DATASHEET.md").read_text(encoding="utf-8")
    for row in rows:
        assert row in datasheet
