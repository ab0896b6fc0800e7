"""The words that name the source of an attribution, left or right of its cue.

Without a parser the noun phrase is bounded by what cannot belong to it: commas (save those of an apposition),
conjunctions, subordinators, verbs and the adverbials that open a sentence.
"""

# A pattern broken over lines is harder to read than a long line.
# ruff: noqa: E501

from __future__ import annotations

import re
from typing import Final

from onrecord.systems import cue_words as words
from onrecord.systems.text import MASK, Region

#: After one of these a new clause, and so a new subject, begins.
_CLAUSE_START: Final = re.compile(
    rf"(?:[;:—–]|{MASK}|\b(?:that|but|because|although|though|while|whereas|if|when|where|after|before|since|unless|until|than|whether|what|how|why"
    r"|said|says|as|so|or|then|yet|nor)\b)\s*"
)
_AND: Final = re.compile(r"\band\s+")
_FRONTED: Final = re.compile(
    r"(?:In|On|At|After|During|Before|Last|Earlier|Later|For|With|Since|By|Despite|Meanwhile|However|Still|Also|Moreover|Indeed|Instead"
    r"|Now|Then|Today|Yesterday|Separately|Previously|Recently|Asked|Speaking|From|Until|Under|Over|Like|Among|To|Of|This|Next|Throughout"
    r"|Nevertheless|Nonetheless|Additionally|Furthermore|And|But|Yet|So|Or|Amid|Even|As|Overall|Similarly|Elsewhere|Once|[A-Z][a-z]+ly)\b"
)
_LEADING: Final = re.compile(
    r"(?:[Aa]nd|[Bb]ut|[Yy]et|[Ss]o|[Oo]r|[Tt]hen|[Nn]ow|[Ss]till|[Aa]lso|[Ee]ven|[Ii]nstead|[Mm]eanwhile|[Hh]owever|[Ll]ater|[Aa]nyway)\s+"
)
_TIME_TAIL: Final = re.compile(
    r"\s+(?:(?:late |early )?(?:on |last |this )?(?:late |early )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: (?:morning|afternoon|evening|night))?"
    r"|yesterday|today|earlier|later|recently|then|last (?:week|month|year)|this (?:week|month|year)|on [A-Z][a-z]{2,8}\.? \d{1,2}|in [A-Z][a-z]{2,8}|in (?:\d{4})|himself|herself|itself|themselves|both|all|just|simply|early|late|even|only)\s*$"
)
_ASIDE: Final = re.compile(
    r",\s+(?:on the other hand|however|too|meanwhile|in turn|for (?:his|her|its|their) part|for instance|for example|of course|in fact|though|by contrast|instead)$"
)
_VERBISH: Final = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|could|can|may|might|should|do|does|did|not|to|\w{3,}ed|went|came|made|got|took|gave|ran|won|lost|met|sat)\b"
)
_NO_SUBJECT: Final = re.compile(
    r"(?:of|in|on|at|for|with|by|from|into|to|and|or|not|is|are|was|were|be|been|has|have|had|will|would|could|can|may|might|should|also|just|only|very"
    r"|it|there|this|what|whatever|if|as|than|how|where|when|why|whether|so|because|then|now|still|being|such|about|no|nothing|let|please|yes|well)$",
    re.IGNORECASE,
)
#: A short relative clause or an apposition between commas, before the cue.
_MAX_WORDS: Final = 28


def source_before(masked: str, end: int, floor: int = 0) -> Region | None:
    """The noun phrase that ends at ``end``: the subject of the cue.

    Args:
        masked: The masked sentence.
        end: Where the cue begins.
        floor: Nothing before this offset may be used.
    """
    left = masked[floor:end].rstrip()
    if not left:
        return None
    start = 0
    if left.endswith(","):
        left = left[:-1].rstrip()
        apposition = _apposition_start(left)
        if apposition is None:
            return None
        start = apposition
    else:
        comma = left.rfind(", ")
        start = comma + 2 if comma >= 0 else 0
        if re.search(r", (?:who|which)$", left):
            return _region(masked, floor + len(left) - len(left.split()[-1]), floor + len(left))
    for boundary in _CLAUSE_START.finditer(left, start):
        if boundary.end() < len(left) and not _inside_apposition(left[start : boundary.start()]):
            start = boundary.end()
        elif boundary.end() >= len(left):
            return None
    for conjunction in _AND.finditer(left, start):
        if conjunction.end() < len(left) and _VERBISH.search(left[start : conjunction.start()]):
            start = conjunction.end()
    start += len(left[start:]) - len(left[start:].lstrip())
    while leading := _LEADING.match(left, start):
        start = leading.end()
    if relative := re.search(r"\b(?:who|which)$", left[start:]):
        start += relative.start()
    return _region(masked, floor + start, floor + len(left))


def _apposition_start(left: str) -> int | None:
    """Start of "Oru Hanne, Velm's trade minister" (its closing comma already gone)."""
    pieces = left.split(", ")
    if len(pieces) == 1:
        return None if _FRONTED.match(left) else 0
    index = 0
    first = 0
    while index < len(pieces) - 1 and (
        _FRONTED.match(pieces[index]) or not re.search(r"[A-Z]|\b[Tt]he\b|\b[Aa]n?\b", pieces[index])
    ):
        first += len(pieces[index]) + 2
        index += 1
    return first


def _inside_apposition(before: str) -> bool:
    """Whether the clause word stands in a relative clause inside the source's own commas."""
    return bool(re.search(r",\s+(?:who|which|a|an|the|whose)\b[^,]*$", before))


def _region(masked: str, start: int, end: int) -> Region | None:
    text = masked[start:end]
    while tail := _TIME_TAIL.search(text) or _ASIDE.search(text):
        text = text[: tail.start()]
    text = text.rstrip(" ,")
    tokens = text.split()
    if not tokens or len(tokens) > _MAX_WORDS or MASK in text:
        return None
    if len(tokens) == 1 and tokens[0] in ("It", "it"):
        return Region(start, start + len(text))
    if (_NO_SUBJECT.match(tokens[0].strip(",")) and not (tokens[0].isupper() and len(tokens[0]) > 1)) or (
        _NO_SUBJECT.match(tokens[-1]) and len(tokens) == 1
    ):
        return None
    if len(tokens) > 1 and tokens[-1].lower() in {"to", "of", "in", "not", "and", "be", "is", "are", "was"}:
        return None
    if _FRONTED.match(tokens[0]) and len(tokens) > 1 and not re.search(r"[A-Z]", tokens[1][:1]):
        subject = re.search(
            r"(?<=\s)(?:(?:[A-Z][\w.’'-]*)(?: [A-Z][\w.’'-]*)*|he|she|they|it|we|I|the (?:[a-z]+ )?[a-z]+)$", text
        )
        return None if subject is None else Region(start + subject.start(), start + subject.end())
    return Region(start, start + len(text))


_AFTER: Final = re.compile(
    rf"\s+(?P<source>(?:(?:a|an|the|one|another|his|her|its|their|our|my|some|several|many|most|two|three|[A-Z])[^,.;:—–{MASK}]*?)"
    rf"(?:(?<=\b[A-Z])\.[^,.;:—–{MASK}]*?|(?<=Mr|Ms|Dr|Sr|Jr)\.[^,.;:—–{MASK}]*?|(?<=Mrs|Sen|Rep|Gov|Gen|Rev|Inc)\.[^,.;:—–{MASK}]*?|(?<=Prof)\.[^,.;:—–{MASK}]*?)*)"
    rf"(?P<stop>,|\.(?=\s|$)|[;:—–]|\s*{MASK}|\s*$)"
)
_PRONOUN_AFTER: Final = re.compile(r"\s+(?P<source>he|she|they|we|I)\b")
_TAIL_AFTER: Final = re.compile(
    r"\s+(?:(?:late |early )?(?:on |last |this )?(?:late |early )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b.*|yesterday\b.*|today\b.*|in (?:an?|the|his|her|its|their) (?:\w+ )*(?:statement|interview|speech|letter|email|e-mail|report|release|tweet|post|call|reply|memo)\b.*"
    r"|(?:at|during|after|before) (?:an?|the) .*|in (?:\d{4}|[A-Z][a-z]+ \d{4})\b.*|last (?:week|month|year)\b.*|earlier\b.*|who (?:spoke|asked|requested)\b.*|when\b.*|as\b.*|while\b.*|to reporters\b.*)$"
)


def source_after(masked: str, start: int, *, clause_follows: bool = False) -> Region | None:
    """The noun phrase behind the cue ("said Lon Ferrow, the company's head of safety"), apposition included.

    Args:
        masked: The masked sentence.
        start: Where the cue ends.
        clause_follows: Whether the content comes after the source ("According to Ferrow, the pump leaked"): what
            follows a comma is then an apposition only if a second comma closes it and no verb stands in it.
    """
    if pronoun := _PRONOUN_AFTER.match(masked, start):
        return Region(*pronoun.span("source"))
    match = _AFTER.match(masked, start)
    if match is None:
        return None
    begin, end = match.span("source")
    if tail := _TAIL_AFTER.search(masked[begin:end]):
        return Region(begin, begin + tail.start())
    if match["stop"] == ",":
        end = _with_closed_apposition(masked, end) if clause_follows else _with_apposition(masked, end)
    text = masked[begin:end]
    if len(text.split()) > _MAX_WORDS or words.VERB_GROUP.fullmatch(text):
        return None
    return Region(begin, end)


def _with_apposition(masked: str, end: int) -> int:
    """End of the apposition or relative clause that follows a source at once."""
    following = re.compile(
        rf", (?P<a>(?:a|an|the|who|whose|one|another|chief|chair|president|director|head|spokes\w+|professor|co-?\w+|vice|senior|former|his|her|its|[A-Z][\w.’'-]*['’]s|[A-Z][a-z]+ (?:of|from|for|at|in)|now|\d\d)\b[^.;:{MASK}]*?)(?=\.\s*$|\.$|,\s*{MASK}|,\s+(?:and|but|in|on|at|after|adding|referring)\b|[;:]|$|,\s*$)"
    ).match(masked, end)
    if following is None or len(following["a"].split()) > 16:
        return end
    return following.end("a")


def _with_closed_apposition(masked: str, end: int) -> int:
    """End of an apposition with a comma on either side."""
    following = re.compile(rf", (?P<a>(?:a|an|the|his|her|its|their|[A-Z])[^,.;:{MASK}]*)(?=,\s)").match(masked, end)
    if following is None or len(following["a"].split()) > 16 or _VERBISH.search(following["a"]):
        return end
    return following.end("a")
