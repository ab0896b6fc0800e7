"""What a report is about: the data, what is known of its articles, and the systems that were scored on it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from onrecord.errors import InputError, Problem

if TYPE_CHECKING:
    from onrecord.predictions import Gold
    from onrecord.release import Release
    from onrecord.scoring import Comparison, Result
    from onrecord.scoring.alignment import Aligned
    from onrecord.scoring.engine import Run

#: So many can be told apart by colour and marker.
MOST_SYSTEMS: Final = 6


@dataclass(frozen=True, slots=True)
class Facts:
    """What a reader of an article is shown beside its text, and the gold does not hold.

    Attributes:
        byline: Or None.
        claims: Ids and texts.
    """

    byline: str | None = None
    claims: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Scoring:
    """One system: its figures, and what became of every item."""

    run: Run
    result: Result

    @property
    def name(self) -> str:
        """What the system is called in the report."""
        return self.result.name

    @cached_property
    def aligned(self) -> dict[str, Aligned]:
        """The outcomes by layer."""
        from onrecord.scoring.alignment import align

        return align(self.run.task)


@dataclass(frozen=True)
class Study:
    """Everything that a report shows.

    Attributes:
        gold: The data.
        facts: By article id.
        release: The released folder that the gold is from, if it is from one.
        scorings: The systems; none is a report on the data itself.
        comparison: Of two or more systems.
    """

    gold: Gold
    facts: Mapping[str, Facts] = field(default_factory=dict)
    release: Release | None = None
    scorings: tuple[Scoring, ...] = ()
    comparison: Comparison | None = None

    @property
    def results(self) -> list[Result]:
        """The systems' figures."""
        return [scoring.result for scoring in self.scorings]

    @property
    def names(self) -> list[str]:
        """The systems' names."""
        return [scoring.name for scoring in self.scorings]


def read_study(
    predictions: Sequence[Any],
    gold: Any = None,
    *,
    names: Sequence[str] = (),
    split: str = "test",
    layers: Sequence[str] | None = None,
    fuzzy: bool = False,
    resamples: int = 1_000,
    seed: int = 12_345,
) -> Study:
    """Reads gold and predictions and scores them.

    Args:
        predictions: As ``onrecord.score`` takes them; none for a report on the data itself.
        gold: A released folder, a file of gold lines, or data in memory; None is the packaged corpus.
        names: What to call the first systems; the others go by their files.
        split: The split of a released folder.
        layers: Layers to score; None is every layer that a system attempts.
        fuzzy: Ground text that is not in the article word for word at the nearest likely place.
        resamples: Of the bootstrap.
        seed: Of the bootstrap.

    Raises:
        InputError: With every problem found in the predictions or the gold; or too many systems.
    """
    from dataclasses import replace

    from onrecord.loader import packaged_release
    from onrecord.predictions import read_gold, read_predictions
    from onrecord.predictions.intake import is_stream, refuse_twice
    from onrecord.scoring.comparison import compare, free_name
    from onrecord.scoring.engine import prepare

    if len(predictions) > MOST_SYSTEMS:
        remedy = "compare the others in a second report"
        raise InputError(
            Problem("report", f"shows {MOST_SYSTEMS} systems at most, not {len(predictions)}", None, None, remedy)
        )
    source = packaged_release() if gold is None else gold
    refuse_twice(*predictions)
    if is_stream(source):
        remedy = "write it to a file first: a report reads the gold twice"
        raise InputError(Problem(str(source), "is a pipe", remedy=remedy))
    read = read_gold(source, split)
    scorings: list[Scoring] = []
    for place, one in enumerate(predictions):
        run = prepare(read_predictions(one, read, fuzzy=fuzzy), read, layers=layers)
        result = run.result(resamples=resamples, seed=seed)
        name = names[place] if place < len(names) else result.name
        scorings.append(Scoring(run, replace(result, name=free_name(name, [each.name for each in scorings]))))
    return Study(
        gold=read,
        facts=_facts(source, split),
        release=_release(source),
        scorings=tuple(scorings),
        comparison=compare(*(s.result for s in scorings), trials=resamples) if len(scorings) > 1 else None,
    )


def _release(source: Any) -> Release | None:
    from onrecord.release import read_release

    return read_release(Path(source)) if isinstance(source, str | os.PathLike) and Path(source).is_dir() else None


def _facts(source: Any, split: str) -> dict[str, Facts]:
    """Bylines and claims, which scoring does without and therefore did not keep."""
    from onrecord.predictions.flat import column
    from onrecord.predictions.gold import Gold
    from onrecord.predictions.intake import batches
    from onrecord.predictions.slow import Findings
    from onrecord.release import read_rows
    from onrecord.schemas import LINE

    if isinstance(source, Gold):
        return {}
    if _release(source) is not None:
        source = read_rows(Path(source), "articles", split)
    found: dict[str, Facts] = {}
    for batch in batches(source, LINE, Findings("<gold>")):
        ids, bylines = (column(batch.table, name) for name in ("id", "byline"))
        claims: list[list[tuple[str, str]]] = [[] for _ in range(len(batch.table))]
        frame = batch.frames["claims"]
        texts = (frame.strings[name].to_pylist() for name in ("id", "text"))
        for parent, name, text in zip(frame.parent.tolist(), *texts, strict=True):
            claims[parent].append((name or "", text or ""))
        for row, name in enumerate([] if ids is None else ids.to_pylist()):
            byline = None if bylines is None else bylines[row].as_py()
            found[name] = Facts(byline, tuple(claims[row]))
    return found
