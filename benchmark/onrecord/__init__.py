"""OnRecord: who said what, when, and where they stand.

>>> import onrecord
>>> rows = onrecord.load("quotes", split="test")            # doctest: +SKIP
>>> result = onrecord.score("predictions.jsonl")             # doctest: +SKIP
>>> result["quotes/content-soft:f1"].value                   # doctest: +SKIP

Importing this package is light: ``datasets``, pyarrow and the scorer are imported when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from onrecord.lazy import lazily

if TYPE_CHECKING:
    from onrecord.api import compare, predict, score
    from onrecord.errors import InputError, MissingExtraError, Problem
    from onrecord.loader import load
    from onrecord.model import (
        AnnotatedArticle,
        Article,
        Chain,
        Claim,
        Date,
        Labels,
        Mention,
        Quote,
        Span,
        Stance,
    )

__version__ = "0.1.0"

_HOMES: Final = {
    **dict.fromkeys(("compare", "predict", "score"), "onrecord.api"),
    **dict.fromkeys(("InputError", "MissingExtraError", "Problem"), "onrecord.errors"),
    "load": "onrecord.loader",
    **dict.fromkeys(
        ("AnnotatedArticle", "Article", "Chain", "Claim", "Date", "Labels", "Mention", "Quote", "Span", "Stance"),
        "onrecord.model",
    ),
}

__all__ = [
    "AnnotatedArticle",
    "Article",
    "Chain",
    "Claim",
    "Date",
    "InputError",
    "Labels",
    "Mention",
    "MissingExtraError",
    "Problem",
    "Quote",
    "Span",
    "Stance",
    "__version__",
    "compare",
    "load",
    "predict",
    "score",
]


__getattr__ = lazily(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted(__all__)
