"""What the printed words and numbers of a results section say: measures, units, spreads, intervals, p-values, times."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Final

import ontology
from extractors.findings import Dispersion, Interval, Number, PValue
from extractors.normal import normalise
from extractors.readers.registries.record import PostedValue
from extractors.readers.registries.words import code_of, number, plain

_LEVEL = re.compile(r"(\d{1,2}(?:\.\d+)?)\s*%?\s*(?=confidence)", re.IGNORECASE)
_P = re.compile(r"p?\s*(?P<operator>[<>=\u2264\u2265]|<=|>=)?\s*(?P<value>\d*\.?\d+(?:e-?\d{1,3})?)", re.IGNORECASE)
_PERCENT = re.compile(r"percent\w*|%")
_OPERATORS: Final = {"<=": "\u2264", ">=": "\u2265"}


def measure_of(parameter: str, unit: str, value: Number, size: Number | None) -> str:
    """The notation of an arm's measure; ``other`` where the words do not say which, or the number is none of it."""
    if parameter in ("mean", "median"):
        return parameter
    if parameter == "least squares mean":
        return "mean"
    whole = value.value == value.value.to_integral_value() and value.value >= 0
    if parameter == "count":
        return "count" if whole and (size is None or value.value <= size.value) else "other"
    if parameter == "number" and is_percentage(unit):
        return "proportion" if 0 <= value.value <= 100 else "other"
    return "other"


def is_percentage(unit: str) -> bool:
    """Whether the unit is a percentage, of whatever."""
    return _PERCENT.match(unit.strip().casefold()) is not None


def unit_of(printed: str | None) -> str | None:
    """The notation of the unit, the percent sign for a percentage of people, else the unit as printed."""
    text = plain(printed or "")
    if not text:
        return None
    if is_percentage(text):
        return "%"
    iri = ontology.forms("units", "en").get(text.casefold()) or ontology.notations("units").get(text)
    found = ontology.concept(iri) if iri else None
    return found.notations[0] if found is not None and found.notations else text


def spread_of(printed: str | None, value: PostedValue) -> tuple[Dispersion | None, Interval | None]:
    """The spread of a value, or the interval that stands in its place."""
    kind = _spread_kind(printed)
    low, high, one = number(value.low), number(value.high), number(value.spread)
    if kind == "interval":
        return None, interval_of(low, high, _level(printed or ""))
    if kind in ("SD", "SE"):
        return (Dispersion(kind, one) if one is not None and one.value >= 0 else None), None
    if kind in ("IQR", "range") and low is not None and high is not None and low.value <= high.value:
        return Dispersion(kind, None, low, high), None
    return None, None


def _spread_kind(printed: str | None) -> str | None:
    text = (printed or "").replace("_", " ")
    return "interval" if _LEVEL.match(text.strip()) else code_of("spread", text)


def _level(printed: str) -> Number | None:
    found = _LEVEL.match(printed.replace("_", " ").strip())
    return None if found is None else Number(Decimal(found[1]), found[1])


def interval_of(low: Number | None, high: Number | None, level: Number | None) -> Interval | None:
    """The interval, ``None`` where a bound is missing, the bounds are in the wrong order or the level is none."""
    if low is None or high is None or low.value > high.value:
        return None
    return Interval(low, high, level if level is not None and 0 < level.value < 100 else None)


@cache
def _time() -> re.Pattern[str]:
    units = ("days", "weeks", "months", "years", "hours", "minutes")
    found = [ontology.concept(ontology.notations("units")[unit]) for unit in units]
    forms = sorted({form for one in found if one for form in (one.preferred["en"], *one.alternatives.get("en", ()))})
    any_unit = "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))
    return re.compile(rf"\W*(?:(?:{any_unit})\s*-?\d+|\d+(?:\.\d+)?[\s-]*(?:{any_unit}))\b.{{0,30}}", re.IGNORECASE)


def is_time(text: str) -> bool:
    """Whether the label of a class is a time ("Week 12", "6 months") and no kind of outcome."""
    return _time().fullmatch(text.strip()) is not None


def p_value(printed: str | None) -> PValue | None:
    """The p-value of a field such as "<0.001" or "0.04"; ``None`` for anything else or a number above 1."""
    found = _P.fullmatch(" ".join(normalise(plain(printed or "")).split()))
    if found is None:
        return None
    text = found["value"]
    value = Decimal(text)
    sign = found["operator"] or "="
    if not 0 <= value <= 1:
        return None
    return PValue(_OPERATORS.get(sign, sign), Number(value, text))
