"""The grammar of counts: parts of groups, events in people, numbers in words, none of them.

"55 [41%] of 135 patients", "five of nine women", "16 events in 14 patients", "(three in arm A v none in arm B)", and
the Chinese way of naming the group before its part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import pairwise

from extractors.components import grammar, numerals
from extractors.components.terms import BE, OF, PEOPLE, UNIT, VERSUS, notation_of
from extractors.findings import Number
from extractors.patterns import words
from extractors.reading import Quantity, Reading, Sentence, Span

EVENTS = "events"
# How far a count may stand from the percentage that it comes to, an interval between.
_AMOUNT = 40
# How far the two counts of a comparison may stand apart, in characters.
_APART = 70


def counts(found: Reading, sentence: Sentence, text: str) -> Iterator[Quantity]:
    """The counts in the mask of a sentence that more than a bare number tells, each over all that says it.

    A part of a group is a fraction, or a percentage with its events and group where that is printed between; other
    counts are people.
    """
    taken: list[Span] = []
    ways = (_parts, _events, _opposed, _fractions)
    for count in (count for way in ways for count in way(found, sentence, text)):
        if not any(count.start < span.end and span.start < count.end for span in taken):
            taken.append(count)
            yield count


def _parts(found: Reading, sentence: Sentence, text: str) -> Iterator[Quantity]:
    told = False
    for match in _part(found.language).finditer(text):
        events, n = (_number(found, sentence, match, name) for name in ("events", "n"))
        in_words = not (match["events"][0].isdigit() and match["n"][0].isdigit())
        if events.value > n.value or (in_words and not told and not match["people"]):
            continue
        told = told or in_words
        if match["share"]:
            share = _number(found, sentence, match, "share")
            if abs(100 * events.value - share.value * n.value) <= n.value:
                yield _counted(sentence, match.span(), share, "percent", events, n)
        elif in_words:
            yield _counted(sentence, match.span(), events, "fraction", events, n)
    if found.terms_in(sentence, "cues", "allocation", "assignment"):
        return
    for match in _part_behind().finditer(text):
        events, n = (_number(found, sentence, match, name) for name in ("events", "n"))
        if events.value <= n.value:
            yield _counted(sentence, match.span(), events, "fraction", events, n)


def _fractions(found: Reading, sentence: Sentence, text: str) -> Iterator[Quantity]:
    """Parts of groups in digits: "13/205", "13 of 205"."""
    for match in grammar.FRACTION.finditer(text):
        events, n = grammar.number(match["events"]), grammar.number(match["n"])
        if events.value <= n.value and events.value == int(events.value):
            yield _counted(sentence, match.span(), events, "fraction", events, n)


def _events(found: Reading, sentence: Sentence, text: str) -> Iterator[Quantity]:
    """Events and the people that had them: the former are counted, "(21 in 16 patients v 25 in 17 patients)"."""
    for match in _event(found.language).finditer(text):
        units = found.terms_in(_span(sentence, match.span("unit")), "units") if match["unit"] else []
        opens = re.search(rf"[(\[{VERSUS};]\s*$", text[: match.start()]) is not None
        if any(notation_of(unit.iri) == EVENTS for unit in units) or (opens and not units):
            events, n = (_number(found, sentence, match, name) for name in ("events", "n"))
            # More people than events are the group, fewer of them those who had one or more.
            group = n if n.value > events.value else None
            yield _counted(sentence, match.span(), events, "fraction" if group else "people", group and events, group)


def _opposed(found: Reading, sentence: Sentence, text: str) -> Iterator[Quantity]:
    """Counts in words or of none, set against each other: "(three in arm A v none in arm B)", "(3 v none)"."""
    matches = list(_alone(found.language).finditer(text))
    for first, second in pairwise(matches):
        gap = text[first.end() : second.start()]
        digits = [match["count"][0].isdigit() for match in (first, second)]
        parted = VERSUS in gap and len(gap) <= _APART and not re.search(r"[\d;.()]", gap)
        if parted and not all(digits) and text[second.start() - 2 : second.start()].strip()[-1:] == VERSUS:
            yield from (
                _counted(sentence, match.span("count"), _number(found, sentence, match, "count"), "people", None, None)
                for match in (first, second)
            )


def comes_to(first: Quantity, second: Quantity) -> bool:
    """Whether a fraction close to a percentage comes to it: "27.2% (95% CI 14.1 to 40.4, 12 of 44)"."""
    percent, fraction = (first, second) if first.kind == "percent" else (second, first)
    if fraction.n is None or fraction.n.value <= 0 or second.start - first.end > _AMOUNT or percent.events:
        return False
    share = 100 * fraction.number.value / fraction.n.value
    return abs(share - percent.number.value) <= Decimal("0.6")


def _counted(
    sentence: Sentence, at: tuple[int, int], number: Number, kind: str, events: Number | None, n: Number | None
) -> Quantity:
    span = _span(sentence, at)
    return Quantity(span.start, span.end, number, kind, "%" if kind == "percent" else None, events=events, n=n)


def _span(sentence: Sentence, at: tuple[int, int]) -> Span:
    return Span(sentence.start + at[0], sentence.start + at[1])


def _number(found: Reading, sentence: Sentence, match: re.Match[str], name: str) -> Number:
    """A count as printed, in digits or words; the word for none is nought."""
    span = _span(sentence, match.span(name))
    printed = found.text(span)
    if printed[0].isdigit():
        return Number(grammar.number(match[name]).value, printed)
    said = numerals.number_words(found.normal, span, found.language)
    return Number(said[0][1].value if said else Decimal(0), printed)


@cache
def _count(language: str) -> str:
    """A whole number in digits or words."""
    return rf"(?:(?<![A-Za-z\d.,-])(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?![\d.%]|\s?%)|{numerals.pattern(language)})"


@cache
def _part(language: str) -> re.Pattern[str]:
    """A count, its percentage in brackets if it is printed here, and the group that it is of."""
    count = _count(language)
    share = r"(?:\s*[(\[]\s*(?P<share>\d+(?:\.\d+)?)\s?%\s*[)\]])?"
    return re.compile(
        rf"(?P<events>{count})\s*{PEOPLE}*{share}\s*{PEOPLE}*\s*{OF}+\s*(?P<n>{count})(?:\s*(?P<people>{PEOPLE}+))?",
        re.IGNORECASE,
    )


@cache
def _part_behind() -> re.Pattern[str]:
    """The group before its part, as Chinese says it."""
    within = words("articles", "within-group")
    whole = r"(?<![A-Za-z\d.,-])\d+"
    return re.compile(rf"(?P<n>{whole})\s*{PEOPLE}+\s*{within}[\s{BE}]*(?P<events>\d+)\s*{PEOPLE}+", re.IGNORECASE)


@cache
def _event(language: str) -> re.Pattern[str]:
    within = words("articles", "occurring-in")
    count = _count(language)
    return re.compile(
        rf"(?P<events>{count})\s*(?P<unit>{UNIT}+)?\s*{within}\s*(?P<n>{count})\s*{PEOPLE}+", re.IGNORECASE
    )


@cache
def _alone(language: str) -> re.Pattern[str]:
    """A count behind a bracket or the sign of a comparison, before an arm, another sign or the bracket's end."""
    none = words("articles", "none-of-them")
    behind = words("articles", "occurring-in")
    return re.compile(
        rf"(?:(?<=[(\[{VERSUS};])|(?<=[(\[{VERSUS};]\s))(?P<count>{_count(language)}|{none})"
        rf"(?=\s*[)\],{VERSUS}]|\s+{behind})",
        re.IGNORECASE,
    )
