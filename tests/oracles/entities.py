"""Entity measures by exhaustive search over all one-to-one pairings, from SemEval-2013 task 9's definitions.

A mention is ``(start, end, type, kind)``; a side is a list of them for one article. Works on small inputs only.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

Mention = tuple[int, int, str, str]
HALF = Fraction(1, 2)


def overlap(gold: Mention, answer: Mention) -> bool:
    """Whether two grounded mentions of the same kind share a character."""
    if gold[3] != answer[3] or answer[0] < 0:
        return False
    return bool(set(range(*gold[:2])) & set(range(*answer[:2])))


def pairings(gold: list[Mention], answers: list[Mention], at: int = 0, used: frozenset[int] = frozenset()):
    """Every way to pair overlapping mentions one to one, as lists of (gold place, answer place)."""
    if at == len(gold):
        yield []
        return
    yield from pairings(gold, answers, at + 1, used)
    for place, answer in enumerate(answers):
        if place not in used and overlap(gold[at], answer):
            for rest in pairings(gold, answers, at + 1, used | {place}):
                yield [(at, place), *rest]


def verdict(scheme: str, gold: Mention, answer: Mention) -> str:
    """COR, PAR or INC for a pair."""
    span, type_ = gold[:2] == answer[:2], gold[2] == answer[2]
    right = {"strict": span and type_, "exact": span, "partial": span, "type": type_}[scheme]
    return "COR" if right else "PAR" if scheme == "partial" else "INC"


def objective(scheme: str, gold: list[Mention], answers: list[Mention], pairs: list[tuple[int, int]]) -> tuple:
    """What the pairing of a scheme maximises: its credit, then its correct pairs, then its pairs."""
    found = Counter(verdict(scheme, gold[i], answers[j]) for i, j in pairs)
    return found["COR"] + HALF * found["PAR"], found["COR"], len(pairs)


def best_pairings(scheme: str, gold: list[Mention], answers: list[Mention]) -> list[list[tuple[int, int]]]:
    """All pairings that are best."""
    every = list(pairings(gold, answers))
    top = max(objective(scheme, gold, answers, pairs) for pairs in every)
    return [pairs for pairs in every if objective(scheme, gold, answers, pairs) == top]


def counts(scheme: str, gold: list[Mention], answers: list[Mention]) -> dict[str, int]:
    """COR, INC, PAR, MIS and SPU of names in one article."""
    gold = [mention for mention in gold if mention[3] == "name"]
    answers = [mention for mention in answers if mention[3] == "name"]
    pairs = best_pairings(scheme, gold, answers)[0]
    found = Counter(verdict(scheme, gold[i], answers[j]) for i, j in pairs)
    return {
        "COR": found["COR"],
        "INC": found["INC"],
        "PAR": found["PAR"],
        "MIS": len(gold) - len(pairs),
        "SPU": len(answers) - len(pairs),
    }


def slices(scheme: str, gold: list[Mention], answers: list[Mention], type_: str) -> set[tuple[Fraction, Fraction]]:
    """The (precision credit, recall credit) of one type that the best pairings allow."""
    possible = set()
    for pairs in best_pairings(scheme, gold, answers):
        worth = {"COR": Fraction(1), "PAR": HALF, "INC": Fraction(0)}
        paid = [(gold[i], answers[j], worth[verdict(scheme, gold[i], answers[j])]) for i, j in pairs]
        possible.add(
            (
                sum((w for _, answer, w in paid if answer[2] == type_), Fraction(0)),
                sum((w for right, _, w in paid if right[2] == type_), Fraction(0)),
            )
        )
    return possible


def surface(gold: list[tuple[str, str]], answers: list[tuple[str, str]]) -> tuple[int, int, int]:
    """Shared, predicted and gold (folded text, type) pairs of one article."""
    return len(set(gold) & set(answers)), len(set(answers)), len(set(gold))
