"""The measures by name, and their figures from totals.

``MEASURES["quotes/content-soft"].figures`` are the suffixes that make citable names, as in
``quotes/content-soft:f1``. The catalogue itself is data: ``onrecord/data/measures.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pkgutil import get_data
from typing import Final

import numpy as np

from onrecord.scoring import formulas
from onrecord.scoring.formulas import Floats
from onrecord.scoring.tally import Key

#: Groups of measures, in the order in which they are printed, and the layer whose answers each needs.
GROUPS: Final = {
    "entities": "entities",
    "coreference": "entities",
    "linking": "entities",
    "quotes": "quotes",
    "dates": "dates",
    "stance": "stance",
    "record": "quotes",
}
#: Where the confusion cells of stance stand in a tally.
STANCE_CELLS: Final = "stance/cells"


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure.

    Attributes:
        name: For instance ``quotes/content-soft``.
        title: What it counts, in a few words.
        group: One of ``GROUPS``.
        formula: How figures follow from totals; a key of ``_FORMULAS``.
        figures: Suffixes; the empty one is the bare name.
        version: Of the definition; it stands in the signature.
        papers: Keys into ``papers.bib``.
    """

    name: str
    title: str
    group: str
    formula: str
    figures: tuple[str, ...]
    version: int
    papers: tuple[str, ...]

    def full_names(self) -> list[str]:
        """Citable names, e.g. ``stance/kappa`` or ``entities/strict:f1``."""
        return [figure_name(self.name, figure) for figure in self.figures]


def figure_name(measure: str, figure: str) -> str:
    """``measure:figure``, or the bare name."""
    return f"{measure}:{figure}" if figure else measure


@cache
def catalogue() -> dict[str, Measure]:
    """All measures by name, in the order in which they are printed."""
    content = get_data(
        "onrecord", "data/measures.toml"
    )  # importlib.resources takes longer to import than this to read.
    table = tomllib.loads((content or b"").decode())
    return {
        name: Measure(
            name,
            entry["title"],
            entry["group"],
            entry["formula"],
            tuple(entry["figures"]),
            entry["version"],
            tuple(entry["papers"]),
        )
        for name, entry in table.items()
    }


def sources_of(measure: Measure, keys: Sequence[Key]) -> list[Key]:
    """The keys of a tally that a measure's figures are made from (its whole, no slices)."""
    if measure.formula in ("macro", "accuracy", "kappa", "fnc"):
        return [key for key in keys if key[0] == STANCE_CELLS]
    if measure.formula == "conll":
        return [(name, "") for name in _CONLL if (name, "") in keys]
    if measure.formula == "blanc":
        return [key for key in keys if key[0] == measure.name and key[1] in _LINKS]
    return [key for key in keys if key == (measure.name, "")]


def figures(measure: Measure, totals: Mapping[Key, Floats]) -> dict[str, Floats]:
    """The figures of a measure.

    Args:
        measure: Which.
        totals: (…, 4) by key; holds what ``sources_of`` names.

    Returns:
        Arrays (…,) by suffix; NaN where undefined.
    """
    return _FORMULAS[measure.formula](measure, totals)


#: The two kinds of link that BLANC counts.
_LINKS: Final = ("coreferent", "non-coreferent")
_CONLL: Final = ("coreference/muc", "coreference/b-cubed", "coreference/ceaf-e")


def _prf(measure: Measure, totals: Mapping[Key, Floats]) -> dict[str, Floats]:
    return dict(zip(("precision", "recall", "f1"), formulas.prf(totals[measure.name, ""]), strict=True))


def _in_kb(measure: Measure, totals: Mapping[Key, Floats]) -> dict[str, Floats]:
    """F1 over linked mentions; accuracy over the matched mentions that gold links, in label ``matched``."""
    found = _prf(measure, totals)
    matched = totals.get((measure.name, "matched"))
    found["accuracy"] = (
        np.full_like(found["f1"], np.nan) if matched is None else formulas.divide(matched[..., 2], matched[..., 3])
    )
    return found


def _nil(measure: Measure, totals: Mapping[Key, Floats]) -> dict[str, Floats]:
    some = totals[measure.name, ""]
    return {"accuracy": formulas.divide(some[..., 2], some[..., 3])}


def _blanc(measure: Measure, totals: Mapping[Key, Floats]) -> dict[str, Floats]:
    """The mean of the kinds of link that gold has (Luo et al., 2014, as the CoNLL scorer v8.01 computes it).

    A kind that gold has and the prediction lacks has precision 0; one that gold lacks is left out whatever the
    prediction has. Gold without any link has no recall, and no link on either side is undefined.
    """
    kinds = [totals[measure.name, kind] for kind in _LINKS if (measure.name, kind) in totals]
    if not kinds:
        return dict.fromkeys(("precision", "recall", "f1"), np.asarray(formulas.UNDEFINED))
    table = np.stack(np.broadcast_arrays(*kinds))
    in_gold = table[..., 3] > 0
    precision, recall, f1 = formulas.prf(table)
    parts = {"precision": np.nan_to_num(precision, nan=0.0), "recall": recall, "f1": f1}
    found = {name: formulas.mean(list(np.where(in_gold, part, np.nan))) for name, part in parts.items()}
    predicted, gold = (table[..., 1] > 0).any(axis=0), in_gold.any(axis=0)
    # The house's rule where one side has nothing: no precision without prediction; 0 for one without gold.
    found["precision"] = np.where(predicted, np.where(gold, found["precision"], 0.0), np.nan)
    found["f1"] = np.where(predicted & ~gold, 0.0, found["f1"])
    return found


def _conll(_: Measure, totals: Mapping[Key, Floats]) -> dict[str, Floats]:
    parts = [formulas.prf(totals[name, ""])[2] for name in _CONLL if (name, "") in totals]
    return {"f1": formulas.mean(parts) if len(parts) == len(_CONLL) else np.asarray(formulas.UNDEFINED)}


def _cells(totals: Mapping[Key, Floats]) -> dict[tuple[str, str], Floats]:
    found = {}
    for (name, label), counts in totals.items():
        if name == STANCE_CELLS:
            gold, _, answer = label.partition(">")
            found[gold, answer] = counts[..., 0]
    return found


def _macro(_: Measure, totals: Mapping[Key, Floats]) -> dict[str, Floats]:
    cells = _cells(totals)
    labels = sorted({label for pair in cells for label in pair} - {""})
    return {"f1": formulas.macro_f1(cells, labels)}


def _accuracy(_: Measure, totals: Mapping[Key, Floats]) -> dict[str, Floats]:
    return {"": formulas.accuracy(_cells(totals))}


def _kappa(_: Measure, totals: Mapping[Key, Floats]) -> dict[str, Floats]:
    return {"": formulas.kappa(_cells(totals))}


def _fnc(_: Measure, totals: Mapping[Key, Floats]) -> dict[str, Floats]:
    cells = _cells(totals)
    if not any(gold == "unrelated" for gold, _ in cells):
        return {"": np.asarray(formulas.UNDEFINED)}
    return {"": formulas.fnc_score(cells)}


_FORMULAS: Final[dict[str, Callable[[Measure, Mapping[Key, Floats]], dict[str, Floats]]]] = {
    "prf": _prf,
    "in-kb": _in_kb,
    "nil": _nil,
    "blanc": _blanc,
    "conll": _conll,
    "macro": _macro,
    "accuracy": _accuracy,
    "kappa": _kappa,
    "fnc": _fnc,
}
