"""Scoring: each article is matched once and becomes rows of a tally; every figure is a function of totals.

>>> from onrecord import scoring                                    # doctest: +SKIP
>>> result = scoring.score(predictions, gold)                       # doctest: +SKIP
>>> result["entities/strict:f1"].value, result.signature            # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onrecord.lazy import lazily
from onrecord.scoring.engine import score
from onrecord.scoring.measures import GROUPS, Measure, catalogue
from onrecord.scoring.result import Result, Score
from onrecord.scoring.signature import Signature
from onrecord.scoring.tally import Tally, TallyBuilder, merge

if TYPE_CHECKING:
    from onrecord.scoring.comparison import Comparison, Difference, compare

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

#: Comparing is imported when it is first used: scoring alone does not need it.
__getattr__ = lazily(__name__, dict.fromkeys(("Comparison", "Difference", "compare"), "onrecord.scoring.comparison"))
