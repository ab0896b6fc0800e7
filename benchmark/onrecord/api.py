"""The Python interface: score, compare and predict on whatever form the data is in."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onrecord.errors import InputError, Problem

if TYPE_CHECKING:
    from onrecord.scoring import Comparison, Result
    from onrecord.systems.protocol import System


def score(
    predictions: Any,
    gold: Any = None,
    *,
    split: str = "test",
    layers: Sequence[str] | None = None,
    fuzzy: bool = False,
    **options: Any,
) -> Result:
    """Scores predictions against gold.

    Args:
        predictions: A path, a ``datasets.Dataset``, a pandas data frame, or a list of prediction dicts.
        gold: A released folder, a JSON Lines file of gold lines, a Dataset, data frame or list; None is the packaged
            corpus.
        split: The split of a released folder.
        layers: Layers to score; None is every layer that the predictions attempt.
        fuzzy: Ground text that is not in the article word for word at the nearest likely place (stands in the
            signature).
        options: Passed on to ``onrecord.scoring.score`` (``resamples``, ``seed``).

    Returns:
        The result: ``result["quotes/content-soft:f1"].value``, ``.low``, ``.high``; ``result.signature``;
        ``result.tally``.

    Raises:
        InputError: With every problem found in the predictions or the gold.
    """
    from onrecord import scoring
    from onrecord.predictions import read_predictions
    from onrecord.predictions.gold import read_gold

    read = read_gold(_packaged() if gold is None else gold, split)
    answers = read_predictions(predictions, read, fuzzy=fuzzy)
    return scoring.score(answers, read, layers=layers, **options)


def compare(*results: Result, **options: Any) -> Comparison:
    """A paired comparison of two or more results on the same data.

    Raises:
        InputError: The results differ in data or in the definition of a measure, or have no figure in common.
    """
    from onrecord import scoring

    comparison = scoring.compare(*results, **options)
    comparison.require_a_figure()
    return comparison


def predict(
    articles: Any = None,
    system: System | str | None = None,
    *,
    split: str = "test",
    jobs: int | None = 1,
    settings: Mapping[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Runs a system over articles.

    Args:
        articles: A path (JSON Lines, Parquet, released folder), a Dataset, a data frame, or a list of article dicts
            with at least ``id`` and ``text``; None is the packaged corpus.
        system: A system, or the name of a registered one; None takes what ``onrecord predict`` takes (``best``, or
            ``rules`` where its extras are missing).
        split: The split of a released folder or of the packaged corpus.
        jobs: Processes; None takes the machine's cores where there are enough articles. Each of them imports the script
            that called, so a script that asks for more than one must do so below ``if __name__ == "__main__":``.
        settings: Settings of a system given by name.

    Returns:
        Prediction lines, ready for ``onrecord.score``.

    Raises:
        InputError: The articles are at fault, or the system failed on one of them.
    """
    from onrecord.systems import registry
    from onrecord.systems.run import predict as run

    if system is None:
        system, note = registry.default()
        if note is not None:
            warnings.warn(note, stacklevel=2)
    found: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for line in run(system, _articles(articles, split), jobs=jobs, settings=settings):
        if line.prediction is None:
            problems.append(Problem("<articles>", f"the system failed: {line.error}", article=line.id))
        else:
            found.append({name: value for name, value in line.prediction.items() if value is not None})
    if problems:
        raise InputError(problems)
    return found


def _articles(articles: Any, split: str) -> Iterable[dict[str, Any]]:
    from onrecord.systems.inputs import check_article, packaged_articles, read_articles

    if articles is None:
        return packaged_articles(split)
    if isinstance(articles, str | Path):
        return read_articles(str(articles), split)
    if hasattr(articles, "to_dict") and hasattr(articles, "columns") and not isinstance(articles, Mapping):
        articles = articles.to_dict("records")
    seen: set[str] = set()
    return (check_article(row, "<articles>", number, seen) for number, row in enumerate(articles, start=1))


def _packaged() -> Path:
    from onrecord.loader import packaged_release

    return packaged_release()
