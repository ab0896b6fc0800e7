"""GUM, the Georgetown University Multilayer corpus (Zeldes, LRE 2017), genre news: CoNLL-U with coreference.

How its labels map onto ours: every ``Entity=`` bracket is a mention with GUM's own type; its group is the chain.
Kind follows from the part of speech of the syntactic head: proper noun, name; pronoun, pronoun; else nominal.
Identities are Wikipedia titles, and become Wikidata ids where ``coref/wiki_map.tab`` has them. TEI's ``date`` and
``time`` elements are dates: ``when`` is the value; ``from`` and ``to`` only where they are exactly a week, a weekend,
a month, a season, a year, a decade or a century; other ranges have no value.

Splits are those of ``splits.md``, else the ``partition`` of ``xml/``. Only ``news`` is read unless other genres are
asked for. The repository's other CoNLL-U files, ``_build/`` (sources without entities) and ``coref/ontogum`` (another
annotation scheme), are not read. Documents whose words are underscores (Reddit, before ``get_text.py``) are left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote

from onrecord.corpus import text_hash
from onrecord.errors import InputError
from onrecord.formats import conllu
from onrecord.model import AnnotatedArticle, Article, Chain, EntityKind, Labels, Mention, Split
from onrecord.sources.copy import Copy
from onrecord.sources.gum_dates import dates
from onrecord.sources.options import Options
from onrecord.sources.reading import text_of, unreadable
from onrecord.sources.report import Report

NEWS: Final = ("news",)
_NAME: Final = re.compile(r"(?:GUM|GENTLE)_([a-z]+)_.+")
_OTHERS: Final = frozenset({"_build", "ontogum"})
_BRACKETS: Final = re.compile(r"\((?P<open>[^()]+)|(?P<close>[^()]+)\)|(?P<end>\))")
_HEADINGS: Final[dict[str, Split]] = {"train": "train", "dev": "validation", "test": "test", "test2": "test"}
#: What a bracket holds where the file does not say so itself (``# global.Entity``).
_FIELDS: Final = "GRP-etype-infstat-salience-centering-minspan-link-identity"


def relevant(name: str) -> bool:
    """Whether the importer reads a file of this name."""
    path = PurePosixPath(name)
    if _OTHERS & set(path.parts):
        return False
    return path.suffix == ".conllu" or path.name in {"wiki_map.tab", "splits.md"} or "xml" in path.parts[-2:-1]


def read(copy: Copy, report: Report, options: Options) -> Iterator[AnnotatedArticle]:
    """The documents of the genres, each once, in order of name."""
    genres = options.genres or NEWS
    links = _links(copy, report)
    splits = _splits(copy, report)
    seen: set[str] = set()
    for path in _files(copy, genres, report):
        text = text_of(copy, path, report)
        if text is None:
            continue
        try:
            documents = list(conllu.read(text, path))
        except InputError as error:
            unreadable(error, report)
            continue
        for document in documents:
            name = PurePosixPath(path).stem if document.name == path else document.name
            match = _NAME.fullmatch(name)
            if match is None or match[1] not in genres:
                continue
            if name in seen:
                report.add("documents left out: read already", f"{name} of {path}")
            elif re.fullmatch(r"[_\s]*", document.text):
                report.add("documents left out: underscores stand for their words (see get_text.py)", name)
            else:
                seen.add(name)
                split = splits.get(name) or _partition(copy, name, report)
                yield _article(document, name, match[1], split, links, report)
    for genre in sorted(set(genres) - {match[1] for name in seen if (match := _NAME.fullmatch(name))}):
        report.add("genres of which no document was found", genre)


def _files(copy: Copy, genres: Collection[str], report: Report) -> list[str]:
    """The CoNLL-U files that may hold these genres, one a name: that in ``dep/`` before others."""
    chosen: dict[str, str] = {}
    paths = [path for path in copy.files if relevant(path) and path.endswith(".conllu")]
    for path in sorted(paths, key=lambda p: ("dep" not in PurePosixPath(p).parts[-2:-1], p.count("/"), p)):
        stem = PurePosixPath(path).stem
        match = _NAME.fullmatch(stem)
        if match is not None and match[1] not in genres:
            continue
        if stem in chosen:
            report.add("files left out: another of this name is read", path)
        chosen.setdefault(stem, path)
    return [chosen[stem] for stem in sorted(chosen)]


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
        article, Labels(entities=mentions, chains=chains, dates=dates(document, name, report)), split
    )


def _entities(
    document: conllu.Document, name: str, links: dict[str, str], report: Report
) -> tuple[tuple[Mention, ...], tuple[Chain, ...]]:
    names_of_fields = document.meta.get("global.Entity", _FIELDS).split("-")
    open_mentions: dict[str, list[tuple[int, int, list[str]]]] = {}
    found: list[tuple[int, int, int, list[str]]] = []
    opened = 0
    for index, word in enumerate(document.words):
        current: str | None = None
        for bracket in _BRACKETS.finditer(word.misc.get("Entity", "")):
            if bracket["open"]:
                fields = bracket["open"].split("-", len(names_of_fields) - 1)
                current = fields[0]
                if "[" in current:
                    report.add("parts of discontinuous mentions, each kept as a mention", f"{name} {current}")
                    fields[0] = current = current.partition("[")[0]
                open_mentions.setdefault(current, []).append((index, opened, fields))
                opened += 1
                continue
            group = (bracket["close"] or current or "").partition("[")[0]
            if not open_mentions.get(group):
                report.add("closing brackets without an opening one", f"{name} {group}")
                continue
            begin, number, fields = open_mentions[group].pop()
            found.append((begin, -index, number, fields))
    for group, rest in open_mentions.items():
        if rest:
            report.add("mentions left out: never closed", f"{name} {group}")
    if not found:
        report.add("documents without any mention", name)
    mentions: dict[tuple[int, int], Mention] = {}
    names: dict[str, Chain] = {}
    for begin, end_word, _, fields in sorted(found):
        words = document.words[begin : 1 - end_word]
        start, end = words[0].start, words[-1].end
        kind = _kind(words)
        values = dict(zip(names_of_fields, fields, strict=False))
        identity = unquote(values["identity"]) if "identity" in values else None
        link = None if identity is None else links.get(identity, identity)
        mention = Mention(start, end, document.text[start:end], None, values.get("etype"), kind, fields[0], link)
        if (start, end) in mentions:
            report.add("mentions left out: a second one on the same text", f"{name} {mention.text!r}")
            continue
        mentions[start, end] = mention
        chain = names.get(fields[0])
        if chain is None or (kind == "name" and chain.link is None and link is not None):
            names[fields[0]] = Chain(fields[0], mention.type, mention.text, (), link)
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


def _links(copy: Copy, report: Report) -> dict[str, str]:
    text = _text(copy, "wiki_map.tab", report)
    if text is None:
        report.add("file missing: links stay Wikipedia titles", "coref/wiki_map.tab")
        return {}
    links = {}
    for line in text.splitlines():
        fields = line.split("\t")
        if not line.startswith("#") and len(fields) >= 3 and re.fullmatch(r"Q\d+", fields[2]):
            links[unquote(fields[0])] = links[unquote(fields[1])] = fields[2]
    return links


def _splits(copy: Copy, report: Report) -> dict[str, Split]:
    splits: dict[str, Split] = {}
    current: Split | None = None
    for line in (_text(copy, "splits.md", report) or "").splitlines():
        if line.startswith("## "):
            current = _HEADINGS.get(line[3:].strip())
        elif current is not None and (match := re.match(r"\s*\*\s+(\S+)", line)):
            splits[match[1]] = current
    return splits


def _text(copy: Copy, name: str, report: Report) -> str | None:
    paths = [path for path in copy.files if relevant(path) and PurePosixPath(path).name == name]
    return text_of(copy, min(paths, key=lambda path: (path.count("/"), path)), report) if paths else None


def _partition(copy: Copy, name: str, report: Report) -> Split:
    """A document that ``splits.md`` does not name: what its XML says, else train."""
    path = next((path for path in copy.files if f"/{path}".endswith(f"/xml/{name}.xml") and relevant(path)), None)
    text = (text_of(copy, path, report) if path else None) or ""
    match = re.search(r"<text\b[^>]*\bpartition=\"(\w+)\"", text)
    if match is None or match[1] not in _HEADINGS:
        report.add("documents whose split is not known, taken as train", name)
        return "train"
    return _HEADINGS[match[1]]
