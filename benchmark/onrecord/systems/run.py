"""Runs a system over articles: batch by batch, on several cores, one failing article at a time.

The order of the output is that of the input whatever the number of processes. An article on which the system raises, or
for which it returns no usable answer, becomes a line with ``error`` and no layers, and the rest goes on.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from onrecord import wire
from onrecord.errors import InputError, Problem
from onrecord.systems import registry
from onrecord.systems.protocol import INPUT, System

#: Articles in a batch: small enough to share out, large enough not to be slowed down by sharing.
BATCH: Final = 16
#: Fewer articles than this are not worth starting processes for.
_WORTH_SHARING: Final = 64


@dataclass(frozen=True, slots=True)
class Line:
    """One prediction line, or the reason why there is none."""

    id: str
    prediction: dict[str, Any] | None
    error: str | None = None


def predict(
    system: System | str,
    articles: Iterable[dict[str, Any]],
    *,
    jobs: int | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Iterator[Line]:
    """Predictions for articles, in their order, as they come.

    Args:
        system: A system, or the name of a registered one (which alone can run in several processes).
        articles: Wire rows of config ``articles``, optionally with ``stance_rows``.
        jobs: Processes; None takes the machine's cores where there are enough articles.
        settings: Settings of a system given by name.

    Raises:
        InputError: The system cannot be loaded, or a process died.
    """
    batches = _batches(articles)
    if not isinstance(system, str):
        return itertools.chain.from_iterable(run_batch(system, batch) for batch in batches)
    cores = os.cpu_count() or 1
    ready = registry.find(system, settings)  # also says at once, in this process, what is missing
    if jobs is None:
        head = list(itertools.islice(batches, -(-_WORTH_SHARING // BATCH)))
        batches = itertools.chain(head, batches)
        jobs = cores if len(head) * BATCH >= _WORTH_SHARING else 1
    if jobs <= 1:
        return itertools.chain.from_iterable(run_batch(ready, batch) for batch in batches)
    return _shared(system, dict(settings or {}), batches, jobs)


def run_batch(system: System, batch: pa.RecordBatch) -> list[Line]:
    """The lines of one batch; where the batch as a whole fails, article by article."""
    try:
        return _checked(system, batch)
    except Exception as error:
        if batch.num_rows == 1:
            return [Line(batch["id"][0].as_py(), None, f"{type(error).__name__}: {error}")]
        return [line for row in range(batch.num_rows) for line in run_batch(system, batch.slice(row, 1))]


def _checked(system: System, batch: pa.RecordBatch) -> list[Line]:
    """Runs the system and refuses an answer about other articles than those asked about."""
    answer = system.predict(batch)
    rows = pa.Table.from_batches([answer]).select(
        [name for name in answer.schema.names if name in wire.PREDICTIONS.names]
    )
    asked = batch["id"].to_pylist()
    given = rows.to_pylist()
    if [row.get("id") for row in given] != asked:
        raise ValueError(f"the system answered about {[row.get('id') for row in given]}, not about {asked}")
    for row, text in zip(given, batch["text"].to_pylist(), strict=True):
        _check_offsets(row, len(text))
    return [Line(row["id"], row) for row in given]


def _check_offsets(row: dict[str, Any], length: int) -> None:
    """Refuses spans outside the text, so that a fault shows where it was made."""
    spans = [("entities", span) for span in row.get("entities") or ()] + [
        ("dates", span) for span in row.get("dates") or ()
    ]
    for quote in row.get("quotes") or ():
        spans += [
            ("quotes", span) for span in (*(quote.get("content") or ()), quote.get("cue"), quote.get("source")) if span
        ]
    for layer, span in spans:
        start, end = span.get("start"), span.get("end")
        if start is not None and end is not None and not 0 <= start < end <= length:
            raise ValueError(f"{layer}: span {start}-{end} lies outside the text of {length} characters")


def _batches(articles: Iterable[dict[str, Any]]) -> Iterator[pa.RecordBatch]:
    rows = iter(articles)
    while chunk := list(itertools.islice(rows, BATCH)):
        yield pa.RecordBatch.from_pylist([{name: row.get(name) for name in INPUT.names} for row in chunk], schema=INPUT)


# Several processes ---------------------------------------------------------------------------------------------------

_system: System | None = None


def _start(name: str, settings: dict[str, Any]) -> None:
    """Loads the system once in each process, which leaves an interruption to the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    global _system  # noqa: PLW0603  the one place where a worker process keeps its system
    _system = registry.find(name, settings)


def _work(batch: pa.RecordBatch) -> list[Line]:
    if _system is None:
        raise RuntimeError("the worker has no system")
    return run_batch(_system, batch)


def _shared(name: str, settings: dict[str, Any], batches: Iterator[pa.RecordBatch], jobs: int) -> Iterator[Line]:
    # spawn: a forked child of a process that runs Arrow's threads can lock up
    pool = ProcessPoolExecutor(
        jobs, mp_context=multiprocessing.get_context("spawn"), initializer=_start, initargs=(name, settings)
    )
    waiting: deque[Future[list[Line]]] = deque()
    finished = False
    try:
        for batch in batches:
            with _uninterrupted():  # this may start a process
                waiting.append(pool.submit(_work, batch))
            if len(waiting) > 4 * jobs:  # read no further ahead than the workers can follow
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
        finished = True
    except BrokenProcessPool as error:
        raise InputError(
            Problem(
                f"system {name}",
                "a process died while predicting",
                remedy="run with --jobs 1 to see the cause, or with more memory",
            )
        ) from error
    finally:
        if not finished:
            # Whoever stopped listening (Ctrl-C, `| head`) does not want to wait for the batches under way.
            for process in list((getattr(pool, "_processes", None) or {}).values()):
                process.terminate()
        pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes started meanwhile ignore Ctrl-C from their first moment, and so print no traceback of their own."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


__all__ = ["BATCH", "Line", "predict", "run_batch"]
