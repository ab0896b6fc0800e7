"""The JSON Schema of the wire form, ``data/schema.json``."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any


@cache
def load_schema() -> dict[str, Any]:
    """The schema of one line: a released row of config ``all``, a gold line or a prediction."""
    content = resources.files("onrecord").joinpath("data", "schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(content)
    return schema
