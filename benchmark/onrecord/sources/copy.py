"""A user's copy of a corpus: a folder or an archive, read only, with nothing in it trusted.

Files are found at any depth. Names that lead out of the copy (``../``, absolute paths, symbolic links to elsewhere)
are left out and named. Nothing is unpacked to disk.
"""

from __future__ import annotations

import hashlib
import os
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

from onrecord.errors import InputError, Problem

#: Larger files are no part of any corpus we know, and a decompressed one could fill the memory.
LARGEST: Final = 256 * 1024 * 1024
#: Files that operating systems leave behind.
_LITTER: Final = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


class Copy:
    """The files of a copy.

    Attributes:
        root: The folder or archive.
        files: POSIX paths below the root, sorted.
        left_out: Names that were not read, and why.
    """

    def __init__(self, root: Path) -> None:
        """Lists the files.

        Raises:
            InputError: ``root`` does not exist, or is neither a folder nor an archive.
        """
        self.root = root
        self.left_out: list[str] = []
        if root.is_dir():
            self._readers = self._folder(root)
        elif root.is_file() and zipfile.is_zipfile(root):
            self._readers = self._zip(root)
        elif root.is_file() and tarfile.is_tarfile(root):
            self._readers = self._tar(root)
        elif root.exists():
            raise InputError(
                Problem(str(root), "is neither a folder nor a zip or tar archive", remedy="give the root of your copy")
            )
        else:
            raise InputError(Problem(str(root), "no such file or folder", remedy="give the root of your copy"))
        self.files: list[str] = sorted(self._readers)

    def read(self, name: str) -> bytes:
        """The bytes of one of ``files``."""
        return self._readers[name]()

    def read_text(self, name: str, note: Callable[[str], object]) -> str:
        """One of ``files`` as text with its line ends as they are.

        A file that is no UTF-8 is read as Latin-1, which always succeeds, and ``note`` is told.
        """
        content = self.read(name)
        try:
            return content.decode("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8")
        except UnicodeDecodeError:
            note(f"{name}: no UTF-8, read as Latin-1")
            return content.decode("latin-1")

    def compare(self, checksums: Mapping[str, str], relevant: Callable[[str], bool]) -> list[str]:
        """Sentences that say how this copy differs from the version whose checksums are known.

        Args:
            checksums: SHA-256 by path in the original layout; a path matches a file that ends in it.
            relevant: Which of this copy's files the source reads.
        """
        if not checksums:
            return []
        found: dict[str, str] = {}
        by_tail = {PurePosixPath(path).name: path for path in checksums}
        unknown = []
        for name in filter(relevant, self.files):
            path = by_tail.get(PurePosixPath(name).name)
            if path is not None and (name == path or name.endswith(f"/{path}") or path.endswith(f"/{name}")):
                found[path] = name
            else:
                unknown.append(name)
        altered = [
            name for path, name in found.items() if hashlib.sha256(self.read(name)).hexdigest() != checksums[path]
        ]
        missing = [path for path in checksums if path not in found]
        return [
            f"{len(names)} file(s) {what}: {', '.join(sorted(names)[:5])}{' …' if len(names) > 5 else ''}"
            for what, names in (
                ("altered against the known version", altered),
                ("of the known version missing", missing),
                ("whose checksum is not on record", unknown),
            )
            if names
        ]

    def _folder(self, root: Path) -> dict[str, Callable[[], bytes]]:
        home = root.resolve()
        readers: dict[str, Callable[[], bytes]] = {}
        for folder, folders, names in os.walk(root):
            folders.sort()
            for name in (*names, *(f for f in folders if (Path(folder) / f).is_symlink())):
                path = Path(folder) / name
                relative = path.relative_to(root).as_posix()
                if path.is_symlink() and not path.resolve().is_relative_to(home):
                    self.left_out.append(f"{relative}: a link that leads out of the copy")
                elif path.is_file() and not _is_litter(relative):
                    if path.stat().st_size > LARGEST:
                        self.left_out.append(f"{relative}: larger than {LARGEST >> 20} MiB")
                    else:
                        readers[relative] = path.read_bytes
        return readers

    def _zip(self, root: Path) -> dict[str, Callable[[], bytes]]:
        readers: dict[str, Callable[[], bytes]] = {}
        with zipfile.ZipFile(root) as archive:
            for info in archive.infolist():
                if not info.is_dir() and self._takes(info.filename, info.file_size):
                    readers[info.filename] = partial(_read_zipped, root, info.filename)
        return readers

    def _tar(self, root: Path) -> dict[str, Callable[[], bytes]]:
        readers: dict[str, Callable[[], bytes]] = {}
        with tarfile.open(root) as archive:
            for member in archive:
                if member.issym() or member.islnk():
                    self.left_out.append(f"{member.name}: a link inside an archive")
                elif member.isfile() and self._takes(member.name, member.size):
                    file = archive.extractfile(member)
                    readers[member.name] = partial(bytes, file.read() if file else b"")
        return readers

    def _takes(self, name: str, size: int) -> bool:
        parts = PurePosixPath(name.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or (len(name) > 1 and name[1] == ":"):
            self.left_out.append(f"{name}: leads out of the archive")
            return False
        if size > LARGEST:
            self.left_out.append(f"{name}: larger than {LARGEST >> 20} MiB")
            return False
        return not _is_litter(name)


def _is_litter(name: str) -> bool:
    """Whether an operating system left it behind: ``._`` files (AppleDouble) stand beside every file of some clones."""
    path = PurePosixPath(name)
    return path.name.startswith("._") or path.name in _LITTER or "__MACOSX" in path.parts or ".git" in path.parts


def _read_zipped(root: Path, name: str) -> bytes:
    with zipfile.ZipFile(root) as archive, archive.open(name) as file:
        return file.read(LARGEST + 1)
