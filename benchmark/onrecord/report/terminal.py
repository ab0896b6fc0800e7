"""An article with its labels in the terminal: marks in the text, lists below.

Colour on a terminal, plain marks when piped: ``[Q1 …]`` a quotation and ``[C1 …]`` its cue, ``[D1 …]`` a date,
``[PERSON …]`` a name. Everything that comes from outside is escaped: text from a page or
from predictions could hold terminal commands.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from rich.console import Console
from rich.text import Text

#: Invisible characters that reorder or hide what a terminal shows.
_TRICKS: Final = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c\u2028\u2029")
_STYLES: Final = {"Q": "green", "D": "yellow", "N": "bold cyan", "C": "italic magenta"}


def printable(text: str, *, keep: str = "") -> str:
    """The text with control characters (save those in ``keep``) and direction tricks written out as escapes."""
    return "".join(
        character
        if character in keep
        or (character not in _TRICKS and unicodedata.category(character) not in ("Cc", "Cs", "Co", "Cn"))
        else _escaped(character)
        for character in text
    )


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


class _Console(Console):
    """A Console that leaves a closed pipe to the command line, instead of ending the process with a failure."""

    def on_broken_pipe(self) -> None:
        """Passes it on."""
        raise BrokenPipeError


def console(*, width: int | None = None) -> Console:
    """A console for standard output: colour on a terminal only, no markup, no wrapping of piped lines."""
    made = _Console(highlight=False, markup=False, emoji=False, width=width)
    if not made.is_terminal:
        made = _Console(highlight=False, markup=False, emoji=False, width=10**6, no_color=True, soft_wrap=True)
    return made


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    kind: str
    tag: str


def show(article: dict[str, Any], labels: dict[str, Any] | None, out: Console, *, source: str = "") -> None:
    """Prints one article.

    Args:
        article: A wire row of config ``articles``.
        labels: A wire row with layers (gold or predictions), or None for the text alone.
        out: Where to print.
        source: What the labels are ("rules 1", "gold"), for the heading.
    """
    text = article["text"]
    layers = labels or {}
    finder = _Finder(text)
    quotes = [(f"Q{n}", quote) for n, quote in enumerate(layers.get("quotes") or [], start=1)]
    dates = [(f"D{n}", date) for n, date in enumerate(layers.get("dates") or [], start=1)]
    marks: list[_Mark] = []
    for tag, quote in quotes:
        marks += [_Mark(*span, "Q", tag) for part in quote.get("content") or [] if (span := finder.find(part, tag))]
        if span := finder.find(quote.get("cue"), tag):
            marks.append(_Mark(*span, "C", f"C{tag[1:]}"))
    marks += [_Mark(*span, "D", tag) for tag, date in dates if (span := finder.find(date, tag))]
    names = [mention for mention in layers.get("entities") or [] if (mention.get("kind") or "name") == "name"]
    marks += [
        _Mark(*span, "N", printable(str(name.get("type") or "N"))) for name in names if (span := finder.find(name, "N"))
    ]

    _heading(article, source, out)
    out.print(_marked(text.rstrip("\n"), marks))
    if labels is None:
        _claims(article, out)
        return
    chains = {chain["id"]: chain for chain in layers.get("chains") or []}
    if layers.get("quotes") is not None:
        _section("Quotes", [_quote_line(tag, quote, chains, finder) for tag, quote in quotes], out)
    if layers.get("dates") is not None:
        _section("Dates", [_date_line(tag, date, text) for tag, date in dates], out)
    if layers.get("entities") is not None:
        _section("Names", _name_lines(layers["entities"], chains, finder), out)
    _claims(article, out)
    if layers.get("stances") is not None:
        _section("Stances", [_stance_line(stance, chains) for stance in layers["stances"]], out)
    if finder.lost:
        _section("Not found in the text", [f"{tag}: {words}" for tag, words in finder.lost], out)


def _heading(article: dict[str, Any], source: str, out: Console) -> None:
    facts = [
        article["id"],
        article.get("published") or "no publication date",
        *filter(None, [article.get("outlet"), article.get("byline")]),
    ]
    line = Text(printable(" · ".join(facts)), style="bold")
    if source:
        line.append(f"  [{printable(source)}]", style="dim")
    out.print(line)
    out.print()


def _section(title: str, lines: Iterable[str], out: Console) -> None:
    lines = list(lines)
    out.print()
    out.print(Text(f"{title} ({len(lines)})", style="bold underline"))
    for line in lines:
        out.print(Text(f"  {line}"))


def _claims(article: dict[str, Any], out: Console) -> None:
    claims = article.get("claims") or []
    if claims:
        _section("Claims", [printable(f"{claim['id']}: {claim['text']}") for claim in claims], out)


# The text with its marks ---------------------------------------------------------------------------------------------


def _marked(text: str, marks: list[_Mark]) -> Text:
    """The text with every mark opened by its tag and closed by a bracket; where marks cross, each closes by name."""
    opens: defaultdict[int, list[_Mark]] = defaultdict(list)
    closes: defaultdict[int, list[_Mark]] = defaultdict(list)
    for mark in marks:
        opens[mark.start].append(mark)
        closes[mark.end].append(mark)
    result = Text()
    position = 0
    active: list[_Mark] = []
    for place in sorted({*opens, *closes}):
        result.append(printable(text[position:place], keep="\n"), style=_style(active))
        for mark in sorted(closes[place], key=lambda item: (-item.start, item.end, item.tag)):
            crossing = bool(active) and active[-1] is not mark
            active.remove(mark)
            result.append(f" /{mark.tag}]" if crossing else "]", style=f"dim {_STYLES[mark.kind]}")
        for mark in sorted(opens[place], key=lambda item: (-item.end, item.kind != "Q", item.tag)):
            result.append(f"[{mark.tag} ", style=f"dim {_STYLES[mark.kind]}")
            active.append(mark)
        position = place
    result.append(printable(text[position:], keep="\n"), style=_style(active))
    return result


def _style(active: list[_Mark]) -> str:
    return " ".join(dict.fromkeys(_STYLES[mark.kind] for mark in active))


class _Finder:
    """Places spans in the text: by offsets, or by their words in order of occurrence."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._next: dict[str, int] = {}
        self.lost: list[tuple[str, str]] = []

    def find(self, span: Any, tag: str) -> tuple[int, int] | None:
        """Start and end, or None for an absent span or one that is not there (which is noted)."""
        if span is None:
            return None
        if isinstance(span, list | tuple):
            span = {"start": span[0], "end": span[1]}
        start, end, words = span.get("start"), span.get("end"), span.get("text")
        if isinstance(start, int) and isinstance(end, int):
            if 0 <= start < end <= len(self._text):
                return start, end
            self.lost.append((tag, f"{start}-{end}"))
            return None
        if not words:
            return None
        context = span.get("context") or ""
        at = -1
        if context:
            near = self._text.find(context)
            at = self._text.find(words, near + len(context)) if near >= 0 else -1
        if at < 0:
            at = self._text.find(words, self._next.get(words, 0))
            at = self._text.find(words) if at < 0 else at
        if at < 0:
            self.lost.append((tag, printable(words)))
            return None
        self._next[words] = at + 1
        return at, at + len(words)

    def words(self, span: Any) -> str:
        """The words of a span, as the text has them or as the span gives them."""
        if isinstance(span, dict) and span.get("text"):
            return str(span["text"])
        quiet = _Finder(self._text)
        place = quiet.find(span, "")
        return self._text[place[0] : place[1]] if place else ""


# The lists below -----------------------------------------------------------------------------------------------------


def _quote_line(tag: str, quote: dict[str, Any], chains: dict[str, Any], finder: _Finder) -> str:
    speaker = _who(quote.get("speaker"), quote.get("speaker_name"), chains) or "(no speaker)"
    words = " … ".join(finder.words(part) for part in quote.get("content") or [])
    facts = [quote.get("kind"), quote.get("sourcing")]
    said = f", said on {quote['said_on']}" if quote.get("said_on") else ""
    about = ", ".join(str(fact) for fact in facts if fact)
    return printable(f"{tag:<4}{speaker} ({about}{said}): {_short(words)}".replace("(, ", "(").replace(" ()", ""))


def _date_line(tag: str, date: dict[str, Any], text: str) -> str:
    words = date.get("text") or (text[date["start"] : date["end"]] if date.get("start") is not None else "")
    mod = f" {date['mod']}" if date.get("mod") else ""
    return printable(f"{tag:<4}{words} → {date.get('value') or '?'} ({date.get('type') or '?'}{mod})")


def _name_lines(mentions: list[dict[str, Any]], chains: dict[str, Any], finder: _Finder) -> list[str]:
    """One line a chain with a name (or a name that is in no chain), with the number of its mentions."""
    groups: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for mention in mentions:
        groups[mention.get("entity") or f"={finder.words(mention)}"].append(mention)
    lines = []
    for key, group in groups.items():
        names = [mention for mention in group if (mention.get("kind") or "name") == "name"]
        if not names:
            continue
        chain = chains.get(key, {})
        name = chain.get("name") or finder.words(names[0])
        kind = chain.get("type") or names[0].get("type") or "?"
        others = sorted({finder.words(mention) for mention in names} - {name})
        also = f", also {', '.join(others)}" if others else ""
        lines.append(printable(f"{name} ({kind}{also}): {len(group)} mention{'s' if len(group) > 1 else ''}"))
    return lines


def _stance_line(stance: dict[str, Any], chains: dict[str, Any]) -> str:
    holder = _who(stance.get("holder"), stance.get("holder_name"), chains) or "?"
    earlier = f" (earlier: {stance['earlier']})" if stance.get("earlier") else ""
    shown = ", ".join(str(quote) for quote in stance.get("evidence_quotes") or [])
    by = f", shown by {shown}" if shown else ""
    return printable(f"{holder} {stance.get('label') or '?'} {stance.get('claim') or '?'}{earlier}{by}")


def _who(chain: Any, name: Any, chains: dict[str, Any]) -> str:
    known = chains.get(chain) or {}
    return str(known.get("name") or name or chain or "")


def _short(words: str, most: int = 160) -> str:
    words = " ".join(words.split())
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
