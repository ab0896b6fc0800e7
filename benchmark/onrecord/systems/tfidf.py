"""``tfidf``: stance on given rows by TF-IDF and logistic regression, and the dummies it has to beat.

A row asks where a holder stands on a claim. What is read is the *passage*: of a holder who speaks in the article the
sentences that name them, else (and for the article's own voice) the whole text. Features are the TF-IDF weights of
claim and passage, how much they share, and words of doubt and denial in either.

Four modes, chosen when the model is trained:

    ``majority``    the commonest label, whatever is asked
    ``related``     unrelated or not; what is related gets the commonest label of the related
    ``logistic``    one classifier over all labels
    ``two-stage``   unrelated or not, then a classifier over the other labels, weighted by their rarity

The two stages are the shape of the FNC-1 task (Hanselowski et al. 2018, "A retrospective analysis of the Fake News
Challenge stance-detection task"); data without ``unrelated`` has no first stage.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, ClassVar, Final

import orjson

from onrecord.errors import InputError, Problem
from onrecord.model import ARTICLE_VOICE, Layer
from onrecord.systems import modelfile
from onrecord.systems.linear import Features, Linear, fit
from onrecord.systems.protocol import Answer, PerArticle, Question, StanceQuestion
from onrecord.systems.text import paragraphs, quoted_spans, sentences

MODES: Final = ("majority", "related", "logistic", "two-stage")
UNRELATED: Final = "unrelated"
_WORD: Final = re.compile(r"[^\W\d_]{2,}|\d+")
_DOUBT: Final = re.compile(
    r"\b(?:fake|fraud|hoax|false|den(?:y|ies|ied)|not|no|never|despite|nope|doubts?|doubted|bogus|debunk\w*|pranks?"
    r"|retract\w*|untrue|wrong|reject\w*|oppos\w*|disput\w*|refus\w*|against|critici\w*|condemn\w*|\w+n['’]t)\b",
    re.IGNORECASE,
)
#: Terms kept, the commonest first (by the number of texts they stand in).
TERMS: Final = 5_000
#: The most words read of a passage.
_READ: Final = 4_000


class Tfidf(PerArticle):
    """The system.

    Args:
        model: Path of a model file; None takes the packaged one, trained on OnRecord's train split.

    Raises:
        InputError: The model file is missing or damaged.
    """

    name: ClassVar[str] = "tfidf"
    version: ClassVar[str] = "1"
    layers: ClassVar[tuple[Layer, ...]] = ("stance",)
    description: ClassVar[str] = "stance on given rows by TF-IDF and logistic regression (onrecord train tfidf)"

    def __init__(self, model: str | None = None) -> None:
        loaded = modelfile.shipped("tfidf") if model is None else modelfile.read(str(model), "tfidf")
        self._classifier = Classifier.of(loaded)
        self.settings: Mapping[str, Any] = {"model": loaded.hash[:16], "mode": self._classifier.mode}

    def answer(self, question: Question) -> Answer:
        """Labels for the given rows; no stances of its own finding."""
        if question.rows is None:
            return Answer()
        claims = {claim.id: claim.text for claim in question.article.claims}
        text = question.article.text
        return Answer(
            stance_rows=[
                (row.id, self._classifier.label(row.claim_text or claims.get(row.claim, ""), passage(text, row)))
                for row in question.rows
            ]
        )


class Classifier:
    """A trained stance classifier.

    Args:
        mode: One of ``MODES``.
        weights: Term to inverse document frequency.
        stages: Classifiers by name: ``related`` and ``label``, as the mode needs.
        commonest: The answer where no classifier gives one.
    """

    def __init__(self, mode: str, weights: Mapping[str, float], stages: Mapping[str, Linear], commonest: str) -> None:
        self.mode = mode
        self._weights = weights
        self._stages = stages
        self.commonest = commonest

    def label(self, claim: str, passage: str) -> str:
        """The label of one row."""
        features = self.features(claim, passage) if self._stages else {}
        if "related" in self._stages and self._stages["related"].label(features) == UNRELATED:
            return UNRELATED
        return self._stages["label"].label(features) if "label" in self._stages else self.commonest

    def features(self, claim: str, passage: str) -> dict[str, float]:
        """Features of one row."""
        return _features(claim, passage, self._weights)

    def parts(self) -> dict[str, bytes]:
        """The parts of the model file."""
        parts = {"terms.json": orjson.dumps(dict(self._weights), option=orjson.OPT_SORT_KEYS)}
        for name, stage in self._stages.items():
            parts |= stage.parts(name)
        return parts

    @classmethod
    def of(cls, model: modelfile.Model) -> Classifier:
        """The classifier in a model file."""
        stages = {name: Linear.of(model, name) for name in ("related", "label") if f"{name}.json" in model.parts}
        return cls(model.meta["mode"], orjson.loads(model.parts["terms.json"]), stages, model.meta["commonest"])


def train(rows: Sequence[tuple[str, str, str]], mode: str = "two-stage") -> Classifier:
    """Trains a classifier.

    Args:
        rows: Claim, passage and label of each.
        mode: One of ``MODES``.

    Raises:
        InputError: No such mode, or no rows.
    """
    if mode not in MODES:
        raise InputError(Problem("--set mode", f"{mode!r} is none of {', '.join(MODES)}"))
    if not rows:
        raise InputError(Problem("train tfidf", "there is no stance row to learn from"))
    labels = [label for _, _, label in rows]
    related = [index for index, label in enumerate(labels) if label != UNRELATED]
    counted = Counter(labels[index] for index in related) or Counter(labels)
    commonest = max(counted.items(), key=lambda item: (item[1], item[0]))[0]
    if mode == "majority":
        commonest = max(Counter(labels).items(), key=lambda item: (item[1], item[0]))[0]
        return Classifier(mode, {}, {}, commonest)
    weights = _frequencies(text for claim, passage, _ in rows for text in (claim, passage))
    features = [_features(claim, passage, weights) for claim, passage, _ in rows]
    stages: dict[str, Linear] = {}
    if mode == "logistic":
        stages["label"] = fit(features, labels)
        return Classifier(mode, weights, stages, commonest)
    if len(related) < len(labels):
        stages["related"] = fit(features, [UNRELATED if label == UNRELATED else "related" for label in labels])
    if mode == "two-stage" and related:
        chosen: list[Features] = [features[index] for index in related]
        stages["label"] = fit(chosen, [labels[index] for index in related], balanced=True)
    return Classifier(mode, weights, stages, commonest)


def passage(text: str, row: StanceQuestion) -> str:
    """What is read to answer a row: the sentences that name the holder, or the whole text."""
    names = [] if row.holder == ARTICLE_VOICE else _names(row.holder_name)
    if not names:
        return text
    pattern = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in names), re.IGNORECASE)
    named = [
        sentence.of(text)
        for block in paragraphs(text)
        for sentence in sentences(text, block, quoted_spans(text, block))
        if pattern.search(text, sentence.start, sentence.end)
    ]
    return " ".join(named) or text


def _names(name: str | None) -> list[str]:
    """A holder's name and, of several words, its last one, by which people are named again."""
    words = (name or "").split()
    return [" ".join(words), *([words[-1]] if len(words) > 1 and len(words[-1]) > 3 else [])] if words else []


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)[:_READ]]


def _frequencies(texts: Iterable[str]) -> dict[str, float]:
    """Smoothed inverse document frequencies of the commonest terms that stand in more than one text."""
    counted: Counter[str] = Counter()
    number = 0
    for text in texts:
        counted.update(set(_words(text)))
        number += 1
    common = sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:TERMS]
    return {term: round(math.log((1 + number) / (1 + count)) + 1, 6) for term, count in common if count > 1}


def _vector(words: Sequence[str], weights: Mapping[str, float]) -> dict[str, float]:
    """TF-IDF weights (sublinear in the count) of length one."""
    counted = Counter(word for word in words if word in weights)
    raw = {word: (1 + math.log(count)) * weights[word] for word, count in counted.items()}
    length = math.sqrt(math.fsum(value * value for value in raw.values()))
    return {word: value / length for word, value in raw.items()} if length else {}


def _features(claim: str, passage: str, weights: Mapping[str, float]) -> dict[str, float]:
    asked, read = _words(claim), _words(passage)
    wanted, given = _vector(asked, weights), _vector(read, weights)
    head = _vector(read[:60], weights)
    shared = {word for word in wanted if word in given}
    found = {f"claim:{word}": value for word, value in wanted.items()}
    found |= {f"read:{word}": value for word, value in given.items()}
    found["cosine"] = 3 * math.fsum(wanted[word] * given[word] for word in sorted(shared))
    found["cosine-head"] = 3 * math.fsum(value * head.get(word, 0.0) for word, value in sorted(wanted.items()))
    found["overlap"] = 3 * len(shared) / max(1, len(wanted))
    pairs = set(pairwise(asked))
    found["pairs"] = 3 * len(pairs & set(pairwise(read))) / max(1, len(pairs))
    doubts_asked, doubts_read = len(_DOUBT.findall(claim)), len(_DOUBT.findall(passage[:20_000]))
    found["doubt-claim"] = float(doubts_asked > 0)
    found["doubt-read"] = math.log1p(doubts_read)
    found["doubt-share"] = 30 * doubts_read / max(30, len(read))
    found["doubt-differs"] = float((doubts_asked > 0) != (doubts_read > 0))
    return found
