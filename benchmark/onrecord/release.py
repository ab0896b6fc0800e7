"""Released folders: Parquet files that ``load_dataset`` opens, a card, Croissant, and ``onrecord.json``.

A release is written beside its place and then renamed, so that nobody ever sees half of one. Equal articles make
equal bytes (given the same pyarrow). Each data file carries a hash of its rows in its name, since ``datasets``
caches by file names alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from onrecord import compute as pc
from onrecord import shape, wire
from onrecord.card import ABOUT, DataFile, card
from onrecord.checks import structure
from onrecord.croissant import croissant
from onrecord.errors import InputError, Problem
from onrecord.files import writing_folder
from onrecord.model import LAYERS, SPLITS, AnnotatedArticle, Layer, Split

META: Final = "onrecord.json"
CARD: Final = "README.md"
CROISSANT: Final = "croissant.json"
#: Version of the folder's own form; a reader refuses one that it does not know.
FORM: Final = 1
#: Rows of a row group; part of what makes equal input equal bytes.
_ROWS: Final = 1_000
#: The config that each layer alone fills.
_CONFIG_OF: Final[dict[Layer, str]] = {"entities": "entities", "quotes": "quotes", "dates": "dates", "stance": "stance"}


@dataclass(frozen=True, slots=True)
class Release:
    """What ``onrecord.json`` says of a released folder.

    Attributes:
        folder: Where it stands.
        name, version, edition: Of the data; edition is None where the data has none.
        data_hash: SHA-256 of all rows, whatever wrote them.
        types: The declared inventory of entity types; None if none is declared.
        outside: Types a tagger may emit that are not annotated here.
        layers: Layers that are annotated.
        splits: Number of articles by split.
        citation, licence: As the data's makers want them.
        files: Every data file.
    """

    folder: Path
    name: str
    version: str
    edition: str | None
    data_hash: str
    types: tuple[str, ...] | None
    outside: tuple[str, ...]
    layers: tuple[str, ...]
    splits: dict[str, int]
    citation: str
    licence: str
    files: tuple[DataFile, ...]

    @property
    def configs(self) -> tuple[str, ...]:
        """The configs that the folder has."""
        return tuple(dict.fromkeys(file.config for file in self.files))


def build(
    articles: Iterable[AnnotatedArticle],
    out: Path,
    *,
    name: str,
    version: str,
    edition: str | None = None,
    title: str | None = None,
    description: str = "",
    licence: str = "unknown",
    citation: str = "",
    canary: str = "",
    published: str = "",
    creator: str = "",
    rai: Mapping[str, Any] | None = None,
    languages: Sequence[str] = ("en",),
    types: Sequence[str] | None = None,
    outside: Sequence[str] = (),
    notes: Sequence[str] = (),
    watch: Callable[[Sequence[AnnotatedArticle], str], Iterable[AnnotatedArticle]] = lambda items, _: items,
) -> None:
    """Writes a released folder, in place of an earlier release if there is one.

    A layer counts as annotated if any article has it; a layer that none has gets no config.

    Args:
        articles: The articles with their labels, in any order.
        out: The folder to write.
        name: What the data is called in signatures.
        version: Its version.
        edition: Its edition, if it has one.
        title: Heading of the card; the name where none is given.
        description: A paragraph for the card.
        licence: SPDX id or the licence's name.
        citation: BibTeX entry or reference.
        canary: A string to find the data by where it should not be; it goes into every file.
        published: ISO date of publication, for ``croissant.json``.
        creator: Who made the data, for ``croissant.json``.
        rai: Fields of Croissant's RAI extension, see :mod:`onrecord.croissant`.
        languages: ISO 639 codes.
        types: The inventory of entity types; None accepts and declares none.
        outside: Types that are not annotated though taggers may emit them.
        notes: What was dropped or repaired on the way, a sentence each, for the card.
        watch: Passes the articles on while they are checked and written, for a progress bar.

    Raises:
        InputError: Labels that do not fit their text, ids twice, a story in two splits, nothing to write, or an
            ``out`` that exists and is no release.
    """
    items = sorted(articles, key=lambda item: item.article.id)
    if not items:
        raise InputError(Problem("<articles>", "no article to release", remedy="check what the reader found"))
    problems = list(_problems(watch(items, "checking"), types))
    if problems:
        raise InputError(problems)
    with writing_folder(out, META) as work:
        files = _write_data(watch(items, "writing"), items, work, canary)
        meta: dict[str, Any] = {
            "form": FORM,
            "name": name,
            "version": version,
            "edition": edition,
            "title": title or name,
            "description": description,
            "licence": licence,
            "citation": citation,
            "canary": canary,
            "published": published,
            "creator": creator,
            "languages": list(languages),
            "layers": [layer for layer in LAYERS if _has(items, layer)],
            "types": None if types is None else list(types),
            "outside": list(outside),
            "articles": len(items),
            "stories": len({item.article.story for item in items if item.article.story is not None}),
            "splits": {
                split: sum(item.split == split for item in items)
                for split in SPLITS
                if any(item.split == split for item in items)
            },
            "data_hash": _data_hash(files, types, outside),
        }
        text = card(meta, files, notes)
        (work / CARD).write_text(text, encoding="utf-8", newline="\n")
        described = orjson.dumps(
            croissant(meta, files, ABOUT, rai), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        )
        (work / CROISSANT).write_bytes(described)
        meta["files"] = [asdict(file) for file in files]
        meta["card_sha256"] = hashlib.sha256(text.encode("utf-8")).hexdigest()
        meta["croissant_sha256"] = hashlib.sha256(described).hexdigest()
        (work / META).write_bytes(orjson.dumps(meta, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def read_release(folder: Path) -> Release:
    """What a released folder says of itself.

    Raises:
        InputError: The folder is no release, or of a form this version does not know.
    """
    remedy = "give a folder that `onrecord assemble` wrote"
    try:
        value = orjson.loads((folder / META).read_bytes())
    except FileNotFoundError:
        what = "is no released folder" if folder.is_dir() else "no such folder"
        raise InputError(Problem(str(folder), what, remedy=remedy)) from None
    except (OSError, orjson.JSONDecodeError) as error:
        raise InputError(Problem(str(folder / META), f"cannot be read: {error}", remedy=remedy)) from None
    if not isinstance(value, dict) or value.get("form") != FORM:
        raise InputError(
            Problem(str(folder / META), "has a form that this version does not know", remedy="assemble it again")
        )
    try:
        return Release(
            folder=folder,
            types=None if value["types"] is None else tuple(value["types"]),
            outside=tuple(value["outside"]),
            layers=tuple(value["layers"]),
            files=tuple(DataFile(**file) for file in value["files"]),
            **{key: value[key] for key in ("name", "version", "edition", "data_hash", "splits", "citation", "licence")},
        )
    except (KeyError, TypeError) as error:
        raise InputError(Problem(str(folder / META), f"lacks a field: {error}", remedy="assemble it again")) from None


def read_rows(folder: Path, config: str = "all", split: str = "test") -> pa.Table:
    """The rows of one config and split, in the wire's Arrow schema.

    Raises:
        InputError: No such config or split, or a file that is missing or not the one that was released.
    """
    release = read_release(folder)
    file = find_file(release, config, split)
    path = folder / file.path
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(Problem(str(path), error.strerror or "cannot be read", remedy="assemble it again")) from None
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise InputError(Problem(str(path), "is not the file that was released", remedy="assemble the folder again"))
    table = pq.ParquetFile(pa.BufferReader(content)).read()  # ``read_table`` imports pandas, if it is there.
    schema = wire.SCHEMAS[config]
    if table.schema.names != schema.names:
        raise InputError(Problem(str(path), f"has the columns {table.schema.names}", remedy="assemble it again"))
    return pa.table([pc.cast(table.column(field.name), field.type) for field in schema], schema=schema)


def find_file(release: Release, config: str, split: str) -> DataFile:
    """The data file of a config and split.

    Raises:
        InputError: The release has none.
    """
    for file in release.files:
        if file.config == config and file.split == split:
            return file
    if config not in release.configs:
        message, has = f"no config {config!r}", release.configs
    else:
        message, has = f"no split {split!r}", tuple(release.splits)
    raise InputError(Problem(str(release.folder), message, remedy=f"it has {', '.join(has)}"))


def _problems(items: Iterable[AnnotatedArticle], types: Sequence[str] | None) -> Iterator[Problem]:
    where = "<articles>"
    seen: set[str] = set()
    split_of: dict[str, tuple[Split, str]] = {}
    for item in items:
        article = item.article
        if article.id in seen:
            yield Problem(where, "id a second time", None, "id", "give each article its own id", article.id)
        seen.add(article.id)
        if item.split not in SPLITS:
            yield Problem(where, f"{item.split!r} is no split", None, "split", f"use {', '.join(SPLITS)}", article.id)
        if article.story is not None:
            split, first = split_of.setdefault(article.story, (item.split, article.id))
            if split != item.split:
                yield Problem(
                    where,
                    f"story {article.story!r} is in {item.split} here and in {split} with {first}",
                    None,
                    "split",
                    "put all articles of a story into one split",
                    article.id,
                )
        for fault in structure(article, item.labels, types):
            yield Problem(where, fault.message, None, fault.path, fault.remedy, article.id)


def _has(items: Iterable[AnnotatedArticle], layer: Layer) -> bool:
    attribute = "stances" if layer == "stance" else layer
    return any(getattr(item.labels, attribute) is not None for item in items)


class _Writer:
    """One data file that is filled row by row."""

    def __init__(self, folder: Path, config: str, split: str, canary: str) -> None:
        self.config, self.split = config, split
        self.schema = wire.SCHEMAS[config]
        self.folder = folder
        self.draft = folder / f"{config}-{split}.tmp"
        # No store_schema, no features: what `datasets` finds embedded it would believe before the card.
        self.parquet = pq.ParquetWriter(self.draft, self.schema, compression="zstd", store_schema=False)
        if canary:
            self.parquet.add_key_value_metadata({"canary": canary})
        self.hash = hashlib.sha256(str(self.schema).encode())
        self.rows = 0
        self.waiting: list[dict[str, Any]] = []

    def add(self, row: dict[str, Any]) -> None:
        # Rows of the other configs are parts of a row of `all`, which is checked down to the last span.
        whole = self.config in {"all", "stance"}
        lacking = list(shape.missing(row, self.schema)) if whole else sorted(set(self.schema.names) - set(row))
        if lacking or len(row) != len(self.schema):
            names = ", ".join(lacking or sorted(set(row) - set(self.schema.names)))
            raise ValueError(f"row {row.get('id')!r} and schema {self.config!r} disagree on {names}")
        self.hash.update(orjson.dumps(row, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE))
        self.waiting.append(row)
        self.rows += 1
        if len(self.waiting) == _ROWS:
            self.flush()

    def flush(self) -> None:
        self.parquet.write_table(pa.Table.from_pylist(self.waiting, schema=self.schema))
        self.waiting = []

    def close(self) -> DataFile | None:
        """Finishes the file and gives it its name; None and no file if it has no row."""
        if self.waiting:
            self.flush()
        self.parquet.close()
        if not self.rows:
            self.draft.unlink()
            return None
        content = self.hash.hexdigest()
        path = f"data/{self.config}/{self.split}-{content[:16]}.parquet"
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        self.draft.rename(target)
        bytes_hash = hashlib.sha256(target.read_bytes()).hexdigest()
        return DataFile(path, self.config, self.split, self.rows, target.stat().st_size, bytes_hash, content)


def _write_data(
    items: Iterable[AnnotatedArticle], known: Sequence[AnnotatedArticle], folder: Path, canary: str
) -> list[DataFile]:
    configs = ["articles", *(_CONFIG_OF[layer] for layer in LAYERS if _has(known, layer)), "all"]
    writers = {split: {config: _Writer(folder, config, split, canary) for config in configs} for split in SPLITS}
    for item in items:
        row = {**wire.article_to_wire(item.article), **wire.labels_to_wire(item.labels)}
        for config, writer in reversed(writers[item.split].items()):
            if config == "stance":
                for stance in wire.stance_rows(item.article, item.labels):
                    writer.add(stance)
            elif config == "all":
                writer.add(row)
            else:
                # Names that the row lacks are left out here and refused by the writer.
                writer.add({name: row[name] for name in writer.schema.names if name in row})
    files = [writer.close() for group in writers.values() for writer in group.values()]
    order = {config: number for number, config in enumerate(configs)}
    found = [file for file in files if file is not None]
    return sorted(found, key=lambda file: (order[file.config], SPLITS.index(file.split)))


def _data_hash(files: Iterable[DataFile], types: Sequence[str] | None, outside: Sequence[str]) -> str:
    """Hash of the rows and of the inventory, which decides how types are scored."""
    content = [[file.split, file.content] for file in files if file.config == "all"]
    inventory = None if types is None else sorted(types)
    return hashlib.sha256(orjson.dumps([content, inventory, sorted(outside)])).hexdigest()
