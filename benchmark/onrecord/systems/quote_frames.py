"""Attributions inside one sentence: which words are content, cue and source.

A sentence comes masked (every character between quotation marks is ``MASK``), so that a pattern cannot fall into a
quotation, and offsets count from the sentence's first character.
"""

# A pattern broken over lines is harder to read than a long line.
# ruff: noqa: E501

from __future__ import annotations

import re
from typing import Final

from onrecord.systems import cue_words as words
from onrecord.systems.frame_parts import CUT, TAIL, Frame, M, cue_region, end_of_sentence
from onrecord.systems.quote_front import preposed
from onrecord.systems.quote_sources import source_after
from onrecord.systems.text import Region

_TAIL_END: Final = re.compile(rf"(?P<tail>{TAIL})(?P<stop>\s*(?:[.;:?!]|$)|,(?=\s)|\s*[—–]|\s+(?={M}))")
#: A quotation, and its source with an apposition: “…,” Quina Jones, 25, [said].
_DESCRIBED: Final = re.compile(
    rf"(?P<content>{M}+)\s+(?P<source>[A-Z][^{M}?!]{{2,140}}?)(?:, (?:recently|later|also|then))?,?\s+"
)
#: "told" has a hearer between itself and the end of its clause: “…,” he told the host, “…”.
_HEARER_TAIL_END: Final = re.compile(
    rf"(?P<tail>(?: (?:[A-Z][\w.’'&-]*(?: [A-Z&][\w.’'-]*){{0,4}}|me|us|him|her|them|reporters|journalists|supporters|lawmakers"
    rf"|(?:the|a|an|his|her|its|their) [\w’'-]+(?: [\w’'-]+){{0,3}}?))?{TAIL})(?P<stop>\s*(?:[.;:?!]|$)|,(?=\s)|\s*[—–]|\s+(?={M}))"
)
_TOLD: Final = words.forms("tell")
_POSTPOSED: Final = words.SPEECH_FORMS | words.forms("believe", "think", "agree", "tell")
_INVERTED: Final = words.SPEECH_FORMS | words.forms("ask")
#: Characters outside quotation marks beyond which a "sentence" is a list, a table or noise, and attributes nothing;
#: the patterns go back and forth in a sentence, so that without a bound an endless one would take for ever.
_LONGEST: Final = 1_500


def frames(masked: str, *, headline: bool = False) -> list[Frame]:
    """The attributions of one sentence, outermost only."""
    if len(masked) - masked.count(M) > _LONGEST:
        return []
    found = _postposed(masked) or _according(masked) or _cueless(masked)
    if found is not None:
        return [found]
    return preposed(masked, headline=headline)


# Behind or inside the content ----------------------------------------------------------------------------------------


def _postposed(masked: str) -> Frame | None:
    for match in words.VERB_GROUP.finditer(masked):
        verb = match["verb"]
        if verb not in _POSTPOSED or match.start() < 4:
            continue
        frame = _subject_first(masked, match) or (_verb_first(masked, match) if verb in _INVERTED else None)
        if frame is not None:
            return frame
    return None


def _subject_first(masked: str, match: re.Match[str]) -> Frame | None:
    """…, she said on Friday[, …]."""
    left = masked[: match.start()]
    described = _DESCRIBED.fullmatch(left)
    if described is not None and ", " in described["source"] and _could_be_source(described["source"]):
        tail = _TAIL_END.match(masked, match.end()) or re.compile(r"(?P<tail>)(?P<stop>)").match(masked, match.end())
        region = Region(*described.span("source"))
        return _around(masked, Region(0, described.end("content")), cue_region(match), region, tail) if tail else None
    boundary = re.search(
        rf"(?P<content>.*)(?:,|[?!—–]|(?<={M}))\s+(?P<source>[^,{M}—–?!]{{1,90}}?)\s+$", left, re.DOTALL
    )
    if boundary is None:
        return None
    content, source = boundary["content"], boundary["source"]
    if not _could_be_source(source) or not _could_be_content(content):
        return None
    tail = (_HEARER_TAIL_END if match["verb"] in _TOLD else _TAIL_END).match(masked, match.end())
    if tail is None or re.search(r"\bthat\b", tail["tail"]):
        return None
    if re.match(r" (?:to|of) \w+", tail["tail"]) and match["verb"] not in words.SPEECH_FORMS:
        return None
    region = Region(boundary.start("source"), boundary.end("source"))
    return _around(masked, Region(0, boundary.end("content")), cue_region(match), region, tail)


def _verb_first(masked: str, match: re.Match[str]) -> Frame | None:
    """…, said Lon Ferrow, the head of safety[, …]."""
    left = masked[: match.start()]
    if not re.search(rf"(?:,|{M}|[?!])\s*$", left) or match["group"] != match["verb"] or match["verb"].endswith("ing"):
        return None
    if not _could_be_content(left):
        return None
    source = source_after(masked, match.end())
    if source is None:
        return None
    rest = _TAIL_END.match(masked, source.end)
    if rest is None:
        rest = re.compile(r"(?P<tail>)(?P<stop>)").match(masked, source.end)
    return _around(masked, Region(0, match.start()), cue_region(match), source, rest) if rest else None


def _around(masked: str, first: Region, cue: Region, source: Region, tail: re.Match[str]) -> Frame:
    """A frame whose content stands before the attribution, and after it if the sentence goes on."""
    content = [first]
    if masked[: first.end].rstrip(" ,").endswith(M):
        return Frame((first, *_quoted_again(masked, tail.end())), cue, source)
    rest = Region(tail.end(), end_of_sentence(masked))
    following = masked[rest.start : rest.end].strip(" .,;:—–")
    if following and not re.match(r"(?:who|which|where|when|whose|while|after|before|a|an|the|as)\b", following):
        cut = CUT.search(masked, rest.start)
        end = cut.start() if cut and cut.start() > rest.start else rest.end
        if masked[tail.start("stop") : rest.start].strip() in (",", ";", "—", "–", "") or following.startswith(M):
            content.append(Region(rest.start, end))
    return Frame(tuple(content), cue, source)


def _quoted_again(masked: str, start: int) -> tuple[Region, ...]:
    """The quotation that goes on behind its attribution: “…,” she said on Friday in Velm, “…”.

    Words outside the marks are the article's, not the speaker's; where they attribute something of their own
    (", adding that …"), what they quote is not this quotation.
    """
    following = re.compile(rf"(?P<between>[^{M}]{{0,80}}?)(?P<again>{M}.*{M}|{M})").match(masked, start)
    if following is None or words.VERB_GROUP.search(following["between"]) or ". " in following["between"]:
        return ()
    return (Region(*following.span("again")),)


def _could_be_source(words_before: str) -> bool:
    """Whether the words between a comma and a verb of speech can be its subject."""
    stripped = re.sub(r"^(?:and|but|as|though|while|or)\s+", "", words_before.strip())
    if not stripped:
        return False
    first = stripped.split()[0]
    plain = first if first.isupper() and len(first) > 1 else first.lower()
    if plain in words.NOT_A_SOURCE and stripped.lower() != "it":
        return False
    return not re.search(
        r"\b(?:is|are|was|were|has|have|had|will|would|that|who|which|because|after|when|said|says)\b", stripped
    )


def _could_be_content(before: str) -> bool:
    """Whether what stands before the attribution is something said, and not "On Friday," or "Last week,"."""
    if M in before:
        return True
    tokens = before.split()
    if len(tokens) < 4:
        return False
    opening = re.match(
        r"(?:In|On|At|After|During|Before|When|While|As|Last|Earlier|For|With|Since|By|Although|Though|If|Despite|Asked|Speaking|Because|Like|Unlike|According)\b",
        before,
    )
    return opening is None or bool(re.search(r",\s+\S+(?: \S+){3,}", before))


# According to --------------------------------------------------------------------------------------------------------


def _according(masked: str) -> Frame | None:
    match = words.ACCORDING.search(masked)
    if match is None:
        return None
    opens = not masked[: match.start()].strip(" ,.;:—–")
    source = source_after(masked, match.end() - 1, clause_follows=opens)
    if source is None:
        return None
    end = end_of_sentence(masked)
    after = Region(source.end, end)
    before = Region(0, match.start())
    content = [region for region in (before, after) if len(masked[region.start : region.end].strip(" ,.;:—–")) > 2]
    if not content:
        return None
    return Frame(tuple(content), cue_region(match), source)


def _cueless(masked: str) -> Frame | None:
    """“…,” a Relay spokesperson in a statement: the verb was forgotten."""
    label = re.match(
        rf"(?P<content>{M}+)\s*[―—–-]+\s*(?P<source>[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){{0,4}})\s*(?:[.,]|$)", masked
    )
    if label is not None:
        return Frame((Region(0, label.end("content")),), None, Region(*label.span("source")))
    speech = re.match(r"(?P<source>[A-Z][A-Z.’'-]+(?: [A-Z][A-Z.’'-]+){0,3}): (?=\S)", masked)
    if speech is not None and len(masked) - speech.end() > 20:
        return Frame((Region(speech.end(), end_of_sentence(masked)),), None, Region(*speech.span("source")))
    match = re.fullmatch(
        rf"(?P<content>{M}+)\s+(?P<source>(?:an?|the|[A-Z])[^,.;:{M}]{{2,60}}?)(?: in an? [^,.;:]{{3,30}})?\s*\.",
        masked,
    )
    if match is None or words.VERB_GROUP.search(match["source"]):
        return None
    return Frame((Region(0, match.end("content")),), None, Region(*match.span("source")))
