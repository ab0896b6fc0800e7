"""The phenomena that an article's header may name, and those of them that follow from its text and gold labels.

The vocabulary is ``corpus/phenomena.json``. :data:`RULES` has a function for every tag that it calls computed; what it
finds is held against the header by :func:`disagreements`. A header is the writer's word and a rule is a rule of thumb:
neither is always right, so a disagreement is a place to look at and not an error.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from onrecord.corpus import Entry, read_json
from onrecord.errors import InputError, Problem
from onrecord.model import AnnotatedArticle, Quote, quotation_marks
from onrecord.systems.text import paragraphs, quoted_spans

_WEEKDAY: Final = re.compile(r"(?i)\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:mon|tues?|wed|thu|fri|sat)\b\.?")
_MONTH: Final = re.compile(r"(?i)\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\d{4}|/")
_CLOCK: Final = re.compile(r"\s*\d{1,2}[:.]\d\d(?!\d)")
_REFUSAL: Final = re.compile(
    r"(?i)\b(?:not|never|neither|nor|no|without|declin\w+|refus\w+|den(?:y|ie[sd]|ying|ials?)|reject\w+"
    r"|rul(?:ed|es|ing) out|disput\w+|dismiss\w+)\b|n['’]t\b"
)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_SPEECH: Final = frozenset({"i", "we", "me", "us", "my", "our"})
_DOUBLE: Final = frozenset('"“”„‟«»')


@dataclass(frozen=True, slots=True)
class Phenomenon:
    """A word of the vocabulary.

    Attributes:
        tag: What stands in headers.
        definition: One sentence.
        computed: How it follows from text and labels; None where it is judged.
    """

    tag: str
    definition: str
    computed: str | None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A tag that header and rule disagree on: ``tagged`` says that the header has it and the rule does not find it."""

    article: str
    tag: str
    tagged: bool

    def __str__(self) -> str:
        what = "in the header, not found in the labels" if self.tagged else "found in the labels, not in the header"
        return f"{self.article}: {self.tag}: {what}"


def read_phenomena(path: Path) -> dict[str, Phenomenon]:
    """The vocabulary, by tag.

    Raises:
        InputError: The file cannot be read, a field is missing, or a tag stands twice.
    """
    problems: list[Problem] = []
    value = read_json(path, problems) or {}
    found: dict[str, Phenomenon] = {}
    for number, item in enumerate(value.get("phenomena", ())):
        place = f"phenomena[{number}]"
        try:
            tag, definition, computed = item["tag"], item["definition"], item["computed"]
        except (TypeError, KeyError):
            problems.append(Problem(str(path), "lacks tag, definition or computed", None, place, "give all three"))
            continue
        if tag in found:
            problems.append(Problem(str(path), f"tag {tag!r} a second time", None, place, "merge the two"))
        found[tag] = Phenomenon(tag, definition, computed)
    if not problems and not found:
        problems.append(Problem(str(path), "names no phenomenon", None, "phenomena", "give a list of them"))
    if problems:
        raise InputError(problems)
    return found


def unknown(articles: Iterable[AnnotatedArticle], vocabulary: Mapping[str, Phenomenon]) -> list[tuple[str, str]]:
    """Article ids with tags that the vocabulary does not have."""
    return [(item.article.id, tag) for item in articles for tag in item.article.phenomena if tag not in vocabulary]


def computed(item: AnnotatedArticle, world: Mapping[str, Entry]) -> set[str]:
    """The tags that follow from an article's text and labels."""
    return {tag for tag, rule in RULES.items() if rule(item, world)}


def disagreements(articles: Iterable[AnnotatedArticle], world: Mapping[str, Entry]) -> list[Disagreement]:
    """Where headers and rules disagree, in order of article and tag."""
    found: list[Disagreement] = []
    for item in articles:
        tagged = {tag for tag in item.article.phenomena if tag in RULES}
        found += [Disagreement(item.article.id, tag, tag in tagged) for tag in sorted(tagged ^ computed(item, world))]
    return found


def _acronym_shared(item: AnnotatedArticle, world: Mapping[str, Entry]) -> bool:
    holders = Counter(
        alias
        for entry in world.values()
        for alias in {entry.name, *entry.aliases}
        if re.fullmatch(r"[A-Z]{2,6}", alias)
    )
    linked = {chain.link for chain in item.labels.chains or () if chain.link is not None}
    return any(
        holders[alias] > 1 and re.search(rf"\b{alias}\b", item.article.text)
        for link in linked
        if link in world
        for alias in {world[link].name, *world[link].aliases}
    )


def _changed_position(item: AnnotatedArticle, _: Mapping[str, Entry]) -> bool:
    return any(row.earlier not in (None, row.label) for row in item.labels.stances or ())


def _firm_named_after_place(item: AnnotatedArticle, _: Mapping[str, Entry]) -> bool:
    chains = item.labels.chains or ()
    places = {chain.name for chain in chains if chain.type in ("GPE", "LOC") and chain.name}
    firms = [
        name
        for chain in chains
        if chain.type in ("ORG", "FAC", "PRODUCT")
        for name in (chain.name, *chain.aliases)
        if name
    ]
    return any(re.search(rf"\b{re.escape(place)}\b", firm) for place in places for firm in firms)


def _headline_quote(item: AnnotatedArticle, _: Mapping[str, Entry]) -> bool:
    end = len(item.article.text.partition("\n\n")[0])
    return any((quote.content[0].start or 0) < end for quote in _quotes(item) if quote.content)


def _interrupted(item: AnnotatedArticle, _: Mapping[str, Entry]) -> bool:
    for quote in _quotes(item):
        if quote.kind == "indirect":
            continue
        between = [(one.end or 0, other.start or 0) for one, other in pairwise(quote.content)]
        tags = [span for span in (quote.cue, quote.source) if span is not None]
        if any(start <= (span.start or 0) and (span.end or 0) <= end for span in tags for start, end in between):
            return True
    return False


def _live_blog(item: AnnotatedArticle, _: Mapping[str, Entry]) -> bool:
    text = item.article.text
    return sum(bool(_CLOCK.match(text[part.start : part.end])) for part in paragraphs(text)) >= 3


def _multi_paragraph(item: AnnotatedArticle, _: Mapping[str, Entry]) -> bool:
    return any(
        "\n\n" in item.article.text[quote.content[0].start : quote.content[-1].end]
        for quote in _quotes(item)
        if quote.kind != "indirect" and quote.content
    )


def _nested(item: AnnotatedArticle, _: Mapping[str, Entry]) -> bool:
    for quote in _quotes(item):
        content = " ".join(segment.text or "" for segment in quote.content)
        marks = quotation_marks(content)
        outside = _DOUBLE if marks and content[marks[0]] in _DOUBLE else frozenset("'‘’")
        # Two of the other width: one alone may be an apostrophe.
        if sum((content[at] in _DOUBLE) is not (outside is _DOUBLE) for at in marks) >= 2:
            return True
    return False


def _opposite(item: AnnotatedArticle, _: Mapping[str, Entry]) -> bool:
    held = {(row.holder, row.label) for row in item.labels.stances or ()}
    return any((holder, "opposes") in held for holder, label in held if label == "supports")


def _place_for_government(item: AnnotatedArticle, _: Mapping[str, Entry]) -> bool:
    places = {chain.id for chain in item.labels.chains or () if chain.type == "GPE"}
    speakers = {quote.speaker for quote in _quotes(item)} | {row.holder for row in item.labels.stances or ()}
    return bool(places & speakers)


def _pronoun_only(item: AnnotatedArticle, _: Mapping[str, Entry]) -> bool:
    parts = paragraphs(item.article.text)
    mentions = item.labels.entities or ()
    pronouns = {(m.start, m.end) for m in mentions if m.kind == "pronoun"}
    for quote in _quotes(item):
        source = quote.source
        if source is None or source.start is None or (source.start, source.end) not in pronouns:
            continue
        if (source.text or "").lower() in _SPEECH or quote.speaker is None:
            continue
        begin = next((part.start for part in parts if part.start <= source.start < part.end), 0)
        if not any(
            m.entity == quote.speaker and m.kind != "pronoun" and begin <= (m.start or 0) < source.start
            for m in mentions
        ):
            return True
    return False


def _same_surname(item: AnnotatedArticle, _: Mapping[str, Entry]) -> bool:
    people = {chain.name for chain in item.labels.chains or () if chain.type == "PERSON" and chain.name}
    named = {name for name in people if " " in name and name[0].isupper()}
    last = Counter(name.split()[-1] for name in named if name.split()[-1][0].isupper())
    return any(number > 1 for number in last.values())


def _scare_quotes(item: AnnotatedArticle, _: Mapping[str, Entry]) -> bool:
    text = item.article.text
    contents = [(part.start or 0, part.end or 0) for quote in _quotes(item) for part in quote.content]
    for part in paragraphs(text):
        for span in quoted_spans(text, part):
            start, end = span.region
            if len(text[start:end].split()) <= 3 and not any(one < end and start < other for one, other in contents):
                return True
    return False


def _vague(item: AnnotatedArticle, _: Mapping[str, Entry]) -> bool:
    return any(
        date.type in ("DATE", "TIME")
        and (date.value in ("PAST_REF", "FUTURE_REF") or date.mod == "APPROX" or "X" in (date.value or ""))
        for date in item.labels.dates or ()
    )


def _weekdays(item: AnnotatedArticle) -> list[str]:
    """Values of the dates that name a weekday and no month."""
    return [
        date.value or ""
        for date in item.labels.dates or ()
        if _WEEKDAY.search(date.text or "") and not _MONTH.search(date.text or "") and _DAY.match(date.value or "")
    ]


def _weekday_before(item: AnnotatedArticle, _: Mapping[str, Entry]) -> bool:
    return any(value[:10] < (item.article.published or "")[:10] for value in _weekdays(item))


def _weekday_after(item: AnnotatedArticle, _: Mapping[str, Entry]) -> bool:
    return any(value[:10] > (item.article.published or "")[:10] for value in _weekdays(item))


def _shared_source(item: AnnotatedArticle, _: Mapping[str, Entry]) -> bool:
    sources = Counter((quote.source.start, quote.source.end) for quote in _quotes(item) if quote.source is not None)
    return any(number > 1 for number in sources.values())


def _quotes(item: AnnotatedArticle) -> Sequence[Quote]:
    return item.labels.quotes or ()


def _of_quote(holds: Callable[[Quote], bool]) -> Callable[[AnnotatedArticle, Mapping[str, Entry]], bool]:
    return lambda item, _: any(map(holds, _quotes(item)))


def _of_value(pattern: str) -> Callable[[AnnotatedArticle, Mapping[str, Entry]], bool]:
    return lambda item, _: any(re.fullmatch(pattern, date.value or "") for date in item.labels.dates or ())


def _of_type(kind: str) -> Callable[[AnnotatedArticle, Mapping[str, Entry]], bool]:
    return lambda item, _: any(date.type == kind for date in item.labels.dates or ())


#: A rule for every tag that the vocabulary calls computed.
RULES: Final[dict[str, Callable[[AnnotatedArticle, Mapping[str, Entry]], bool]]] = {
    "acronym-shared": _acronym_shared,
    "anonymous-source": _of_quote(lambda quote: quote.sourcing == "anonymous"),
    "changed-position": _changed_position,
    "decade": _of_value(r"\d{3}X?"),
    "document-source": _of_quote(lambda quote: quote.source is not None and quote.speaker is None),
    "durations": _of_type("DURATION"),
    "firm-named-after-place": _firm_named_after_place,
    "fiscal-year": _of_value(r"FY.*"),
    "headline-quote": _headline_quote,
    "hidden-source": _of_quote(lambda quote: quote.cue is not None and quote.source is None),
    "interrupted-quote": _interrupted,
    "live-blog": _live_blog,
    "multi-paragraph-quote": _multi_paragraph,
    "nested-quote": _nested,
    "opposite-positions": _opposite,
    "place-for-government": _place_for_government,
    "pronoun-only-source": _pronoun_only,
    "quarters": _of_value(r"(?!FY).*-[QH][1-4]"),
    "quote-without-cue": _of_quote(lambda quote: quote.cue is None and quote.kind != "indirect"),
    "refusal-to-say": _of_quote(lambda quote: quote.cue is not None and bool(_REFUSAL.search(quote.cue.text or ""))),
    "same-surname": _same_surname,
    "scare-quotes": _scare_quotes,
    "sets": _of_type("SET"),
    "shared-source": _shared_source,
    "vague-dates": _vague,
    "weekday-after": _weekday_after,
    "weekday-before": _weekday_before,
}
