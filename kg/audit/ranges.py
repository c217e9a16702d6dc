"""Printed numbers as the ranges that rounding leaves open, and arithmetic on them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Final

from extractors.findings import Number

# What binary arithmetic may lose: two ranges that touch up to this share of their size overlap.
_SLACK: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Range:
    """All values from ``low`` to ``high``, both included."""

    low: float
    high: float

    def overlaps(self, other: Range) -> bool:
        """Whether some value lies in both."""
        slack = _SLACK * max(1.0, *(abs(bound) for bound in (self.low, other.low) if math.isfinite(bound)))
        return self.low <= other.high + slack and other.low <= self.high + slack

    def holds(self, value: float) -> bool:
        """Whether the value lies in the range."""
        return self.overlaps(Range(value, value))

    def widened(self, by: float) -> Range:
        """The range with ``by`` more on either side."""
        return Range(self.low - by, self.high + by)

    @property
    def middle(self) -> float:
        """The value half way between the bounds."""
        return (self.low + self.high) / 2


def exact(number: Number) -> Range:
    """A number that nobody rounds: a count."""
    value = float(number.value)
    return Range(value, value)


def unit(number: Number) -> Decimal:
    """One in the last place that is printed: 0.01 for "0.86", 1 for "69"."""
    exponent = number.value.as_tuple().exponent
    return Decimal(1).scaleb(min(exponent, 0)) if isinstance(exponent, int) else Decimal(1)


def rounded(number: Number, units: float = 0.5) -> Range:
    """The values that are printed so: 0.86 stands for 0.855 to 0.865.

    ``units`` is how far a value may lie from the printed one, in units of the last place; 1 allows for numbers
    that were cut off instead of rounded.
    """
    value, margin = float(number.value), float(unit(number)) * units
    return Range(value - margin, value + margin)


def spread(function: Callable[..., float], *ranges: Range) -> Range:
    """The least and the greatest value of the function at the corners of the ranges.

    That is its range wherever it is monotonic in each argument. Raises what the function raises.
    """
    values = [function(*corner) for corner in product(*((one.low, one.high) for one in ranges))]
    return Range(min(values), max(values))


def figures(value: float, digits: int = 3) -> str:
    """A computed value in words of a report: so many significant digits, no exponent; "0.0001" is the least shown."""
    if not math.isfinite(value):
        return "∞" if value > 0 else "-∞"
    if value != 0 and abs(value) < 1e-4:
        return "0.0001"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value)))) if value else 0
    return f"{value:.{places}f}"


def shown(one: Range, digits: int = 3) -> str:
    """A computed range as a report prints it: "0.06–0.08", or one number where both bounds read alike."""
    low, high = figures(one.low, digits), figures(one.high, digits)
    return low if low == high else f"{low}–{high}"
