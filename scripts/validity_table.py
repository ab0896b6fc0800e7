"""The tables that ``scripts/validity.py`` prints: scores side by side, and how far the orders of systems agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def markdown(found: Mapping[str, Any]) -> str:
    """Both tables and what they sum to, from the kept figures."""
    parts = [scores(found), agreements(found["agreement"]), *(f"Note: {note}\n" for note in found["notes"])]
    return "\n".join(parts)


def scores(found: Mapping[str, Any]) -> str:
    """Every headline figure of every system, OnRecord first and each source below."""
    systems = list(found["systems"])
    lines = [f"| figure | data | articles | {' | '.join(systems)} |", f"|---|---|---:|{'---:|' * len(systems)}"]
    for figure in dict.fromkeys(item["figure"] for item in found["agreement"]):
        for name, data in found["data"].items():
            if row := data["figures"].get(figure):
                cells = [cell(row.get(system)) for system in systems]
                lines.append(f"| `{figure}` | {name} | {data['articles']} | {' | '.join(cells)} |")
    data = found["data"]["onrecord"]
    lines += ["", f"OnRecord: test split, {data['clusters']} stories, data `{data['hash']}`.", ""]
    return "\n".join(lines)


def agreements(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rank correlations, and which neighbours keep their order."""
    lines = [
        "| figure | source | different systems | Kendall's τ | Spearman's ρ | neighbours in order | … clear ones |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        if "kendall" not in row:
            lines.append(f"| `{row['figure']}` | {row['source']} | {len(row['systems'])} | – | – | – | – |")
            continue
        lines.append(
            f"| `{row['figure']}` | {row['source']} | {len(row['systems'])} | {cell(row['kendall'], 2)} "
            f"| {cell(row['spearman'], 2)} | {share(row['neighbours'])} | {share(filter(clear, row['neighbours']))} |"
        )
    pairs = [pair for row in rows for pair in row.get("neighbours", ())]
    lines += [
        "",
        f"Neighbours on OnRecord that stand in the same order on a source: {share(pairs)}; of the clear ones, which "
        f"the source tells apart (the interval of their difference there leaves out 0): {share(filter(clear, pairs))}.",
    ]
    alone = sorted({row["source"] for row in rows if row.get("resampled") == [row["source"]]})
    if alone:
        lines.append(
            f"Intervals of τ and ρ resample the articles of the source alone ({', '.join(alone)}): OnRecord's test "
            "split has fewer than ten stories; its order is taken as it is, and the intervals are too narrow for that."
        )
    return "\n".join(lines) + "\n"


def clear(pair: Mapping[str, Any]) -> bool:
    """Whether the source tells two systems apart: the interval of their difference leaves out 0."""
    return pair["low"] is not None and (pair["low"] > 0 or pair["high"] < 0)


def share(pairs: Iterable[Mapping[str, Any]]) -> str:
    """How many of some pairs keep their order."""
    some = list(pairs)
    return f"{sum(pair['kept'] for pair in some)} of {len(some)}" if some else "–"


def cell(score: Mapping[str, Any] | None, digits: int = 3) -> str:
    """A figure with its interval, or a dash."""
    if score is None or score["value"] is None:
        return "–"
    shown = f"{score['value']:.{digits}f}"
    return shown if score["low"] is None else f"{shown} ({score['low']:.{digits}f}–{score['high']:.{digits}f})"
