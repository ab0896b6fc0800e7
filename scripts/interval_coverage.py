#!/usr/bin/env python3
"""How often the 95 % bootstrap interval covers the truth, by number of stories; the table stands in MEASURES.md.

A system finds an item of a story with a probability of its own (Beta(14, 6), mean 0.7: stories differ in difficulty),
stories have 5 to 39 items, and the figure is recall. Seeded.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np

from onrecord.cli import guarded
from onrecord.scoring.result import score_tally
from onrecord.scoring.tally import Tally, TallyBuilder

TRUTH = 0.7


def main(argv: list[str] | None = None) -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, nargs="+", default=[10, 15, 20, 34, 60])
    parser.add_argument("--runs", type=int, default=1_000)
    parser.add_argument("--resamples", type=int, default=1_000)
    args = parser.parse_args(argv)
    print("| stories | coverage | mean width |\n|---:|---:|---:|")
    for stories in args.stories:
        covered, width = coverage(stories, args.runs, args.resamples)
        print(f"| {stories} | {covered:.3f} | {width:.3f} |")
    return 0


def coverage(stories: int, runs: int, resamples: int, first_seed: int = 7) -> tuple[float, float]:
    """Share of runs whose interval holds the true recall, and the intervals' mean width."""
    covered, width = 0, 0.0
    for seed in range(first_seed, first_seed + runs):
        random = np.random.default_rng(seed)
        gold = random.integers(5, 40, stories)
        found = random.binomial(gold, random.beta(14, 6, stories))
        score = score_tally(_tally(found, gold), resamples, seed)["entities/strict:recall"]
        if score.low is not None and score.high is not None:
            covered += score.low <= TRUTH <= score.high
            width += score.high - score.low
    return covered / runs, width / runs


def _tally(
    found: np.ndarray[tuple[int], np.dtype[np.int64]], gold: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> Tally:
    ids = [f"s{number:03}/o" for number in range(len(gold))]
    builder = TallyBuilder(ids, ids)
    rows = np.arange(len(ids))
    right, there = np.repeat(rows, found), np.repeat(rows, gold)
    builder.add("entities/strict", p_num=right, p_den=right, r_num=right, r_den=there)
    return builder.build()


if __name__ == "__main__":
    sys.exit(guarded(main))
