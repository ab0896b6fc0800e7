"""From the answers of a model to one prediction line, with what has to be said about them.

The scorer of an evaluation and ``onrecord predict --from-log`` both come through here, so that they cannot differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from onrecord.harness.lines import Counts, fields
from onrecord.harness.repair import read_object
from onrecord.harness.tracks import Track


@dataclass(frozen=True, slots=True)
class Said:
    """One answer of a model.

    Attributes:
        text: What it wrote.
        stop: Why it stopped, as Inspect says it (``stop``, ``max_tokens``, ``content_filter`` …).
    """

    text: str
    stop: str = "stop"


@dataclass(slots=True)
class Account:
    """What became of the answers about one article.

    Attributes:
        answers: Answers by what became of them: ``sound``, ``repaired``, ``unparsable``, ``refused``, ``empty``,
            ``missing`` (the model gave none).
        truncated: Answers that ran into a limit of length.
        repairs: By kind, see :class:`onrecord.harness.repair.Reading`.
        shapeless, dropped: See :class:`onrecord.harness.lines.Counts`.
    """

    answers: dict[str, int] = field(default_factory=dict)
    truncated: int = 0
    repairs: dict[str, int] = field(default_factory=dict)
    shapeless: int = 0
    dropped: int = 0

    def as_dict(self) -> dict[str, Any]:
        """For a log."""
        return asdict(self)


def line(
    track: Track, said: Sequence[Said], article: Mapping[str, Any], types: Sequence[str]
) -> tuple[dict[str, Any], Account]:
    """A prediction line; what could not be read is empty, and the account says so.

    Args:
        track: What was asked.
        said: The answers to its asks, in order; an ask without an answer has an empty list.
        article: A wire row of config ``articles`` with its ``stance_rows``.
        types: Entity types of the dataset.
    """
    made: dict[str, Any] = {"id": article["id"]}
    outcomes: Counter[str] = Counter()
    repairs: Counter[str] = Counter()
    account, counts = Account(), Counts()
    for number, ask in enumerate(track.asks):
        answer = said[number] if number < len(said) else None
        outcome, value = "missing", None
        if answer is not None:
            reading = read_object(answer.text, ask.lists)
            value = reading.value
            outcome = _outcome(answer, reading.repairs, found=value is not None)
            repairs.update(reading.repairs if value is not None else ())
            account.truncated += answer.stop in ("max_tokens", "model_length")
        outcomes[outcome] += 1
        made |= fields(value or {}, ask.lists, article, types, counts)
    account.answers, account.repairs = dict(outcomes), dict(repairs)
    account.shapeless, account.dropped = counts.shapeless, counts.dropped
    return made, account


def totals(accounts: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """The sums over articles, named as the metric names them: ``answers/unparsable``, ``items/dropped`` …"""
    found: Counter[str] = Counter(
        {f"answers/{name}": 0 for name in ("sound", "repaired", "unparsable", "refused", "empty", "missing")}
    )
    for account in accounts:
        found.update({f"answers/{name}": number for name, number in account["answers"].items()})
        found.update({f"repairs/{name}": number for name, number in account["repairs"].items()})
        found["answers/truncated"] += account["truncated"]
        found["items/shapeless"] += account["shapeless"]
        found["items/dropped"] += account["dropped"]
    return dict(found)


def _outcome(answer: Said, repairs: Sequence[str], *, found: bool) -> str:
    if found:
        return "repaired" if repairs else "sound"
    if answer.stop == "content_filter":
        return "refused"
    return "unparsable" if answer.text.strip() else "empty"
