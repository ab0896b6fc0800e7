"""The fast reader and the exact one say the same of every input, valid or broken."""

from __future__ import annotations

import json
import random
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import InputError
from onrecord.predictions import fast, intake, pieces, read_gold, read_predictions
from test_intake import GOOD, LINES, OTHER, plain

GOLD = read_gold(LINES)


@pytest.fixture(scope="module", autouse=True)
def small_buffer() -> Iterator[None]:
    """Thousands of small files are read here, each into a buffer of its own."""
    with mock.patch.object(pieces, "_PIECE", 1 << 16):
        yield


def outcome(content: bytes) -> Any:
    """What reading a file of these bytes comes to: everything read, or every problem."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.jsonl"
        path.write_bytes(content)
        try:
            answers = read_predictions(path, GOLD)
        except InputError as error:
            return [str(problem).replace(folder, "") for problem in error.problems]
        # Of a field it does not know the fast reader does not say in which line it first stands.
        return plain(answers), [re.sub(r"^/p\.jsonl(?::\d+)?", "", one.replace(folder, "")) for one in answers.reports]


def exact(content: bytes) -> Any:
    """The same by the exact reader alone."""
    with mock.patch.object(fast, "parse", return_value=None):
        return outcome(content)


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 120),
    st.sampled_from(
        [
            2**31,
            2**63,
            10**25,
            0.5,
            3.0,
            1e300,
            "",
            "Friday",
            "dock/wire",
            "supports",
            "e1",
            "c1",
            "🚢",
            "\n",
            "2031-11-01T08:00",
        ]
    ),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["start", "end", "text", "type", "content", "cue", "claim", "label", "odd"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
SPANS = st.one_of(
    st.fixed_dictionaries({"start": st.integers(0, 90), "end": st.integers(1, 99)}),
    st.fixed_dictionaries({"text": st.sampled_from(["Friday", "said", "Ferrow", "gone"])}),
    st.tuples(st.integers(0, 50), st.integers(51, 90)),
)
ITEMS = st.fixed_dictionaries(
    {"type": st.sampled_from(["DATE", "PERSON", None])},
    optional={"value": st.sampled_from(["2031", None]), "entity": st.just("e")},
)
ROWS = st.fixed_dictionaries(
    {"id": st.one_of(st.sampled_from(["dock/wire", "dock/post", "dock/other"]), LEAVES)},
    optional={
        "dates": st.one_of(st.none(), VALUES, st.lists(st.builds(lambda span, rest: {**rest, **(span if isinstance(span, dict) else {"start": span[0], "end": span[1]})}, SPANS, ITEMS), max_size=3)),
        "quotes": st.one_of(VALUES, st.lists(st.fixed_dictionaries({"content": st.lists(SPANS, max_size=2)}, optional={"cue": st.one_of(SPANS, VALUES), "id": LEAVES}), max_size=2)),
        "stances": st.lists(st.fixed_dictionaries({"claim": st.just("c1"), "label": st.sampled_from(["supports", "opposes"])}, optional={"evidence_quotes": VALUES}), max_size=2),
        "text": LEAVES,
        "phenomena": VALUES,
        "odd": VALUES,
        "system": VALUES,
    },
)  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(st.lists(ROWS, max_size=4))
def test_random_rows(rows: list[dict[str, Any]]) -> None:
    content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    assert outcome(content) == exact(content)


@settings(max_examples=250, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 3))
def test_spoilt_bytes(seed: int, number: int) -> None:
    order = random.Random(seed)
    content = bytearray("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in (GOOD, OTHER)).encode())
    for _ in range(number):
        at = order.randrange(len(content))
        match order.randrange(4):
            case 0:
                del content[at]
            case 1:
                content[at] = order.choice(b'{}[]",:0e-.\\\n\r\t nNaI\x00\xff\xc3')
            case 2:
                content.insert(at, order.choice(b'{}[]",:0e-.\\\n\r\t nNaI\x00\xff\xc3'))
            case _:
                length = order.randrange(1, 12)
                content[at:at] = content[at : at + length]
    assert outcome(bytes(content)) == exact(bytes(content))


ODD_LINES = [
    b"null\n",
    b'{"id": "dock/wire", "odd": [null, null]}\n',
    b'{"id": null, "odd": {"x": [null]}}\n',
    b'{"id": null, "quotes": [{"content": [], "cue": {"type": [null, null]}}]}\n',
    b'{"id": "dock/wire", "entities": [{"text": "Dock", "type": "ORG", "odd": [null]}]}\n',
    b' null\n{"id": "dock/wire"}\n',
    b'{"id": "dock/wire"} {"id": "dock/post"}\n',
    b'{"id": "dock/wire"}\n\n\n{"id":\n"dock/post"}\n',
    b'{"id": "dock/wire",\n"dates": []}\n',
    b'{"id": "dock/wire"}\r{"id": "dock/post"}\r\n',
    b'{"id": "dock/wire", "odd": NaN}\n',
    b'{"id": "dock/wire", "odd": [1, "a", {"b": null}]}\n{"id": "dock/post", "odd": 7}\n',
    b'{"id": "dock/wire", "odd": ' + b"[" * 700 + b"]" * 700 + b"}\n",
    b'{"id": "dock/wire", "odd": ' + b"[" * 20_000 + b"]" * 20_000 + b"}\n",
    b'{"id": "dock/wire", "odd": ' + b'{"a":' * 9_000 + b"1" + b"}" * 9_000 + b"}\n",
    b'{"id": "dock/wire", "dates": [{"text": "a\xff"}]}\n',
    b'{"id": "dock/wire", "dates": [{"text": "\\ud83d\\udea2"}]}\n',
    b'{"id": "dock/wire", "dates": [{"text": "\\ud83d"}]}\n',
    b'{"id": "dock/wire", "dates": [{"start": 1.0, "end": 2}]}\n',
    b'{"id": "dock/wire", "dates": [{"start": 1e1, "end": 20}]}\n',
    b'{"id": "dock/wire", "dates": [{"start": 01, "end": 20}]}\n',
    b'{"id": "dock/wire", "dates": [{"start": 99999999999999999999, "end": 20}]}\n',
    b'{"id": "dock/wire", "dates": [{"start": -0, "end": 20}]}\n',
    b'{"id": "dock/wire", "published": "2031-11-01", "dates": [{"text": "x", "value": "2031-11-01"}]}\n',
    b'{"id": "dock/wire", "dates": [{"text": "x", "value": "2031-11-01 08:00:00"}]}\n',
    b'{"id": "dock/wire", "phenomena": ["a", null]}\n',
    b'{"id": "dock/wire", "phenomena": "a"}\n',
    b'{"id": "dock/wire", "dates": [], "dates": []}\n',
    b'{"id": "dock/wire", "odd": 1, "odd": 2}\n',
    b'{"id": "dock/wire", "odd": {"x": 1, "x": 2}}\n',
    b'{"id": "dock/wire", "": 1}\n',
    b'{"id": "dock/wire"},\n',
    b'\xef\xbb\xbf{"id": "dock/wire"}\n\xef\xbb\xbf{"id": "dock/post"}\n',
    b'{"id": "dock/wire", "chains": [{"id": "e1", "aliases": ["a", null]}]}\n',
    b'{"id": "dock/wire", "stances": [{"claim": "c1", "label": "supports", "evidence_spans": [[1, 5], null]}]}\n',
    b'{"id": "dock/wire", "claims": [{"id": "c1"}]}\n',
    b'{"id": "dock/wire", "dates.text": 1, "phenomena.x": 2, "dates": [{"text": "x", "a.b": 3, "[]": 4}]}\n',
    b"{}\n",
    b"{}\n{}\n",
    b'{"id": "dock/wire", "dates": [{}]}\n',
    b'{"id": "dock\\u002fwire", "dates": [{"start": 0, "end": 4, "text": "D\\u006fck"}]}\n',
    b"\x00\n",
]  # fmt: skip


@pytest.mark.parametrize("content", ODD_LINES)
def test_odd_lines(content: bytes) -> None:
    good = b'{"id": "dock/post", "quotes": [{"content": [[0, 4]]}]}\n'
    for whole in (content, content * 2, good + content, content + good):
        assert outcome(whole) == exact(whole)


def test_pieces_of_any_size_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"id": f"dock/{n}", "dates": [{"text": "x" * (n % 50), "type": "DATE"}]} for n in range(300)]
    lines = [json.dumps(row).encode() + b"\n" for row in rows]
    lines[120] = b"\r\n\n{oops\n"
    lines[250] = lines[3]
    content = b"".join(lines)
    expected = outcome(content)
    assert any(":123" in problem for problem in expected) and any("second time" in problem for problem in expected)
    for piece, small in ((64, 16), (1_000, 100), (5_000, 5_000)):
        monkeypatch.setattr(pieces, "_PIECE", piece)
        monkeypatch.setattr(pieces, "_SMALL_PIECE", small)
        assert outcome(content) == expected


def test_regular_files_take_the_fast_way() -> None:
    content = "".join(json.dumps({"id": row["id"], "dates": row["dates"]}) + "\n" for row in (GOOD, OTHER)).encode()
    with mock.patch.object(intake.slow, "parse_line", side_effect=AssertionError("read line by line")):
        read = outcome(content)
    assert read[0]["coverage"] == {"dates": {"articles": 2, "answered": 2}}


def test_fields_that_only_late_lines_have_keep_their_types(tmp_path: Path) -> None:
    """What the first lines show decides what is parsed at first; a value that looks like a day would become one."""
    texts = [{"id": f"s{number}/o", "text": "Ferrow said on Friday that it was safe."} for number in range(60)]
    gold = read_gold([{**row, "quotes": [], "dates": [], "entities": []} for row in texts])
    span = {"start": 0, "end": 6}
    lines: list[dict[str, Any]] = [{"id": row["id"], "entities": [{**span, "type": "PERSON"}]} for row in texts]
    lines[40]["entities"] = [{**span, "type": "PERSON", "link": "2031-10-31"}]
    lines[50]["dates"] = [{"start": 15, "end": 21, "type": "DATE", "value": "2031-10-31"}]
    lines[59]["quotes"] = [
        {"content": [{"start": 22, "end": 38}], "cue": {"start": 7, "end": 11}, "said_on": "2031-10-31"}
    ]
    lines[59]["spotted"] = "2031-10-31"
    path = tmp_path / "p.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    read, content = [], path.read_bytes()
    with mock.patch.object(
        fast, "_read", side_effect=lambda *given, made=fast._read: read.append(made(*given)) or read[-1]
    ):
        early = read_predictions(path, gold)
    assert len(read) == 2 and read[1] is not None, "parsed again with all fields, not line by line"
    with mock.patch.object(fast, "parse", return_value=None):
        line_by_line = read_predictions(path, gold)
    assert plain(early) == plain(line_by_line) and content == path.read_bytes()
    assert early.columns.dates is not None and list(early.columns.dates.value.values) == ["2031-10-31"]
    assert any("spotted" in report for report in early.reports)
