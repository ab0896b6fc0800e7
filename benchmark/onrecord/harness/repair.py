"""From what a language model wrote to one JSON object, with a count of what had to be repaired on the way.

First whatever is JSON as it stands is looked for (the answer, a fenced block, an object in prose), and only then is
something mended, by json-repair: comments, trailing commas, single or unescaped quotation marks, an answer cut off.
Nothing here knows the article.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

#: Characters of an answer that are mended at most: the repair of an unclosed string takes time by the square of its
#: length, and no honest answer comes near.
MOST: Final = 200_000
#: Places in prose where an object is looked for.
_STARTS: Final = 50
#: Nesting of brackets that is mended at most; ours have six levels.
_DEEPEST: Final = 50
_BRACKET: Final = re.compile(r"[\[{\]}]")
_THINKING: Final = re.compile(r"\A\s*<(think|thinking|reasoning)>.*?</\1>", re.DOTALL)
_FENCE: Final = re.compile(r"```[^\n`]*\n(.*?)(?:```|\Z)", re.DOTALL)
_OPENING: Final = re.compile(r"""[\[{]\s*["'{\[\w/\]}]""")


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be read.

    Attributes:
        value: The object, with some of the expected lists; None if there is none.
        repairs: What was done, each once: ``reasoning``, ``fence``, ``prose``, ``wrapped``, ``syntax``, ``cut``.
    """

    value: dict[str, Any] | None
    repairs: tuple[str, ...] = ()


def read_object(text: str, lists: Sequence[str]) -> Reading:
    """The JSON object in an answer.

    Args:
        text: The answer.
        lists: Names of the lists that it may have.
    """
    repairs: list[str] = []
    rest = _THINKING.sub("", text, count=1)
    if rest != text:
        repairs.append("reasoning")
    rest = rest.strip().removeprefix("\ufeff")
    for how, candidate in _whole(rest):
        found, wrapped = _expected(candidate, lists)
        if found is not None:
            return Reading(found, (*repairs, *how, *wrapped))
    return _mended(rest, lists, repairs)


def _whole(text: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """What is JSON as it stands: the whole, fenced blocks from the last, objects in prose from the last."""
    value = _loads(text)
    if value is not None:
        yield (), value
        return
    for block in reversed(_FENCE.findall(text)):
        if (value := _loads(block)) is not None:
            yield ("fence",), value
    decoder, found, position = json.JSONDecoder(), [], 0
    for _ in range(_STARTS):
        start = _OPENING.search(text, position)
        if start is None:
            break
        try:
            value, position = decoder.raw_decode(text, start.start())
            found.append(value)
        except (ValueError, RecursionError):
            position = start.start() + 1
    for value in reversed(found):
        if isinstance(value, dict):  # a list may be one inside an object that is cut off
            yield ("prose",), value


def _mended(text: str, lists: Sequence[str], repairs: list[str]) -> Reading:
    import json_repair

    blocks = _FENCE.findall(text)
    named = [block for block in blocks if any(name in block for name in lists)]
    if named:
        text = named[-1]
        repairs.append("fence")
    start = _OPENING.search(text)
    if start is None:
        return Reading(None, tuple(repairs))
    if text[: start.start()].strip():
        repairs.append("prose")
    text = text[start.start() :]
    if len(text) > MOST:
        text = text[:MOST]
        repairs.append("cut")
    if _too_deep(text):
        return Reading(None, tuple(repairs))
    try:
        value = json_repair.loads(text, skip_json_loads=True)
    except (RecursionError, ValueError):
        return Reading(None, tuple(repairs))
    found, wrapped = _expected(value, lists)
    return Reading(found, (*repairs, *wrapped, *(() if found is None else ("syntax",))))


def _expected(value: Any, lists: Sequence[str], depth: int = 0) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
    """The object with the expected lists in a value; of one list, also bare or one level down."""
    if isinstance(value, str) and depth == 0:
        value = _loads(value)
        return (None, ()) if value is None else (_expected(value, lists, 1)[0], ("wrapped",))
    if isinstance(value, dict):
        if any(isinstance(value.get(name), list) for name in lists):
            return value, ()
        if depth < 2:
            for inner in value.values():
                found = _expected(inner, lists, depth + 1)[0] if isinstance(inner, dict) else None
                if found is not None:
                    return found, ("wrapped",)
        return None, ()
    if isinstance(value, list):
        for inner in value:
            if isinstance(inner, dict) and any(isinstance(inner.get(name), list) for name in lists):
                return inner, ("wrapped",)
        if len(lists) == 1 and (not value or any(isinstance(inner, dict) for inner in value)):
            return {lists[0]: value}, ("wrapped",)
    return None, ()


def _too_deep(text: str) -> bool:
    """Whether brackets nest deeper than any answer's; mending that takes long and comes to nothing."""
    depth = 0
    for bracket in _BRACKET.finditer(text):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > _DEEPEST:
            return True
    return False


def _loads(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
