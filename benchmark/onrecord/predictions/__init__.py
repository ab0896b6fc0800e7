"""Predictions and the gold they answer: read, validated, grounded, and who is who in them.

>>> gold = read_gold("release", split="test")                     # doctest: +SKIP
>>> predictions = read_predictions("predictions.jsonl", gold)     # doctest: +SKIP
>>> predictions.coverage, predictions.grounding                   # doctest: +SKIP
"""

from onrecord.predictions.gold import Gold, read_gold
from onrecord.predictions.read import Predictions, read_predictions
from onrecord.predictions.validate import validate_file

__all__ = ["Gold", "Predictions", "read_gold", "read_predictions", "validate_file"]
