"""Dates: in order, one and the same wherever they are printed, and with room for the follow-up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from itertools import combinations
from typing import Final

from extractors.documents import Document
from extractors.findings import DesignFact, Facts
from extractors.normal import normalise
from extractors.patterns import words
from extractors.printed.passages import Passage
from extractors.printed.periods import Period, PrintedDate, periods
from kg.audit.checks import Check, Input, Outcome, check
from kg.audit.ranges import Range

# No follow-up takes more years than this.
_LONGEST: Final = 40.0
_YEARS: Final = {"days": 1 / 365.25, "weeks": 7 / 365.25, "months": 1 / 12, "years": 1.0}


def date_checks(document: Document, facts: Facts, passages: Iterable[Passage]) -> Iterator[Check]:
    """The checks of the periods of recruitment that the report prints."""
    found = [period for passage in passages for period in periods(passage)]
    for period in found:
        # A protocol is published before its last person is enrolled.
        coming = any(_future().search(normalise(piece.quote)) for piece in period.evidence)
        published = None if coming or _is_protocol(document) else document.metadata.year
        yield check("dates-in-order", in_order(period, published), _read(period), **_words(period))
    for first, second in combinations(found, 2):
        outcome = same_period(first, second)
        if outcome is not None:
            texts = {"first": _text(first), "second": _text(second)}
            yield check("same-period-twice", outcome, (*_read(first), *_read(second)), **texts)
    for fact in facts.design:
        if fact.aspect == "follow-up" and found and document.metadata.year is not None:
            yield _follow_up(fact, found[0], document.metadata.year)


def _is_protocol(document: Document) -> bool:
    return any(_future().search(normalise(title)) for _, title in document.metadata.titles)


@cache
def _future() -> re.Pattern[str]:
    return re.compile(words("checks", "future"), re.IGNORECASE)


def in_order(period: Period, published: int | None) -> Outcome:
    """Whether recruitment begins before it ends, and ends before the report is published."""
    if period.start.first > period.end.last:
        return Outcome("inconsistent")
    if published is not None and period.end.first.year > published:
        return Outcome("inconsistent", None, "dates-after-publication", {"year": str(published)})
    return Outcome("consistent")


def same_period(first: Period, second: Period) -> Outcome | None:
    """Whether two periods that share one of their dates share the other too; ``None`` if they share none."""
    start, end = overlap(first.start, second.start), overlap(first.end, second.end)
    if start and end:
        return Outcome("consistent")
    days = all(one.first == one.last for one in (first.start, first.end, second.start, second.end))
    # Two periods may begin together and be of two things; printed to the day, a shared date is no chance.
    return Outcome("inconsistent") if (start or end) and days else None


def overlap(first: PrintedDate, second: PrintedDate) -> bool:
    """Whether two printed dates can be one day."""
    return first.first <= second.last and second.first <= first.last


def _follow_up(fact: DesignFact, period: Period, published: int) -> Check:
    longest = (date(published, 12, 31) - period.start.first).days / 365.25
    years = float(fact.value) * _YEARS[fact.unit] if fact.unit in _YEARS and _is_number(fact.value) else None
    # So long a time is the age of people.
    told = years is not None and years <= _LONGEST
    verdict = "cannot tell" if years is None or not told else "consistent" if years <= longest else "inconsistent"
    read = (Input("value", fact.value, fact.evidence), *_read(period))
    outcome = Outcome(verdict, Range(0.0, longest))  # type: ignore[arg-type]
    return check("follow-up-possible", outcome, read, value=fact.value, unit=fact.unit or "", start=period.start.text)


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def _read(period: Period) -> tuple[Input, ...]:
    return (Input("text", _text(period), period.evidence),)


def _text(period: Period) -> str:
    return f"{period.start.text} – {period.end.text}"


def _words(period: Period) -> dict[str, str]:
    return {"start": period.start.text, "end": period.end.text}
