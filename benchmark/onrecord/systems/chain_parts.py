"""What chains are made of: the entity, the words that take one up again, and how two names of one thing compare."""

# A pattern broken over lines is harder to read than a long line.
# ruff: noqa: E501

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from onrecord.model import EntityKind
from onrecord.systems import name_words as words
from onrecord.systems.text import Region

PRONOUN: Final = re.compile(
    r"(?<![\w’'-])(?:he|him|his|himself|she|her|hers|herself|they|them|their|theirs|themselves|it|its|itself|we|us|our|ours|ourselves|I|me|my|mine|myself)(?![\w-]|['’][a-z]{3})",
    re.IGNORECASE,
)
MASCULINE: Final = frozenset(["he", "him", "his", "himself"])
FEMININE: Final = frozenset(["she", "her", "hers", "herself"])
PLURAL: Final = frozenset(["they", "them", "their", "theirs", "themselves"])
FIRST: Final = frozenset(["i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves"])
DEFINITE: Final = re.compile(
    rf"(?<![\w’'-])[Tt]he (?P<head>{'|'.join(sorted(words.ORG_NOUNS | words.PERSON_NOUNS | words.PLACE_NOUNS, key=lambda w: (-len(w), w)))})(?![\w-]|['’](?!s))(?! (?:of|for|who|that|in)\b)"
)
MALE_TITLES: Final = frozenset(
    [
        "mr",
        "sir",
        "lord",
        "king",
        "prince",
        "pope",
        "father",
        "brother",
        "chairman",
        "spokesman",
        "congressman",
        "councilman",
    ]
)
FEMALE_TITLES: Final = frozenset(
    [
        "mrs",
        "ms",
        "miss",
        "dame",
        "lady",
        "queen",
        "princess",
        "sister",
        "chairwoman",
        "spokeswoman",
        "congresswoman",
        "councilwoman",
    ]
)
PLURAL_NOUN: Final = re.compile(
    r"(?:officials|residents|witnesses|workers|critics|experts|scientists|researchers|doctors|teachers|parents|students|aides|advisers|prosecutors|officers|people|sources|insiders|leaders|activists|farmers|fishermen|owners|investors|passengers|survivors|executives|diplomats|voters|supporters|lawyers|police|neighbours|neighbors|families|protesters|[a-z]{3,}(?:ers|ors|ists|ians|ents))$"
)
#: The first person singular; outside quotations it is the writer.
NARRATOR: Final = frozenset(["i", "me", "my", "mine", "myself"])
#: Subjects that are nobody.
NOBODY: Final = re.compile(
    r"(?:nobody|no one|none|nothing|no|neither|it|this|that|there|which|who|what|everyone|anyone|you|you)\b"
)
#: Subjects that are somebody without saying who.
SOME: Final = re.compile(r"(?:one|another|some|many|most|others|both|several|\d+|two|three)\b")
#: Heads of sources that are written: they speak for somebody else.
DOCUMENTS: Final = frozenset(
    [
        "report",
        "manifest",
        "document",
        "documents",
        "study",
        "poll",
        "survey",
        "statement",
        "letter",
        "letters",
        "figures",
        "data",
        "audit",
        "video",
        "list",
        "records",
        "record",
        "log",
        "copy",
        "post",
        "wire",
        "note",
        "notes",
        "filing",
        "filings",
        "minutes",
        "accounts",
        "article",
        "story",
        "editorial",
        "message",
        "email",
        "memo",
        "sign",
        "poster",
        "map",
        "file",
        "files",
        "page",
        "paper",
        "papers",
        "text",
        "survey",
        "book",
        "leaflet",
        "chart",
        "table",
        "invoice",
        "receipt",
        "ledger",
    ]
)
#: Endings of nouns for people.
DOER: Final = re.compile(r"(?:er|or|ist|ian|ent|ant|man|woman|men|women|s)$")
#: After "it" that stands for nothing: "it is clear that …".
EXPLETIVE: Final = re.compile(
    r"(?:['’]s| is| was| would be| will be| seems?| appears?| remains) (?:\w+ )?(?:that|to|clear|not|unclear|possible|likely|hard|easy|time|too|important|up|been|a |an |the )"
)
CUT_NOMINAL: Final = re.compile(r",| (?:who|which|that|whose|where|speaking|asking|citing)\b")


@dataclass(slots=True)
class Entity:
    """One chain while it is being built.

    Attributes:
        id: Chain id, ``e1``, ``e2``, … in order of first mention.
        type: Entity type.
        names: Distinct name forms, the longest first once built.
        gender: ``m``, ``f`` or "" where nothing tells.
        plural: Whether it is a group of people.
        roles: Nouns said of it ("minister", "union"), for "the minister".
        mentions: Regions with their kinds.
    """

    id: str
    type: str
    names: list[str] = field(default_factory=list)
    gender: str = ""
    plural: bool = False
    roles: set[str] = field(default_factory=set)
    mentions: list[tuple[Region, EntityKind]] = field(default_factory=list)


def display_name(text: str, entity: Entity) -> str:
    """The longest name, or the first mention's words."""
    if entity.names:
        return max(entity.names, key=lambda form: (len(form), form))
    return min(entity.mentions)[0].of(text)


def initials(name: str) -> str:
    """The capitals that a name's words begin with."""
    return "".join(part[0] for part in re.findall(r"[\w&]+", name) if part[0].isupper())


def shortens(key: str, full: str) -> bool:
    """Whether one name is the beginning or the end of the other, word by word."""
    parts, whole = key.split(), full.split()
    return len(parts) < len(whole) and (
        whole[: len(parts)] == parts or (whole[-len(parts) :] == parts and len(parts) > 1)
    )


def head_noun(surface: str) -> str:
    """Head noun of a nominal: the last word before a preposition, comma or relative."""
    stem = re.split(
        r",| (?:of|for|in|at|from|with|on|to|who|which|that|by|near|and|familiar|briefed|close|inside|aboard|whose|involved)\b",
        surface,
    )[0]
    found = re.findall(r"[A-Za-z-]+", re.sub(r"['’]s\b", "", stem))
    return found[-1].casefold() if found else ""
