"""From tagged spans to names: one type a name, and the mentions that the tagger overlooked."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from onrecord.model import ENTITY_TYPES
from onrecord.systems.name_types import Name, fold
from onrecord.systems.sequence import Labelled
from onrecord.systems.text import Region
from onrecord.systems.titles import title_before

#: What other corpora's types come closest to, for building chains; the answer keeps their own.
_NEAREST: Final = {
    "PERSON": "PERSON", "PER": "PERSON", "ORGANIZATION": "ORG", "ORGANISATION": "ORG", "PLACE": "GPE",
    "LOCATION": "LOC", "OBJECT": "PRODUCT", "ABSTRACT": "WORK_OF_ART", "MISC": "EVENT", "FACILITY": "FAC",
}  # fmt: skip


def to_names(
    text: str, spans: Sequence[Labelled], known: Mapping[str, str] | None = None
) -> tuple[list[Name], dict[Region, str]]:
    """Names with the types that chains are built with, and each name's own type.

    All mentions of a name in the article get one type: that of ``known`` (folded name to type), else the one that most
    of them have. A single word that begins or ends a person's full name is that person, if it names nothing else.
    """
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for region, kind in spans:
        votes[fold(region.of(text))][kind] += 1
    types = {
        key: (known or {}).get(key) or max(counted.items(), key=lambda item: (item[1], item[0]))[0]
        for key, counted in votes.items()
    }
    full = [(key.split(), kind) for key, kind in types.items() if " " in key]
    people = {part: kind for words, kind in full if _nearest(kind) == "PERSON" for part in (words[0], words[-1])}
    others = {part for words, kind in full if _nearest(kind) != "PERSON" for part in (words[0], words[-1])}
    names: list[Name] = []
    own: dict[Region, str] = {}
    for region, _ in spans:
        key = fold(region.of(text))
        kind = people[key] if key in people and key not in others else types[key]
        own[region] = kind
        names.append(Name(region, _nearest(kind), title_before(text, region), True))
    return names, own


def _nearest(kind: str) -> str:
    upper = kind.upper()
    return upper if upper in ENTITY_TYPES else _NEAREST.get(upper, "ORG")


def spread(text: str, spans: Sequence[Labelled]) -> list[Labelled]:
    """The spans, and every other place where one of their names stands letter for letter, in text order."""
    forms = {region.of(text): kind for region, kind in reversed(spans) if region.of(text)[:1].isupper()}
    forms = {form: kind for form, kind in forms.items() if len(form) > 2}
    if not forms:
        return sorted(spans)
    longest_first = sorted(forms, key=lambda form: (-len(form), form))
    pattern = re.compile(rf"(?<![\w’'-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")
    taken = bytearray(len(text))
    for region, _ in spans:
        taken[region.start : region.end] = b"\1" * (region.end - region.start)
    added = [
        (Region(*match.span()), forms[match.group()])
        for match in pattern.finditer(text)
        if not any(taken[match.start() : match.end()])
    ]
    return sorted([*spans, *added])


def outvoted(text: str, spans: Sequence[Labelled], others: Sequence[Mapping[int, str]]) -> list[Labelled]:
    """The spans, with the others' type where they all agree on one against the tagger's.

    Args:
        text: The article's text.
        spans: What the tagger found.
        others: Other systems' types, by the place at which a name begins.
    """
    votes: defaultdict[str, list[Counter[str]]] = defaultdict(lambda: [Counter() for _ in others])
    for region, _ in spans:
        for counted, types in zip(votes[fold(region.of(text))], others, strict=True):
            counted.update([types[region.start]] if region.start in types else [])
    agreed: dict[str, str] = {}
    for key, ballots in votes.items():
        winners = {max(counted.items(), key=lambda item: (item[1], item[0]))[0] for counted in ballots if counted}
        if len(winners) == 1 and all(ballots):
            agreed[key] = winners.pop()
    return [(region, agreed.get(fold(region.of(text)), kind)) for region, kind in spans]
