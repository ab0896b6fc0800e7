"""Sequences of words that articles share."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.corpus import read_corpus
from onrecord.model import AnnotatedArticle, Article, Labels, Quote, Span
from onrecord.overlap import Run, shared_runs
from tinycorpus import TINY, copy_tiny

EIGHT = "one two three four five six seven eight"


def article(text: str, name: str = "s/a", story: str | None = "s", quotes: tuple[Quote, ...] = ()) -> AnnotatedArticle:
    return AnnotatedArticle(Article(name, text, story=story), Labels(quotes=quotes))


def found(first: str, second: str, *, same: bool = False) -> list[Run]:
    return shared_runs([article(first), article(second, "s/b" if same else "t/b", "s" if same else "t")])


def test_the_committed_corpus_shares_no_eight_words(root: Path) -> None:
    runs = shared_runs(read_corpus(root / "corpus", root / "annotations").articles)
    assert [(run.first, run.second, run.words) for run in runs] == []


def test_eight_words_are_too_many_and_seven_are_not() -> None:
    (run,) = found(f"Zero {EIGHT}. Nine", f"Then: {EIGHT.title()}!")
    assert (run.words, run.at, run.same_story) == (EIGHT, (5, 6), False)
    assert found(EIGHT.rpartition(" ")[0], EIGHT.rpartition(" ")[0]) == []


def test_a_run_is_reported_whole_and_once() -> None:
    words = [f"w{n}" for n in range(30)]
    (run,) = found(" ".join(words), "x " + " ".join(words[5:]))
    assert run.words == " ".join(words[5:])
    # Twice in one article: each place is one.
    assert len(found(EIGHT, f"{EIGHT} and {EIGHT}")) == 2


def test_the_formula_of_anonymity_is_excepted() -> None:
    formula = "spoke on condition of anonymity because talks were private"
    assert found(formula, formula) == []
    assert found(formula, formula, same=True) == []
    assert len(found(formula.replace("anonymity", "secrecy"), formula.replace("anonymity", "secrecy"))) == 1


@pytest.mark.parametrize("marks", ["“{}”", '"{}"', "‘{}’"])
def test_within_a_story_outlets_may_quote_the_same_words(marks: str) -> None:
    quoted = marks.format(EIGHT)
    assert found(quoted, f"So: {quoted} she said", same=True) == []
    assert found(f"{quoted} she said", f"{quoted} she said", same=True) == []
    # But not between stories, and not where one of them does not quote.
    assert len(found(quoted, quoted)) == 1
    assert len(found(quoted, EIGHT, same=True)) == 1


def test_a_quotation_does_not_excuse_the_sentence_beside_it() -> None:
    both = f"“Yes.” {EIGHT}"
    (run,) = found(both, both, same=True)
    assert run.words == EIGHT
    assert both[run.at[0] :].startswith("one")


def test_gold_contents_count_as_quoted() -> None:
    text = f"He said {EIGHT}."
    quote = Quote("q1", (Span(8, 8 + len(EIGHT), EIGHT),))
    assert shared_runs([article(text, quotes=(quote,)), article(text, "s/b", quotes=(quote,))]) == []
    assert len(shared_runs([article(text, quotes=(quote,)), article(text, "s/b")])) == 1


def test_articles_without_a_story_are_stories_by_themselves() -> None:
    text = f"“{EIGHT}”"
    (run,) = shared_runs([article(text, "a", None), article(text, "b", None)])
    assert not run.same_story


def test_length_must_be_positive() -> None:
    with pytest.raises(ValueError, match="at least one word"):
        shared_runs([], length=0)


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=12), min_size=2, max_size=2), st.integers(1, 4))
def test_every_shared_sequence_lies_in_a_run(texts: list[list[str]], length: int) -> None:
    """Against all pairs of places, tried one by one."""
    first, second = texts
    runs = shared_runs([article(" ".join(first)), article(" ".join(second), "t/b", "t")], length=length)
    # One letter and one space a word: place = offset / 2.
    covered = {
        (run.at[0] // 2 + n, run.at[1] // 2 + n) for run in runs for n in range(len(run.words.split()) - length + 1)
    }
    expected = {
        (i, j)
        for i in range(len(first) - length + 1)
        for j in range(len(second) - length + 1)
        if first[i : i + length] == second[j : j + length]
    }
    assert covered == expected


def script(root: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "scripts" / "overlap.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_script_says_what_is_shared(root: Path, tmp_path: Path) -> None:
    disk = copy_tiny(tmp_path)
    places = ("--corpus", disk / "corpus", "--annotations", disk / "annotations")
    done = script(root, *places)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("4 articles: 0 runs")
    copied = (TINY / "corpus/stories/ferry-dock/harbour-post.txt").read_text(encoding="utf-8").split("\n\n")[3]
    path = disk / "corpus/stories/clinic-hours/weekly-bell.txt"
    path.write_text(path.read_text(encoding="utf-8") + f"\n{copied}\n", encoding="utf-8")
    done = script(root, *places)
    assert done.returncode == 1
    assert "clinic-hours/weekly-bell:" in done.stdout
    assert "in different stories" in done.stdout
    path.write_text("no header", encoding="utf-8")
    done = script(root, *places)
    assert (done.returncode, done.stdout) == (1, "")
    assert "no header between two --- lines" in done.stderr
    assert script(root, "--length", 0).returncode == 2
