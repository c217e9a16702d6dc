"""Estimate and interval: an estimate lies inside its interval, and in the middle of it on the scale of its measure.

The usual interval of a ratio is symmetric on the log scale, that of a difference on the plain one (Altman DG,
Bland JM. BMJ 2011;343:d2090). Exact, profile and bootstrap intervals are not quite; ``SKEW`` leaves room for them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import Final

from extractors.findings import ArmResult, Contrast, Interval, Number
from extractors.patterns import words
from extractors.printed.intervals import printed_intervals
from extractors.printed.passages import Passage
from kg.audit.checks import Check, Input, Outcome, check
from kg.audit.inputs import inputs_of, interval_text
from kg.audit.ranges import Range, rounded, spread

RATIOS: Final = frozenset({"HR", "OR", "RR", "IRR"})
DIFFERENCES: Final = frozenset({"RD", "MD", "SMD"})
# How far from the middle an estimate may lie, as a share of half the interval's width, after all rounding.
SKEW: Final = 0.35
# So many standard deviations apart are no two arms of a trial.
_FARTHEST_SMD: Final = 10
# Intervals of costs come from resampling and are as skewed as costs are.
_CURRENCIES: Final = frozenset({"USD", "EUR", "GBP", "CNY", "10000 CNY"})
# A spread beside a value that is less surely read may belong to another.
_LEAST: Final = Decimal("0.6")


def bounds(interval: Interval | None) -> tuple[Number, Number] | None:
    """Both bounds of an interval, or ``None`` if it lacks one or one has a decimal comma: "0,706" is not 706."""
    if interval is None or interval.low is None or interval.high is None:
        return None
    if any(bound.text.lstrip("-+ ").startswith("0,") for bound in (interval.low, interval.high)):
        return None
    return interval.low, interval.high


def value_text(result: Contrast | ArmResult) -> str:
    """The estimate or value with its interval: "0.86 (0.69–1.07)"."""
    ends = bounds(result.interval)
    return result.value.text if ends is None else f"{result.value.text} ({ends[0].text}–{ends[1].text})"


def inside(value: Number, interval: Interval | None) -> Outcome:
    """Whether the value lies within the interval that is printed with it."""
    ends = bounds(interval)
    if ends is None:
        return Outcome("cannot tell")
    low, high = (rounded(end, 1) for end in ends)
    computed = Range(float(ends[0].value), float(ends[1].value))
    held = low.low <= high.high and Range(low.low, high.high).overlaps(rounded(value, 1))
    return Outcome("consistent" if held else "inconsistent", computed)


def middle(measure: str, value: Number, interval: Interval | None) -> Outcome:
    """Whether the value lies about half way between the bounds, for ratios on the log scale.

    The computed range is the middle of the interval.
    """
    ends = bounds(interval)
    if ends is None or measure not in RATIOS | DIFFERENCES:
        return Outcome("cannot tell")
    if measure in DIFFERENCES and 0 in (ends[0].value, ends[1].value):
        # A measure that has no values below nought has intervals that end there.
        return Outcome("cannot tell")
    if measure == "SMD" and max(abs(end.value) for end in ends) > _FARTHEST_SMD:
        # The interval is of the difference in its own unit, printed beside its effect size.
        return Outcome("cannot tell")
    low, high, point = (rounded(number, 1) for number in (*ends, value))
    if measure in RATIOS:
        if min(low.low, high.low, point.low) <= 0:
            return Outcome("cannot tell")
        low, high, point = (spread(math.log, one) for one in (low, high, point))
    centre = Range((low.low + high.low) / 2, (low.high + high.high) / 2)
    held = centre.widened(SKEW * max(high.high - low.low, 0) / 2).overlaps(point)
    return Outcome("consistent" if held else "inconsistent", spread(math.exp, centre) if measure in RATIOS else centre)


def printed_checks(passages: Iterable[Passage]) -> Iterator[Check]:
    """Values outside the interval printed behind them, which no finding holds: it would not be plausible."""
    for passage in passages:
        for printed in printed_intervals(passage):
            outcome = inside(printed.value, printed.interval)
            if outcome.verdict == "inconsistent":
                read = (
                    Input("value", printed.value.text, printed.evidence),
                    Input("interval", interval_text(printed.interval), printed.evidence),
                )
                yield check("estimate-in-interval", outcome, read, value=printed.value.text)


def contrast_checks(contrast: Contrast) -> Iterator[Check]:
    """The estimate against its interval."""
    if contrast.interval is None:
        return
    read = inputs_of(contrast, "value", "interval")
    within = inside(contrast.value, contrast.interval)
    yield check("estimate-in-interval", within, read, value=contrast.value.text)
    if within.verdict == "consistent" and contrast.unit not in _CURRENCIES and not _of_costs(contrast):
        central = middle(contrast.measure, contrast.value, contrast.interval)
        yield check("estimate-in-middle", central, read, value=contrast.value.text)


def _of_costs(contrast: Contrast) -> bool:
    return contrast.measure in DIFFERENCES and any(_costs().search(piece.quote) for piece in contrast.evidence)


@cache
def _costs() -> re.Pattern[str]:
    return re.compile(words("checks", "costs"), re.IGNORECASE)


def arm_checks(result: ArmResult) -> Iterator[Check]:
    """The value of an arm against its interval, and a median against its quartiles or range."""
    if result.interval is not None:
        within = inside(result.value, result.interval)
        yield check("estimate-in-interval", within, inputs_of(result, "value", "interval"), value=result.value.text)
    spread_ = result.dispersion
    sure = max((e.confidence for e in result.evidence), default=Decimal(0)) >= _LEAST
    between = (
        sure
        and spread_ is not None
        # Of a count of events the range is that of single people.
        and result.measure in ("median", "mean")
        and (spread_.kind == "range" or (spread_.kind == "IQR" and result.measure == "median"))
    )
    if spread_ is not None and between and spread_.low is not None and spread_.high is not None:
        # Scales on which less is better are often printed from the worse end to the better.
        low, high = sorted((spread_.low, spread_.high), key=lambda end: end.value)
        outcome = inside(result.value, Interval(low, high, None))
        yield check("value-in-range", outcome, inputs_of(result, "value", "interval"), value=result.value.text)
