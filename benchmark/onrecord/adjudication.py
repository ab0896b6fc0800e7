"""Adjudication: two passes over one article are merged, and every difference is decided with a reason on record.

``merge`` maps the second pass's chains to the first's, keeps what both passes have, and lists the rest as disputes.
``apply`` takes one decision a dispute and returns the labels. Decisions are lines of text that stay in the repository:

    d3 | A | a nominal needs its prepositional phrase (section 1, Extents)
    d4 | B+cue,said_on | B's content, A's ... -> B, but the named fields from the other pass
    d5 | none | scare quotes without a source are no quote
    d6 | both | two attributions, not one

For a stance ``A+evidence`` joins the evidence of both passes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from onrecord.derived import quote_order
from onrecord.errors import InputError, Problem
from onrecord.model import ARTICLE_VOICE, Chain, Date, Labels, Mention, Quote, Span, Stance

DisputeLayer = Literal["chains", "entities", "quotes", "dates", "stances"]
#: Quotes of two passes are the same attribution if their contents' Dice coefficient over characters reaches this.
SAME_QUOTE: Final = 0.5
_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "chains": ("type", "name", "link"),
    "entities": ("entity", "kind"),
    "quotes": ("content", "cue", "source", "speaker", "sourcing", "said_on"),
    "dates": ("span", "type", "value", "mod"),
    "stances": ("label", "earlier", "evidence"),
}


@dataclass(frozen=True, slots=True)
class Dispute:
    """One difference between two passes; the side that lacks the item is None."""

    id: str
    layer: DisputeLayer
    first: Any
    second: Any

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields in which the two sides differ; empty where a side lacks the item."""
        if self.first is None or self.second is None:
            return ()
        return tuple(name for name in _FIELDS[self.layer] if _value(self.first, name) != _value(self.second, name))


@dataclass(frozen=True, slots=True)
class Decision:
    """What the adjudicator said of a dispute."""

    dispute: str
    choice: Literal["A", "B", "both", "none"]
    other_fields: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Merge:
    """What both passes have (``agreed``) and what they do not."""

    agreed: Labels
    disputes: tuple[Dispute, ...]


def merge(first: Labels, second: Labels) -> Merge:
    """Merges two passes over the same text.

    Args:
        first: Labels of pass A.
        second: Labels of pass B; its chain and quote ids are renamed to A's where they are the same thing.
    """
    second = _rename_quotes(first, _rename_chains(first, second))
    disputes: list[Dispute] = []

    def pair(
        layer: DisputeLayer,
        left: Sequence[Any],
        right: Sequence[Any],
        partner: Callable[[Any, Sequence[Any]], Any],
    ) -> tuple[Any, ...]:
        agreed = []
        rest = list(right)
        for item in left:
            other = partner(item, rest)
            if other is not None:
                rest.remove(other)
            if other is not None and all(_value(item, name) == _value(other, name) for name in _FIELDS[layer]):
                agreed.append(item)
            else:
                disputes.append(Dispute("", layer, item, other))
        disputes.extend(Dispute("", layer, None, item) for item in rest)
        return tuple(agreed)

    agreed = Labels(
        chains=pair("chains", first.chains or (), second.chains or (), _same(lambda c: c.id)),
        entities=pair("entities", first.entities or (), second.entities or (), _same(lambda m: (m.start, m.end))),
        quotes=pair("quotes", first.quotes or (), second.quotes or (), _same(lambda q: q.id)),
        dates=pair("dates", first.dates or (), second.dates or (), _overlapping),
        stances=pair("stances", first.stances or (), second.stances or (), _same(lambda s: (s.holder, s.claim))),
    )
    numbered = tuple(replace(dispute, id=f"d{number}") for number, dispute in enumerate(disputes, 1))
    return Merge(agreed, numbered)


def read_decisions(text: str, where: str) -> list[Decision]:
    """Reads decision lines.

    Raises:
        InputError: A line that is not ``id | choice | reason``, with its number.
    """
    decisions, problems = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = re.fullmatch(r"\s*(d\d+)\s*\|\s*(A|B|both|none)(?:\+([\w,]+))?\s*\|\s*(\S.*)", line)
        if match is None:
            problems.append(
                Problem(where, f"cannot read {line.strip()!r}", line=number, remedy="write: d1 | A | the reason")
            )
            continue
        fields = tuple(filter(None, (match[3] or "").split(",")))
        decisions.append(Decision(match[1], match[2], fields, match[4].strip()))  # type: ignore[arg-type]  # the pattern admits just these
    if problems:
        raise InputError(problems)
    return decisions


def apply(merged: Merge, decisions: Sequence[Decision], where: str) -> Labels:
    """The adjudicated labels.

    Computed fields (names of speakers and holders, kinds, aliases) are not renewed here; see ``derived.complete``.

    Raises:
        InputError: A dispute without a decision, a decision without a dispute or two decisions on one.
    """
    by_id = {decision.dispute: decision for decision in decisions}
    known = {dispute.id for dispute in merged.disputes}
    problems = [Problem(where, f"dispute {name} has no decision") for name in sorted(known - by_id.keys(), key=_number)]
    problems += [Problem(where, f"there is no dispute {name}") for name in sorted(by_id.keys() - known, key=_number)]
    problems += [
        Problem(where, f"dispute {name} is decided {count} times")
        for name, count in Counter(decision.dispute for decision in decisions).items()
        if count > 1
    ]
    kept: dict[str, list[Any]] = {layer: list(getattr(merged.agreed, layer) or ()) for layer in _FIELDS}
    for dispute in merged.disputes:
        decision = by_id.get(dispute.id)
        if decision is None:
            continue
        unknown = set(decision.other_fields) - set(_FIELDS[dispute.layer])
        if unknown:
            problems.append(Problem(where, f"{dispute.id}: no such field: {', '.join(sorted(unknown))}"))
            continue
        kept[dispute.layer] += _decide(dispute, decision)
    if problems:
        raise InputError(problems)
    return _tidy(kept)


def tidy(labels: Labels) -> Labels:
    """Labels without what lost its anchor, their ids numbered in text order: for labels that were mended by hand."""
    return _tidy({layer: list(getattr(labels, layer) or ()) for layer in _FIELDS})


def describe(dispute: Dispute, text: str) -> str:
    """A dispute for the adjudicator's eyes: both sides in words, with the text around them."""
    head = f"{dispute.id} [{dispute.layer}]"
    if dispute.fields:
        head += f" differs in: {', '.join(dispute.fields)}"
    lines = [head, f"    A: {_words(dispute.first)}", f"    B: {_words(dispute.second)}"]
    starts = [start for side in (dispute.first, dispute.second) if (start := _start(side)) is not None]
    if starts:
        begin = max(0, min(starts) - 60)
        lines.append(f"    …{text[begin : max(starts) + 100]!r}…")
    return "\n".join(lines)


def _decide(dispute: Dispute, decision: Decision) -> list[Any]:
    sides = {"A": (dispute.first, dispute.second), "B": (dispute.second, dispute.first)}
    if decision.choice == "none":
        return []
    if decision.choice == "both":
        return [side for side in (dispute.first, dispute.second) if side is not None]
    base, other = sides[decision.choice]
    if base is None:
        return []
    if other is None:
        return [base]
    for name in decision.other_fields:
        base = _with(base, name, other)
    return [base]


def _with(base: Any, name: str, other: Any) -> Any:
    if name == "span":
        return replace(base, start=other.start, end=other.end, text=other.text)
    if name == "evidence":
        return replace(
            base,
            evidence_quotes=tuple(dict.fromkeys((*base.evidence_quotes, *other.evidence_quotes))),
            evidence_spans=tuple(dict.fromkeys((*base.evidence_spans, *other.evidence_spans))),
        )
    return replace(base, **{name: getattr(other, name)})


def _value(item: Any, name: str) -> Any:
    if name == "span":
        return (item.start, item.end)
    if name == "evidence":
        return (sorted(item.evidence_quotes), sorted((s.start, s.end) for s in item.evidence_spans))
    value = getattr(item, name)
    if isinstance(value, Span):
        return (value.start, value.end)
    if isinstance(value, tuple):
        return tuple((segment.start, segment.end) for segment in value)
    return value


def _same(key: Callable[[Any], Any]) -> Callable[[Any, Sequence[Any]], Any]:
    return lambda item, others: next((other for other in others if key(other) == key(item)), None)


def _overlapping(item: Span, others: Sequence[Span]) -> Span | None:
    same = [other for other in others if (other.start, other.end) == (item.start, item.end)]
    if same:
        return same[0]
    return next((o for o in others if (o.start or 0) < (item.end or 0) and (item.start or 0) < (o.end or 0)), None)


def _rename_chains(first: Labels, second: Labels) -> Labels:
    """Gives B's chains the ids of A's: by most shared mention spans, then by equal folded name."""
    spans = {(m.start, m.end): m.entity for m in first.entities or ()}
    votes: Counter[tuple[str, str]] = Counter()
    for mention in second.entities or ():
        partner = spans.get((mention.start, mention.end))
        if partner is not None and mention.entity is not None:
            votes[mention.entity, partner] += 1
    names: dict[str, str] = {}
    taken: set[str] = set()
    for (mine, partner), _ in sorted(votes.items(), key=lambda item: (-item[1], item[0])):
        if mine not in names and partner not in taken:
            names[mine] = partner
            taken.add(partner)
    by_name = {(c.name or "").casefold(): c.id for c in first.chains or () if c.id not in taken}
    fresh = 1 + max((_number(c.id) for c in (*(first.chains or ()), *(second.chains or ()))), default=0)
    for chain in second.chains or ():
        if chain.id in names:
            continue
        partner = by_name.pop((chain.name or "").casefold(), None)
        if partner is None:
            partner, fresh = f"e{fresh}", fresh + 1
        names[chain.id] = partner

    def new(old: str | None) -> str | None:
        return None if old is None else names.get(old, old)

    return Labels(
        chains=tuple(replace(c, id=names[c.id]) for c in second.chains or ()),
        entities=tuple(replace(m, entity=new(m.entity)) for m in second.entities or ()),
        quotes=tuple(replace(q, speaker=new(q.speaker)) for q in second.quotes or ()),
        dates=second.dates,
        stances=tuple(replace(s, holder=new(s.holder)) for s in second.stances or ()),
    )


def _rename_quotes(first: Labels, second: Labels) -> Labels:
    """Gives B's quotes the ids of A's quotes whose content they share most of; greedily, best pair first."""
    pairs = sorted(
        (
            (-_dice(mine, theirs), theirs.id or "", mine.id or "")
            for mine in second.quotes or ()
            for theirs in first.quotes or ()
            if _dice(mine, theirs) >= SAME_QUOTE
        ),
    )
    names: dict[str, str] = {}
    for _, theirs_id, mine_id in pairs:
        if mine_id not in names and theirs_id not in names.values():
            names[mine_id] = theirs_id
    fresh = 1 + max((_number(q.id or "") for q in (*(first.quotes or ()), *(second.quotes or ()))), default=0)
    for quote in second.quotes or ():
        if quote.id is not None and quote.id not in names:
            names[quote.id], fresh = f"q{fresh}", fresh + 1
    return replace(
        second,
        quotes=tuple(replace(q, id=names.get(q.id or "")) for q in second.quotes or ()),
        stances=tuple(
            replace(s, evidence_quotes=tuple(names.get(name, name) for name in s.evidence_quotes))
            for s in second.stances or ()
        ),
    )


def _dice(left: Quote, right: Quote) -> float:
    def characters(quote: Quote) -> set[int]:
        return {index for segment in quote.content for index in range(segment.start or 0, segment.end or 0)}

    mine, theirs = characters(left), characters(right)
    return 2 * len(mine & theirs) / (len(mine) + len(theirs)) if mine or theirs else 0.0


def _tidy(kept: Mapping[str, list[Any]]) -> Labels:
    """Drops what lost its anchor (chains nobody uses, evidence that is no quote) and numbers ids in text order."""
    quotes = sorted(kept["quotes"], key=quote_order)
    quote_names = {quote.id: f"q{number}" for number, quote in enumerate(quotes, 1)}
    used = {m.entity for m in kept["entities"]} | {q.speaker for q in quotes} | {s.holder for s in kept["stances"]}
    first: dict[str | None, int] = {}
    for mention in kept["entities"]:
        first[mention.entity] = min(first.get(mention.entity, mention.start), mention.start)
    chains = sorted(
        {chain.id: chain for chain in kept["chains"] if chain.id in used}.values(),
        key=lambda chain: (first.get(chain.id, 1 << 60), _number(chain.id)),
    )
    chain_names = {chain.id: f"e{number}" for number, chain in enumerate(chains, 1)}
    return Labels(
        chains=tuple(replace(chain, id=chain_names[chain.id]) for chain in chains),
        entities=tuple(replace(m, entity=chain_names[m.entity]) for m in kept["entities"] if m.entity in chain_names),
        quotes=tuple(replace(q, id=quote_names[q.id], speaker=chain_names.get(q.speaker)) for q in quotes),
        dates=tuple(kept["dates"]),
        stances=tuple(
            replace(
                stance,
                holder=chain_names.get(stance.holder, stance.holder),
                evidence_quotes=tuple(
                    sorted((quote_names[q] for q in stance.evidence_quotes if q in quote_names), key=_number)
                ),
            )
            for stance in kept["stances"]
            if stance.holder == ARTICLE_VOICE or stance.holder in chain_names
        ),
    )


def _number(name: str) -> int:
    digits = re.sub(r"\D", "", name)
    return int(digits) if digits else 0


def _start(item: Any) -> int | None:
    if isinstance(item, Quote):
        return item.content[0].start if item.content else None
    if isinstance(item, Span):
        return item.start
    return None


def _words(item: Any) -> str:
    if item is None:
        return "(nothing)"

    def span(value: Span | None) -> str:
        return "-" if value is None else f"{value.text!r}"

    if isinstance(item, Quote):
        content = " || ".join(span(segment) for segment in item.content)
        return (
            f"{item.id} content: {content} | cue: {span(item.cue)} | source: {span(item.source)} | "
            f"speaker: {item.speaker} | sourcing: {item.sourcing} | said_on: {item.said_on}"
        )
    if isinstance(item, Mention):
        return f"{item.text!r} | {item.entity} | {item.kind}"
    if isinstance(item, Date):
        return f"{item.text!r} | {item.type} | {item.value} | {item.mod}"
    if isinstance(item, Chain):
        return f"{item.id} | {item.type} | {item.name} | {item.link}"
    if isinstance(item, Stance):
        spans = " ;; ".join(span(value) for value in item.evidence_spans)
        return (
            f"{item.holder} | {item.claim} | {item.label} | earlier: {item.earlier} | "
            f"{','.join(item.evidence_quotes)} | {spans}"
        )
    return repr(item)
