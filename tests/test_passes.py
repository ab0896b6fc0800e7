"""Pass files: placing text, what is forgiven, and what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from onrecord.corpus import Entry, labels_json, read_corpus, read_stories
from onrecord.model import Article, Claim, Labels
from onrecord.passes import Compiled, compile_pass
from onrecord.placement import find, occurrences, paragraphs
from onrecord.wire import labels_to_wire
from tinycorpus import TINY, copy_tiny

TEXT = """Port Alder Council said it would sue

Port Alder Council met in Port Alder on Friday night. On Friday it rained, and it said “it is over.”

“A first point,” he said. “A second point,” she said. May has no say in May.

The plan... was “long” — and the plan … grew. The plan was good."""


def compiled(body: str, text: str = TEXT, world: dict[str, Entry] | None = None) -> Compiled:
    """Compiles lines under chains e1 (an organisation) and e2 (a place)."""
    content = "[chains]\ne1 | ORG | Port Alder Council | -\ne2 | GPE | Port Alder | -\n"
    sections = dict.fromkeys(("entities", "quotes", "dates", "stances"), "")
    for block in body.strip().split("\n\n") if body.strip() else []:
        name, _, lines = block.partition("\n")
        sections[name] = lines
    content += "".join(f"[{name}]\n{lines}\n" for name, lines in sections.items())
    return compile_pass(content, Article("s/o", text, claims=(Claim("c1", "It rained."),)), "pass", world)


def quote(line: str) -> list[tuple[int, str]]:
    """Spans of the one quote, content first, as (offset, text)."""
    result = compiled("quotes\n" + line)
    assert result.problems == []
    (found,) = result.labels.quotes or ()
    spans = [*found.content, *(span for span in (found.cue, found.source) if span is not None)]
    assert all(span.text == TEXT[span.start : span.end] for span in spans)
    return [(span.start or 0, span.text or "") for span in spans]


def messages(body: str) -> list[str]:
    """What is wrong with some lines."""
    return [str(problem) for problem in compiled(body).problems]


def test_the_tiny_corpus_is_compiled_from_its_passes() -> None:
    """The worked example of the guidelines is one of them; the gold beside it was checked by hand."""
    problems: list = []
    _, sources = read_stories(TINY / "corpus" / "stories", problems)
    world = read_corpus(TINY / "corpus", TINY / "annotations").world
    for source in sources:
        name = source.article.id.replace("/", "__")
        content = (TINY / "annotations" / "passes" / "a" / f"{name}.ann.txt").read_text(encoding="utf-8")
        result = compile_pass(content, source.article, name, world)
        assert result.problems == []
        gold = TINY / "annotations" / "gold" / f"{source.article.id}.json"
        assert labels_json(source.article, labels_to_wire(result.labels)) == gold.read_text(encoding="utf-8")
    assert problems == []
    assert len(sources) == 4


def test_the_worked_example_stands_in_the_guidelines(root: Path) -> None:
    guidelines = (root / "annotations" / "GUIDELINES.md").read_text(encoding="utf-8")
    example = (TINY / "annotations" / "passes" / "a" / "ferry-dock__harbour-post.ann.txt").read_text(encoding="utf-8")
    lines = [line for line in example.splitlines() if line and not line.startswith("#")]
    assert len(lines) > 40
    assert [line for line in lines if line not in guidelines] == []


# Mentions


def test_a_name_is_not_found_inside_a_longer_name() -> None:
    """“Port Alder” first occurs inside “Port Alder Council”, which is a name of its own."""
    for order in (("Council", ""), ("", "Council")):
        lines = "\n".join(
            f"2 | Port Alder{' ' + part if part else ''} | {'e1' if part else 'e2'} | name" for part in order
        )
        mentions = compiled("entities\n" + lines).labels.entities or ()
        assert [(m.text, m.start) for m in mentions] == [
            ("Port Alder Council", TEXT.index("Port Alder Council", 10)),
            ("Port Alder", TEXT.index("Port Alder on")),
        ]


def test_equal_strings_take_the_next_occurrence_and_a_number_chooses_one() -> None:
    places = [place[0] for place in occurrences(TEXT, paragraphs(TEXT)[1], "it")]
    assert len(places) == 3
    lines = "2#3 | it | e1 | pronoun\n2 | it | e1 | pronoun\n2 | it | e1 | pronoun"
    mentions = compiled("entities\n" + lines).labels.entities or ()
    assert [m.start for m in mentions] == places
    (only,) = compiled("entities\n2#2 | it | e1 | pronoun").labels.entities or ()
    assert only.start == places[1]


def test_words_are_whole() -> None:
    assert occurrences("the item: it", (0, 12), "it") == [(10, 12)]
    assert find("post-2031s", (0, 10), "2031").forgiven == "that it is no whole word"


def test_mentions_have_type_and_link_of_their_chain_and_chains_their_aliases() -> None:
    world = {
        "org/pac": Entry("org/pac", "ORG", "Port Alder Council", ("Council", "the plan", "PAC")),
        "gpe/pa": Entry("gpe/pa", "GPE", "Port Alder", ("Council",)),
    }
    content = (
        "[chains]\ne1 | ORG | Port Alder Council | org/pac\ne2 | GPE | Port Alder | gpe/pa\n"
        "[entities]\n1 | Port Alder Council | e1 | name\n2 | Port Alder Council | e1 | name\n"
        "2 | Port Alder | e2 | name\n1 | it | e1 | pronoun\n[quotes]\n[dates]\n[stances]\n"
    )
    labels = compile_pass(content, Article("s/o", TEXT), "pass", world).labels
    assert {(m.entity, m.type, m.link) for m in labels.entities or ()} == {
        ("e1", "ORG", "org/pac"),
        ("e2", "GPE", "gpe/pa"),
    }
    # “Council” stands only inside e1's mentions: an alias of e1, none of e2. “PAC” is not in the text.
    assert [(c.id, c.aliases) for c in labels.chains or ()] == [("e1", ("Council", "the plan")), ("e2", ())]


# Quotes


def test_the_cue_nearest_to_the_content_is_not_another_quote_s() -> None:
    """The first “said” is nearer to the second quotation than its own is."""
    result = compiled(
        "quotes\n"
        "q1 | 3 | content: “A first point,” | cue: said | source: he | speaker: - | sourcing: unnamed | said_on: -\n"
        "q2 | 3 | content: “A second point,” | cue: said | source: she | speaker: - | sourcing: unnamed | said_on: -"
    )
    assert result.problems == []
    cues = [q.cue.start for q in result.labels.quotes or () if q.cue]
    assert cues == [place[0] for place in occurrences(TEXT, paragraphs(TEXT)[2], "said")]


def test_source_and_cue_may_stand_elsewhere() -> None:
    line = "q1 | 2 | content: it rained | cue: 3#2: said | source: 1: Port Alder Council | speaker: e1"
    spans = quote(line + " | sourcing: named | said_on: -")
    assert spans[1:] == [(TEXT.rindex("said. May"), "said"), (0, "Port Alder Council")]


def test_content_is_abridged_and_broken() -> None:
    line = (
        "q1 | 2 | content: On Friday … rained || 3: “A … point,” | cue: - | source: - | speaker: - | sourcing: unnamed"
    )
    assert quote(line + " | said_on: -") == [
        (TEXT.index("On Friday it"), "On Friday it rained"),
        (TEXT.index("“A first"), "“A first point,”"),
    ]


def test_a_printed_ellipsis_is_text() -> None:
    line = "q1 | 4 | content: the plan … grew | cue: - | source: - | speaker: - | sourcing: unnamed | said_on: -"
    assert quote(line) == [(TEXT.index("the plan … grew"), "the plan … grew")]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ('"it is over."', "“it is over.”"),
        ("'A first point,'", None),
        ("The plan… was \"long\" - and", "The plan... was “long” — and"),
        ("it  said   “it", "it said “it"),
        ("The plan was good.", "The plan was good."),
        ("and it said,", "and it said"),
        ("the Plan was good", "The plan was good"),
    ],
)  # fmt: skip
def test_what_is_forgiven(written: str, found: str | None) -> None:
    places = find(TEXT, (0, len(TEXT)), written).places
    assert [TEXT[slice(*place)] for place in places[:1]] == ([] if found is None else [found])


def test_kind_and_names_are_computed() -> None:
    result = compiled(
        "quotes\n"
        "q1 | 1 | content: it would sue | cue: said | source: Port Alder Council | speaker: e1 | sourcing: named"
        " | said_on: 2031-10-31\n"
        "q2 | 2 | content: “it is over.” | cue: said | source: it | speaker: e1 | sourcing: named | said_on: -\n"
        "q3 | 4 | content: was “long” | cue: - | source: - | speaker: - | sourcing: unnamed | said_on: -"
    )
    assert [(q.kind, q.speaker_name, q.said_on) for q in result.labels.quotes or ()] == [
        ("indirect", "Port Alder Council", "2031-10-31"),
        ("direct", "Port Alder Council", None),
        ("mixed", None, None),
    ]


# Dates and stances


def test_a_date_is_not_found_inside_a_longer_one() -> None:
    lines = "2 | Friday | DATE | 2031-10-31 | -\n2 | Friday night | TIME | 2031-10-31TNI | END"
    dates = compiled("dates\n" + lines).labels.dates or ()
    assert [(d.text, d.value, d.mod) for d in dates] == [
        ("Friday night", "2031-10-31TNI", "END"),
        ("Friday", "2031-10-31", None),
    ]


def test_a_date_that_is_also_a_word() -> None:
    (date,) = compiled("dates\n3#2 | May | DATE | 2031-05 | -").labels.dates or ()
    assert date.start == TEXT.rindex("May")


def test_evidence_spans() -> None:
    body = "stances\narticle | c1 | supports | neutral | - | 2: On Friday it rained ;; 1: it would … sue"
    result = compiled(body.replace("it would … sue", "said … sue"))
    assert result.problems == []
    (stance,) = result.labels.stances or ()
    assert (stance.holder, stance.holder_name, stance.earlier) == ("article", None, "neutral")
    assert [span.text for span in stance.evidence_spans] == ["said it would sue", "On Friday it rained"]


# What is refused


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("entities\n2 | nobody | e1 | nominal", "not found in paragraph 2: 'nobody' -> copy it from the text"),
        ("entities\n3 | it would | e1 | nominal", "it stands in paragraph 1"),
        ("entities\n9 | it | e1 | pronoun", "no paragraph 9: the article has 4"),
        ("entities\ntwo | it | e1 | pronoun", "'two' is no paragraph number"),
        ("entities\n2#7 | it | e1 | pronoun", "no occurrence 7 of 'it': the paragraph has 3"),
        ("entities\n1 | it | e9 | pronoun", "mention's chain 'e9' is no chain"),
        ("entities\n1 | it | e1 | noun", "'noun' is no kind -> use one of name, nominal, pronoun"),
        ("entities\n1 | it | e1", "3 fields where [entities] has 4"),
        ("entities\n1 | it | e1 | pronoun\n1 | it | e1 | pronoun", "'it' stands 1 times in paragraph 1, all listed"),
        ("entities\n1 | it | e1 | pronoun\n1#1 | it | e2 | pronoun", "all listed"),
        ("dates\n2 | Friday night | TIME | x | -\n2#1 | Friday | DATE | x | -", "every 'Friday night' of paragraph 2"),
        ("stances\ne1 | c7 | supports | - | - | -", "'c7' is no claim of the story"),
        ("stances\ne7 | c1 | supports | - | - | -", "holder 'e7' is no chain"),
        ("stances\ne1 | c1 | supports | - | q5 | -", "evidence 'q5' is no quote that was placed"),
        ("stances\ne1 | c1 | supports | - | - | it rained", "evidence without paragraph: 'it rained'"),
        ("quotes\nq1 | 2 | content: it rained | cue: sang | source: - | speaker: - | sourcing: named | said_on: -",
         "not found in paragraph 2: 'sang'"),
        ("quotes\nq1 | 2 | content: it rained | cue: - | source: - | speaker: e5 | sourcing: named | said_on: -",
         "speaker 'e5' is no chain"),
        ("quotes\nq1 | 2 | content: it … poured | cue: - | source: - | speaker: - | sourcing: named | said_on: -",
         "not found in paragraph 2: 'it … poured'"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_placed_is_named(body: str, message: str) -> None:
    found = messages(body)
    assert any(message in line for line in found), found
    # Three lines of chains, a heading a section: the message names the file and the line.
    assert all(line.startswith("pass:") for line in found)


def test_every_fault_is_listed_with_its_line() -> None:
    content = "e0 | ORG | x | -\n[chains]\ne1 | ORG | Nowhere | -\n[moods]\nx\n[entities]\n1 | it\n\n"
    content += "# note\n1 | xx | e1 | name\n"
    result = compile_pass(content, Article("s/o", TEXT), "p")
    assert [problem.line for problem in result.problems] == [None, None, None, 1, 3, 4, 7, 10]
    assert result.labels == Labels((), result.labels.chains, (), (), ())


def test_the_script(tmp_path: Path, root: Path) -> None:
    disk = copy_tiny(tmp_path)
    gold, again = disk / "annotations" / "gold", tmp_path / "again"
    passes = disk / "annotations" / "passes" / "a"
    command = [sys.executable, str(root / "scripts" / "compile_pass.py"), str(passes), "--corpus", str(disk / "corpus")]
    done = subprocess.run([*command, "-o", str(again)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    files = sorted(path.relative_to(gold) for path in gold.rglob("*.json"))
    assert len(files) == 4
    assert all((gold / file).read_bytes() == (again / file).read_bytes() for file in files)

    broken = passes / "tram-fares__coast-wire.ann.txt"
    broken.write_text(broken.read_text(encoding="utf-8").replace("two days ago", "two nights ago"), encoding="utf-8")
    odd = passes / "tram-fares__city-sheet.ann.txt"
    odd.write_text(odd.read_text(encoding="utf-8").replace("| P3Y |", "| 3Y |"), encoding="utf-8")
    third = tmp_path / "third"
    done = subprocess.run([*command, "-o", str(third)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "not found in paragraph 2: 'two nights ago'" in done.stderr
    assert "rule: dates[2].value: '3Y' is no TIMEX3 value of type DURATION" in done.stdout
    assert len(list(third.rglob("*.json"))) == 3
    assert json.loads((third / "tram-fares" / "city-sheet.json").read_text(encoding="utf-8"))
