"""Intervals of effects: against those that two proportions, or two means with their deviations, give.

Where the printed estimate is the crude one, its interval ought to be about the crude one too. Adjusted estimates have
intervals of their own and are left open.
"""

from __future__ import annotations

import math
from typing import Final

from scipy.special import stdtrit

from extractors.findings import Interval, Number
from kg.audit.checks import Outcome
from kg.audit.estimates import bounds
from kg.audit.probabilities import level_quantile
from kg.audit.proportions import Share, effect
from kg.audit.ranges import Range, exact, figures, rounded, spread

# How many times as wide as the crude interval a printed one may be: methods and small samples differ by less.
_NARROWEST: Final = 0.7
_WIDEST: Final = 1.5
# With fewer events than these, exact and crude intervals have little in common.
_FEWEST: Final = 5


def from_counts(measure: str, value: Number, interval: Interval | None, first: Share, second: Share) -> Outcome:
    """Whether the interval of a ratio or difference is the usual one of two proportions, either way round.

    Ratios by the normal approximation of their logarithm (Katz, Woolf), differences by that of the difference. Only
    where the printed estimate is that of the counts does the interval have to be.
    """
    ends = bounds(interval)
    if ends is None or interval is None or interval.level is None:
        return Outcome("cannot tell")
    quantile = level_quantile(float(interval.level.value))
    tables = [(first, second), (second, first)]
    fitting = [pair for pair in tables if _is_crude(measure, value, *pair)]
    if quantile is None or not fitting or min(map(_least, (first, second))) < _FEWEST:
        return Outcome("cannot tell")
    # A difference is printed as a share or in percentage points; one about nought does not tell which.
    factors = [factor for factor in (100.0, 1.0) if measure == "RD" and _is_difference(value, factor, *fitting[0])]
    usual = [_usual(measure, *fitting[0], quantile, factor) for factor in factors or (1.0,)]
    outcomes = [_against(one, ends, log=measure != "RD") for one in usual if one is not None]
    return next((one for one in outcomes if one.verdict == "consistent"), (*outcomes, Outcome("cannot tell"))[0])


def _is_crude(measure: str, value: Number, first: Share, second: Share) -> bool:
    crude = effect(measure, first, second)
    if crude is None:
        return False
    if measure == "RD":
        return any(_is_difference(value, factor, first, second) for factor in (100.0, 1.0))
    return rounded(value).overlaps(crude)


def _is_difference(value: Number, factor: float, first: Share, second: Share) -> bool:
    crude = effect("RD", first, second)
    return crude is not None and rounded(value).overlaps(Range(crude.low * factor / 100, crude.high * factor / 100))


def _least(share: Share) -> float:
    return min(share.events.low, share.n - share.events.high)


def _usual(measure: str, first: Share, second: Share, quantile: float, factor: float) -> Range | None:
    a, b = first.events.middle, second.events.middle
    x, y = a / first.n, b / second.n
    if measure == "RD":
        half = quantile * factor * math.sqrt(x * (1 - x) / first.n + y * (1 - y) / second.n)
        return Range(factor * (x - y) - half, factor * (x - y) + half)
    if measure == "RR":
        middle, error = math.log(x / y), math.sqrt((1 - x) / a + (1 - y) / b)
    elif measure == "OR":
        middle = math.log(x * (1 - y) / (y * (1 - x)))
        error = math.sqrt(1 / a + 1 / (first.n - a) + 1 / b + 1 / (second.n - b))
    else:
        return None
    return Range(math.exp(middle - quantile * error), math.exp(middle + quantile * error))


def _against(usual: Range, ends: tuple[Number, Number], *, log: bool) -> Outcome:
    """The printed bounds against the usual ones, by the distance between them."""
    low, high = (rounded(end, 1) for end in ends)
    if log and min(low.low, high.low) <= 0:
        return Outcome("cannot tell", usual)
    if log:
        usual_width = math.log(usual.high / usual.low)
        width = Range(math.log(high.low / low.high), math.log(high.high / low.low))
    else:
        usual_width = usual.high - usual.low
        width = Range(high.low - low.high, high.high - low.low)
    held = width.overlaps(Range(_NARROWEST * usual_width, _WIDEST * usual_width))
    return Outcome("consistent" if held else "inconsistent", usual)


def from_deviations(
    value: Number, interval: Interval | None, groups: tuple[tuple[Number, Number, int], tuple[Number, Number, int]]
) -> Outcome:
    """Whether the interval of a difference of means is the one that follows from means, deviations and people.

    ``groups`` hold mean, standard deviation and people of each arm. A difference that is not that of the means is
    adjusted, and so may its interval be.
    """
    ends = bounds(interval)
    (mean, deviation, n), (other, spread_, m) = groups
    if ends is None or interval is None or interval.level is None or min(n, m) < 2:
        return Outcome("cannot tell")
    plain = spread(lambda one, two: one - two, rounded(mean), rounded(other))
    turned = Range(-plain.high, -plain.low)
    if not rounded(value).overlaps(plain) and not rounded(value).overlaps(turned):
        return Outcome("cannot tell")
    level = float(interval.level.value)
    if level_quantile(level) is None or min(deviation.value, spread_.value) <= 0:
        return Outcome("cannot tell")
    t = float(stdtrit(n + m - 2, 0.5 + level / 200))
    half = t * math.sqrt(float(deviation.value) ** 2 / n + float(spread_.value) ** 2 / m)
    centre = exact(value).middle
    return _against(Range(centre - half, centre + half), ends, log=False)


def as_text(one: Range) -> str:
    """An interval as a report prints it: "0.61 to 0.82"."""
    return f"{figures(one.low)}–{figures(one.high)}"
