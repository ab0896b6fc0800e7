"""Labels written as lines and read again; mends of a third reading and their reasons."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from onrecord.corpus import Corpus, read_corpus
from onrecord.mending import unexplained
from onrecord.model import Labels
from onrecord.passes import compile_pass
from onrecord.passwriter import Writer

NAME = "ferry-sinking/kapuluan-wire"


@pytest.fixture(scope="module")
def corpus(root: Path) -> Corpus:
    return read_corpus(root / "corpus", root / "annotations")


def plain(labels: Labels) -> Labels:
    """Without order inside a layer, and without aliases, which are computed and may be mended by hand."""

    def place(item: object) -> tuple[object, ...]:
        return (getattr(item, "start", 0), getattr(item, "end", 0))

    return replace(
        labels,
        entities=tuple(sorted(labels.entities or (), key=place)),
        dates=tuple(sorted(labels.dates or (), key=place)),
        chains=tuple(replace(chain, aliases=()) for chain in labels.chains or ()),
    )


def test_what_is_written_compiles_to_the_same_labels(corpus: Corpus) -> None:
    for item in corpus.articles:
        compiled = compile_pass(Writer(item.article).text(item.labels), item.article, item.article.id, corpus.world)
        assert compiled.problems == []
        assert plain(compiled.labels) == plain(item.labels), item.article.id


DRAFT = "[entities]\n1 | A | e1 | name\n2 | B | e1 | name\n\n[dates]\n2 | Friday | DATE | 2031-10-31 | -\n"


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("", "", 0),
        ("2 | B | e1 | name", "# B is the firm, not the town (section 1)\n2 | B | e2 | name", 0),
        ("2 | B | e1 | name", "2 | B | e2 | name", 1),
        ("2 | B | e1 | name", "#\n2 | B | e2 | name", 1),
        ("2 | B | e1 | name\n", "# removed: 2 | B | e1 | name | no name of anything", 0),
        ("2 | B | e1 | name\n", "# removed: 2 | B | e1 | name |", 1),
        ("2 | B | e1 | name\n", "", 1),
        ("2 | Friday", "# two more\n2 | May | DATE | 2031-05 | -\n2 | June | DATE | 2031-06 | -\n2 | Friday", 0),
        ("2 | Friday", "# above a kept line\n2 | Friday", 0),
        ("2 | B | e1 | name", "# why\n2 | B | e1 | name\n3 | C | e1 | name", 1),
    ],
)
def test_every_mend_has_a_reason(old: str, new: str, wrong: int) -> None:
    assert len(unexplained(DRAFT, DRAFT.replace(old, new) if old else DRAFT)) == wrong


def test_gold_is_compiled_from_a_mended_draft(root: Path, tmp_path: Path) -> None:
    name = NAME.replace("/", "__")
    notes = tmp_path / "annotations"
    for kept in ("passes/a1", "passes/b1", "adjudication", "gold"):
        (notes / kept).mkdir(parents=True)
    for kept in (f"passes/a1/{name}.ann.txt", f"passes/b1/{name}.ann.txt", f"adjudication/{name}.txt"):
        (notes / kept).write_bytes((root / "annotations" / kept).read_bytes())

    def adjudicate(what: str) -> subprocess.CompletedProcess[str]:
        script = str(root / "scripts" / "adjudicate.py")
        command = [sys.executable, script, what, "a1", "b1", NAME, "--annotations", str(notes)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    gold, draft = notes / "gold" / f"{NAME}.json", notes / "adjudication" / f"{name}.ann.txt"
    assert adjudicate("gold").returncode == 0
    from_decisions = gold.read_bytes()
    assert adjudicate("draft").returncode == 0
    assert adjudicate("gold").returncode == 0
    assert gold.read_bytes() == from_decisions
    again = adjudicate("draft")
    assert again.returncode == 1 and "is there already" in again.stderr

    text = draft.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.endswith("| name"))
    draft.write_text(text.replace(f"{line}\n", "", 1), encoding="utf-8")
    refused = adjudicate("gold")
    assert refused.returncode == 1 and "# removed: <the line> | why" in refused.stderr
    assert gold.read_bytes() == from_decisions
    draft.write_text(text.replace(line, f"# removed: {line} | for this test", 1), encoding="utf-8")
    assert adjudicate("gold").returncode == 0
    assert gold.read_bytes() != from_decisions
