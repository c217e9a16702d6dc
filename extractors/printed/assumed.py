"""What a plan assumes for two groups: two proportions, or a difference of means with its standard deviation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from extractors.findings import Number
from extractors.patterns import words
from extractors.printed.passages import printed_number

_NUMBER: Final = r"(?<![\d.,])\d+(?:\.\d+)?(?![\d,]*\d)"
_COUNT: Final = r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?![\d.,]*\d)"
# Two numbers side by side ("SD 69, 29"; "4-6 mm") are not one assumption.
_ALONE: Final = r"(?!\s*(?:,|;|-|to|and|or)\s*\d)"
_JOINT: Final = r"[^.;\d%]{0,70}?"


@dataclass(frozen=True, slots=True)
class Assumed:
    """The assumptions of a plan for two groups; proportions in percent, ``each`` is the people of one group."""

    proportions: tuple[Number, Number] | None = None
    difference: Number | None = None
    deviation: Number | None = None
    each: Number | None = None
    two_groups: bool = True


def assumed(text: str) -> Assumed:
    """What the sentences of a plan assume; what is said twice and differently is left out.

    ``two_groups`` is False where the plan speaks of a design to which formulas for two independent groups do not apply.
    """
    bare = _errors().sub(lambda match: " " * len(match.group()), text)
    first, second = _shares(bare)
    difference, deviation = (_of_mean(name, bare) for name in ("difference", "deviation"))
    fits = difference is not None and deviation is not None and _same_unit(difference[1], deviation[1])
    return Assumed(
        proportions=(first, second) if first is not None and second is not None else None,
        difference=difference[0] if difference is not None and fits else None,
        deviation=deviation[0] if deviation is not None and fits else None,
        each=_each(bare),
        two_groups=_other_design().search(text) is None,
    )


def _shares(text: str) -> tuple[Number, Number] | tuple[None, None]:
    found = [(match["first"], match["second"]) for pattern in _proportions() for match in pattern.finditer(text)]
    if len(set(found)) != 1:
        return None, None
    first, second = map(printed_number, found[0])
    possible = 0 < first.value < 100 and 0 < second.value < 100 and first.value != second.value
    return (first, second) if possible else (None, None)


def _of_mean(name: str, text: str) -> tuple[Number, str] | None:
    found = {(match["value"], (match["unit"] or "").casefold()) for match in _mean(name).finditer(text)}
    if len(found) != 1:
        return None
    value, unit = next(iter(found))
    number = printed_number(value)
    return (number, unit) if number.value > 0 else None


def _same_unit(first: str, second: str) -> bool:
    """Whether two printed units may be one; percentages only stand beside percentages."""
    if "%" in (first, second):
        return first == second
    return not first or not second or first.rstrip("s.") == second.rstrip("s.") or not (_is_unit(first, second))


def _is_unit(*texts: str) -> bool:
    units = words("units", "days", "weeks", "months", "years", "hours", "minutes", "points")
    return all(re.fullmatch(units, text, re.IGNORECASE) for text in texts)


def _each(text: str) -> Number | None:
    """The people of one group: the greatest number given, as plans add what may be lost."""
    found = [printed_number(match["n"] or match["n2"] or match["n3"]) for match in _people().finditer(text)]
    return max(found, key=lambda number: number.value, default=None)


@cache
def _errors() -> re.Pattern[str]:
    """The errors that the plan accepts: shares that are no proportion of people."""
    share = r"(?:0?\.\d+|\d{1,2}(?:\.\d+)?\s*%)"
    said = words("checks", "power", "alpha")
    return re.compile(
        rf"{said}[^.;%\d]{{0,25}}?{share}|{share}\s*(?:[\w-]+\s+)?{said}|{share}\s*{words('cues', 'interval')}",
        re.IGNORECASE,
    )


@cache
def _proportions() -> tuple[re.Pattern[str], ...]:
    opening, to, versus = words("checks", "from"), words("cues", "range-to"), words("cues", "versus")
    group = words("cues", "group")
    first, second = rf"(?P<first>{_NUMBER})", rf"(?P<second>{_NUMBER})\s*%"
    return (
        re.compile(rf"{opening}\s+{first}\s*%?{_JOINT}{to}\s+(?:[a-z]+\s+){{0,2}}{second}", re.IGNORECASE),
        re.compile(rf"{first}\s*%?{_JOINT}{versus}{_JOINT}{second}", re.IGNORECASE),
        re.compile(rf"{first}\s*%{_JOINT}{group}{_JOINT}{second}{_JOINT}{group}", re.IGNORECASE),
    )


@cache
def _mean(name: str) -> re.Pattern[str]:
    said = words("cues", "difference") if name == "difference" else words("measures", "standard-deviation")
    unit = r"(?P<unit>%|[^\W\d_]{1,12}\b)?"
    ahead = rf"{said}[^.;%\d)]{{0,45}}?(?P<value>{_NUMBER}){_ALONE}\s*{unit}"
    return re.compile(ahead, re.IGNORECASE)


@cache
def _people() -> re.Pattern[str]:
    people, each = words("cues", "people"), words("checks", "per-arm")
    size = words("articles", "planning")
    return re.compile(
        rf"(?:{size})\s*(?:of\s+)?(?P<n3>{_COUNT})\s*(?:[a-z]+\s+){{0,2}}{each}|"
        rf"(?P<n>{_COUNT})\s*(?:[a-z]+\s+){{0,2}}{people}\s*(?:[a-z]+\s+){{0,3}}?{each}"
        rf"|{each}\s*(?:[a-z]+\s+){{0,3}}?(?P<n2>{_COUNT})\s*(?:[a-z]+\s+)?{people}",
        re.IGNORECASE,
    )


@cache
def _other_design() -> re.Pattern[str]:
    return re.compile(words("checks", "other-design", "modelled", "rank-test", "events"), re.IGNORECASE)
