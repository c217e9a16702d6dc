"""Periods in which people were recruited, as printed: "between May 2011 and 31 May 2018"."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

import ontology
from extractors.findings import Evidence
from extractors.normal import normalise
from extractors.patterns import words
from extractors.printed.passages import Passage

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as printed, as the days that it may stand for: a month is all its days."""

    first: date
    last: date
    text: str


@dataclass(frozen=True, slots=True)
class Period:
    """A period of recruitment, with the sentence that gives it."""

    start: PrintedDate
    end: PrintedDate
    in_abstract: bool
    evidence: tuple[Evidence, ...]


@cache
def _months() -> dict[str, int]:
    return {
        normalise(form): int(code)
        for language in ontology.LANGUAGES
        for form, iri in ontology.forms("checks", language, "month").items()
        for code in _notations(iri)
    }


def _notations(iri: str) -> tuple[str, ...]:
    found = ontology.concept(iri)
    return () if found is None else tuple(code.removeprefix("month ") for code in found.notations)


@cache
def _date(name: str) -> str:
    month = "|".join(sorted((re.escape(form) for form in _months()), key=len, reverse=True))
    day, year, mark = r"\d{1,2}(?:st|nd|rd|th)?", r"(?:19|20)\d\d", r"[\u4e00-\u9fff]"
    western = rf"(?:{month})\.?\s*(?:{day},?\s*)?,?\s*{year}|{day}\s+(?:of\s+)?(?:{month})\.?,?\s*{year}"
    eastern = rf"{year}\s?{mark}\s?\d{{1,2}}\s?{mark}(?:\s?\d{{1,2}}\s?{mark})?|{year}-\d{{1,2}}(?:-\d{{1,2}})?"
    return rf"(?P<{name}>(?i:{western}|{eastern}))"


@cache
def _period() -> re.Pattern[str]:
    opening, to = words("checks", "from"), words("checks", "until")
    return re.compile(rf"(?i:{opening})?\s*{_date('start')}\s*,?\s*(?i:{to})\s*{_date('end')}")


@cache
def _recruiting() -> re.Pattern[str]:
    return re.compile(words("cues", "enrolled") + "|" + words("checks", "recruitment", "accrual"), re.IGNORECASE)


def periods(passage: Passage) -> Iterator[Period]:
    """The periods of recruitment that the sentence gives, in which a word of recruitment stands and just one period."""
    if len(_YEAR.findall(passage.normal)) < 2 or not _recruiting().search(passage.normal):
        return
    found = list(_period().finditer(passage.normal))
    if len(found) != 1:
        return
    start, end = (printed_date(found[0][name]) for name in ("start", "end"))
    if start is not None and end is not None:
        evidence = (passage.evidence(*found[0].span(), "text"), passage.whole())
        yield Period(start, end, passage.section.in_abstract, evidence)


def printed_date(text: str) -> PrintedDate | None:
    """The days that a printed date may stand for, ``None`` for a date that does not exist."""
    digits = [int(found) for found in re.findall(r"\d+", text)]
    named = next((number for form, number in _named(text)), None)
    year = next((number for number in digits if number > 1000), 0)
    rest = [number for number in digits if number <= 1000]
    month, days = (named, rest) if named else (rest[0] if rest else 0, rest[1:])
    if not 1 <= month <= 12 or not year:
        return None
    last = calendar.monthrange(year, month)[1]
    if days and not 1 <= days[0] <= last:
        return None
    first_day, last_day = (days[0], days[0]) if days else (1, last)
    return PrintedDate(date(year, month, first_day), date(year, month, last_day), text)


def _named(text: str) -> Iterator[tuple[str, int]]:
    for form, number in sorted(_months().items(), key=lambda item: -len(item[0])):
        if form.isascii() and re.search(rf"(?<![a-z]){re.escape(form)}(?![a-z])", text.casefold()):
            yield form, number
