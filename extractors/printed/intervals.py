"""Ratios with the interval printed right behind them, also where they do not fit: "HR 1.32 (95% CI 0.71 to 1.12)"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from extractors.findings import Evidence, Interval, Number
from extractors.patterns import words
from extractors.printed.passages import Passage, printed_number

_LEVEL = re.compile(r"9\d(?:\.\d+)?\s*%")
_DIGITS = r"\d+(?:\.\d+)?"


@dataclass(frozen=True, slots=True)
class PrintedInterval:
    """A ratio and the interval behind it."""

    value: Number
    interval: Interval
    evidence: tuple[Evidence, ...]


@cache
def _named() -> re.Pattern[str]:
    return re.compile(words("cues", "interval"), re.IGNORECASE)


@cache
def _pattern() -> re.Pattern[str]:
    ratios = words("measures", "hazard-ratio", "odds-ratio", "risk-ratio", "incidence-rate-ratio")
    interval, be = words("cues", "interval"), words("cues", "be", "of")
    to = rf"\s*(?:-|~|,|;|{words('cues', 'range-to')})\s*"
    return re.compile(
        rf"(?:{ratios}|(?<![A-Za-z])(?:[a-z]{{1,3}}|Adj\.?\s?)(?:OR|HR|RR))\s*[\])]?\s*(?:[=:,]|{be})?\s*"
        rf"(?P<value>{_DIGITS})\s*[\[(,;]\s*(?P<level>9\d(?:\.\d+)?)\s*%\s*{interval}"
        rf"\s*[:=,]?\s*[\[(]?\s*(?P<low>{_DIGITS}){to}(?P<high>{_DIGITS})(?![\d.,]*\d)",
        re.IGNORECASE,
    )


def printed_intervals(passage: Passage) -> Iterator[PrintedInterval]:
    """The ratios of the sentence that are followed by an interval with its level."""
    # The pattern is slow to fail: the level and the interval's name are looked for first.
    if not _LEVEL.search(passage.normal) or not _named().search(passage.normal):
        return
    for match in _pattern().finditer(passage.normal):
        low, high = (printed_number(match[name]) for name in ("low", "high"))
        interval = Interval(low, high, printed_number(match["level"]))
        evidence = (passage.evidence(match.start(), match.end(), "interval"), passage.whole())
        yield PrintedInterval(printed_number(match["value"]), interval, evidence)
