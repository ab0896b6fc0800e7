"""The workload of the speed benchmark: random articles with flat names, and predictions that corrupt some of them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import orjson

TYPES = ("PERSON", "ORG", "GPE", "LOC")
#: (start, end, type), in tokens.
Span = tuple[int, int, str]


@dataclass(frozen=True)
class Workload:
    """Articles as token spans, flat on both sides; all of them follow from the numbers and the seed.

    Attributes:
        articles: Number of articles.
        tokens: Tokens an article.
        spans: Gold spans an article, of 1 to 4 tokens.
        rate: How many of the gold spans are dropped, retyped, shifted by a token, or get another span beside them.
        seed: Of the random numbers.
        gold: The gold spans of each article.
        answers: The predictions.
    """

    articles: int
    tokens: int
    spans: int
    rate: float
    seed: int
    gold: list[list[Span]]
    answers: list[list[Span]]

    def tags(self, side: list[list[Span]]) -> list[list[str]]:
        """One side in IOB2 tags."""
        found = []
        for spans in side:
            line = ["O"] * self.tokens
            for start, end, kind in spans:
                line[start:end] = [f"B-{kind}", *[f"I-{kind}"] * (end - start - 1)]
            found.append(line)
        return found

    def dicts(self, side: list[list[Span]]) -> list[list[dict[str, object]]]:
        """One side as nervaluate takes it, with inclusive ends."""
        return [[{"label": kind, "start": start, "end": end - 1} for start, end, kind in spans] for spans in side]

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Writes gold lines with their texts, and predictions, as JSON Lines; offsets count characters."""
        rng = random.Random(self.seed)
        letters = "etaoinshrdlucmfwypvbgkjqxz"
        words = ["".join(rng.choices(letters, k=rng.randint(1, 9))) for _ in range(5_000)]
        gold, answers = folder / "gold.jsonl", folder / "predictions.jsonl"
        with gold.open("wb") as right, answers.open("wb") as given:
            for row in range(self.articles):
                text = rng.choices(words, k=self.tokens)
                starts, at = [], 0
                for word in text:
                    starts.append(at)
                    at += len(word) + 1
                for file, side, more in ((right, self.gold, {"text": " ".join(text)}), (given, self.answers, {})):
                    entities = [
                        {"start": starts[start], "end": starts[end - 1] + len(text[end - 1]), "type": kind}
                        for start, end, kind in side[row]
                    ]
                    file.write(orjson.dumps({"id": f"story-{row:07}/wire", **more, "entities": entities}) + b"\n")
        return gold, answers


def draw(articles: int, tokens: int = 400, spans: int = 15, rate: float = 0.1, seed: int = 42) -> Workload:
    """Draws a workload.

    Every gold span stands in a slot of its own, so that a corrupted one touches no other and both sides stay flat.
    """
    rng = random.Random(seed)
    slot = tokens // spans
    gold, answers = [], []
    for _ in range(articles):
        right: list[Span] = []
        given: list[Span] = []
        for place in range(spans):
            start = place * slot + rng.randrange(1, slot - 5)
            end, kind = start + rng.randint(1, 4), rng.choice(TYPES)
            right.append((start, end, kind))
            corruption = rng.choice(("drop", "retype", "shift", "extra")) if rng.random() < rate else ""
            if corruption == "drop":
                continue
            if corruption == "retype":
                kind = rng.choice([other for other in TYPES if other != kind])
            step = rng.choice((-1, 1)) if corruption == "shift" else 0
            given.append((start + step, end + step, kind))
            if corruption == "extra":
                given.append(((place + 1) * slot - 1, (place + 1) * slot, rng.choice(TYPES)))
        gold.append(right)
        answers.append(given)
    return Workload(articles, tokens, spans, rate, seed, gold, answers)
