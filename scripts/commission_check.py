"""What a commissioning sheet must be: counts, balance, dates. Independent of how it was drawn."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

Row = dict[str, Any]
#: What issue and design ask of the corpus.
STORIES: Final = 75
ARTICLES: Final = 150
DESKS: Final = 12
VARIETIES: Final = 8
TAGS: Final = 30
LEAST: Final = 8
SPLITS: Final = {"train": 0.40, "validation": 0.15, "test": 0.45}
WORDS: Final = {0.1: 240, 0.5: 566, 0.9: 1_400}
#: Share by which lengths may differ from ``WORDS``; the corpus may by 25 %, and writers are never exact.
NEAR: Final = 0.05


def faults(rows: Sequence[Row], tags: Iterable[str]) -> Iterator[str]:
    """Everything that is wrong with a sheet, a sentence each."""
    stories: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        stories[row["story"]].append(row)
    yield from _counts(rows, stories, set(tags))
    yield from _lengths(rows)
    yield from _dates(rows, stories)
    for name, group in stories.items():
        yield from _story(name, group)


def _counts(rows: Sequence[Row], stories: Mapping[str, Sequence[Row]], tags: set[str]) -> Iterator[str]:
    ids = Counter(row["article"] for row in rows)
    yield from (f"{name} stands {number} times" for name, number in ids.items() if number > 1)
    if len(stories) < STORIES:
        yield f"{len(stories)} stories, not {STORIES}"
    if len(rows) < ARTICLES:
        yield f"{len(rows)} articles, not {ARTICLES}"
    firsts = [group[0] for group in stories.values()]
    for name, wanted in (("desk", DESKS), ("variety", VARIETIES)):
        counted = Counter(row[name] for row in firsts)
        if len(counted) != wanted:
            yield f"{len(counted)} values of {name}, not {wanted}"
        even = len(firsts) / wanted
        yield from (f"{value}: {number} stories" for value, number in counted.items() if abs(number - even) > 2)
    splits = Counter(row["split"] for row in firsts)
    for split, share in SPLITS.items():
        if abs(splits[split] - share * len(firsts)) >= 1:
            yield f"{splits[split]} stories in {split}, not {share:.0%} of {len(firsts)}"
    used = Counter(tag for row in rows for tag in row["phenomena"])
    yield from (f"unknown phenomenon {tag}" for tag in sorted(set(used) - tags))
    yield from (f"{tag} in {used[tag]} articles, not {LEAST}" for tag in sorted(tags) if used[tag] < LEAST)
    if len(used) < TAGS:
        yield f"{len(used)} phenomena, not {TAGS}"
    for split in ("train", "test"):
        there = {tag for row in rows if row["split"] == split for tag in row["phenomena"]}
        yield from (f"{tag} not in {split}" for tag in sorted(tags - there))


def _lengths(rows: Sequence[Row]) -> Iterator[str]:
    words = [row["words"] for row in rows]
    for share, wanted in WORDS.items():
        found = float(np.quantile(words, share))
        if abs(found / wanted - 1) > NEAR:
            yield f"{share:.0%} of the articles have at most {found:.0f} words, not {wanted}"


def _dates(rows: Sequence[Row], stories: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    days = sorted(datetime.date.fromisoformat(row["published"][:10]) for row in rows)
    span = (days[-1] - days[0]).days
    if not 690 <= span <= 731:
        yield f"published over {span} days, not two years"
    months = {(day.year, day.month) for day in days}
    if len(months) < 22:
        yield f"published in {len(months)} months"
    spans = [
        (min(row["published"] for row in group), max(row["published"] for row in group)) for group in stories.values()
    ]
    spans += [tuple(group[0]["timeline"]) for group in stories.values() if "timeline" in group[0]]
    across = [sum(first[:size] != last[:size] for first, last in spans) for size in (4, 7)]
    for what, number, least in zip(("years", "months"), across, (10, 40), strict=True):
        if number < least:
            yield f"{number} stories cross {what}, not {least}"


def _story(name: str, group: Sequence[Row]) -> Iterator[str]:
    for key in ("split", "desk", "variety", "claims"):
        if len({row[key] for row in group}) > 1:
            yield f"{name}: {key} differs between its articles"
    if not 1 <= len(group) <= 4:
        yield f"{name}: {len(group)} outlets, not 1 to 4"
    if not 2 <= group[0]["claims"] <= 8:
        yield f"{name}: {group[0]['claims']} claims, not 2 to 8"
    if group[0]["written"]:
        return
    for key in ("voice", "opens", "ends"):
        if len({row[key] for row in group}) < len(group):
            yield f"{name}: two articles with the same {key}"
    published = [row["published"] for row in group]
    if published != sorted(published):
        yield f"{name}: articles are not in order of publication"
    carried = {claim for row in group for claim in row["positions"]}
    if len(carried) != group[0]["claims"]:
        yield f"{name}: {len(carried)} of {group[0]['claims']} claims are carried"
    disputed = any("opposes" in position for row in group for position in row["positions"].values())
    if disputed is not group[0]["contested"]:
        yield f"{name}: contested is {group[0]['contested']}, its positions say otherwise"
    for row in group:
        misattributed = "attributed to somebody else" in row["statements"].values()
        if misattributed is not ("misattributed-statement" in row["phenomena"]):
            yield f"{row['article']}: misattributed statement and phenomenon disagree"
        kinds = row["quotes"]
        if kinds["direct"] + kinds["mixed"] > kinds["number"]:
            yield f"{row['article']}: more direct and mixed quotes than quotes"
