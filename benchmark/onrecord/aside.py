"""Work beside other work: on a second core while the first one reads, matches and counts.

Only what spends its time outside Python is worth it: hashing, and parsing by pyarrow.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from typing import Final, TypeVar

_T = TypeVar("_T")
#: Pieces that are read ahead of the reader.
_AHEAD: Final = 2
#: Seconds that a thread has to end.
_PATIENCE: Final = 0.5


def beside(work: Callable[[], _T]) -> Future[_T]:
    """Starts some work in a thread that dies with the process; ``result()`` waits for it."""
    future: Future[_T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future


class Ahead(Iterator[_T]):
    """The same pieces, produced in a thread some of them ahead; an exception comes where it would have come.

    Args:
        pieces: Iterated over in the thread, which starts at once.
        most: How many of them may wait to be taken.
    """

    def __init__(self, pieces: Iterable[_T], most: int = _AHEAD) -> None:
        self._ready: queue.Queue[_T | _End] = queue.Queue(most)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(pieces,), daemon=True)
        self._thread.start()

    def __next__(self) -> _T:
        item = self._ready.get()
        if not isinstance(item, _End):
            return item
        self._ready.put(item)  # For whoever asks once more.
        raise item.error or StopIteration

    def close(self) -> None:
        """Lets the thread end after the piece that it is at; one that waits for input is left alone."""
        self._stopped.set()
        self._thread.join(_PATIENCE)

    def _run(self, pieces: Iterable[_T]) -> None:
        try:
            for piece in pieces:
                self._put(piece)
                if self._stopped.is_set():
                    return
        except BaseException as error:
            self._put(_End(error))
        else:
            self._put(_End())

    def _put(self, item: _T | _End) -> None:
        while not self._stopped.is_set():
            try:
                self._ready.put(item, timeout=0.05)
                return
            except queue.Full:
                continue


class _End:
    """Nothing more to come, or what went wrong."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error
