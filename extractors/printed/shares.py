"""Counts printed with their percentages: "13 of 205 patients (6.3%)", "6.3% (13/205)", "264 (60.4%)"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import ontology
from extractors.findings import Evidence, Number
from extractors.patterns import words
from extractors.printed.passages import Passage, printed_number

_COUNT = r"(?<![\d.,/-])(?<![A-Za-z]-)(?<![A-Za-z])\d{1,3}(?:,\d{3})+|(?<![\d.,/-])(?<![A-Za-z]-)(?<![A-Za-z])\d+"
# Characters before a percentage in which it may be called a bound.
_AHEAD = 30
_SHARE = r"(?<![\d.])\d{1,3}(?:\.\d+)?"


@dataclass(frozen=True, slots=True)
class PrintedShare:
    """People counted and their percentage; ``n`` where the report says of how many.

    ``stated`` says how n is given: "beside" the count, or "ahead" of it ("Of 205 patients, 13 (6.3%) ..."), or not.
    """

    events: Number
    n: Number | None
    percent: Number
    stated: str | None
    passage: Passage
    evidence: tuple[Evidence, ...]


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    people, of = words("cues", "people"), words("cues", "of")
    # The share is no level of an interval that follows the count.
    share = rf"(?P<percent>{_SHARE})\s*%(?!\s*(?:{words('cues', 'interval')}))"
    count = rf"(?P<events>{_COUNT})"
    parts = rf"(?P<n>{_COUNT})(?![.\d]*\d)"
    between = rf"\s*(?:/|{of}|out of)\s*(?:the\s+)?"
    return (
        re.compile(rf"{count}{between}{parts}\s*(?:[a-z-]+\s+)?{people}?\s*[,:]?\s*[(\[]\s*{share}", re.IGNORECASE),
        re.compile(
            rf"{share}\s*(?:{people}\s*)?[(\[]\s*(?:n\s*=\s*)?{count}\s*{people}?{between}{parts}\s*(?:[a-z-]+\s+)?{people}?\s*[)\],;]",
            re.IGNORECASE,
        ),
    )


@cache
def _alone() -> re.Pattern[str]:
    people = words("cues", "people")
    return re.compile(
        rf"(?P<events>{_COUNT})\s*(?P<people>(?:[a-z-]+\s+)?{people})?\s*[(\[]\s*(?P<percent>{_SHARE})\s*%\s*[)\],;]",
        re.IGNORECASE,
    )


@cache
def _bound() -> re.Pattern[str]:
    """What makes a percentage a bound: those counted behind "below 1% (11 of 12)" are those who keep it."""
    return re.compile(rf"(?:{words('articles', 'at-least', 'at-most')}|[<>\u2264\u2265])\s*\Z", re.IGNORECASE)


@cache
def _of_others() -> re.Pattern[str]:
    """What follows a percentage that says itself whom it is of: "17 of the 36 patients (59% of those treated)"."""
    return re.compile(rf"\s*%\s*(?:{words('cues', 'of')})(?!\s*\d)", re.IGNORECASE)


@cache
def _ahead() -> re.Pattern[str]:
    of, people = words("checks", "out-of"), words("cues", "people")
    return re.compile(
        rf"{of}\s*(?:the\s+|these\s+|all\s+)?(?P<n>{_COUNT})\s*(?:[a-z-]+\s+){{0,2}}{people}", re.IGNORECASE
    )


def shares(passage: Passage) -> Iterator[PrintedShare]:
    """The shares that the sentence prints, in order of the patterns."""
    if "%" not in passage.normal:
        return
    taken: list[tuple[int, int]] = []
    for pattern in _patterns():
        for match in pattern.finditer(passage.normal):
            taken.append(match.span())
            bounded = _bound().search(passage.normal, max(0, match.start() - _AHEAD), match.start())
            if bounded or _of_others().match(passage.normal, match.end("percent")):
                continue
            yield _share(passage, match, printed_number(match["n"]), "beside")
    ahead = _ahead().match(passage.normal)
    first = True
    for match in _alone().finditer(passage.normal):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        n = printed_number(ahead["n"]) if ahead and first and match.start() >= ahead.end() else None
        first = False
        yield _share(passage, match, n, "ahead" if n else None)


def _share(passage: Passage, match: re.Match[str], n: Number | None, stated: str | None) -> PrintedShare:
    return PrintedShare(
        events=printed_number(match["events"]),
        n=n,
        percent=Number(Decimal(match["percent"]), match["percent"]),
        stated=stated,
        passage=passage,
        evidence=(passage.evidence(match.start(), match.end(), "value"), passage.whole()),
    )


_SIZE = re.compile(rf"[nN]\s*=\s*(?P<size>{_COUNT})|(?P<n>{_COUNT})\s*(?P<words>[^\W\d_]+(?:\s+[a-z-]+){{0,2}})?")


@cache
def _people() -> tuple[frozenset[str], tuple[str, ...]]:
    concept = ontology.by_name("cues", "people")
    english = {concept.preferred["en"], *concept.alternatives["en"]}
    return frozenset(english), (concept.preferred["zh"], *concept.alternatives["zh"])


def group_sizes(passage: Passage) -> Iterator[int]:
    """The numbers of people that the sentence prints: "407 patients", "n = 205"."""
    english, chinese = _people()
    for match in _SIZE.finditer(passage.normal):
        following = match["words"] or ""
        if match["size"] or following.startswith(chinese) or not english.isdisjoint(following.lower().split()):
            yield int((match["n"] or match["size"]).replace(",", ""))
