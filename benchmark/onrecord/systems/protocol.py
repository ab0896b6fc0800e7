"""What a system is: a function from articles to predictions, over Arrow batches.

A system has a name, a version, the layers it answers and the extras it needs, and one method, ``predict``: a batch
with the columns of ``INPUT`` in, a batch with the columns of ``wire.PREDICTIONS`` out, one row an article.

Most systems look at one article at a time; they subclass ``PerArticle`` and write ``answer``, from a ``Question`` to an
``Answer``. Others register theirs by entry point::

    [project.entry-points."onrecord.systems"]
    mine = "my_package:MySystem"
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Protocol, runtime_checkable

import pyarrow as pa

from onrecord import wire
from onrecord.model import Article, Chain, Date, Labels, Layer, Mention, Quote, Stance

#: A row of config ``stance`` as a system receives it: no label.
ROW: Final = pa.struct(
    [
        ("id", pa.string()),
        ("claim", pa.string()),
        ("claim_text", pa.string()),
        ("holder", pa.string()),
        ("holder_name", pa.string()),
    ]
)
#: Columns of a batch of articles: config ``articles``, and the stance rows to answer (null where there are none).
INPUT: Final = pa.schema([*wire.ARTICLE_FIELDS, pa.field("stance_rows", pa.list_(ROW))])


@runtime_checkable
class System(Protocol):
    """What ``onrecord predict`` runs.

    Attributes:
        name: What it is called on the command line and on the leaderboard.
        version: Changes whenever its answers can.
        layers: The layers it answers.
        extras: Optional dependencies it needs (``pip install 'onrecord[EXTRA]'``).
        description: One line.
        settings: What was chosen for this run; written with the predictions.
    """

    name: str
    version: str
    layers: tuple[Layer, ...]
    extras: tuple[str, ...]
    description: str
    settings: Mapping[str, Any]

    def predict(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Predictions for a batch with the columns of ``INPUT``, with those of ``wire.PREDICTIONS``."""
        ...


@dataclass(frozen=True, slots=True)
class StanceQuestion:
    """A given row of config ``stance``: where does this holder stand on this claim?"""

    id: str
    claim: str
    claim_text: str | None
    holder: str | None
    holder_name: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """One article, with the stance rows to answer (None where the data has none)."""

    article: Article
    rows: tuple[StanceQuestion, ...] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system found in one article; a layer that is None was not attempted.

    Attributes:
        stance_rows: Pairs of row id and label.
    """

    entities: tuple[Mention, ...] | None = None
    chains: tuple[Chain, ...] | None = None
    quotes: tuple[Quote, ...] | None = None
    dates: tuple[Date, ...] | None = None
    stances: tuple[Stance, ...] | None = None
    stance_rows: Sequence[tuple[str, str]] | None = None


class PerArticle(ABC):
    """A system that looks at one article at a time."""

    name: ClassVar[str]
    version: ClassVar[str]
    layers: ClassVar[tuple[Layer, ...]]
    extras: ClassVar[tuple[str, ...]] = ()
    description: ClassVar[str] = ""
    settings: Mapping[str, Any] = {}

    @abstractmethod
    def answer(self, question: Question) -> Answer:
        """What the system finds in one article."""

    def predict(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Answers every article of the batch."""
        rows = [answer_to_wire(row["id"], self.answer(question_from_wire(row))) for row in batch.to_pylist()]
        return pa.RecordBatch.from_pylist(rows, schema=wire.PREDICTIONS)


def question_from_wire(row: dict[str, Any]) -> Question:
    """A Question from a row of a batch with the columns of ``INPUT``."""
    rows = row.get("stance_rows")
    asked = None if rows is None else tuple(StanceQuestion(**item) for item in rows)
    return Question(wire.article_from_wire(row), asked)


def answer_to_wire(article: str, answer: Answer) -> dict[str, Any]:
    """An Answer as a prediction line."""
    labels = Labels(answer.entities, answer.chains, answer.quotes, answer.dates, answer.stances)
    rows = None if answer.stance_rows is None else [{"row": row, "label": label} for row, label in answer.stance_rows]
    return {"id": article, **wire.labels_to_wire(labels), "stance_rows": rows}
