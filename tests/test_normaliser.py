"""Temporal expressions: extents and values, against the annotation guidelines and against the calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.systems import normaliser
from onrecord.systems.rules_dates import find_dates
from onrecord.timex import is_timex_value

TUESDAY = "2031-11-04"

#: The table of the annotation guidelines (article published on a Tuesday): sentence, words, type, value, mod.
GUIDELINES = [
    ("He spoke on Friday.", "Friday", "DATE", "2031-10-31", None),
    ("They will meet on Thursday.", "Thursday", "DATE", "2031-11-06", None),
    ("She left yesterday.", "yesterday", "DATE", "2031-11-03", None),
    ("She leaves today.", "today", "DATE", "2031-11-04", None),
    ("She leaves tomorrow.", "tomorrow", "DATE", "2031-11-05", None),
    ("It broke last week.", "last week", "DATE", "2031-W44", None),
    ("It opens next week.", "next week", "DATE", "2031-W46", None),
    ("It opened this week.", "this week", "DATE", "2031-W45", None),
    ("It broke over the weekend.", "the weekend", "DATE", "2031-W44-WE", None),
    ("It broke last month.", "last month", "DATE", "2031-10", None),
    ("It broke in October.", "October", "DATE", "2031-10", None),
    ("It runs in the week of Nov. 10.", "the week of Nov. 10", "DATE", "2031-W46", None),
    ("It broke last year.", "last year", "DATE", "2030", None),
    ("It broke a year ago.", "a year ago", "DATE", "2030", None),
    ("It broke in early 2031.", "early 2031", "DATE", "2031", "START"),
    ("Born in the 2020s, it grew.", "the 2020s", "DATE", "202X", None),
    ("It grew in the late 2020s.", "the late 2020s", "DATE", "202X", "END"),
    ("It broke last spring.", "last spring", "DATE", "2031-SP", None),
    ("Profit fell in the third quarter.", "the third quarter", "DATE", "2031-Q3", None),
    ("Profit fell in fiscal 2031.", "fiscal 2031", "DATE", "FY2031", None),
    ("Profit fell in the fiscal third quarter.", "the fiscal third quarter", "DATE", "FY2031-Q3", None),
    ("It is now closed.", "now", "DATE", "PRESENT_REF", None),
    ("It is currently closed.", "currently", "DATE", "PRESENT_REF", None),
    ("It closed recently.", "recently", "DATE", "PAST_REF", None),
    ("It may close in the future.", "the future", "DATE", "FUTURE_REF", None),
    ("It broke on Friday night.", "Friday night", "TIME", "2031-10-31TNI", None),
    ("It broke late Monday.", "late Monday", "DATE", "2031-11-03", "END"),
    ("It began at 9:30 a.m. and ended.", "9:30 a.m.", "TIME", "2031-11-04T09:30", None),
    ("It broke this morning.", "this morning", "TIME", "2031-11-04TMO", None),
    ("It ran for three years.", "three years", "DURATION", "P3Y", None),
    ("It ran for the past three years.", "the past three years", "DURATION", "P3Y", None),
    ("It ran for almost five months.", "almost five months", "DURATION", "P5M", "LESS_THAN"),
    ("It ran for years.", "years", "DURATION", "PXY", None),
    ("It ran for weeks.", "weeks", "DURATION", "PXW", None),
    ("It ran for two decades.", "two decades", "DURATION", "P20Y", None),
    ("It took 72 hours.", "72 hours", "DURATION", "PT72H", None),
    ("It sails every day.", "every day", "SET", "P1D", None),
    ("It sails daily.", "daily", "SET", "P1D", None),
    ("It sails every Friday.", "every Friday", "SET", "XXXX-WXX-5", None),
    ("It sails twice a year.", "a year", "SET", "P1Y", None),
    ("It broke two days ago.", "two days ago", "DATE", "2031-11-02", None),
    ("It broke six weeks ago.", "six weeks ago", "DATE", "2031-W39", None),
    ("It broke three months ago.", "three months ago", "DATE", "2031-08", None),
    ("It broke four years ago.", "four years ago", "DATE", "2027", None),
    ("It sails on Fridays.", "Fridays", "SET", "XXXX-WXX-5", None),
    ("It broke in recent weeks.", "recent weeks", "DATE", "PAST_REF", None),
    ("It opened on May 3, 2029.", "May 3, 2029", "DATE", "2029-05-03", None),
    ("It opened on 3 May 2029.", "3 May 2029", "DATE", "2029-05-03", None),
    ("It waits at 9 a.m. Tuesday and sails.", "9 a.m. Tuesday", "TIME", "2031-11-04T09:00", None),
    ("Sales for 2032-33 rose.", "2032-33", "DATE", "FY2033", None),
]


@pytest.mark.parametrize(("text", "words", "kind", "value", "mod"), GUIDELINES, ids=[row[1] for row in GUIDELINES])
def test_guidelines(text: str, words: str, kind: str, value: str, mod: str | None) -> None:
    found = find_dates(text, TUESDAY)
    assert [(date.text, date.type, date.value, date.mod) for date in found] == [(words, kind, value, mod)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("It opened on May 3, 2029. The following day it shut.", ["2029-05-03", "2029-05-04"]),
        ("The hearing will be at 9 a.m. on Thursday, she said.", ["2031-11-06T09:00", "2031-11-06"]),
        ("He said it will open on Friday.", ["2031-11-07"]),
        ("It will open, he said on Friday.", ["2031-10-31"]),
        ("Comments close on Nov. 20.", ["2031-11-20"]),
        ("It was founded in May 1999.", ["1999-05"]),
    ],
)
def test_context_and_tense(text: str, values: list[str]) -> None:
    assert [date.value for date in find_dates(text, TUESDAY)] == values


@pytest.mark.parametrize(
    "text",
    [
        "The 44-year-old resigned.",
        "A 3-year-old boy fell.",
        "It cost $2031 to mend.",
        "About 2000 people came.",
        "You may march on.",
        "Now, consider the alternative.",
        "It has 1,999 seats.",
        "The Second Mile shut.",
    ],
)
def test_no_temporal_expression(text: str) -> None:
    assert [date.text for date in find_dates(text, TUESDAY) if date.text.lower() != "now"] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("He spoke on Friday.", "XXXX-WXX-5"),
        ("He spoke yesterday.", "XXXX-XX-XX"),
        ("It broke in May.", "XXXX-05"),
        ("It broke last week.", "XXXX-WXX"),
        ("It broke last year.", "XXXX"),
        ("It broke on June 3.", "XXXX-06-03"),
        ("It broke two days ago.", "XXXX-XX-XX"),
        ("It began at 9:30 a.m. and ended.", "XXXX-XX-XXT09:30"),
        ("It opened in 2029.", "2029"),
    ],
)
def test_unknown_publication_date_leaves_x(text: str, value: str) -> None:
    assert [date.value for date in find_dates(text, None)] == [value]


def test_offsets_are_code_points() -> None:
    text = "🚢🚢 Élan said on Friday it sank."
    (found,) = find_dates(text, TUESDAY)
    assert text[found.start : found.end] == "Friday"


@given(anchor=st.dates(min_value=date(1950, 1, 8), max_value=date(2200, 1, 1)), day=st.integers(1, 7))
def test_weekday_is_the_nearest_one(anchor: date, day: int) -> None:
    past = date.fromisoformat(normaliser.weekday(anchor, day, "past"))
    future = date.fromisoformat(normaliser.weekday(anchor, day, "future"))
    # brute force over the week on either side
    assert past == max(d for n in range(7) if (d := anchor - timedelta(days=n)).isoweekday() == day)
    assert future == min(d for n in range(7) if (d := anchor + timedelta(days=n)).isoweekday() == day)


@given(anchor=st.dates(), count=st.integers(-(10**7), 10**7), unit=st.sampled_from(sorted(normaliser.UNITS)))
def test_shifting_never_raises(anchor: date, count: int, unit: str) -> None:
    moved = normaliser.shift(anchor, count, unit)
    assert moved is None or isinstance(moved, date)


@given(anchor=st.dates(min_value=date(2, 1, 1), max_value=date(9998, 1, 1)), count=st.integers(-5000, 5000))
def test_months_add_up(anchor: date, count: int) -> None:
    moved = normaliser.add_months(anchor, count)
    if moved is not None:
        assert (moved.year * 12 + moved.month) - (anchor.year * 12 + anchor.month) == count
        assert moved.day <= anchor.day


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("a", 1),
        ("twenty-one", 21),
        ("a hundred", 100),
        ("1,200", 1200),
        ("two and a half", 2.5),
        ("5 1/2", 5.5),
        ("a dozen", 12),
    ],
)
def test_numbers(words: str, value: float) -> None:
    assert normaliser.number(words) == value


@pytest.mark.parametrize("words", ["several", "a few", "many"])
def test_vague_numbers(words: str) -> None:
    assert normaliser.number(words) is None


def test_easter_against_known_sundays() -> None:
    known = [date(1999, 4, 4), date(2000, 4, 23), date(2019, 4, 21), date(2024, 3, 31), date(2038, 4, 25)]
    assert [normaliser.easter(day.year) for day in known] == known


@given(st.text(alphabet="0123456789:. -/amp,MayFridoclkthsweeky'’\n", max_size=60))
def test_any_text_gives_spans_inside_it(text: str) -> None:
    previous = 0
    for found in find_dates(text, TUESDAY):
        assert found.start is not None and found.end is not None
        assert previous <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.text
        previous = found.end


def test_every_value_is_a_timex3_value() -> None:
    for text, *_ in GUIDELINES:
        for published in (TUESDAY, None):
            for found in find_dates(text, published):
                assert is_timex_value(found.value or "", found.type), (text, found.value)
