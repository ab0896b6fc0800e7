"""From what a model writes to a prediction line: whatever it writes, the line is valid and what was lost is counted."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import require
from onrecord.errors import InputError
from onrecord.harness import prompting
from onrecord.harness.answers import Said, line, totals
from onrecord.harness.bench import Bench, read_bench
from onrecord.harness.lines import Counts, fields
from onrecord.harness.repair import MOST, read_object
from onrecord.harness.tracks import LABELS, TRACKS, answer_schema
from onrecord.model import ENTITY_TYPES
from onrecord.predictions import read_predictions
from tinycorpus import build_tiny

try:
    import json_repair
except ImportError:
    json_repair = None  # type: ignore[assignment]

GOOD = {"dates": [{"text": "Friday", "context": "said on", "type": "DATE", "value": "2031-10-31", "mod": None}]}
PLAIN = json.dumps(GOOD)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return read_bench(str(build_tiny(tmp_path_factory.mktemp("release"))), "test")


@pytest.fixture
def repairing() -> None:
    require(json_repair is not None, "needs pip install 'onrecord[inspect]'")


@pytest.mark.parametrize(
    ("text", "repairs"),
    [
        (PLAIN, ()),
        (f"\ufeff {PLAIN} \n", ()),
        (f"```json\n{PLAIN}\n```", ("fence",)),
        (f"Here:\n```\n{PLAIN}\n```\nAnything else?", ("fence",)),
        (f"First draft:\n```json\n{{\"dates\": []}}\n```\nBetter:\n```json\n{PLAIN}\n```", ("fence",)),
        (f"The dates are {PLAIN}. I hope this helps {{you}}!", ("prose",)),
        (f"<think>It says {{dates}} … maybe [1]</think>\n{PLAIN}", ("reasoning",)),
        (json.dumps(PLAIN), ("wrapped",)),
        (json.dumps({"answer": GOOD}), ("wrapped",)),
        (json.dumps([GOOD]), ("wrapped",)),
        (json.dumps(GOOD["dates"]), ("wrapped",)),
    ],
)  # fmt: skip
def test_whole_answers_are_found_without_repair(text: str, repairs: tuple[str, ...]) -> None:
    found = read_object(text, ("dates",))
    assert (found.value, found.repairs) == (GOOD, repairs)


@pytest.mark.parametrize(
    ("text", "repairs"),
    [
        (PLAIN.replace("}]", "},]"), ("syntax",)),
        (PLAIN.replace('"type"', '// its type\n"type"'), ("syntax",)),
        (PLAIN.replace('"type"', '/* its type */ "type"'), ("syntax",)),
        (PLAIN.replace('"', "'").replace("null", "None"), ("syntax",)),
        (PLAIN.replace('"Friday"', '"Friday'), ("syntax",)),
        (PLAIN[:-2], ("syntax",)),
        (f"Sure:\n```json\n{PLAIN[:-2]}", ("fence", "syntax")),
        (f"Sure: {PLAIN[:-1]}", ("prose", "syntax")),
        (f"```json\n{PLAIN[:-1]},}}\n```\nDone.", ("fence", "syntax")),
    ],
)
@pytest.mark.usefixtures("repairing")
def test_broken_answers_are_mended(text: str, repairs: tuple[str, ...]) -> None:
    found = read_object(text, ("dates",))
    assert found.repairs == repairs
    assert found.value is not None and found.value["dates"][0]["value"] == "2031-10-31"


@pytest.mark.usefixtures("repairing")
def test_unescaped_quotation_marks_inside_a_quote() -> None:
    text = '{"quotes": [{"id": "q1", "content": [{"text": "that it was "sound" then"}], "speaker": "Ferrow"}]}'
    found = read_object(text, ("quotes",))
    assert found.repairs == ("syntax",) and found.value is not None
    assert found.value["quotes"][0]["content"][0]["text"] == 'that it was "sound" then'


@pytest.mark.parametrize(
    "text",
    ["", "   ", "I cannot help with that.", "[1, 2, 3]", "{}", "null", '{"dates": "none"}', '{"other": []}', "```\n```",
     "{" * 100_000, "[" * 100_000, '{"a":' * 50_000, "1" * 5_000, "\x00\x01"],
)  # fmt: skip
@pytest.mark.usefixtures("repairing")
def test_what_is_no_answer(text: str) -> None:
    assert read_object(text, ("dates", "entities")).value is None


@pytest.mark.usefixtures("repairing")
def test_two_megabytes_do_not_stop_anything() -> None:
    item = '{"text": "Friday", "type": "DATE"}, '
    for text, repaired in (
        ('{"dates": [' + item * 60_000, True),
        ('{"dates": [{"text": "' + "Friday " * 300_000, True),
        ("so " * 700_000, False),
        ("{" * 2_000_000, False),
        ('{"dates": [' + item * 60_000 + "{}]}", None),
    ):
        start = time.process_time()
        found = read_object(text, ("dates",))
        assert time.process_time() - start < 30, "by the square of the length it takes minutes"
        assert (found.value is not None) == (repaired is not False)
        if repaired:
            assert found.repairs == ("cut", "syntax") and len(json.dumps(found.value)) <= 2 * MOST


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["supports", "OPPOSES ", "c1", "c2", "q1", "q2", "1", "name", "article", "Friday", "\ud83d"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["text", "context", "type", "kind", "id", "content", "cue", "source", "speaker", "holder", "claim",
                         "label", "earlier", "evidence_quotes", "row", "value", "mod", "said_on", "sourcing", "entity"]),
        inner, max_size=6,
    ),
    max_leaves=12,
)  # fmt: skip


@given(value=st.fixed_dictionaries({name: st.lists(ANYTHING, max_size=4) for name in TRACKS["all"].lists}))
@settings(max_examples=150, deadline=None)
def test_any_items_make_a_line_that_is_accepted(bench: Bench, value: dict[str, Any]) -> None:
    article = next(iter(bench.articles.values()))
    counts = Counts()
    made = {"id": article["id"], **fields(value, TRACKS["all"].lists, article, bench.types, counts)}
    read_predictions([made], bench.gold)
    for name in ("entities", "dates", "quotes"):
        assert len(made[name]) == len(value[name]), "each item counts, usable or not"
    lost = len(value["stances"]) - len(made["stances"]) + len(value["stance_rows"]) - len(made["stance_rows"])
    assert counts.dropped >= lost


@given(text=st.text(max_size=60) | st.text(alphabet='{}[]",:` \ndates012', max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_given_up(text: str) -> None:
    found = read_object(text, ("dates",)) if json_repair is not None else None
    assert found is None or found.value is None or isinstance(found.value["dates"], list)


def test_items_are_kept_as_false_positives_and_what_no_line_can_say_is_counted(bench: Bench) -> None:
    article = next(iter(bench.articles.values()))
    claim, rows = article["claims"][0]["id"], article["stance_rows"]
    assert len(rows) >= 2
    value = {
        "entities": [{"text": "Cheepa", "type": "Org", "kind": "Name", "entity": "Cheepa"}, "Cheepa", 7.5, None, {}],
        "quotes": [
            {"id": "a", "content": "whole", "cue": "said", "source": {"text": None}, "speaker": "X", "said_on": 2031},
            {"id": "a", "content": [{"text": "one"}, "two"], "speaker_name": "Y", "sourcing": "guessed"},
            {"id": "b", "content": []},
        ],
        "stances": [
            {"holder": "Article", "claim": claim, "label": "Opposes", "evidence_quotes": ["a", "b", "a", "zz"]},
            {"holder": "X", "claim": "c99", "label": "supports"},
            {"holder": "X", "claim": claim, "label": "mixed"},
        ],
        "stance_rows": [
            {"row": 1, "label": "supports"},
            {"row": "2", "label": "opposes"},
            {"row": 1, "label": "neutral"},
            {"row": 99, "label": "neutral"},
            {"row": 0, "label": "neutral"},
        ],
    }
    counts = Counts()
    made = fields(value, ("entities", "quotes", "stances", "stance_rows"), article, ENTITY_TYPES, counts)
    assert [item["text"] for item in made["entities"]] == ["Cheepa", "Cheepa", "7.5", "", ""]
    assert (made["entities"][0]["type"], made["entities"][0]["kind"]) == ("ORG", "name")
    assert [quote["id"] for quote in made["quotes"]] == ["q1", "q2", "q3"]
    assert [len(quote["content"]) for quote in made["quotes"]] == [1, 2, 1]
    assert made["quotes"][0] | {"content": None} == {
        "id": "q1", "content": None, "cue": {"text": "said", "context": None}, "source": None, "speaker_name": "X",
        "sourcing": None, "said_on": "2031",
    }  # fmt: skip
    (stance,) = made["stances"]
    assert (stance["holder"], stance["label"], stance["evidence_quotes"]) == ("article", "opposes", ["q1", "q3"])
    assert made["stance_rows"] == [
        {"row": rows[0]["id"], "label": "neutral"},
        {"row": rows[1]["id"], "label": "opposes"},
    ]
    assert counts.shapeless == 3, "two entities and a quote's content"
    assert counts.dropped == 6, "an evidence id, two stances, a row answered twice, two unknown rows"


def test_answers_are_counted_by_what_became_of_them(bench: Bench) -> None:
    article = next(iter(bench.articles.values()))
    said = {
        "sound": Said(PLAIN),
        "repaired": Said(f"```\n{PLAIN}\n```"),
        "empty": Said("  "),
        "refused": Said("", "content_filter"),
    }
    accounts = []
    for outcome, answer in said.items():
        made, account = line(TRACKS["dates"], [answer], article, bench.types)
        assert account.answers == {outcome: 1}
        assert bool(made["dates"]) == (outcome in ("sound", "repaired"))
        accounts.append(account.as_dict())
    made, account = line(TRACKS["dates"], [], article, bench.types)
    assert made == {"id": article["id"], "dates": []}, "no answer is an empty one, never a missing one"
    counted = totals([*accounts, account.as_dict()])
    assert [counted[f"answers/{name}"] for name in (*said, "missing", "unparsable")] == [1, 1, 1, 1, 1, 0]
    assert counted["repairs/fence"] == 1


def test_prompts_hold_what_is_needed_and_nothing_else(bench: Bench) -> None:
    article = {**next(iter(bench.articles.values())), "published": "2031-11-04", "text": "A $text with $dollars {x}"}
    for track in TRACKS.values():
        text = prompting.message(track.asks[0], article, bench.types, bench.labels, first=True)
        assert "<article>\nA $text with $dollars {x}\n</article>" in text and "2031-11-04 (Tuesday)" in text
        for name in track.asks[0].lists:
            assert f'"{name}"' in text.splitlines()[-1]
        schema = answer_schema(track.asks[0], bench.types)
        assert schema["required"] == list(track.asks[0].lists)
        assert "start" not in json.dumps(schema) and "offset" not in json.dumps(schema)
    last = prompting.message(TRACKS["all"].asks[1], article, bench.types, bench.labels, first=False)
    assert "<article>" not in last
    for number, row in enumerate(article["stance_rows"], start=1):
        assert f"\n{number}. holder: {row['holder_name'] or row['holder']}; claim: {row['claim_text']}" in last
    asked = prompting.message(TRACKS["all"].asks[0], article, bench.types, bench.labels, first=True)
    assert "1. holder:" not in asked, "the rows name holders that the first answer must find"


def test_strict_structured_output_takes_the_schemas() -> None:
    """Every property is required and no object is open, as strict structured output demands."""

    def walk(schema: dict[str, Any]) -> None:
        if schema.get("type") == "object":
            assert schema["required"] == list(schema["properties"]) and schema["additionalProperties"] is False
            for inner in schema["properties"].values():
                walk(inner)
        for inner in (schema.get("items"), *schema.get("anyOf", ())):
            if inner:
                walk(inner)

    for track in TRACKS.values():
        for ask in track.asks:
            walk(answer_schema(ask, ENTITY_TYPES, (*LABELS, "unrelated")))


def test_gold_of_other_kinds(tmp_path: Path, bench: Bench) -> None:
    import gzip

    row = next(iter(bench.rows.values()))
    path = tmp_path / "own.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(row).encode() + b"\n"))
    own = read_bench(str(path), "test")
    assert own.articles[row["id"]] == bench.articles[row["id"]]
    assert own.types == tuple(sorted({item["type"] for item in row["entities"]})), "a file declares no inventory"
    with pytest.raises(InputError, match="no such file"):
        read_bench(str(tmp_path / "none.jsonl"), "test")
    without = {**row, "stances": []}
    path.write_bytes(
        gzip.compress(b"\n".join([json.dumps(row).encode(), json.dumps({**without, "id": "b/b"}).encode()]))
    )
    read_bench.cache_clear()
    assert read_bench(str(path), "test").asked(TRACKS["stance"]) == [row["id"]], "no rows, no question"
