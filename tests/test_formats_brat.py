"""Brat standoff: reading what annotators and their editors leave behind, and writing it back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.formats import brat
from onrecord.model import Chain, Date, Labels, Mention, Quote, Span

TEXT = "Ann Lee said: “It’s done,”\nshe told the Post on Friday."


def test_reads_spans_events_and_other_lines() -> None:
    content = (
        "T1\tSource 0 7\tAnn Lee\n"
        "T2\tCue 8 12\tsaid\n"
        "T3\tContent 14 26;36 44\t“It’s done,” the Post\n"
        "E1\tAttribution:T1 Content:T3 Cue:T2\n"
        "A1\tNegated E1\n"
        "#1\tAnnotatorNotes T3\tis this one?\n"
        "*\tEquiv T1 T2\n"
    )
    document = brat.read(content, "a.ann")
    assert document.bounds["T3"] == brat.TextBound("T3", "Content", ((14, 26), (36, 44)), "“It’s done,” the Post")
    assert document.events["E1"] == brat.Event("E1", "Attribution", "T1", (("Content", "T3"), ("Cue", "T2")))
    assert [line[:2] for line in document.others] == ["A1", "#1", "*\t"]
    assert not document.problems
    assert brat.agrees(document.bounds["T3"], TEXT)
    assert brat.write(document) == content


def test_a_span_broken_by_a_newline_is_one_span() -> None:
    document = brat.read("T1\tContent 14 30\t“It’s done,”\nshe\nT2\tCue 8 12\tsaid\n", "a.ann")
    assert document.bounds["T1"].text == "“It’s done,”\nshe"
    assert brat.agrees(document.bounds["T1"], TEXT)
    assert list(document.bounds) == ["T1", "T2"]
    assert brat.read(brat.write(document), "a.ann") == document


def test_fragments_keep_the_order_of_the_file() -> None:
    document = brat.read("T1\tContent 36 44;14 26\tthe Post “It’s done,”\n", "a.ann")
    assert document.bounds["T1"].fragments == ((36, 44), (14, 26))


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        ("T1\tCue 8 12\tsaid\nT2 Cue 8 12 said\n", None, None),  # goes on with T1's text, as a broken line would
        ("E1\tAttribution\n", 1, "no brat line"),
        ("\n\nnonsense\n", 3, "no brat line"),
        ("T1\tCue 12 8\tsaid\n", 1, "swapped offsets"),
        ("E1\tAttribution:T1 Content:\n", 1, "no brat line"),
    ],
)
def test_lines_that_cannot_be_read_are_named(content: str, line: int | None, message: str | None) -> None:
    problems = brat.read(content, "a.ann").problems
    assert [problem.line for problem in problems] == ([] if line is None else [line])
    assert message is None or message in problems[0].message


def test_crlf_files() -> None:
    document = brat.read("T1\tSource 0 7\tAnn Lee\r\nT2\tCue 8 12\tsaid\r\n", "a.ann")
    assert [bound.text for bound in document.bounds.values()] == ["Ann Lee", "said"]


@pytest.mark.parametrize(
    ("copied", "repair"),
    [
        (TEXT, None),
        (TEXT.replace("\n", "\r\n"), "CRLF"),
    ],
)
def test_a_checkout_with_other_line_ends_is_repaired(copied: str, repair: str | None) -> None:
    start = TEXT.index("Friday")
    document = brat.read(f"T1\tDate {start} {start + 6}\tFriday\n", "a.ann")
    text, done = brat.text_that_fits(copied, document)
    assert text == TEXT
    assert (done is None) == (repair is None) and (repair or "") in (done or "")


def test_offsets_that_count_crlf_or_a_byte_order_mark() -> None:
    crlf = TEXT.replace("\n", "\r\n")
    start = crlf.index("Friday")
    document = brat.read(f"T1\tDate {start} {start + 6}\tFriday\n", "a.ann")
    assert brat.text_that_fits(crlf, document) == (crlf, None)
    assert brat.text_that_fits(TEXT, document)[0] == crlf
    marked = brat.read("T1\tSource 1 8\tAnn Lee\n", "a.ann")
    assert brat.text_that_fits(TEXT, marked)[0] == "\ufeff" + TEXT


def test_a_text_that_no_repair_fits_stays_as_it_is() -> None:
    document = brat.read("T1\tSource 3 9\tAnn Lee\n", "a.ann")
    assert brat.text_that_fits(TEXT, document) == (TEXT, None)


def test_labels_become_a_document() -> None:
    labels = Labels(
        entities=(
            Mention(0, 7, "Ann Lee", None, "PERSON", "name", "e1", "Q1"),
            Mention(27, 30, "she", None, "PERSON", "pronoun", "e1"),
        ),
        chains=(Chain("e1", "PERSON", "Ann Lee", (), "Q1"),),
        quotes=(Quote("q1", (Span(14, 26, "“It’s done,”"),), Span(8, 12, "said"), None, source_type="Direct"),),
        dates=(Date(48, 54, "Friday", None, "DATE", "2031-11-07", "APPROX"),),
    )
    assert brat.write(brat.from_labels(TEXT, labels)).splitlines() == [
        "T1\tPERSON 0 7\tAnn Lee",
        "N1\tReference T1 Q1\tAnn Lee",
        "A1\tKind T1 name",
        "T2\tPERSON 27 30\tshe",
        "A2\tKind T2 pronoun",
        "R1\tCoreference Arg1:T1 Arg2:T2",
        "T3\tDATE 48 54\tFriday",
        "A3\tValue T3 2031-11-07",
        "A4\tMod T3 APPROX",
        "T4\tContent 14 26\t“It’s done,”",
        "T5\tCue 8 12\tsaid",
        "E1\tDirect:T5 Content:T4 Cue:T5",
    ]


_WORDS = st.text("abÄ’ \t.:;#TE1*", min_size=1, max_size=12)
_FRAGMENTS = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 9)).map(lambda p: (p[0], p[0] + p[1])), min_size=1)


@given(st.lists(st.tuples(st.sampled_from(["Cue", "Content"]), _FRAGMENTS, _WORDS), max_size=6), st.data())
def test_what_is_written_is_read_again(
    bounds: list[tuple[str, list[tuple[int, int]], str]], data: st.DataObject
) -> None:
    document = brat.Document()
    for number, (label, fragments, words) in enumerate(bounds):
        name = f"T{number}"
        document.bounds[name] = brat.TextBound(name, label, tuple(fragments), words)
        document.order.append(name)
    if bounds:
        roles = data.draw(st.lists(st.tuples(st.sampled_from(["Cue", "Content2"]), st.sampled_from(document.order))))
        document.events["E1"] = brat.Event("E1", "Attribution", "T0", tuple(roles))
        document.order.append("E1")
    assert brat.read(brat.write(document), "x.ann") == document


def test_every_given_label_file_is_written_back(shared_data: Path) -> None:
    """Reading what was written gives the same document; only the bytes of line ends may differ."""
    files = [*(shared_data / "polnear").rglob("*.ann"), *(shared_data / "polnear-multi").rglob("*.ann")]
    assert len(files) == 216
    for file in files:
        content = file.read_text(encoding="utf-8")
        document = brat.read(content, file.name)
        assert not document.problems
        assert brat.read(brat.write(document), file.name) == document
        assert brat.write(document).split() == content.split()
