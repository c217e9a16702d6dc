"""Sample sizes: the events or people that the stated assumptions require, against the number that is printed.

Events by Schoenfeld DA (Biometrics 1983;39:499), people with exponential survival and uniform accrual; two
proportions and two means by the normal approximation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Final

from extractors.findings import Number
from kg.audit.checks import Outcome
from kg.audit.ranges import Range, rounded, spread

_NORMAL: Final = NormalDist()
# Programs differ (log-rank by Schoenfeld or Freedman, continuity correction, arcsine) by about this share.
_FORMULAS: Final = 0.15
# Dropout, interim analyses and round numbers make the planned number greater than the computed one.
_MOST: Final = 2.0


@dataclass(frozen=True, slots=True)
class Errors:
    """The chances of error that a plan accepts: alpha and power as shares, and the sides of the test."""

    alpha: float
    power: float
    sides: int

    @property
    def quantiles(self) -> float:
        """The sum of the normal quantiles of alpha and power."""
        return _NORMAL.inv_cdf(1 - self.alpha / self.sides) + _NORMAL.inv_cdf(self.power)


def ratio_of_medians(first: Number, second: Number, ratio: Number) -> Outcome:
    """Whether an assumed hazard ratio is that of two assumed medians (of exponential survival), either way round."""
    medians = (rounded(first), rounded(second))
    if min(medians[0].low, medians[1].low) <= 0:
        return Outcome("cannot tell")
    computed = spread(lambda a, b: a / b, *medians)
    turned = spread(lambda a, b: b / a, *medians)
    printed = rounded(ratio, 1)
    # Rounded medians ("12 to 16 months") often come from the ratio, not the other way round.
    near = [one for one in (computed, turned) if Range(one.low * 0.97, one.high * 1.03).overlaps(printed)]
    best = (
        near[0]
        if near
        else min((computed, turned), key=lambda one: abs(math.log(one.middle / max(printed.middle, 1e-9))))
    )
    return Outcome("consistent" if near else "inconsistent", best)


def events_required(ratio: float, errors: Errors, allocation: float = 0.5) -> float:
    """The events that a log-rank test needs for a hazard ratio; ``allocation`` is the share of people in one arm."""
    return (errors.quantiles / math.log(ratio)) ** 2 / (allocation * (1 - allocation))


def share_with_event(median: float, accrual: float, follow_up: float) -> float:
    """The share of people with the event at the end, all times in one unit; accrual is uniform."""
    hazard = math.log(2) / median
    if accrual <= 0:
        return 1 - math.exp(-hazard * follow_up)
    left = math.exp(-hazard * follow_up) - math.exp(-hazard * (accrual + follow_up))
    return 1 - left / (hazard * accrual)


def people_for_survival(medians: tuple[float, float], errors: Errors, accrual: float, follow_up: float) -> float:
    """The people that a log-rank test of two medians needs, with equal arms; all times in one unit."""
    shares = [share_with_event(median, accrual, follow_up) for median in medians]
    return events_required(medians[0] / medians[1], errors) / (sum(shares) / 2)


def planned(required: float, number: Number) -> Outcome:
    """Whether a planned number can be the required one, with room for other formulas, dropout and interim analyses."""
    computed = Range(required * (1 - _FORMULAS), required * (1 + _FORMULAS))
    value = float(number.value)
    if value < computed.low:
        return Outcome("inconsistent", Range(required, required))
    return Outcome("consistent" if value <= computed.high * _MOST else "cannot tell", Range(required, required))


def people_for_proportions(first: Number, second: Number, errors: Errors) -> Range:
    """The people that each of two equal groups needs for two proportions in percent, by the normal approximation.

    The range is what rounding of the proportions leaves open (Fleiss JL. Statistical Methods for Rates and
    Proportions, without continuity correction).
    """

    def needed(one: float, other: float) -> float:
        a, b = one / 100, other / 100
        return errors.quantiles**2 * (a * (1 - a) + b * (1 - b)) / (a - b) ** 2

    return spread(needed, rounded(first), rounded(second))


def people_for_means(difference: Number, deviation: Number, errors: Errors) -> Range:
    """The people that each of two equal groups needs for a difference of means, by the normal approximation."""
    return spread(lambda apart, sd: 2 * (errors.quantiles * sd / apart) ** 2, rounded(difference), rounded(deviation))


def planned_each(required: Range, number: Number) -> Outcome:
    """Whether the planned people of a group can be those required; the computed range is what rounding leaves open."""
    return replace(planned(required.low, number), computed=required)
