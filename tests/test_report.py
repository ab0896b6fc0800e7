"""The report as files: what is in it, what it refuses, what it escapes, and what a notebook shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from tests.reporting import HOSTILE, LONG, SCRIPT, odd_answers, odd_gold, rules, wanting, write
from tests.tinycorpus import build_tiny

import onrecord
from onrecord.cli import main
from onrecord.errors import InputError
from onrecord.model import AnnotatedArticle, Article, Claim, Date, Labels, Mention, Quote, Span, Stance
from onrecord.report import page
from onrecord.report.articles import article_rows
from onrecord.report.confusions import confusions, ending, quoted
from onrecord.report.failures import grids, part_grids, stance_matrix, type_matrix
from onrecord.report.labels import Point, labelled
from onrecord.report.listing import PER_ARTICLE, comparison, listing
from onrecord.report.overview import outcome_counts
from onrecord.report.page import write_report
from onrecord.report.study import Study, read_study
from onrecord.scoring.alignment import OUTCOMES

Written = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny release, and predictions of two systems."""
    folder = tmp_path_factory.mktemp("report")
    release = build_tiny(folder)
    rules(release, folder / "rules.jsonl")
    wanting(release, folder / "wanting.jsonl")
    return folder


@pytest.fixture(scope="module")
def study(folder: Path) -> Study:
    return read_study([str(folder / "rules.jsonl"), str(folder / "wanting.jsonl")], str(folder / "tiny"))


@pytest.fixture(scope="module")
def odd() -> Study:
    return read_study([odd_answers()], odd_gold())


def data_of(path: Path) -> Written:
    """The JSON that the page's script reads."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', path.read_text("utf-8"), re.DOTALL)
    assert found is not None
    read: Written = orjson.loads(found[1])
    return read


# What is in it ---------------------------------------------------------------------------------------------------


def test_one_file_that_needs_nothing_else(study: Study, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    written = write_report(study, path)
    assert written.articles is None and written.charts == ()
    assert [item.name for item in tmp_path.iterdir()] == ["report.html"]
    text = path.read_text("utf-8")
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", text)
    assert "@import" not in text and "url(http" not in text
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    assert "default-src &#39;none&#39;" in policy[1]
    assert "unsafe" not in policy[1] and "http" not in policy[1]
    assert " style=" not in text.split('id="data"')[0]
    assert len(data_of(path)["articles"]) == 2


def test_the_scripts_hash_is_the_policys(study: Study, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report(study, path)
    text = path.read_text("utf-8")
    assert re.search(r"<script>(.*?)</script>", text, re.DOTALL)[1] == page._script()  # type: ignore[index]
    for part in (page._script(), page._asset("report.css")):
        assert page._hash(part).strip("'") in text
        assert "</script" not in part and "</style" not in part


def test_figures_are_those_of_the_result(study: Study, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report(study, path)
    text = path.read_text("utf-8")
    for result in study.results:
        assert str(result.signature) in text
        for name in ("entities/strict:f1", "quotes/content-soft:f1", "dates/value:f1"):
            assert f"{result.scores[name].value:.3f}" in text
    assert "@misc{onrecord" in text


def test_equal_input_makes_equal_bytes(folder: Path, tmp_path: Path) -> None:
    contents = []
    for name in ("a", "b"):
        study = read_study([str(folder / "rules.jsonl")], str(folder / "tiny"))
        (tmp_path / name).mkdir()
        write_report(study, tmp_path / name / "report.html", with_charts=True)
        contents.append({file.name: file.read_bytes() for file in (tmp_path / name).iterdir()})
    assert contents[0].keys() == contents[1].keys()
    assert all(contents[0][name] == contents[1][name] for name in contents[0] if not name.endswith(".png"))


def test_without_predictions_it_shows_the_data(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "data.html"
    assert main(["report", "--gold", str(folder / "tiny"), "-o", str(path)]) == 0
    data = data_of(path)
    assert data["systems"] == [] and len(data["articles"][0]["gold"]["quotes"]) == 4
    text = path.read_text("utf-8")
    assert "Where it fails" not in text and "entity mentions by type" in text


def test_items_are_written_whole_or_as_what_differs_from_gold(study: Study) -> None:
    """What the script puts together again is what the columns say."""
    told = {"entities": (4, 6), "quotes": (7, 8), "dates": (4, 5)}
    for row in article_rows(study):
        for system, scoring in zip(row["systems"], study.scorings, strict=True):
            answers = scoring.run.task.answers
            article = list(answers.ids).index(row["id"])
            for layer, (width, whole) in told.items():
                columns = getattr(answers, {"entities": "mentions"}.get(layer, layer))
                made = []
                for g, a, *_ in system["rows"][layer]:
                    if a < 0:
                        continue
                    item = system["items"][layer][a]
                    made.append(item if len(item) >= whole else [*row["gold"][layer][g][:width], *item])
                mine = np.flatnonzero(columns.article == article)
                if layer == "quotes":
                    assert sorted(str(item[6]) for item in made) == sorted(str(columns.said_on[r]) for r in mine)
                else:
                    field = columns.type
                    assert sorted((i[0], i[1], str(i[2])) for i in made) == sorted(
                        (int(columns.start[r]), int(columns.end[r]), str(field[r])) for r in mine
                    )


def test_listing_has_each_articles_own_figures(study: Study) -> None:
    found = listing(study)
    assert set(found["figures"]) <= set(PER_ARTICLE) and "entities/strict:f1" in found["figures"]
    for place, result in enumerate(study.results):
        for row in found["articles"]:
            alone = result.select([identifier == row["id"] for identifier in result.counts.ids])
            for name, value in zip(found["figures"], row["scores"][place], strict=True):
                if name not in result.scores:
                    assert value is None
                    continue
                expected = alone.scores[name].value
                assert value == (None if expected is None else pytest.approx(expected, abs=6e-4)), (name, row["id"])


def test_comparison_counts_gold_items_once(study: Study) -> None:
    found = comparison(study)
    counts = outcome_counts(study)
    spurious, right = OUTCOMES.index("spurious"), OUTCOMES.index("right")
    for layer, (both, only_a, only_b, neither) in found["counts"]["0-1"].items():
        first, second = (counts[name][{"stances": "stance, found"}.get(layer, layer)] for name in study.names)
        assert both + only_a + only_b + neither == sum(first) - first[spurious]
        assert both + only_a == first[right] and both + only_b == second[right]
        assert found["counts"]["1-0"][layer] == [both, only_b, only_a, neither]
    assert found["total"] == len(found["items"]) == sum(b + c for _, b, c, _ in found["counts"]["0-1"].values())


def test_tables_of_failures(study: Study) -> None:
    by_type = next(grid for grid in part_grids(study) if grid.title == "entities/strict by type")
    whole = study.results[1].part("type=ORG")
    row = next(row for row in by_type.rows if row.name == "ORG")
    assert row.cells[1::2] == tuple(whole[f"entities/strict:{side}"].value for side in ("precision", "recall", "f1"))
    by_outlet = next(grid for grid in grids(study) if grid.title == "outlet")
    assert {row.name for row in by_outlet.rows} == {"city-sheet", "coast-wire"}
    assert [row.number for row in by_outlet.rows] == [1, 1]


def test_matrices_hold_every_name(study: Study) -> None:
    scoring = study.scorings[0]
    matrix = type_matrix(scoring)
    assert matrix is not None
    gold = scoring.result.scores["entities/strict:f1"].gold
    assert sum(map(sum, matrix.cells[:-1])) == gold
    columns = list(zip(*matrix.cells, strict=True))
    assert sum(map(sum, columns[:-1])) == scoring.result.scores["entities/strict:f1"].predicted
    diagonal = sum(matrix.cells[place][place] for place in range(len(matrix.labels) - 1))
    assert diagonal == scoring.result.counts.totals()["entities/strict", "count=COR"][0]
    stance = stance_matrix(scoring)
    assert stance is not None and sum(map(sum, stance.cells)) == scoring.result.scores["stance/accuracy"].gold


def test_costly_confusions_name_places_that_exist(study: Study) -> None:
    first = confusions(study.scorings[0])
    assert [one.number for one in first] == sorted((one.number for one in first), reverse=True)
    taken = next(one for one in first if one.what == "ORG taken for PERSON")
    assert taken.number == 3 and taken.share == pytest.approx(3 / len(study.scorings[0].aligned["entities"]))
    article, end, words = taken.examples[0]
    assert study.gold.columns.ids[article] == "tram-fares/city-sheet" and words == "Orbel"
    assert end == "~rules.entities.1"


def test_fragments_keep_what_separates_them() -> None:
    assert quoted("a~b/c d.e") == "a%7Eb/c%20d.e"
    assert ending("sys~tem", "dates", 4) == "~sys%7Etem.dates.5"


# Large reports ---------------------------------------------------------------------------------------------------


def test_more_articles_go_into_a_folder(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "MOST_ARTICLES", 1)
    path = tmp_path / "big.html"
    for _ in range(2):  # A report takes the place of an earlier one.
        written = write_report(study, path)
    assert written.articles == tmp_path / "big-articles"
    names = sorted(item.name for item in (tmp_path / "big-articles").iterdir())
    assert names == ["00001.html", "00002.html", "report.css", "report.js"]
    assert sorted(item.name for item in tmp_path.iterdir()) == ["big-articles", "big.html"]
    index = data_of(path)
    assert "articles" not in index and index["pages"] == "big-articles"
    first, second = (data_of(tmp_path / "big-articles" / name) for name in names[:2])
    assert first["before"] is None and first["after"] == "00002.html" and second["before"] == "00001.html"
    assert "big-articles/00001.html#article~rules." in path.read_text("utf-8")


def test_large_articles_go_into_a_folder(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "MOST_BYTES", 1_000)
    assert write_report(study, tmp_path / "big.html").articles is not None


def test_a_folder_of_somebody_elses_is_left_alone(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "MOST_ARTICLES", 1)
    (tmp_path / "big-articles").mkdir()
    (tmp_path / "big-articles" / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="holds no articles of a report"):
        write_report(study, tmp_path / "big.html")
    assert (tmp_path / "big-articles" / "mine.txt").read_text() == "mine"
    with pytest.raises(InputError, match="no single file"):
        write_report(study, "-")


def test_hundred_articles_of_three_systems_stay_below_five_megabytes(folder: Path, tmp_path: Path) -> None:
    gold = [dict(row) for row in onrecord.load("all", split="test", path=folder / "tiny")]
    # Longer articles: the tiny ones put behind one another until they have the length of real ones.
    many = [_repeated(gold[number % 2], number, 12) for number in range(100)]
    answers = [
        [{**row, "entities": [m for m in row["entities"] if hash((m["start"], s)) % 9]} for row in many]
        for s in range(3)
    ]
    study = read_study(answers, many, resamples=0)
    path = tmp_path / "report.html"
    assert write_report(study, path).articles is None
    assert path.stat().st_size < 5_000_000
    assert sum(len(row["entities"]) for row in many) > 5_000


def _repeated(row: dict[str, Any], number: int, times: int) -> dict[str, Any]:
    found: dict[str, Any] = {"id": f"{row['id']}-{number}", "text": "\n\n".join([row["text"]] * times), "quotes": []}
    step = len(row["text"]) + 2
    for layer in ("entities", "dates"):
        found[layer] = [
            {**item, "start": item["start"] + step * turn, "end": item["end"] + step * turn}
            for turn in range(times)
            for item in row[layer]
        ]
    return found


# What is odd -----------------------------------------------------------------------------------------------------


def test_everything_odd_is_written(odd: Study, tmp_path: Path) -> None:
    path = tmp_path / "odd.html"
    write_report(odd, path, with_charts=True)
    markup, _, rest = path.read_text("utf-8").partition('<script type="application/json"')
    assert "<img" not in markup and "<script>window" not in markup and "&lt;img src=x onerror=" in markup
    assert rest.count("</script>") == 2
    data = data_of(path)
    assert data["articles"][0]["headline"] == HOSTILE and data["articles"][0]["id"] == f"hostile/{SCRIPT}"
    assert data["articles"][1]["text"] == ""
    assert data["articles"][0]["systems"][0]["items"]["quotes"][0][-1] == "<i>invented</i>"
    assert "180 rarer labels" in markup or "rarer values are not listed" in markup


def test_a_system_that_answered_half_misses_the_rest(odd: Study) -> None:
    rows = list(article_rows(odd))
    assert rows[4]["systems"][0]["lacks"] == ["entities", "quotes", "dates", "stance"]
    assert {outcome for _, _, outcome, _ in rows[4]["systems"][0]["rows"]["entities"]} == {OUTCOMES.index("missed")}
    assert "dates" not in rows[2]["gold"] and rows[1]["gold"]["dates"] == []


def test_names_are_cut_in_charts_only(tmp_path: Path) -> None:
    gold = [{"id": "a", "text": "Ann", "entities": [{"start": 0, "end": 3, "type": LONG}]}]
    study = read_study([write(gold, tmp_path / f"{LONG[:60]}.jsonl")], gold)
    path = tmp_path / "long.html"
    write_report(study, path, with_charts=True)
    assert LONG in path.read_text("utf-8")


def test_two_systems_of_one_name_are_told_apart(folder: Path) -> None:
    study = read_study([str(folder / "rules.jsonl")] * 3, str(folder / "tiny"), resamples=0)
    assert study.names == ["rules", "rules-2", "rules-3"]


def test_no_layer_in_common_still_makes_a_report(tmp_path: Path) -> None:
    study = read_study([[{"id": "a", "dates": []}]], [{"id": "a", "text": "Ann", "entities": []}])
    path = tmp_path / "none.html"
    write_report(study, path)
    assert "Overview" in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.jsonl"], "no such file"),
        (["--gold", "nowhere"], "no such file"),
        (["-o", "nowhere/report.html"], "folder that does not exist"),
        (["{rules}"] * 7, "six"),
        (["--charts", "-o", "-"], "no place beside standard output"),
    ],
)
def test_refusals(
    arguments: list[str],
    message: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(folder)
    filled = [argument.replace("{rules}", str(folder / "rules.jsonl")) for argument in arguments]
    gold = [] if "--gold" in filled else ["--gold", str(folder / "tiny")]
    assert main(["report", *filled, *gold]) == 1
    assert message.replace("six", "6 systems at most") in capsys.readouterr().err
    assert not list(folder.glob("report*"))


def test_standard_output(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["report", "--gold", str(folder / "tiny"), "-o", "-"]) == 0
    assert capfdbinary.readouterr().out.startswith(b"<!doctype html>")


def test_charts_beside_the_report(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "r.html"
    main(["report", str(folder / "rules.jsonl"), "--gold", str(folder / "tiny"), "-o", str(path), "--charts"])
    names = sorted(item.name for item in tmp_path.iterdir())
    assert names == sorted(
        ["r.html", *(f"r-{name}.{kind}" for name in ("scores", "outcomes", "balance-1") for kind in ("svg", "png"))]
    )
    assert (tmp_path / "r-scores.png").read_bytes().startswith(b"\x89PNG")
    svg = (tmp_path / "r-scores.svg").read_text("utf-8")
    width = re.search(r'width="([\d.]+)pt"', svg)
    assert width is not None and float(width[1]) < 3.5 * 72  # Fits a column.
    assert "r-scores.png" in capsys.readouterr().out


def test_labels_cover_neither_points_nor_one_another() -> None:
    points = [Point(f"PART{n}", 0.8 + (n % 3) / 100, 0.8 + n / 200, 10 - n) for n in range(10)]
    points += [Point("A", 0.1, 0.1, 3), Point("B", 0.1, 0.1, 2)]
    found = list(labelled(points))
    assert ("A, B", (pytest.approx(0.122), 0.1), points[10]) in found
    boxes = [(x, x + len(words) * 0.0155, y - 0.018, y + 0.018) for words, (x, y), _ in found]
    assert len(boxes) > 5
    for place, a in enumerate(boxes):
        assert a[0] >= 0 and a[1] <= 1.03
        for b in boxes[:place]:
            assert not (a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3])


# In notebooks ----------------------------------------------------------------------------------------------------


def test_results_and_comparisons_display_themselves(study: Study) -> None:
    html = study.results[0]._repr_html_()
    assert "<table>" in html and "entities/strict" in html and str(study.results[0].signature) in html
    assert study.comparison is not None
    compared = study.comparison._repr_html_()
    assert "(baseline)" in compared and "wanting" in compared


def test_articles_display_themselves_with_their_labels() -> None:
    text = f"Ann said “{HOSTILE}” on Friday."
    article = Article("a/b", text, headline=HOSTILE, claims=(Claim("c1", HOSTILE),), phenomena=("x",))
    assert "<img" not in article._repr_html_() and "&lt;img" in article._repr_html_()
    end = text.index("”") + 1
    labels = Labels(
        entities=(Mention(0, 3, type="PERSON"), Mention(None, None, "lost"), Mention(50, 900)),
        quotes=(Quote(content=(Span(9, end),), kind="direct"), Quote(content=(Span(5, 14),))),
        dates=(Date(text.index("Friday"), text.index("Friday") + 6, type="DATE", value="2031-01-03"),),
        stances=(Stance(holder="e1", claim="c1", label="supports"),),
    )
    html = AnnotatedArticle(article, labels)._repr_html_()
    assert "<img" not in html
    assert re.sub(r"<[^>]*>", "", html).count("Ann said") == 1
    for title in ("entities: PERSON", "quotes: direct", "dates: 2031-01-03"):
        assert f'title="{title}"' in html
    assert "supports" in html
