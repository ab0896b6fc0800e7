"""The vocabulary of phenomena, and the rules for those that follow from labels."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from onrecord.corpus import Entry, read_corpus
from onrecord.errors import InputError
from onrecord.model import AnnotatedArticle, Article, Chain, Date, Labels, Mention, Quote, Span, Stance
from onrecord.phenomena import RULES, computed, disagreements, read_phenomena, unknown
from tinycorpus import TINY, copy_tiny


def item(text: str = "Headline\n\nText.", published: str = "2031-11-05", **labels: Any) -> AnnotatedArticle:
    return AnnotatedArticle(Article("s/a", text, published=published), Labels(**labels))


def place(text: str, words: str) -> tuple[int, int, str]:
    start = text.index(words)
    return start, start + len(words), words


def span(text: str, words: str) -> Span:
    return Span(*place(text, words))


def test_every_tag_in_use_is_in_the_vocabulary(root: Path) -> None:
    vocabulary = read_phenomena(root / "corpus" / "phenomena.json")
    for corpus, labels in (("corpus", "annotations"), (TINY / "corpus", TINY / "annotations")):
        assert unknown(read_corpus(root / corpus, root / labels).articles, vocabulary) == []
    assert len(vocabulary) >= 30
    assert list(vocabulary) == sorted(vocabulary)
    for one in vocabulary.values():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", one.tag)
        for sentence in (one.definition, one.computed or "Judged."):
            assert sentence.endswith(".")
    assert {tag for tag, one in vocabulary.items() if one.computed} == set(RULES)


def test_an_unknown_tag_is_found(root: Path) -> None:
    vocabulary = read_phenomena(root / "corpus" / "phenomena.json")
    odd = AnnotatedArticle(Article("s/a", "x", phenomena=("sets", "moods")))
    assert unknown([odd], vocabulary) == [("s/a", "moods")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"phenomena": [{"tag": "a", "definition": "x."}]}', "lacks tag, definition or computed"),
        ('{"phenomena": ["a"]}', "lacks tag"),
        ('{"phenomena": [{"tag": "a", "definition": "x.", "computed": null},'
         ' {"tag": "a", "definition": "y.", "computed": null}]}', "'a' a second time"),
        ("{}", "names no phenomenon"),
        ("", "is empty"),
    ],
)  # fmt: skip
def test_a_broken_vocabulary_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "phenomena.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_phenomena(path)


QUOTED = "He quit\n\n“We knew,” Pell said, “and told them.”\n\nShe denied it."
CASES: list[tuple[str, AnnotatedArticle, AnnotatedArticle]] = [
    ("anonymous-source", item(quotes=(Quote(sourcing="anonymous"),)), item(quotes=(Quote(sourcing="unnamed"),))),
    ("changed-position", item(stances=(Stance("e1", None, "c1", "supports", "opposes"),)),
     item(stances=(Stance("e1", None, "c1", "supports", "supports"), Stance("e1", None, "c2", "supports")))),
    ("opposite-positions", item(stances=(Stance("e1", None, "c1", "supports"), Stance("e1", None, "c2", "opposes"))),
     item(stances=(Stance("e1", None, "c1", "supports"), Stance("e2", None, "c2", "opposes")))),
    ("decade", item(dates=(Date(type="DATE", value="199X"),)), item(dates=(Date(type="DATE", value="1990"),))),
    ("fiscal-year", item(dates=(Date(value="FY2031-Q2"),)), item(dates=(Date(value="2031-Q2"),))),
    ("quarters", item(dates=(Date(value="2031-Q2"),)), item(dates=(Date(value="FY2031-Q2"),))),
    ("durations", item(dates=(Date(type="DURATION"),)), item(dates=(Date(type="SET"),))),
    ("sets", item(dates=(Date(type="SET"),)), item(dates=(Date(type="DURATION"),))),
    ("vague-dates", item(dates=(Date(type="DATE", value="PAST_REF"),)),
     item(dates=(Date(type="SET", value="XXXX-WXX-5"), Date(type="DATE", value="PRESENT_REF")))),
    ("weekday-before", item(dates=(Date(text="Monday", value="2031-11-03"),)),
     item(dates=(Date(text="Wednesday", value="2031-11-05"), Date(text="Monday 3 November", value="2031-11-03")))),
    ("weekday-after", item(dates=(Date(text="next Friday", value="2031-11-07T09:00"),)),
     item(dates=(Date(text="today", value="2031-11-07"), Date(text="Friday", value="XXXX-WXX-5")))),
    ("document-source", item(quotes=(Quote(source=Span(0, 1)),)),
     item(quotes=(Quote(source=Span(0, 1), speaker="e1"), Quote()))),
    ("hidden-source", item(quotes=(Quote(cue=Span(0, 1)),)), item(quotes=(Quote(cue=Span(0, 1), source=Span(2, 3)),))),
    ("shared-source", item(quotes=(Quote(source=Span(0, 1)), Quote(source=Span(0, 1)))),
     item(quotes=(Quote(source=Span(0, 1)), Quote(source=Span(0, 2)), Quote(), Quote()))),
    ("quote-without-cue", item(quotes=(Quote(kind="direct"),)),
     item(quotes=(Quote(kind="indirect"), Quote(kind="direct", cue=Span(0, 1))))),
    ("refusal-to-say", item(quotes=(Quote(cue=Span(0, 9, "didn’t say")),)),
     item(quotes=(Quote(cue=Span(0, 4, "noted")),))),
    ("headline-quote", item(QUOTED, quotes=(Quote(content=(span(QUOTED, "quit"),)),)),
     item(QUOTED, quotes=(Quote(content=(span(QUOTED, "“We knew,”"),)),))),
    ("interrupted-quote",
     item(QUOTED, quotes=(Quote(content=(span(QUOTED, "“We knew,”"), span(QUOTED, "“and told them.”")),
                                cue=span(QUOTED, "said"), kind="direct"),)),
     item(QUOTED, quotes=(Quote(content=(span(QUOTED, "“We knew,”"), span(QUOTED, "“and told them.”")),
                                cue=span(QUOTED, "denied"), kind="direct"),))),
    ("multi-paragraph-quote",
     item(QUOTED, quotes=(Quote(content=(span(QUOTED, "“and told them.”"), span(QUOTED, "She")), kind="mixed"),)),
     item(QUOTED, quotes=(Quote(content=(span(QUOTED, "“We knew,”"), span(QUOTED, "“and told them.”")), kind="direct"),))),
    ("nested-quote", item(quotes=(Quote(content=(Span(text="“He said, ‘Go away,’ to me”"),)),)),
     item(quotes=(Quote(content=(Span(text="“Don’t ask the workers’ wives”"),)),))),
    ("live-blog", item("A\n\n5.40pm One\n\n17:50 Two\n\n18.05: Three"), item("A\n\n5.40pm One\n\n17:50 Two\n\n1,805 Three")),
    ("place-for-government", item(chains=(Chain("e1", "GPE"),), quotes=(Quote(speaker="e1"),)),
     item(chains=(Chain("e1", "GPE"), Chain("e2", "ORG")), quotes=(Quote(speaker="e2"),))),
    ("firm-named-after-place", item(chains=(Chain("e1", "ORG", "Velm Water"), Chain("e2", "GPE", "Velm"))),
     item(chains=(Chain("e1", "ORG", "Velmish Water"), Chain("e2", "GPE", "Velm")))),
    ("same-surname", item(chains=(Chain("e1", "PERSON", "Lon Pell"), Chain("e2", "PERSON", "Ada Pell"))),
     item(chains=(Chain("e1", "PERSON", "Lon Pell"), Chain("e2", "PERSON", "Pell"), Chain("e3", "ORG", "Ada Pell")))),
    ("scare-quotes", item("A\n\nThe “free” bus.", quotes=()),
     item("A\n\nThe “free” bus.", quotes=(Quote(content=(Span(7, 13, "“free”"),)),))),
    ("pronoun-only-source",
     item(QUOTED, entities=(Mention(20, 24, "Pell", kind="name", entity="e1"),
                            Mention(*place(QUOTED, "She"), kind="pronoun", entity="e1")),
          quotes=(Quote(source=span(QUOTED, "She"), speaker="e1"),)),
     item(QUOTED, entities=(Mention(*place(QUOTED, "She"), kind="nominal", entity="e1"),),
          quotes=(Quote(source=span(QUOTED, "She"), speaker="e1"),))),
]  # fmt: skip


@pytest.mark.parametrize(("tag", "has", "lacks"), CASES, ids=[case[0] for case in CASES])
def test_a_rule_finds_what_it_says(tag: str, has: AnnotatedArticle, lacks: AnnotatedArticle) -> None:
    assert tag in computed(has, {})
    assert tag not in computed(lacks, {})


def test_a_pronoun_after_the_name_in_its_paragraph_is_not_alone() -> None:
    text = "A\n\nPell left and she cried."
    she = span(text, "she")
    mentions = (
        Mention(3, 7, "Pell", kind="name", entity="e1"),
        Mention(*place(text, "she"), kind="pronoun", entity="e1"),
    )
    found = item(text, entities=mentions, quotes=(Quote(source=she, speaker="e1"),))
    assert "pronoun-only-source" not in computed(found, {})


def test_an_acronym_is_shared_if_the_world_has_it_twice() -> None:
    world = {name: Entry(name, "ORG", name, ("PTA",)) for name in ("org/a", "org/b")}
    found = item("A\n\nThe PTA met.", chains=(Chain("e1", "ORG", "PTA", link="org/a"),))
    assert "acronym-shared" in computed(found, world)
    assert "acronym-shared" not in computed(found, {"org/a": world["org/a"]})
    assert "acronym-shared" not in computed(item("A\n\nIt met.", chains=(Chain("e1", link="org/a"),)), world)


def test_every_rule_has_a_case() -> None:
    assert {case[0] for case in CASES} | {"acronym-shared"} == set(RULES)


def test_disagreements_go_both_ways_and_leave_judged_tags_alone() -> None:
    found = item(dates=(Date(type="SET"),))
    tagged = AnnotatedArticle(replace(found.article, phenomena=("durations", "ocr-noise")), found.labels)
    shown = [str(one) for one in disagreements([tagged], {})]
    assert shown == [
        "s/a: durations: in the header, not found in the labels",
        "s/a: sets: found in the labels, not in the header",
    ]


def script(root: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "scripts" / "phenomena.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_script_counts_and_lists(root: Path, tmp_path: Path) -> None:
    done = script(root, "--least", 8)
    # Grows with the corpus: the tags that are still too rare are named.
    corpus = read_corpus(root / "corpus", root / "annotations")
    rare = {
        tag
        for tag in read_phenomena(root / "corpus" / "phenomena.json")
        if sum(tag in one.article.phenomena for one in corpus.articles) < 8
    }
    assert done.returncode == int(bool(rare))
    assert all(re.search(rf"\b{tag} \d", done.stderr) for tag in rare)
    number = len(disagreements(corpus.articles, corpus.world))
    assert f"\n{number} disagreements:\n" in done.stdout
    assert done.stdout.count("\n- ") == number

    disk = copy_tiny(tmp_path)
    places = ["--corpus", disk / "corpus", "--annotations", disk / "annotations"]
    done = script(root, *places)
    assert done.returncode == 1
    assert "phenomena.json: no such file" in done.stderr
    vocabulary = {"phenomena": [{"tag": "sets", "definition": "x.", "computed": "y."}]}
    (disk / "corpus" / "phenomena.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    done = script(root, *places)
    assert done.returncode == 1
    assert "clinic-hours/weekly-bell: unknown phenomenon 'nested-quote'" in done.stderr
