"""Rates printed with their events and the time at risk: "45 events in 1230 person-years (3.7 per 100 person-years)"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

import ontology
from extractors.findings import Evidence, Number
from extractors.patterns import words
from extractors.printed.passages import Passage, printed_number

_COUNT: Final = r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?![\d,]*\d)"
_SHORT: Final = 3
_BEFORE_SHORT: Final = (" ", "/", "-", "(")
_TIME: Final = rf"{_COUNT}(?:\.\d+)?"
_RATE: Final = r"(?<![\d.,])\d+(?:\.\d+)?"


@dataclass(frozen=True, slots=True)
class PrintedRate:
    """Events, the time in which they were counted, and the rate for each ``per`` units of that time."""

    events: Number
    time: Number
    rate: Number
    per: Decimal
    evidence: tuple[Evidence, ...]


def printed_rates(passage: Passage) -> Iterator[PrintedRate]:
    """The rates of the sentence that stand with their events and time, in order of the patterns."""
    if not speaks_of_person_time(passage.normal.casefold()):
        return
    for pattern in _patterns():
        for match in pattern.finditer(passage.normal):
            if match["unit"].casefold().rstrip("s") == match["other"].casefold().rstrip("s"):
                yield PrintedRate(
                    events=printed_number(match["events"]),
                    time=printed_number(match["time"]),
                    rate=printed_number(match["rate"]),
                    per=Decimal((match["per"] or "1").replace(",", "").replace(" ", "")),
                    evidence=(passage.evidence(match.start(), match.end(), "value"), passage.whole()),
                )


def speaks_of_person_time(folded: str) -> bool:
    """Whether a text without capitals holds a unit of person-time: a quick look before the patterns are tried."""
    return any(form in folded for form in _hints())


@cache
def _hints() -> tuple[str, ...]:
    concept = ontology.by_name("checks", "person-time")
    forms = (
        form
        for language in ontology.LANGUAGES
        for form in (concept.preferred[language], *concept.alternatives[language])
    )
    # "PY" stands in many a word: it is one only behind one of these signs.
    return tuple(sign + form.casefold() for form in forms for sign in (_BEFORE_SHORT if len(form) <= _SHORT else ("",)))


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    unit = words("checks", "person-time")
    per = r"(?P<per>1\s?(?:,?\s?0{2,3})*0?)?"
    rate = rf"(?P<rate>{_RATE})\s*(?:[a-z]+\s+){{0,3}}?(?:/|per\s|every\s)\s*{per}\s*-?(?P<other>{unit})"
    time = rf"(?:/|in|during|over|of|per)\s*(?P<time>{_TIME})\s*-?(?P<unit>{unit})"
    counted = rf"(?P<events>{_COUNT})\s*(?:[a-z-]+\s+){{0,3}}?{time}"
    return (
        re.compile(rf"{counted}\s*[,;]?\s*[(\[]?\s*(?:[a-z]+\s+){{0,4}}?{rate}", re.IGNORECASE),
        re.compile(rf"{rate}\s*[(\[,;]\s*{counted}", re.IGNORECASE),
    )
