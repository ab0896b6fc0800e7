"""Reading predictions: every kind of input, and every fault named with its line, field and remedy."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from onrecord import wire
from onrecord.errors import InputError, Problem
from onrecord.predictions import Gold, Predictions, read_gold, read_predictions, validate_file
from onrecord.predictions.validate import iter_problems

TEXT = "Dock shut 🚢🚢🚢\n\n“We told the city é,” said Lon Ferrow on Friday. The mayor denied it on Friday.\n"
CLAIM = {"id": "c1", "text": "The city was told."}
STANCE = {"holder": "e1", "claim": "c1", "label": "supports"}
LINES: list[dict[str, Any]] = [
    {
        "id": "dock/wire",
        "text": TEXT,
        "claims": [CLAIM],
        "entities": [],
        "quotes": [],
        "dates": [],
        "stances": [STANCE],
    },
    {"id": "dock/post", "text": TEXT, "claims": [CLAIM], "entities": [], "quotes": [], "dates": [], "stances": []},
]
QUOTE = TEXT.index("“")
FERROW = TEXT.index("Lon Ferrow")
GOOD: dict[str, Any] = {
    "id": "dock/wire",
    "entities": [{"start": FERROW, "end": FERROW + 10, "type": "PERSON", "kind": "name", "entity": "x1"}],
    "quotes": [
        {
            "content": [[QUOTE, QUOTE + 23]],
            "cue": {"text": "said"},
            "source": {"text": "Lon Ferrow"},
            "said_on": "2031-11-01",
        }
    ],
    "dates": [{"text": "Friday", "context": "Ferrow on", "type": "DATE", "value": "2031-11-01"}],
    "stances": [{"holder_name": "Ferrow", "claim": "c1", "label": "supports"}],
    "stance_rows": [{"row": "dock/wire#c1#e1", "label": "supports"}],
}


@pytest.fixture(scope="module")
def gold() -> Gold:
    return read_gold(LINES)


def problems(tmp_path: Path, content: bytes | str, gold: Gold | None, name: str = "p.jsonl") -> list[Problem]:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    found = validate_file(path, gold)
    assert all(problem.where == str(path) for problem in found)
    assert all(problem.remedy for problem in found), "every refusal says what to do"
    if gold is not None and found:
        with pytest.raises(InputError) as caught:
            read_predictions(path, gold)
        assert [str(one) for one in caught.value.problems] == [str(one) for one in found], "scoring refuses the same"
    return found


def line(**changes: Any) -> str:
    return json.dumps({**GOOD, **changes}, ensure_ascii=False) + "\n"


def test_a_good_file_has_no_problem(tmp_path: Path, gold: Gold) -> None:
    assert problems(tmp_path, line(), gold) == []


# Broken files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "message", "remedy"),
    [
        ('{"id": "dock/post", "dates": [', "no JSON at character", "cut off"),
        ('{"id": "dock/post", "dates": [}', "no JSON at character 31", ""),
        ('{"id": "dock/post", "dates": [{"text": "x"}, "quotes": []}', "no JSON", ""),
        ('{"id": "dock/post"}}', "no JSON", "too many"),
        ('{"id": "dock/post", "dates": [{"start": NaN}]}', "NaN is no JSON value", "write null"),
        ('{"id": "dock/post", "dates": [{"start": -Infinity}]}', "Infinity", "write null"),
        ("{'id': 'dock/post'}", "no JSON at character 2", ""),
        ('["dock/post"]', "is no object", "one JSON object a line"),
        ("null", "null is no object", "one JSON object a line"),
        ("7", "7 is no object", ""),
        ('{"id": "dock/post", "id": "dock/post"}', "field 'id' twice", "once"),
        ('{"id": "dock/post", "dates": [{"text": "a", "text": "b"}]}', "field 'text' twice", "once"),
        ('{"id": "dock/post", "x": ' + "[" * 5_000 + "]" * 5_000 + "}", "nested too deep", "flatten"),
        ('{"id": "dock/post", "x": ' + "[" * 1_010 + "]" * 1_010 + "}", "nested too deep", "flatten"),
        ('{"id": "dock/post", "dates": [{"text": "\\ud800"}]}', "no JSON", ""),
    ],
)
def test_broken_lines(tmp_path: Path, gold: Gold, bad: str, message: str, remedy: str) -> None:
    found = problems(tmp_path, line() + bad + "\n", gold)
    assert [one.line for one in found] == [2]
    assert message in found[0].message and remedy in (found[0].remedy or "")


def test_every_problem_is_listed_in_the_order_of_lines(tmp_path: Path, gold: Gold) -> None:
    content = "".join(
        [
            '{"id": "dock/wire", "dates": [{"start": 5, "end": 2, "type": "DATE"}, {"type": "DATE"}]}\n',
            "\n",
            "{oops\n",
            '{"id": "dock/pots", "entities": {}}\n',
            '{"id": "dock/post", "quotes": [{"content": []}]}\n',
        ]
    )
    found = problems(tmp_path, content, gold)
    assert [(one.line, one.field) for one in found] == [
        (1, "dates[0]"),
        (1, "dates[1]"),
        (3, None),
        (4, "entities"),
        (4, "id"),
        (5, "quotes[0].content"),
    ]


def test_byte_order_mark_crlf_and_missing_last_line_end(tmp_path: Path, gold: Gold) -> None:
    content = "\ufeff" + line().replace("\n", "\r\n") + "\r\n" + json.dumps({"id": "dock/post", "dates": []})
    assert problems(tmp_path, content, gold) == []
    bad = "\ufeff" + line().replace("\n", "\r\n") + "{\r\n"
    assert [one.line for one in problems(tmp_path, bad, gold)] == [2]


def test_encodings(tmp_path: Path, gold: Gold) -> None:
    assert "UTF-16" in problems(tmp_path, line().encode("utf-16"), gold)[0].message
    found = problems(tmp_path, line() + "\n" + '{"id": "dock/post", "dates": [{"text": "', gold)
    assert [one.line for one in found] == [3]
    latin = line().encode() + '{"id": "dock/post", "dates": [{"text": "é"}]}\n'.encode("latin-1")
    found = problems(tmp_path, latin, gold)
    assert [one.line for one in found] == [2] and "UTF-8" in found[0].message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n \n\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"PK\x03\x04zip", "zip"),
        (b"PAR1 not really", "no readable Parquet"),
        (b"\x1f\x8b\x08broken", "damaged"),
        (gzip.compress(b'{"id": "dock/wire"}\n' * 9, mtime=0)[:-9], "damaged"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (b"ARROW1\0\0", "Arrow IPC"),
        (b"\x00\x01\x02\x03", "no JSON"),
    ],
)
def test_files_that_are_no_predictions(tmp_path: Path, gold: Gold, content: bytes, message: str) -> None:
    found = problems(tmp_path, content, gold)
    assert message in found[0].message


def test_folder_and_missing_file(tmp_path: Path, gold: Gold) -> None:
    assert "folder" in validate_file(tmp_path, gold)[0].message
    assert "no such file" in validate_file(tmp_path / "nothing.jsonl", gold)[0].message


# Wrong values -----------------------------------------------------------------------------------------------------


def utf16(text: str, words: str) -> tuple[int, int]:
    start = len(text[: text.index(words)].encode("utf-16-le")) // 2
    return start, start + len(words.encode("utf-16-le")) // 2


def in_bytes(text: str, words: str) -> tuple[int, int]:
    start = len(text[: text.index(words)].encode())
    return start, start + len(words.encode())


def shifted(by: int) -> Callable[[str, str], tuple[int, int]]:
    return lambda text, words: (text.index(words) + by, text.index(words) + by + len(words))


@pytest.mark.parametrize(
    ("count", "remedy"),
    [
        (utf16, "UTF-16"),
        (in_bytes, "bytes"),
        (shifted(1), "begin at 0"),
        (lambda t, w: (t.index(w), t.index(w) + len(w) - 1), "exclusive"),
        (lambda t, w: (t.index(w) + 1, t.index(w) + len(w)), "begin at 0 and the end is exclusive"),
        (shifted(-9), f"stands at {FERROW}–{FERROW + 10}"),
        (lambda t, w: shifted(0)(t.replace("\n", "\r\n"), w), "CRLF"),
    ],
)
def test_offsets_counted_in_something_else(
    tmp_path: Path, gold: Gold, count: Callable[[str, str], tuple[int, int]], remedy: str
) -> None:
    start, end = count(TEXT, "Lon Ferrow")
    mention = {"start": start, "end": end, "text": "Lon Ferrow", "type": "PERSON"}
    found = problems(tmp_path, line(entities=[mention]), gold)
    assert [(one.line, one.field, one.article) for one in found] == [(1, "entities[0]", "dock/wire")]
    assert remedy in (found[0].remedy or "")


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"dates": [{"start": -3, "end": 5}]}, "dates[0]", "start -3 is negative"),
        ({"dates": [{"start": 9, "end": 4}]}, "dates[0]", "end 4 is not after start 9"),
        ({"dates": [{"start": 4, "end": 4}]}, "dates[0]", "end 4 is not after start 4"),
        ({"dates": [{"start": 4}]}, "dates[0]", "start without end"),
        ({"dates": [{"start": 4, "end": 10_000}]}, "dates[0]", "outside the text"),
        ({"dates": [{"start": 4.5, "end": 6}]}, "dates[0].start", "no whole number"),
        ({"dates": [{"start": "4", "end": 6}]}, "dates[0].start", "no whole number"),
        ({"dates": [{"start": True, "end": 6}]}, "dates[0].start", "no whole number"),
        ({"dates": [{"start": 2**63 - 1, "end": 6}]}, "dates[0].start", "out of range"),
        ({"dates": [{"start": 2**40, "end": 2**41}]}, "dates[0]", "outside the text"),
        ({"dates": [{}]}, "dates[0]", "neither offsets nor text"),
        ({"dates": [None]}, "dates[0]", "null in a list"),
        ({"dates": ["Friday"]}, "dates[0]", "is no object"),
        ({"dates": {"text": "Friday"}}, "dates", "is no list"),
        ({"dates": "Friday"}, "dates", "is no list"),
        ({"dates": [{"text": 7}]}, "dates[0].text", "is no text"),
        ({"quotes": [{"content": [[1]]}]}, "quotes[0].content[0]", "is no span"),
        ({"quotes": [{"content": [["1", 2]]}]}, "quotes[0].content[0]", "is no span"),
        ({"quotes": [{"content": None}]}, "quotes[0].content", "without content"),
        ({"quotes": [{"content": [[1, 5]], "cue": [90, 4]}]}, "quotes[0].cue", "not after"),
        ({"quotes": [{"content": [[1, 5]], "kind": "Direct"}]}, "quotes[0].kind", "not allowed"),
        ({"quotes": [{"id": "q", "content": [[1, 5]]}, {"id": "q", "content": [[6, 9]]}]}, "quotes[1].id", "twice"),
        ({"entities": [{"text": "Ferrow", "kind": "noun"}]}, "entities[0].kind", "not allowed"),
        ({"stances": [{"claim": "c9", "label": "supports"}]}, "stances[0].claim", "no claim 'c9'"),
        ({"stances": [{"claim": "c1", "label": "support"}]}, "stances[0].label", "not allowed"),
        ({"stances": [{"claim": "c1"}]}, "stances[0].label", "missing"),
        (
            {"stances": [{"claim": "c1", "label": "supports", "evidence_quotes": ["q9"]}]},
            "stances[0].evidence_quotes[0]",
            "no quote of this line",
        ),
        ({"stance_rows": [{"row": "dock/wire#c1#e7", "label": "supports"}]}, "stance_rows[0].row", "is no row"),
        ({"stance_rows": [{"row": "dock/wire#c1#e1", "label": "supports"}] * 2}, "stance_rows[1].row", "twice"),
        ({"id": 7}, "id", "is no text"),
        ({"id": None}, "id", "no article id"),
        ({"id": ""}, "id", "no article id"),
    ],
)
def test_wrong_values(tmp_path: Path, gold: Gold, changes: dict[str, Any], field: str, message: str) -> None:
    found = problems(tmp_path, line(**changes), gold)
    assert (found[0].line, found[0].field) == (1, field)
    assert message in found[0].message
    packed = problems(tmp_path, gzip.compress(line(**changes).encode()), gold)
    assert [one.message for one in packed] == [one.message for one in found]


def test_labels_suggest_what_was_meant(tmp_path: Path, gold: Gold) -> None:
    found = problems(tmp_path, line(stances=[{"claim": "c1", "label": "Support"}]), gold)
    assert "did you mean 'supports'?" in (found[0].remedy or "")


def test_unknown_articles_suggest_close_ids(tmp_path: Path, gold: Gold) -> None:
    found = problems(tmp_path, line(id="dock/wires") + line(id="quite/other"), gold)
    ids = [one for one in found if one.field == "id"]
    assert [one.line for one in ids] == [1, 2]
    assert "did you mean 'dock/wire'" in (ids[0].remedy or "")
    assert "answer the articles of gold, split test" in (ids[1].remedy or "")


def test_many_unknown_articles_take_no_time(tmp_path: Path) -> None:
    big = read_gold([{"id": f"story-{n}/wire", "text": "x", "dates": []} for n in range(3_000)])
    found = problems(tmp_path, "".join(f'{{"id": "story-{n}/wiry"}}\n' for n in range(3_000)), big)
    assert len(found) == 3_000
    assert "story-0/wire" in (found[0].remedy or "") and "did you mean" not in (found[-1].remedy or "")


def test_the_same_article_twice(tmp_path: Path, gold: Gold) -> None:
    found = problems(tmp_path, line() + "\n" + line(), gold)
    assert [(one.line, one.field) for one in found] == [(3, "id")]
    assert "first in line 1" in found[0].message


def test_a_null_layer_is_not_attempted(gold: Gold) -> None:
    answers = read_predictions([{"id": "dock/wire", "dates": None, "quotes": []}], gold)
    assert answers.columns.dates is None and answers.columns.quotes is not None
    assert answers.coverage == {"quotes": {"articles": 2, "answered": 1}}


def test_a_layer_of_one_line_is_attempted_by_all(gold: Gold) -> None:
    answers = read_predictions([{"id": "dock/post", "dates": []}, {"id": "dock/wire", "dates": None}], gold)
    assert answers.columns.dates is not None and len(answers.columns.dates.start) == 0
    assert answers.coverage == {"dates": {"articles": 2, "answered": 1}}


def test_unknown_fields_and_types_are_reported_not_refused(tmp_path: Path, gold: Gold) -> None:
    row = {
        "id": "dock/wire",
        "quotez": [],
        "dates": [{"text": "Friday", "typ": "DATE", "type": "DAY"}],
        "text": "other",
    }
    path = tmp_path / "p.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    for source in (path, [row]):
        reports = " ".join(read_predictions(source, gold).reports)
        assert "'quotez' is ignored, did you mean 'quotes'?" in reports
        assert "'dates[].typ' is ignored" in reports
        assert "'DAY' is none of TIMEX3's" in reports
        assert "1 lines carry another text" in reports


# Size -------------------------------------------------------------------------------------------------------------


def large(path: Path, megabytes: int, last: bytes) -> int:
    """Distinct articles of a kilobyte, and one last line."""
    filler = b"x" * 900
    number = 0
    with path.open("wb") as stream:
        while stream.tell() < megabytes << 20:
            stream.write(b'{"id": "s/%d", "dates": [{"text": "%s", "type": "DATE"}]}\n' % (number, filler))
            number += 1
        stream.write(last)
    return number


def test_a_large_file_with_one_bad_line_at_its_end(tmp_path: Path) -> None:
    path = tmp_path / "large.jsonl"
    number = large(path, 40, b'{"id": "s/last", "dates": [\n')
    seen: list[int] = []
    found = list(iter_problems(path, None, progress=seen.append))
    assert [one.line for one in found] == [number + 1]
    assert len(seen) > 1 and seen == sorted(seen) and seen[-1] == path.stat().st_size


def test_memory_stays_bounded(tmp_path: Path) -> None:
    """Arrow's memory and Python's together hold some pieces of the file and not the file."""
    sizes = []
    for megabytes in (70, 140):
        path = tmp_path / f"{megabytes}.jsonl"
        large(path, megabytes, b"{\n")
        pool = pa.default_memory_pool()
        tracemalloc.start()
        peak = 0
        for problem in iter_problems(path, None, progress=lambda _: None):
            assert problem.line
            peak = max(peak, pool.bytes_allocated())
        sizes.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        path.unlink()
    assert sizes[1] < sizes[0] * 1.5, sizes


# Other kinds of input ---------------------------------------------------------------------------------------------


def plain(answers: Predictions) -> dict[str, Any]:
    """What was read, in a form that compares."""
    columns = answers.columns
    layers: dict[str, Any] = {}
    for name in ("mentions", "quotes", "dates", "stances", "stance_rows"):
        table = getattr(columns, name)
        if table is None:
            layers[name] = None
            continue
        layers[name] = {}
        for field in table.__slots__:
            column = getattr(table, field)
            coded = hasattr(column, "codes")
            layers[name][field] = [column[row] for row in range(len(column))] if coded else column.tolist()
    return {"layers": layers, "grounding": answers.grounding, "coverage": answers.coverage}


OTHER: dict[str, Any] = {
    "id": "dock/post",
    "entities": [],
    "dates": [{"start": 0, "end": 4, "type": "DATE", "value": "2031"}],
}


def wired(row: dict[str, Any]) -> dict[str, Any]:
    """The row without the shorthand for spans, which typed tables cannot hold."""
    quotes = [
        {**quote, "content": [{"start": start, "end": end} for start, end in quote["content"]]}
        for quote in row.get("quotes") or []
    ]
    return {**row, "quotes": quotes} if quotes else row


def test_all_kinds_of_input_are_one(tmp_path: Path, gold: Gold) -> None:
    import datasets
    import pandas as pd

    rows = [GOOD, OTHER]
    typed = [wired(row) for row in rows]
    table = pa.Table.from_pylist(typed, schema=wire.PREDICTIONS)
    (tmp_path / "p.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (tmp_path / "p.gz").write_bytes(gzip.compress((tmp_path / "p.jsonl").read_bytes()))
    pq.write_table(table, tmp_path / "p.parquet")
    expected = plain(read_predictions(rows, gold))
    assert expected["grounding"]["exact"] == 3 and expected["layers"]["quotes"]["segment_start"] == [QUOTE]
    sources: dict[str, Any] = {
        "lines": tmp_path / "p.jsonl",
        "path as text": str(tmp_path / "p.jsonl"),
        "gzip": tmp_path / "p.gz",
        "parquet": tmp_path / "p.parquet",
        "arrow": table,
        "dataset": datasets.Dataset(table),
        "inferred dataset": datasets.Dataset.from_list(typed),
        "selected dataset": datasets.Dataset(table).select([0, 1]).select([0, 1]),
        "frame": pd.DataFrame(rows),
        "frame from arrow": table.to_pandas(),
        "generator": (row for row in rows),
        "tuple": tuple(rows),
    }
    for name, source in sources.items():
        assert plain(read_predictions(source, gold)) == expected, name


def test_a_dataset_in_another_order_is_read_in_its_order(gold: Gold) -> None:
    import datasets

    data = datasets.Dataset.from_list([wired(GOOD), wired(OTHER)]).select([1])
    assert read_predictions(data, gold).coverage["dates"] == {"articles": 2, "answered": 1}
    assert read_predictions(datasets.Dataset.from_list([wired(GOOD)]).select([]), gold).coverage == {}


def test_faults_in_memory_name_the_place_in_the_list(gold: Gold) -> None:
    bad = [
        GOOD,
        {"id": "dock/post", "dates": [{"start": 3, "end": 1}]},
        7,
        {"id": "\ud800/x", "dates": [{"text": "\ud800"}]},
    ]
    with pytest.raises(InputError) as caught:
        read_predictions(bad, gold)
    found = {one.field: one for one in caught.value.problems}
    assert all(one.line is None and one.where == "<predictions>" for one in caught.value.problems)
    assert "[1].dates[0]" in found and "[2]" in found
    assert "surrogate" in found["[3].id"].message and "surrogate" in found["[3].dates[0].text"].message


def test_parquet_with_other_types_is_refused_by_field(tmp_path: Path, gold: Gold) -> None:
    table = pa.table({"id": ["dock/wire"], "dates": [[{"start": "4", "end": "9"}]]})
    pq.write_table(table, tmp_path / "p.parquet")
    found = validate_file(tmp_path / "p.parquet", gold)
    assert [one.field for one in found] == ["[0].dates[0].end", "[0].dates[0].start"]
    pq.write_table(pa.table({"id": [7], "dates": [["x"]]}), tmp_path / "q.parquet")
    assert [one.field for one in validate_file(tmp_path / "q.parquet", gold)] == ["[0].dates[0]", "[0].id"]


@pytest.mark.parametrize("source", [7, {"id": "dock/wire"}, None])
def test_what_is_no_input_at_all(gold: Gold, source: Any) -> None:
    with pytest.raises(TypeError, match="is no input"):
        read_predictions(source, gold)


def test_a_dataset_dict_asks_for_a_split(gold: Gold) -> None:
    import datasets

    with pytest.raises(TypeError, match="test"):
        read_predictions(datasets.DatasetDict({"test": datasets.Dataset.from_list([wired(GOOD)])}), gold)


def test_no_lines_at_all_attempt_nothing(gold: Gold) -> None:
    answers = read_predictions([], gold)
    assert answers.coverage == {} and answers.columns.mentions is None
