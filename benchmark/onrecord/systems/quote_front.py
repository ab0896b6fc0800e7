"""Attributions in front of their content: "the mayor denied that …", "is expected to …", "its plan to …"."""

# A pattern broken over lines is harder to read than a long line.
# ruff: noqa: E501

from __future__ import annotations

import re
from typing import Final

from onrecord.systems import cue_words as words
from onrecord.systems.frame_parts import CUT, TAIL, TIME, Frame, M, cue_region, end_of_sentence
from onrecord.systems.quote_sources import source_before
from onrecord.systems.text import Region

_HEARER: Final = rf"(?: (?:me|us|him|her|them|you|it|reporters|journalists|lawmakers|investors|supporters|voters|viewers|[A-Z][\w.’'-]*(?: [A-Z&][\w.’'-]*){{0,4}}|(?:the|a|an|his|her|its|their|my|our|those|some|several) [^,;:.{M}]{{2,60}}?))?"
_CLAUSE_WORD: Final = r"(?:that|whether|if|how|why|what|when|who|where|which)"
_BARE: Final = re.compile(
    r"(?:he|she|it|they|we|you|I|there|this|these|those|that|such|any|some|no|not|nobody|nothing|everyone|the|a|an|his|her|its|their|our|my|your|all|many"
    r"|most|more|both|each|every|another|one|two|three|[A-Z0-9$£€“‘\"'][\w]*|in|on|at|if|as|while|when|after|by|for|even|only|just|people|[a-z]+s)\b"
)
_STRICT_THINK: Final = words.forms(
    "believe", "think", "hope", "fear", "worry", "expect", "say", "agree", "doubt", "wish", "suspect", "guess"
)
_BE: Final = re.compile(r"\b(?:is|are|was|were|be|been|being)\b")


def preposed(masked: str, *, headline: bool) -> list[Frame]:
    """The attributions that stand in front of their content, from left to right."""
    found: list[Frame] = []
    position = 0
    last_source: Region | None = None
    while position < len(masked):
        candidate = _next_cue(masked, position)
        if candidate is None:
            break
        kind, match = candidate
        if kind == "noun":
            frame = _noun(masked, match, position)
        else:
            frame = _passive(masked, match, position) or _active(
                masked, match, position, last_source, headline=headline
            )
        if frame is None:
            position = match.end("group")
            continue
        found.append(frame)
        last_source = frame.source or last_source
        position = max(region.end for region in (*frame.content, frame.cue or frame.content[0]))
    return found


def _next_cue(masked: str, position: int) -> tuple[str, re.Match[str]] | None:
    found = [
        (kind, match)
        for kind, pattern in (("idiom", words.IDIOM), ("verb", words.VERB_GROUP), ("noun", words.NOUN_CUE))
        if (match := pattern.search(masked, position))
    ]
    return min(found, key=lambda item: (item[1].start("group"), -item[1].end("group")), default=None)


def _active(masked: str, match: re.Match[str], floor: int, last: Region | None, *, headline: bool) -> Frame | None:
    verb = match.groupdict().get("verb") or ""
    cue = cue_region(match)
    if verb == "asked" and masked.startswith(" not to be ", match.end("group")):
        return None
    if _is_noun(masked[: match.start("group")], match["group"]):
        return None
    content_start = _content_start(masked, match, verb)
    if content_start is None:
        return None
    cue = Region(cue.start, content_start[1])
    source = source_before(masked, match.start("group"), floor)
    if source is None and (
        verb.endswith("ing") or re.search(r"\b(?:and|but|then)\s*$", masked[: match.start("group")])
    ):
        source = last or _subject_of_participle(masked, match.start("group"))
    if source is None and not (headline and match.start("group") == 0):
        return None
    end = _content_end(masked, content_start[0])
    if end - content_start[0] < 3:
        return None
    return Frame((Region(content_start[0], end),), cue, source)


_BEFORE_NOUN: Final = re.compile(
    r"(?:\b(?:an?|the|this|that|these|those|no|any|some|his|her|its|their|my|our|your|each|every|another|big|first|second|last|only|new|own|same"
    r"|of|in|by|for|with|without|from|about|on|at|to|into|than|such)|['’]s)\s+$",
    re.IGNORECASE,
)


def _is_noun(before: str, group: str) -> bool:
    """Whether what stands before a form that can be noun or verb ("state", "plans") makes it none of ours."""
    if group.endswith("ing") and re.search(r"\b(?:by|in|after|before|while|without)\s+$", before):
        return True
    return (
        bool(_BEFORE_NOUN.search(before))
        and not re.search(r"\b(?:some|any|this|that|these|those|such|each|last|first|same)\s+$", before)
    ) or (
        bool(re.search(r"\b(?:this|that|some|any|each|last|first|same)\s+$", before))
        and not group.endswith("ed")
        and group != "said"
    )


def _subject_of_participle(masked: str, position: int) -> Region | None:
    """The subject of the sentence, where a participle after a comma shares it: Ferrow praised …, adding that …"""
    if not re.search(r",\s*$", masked[:position]):
        return None
    match = re.match(
        r"(?:(?:On|In|At|Last|Earlier|Later)\b[^,]{2,40}, )?(?P<s>(?:[A-Z][\w.’'-]*|[Tt]he|[Aa]n?)(?: [A-Z][\w.’'-]*)*)",
        masked,
    )
    return None if match is None else Region(*match.span("s"))


def _content_start(masked: str, match: re.Match[str], verb: str) -> tuple[int, int] | None:
    """Where the content begins and the cue ends, or None where what follows is no content."""
    group_end = match.end("group")
    if not verb:  # an idiom
        follow = re.compile(rf"\s+(?={_CLAUSE_WORD}\b|to\b|{M})|\s+(?:about|for|with|of|by|over)\s+|\s+(?=\w)").match(
            masked, group_end
        )
        return None if follow is None else (follow.end(), group_end)
    particle = match.groupdict().get("particle") or ""
    if particle.strip() in ("for", "on", "out") and verb.startswith(("call", "push", "ask", "argu", "press", "point")):
        end = match.end("particle")
        return (end + 1, end) if masked[end : end + 1] == " " else None
    if quote := re.compile(rf"(?::|,)?\s+(?={M})").match(masked, group_end):
        return quote.end(), group_end
    if verb in words.SPEECH_FORMS | words.TELL_FORMS and (
        colon := re.compile(rf"[^.;:{M}]{{0,80}}[:,]\s+(?={M})").match(masked, group_end)
    ):
        return colon.end(), group_end
    if verb in words.INTEND_FORMS and (to := re.compile(r"\s+(?=(?:not )?to \w)").match(masked, group_end)):
        return to.end(), group_end
    if verb in words.TELL_FORMS | words.ASK_FORMS:
        hearer = re.compile(rf"{_HEARER}{TAIL}\s+(?=(?:{_CLAUSE_WORD}|to)\b)").match(masked, group_end)
        if hearer:
            return hearer.end(), group_end
    if verb in words.SPEECH_FORMS | words.THINK_FORMS:
        tail = re.compile(rf"{TAIL}(?:,? in [^,.;:]{{3,40}},)?\s+(?=(?:that|whether|how|why|what)\b)").match(
            masked, group_end
        )
        if tail:
            return tail.end(), group_end
    if verb in words.TELL_FORMS:
        bare = re.compile(rf"{_HEARER}{TAIL}\s+(?=(?:he|she|it|they|we|I|there|the|a|his|her|their|its)\b)").match(
            masked, group_end
        )
        return (bare.end(), group_end) if bare and bare.end() > group_end + 1 else None
    if verb in words.SPEECH_FORMS | _STRICT_THINK and verb not in ("agree", "agrees", "agreed", "agreeing"):
        timed = re.compile(
            rf"(?: {TIME}| in (?:an?|the|his|her|its|their) (?:statement|interview|speech|letter|email|e-mail|report|release|news release|tweet|post|memo|filing|reply|call)(?: (?:on )?{TIME})?)*\s+"
        ).match(masked, group_end)
        start = timed.end() if timed else group_end + 1
        if _BARE.match(masked, start) and not re.match(r"(?:in|on|at|by|for|as|to)\b(?! \w+,)", masked[start:]):
            return start, group_end
    if verb in words.JUDGE_FORMS and verb not in words.TELL_FORMS:
        start = group_end + 1
        if _BARE.match(masked, start) and not re.match(r"(?:in|on|at|by|for|as|if|when|while|after)\b", masked[start:]):
            return start, group_end
    return None


def _content_end(masked: str, start: int) -> int:
    """The content runs to the sentence's end, or to where another attribution or the article's own clause begins."""
    end = end_of_sentence(masked)
    cut = CUT.search(masked, start + 2)
    return min(end, cut.start()) if cut else end


def _passive(masked: str, match: re.Match[str], floor: int) -> Frame | None:
    """The dock is expected to close; Ferrow was accused of taking bribes."""
    verb = match.groupdict().get("verb")
    if not verb or verb not in words.PASSIVE or not _BE.search(match["group"]):
        return None
    after = re.compile(r"\s+(?:(?=to \w)|(?P<preposition>of|as|for)\s+|(?=that\b))").match(masked, match.end("group"))
    if after is None:
        return None
    end = _content_end(masked, after.end())
    subject = source_before(masked, match.start("group"), floor)
    cue = Region(match.start("group"), after.end("preposition") if after["preposition"] else match.end("group"))
    by = (
        re.search(r"\bby (?P<source>(?:the |a |an )?[A-Z]?[^,.;]{2,50})", masked[after.end() : end])
        if verb != "expected"
        else None
    )
    segments = [Region(after.end(), end)]
    if subject is not None and masked[subject.start : subject.end].lower() != "it":
        segments.insert(0, subject)
    source = None if by is None else Region(after.end() + by.start("source"), after.end() + by.end("source"))
    if source is not None:
        segments[-1] = Region(after.end(), after.end() + (by.start() if by else 0))
    return Frame(tuple(region for region in segments if region.end > region.start), cue, source)


def _noun(masked: str, match: re.Match[str], floor: int) -> Frame | None:
    """Ferrow's claim that …, its plan to …, concerns that …"""
    group_end = match.end("group")
    preposition = (match["preposition"] or "").strip()
    if preposition in words.PREPOSITION_OUT:
        if match["possessor"] is None and not re.match(
            r"(?:calls?|allegations?|accusations?|claims?|fears?|demands?|criticism|opposition|support)$",
            match["group"],
        ):
            return None
        if match["possessor"] is None and preposition not in ("of", "for"):
            return None
        start = cue_end = match.end("preposition")
        start += 1
    else:
        follow = re.compile(
            r"\s+(?=that\b)" if match["possessor"] is None else r"\s+(?=that\b|to [a-z]|not to )"
        ).match(masked, group_end)
        if follow is None:
            return None
        start, cue_end = follow.end(), group_end
    stop = re.compile(r"[,;.]|\s(?:is|was|are|were|has|had|have|will|would|and)\s").search(masked, start + 3)
    end = min(stop.start() if stop else len(masked), _content_end(masked, start))
    if end - start < 4 or masked[start:end].count(" ") < 1:
        return None
    source = None
    if match["possessor"] is not None:
        possessor = match["possessor"]
        if possessor[0] in "'’":
            source = source_before(masked, match.start("possessor"), floor)
        else:
            source = Region(*match.span("possessor"))
    return Frame((Region(start, end),), Region(match.start("group"), cue_end), source)
