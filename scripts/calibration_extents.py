"""GUM's noun phrases as names with the extents of our guidelines: annotations/calibration/MAPPING.md, "GUM: names"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from onrecord.formats import conllu
from onrecord.model import Mention
from onrecord.systems.name_words import TITLES

Span = tuple[int, int]
#: Ours that may stand for GUM's.
TYPES: Final[Mapping[str, frozenset[str]]] = {
    "person": frozenset({"PERSON", "NORP"}),
    "place": frozenset({"GPE", "LOC", "FAC"}),
    "organization": frozenset({"ORG", "NORP", "GPE"}),
    "event": frozenset({"EVENT"}),
    "object": frozenset({"PRODUCT", "WORK_OF_ART", "FAC"}),
    "abstract": frozenset({"WORK_OF_ART", "LAW", "LANGUAGE", "PRODUCT", "EVENT", "NORP"}),
    "animal": frozenset({"PRODUCT"}),
    "plant": frozenset({"PRODUCT"}),
    "substance": frozenset({"PRODUCT"}),
}
_CORE_OF_GUM: Final = frozenset({"person", "place", "organization", "event"})
_ROLES: Final = TITLES | {"leader", "sheriff", "first", "crown", "state", "foreign", "defense", "defence", "emeritus"}
_CREDIT: Final = re.compile(r"\b(?:Image|Photo|Video|Picture)s?:")
_ARTICLE: Final = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)
_END: Final = re.compile(r"(?:['’]s|['’])$")
_QUOTES: Final = "\"'“”‘’ \n"
_ALWAYS: Final = frozenset({"flat", "fixed", "goeswith", "nmod:unmarked", "nummod", "dep"})
#: Relations of phrases that are part of a name with all their words, or not at all.
_WHOLE: Final = frozenset({"nmod", "nmod:poss", "compound", "appos", "parataxis"})
_SIDE: Final = re.compile(r"(?:pro|anti|non)-", re.IGNORECASE)
_REGION: Final = re.compile(r"((?:[A-Z][\w.'’-]*\s*)+), [A-Z]")
_LINKS: Final = frozenset({"of", "for", "on", "and", "&"})


@dataclass(frozen=True, slots=True)
class Name:
    """A name of either side.

    Attributes:
        span: Offsets.
        types: Our types that it may have.
        core: Whether both inventories name what it is.
        head: Its head word, of a human's name.
    """

    span: Span
    types: frozenset[str]
    core: bool
    head: Span | None = None


def names(document: conllu.Document, mentions: Iterable[Mention]) -> list[Name]:
    """GUM's mentions that are names, with the extents of ours, the longest only."""
    text, hidden = document.text, credits_of(document)
    mentions = list(mentions)
    starts = {mention.start or 0 for mention in mentions}
    found: dict[Span, Name] = {}
    for mention in mentions:
        types = TYPES.get(mention.type or "")
        words = [w for w in document.words if mention.start <= w.start and w.end <= mention.end]  # type: ignore[operator]  # importers give offsets
        if types is None or not words:
            continue
        head = _head(words)
        beside = _beside(head, words)
        if mention.kind != "name" and not beside and not (mention.type in _CORE_OF_GUM and _is_slip(head)):
            continue
        person = mention.type == "person"
        if mention.type == "place" and (region := _REGION.match(text, words[0].start, words[-1].end)):
            # "Velm, Norland" holds two names; the second is a mention of its own.
            words = [word for word in words if word.end <= region.end(1)]
            head = words[-1]
            span = trimmed(text, region.span(1))
        elif beside:
            head = beside[-1]
            span = (beside[0].start, head.end)
        else:
            span = trimmed(text, _extent(head, words, starts, person=person))
        if person:
            span = _without_roles(text, span)
        if span[0] >= span[1] or any(overlap(span, credit) for credit in hidden):
            continue
        if not overlap((head.start, head.end), span):  # a role stood as the head
            head = [word for word in words if overlap((word.start, word.end), span)][-1]
        found.setdefault(span, Name(span, types, mention.type in _CORE_OF_GUM, (head.start, head.end)))
    spans = list(found)
    return [found[span] for span in sorted(spans) if not any(_inside(span, other) for other in spans)]


def trimmed(text: str, span: Span) -> Span:
    """A span without enclosing quotation marks, leading article and possessive ending."""
    start, end = span
    while start < end and text[start] in _QUOTES:
        start += 1
    while start < end and text[end - 1] in _QUOTES:
        end -= 1
    if match := _ARTICLE.match(text, start, end):
        start = match.end()
    if match := _END.search(text[start:end]):
        end = start + match.start()
    return start, end


def credits_of(document: conllu.Document) -> list[Span]:
    """Stretches of photo credits: from "Image:" to the end of the sentence."""
    ends: dict[int, int] = {}
    for word in document.words:
        ends[word.sentence] = max(word.end, ends.get(word.sentence, 0))
    found = []
    for match in _CREDIT.finditer(document.text):
        end = min((end for end in ends.values() if end > match.end()), default=len(document.text))
        found.append((match.start(), end))
    return found


def overlap(first: Span, second: Span) -> bool:
    """Whether two spans share a character."""
    return first[0] < second[1] and second[0] < first[1]


def _is_slip(head: conllu.Word) -> bool:
    """Whether a proper noun was tagged as a common one: capitalised inside a sentence."""
    return head.upos == "NOUN" and head.number > 1 and head.form[:1].isupper()


def _beside(head: conllu.Word, words: Sequence[conllu.Word]) -> list[conllu.Word]:
    """The words of the name that stands flat beside a role: "pilot Lon Ferrow"."""
    if head.upos != "NOUN":
        return []
    flat = [w for w in words if w.head == head.number and w.deprel.startswith("flat") and w.upos in {"PROPN", "X"}]
    if flat:
        return flat
    for word in words:
        if word.head == head.number and word.deprel == "appos" and word.upos == "PROPN":
            branch = [w for w in words if w is word or (w.head == word.number and w.deprel in {"flat", "compound"})]
            if branch[0].number == head.number + 1:
                return branch
    return []


def _head(words: Sequence[conllu.Word]) -> conllu.Word:
    inside = {word.number for word in words}
    return next((word for word in words if word.head not in inside), words[0])


def _extent(head: conllu.Word, words: Sequence[conllu.Word], starts: Collection[int], *, person: bool) -> Span:
    """The run of words around the head that belong to the name; ``starts``: where mentions begin."""
    by_number = {word.number: word for word in words}
    below: dict[int, list[conllu.Word]] = {}
    for word in words:
        if word is not head:
            below.setdefault(word.head, []).append(word)
    kept = {head.number}
    waiting = [head]
    while waiting:
        for word in below.get(waiting.pop().number, ()):
            branch = _branch(word, below)
            if word.deprel in _WHOLE and not person and _continues(word, branch, by_number, starts):
                kept |= {each.number for each in branch}
            elif _belongs(word):
                kept.add(word.number)
                waiting.append(word)
    first = last = head.number
    while first - 1 in kept or (first - 2 in kept and _joint(by_number.get(first - 1))):
        first -= 1
    while last + 1 in kept or (last + 2 in kept and _joint(by_number.get(last + 1))):
        last += 1
    return by_number[first].start, by_number[last].end


def _belongs(word: conllu.Word) -> bool:
    """Whether a word below the head, or below a kept word, is part of the name."""
    capital = _capital(word)
    kind = word.deprel.partition(":")[0]
    if word.deprel in _ALWAYS or kind == "flat":
        return word.upos in {"PROPN", "NUM", "X"} or capital
    if kind == "compound":
        return word.upos == "PROPN" or (capital and word.number > 1)
    if word.deprel == "nmod:desc":
        return word.upos == "PROPN" and word.form.casefold().rstrip(".") not in _ROLES
    if word.deprel == "amod":
        return capital and not _SIDE.match(word.form)
    return False


def _continues(
    word: conllu.Word, branch: Sequence[conllu.Word], words: Mapping[int, conllu.Word], starts: Collection[int]
) -> bool:
    """Whether a whole phrase below the head is part of the name of a thing."""
    content = [each for each in branch if each.deprel not in {"case", "det", "cc", "punct"}]
    capitals = all(_capital(each) for each in content)
    if word.deprel == "nmod":
        links = {each.form.casefold() for each in branch if each.deprel in {"case", "cc"} and each.upos != "PART"}
        return capitals and links <= _LINKS
    if word.deprel == "nmod:poss":
        return capitals and branch[0].start not in starts
    if word.deprel == "compound":
        return capitals and any(each.form == "-" for each in branch)
    before = words.get(branch[0].number - 1)
    if ":" in {branch[0].form, before and before.form}:
        return True
    return word.deprel == "appos" and capitals and before is not None and before.upos != "PUNCT" != branch[0].upos


def _capital(word: conllu.Word) -> bool:
    return word.form[:1].isupper() or word.form[:1].isdigit()


def _branch(word: conllu.Word, below: Mapping[int, Sequence[conllu.Word]]) -> list[conllu.Word]:
    found, waiting = [word], [word]
    while waiting:
        more = below.get(waiting.pop().number, ())
        found += more
        waiting += more
    return sorted(found, key=lambda each: each.number)


def _joint(word: conllu.Word | None) -> bool:
    return word is not None and word.form in {"-", "–", "/", ":", "&", "."}


def _without_roles(text: str, span: Span) -> Span:
    """A person's name without the roles in front of it; empty if it is nothing but roles."""
    start, end = span
    pieces = list(re.finditer(r"\S+", text[start:end]))
    roles = [piece.group().casefold().rstrip(".") in _ROLES for piece in pieces]
    if not pieces or roles[-1]:
        return start, start
    first = max((place for place, role in enumerate(roles) if role), default=-1) + 1
    return start + pieces[first].start(), end


def _inside(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1] and inner != outer
