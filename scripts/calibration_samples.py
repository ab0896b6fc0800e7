"""The real articles that the annotation procedure is calibrated on, and what an annotator gets of them.

``gum``: the last ten news documents of the copy by name. ``aquaint``: twenty of AQUAINT's files in TempEval-3 by the
Associated Press and Xinhua; the guidelines were written on the New York Times's. ``fnc1``: 200 pairs of a headline and
a body that are not ``unrelated``, no body twice. Drawn with a seed from what the importers read.

Paragraphs are numbered without the white space around a text; :func:`reading_text` says how far that moves offsets.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from onrecord import sources
from onrecord.model import AnnotatedArticle
from onrecord.placement import paragraphs

SEED: Final = 2031
GUM_DOCUMENTS: Final = 10
AQUAINT_ARTICLES: Final = 20
FNC1_PAIRS: Final = 200
#: What each sample is called here: the source it is read from.
SOURCE_OF: Final = {"gum": "gum", "aquaint": "tempeval3", "fnc1": "fnc1"}
#: Pairs a packet file.
_PAIRS_A_FILE: Final = 10


@dataclass(frozen=True, slots=True)
class Pair:
    """A headline and a body of FNC-1.

    Attributes:
        id: The body's id.
        claim: Fingerprint of the headline: its number depends on how much of FNC-1 a copy holds.
        headline: The headline.
        text: The body.
        label: Gold, in our words.
    """

    id: str
    claim: str
    headline: str
    text: str
    label: str


def articles(sample: str, path: Path) -> list[AnnotatedArticle]:
    """The sample ``gum`` or ``aquaint``, in the order of its ids.

    Raises:
        InputError: Nothing of the source is below the path.
    """
    found = sources.read(SOURCE_OF[sample], path).articles
    return draw_gum(found) if sample == "gum" else draw_aquaint(found)


def draw_gum(found: Sequence[AnnotatedArticle]) -> list[AnnotatedArticle]:
    """The last ten documents by name."""
    return sorted(found, key=lambda item: item.article.id)[-GUM_DOCUMENTS:]


def draw_aquaint(found: Sequence[AnnotatedArticle]) -> list[AnnotatedArticle]:
    """Twenty articles of the two agencies."""
    of_agencies = sorted(
        (item for item in found if item.article.id.startswith(("APW", "XIE"))), key=lambda item: item.article.id
    )
    drawn = random.Random(SEED).sample(of_agencies, min(AQUAINT_ARTICLES, len(of_agencies)))
    return sorted(drawn, key=lambda item: item.article.id)


def all_pairs(path: Path) -> list[Pair]:
    """Every pair of a copy of FNC-1 that is not ``unrelated``.

    Raises:
        InputError: Nothing of FNC-1 is below the path.
    """
    pairs = []
    for item in sources.read("fnc1", path).articles:
        claims = {claim.id: claim.text for claim in item.article.claims}
        for stance in item.labels.stances or ():
            if stance.label is not None and stance.label != "unrelated":
                headline = claims[stance.claim or ""]
                pairs.append(Pair(item.article.id, fingerprint(headline), headline, item.article.text, stance.label))
    return sorted(pairs, key=lambda pair: (pair.id, pair.claim))


def draw_pairs(pairs: Sequence[Pair]) -> list[Pair]:
    """200 pairs in the order drawn, no body twice as long as there are bodies."""
    shuffled = list(pairs)
    random.Random(SEED).shuffle(shuffled)
    first: list[Pair] = []
    again: list[Pair] = []
    bodies: set[str] = set()
    for pair in shuffled:
        (again if pair.text in bodies else first).append(pair)
        bodies.add(pair.text)
    return [*first, *again][:FNC1_PAIRS]


def fingerprint(text: str) -> str:
    """Twelve hex digits that name a text without giving it away."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def reading_text(text: str) -> tuple[str, int]:
    """The text without the white space around it, and how many characters were cut off in front."""
    return text.strip(), len(text) - len(text.lstrip())


def numbered(text: str) -> str:
    """The paragraphs with their numbers, as annotators get them."""
    whole, _ = reading_text(text)
    return "".join(f"[{at}] {whole[start:end]}\n\n" for at, (start, end) in enumerate(paragraphs(whole), 1))


def packets(sample: str, path: Path) -> dict[str, str]:
    """Content by name of file: text, day of publication and headline to judge, and no label.

    Raises:
        InputError: Nothing of the source is below the path.
    """
    if sample == "fnc1":
        return _of_pairs(draw_pairs(all_pairs(path)))
    found = [item.article for item in articles(sample, path)]
    return {
        f"{article.id}.txt": f"PUBLISHED: {article.published or 'not known'}\n\n{numbered(article.text)}"
        for article in found
    }


def _of_pairs(pairs: Sequence[Pair]) -> dict[str, str]:
    files: dict[str, str] = {}
    for begin in range(0, len(pairs), _PAIRS_A_FILE):
        part = pairs[begin : begin + _PAIRS_A_FILE]
        shown = [
            f"=== {begin + place} ===\nCLAIM: {' '.join(pair.headline.split())}\n\n{numbered(pair.text)}"
            for place, pair in enumerate(part, 1)
        ]
        files[f"pairs-{begin + 1:03}-{begin + len(part):03}.txt"] = "\n".join(shown)
    return files
