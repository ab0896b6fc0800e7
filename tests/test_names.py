"""Names drawn for new stories."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from conftest import require
from onrecord.errors import InputError


@pytest.fixture(scope="module")
def names(root: Path) -> ModuleType:
    require(importlib.util.find_spec("faker") is not None, "needs Faker: pip install 'onrecord[corpus]'")
    spec = importlib.util.spec_from_file_location("names_script", root / "scripts" / "names.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["names_script"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def taken(names: ModuleType, root: Path) -> set[str]:
    world = root / "corpus" / "world"
    return set(names.read_taken(world / "entities.jsonl") | names.read_famous(world / "famous.txt"))


@pytest.mark.parametrize("variety", ["en-AU", "en-GB", "en-IE", "en-IN", "en-KE", "en-PH", "en-US", "en-ZA"])
def test_names_are_new_plain_and_the_same_for_a_seed(names: ModuleType, taken: set[str], variety: str) -> None:
    drawn = names.draw(variety, 60, 1, taken)
    assert drawn == names.draw(variety, 60, 1, taken)
    assert drawn != names.draw(variety, 60, 2, taken)
    folded = [names.fold(name.full) for name in drawn]
    assert len(set(folded)) == 60
    assert taken.isdisjoint(folded)
    assert {name.gender for name in drawn} == {"f", "m"}
    for name in drawn:
        assert len(name.full.split()) == 2, name
        assert "." not in name.full
    # A distribution and not a list: common names come again, and there are many of them.
    assert len({name.surname for name in drawn}) > 25


def test_a_name_that_is_taken_does_not_come_out(names: ModuleType) -> None:
    first = names.draw("en-GB", 20, 5)
    left_out = {names.fold(name.full) for name in first[:3]}
    again = names.draw("en-GB", 20, 5, left_out)
    assert left_out.isdisjoint(names.fold(name.full) for name in again)
    assert {name.full for name in first[3:]} & {name.full for name in again}


def test_namesakes_share_a_surname_and_nothing_else(names: ModuleType) -> None:
    drawn = names.draw("en-KE", 8, 1, gender="f", surname="Njoroge")
    assert {name.surname for name in drawn} == {"Njoroge"}
    assert {name.gender for name in drawn} == {"f"}
    assert len({name.given for name in drawn}) == 8


def test_no_name_left_is_an_error_and_no_endless_search(names: ModuleType) -> None:
    with pytest.raises(InputError, match="no name left for en-KE after"):
        names.draw("en-KE", 5_000, 1, surname="Njoroge")


def test_names_are_compared_without_accents_and_case(names: ModuleType) -> None:
    assert names.fold("Sinéad  O'Connor") == names.fold("SINEAD OConnor") == "sinead oconnor"


def test_public_figures_are_sorted_and_stand_once(names: ModuleType, root: Path) -> None:
    lines = (root / "corpus" / "world" / "famous.txt").read_text(encoding="utf-8").splitlines()
    figures = [line for line in lines if not line.startswith("#")]
    assert len(figures) == len({names.fold(figure) for figure in figures}) > 500
    assert figures == sorted(figures, key=str.casefold)


def test_nobody_in_the_corpus_has_a_public_figure_s_name(names: ModuleType, root: Path) -> None:
    world = root / "corpus" / "world"
    assert names.read_famous(world / "famous.txt").isdisjoint(names.read_taken(world / "entities.jsonl"))


def test_the_script_prints_and_refuses(root: Path, tmp_path: Path, names: ModuleType) -> None:
    def script(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(root / "scripts" / "names.py"), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    done = script("en-IE", "--number", 3, "--seed", 9)
    assert (done.returncode, done.stderr) == (0, "")
    assert [len(line.split("\t")) for line in done.stdout.splitlines()] == [3, 3, 3]
    assert script("en-XX").returncode == 2
    assert script("en-IE", "--number", -1).returncode == 2
    done = script("en-IE", "--world", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert str(tmp_path / "entities.jsonl") in done.stderr
