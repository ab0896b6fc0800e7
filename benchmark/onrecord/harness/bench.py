"""The data of an evaluation: gold to score against, and of it what a model may see."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import orjson

from onrecord import wire
from onrecord.errors import InputError, Problem
from onrecord.harness.tracks import LABELS, Track
from onrecord.model import ENTITY_TYPES, STANCE_LABELS
from onrecord.predictions.gold import Gold, read_gold
from onrecord.scoring.task import annotated

#: Fields of a row that a model may see.
_SEEN: Final = tuple(field.name for field in wire.ARTICLE_FIELDS)
_ASKED: Final = ("id", "claim", "claim_text", "holder", "holder_name")


@dataclass(frozen=True)
class Bench:
    """One split of one dataset.

    Attributes:
        gold: Its gold.
        rows: Gold lines by article id.
    """

    gold: Gold
    rows: Mapping[str, Mapping[str, Any]]

    @cached_property
    def articles(self) -> dict[str, dict[str, Any]]:
        """By id, what a model may see: the fields of config ``articles`` and the stance rows without labels."""
        return {name: _seen(row) for name, row in self.rows.items()}

    @cached_property
    def types(self) -> tuple[str, ...]:
        """Entity types: the declared inventory, else those of the gold, else OntoNotes'."""
        if self.gold.types is not None:
            return self.gold.types
        own = {item.get("type") for row in self.rows.values() for item in row.get("entities") or ()}
        return tuple(sorted(filter(None, own))) or ENTITY_TYPES

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Stance labels: with ``unrelated`` where the data has it."""
        own = {item.get("label") for row in self.rows.values() for item in row.get("stances") or ()}
        return STANCE_LABELS if "unrelated" in own else LABELS

    def asked(self, track: Track) -> list[str]:
        """Ids of the articles that a track asks about; one without stance rows has nothing to ask in ``stance``."""
        if track.lists == ("stance_rows",):
            return [name for name, article in self.articles.items() if article["stance_rows"]]
        return list(self.articles)

    def require(self, track: Track) -> None:
        """Refuses data that does not annotate what a track asks.

        Raises:
            InputError: Naming the layers that are missing.
        """
        missing = [layer for layer in track.layers if not annotated(self.gold.columns, layer).any()]
        if missing:
            raise InputError(
                Problem(
                    f"onrecord/{track.name}",
                    f"{self.gold.name} does not annotate {', '.join(missing)}",
                    remedy="choose another task, or other gold",
                )
            )

    def one(self, article: str) -> Gold:
        """The gold of a single article."""
        gold = read_gold([dict(self.rows[article])])
        return replace(gold, types=self.gold.types, outside=self.gold.outside)


@lru_cache(maxsize=8)
def read_bench(source: str | None, split: str) -> Bench:
    """Reads gold once for all samples.

    Args:
        source: A released folder or a JSON Lines file of gold lines; None is the packaged corpus.
        split: The split of a folder.

    Raises:
        InputError: With every problem found.
    """
    from onrecord.loader import packaged_release
    from onrecord.release import read_rows

    path = packaged_release() if source is None else Path(source)
    gold = read_gold(path, split)
    rows = read_rows(path, "all", split).to_pylist() if path.is_dir() else _lines(path)
    return Bench(gold, {row["id"]: row for row in rows})


def _seen(row: Mapping[str, Any]) -> dict[str, Any]:
    asked = [
        {name: found[name] for name in _ASKED}
        for found in wire.stance_rows(wire.article_from_wire(dict(row)), wire.labels_from_wire(dict(row)))
    ]
    return {**{name: row.get(name) for name in _SEEN}, "stance_rows": asked}


def _lines(path: Path) -> Sequence[dict[str, Any]]:
    """Gold lines, which ``read_gold`` has found sound."""
    raw = path.read_bytes()
    if raw[:2] == b"\x1f\x8b":
        raw = gzip.decompress(raw)
    try:
        return [orjson.loads(line) for line in raw.removeprefix(b"\xef\xbb\xbf").splitlines() if line.strip()]
    except orjson.JSONDecodeError as error:
        raise InputError(
            Problem(str(path), "is no JSON Lines file", remedy="give gold lines or a released folder")
        ) from error
