"""The words by which a text attributes: verbs and nouns of saying, thinking, wanting, deciding.

Verbs stand in the groups that decide what may follow them; ``_inflect`` makes their forms, irregular ones are given.
"""

# A pattern broken over lines is harder to read than a long line.
# ruff: noqa: E501

from __future__ import annotations

import re
from typing import Final

from onrecord.systems.lists import table, words

_IRREGULAR: Final = table("irregular")


def _inflect(verb: str) -> list[str]:
    """Present, third person, past and participle."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    third = verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s")
    stem = verb.removesuffix("e")
    return [verb, third, stem + "ed", stem + "ing"]


def forms(*verbs: str) -> frozenset[str]:
    """All forms of the verbs."""
    return frozenset(form for verb in verbs for form in _inflect(verb))


def alternatives(forms_of: frozenset[str]) -> str:
    """The forms as alternatives of a pattern, longest first."""
    return "|".join(sorted(forms_of, key=lambda form: (-len(form), form)))


#: Take a clause with or without "that", a quotation, and stand after or before their subject (", said Ferrow").
SPEECH_FORMS: Final = forms(*words("cues", "speech"))
#: Take a person first: told reporters that …
TELL_FORMS: Final = forms(*words("cues", "tell"))
#: Take a clause: believes (that) …
THINK_FORMS: Final = forms(*words("cues", "think"))
#: Take "to" and a verb: wants to …
INTEND_FORMS: Final = forms(*words("cues", "intend"))
#: Take an object, which is the content: criticised the board.
JUDGE_FORMS: Final = forms(*words("cues", "judge"))
#: Take a person and then "to" or a question: asked the council to …
ASK_FORMS: Final = forms(*words("cues", "ask"))
ALL_FORMS: Final = SPEECH_FORMS | TELL_FORMS | THINK_FORMS | INTEND_FORMS | JUDGE_FORMS | ASK_FORMS
#: Participles whose passive hides a source: is expected to, was accused of.
PASSIVE: Final = words("cues", "passive")

_ADVERB: Final = (
    r"(?:also|never|not|still|now|then|once|often|always|even|just|only|so far|long|ever|first|later|again|soon"
    r"|recently|[a-z]{3,}ly)"
)
_AUXILIARY: Final = (
    r"(?:has|have|had|having|is|are|was|were|be|been|being|will|would|did|does|do|could|can|should|must|may|might"
    r"|hasn['’]t|haven['’]t|hadn['’]t|isn['’]t|aren['’]t|wasn['’]t|weren['’]t|won['’]t|wouldn['’]t|didn['’]t|doesn['’]t|don['’]t|couldn['’]t|can['’]t|cannot"
    r"|continue[sd]? to|went on to|go on to|goes on to|refused to|refuses to|declined to|declines to|began|kept|keeps|keep)"
)
#: A verb group: auxiliaries, adverbs and the verb, with the particle of "called for".
VERB_GROUP: Final = re.compile(
    rf"(?<![\w’'-])(?P<group>(?:(?:{_AUXILIARY}|{_ADVERB}) )*(?P<verb>{alternatives(ALL_FORMS)}))"
    rf"(?P<particle> (?:for|on|out|to)\b)?(?![\w’'-])"
)
#: Frames that are no single verb.
IDIOM: Final = re.compile(
    r"(?<![\w’'-])(?P<group>(?:(?:has|have|had|is|are|was|were|also|been|repeatedly) )*"
    r"(?:made (?:it )?clear|makes (?:it )?clear|making (?:it )?clear|put it|puts it|took to (?:Twitter|Facebook|X) to say|expressed (?:concerns?|support|confidence|hope|doubts?|regret|fears?)"
    r"|went on|goes on|spoke of|speaks of|spoke out against|pointed (?:out|to)|points (?:out|to)|pointing (?:out|to)|referred to|refers to|referring to"
    r"|(?:is|are|was|were) (?:confident|convinced|sure|certain|aware|worried|concerned|afraid|frustrated|hopeful|adamant|optimistic|unhappy|angry|proud|glad|pleased|surprised|skeptical|sceptical)))"
    r"(?![\w’'-])"
)
#: "according to X", "in X's view".
ACCORDING: Final = re.compile(r"\b(?P<group>[Aa]ccording to|[Ii]n the (?:words|view|opinion) of)\s")
_NOUN: Final = (
    r"(?:claims?|allegations?|accusations?|charges?|plans?|decisions?|proposals?|promises?|pledges?|calls?|demands?|beliefs?|fears?"
    r"|concerns?|hopes?|suggestions?|warnings?|assertions?|refusal|views?|opinions?|intentions?|desire|determination|vows?"
    r"|threats?|denials?|complaints?|assurances?|insistence|statements?|expectations?|predictions?|announcement|request"
    r"|argument|criticism|support|opposition|doubts?)"
)
#: A noun of saying or wanting with its preposition or clause, with or without a possessor before it.
NOUN_CUE: Final = re.compile(
    rf"(?:(?P<possessor>\b(?:his|her|its|their|my|our)|(?<=[\w.])['’]s|(?<=s)['’])\s+(?:\w+\s+){{0,2}}?)?"
    rf"(?<![\w-])(?P<group>{_NOUN})(?P<preposition> (?:of|for|about|against|to|by))?(?=\s)"
)
PREPOSITION_OUT: Final = frozenset({"of", "for", "about", "against"})

#: Words that cannot be the subject of an attribution although they stand where it would.
NOT_A_SOURCE: Final = words("cues", "not_a_source")
NEGATION: Final = re.compile(
    r"\b(?:not|never|no|nobody|none|nor|neither|refus\w+|declin\w+|den(?:y|ies|ied|ying)|cannot|\w+n['’]t)\b",
    re.IGNORECASE,
)
