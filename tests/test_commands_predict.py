"""``predict``, ``show``, ``systems``, ``validate`` and ``ingest`` as people run them, pipes and interruptions included."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from onrecord.cli import main
from onrecord.predictions import read_gold, read_predictions
from onrecord.report import terminal
from tinycorpus import build_tiny

TEXT = "Dock shut\n\n“We told the city,” said Lon Ferrow on Friday.\n"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny(tmp_path_factory.mktemp("release"))


def articles(path: Path, number: int = 1, **fields: Any) -> Path:
    rows = [{"id": f"dock/{n}", "text": TEXT, "published": "2031-11-04", **fields} for n in range(number)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def command(*arguments: str | Path, **options: Any) -> subprocess.Popen[bytes]:
    """The command in a process and a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "onrecord", *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, **options,
    )  # fmt: skip


# The way from a page to what is shown -------------------------------------------------------------------------------


def test_the_seed_page_from_end_to_end(shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = shared_data / "seed" / "000_e6072fdaf04982ac.txt"
    article, found = tmp_path / "article.jsonl", tmp_path / "predictions.jsonl"
    assert main(["ingest", str(source), "--published", "2019-11-01", "-o", str(article)]) == 0
    assert main(["predict", "rules", "--input", str(article), "-o", str(found)]) == 0
    assert capsys.readouterr().err == "", "nothing to remark"
    assert main(["show", str(article), "--predictions", str(found)]) == 0
    shown = capsys.readouterr().out
    for line in (
        "· 2019-11-01  [rules 1]",
        "[D2 Friday]",
        "Friday → 2019-11-01 (DATE)",
        "May → 2019-05 (DATE)",
        "Thursday → 2019-10-31 (DATE)",
        "WhatsApp (direct, named, said on 2019-11-01): \"In May we quickly resolved a security issue",
        "WhatsApp (direct, unnamed, said on 2019-11-01): \"We agree with the government of India",
        "a senior information technology ministry official (direct, anonymous): “The company did not share",
        "Ravi Shankar Prasad (direct, named, said on 2019-10-31): “Government of India is concerned",
        "NSO Group (ORG): 2 mentions",
        "Praful Patel (PERSON): 1 mention",
        "[PERSON Santosh Bharatiya]",
        "[GPE New Delhi] : [ORG WhatsApp] on",
    ):  # fmt: skip
        assert line in shown, line
    assert "Not found in the text" not in shown and "third party cookies" not in shown and "Next Story" not in shown
    assert "\x1b" not in shown, "plain when piped"


def test_the_seed_page_without_a_date(shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = shared_data / "seed" / "000_e6072fdaf04982ac.txt"
    article, found = tmp_path / "article.jsonl", tmp_path / "predictions.jsonl"
    assert main(["ingest", str(source), "-o", str(article)]) == 0
    assert "no publication date: relative dates stay unresolved (XXXX-WXX-5)" in capsys.readouterr().err
    assert main(["predict", "--input", str(article), "-o", str(found)]) == 0
    assert "1 of 1 articles have no publication date" in capsys.readouterr().err
    assert main(["show", str(article), "--predictions", str(found)]) == 0
    shown = capsys.readouterr().out
    assert "Friday → XXXX-WXX-5 (DATE)" in shown and "Thursday → XXXX-WXX-4 (DATE)" in shown
    assert "May → XXXX-05 (DATE)" in shown and "2019" not in shown.split("Dates (")[1]


def test_predictions_for_a_release_are_valid(release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for split, number in (("train", 1), ("validation", 1), ("test", 2)):
        found = tmp_path / f"{split}.jsonl"
        assert main(["predict", "--input", str(release), "--split", split, "-o", str(found)]) == 0
        assert main(["validate", str(found), "--gold", str(release), "--split", split]) == 0
        said = capsys.readouterr()
        assert f"no problems; {number} article" in said.out and "layers: dates, entities, quotes, stance" in said.out
        gold = read_gold(release, split)
        answers = read_predictions(found, gold)
        assert answers.grounding["failed"] == answers.grounding["exact"] == 0
        assert answers.columns.stance_rows is not None and gold.columns.stance_rows is not None
        assert len(answers.columns.stance_rows.row) == len(gold.columns.stance_rows.row), "every given row is answered"


def test_labels_never_reach_a_system(release: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Labels in the input are dropped before the system sees the batch, whatever the input is."""
    from onrecord.systems import run
    from onrecord.systems.protocol import INPUT

    seen: list[dict[str, Any]] = []
    original = run.run_batch

    def watched(system: Any, batch: Any) -> Any:
        assert batch.schema.equals(INPUT)
        seen.extend(batch.to_pylist())
        return original(system, batch)

    monkeypatch.setattr(run, "run_batch", watched)
    labelled = tmp_path / "gold.jsonl"
    row = {
        "id": "a/b",
        "text": TEXT,
        "quotes": [{"content": [[0, 4]]}],
        "stances": [{"claim": "c", "label": "supports"}],
    }
    labelled.write_text(json.dumps(row) + "\n", encoding="utf-8")
    for source in (labelled, release):
        assert main(["predict", "--input", str(source), "--jobs", "1", "-o", str(tmp_path / "p.jsonl")]) == 0
    assert seen and all("label" not in asked for row in seen for asked in row["stance_rows"] or ())
    assert not {"quotes", "entities", "dates", "stances"} & set(seen[0])


def test_the_gazetteer_is_built_from_the_train_split_alone(release: Path, tmp_path: Path, root: Path) -> None:
    target = tmp_path / "gazetteer.json"
    subprocess.run(
        [sys.executable, root / "scripts" / "gazetteer.py", release, "-o", target], check=True, capture_output=True
    )
    made = json.loads(target.read_text(encoding="utf-8"))
    train = "".join(read_gold(release, "train").texts).casefold()
    assert made["split"] == "train" and made["articles"] == 1 and made["names"]
    assert all(name in train for name in made["names"])
    assert "lon ferrow" in made["names"] and not any("orbel" in name or "roke" in name for name in made["names"])


def test_the_committed_gazetteer_is_that_of_the_train_split(root: Path, tmp_path: Path) -> None:
    """Whoever changes the train split runs scripts/gazetteer.py again; until there is one the system has none."""
    from onrecord.assembly import assemble
    from onrecord.systems.name_types import gazetteer

    committed = root / "benchmark" / "onrecord" / "data" / "gazetteer.json"
    if not committed.exists():
        assert gazetteer() == {}
        return
    assemble(root / "corpus", root / "annotations", tmp_path / "release")
    target = tmp_path / "gazetteer.json"
    subprocess.run(
        [sys.executable, root / "scripts" / "gazetteer.py", tmp_path / "release", "-o", target],
        check=True,
        capture_output=True,
    )
    assert gazetteer() == json.loads(target.read_text(encoding="utf-8"))["names"]


# Pipes, interruptions and full disks -----------------------------------------------------------------------------------


def test_a_reader_that_has_had_enough(tmp_path: Path) -> None:
    many = articles(tmp_path / "many.jsonl", 400)
    for arguments in (
        ["predict", "--input", many, "--jobs", "1"],
        ["predict", "--input", many, "--jobs", "2"],
        ["show", many],
    ):
        process = command(*arguments)
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        status, said = process.wait(60), process.stderr.read()
        assert (status, said) == (0, b"")
        process.stderr.close()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interruption_leaves_no_file_and_no_traceback(tmp_path: Path, jobs: str) -> None:
    slow = articles(tmp_path / "slow.jsonl", 300, text=TEXT * 300)
    target = tmp_path / "out" / "p.jsonl"
    target.parent.mkdir()
    process = command("predict", "--input", slow, "--jobs", jobs, "-o", target)
    deadline = time.monotonic() + 60
    while not list(target.parent.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1.0)
    assert process.poll() is None, "it should still be at work"
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in said
    assert list(target.parent.iterdir()) == []


def workers(parent: int) -> list[int]:
    """Processes that the command started to predict in."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
    return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs /proc")
def test_a_process_that_dies_is_told_and_not_waited_for(tmp_path: Path) -> None:
    slow = articles(tmp_path / "slow.jsonl", 300, text=TEXT * 300)
    target = tmp_path / "out" / "p.jsonl"
    target.parent.mkdir()
    process = command("predict", "--input", slow, "--jobs", "2", "-o", target)
    deadline = time.monotonic() + 60
    while len(workers(process.pid)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(workers(process.pid)[0], signal.SIGKILL)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert b"a process died while predicting" in said and b"--jobs 1" in said and b"Traceback" not in said
    assert list(target.parent.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_full_disks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    some = articles(tmp_path / "a.jsonl")
    assert main(["predict", "--input", str(some), "-o", "/dev/full"]) == 1
    assert "cannot be written: No space left" in capsys.readouterr().err
    with Path("/dev/full").open("wb") as full:
        for arguments in (["predict", "--input", some], ["show", some], ["systems"]):
            process = subprocess.run(
                [sys.executable, "-m", "onrecord", *map(str, arguments)],
                stdout=full,
                stderr=subprocess.PIPE,
                check=False,
            )
            assert process.returncode == 1
            assert b"No space left" in process.stderr and b"Traceback" not in process.stderr


def test_output_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    some = articles(tmp_path / "a.jsonl")
    for target, message in ((tmp_path / "no" / "where", "cannot be written"), (tmp_path, "is a directory")):
        assert main(["predict", "--input", str(some), "-o", str(target)]) == 1
        assert message in capsys.readouterr().err


def test_an_earlier_file_survives_a_failure(tmp_path: Path) -> None:
    target = tmp_path / "p.jsonl"
    target.write_text("earlier\n", encoding="utf-8")
    broken = articles(tmp_path / "a.jsonl", 3)
    broken.write_text(broken.read_text(encoding="utf-8") + "{oops\n", encoding="utf-8")
    assert main(["predict", "--input", str(broken), "-o", str(target)]) == 1
    assert target.read_text(encoding="utf-8") == "earlier\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "p.jsonl"]


# Wrong usage and wrong input ---------------------------------------------------------------------------------------


def test_unknown_systems_and_settings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    some = str(articles(tmp_path / "a.jsonl"))
    for arguments, status, message in (
        (["predict", "rule", "--input", some], 1, "there is no system 'rule' -> did you mean 'rules'?"),
        (["predict", "zzz", "--input", some], 1, "choose one of: best, rules"),
        (["predict", "--set", "threshold=1", "--input", some], 1, "settings"),
        (["predict", "--set", "threshold", "--input", some], 1, "KEY=VALUE"),
        (["predict", "--jobs", "0", "--input", some], 2, "no number of processes"),
        (["predict", "--input", str(tmp_path / "none")], 1, "no such file"),
        (["predict", "--input", str(tmp_path)], 1, "is no released folder"),
        (["predcit"], 2, "did you mean 'predict'?"),
    ):
        assert main(arguments) == status, arguments
        assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no article"),
        (b"\n\n", "holds no article"),
        (b'{"id": "a/b"\n', "1: is no JSON"),
        (b'{"text": "x"}\n', "1: id: is missing"),
        (b'{"id": "a/b"}\n', "1: text: article 'a/b' has no text"),
        (b'{"id": "a/b", "text": " "}\n', "has no text"),
        (b'{"id": "a/b", "text": "x"}\n\n{"id": "a/b", "text": "x"}\n', "3: id: 'a/b' stands twice"),
        (b'{"id": "a/b", "text": "x", "published": 7}\n', "1: published: is no string"),
        (b'{"id": "a/b", "text": "x", "claims": "c"}\n', "1: claims: is no list"),
        (b"[1]\n", "1: is no JSON object"),
        (b'{"id": "a/b", "text": NaN}\n', "1: is no JSON"),
        (gzip.compress(b"{}", mtime=0), "is a gzip file"),
        (b"PAR1xxxx", "no readable Parquet"),
    ],
)
def test_articles_that_are_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, message: str
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(content)
    assert main(["predict", "--input", str(path), "-o", str(tmp_path / "p.jsonl")]) == 1
    assert message in capsys.readouterr().err
    assert not (tmp_path / "p.jsonl").exists()


def test_articles_by_pipe_with_mark_and_crlf(tmp_path: Path) -> None:
    line = b"\xef\xbb\xbf" + json.dumps({"id": "a/b", "text": TEXT, "published": "2031-11-04"}).encode() + b"\r\n"
    done = subprocess.run(
        [sys.executable, "-m", "onrecord", "predict", "rules", "--input", "-"],
        input=line,
        capture_output=True,
        check=True,
    )
    row = json.loads(done.stdout)
    assert row["id"] == "a/b" and row["system"]["name"] == "rules" and row["system"]["version"] == "1"
    assert set(row["system"]["settings"]) == {"gazetteer"}
    assert row["quotes"][0]["speaker_name"] == "Lon Ferrow" and row["dates"][0]["value"] == "2031-10-31"


def test_a_system_that_fails_on_an_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from onrecord.systems.rules import Rules

    def answer(self: Rules, question: Any) -> Any:
        if question.article.id == "dock/1":
            raise RuntimeError("no \x1b[31mluck")
        return original(self, question)

    original = Rules.answer
    monkeypatch.setattr(Rules, "answer", answer)
    target = tmp_path / "p.jsonl"
    asked = str(articles(tmp_path / "a.jsonl", 3))
    assert main(["predict", "rules", "--input", asked, "--jobs", "1", "-o", str(target)]) == 1
    said = capsys.readouterr().err
    assert "dock/1: rules failed: RuntimeError: no \\x1b[31mluck" in said and "failed on 1 of 3" in said
    rows = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["dock/0", "dock/1", "dock/2"]
    assert set(rows[1]) == {"id", "system", "error"} and "quotes" in rows[2]


# validate ------------------------------------------------------------------------------------------------------------


def test_validate_prints_every_problem(release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text(
        '{"id": "tram-fares/city-sheat", "dates": []}\n{"id": "tram-fares/coast-wire", "dates": [{"start": 9, "end": 4}, {"start": -1, "end": 4}], "quots": []}\n{\n',
        encoding="utf-8",
    )
    assert main(["validate", str(path), "--gold", str(release)]) == 1
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert [line.split(" ")[0] for line in lines] == [f"{path}:1", f"{path}:2", f"{path}:2", f"{path}:3:"]
    assert "did you mean 'tram-fares/city-sheet'" in lines[0]
    assert "4 problems" in said.err and "unknown field 'quots' is ignored, did you mean 'quotes'?" in said.err
    assert main(["validate", str(path), "--gold", str(release), "--json"]) == 1
    shown = json.loads(capsys.readouterr().out)
    assert [one["line"] for one in shown["problems"]] == [1, 2, 2, 3]
    assert shown["problems"][1]["field"] == "dates[0]" and shown["articles"] == 2 and shown["layers"] == ["dates"]
    assert main(["validate", str(path), "--form", "--json"]) == 1
    assert [one["line"] for one in json.loads(capsys.readouterr().out)["problems"]] == [2, 2, 3]


def test_validate_says_so_when_all_is_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text('{"id": "a/b", "dates": []}\n', encoding="utf-8")
    assert main(["validate", str(path), "--form"]) == 0
    assert "no problems; 1 article answered; layers: dates (form only)" in capsys.readouterr().out
    assert main(["validate", str(path), "--form", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"problems": [], "articles": 1, "layers": ["dates"], "notes": []}


def test_validate_escapes_what_the_file_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text(
        '{"id": "a\\u001b[31m/b", "stances": [{"claim": "c", "label": "\\u001b]0;x\\u0007"}]}\n', encoding="utf-8"
    )
    assert main(["validate", str(path), "--form"]) == 1
    said = capsys.readouterr()
    assert "\x1b" not in said.out + said.err and "\\x1b" in said.out


def test_validate_into_a_pipe_that_closes(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text("{\n" * 100_000, encoding="utf-8")
    process = command("validate", path, "--form")
    assert process.stdout is not None and process.stderr is not None
    assert b":1:" in process.stdout.readline()
    process.stdout.close()
    assert process.wait(60) == 0 and process.stderr.read() == b""
    process.stderr.close()


def test_validate_shows_progress_on_a_terminal_and_keeps_it_out_of_the_output(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    path = tmp_path / "p.jsonl"
    path.write_text('{"id": "a/b"}\n' + "{\n" * 3, encoding="utf-8")
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "onrecord", "validate", str(path), "--form"],
        stdout=subprocess.PIPE, stderr=theirs, check=False, env={**os.environ, "TERM": "xterm"},
    )  # fmt: skip
    os.close(theirs)
    said = os.read(ours, 100_000)
    os.close(ours)
    assert done.returncode == 1 and len(done.stdout.splitlines()) == 3
    assert b"reading" in said and b"3 problems" in said


# show ------------------------------------------------------------------------------------------------------------------


def shown(article: dict[str, Any], labels: dict[str, Any] | None, **options: Any) -> str:
    import io

    from rich.console import Console

    out = Console(file=io.StringIO(), highlight=False, markup=False, width=10_000, **options)
    terminal.show({"id": "a/b", "text": TEXT, **article}, labels, out, source="x")
    return str(out.file.getvalue())  # type: ignore[attr-defined]


def test_show_marks_what_crosses_and_lists_what_is_lost() -> None:
    text = shown(
        {},
        {
            "dates": [
                {"start": 0, "end": 6, "type": "DATE"},
                {"start": 3, "end": 9},
                {"text": "gone"},
                {"start": 5, "end": 999},
            ]
        },
    )
    assert "[D1 Doc[D2 k s /D1]hut]" in text
    assert "Not found in the text (2)\n  D3: gone\n  D4: 5-999" in text


def test_show_escapes_what_could_command_a_terminal() -> None:
    evil = "Dock\x1b[2J \u202eevil\u2028 \x9b31m"
    text = shown(
        {"text": evil, "outlet": evil, "claims": [{"id": "c", "text": evil}]},
        {"quotes": [{"content": [{"text": evil}], "speaker_name": evil}], "dates": [{"text": "Dock", "value": evil}]},
    )
    assert not {"\x1b", "\u202e", "\u2028", "\x9b"} & set(text)
    assert "\\x1b[2J" in text and "\\u202e" in text


def test_show_prefers_no_markup_of_its_own() -> None:
    assert "[bold]Dock[/bold] [/x]" in shown({"text": "[bold]Dock[/bold] [/x] :smile:\n"}, None)


def test_show_gold_and_unknown_articles(release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from onrecord.release import read_rows

    path = tmp_path / "gold.jsonl"
    rows = read_rows(release, "all", "test").to_pylist()
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert main(["show", str(path), "--gold", "--id", "tram-fares/city-sheet"]) == 0
    text = capsys.readouterr().out
    assert "[gold]" in text and "Orbel" in text and "coast-wire" not in text and "Stances (" in text
    assert main(["show", str(path), "--id", "no/such"]) == 1
    other = articles(tmp_path / "a.jsonl")
    assert main(["show", str(other), "--predictions", str(path)]) == 1
    assert "has no line for dock/0" in capsys.readouterr().err


def test_systems_lists_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["systems"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("best*") and "layers: entities, quotes, dates, stance" in text
