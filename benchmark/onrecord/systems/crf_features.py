"""Features of tokens for the sequence taggers: the word, its form, its place, what word lists and other systems say.

Other systems' answers come in as *columns*: a label a token ("rules says B-PERSON"). A tagger trained on them learns
where to believe them; their labels are made without any gold of the articles they are trained on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from onrecord.systems.cue_words import ALL_FORMS, INTEND_FORMS, JUDGE_FORMS, SPEECH_FORMS, TELL_FORMS, THINK_FORMS
from onrecord.systems.name_words import ORG_ENDS, ORG_NOUNS, PERSON_NOUNS, PLACE_NOUNS, TITLES
from onrecord.systems.normaliser import MONTHS, ORDINALS, PARTS_OF_DAY, SEASONS, UNITS, WEEKDAYS
from onrecord.systems.text import Region

#: Neighbours whose words a token sees.
_WINDOW: Final = (-3, -2, -1, 1, 2, 3)
_TIME: Final = frozenset(
    [
        *MONTHS, *WEEKDAYS, *SEASONS, *PARTS_OF_DAY, *UNITS, *(f"{unit}s" for unit in UNITS), *ORDINALS,
        "today", "yesterday", "tomorrow", "tonight", "ago", "last", "next", "early", "late", "mid", "now", "am", "pm",
    ]
)  # fmt: skip
_LISTS: Final = {
    "speech": SPEECH_FORMS, "tell": TELL_FORMS, "think": THINK_FORMS, "intend": INTEND_FORMS, "judge": JUDGE_FORMS,
    "cue": ALL_FORMS, "title": TITLES, "org": ORG_ENDS, "person": PERSON_NOUNS, "body": ORG_NOUNS,
    "place": PLACE_NOUNS, "time": _TIME,
}  # fmt: skip


def features(
    text: str,
    tokens: Sequence[Region],
    quoted: Sequence[bool],
    lower: frozenset[str],
    columns: Mapping[str, Sequence[str]],
) -> list[list[str]]:
    """The features of every token of one sequence.

    Args:
        text: The article's text.
        tokens: The tokens.
        quoted: Whether each stands between quotation marks.
        lower: Words that the article has in lower case.
        columns: Other systems' labels, by name, one a token.
    """
    words = [token.of(text) for token in tokens]
    folded = [word.lower() for word in words]
    shapes = [shape(word) for word in words]
    lists = [[name for name, members in _LISTS.items() if word in members] for word in folded]
    before_cue = _seen(lists)
    after_cue = _seen(lists[::-1])[::-1]
    rows: list[list[str]] = []
    for index, word in enumerate(words):
        row = [
            "bias", f"w={folded[index]}", f"s={shapes[index]}", f"p={folded[index][:3]}", f"e={folded[index][-3:]}",
            f"q={quoted[index]}", f"c={before_cue[index]}{after_cue[index]}",
        ]  # fmt: skip
        row += [f"l={name}" for name in lists[index]]
        if index == 0:
            row.append("first")
        if index == len(words) - 1:
            row.append("last")
        if word[0].isupper() and folded[index] in lower:
            row.append("also-lower")
        for step in _WINDOW:
            other = index + step
            if 0 <= other < len(words):
                near = abs(step) == 1
                row.append(f"w{step}={folded[other]}")
                row.append(f"s{step}={shapes[other]}")
                row += [f"l{step}={name}" for name in lists[other]] if near else []
                if near:
                    row.append(f"q{step}={quoted[other]}")
        for name, column in columns.items():
            row.append(f"{name}={column[index]}")
            row.append(f"{name}-1={column[index - 1] if index else '^'}")
            row.append(f"{name}+1={column[index + 1] if index + 1 < len(words) else '$'}")
            row.append(f"{name}&s={column[index]}&{shapes[index]}")
        rows.append(row)
    return rows


def shape(word: str) -> str:
    """``Xx`` for a capitalised word, ``X`` for capitals, ``x`` for small letters, ``0`` digits, else the character."""
    if word.isdigit():
        return f"0{min(len(word), 4)}"
    if word.isalpha():
        return "x" if word.islower() else "X" if word.isupper() else "Xx" if word[0].isupper() else "xX"
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "0", word)) if word.isalnum() else word


def _seen(lists: Sequence[Sequence[str]]) -> list[str]:
    """Whether a word of attribution has been seen since the last full stop (counted in four steps of distance)."""
    seen: list[str] = []
    distance: int | None = None
    for names in lists:
        seen.append("-" if distance is None else "0" if distance < 3 else "1" if distance < 10 else "2")
        distance = 0 if "cue" in names else None if distance is None else distance + 1
    return seen
