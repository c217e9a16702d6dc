"""Which of two groups an estimate is for, told from the groups' own values: a registry has no field for it."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, Literal

from extractors.findings import Number

# How far an estimate may lie from what the groups' rounded values give, as a share of it; models adjust estimates.
_TOLERANCE: Final = Decimal("0.15")


def direction(
    measure: str,
    value: Number,
    values: tuple[Number | None, Number | None],
    sizes: tuple[Number | None, Number | None],
    parameter: str | None,
    *,
    is_percentage: bool,
) -> Literal["first", "second"] | None:
    """Whether the estimate is for the first of two groups or for the second; ``None`` where the values do not show it.

    A difference or ratio is computed both ways; one of them must be near the estimate and the other not.
    """
    if values[0] is None or values[1] is None:
        return None
    one, two = values[0].value, values[1].value
    if measure == "MD" and parameter in ("mean", "least squares mean", "median"):
        return _nearer(value.value, one - two, two - one)
    shares = _shares(values, sizes, parameter, is_percentage=is_percentage)
    both_ways = None if shares is None else _both_ways(measure, *shares, in_percent=abs(value.value) > 1)
    return None if both_ways is None else _nearer(value.value, *both_ways)


def _both_ways(measure: str, one: Decimal, two: Decimal, *, in_percent: bool) -> tuple[Decimal, Decimal] | None:
    """The measure of two shares, for the first and for the second; ``None`` where it cannot be computed."""
    if measure == "RD":
        scale = Decimal(100 if in_percent else 1)
        return (one - two) * scale, (two - one) * scale
    if measure == "RR" and one > 0 and two > 0:
        return one / two, two / one
    if measure == "OR" and 0 < one < 1 and 0 < two < 1:
        odds = one / (1 - one), two / (1 - two)
        return odds[0] / odds[1], odds[1] / odds[0]
    return None


def _shares(
    values: tuple[Number | None, Number | None],
    sizes: tuple[Number | None, Number | None],
    parameter: str | None,
    *,
    is_percentage: bool,
) -> tuple[Decimal, Decimal] | None:
    """The parts of the people of the two groups, between 0 and 1."""
    found: list[Decimal] = []
    for value, size in zip(values, sizes, strict=True):
        if value is None:
            return None
        if is_percentage and parameter == "number":
            share = value.value / 100
        elif parameter == "count" and size is not None and size.value > 0:
            share = value.value / size.value
        else:
            return None
        if not 0 <= share <= 1:
            return None
        found.append(share)
    return found[0], found[1]


def _nearer(estimate: Decimal, first: Decimal, second: Decimal) -> Literal["first", "second"] | None:
    near_first, near_second = _is_near(estimate, first), _is_near(estimate, second)
    if near_first == near_second:
        return None
    return "first" if near_first else "second"


def _is_near(estimate: Decimal, computed: Decimal) -> bool:
    return abs(estimate - computed) <= _TOLERANCE * max(abs(estimate), abs(computed))
