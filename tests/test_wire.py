"""The wire form: model to rows and back, and JSON Schema and Arrow schema as one thing."""

from __future__ import annotations

from typing import Any

import jsonschema
import pyarrow as pa
import pytest

from onrecord import shape, wire
from onrecord.corpus import read_corpus
from onrecord.model import (
    DATE_TYPES,
    ENTITY_KINDS,
    QUOTE_KINDS,
    SOURCINGS,
    STANCE_LABELS,
    Labels,
    Span,
)
from onrecord.schema import load_schema
from tinycorpus import TINY

ARTICLES = read_corpus(TINY / "corpus", TINY / "annotations").articles
ROWS = [{**wire.article_to_wire(item.article), **wire.labels_to_wire(item.labels)} for item in ARTICLES]


@pytest.mark.parametrize("number", range(len(ARTICLES)))
def test_model_to_wire_and_back(number: int) -> None:
    item, row = ARTICLES[number], ROWS[number]
    assert wire.article_from_wire(row) == item.article
    assert wire.labels_from_wire(row) == item.labels
    assert list(row) == wire.SCHEMAS["all"].names


def test_arrow_keeps_every_row() -> None:
    table = pa.Table.from_pylist(ROWS, schema=wire.SCHEMAS["all"])
    assert table.to_pylist() == ROWS


def test_a_layer_that_is_not_annotated_stays_none() -> None:
    assert wire.labels_from_wire(wire.labels_to_wire(Labels())) == Labels()
    assert wire.labels_from_wire(wire.labels_to_wire(Labels(dates=()))).dates == ()


def test_offsets_alone_are_a_span() -> None:
    assert wire.span_from_wire([3, 9]) == Span(3, 9)
    assert wire.span_from_wire({"text": "Friday"}) == Span(None, None, "Friday")
    assert wire.span_from_wire(None) is None


def test_stance_rows_have_the_article_s_text_and_the_claim_s() -> None:
    for item in ARTICLES:
        rows = wire.stance_rows(item.article, item.labels)
        claims = {claim.id: claim.text for claim in item.article.claims}
        assert len(rows) == len(item.labels.stances or ())
        for row in rows:
            assert sorted(row) == sorted(wire.SCHEMAS["stance"].names)
            assert row["claim_text"] == claims[row["claim"]]
            assert row["id"] == f"{row['article']}#{row['claim']}#{row['holder']}"


# JSON Schema


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """A subschema without its reference and without its null."""
    while True:
        if "$ref" in schema:
            schema = load_schema()["$defs"][schema["$ref"].rsplit("/", 1)[1]]
        elif "oneOf" in schema:
            schema = next(part for part in schema["oneOf"] if part.get("$ref") == "#/$defs/Span")
        else:
            return schema


def same(schema: dict[str, Any], kind: pa.DataType, path: str) -> None:
    """Asserts that a JSON schema and an Arrow type describe the same values."""
    schema = resolved(schema)
    if pa.types.is_struct(kind):
        assert list(schema["properties"]) == [field.name for field in kind], path
        assert schema["additionalProperties"] is False, path
        for field in kind:
            same(schema["properties"][field.name], field.type, f"{path}.{field.name}")
    elif pa.types.is_list(kind):
        assert schema["type"] == ["array", "null"], path
        same(schema["items"], kind.value_type, f"{path}[]")
    elif pa.types.is_integer(kind):
        assert schema["type"] == ["integer", "null"], path
    else:
        types = {type(value) for value in schema["enum"]} if "enum" in schema else set()
        assert types == {str, type(None)} or "string" in schema["type"], path


def test_json_schema_and_arrow_schema_are_the_same_thing() -> None:
    jsonschema.Draft202012Validator.check_schema(load_schema())
    properties = load_schema()["properties"]
    columns = {field.name: field.type for field in [*wire.SCHEMAS["all"], *wire.PREDICTIONS]}
    assert set(properties) == set(columns)
    for name, kind in columns.items():
        same(properties[name], kind, name)


def test_the_schema_s_values_are_the_model_s() -> None:
    definitions = load_schema()["$defs"]
    for definition, field, values in (
        ("Mention", "kind", ENTITY_KINDS),
        ("Quote", "kind", QUOTE_KINDS),
        ("Quote", "sourcing", SOURCINGS),
        ("Date", "type", DATE_TYPES),
        ("Stance", "label", STANCE_LABELS),
        ("Stance", "earlier", STANCE_LABELS),
        ("StanceRow", "label", STANCE_LABELS),
    ):
        assert definitions[definition]["properties"][field]["enum"] == [*values, None]


#: The example of the design, and lines that must be refused.
EXAMPLE: dict[str, Any] = {
    "id": "relay-breach/city-ledger",
    "entities": [{"start": 0, "end": 5, "type": "ORG", "kind": "name", "entity": "x1", "link": None}],
    "quotes": [
        {
            "content": [[120, 214]],
            "cue": [215, 219],
            "source": {"text": "a Relay spokesperson"},
            "speaker_name": "Relay",
            "said_on": "2031-11-01",
        }
    ],
    "dates": [{"text": "Friday", "context": "Relay said on", "type": "DATE", "value": "2031-11-01"}],
    "stances": [{"holder_name": "Relay", "claim": "c1", "label": "supports"}],
    "stance_rows": [{"row": "relay-breach/city-ledger#c1#e4", "label": "supports"}],
}


def test_gold_lines_and_the_design_s_example_are_valid() -> None:
    validator = jsonschema.Draft202012Validator(load_schema())
    for line in [EXAMPLE, *ROWS, {"id": "x"}, {"id": "x", "dates": None, "model": "y"}]:
        assert list(validator.iter_errors(line)) == []


@pytest.mark.parametrize(
    "line",
    [
        {},
        {"id": 1},
        {"id": "x", "quotes": {}},
        {"id": "x", "quotes": [{"content": [[1]]}]},
        {"id": "x", "quotes": [{"content": [[1, 2, 3]]}]},
        {"id": "x", "quotes": [{"content": [[-1, 2]]}]},
        {"id": "x", "quotes": [{"content": [None]}]},
        {"id": "x", "quotes": [{"cue": "said"}]},
        {"id": "x", "dates": [{"start": "1"}]},
        {"id": "x", "dates": [{"start": 1.5}]},
        {"id": "x", "dates": [{"type": "DAY"}]},
        {"id": "x", "dates": [None]},
        {"id": "x", "stances": [{"label": "agree"}]},
        {"id": "x", "chains": [{"name": "x"}]},
        {"id": "x", "claims": [{"id": "c1"}]},
    ],
)
def test_what_the_schema_refuses(line: dict[str, Any]) -> None:
    assert not jsonschema.Draft202012Validator(load_schema()).is_valid(line)


def test_shape_agrees_with_the_schema_on_gold_rows() -> None:
    for row in ROWS:
        for field in wire.SCHEMAS["all"]:
            assert list(shape.faults(row[field.name], field.type, field.name)) == []
        assert list(shape.missing(row, wire.SCHEMAS["all"])) == []


def test_shape_names_every_missing_field() -> None:
    schema = pa.schema([pa.field("a", pa.list_(wire.SPAN)), pa.field("b", pa.string())])
    span = {"start": 1, "end": 2, "text": None, "context": None}
    assert list(shape.missing({"a": [span, {"start": 1}], "b": None}, schema)) == [
        "a[1].end",
        "a[1].text",
        "a[1].context",
    ]
    assert list(shape.missing({"a": None}, schema)) == ["b"]
