"""From a corpus on disk to a released folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from onrecord import release
from onrecord.corpus import Corpus, read_corpus, read_json
from onrecord.croissant import RAI_FIELDS
from onrecord.errors import InputError, Problem
from onrecord.model import ENTITY_TYPES, OUTSIDE_TYPES


def assemble(corpus: Path, annotations: Path, out: Path, *, lenient: bool = False) -> Corpus:
    """Checks a corpus and writes its release.

    Args:
        corpus: Folder with ``corpus.json``, ``stories/`` and ``world/``, and ``rai.json`` if it has one.
        annotations: Folder with ``gold/``.
        out: The folder to write.
        lenient: Leave out articles that have problems; the card says how many.

    Returns:
        The corpus as released, with what was left out.

    Raises:
        InputError: With every problem found (unless lenient), or an ``out`` that is no release.
    """
    read = read_corpus(corpus, annotations, lenient=lenient)
    facts = read.facts
    notes = []
    if read.left_out:
        notes.append(f"A lenient assembly: problems found {len(read.left_out)}; articles that have any are left out.")
    release.build(
        read.articles,
        out,
        name=facts.name,
        version=facts.version,
        edition=facts.edition,
        title=facts.title,
        description=facts.description,
        licence=facts.licence,
        citation=facts.citation,
        canary=facts.canary,
        published=facts.published,
        creator=facts.creator,
        rai=read_rai(corpus / "rai.json"),
        types=ENTITY_TYPES,
        outside=OUTSIDE_TYPES,
        notes=notes,
    )
    return read


def read_rai(path: Path) -> dict[str, Any] | None:
    """The fields of Croissant's RAI extension that a corpus gives; None if it gives none.

    Raises:
        InputError: The file cannot be read, or has a field that is unknown or neither text nor list of texts.
    """
    if not path.exists():
        return None
    problems: list[Problem] = []
    value = read_json(path, problems) or {}
    for name, said in value.items():
        texts = said if isinstance(said, list) else [said]
        if name not in RAI_FIELDS:
            problems.append(Problem(str(path), "is no RAI field", None, name, f"use {', '.join(RAI_FIELDS)}"))
        elif not texts or not all(isinstance(text, str) and text for text in texts):
            problems.append(Problem(str(path), f"{said!r} is no text", None, name, "give a text, or a list of texts"))
    if problems:
        raise InputError(problems)
    return value
