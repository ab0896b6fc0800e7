"""The integrity check of a corpus on disk: every problem with its file, line, annotation and remedy.

Nothing is repaired here. An article with a problem is not returned, so that a lenient assembly can go on without it.
"""

from __future__ import annotations

import datetime
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from onrecord import shape
from onrecord.checks import Fault, house_rules, structure
from onrecord.corpus import Entry, Facts, Source, Story, read_facts, read_json, read_stories, read_text, read_world
from onrecord.errors import Problem
from onrecord.model import ENTITY_TYPES, AnnotatedArticle, Labels
from onrecord.wire import SCHEMAS, labels_from_wire

LAYER_KEYS: Final = ("chains", "entities", "quotes", "dates", "stances")
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ITEM: Final = re.compile(r"(\w+)\[(\d+)\]")
_PREFIXES: Final = {
    "PERSON": "person", "NORP": "norp", "FAC": "fac", "ORG": "org", "GPE": "gpe", "LOC": "loc", "PRODUCT": "product",
    "EVENT": "event", "WORK_OF_ART": "work", "LAW": "law", "LANGUAGE": "language",
}  # fmt: skip


@dataclass(slots=True)
class Checked:
    """What a check found: the articles without problems, and all problems."""

    articles: list[AnnotatedArticle] = field(default_factory=list)
    stories: dict[str, Story] = field(default_factory=dict)
    world: dict[str, Entry] = field(default_factory=dict)
    facts: Facts | None = None
    problems: list[Problem] = field(default_factory=list)


def check_corpus(corpus: Path, annotations: Path) -> Checked:
    """Reads and checks a corpus and its gold labels.

    Args:
        corpus: Folder with ``stories/`` and ``world/``.
        annotations: Folder with ``gold/``.
    """
    checked = Checked()
    problems = checked.problems
    checked.facts = read_facts(corpus / "corpus.json", problems)
    checked.world = read_world(corpus / "world" / "entities.jsonl", problems)
    problems.extend(check_world(corpus / "world" / "entities.jsonl", checked.world))
    checked.stories, sources = read_stories(corpus / "stories", problems)
    for story in checked.stories.values():
        problems.extend(_check_story(corpus / "stories" / story.id, story, sources))
    texts: dict[str, Path] = {}
    expected: set[Path] = set()
    for source in sources:
        path = annotations / "gold" / str(source.article.story) / f"{source.article.outlet}.json"
        expected.add(path)
        found = list(check_text(source, checked.facts.edition if checked.facts else None))
        twin = texts.setdefault(source.article.text, source.path)
        if twin != source.path:
            found.append(_of(source, "text", f"is the text of {twin} again", "keep one of the two articles"))
        labels = read_labels(path, source, found, checked.world)
        problems.extend(found)
        if labels is not None and not found:
            checked.articles.append(AnnotatedArticle(source.article, labels, source.split))
    problems.extend(
        Problem(str(path), "labels without an article", remedy="remove them, or add the article's text")
        for path in sorted((annotations / "gold").glob("**/*.json"))
        if path not in expected
    )
    checked.articles.sort(key=lambda item: item.article.id)
    return checked


def check_world(path: Path, world: dict[str, Entry]) -> Iterator[Problem]:
    """Entries whose type or id is out of range."""
    for entry in world.values():
        prefix = _PREFIXES.get(entry.type)
        if prefix is None:
            yield Problem(
                str(path), f"{entry.id}: {entry.type!r} is no entity type", None, "type", "see world/schema.json"
            )
        elif not re.fullmatch(rf"{prefix}/[a-z0-9]+(?:[-.][a-z0-9]+)*", entry.id):
            yield Problem(
                str(path), f"{entry.id!r} does not fit its type {entry.type}", None, "id", f"write {prefix}/some-name"
            )


def check_text(source: Source, edition: str | None = None) -> Iterator[Problem]:
    """Faults of an article's own text and metadata.

    Args:
        source: The article.
        edition: The corpus's edition, the latest that an article can belong to.
    """
    article, text = source.article, source.article.text
    if "\r" in text:
        yield _of(source, "text", "holds carriage returns", "save it with \\n line ends")
    for position, character in enumerate(text):
        if (unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\r") or character in "\ufeff\ufffd":
            yield _of(source, "text", f"holds U+{ord(character):04X} at {position}", "remove the character")
            break
    if unicodedata.normalize("NFC", text) != text:
        yield _of(source, "text", "is not in Unicode NFC", "normalise the file (unicodedata.normalize('NFC', text))")
    if text != text.strip() or re.search(r"[ \t]\n|\n\n\n|[^\n]\n[^\n]", text):
        yield _of(
            source, "text", "white space fault", "headline, blank line, paragraphs separated by one blank line each"
        )
    if text.split("\n", 1)[0] != article.headline:
        yield _of(source, "headline", f"{article.headline!r} is not the text's first line", "make them equal")
    published = article.published or ""
    try:
        moment = datetime.datetime.fromisoformat(published)
        if len(published) > len("2031-11-01") and moment.tzinfo is None:
            yield _of(source, "published", f"{published!r} has no offset", "write 2031-11-01T18:20:00+05:30")
    except ValueError:
        yield _of(source, "published", f"{published!r} is no ISO 8601 date", "write 2031-11-01T18:20:00+05:30")
    for key in ("outlet", "desk"):
        value = getattr(article, key)
        if not _SLUG.fullmatch(value):
            yield _of(source, key, f"{value!r} is no slug", "use small letters, digits and hyphens")
    for name in article.phenomena:
        if not _SLUG.fullmatch(name) or article.phenomena.count(name) > 1:
            yield _of(source, "phenomena", f"{name!r} is no slug, or stands twice", "name each phenomenon once")
    if not re.fullmatch(r"\d{4}\.\d{2}", article.edition or "") or (edition and (article.edition or "") > edition):
        yield _of(
            source,
            "edition",
            f"{article.edition!r} is no edition up to {edition or 'now'}",
            "write the edition it joined",
        )
    if not re.fullmatch(r"[a-z]{2,3}", article.language or ""):
        yield _of(source, "language", f"{article.language!r} is no language code", "write en")
    if not (article.variety or "").startswith(f"{article.language}-"):
        yield _of(source, "variety", f"{article.variety!r} is no variety of {article.language}", "write en-GB")


def read_labels(path: Path, source: Source, problems: list[Problem], world: dict[str, Entry] | None) -> Labels | None:
    """Reads and checks the labels of an article; None if they cannot be read.

    Args:
        path: The labels' file.
        source: The article.
        problems: Where problems go.
        world: The knowledge base, or None to leave links unchecked.
    """
    article = source.article
    if not path.is_file():
        problems.append(
            Problem(
                str(path), "article without labels", remedy="annotate it, or remove the article", article=article.id
            )
        )
        return None
    value = read_json(path, problems)
    if value is None:
        return None
    lines = _Lines(path, value)
    faults = list(_check_form(value, source))
    labels = None
    if not faults:
        labels = labels_from_wire(value)
        faults = list(structure(article, labels, ENTITY_TYPES))
        # The house rules take for granted what the structure check found broken.
        faults = faults or list(house_rules(article, labels, world))
    problems.extend(
        Problem(str(path), fault.message, lines.of(fault.path), fault.path, fault.remedy, article.id)
        for fault in faults
    )
    return labels


def _check_form(value: dict[str, Any], source: Source) -> Iterator[Fault]:
    article = source.article
    if value.get("article") != article.id:
        yield Fault("article", f"{value.get('article')!r} is not {article.id!r}", "correct the id or move the file")
    if value.get("text_sha256") != article.text_sha256:
        yield Fault(
            "text_sha256",
            f"the text of {source.path} is not the one that was labelled",
            f"restore the text, or check every label and set {article.text_sha256}",
        )
    for key in value:
        if key not in {"article", "text_sha256", *LAYER_KEYS}:
            yield Fault(key, "unknown field", f"known are article, text_sha256, {', '.join(LAYER_KEYS)}")
    schema = SCHEMAS["all"]
    for key in LAYER_KEYS:
        if not isinstance(value.get(key), list):
            yield Fault(key, "the layer is missing or no list", "write [] where there is nothing")
            continue
        for path, message in shape.faults(value[key], schema.field(key).type, key):
            yield Fault(path, message, "see data/schema.json for the form")
        for number, item in enumerate(value[key]):
            if key == "chains" and isinstance(item, dict) and not isinstance(item.get("id"), str):
                yield Fault(f"chains[{number}].id", "a chain without id", "give it one")


def _check_story(folder: Path, story: Story, sources: list[Source]) -> Iterator[Problem]:
    path = str(folder / "story.json")
    if not any(source.article.story == story.id for source in sources):
        yield Problem(path, "a story without a usable article", remedy="add its articles, or remove it")
    if not _SLUG.fullmatch(story.id):
        yield Problem(path, f"{story.id!r} is no slug", None, "id", "use small letters, digits and hyphens")
    if not story.claims:
        yield Problem(path, "a story without claims", None, "claims", "add at least one")
    ids = [claim.id for claim in story.claims]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield Problem(path, f"claim {name!r} a second time", None, "claims", "give each claim its own id")


def _of(source: Source, name: str, message: str, remedy: str) -> Problem:
    return Problem(str(source.path), message, None, name, remedy, source.article.id)


class _Lines:
    """Line numbers of the annotations in a labels file that has one annotation a line."""

    def __init__(self, path: Path, value: dict[str, Any]) -> None:
        self.value = value
        self.lines = read_text(path, []).split("\n")

    def of(self, path: str) -> int | None:
        """Line of an annotation or top-level field; None where the file has another layout."""
        match = _ITEM.match(path)
        key = match[1] if match else path
        heads = [number for number, line in enumerate(self.lines, 1) if line.lstrip("{ ").startswith(f'"{key}":')]
        if len(heads) != 1 or match is None:
            return heads[0] if len(heads) == 1 else None
        number = heads[0] + 1 + int(match[2])
        try:
            there = json.loads(self.lines[number - 1].strip().removesuffix(","))
            return number if there == self.value[key][int(match[2])] else None
        except (ValueError, IndexError, KeyError):
            return None
