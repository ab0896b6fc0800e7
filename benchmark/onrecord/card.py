"""The card of a released folder: README.md with the YAML that ``datasets`` reads, and words for people.

Data files are spelled out by name, because with a ``configs`` block the cache of ``datasets`` knows a folder by these
names alone. ``features`` and ``num_examples`` make loading check what it reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import yaml

from onrecord.wire import SCHEMAS

DEFAULT_CONFIG: Final = "all"
_SIZES: Final = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"))
#: What a row of each config holds.
ABOUT: Final = {
    "articles": "text, metadata and claims; no labels",
    "entities": "mentions and chains",
    "quotes": "who said what, by which words, and when",
    "dates": "temporal expressions and their values",
    "stance": "one row a holder and claim, ready for a classifier",
    "all": "everything, one row an article",
}


@dataclass(frozen=True, slots=True)
class DataFile:
    """One Parquet file of a release.

    Attributes:
        path: Relative to the folder, with forward slashes.
        config, split: What it holds.
        rows: Number of rows.
        size: Bytes.
        sha256: Of the bytes.
        content: Hash of the rows, whatever wrote them.
    """

    path: str
    config: str
    split: str
    rows: int
    size: int
    sha256: str
    content: str


def card(meta: Mapping[str, Any], files: Sequence[DataFile], notes: Sequence[str]) -> str:
    """Text of README.md.

    Args:
        meta: What ``onrecord.json`` says.
        files: All data files, in order of config and split.
        notes: What was dropped or repaired on the way, a sentence each.
    """
    head = {
        "pretty_name": meta["title"],
        "license": _licence_id(meta["licence"]),
        "language": list(meta["languages"]),
        "size_categories": [next((name for most, name in _SIZES if meta["articles"] < most), "n>100K")],
        "configs": [_config(config, group) for config, group in _by_config(files).items()],
        "dataset_info": [_info(config, group) for config, group in _by_config(files).items()],
    }
    # Width keeps one scalar on one line; safe_dump quotes what YAML could take for something else (no, on, 2031-11).
    block = yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=10_000)
    return f"---\n{block}---\n\n{_words(meta, files, notes)}"


def features(schema: pa.Schema) -> list[dict[str, Any]]:
    """The schema in the YAML of ``dataset_info``; nested spans are ``list:`` and never ``sequence:``.

    ``sequence:`` of a struct means a struct of lists to ``datasets``.
    """
    return [_feature(field) for field in schema]


def _feature(field: pa.Field) -> dict[str, Any]:
    kind = field.type
    if pa.types.is_list(kind):
        return {"name": field.name, "list": _item(kind.value_type)}
    if pa.types.is_struct(kind):
        return {"name": field.name, "struct": _item(kind)}
    return {"name": field.name, "dtype": str(kind)}


def _item(kind: pa.DataType) -> str | list[dict[str, Any]]:
    return [_feature(field) for field in kind] if pa.types.is_struct(kind) else str(kind)


def _by_config(files: Sequence[DataFile]) -> dict[str, list[DataFile]]:
    groups: dict[str, list[DataFile]] = {}
    for file in files:
        groups.setdefault(file.config, []).append(file)
    return groups


def _config(config: str, files: Sequence[DataFile]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "config_name": config,
        "data_files": [{"split": file.split, "path": file.path} for file in files],
    }
    if config == DEFAULT_CONFIG:
        entry["default"] = True
    return entry


def _info(config: str, files: Sequence[DataFile]) -> dict[str, Any]:
    size = sum(file.size for file in files)
    return {
        "config_name": config,
        "features": features(SCHEMAS[config]),
        "splits": [{"name": file.split, "num_bytes": file.size, "num_examples": file.rows} for file in files],
        "download_size": size,
        "dataset_size": size,
    }


def _licence_id(licence: str) -> str:
    """The identifier the YAML wants: small letters, or ``other``."""
    name = licence.lower()
    known = {"cc-by-4.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "cc-by-nc-sa-4.0", "cc0-1.0", "apache-2.0", "mit"}
    return name if name in known else "other"


def _words(meta: Mapping[str, Any], files: Sequence[DataFile], notes: Sequence[str]) -> str:
    splits = list(meta["splits"])
    rows = {(file.config, file.split): file.rows for file in files}
    configs = list(_by_config(files))
    table = [
        f"| config | what a row holds | {' | '.join(splits)} |",
        f"|---|---|{'---:|' * len(splits)}",
        *(
            f"| `{config}` | {ABOUT[config]} | {' | '.join(str(rows.get((config, split), 0)) for split in splits)} |"
            for config in configs
        ),
    ]
    version = f"Version {meta['version']}" + (f", edition {meta['edition']}" if meta["edition"] else "")
    parts = [
        f"# {meta['title']}",
        meta["description"],
        f"{version}; data `{meta['data_hash'][:16]}`. {meta['articles']} articles"
        + (f" in {meta['stories']} stories, split by story." if meta["stories"] else "."),
        "\n".join(table),
        "```python\nfrom datasets import load_dataset\n\n"
        f'load_dataset("path/to/this/folder", "{configs[-1]}", split="{splits[-1]}")\n```',
        "Offsets are Unicode code points into `text`, zero-based and end-exclusive. `onrecord.json` holds the name, "
        "version, entity types, splits and checksums of this folder, `croissant.json` describes it for machines.",
    ]
    if meta["types"] is not None:
        outside = f" Not annotated, though taggers may emit them: {_list(meta['outside'])}." if meta["outside"] else ""
        parts.append(f"Entity types: {_list(meta['types'])}.{outside}")
    if notes:
        parts.append("## Notes\n\n" + "\n".join(f"- {note}" for note in notes))
    if meta["canary"]:
        parts.append(
            f"## Canary\n\nNo part of this data belongs into training data of language models:\n\n    {meta['canary']}"
        )
    parts.append(f"## Licence\n\n{meta['licence']}")
    if meta["citation"]:
        parts.append(f"## Citation\n\n```\n{meta['citation'].strip()}\n```")
    return "\n\n".join(parts) + "\n"


def _list(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
