"""One trial's estimate on the scale on which estimates are combined, with its standard error.

Ratios are combined as natural logarithms, differences as they are (Cochrane Handbook 6.5, section 10.3).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from scipy.special import ndtri

# Figures beyond these come from no trial, and their squares are no numbers any more.
_SMALLEST, _GREATEST = 1e-100, 1e100


class NoStandardError(ValueError):
    """An interval that gives no standard error: no width, no level, or a ratio's bound that is not above nought."""


@dataclass(frozen=True, slots=True)
class Effect:
    """An estimate ``y`` with its standard error ``se``; for ratios both are on the scale of natural logarithms."""

    y: float
    se: float

    @property
    def weight(self) -> float:
        """The inverse of the variance."""
        return 1 / self.se**2

    def turned(self) -> Effect:
        """The estimate of the second arm against the first: the reciprocal of a ratio, the negative of a difference."""
        return Effect(-self.y, self.se)


@dataclass(frozen=True, slots=True)
class Scale:
    """How a measure's figures are brought to the scale of combination (``inward``) and back (``outward``)."""

    ratio: bool

    @property
    def inward(self) -> Callable[[float], float]:
        """The natural logarithm for a ratio, the figure itself for a difference."""
        return math.log if self.ratio else float

    def outward(self, y: float) -> float:
        """The figure of a value on the scale of combination; infinite where it is too large to write."""
        if not self.ratio:
            return y
        try:
            return math.exp(y)
        except OverflowError:
            return math.inf

    @property
    def no_effect(self) -> float:
        """1 for a ratio, 0 for a difference."""
        return 1.0 if self.ratio else 0.0


def normal_quantile(level: float) -> float:
    """The half width, in standard errors, of a normal interval of that level in percent: 1.96 for 95.

    Raises NoStandardError for a level that is not between 0 and 100.
    """
    if not 0 < level < 100:
        raise NoStandardError(f"an interval of {level} % has no width in standard errors")
    return float(ndtri(0.5 + level / 200))


def standard_error(low: float, high: float, level: float, scale: Scale) -> float:
    """The standard error that an interval of that level in percent was made with.

    The width on the scale of combination over twice the normal quantile of the interval's own level (Cochrane
    Handbook 6.5, section 6.3.1 for differences and 6.3.2 for ratios): a 90 % and a 95 % interval of one estimate give
    the same standard error. Raises NoStandardError.
    """
    if not (math.isfinite(low) and math.isfinite(high)) or (scale.ratio and min(low, high) <= 0):
        raise NoStandardError(f"the bounds {low} and {high} give no standard error")
    width = scale.inward(high) - scale.inward(low)
    if width <= 0:
        raise NoStandardError(f"the bounds {low} and {high} have no width between them")
    return width / (2 * normal_quantile(level))


def effect(value: float, low: float, high: float, level: float, scale: Scale) -> Effect:
    """The effect of a printed estimate and interval; raises NoStandardError."""
    if not math.isfinite(value) or (scale.ratio and value <= 0):
        raise NoStandardError(f"an estimate of {value} cannot be combined")
    made = Effect(scale.inward(value), standard_error(low, high, level, scale))
    if abs(made.y) > _GREATEST or not _SMALLEST < made.se < _GREATEST:
        raise NoStandardError(f"an estimate of {value} ({low} to {high}) cannot be combined")
    return made
