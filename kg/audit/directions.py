"""Directions: which arm a ratio favours against the arms' medians, and which the words against the values."""

from __future__ import annotations

import math
from typing import Final

from extractors.findings import Direction, Number
from kg.audit.checks import Outcome
from kg.audit.ranges import Range, rounded, spread

# Differences below a tenth say nothing: curves cross, ratios are adjusted, medians are single points of curves.
_TENTH: Final = math.log(1.1)


def against_medians(ratio: Number, first: Number, second: Number) -> Outcome:
    """Whether a hazard ratio of the first arm against the second points the way in which the medians differ.

    With proportional hazards of constant size the ratio is about the second median over the first, which is the
    computed range. Only a ratio and medians that both differ by more than a tenth can contradict each other.
    """
    value, one, other = rounded(ratio), rounded(first), rounded(second)
    if min(value.low, one.low, other.low) <= 0:
        return Outcome("cannot tell")
    expected = spread(lambda a, b: b / a, one, other)
    printed, implied = spread(math.log, value), spread(math.log, expected)
    opposite = (printed.high < -_TENTH and implied.low > _TENTH) or (printed.low > _TENTH and implied.high < -_TENTH)
    return Outcome("inconsistent" if opposite else "consistent", expected)


def against_proportions(ratio: Number, first: Number, second: Number, *, alive: bool) -> Outcome:
    """Whether a hazard ratio of the first arm against the second points the way in which the proportions differ.

    ``alive`` says that the proportions, in percent, are of people without the event. The computed range is the ratio
    of the cumulative hazards. Only a ratio and proportions that both differ by more than a tenth can contradict.
    """
    value, one, other = rounded(ratio), rounded(first), rounded(second)
    if value.low <= 0 or min(one.low, other.low) <= 0 or max(one.high, other.high) >= 100:
        return Outcome("cannot tell")

    def hazards(a: float, b: float) -> float:
        left = (a, b) if alive else (100 - a, 100 - b)
        return math.log(left[0] / 100) / math.log(left[1] / 100)

    expected = spread(hazards, one, other)
    printed, implied = spread(math.log, value), spread(math.log, expected)
    opposite = (printed.high < -_TENTH and implied.low > _TENTH) or (printed.low > _TENTH and implied.high < -_TENTH)
    return Outcome("inconsistent" if opposite else "consistent", expected)


def against_values(direction: Direction, first: Number, second: Number) -> Outcome:
    """Whether words ("longer", "more often") fit the values of the two arms; the computed range is their difference."""
    one, other = rounded(first), rounded(second)
    apart = Range(one.low - other.high, one.high - other.low)
    if direction == "first higher":
        return Outcome("consistent" if apart.high > 0 else "inconsistent", apart)
    if direction == "first lower":
        return Outcome("consistent" if apart.low < 0 else "inconsistent", apart)
    return Outcome("cannot tell", apart)
