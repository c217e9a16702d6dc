"""The grammar of printed numbers over the mask: p-values, intervals, spreads, group sizes, fractions, values.

Every pattern works on ``Reading.mask``, in which the words of either language are one sign each, so the grammar
has no language of its own.
"""

from __future__ import annotations

import re
from decimal import Decimal

from extractors.components.terms import (
    AND,
    BE,
    BLANK,
    INTERVAL,
    MEASURE,
    NOT_ESTIMABLE,
    OF,
    ONE_SIDED,
    PEOPLE,
    PVALUE,
    SPREAD,
    STATISTIC,
    TO,
    TWO_SIDED,
    UNIT,
)
from extractors.findings import Interval, Number

# A stray space beside the point of "0. 86" or "0 .86" is a slip of print; without the nought it ends a sentence.
_DIGITS = r"(?:0(?:\s\.\s?|\.\s)\d+|\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
# A number does not begin inside a word or a code (HER2, IL-6) or as a power (min-1, l^-1, 10^9), nor end in one.
NUMBER = rf"(?<![A-Za-z\d.])(?<![A-Za-z{UNIT}]-)(?<!\^)(?<!\^[-+])(?!10\^[-+]?\d){_DIGITS}(?![A-Za-z\d])"
_SIGNED = rf"(?:[-+]\s?)?{_DIGITS}"
_PERCENT = rf"\s*(?:%|{UNIT}+)?"
_BOUND = rf"(?:{_SIGNED}{_PERCENT}|{NOT_ESTIMABLE}+)"
_SEPARATOR = rf"\s*(?:-|~|,|;|{TO}+|{AND}+)\s*"
_LEVEL = r"(?P<level{0}>\d{{2}}(?:\.\d+)?)\s*%\s*\)?\s*"
_LINK = rf"[\s:=,;.({BE}\[\])]*"

P_VALUE = re.compile(
    rf"{PVALUE}+(?P<words>[^\d<>=\u2264\u2265;.{INTERVAL}{MEASURE}]{{0,40}}?)\s*(?P<operator>[<>=:\u2264\u2265]|{BE}+|,(?=\s*0?\.\d))\s*"
    rf"(?P<value>\d*\s?\.\s?\d+|\d+)(?![\d%])"
)
# Further p-values of a list: "P = 0.003 and 0.039".
NEXT_P = re.compile(
    rf"\s*(?:,|{AND}+|,\s*{AND}+)\s*(?P<operator>[<>=])?\s*(?P<value>0?\.\d+)(?![\d%.])(?!\s*(?:{UNIT}|{PEOPLE}))"
)
SIDES = re.compile(rf"(?P<one>{ONE_SIDED}+)|(?P<two>{TWO_SIDED}+)")
HEADED_INTERVAL = re.compile(
    rf"(?:{_LEVEL.format(1)})?{INTERVAL}+"
    rf"(?:\s*[(\[]\s*(?:\d{{2}}%\s*)?{INTERVAL}+\s*[)\]])?"
    rf"(?:\s*{_LEVEL.format(2)})?{_LINK}(?:[a-z]+\s)?"
    rf"(?P<low>{_BOUND}){_SEPARATOR}(?P<high>{_BOUND})(?![\d.]*\d)"
)
INTERVAL_HEAD = re.compile(rf"(?:{_LEVEL.format(1)}){INTERVAL}+|{INTERVAL}+")
BARE_INTERVAL = re.compile(
    rf"\s*[(\[]\s*(?P<low>{_SIGNED}{_PERCENT}|{NOT_ESTIMABLE}+){_SEPARATOR}(?P<high>{_BOUND})\s*(?=[)\];,])"
)
# The interval behind the semicolon of a bracket: "haemoglobin (-2.9; -5.7, -1.1)".
PARTED_INTERVAL = re.compile(rf"{_PERCENT};\s*(?P<low>{_SIGNED})\s*(?:,|-|~|{TO}+)\s*(?P<high>{_SIGNED})\s*(?=[)\]])")
TRAILING_INTERVAL = re.compile(rf"\s*,\s*(?P<low>{_SIGNED})\s*-\s*(?P<high>{_SIGNED})(?![\d.]*\d)")
GROUP_SIZE = re.compile(rf"(?<![A-Za-z])[nN]\s*[=:]\s*(?P<n>{_DIGITS})(?!\s*/)")
FRACTION = re.compile(rf"(?P<events>{NUMBER})\s*{PEOPLE}*\s*(?:/|{OF}+)\s*(?P<n>{NUMBER})(?!\s*%)(?!\s*{UNIT})")
SPREAD_VALUE = re.compile(
    # A plus between two decimal numbers, with a space before it only, is a slip of print for the sign of both.
    rf"(?P<sign>\u00b1|\+\s?/\s?-|(?<=\d\.\d\s)\+(?=\d+\.\d)|(?<=\d\.\d\d\s)\+(?=\d+\.\d))\s*(?P<value>{_DIGITS})(?:\s*(?P<unit>%|{UNIT}+))?"
    rf"|(?P<word>{SPREAD}+)\s*[\])]?\s*[:=,{BE}]*\s*\[?(?P<low>{_SIGNED})(?![A-Za-z\d.]){_PERCENT}(?!\s*\u00b1)(?:{_SEPARATOR}(?P<high>{_SIGNED}))?"
)
# A rate whose base stands behind a slash: "6.3/1,000 days", "12 / 100 patient-years".
RATE = re.compile(rf"(?P<value>{NUMBER})\s?/\s?(?P<base>1,?000|10,?000|100,?000|100)(?=\s*(?:{UNIT}|{PEOPLE}|[a-z]))")
# How a report says once what stands in the brackets of its values: "median (IQR)", "mean [SD]", "mean \u00b1 SD".
CONVENTION = re.compile(
    rf"(?P<statistic>{STATISTIC}+)[^\d.;()\[\]]{{0,40}}?[(\[,]?\s*(?P<spread>{SPREAD}+)(?:\s*[(\[]\s*{SPREAD}+\s*[)\]])?\s*[)\]]"
)
BARE_SPREAD = re.compile(
    rf"\s*[(\[]\s*(?P<low>{_SIGNED}){_PERCENT}(?:{_SEPARATOR}(?P<high>{_SIGNED}){_PERCENT})?\s*[)\]]"
)
# The word for a spread in a bracket, right behind which stand a value and the spread in a bracket of its own.
CONVENTION_HERE = re.compile(rf"{SPREAD}+\s*[)\]][\s:=,{BE}]*{_SIGNED}{BARE_SPREAD.pattern}")
# A median with its quartiles as Chinese journals print them, the unit behind: "10 (7, 14) d".
QUARTILES = re.compile(
    rf"(?P<median>{NUMBER})(?P<bracket>\s*\(\s*(?P<low>{_DIGITS})\s*,\s*(?P<high>{_DIGITS})\s*\))"
    rf"(?=\s*(?P<unit>%|{UNIT}+))"
)
VALUE = re.compile(
    rf"(?P<sign>(?<![A-Za-z\d)%{UNIT}{BLANK}])[-+]\s?)?(?P<number>{NUMBER})\s*-?\s*(?P<unit>%|{UNIT}+|{PEOPLE}+)?"
)
# A time whose unit stands first: "week 24", "Month 3".
UNIT_FIRST = re.compile(
    rf"(?<!\d)(?<!\d[\s-])(?P<unit>{UNIT}+)\s?(?P<number>\d{{1,3}})(?![\d.,]*\d|\s*(?:%|{UNIT}|{PEOPLE}))"
)
# The other end of a stretch of numbers: "0.19-0.60", "12% to 15%" when not in a bracket of an interval.
STRETCH = re.compile(rf"\s?%?\s?[-~]\s?{_DIGITS}(?![A-Za-z\d])")
# Dates and clock-like codes, which are never results: "May 5, 2011", "5 May 2011", year-month-day in units.
DATE = re.compile(
    rf"\b[A-Z][a-z]{{2,8}}\.?\s+\d{{1,2}},?\s+(?:19|20)\d\d\b|\b\d{{1,2}}\s+[A-Z][a-z]{{2,8}}\.?,?\s+(?:19|20)\d\d\b"
    rf"|\b[A-Z][a-z]{{2,8}}\.?,?\s+(?:19|20)\d\d\b"
    rf"|(?:19|20)\d\d\s?{UNIT}+(?:\s?\d{{1,2}}\s?{UNIT}+){{0,2}}|(?:19|20)\d\d-\d{{1,2}}-\d{{1,2}}"
    rf"|(?<![\d.,=<>/(])(?<![=<>/(]\s)(?:19|20)\d\d(?![\d.,%]*\d|\s*{PEOPLE}|\s*%|\s*{UNIT})"
)
# Test statistics, which measure neither an arm nor an effect: "t = 2.31", "F(2,125) = 3.12", "chi-square = 7.9".
TEST_STATISTIC = re.compile(
    rf"(?<![A-Za-z])(?:[tFZzrUH]|df|\u03c7\s?2|[xX]\s?2|[cC]hi[- ]?squared?[^\d=]{{0,20}}|Wald)"
    rf"\s?\(?(?:{_DIGITS}(?:\s?,\s?{_DIGITS})?)?\)?\s*=\s*{_SIGNED}"
)
# Numbers of references in square brackets.
CITATION = re.compile(r"\[\s*\d{1,3}(?:\s*[,-]\s*\d{1,3})*\s*\]")
CODE = re.compile(r"https?://\S+|doi:?\s*10\.\S+|\b10\.\d{4,9}/\S+")
# A number that a margin is set at, behind the word for it or before it.
MARGIN_BEHIND = re.compile(rf"[^;,)\d]{{0,30}}?{NUMBER}{_PERCENT}")
MARGIN_AHEAD = re.compile(rf"[-+]?{NUMBER}{_PERCENT}[\s-]*$")
# A unit that the lexicon lacks may stand between, as one word with a slash or a power: "2.43 \u03bcU/ml (95% CI …".
GAP_TO_INTERVAL = re.compile(rf"(?:(?:\s?[^\W\d_]{{1,6}})?(?:/(?:[^\W_]{{1,6}}|{UNIT}+))+)?[\s,;:(\[{UNIT}%{BE}]*$")


def number(printed: str) -> Number:
    """The number that a printed form stands for; signs, thousands commas and stray spaces are understood."""
    bare = re.sub(r"[\s,%]", "", printed)
    bare = re.sub(f"[{UNIT}]", "", bare)
    return Number(Decimal(bare if not bare.startswith(("-.", "+.")) else bare[0] + "0" + bare[1:]), printed.strip())


def bound(printed: str, original: str) -> Number | None:
    """An interval's bound; ``None`` where the report says that it could not be estimated."""
    if NOT_ESTIMABLE in printed:
        return None
    digits = re.search(_SIGNED, printed)
    return Number(number(digits.group()).value, original[digits.start() : digits.end()]) if digits else None


def plausible(interval: Interval, value: Decimal | None) -> bool:
    """Whether the bounds stand in order and, if a value is given, around it."""
    low = interval.low.value if interval.low else None
    high = interval.high.value if interval.high else None
    if low is None and high is None:
        return False
    if low is not None and high is not None and low > high:
        return False
    if value is None:
        return True
    if low is not None and high is not None and low <= high < 0 < value:
        # "A reduction of 3.9 days (95% CI -5.5 to -2.3)": the words give the sign of the value.
        value = -value
    return (low is None or low <= value) and (high is None or value <= high)
