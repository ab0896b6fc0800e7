"""What Inspect finds under ``onrecord``: imported by the entry point ``inspect_ai``."""

from onrecord.harness.evaluation import (
    ask,
    corpus,
    dates,
    entities,
    everything,
    lines,
    quotes,
    record,
    stance,
)

__all__ = ["ask", "corpus", "dates", "entities", "everything", "lines", "quotes", "record", "stance"]
