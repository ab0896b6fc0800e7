"""The words by which a text attributes: verbs and nouns of saying, thinking, wanting, deciding.

Verbs stand in the groups that decide what may follow them; ``_inflect`` makes their forms, irregular ones are given.
"""

from __future__ import annotations

import re
from typing import Final

#: Take a clause with or without "that", a quotation, and stand after or before their subject (", said Ferrow").
SPEECH: Final = (
    "say add clarify note claim argue insist state announce write tweet explain warn reply respond answer confirm admit "
    "acknowledge concede allege assert contend declare maintain recall remark report reveal stress suggest "
    "testify observe joke quip predict complain conclude repeat reiterate signal mention post "
    "disclose emphasise emphasize promise pledge vow swear boast lament speculate counter retort caution indicate "
    "comment continue shout yell cry chant echo point estimate calculate forecast project"
).split()
#: Take a person first: told reporters that …
TELL: Final = "tell assure inform remind advise convince persuade notify".split()
#: Take a clause: believes (that) …
THINK: Final = (
    "believe think feel hope fear worry expect know doubt understand assume suspect imagine realise realize "
    "see guess figure reckon consider agree disagree find show decide determine rule learn discover hold wish "
    "propose deny dispute note demand recommend request anticipate demonstrate imply prove regret"
).split()
#: Take "to" and a verb: wants to …
INTEND: Final = (
    "want plan intend hope seek vow promise pledge refuse decline threaten agree decide expect aim offer wish prefer "
    "propose vote choose swear resolve undertake mean volunteer opt urge"
).split()
#: Take an object, which is the content: criticised the board.
JUDGE: Final = (
    "criticise criticize accuse call describe deny reject support oppose back praise blame condemn endorse "
    "urge demand question attack defend welcome denounce slam blast hail dismiss dispute favour favor champion applaud "
    "cite mock ridicule commend challenge contest decry deplore embrace propose prefer protest regret rebuke refute "
    "acknowledge announce suggest recommend request pledge predict warn promise express voice outline label brand liken "
    "predict estimate list identify approve advocate discuss emphasise emphasize stress mention claim want ask question "
    "lambast rail tout compare want fear expect believe doubt declare allege concede admit confirm report "
    "reveal disclose"
).split()
#: Take a person and then "to" or a question: asked the council to …
ASK: Final = "ask urge tell order instruct invite press beg implore call encourage warn advise require want".split()

#: Verbs whose passive hides a source: is expected to, was accused of.
PASSIVE: Final = (
    "expected believed accused said reported alleged understood thought considered asked urged told described "
    "called blamed criticised criticized praised estimated rumoured rumored suspected feared hoped projected predicted "
    "seen viewed regarded known claimed"
).split()

_IRREGULAR: Final = {
    "say": "say says said saying", "write": "write writes wrote written writing", "tell": "tell tells told telling",
    "think": "think thinks thought thinking", "feel": "feel feels felt feeling", "know": "know knows knew known knowing",
    "understand": "understand understands understood understanding", "see": "see sees saw seen seeing",
    "find": "find finds found finding", "show": "show shows showed shown showing", "hold": "hold holds held holding",
    "seek": "seek seeks sought seeking", "choose": "choose chooses chose chosen choosing",
    "swear": "swear swears swore sworn swearing", "mean": "mean means meant meaning",
    "forecast": "forecast forecasts forecasted forecasting", "undertake": "undertake undertakes undertook undertaking",
    "admit": "admit admits admitted admitting", "plan": "plan plans planned planning", "vow": "vow vows vowed vowing",
    "quip": "quip quips quipped quipping", "refer": "refer refers referred referring", "deny": "deny denies denied denying",
    "reply": "reply replies replied replying", "testify": "testify testifies testified testifying",
    "cry": "cry cries cried crying", "worry": "worry worries worried worrying", "notify": "notify notifies notified notifying",
    "clarify": "clarify clarifies clarified clarifying", "decry": "decry decries decried decrying", "imply": "imply implies implied implying", "regret": "regret regrets regretted regretting",
    "prefer": "prefer prefers preferred preferring", "beg": "beg begs begged begging", "slam": "slam slams slammed slamming",
    "opt": "opt opts opted opting", "learn": "learn learns learned learnt learning", "echo": "echo echoes echoed echoing",
    "identify": "identify identifies identified identifying",
}  # fmt: skip


def _inflect(verb: str) -> list[str]:
    """Present, third person, past and participle."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb].split()
    third = verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s")
    stem = verb.removesuffix("e")
    return [verb, third, stem + "ed", stem + "ing"]


def forms(verbs: list[str]) -> frozenset[str]:
    """All forms of the verbs."""
    return frozenset(form for verb in verbs for form in _inflect(verb))


SPEECH_FORMS: Final = forms(SPEECH)
TELL_FORMS: Final = forms(TELL)
THINK_FORMS: Final = forms(THINK)
INTEND_FORMS: Final = forms(INTEND)
JUDGE_FORMS: Final = forms(JUDGE)
ASK_FORMS: Final = forms(ASK)
ALL_FORMS: Final = SPEECH_FORMS | TELL_FORMS | THINK_FORMS | INTEND_FORMS | JUDGE_FORMS | ASK_FORMS

_ADVERB: Final = (
    r"(?:also|never|not|still|now|then|once|often|always|even|just|only|so far|long|ever|first|later|again|soon"
    r"|recently|[a-z]{3,}ly)"
)
_AUXILIARY: Final = (
    r"(?:has|have|had|having|is|are|was|were|be|been|being|will|would|did|does|do|could|can|should|must|may|might"
    r"|hasn['’]t|haven['’]t|hadn['’]t|isn['’]t|aren['’]t|wasn['’]t|weren['’]t|won['’]t|wouldn['’]t|didn['’]t|doesn['’]t|don['’]t|couldn['’]t|can['’]t|cannot"
    r"|continue[sd]? to|went on to|go on to|goes on to|refused to|refuses to|declined to|declines to|began|kept|keeps|keep)"
)
_PARTICLE: Final = r"(?: (?:out)(?= that\b)| for(?= )(?<=call for|alls for|lled for|lling for)| on(?= )(?<=called on|.calls on|.lling on)| off(?= )| into question)?"
#: A verb group: auxiliaries, adverbs and the verb, with the particle of "called for".
VERB_GROUP: Final = re.compile(
    rf"(?<![\w’'-])(?P<group>(?:(?:{_AUXILIARY}|{_ADVERB}) )*(?P<verb>{'|'.join(sorted(ALL_FORMS, key=lambda f: (-len(f), f)))}))"
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
NOT_A_SOURCE: Final = frozenset(
    "it there this that which what if when while as because and but or to not so than then how why where whether "
    "i.e e.g you".split()
)
PRONOUNS: Final = frozenset("he she they we i it who you one".split())
NEGATION: Final = re.compile(
    r"\b(?:not|never|no|nobody|none|nor|neither|refus\w+|declin\w+|den(?:y|ies|ied|ying)|cannot|\w+n['’]t)\b",
    re.IGNORECASE,
)
