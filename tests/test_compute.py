"""Our way to Arrow's compute functions, held against ``pyarrow.compute`` itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as theirs
import pytest
from tests.reporting import rules, write

from onrecord import compute as ours
from onrecord.predictions.arrow import places
from onrecord.release import read_rows

STRINGS = pa.array(["Lannick", None, "", "Zoë", "Lannick", "🚋"])
LARGE = STRINGS.cast(pa.large_string())
OTHERS = pa.array(["Lannick", "Fares", "", None, "lannick", "🚋"])
MASK = pa.array([True, False, None, True, False, True])
PLACES = pa.array([4, 0, 1, 1])
LISTS = pa.array([[1, 2], None, [], [3]])
STRUCTS = pa.array([{"a": 1, "b": "x"}, None, {"a": None, "b": "y"}])


@pytest.mark.parametrize(
    ("name", "arguments", "their_arguments"),
    [
        ("take", (STRINGS, PLACES), None),
        ("take", (pa.chunked_array([STRINGS, STRINGS]), PLACES), None),
        ("cast", (STRINGS, pa.large_string()), None),
        ("cast", (pa.chunked_array([STRINGS, STRINGS]), pa.large_string()), None),
        ("cast", (pa.array([1, None], pa.uint8()), pa.int64()), None),
        ("dictionary_encode", (STRINGS,), None),
        ("unique", (STRINGS,), None),
        ("value_counts", (STRINGS,), None),
        ("equal", (STRINGS, OTHERS), None),
        ("equal", (STRINGS, STRINGS[0]), None),
        ("not_equal", (STRINGS, OTHERS), None),
        ("index_in", (STRINGS, OTHERS), {"value_set": OTHERS, "skip_nulls": True}),
        ("if_else", (MASK, STRINGS, OTHERS), None),
        ("coalesce", (STRINGS, STRINGS[2]), None),
        ("binary_join_element_wise", (STRINGS, OTHERS, STRINGS[5]), None),
        ("match_substring_regex", (STRINGS, "^[LZ]"), {"pattern": "^[LZ]"}),
        ("binary_length", (LARGE,), None),
        ("utf8_length", (LARGE,), None),
        ("list_flatten", (LISTS,), None),
        ("list_parent_indices", (LISTS,), None),
        ("struct_field", (STRUCTS, 1), {"indices": [1]}),
    ],
)
def test_the_same_as_theirs(name: str, arguments: tuple[Any, ...], their_arguments: dict[str, Any] | None) -> None:
    function: Callable[..., Any] = getattr(ours, name)
    their_function: Callable[..., Any] = getattr(theirs, name)
    found = function(*arguments)
    expected = (
        their_function(*arguments) if their_arguments is None else their_function(arguments[0], **their_arguments)
    )
    assert found.type == expected.type
    assert found.equals(expected)
    if len(arguments[0]) and isinstance(arguments[0], pa.Array):
        part = arguments[0][1:]  # Arrays that begin further on in their buffers.
        if name in ("cast", "dictionary_encode", "unique", "binary_length", "utf8_length", "list_flatten"):
            assert function(part, *arguments[1:]).equals(their_function(part, *arguments[1:]))


def test_what_has_the_type_is_not_copied() -> None:
    assert ours.cast(STRINGS, pa.string()) is STRINGS


def test_what_does_not_fit_is_said() -> None:
    with pytest.raises(pa.ArrowInvalid):
        ours.cast(pa.array([2**63], pa.uint64()), pa.int64())


def test_should_the_extension_move_pyarrow_compute_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(pa, "_compute")
    monkeypatch.setitem(sys.modules, "pyarrow._compute", None)
    assert ours.take(STRINGS, PLACES).equals(theirs.take(STRINGS, PLACES))
    assert ours.index_in(STRINGS, OTHERS).equals(theirs.index_in(STRINGS, OTHERS, skip_nulls=True))


@pytest.mark.parametrize("gold", ["folder", "lines"])
def test_scoring_imports_neither_it_nor_pandas(tiny: Path, tmp_path: Path, gold: str) -> None:
    """They take as long as everything else a small score does."""
    answers = rules(tiny, tmp_path / "rules.jsonl")
    path = tiny
    if gold == "lines":
        path = write(read_rows(tiny, "all", "test").to_pylist(), tmp_path / "gold.jsonl")
    program = (
        "import sys\n"
        "from onrecord.cli import main\n"
        "status = main(sys.argv[1:])\n"
        "print(sorted({'pandas', 'pyarrow.compute', 'pyarrow.dataset'} & set(sys.modules)), file=sys.stderr)\n"
        "sys.exit(status)\n"
    )
    command = [sys.executable, "-c", program, "score", str(answers), "--gold", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"
    assert "entities" in done.stdout


def test_arrays_of_numpy_are_taken_by() -> None:
    assert ours.take(STRINGS, places(np.asarray([2, 0]))).to_pylist() == ["", "Lannick"]
