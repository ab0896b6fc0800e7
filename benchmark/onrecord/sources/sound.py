"""What every importer's articles go through: types translated, ids unique, labels that fit their text.

One article that does not fit must not keep a whole corpus from being built: it is left out and named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from onrecord.checks import structure
from onrecord.model import AnnotatedArticle, Chain, Mention
from onrecord.sources.mapping import Mapping
from onrecord.sources.report import Report


def translated(items: Iterable[AnnotatedArticle], mapping: Mapping, report: Report) -> Iterator[AnnotatedArticle]:
    """The articles with entity types as the mapping wants them; mentions of a type without translation are left out."""
    for item in items:
        if not mapping.types or item.labels.entities is None:
            yield item
            continue
        mentions = []
        for mention in item.labels.entities:
            kind = None if mention.type is None else mapping.type_of(mention.type)
            if kind is None and mention.type is not None:
                report.add(f"mentions left out: the mapping leaves out {mention.type}", _place(item, mention))
                continue
            mentions.append(replace(mention, type=kind))
        chains = _chains(item.labels.chains, mentions, mapping)
        yield replace(item, labels=replace(item.labels, entities=tuple(mentions), chains=chains))


def sound(items: Iterable[AnnotatedArticle], report: Report) -> Iterator[AnnotatedArticle]:
    """The articles whose labels fit their text, each with an id of its own."""
    texts: dict[str, str] = {}
    for item in items:
        name, text = item.article.id, item.article.text
        if name in texts:
            if texts[name] == text:
                report.add("articles left out: the same a second time", name)
                continue
            number = 2
            while f"{name}-{number}" in texts:
                number += 1
            report.add("articles whose id was taken by another text: they get a number", f"{name}-{number}")
            name = f"{name}-{number}"
            item = replace(item, article=replace(item.article, id=name))
        fault = next(structure(item.article, item.labels), None)
        if fault is not None:
            report.add("articles left out: their labels do not fit", f"{name}: {fault.path}: {fault.message}")
            continue
        texts[name] = text
        yield item


def _chains(
    chains: tuple[Chain, ...] | None, mentions: Iterable[Mention], mapping: Mapping
) -> tuple[Chain, ...] | None:
    """The chains that still have a mention."""
    if chains is None:
        return None
    left = {mention.entity for mention in mentions}
    return tuple(
        replace(chain, type=None if chain.type is None else mapping.type_of(chain.type))
        for chain in chains
        if chain.id in left
    )


def _place(item: AnnotatedArticle, mention: Mention) -> str:
    return f"{item.article.id} at {mention.start}"
