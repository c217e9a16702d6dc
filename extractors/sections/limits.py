"""The ranges that a condition of eligibility sets in plain numbers: age, performance status, body mass index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from extractors.article_findings import Limit
from extractors.findings import Number
from extractors.patterns import words
from extractors.printed.passages import printed_number

_NUMBER = r"\d{1,3}(?:\.\d+)?"


def limits(text: str) -> tuple[Limit, ...]:
    """The ranges that a condition in one spelling sets; none where a number could be of something else."""
    return tuple(_limits(text))


def _limits(text: str) -> Iterator[Limit]:
    age = next((match for match in _age().finditer(text) if _age_word().search(match.group())), None)
    if age is not None and (found := _range(age)) is not None:
        yield Limit("age", *found, _unit(age))
    score = _score().search(text)
    if score is not None and (found := _range(score)) is not None:
        yield Limit("performance status", *found, None)
    index = _index().search(text)
    if index is not None and (found := _range(index)) is not None:
        yield Limit("BMI", *found, "kg/m2")


def _range(match: re.Match[str]) -> tuple[Number | None, Number | None] | None:
    """The lower and upper end of a match; ``None`` for a number that nothing makes an end.

    Two open ends ("under 18 or over 65", "over 65, below 18") are no range.
    """
    if _second_end().match(match.string, match.end()):
        return None
    groups = match.groupdict()
    number = {name: printed_number(text) for name, text in groups.items() if name in _ENDS and text}
    if "low" in number:
        low, high = number["low"], number["high"]
        return (low, high) if low.value <= high.value else None
    least, most = number.get("least") or number.get("from"), number.get("most") or number.get("until")
    if least is not None:
        cap = number.get("cap")
        return (least, cap) if cap is None or least.value <= cap.value else None
    return None if most is None else (None, most)


_ENDS = ("low", "high", "least", "most", "from", "until", "cap")


def _ranged(unit: str) -> str:
    """A pattern for a range or a number with one open side, each end before the optional unit."""
    to = rf"\s*(?:-|~|{words('cues', 'range-to')}|{words('articles', 'joined')})\s*"
    least, most = words("articles", "at-least"), words("articles", "at-most")
    older, younger = words("articles", "or-older"), words("articles", "or-younger")
    return (
        rf"(?:(?P<low>{_NUMBER})\s*(?:{unit})?{to}(?P<high>{_NUMBER})(?![\d%])\s*(?:{unit})?"
        rf"|(?:[>\u2265]\s?=?|{least})\s*(?P<least>{_NUMBER})(?![\d%])\s*(?:{unit})?"
        rf"(?:\s*(?:{words('articles', 'joined')}|,)\s*(?:[<\u2264]\s?=?|{most})\s*(?P<cap>{_NUMBER}))?"
        rf"|(?:[<\u2264]\s?=?|{most})\s*(?P<most>{_NUMBER})(?![\d%])\s*(?:{unit})?"
        rf"|(?P<from>{_NUMBER})\s*(?:{unit})?\s*(?:of\s+age\s+)?(?:{older})"
        rf"|(?P<until>{_NUMBER})\s*(?:{unit})?\s*(?:of\s+age\s+)?(?:{younger}))"
    )


@cache
def _second_end() -> re.Pattern[str]:
    ends = words("articles", "at-least", "at-most")
    return re.compile(
        rf"[^,;()\d]{{0,12}}{words('articles', 'joined')}\s*(?:{ends}|[<>\u2264\u2265])\s*\d", re.IGNORECASE
    )


@cache
def _age() -> re.Pattern[str]:
    unit = rf"(?:{words('articles', 'age')}|{words('units', 'years', 'months', 'weeks', 'days')})"
    age = words("articles", "age")
    between = words("articles", "between")
    return re.compile(
        rf"(?:{age}[^\d<>\u2264\u2265;]{{0,25}}?(?:{between}\s*)?|(?:{between}\s*)?)"
        rf"{_ranged(unit)}(?:\s*{unit})?(?:\s*{age})?",
        re.IGNORECASE,
    )


@cache
def _age_word() -> re.Pattern[str]:
    return re.compile(words("articles", "age"), re.IGNORECASE)


def _unit(match: re.Match[str]) -> str:
    """The unit that an age is printed in; years where none is."""
    for name in ("months", "weeks", "days"):
        if re.search(words("units", name), match.group(), re.IGNORECASE):
            return name
    return "years"


@cache
def _score() -> re.Pattern[str]:
    return re.compile(
        rf"{words('articles', 'performance-status')}[^\d<>\u2264\u2265;]{{0,40}}?{_ranged('(?!)')}", re.IGNORECASE
    )


@cache
def _index() -> re.Pattern[str]:
    unit = r"kg\s?/\s?m\s?\^?[2\u00b2]"
    return re.compile(
        rf"{words('articles', 'body-mass-index')}[^\d<>\u2264\u2265;]{{0,30}}?{_ranged(unit)}", re.IGNORECASE
    )
