"""matplotlib's SVG made part of a page: colours that follow the page's theme, no styles of its own, no ids that clash.

A page whose content security policy forbids style attributes would lose them; they become presentation attributes.
"""

from __future__ import annotations

import re
from typing import Final

#: The colours of charts, each with the page's name for it. Systems' are Okabe and Ito's, safe for colour-blind readers.
INK: Final = "#1b1f24"
MUTED: Final = "#59636e"
GRID: Final = "#d5dbe1"
PAPER: Final = "#fefefe"
SYSTEMS: Final = ("#0072b2", "#d55e00", "#007a5a", "#a8518b", "#6b7280", "#8a6d00")
OUTCOMES: Final = ("#3a7d44", "#7a9e1f", "#e69f00", "#b3475c", "#8a5fb0")
_NAMES: Final = {
    INK: "ink",
    MUTED: "muted",
    GRID: "rule",
    PAPER: "paper",
    **{colour: f"system-{place}" for place, colour in enumerate(SYSTEMS)},
    **{colour: f"chart-{place}" for place, colour in enumerate(OUTCOMES)},
}
_STYLE: Final = re.compile(r' style="([^"]*)"')
_IDS: Final = re.compile(
    r' id="(?:figure|axes|patch|text|line2d|xtick|ytick|legend|matplotlib\.axis|\w*Collection|QuadMesh|image)_\d+"'
)
_DROP: Final = (
    re.compile(r"<metadata>.*?</metadata>", re.DOTALL),
    re.compile(r"<style[^>]*>.*?</style>", re.DOTALL),
    re.compile(r"<defs>\s*</defs>", re.DOTALL),
    re.compile(r"<!--.*?-->", re.DOTALL),
)
#: Parts of a hundredth of a point, which nobody sees.
_NUMBER: Final = re.compile(r"-?\d+\.\d{3,}")
_FONT: Final = re.compile(r"(?:(\w+) )?([\d.]+)px .*")


def inline(svg: str, *, label: str, prefix: str) -> str:
    """The ``<svg>`` element of a document that matplotlib wrote, for use inside HTML.

    Args:
        svg: The document; made with ``svg.fonttype: none``.
        label: What the chart shows, for those who do not see it; must be escaped for an attribute already.
        prefix: Put before ids, so that two charts can stand on one page.
    """
    body = svg[svg.index("<svg") :]
    for pattern in _DROP:
        body = pattern.sub("", body)
    body = _IDS.sub("", body)
    body = _STYLE.sub(_attributes, body)
    body = _NUMBER.sub(lambda found: f"{float(found[0]):.2f}", body)
    body = re.sub(r' id="([^"]+)"', rf' id="{prefix}-\1"', body)
    body = re.sub(r'(href="#|url\(#)', rf"\g<1>{prefix}-", body)
    body = body.replace("xlink:href", "href")
    for colour, name in _NAMES.items():
        body = body.replace(colour, f"var(--{name})")
    view = re.search(r'viewBox="[^"]+"', body)
    head = f'<svg class="chart" role="img" aria-label="{label}" {view[0] if view else ""}>'
    return head + body[body.index(">") + 1 :].strip()


def _attributes(found: re.Match[str]) -> str:
    """A style attribute as presentation attributes."""
    given: dict[str, str] = {}
    for part in found[1].split(";"):
        name, colon, value = part.partition(":")
        name, value = name.strip(), value.strip()
        if not colon:
            continue
        if name == "font":  # The shorthand is no presentation attribute; the family is the page's.
            font = _FONT.fullmatch(value)
            given["font-size"] = font[2] if font else "10"
            if font and font[1]:
                given["font-weight"] = font[1]
        else:
            given[name] = value
    return "".join(f' {name}="{value}"' for name, value in given.items())
