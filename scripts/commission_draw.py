"""The draw behind the commissioning sheet: parameters, written rows and a seed in, rows out.

Nothing is read or written here. Every choice comes from one ``random.Random`` in a fixed order, so that the same
parameters and written rows make the same sheet. Where a draw has to come out even (desks, voices, openings, phenomena),
what has been taken least often so far is taken, and chance decides between equals.
"""

from __future__ import annotations

import datetime
import random
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

Row = dict[str, Any]
_T = TypeVar("_T")
_DAY: Final = datetime.timedelta(days=1)
#: Days after the first article of a story on which another may appear, with weights: the same day to months later.
_LATER: Final = (((0, 0), 3), ((1, 3), 4), ((4, 20), 4), ((25, 110), 3))
#: Days that a story's timeline reaches back before its first article, with weights.
_BACK: Final = (((3, 20), 7), ((21, 120), 8), ((121, 900), 5))


def draw(parameters: Mapping[str, Any], written: Sequence[Row], tags: Iterable[str]) -> list[Row]:
    """The whole sheet: written rows as they are, then a row for every planned article.

    Args:
        parameters: What ``corpus/commissioning.json`` holds.
        written: Rows of the articles that exist.
        tags: The vocabulary of phenomena.
    """
    chance = random.Random(parameters["seed"])
    stories = _stories(parameters, written, chance)
    rows = [row for story in stories for row in _articles(story)]
    _lengths(rows, parameters, written, chance)
    _structures(rows, parameters, chance)
    _voices(rows, parameters, chance)
    for key in ("opens", "ends"):
        _even(rows, key, parameters[key], chance)
    _dates_of_publication(rows, parameters, chance)
    _amounts(rows, parameters, written, chance)
    _phenomena(rows, parameters, written, list(tags), chance)
    _claims(rows, parameters, chance)
    return [*written, *(_ordered(row) for row in rows)]


def quantile(points: Sequence[Sequence[float]], at: float) -> int:
    """Value of a distribution given by (share, value) points, straight between them."""
    index = min(max(bisect_right([share for share, _ in points], at), 1), len(points) - 1)
    (low, below), (high, above) = points[index - 1], points[index]
    return round(below + (above - below) * (at - low) / (high - low))


def shares(total: int, wanted: Mapping[str, float]) -> dict[str, int]:
    """Whole numbers in the given proportions that add up to ``total`` (largest remainder)."""
    whole = sum(wanted.values())
    exact = {name: total * share / whole for name, share in wanted.items()}
    found = {name: int(number) for name, number in exact.items()}
    rest = sorted(exact, key=lambda name: (found[name] - exact[name], name))
    for name in rest[: total - sum(found.values())]:
        found[name] += 1
    return found


def utc_offset(rule: Mapping[str, str], day: datetime.date) -> str:
    """The clock's offset on a day: summer time by the rules that the variety's country has today."""
    year = day.year
    summer = {
        "none": False,
        "eu": _sunday(year, 3, -1) <= day < _sunday(year, 10, -1),
        "us": _sunday(year, 3, 2) <= day < _sunday(year, 11, 1),
        "au": not _sunday(year, 4, 1) <= day < _sunday(year, 10, 1),
    }[rule["rule"]]
    return rule["summer"] if summer else rule["offset"]


def _sunday(year: int, month: int, which: int) -> datetime.date:
    """The n-th Sunday of a month; -1 is the last."""
    if which > 0:
        first = datetime.date(year, month, 1)
        return first + _DAY * ((6 - first.weekday()) % 7 + 7 * (which - 1))
    last = datetime.date(year, month, 31)
    return last - _DAY * ((last.weekday() + 1) % 7)


def _stories(parameters: Mapping[str, Any], written: Sequence[Row], chance: random.Random) -> list[Row]:
    old = {row["story"]: row for row in written}
    number = parameters["stories"] - len(old)
    desks = Counter(row["desk"] for row in old.values())
    varieties = Counter(row["variety"] for row in old.values())
    cells = {(row["desk"], row["variety"]) for row in old.values()}
    outlets = [int(size) for size, times in parameters["outlets"].items() for _ in range(times)]
    chance.shuffle(outlets)
    left = Counter(parameters["splits"])
    left.subtract(Counter(row["split"] for row in old.values()))
    quota = dict(left)
    subjects = {desk: _shuffled(about["subjects"], chance) for desk, about in parameters["desks"].items()}
    stories: list[Row] = []
    for at in range(number):
        desk = _least(parameters["desks"], lambda name: desks[name], chance)
        free = [name for name in parameters["varieties"] if (desk, name) not in cells]
        variety = _least(free, lambda name: varieties[name], chance)
        split = _least([name for name in quota if left[name]], lambda name: -left[name] / quota[name], chance)
        desks[desk] += 1
        varieties[variety] += 1
        cells.add((desk, variety))
        left[split] -= 1
        weights = parameters["claims"]
        claims = chance.choices([size for size, _ in weights], [weight for _, weight in weights])[0]
        stories.append(
            {
                "story": f"s{len(old) + at + 1:03}",
                "split": split,
                "desk": desk,
                "variety": variety,
                "subject": subjects[desk].pop(),
                "claims": claims,
                "contested": chance.random() < parameters["contested"],
                "sides": _shuffled(parameters["desks"][desk]["sides"], chance)[: 3 if claims < 5 else 4],
                "outlets": outlets[at],
            }
        )
    return stories


def _articles(story: Row) -> list[Row]:
    return [{"article": f"{story['story']}-{number + 1}", **story} for number in range(story["outlets"])]


def _lengths(rows: Sequence[Row], parameters: Mapping[str, Any], written: Sequence[Row], chance: random.Random) -> None:
    """Evenly spaced places of the wanted distribution, without those that written articles fill."""
    total = len(rows) + len(written)
    slots = [quantile(parameters["words"], (at + 0.5) / total) for at in range(total)]
    for row in written:
        slots.remove(min(slots, key=lambda slot: (abs(slot - row["words"]), slot)))
    for row, words in zip(rows, _shuffled(slots, chance), strict=True):
        row["words"] = words


def _structures(rows: Sequence[Row], parameters: Mapping[str, Any], chance: random.Random) -> None:
    known = parameters["structures"]
    numbers = shares(len(rows), {name: about["share"] for name, about in known.items()})
    most = {
        name: max(voice["most"] for voice in parameters["voices"].values() if name in voice["structures"])
        for name in known
    }
    free = list(rows)
    # The pickiest first; what is left takes the one that takes all.
    for name in sorted(known, key=lambda name: -known[name]["least"]):
        fitting = [row for row in free if known[name]["least"] <= row["words"] <= most[name]]
        for row in _shuffled(fitting, chance):
            stories = Counter(other["story"] for other in rows if other.get("structure") == name)
            if numbers[name] and (name == "inverted pyramid" or not stories[row["story"]]):
                row["structure"] = name
                numbers[name] -= 1
        free = [row for row in free if "structure" not in row]
    for row in free:
        row["structure"] = "inverted pyramid"


def _voices(rows: Sequence[Row], parameters: Mapping[str, Any], chance: random.Random) -> None:
    used: Counter[str] = Counter()
    taken: defaultdict[str, set[str]] = defaultdict(set)
    for row in _shuffled(rows, chance):
        voices = {
            name
            for name, about in parameters["voices"].items()
            if row["structure"] in about["structures"] and row["words"] <= about["most"]
        }
        voice = _least(sorted(voices - taken[row["story"]]), lambda name: used[name], chance)
        used[voice] += 1
        taken[row["story"]].add(voice)
        row["voice"] = voice


def _even(rows: Sequence[Row], key: str, values: Sequence[str], chance: random.Random) -> None:
    """Every value about equally often, none twice in a story."""
    used: Counter[str] = Counter()
    taken: defaultdict[str, set[str]] = defaultdict(set)
    for row in _shuffled(rows, chance):
        value = _least([name for name in values if name not in taken[row["story"]]], lambda name: used[name], chance)
        used[value] += 1
        taken[row["story"]].add(value)
        row[key] = value


def _dates_of_publication(rows: Sequence[Row], parameters: Mapping[str, Any], chance: random.Random) -> None:
    first, last = (datetime.date.fromisoformat(day) for day in parameters["window"])
    stories = list(dict.fromkeys(row["story"] for row in rows))
    place = dict(zip(_shuffled(stories, chance), range(len(stories)), strict=True))
    for story in stories:
        group = [row for row in rows if row["story"] == story]
        after = sorted([0, *(_between(_LATER, chance) for _ in group[1:])])
        days = (last - first).days - after[-1]
        begin = first + _DAY * int(days * (place[story] + chance.random()) / len(stories))
        back = begin - _DAY * _between(_BACK, chance)
        for row, later in zip(group, after, strict=True):
            day = begin + _DAY * later
            low, high = parameters["voices"][row["voice"]]["hour"]
            clock = f"{chance.randint(low, high - 1):02}:{5 * chance.randrange(12):02}:00"
            row["published"] = f"{day}T{clock}{utc_offset(parameters['varieties'][row['variety']], day)}"
            row["timeline"] = [back.isoformat(), (begin + _DAY * after[-1]).isoformat()]
        # Two on one day: the earlier article is the earlier by the clock, too.
        order = sorted(row["published"] for row in group)
        for row, published in zip(group, order, strict=True):
            row["published"] = published


def _amounts(rows: Sequence[Row], parameters: Mapping[str, Any], written: Sequence[Row], chance: random.Random) -> None:
    """How many quotes and dates, so that the whole corpus has the rates of real news."""
    rates = parameters["rates"]
    words = sum(row["words"] for row in (*rows, *written)) / 1_000
    weights = [row["words"] * chance.uniform(0.7, 1.3) for row in rows]
    quotes = _spread(rates["quotes"] * words - sum(row["quotes"]["number"] for row in written), weights)
    dates = _spread(rates["dates"] * words - sum(row["dates"] for row in written), weights)
    every = sum(quotes) + sum(row["quotes"]["number"] for row in written)
    parts = {}
    for name in ("direct", "mixed", "pronoun_source", "no_source", "discontinuous"):
        wanted = rates[name] * every - sum(row["quotes"][name] for row in written)
        jitter = [number * chance.uniform(0.6, 1.4) for number in quotes]
        parts[name] = _spread(wanted, jitter)
    for at, row in enumerate(rows):
        row["quotes"] = {"number": quotes[at], **{name: min(quotes[at], part[at]) for name, part in parts.items()}}
        row["dates"] = dates[at]


def _spread(total: float, weights: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to the weights whose running sum stays within one half of what it should be."""
    whole, given, seen = sum(weights), 0, 0.0
    numbers: list[int] = []
    for weight in weights:
        seen += weight
        numbers.append(max(0, round(total * seen / whole) - given))
        given += numbers[-1]
    return numbers


def _phenomena(
    rows: Sequence[Row],
    parameters: Mapping[str, Any],
    written: Sequence[Row],
    tags: Sequence[str],
    chance: random.Random,
) -> None:
    rules, noise = parameters["phenomena"], set(parameters["noise"]["tags"])
    planned = Counter(tag for row in written for tag in row["phenomena"])
    # What is common among the written is asked for less, but still asked for.
    total = Counter({tag: 0.3 * number for tag, number in planned.items()})
    by_split: defaultdict[str, Counter[str]] = defaultdict(Counter)
    sizes = Counter(row["split"] for row in rows)
    for row in _shuffled(rows, chance):
        low, high = next((low, high) for most, low, high in parameters["per_article"] if row["words"] < most)
        found = [tag for tag in tags if rules.get(tag, {}).get("structure") == row["structure"]]
        if row["structure"] == "list":
            found.append("list-or-table")
        while len(found) < max(low, chance.randint(low, high)):
            open_tags = [tag for tag in tags if tag not in found and _fits(rules.get(tag, {}), row)]
            if len(noise & set(found)) >= parameters["noise"]["most"]:
                open_tags = [tag for tag in open_tags if tag not in noise]
            share = len(rows) / sizes[row["split"]]
            here = by_split[row["split"]]
            taken = {tag: total[tag] + share * here[tag] + 6 * chance.random() for tag in open_tags}
            found.append(_least(open_tags, taken.__getitem__, chance))
        for tag in found:
            total[tag] += 1
            by_split[row["split"]][tag] += 1
        row["phenomena"] = sorted(found)


def _fits(rule: Mapping[str, Any], row: Row) -> bool:
    return (
        rule.get("structure", row["structure"]) == row["structure"]
        and row["structure"] not in rule.get("not", ())
        and row["words"] >= rule.get("least", 0)
        and row["outlets"] >= rule.get("outlets", 1)
    )


def _claims(rows: Sequence[Row], parameters: Mapping[str, Any], chance: random.Random) -> None:
    """Who supports and opposes each claim of a story, which of that an article carries, and how statements appear."""
    for story in dict.fromkeys(row["story"] for row in rows):
        group = [row for row in rows if row["story"] == story]
        names = [f"c{number + 1}" for number in range(group[0]["claims"])]
        positions: dict[str, dict[str, str]] = {}
        for at, name in enumerate(names):
            one, other = chance.sample(group[0]["sides"], 2)
            disputed = group[0]["contested"] and (at == 0 or chance.random() < 0.75)
            positions[name] = {"supports": one, "opposes": other} if disputed else {"supports": one}
        statements = [f"st{number + 1}" for number in range(len(names) + chance.randint(1, 4))]
        left = set(names)
        for number, row in enumerate(group):
            size = max(1, round(len(names) * chance.uniform(0.55, 1)))
            carried = set(chance.sample(names, size)) if len(group) > 1 else set(names)
            if number == len(group) - 1:
                carried |= left
            left -= carried
            partisan = row["voice"].startswith(("campaigning", "opinion"))
            leaning = partisan or chance.random() < 0.3
            row["leans"] = chance.choice(row["sides"]) if leaning else None
            row["own_voice"] = partisan or (leaning and chance.random() < 0.25)
            row["positions"] = {name: positions[name] for name in names if name in carried}
            row["statements"] = _forms(statements, row, parameters["forms"], chance)


def _forms(statements: Sequence[str], row: Row, forms: Mapping[str, float], chance: random.Random) -> dict[str, str]:
    found = {name: chance.choices(list(forms), list(forms.values()))[0] for name in statements}
    if all(form == "left out" for form in found.values()):
        found[statements[0]] = "paraphrased"
    if "misattributed-statement" in row["phenomena"]:
        said = [name for name, form in found.items() if form != "left out"]
        found[chance.choice(said)] = "attributed to somebody else"
    return found


def _least(values: Iterable[_T], key: Callable[[_T], float], chance: random.Random) -> _T:
    """The value with the smallest key; chance decides between equals."""
    ranked = [(key(value), chance.random(), value) for value in values]
    return min(ranked, key=lambda item: item[:2])[2]


def _between(choices: Sequence[tuple[tuple[int, int], int]], chance: random.Random) -> int:
    low, high = chance.choices([pair for pair, _ in choices], [weight for _, weight in choices])[0]
    return chance.randint(low, high)


def _shuffled(values: Iterable[_T], chance: random.Random) -> list[_T]:
    found = list(values)
    chance.shuffle(found)
    return found


_FIELDS: Final = (
    "article", "story", "written", "split", "desk", "variety", "subject", "timeline", "claims", "contested", "sides",
    "outlets", "voice", "published", "words", "structure", "opens", "ends", "positions", "leans", "own_voice",
    "statements", "quotes", "dates", "phenomena",
)  # fmt: skip


def _ordered(row: Row) -> Row:
    return {name: row.get(name, False) for name in _FIELDS}
