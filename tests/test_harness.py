"""Language models through the real Inspect harness, against a server in this process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import onrecord
from conftest import require
from modelserver import ModelServer, answers, serving
from onrecord.cli import main
from onrecord.harness.tracks import TRACKS
from onrecord.release import read_rows
from tinycorpus import build_tiny

try:
    import inspect_ai
    import openai  # noqa: F401  what Inspect speaks to such a server with
except ImportError:
    inspect_ai = None  # type: ignore[assignment]


Well = Callable[[str], tuple[Any, list[dict[str, Any]]]]
#: On one worker: the runs are shared, and Inspect allows one evaluation at a time in a process.
pytestmark = pytest.mark.xdist_group("inspect")


@pytest.fixture(autouse=True, scope="module")
def needs_inspect() -> None:
    require(inspect_ai is not None, "needs pip install 'onrecord[inspect]' openai")


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve articles of twelve stories: the four tiny ones three times."""
    folder = build_tiny(tmp_path_factory.mktemp("release"))
    rows = [row for split in ("train", "validation", "test") for row in read_rows(folder, "all", split).to_pylist()]
    path = folder.parent / "gold.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        for copy in range(3):
            for row in rows:
                changed = {
                    "id": f"{row['id']}-{copy}",
                    "story": f"{row['id']}-{copy}",
                    "text": f"{row['text']}\n\nCopy {copy}.\n",
                }
                stream.write(json.dumps({**row, **changed, "text_sha256": None}, ensure_ascii=False) + "\n")
    return path


@pytest.fixture(scope="module")
def answer_file(gold: Path) -> Path:
    """What the server answers from: the rules' predictions, as text without offsets."""
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    asked = [
        {
            **{name: row[name] for name in ("id", "text", "published", "claims", "outlet", "story")},
            "stance_rows": [
                {
                    "id": f"{row['id']}#{stance['claim']}#{stance['holder']}",
                    "claim": stance["claim"],
                    "claim_text": None,
                    "holder": stance["holder"],
                    "holder_name": stance["holder_name"],
                }
                for stance in row["stances"]
            ],
        }
        for row in rows
    ]
    from onrecord.systems.run import predict

    found = [line.prediction for line in predict("rules", asked, jobs=1)]
    path = gold.parent / "answers.json"
    path.write_text(json.dumps(answers(gold, [line for line in found if line]), ensure_ascii=False), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def well(answer_file: Path, gold: Path) -> Iterator[Well]:
    """By track, the log of a run that went well and the requests it made; each is run once."""
    kept: dict[str, tuple[Any, list[dict[str, Any]]]] = {}
    with serving(answer_file) as running:

        def log_of(track: str) -> tuple[Any, list[dict[str, Any]]]:
            if track not in kept:
                running.requests.clear()
                log = run(running, gold, answer_file.parent / "logs", track)
                kept[track] = (log, list(running.requests))
            return kept[track]

        yield log_of


@pytest.fixture
def server(answer_file: Path) -> Iterator[ModelServer]:
    with serving(answer_file) as running:
        yield running


def run(server: ModelServer, gold: Path, logs: Path, track: str, **options: Any) -> Any:
    """One evaluation, as ``inspect eval onrecord/TRACK`` runs it."""
    arguments = {"gold": str(gold), **options.pop("task_args", {})}
    settings = {"max_retries": 1, "max_connections": 12, "display": "none", "log_dir": str(logs), **options}
    (log,) = inspect_ai.eval(
        f"onrecord/{track}", model="openai-api/local/rules", model_base_url=server.url,
        model_args={"api_key": "none"}, task_args=arguments, **settings,
    )  # fmt: skip
    return log


def figures(log: Any) -> dict[str, float]:
    return {name: found.value for name, found in log.results.scores[0].metrics.items()}


def from_log(log: Any, target: Path, *options: str) -> int:
    return main(["predict", "--from-log", log.location, "-o", str(target), *options])


def scored(predictions: Path, gold: Path, capsys: pytest.CaptureFixture[str], track: str) -> dict[str, Any]:
    capsys.readouterr()
    layers = [f"--layer={group}" for group in TRACKS[track].groups or ()]
    assert main(["score", str(predictions), "--gold", str(gold), "--json", *layers]) == 0
    shown: dict[str, Any] = json.loads(capsys.readouterr().out)
    return shown


def assert_same_digits(log: Any, shown: dict[str, Any]) -> None:
    """The metric's figures and intervals are those of ``onrecord score``, digit for digit; undefined ones are absent."""
    expected = {}
    for name, score in shown["scores"].items():
        ends = {name: score["value"], f"{name}:low": score["low"], f"{name}:high": score["high"]}
        expected |= {end: value for end, value in ends.items() if value is not None}
    assert expected
    found = {name: value for name, value in figures(log).items() if name.partition("/")[0] not in APART}
    assert found == expected
    grounded = {name.removeprefix("spans/"): value for name, value in figures(log).items() if name.startswith("spans/")}
    assert grounded == shown["grounding"]


#: What stands beside the score.
APART = ("answers", "repairs", "items", "spans", "articles")


@pytest.mark.parametrize("track", TRACKS)
def test_a_log_scores_to_the_same_digits(
    track: str, well: Well, gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log, _ = well(track)
    assert log.status == "success"
    target = tmp_path / "found.jsonl"
    assert from_log(log, target) == 0
    shown = scored(target, gold, capsys, track)
    assert_same_digits(log, shown)
    found = figures(log)
    assert found["articles"] == found["answers/sound"] / len(TRACKS[track].asks) == 12
    assert found.get("spans/failed", 0) == 0
    assert shown["clusters"] == 12 and any(name.endswith(":low") for name in found), "twelve stories have intervals"
    line = json.loads(target.read_text(encoding="utf-8").splitlines()[0])
    assert line["system"]["name"] == "openai-api/local/rules"
    assert line["system"]["settings"]["tracks"] == [track]
    assert "none" not in json.dumps(line["system"]) and "127.0.0.1" not in json.dumps(line["system"]), (
        "no key, no address"
    )


def test_text_answers_score_as_the_offsets_they_were_made_from(well: Well, gold: Path) -> None:
    """Contexts tell equal texts apart, so that nothing is lost on the way through text."""
    log, _ = well("all")
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    articles = [{name: row[name] for name in ("id", "text", "published", "claims")} for row in rows]
    direct = onrecord.score(onrecord.predict(articles, "rules"), str(gold))
    found = figures(log)
    for name in ("entities/strict:f1", "quotes/content-exact:f1", "quotes/cue:f1", "dates/value:f1"):
        assert found[name] == direct[name].value, name


def test_answers_that_are_bad_in_every_way(
    server: ModelServer, gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = list(server.known)
    manners = ["fenced", "sloppy", "half", "huge", "refusing", "filtered", "list", "busy", "ailing", "dead", "slow"]
    server.manners = dict(zip(names, [*manners, "asleep"], strict=True))
    log = run(server, gold, tmp_path / "logs", "entities", attempt_timeout=4)
    assert log.status == "error", "a run with articles that got no answer is no success"
    found = figures(log)
    expected = {
        "articles": 12,
        "answers/sound": 4,  # huge, and those that answer the second time
        "answers/repaired": 3,
        "answers/unparsable": 2,
        "answers/refused": 1,
        "answers/missing": 2,
        "answers/truncated": 1,
        "repairs/fence": 1,
        "repairs/syntax": 2,
    }
    assert {name: found[name] for name in expected} == expected
    assert found["spans/failed"] >= 13_000, "2 MB of things that are not in the article are false positives"
    by_name = {sample.id: sample for sample in log.samples}
    for manner in ("dead", "asleep"):
        article = names[[*manners, "asleep"].index(manner)]
        assert by_name[article].error is not None and server.asked[article] >= 2
    kept = {name: by_name[name].scores["lines"].metadata["prediction"]["entities"] for name in names}
    assert len(kept[names[0]]) == len(server.known[names[0]]["entities"]), "a fence costs nothing"
    assert len(kept[names[1]]) == len(server.known[names[1]]["entities"]), "nor do comments and commas"
    half = server.known[names[2]]["entities"]
    assert 0 < len(kept[names[2]]) < len(half)
    assert [item["text"] for item in kept[names[2]][:-1]] == [item["text"] for item in half[: len(kept[names[2]]) - 1]]
    assert kept[names[4]] == kept[names[5]] == kept[names[9]] == []

    target = tmp_path / "found.jsonl"
    assert from_log(log, target) == 1
    err = capsys.readouterr().err
    assert "2 unparsable, 1 refused, 2 missing" in err and "the model failed on 2 of 12 articles" in err
    assert "truncated answers lack what came last" in err
    assert_same_digits(log, scored(target, gold, capsys, "entities"))
    errors = [json.loads(line).get("error") for line in target.read_text(encoding="utf-8").splitlines()]
    said = ["AttemptTimeoutError after all retries", "InternalServerError after all retries"]
    assert sorted(filter(None, errors)) == said


def test_the_log_of_every_layer_makes_one_file(
    well: Well, gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs = [well(track)[0].location for track in ("entities", "dates", "record", "stance")]
    target = tmp_path / "found.jsonl"
    every = [part for log in logs for part in ("--from-log", log)]
    assert main(["predict", *every, "-o", str(target)]) == 0
    assert set(scored(target, gold, capsys, "all")["coverage"]) == {"entities", "quotes", "dates", "stance"}
    assert main(["predict", "--from-log", logs[0], "--from-log", logs[0], "-o", str(target)]) == 1
    assert "answers entities, as" in capsys.readouterr().err
    other = inspect_ai.log.read_eval_log(logs[1])
    other.eval.model = "another/model"
    inspect_ai.log.write_eval_log(other, str(tmp_path / "other.eval"))
    assert main(["predict", "--from-log", logs[0], "--from-log", str(tmp_path / "other.eval"), "-o", str(target)]) == 1
    assert "another model than the logs before" in capsys.readouterr().err


def test_a_limited_run_is_scored_on_its_articles(server: ModelServer, gold: Path, tmp_path: Path) -> None:
    log = run(server, gold, tmp_path / "logs", "dates", limit=2)
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()][:2]
    made = [sample.scores["lines"].metadata["prediction"] for sample in log.samples]
    assert figures(log)["dates/strict:f1"] == onrecord.score(made, rows)["dates/strict:f1"].value


def test_epochs(server: ModelServer, gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = run(server, gold, tmp_path / "logs", "dates", epochs=2)
    found = figures(log)
    assert "dates/strict:f1" in found and "dates/strict:f1:low" not in found, "a mean has no interval"
    target = tmp_path / "found.jsonl"
    assert from_log(log, target) == 1
    assert "choose one: --epoch 1 … 2" in capsys.readouterr().err
    assert from_log(log, target, "--epoch", "3") == 1
    assert "it has 1, 2" in capsys.readouterr().err
    assert from_log(log, target, "--epoch", "2") == 0
    shown = scored(target, gold, capsys, "dates")
    assert shown["scores"]["dates/strict:f1"]["value"] == found["dates/strict:f1"], "both epochs answer alike here"


def test_a_log_without_scores(
    server: ModelServer, well: Well, gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, bare = well("record")[0], run(server, gold, tmp_path / "logs", "record", score=False)
    assert not bare.samples[0].scores
    for name, log in (("whole", whole), ("bare", bare)):
        assert from_log(log, tmp_path / name) == 0
    assert (tmp_path / "whole").read_bytes() == (tmp_path / "bare").read_bytes()


def test_structured_output_can_be_left_out(server: ModelServer, gold: Path, tmp_path: Path) -> None:
    run(server, gold, tmp_path / "logs", "quotes", limit=1)
    schema = server.requests[-1]["response_format"]["json_schema"]
    assert schema["strict"] is True and schema["schema"]["required"] == ["quotes"]
    run(server, gold, tmp_path / "logs", "quotes", limit=1, task_args={"structured": False})
    assert "response_format" not in server.requests[-1]


def test_nothing_of_the_gold_reaches_the_model(server: ModelServer, well: Well, gold: Path, tmp_path: Path) -> None:
    """Two golds that differ in labels alone make the same requests, but for holders and claims that are asked about."""
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    bare = tmp_path / "bare.jsonl"
    for row in rows:
        row["quotes"], row["dates"] = row["quotes"][:1], row["dates"][:1]
        row["entities"] = [item for item in row["entities"] if item["kind"] == "name"]
        for stance in row["stances"]:
            stance |= {"label": "neutral", "earlier": None, "evidence_quotes": [], "evidence_spans": []}
    bare.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    run(server, bare, tmp_path / "logs", "all")
    seen = [sorted(json.dumps(one, sort_keys=True) for one in some) for some in (well("all")[1], server.requests)]
    assert seen[0] == seen[1] and len(seen[0]) == 24


def test_refused_requests(tmp_path: Path, gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.eval"
    broken.write_bytes(b"PK\x03\x04 no zip")
    other = tmp_path / "other.json"
    other.write_text('{"a": 1}', encoding="utf-8")
    for path, said in ((broken, "is no log of Inspect"), (other, "is no log of Inspect"), (tmp_path / "no", "no such")):
        assert main(["predict", "--from-log", str(path), "-o", "-"]) == 1
        assert said in capsys.readouterr().err
    assert main(["predict", "rules", "--from-log", str(broken)]) == 1
    assert "SYSTEM: has no meaning with --from-log" in capsys.readouterr().err
    assert main(["predict", "rules", "--epoch", "2"]) == 1
    assert "--epoch: has no meaning without --from-log" in capsys.readouterr().err
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    few = tmp_path / "few.jsonl"
    few.write_text(json.dumps({name: rows[0][name] for name in ("id", "text", "dates")}) + "\n", encoding="utf-8")
    from onrecord.harness.evaluation import quotes

    with pytest.raises(onrecord.InputError, match="few does not annotate quotes"):
        quotes(gold=str(few))


def test_the_package_stays_light() -> None:
    code = "import onrecord.cli, onrecord.harness, onrecord.commands.predict, sys; print('inspect_ai' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "False\n"
