"""Predictions and the gold they answer: read, validated, grounded, and who is who in them.

>>> gold = read_gold("release", split="test")                     # doctest: +SKIP
>>> predictions = read_predictions("predictions.jsonl", gold)     # doctest: +SKIP
>>> predictions.coverage, predictions.grounding                   # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

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


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value
