"""Stance by a classifier over pairs of a claim and a quotation: does it show a position, and which?

One classifier with the labels ``none``, ``supports``, ``opposes`` and ``neutral``, over how much of the claim the
quotation takes up, by which words it is attributed, and the words of doubt, denial and backing in either. A
holder's position is what their quotations add up to; the quotations that speak for it are its evidence.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, get_args

from onrecord.model import Claim, StanceLabel
from onrecord.systems.cue_words import INTEND_FORMS, JUDGE_FORMS, NEGATION, SPEECH_FORMS, TELL_FORMS, THINK_FORMS
from onrecord.systems.linear import Features, Linear, fit
from onrecord.systems.rules_stance import AGAINST, DENIES, UNDECIDED, Position, Said, content_words, label

NONE: Final = "none"
_CUES: Final = {
    "speech": SPEECH_FORMS, "tell": TELL_FORMS, "think": THINK_FORMS, "intend": INTEND_FORMS, "judge": JUDGE_FORMS,
}  # fmt: skip
_LABELS: Final[tuple[StanceLabel, ...]] = get_args(StanceLabel)


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim and a quotation of one article, with what is known of them.

    Attributes:
        claim: The claim's words.
        said: The quotation.
        features: The pair's features.
    """

    claim: str
    said: Said
    features: Features


def pairs(claims: Sequence[str], said: Sequence[Said]) -> list[list[Pair]]:
    """By claim, the pairs with every quotation of the article."""
    spoken = [content_words(item.words) for item in said]
    spread = Counter(word for words in spoken for word in words)
    asked = [content_words(claim) for claim in claims]
    table: list[list[Pair]] = []
    shares = [[_share(wanted, words, spread) for words in spoken] for wanted in asked]
    for number, claim in enumerate(claims):
        row: list[Pair] = []
        best = max(shares[number], default=0.0)
        for place, item in enumerate(said):
            most = max((other[place] for other in shares), default=0.0)
            found = _features(claim, item, asked[number], spoken[place])
            found["share"] = 3 * shares[number][place]
            found["best-of-article"] = float(shares[number][place] == best > 0)
            found["best-of-claims"] = float(shares[number][place] == most > 0)
            near = [
                shares[number][other]
                for other in (place - 1, place + 1)
                if 0 <= other < len(said) and said[other].holder == item.holder
            ]
            found["share-near"] = 2 * max(near, default=0.0)
            row.append(Pair(claim, item, found))
        table.append(row)
    return table


def _share(wanted: set[str], words: set[str], spread: Mapping[str, int]) -> float:
    """How much of the claim's words a quotation takes up; rare words count more."""
    weights = {word: 1 / (1 + math.log1p(spread[word])) for word in sorted(wanted)}
    total = math.fsum(weights.values())
    return math.fsum(weights[word] for word in sorted(wanted & words)) / total if total else 0.0


def _features(claim: str, item: Said, wanted: set[str], words: set[str]) -> dict[str, float]:
    cue = item.cue.casefold().split()
    denies = bool(DENIES.search(item.cue))
    negated = bool(NEGATION.search(item.cue))
    against, asked_against = bool(AGAINST.search(item.words)), bool(AGAINST.search(claim))
    guess = label(claim, item)
    ordered, said = claim.casefold().split(), item.words.casefold().split()
    shared = len(wanted & words)
    found = {
        "shared": math.log1p(shared),
        "two": float(shared >= 2),
        "bigrams": math.log1p(len(set(pairwise(ordered)) & set(pairwise(said)))),
        "long": math.log1p(len(said)) / 3,
        "denies": float(denies),
        "negated": float(negated),
        "against": float(against),
        "asked-against": float(asked_against),
        "differ": float(against != asked_against),
        "denies-differ": float((denies or negated) != asked_against),
        "undecided": float(bool(UNDECIDED.search(f"{item.words} {item.cue}"))),
        "question": float("?" in item.words),
        "quoted": float(any(mark in item.words for mark in '"“‘')),
        f"guess:{guess}": 1.0,
        f"guess:{guess}&shared": math.log1p(shared),
    }
    found |= {f"cue:{name}": 1.0 for name, forms in _CUES.items() if any(word in forms for word in cue)}
    if cue:
        found[f"verb:{cue[-1]}"] = 0.5
    return found


def train(articles: Sequence[tuple[Sequence[str], Sequence[Said], Mapping[tuple[int, str], str]]]) -> Linear:
    """Trains the classifier.

    Args:
        articles: Of each the claims, the gold quotations, and by number of the claim and id of the quotation the
            label that it is evidence for.
    """
    rows: list[Features] = []
    labels: list[str] = []
    for claims, said, gold in articles:
        for number, row in enumerate(pairs(claims, said)):
            rows += [pair.features for pair in row]
            labels += [gold.get((number, pair.said.id), NONE) for pair in row]
    return fit(rows, labels, strength=0.3)


class Evidence:
    """Positions and answers to given rows, from a trained classifier.

    Args:
        model: The classifier.
        threshold: How probable it must be that a quotation shows any position.
    """

    def __init__(self, model: Linear, threshold: float) -> None:
        self._model = model
        self._threshold = threshold

    def positions(self, claims: Sequence[Claim], said: Sequence[Said]) -> list[Position]:
        """The positions that the quotations show, in order of claim and first evidence."""
        found: list[Position] = []
        for claim, row in zip(claims, pairs([claim.text for claim in claims], said), strict=True):
            shown: defaultdict[str, list[tuple[str, dict[str, float]]]] = defaultdict(list)
            for pair in row:
                chances = self._model.probabilities(pair.features)
                if 1 - chances.get(NONE, 0.0) >= self._threshold:
                    shown[pair.said.holder].append((pair.said.id, chances))
            for holder, items in shown.items():
                chosen = _most([chances for _, chances in items])
                evidence = tuple(quote for quote, chances in items if _most([chances]) == chosen)
                found.append(Position(holder, claim.id, chosen, None, evidence or tuple(quote for quote, _ in items)))
        return found

    def row(self, claims: Sequence[str], asked: str, said: Sequence[Said], keys: set[str]) -> StanceLabel | None:
        """The answer to a given row, or None where the holder says nothing in the article.

        Args:
            claims: All claims of the article.
            asked: The row's claim.
            said: All quotations of the article.
            keys: Keys of the holder.
        """
        everything = [*claims, *([] if asked in claims else [asked])]
        row = pairs(everything, said)[everything.index(asked)]
        heard = [self._model.probabilities(pair.features) for pair in row if pair.said.holder in keys]
        return _most(heard) if heard else None


def _most(chances: Sequence[Mapping[str, float]]) -> StanceLabel:
    """The label that quotations add up to, each with the weight of showing any position."""
    total = {name: math.fsum(item.get(name, 0.0) for item in chances) for name in _LABELS}
    return max(_LABELS, key=lambda name: (total[name], name))
