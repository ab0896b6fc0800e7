"""From parts to an answer: names, quotations and dates, however found, become chains, speakers, stances.

Every system of ours finds its parts in its own way (rules, a tagger, spaCy) and lets this module tie them together, so
that they differ by what they find and by nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Protocol

from onrecord.model import Claim, Date, Quote, Sourcing, Span, Stance, StanceLabel, quote_kind
from onrecord.systems.chain_parts import Entity, display_name
from onrecord.systems.name_types import Name
from onrecord.systems.protocol import Answer, Question
from onrecord.systems.rules_chains import Chains
from onrecord.systems.rules_quotes import FoundQuote
from onrecord.systems.rules_stance import Position, Said, for_row, positions
from onrecord.systems.said_on import carried_over, said_on
from onrecord.systems.text import Region

_ANONYMOUS: Final = re.compile(
    r"(?:condition of anonymity|not (?:to be|be) (?:named|identified)|declined to be (?:named|identified)"
    r"|familiar with|briefed on|close to the"
    r"|who (?:was|were) not authori[sz]ed|anonymous|\bsources?\b|\binsiders?\b|leaked)",
    re.IGNORECASE,
)


class StanceFinder(Protocol):
    """What finds stances in what was said."""

    def positions(self, claims: Sequence[Claim], said: Sequence[Said]) -> list[Position]:
        """The positions that quotations show."""
        ...

    def row(self, claims: Sequence[str], asked: str, said: Sequence[Said], keys: set[str]) -> StanceLabel | None:
        """The answer to a given row whose holder has these keys; None leaves it to the rules."""
        ...


class _Rules:
    """The rules' word overlap."""

    def positions(self, claims: Sequence[Claim], said: Sequence[Said]) -> list[Position]:
        return positions(claims, said)

    def row(self, claims: Sequence[str], asked: str, said: Sequence[Said], keys: set[str]) -> StanceLabel | None:
        del claims
        return for_row(asked, [item for item in said if item.holder in keys])


RULES: Final = _Rules()


def compose(
    question: Question,
    names: list[Name],
    found: list[FoundQuote],
    dates: list[Date],
    stance: StanceFinder = RULES,
) -> Answer:
    """All four layers of one article from its parts.

    Args:
        question: The article and its stance rows.
        names: Its names, typed.
        found: Its quotations in text order, without speakers.
        dates: Its temporal expressions in text order.
        stance: Finds stances in what was said.
    """
    text = question.article.text
    chains = Chains(text, names)
    speakers = _speakers(found, chains)
    sayings = _said(text, found, speakers)
    claims = [claim for claim in question.article.claims if claim.text]
    taken = stance.positions(claims, sayings)
    holders = {str(id(speaker)): speaker for speaker in speakers if speaker is not None}
    needed = {id(speaker) for speaker in speakers if speaker is not None}
    mentions, built = chains.finish(needed)
    stances = tuple(
        Stance(
            holder=holders[position.holder].id,
            holder_name=display_name(text, holders[position.holder]),
            claim=position.claim,
            label=position.label,
            earlier=position.earlier,
            evidence_quotes=position.evidence,
        )
        for position in taken
    )
    return Answer(
        entities=tuple(mentions),
        chains=tuple(built),
        quotes=_quotes(text, found, speakers, dates),
        dates=tuple(dates),
        stances=stances,
        stance_rows=_rows(question, text, sayings, holders, stance),
    )


def _speakers(found: list[FoundQuote], chains: Chains) -> list[Entity | None]:
    """Who says each quotation; one without a source goes on with the speaker before it in the same paragraph."""
    speakers: list[Entity | None] = []
    for index, quote in enumerate(found):
        speaker = None if quote.source is None else chains.speaker(quote.source)
        if quote.source is None and quote.cue is None and index:
            previous = found[index - 1]
            gap = chains.text[previous.content[-1].end : quote.content[0].start]
            if gap.count("\n") <= 2 and len(gap) < 400:
                speaker = speakers[-1]
        if speaker is not None:
            chains.first_person(quote.content, speaker)
        speakers.append(speaker)
    return speakers


def _said(text: str, found: list[FoundQuote], speakers: list[Entity | None]) -> list[Said]:
    return [
        Said(
            f"q{number}",
            str(id(speaker)),
            " ".join(region.of(text) for region in quote.content),
            "" if quote.cue is None else quote.cue.of(text),
        )
        for number, (quote, speaker) in enumerate(zip(found, speakers, strict=True), start=1)
        if speaker is not None
    ]


def _quotes(text: str, found: list[FoundQuote], speakers: list[Entity | None], dates: list[Date]) -> tuple[Quote, ...]:
    days = carried_over(found, speakers, [said_on(quote, dates, text) for quote in found], text)
    quotes: list[Quote] = []
    for number, (quote, speaker, day) in enumerate(zip(found, speakers, days, strict=True), start=1):
        quotes.append(
            Quote(
                id=f"q{number}",
                content=tuple(_span(text, region) for region in quote.content),
                cue=None if quote.cue is None else _span(text, quote.cue),
                source=None if quote.source is None else _span(text, quote.source),
                speaker=None if speaker is None else speaker.id,
                speaker_name=None if speaker is None else display_name(text, speaker),
                kind=quote_kind([region.of(text) for region in quote.content]),
                sourcing=_sourcing(text, quote, speaker),
                said_on=day,
            )
        )
    return tuple(quotes)


def _sourcing(text: str, quote: FoundQuote, speaker: Entity | None) -> Sourcing:
    around = (
        "" if quote.source is None else " ".join([quote.source.of(text), *(part.of(text) for part in quote.clause)])
    )
    if _ANONYMOUS.search(around):
        return "anonymous"
    if speaker is None or not speaker.names:
        return "unnamed"
    unnamed_voice = quote.source is not None and re.search(
        r"\b(?:an?|its|their|the) (?:\w+ ){0,3}spokes(?:man|woman|person)\b", quote.source.of(text)
    )
    return "unnamed" if unnamed_voice and speaker.type != "PERSON" else "named"


def _rows(
    question: Question, text: str, sayings: list[Said], holders: dict[str, Entity], stance: StanceFinder
) -> tuple[tuple[str, str], ...] | None:
    if question.rows is None:
        return None
    claims = {claim.id: claim.text for claim in question.article.claims}
    answers: list[tuple[str, str]] = []
    for row in question.rows:
        name = (row.holder_name or "").casefold()
        keys = {
            key
            for key, entity in holders.items()
            if name
            and any(
                name in form.casefold() or form.casefold() in name
                for form in (*entity.names, display_name(text, entity))
            )
        }
        asked = row.claim_text or claims.get(row.claim, "")
        found = stance.row(list(claims.values()), asked, sayings, keys)
        answers.append((row.id, found or for_row(asked, [])))
    return tuple(answers)


def _span(text: str, region: Region) -> Span:
    return Span(region.start, region.end, region.of(text))
