"""What an importer dropped or repaired: counted by reason, with the first places named."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

_PLACES: Final = 3


class Report:
    """Counts of what did not come over as it stood."""

    def __init__(self) -> None:
        self._places: dict[str, list[str]] = defaultdict(list)

    def add(self, reason: str, place: str) -> None:
        """Counts one thing; ``reason`` reads after a number, as in ``quotes left out: no content``."""
        self._places[reason].append(place)

    @property
    def counts(self) -> dict[str, int]:
        """Number of things by reason."""
        return {reason: len(places) for reason, places in sorted(self._places.items())}

    def lines(self) -> list[str]:
        """A sentence a reason, for the terminal and the card."""
        return [
            f"{len(places)} {reason} ({', '.join(places[:_PLACES])}{', …' if len(places) > _PLACES else ''})"
            for reason, places in sorted(self._places.items())
        ]
