"""The rules system: quotations, speakers, names, stance; the runner around it; and what it must never do."""

from __future__ import annotations

import ast
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord import wire
from onrecord.errors import InputError
from onrecord.model import Article, Claim
from onrecord.systems import registry, run
from onrecord.systems.protocol import INPUT, Answer, PerArticle, Question, StanceQuestion, System
from onrecord.systems.rules import Rules
from onrecord.systems.rules_entities import find_names
from onrecord.systems.rules_quotes import find_quotes
from onrecord.systems.rules_stance import Said, positions
from onrecord.systems.text import paragraphs, quoted_spans

HEAD = "Dock shut after crane slips\n\n"


def quotes(text: str) -> list[tuple[list[str], str | None, str | None]]:
    return [
        (
            [part.of(text) for part in quote.content],
            None if quote.cue is None else quote.cue.of(text),
            None if quote.source is None else quote.source.of(text),
        )
        for quote in find_quotes(text)
    ]


#: Sentence, content segments, cue, source.
QUOTES = [
    ("“We will appeal,” Ferrow said.", ["“We will appeal,”"], "said", "Ferrow"),
    ('"We will appeal," he said.', ['"We will appeal,"'], "said", "he"),
    ("“We will appeal,\" said Ferrow.", ["“We will appeal,\""], "said", "Ferrow"),
    ("‘We will appeal,’ said the mayor.", ["‘We will appeal,’"], "said", "the mayor"),
    ("``We will appeal,'' said the mayor.", ["``We will appeal,''"], "said", "the mayor"),
    ("“We knew,” he said, “and we told them.”", ["“We knew,”", "“and we told them.”"], "said", "he"),
    ("“We knew,” he said. “Nobody at all listened.”", ["“We knew,”", "“Nobody at all listened.”"], "said", "he"),
    (
        "“We told the city,” said Lon Ferrow, the company's head of safety.",
        ["“We told the city,”"],
        "said",
        "Lon Ferrow, the company's head of safety",
    ),
    ("“We knew,” said Quina Moss, 25, a welder.", ["“We knew,”"], "said", "Quina Moss, 25, a welder"),
    ("“We knew,” Quina Moss, 25, said. “Nobody at all listened.”", ["“We knew,”", "“Nobody at all listened.”"], "said", "Quina Moss, 25"),
    ("“We knew,” Ferrow told the host, “and we told them.”", ["“We knew,”", "“and we told them.”"], "told", "Ferrow"),
    ("“We knew,” Ferrow said on Friday in a statement, and has backed the mayor since.", ["“We knew,”"], "said", "Ferrow"),
    ("The mayor said that the dock would close.", ["that the dock would close"], "said", "The mayor"),
    ("The mayor said the dock would close.", ["the dock would close"], "said", "The mayor"),
    ("The dock would close by noon, the mayor said.", ["The dock would close by noon"], "said", "the mayor"),
    ("According to Ferrow, the pump leaked.", ["the pump leaked"], "According to", "Ferrow"),
    ("According to Ferrow, the head of safety, the pump leaked.", ["the pump leaked"], "According to", "Ferrow, the head of safety"),
    ("According to Ferrow, the pump leaked, the dock shut and nobody came.", ["the pump leaked, the dock shut and nobody came"], "According to", "Ferrow"),
    ("The pump leaked, according to Ferrow, the head of safety.", ["The pump leaked"], "according to", "Ferrow, the head of safety"),
    ("The pump leaked, according to Ferrow.", ["The pump leaked"], "according to", "Ferrow"),
    ("Ferrow told reporters on Monday that it should close.", ["that it should close"], "told", "Ferrow"),
    ("Oru Hanne, Velm's trade minister, denied that he knew.", ["that he knew"], "denied", "Oru Hanne, Velm's trade minister"),
    ("On Friday, the union called for a vote.", ["a vote"], "called for", "the union"),
    ("The council plans to close the dock.", ["to close the dock"], "plans", "The council"),
    ("The union criticised the board for the delay.", ["the board for the delay"], "criticised", "The union"),
    ("The mayor called the levy “a gift to landlords”.", ["the levy “a gift to landlords”"], "called", "The mayor"),
    ("“We will appeal,” a Cheepa spokesperson in a statement.", ["“We will appeal,”"], None, "a Cheepa spokesperson"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "content", "cue", "source"), QUOTES, ids=[row[0][:60] for row in QUOTES])
def test_quotations(text: str, content: list[str], cue: str | None, source: str | None) -> None:
    assert quotes(HEAD + text + "\n") == [(content, cue, source)]


def test_quotation_over_paragraphs() -> None:
    text = (
        HEAD
        + "“We knew about it,” Ferrow said. “It was old.\n\n“And nobody came to look at it.”\n\nThe dock is shut.\n"
    )
    assert quotes(text) == [
        (["“We knew about it,”", "“It was old.", "“And nobody came to look at it.”"], "said", "Ferrow")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “experts” left early.",
        "The state of the dock is bad.",
        "The report sat on a shelf for years.",
        "They don't go; it's the '90s.",
    ],
)
def test_no_quotation(text: str) -> None:
    assert quotes(HEAD + text + "\n") == []


def test_apostrophes_are_no_quotation_marks() -> None:
    text = "The workers' union said it's the boys' fault, and the '90s weren't kind."
    assert quoted_spans(text, paragraphs(text)[0]) == []


def answer(text: str, published: str | None = "2031-11-04", claims: tuple[Claim, ...] = (), **rest: Any) -> Answer:
    return Rules().answer(Question(Article("s/o", text, published=published, claims=claims), **rest))


STORY = """Cheepa defends East Dock as inspectors wait

PORT ALDER — Cheepa Group said on Friday that the East Dock was safe to use, two weeks after a crane slipped there.

“We told the city everything in May,” said Lon Ferrow, the company's head of safety. “Nobody at all objected.”

Mayor Ines Calloway told reporters on Monday that it should be closed. She said the company had not called her.

A person familiar with the inquiry said the crane had failed twice.

“Ferrow never called,” Ms Calloway said.
"""


def test_speakers_and_chains() -> None:
    found = answer(STORY)
    assert found.quotes is not None and found.chains is not None and found.entities is not None
    names = [(quote.speaker_name, quote.said_on, quote.sourcing) for quote in found.quotes]
    assert ("Cheepa Group", "2031-10-31", "named") in names
    assert names.count(("Lon Ferrow", None, "named")) == 1
    calloway = [quote for quote in found.quotes if quote.speaker_name == "Ines Calloway"]
    assert len(calloway) == 3
    assert calloway[0].said_on == "2031-11-03"
    assert any(
        quote.sourcing == "anonymous" and quote.speaker_name == "A person familiar with the inquiry"
        for quote in found.quotes
    )
    chains = {chain.id: chain for chain in found.chains}
    assert all(quote.speaker in chains for quote in found.quotes if quote.speaker)
    ferrow = [m.text for m in found.entities if m.entity == next(c.id for c in found.chains if c.name == "Lon Ferrow")]
    assert "Ferrow" in ferrow and "Lon Ferrow" in ferrow
    types = {chain.name: chain.type for chain in found.chains}
    assert types["Lon Ferrow"] == types["Ines Calloway"] == "PERSON"
    assert types["Cheepa Group"] == "ORG" and types["PORT ALDER"] == "GPE" and types["East Dock"] == "FAC"


def test_names_leave_titles_and_possessives_out() -> None:
    text = HEAD + "On Monday Mayor Ines Calloway's office met Dr. Pell. The University of Velm sent Mr Oru Hanne.\n"
    assert [name.region.of(text) for name in find_names(text)] == [
        "Ines Calloway",
        "Pell",
        "University of Velm",
        "Oru Hanne",
    ]


def test_stance_by_cue_and_negation() -> None:
    claims = [Claim("c1", "The East Dock is safe to use.")]
    said = [
        Said("q1", "a", "that the East Dock was safe to use", "said"),
        Said("q2", "b", "that the East Dock was safe to use", "denied"),
        Said("q3", "c", "the East Dock was never safe", "said"),
        Said("q4", "d", "the mayor went home", "said"),
        Said("q5", "e", "“We take no side on whether the East Dock is safe”", "said"),
    ]
    assert {(row.holder, row.label, row.evidence) for row in positions(claims, said)} == {
        ("a", "supports", ("q1",)),
        ("b", "opposes", ("q2",)),
        ("c", "opposes", ("q3",)),
        ("e", "neutral", ("q5",)),
    }


def test_given_rows_are_all_answered() -> None:
    rows = (
        StanceQuestion("s/o#c1#e1", "c1", None, "e1", "Cheepa Group"),
        StanceQuestion("s/o#c1#e9", "c1", None, "e9", "Nobody At All"),
    )
    found = answer(STORY, claims=(Claim("c1", "The East Dock is safe to use."),), rows=rows)
    assert found.stance_rows is not None
    assert dict(found.stance_rows)["s/o#c1#e1"] == "supports"
    assert [row for row, _ in found.stance_rows] == [row.id for row in rows]
    assert answer(STORY).stance_rows is None


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "“",
        "\n\n\n“\n\n”\n",
        "a " * 200_000,
        "A" * 1_000_000,
        "“" * 2_000,
        "He said " * 5_000,
        "قال الوزير يوم الجمعة إن السفينة غرقت.\n\nقال: «لن نغادر».\n",
        "🚢 said 🚢\n\n“🚢🚢🚢,” said 🚢 Ferrow.\n",
        "No.\x00\x1b[31m “Red,” said X.\n",
    ],
    ids=["x", "mark", "marks", "long", "oneword", "openers", "cues", "arabic", "emoji", "controls"],
)
def test_odd_articles(text: str) -> None:
    check(text, answer(text))


def check(text: str, found: Answer) -> None:
    """Every span lies in the text and says what stands there; every id resolves."""
    spans = [*(found.entities or ()), *(found.dates or ())]
    for quote in found.quotes or ():
        assert quote.content
        spans += [*quote.content, *filter(None, [quote.cue, quote.source])]
    for span in spans:
        assert span.start is not None and span.end is not None
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text
    chains = {chain.id for chain in found.chains or ()}
    assert all(quote.speaker is None or quote.speaker in chains for quote in found.quotes or ())
    assert all(mention.entity in chains for mention in found.entities or ())
    ids = {quote.id for quote in found.quotes or ()}
    assert all(set(stance.evidence_quotes) <= ids for stance in found.stances or ())


PIECES = [
    "“", "”", '"', "'", "’", " said ", " Ferrow ", " the mayor ", "that ", ", ", ". ", "\n\n", " on Friday", " denied ", "She ",
    " according to ", "May 3", " Cheepa Group", " is expected to ", "Mr. ", " 1,000", " who ", " claim of ", ": ", "— ", " two years ago",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_text_gives_valid_answers(pieces: list[str]) -> None:
    text = "".join(pieces) or "x"
    check(text, answer(text, claims=(Claim("c1", "The mayor denied the claim."),)))


def test_answers_do_not_depend_on_company() -> None:
    """An article's predictions are the same alone, in another order, and in several processes."""
    articles = [
        {"id": f"s{n}/o", "text": STORY * (1 + n % 2) + f"\nFerrow No {n} said so.\n", "published": "2031-11-04"}
        for n in range(40)
    ]
    straight = {line.id: line.prediction for line in run.predict("rules", articles, jobs=1)}
    shuffled = random.Random(1).sample(articles, len(articles))
    assert {line.id: line.prediction for line in run.predict("rules", shuffled, jobs=2)} == straight
    assert [line.id for line in run.predict("rules", shuffled, jobs=2)] == [row["id"] for row in shuffled]


class Faulty(PerArticle):
    """Raises, lies or wanders off, depending on the article."""

    name = "faulty"
    version = "1"
    layers = ("dates",)

    def answer(self, question: Question) -> Answer:
        if "raise" in question.article.id:
            raise RuntimeError("no luck")
        return Rules().answer(question)

    def predict(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        made = super().predict(batch)
        rows = made.to_pylist()
        for row in rows:
            if "stranger" in row["id"]:
                row["id"] = "some/other"
            if "outside" in row["id"]:
                row["dates"] = [{"start": 5, "end": 10**6, "type": "DATE", "value": "2031"}]
        return pa.RecordBatch.from_pylist(rows, schema=wire.PREDICTIONS)


def test_a_failing_article_does_not_stop_the_rest() -> None:
    ids = ["a/fine", "a/raise", "b/fine", "a/stranger", "a/outside", "c/fine"]
    lines = list(run.predict(Faulty(), [{"id": name, "text": STORY} for name in ids]))
    assert [line.id for line in lines] == ids
    failed = {line.id: line.error for line in lines if line.prediction is None}
    assert set(failed) == {"a/raise", "a/stranger", "a/outside"}
    assert "no luck" in (failed["a/raise"] or "")
    assert "outside the text" in (failed["a/outside"] or "")


def test_protocol_and_registry() -> None:
    system = registry.find("rules")
    assert isinstance(system, System)
    batch = pa.RecordBatch.from_pylist([{"id": "s/o", "text": STORY}], schema=INPUT)
    assert system.predict(batch).schema.equals(wire.PREDICTIONS)
    with pytest.raises(InputError, match="did you mean 'rules'"):
        registry.find("rule")
    with pytest.raises(InputError, match="settings"):
        registry.find("rules", {"unheard": 1})
    assert [row.problem for row in registry.listed() if row.name == "rules"] == [None]


def test_foreign_systems_come_by_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib.metadata import EntryPoint

    def points(group: str) -> list[EntryPoint]:
        assert group == "onrecord.systems"
        return [
            EntryPoint("rules", "nowhere:Fake", group),
            EntryPoint("theirs", "onrecord.systems.rules:Rules", group),
            EntryPoint("broken", "no_such_package:X", group),
            EntryPoint("number", "math:floor", group),
        ]

    monkeypatch.setattr(registry, "entry_points", points)
    assert registry.names()[-3:] == ["broken", "number", "theirs"]
    assert registry.names().count("rules") == 1
    assert isinstance(registry.find("rules"), Rules), "a foreign system must not take the name of ours"
    assert isinstance(registry.find("theirs"), Rules)
    problems = {row.name: row.problem for row in registry.listed()}
    assert "no_such_package" in (problems["broken"] or "")
    assert problems["number"] is not None


def test_rules_read_no_labels() -> None:
    """Whatever the system imports, however far down, reaches neither the corpus reader nor releases nor gold."""
    package = Path(registry.__file__).parent.parent
    allowed = {"onrecord.model", "onrecord.wire", "onrecord", "onrecord.errors", "onrecord.timex"}
    waiting, seen = ["rules"], set[str]()
    while waiting:
        module = waiting.pop()
        if module in seen:
            continue
        seen.add(module)
        for node in ast.walk(ast.parse((package / "systems" / f"{module}.py").read_text(encoding="utf-8"))):
            assert not isinstance(node, ast.Import) or not any(name.name.startswith("onrecord") for name in node.names)
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("onrecord"):
                continue
            home = node.module or ""
            if home == "onrecord.systems":
                waiting += [name.name for name in node.names]
            elif home.startswith("onrecord.systems."):
                waiting.append(home.removeprefix("onrecord.systems."))
            else:
                assert home in allowed, (module, home)
    assert {"rules_dates", "rules_chains", "quote_frames", "text"} <= seen
    assert not seen & {"gazetteer", "inputs", "run", "registry"}, (
        "what builds the gazetteer reads labels; the system must not"
    )


def test_speed_grows_with_length_and_not_with_its_square() -> None:
    """Twelve thousand characters without the marks that end a sentence, a paragraph or a name take a second, not hours."""
    for piece in (
        "said Ferrow ",
        "Mayor ",
        "and said ",
        "its plan of ",
        "the on Friday in May ",
        "'a ",
        "....",
        "only ",
    ):
        text = piece * (12_000 // len(piece))
        check(text, answer(text))


def test_gazetteer_comes_from_train_labels() -> None:
    from onrecord.systems.gazetteer import build

    def row(text: str, *mentions: tuple[int, int, str, str]) -> dict[str, Any]:
        return {"text": text, "entities": [{"start": s, "end": e, "type": t, "kind": k} for s, e, t, k in mentions]}

    rows = [
        row("Velm and the Velm Post", (0, 4, "GPE", "name"), (9, 22, "ORG", "name")),
        row("Velm, Pell", (0, 4, "GPE", "name"), (6, 10, "PERSON", "name")),
        row("Pell, it", (0, 4, "ORG", "name"), (6, 8, "ORG", "pronoun")),
    ]
    assert build(rows) == {"velm": "GPE", "velm post": "ORG"}, "a name of two types is left out, a pronoun is no name"


def test_real_page(shared_data: Path) -> None:
    """The page this project started from: its four direct quotations with their speakers, and its dates."""
    from onrecord.ingest import ingest

    page = shared_data / "seed" / "000_e6072fdaf04982ac.txt"
    article = ingest(page.read_bytes(), page.name, published="2019-11-01").article
    found = Rules().answer(Question(article))
    check(article.text, found)
    assert found.quotes is not None and found.dates is not None
    direct = [(quote.content[0].text or "", quote.speaker_name) for quote in found.quotes if quote.kind == "direct"]
    assert [(words[1:12], speaker) for words, speaker in direct] == [
        ("In May we q", "WhatsApp"),
        ("We agree wi", "WhatsApp"),
        ("The company", "a senior information technology ministry official"),
        ("Government ", "Ravi Shankar Prasad"),
    ]
    values = {(date.text, date.value) for date in found.dates}
    assert {("Friday", "2019-11-01"), ("May", "2019-05"), ("Thursday", "2019-10-31")} <= values
    tweet = next(quote for quote in found.quotes if quote.speaker_name == "Ravi Shankar Prasad")
    assert tweet.said_on == "2019-10-31"
    assert next(quote for quote in found.quotes if quote.sourcing == "anonymous").kind == "direct"
    undated = Rules().answer(Question(ingest(page.read_bytes(), page.name).article))
    assert {("Friday", "XXXX-WXX-5"), ("May", "XXXX-05")} <= {(date.text, date.value) for date in undated.dates or ()}
