"""A progress bar on standard error for whatever takes longer than two seconds while somebody looks."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sized
from typing import TypeVar

T = TypeVar("T")
#: Seconds before a bar appears.
PATIENCE = 2.0


def watched(items: Iterable[T], doing: str) -> Iterator[T]:
    """Passes items on; where they take long and standard error is a terminal, a bar shows how many have gone by.

    Args:
        items: Anything; if its length is known the bar shows the share.
        doing: What is being done, in a word.
    """
    if not sys.stderr.isatty():
        yield from items
        return
    total = len(items) if isinstance(items, Sized) else None
    begun = time.monotonic()
    rest = iter(items)
    done = 0
    for item in rest:
        yield item
        done += 1
        if time.monotonic() - begun > PATIENCE:
            break
    else:
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed} articles"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, total=total, completed=done)
        for item in rest:
            bar.advance(task)
            yield item
