"""Training systems on released folders: which can be trained, on what, and how well by cross-validation.

Folds never share a story (or, where a dataset has no stories, an article), and a training row whose claim also stands
in the fold's held-out rows is left out, so that neither body nor headline leaks.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from onrecord.errors import InputError, MissingExtraError, Problem
from onrecord.model import LAYERS
from onrecord.release import Release, read_release, read_rows
from onrecord.systems import modelfile
from onrecord.systems.modelfile import Model

#: Systems that can be trained, and the extras that training needs.
TRAINABLE: Final[Mapping[str, tuple[str, ...]]] = {"crf": ("crf",), "tfidf": ()}
_CONFIGS: Final = ("entities", "quotes", "dates")


@dataclass(frozen=True, slots=True)
class Data:
    """Annotated articles to learn from.

    Attributes:
        rows: Rows of config ``articles`` with the columns of every annotated layer (None where it is not).
        stance: Rows of config ``stance``, by article.
        about: Name, version, split and number of the articles and a hash of texts and labels, for the model's
            description.
    """

    rows: list[dict[str, Any]]
    stance: Mapping[str, list[dict[str, Any]]]
    about: Mapping[str, Any]

    def groups(self) -> list[str]:
        """The stories (or articles), in order."""
        return sorted({group(row) for row in self.rows})

    def only(self, groups: frozenset[str], claims: frozenset[str] = frozenset()) -> Data:
        """The articles of some stories, without the stance rows that ask about ``claims``."""
        rows = [row for row in self.rows if group(row) in groups]
        stance = {
            row["id"]: [asked for asked in self.stance.get(row["id"], []) if asked["claim_text"] not in claims]
            for row in rows
        }
        return Data(rows, stance, self.about)


def group(row: Mapping[str, Any]) -> str:
    """What must not be torn apart between folds."""
    return str(row.get("story") or row["id"])


def load(folder: Path, split: str, layers: Sequence[str] = LAYERS) -> Data:
    """Reads a split of a released folder with its labels.

    Args:
        folder: A released folder.
        split: The split to learn from.
        layers: Layers wanted; those that the folder does not have are left out.

    Raises:
        InputError: No release there, no such split, or none of the layers.
    """
    release = read_release(folder)
    wanted = [layer for layer in layers if layer in release.layers]
    if not wanted:
        raise InputError(
            Problem(
                str(folder),
                f"has none of the layers {', '.join(layers)}",
                remedy=f"it has: {', '.join(release.layers)}",
            )
        )
    rows: dict[str, dict[str, Any]] = {row["id"]: row for row in read_rows(folder, "articles", split).to_pylist()}
    for layer in wanted:
        if layer in _CONFIGS:
            for row in read_rows(folder, layer, split).to_pylist():
                rows[row["id"]][layer] = row[layer]
    stance: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    if "stance" in wanted:
        for row in read_rows(folder, "stance", split).to_pylist():
            stance[row["article"]].append(row)
    articles = sorted(rows.values(), key=lambda row: str(row["id"]))
    return Data(articles, stance, _about(release, split, articles, stance))


def _about(
    release: Release, split: str, articles: list[dict[str, Any]], stance: Mapping[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    learned = orjson.dumps([[row, stance.get(row["id"], [])] for row in articles], option=orjson.OPT_SORT_KEYS)
    return {
        "name": release.name, "version": release.version, "split": split, "articles": len(articles),
        "data": hashlib.sha256(learned).hexdigest()[:16],
    }  # fmt: skip


def train(system: str, data: Data, settings: Mapping[str, Any] | None = None, layers: Sequence[str] = LAYERS) -> Model:
    """Trains a system.

    Args:
        system: One of ``TRAINABLE``.
        data: What to learn from.
        settings: Settings of the training.
        layers: Layers to learn.

    Raises:
        InputError: The system cannot be trained, the settings are none, or there is nothing to learn from.
        MissingExtraError: An optional dependency is missing.
    """
    if system not in TRAINABLE:
        raise InputError(
            Problem("train", f"{system!r} cannot be trained", remedy=f"choose one of: {', '.join(TRAINABLE)}")
        )
    trainer = _tfidf if system == "tfidf" else _crf
    try:
        return trainer(data, layers, **(settings or {}))
    except ImportError as error:
        raise MissingExtraError(f"train {system}", ",".join(TRAINABLE[system])) from error
    except TypeError as error:
        raise InputError(Problem(f"train {system}", f"does not take these settings: {error}")) from error


def cross_validated(
    system: str, data: Data, folds: int, settings: Mapping[str, Any] | None = None, layers: Sequence[str] = LAYERS
) -> Iterator[tuple[Model, list[dict[str, Any]]]]:
    """Trains on all folds but one, for each; yields the model and the held-out articles as a system receives them.

    Raises:
        InputError: Fewer than two folds, or fewer stories (or articles) than folds.
    """
    groups = data.groups()
    if not 2 <= folds <= len(groups):
        raise InputError(
            Problem("--folds", f"{folds} folds of {len(groups)} stories or articles", remedy="2 up to that number")
        )
    for fold in range(folds):
        held = frozenset(groups[fold::folds])
        test = data.only(held)
        claims = frozenset(asked["claim_text"] for rows in test.stance.values() for asked in rows)
        rest = data.only(frozenset(groups) - held, claims)
        yield train(system, rest, settings, layers), [unlabelled(row, test) for row in test.rows]


def unlabelled(row: Mapping[str, Any], data: Data) -> dict[str, Any]:
    """An article as a system receives it: no labels, and the stance rows to answer."""
    asked = [
        {name: item[name] for name in ("id", "claim", "claim_text", "holder", "holder_name")}
        for item in data.stance.get(row["id"], [])
    ]
    article = {name: value for name, value in row.items() if name not in _CONFIGS}
    return {**article, "stance_rows": asked} if data.stance else article


def _tfidf(data: Data, layers: Sequence[str], mode: str = "two-stage") -> Model:
    from onrecord.systems import tfidf
    from onrecord.systems.protocol import StanceQuestion

    del layers  # it has one
    rows = [
        (
            item["claim_text"] or "",
            tfidf.passage(
                row["text"], StanceQuestion(item["id"], item["claim"], None, item["holder"], item["holder_name"])
            ),
            item["label"],
        )
        for row in data.rows
        for item in data.stance.get(row["id"], [])
    ]
    classifier = tfidf.train(rows, mode)
    meta = {"mode": mode, "commonest": classifier.commonest, "trained_on": {**data.about, "rows": len(rows)}}
    return modelfile.pack("tfidf", meta, classifier.parts())


def _crf(
    data: Data, layers: Sequence[str], columns: str = "rules", fill: str = "all", c1: float = 0.1, c2: float = 0.05,
    iterations: int = 150,
) -> Model:  # fmt: skip
    from onrecord.systems import crf_train
    from onrecord.systems.crf_reading import COLUMNS, TAGGED
    from onrecord.systems.merging import FILLS

    read = tuple(name for name in columns.split(",") if name and name != "none")
    for given, allowed, what in ((read, COLUMNS, "columns"), ((fill,), FILLS, "fill")):
        if not set(given) <= set(allowed):
            raise InputError(Problem(f"--set {what}", f"{','.join(given)!r} is none of {', '.join(allowed)}"))
    penalties = {"c1": c1, "c2": c2, "max_iterations": iterations}
    wanted = [layer for layer in TAGGED if layer in layers and any(row.get(layer) for row in data.rows)]
    if not wanted:
        raise InputError(Problem("train crf", "no article has names, quotations or dates to learn from"))
    articles = crf_train.examples(data.rows, read, wanted)
    parts = {f"{layer}.crfsuite": crf_train.train(articles, layer, penalties) for layer in wanted}
    meta = {
        "columns": list(read), "fill": fill, "layers": wanted, "penalties": penalties, "trained_on": dict(data.about),
        "features": crf_train.fingerprint(articles),
    }  # fmt: skip
    return modelfile.pack("crf", meta, parts)
