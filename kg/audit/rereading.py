"""Reads a result again that fails arithmetic: another reading of the same characters that is consistent is taken.

Two slips of reading are mended, and no other: a decimal comma read as one of thousands, and a ratio whose measure was
taken for a difference. Where neither explains the failure the numbers stay as they are, and the reading is less sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from extractors.findings import Contrast, Evidence, Facts, Interval, Number
from kg.audit.checks import Check, Outcome, check
from kg.audit.estimates import DIFFERENCES, bounds, inside, middle, value_text
from kg.audit.inputs import inputs_of
from kg.audit.probabilities import p_from_interval

_DECIMAL_COMMA: Final = re.compile(r"[-+\u2212]?\s?0,\d+")
# What is left of the confidence in numbers that do not fit each other.
_LEFT: Final = Decimal("0.8")


@dataclass(frozen=True, slots=True)
class Reread:
    """The findings with what was read again, and a check for each other reading that was taken."""

    facts: Facts
    taken: tuple[Check, ...]


def reread(facts: Facts) -> Reread:
    """The findings, those that fail their arithmetic read again or held less sure."""
    contrasts, taken = [], []
    for contrast in facts.contrasts:
        if not fails(contrast):
            contrasts.append(contrast)
            continue
        other = reread_one(contrast)
        if other is None:
            contrasts.append(replace(contrast, evidence=tuple(map(_less_sure, contrast.evidence))))
        else:
            contrasts.append(other)
            read = inputs_of(contrast, "value", "interval", "p")
            words = {"before": _text(contrast), "after": _text(other)}
            taken.append(check("read-again", Outcome("consistent"), read, **words))
    return Reread(replace(facts, contrasts=tuple(contrasts)), tuple(taken))


def reread_one(contrast: Contrast) -> Contrast | None:
    """The likeliest other reading of the same characters whose numbers fit each other, ``None`` for none."""
    return next((one for one in _readings(contrast) if not fails(one)), None)


def fails(contrast: Contrast) -> bool:
    """Whether the estimate, its interval and its p-value do not fit each other."""
    if any(_DECIMAL_COMMA.fullmatch(number.text) and abs(number.value) >= 1 for number in _numbers(contrast)):
        return True
    sides = None if contrast.p is None else contrast.p.sides
    return "inconsistent" in (
        inside(contrast.value, contrast.interval).verdict,
        middle(contrast.measure, contrast.value, contrast.interval).verdict,
        p_from_interval(contrast.measure, contrast.value, contrast.interval, contrast.p, sides).verdict,
    )


def _numbers(contrast: Contrast) -> tuple[Number, ...]:
    interval = contrast.interval
    ends = () if interval is None else (interval.low, interval.high)
    return tuple(number for number in (contrast.value, *ends) if number is not None)


def _readings(contrast: Contrast) -> Iterator[Contrast]:
    """The other readings of the same characters, the likeliest first."""
    interval = contrast.interval
    if interval is not None:
        low, high = (None if end is None else _with_point(end) for end in (interval.low, interval.high))
        mended = replace(contrast, value=_with_point(contrast.value), interval=Interval(low, high, interval.level))
        if mended != contrast:
            yield mended
    ends = bounds(interval)
    if contrast.measure in DIFFERENCES and ends and min(n.value for n in (contrast.value, *ends)) > 0:
        # Which ratio it is cannot be told from numbers; that it is one can, if they fit on its scale.
        as_ratio = replace(contrast, measure="RR")
        if not fails(as_ratio):
            yield replace(contrast, measure="other")


def _with_point(number: Number) -> Number:
    if not _DECIMAL_COMMA.fullmatch(number.text):
        return number
    digits = number.text.replace(",", ".").replace("\u2212", "-").replace(" ", "")
    return Number(Decimal(digits), number.text)


def _text(contrast: Contrast) -> str:
    return f"{contrast.measure} {value_text(contrast)}"


def _less_sure(piece: Evidence) -> Evidence:
    return replace(piece, confidence=(piece.confidence * _LEFT).quantize(Decimal("0.01")))
