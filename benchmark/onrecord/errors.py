"""What is wrong with an input, said once: file, line, field, remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in one place of the input.

    Attributes:
        where: The file (or ``<predictions>`` for data passed in memory).
        message: What is wrong, naming the offending value.
        line: One-based line number, or None where lines mean nothing.
        field: Path of the field inside the line, e.g. ``quotes[2].content[0].end``.
        remedy: What the person can do about it.
        article: Id of the article concerned, where known.
    """

    where: str
    message: str
    line: int | None = None
    field: str | None = None
    remedy: str | None = None
    article: str | None = None

    def __str__(self) -> str:
        place = self.where if self.line is None else f"{self.where}:{self.line}"
        if self.article is not None:
            place += f" ({self.article})"
        head = f"{place}: " if self.field is None else f"{place}: {self.field}: "
        tail = "" if self.remedy is None else f" -> {self.remedy}"
        return f"{head}{self.message}{tail}"


class InputError(Exception):
    """The input is at fault; the command line prints the problems and exits with 1."""

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class MissingExtraError(Exception):
    """A system or format needs an optional dependency that is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs an extra: pip install 'onrecord[{extra}]'")
