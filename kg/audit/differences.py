"""Differences of means: against the two means they come from."""

from __future__ import annotations

from typing import Final

from extractors.findings import Interval, Number
from kg.audit.checks import Outcome
from kg.audit.estimates import bounds
from kg.audit.ranges import Range, rounded

# Adjustment for the values at baseline moves a difference by less than this share of half its interval, as a rule.
_ADJUSTMENT_ROOM: Final = 0.5


def difference_of_means(value: Number, interval: Interval | None, first: Number, second: Number) -> Outcome:
    """Whether a printed difference can be that of the two means, either way round; the computed range is theirs.

    Reports adjust for baseline values: only where the plain difference lies well outside the printed interval do the
    numbers not fit. Without an interval only equal numbers tell anything.
    """
    low, high = rounded(first), rounded(second)
    plain = Range(low.low - high.high, low.high - high.low)
    turned = Range(-plain.high, -plain.low)
    for one in (plain, turned):
        if one.overlaps(rounded(value, 1)):
            return Outcome("consistent", one)
    ends = bounds(interval)
    if ends is None:
        return Outcome("cannot tell", plain)
    printed = Range(rounded(ends[0], 1).low, rounded(ends[1], 1).high)
    wide = printed.widened(_ADJUSTMENT_ROOM * (printed.high - printed.low) / 2)
    near = [one for one in (plain, turned) if one.overlaps(wide)]
    return Outcome("consistent", near[0]) if near else Outcome("inconsistent", plain)
