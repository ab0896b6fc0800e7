"""GUM, the Georgetown University Multilayer corpus (Zeldes, LRE 2017), genre news: CoNLL-U with coreference.

How its labels map onto ours: every ``Entity=`` bracket is a mention with GUM's own type; its group is the chain.
Kind follows from the part of speech of the syntactic head: proper noun, name; pronoun, pronoun; else nominal.
Identities are Wikipedia titles, and become Wikidata ids where ``coref/wiki_map.tab`` has them. TEI's ``date`` and
``time`` elements are dates: ``when`` is the value; ``from`` and ``to`` only where they are exactly a week, a weekend,
a month, a season, a year, a decade or a century; other ranges have no value.

Splits are those of ``splits.md``, else the ``partition`` of ``xml/``. Only ``news`` is read unless other genres are
asked for.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote

from onrecord.corpus import text_hash
from onrecord.formats import conllu
from onrecord.model import AnnotatedArticle, Article, Chain, Date, DateType, EntityKind, Labels, Mention, Split
from onrecord.sources.copy import Copy
from onrecord.sources.report import Report

NEWS: Final = ("news",)
_FILE: Final = re.compile(r"(?:^|/)dep/(?:[^/]+/)*((?:GUM|GENTLE)_([a-z]+)_[^/]+)\.conllu$")
_BRACKETS: Final = re.compile(r"\((?P<open>[^()]+)|(?P<close>[^()]+)\)|(?P<end>\))")
_TAG: Final = re.compile(r"<(/?)(date|time)((?:\s+\w+:::\"[^\"]*\")*)\s*/?>")
_ATTRIBUTE: Final = re.compile(r"(\w+):::\"([^\"]*)\"")
_SEASONS: Final = {(3, 5): "SP", (6, 8): "SU", (9, 11): "FA"}
#: group, type, information status, salience, centering, minspan, link type, identity
_FIELDS: Final = 8


def relevant(name: str) -> bool:
    """Whether the importer reads a file of this name."""
    match = _FILE.search(name)
    return bool(match and match[2] in NEWS) or PurePosixPath(name).name in {"wiki_map.tab", "splits.md"}


def read(copy: Copy, report: Report, genres: Collection[str] = NEWS) -> Iterator[AnnotatedArticle]:
    """The documents of the genres, each once, in order of path."""
    links = _links(copy, report)
    splits = _splits(copy)
    seen: set[str] = set()
    for path in copy.files:
        match = _FILE.search(path)
        if match is None or match[2] not in genres:
            continue
        for document in conllu.read(copy.read_text(path, lambda n: report.add("file(s) not in UTF-8", n)), path):
            name = match[1] if document.name == path else document.name
            if name in seen:
                report.add("documents left out: read already", path)
                continue
            seen.add(name)
            yield _article(document, name, match[2], splits.get(name) or _partition(copy, name, report), links, report)


def _article(
    document: conllu.Document, name: str, genre: str, split: Split, links: dict[str, str], report: Report
) -> AnnotatedArticle:
    headline = None
    if document.blocks and document.blocks[0][1].startswith("head"):
        end = document.blocks[1][0] if len(document.blocks) > 1 else len(document.text)
        headline = document.text[:end].strip()
    created = document.meta.get("dateCreated")
    article = Article(
        id=name,
        text=document.text,
        outlet=document.meta.get("author"),
        headline=headline or document.meta.get("title"),
        published=created if created and re.fullmatch(r"\d{4}-\d{2}-\d{2}", created) else None,
        language="en",
        desk=None if genre == "news" else genre,
        text_sha256=text_hash(document.text),
    )
    mentions, chains = _entities(document, name, links, report)
    return AnnotatedArticle(
        article, Labels(entities=mentions, chains=chains, dates=_dates(document, name, report)), split
    )


def _entities(
    document: conllu.Document, name: str, links: dict[str, str], report: Report
) -> tuple[tuple[Mention, ...], tuple[Chain, ...]]:
    open_mentions: dict[str, list[tuple[int, list[str]]]] = {}
    found: list[tuple[int, int, list[str]]] = []
    for index, word in enumerate(document.words):
        current: str | None = None
        for bracket in _BRACKETS.finditer(word.misc.get("Entity", "")):
            if bracket["open"]:
                fields = bracket["open"].split("-", _FIELDS - 1)
                current = fields[0]
                if "[" in current:
                    report.add("parts of discontinuous mentions, each kept as a mention", f"{name} {current}")
                    fields[0] = current = current.partition("[")[0]
                open_mentions.setdefault(current, []).append((index, fields))
                continue
            group = (bracket["close"] or current or "").partition("[")[0]
            if not open_mentions.get(group):
                report.add("closing brackets without an opening one", f"{name} {group}")
                continue
            begin, fields = open_mentions[group].pop()
            found.append((begin, index, fields))
    for group, rest in open_mentions.items():
        if rest:
            report.add("mentions left out: never closed", f"{name} {group}")
    mentions: dict[tuple[int, int], Mention] = {}
    names: dict[str, Chain] = {}
    for begin, index, fields in sorted(found, key=lambda item: (item[0], -item[1])):
        words = document.words[begin : index + 1]
        start, end = words[0].start, words[-1].end
        kind = _kind(words)
        identity = unquote(fields[7]) if len(fields) == _FIELDS else None
        link = None if identity is None else links.get(identity, identity)
        mention = Mention(start, end, document.text[start:end], None, fields[1], kind, fields[0], link)
        if (start, end) in mentions:
            report.add("mentions left out: a second one on the same text", f"{name} {mention.text!r}")
            continue
        mentions[start, end] = mention
        chain = names.get(fields[0])
        if chain is None or (kind == "name" and chain.link is None and link is not None):
            names[fields[0]] = Chain(fields[0], fields[1], mention.text, (), link)
    return _finished(list(mentions.values()), names)


def _finished(mentions: list[Mention], chains: dict[str, Chain]) -> tuple[tuple[Mention, ...], tuple[Chain, ...]]:
    """Chains with the name, link and aliases that their mentions show."""
    result = []
    for chain in chains.values():
        mine = [m for m in mentions if m.entity == chain.id]
        names = list(dict.fromkeys(m.text or "" for m in mine if m.kind == "name"))
        link = next((m.link for m in mine if m.link is not None), None)
        result.append(Chain(chain.id, chain.type, names[0] if names else chain.name, tuple(names[1:]), link))
    return tuple(sorted(mentions, key=lambda m: (m.start or 0, -(m.end or 0)))), tuple(result)


def _kind(words: list[conllu.Word]) -> EntityKind:
    """By the part of speech of the head: the first word that depends on nothing inside the mention."""
    inside = {(word.sentence, word.number) for word in words}
    head = next((word for word in words if (word.sentence, word.head) not in inside), words[0])
    if head.upos == "PROPN":
        return "name"
    return "pronoun" if head.upos == "PRON" else "nominal"


def _dates(document: conllu.Document, name: str, report: Report) -> tuple[Date, ...]:
    dates = []
    waiting: list[tuple[int, str, dict[str, str]]] = []
    for word in document.words:
        closing = []
        for tag in _TAG.finditer(word.misc.get("XML", "")):
            if tag[1]:
                closing.append(tag[2])
            else:
                waiting.append((word.start, tag[2], dict(_ATTRIBUTE.findall(tag[3]))))
        for _ in closing:
            if not waiting:
                report.add("closing date elements without an opening one", name)
                continue
            start, element, attributes = waiting.pop()
            text = document.text[start : word.end]
            value = _value(attributes)
            kind: DateType = "TIME" if element == "time" or (value and "T" in value) else "DATE"
            if value is None:
                report.add("dates without a value: ranges that are no calendar unit", f"{name} {text!r}")
            dates.append(Date(start, word.end, text, None, kind, value))
    return tuple(sorted(dates, key=lambda date: (date.start or 0, date.end or 0)))


def _value(attributes: dict[str, str]) -> str | None:
    when = attributes.get("when")
    if when is not None:
        return f"T{when[:5]}" if re.fullmatch(r"\d{2}:\d{2}(:\d{2})?", when) else when
    begin, end = attributes.get("from"), attributes.get("to")
    if begin is None or end is None:
        return None
    try:
        return _unit(datetime.date.fromisoformat(begin), datetime.date.fromisoformat(end))
    except ValueError:
        return None


def _unit(begin: datetime.date, end: datetime.date) -> str | None:
    """The TIMEX3 value of the calendar unit that these are the first and last day of."""
    year, week, weekday = begin.isocalendar()
    days = (end - begin).days + 1
    if days == 7 and weekday == 1:
        return f"{year}-W{week:02}"
    if days == 2 and weekday == 6:
        return f"{year}-W{week:02}-WE"
    if begin.day != 1 or (end + datetime.timedelta(days=1)).day != 1:
        return None
    if (begin.year, begin.month) == (end.year, end.month):
        return f"{begin.year:04}-{begin.month:02}"
    if begin.year == end.year and (begin.month, end.month) in _SEASONS:
        return f"{begin.year:04}-{_SEASONS[begin.month, end.month]}"
    if (begin.month, end.month) != (1, 12):
        return None
    years = end.year - begin.year + 1
    if years == 1:
        return f"{begin.year:04}"
    if years == 10 and begin.year % 10 == 0:
        return f"{begin.year // 10:03}X"
    return f"{begin.year // 100:02}XX" if years == 100 and begin.year % 100 == 0 else None


def _links(copy: Copy, report: Report) -> dict[str, str]:
    path = next((path for path in copy.files if PurePosixPath(path).name == "wiki_map.tab"), None)
    if path is None:
        report.add("file missing: links stay Wikipedia titles", "coref/wiki_map.tab")
        return {}
    links = {}
    for line in copy.read_text(path, lambda note: report.add("file(s) not in UTF-8", note)).splitlines():
        fields = line.split("\t")
        if not line.startswith("#") and len(fields) >= 3 and re.fullmatch(r"Q\d+", fields[2]):
            links[fields[0]] = links[fields[1]] = fields[2]
    return links


def _splits(copy: Copy) -> dict[str, Split]:
    path = next((path for path in copy.files if PurePosixPath(path).name == "splits.md"), None)
    splits: dict[str, Split] = {}
    if path is None:
        return splits
    current: Split | None = None
    for line in copy.read_text(path, lambda _: None).splitlines():
        if line.startswith("## "):
            heading = line[3:].strip()
            current = "validation" if heading == "dev" else "test" if heading.startswith("test") else None
        elif current is not None and (match := re.match(r"\s*\*\s+(\S+)", line)):
            splits[match[1]] = current
    return splits


def _partition(copy: Copy, name: str, report: Report) -> Split:
    """A document that ``splits.md`` does not name: what its XML says, else train."""
    path = next((path for path in copy.files if path.endswith(f"xml/{name}.xml")), None)
    match = re.search(rb"<text\b[^>]*\bpartition=\"(\w+)\"", copy.read(path)) if path else None
    if match is None:
        if not any(PurePosixPath(path).name == "splits.md" for path in copy.files):
            report.add("documents whose split is not known, taken as train", name)
        return "train"
    partition = match[1].decode()
    return "validation" if partition == "dev" else "test" if partition.startswith("test") else "train"
