"""Scoring: each article is matched once and becomes rows of a tally; every figure is a function of totals.

>>> from onrecord import scoring                                    # doctest: +SKIP
>>> result = scoring.score(predictions, gold)                       # doctest: +SKIP
>>> result["entities/strict:f1"].value, result.signature            # doctest: +SKIP
"""

from onrecord.scoring.comparison import Comparison, Difference, compare
from onrecord.scoring.engine import score
from onrecord.scoring.measures import GROUPS, Measure, catalogue
from onrecord.scoring.result import Result, Score
from onrecord.scoring.signature import Signature
from onrecord.scoring.tally import Tally, TallyBuilder, merge

__all__ = [
    "GROUPS",
    "Comparison",
    "Difference",
    "Measure",
    "Result",
    "Score",
    "Signature",
    "Tally",
    "TallyBuilder",
    "catalogue",
    "compare",
    "merge",
    "score",
]
