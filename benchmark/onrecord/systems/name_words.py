"""Closed lists of words that tell what kind of thing a name names; they stand in ``data/words.toml``."""

from __future__ import annotations

from typing import Final

from onrecord.systems.lists import words

#: Before a person's name; no part of it.
TITLES: Final = words("names", "titles")
#: Titles that end the name before them: "Maribay Mayor Florencio Abrenica" holds two names.
OFFICES: Final = words("names", "offices")
#: Last word of an organisation's name.
ORG_ENDS: Final = words("names", "org_ends")
#: First word of an organisation's name ("Ministry of Ports", "University of Velm").
ORG_STARTS: Final = words("names", "org_starts")
FAC_ENDS: Final = words("names", "fac_ends")
LOC_ENDS: Final = words("names", "loc_ends")
LOC_STARTS: Final = words("names", "loc_starts")
GPE_ENDS: Final = words("names", "gpe_ends")
EVENT_ENDS: Final = words("names", "event_ends")
EVENT_STARTS: Final = words("names", "event_starts")
LAW_ENDS: Final = words("names", "law_ends")
WORK_ENDS: Final = words("names", "work_ends")
LANGUAGES: Final = words("names", "languages")
#: Endings of adjectives of nations, faiths and parties.
NORP_ENDS: Final = tuple(sorted(words("names", "norp_ends")))
NORP_WORDS: Final = words("names", "norp_words")
#: After one of these stands a place.
PLACE_BEFORE: Final = words("names", "place_before")
#: Capitalised at the start of a sentence without being names.
COMMON_STARTS: Final = words("names", "common_starts")
WEEKDAYS_MONTHS: Final = words("names", "weekdays_months")
#: Small words inside a name.
INSIDE: Final = words("names", "inside")
#: Nouns for people and bodies that speak; the head of a nominal mention.
PERSON_NOUNS: Final = words("names", "person_nouns")
ORG_NOUNS: Final = words("names", "org_nouns")
PLACE_NOUNS: Final = words("names", "place_nouns")
