"""From a corpus on disk to a released folder."""

from __future__ import annotations

from pathlib import Path

from onrecord import release
from onrecord.corpus import Corpus, read_corpus
from onrecord.model import ENTITY_TYPES, OUTSIDE_TYPES


def assemble(corpus: Path, annotations: Path, out: Path, *, lenient: bool = False) -> Corpus:
    """Checks a corpus and writes its release.

    Args:
        corpus: Folder with ``corpus.json``, ``stories/`` and ``world/``.
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
        types=ENTITY_TYPES,
        outside=OUTSIDE_TYPES,
        notes=notes,
    )
    return read
