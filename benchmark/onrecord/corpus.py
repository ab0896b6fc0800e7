"""The corpus on disk: articles as text files, stories and the world as JSON, labels as JSON with a line each.

``corpus/corpus.json`` names the corpus, its version and edition. ``corpus/stories/<story>/<outlet>.txt`` holds a YAML
header between ``---`` lines and then the text; ``story.json`` beside it the claims, the timeline and the split.
``corpus/world/entities.jsonl`` is the knowledge base. Labels stand apart, in
``annotations/gold/<story>/<outlet>.json``.

Reading checks form only (:class:`~onrecord.errors.Problem` for what cannot be read); whether labels fit their text is
:mod:`onrecord.integrity`'s business, and :func:`read_corpus` does both.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, Final

import orjson
import yaml

from onrecord.errors import InputError, Problem
from onrecord.model import SPLITS, AnnotatedArticle, Article, Claim, Split

#: Metadata that every article's header has, in the order in which it is written.
HEADER: Final = (
    "headline", "byline", "dateline", "published", "language", "variety", "desk", "phenomena", "edition",
)  # fmt: skip
_MAY_BE_NULL: Final = frozenset({"byline", "dateline"})
_RULE: Final = "---\n"


@dataclass(frozen=True, slots=True)
class Facts:
    """What ``corpus/corpus.json`` says of the corpus as a whole: the identity and the card of its releases.

    ``canary``, ``published`` (ISO date) and ``creator`` may be missing.
    """

    name: str
    version: str
    edition: str
    title: str
    description: str
    licence: str
    citation: str
    canary: str = ""
    published: str = ""
    creator: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the knowledge base, ``corpus/world/entities.jsonl``."""

    id: str
    type: str
    name: str
    aliases: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """What several outlets report on: its claims and the split that all of its articles belong to."""

    id: str
    title: str
    desk: str
    split: Split
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """An article as read from disk, and where it stands; no labels."""

    article: Article
    split: Split
    path: Path


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus that has passed the integrity check.

    Attributes:
        facts: What the corpus as a whole is called.
        articles: In order of id.
        stories: By id.
        world: The knowledge base, by id.
        left_out: What a lenient reading skipped, and why.
    """

    facts: Facts
    articles: list[AnnotatedArticle]
    stories: dict[str, Story] = field(default_factory=dict)
    world: dict[str, Entry] = field(default_factory=dict)
    left_out: list[Problem] = field(default_factory=list)


def read_corpus(corpus: Path, annotations: Path, *, lenient: bool = False) -> Corpus:
    """Reads articles and gold labels and checks them.

    Args:
        corpus: Folder with ``stories/`` and ``world/``.
        annotations: Folder with ``gold/``.
        lenient: Leave out articles that have problems, and list the problems in ``left_out``.

    Raises:
        InputError: With every problem found, unless lenient; always if nothing is left.
    """
    from onrecord import integrity

    checked = integrity.check_corpus(corpus, annotations)
    if checked.problems and not lenient:
        raise InputError(checked.problems)
    if not checked.articles or checked.facts is None:
        nothing = Problem(str(corpus), "no article with usable labels", remedy="see the problems listed, if any")
        raise InputError([*checked.problems, nothing])
    return Corpus(checked.facts, checked.articles, checked.stories, checked.world, checked.problems)


def text_hash(text: str) -> str:
    """SHA-256 of the UTF-8 text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def read_facts(path: Path, problems: list[Problem]) -> Facts | None:
    """``corpus.json``, or None if it is unusable."""
    value = read_json(path, problems)
    if value is None:
        return None
    try:
        wanted = [field.name for field in fields(Facts) if field.default is MISSING or field.name in value]
        return Facts(**{name: _string(value, name) for name in wanted})
    except ValueError as error:
        problems.append(Problem(str(path), str(error), remedy="name, version, edition, title, … are all needed"))
        return None


def read_world(paths: Path | Iterable[Path], problems: list[Problem]) -> dict[str, Entry]:
    """The knowledge base, by id, from one file or several; what is wrong goes to ``problems``."""
    world: dict[str, Entry] = {}
    for path in [paths] if isinstance(paths, Path) else paths:
        for number, line in enumerate(read_text(path, problems).split("\n"), start=1):
            if not line.strip():
                continue
            try:
                value = orjson.loads(line)
                entry = Entry(
                    _string(value, "id"),
                    _string(value, "type"),
                    _string(value, "name"),
                    tuple(str(alias) for alias in value.get("aliases") or ()),
                    str(value.get("description") or ""),
                )
            except ValueError as error:
                problems.append(
                    Problem(str(path), str(error), number, remedy="write one object a line, see world/schema.json")
                )
                continue
            if entry.id in world:
                problems.append(
                    Problem(str(path), f"id {entry.id!r} a second time", number, "id", "merge the two entries")
                )
            world[entry.id] = entry
    return world


def read_stories(folder: Path, problems: list[Problem]) -> tuple[dict[str, Story], list[Source]]:
    """All stories under ``corpus/stories`` and their articles, in order of id."""
    stories: dict[str, Story] = {}
    sources: list[Source] = []
    if not folder.is_dir():
        problems.append(Problem(str(folder), "no such folder", remedy="give the folder that holds stories/"))
        return stories, sources
    for place in sorted(path for path in folder.iterdir() if path.is_dir()):
        story = read_story(place / "story.json", problems)
        if story is None:
            continue
        stories[story.id] = story
        for path in sorted(place.glob("*.txt")):
            source = read_article(path, story, problems)
            if source is not None:
                sources.append(source)
    return stories, sources


def read_story(path: Path, problems: list[Problem]) -> Story | None:
    """A story file, or None if it is unusable."""
    value = read_json(path, problems)
    if value is None:
        return None
    try:
        claims = tuple(Claim(_string(claim, "id"), _string(claim, "text")) for claim in value.get("claims") or ())
        story = Story(
            _string(value, "id"), _string(value, "title"), _string(value, "desk"), _split(value.get("split")), claims
        )
    except ValueError as error:
        problems.append(Problem(str(path), str(error), remedy="give every field of a story and of its claims"))
        return None
    if story.id != path.parent.name:
        problems.append(
            Problem(str(path), f"id is {story.id!r}, the folder {path.parent.name!r}", None, "id", "make them equal")
        )
        return None
    return story


def read_article(path: Path, story: Story, problems: list[Problem]) -> Source | None:
    """An article file of a story, or None if it is unusable."""
    raw = read_text(path, problems)
    name = f"{story.id}/{path.stem}"
    if not raw:
        return None
    _, *parts = raw.split(_RULE, 2)
    if not raw.startswith(_RULE) or len(parts) != 2:
        problems.append(
            Problem(
                str(path), "no header between two --- lines", remedy="begin with ---, the header, ---", article=name
            )
        )
        return None
    try:
        header = yaml.safe_load(parts[0])
    except yaml.YAMLError as error:
        problems.append(Problem(str(path), f"header is no YAML: {error}", remedy="quote the values", article=name))
        return None
    before = len(problems)
    _check_header(header, path, name, problems)
    if len(problems) > before:
        return None
    text = parts[1].removesuffix("\n")
    article = Article(
        id=name,
        text=text,
        story=story.id,
        outlet=path.stem,
        **{key: header[key] for key in HEADER if key != "phenomena"},
        phenomena=tuple(header["phenomena"]),
        text_sha256=text_hash(text),
        claims=story.claims,
    )
    return Source(article, story.split, path)


def read_json(path: Path, problems: list[Problem]) -> dict[str, Any] | None:
    """A JSON object, or None with a problem."""
    raw = read_text(path, problems)
    if not raw:
        return None
    try:
        value = json.loads(raw, object_pairs_hook=_no_key_twice)
    except json.JSONDecodeError as error:
        problems.append(Problem(str(path), f"no JSON: {error.msg}", error.lineno, remedy="mend this line"))
        return None
    except ValueError as error:
        problems.append(Problem(str(path), str(error), remedy="give each field once"))
        return None
    if not isinstance(value, dict):
        problems.append(Problem(str(path), "holds no object", remedy="see CONTRIBUTING.md for the form"))
        return None
    return value


def read_text(path: Path, problems: list[Problem]) -> str:
    """The file's text as it stands, line ends included; empty with a problem if it cannot be read."""
    try:
        raw = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        problems.append(Problem(str(path), "no such file", remedy="write it, or remove what refers to it"))
        return ""
    except UnicodeDecodeError as error:
        problems.append(Problem(str(path), f"no UTF-8 at byte {error.start}", remedy="save it as UTF-8"))
        return ""
    except OSError as error:
        problems.append(Problem(str(path), error.strerror or "cannot be read", remedy="make it a readable file"))
        return ""
    if not raw:
        problems.append(Problem(str(path), "is empty", remedy="write it, or remove it"))
    return raw


def labels_json(article: Article, wire: Mapping[str, Any]) -> str:
    """The file of an article's labels: one annotation a line, fields that are null left out.

    Args:
        article: The article the labels belong to.
        wire: Its layers in wire form, already in the order in which they shall stand.
    """
    lines = [f'{{"article": {_compact(article.id)},', f'"text_sha256": {_compact(text_hash(article.text))},']
    layers = ("chains", "entities", "quotes", "dates", "stances")
    for layer in layers:
        items = wire.get(layer) or ()
        rows = ",\n".join(f"  {_compact(_without_null(item))}" for item in items)
        end = "}" if layer == layers[-1] else ","
        lines.append(f'"{layer}": [\n{rows}\n]{end}' if rows else f'"{layer}": []{end}')
    return "\n".join(lines) + "\n"


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _without_null(value: Any) -> Any:
    """The same value without fields that are null or empty lists, which reading restores."""
    if isinstance(value, Mapping):
        return {key: _without_null(item) for key, item in value.items() if item is not None and item != []}
    if isinstance(value, list):
        return [_without_null(item) for item in value]
    return value


def _check_header(header: Any, path: Path, name: str, problems: list[Problem]) -> None:
    if not isinstance(header, dict):
        problems.append(Problem(str(path), "header has no fields", remedy="see CONTRIBUTING.md", article=name))
        return
    for key in HEADER:
        value = header.get(key)
        if key not in header:
            problems.append(Problem(str(path), "missing from the header", None, key, "add it (null if none)", name))
        elif key == "phenomena":
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                problems.append(Problem(str(path), "is no list of names", None, key, "write [a, b] or []", name))
        elif not isinstance(value, str) and not (value is None and key in _MAY_BE_NULL):
            problems.append(Problem(str(path), f"{value!r} is no text", None, key, "put it in quotation marks", name))
    problems.extend(
        Problem(str(path), "unknown field in the header", None, str(key), f"known are {', '.join(HEADER)}", name)
        for key in header
        if key not in HEADER
    )


def _string(value: Any, key: str) -> str:
    found = value.get(key) if isinstance(value, dict) else None
    if not isinstance(found, str) or not found:
        raise ValueError(f"field {key!r} is missing or no text")
    return found


def _split(value: Any) -> Split:
    for split in SPLITS:
        if value == split:
            return split
    raise ValueError(f"{value!r} is no split, use one of {', '.join(SPLITS)}")


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        twice = sorted({key for key, _ in pairs if sum(key == other for other, _ in pairs) > 1})
        raise ValueError(f"field {twice[0]!r} twice in one object")
    return value
