"""Coreference scored from the papers' definitions, set by set, link by link, alignment by alignment; for small inputs.

And the CoNLL reference scorer v8.01, run on many documents in one process.
"""

from __future__ import annotations

import subprocess
from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations, permutations
from pathlib import Path
from typing import TypeAlias

Mention: TypeAlias = tuple[int, int]
Chain: TypeAlias = frozenset[Mention]
#: p_num, p_den, r_num, r_den
Counts: TypeAlias = tuple[Fraction, Fraction, Fraction, Fraction]


def scores(gold: Sequence[Chain], answers: Sequence[Chain]) -> dict[str, Counts]:
    """All counts of one article, exactly; no mention is in two chains of a side."""
    found = {
        "muc": _both(muc_recall, gold, answers),
        "b-cubed": _both(b_cubed_recall, gold, answers),
        "lea": _both(lea_recall, gold, answers),
        "ceaf-m": _aligned(gold, answers, by_mention=True),
        "ceaf-e": _aligned(gold, answers, by_mention=False),
    }
    for kind, links in (("coreferent", coreferent), ("non-coreferent", non_coreferent)):
        right = Fraction(len(links(gold) & links(answers)))
        found[f"blanc {kind}"] = (right, Fraction(len(links(answers))), right, Fraction(len(links(gold))))
    return found


def muc_recall(gold: Sequence[Chain], answers: Sequence[Chain]) -> tuple[Fraction, Fraction]:
    """Vilain et al. (1995): Σ (|S| - |p(S)|) over Σ (|S| - 1), p(S) the partition of S by the answers."""
    top = bottom = 0
    for chain in gold:
        parts = {frozenset(chain & other) for other in answers if chain & other}
        lonely = chain - frozenset().union(*answers)
        top += len(chain) - len(parts) - len(lonely)
        bottom += len(chain) - 1
    return Fraction(top), Fraction(bottom)


def b_cubed_recall(gold: Sequence[Chain], answers: Sequence[Chain]) -> tuple[Fraction, Fraction]:
    """Bagga and Baldwin (1998): of every mention, the share of its chain that its answered chain has."""
    top, bottom = Fraction(0), 0
    for chain in gold:
        for mention in chain:
            bottom += 1
            top += sum(Fraction(len(chain & other), len(chain)) for other in answers if mention in other)
    return top, Fraction(bottom)


def lea_recall(gold: Sequence[Chain], answers: Sequence[Chain]) -> tuple[Fraction, Fraction]:
    """Moosavi and Strube (2016): importance |e| times the share of the entity's links that are resolved."""
    top, bottom = Fraction(0), 0
    for chain in gold:
        bottom += len(chain)
        if len(chain) == 1:
            top += any(chain == other for other in answers)
            continue
        links = list(combinations(sorted(chain), 2))
        resolved = sum(any(set(link) <= other for other in answers) for link in links)
        top += len(chain) * Fraction(resolved, len(links))
    return top, Fraction(bottom)


def coreferent(chains: Iterable[Chain]) -> set[frozenset[Mention]]:
    return {frozenset(link) for chain in chains for link in combinations(chain, 2)}


def non_coreferent(chains: Iterable[Chain]) -> set[frozenset[Mention]]:
    pairs = combinations(list(chains), 2)
    return {frozenset((one, other)) for first, second in pairs for one in first for other in second}


def _both(recall: object, gold: Sequence[Chain], answers: Sequence[Chain]) -> Counts:
    assert callable(recall)
    return (*recall(answers, gold), *recall(gold, answers))


def _aligned(gold: Sequence[Chain], answers: Sequence[Chain], *, by_mention: bool) -> Counts:
    """Luo (2005), by trying every alignment."""

    def alike(one: Chain, other: Chain) -> Fraction:
        shared = len(one & other)
        return Fraction(shared) if by_mention else Fraction(2 * shared, len(one) + len(other))

    few, many = sorted((list(gold), list(answers)), key=len)
    table = [[alike(one, other) for other in many] for one in few]
    ways = permutations(range(len(many)), len(few))
    best = max(sum((table[row][column] for row, column in enumerate(way)), Fraction(0)) for way in ways)
    sizes = [Fraction(sum(map(len, side)) if by_mention else len(side)) for side in (answers, gold)]
    return best, sizes[0], best, sizes[1]


def read_conll(path: Path) -> list[list[list[Mention]]]:
    """Chains of each document of a CoNLL file, mentions in token offsets, repeated ones included."""
    documents: list[list[list[Mention]]] = []
    token = 0
    chains: dict[str, list[Mention]] = {}
    begun: dict[str, list[int]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#begin"):
            token, chains, begun = 0, {}, defaultdict(list)
        elif line.startswith("#end"):
            documents.append(list(chains.values()))
        elif line.strip():
            for part in line.rstrip().split("\t")[-1].replace("(", " (").replace(")", ") ").split():
                name = part.strip("()")
                if part.startswith("("):
                    chains.setdefault(name, [])
                    begun[name].append(token)
                if part.endswith(")"):
                    chains[name].append((begun[name].pop(), token + 1))
            token += 1
    return documents


def write_conll(path: Path, documents: Sequence[Sequence[Iterable[Mention]]], tokens: int = 0) -> None:
    """Writes documents whose mentions are single tokens, chains in their order.

    Args:
        path: The file.
        documents: Chains of each document.
        tokens: Tokens of each document, if more than the mentions need.
    """
    lines = []
    for number, chains in enumerate(documents):
        cells: dict[int, str] = defaultdict(str)
        for name, chain in enumerate(chains):
            for start, end in chain:
                assert end == start + 1
                cells[start] += f"({name})"
        lines.append(f"#begin document (d{number});")
        length = max(tokens, 1, *(start + 1 for start in cells))
        lines += [f"d{number}\t0\t{token}\tword\t{cells.get(token, '-')}" for token in range(length)]
        lines.append("#end document")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


#: Scores pairs of files with the scorer's own subroutine and prints what it returns with every digit.
_DRIVER = r"""
open(my $out, '>&', \*STDOUT) or die; open(STDOUT, '>', '/dev/null') or die;
unshift(@INC, shift @ARGV); require CorScorer;
my ($folder, $size) = @ARGV;
for my $i (0 .. $size - 1) {
  for my $metric ('muc', 'bcub', 'ceafm', 'ceafe', 'blanc') {
    my @n = CorScorer::Score($metric, "$folder/$i.key", "$folder/$i.response");
    print $out join(' ', $metric, map { sprintf('%.17g', $_) } @n), "\n";
  }
}
"""


def reference(scorer: Path, folder: Path, size: int) -> list[dict[str, list[float]]]:
    """What the CoNLL scorer counts in each of some documents: r_num, r_den, p_num, p_den (BLANC: of both kinds).

    Args:
        scorer: Path of ``scorer.pl``.
        folder: Has ``0.key``, ``0.response``, ``1.key`` …
        size: Number of documents.
    """
    command = ["perl", "-e", _DRIVER, str(scorer.parent / "lib"), str(folder), str(size)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\n")
    rows = [line.split() for line in printed if line]
    found: list[dict[str, list[float]]] = [{} for _ in range(size)]
    for place, (metric, *numbers) in enumerate(rows):
        found[place // 5][metric] = [float(number) for number in numbers]
    return found
