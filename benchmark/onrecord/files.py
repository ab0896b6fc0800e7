"""Writing files so that nobody ever finds half of one."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from onrecord.errors import InputError, Problem


@contextmanager
def writing(target: str | Path) -> Iterator[IO[bytes]]:
    """A stream into a file that takes its name only when everything has been written; ``-`` is standard output.

    A device or a pipe (``/dev/null``) is written directly.

    Raises:
        InputError: The file cannot be written there.
    """
    if str(target) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(target)
    if path.is_dir():
        raise InputError(Problem(str(target), "is a directory", remedy="name a file"))
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            yield stream
        return
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise InputError(
            Problem(str(target), f"cannot be written: {error.strerror}", remedy="choose another place")
        ) from error
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
        umask = os.umask(0)
        os.umask(umask)
        Path(temporary).chmod(0o666 & ~umask)  # mkstemp's 0600 would surprise
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
