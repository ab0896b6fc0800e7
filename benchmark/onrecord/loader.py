"""Opening a released folder with ``datasets``; importing ``datasets`` waits until something is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from onrecord.errors import InputError, Problem
from onrecord.release import META, find_file, read_release

if TYPE_CHECKING:
    import datasets

_PACKAGED: Final = Path(__file__).resolve().parent / "_release"


def packaged_release() -> Path:
    """The released folder of the OnRecord corpus that the installed package carries.

    Raises:
        InputError: This installation carries none.
    """
    if not (_PACKAGED / META).is_file():
        raise InputError(
            Problem(
                str(_PACKAGED),
                "this installation carries no release of the corpus",
                remedy="install the package again from a checkout with corpus/ and annotations/, "
                "or run `onrecord assemble -o DIR` there and name DIR",
            )
        )
    return _PACKAGED


def load(
    config: str = "all",
    split: str | None = None,
    path: Path | str | None = None,
    streaming: bool = False,
) -> datasets.Dataset | datasets.DatasetDict | datasets.IterableDataset | datasets.IterableDatasetDict:
    """Loads a config of a release; the same as ``datasets.load_dataset(folder, config, split=split)``.

    Args:
        config: ``articles``, ``entities``, ``quotes``, ``dates``, ``stance`` or ``all``.
        split: ``train``, ``validation`` or ``test``; None loads all of them.
        path: A released folder; None is the corpus that the package carries.
        streaming: Read row by row instead of preparing a cache.

    Raises:
        InputError: No release there, or no such config or split in it.
    """
    folder = packaged_release() if path is None else Path(path)
    release = read_release(folder)
    # A slice such as "test[:10]" is for load_dataset to judge.
    plain = split if split in release.splits or (split or "").isidentifier() else None
    find_file(release, config, plain or next(iter(release.splits)))

    import datasets

    return datasets.load_dataset(str(folder.resolve()), config, split=split, streaming=streaming)
