"""``onrecord predict``: runs a system over articles."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onrecord.systems.run import Line


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser(
        "predict",
        help="run a system over articles",
        description="Runs a system over a split of the packaged corpus, a released folder, or a file of articles, and "
        "writes predictions, one JSON line an article. See `onrecord systems` for the systems.",
    )
    parser.add_argument(
        "system", nargs="?", metavar="SYSTEM", help="name of a system (default: see `onrecord systems`)"
    )
    parser.add_argument(
        "--split", choices=("train", "validation", "test"), help="of the corpus or folder (default: test)"
    )
    parser.add_argument(
        "--input", metavar="FILE", help="articles as JSON Lines or Parquet, a released folder, or - for standard input"
    )
    parser.add_argument(
        "--set", dest="settings", action="append", default=[], metavar="KEY=VALUE", help="a setting of the system"
    )
    parser.add_argument(
        "--jobs", type=_jobs, metavar="N", help="processes (default: the machine's cores, where it pays)"
    )
    parser.add_argument(
        "--from-log",
        action="append",
        metavar="LOG",
        help="instead of running a system, take the answers of a language model from a log of Inspect; several logs "
        "of the same model, one a layer, make one file",
    )
    parser.add_argument("--epoch", type=int, metavar="N", help="of a log with several epochs, which one")
    parser.add_argument("-o", "--output", default="-", metavar="FILE", help="where to write (default: standard output)")
    parser.set_defaults(run=run)


def _jobs(value: str) -> int:
    try:
        number = int(value)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{value!r} is no number of processes")
    return number


def run(args: argparse.Namespace) -> int:
    """Writes the predictions.

    Returns:
        1 if the system failed on an article (its line says so), else 0.

    Raises:
        InputError: The articles, the system or its settings are at fault.
    """
    from onrecord.files import refuse_overwriting

    refuse_overwriting(args.output, args.input, *(args.from_log or ()))
    if args.from_log:
        return _from_logs(args)
    from onrecord.errors import InputError, Problem
    from onrecord.report.terminal import printable
    from onrecord.systems import registry
    from onrecord.systems.inputs import packaged_articles, read_articles
    from onrecord.systems.run import predict

    if args.epoch is not None:
        raise InputError(Problem("--epoch", "has no meaning without --from-log", remedy="name a log"))
    name, note = (args.system, None) if args.system else registry.default()
    if note is not None:
        print(f"note: {printable(note)}", file=sys.stderr)
    settings = read_settings(args.settings)
    system = registry.find(name, settings)
    split = args.split or "test"
    articles = packaged_articles(split) if args.input is None else read_articles(args.input, split)
    stamp = {"name": system.name, "version": system.version, "settings": dict(system.settings)}
    watched = _Watched(articles)
    lines = predict(name, watched, jobs=args.jobs, settings=settings)
    failed, done = write(_progress(lines), args.output, stamp)
    undated = watched.undated
    if undated:
        print(
            f"note: {undated} of {done} articles have no publication date; their relative dates stay unresolved",
            file=sys.stderr,
        )
    for identifier, error in failed[:20]:
        print(f"onrecord: {printable(identifier)}: {name} failed: {printable(error)}", file=sys.stderr)
    if failed:
        print(
            f'onrecord: {name} failed on {len(failed)} of {done} articles; their lines have an "error" and no layers',
            file=sys.stderr,
        )
    return int(bool(failed))


def _from_logs(args: argparse.Namespace) -> int:
    """Writes what a language model answered, as its logs have it."""
    from onrecord.errors import InputError, Problem
    from onrecord.harness.logs import read_logs
    from onrecord.report.terminal import printable

    given = {"SYSTEM": args.system, "--input": args.input, "--split": args.split, "--set": args.settings}
    for name, value in given.items():
        if value:
            raise InputError(Problem(name, "has no meaning with --from-log", remedy="the log says what was asked"))
    found = read_logs(args.from_log, args.epoch)
    failed, done = write(found.lines, args.output, found.stamp)
    for note in found.notes:
        print(f"note: {printable(note)}", file=sys.stderr)
    for identifier, error in failed[:20]:
        print(f"onrecord: {printable(identifier)}: the model failed: {printable(error)}", file=sys.stderr)
    if failed:
        number = f"{len(failed)} of {done} articles"
        print(f"onrecord: the model failed on {number}; what they lack counts as empty", file=sys.stderr)
    return int(bool(failed))


def write(lines: Iterable[Line], output: str | Path, stamp: dict[str, Any]) -> tuple[list[tuple[str, str]], int]:
    """Writes prediction lines, each stamped with the system that made it.

    Returns:
        The articles that failed with their errors, and the number of all articles.
    """
    import orjson

    from onrecord.files import writing

    failed: list[tuple[str, str]] = []
    number = 0
    with writing(output) as stream:
        for line in lines:
            number += 1
            layers = {name: value for name, value in (line.prediction or {}).items() if value is not None}
            row: dict[str, Any] = {"id": line.id, **layers, "system": stamp}
            if line.prediction is None or line.error is not None:
                failed.append((line.id, line.error or ""))
                row["error"] = line.error
            stream.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    return failed, number


class _Watched:
    """Passes articles on and counts those without a publication date."""

    def __init__(self, articles: Iterable[dict[str, Any]]) -> None:
        self._articles = articles
        self.undated = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for article in self._articles:
            self.undated += article.get("published") is None
            yield article


def read_settings(pairs: list[str]) -> dict[str, Any]:
    """Settings from ``KEY=VALUE``; a value that is JSON is read as such.

    Raises:
        InputError: Something else than KEY=VALUE.
    """
    import orjson

    from onrecord.errors import InputError, Problem

    settings: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key.isidentifier():
            raise InputError(Problem("--set", f"{pair!r} is not KEY=VALUE", remedy="for example --set threshold=0.5"))
        try:
            settings[key] = orjson.loads(value)
        except orjson.JSONDecodeError:
            settings[key] = value
    return settings


def _progress(lines: Iterable[Line]) -> Iterator[Line]:
    """Counts on standard error while somebody looks."""
    if not sys.stderr.isatty():
        yield from lines
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed} articles"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        for line in lines:
            bar.advance(task)
            yield line
