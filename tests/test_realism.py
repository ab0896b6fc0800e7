"""The corpus beside real news and beside itself."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from onrecord import realism
from onrecord.corpus import read_corpus
from onrecord.errors import InputError
from onrecord.model import AnnotatedArticle, Article, Date, Labels, Mention, Quote, Span

REAL: dict[str, Any] = {
    "article_words": {"deciles": [4, 5, 6, 7, 8, 9, 10, 11, 12], "median": 10},
    "quotes": {
        "per_1000_words": 100,
        "per_article_median": 2,
        "kind": {"indirect": 0.5, "direct": 0.25, "mixed": 0.25},
        "source_mention": {"name_or_nominal": 0.5, "pronoun": 0.4, "none": 0.1},
        "content_words": {"median": 2, "mean": 2.0},
        "discontinuous_content": 0.5,
    },
    "dates": {
        "per_1000_words": 50,
        "type": {"DATE": 0.8, "DURATION": 0.1, "TIME": 0.05, "SET": 0.05},
        "value_shapes": {
            "YYYY-MM-DD": 0.2, "YYYY": 0.1, "YYYY-Qn": 0.1, "YYYY-MM": 0.1, "PRESENT_REF": 0.1, "PnY": 0.1,
            "PnM": 0.1, "PnD": 0.1, "PAST_REF": 0.1, "YYYY-Wnn": 0.1, "FUTURE_REF": 0.1,
        },
    },
    "entities": {"named_mentions_per_1000_tokens": 100},
}  # fmt: skip


def article(text: str, **labels: Any) -> AnnotatedArticle:
    return AnnotatedArticle(Article("s/a", text), Labels(**labels))


def by_name(rates: list[realism.Rate]) -> dict[str, realism.Rate]:
    return {rate.name: rate for rate in rates}


def test_rates_are_what_one_counts_by_hand() -> None:
    text = "Ann went. “We knew,” she said on Monday. It was said."
    item = article(
        text,
        entities=(Mention(0, 3, "Ann", kind="name"), Mention(21, 24, "she", kind="pronoun")),
        quotes=(
            Quote("q1", (Span(10, 20, "“We knew,”"), Span(0, 3, "Ann")), source=Span(21, 24, "she"), kind="direct"),
            Quote("q2", (Span(0, 8, "Ann went"),), source=None, kind="indirect"),
        ),
        dates=(Date(33, 39, "Monday", type="DATE", value="2031-11-03"),),
    )
    rates = by_name(realism.rates([item], REAL))
    assert rates["words, median"].ours == 11 == len(text.split())
    assert rates["quotes per 1,000 words"].ours == pytest.approx(2_000 / 11)
    assert rates["dates per 1,000 words"].ours == pytest.approx(1_000 / 11)
    assert [rates[kind].ours for kind in ("direct", "indirect", "mixed")] == [0.5, 0.5, 0]
    assert (rates["source a pronoun"].ours, rates["no source"].ours) == (0.5, 0.5)
    assert rates["discontinuous content"].ours == 0.5
    assert rates["words of a content, mean"].ours == 2.5
    assert rates["dates like YYYY-MM-DD"].ours == 1
    assert rates["names per 1,000 words (real news: tokens)"].ours == pytest.approx(1_000 / 11)


@pytest.mark.parametrize(
    ("ours", "near"), [(125, True), (75, True), (125.1, False), (74.9, False), (None, False), (0, False)]
)
def test_near_is_a_quarter_of_real_news(ours: float | None, near: bool) -> None:
    assert realism.Rate("x", ours, 100, realism.NEAR).near is near
    assert realism.Rate("x", ours, 100, None).near is None


def test_the_tolerances_are_those_of_the_task() -> None:
    rates = by_name(realism.rates([article("a b")], REAL))
    within = {name: rate.tolerance for name, rate in rates.items() if rate.tolerance is not None}
    assert within.pop("discontinuous content") == 0.5
    assert set(within.values()) == {0.25}
    assert len(within) == 10
    # Nothing to count on is not near.
    assert rates["direct"].ours is None
    assert rates["direct"].near is False


@pytest.mark.parametrize("path", [("quotes", "per_1000_words"), ("dates", "type"), ("article_words", "deciles")])
@pytest.mark.parametrize("value", [None, 0, "many", True])
def test_a_profile_without_a_figure_is_refused(path: tuple[str, str], value: object) -> None:
    broken = copy.deepcopy(REAL)
    broken[path[0]][path[1]] = value
    with pytest.raises(InputError, match=f"profile.json: {path[0]}.{path[1]}"):
        realism.rates([article("a b")], broken)


def test_ngrams_stay_inside_their_text() -> None:
    assert realism.distinct(["The cat, the cat.", "The dog"], 2) == (3, 4)
    assert realism.distinct(["one"], 3) == (0, 0)
    assert realism.trigrams(["a b c a b c", "x b c a"], 2) == [("b c a", 2), ("a b c", 2)][::-1]


def test_sentences_and_their_openings() -> None:
    text = "He said no. “She left,” he said.\n\nHe said yes.” It's 3.5 metres long!"
    assert realism.sentences(text) == ["He said no.", "“She left,” he said.", "He said yes.", "It's 3.5 metres long!"]
    assert realism.openings(realism.sentences(text), 2) == (3, [("he said", 2), ("it's 3", 1), ("she left", 1)])


@pytest.mark.parametrize(
    ("value", "shape"),
    [("2031-11-03", "YYYY-MM-DD"), ("2031", "YYYY"), ("2031-Q3", "YYYY-Qn"), ("P10Y", "PnY"), ("PAST_REF", "PAST_REF"),
     ("2031-W05", "YYYY-Wnn"), ("PXY", "other"), ("2031-11-03T09", "other")],
)  # fmt: skip
def test_shapes_of_values(value: str, shape: str) -> None:
    assert realism.value_shape(value) == shape


def script(root: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "scripts" / "profile.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_script_prints_rates_and_repetition(root: Path, tmp_path: Path) -> None:
    real = tmp_path / "profile.json"
    real.write_text(json.dumps(REAL), encoding="utf-8")
    done = script(root, "--real", real)
    assert (done.returncode, done.stderr) == (0, "")
    articles = read_corpus(root / "corpus", root / "annotations").articles
    for rate in realism.rates(articles, REAL):
        assert f"| {rate.name} |" in done.stdout
    assert "| quotes per 1,000 words |" in done.stdout
    assert f"{len(articles)} articles" in done.stdout
    assert done.stdout.count("The fifty most frequent trigrams") == 1
    strict = script(root, "--real", real, "--strict")
    assert strict.returncode == 1
    assert "words, median" in strict.stderr
    texts = script(root, "--texts")
    assert (texts.returncode, texts.stdout) == (0, done.stdout.split("\n\n", 1)[1])


@pytest.mark.parametrize("content", ["", "[]", "{}"])
def test_the_script_refuses_what_is_no_profile(root: Path, tmp_path: Path, content: str) -> None:
    real = tmp_path / "profile.json"
    real.write_text(content, encoding="utf-8")
    done = script(root, "--real", real)
    assert done.returncode == 1
    assert str(real) in done.stderr
    assert "Traceback" not in done.stderr


def test_the_datasheet_shows_the_rates(root: Path, shared_data: Path) -> None:
    done = script(root, "--real", shared_data / "profile.json", "--check")
    assert done.returncode == 0, done.stderr


def test_the_script_does_not_hide_the_standard_library_s_profiler(root: Path) -> None:
    code = "import profile, cProfile; print(profile.Profile, cProfile.run is not None)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root / "scripts", capture_output=True, text=True, check=False
    )
    assert done.stdout == "<class 'profile.Profile'> True\n", done.stderr
