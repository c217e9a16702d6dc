"""The geometry of a forest plot: where each estimate, interval, tick and arrow lies, in percent of the width.

Ratios lie on a logarithmic axis about 1, differences on a linear axis about 0. Nothing is drawn here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

# Room left and right of the outermost bounds, in percent of the width.
_MARGIN = 4.0
# A ratio axis never reaches beyond these, so that one wild bound cannot flatten all other intervals.
_RATIO_FLOOR, _RATIO_CEILING = 0.05, 20.0
# Sets of ticks for a ratio axis, the coarsest first.
_RATIO_TICKS = (
    (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0),
    (0.25, 0.5, 1.0, 2.0, 4.0),
    (0.5, 0.75, 1.0, 1.5, 2.0),
    (0.8, 1.0, 1.25),
)
_ENOUGH_TICKS = 3


@dataclass(frozen=True, slots=True)
class Bounds:
    """One estimate with the bounds of its interval; a bound that is not known is ``None``."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on the axis."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One row's drawing, in percent of the width; ``low`` and ``high`` are ``None`` without an interval.

    ``low_open`` and ``high_open`` say that the interval goes on beyond the drawing, or that the bound is not
    estimable, and an arrow stands for its end. ``outside`` says that the estimate itself lies off the axis.
    """

    x: float
    low: float | None
    high: float | None
    low_open: bool
    high_open: bool
    outside: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """A shared horizontal axis; ``no_effect`` is where no difference lies, in percent of the width."""

    ratio: bool
    start: float
    stop: float
    ticks: tuple[Tick, ...]
    no_effect: float

    def place(self, value: float) -> float:
        """Where a value lies, in percent of the width, kept within the drawing."""
        inside = min(max(value, self.start), self.stop)
        share = (self._linear(inside) - self._linear(self.start)) / (self._linear(self.stop) - self._linear(self.start))
        return round(_MARGIN + share * (100 - 2 * _MARGIN), 3)

    def _linear(self, value: float) -> float:
        return math.log(value) if self.ratio else value

    def mark(self, bounds: Bounds, low_open: bool = False, high_open: bool = False) -> Mark:
        """The drawing of one estimate; ``low_open`` and ``high_open`` mark bounds that are not estimable."""
        low_beyond = bounds.low is not None and bounds.low < self.start
        high_beyond = bounds.high is not None and bounds.high > self.stop
        low = self.start if low_open else bounds.low
        high = self.stop if high_open else bounds.high
        return Mark(
            x=self.place(bounds.value),
            low=None if low is None else self.place(low),
            high=None if high is None else self.place(high),
            low_open=low_open or low_beyond,
            high_open=high_open or high_beyond,
            outside=not self.start <= bounds.value <= self.stop,
        )


def ratio_axis(rows: Iterable[Bounds]) -> Axis:
    """A logarithmic axis that holds all bounds and 1, within a floor of 0.05 and a ceiling of 20."""
    numbers = [1.0]
    for row in rows:
        numbers += [number for number in (row.value, row.low, row.high) if number is not None and number > 0]
    start = max(min(numbers) / 1.08, _RATIO_FLOOR)
    stop = min(max(numbers) * 1.08, _RATIO_CEILING)
    if stop / start < 2:
        start, stop = min(start, 1 / math.sqrt(2)), max(stop, math.sqrt(2))
    inside = [[tick for tick in ticks if start <= tick <= stop] for ticks in _RATIO_TICKS]
    chosen = next((ticks for ticks in inside if len(ticks) >= _ENOUGH_TICKS), max(inside, key=len))
    return _axis(True, start, stop, chosen, 1.0)


def difference_axis(rows: Iterable[Bounds]) -> Axis:
    """A linear axis that holds all bounds and 0."""
    numbers = [0.0]
    for row in rows:
        numbers += [number for number in (row.value, row.low, row.high) if number is not None]
    span = max(numbers) - min(numbers) or 1.0
    start, stop = min(numbers) - span * 0.05, max(numbers) + span * 0.05
    step = _round_step(span / 4)
    ticks = [index * step for index in range(math.ceil(start / step), math.floor(stop / step) + 1)]
    return _axis(False, start, stop, ticks, 0.0)


def _axis(ratio: bool, start: float, stop: float, ticks: Sequence[float], no_effect: float) -> Axis:
    bare = Axis(ratio=ratio, start=start, stop=stop, ticks=(), no_effect=0.0)
    return Axis(
        ratio=ratio,
        start=start,
        stop=stop,
        ticks=tuple(Tick(bare.place(tick), _plain(tick)) for tick in ticks),
        no_effect=bare.place(no_effect),
    )


def _round_step(step: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is not above ``step`` by much."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= step * 0.75)


def _plain(number: float) -> str:
    return f"{Decimal(str(round(number, 10))).normalize():f}"
