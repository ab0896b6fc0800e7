"""``onrecord sources``, ``assemble NAME PATH`` and ``cite``, as a person types them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import sourcedata
from onrecord import release, sources
from onrecord.cli import main
from onrecord.papers import bibtex
from onrecord.scoring.measures import catalogue as measures
from onrecord.sources import catalogue
from tinycorpus import build_tiny

Run = pytest.CaptureFixture[str]
NAMED = [name for name, source in catalogue().items() if not source.folder]
FORMATS = [name for name, source in catalogue().items() if source.folder]


def entry(text: str) -> None:
    """One or more well-formed BibTeX entries, and comments."""
    bare = "\n".join(line for line in text.splitlines() if not line.startswith("%")).strip()
    assert bare.startswith("@")
    for part in re.split(r"\n(?=@)", bare):
        assert re.match(r"@(inproceedings|article|misc|phdthesis)\{[^\s,]+,", part), part
        assert part.count("{") == part.count("}")
        for field in ("title", "author", "year"):
            assert re.search(rf"\b{field} = ", part), part


def test_the_catalogue_is_complete() -> None:
    assert NAMED == ["polnear", "uhh-quotes", "gum", "tempeval3", "krauts", "fnc1"]
    assert FORMATS == ["brat", "timeml", "bio", "conll-2012"]
    for name, source in catalogue().items():
        for value in (
            source.title,
            source.size,
            source.licence,
            source.where,
            source.layout,
            source.mapped,
            source.lost,
        ):
            assert value, name
        assert source.layers and source.languages
        if not source.folder:
            assert source.version and source.checksums()
            entry(source.citation)


def test_sources_lists_everything(capsys: Run) -> None:
    assert main(["sources"]) == 0
    shown = capsys.readouterr().out
    unwrapped = " ".join(shown.split())
    for name, source in catalogue().items():
        assert f"onrecord assemble {name} PATH" in shown
        for value in (source.title, *source.layers, *source.languages, source.size, source.licence, source.where):
            assert " ".join(value.split()) in unwrapped
        assert source.mapped in unwrapped and source.lost in unwrapped


@pytest.mark.parametrize("name", catalogue())
def test_one_source_and_json(capsys: Run, name: str) -> None:
    assert main(["sources", name]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"{name}: ")
    assert ("[brat]" in shown) == (name in FORMATS)  # how a mapping file looks
    assert main(["sources", name, "--json"]) == 0
    table = json.loads(capsys.readouterr().out)
    assert table[name]["layers"] == list(catalogue()[name].layers)


def test_a_source_that_is_not_there(capsys: Run) -> None:
    assert main(["sources", "gumm"]) == 1
    assert "gumm: no such source -> did you mean gum?" in capsys.readouterr().err


@pytest.mark.parametrize("name", NAMED)
def test_assemble_a_source(shared_data: Path, tmp_path: Path, capsys: Run, name: str) -> None:
    out = tmp_path / "out"
    assert main(["assemble", name, str(shared_data / sourcedata.FOLDERS[name]), "-o", str(out)]) == 0
    said = capsys.readouterr()
    about = release.read_release(out)
    splits = ", ".join(f"{number} {split}" for split, number in about.splits.items())
    assert said.out == f"{out}: {name} {about.version}, {splits}; data {about.data_hash[:16]}\n"
    notes = sourcedata.read(shared_data, name).notes
    assert said.err.splitlines() == [f"note: {note}" for note in notes]
    assert about.citation == sources.find(name).citation


def test_assemble_passes_and_agree(shared_data: Path, tmp_path: Path, capsys: Run) -> None:
    out = tmp_path / "passes"
    command = ["assemble", "polnear", str(shared_data / "polnear-multi"), "-o", str(out), "--as", "passes"]
    for _ in range(2):  # the second time replaces the first
        assert main(command) == 0
        shown = capsys.readouterr().out
        assert shown == f"{out}: 6 annotators, articles of each: 4b22 18, 4e07 17, 5fec 18, 6b86 18, d473 18, ef2d 18\n"
    about = json.loads((out / "passes.json").read_text(encoding="utf-8"))
    assert (about["source"], about["articles"]["4e07"]) == ("polnear", 17)
    assert main(["agree", str(out / "4b22.jsonl"), str(out / "4e07.jsonl"), "--resamples", "0", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["articles"] == 17
    assert main(["score", str(out / "4b22.jsonl"), "--gold", str(out / "5fec.jsonl"), "--json"]) == 0
    figure = json.loads(capsys.readouterr().out)["scores"]["quotes/content-soft:f1"]
    assert 0.6 < figure["value"] < 0.95


def test_assemble_a_genre_and_a_mapping(shared_data: Path, tmp_path: Path, capsys: Run) -> None:
    chosen = tmp_path / "map.toml"
    chosen.write_text('name = "mine"\nversion = "3"\n[types]\nperson = "PERSON"\n"*" = ""\n', encoding="utf-8")
    copy = str(shared_data / "gum-news")
    assert main(["assemble", "gum", copy, "-o", str(tmp_path / "a"), "--genre", "news", "--map", str(chosen)]) == 0
    about = release.read_release(tmp_path / "a")
    assert (about.name, about.types) == ("gum", ("PERSON",))
    rows = release.read_rows(tmp_path / "a", "entities", "train").to_pylist()
    assert {mention["type"] for row in rows for mention in row["entities"]} == {"PERSON"}
    capsys.readouterr()
    assert main(["assemble", "gum", copy, "-o", str(tmp_path / "b"), "--genre", "interview"]) == 1
    assert "1 genres of which no document was found (interview)" in capsys.readouterr().err
    assert not (tmp_path / "b").exists()


def test_assemble_a_folder_nobody_has_heard_of(tmp_path: Path, capsys: Run) -> None:
    copy = tmp_path / "my corpus"
    copy.mkdir()
    (copy / "a.bio").write_text("Ann B-PER\nleft O\n", encoding="utf-8")
    chosen = tmp_path / "map.toml"
    chosen.write_text(
        'name = "mine"\nversion = "3"\nlanguage = "en"\nlicence = "CC BY 4.0"\ncitation = "@misc{x}"\n'
        'outside = ["DATE"]\n[types]\nPER = "PERSON"\nLOC = "LOC"\n',
        encoding="utf-8",
    )
    assert main(["assemble", "bio", str(copy), "--map", str(chosen), "-o", str(tmp_path / "out")]) == 0
    about = release.read_release(tmp_path / "out")
    assert (about.name, about.version, about.licence, about.citation) == ("mine", "3", "CC BY 4.0", "@misc{x}")
    assert (about.types, about.outside, about.splits) == (("PERSON", "LOC"), ("DATE",), {"test": 1})
    assert main(["assemble", "bio", str(copy), "-o", str(tmp_path / "plain")]) == 0
    about = release.read_release(tmp_path / "plain")
    assert (about.name, about.version, about.types) == ("my corpus", "unknown", ("PER",))
    capsys.readouterr()


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["polnear", "-o", "x"], 1, "PATH, the root of your copy, is missing -> onrecord assemble polnear PATH -o x"),
        (["polnaer", ".", "-o", "x"], 1, "polnaer: no such source -> did you mean polnear?"),
        (["polnear", "/nowhere", "-o", "x"], 1, "/nowhere: no such file or folder"),
        (["polnear", ".", "-o", "x", "--genre", "news"], 1, "--genre: polnear has no genres"),
        (["bio", ".", "-o", "x", "--as", "passes"], 1, "--as passes: bio has no passes"),
        (["gum", ".", "-o", "x", "--as", "passes"], 1, "gum: has no passes"),
        (["gum", ".", "-o", "x", "--map", "/nowhere.toml"], 1, "/nowhere.toml: No such file or directory"),
        (["-o", "x", "--genre", "news"], 1, "--genre: is for real corpora"),
        (["-o", "x", "--as", "passes"], 1, "--as passes: is for real corpora"),
        (["gum", ".", "-o", "x", "--as", "sheep"], 2, "invalid choice"),
        (["gum", "."], 2, "-o/--output"),
    ],
)
def test_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Run, arguments: list[str], status: int, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["assemble", *arguments]) == status
    assert message in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("name", NAMED)
def test_cite_a_source(capsys: Run, name: str) -> None:
    assert main(["cite", name]) == 0
    shown = capsys.readouterr().out
    entry(shown)
    assert sources.find(name).licence in shown


def test_cite_a_measure(capsys: Run) -> None:
    for name, measure in measures().items():
        for spelling in (name, measure.full_names()[0]):
            assert main(["cite", spelling]) == 0
            shown = capsys.readouterr().out
            assert f"% {name}, definition {measure.version}" in shown
            for paper in measure.papers:
                assert bibtex()[paper] in shown
            if measure.papers:
                entry(shown)
            else:
                assert "no paper defines it" in shown


def test_cite_a_group_names_each_paper_once(capsys: Run) -> None:
    assert main(["cite", "coreference"]) == 0
    shown = capsys.readouterr().out
    keys = re.findall(r"^@\w+\{([^,]+),", shown, re.MULTILINE)
    assert len(keys) == len(set(keys))
    assert set(keys) == {paper for m in measures().values() if m.group == "coreference" for paper in m.papers}


def test_every_paper_that_a_measure_names_is_there() -> None:
    assert {paper for measure in measures().values() for paper in measure.papers} <= set(bibtex())
    for text in bibtex().values():
        entry(text)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("quotes/content-softt", "did you mean quotes/content-soft?"),
        ("quotes/content-soft:f2", "is no released folder, source or measure -> did you mean quotes/content-soft?"),
        ("brat", "brat: is a format, not a corpus"),
        ("zzzzzz", "see `onrecord sources`"),
    ],
)
def test_cite_nothing(capsys: Run, name: str, message: str) -> None:
    assert main(["cite", name]) == 1
    assert message in capsys.readouterr().err


def test_cite_a_built_folder(tmp_path: Path, shared_data: Path, capsys: Run) -> None:
    sources.assemble("krauts", shared_data / "krauts", tmp_path / "mine")
    assert main(["cite", str(tmp_path / "mine")]) == 0
    entry(capsys.readouterr().out)
    assert main(["cite", str(build_tiny(tmp_path))]) == 0
    entry(capsys.readouterr().out)


def test_the_readme_shows_the_commands(root: Path) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    for name in ("polnear", "fnc1"):
        assert re.search(rf"^ *onrecord assemble {name} \S+ -o \S+", readme, re.MULTILINE)


def test_the_catalogue_is_light(root: Path) -> None:
    code = (
        "import sys, onrecord.cli; onrecord.cli.main(['sources', 'gum'])\n"
        "heavy = {'pandas', 'pyarrow', 'scipy', 'sklearn', 'datasets', 'lxml'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=root)
    assert done.returncode == 0, done.stderr
