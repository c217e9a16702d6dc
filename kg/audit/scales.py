"""Means of whole numbers, and standard deviations: what so few people can give at all.

A mean of n whole numbers is a multiple of 1/n (GRIM: Brown NJL, Heathers JAJ. Soc Psychol Personal Sci 2017;8:363).
A standard deviation is bounded by how far values can lie from their mean.
"""

from __future__ import annotations

import math

from extractors.findings import Number
from kg.audit.checks import Outcome
from kg.audit.ranges import Range, rounded, unit


def mean_of_whole_numbers(mean: Number, n: int) -> Outcome:
    """Whether n whole numbers can have this mean; the computed range holds the nearest means below and above."""
    if n <= 0 or n >= 1 / float(unit(mean)):
        return Outcome("cannot tell")
    printed = rounded(mean)
    below, above = math.floor(float(mean.value) * n), math.ceil(float(mean.value) * n)
    held = printed.holds(below / n) or printed.holds(above / n)
    return Outcome("consistent" if held else "inconsistent", Range(below / n, above / n))


def deviation_of_bounded(mean: Number, deviation: Number, low: float, high: float, n: int | None) -> Outcome:
    """Whether values between ``low`` and ``high`` can have this mean and standard deviation.

    The greatest deviation is that of values at the two ends; the computed range runs from 0 to it.
    """
    value = rounded(mean)
    within = Range(max(value.low, low), min(value.high, high))
    if value.high < low or value.low > high:
        return Outcome("inconsistent", Range(low, high), "mean-outside-scale")
    middle = min(max((low + high) / 2, within.low), within.high)
    factor = n / (n - 1) if n is not None and n > 1 else 1.5
    greatest = math.sqrt(max(0.0, (middle - low) * (high - middle)) * factor)
    held = rounded(deviation).low <= greatest
    return Outcome("consistent" if held else "inconsistent", Range(0.0, greatest))
