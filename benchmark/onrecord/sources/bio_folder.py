"""Any folder of files with a token and a label a line, in the manner of CoNLL-2003 (``formats.bio``).

Every typed span is a mention, a name. A document (``-DOCSTART-``) is an article, a file without any is one article.
The text is the tokens with a space between them, since the format keeps no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from onrecord.corpus import text_hash
from onrecord.errors import InputError
from onrecord.formats import bio
from onrecord.model import AnnotatedArticle, Article, Labels, Mention, Split
from onrecord.sources.copy import Copy
from onrecord.sources.options import Options
from onrecord.sources.reading import text_of, unreadable
from onrecord.sources.report import Report

_FILE: Final = re.compile(
    r"\.(?:bio|iob|iob2|bioes|bilou|conll\w*|col|tsv|txt|data|train|dev|valid|test|testa|testb)$", re.IGNORECASE
)
_ABOUT: Final = re.compile(r"^(?:readme|licen[cs]e|copying|changelog|authors)\b", re.IGNORECASE)


def relevant(name: str) -> bool:
    """Whether the importer reads a file of this name."""
    path = PurePosixPath(name)
    return bool(_FILE.search(path.name)) and not _ABOUT.match(path.name)


def read(copy: Copy, report: Report, options: Options) -> Iterator[AnnotatedArticle]:
    """The articles with their names, in order of path."""
    columns = options.mapping.columns
    for path in filter(relevant, copy.files):
        content = text_of(copy, path, report)
        if content is None:
            continue
        try:
            documents = list(bio.read(content, path, columns.token, columns.label))
        except InputError as error:
            unreadable(error, report)
            continue
        for number, document in enumerate(documents, 1):
            name = path if len(documents) == 1 else f"{path}/{number}"
            yield _article(document, name, options.mapping.language, options.mapping.split_of(path))


def _article(document: bio.Document, name: str, language: str, split: Split) -> AnnotatedArticle:
    text, places = document.text()
    mentions = []
    for entity in document.entities:
        row = places[entity.sentence]
        start, end = row[entity.start][0], row[entity.end - 1][1]
        mentions.append(Mention(start, end, text[start:end], None, entity.type, "name"))
    article = Article(id=name, text=text, language=language, text_sha256=text_hash(text))
    return AnnotatedArticle(article, Labels(entities=tuple(mentions)), split)
