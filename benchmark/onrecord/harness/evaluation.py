"""The tasks, the solver, the scorer and the metric that Inspect runs.

The scorer turns a model's answers into a prediction line and keeps it with the sample; the metric reads the lines of
all samples and calls ``onrecord.score``, so its figures are those of ``onrecord score`` on the same lines. A sample
that fails (no answer after all retries) is scored as empty and marks the run as failed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessage, ChatMessageSystem, ChatMessageUser, ResponseSchema
from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, Target, Value, metric, scorer
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.util import JSONSchema

from onrecord import __version__
from onrecord.api import score as onrecord_score
from onrecord.harness.answers import Said, line, totals
from onrecord.harness.bench import Bench, read_bench
from onrecord.harness.prompting import message, system_message, version
from onrecord.harness.tracks import TRACKS, Track, answer_schema

#: Where a sample's store keeps the answers.
STORE: Final = "onrecord:answers"


@task(name="entities")
def entities(gold: str | None = None, split: str = "test", structured: bool = True) -> Task:
    """Mentions with their types, kinds and coreference.

    Args:
        gold: A released folder or a JSON Lines file of gold lines; None is the packaged corpus.
        split: The split of a folder.
        structured: Ask for structured output; for endpoints that refuse it, ``-T structured=false``.
    """
    return _task("entities", gold, split, structured)


@task(name="quotes")
def quotes(gold: str | None = None, split: str = "test", structured: bool = True) -> Task:
    """Quotations with cue, source, speaker and day; arguments as for ``entities``."""
    return _task("quotes", gold, split, structured)


@task(name="dates")
def dates(gold: str | None = None, split: str = "test", structured: bool = True) -> Task:
    """Temporal expressions with their values; arguments as for ``entities``."""
    return _task("dates", gold, split, structured)


@task(name="stance")
def stance(gold: str | None = None, split: str = "test", structured: bool = True) -> Task:
    """Labels of the given rows (holder and claim); arguments as for ``entities``."""
    return _task("stance", gold, split, structured)


@task(name="record")
def record(gold: str | None = None, split: str = "test", structured: bool = True) -> Task:
    """Quotes and the stances they are evidence of, found together; arguments as for ``entities``."""
    return _task("record", gold, split, structured)


@task(name="all")
def everything(gold: str | None = None, split: str = "test", structured: bool = True) -> Task:
    """All layers in one answer, then the given stance rows in a second; arguments as for ``entities``."""
    return _task("all", gold, split, structured)


def _task(name: str, gold: str | None, split: str, structured: bool) -> Task:
    track, bench = TRACKS[name], read_bench(gold, split)
    bench.require(track)
    data = {"gold": gold, "split": split, "track": name}
    return Task(
        dataset=MemoryDataset([_sample(bench, article, track, data) for article in bench.asked(track)], name=name),
        solver=ask(data, structured),
        scorer=lines(data),
        score_on_error=True,
        metadata={
            **data,
            "data": bench.gold.name,
            "version": bench.gold.version,
            "hash": bench.gold.data_hash[:12],
            "prompts": version(),
            "onrecord": __version__,
        },
    )


def _sample(bench: Bench, article: str, track: Track, data: Mapping[str, Any]) -> Sample:
    row = bench.articles[article]
    first: list[ChatMessage] = [
        ChatMessageSystem(content=system_message()),
        ChatMessageUser(content=message(track.asks[0], row, bench.types, bench.labels, first=True)),
    ]
    return Sample(id=article, input=first, metadata={**data, "story": row.get("story")})


@solver
def ask(data: dict[str, Any], structured: bool = True) -> Solver:
    """Asks what a track asks, one message after the other in one conversation.

    Args:
        data: ``gold``, ``split`` and ``track``.
        structured: Whether to ask for structured output.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        track, bench = TRACKS[data["track"]], read_bench(data["gold"], data["split"])
        row, said = bench.articles[str(state.sample_id)], []
        for number, asked in enumerate(track.asks):
            if number:
                if asked.lists == ("stance_rows",) and not row["stance_rows"]:
                    said.append({"text": '{"stance_rows": []}', "stop": "stop"})  # nothing to ask about
                    continue
                text = message(asked, row, bench.types, bench.labels, first=False)
                state.messages.append(ChatMessageUser(content=text))
            if structured:
                schema = JSONSchema.model_validate(answer_schema(asked, bench.types, bench.labels))
                named = ResponseSchema(name=f"onrecord_{track.name}", json_schema=schema, strict=True)
                state = await generate(state, response_schema=named)
            else:
                state = await generate(state)
            said.append({"text": state.output.completion, "stop": state.output.stop_reason})
            state.store.set(STORE, said)
        return state

    return solve


@metric(name="corpus", scores="unreduced")
def corpus() -> Metric:
    """The figures of ``onrecord score`` over all samples, with the ends of their intervals, and what was repaired.

    A figure that is undefined is absent. Of several epochs the mean is given, without intervals.
    """

    def compute(scores: list[SampleScore]) -> Value:
        epochs: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
        for item in scores:
            kept = item.score.metadata or {}
            epochs[int(kept["epoch"])].append(kept)
        found = [_figures(some, intervals=len(epochs) == 1) for some in epochs.values()]
        names = [name for name in (found[0] if found else ()) if all(name in figures for figures in found)]
        return {name: sum(figures[name] for figures in found) / len(found) for name in names}

    return compute


@scorer(metrics=[corpus()], name="lines")
def lines(data: dict[str, Any]) -> Scorer:
    """Makes a prediction line of the answers and keeps it in the score's metadata, where the metric finds it.

    Args:
        data: ``gold``, ``split`` and ``track``.
    """

    async def score(state: TaskState, target: Target) -> Score:
        del target  # the gold stays out of the log
        track, bench = TRACKS[data["track"]], read_bench(data["gold"], data["split"])
        article = str(state.sample_id)
        answers: list[dict[str, str]] = state.store.get(STORE, [])
        said = [Said(**answer) for answer in answers]
        if not said and state.output.choices:  # somebody else's solver
            said = [Said(state.output.completion, str(state.output.stop_reason))]
        prediction, account = line(track, said, bench.articles[article], bench.types)
        return Score(
            value=_of_article(prediction, article, track, bench),
            answer=", ".join(f"{len(prediction[name])} {name}" for name in track.lists),
            explanation=", ".join(account.answers),
            metadata={**data, "epoch": state.epoch, "prediction": prediction, "account": account.as_dict()},
        )

    return score


def _of_article(prediction: dict[str, Any], article: str, track: Track, bench: Bench) -> dict[str, float | None]:
    """The headline figures of one article, for the log's viewer; the metric does not use them."""
    found = onrecord_score([prediction], bench.one(article), resamples=0).scores
    return {name: found[name].value if name in found else None for name in track.headline}


def _figures(kept: Sequence[Mapping[str, Any]], *, intervals: bool) -> dict[str, float]:
    """All figures and counts of one epoch."""
    track, bench = TRACKS[kept[0]["track"]], read_bench(kept[0]["gold"], kept[0]["split"])
    predictions = [item["prediction"] for item in kept]
    result = onrecord_score(predictions, bench.gold, layers=track.groups)
    left_out = set(bench.asked(track)) - {prediction["id"] for prediction in predictions}
    if left_out:  # the run was limited to some articles
        result = result.select([name not in left_out for name in result.counts.ids])
    figures: dict[str, float] = {}
    for name, found in result.scores.items():
        ends = {"": found.value, ":low": found.low, ":high": found.high}
        figures |= {
            f"{name}{end}": value for end, value in ends.items() if value is not None and (intervals or not end)
        }
    figures |= {f"spans/{how}": number for how, number in result.grounding.items()}
    return {**figures, **totals([item["account"] for item in kept]), "articles": len(predictions)}
