"""The assumptions that a sample size was computed from: medians, hazard ratio, errors, times, and the number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache

import ontology
from extractors.findings import Evidence, Number
from extractors.patterns import words
from extractors.printed.assumed import Assumed, assumed
from extractors.printed.passages import Passage, printed_number

_NUMBER = r"(?<![\d.])\d+(?:\.\d+)?"
_COUNT = r"\d{1,3}(?:,\d{3})+|\d+"


@dataclass(frozen=True, slots=True)
class Plan:
    """What one paragraph says of the plan; times with their unit's notation, alpha and power as shares."""

    medians: tuple[Number, Number] | None = None
    unit: str | None = None
    ratio: Number | None = None
    alpha: Decimal | None = None
    sides: int | None = None
    power: Decimal | None = None
    accrual: tuple[Number, str] | None = None
    follow_up: tuple[Number, str] | None = None
    people: Number | None = None
    events: Number | None = None
    groups: Assumed = field(default_factory=Assumed)
    evidence: tuple[Evidence, ...] = ()


@cache
def _pattern(name: str) -> re.Pattern[str]:
    joint = r"[^.;\d]{0,70}?"
    unit = words("units", "days", "weeks", "months", "years")
    share = r"(0?\.\d+|\d{1,2}(?:\.\d+)?\s*%)"
    people = words("cues", "people")
    patterns = {
        "medians": rf"{words('measures', 'median')}[^.;\d]{{0,90}}?(?P<first>{_NUMBER})\s*-?(?P<unit>{unit})?"
        rf"{joint}(?P<second>{_NUMBER})\s*-?(?P<other>{unit})",
        "ratio": rf"{words('measures', 'hazard-ratio')}[^.;\d]{{0,30}}(?P<ratio>[01]?\.\d+)",
        # "Alpha of 5%", or "a 0.05 two-sided significance level"; a power between is what its number is of.
        "alpha": rf"{words('checks', 'alpha')}(?:(?!{words('checks', 'power')})[^.;%]){{0,30}}?{share}"
        rf"|{share}\s*(?:[\w-]+\s+)?(?:{words('checks', 'alpha')})",
        "power": rf"{words('checks', 'power')}[^.;%\d]{{0,20}}?{share}|{share}\s*(?:{words('checks', 'power')})",
        "accrual": rf"{words('checks', 'accrual')}[^.;\d]{{0,25}}?(?P<time>{_NUMBER})\s*-?(?P<unit>{unit})"
        rf"|(?P<time2>{_NUMBER})\s*-?(?P<unit2>{unit})\s*(?:of\s+)?{words('checks', 'accrual')}",
        "follow-up": rf"{words('cues', 'follow-up')}[^.;\d]{{0,25}}?(?P<time>{_NUMBER})\s*-?(?P<unit>{unit})"
        rf"|(?P<time2>{_NUMBER})\s*-?(?P<unit2>{unit})\s*(?:of\s+)?{words('cues', 'follow-up')}",
        "people": _counted(people),
        "events": _counted(words("checks", "events")),
        "each": words("checks", "per-arm"),
    }
    return re.compile(patterns[name], re.IGNORECASE)


def _counted(what: str) -> str:
    """A pattern for so many of what are required, or required are so many."""
    required = words("checks", "required")
    return (
        rf"(?P<n>{_COUNT})\s*(?:[a-z]+\s+)?{what}\s*(?:[a-z]+\s+){{0,2}}{required}"
        rf"|{required}\s*(?:[a-z]+\s+){{0,3}}(?P<n2>{_COUNT})\s*(?:[a-z]+\s+)?{what}"
    )


def plans(sentences: Iterable[Passage]) -> Iterator[Plan]:
    """One plan for each section in which power is spoken of; what is said twice and differently is left out."""
    sections: dict[str, list[Passage]] = {}
    for sentence in sentences:
        sections.setdefault(sentence.section.id, []).append(sentence)
    for group in sections.values():
        near = _near_power(group)
        if near:
            yield _plan(near)


def _near_power(group: list[Passage]) -> list[Passage]:
    """The sentence that gives the power, and those just before and after it."""
    said = [place for place, one in enumerate(group) if _speaks_of_power(one.normal)]
    places = [place for place in said if _pattern("power").search(group[place].normal)]
    if len(places) != 1:
        return []
    return group[max(0, places[0] - 2) : places[0] + 3]


def _speaks_of_power(text: str) -> bool:
    """A quick look before the pattern is tried."""
    folded = text.casefold()
    return any(form in folded for form in _power())


@cache
def _power() -> tuple[str, ...]:
    concept = ontology.by_name("checks", "power")
    return (concept.preferred["en"], concept.preferred["zh"], *concept.alternatives["zh"])


def _plan(sentences: list[Passage]) -> Plan:
    text = " ".join(sentence.normal for sentence in sentences)
    plan = Plan(groups=assumed(text), evidence=tuple(sentence.whole() for sentence in sentences))
    if medians := _only("medians", text):
        unit = _unit(medians["unit"] or medians["other"])
        if unit == _unit(medians["other"]):
            plan = replace(
                plan, medians=(printed_number(medians["first"]), printed_number(medians["second"])), unit=unit
            )
    if ratio := _only("ratio", text):
        plan = replace(plan, ratio=printed_number(ratio["ratio"]))
    if alpha := _only("alpha", text):
        one = re.search(words("cues", "one-sided"), text, re.IGNORECASE)
        two = re.search(words("cues", "two-sided"), text, re.IGNORECASE)
        sides = None if bool(one) == bool(two) else 1 if one else 2
        plan = replace(plan, alpha=_share(alpha), sides=sides)
    if power := _only("power", text):
        plan = replace(plan, power=_share(power))
    if accrual := _only("accrual", text):
        plan = replace(plan, accrual=_time(accrual))
    if follow_up := _only("follow-up", text):
        plan = replace(plan, follow_up=_time(follow_up))
    if not _pattern("each").search(text):
        if people := _only("people", text):
            plan = replace(plan, people=printed_number(people["n"] or people["n2"]))
        if events := _only("events", text):
            plan = replace(plan, events=printed_number(events["n"] or events["n2"]))
    return plan


def _only(name: str, text: str) -> re.Match[str] | None:
    found = list(_pattern(name).finditer(text))
    return found[0] if len(found) == 1 else None


def _share(match: re.Match[str]) -> Decimal | None:
    text = next((group for group in match.groups() if group), "")
    value = Decimal(text.rstrip("% ").strip())
    value = value / 100 if "%" in text else value
    return value if 0 < value < 1 else None


def _time(match: re.Match[str]) -> tuple[Number, str] | None:
    unit = _unit(match["unit"] or match["unit2"])
    return None if unit is None else (printed_number(match["time"] or match["time2"]), unit)


def _unit(text: str) -> str | None:
    for unit in ("days", "weeks", "months", "years"):
        if re.fullmatch(words("units", unit), text, re.IGNORECASE):
            return unit
    return None
