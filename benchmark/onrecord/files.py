"""Writing files so that nobody ever finds half of one."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from onrecord.errors import InputError, Problem

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


def refuse_overwriting(target: str | Path, *sources: object) -> None:
    """Refuses to write over a file that is read.

    Args:
        target: What is to be written.
        sources: What is read; anything but paths of files is passed over.

    Raises:
        InputError: The target is one of the sources.
    """
    path = Path(target)
    if not path.is_file():
        return
    for source in sources:
        if isinstance(source, str | Path) and Path(source).is_file() and path.samefile(source):
            raise InputError(Problem(str(target), "is read and would be overwritten", remedy="write to another file"))


@contextmanager
def writing(target: str | Path) -> Iterator[IO[bytes]]:
    """A stream into a file that takes its name only when everything has been written; ``-`` is standard output.

    A device or a pipe (``/dev/null``) is written directly.

    Raises:
        InputError: The file cannot be written there.
    """
    if str(target) == "-":
        with _full_is_told("standard output"):
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        return
    path = Path(target)
    if path.is_dir():
        raise InputError(Problem(str(target), "is a directory", remedy="name a file"))
    if path.exists() and not path.is_file():
        with _full_is_told(str(target)), _opened(path) as stream:
            yield stream
        return
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise InputError(
            Problem(str(target), f"cannot be written: {error.strerror}", remedy="choose another place")
        ) from error
    try:
        with _full_is_told(str(target)), os.fdopen(descriptor, "wb") as stream:
            yield stream
        umask = os.umask(0)
        os.umask(umask)
        Path(temporary).chmod(0o666 & ~umask)  # mkstemp's 0600 would surprise
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@contextmanager
def writing_folder(target: Path, marker: str) -> Iterator[Path]:
    """A folder to fill that takes its name only when everything has been written.

    It is made beside its place and then renamed, so that nobody ever finds half of one, and a failure leaves what was
    there before.

    Args:
        target: The folder to write; an earlier one with the same marker, or an empty folder, is replaced.
        marker: Name of the file that every folder of this kind has.

    Raises:
        InputError: ``target`` exists and is something else, or cannot be written.
    """
    out = target.absolute()
    if (out.exists() or out.is_symlink()) and not _replaceable(out, marker):
        raise InputError(
            Problem(str(target), "exists and is no released folder", remedy="give another folder, or remove this one")
        )
    # The name is settled before the folder is made: wherever an interruption comes, it is known what to remove.
    work = _beside(out)
    try:
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            work.mkdir()
        except OSError as error:
            raise InputError(
                Problem(str(target), f"cannot be written: {error.strerror}", remedy="choose another place")
            ) from error
        yield work
        _replace(work, out)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise


def _replaceable(out: Path, marker: str) -> bool:
    return out.is_dir() and not out.is_symlink() and ((out / marker).is_file() or not any(out.iterdir()))


def _replace(work: Path, out: Path) -> None:
    """Puts the finished folder in the place of the old one; the old one comes back if that fails."""
    if not out.exists():
        work.rename(out)
        return
    aside = _beside(out)
    try:
        aside.mkdir()
        out.rename(aside / "release")
        work.rename(out)
    except BaseException:
        if not out.exists():
            (aside / "release").rename(out)
        shutil.rmtree(aside, ignore_errors=True)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _beside(out: Path) -> Path:
    """A hidden name in the same folder that nothing has."""
    return out.parent / f".{out.name}-{secrets.token_hex(6)}"


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("wb")
    except OSError as error:
        raise InputError(
            Problem(str(path), f"cannot be written: {error.strerror}", remedy="choose another place")
        ) from error


@contextmanager
def _full_is_told(name: str) -> Iterator[None]:
    """A disk that is full or broken while something is written to it is a problem of that place, and no crash."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise InputError(
            Problem(name, f"cannot be written: {error.strerror}", remedy="make room, or choose another place")
        ) from error
