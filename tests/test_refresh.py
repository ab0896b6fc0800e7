"""scripts/refresh.py and what it stands on: answers that are kept, and telling what is out of date."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from onrecord.leaderboard import runner as running
from onrecord.leaderboard.cards import read_cards
from onrecord.leaderboard.entries import HEADLINES, read_entries
from onrecord.leaderboard.page import page
from onrecord.leaderboard.runner import Runner
from onrecord.leaderboard.runs import Dataset, run_all
from onrecord.systems import registry
from onrecord.systems.rules import Rules
from tinycorpus import build_tiny

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

import leaderboard
import refresh
import stale
import validity


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny(tmp_path_factory.mktemp("release"))


# Answers that are kept ------------------------------------------------------------------------------------------------


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The systems that really ran, in order."""
    ran: list[str] = []
    original = running._run
    monkeypatch.setattr(running, "_run", lambda name, *rest: ran.append(name) or original(name, *rest))
    return ran


def test_a_system_runs_again_only_after_a_change(
    release: Path, tmp_path: Path, runs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Runner(tmp_path).run("rules", release, "test")
    again = Runner(tmp_path).run("rules", release, "test")
    assert runs == ["rules"] and again.lines == first.lines and again.speed == first.speed
    assert first.fresh and not again.fresh
    Runner(tmp_path).run("rules", release, "train")
    assert runs == ["rules"] * 2, "other articles"
    monkeypatch.setattr(running, "code", lambda: "other")
    Runner(tmp_path).run("rules", release, "test")
    assert runs == ["rules"] * 3, "other code"
    monkeypatch.setattr(Rules, "version", "9")
    Runner(tmp_path).run("rules", release, "test")
    assert runs == ["rules"] * 4, "another version"
    for path in tmp_path.glob("*.gz"):
        path.write_bytes(path.read_bytes()[:50])
    Runner(tmp_path).run("rules", release, "test")
    assert runs == ["rules"] * 5, "broken files are no answers"


def test_a_runner_asks_once_and_keeps_nothing_unless_told(release: Path, runs: list[str]) -> None:
    runner = Runner()
    assert runner.run("rules", release, "test") is runner.run("rules", release, "test") and runs == ["rules"]


def test_answers_of_other_packages_are_not_kept(
    release: Path, tmp_path: Path, runs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Theirs(Rules):
        """Their code may change without their version."""

    monkeypatch.setattr(registry, "find", lambda name, settings=None: Theirs())
    for _ in range(2):
        Runner(tmp_path).run("rules", release, "test")
    assert runs == ["rules"] * 2 and not list(tmp_path.iterdir())


def test_the_speed_is_measured_on_the_first_articles(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Runner().run("rules", release, "test").lines
    monkeypatch.setattr(running, "TIMED", 1)
    assert len(whole) > 1 and Runner().run("rules", release, "test").lines == whole, "the rest is answered too"


# best beside rules ----------------------------------------------------------------------------------------------------


def test_best_stands_beside_rules_on_the_page(release: Path, tmp_path: Path) -> None:
    dataset = Dataset(release, "test", kept=True)
    assert run_all(["rules", "best"], [dataset], tmp_path, lambda _: None) == []
    some = read_entries(tmp_path)[dataset.name]
    assert some["rules"].beside_rules is None
    beside = some["best"].beside_rules
    assert beside and set(beside) <= set(HEADLINES)
    for figure, found in beside.items():
        ours, theirs = some["best"].value(figure), some["rules"].value(figure)
        assert ours is not None and theirs is not None and found["difference"] == pytest.approx(ours - theirs)
    shown = page(read_entries(tmp_path), read_cards(tmp_path))
    assert "## `best` beside `rules`" in shown and "| tiny (test) | entities/strict:f1 |" in shown
    rows = [line for line in shown.splitlines() if line.endswith(("ahead |", "behind |", "level |"))]
    assert f"{len(rows)} comparisons:" in shown


# What is out of date --------------------------------------------------------------------------------------------------


def change(path: Path, **system: Any) -> None:
    value = json.loads(path.read_text(encoding="utf-8"))
    value["system"].update(system)
    path.write_text(json.dumps(value), encoding="utf-8")


def test_entries_of_other_data_models_or_code_are_told(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaderboard, "ROOT", tmp_path)
    datasets = [Dataset(release, "test", kept=True), Dataset(release, "train", kept=False, source="x")]
    run_all(["rules"], datasets, tmp_path, lambda _: None)
    assert list(stale.stale_leaderboard(release)) == []
    entries = sorted(tmp_path.glob("*/rules.json"))
    for path, field in zip(entries, ("code", "settings"), strict=True):
        change(path, **{field: {"other": 1}})
    assert [reason.split(":")[0] for reason in stale.stale_leaderboard(release)] == [
        "tiny-test/rules",
        "tiny-train/rules",
    ]
    change(entries[0], name="somebody else's")
    assert [reason.split(":")[0] for reason in stale.stale_leaderboard(release)] == ["tiny-train/rules"]


def test_an_entry_of_another_edition_is_told(release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaderboard, "ROOT", tmp_path)
    run_all(["rules"], [Dataset(release, "test", kept=True)], tmp_path, lambda _: None)
    (path,) = tmp_path.glob("*/rules.json")
    value = json.loads(path.read_text(encoding="utf-8"))
    value["data"]["hash"] = "0" * 12
    path.write_text(json.dumps(value), encoding="utf-8")
    (reason,) = stale.stale_leaderboard(release)
    assert "is about data 000000000000" in reason


def test_a_comparison_of_other_data_or_systems_is_told(
    release: Path, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = json.loads((root / "benchmark/results/validity.json").read_text(encoding="utf-8"))
    kept["systems"] = {name: dict(system) for name, system in stale.systems().items()}
    kept["data"]["onrecord"]["hash"] = "0" * 12
    del kept["systems"]["tfidf"]
    kept["systems"]["rules"]["settings"] = {}
    (tmp_path / "v.json").write_text(json.dumps(kept), encoding="utf-8")
    monkeypatch.setattr(validity, "RESULTS", tmp_path / "v.json")
    reasons = list(stale.stale_validity(release))
    assert [reason.split(" ")[0] for reason in reasons] == ["is", "rules:", "tfidf:", "the"]


def test_a_release_and_a_gazetteer_of_other_articles_are_told(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stale, "RELEASE", release)
    assert list(stale.stale_release(release)) == []
    monkeypatch.setattr(stale, "RELEASE", tmp_path)
    assert len(list(stale.stale_release(release))) == 1, "no release at all"
    names = tmp_path / "gazetteer.json"
    names.write_text('{"names": {}}', encoding="utf-8")
    monkeypatch.setattr(stale, "GAZETTEER", names)
    assert list(stale.stale_gazetteer(release)) == ["holds other names than the train split"]


# The steps ------------------------------------------------------------------------------------------------------------


def test_every_step_names_scripts_that_are_there(root: Path, tmp_path: Path) -> None:
    (tmp_path / "profile.json").write_text("{}", encoding="utf-8")
    names = [step.name for step in refresh.steps(tmp_path)]
    assert names == [
        "release", "gazetteer", "models", "statistics", "reliability", "readme", "profile", "leaderboard", "validity",
    ]  # fmt: skip
    assert [step.name for step in refresh.steps(None)] == [*names[:6], "leaderboard"]
    for step in refresh.steps(tmp_path):
        assert all((root / "scripts" / command[0]).is_file() for command in (step.write, step.check))


def script(folder: Path, name: str, status: int) -> tuple[str, ...]:
    (folder / name).write_text(
        f"import sys, onrecord\nprint({name!r}, flush=True)\nsys.exit({status})\n", encoding="utf-8"
    )
    return (name,)


def test_the_run_stops_where_a_step_fails_and_the_check_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    made = [
        refresh.Step(
            name, "it", script(tmp_path, f"{name}.py", name == "two"), script(tmp_path, f"c{name}.py", name != "two")
        )
        for name in ("one", "two", "three")
    ]
    monkeypatch.setattr(refresh, "SCRIPTS", tmp_path)
    monkeypatch.setattr(refresh, "steps", lambda _: made)
    assert refresh.main([]) == 1
    out, err = capfd.readouterr()
    assert "one.py" in out and "[2/3] two" in out and "three.py" not in out and "two failed" in err
    assert refresh.main(["--only", "three", "one"]) == 0
    out = capfd.readouterr().out
    assert out.index("one.py") < out.index("three.py"), "in their own order"
    assert refresh.main(["--check"]) == 1
    assert "out of date: one, three; run scripts/refresh.py" in capfd.readouterr().out
    assert refresh.main(["--check", "--only", "two"]) == 0


@pytest.mark.parametrize("arguments", [["--only", "everything"], ["--sources", "/nowhere/at/all"]])
def test_what_is_no_step_and_no_folder_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        refresh.main(arguments)
    assert ended.value.code == 2 and arguments[1] in capsys.readouterr().err
