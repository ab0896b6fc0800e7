"""TIMEX3 values: what TimeML 1.2.1 allows, what the calendar does not have, and every value of TempEval-3."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.timex import is_timex_value

GOOD = {
    "DATE": """2031 2031-11 2031-11-04 2031-W45 2031-W45-2 2031-W45-WE 2031-Q3 2031-H1 2031-SP 2031-WI 2032-02-29
        203 203X 20 20XX 2 FY2031 FY2031-Q3 FY2031-H2 FYXXXX BC0044 BC0044-03-15 BC00 KA25 MA4 XXXX XXXX-WXX-5
        XXXX-03-04 XXXX-XX-03 XXXX-02-29 2031-XX 2031-11-XX 2031-QX 2031-WXX 2032-W53 XXXX-W53 PAST_REF PRESENT_REF
        FUTURE_REF 0000-02-29""",
    "TIME": """2031-11-04T09:30 2031-11-04T09:30:15 2031-11-04T09:30:15.25 2031-11-04T09 2031-11-04T24:00
        2031-11-04T09:30Z 2031-11-04T09:30+05:30 2031-11-03TNI 2031-11-04TMO XXXX-XX-XXT09:30 XXXX-WXX-5TEV T09:30
        2031-W45-2TAF 2031-11-04TXX""",
    "DURATION": """P3Y PXY PXW P20Y PT72H P2W P5M P1Y6M P2.5Y PT1H30M P1DT12H P1DE P2CE PXDE P1WE P3Q P2SU PT1NI PT30S
        PXXD""",
    "SET": "P1D P1Y XXXX-WXX-5 XXXX-11 T09:00 XXXX-XX-XXT09:30 XXXX-WXX-2TNI XXXX-SU",
}
BAD = """
    2031-13 2031-00 2031-11-31 2031-02-29 2031-W54 2031-W00 2031-W53 2031-W45-8 2031-Q5 2031-H3 31-11-04
    2031/11/04 20311 2031-11-4 2031-1 Friday P PT P3 3Y PY1 P1M1Y PT3D PD P1D2 P.5Y FY31 FY2031-11
    2031-11-04T25:00 2031-11-04T9:30 2031-11-04T09:60 2031-11TMO TNIGHT PASTREF past_ref 2X31 X031 -2031 2031- BC
    BC44-13 p3y 2031-sp PTNI ２０３１
"""


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, line in GOOD.items() for value in line.split()])
def test_values_of_their_type(kind: str, value: str) -> None:
    assert is_timex_value(value, kind)
    assert is_timex_value(value)


@pytest.mark.parametrize("value", ["", *BAD.split(), " 2031", "2031 ", "2031\n", "P1D\n"])
def test_what_is_no_value(value: str) -> None:
    assert not is_timex_value(value)
    assert not any(is_timex_value(value, kind) for kind in GOOD)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("DATE", "P1D"), ("DATE", "2031-11-04T09:30"), ("TIME", "2031-11-04"), ("DURATION", "2031"), ("SET", "2031-11-04"),
     ("SET", "PRESENT_REF"), ("DURATION", "PAST_REF"), ("AGE", "P1Y")],
)  # fmt: skip
def test_a_value_of_another_type(kind: str, value: str) -> None:
    assert not is_timex_value(value, kind)


@given(st.dates())
def test_every_day_the_calendar_has(day: datetime.date) -> None:
    week = day.isocalendar()
    assert is_timex_value(day.isoformat(), "DATE")
    if week.year >= 1 and week.year <= 9999:
        assert is_timex_value(f"{week.year:04}-W{week.week:02}-{week.weekday}", "DATE")


@given(st.integers(1, 9999), st.integers(1, 12), st.integers(1, 31))
def test_a_day_is_valid_exactly_if_the_calendar_has_it(year: int, month: int, day: int) -> None:
    try:
        datetime.date(year, month, day)
        exists = True
    except ValueError:
        exists = False
    assert is_timex_value(f"{year:04}-{month:02}-{day:02}") == exists


def test_every_value_of_tempeval_3(shared_data: Path) -> None:
    """The gold of TempEval-3, except its weeks of one digit, which ISO 8601 writes with two."""
    values = {
        match[1]
        for path in (shared_data / "tempeval3").rglob("[!.]*.tml")
        for match in re.finditer(r'<TIMEX3\b[^>]*\bvalue="([^"]*)"', path.read_text(encoding="utf-8"))
    }
    assert len(values) > 100
    assert {value for value in values if not is_timex_value(value)} == {
        value for value in values if re.fullmatch(r"\d{4}-W\d", value)
    }
