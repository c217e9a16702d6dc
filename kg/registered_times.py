"""Durations in phrases that say when an outcome is measured ("at 12 weeks", "Week 12", "2 years")."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Final

import ontology
from extractors.normal import normalise

# Days in each unit; the units of a phrase are seldom meant to the day.
_DAYS: Final = {"days": Decimal(1), "weeks": Decimal(7), "months": Decimal("30.44"), "years": Decimal("365.25")}
# How far two durations may differ and be one: 12 weeks are 3 months, 52 weeks a year.
_TOLERANCE: Final = Decimal("0.1")


def durations(phrase: str) -> frozenset[Decimal]:
    """The durations in days that the phrase names; nought ("baseline") is none."""
    text = normalise(phrase).casefold()
    found = set()
    for match in _pattern().finditer(text):
        unit = _units()[match["after"] or match["before"]]
        number = Decimal(match["number"] or match["count"])
        if number:
            found.add(number * _DAYS[unit])
    return frozenset(found)


def same_durations(first: frozenset[Decimal], second: frozenset[Decimal]) -> bool:
    """Whether both name one duration, and the same."""
    if len(first) != 1 or len(second) != 1:
        return False
    (one,), (other,) = first, second
    return abs(one - other) <= _TOLERANCE * max(one, other)


@cache
def _units() -> dict[str, str]:
    return {
        form: unit
        for unit in _DAYS
        for language in ontology.LANGUAGES
        for form, iri in ontology.forms("units", language).items()
        if iri == ontology.notations("units")[unit]
    }


@cache
def _pattern() -> re.Pattern[str]:
    forms = "|".join(re.escape(form) for form in sorted(_units(), key=lambda form: (-len(form), form)))
    number = r"\d{1,4}(?:\.\d{1,2})?"
    return re.compile(
        rf"(?<![\d.])(?P<number>{number})[\s-]*(?P<after>{forms})(?![a-z])"
        rf"|(?<![a-z])(?P<before>{forms})\s*(?P<count>{number})(?![\d.])"
    )
