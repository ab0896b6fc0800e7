"""Predictions and the gold they answer: read, validated, grounded, and who is who in them.

>>> gold = read_gold("release", split="test")                     # doctest: +SKIP
>>> predictions = read_predictions("predictions.jsonl", gold)     # doctest: +SKIP
>>> predictions.coverage, predictions.grounding                   # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from onrecord.lazy import lazily

if TYPE_CHECKING:
    from onrecord.predictions.gold import Gold, read_gold
    from onrecord.predictions.read import Predictions, read_predictions
    from onrecord.predictions.validate import validate_file

#: Where each name is from; imported when first used, so that reading can begin before what comes after it is there.
_HOMES: Final = {
    **dict.fromkeys(("Gold", "read_gold"), "onrecord.predictions.gold"),
    **dict.fromkeys(("Predictions", "read_predictions"), "onrecord.predictions.read"),
    "validate_file": "onrecord.predictions.validate",
}

__all__ = ["Gold", "Predictions", "read_gold", "read_predictions", "validate_file"]

__getattr__ = lazily(__name__, _HOMES)
