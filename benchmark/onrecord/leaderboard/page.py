"""``benchmark/LEADERBOARD.md``, made of the entries and the cards and of nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from onrecord.leaderboard.cards import Card
from onrecord.leaderboard.entries import Entry
from onrecord.leaderboard.runner import TIMED
from onrecord.report.tables import Table, figure
from onrecord.systems import registry

#: Tables of a dataset and the figures in each; the first one orders the rows.
TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "Record": ("record/attribution:f1", "record/full:f1"),
    "Quotes": ("quotes/content-soft:f1", "quotes/content-exact:f1", "quotes/cue:f1", "quotes/source:f1",
               "quotes/speaker:f1", "quotes/full:f1"),
    "Entities": ("entities/strict:f1", "entities/partial:f1", "coreference/conll:f1", "linking/in-kb:f1"),
    "Dates": ("dates/strict:f1", "dates/relaxed:f1", "dates/type:f1", "dates/value:f1"),
    "Stance": ("stance/macro:f1", "stance/accuracy", "stance/kappa", "stance/fnc", "stance/triple:f1"),
}  # fmt: skip
_OUTCOMES: Final = ("clearly ahead", "ahead", "level", "behind", "clearly behind")
_OF_SPEAKERS: Final = frozenset(("quotes/speaker:f1", "quotes/full:f1", "record/attribution:f1", "record/full:f1"))
_HEAD: Final = """# Leaderboard

Made by `scripts/leaderboard.py` of the entries in `results/leaderboard/`; a test makes it again and compares. Each
entry holds its signature, all figures, the command, versions and the machine.
[How to submit](results/leaderboard/README.md).

A figure is followed by its 95 % interval (percentile bootstrap over stories, or over articles where a corpus has no
stories); there is none below ten clusters. “–” is undefined, an empty cell not attempted. What the figures mean stands
in [MEASURES.md](MEASURES.md).
"""
_OTHERS: Final = """## Other corpora

The same systems on samples of real news, read by `onrecord assemble` from copies that cannot be passed on: figures
only. None of the systems was trained on them unless its card says so; all are made for English. Types of entities are
translated by the files in `results/leaderboard/maps/`, named in each entry's command. Figures that need speakers are
left out where a corpus has none.
"""
_BESIDE: Final = """## `{best}` beside `{rules}`

What `onrecord predict` runs where nothing is named, held against the floor: differences of F1 with the interval of the
paired difference, on the same resamples. {counted} Where it is not ahead this is why, as far as we know:

- *Level*: no tagger of ours reads German, and rows that ask for an article's own voice (FNC-1) have no quotation to
  go by, so that both give the same answers.
- *Dates*: its tagger adds expressions that the rules do not know. By OnRecord's guidelines that pays in
  cross-validation on the train split; other corpora mark fewer.
- *Quotes*: it finds more quotations than the rules but knows less of their edges, and each part that is not exact
  counts against `quotes/full`.
- *Coreference, record*: it has better names and more quotations, but the chains and speakers are the rules' on both
  sides.
"""
_MODELS: Final = """## Language models

{said} Any model that Inspect speaks to is run and submitted in a few commands, see
[how to submit](results/leaderboard/README.md).
"""


def page(entries: Mapping[str, Mapping[str, Entry]], cards: Mapping[str, Card]) -> str:
    """The page.

    Args:
        entries: By dataset and name of the file.
        cards: By name of the file.
    """
    own = [name for name, some in entries.items() if any(entry.predictions for entry in some.values())]
    others = [name for name in entries if name not in own]
    parts = [_HEAD, *(_dataset(entries[name], f"OnRecord, {_of(entries[name]).data['split']} split") for name in own)]
    parts.append(_models([entry for name in own for entry in entries[name].values()]))
    if others:
        parts.append(_OTHERS)
        parts += [_dataset(entries[name], _title(_of(entries[name])), level=3) for name in others]
    parts += _beside(entries)
    parts += ["## Model cards\n", _cards(entries, cards)]
    return "\n".join(parts)


def _of(some: Mapping[str, Entry]) -> Entry:
    return next(iter(some.values()))


def _title(entry: Entry) -> str:
    language = f", {entry.data['language']}" if entry.data["language"] not in ("", "en") else ""
    return f"{entry.data['name']} ({entry.data['split']}{language})"


def _dataset(some: Mapping[str, Entry], title: str, level: int = 2) -> str:
    data = _of(some).data
    version = " ".join(filter(None, (data["version"], f"edition {data['edition']}" if data["edition"] else "")))
    unit = (
        "stories" if _of(some).signature.partition("resampling:")[2].partition("|")[0].endswith("story") else "articles"
    )
    clusters = _of(some).clusters
    few = f"; **no intervals**, since {clusters} {unit} are fewer than ten" if clusters < 10 else ""
    parts = [
        f"{'#' * level} {title}\n",
        f"{data['articles']} articles, {clusters} {unit} to resample{few}. Data {version}, hash `{data['hash']}`.\n",
    ]
    for heading, names in TABLES.items():
        table = _table(some, names)
        if table is not None:
            parts.append(f"**{heading}**\n\n{table.render('markdown')}")
    parts.append(f"**Speed** (one process, without loading, over at most {TIMED} articles)\n\n{_speed(some)}")
    return "\n".join(parts)


def _table(some: Mapping[str, Entry], names: Sequence[str]) -> Table | None:
    """One row a system that has any of the figures; columns without any value are left out."""
    names = [name for name in names if name not in _meaningless(some)]
    columns = [name for name in names if any(entry.value(name) is not None for entry in some.values())]
    rows = [entry for entry in some.values() if any(name in entry.scores for name in columns)]
    if not rows:
        return None
    rows.sort(key=lambda entry: (_order(entry.value(columns[0])), entry.system["name"]))
    cells = [[entry.system["name"], *(_cell(entry, name) for name in columns)] for entry in rows]
    return Table(("system", *columns), cells)


def _beside(entries: Mapping[str, Mapping[str, Entry]]) -> list[str]:
    """The default system held against the floor, dataset by dataset; nothing where no entry has the comparison."""
    rows: list[list[str]] = []
    outcomes: Counter[str] = Counter()
    for some in entries.values():
        best = next((entry for entry in some.values() if entry.beside_rules is not None), None)
        rules = some.get(registry.FALLBACK)
        if best is None or rules is None:
            continue
        for name, found in (best.beside_rules or {}).items():
            if name in _meaningless(some) or best.scores[name].get("gold") == 0:
                continue
            outcome = _outcome(found)
            outcomes[outcome] += 1
            difference = found["difference"] or 0.0
            ends = f" [{found['low']:+.3f}, {found['high']:+.3f}]" if found["low"] is not None else ""
            values = (figure(best.value(name)), figure(rules.value(name)))
            rows.append([_title(best), name, *values, f"{difference:+.3f}{ends}", outcome])
    if not rows:
        return []
    counted = f"{sum(outcomes.values())} comparisons: " + ", ".join(f"{outcomes[name]} {name}" for name in _OUTCOMES)
    table = Table(("data", "figure", registry.DEFAULT, registry.FALLBACK, "difference", "best is"), rows)
    head = _BESIDE.format(best=registry.DEFAULT, rules=registry.FALLBACK, counted=f"{counted}.")
    return [head, table.render("markdown")]


def _outcome(found: Mapping[str, float | None]) -> str:
    """In a word how a comparison came out; “clearly” where the interval leaves out 0."""
    difference, low, high = (found[name] or 0.0 for name in ("difference", "low", "high"))
    if abs(difference) < 5e-4:
        return "level"
    clear = "clearly " if low > 0 or high < 0 else ""
    return f"{clear}{'ahead' if difference > 0 else 'behind'}"


def _meaningless(some: Mapping[str, Entry]) -> frozenset[str]:
    """Figures that ask for speakers, where gold has not a single one."""
    counts = [
        entry.scores["quotes/speaker:f1"].get("gold") for entry in some.values() if "quotes/speaker:f1" in entry.scores
    ]
    return frozenset() if any(counts) else _OF_SPEAKERS


def _order(value: float | None) -> float:
    return 1.0 if value is None else -value


def _cell(entry: Entry, name: str) -> str:
    found = entry.scores.get(name)
    if found is None:
        return ""
    low, high = found.get("low"), found.get("high")
    ends = "" if low is None or high is None else f" [{figure(low)}, {figure(high)}]"
    return f"{figure(found.get('value'))}{ends}"


def _speed(some: Mapping[str, Entry]) -> str:
    rows = [
        [
            entry.system["name"],
            f"{entry.speed['articles_per_second']:,.1f}" if entry.speed else "",
            f"{entry.speed['load_seconds']:.1f}" if entry.speed else "",
            f"{entry.machine.get('processor', '')}, {entry.machine.get('cores', '')} cores" if entry.machine else "",
            str(entry.failed),
        ]
        for entry in sorted(some.values(), key=lambda entry: str(entry.system["name"]))
    ]
    heads = ("system", "articles a second", "seconds to load", "machine", "articles it failed on")
    return Table(heads, rows).render("markdown")


def _models(entries: Sequence[Entry]) -> str:
    asked = [entry for entry in entries if str(entry.system["version"]).startswith("prompts ")]
    if asked:
        return _MODELS.format(said=f"{len(asked)} of the entries above are language models, asked through Inspect.")
    return _MODELS.format(said="No entry yet: none has been measured, so nothing is said about any.")


def _cards(entries: Mapping[str, Mapping[str, Entry]], cards: Mapping[str, Card]) -> str:
    """One row a system that has an entry."""
    known: dict[str, Entry] = {}
    for some in entries.values():
        for name, entry in some.items():
            known.setdefault(name, entry)
    lines = ["| system | what it is | data | licence | what it cannot do | extras |", "|---|---|---|---|---|---|"]
    for name in sorted(known):
        card, system = cards.get(name), known[name].system
        if card is None:
            continue
        extras = ", ".join(system.get("extras", ())) or "none"
        title = f"**{system['name']}** {system['version']}"
        cells = (title, card.what, card.data, card.licence, card.limits, extras)
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines) + "\n"
