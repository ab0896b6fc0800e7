"""The patterns of temporal expressions, each with the rule that gives its type, value and mod.

A pattern is tried everywhere in the text; ``rules_dates`` keeps the longest matches. Where the pattern needs words
around the expression, the expression itself is the group ``x``. A rule that returns None says "this is no temporal
expression" (an age, a part of a name), and keeps shorter patterns from matching inside it.
"""

# A pattern broken over lines is harder to read than a long line.
# ruff: noqa: E501

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from onrecord.systems import date_amounts as amounts
from onrecord.systems import date_values as values
from onrecord.systems import normaliser as timex


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern and what its matches mean."""

    pattern: re.Pattern[str]
    value: values.Value


_MONTH: Final = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|JANUARY|FEBRUARY|MARCH|APRIL|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_LONG_MONTH: Final = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.)"
)
_WEEKDAY: Final = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_PART: Final = r"(?:morning|midday|lunchtime|afternoon|evening|night)"
_DAY: Final = r"(?:3[01]|[12]\d|0?[1-9])"
_YEAR: Final = r"(?:1[5-9]|20|21)\d\d"
_UNIT: Final = r"(?:second|minute|hour|day|night|week|weekend|fortnight|month|quarter|year|decade|centur(?:y|ie))"
_SEASON: Final = r"(?:spring|summer|autumn|fall|winter)"
_UNITS_WORD: Final = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_NUMBER: Final = (
    rf"(?:\d+ \d/\d|\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ]{_UNITS_WORD})?"
    rf"|{_UNITS_WORD}|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|a hundred|a dozen"
    r"|an?(?! (?:few|couple))|half an?|a couple of|a few|few|several|many|dozens of|hundreds of)"
)
_HALF: Final = r"(?: and a half)?"
_EDGE: Final = r"(?<![\w$£€₹₦₱-])"
_DEGREE: Final = (
    r"(?:at least|at most|more than|less than|fewer than|no more than|up to|as (?:much|many|long) as"
    r"|(?<=for )over|(?<=just )over|(?<=of )over|(?<=after )over|(?<=took )over|under|about|around"
    r"|some|almost|nearly|roughly|approximately|just over|just under|only|well over)"
)
_STAGE: Final = r"(?:early|earlier|mid|middle|late|later)"
#: What stands before a month that is also a word or a name ("may", "march", "April Jones").
_BEFORE_MONTH: Final = (
    r"(?:in|In|since|Since|until|Until|by|By|from|From|of|between|Between|to|for|during|During|before|after|and|or|through"
    r"|till|last|next|this|every|each|early|late|mid|mid-)"
)


def _rule(pattern: str, value: values.Value, *, ignore_case: bool = False) -> Rule:
    return Rule(re.compile(pattern, re.IGNORECASE if ignore_case else 0), value)


_D: Final = rf"(?P<day>{_DAY}(?:st|nd|rd|th)?)"
_M: Final = rf"(?P<month>{_MONTH})"
_Y: Final = rf"(?P<year>{_YEAR})"
_PARTS: Final = rf"(?: (?P<part>{_PART}))?"
_STAGES: Final = rf"(?:(?P<stage>{_STAGE})[ -])?"
_NUMBERED: Final = rf"(?P<number>{_NUMBER})"
_DEGREES: Final = rf"(?:(?P<degree>{_DEGREE}) )?"

#: In order of preference among matches of equal length.
RULES: Final[tuple[Rule, ...]] = (
    # ages and other things that only look like time
    _rule(rf"{_EDGE}(?:{_DEGREE} )?{_NUMBER}[- ](?:year|month|week|day)s?[- ]olds?\b", amounts.no_expression, ignore_case=True),
    _rule(r"\b(?:aged?|ages) (?:of )?\d{1,3}(?: years)?\b", amounts.no_expression, ignore_case=True),
    _rule(rf"[$£€]\s?{_YEAR}\b|{_EDGE}{_YEAR}(?=,\d|\.\d|%|(?: [a-z]+){{0,1}} (?:people|votes|tonnes|tons|dollars|pounds|miles|km|metres|meters|jobs|homes|words|workers|members)\b)", amounts.no_expression),
    _rule(rf"\b{_WEEKDAY} (?:Times|Mail|Express|Telegraph|Herald|Night Live|Mirror|Post|Tribune|Star)\b", amounts.no_expression),
    # full days
    _rule(rf"\b(?:{_STAGES})(?:{_WEEKDAY},? )?{_M} {_D}(?!\d|[:./]\d)(?:,? {_Y}\b(?![\d-]))?{_PARTS}", values.full_day),
    _rule(rf"\b(?:{_WEEKDAY},? )?(?:the )?{_D}(?: of)? {_M}\b(?:,? {_Y}\b)?{_PARTS}", values.full_day),
    _rule(r"\b(?P<iso>\d{4}-\d\d-\d\d)\b", values.iso_day),
    _rule(rf"\b[Tt]he week (?:of|beginning|ending|starting) {_M} {_D}(?:,? {_Y})?\b", values.week_of),
    _rule(rf"\b[Tt]he week (?:of|beginning|ending|starting) {_D} {_M}(?:,? {_Y})?\b", values.week_of),
    # weekdays
    _rule(rf"\b(?:[Ee]very|[Ee]ach)(?: other)? (?P<weekday>{_WEEKDAY}){_PARTS}\b", values.weekdays),
    _rule(rf"\b(?P<weekday>{_WEEKDAY}s)(?: (?P<part>{_PART}s))?\b", values.weekdays),
    _rule(
        rf"\b(?:(?P<stage>[Ee]arly|[Ll]ate|[Ee]arlier|[Ll]ater|[Mm]id)[ -])?(?:(?P<which>[Ll]ast|[Nn]ext|[Tt]his past|[Tt]his(?: coming)?|[Tt]he (?:following|previous|same)|[Tt]his) )?(?P<weekday>{_WEEKDAY}){_PARTS}\b(?!s)",
        values.weekday_value,
    ),
    _rule(rf"\b(?:{_STAGES})(?P<word>the day before yesterday|the day after tomorrow|yesterday|today|tomorrow|tonight){_PARTS}\b(?!['’]s (?:world|youth|society))", values.near_day, ignore_case=True),
    _rule(rf"\b(?:{_STAGES})(?P<which>this|that|last|the next|the following|the same) (?P<part>{_PART})\b", values.part_of_day, ignore_case=True),
    _rule(r"\b(?:the )?(?P<word>next|following|previous) day\b", values.context_day, ignore_case=True),
    _rule(r"\b(?:the |that )(?P<word>same) day\b|\b(?:earlier|later) that day\b", values.same_day, ignore_case=True),
    _rule(r"\bthe day (?P<word>before|after)(?=[,.;])", values.context_day, ignore_case=True),
    # months
    _rule(rf"\b{_STAGES}{_M},? {_Y}\b(?!-\d\d-)", values.month_value, ignore_case=False),
    _rule(rf"\b{_STAGES}{_M} (?:of )?(?P<which>last|this|next) year\b", values.month_of_year),
    _rule(rf"\b(?:(?P<stage>[Ee]arly|[Ll]ate|[Mm]id)[ -])(?:(?P<which>last|next|this) )?{_M}(?![\w])", values.month_value),
    _rule(rf"\b(?P<x>(?P<which>[Ll]ast|[Nn]ext|[Tt]his|[Tt]his past) {_M})(?!\w| [A-Z][a-z])", values.month_value),
    _rule(rf"\b{_BEFORE_MONTH}[ -](?P<x>(?P<month>{_LONG_MONTH}))(?!\w| {_DAY}\b| (?!{_WEEKDAY})[A-Z][a-z]+ (?:said|told))", values.month_value),
    _rule(r"(?<![\w-])(?P<month>January|February|June|July|September|October|November|December|April|August)\b(?! [A-Z][a-z]|-[A-Z]|\w)", values.month_value),
    # seasons
    _rule(rf"\b{_STAGES}(?:the )?(?P<season>{_SEASON})(?: of)? {_Y}\b", values.season_value, ignore_case=True),
    _rule(rf"\b{_STAGES}(?P<which>last|next|this|this past|this coming) (?P<season>{_SEASON})\b", values.season_value, ignore_case=True),
    _rule(rf"\b(?:in|by|since|until|before) (?:the )?(?P<x>{_STAGES}(?:the )?(?P<season>spring|summer|autumn|winter))\b(?! (?:of (?!{_YEAR})|[a-z]+ing\b))", values.season_value),
    # quarters and fiscal years
    _rule(rf"\b(?:the )?(?P<fiscal>fiscal |financial )?(?P<nth>first|second|third|fourth|[1-4](?:st|nd|rd|th)) (?P<fiscal2>fiscal |financial )?(?P<size>quarter|half)(?: of (?:the )?(?:fiscal(?: year)? |financial year )?| )(?P<year>{_YEAR})(?:[-–/](?P<second>\d\d)\b)?", values.quarter_value, ignore_case=True),
    _rule(r"\b(?:the )?(?P<fiscal>fiscal |financial )?(?P<nth>first|second|third|fourth|[1-4](?:st|nd|rd|th)) (?P<fiscal2>fiscal |financial )?(?P<size>quarter)\b(?! of an?\b| of the (?!year\b)| final)", values.quarter_value, ignore_case=True),
    _rule(r"\b(?:the )?(?P<nth>first|second) (?P<size>half) of (?:the|this) year\b", values.quarter_value, ignore_case=True),
    _rule(rf"\b(?:the )?(?P<endmonth>March|June|September|December) quarter(?: of)?(?: (?P<year>{_YEAR}))?\b", values.quarter_value),
    _rule(rf"\bQ(?P<q>[1-4])(?: (?P<year>{_YEAR}))?\b", values.quarter_value),
    _rule(rf"\b{_STAGES}(?:the )?(?:fiscal|financial)(?: year)? (?P<year>{_YEAR})\b(?!-\d)", values.fiscal_year, ignore_case=True),
    _rule(rf"\bFY ?['’]?(?P<year>{_YEAR}|\d\d)\b", values.fiscal_year),
    _rule(r"\b(?P<which>this|last|next|the current|the previous|the coming) (?:fiscal|financial) year\b", values.fiscal_year, ignore_case=True),
    _rule(rf"\b(?:the )?(?P<year>{_YEAR})[-–/](?P<second>\d\d)(?: (?:fiscal|financial) year)?\b(?!-\d)", values.split_year),
    # years, decades, centuries
    _rule(rf"\b(?:(?P<stage>[Ee]arly|[Ll]ate|[Mm]id|[Mm]iddle)[ -])(?:of )?{_Y}\b(?!s)", values.year_value),
    _rule(rf"(?<![\w$£€₹#.,/:-]){_Y}\b(?![.,/:]\d|-\d|['’]?s\b| ?(?:%|per cent|percent|pm|am|GMT))", values.year_value),
    _rule(rf"\b(?P<x>post-(?P<year>{_YEAR})|pre-(?P<y2>{_YEAR}))\b", values.beyond_year),
    _rule(r"\b(?:the )?(?:(?P<stage>early|late|mid|middle)[ -])?(?P<decade>(?:1[5-9]|20|21)\d0)['’]?s\b", values.decade_value, ignore_case=True),
    _rule(r"\b(?:the )?(?:(?P<stage>early|late|mid)[ -])?['’‘](?P<decade>[1-9]0)s\b", values.decade_value, ignore_case=True),
    _rule(r"\b(?:the )?(?:(?P<stage>early|late|mid)[ -])?(?P<nth>\d{1,2}(?:st|nd|rd|th)|[a-z]+(?:-first)?) century\b(?=[^a-z]|$)", lambda m, a: values.century_value(m, a) if m["nth"].lower() in timex.ORDINALS or m["nth"][0].isdigit() else None, ignore_case=True),
    # units near the anchor
    _rule(r"\b(?:(?P<stage>early|earlier|late|later|mid)[ -])?(?P<which>last|past|this|next|the same|that(?! same)|the following|the previous|the current|the coming) (?P<unit>week|month|quarter|year|decade|century)\b", values.unit_near, ignore_case=True),
    _rule(r"\b(?:(?P<stage>early|late|later) )?(?P<which>this past|last|next|this coming|this|the) (?P<unit>weekend)\b", values.weekend, ignore_case=True),
    _rule(r"\bthis time (?P<which>last|next) (?P<unit>week|month|year)\b", values.unit_near, ignore_case=True),
    # counted from an anchor
    _rule(rf"{_EDGE}{_DEGREES}(?P<number>{_NUMBER}{_HALF}) (?:more )?(?P<unit>{_UNIT})s? (?P<way>ago|later|earlier|hence|from now|from today)\b", amounts.counted, ignore_case=True),
    _rule(rf"{_EDGE}{_DEGREES}(?P<number>) ?(?P<unit>years|months|weeks|days|decades|hours|minutes) (?P<way>ago|later|earlier)\b", amounts.counted, ignore_case=True),
    # sets
    _rule(rf"\b(?:every|each)(?: single)? (?:(?P<number>other|second|{_NUMBER}) )?(?P<unit>{_UNIT})s?\b(?! of)", amounts.set_value, ignore_case=True),
    _rule(rf"\b(?:every|each) (?:(?P<month>{_MONTH})|(?P<season>{_SEASON})|(?P<part>{_PART}))\b", amounts.set_value, ignore_case=True),
    _rule(r"\b(?P<adverb>hourly|daily|nightly|weekly|fortnightly|monthly|quarterly|annually|yearly)\b(?! [A-Z])", amounts.set_value),
    _rule(r"\b(?:once|twice|times|percent|per cent|million|billion|\d+|[$£€]\S+) (?P<x>an? (?P<unit>day|night|week|month|quarter|year))\b(?! ago| later| earlier|[- ](?:old|long))", amounts.set_value, ignore_case=True),
    _rule(r"\bper (?P<x>(?P<unit>day|week|month|year|annum))\b", lambda m, a: ("SET", "P1Y", None) if m["unit"] == "annum" else amounts.set_value(m, a)),
    # durations
    _rule(rf"{_EDGE}(?:the )?(?:(?:last|past|next|coming|previous|first|final|preceding|following|another) )?{_DEGREES}(?P<number>{_NUMBER}{_HALF})(?: more| full| whole| straight| consecutive| long| additional| other)? (?P<unit>{_UNIT})s?\b(?!['’]? ?(?:ago|later|earlier|-old|old)\b|-)", amounts.duration_value, ignore_case=True),
    _rule(rf"{_EDGE}{_DEGREES}{_NUMBERED}-(?P<unit>{_UNIT})(?:s|-long)?\b(?!-old)", amounts.duration_value, ignore_case=True),
    _rule(r"\b(?P<one>)(?P<unit>day|week|month|year|decade|hour|night)-long\b", amounts.duration_value),
    _rule(r"\b(?P<unit>years|months|weeks|days|decades|hours|minutes|centuries)(?:-long)?\b(?= (?:after|before|of (?:work|talks|negotiations|delays?|debate|war|study))|[,.;]|-long)", amounts.duration_value),
    _rule(r"\b(?:for|over|in|within|took|takes?|take|of|by|spent) (?P<x>(?:many )?(?P<unit>years|months|weeks|days|decades|hours|centuries|minutes))\b", amounts.duration_value),
    _rule(r"\b(?:the )?(?:past|last) (?P<one>)(?P<unit>decade|century)\b", amounts.duration_value, ignore_case=True),
    _rule(r"\b(?P<which>the coming|coming|recent|the recent) (?P<unit>days|weeks|months|years|decades|hours)\b", amounts.vague_span, ignore_case=True),
    # times of day
    _rule(rf"{_EDGE}(?P<hour>\d{{1,2}})(?:[:.](?P<minute>\d\d))? ?(?P<half>[ap]\.m\.|[ap]m)(?!\w)(?: (?:local time|[A-Z]{{2,4}}T|GMT|UTC|[A-Z][a-z]+ time))?(?: (?P<weekday>{_WEEKDAY})\b| (?P<word>today|yesterday|tomorrow)\b)?", amounts.clock, ignore_case=False),
    _rule(rf"{_EDGE}(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)\b(?!:)(?: (?:local time|[A-Z]{{2,4}}T|GMT|UTC))?(?: (?P<weekday>{_WEEKDAY})\b)?", amounts.clock),
    _rule(r"^(?P<x>(?P<hour>[01]?\d|2[0-3])[.](?P<minute>[0-5]\d))(?= |:|$)".replace("^", r"(?m:^)"), amounts.clock),
    _rule(rf"\b(?P<name>noon|midnight)\b(?: (?P<weekday>{_WEEKDAY})\b)?(?! (?:sun|oil))", amounts.named_clock),
    # holidays
    _rule(rf"\b(?:(?P<which>last|next|this) )?(?P<holiday>Thanksgiving Day|Thanksgiving|Christmas Day|Christmas Eve|Christmas|Boxing Day|New Year['’]s (?:Day|Eve)|Halloween|Valentine['’]s Day|Easter Sunday|Easter Monday|Good Friday|Easter|May Day|Labour Day)\b(?:,? {_Y}\b)?(?! (?!Day)[A-Z])", values.holiday),
    # vague references
    _rule(r"\b(?:[Nn]ow(?!\s*,? (?:that|consider))|NOW)\b(?<!Now)(?!-)|\b(?:[Cc]urrently|[Nn]owadays|[Tt]hese days|[Aa]t present|[Aa]t the moment|[Pp]resently)\b|\bNow(?= [a-z])", amounts.reference("PRESENT_REF")),
    _rule(r"\bcurrent(?= [a-z])", amounts.reference("PRESENT_REF")),
    _rule(r"\b(?:[Rr]ecently|[Ll]ately)\b|\b(?:in|In) (?P<x>the past)\b(?! (?:[a-z]+ )?(?:year|month|week|day|decade|hour|\d))", amounts.reference("PAST_REF")),
    _rule(r"\b(?:[Ii]n|[Ff]or) (?P<x>(?:the )?(?:near |foreseeable |not[- ]too[- ]distant )?future)\b", amounts.reference("FUTURE_REF")),
)  # fmt: skip
