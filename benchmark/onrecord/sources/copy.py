"""A user's copy of a corpus: a folder or an archive, read only, with nothing in it trusted.

Files are found at any depth. Names that lead out of the copy (``../``, absolute paths, symbolic links to elsewhere)
are left out and named. Nothing is unpacked to disk.
"""

from __future__ import annotations

import hashlib
import os
import tarfile
import unicodedata
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Final

from onrecord.errors import InputError, Problem
from onrecord.sources.decoding import decoded

#: Larger files are no part of any corpus we know, and a decompressed one could fill the memory.
LARGEST: Final = 256 * 1024 * 1024
#: Files that operating systems leave behind.
_LITTER: Final = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_REMEDY: Final = "give the root of your copy"
_GIT: Final = "git:"


class Copy:
    """The files of a copy; a context manager, since an archive stays open while it is read.

    Attributes:
        root: The folder or archive.
        files: POSIX paths below the root, in NFC, sorted.
        left_out: Names that were not read, and why.
    """

    def __init__(self, root: Path, wanted: Callable[[str], bool] = lambda _: True) -> None:
        """Lists the files.

        Args:
            root: A folder, or a zip or tar archive.
            wanted: Which files will be read; a compressed archive can only be read in one go, and of others nothing
                is kept.

        Raises:
            InputError: ``root`` does not exist, or is neither a folder nor an archive.
        """
        self.root = root
        self.left_out: list[str] = []
        self._hashes: dict[str, str] = {}
        self._archive: zipfile.ZipFile | None = None
        try:
            if root.is_dir():
                self._readers = self._folder(root)
            elif root.is_file() and zipfile.is_zipfile(root):
                self._readers = self._zip(root)
            elif root.is_file() and tarfile.is_tarfile(root):
                self._readers = self._tar(root, wanted)
            else:
                what = "is neither a folder nor a zip or tar archive" if root.exists() else "no such file or folder"
                raise InputError(Problem(str(root), what, remedy=_REMEDY))
        except (OSError, EOFError, zipfile.BadZipFile, tarfile.TarError) as error:
            raise InputError(Problem(str(root), f"cannot be read: {error}", remedy=_REMEDY)) from None
        self.files: list[str] = sorted(self._readers)

    def __enter__(self) -> Copy:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._archive is not None:
            self._archive.close()

    def read(self, name: str) -> bytes:
        """The bytes of one of ``files``.

        Raises:
            InputError: It cannot be read: no permission, a broken or encrypted archive.
        """
        try:
            content = self._readers[name]()
        # zipfile raises RuntimeError for a password that is missing.
        except (OSError, EOFError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error) as error:
            raise InputError(Problem(name, f"cannot be read: {error}", remedy="get the file again")) from None
        if len(content) > LARGEST:
            raise InputError(Problem(name, f"is larger than {LARGEST >> 20} MiB", remedy="get the file again"))
        self._hashes[name] = hashlib.sha256(content).hexdigest()
        return content

    def checksum(self, name: str) -> str:
        """SHA-256 of one of ``files``, in hexadecimal."""
        if name not in self._hashes:
            self.read(name)
        return self._hashes[name]

    def read_text(self, name: str, note: Callable[[str], object]) -> str:
        """One of ``files`` as text, its line ends as they are; ``note`` is told of an encoding that is not UTF-8.

        Raises:
            InputError: As ``read``.
        """
        text, encoding = decoded(self.read(name))
        if encoding is not None:
            note(f"{name}: no UTF-8, read as {encoding}")
        return text

    def compare(self, checksums: Mapping[str, str]) -> list[str]:
        """Sentences that say how what was read differs from the version whose checksums are known.

        Args:
            checksums: By path in the original layout, SHA-256, or ``git:`` and the SHA-1 under which git keeps the
                file; a path matches a file that ends in it.
        """
        if not checksums:
            return []
        known: defaultdict[str, list[str]] = defaultdict(list)
        for path in checksums:
            known[PurePosixPath(path).name].append(path)
        found: dict[str, str] = {}
        for name in self.files:
            for path in known.get(PurePosixPath(name).name, ()):
                if path not in found and (f"/{name}".endswith(f"/{path}") or path.endswith(f"/{name}")):
                    found[path] = name
        named = set(found.values())
        read = {path: name for path, name in found.items() if name in self._hashes}
        altered = {path: name for path, name in read.items() if not self._is(name, checksums[path])}
        unknown = [name for name in self._hashes if name not in named]
        notes = [f"{len(read) - len(altered)} of {len(self._hashes)} file(s) read are those of the known version"]
        for what, names in (
            ("altered against the known version", altered.values()),
            ("of the known version missing", checksums.keys() - found.keys()),
            ("whose checksum is not on record, read all the same", unknown),
        ):
            if names:
                notes.append(f"{len(names)} file(s) {what}: {_shortly(names)}")
        return notes

    def _is(self, name: str, checksum: str) -> bool:
        if checksum.startswith(_GIT):
            content = self._readers[name]()
            # How git names a file's content; an identifier here, no protection.
            blob = b"blob %d\0" % len(content) + content
            return hashlib.sha1(blob, usedforsecurity=False).hexdigest() == checksum.removeprefix(_GIT)
        return self._hashes[name] == checksum

    def _folder(self, root: Path) -> dict[str, Callable[[], bytes]]:
        home = root.resolve()
        readers: dict[str, Callable[[], bytes]] = {}
        for folder, folders, names in os.walk(root, onerror=self._unlisted):
            folders.sort()
            for name in (*names, *(f for f in folders if (Path(folder) / f).is_symlink())):
                path = Path(folder) / name
                relative = path.relative_to(root).as_posix()
                if path.is_symlink() and not _inside(path, home):
                    self.left_out.append(f"{relative}: a link that leads out of the copy")
                elif path.is_file() and not _is_litter(relative):
                    if path.stat().st_size > LARGEST:
                        self.left_out.append(f"{relative}: larger than {LARGEST >> 20} MiB")
                    else:
                        readers[_plain_name(relative)] = path.read_bytes
        return readers

    def _unlisted(self, error: OSError) -> None:
        self.left_out.append(f"{error.filename}: cannot be listed: {error.strerror}")

    def _zip(self, root: Path) -> dict[str, Callable[[], bytes]]:
        self._archive = zipfile.ZipFile(root)
        readers: dict[str, Callable[[], bytes]] = {}
        for info in self._archive.infolist():
            if not info.is_dir() and self._takes(info.filename, info.file_size):
                readers[_plain_name(info.filename.replace("\\", "/"))] = partial(_read_zipped, self._archive, info)
        return readers

    def _tar(self, root: Path, wanted: Callable[[str], bool]) -> dict[str, Callable[[], bytes]]:
        readers: dict[str, Callable[[], bytes]] = {}
        with tarfile.open(root) as archive:
            for member in archive:
                if member.issym() or member.islnk():
                    self.left_out.append(f"{member.name}: a link inside an archive")
                elif member.isfile() and self._takes(member.name, member.size):
                    name = _plain_name(member.name.removeprefix("./"))
                    file = archive.extractfile(member) if wanted(name) else None
                    readers[name] = partial(bytes, file.read() if file else b"")
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


def _inside(path: Path, home: Path) -> bool:
    try:
        return path.resolve().is_relative_to(home)
    except (OSError, RuntimeError):  # links in a circle
        return False


def _plain_name(name: str) -> str:
    """A file's name as text that is the same on every system: NFC, and Latin-1 where it is no UTF-8."""
    raw = name.encode("utf-8", "surrogateescape")
    return unicodedata.normalize("NFC", decoded(raw)[0])


def _is_litter(name: str) -> bool:
    """Whether an operating system left it behind: ``._`` files (AppleDouble) stand beside every file of some clones."""
    path = PurePosixPath(name)
    return path.name.startswith("._") or path.name in _LITTER or "__MACOSX" in path.parts or ".git" in path.parts


def _read_zipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as file:
        return file.read(LARGEST + 1)


def _shortly(names: Iterable[str], most: int = 5) -> str:
    ordered = sorted(names)
    return ", ".join(ordered[:most]) + (" …" if len(ordered) > most else "")
