"""How computed figures are written: two decimals for ratios, as many as were printed for differences."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from kg import rows
from kg.synthesis.effects import Scale
from kg.synthesis.pooling import Pooled

_MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class Figures:
    """Writes values of the scale of combination; ``decimals`` behind the point."""

    scale: Scale
    decimals: int

    def value(self, y: float) -> str:
        """The figure of a value on the scale of combination."""
        return number(self.scale.outward(y), self.decimals)

    def bounds(self, low: float, high: float) -> tuple[str, str]:
        """Both bounds of an interval on the scale of combination."""
        return self.value(low), self.value(high)

    def pooled(self, one: Pooled) -> tuple[str, str, str]:
        """The combined estimate with the bounds of its interval."""
        return (self.value(one.y), *self.bounds(one.low, one.high))


def figures_for(scale: Scale, printed: Iterable[rows.Quantity]) -> Figures:
    """The way of writing for estimates that were printed so."""
    if scale.ratio:
        return Figures(scale, 2)
    return Figures(scale, min(4, max((decimals(quantity) for quantity in printed), default=2)))


def decimals(quantity: rows.Quantity) -> int:
    """How many decimals a figure was printed with."""
    exponent = quantity.value.as_tuple().exponent
    printed = quantity.text.partition(".")[2]
    return max(len(printed) if printed.isdigit() else 0, -exponent if isinstance(exponent, int) else 0)


def number(value: float, places: int) -> str:
    """The number with so many decimals and a real minus sign; a sign of infinity beyond all measure."""
    if math.isinf(value) or abs(value) >= 1e15:
        return f"{_MINUS if value < 0 else ''}\u221e"
    text = f"{abs(value):.{places}f}"
    return f"{_MINUS}{text}" if value < 0 and float(text) else text


def share(value: float) -> str:
    """A share of 1 in percent with one decimal."""
    return f"{value * 100:.1f} %"


def probability(p: float) -> tuple[str, str]:
    """The sign and the figure of a p-value: ("=", "0.034"), or ("<", "0.001") below that."""
    if p < 0.001:
        return "<", "0.001"
    return "=", f"{p:.3f}" if p < 0.0995 else f"{p:.2f}"
