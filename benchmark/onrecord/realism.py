"""How far a corpus looks like real news, and how far it repeats itself.

Conventions
-----------
- A *word* is what stands between white space, headline included, as in :func:`words`. A *token* is a maximal run of
  letters, digits and apostrophes, in small letters; punctuation is no token.
- Real news is ``profile.json``: counts of PolNeAR (quotes, lengths), TimeBank and AQUAINT (dates) and GUM (entities).
  A rate is *near* if it differs from the real one by at most its tolerance, relative to the real one.
- Sentences are cut by punctuation and paragraph ends alone; that is good enough to see how they begin.

Figures
-------
- :func:`rates`: the corpus beside ``profile.json``, each rate with its tolerance or with none.
- :func:`distinct`: different n-grams over all n-grams (distinct-n of Li et al., "A Diversity-Promoting Objective
  Function for Neural Conversation Models", 2016).
- :func:`openings`, :func:`trigrams`: what articles and sentences begin with, and what is said most often.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from onrecord.errors import InputError, Problem
from onrecord.model import DATE_TYPES, AnnotatedArticle, Quote

#: Share by which a rate may differ from real news, and the share for discontinuous content.
NEAR: Final = 0.25
NEAR_DISCONTINUOUS: Final = 0.5

_TOKEN: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?…])[\"”’']*\s+(?=[\"“‘']*[A-Z0-9])|\n+")
_PRONOUN: Final = re.compile(r"(?i)he|she|they|it|i|we|who|you|his|her|their|its|my|our")


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate of the corpus beside that of real news.

    Attributes:
        name: What is counted.
        ours: In the corpus; None where the corpus has nothing to count it on.
        real: In real news.
        tolerance: The share of ``real`` by which ``ours`` may differ; None where the rate is only reported.
    """

    name: str
    ours: float | None
    real: float
    tolerance: float | None

    @property
    def difference(self) -> float | None:
        """Relative difference from real news: 0.1 is ten per cent more."""
        return None if self.ours is None else self.ours / self.real - 1

    @property
    def near(self) -> bool | None:
        """Whether the rate is within its tolerance; None where it has none."""
        if self.tolerance is None:
            return None
        return self.difference is not None and abs(self.difference) <= self.tolerance


def words(item: AnnotatedArticle) -> int:
    """Number of words, split at white space, headline included."""
    return len(item.article.text.split())


def tokens(text: str) -> list[str]:
    """The tokens of a text, in small letters, with curly apostrophes made straight."""
    return [found.lower().replace("’", "'") for found in _TOKEN.findall(text)]


def rates(articles: Sequence[AnnotatedArticle], real: Mapping[str, Any], where: str = "profile.json") -> list[Rate]:
    """The rates of the corpus beside those of real news.

    Args:
        articles: The corpus.
        real: What ``profile.json`` holds.
        where: Name of that file in messages.

    Raises:
        InputError: ``real`` lacks a figure, or has one that is no positive number.
    """
    lengths = [words(item) for item in articles]
    quotes = [quote for item in articles for quote in item.labels.quotes or ()]
    dates = [date for item in articles for date in item.labels.dates or ()]
    mentions = [mention for item in articles for mention in item.labels.entities or ()]
    kinds = Counter(quote.kind for quote in quotes)
    sources = Counter(source_kind(item, quote) for item in articles for quote in item.labels.quotes or ())
    contents = [sum(len((segment.text or "").split()) for segment in quote.content) for quote in quotes]
    types = Counter(date.type for date in dates)
    shapes = Counter(value_shape(date.value or "") for date in dates)
    names = sum(mention.kind == "name" for mention in mentions)
    broken = sum(len(quote.content) > 1 for quote in quotes)

    def density(count: int) -> float | None:
        return _ratio(1_000 * count, sum(lengths))

    def of_quotes(count: int) -> float | None:
        return _ratio(count, len(quotes))

    def of_dates(count: int) -> float | None:
        return _ratio(count, len(dates))

    shape_names = [shape for shape, _ in _SHAPES] + ["PRESENT_REF", "PAST_REF", "FUTURE_REF"]
    rows: list[tuple[str, float | None, tuple[str | int, ...], float | None]] = [
        ("quotes per 1,000 words", density(len(quotes)), ("quotes", "per_1000_words"), NEAR),
        ("indirect", of_quotes(kinds["indirect"]), ("quotes", "kind", "indirect"), NEAR),
        ("direct", of_quotes(kinds["direct"]), ("quotes", "kind", "direct"), NEAR),
        ("mixed", of_quotes(kinds["mixed"]), ("quotes", "kind", "mixed"), NEAR),
        ("source a pronoun", of_quotes(sources["pronoun"]), ("quotes", "source_mention", "pronoun"), NEAR),
        ("no source", of_quotes(sources["none"]), ("quotes", "source_mention", "none"), NEAR),
        ("discontinuous content", of_quotes(broken), ("quotes", "discontinuous_content"), NEAR_DISCONTINUOUS),
        ("dates per 1,000 words", density(len(dates)), ("dates", "per_1000_words"), NEAR),
        ("words, tenth percentile", _quantile(lengths, 0.1), ("article_words", "deciles", 0), NEAR),
        ("words, median", _quantile(lengths, 0.5), ("article_words", "median"), NEAR),
        ("words, ninetieth percentile", _quantile(lengths, 0.9), ("article_words", "deciles", 8), NEAR),
        ("quotes an article, median",
         _quantile([len(item.labels.quotes or ()) for item in articles], 0.5), ("quotes", "per_article_median"), None),
        ("words of a content, median", _quantile(contents, 0.5), ("quotes", "content_words", "median"), None),
        ("words of a content, mean", _ratio(sum(contents), len(contents)), ("quotes", "content_words", "mean"), None),
        *((f"dates of type {kind}", of_dates(types[kind]), ("dates", "type", kind), None) for kind in DATE_TYPES),
        *((f"dates like {shape}", of_dates(shapes[shape]), ("dates", "value_shapes", shape), None)
          for shape in shape_names),
        ("names per 1,000 words (real news: tokens)",
         density(names), ("entities", "named_mentions_per_1000_tokens"), None),
    ]  # fmt: skip
    return [Rate(name, ours, _figure(real, path, where), tolerance) for name, ours, path, tolerance in rows]


def source_kind(item: AnnotatedArticle, quote: Quote) -> str:
    """``pronoun``, ``none`` or ``name_or_nominal``: the kind of a quote's source, the span."""
    if quote.source is None:
        return "none"
    place = (quote.source.start, quote.source.end)
    marked = any(m.kind == "pronoun" and (m.start, m.end) == place for m in item.labels.entities or ())
    return "pronoun" if marked or _PRONOUN.fullmatch(quote.source.text or "") else "name_or_nominal"


def value_shape(value: str) -> str:
    """The shape of a TIMEX3 value in the notation of ``profile.json``: ``YYYY-MM-DD``, ``PnY``, ``PAST_REF``."""
    for shape, pattern in _SHAPES:
        if pattern.fullmatch(value):
            return shape
    return value if value.endswith("_REF") else "other"


def distinct(texts: Iterable[str], n: int) -> tuple[int, int]:
    """Number of different n-grams and of all n-grams; none crosses from one text into the next."""
    counted = _ngrams(texts, n)
    return len(counted), counted.total()


def trigrams(texts: Iterable[str], most: int = 50) -> list[tuple[str, int]]:
    """The most frequent trigrams of tokens with their counts; ties in order of the alphabet."""
    return _most(_ngrams(texts, 3), most)


def sentences(text: str) -> list[str]:
    """The sentences of a text, cut at punctuation and paragraph ends."""
    return [piece for piece in _SENTENCE_END.split(text) if piece and _TOKEN.search(piece)]


def openings(pieces: Iterable[str], n: int, most: int = 20) -> tuple[int, list[tuple[str, int]]]:
    """Number of different openings (first n tokens) and the most frequent ones; shorter pieces are left out."""
    counted = Counter(" ".join(found[:n]) for piece in pieces if len(found := tokens(piece)) >= n)
    return len(counted), _most(counted, most)


def body(item: AnnotatedArticle) -> str:
    """An article's text without its headline."""
    return item.article.text.partition("\n\n")[2]


def _figure(real: Mapping[str, Any], path: Sequence[str | int], where: str) -> float:
    """The positive number at a path of ``profile.json``."""
    value: Any = real
    name = ".".join(map(str, path))
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            raise InputError(Problem(where, "is missing", field=name, remedy="give profile.json")) from None
    if not isinstance(value, int | float) or isinstance(value, bool) or not value > 0:
        raise InputError(Problem(where, f"{value!r} is no positive number", field=name, remedy="give profile.json"))
    return float(value)


def _ratio(count: float, total: float) -> float | None:
    return count / total if total else None


def _quantile(some: Sequence[int], at: float) -> float | None:
    return float(np.quantile(some, at)) if some else None


def _ngrams(texts: Iterable[str], n: int) -> Counter[str]:
    return Counter(gram for text in texts for gram in _grams(tokens(text), n))


def _grams(found: Sequence[str], n: int) -> Iterator[str]:
    return (" ".join(found[at : at + n]) for at in range(len(found) - n + 1))


def _most(counted: Counter[str], most: int) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:most]


_SHAPES: Final = tuple(
    (shape, re.compile(pattern))
    for shape, pattern in {
        "YYYY-MM-DD": r"\d{4}-\d\d-\d\d",
        "YYYY": r"\d{4}",
        "YYYY-Qn": r"\d{4}-Q[1-4]",
        "YYYY-MM": r"\d{4}-\d\d",
        "PnY": r"P[\d.]+Y",
        "PnM": r"P[\d.]+M",
        "PnD": r"P[\d.]+D",
        "YYYY-Wnn": r"\d{4}-W\d\d",
    }.items()
)
