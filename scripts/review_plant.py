"""Known errors put into labels before a third reading, of the kinds that passes really made.

Nothing is read or written here. An error's kind is drawn with the weight that it has among the differences of passes
from gold; where it goes, and what is wrong there, is drawn, too. One seed an article.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from onrecord import adjudication
from onrecord.model import ARTICLE_VOICE, ENTITY_TYPES, SOURCINGS, Article, Date, Labels, Mention, Quote, Span

#: What ``drop`` and ``add`` mean: an item of gold that the labels lack, and one that they have too much.
MISSING, SPURIOUS = "missing", "spurious"
LAYERS: Final = ("chains", "entities", "quotes", "dates", "stances")


@dataclass(frozen=True, slots=True)
class Plant:
    """A planted error.

    Attributes:
        article: Its article's id.
        layer: ``chains``, ``entities``, ``quotes``, ``dates`` or ``stances``.
        kind: ``missing``, ``spurious`` or the field that was made wrong.
        before: The item as it was; None for a spurious one.
        after: The item as it is now; None for a missing one.
    """

    article: str
    layer: str
    kind: str
    before: Any
    after: Any

    def record(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


def weights(passes: Sequence[tuple[Labels, Labels]]) -> Counter[tuple[str, str]]:
    """How often each kind of error stands in passes, counted against their gold.

    Args:
        passes: Pairs of gold and a pass over the same article.
    """
    found: Counter[tuple[str, str]] = Counter()
    for gold, made in passes:
        for dispute in adjudication.merge(gold, made).disputes:
            if dispute.second is None:
                found[dispute.layer, MISSING] += 1
            elif dispute.first is None:
                found[dispute.layer, SPURIOUS] += 1
            else:
                found.update((dispute.layer, name) for name in dispute.fields)
    return found


def plant(
    article: Article, labels: Labels, kinds: Mapping[tuple[str, str], int], number: int
) -> tuple[Labels, list[Plant]]:
    """Puts ``number`` errors into labels, each layer in turn, none on an item that has one.

    Returns:
        The labels with the errors, and the record of them.
    """
    chance = random.Random(f"plants {article.id}")
    layers = _Planter(article, labels, chance)
    plants: list[Plant] = []
    order = list(LAYERS)
    chance.shuffle(order)
    for turn in range(4 * number):
        if len(plants) == number:
            break
        layer = order[turn % len(order)]
        options = [kind for kind in kinds if kind[0] == layer]
        if not options:
            continue
        _, kind = chance.choices(options, [kinds[option] for option in options])[0]
        made = layers.make(layer, kind)
        if made is not None:
            plants.append(made)
    return layers.labels(), plants


class _Planter:
    """The labels of one article while errors are put into them."""

    def __init__(self, article: Article, labels: Labels, chance: random.Random) -> None:
        self._article = article
        self._chance = chance
        self._items: dict[str, list[Any]] = {layer: list(getattr(labels, layer) or ()) for layer in LAYERS}
        self._touched: list[Any] = []

    def labels(self) -> Labels:
        return Labels(**{layer: tuple(items) for layer, items in self._items.items()})

    def make(self, layer: str, kind: str) -> Plant | None:
        """One error, or None where the article has no place for it."""
        items = self._items[layer]
        if kind == SPURIOUS:
            invented = self._invent(layer)
            if invented is None:
                return None
            items.append(invented)
            items.sort(key=lambda item: getattr(item, "start", 0) or 0)
            self._touched.append(invented)
            return Plant(self._article.id, layer, kind, None, invented)
        free = [item for item in items if not any(item is other for other in self._touched)]
        self._chance.shuffle(free)
        for item in free:
            if kind == MISSING:
                if layer == "chains" or (layer == "quotes" and self._is_evidence(item)):
                    continue
                items.remove(item)
                return Plant(self._article.id, layer, kind, item, None)
            value = self._other(layer, kind, item)
            if value is None:
                continue
            wrong = replace(item, **value)
            items[items.index(item)] = wrong
            self._touched.append(wrong)
            return Plant(self._article.id, layer, kind, item, wrong)
        return None

    def _is_evidence(self, quote: Quote) -> bool:
        """A quote that a stance row cites gives its own absence away."""
        return any(quote.id in stance.evidence_quotes for stance in self._items["stances"])

    def _pick(self, values: Sequence[Any]) -> Any:
        return self._chance.choice(values) if values else None

    def _chains(self, but: str | None) -> list[str]:
        return [chain.id for chain in self._items["chains"] if chain.id != but]

    def _other(self, layer: str, kind: str, item: Any) -> dict[str, Any] | None:
        """A wrong value for a field, or None if this item offers none."""
        makers: dict[tuple[str, str], Callable[[], Any]] = {
            ("chains", "type"): lambda: self._pick([name for name in ENTITY_TYPES[:7] if name != item.type]),
            ("chains", "link"): lambda: self._pick([c.link for c in self._items["chains"] if c.link != item.link]),
            ("chains", "name"): lambda: self._pick([m.text for m in self._mentions(item.id) if m.text != item.name]),
            ("entities", "entity"): lambda: self._pick(self._chains(item.entity)),
            ("entities", "kind"): lambda: "nominal" if item.kind == "name" else "name",
            ("quotes", "speaker"): lambda: self._pick(self._chains(item.speaker)),
            ("quotes", "sourcing"): lambda: self._pick([name for name in SOURCINGS if name != item.sourcing]),
            ("quotes", "said_on"): lambda: self._pick([v for v in self._days() if v != item.said_on]),
            ("quotes", "cue"): lambda: self._moved(item.cue),
            ("quotes", "source"): lambda: self._moved(item.source),
            ("quotes", "content"): lambda: self._moved_content(item),
            ("dates", "type"): lambda: self._pick([t for t in ("DATE", "DURATION", "SET", "TIME") if t != item.type]),
            ("dates", "value"): lambda: self._value(item),
            ("dates", "mod"): lambda: self._pick([m for m in ("APPROX", "START", "MORE_THAN") if m != item.mod]),
            ("dates", "span"): lambda: self._moved(item),
            ("stances", "label"): lambda: self._pick(
                [name for name in ("supports", "opposes", "neutral") if name != item.label]
            ),
            ("stances", "earlier"): lambda: self._pick([n for n in ("supports", "opposes") if n != item.label]),
            ("stances", "evidence"): lambda: self._evidence(item),
        }
        maker = makers.get((layer, kind))
        value = None if maker is None else maker()
        if value is None:
            return None
        if kind == "span":
            return {"start": value.start, "end": value.end, "text": value.text}
        return {"evidence_quotes": value} if kind == "evidence" else {kind: value}

    def _mentions(self, chain: str) -> list[Mention]:
        return [mention for mention in self._items["entities"] if mention.entity == chain]

    def _days(self) -> list[str]:
        return sorted({date.value for date in self._items["dates"] if date.type == "DATE" and date.value[:1] == "2"})

    def _evidence(self, item: Any) -> tuple[str, ...] | None:
        others = [quote.id for quote in self._items["quotes"] if quote.id not in item.evidence_quotes]
        return (self._pick(others),) if others else None

    def _moved(self, span: Span | None) -> Span | None:
        """The span without its first or last word, or with the word after it."""
        if span is None or span.start is None or span.end is None:
            return None
        text = self._article.text
        choices = []
        after = re.compile(r" \w+").match(text, span.end)
        if after is not None:
            choices.append((span.start, after.end()))
        inner = text[span.start : span.end]
        if " " in inner:
            choices.append((span.start + inner.index(" ") + 1, span.end))
            choices.append((span.start, span.start + inner.rindex(" ")))
        if not choices:
            return None
        start, end = self._pick(choices)
        return Span(start, end, text[start:end])

    def _moved_content(self, quote: Quote) -> tuple[Span, ...] | None:
        *rest, last = quote.content
        moved = self._moved(last)
        return None if moved is None else (*rest, moved)

    def _value(self, date: Date) -> str | None:
        """The value with its last number one off."""
        numbers = list(re.finditer(r"\d+", date.value or ""))
        if not numbers:
            return self._chance.choice([n for n in ("PAST_REF", "PRESENT_REF", "FUTURE_REF") if n != date.value])
        last, value = numbers[-1], date.value or ""
        off = int(last[0]) + (1 if int(last[0]) < 2 else self._pick([-1, 1]))
        return f"{value[: last.start()]}{off:0{len(last[0])}}{value[last.end() :]}"

    def _invent(self, layer: str) -> Any:
        """An item that is none: a noun or pronoun of no chain, words that are no date, a stance nobody took."""
        taken = [(item.start, item.end) for item in (*self._items["entities"], *self._items["dates"])]

        def free(pattern: str) -> Span | None:
            spans = [match.span() for match in re.finditer(pattern, self._article.text)]
            spans = [(s, e) for s, e in spans if not any(s < end and start < e for start, end in taken)]
            if not spans:
                return None
            start, end = self._pick(spans)
            return Span(start, end, self._article.text[start:end])

        if layer == "entities":
            span, chain = free(r"\b(?:[Tt]he \w+|it|[Tt]hey|their)\b"), self._pick(self._chains(None))
            if span is None or chain is None:
                return None
            kind = "nominal" if " " in (span.text or "") else "pronoun"
            return Mention(span.start, span.end, span.text, kind=kind, entity=chain)  # type: ignore[arg-type]
        if layer == "dates":
            span = free(r"\b(?:soon|then|once|still|already|again|later)\b")
            return None if span is None else Date(span.start, span.end, span.text, None, "DATE", "PRESENT_REF")
        if layer == "stances":
            rows = {(stance.holder, stance.claim) for stance in self._items["stances"]}
            holders = [ARTICLE_VOICE, *self._chains(None)]
            pairs = [(h, claim.id) for h in holders for claim in self._article.claims if (h, claim.id) not in rows]
            quote = self._pick(self._items["quotes"])
            template = self._pick(self._items["stances"])
            if not pairs or quote is None or template is None:
                return None
            holder, claim = self._pick(pairs)
            evidence = (quote.id,)
            return replace(template, holder=holder, claim=claim, evidence_quotes=evidence, evidence_spans=())
        return None
