"""Model files: one zip archive of weights with a description, never a pickle, refused when it is not what it says.

A model file holds ``model.json`` (its kind, what it was trained on and how, the SHA-256 of every part) and its
parts: CRFsuite models and numpy arrays. Its hash is that of the description, which names the parts' hashes, so that
equal models have equal hashes. Entries are stored with one fixed time and in order: equal models are equal bytes.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson

from onrecord.errors import InputError, Problem
from onrecord.files import writing

#: Version of the file's form; a reader refuses one that it does not know.
FORM: Final = 1
_META: Final = "model.json"
#: The most a part may hold unpacked; an archive that claims more is no model of ours (bytes).
_LARGEST: Final = 1 << 30
_TIME: Final = (1980, 1, 1, 0, 0, 0)
#: Models that travel in the package, and their hashes.
_SHIPPED: Final = "hashes.json"


@dataclass(frozen=True, slots=True)
class Model:
    """A model in memory.

    Attributes:
        kind: The system that reads it (``crf``, ``tfidf``, ``best``).
        meta: What it was trained on and how; plain JSON values.
        parts: Name to bytes.
        hash: SHA-256 of the description, parts included.
    """

    kind: str
    meta: Mapping[str, Any]
    parts: Mapping[str, bytes]
    hash: str

    def arrays(self, part: str) -> dict[str, np.ndarray[Any, Any]]:
        """The arrays of a part that ``pack_arrays`` made."""
        with np.load(io.BytesIO(self.parts[part]), allow_pickle=False) as loaded:
            return {name: loaded[name] for name in loaded.files}


def pack_arrays(arrays: Mapping[str, np.ndarray[Any, Any]]) -> bytes:
    """Arrays as the bytes of a part; equal arrays make equal bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in sorted(arrays.items()):
            inner = io.BytesIO()
            np.save(inner, array, allow_pickle=False)
            _store(archive, f"{name}.npy", inner.getvalue())
    return stream.getvalue()


def pack(kind: str, meta: Mapping[str, Any], parts: Mapping[str, bytes]) -> Model:
    """A model of its parts."""
    described = _description(kind, meta, parts)
    return Model(kind, dict(meta), dict(parts), hashlib.sha256(described).hexdigest())


def write(model: Model, target: str | Path) -> None:
    """Writes a model file.

    Raises:
        InputError: The file cannot be written there.
    """
    with writing(target) as stream:
        stream.write(to_bytes(model))


def to_bytes(model: Model) -> bytes:
    """The bytes of a model file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        _store(archive, _META, _description(model.kind, model.meta, model.parts))
        for name, content in sorted(model.parts.items()):
            _store(archive, name, content)
    return stream.getvalue()


@lru_cache(maxsize=8)
def read(source: str, kind: str) -> Model:
    """Reads a model file; once in a process.

    Args:
        source: Path of the file.
        kind: The kind it must have.

    Raises:
        InputError: There is none, it is damaged, of another kind, or of a later form.
    """
    try:
        content = Path(source).read_bytes()
    except FileNotFoundError:
        raise InputError(
            Problem(source, "no such model file", remedy=f"check the path, or make one: onrecord train {kind}")
        ) from None
    except OSError as error:
        raise InputError(Problem(source, f"could not be read: {error.strerror}")) from error
    return from_bytes(content, source, kind)


@lru_cache(maxsize=8)
def shipped(name: str) -> Model:
    """A model that travels in the package; its hash must be the one the package names.

    Raises:
        InputError: The installation is damaged.
    """
    folder = files("onrecord.systems") / "models"
    hashes = folder / _SHIPPED
    pinned: dict[str, str] = orjson.loads(hashes.read_bytes()) if hashes.is_file() else {}
    source = folder / f"{name}.model"
    if name not in pinned or not source.is_file():
        raise InputError(Problem(str(source), "this installation lacks the model", remedy="install onrecord again"))
    model = from_bytes(source.read_bytes(), str(source), name)
    if model.hash != pinned[name]:
        raise InputError(
            Problem(
                str(source), f"has the hash {model.hash[:16]}, not {pinned[name][:16]}", remedy="install onrecord again"
            )
        )
    return model


def from_bytes(content: bytes, source: str, kind: str) -> Model:
    """A model from the bytes of its file; see ``read``."""

    def refuse(message: str, remedy: str = "train it again, or copy it again") -> InputError:
        return InputError(Problem(source, message, remedy=remedy))

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if any(entry.file_size > _LARGEST for entry in archive.infolist()):
                raise refuse("holds a part that is too large for a model")
            parts = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise refuse(f"is no model file, or damaged: {error}") from error
    described = parts.pop(_META, None)
    if described is None:
        raise refuse("is no model file: it has no model.json")
    try:
        meta = orjson.loads(described)
    except orjson.JSONDecodeError as error:
        raise refuse(f"model.json is no JSON: {error}") from None
    if not isinstance(meta, dict) or meta.get("form") != FORM:
        form = meta.get("form") if isinstance(meta, dict) else None
        raise refuse(f"has the form {form!r}, not {FORM}", "use the onrecord that made it, or train it again")
    if meta.get("kind") != kind:
        raise refuse(f"is a model for {meta.get('kind')!r}, not for {kind!r}", f"onrecord predict {meta.get('kind')}")
    if meta.get("parts") != _hashes(parts):
        raise refuse("does not match its hash: it was damaged or changed")
    model = pack(kind, meta["about"], parts)
    if hashlib.sha256(described).hexdigest() != model.hash:
        raise refuse("does not match its hash: its description was changed")
    return model


def _description(kind: str, meta: Mapping[str, Any], parts: Mapping[str, bytes]) -> bytes:
    content = {"form": FORM, "kind": kind, "about": dict(meta), "parts": _hashes(parts)}
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


def _hashes(parts: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in sorted(parts.items())}


def _store(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content)
