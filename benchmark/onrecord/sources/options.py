"""What the person asks of an importer beyond the name and the path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from onrecord.sources.mapping import Mapping


@dataclass(frozen=True, slots=True)
class Options:
    """Wishes.

    Attributes:
        genres: Genres to read, for sources that have several; None is the news.
        mapping: How labels map onto ours; of sources with a name only its ``types`` count.
    """

    genres: Sequence[str] | None = None
    mapping: Mapping = field(default_factory=Mapping)
