"""Any folder of CoNLL-2012 files (``formats.conll2012``): names and coreference.

Every coreference bracket and every name is a mention. A mention is a name if it stands in the column of names, a
pronoun if it is one word with a pronoun's tag (PRP, PRP$, PRON, WP), else nominal. Types come from the names; a
chain has the type of its first name, and so have its other mentions. A part of a document is an article. The text is
the words with a space between them, since the format keeps no other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from onrecord.corpus import text_hash
from onrecord.errors import InputError
from onrecord.formats import conll2012
from onrecord.model import AnnotatedArticle, Article, Chain, EntityKind, Labels, Mention, Split
from onrecord.sources.copy import Copy
from onrecord.sources.options import Options
from onrecord.sources.reading import text_of, unreadable
from onrecord.sources.report import Report

_SUFFIXES: Final = ("conll", "conll12", "conll2012", "gold_conll", "v4_gold_conll", "v9_gold_conll", "key")
_PRONOUNS: Final = frozenset({"PRP", "PRP$", "PRON", "WP", "WP$"})


def relevant(name: str) -> bool:
    """Whether the importer reads a file of this name."""
    suffix = PurePosixPath(name).suffix.lower().lstrip(".")
    return suffix in _SUFFIXES or suffix.endswith("_conll")


def read(copy: Copy, report: Report, options: Options) -> Iterator[AnnotatedArticle]:
    """The articles with their mentions, in order of path."""
    for path in filter(relevant, copy.files):
        content = text_of(copy, path, report)
        if content is None:
            continue
        try:
            documents = list(conll2012.read(content, path))
        except InputError as error:
            unreadable(error, report)
            continue
        parts = Counter(document.name for document in documents)
        for document in documents:
            name = f"{document.name}/{document.part}" if parts[document.name] > 1 else document.name
            yield _article(document, name, options.mapping.language, options.mapping.split_of(path), report)


def _article(document: conll2012.Document, name: str, language: str, split: Split, report: Report) -> AnnotatedArticle:
    text, places = document.text()

    def place(bracket: conll2012.Bracket) -> tuple[int, int]:
        row = places[bracket.sentence]
        return row[bracket.start][0], row[bracket.end - 1][1]

    types = {place(bracket): bracket.label for bracket in document.names}
    tags = {at: tag for row, line in zip(places, document.tags, strict=True) for at, tag in zip(row, line, strict=True)}
    chain_of: dict[tuple[int, int], str] = {}
    for bracket in document.mentions:
        at = place(bracket)
        if at in chain_of:
            report.add("mentions left out: another chain has the same words", f"{name} {bracket.label}")
            continue
        chain_of[at] = bracket.label
    type_of: dict[str, str] = {}
    for at in sorted(types):
        if at in chain_of:
            type_of.setdefault(chain_of[at], types[at])
    mentions, chains = [], dict[str, Chain]()
    for at in sorted({*types, *chain_of}, key=lambda at: (at[0], -at[1])):
        chain = chain_of.get(at)
        kind: EntityKind = "name" if at in types else "pronoun" if tags.get(at) in _PRONOUNS else "nominal"
        type_ = types.get(at) or type_of.get(chain or "")
        mention = Mention(*at, text[at[0] : at[1]], None, type_, kind, chain)
        mentions.append(mention)
        if chain is not None and (chain not in chains or (kind == "name" and not _named(chains[chain], types, text))):
            chains[chain] = Chain(chain, type_of.get(chain), mention.text)
    article = Article(id=name, text=text, language=language, text_sha256=text_hash(text))
    return AnnotatedArticle(article, Labels(entities=tuple(mentions), chains=tuple(chains.values())), split)


def _named(chain: Chain, types: dict[tuple[int, int], str], text: str) -> bool:
    """Whether a chain has its name from a name."""
    return any(text[start:end] == chain.name for start, end in types)
