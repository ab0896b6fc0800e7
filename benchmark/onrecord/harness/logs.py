"""From logs of Inspect to prediction lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from onrecord.errors import InputError, MissingExtraError, Problem
from onrecord.harness.answers import Said, line, totals
from onrecord.harness.bench import read_bench
from onrecord.harness.tracks import TRACKS
from onrecord.systems.run import Line

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog, EvalSample

#: Where a sample's store keeps the answers; see ``evaluation.STORE``.
_STORE: Final = "onrecord:answers"
_RETRIED: Final = re.compile(r"RetryError\(<Future at \w+ state=finished raised (\w+)>")


@dataclass
class FromLogs:
    """Predictions from one or several logs of the same model.

    Attributes:
        lines: One an article; a sample that failed has both what it answered before and the error.
        stamp: The system, as prediction lines name it.
        notes: What a person should know, in sentences.
    """

    lines: list[Line]
    stamp: dict[str, Any]
    notes: list[str] = field(default_factory=list)


def read_logs(paths: Sequence[str], epoch: int | None = None) -> FromLogs:
    """Reads logs of ``onrecord/…`` tasks; the layers of several logs are put together by article.

    Args:
        paths: ``.eval`` or ``.json`` logs.
        epoch: Which epoch to take of logs with several.

    Raises:
        InputError: A file is no such log, has several epochs of which none is chosen, or two logs answer the same
            layer, come from different models or from different data.
        MissingExtraError: Inspect is not installed.
    """
    predictions: dict[str, dict[str, Any]] = {}
    errors: dict[str, str] = {}
    owners: dict[str, str] = {}
    stamp: dict[str, Any] | None = None
    notes: list[str] = []
    for path in paths:
        log = _read(path)
        own = _stamp(log)
        stamp = own if stamp is None else _joined(stamp, own, path)
        track = TRACKS[_metadata(log)["track"]]
        for name in track.lists:
            if name in owners:
                raise InputError(
                    Problem(path, f"answers {name}, as {owners[name]} does", remedy="give each layer's log once")
                )
            owners[name] = path
        accounts = []
        for sample in _chosen(log, path, epoch):
            article = str(sample.id)
            made, account = _line(log, sample)
            accounts.append(account)
            predictions.setdefault(article, {"id": article}).update(made)
            if sample.error is not None:
                errors[article] = _error(sample.error.message)
        notes += _notes(path, log, accounts)
    found = [Line(name, row, errors.get(name)) for name, row in sorted(predictions.items())]
    return FromLogs(found, stamp or {}, notes)


def _read(path: str) -> EvalLog:
    try:
        from inspect_ai.log import read_eval_log
    except ImportError as error:
        raise MissingExtraError("predict --from-log", "inspect") from error
    if not Path(path).is_file():
        raise InputError(Problem(path, "no such file", remedy="name a log, as in logs/….eval"))
    try:
        log = read_eval_log(path, resolve_attachments="full")
    except Exception as error:  # a broken zip, JSON of another kind: the reader fails in many ways
        raise InputError(Problem(path, f"is no log of Inspect: {error}", remedy="name a .eval or .json log")) from error
    if _metadata(log).get("track") not in TRACKS:
        raise InputError(
            Problem(path, f"is a log of {log.eval.task}", remedy="give the log of a task onrecord/… (see the README)")
        )
    return log


def _metadata(log: EvalLog) -> dict[str, Any]:
    return log.eval.metadata or {}


def _stamp(log: EvalLog) -> dict[str, Any]:
    """Who answered. Arguments of the model stay out: they may hold addresses and keys."""
    told = _metadata(log)
    generate = log.eval.model_generate_config.model_dump(
        exclude_none=True,
        include={"temperature", "top_p", "seed", "max_tokens", "reasoning_effort", "reasoning_tokens"},
    )
    return {
        "name": log.eval.model,
        "version": f"prompts {told.get('prompts', 'unknown')}",
        "settings": {
            "tracks": [told["track"]],
            "structured": log.eval.task_args.get("structured", True),
            "data": {name: told.get(name) for name in ("data", "version", "hash", "split")},
            "generate": generate,
            "inspect_ai": log.eval.packages.get("inspect_ai"),
        },
    }


def _joined(first: dict[str, Any], other: dict[str, Any], path: str) -> dict[str, Any]:
    tracks = first["settings"]["tracks"] + other["settings"]["tracks"]
    for what, mine, theirs in (
        ("model", first["name"], other["name"]),
        ("prompts", first["version"], other["version"]),
        ("data", first["settings"]["data"], other["settings"]["data"]),
    ):
        if mine != theirs:
            raise InputError(
                Problem(
                    path, f"another {what} than the logs before: {theirs}", remedy="put each into a file of its own"
                )
            )
    return {**first, "settings": {**first["settings"], "tracks": tracks}}


def _chosen(log: EvalLog, path: str, epoch: int | None) -> list[EvalSample]:
    samples = log.samples or []
    epochs = sorted({sample.epoch for sample in samples})
    if epoch is None and len(epochs) > 1:
        raise InputError(
            Problem(path, f"has {len(epochs)} epochs", remedy=f"choose one: --epoch {epochs[0]} … {epochs[-1]}")
        )
    if epoch is not None and epoch not in epochs:
        there = ", ".join(map(str, epochs)) or "no sample"
        raise InputError(Problem(path, f"has no epoch {epoch}", remedy=f"it has {there}"))
    return [sample for sample in samples if epoch is None or sample.epoch == epoch]


def _line(log: EvalLog, sample: EvalSample) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the scorer made of the answers; where it did not run, the same made now."""
    for score in (sample.scores or {}).values():
        kept = score.metadata or {}
        if "prediction" in kept and "account" in kept:
            return kept["prediction"], kept["account"]
    told = _metadata(log)
    bench = read_bench(told["gold"], told["split"])
    article = bench.articles.get(str(sample.id))
    if article is None:
        raise InputError(
            Problem(
                log.location,
                f"answers article {sample.id!r}, which {bench.gold.name} does not have",
                remedy="install the version of the data that the log was made with",
            )
        )
    said = [Said(**item) for item in sample.store.get(_STORE, [])]
    if not said and sample.output.choices:
        said = [Said(sample.output.completion, str(sample.output.stop_reason))]
    made, account = line(TRACKS[told["track"]], said, article, bench.types)
    return made, account.as_dict()


def _error(message: str) -> str:
    """The first line of an error; of retries that were all in vain, the last one's name."""
    retried = _RETRIED.match(message)
    if retried:
        return f"{retried[1]} after all retries"
    return (message.strip().splitlines() or ["unknown error"])[0][:500]


def _notes(path: str, log: EvalLog, accounts: list[dict[str, Any]]) -> list[str]:
    found = totals(accounts)
    told = [
        f"{number} {name.partition('/')[2]}" for name, number in found.items() if number and name.startswith("answers/")
    ]
    notes = [f"{path}: answers: {', '.join(told) or 'none'}"]
    if found.get("answers/truncated"):
        notes.append(f"{path}: truncated answers lack what came last; run again with a larger --max-tokens")
    if found.get("items/shapeless") or found.get("items/dropped"):
        notes.append(
            f"{path}: {found['items/shapeless']} items without text (false positives), "
            f"{found['items/dropped']} that no line can say (left out)"
        )
    if log.status != "success":
        notes.append(f"{path}: the run ended with status {log.status}")
    return notes
