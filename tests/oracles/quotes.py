"""Quotes scored by trying every pairing of one small article, with nothing but sets and fractions.

Written from the definitions: contents, cues and sources compared exactly and by the share of common tokens (Pareti, 2015;
Newell et al., 2018), one to one as the project's rules say. A quote is a dict with ``content`` (list of (start, end),
or None if it is not in the text), ``cue`` and ``source`` ((start, end), None if absent, "lost" if not in the text),
``speaker`` (an entity, None if absent, "nobody"), ``said_on`` (None if absent) and ``id``; a stance has ``holder``,
``claim``, ``label`` and ``evidence`` (ids of quotes).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

Quote = dict[str, Any]
Pairs = tuple[tuple[int, int], ...]
Sums = tuple[Fraction, Fraction, Fraction, Fraction]


def tokens(text: str, content: list[tuple[int, int]] | None) -> frozenset[int]:
    """T(q): starts of the tokens that share a character with the content."""
    inside = {at for start, end in content or () for at in range(start, end)}
    found = re.finditer(r"\w+|[^\w\s]", text)
    return frozenset(match.start() for match in found if inside & set(range(match.start(), match.end())))


def is_edge(character: str) -> bool:
    category = unicodedata.category(character)
    return category == "Cf" or character in "`´" or (category[0] == "P" and character not in "_%‰‱&#@*/\\§¶†‡")


def trimmed(text: str, spans: list[tuple[int, int]]) -> frozenset[int]:
    """Places of the characters that count: without white space, edges of every piece, and a leading "that"."""
    visible = [at for at, character in enumerate(text) if not character.isspace()]
    inside = {at for start, end in spans for at in range(start, end)}
    pieces: list[list[int]] = [[]]
    for at in visible:
        if at in inside:
            pieces[-1].append(at)
        elif pieces[-1]:
            pieces.append([])
    kept: set[int] = set()
    for number, piece in enumerate(part for part in pieces if part):
        bare = strip(text, piece)
        if number == 0 and "".join(text[at] for at in bare[:4]).lower() == "that" and bare[:4][-1] - bare[0] == 3:
            behind = text[bare[3] + 1 : bare[3] + 2]
            rest = strip(text, bare[4:])
            if rest and (behind.isspace() or behind in (",", ":")):
                bare = rest
        kept.update(bare or piece)
    return frozenset(kept)


def strip(text: str, piece: list[int]) -> list[int]:
    while piece and is_edge(text[piece[0]]):
        piece = piece[1:]
    while piece and is_edge(text[piece[-1]]):
        piece = piece[:-1]
    return piece


def span_key(text: str, span: Any) -> Any:
    if span is None or span == "lost":
        return span
    return trimmed(text, [span]) or None


def has(name: str, text: str, quote: Quote) -> bool:
    return (span_key(text, quote[name]) if name in ("cue", "source") else quote[name]) is not None


def agrees(name: str, text: str, gold: Quote, answer: Quote) -> bool:
    """Both absent, or both there, in the text and equal."""
    if name in ("cue", "source"):
        first, second = span_key(text, gold[name]), span_key(text, answer[name])
    else:
        first, second = gold[name], answer[name]
    return first == second and first not in ("lost", "nobody")


def same_content(text: str, gold: Quote, answer: Quote) -> bool:
    return bool(gold["content"] and answer["content"]) and trimmed(text, gold["content"]) == trimmed(
        text, answer["content"]
    )


def dice(text: str, gold: Quote, answer: Quote) -> Fraction:
    first, second = tokens(text, gold["content"]), tokens(text, answer["content"])
    both = len(first) + len(second)
    return Fraction(2 * len(first & second), both) if both else Fraction(0)


def pairings(text: str, gold: list[Quote], answers: list[Quote]) -> Iterator[Pairs]:
    """Every one-to-one pairing of quotes that share a token."""
    share = [[dice(text, g, p) > 0 for p in answers] for g in gold]

    def extend(at: int, used: frozenset[int]) -> Iterator[Pairs]:
        if at == len(gold):
            yield ()
            return
        yield from extend(at + 1, used)
        for place in range(len(answers)):
            if place not in used and share[at][place]:
                for rest in extend(at + 1, used | {place}):
                    yield ((at, place), *rest)

    return extend(0, frozenset())


def best_pairings(text: str, gold: list[Quote], answers: list[Quote]) -> list[Pairs]:
    """All pairings that no other beats: by Dice, then by agreement on speaker, source, cue, said-on."""
    ranked: dict[tuple[Any, ...], list[Pairs]] = {}
    dices = [[dice(text, g, p) for p in answers] for g in gold]
    names = ("speaker", "source", "cue", "said_on")
    agree = [[[agrees(name, text, g, p) for name in names] for p in answers] for g in gold]
    for pairs in pairings(text, gold, answers):
        total = sum((dices[g][p] for g, p in pairs), Fraction(0))
        counts = tuple(sum(agree[g][p][place] for g, p in pairs) for place in range(len(names)))
        ranked.setdefault((total, *counts), []).append(pairs)
    return ranked[max(ranked)]


def useful(text: str, gold: list[Quote]) -> tuple[list[Quote], dict[str, str]]:
    """Gold quotes without those that cover no token and those that are there already; which quote each id became."""
    kept: dict[Any, Quote] = {}
    became: dict[str, str] = {}
    for quote in gold:
        if tokens(text, quote["content"]):
            content = tuple(sorted(quote["content"]))
            key = (content, quote["cue"], quote["source"], quote["speaker"], quote["said_on"])
            became[quote["id"]] = kept.setdefault(key, quote)["id"]
    return list(kept.values()), became


def scores(text: str, gold: list[Quote], answers: list[Quote], pairs: Pairs) -> dict[str, Sums]:
    """(p_num, p_den, r_num, r_den) of every measure of quotes and of the attribution, for a pairing."""
    found: dict[str, Sums] = {}
    contents = [
        Counter(trimmed(text, quote["content"]) for quote in side if tokens(text, quote["content"]))
        for side in (gold, answers)
    ]
    exact = sum((contents[0] & contents[1]).values())
    found["quotes/content-exact"] = sums(exact, len(answers), exact, len(gold))
    shared = {(g, p): tokens(text, gold[g]["content"]) & tokens(text, answers[p]["content"]) for g, p in pairs}
    found["quotes/content-soft"] = sums(
        sum(Fraction(len(some), len(tokens(text, answers[p]["content"]))) for (_, p), some in shared.items()),
        len(answers),
        sum(Fraction(len(some), len(tokens(text, gold[g]["content"]))) for (g, _), some in shared.items()),
        len(gold),
    )
    half = [(gold[g], answers[p]) for g, p in pairs if dice(text, gold[g], answers[p]) >= Fraction(1, 2)]
    for name in ("cue", "source", "speaker"):
        right = sum(has(name, text, g) and agrees(name, text, g, p) for g, p in half)
        have = [sum(has(name, text, quote) for quote in side) for side in (gold, answers)]
        found[f"quotes/{name}"] = sums(right, have[1], right, have[0])
    full = sum(
        same_content(text, gold[g], answers[p])
        and all(agrees(name, text, gold[g], answers[p]) for name in ("cue", "source", "speaker"))
        for g, p in pairs
    )
    found["quotes/full"] = sums(full, len(answers), full, len(gold))
    known = sum(agrees("speaker", text, g, p) and agrees("said_on", text, g, p) for g, p in half)
    found["record/attribution"] = sums(known, len(answers), known, len(gold))
    return found


def record_full(
    text: str, gold: list[Quote], answers: list[Quote], pairs: Pairs, stances: list[Any], given: list[Any], became: Any
) -> Sums:
    """(p_num, p_den, r_num, r_den) of ``record/full``; ``became`` as :func:`useful` returns it."""
    attributed = {
        answers[p]["id"]: gold[g]["id"]
        for g, p in pairs
        if dice(text, gold[g], answers[p]) >= Fraction(1, 2)
        and agrees("speaker", text, gold[g], answers[p])
        and agrees("said_on", text, gold[g], answers[p])
    }

    def evidence(some: list[Any]) -> Iterator[tuple[Any, ...]]:
        for one in some:
            if one["label"] in ("supports", "opposes"):
                for name in dict.fromkeys(one["evidence"]):
                    yield name, one["holder"], one["claim"], one["label"]

    right = {(became[name], *rest) for name, *rest in evidence(stances) if name in became}
    predicted = list(evidence(given))
    mapped = {(attributed.get(name), *rest) for name, *rest in predicted}
    common = len({pair for pair in right & mapped if pair[1] != "nobody"})
    return sums(common, len(predicted), common, len(right))


def sums(p_num: Any, p_den: Any, r_num: Any, r_den: Any) -> Sums:
    return Fraction(p_num), Fraction(p_den), Fraction(r_num), Fraction(r_den)
