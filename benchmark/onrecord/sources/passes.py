"""Several annotators' independent labels of the same articles: a file of gold lines an annotator.

``onrecord agree`` and ``onrecord score`` take any two of these files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from onrecord import wire
from onrecord.files import writing_folder
from onrecord.model import AnnotatedArticle
from onrecord.sources.catalogue import Source

MARKER: Final = "passes.json"


def write_passes(
    passes: Mapping[str, Sequence[AnnotatedArticle]], out: Path, source: Source, notes: Sequence[str]
) -> None:
    """Writes the folder.

    Args:
        passes: Articles by annotator.
        out: The folder; an earlier one of passes is replaced.
        source: What the articles are from.
        notes: What was dropped or repaired.

    Raises:
        InputError: ``out`` exists and holds something else.
    """
    with writing_folder(out, MARKER) as work:
        for annotator, items in sorted(passes.items()):
            lines = [orjson.dumps(_line(item), option=orjson.OPT_APPEND_NEWLINE) for item in items]
            (work / f"{annotator}.jsonl").write_bytes(b"".join(lines))
        about = {
            "source": source.name,
            "version": source.version,
            "licence": source.licence,
            "articles": {annotator: len(items) for annotator, items in sorted(passes.items())},
            "notes": list(notes),
        }
        (work / MARKER).write_bytes(orjson.dumps(about, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def _line(item: AnnotatedArticle) -> dict[str, Any]:
    layers = {name: value for name, value in wire.labels_to_wire(item.labels).items() if value is not None}
    return {**wire.article_to_wire(item.article), **layers}
