"""The messages to a language model, from the texts in ``prompts/``."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any, Final

from onrecord.harness.tracks import Ask
from onrecord.model import ARTICLE_VOICE

#: The prompt of each list of an answer.
_FILES: Final[Mapping[str, str]] = {
    "entities": "entities",
    "quotes": "quotes",
    "dates": "dates",
    "stances": "positions",
    "stance_rows": "rows",
}
_UNRELATED: Final = ' "unrelated": the article is about something else than the claim.'


def system_message() -> str:
    """What the model is told before any article."""
    return _read("system").strip()


def message(ask: Ask, article: Mapping[str, Any], types: Sequence[str], labels: Sequence[str], *, first: bool) -> str:
    """One message.

    Args:
        ask: What is asked.
        article: A wire row of config ``articles`` with its ``stance_rows``; labels in it are not looked at.
        types: Entity types of the dataset.
        labels: Its stance labels.
        first: Whether it opens the conversation, and so holds the article.
    """
    values = {
        "published": _day(article.get("published")),
        "outlet": article.get("outlet") or "unknown",
        "text": article["text"],
        "types": ", ".join(types),
        "claims": "\n".join(f"- {claim['id']}: {claim['text']}" for claim in article.get("claims") or ()) or "- none",
        "rows": "\n".join(_row(number, row) for number, row in enumerate(article.get("stance_rows") or (), start=1)),
        "labels": ", ".join(f'"{label}"' for label in labels),
        "unrelated": _UNRELATED if "unrelated" in labels else "",
        "fields": ", ".join(f'"{name}"' for name in ask.lists),
    }
    names = ["article"] if first else []
    names += [_FILES[name] for name in ask.lists]
    if set(ask.lists) - {"stance_rows"}:
        names.append("spans")
    return "\n".join(Template(_read(name)).substitute(values) for name in (*names, "format")).strip()


def version() -> str:
    """First 12 digits of the SHA-256 of all prompts: it changes whenever what a model is told does."""
    texts = "\0".join(_read(name) for name in ("system", "article", "spans", *_FILES.values(), "format"))
    return hashlib.sha256(texts.encode()).hexdigest()[:12]


@cache
def _read(name: str) -> str:
    return (files("onrecord.harness") / "prompts" / f"{name}.md").read_text(encoding="utf-8")


def _day(published: str | None) -> str:
    """The publication date with its weekday, which models are bad at computing."""
    try:
        return f"{published} ({date.fromisoformat((published or '')[:10]):%A})"
    except ValueError:
        return published or "unknown"


def _row(number: int, row: Mapping[str, Any]) -> str:
    holder = row.get("holder_name")
    if not holder:
        holder = ARTICLE_VOICE if row.get("holder") == ARTICLE_VOICE else "unknown"
    return f"{number}. holder: {holder}; claim: {row.get('claim_text') or row.get('claim')}"
