"""Scores as tables: aligned text, Markdown, LaTeX (booktabs). Figures are taken as they are; none is computed here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from onrecord.report.terminal import printable

Style = Literal["text", "markdown", "latex"]

#: What stands for an undefined figure.
UNDEFINED: Final = "–"
_LATEX: Final = str.maketrans(
    {
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "{": r"\{",
        "}": r"\}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "\\": r"\textbackslash{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        "–": "--",
        "³": r"\textsuperscript{3}",
        "κ": r"$\kappa$",
        "±": r"$\pm$",
        "…": r"\ldots{}",
    }
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table to print.

    Attributes:
        columns: Headings; the first column is the row's name, the others are right-aligned.
        rows: Cells as strings, as many as there are columns; an empty row is a rule between groups.
        notes: Sentences below it.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()

    def render(self, style: Style) -> str:
        """The table in one of the styles, ending with a line feed."""
        return {"text": _text, "markdown": _markdown, "latex": _latex}[style](self)


def figure(value: float | None, digits: int = 3) -> str:
    """A figure as it is printed."""
    return UNDEFINED if value is None else f"{value:.{digits}f}"


def spread(low: float | None, high: float | None, digits: int = 3) -> str:
    """An interval as it is printed; empty where there is none."""
    return "" if low is None or high is None else f"[{low:.{digits}f}, {high:.{digits}f}]"


def count(number: float | None) -> str:
    """A number of items."""
    if number is None:
        return ""
    return f"{number:,.0f}" if number == int(number) else f"{number:,.1f}"


def _text(table: Table) -> str:
    rows = [[printable(cell) for cell in row] for row in table.rows]
    columns = [printable(name) for name in table.columns]
    widths = [max(len(row[place]) for row in [columns, *filter(None, rows)]) for place in range(len(columns))]

    def line(cells: Sequence[str]) -> str:
        first, *others = cells
        parts = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))]
        return "  ".join(parts).rstrip()

    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
    lines = [line(columns), rule, *(line(row) if row else "" for row in rows)]
    if table.notes:
        lines += ["", *(printable(note) for note in table.notes)]
    return "\n".join(lines) + "\n"


def _markdown(table: Table) -> str:
    def cell(text: str) -> str:
        shown = printable(text).replace("\\", "\\\\").replace("|", "\\|")
        return shown.replace("<", "&lt;").replace(">", "&gt;").replace("`", "\\`").replace("*", "\\*")

    lines = ["| " + " | ".join(cell(name) for name in table.columns) + " |"]
    lines.append("|---|" + "---:|" * (len(table.columns) - 1))
    lines += ["| " + " | ".join(cell(text) for text in row) + " |" for row in table.rows if row]
    if table.notes:
        lines += ["", *(cell(note) + "  " for note in table.notes)]
    return "\n".join(lines) + "\n"


def _latex(table: Table) -> str:
    def line(cells: Sequence[str]) -> str:
        shown = " & ".join(printable(cell).translate(_LATEX) for cell in cells)
        # After the end of a row, an opening bracket or a star would be read as belonging to it.
        return ("{}" if shown.startswith(("[", "*")) else "") + shown + r" \\"

    lines = [r"\begin{tabular}{l" + "r" * (len(table.columns) - 1) + "}", r"\toprule"]
    lines += [line(table.columns), r"\midrule"]
    lines += [line(row) if row else r"\addlinespace" for row in table.rows]
    lines += [r"\bottomrule", r"\end{tabular}"]
    lines += [f"% {printable(note)}" for note in table.notes]
    return "\n".join(lines) + "\n"
