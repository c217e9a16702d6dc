"""Proportions and 2×2 tables: percentages, their intervals, and the ratios and differences that two arms imply."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from scipy.special import betaincinv

from extractors.findings import Interval, Number
from kg.audit.checks import Outcome
from kg.audit.estimates import bounds
from kg.audit.probabilities import level_quantile
from kg.audit.ranges import Range, rounded, unit

# Methods for the interval of a proportion differ by less than this share of its width, in percent of the bound's place.
_INTERVAL_ROOM: Final = 0.1
# A crude ratio may leave an adjusted interval by this share of half its width on the log scale.
_ADJUSTMENT_ROOM: Final = 0.5
# A single nought behind the point is rather a digit than what a table is filled up with.
_TENTH: Final = Decimal("0.1")
# What binary arithmetic may lose.
_SLACK: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Share:
    """People with an event among those of one arm: the count is a range where only the percentage is printed."""

    events: Range
    n: float

    @property
    def proportion(self) -> Range:
        """The share of people, from 0 to 1."""
        return Range(self.events.low / self.n, self.events.high / self.n)


def percent_of(events: Number, n: Number, percent: Number) -> Outcome:
    """Whether the percentage is that of the events among n; the computed range is the percentage."""
    if n.value <= 0 or events.value > n.value:
        return Outcome("cannot tell")
    share = 100 * float(events.value) / float(n.value)
    held = rounded(percent, 1).holds(share) or rounded(_without_noughts(percent)).holds(share)
    return Outcome("consistent" if held else "inconsistent", Range(share, share))


def _without_noughts(percent: Number) -> Number:
    """The percentage without noughts behind its point: "43.20%" may have been rounded to 43.2 before it was printed."""
    bare = percent.value.normalize()
    return Number(bare if "." in percent.text else percent.value, percent.text)


def fitting(events: Number, percent: Number, denominators: Iterable[int]) -> tuple[int, ...]:
    """The denominators of which the events are the printed percentage, in the order given."""
    count = float(events.value)
    shares = {n: 100 * count / n for n in denominators if 0 < n >= count}
    # A percentage that was cut off instead of rounded is one all the same.
    windows = [rounded(percent), rounded(percent, 1)]
    if unit(percent) < _TENTH:
        windows.append(rounded(_without_noughts(percent)))
    for window in windows:
        low, high = window.low - _SLACK, window.high + _SLACK
        if found := tuple(n for n, share in shares.items() if low <= share <= high):
            return found
    return ()


def implied_denominators(events: Number, percent: Number) -> Range:
    """The numbers of people of which the events are the printed percentage; infinite for a percentage of about 0."""
    printed = rounded(percent)
    count = float(events.value)
    return Range(
        100 * count / printed.high if printed.high > 0 else math.inf,
        100 * count / printed.low if printed.low > 0 else math.inf,
    )


def slips(count: int) -> Iterator[int]:
    """The counts that swapping two neighbouring digits makes of this one."""
    digits = str(count)
    for place in range(len(digits) - 1):
        swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
        if swapped != digits and not swapped.startswith("0"):
            yield int(swapped)


def clopper_pearson(events: float, n: float, level: float) -> Range:
    """The exact interval of a proportion, from 0 to 1 (Clopper CJ, Pearson ES. Biometrika 1934;26:404)."""
    tail = (1 - level / 100) / 2
    low = 0.0 if events <= 0 else float(betaincinv(events, n - events + 1, tail))
    high = 1.0 if events >= n else float(betaincinv(events + 1, n - events, 1 - tail))
    return Range(low, high)


def wilson(events: float, n: float, level: float) -> Range:
    """The score interval of a proportion, from 0 to 1 (Wilson EB. J Am Stat Assoc 1927;22:209); raises ValueError."""
    z = level_quantile(level)
    if z is None:
        raise ValueError(f"no interval has the level {level}")
    share, square = events / n, z * z / n
    middle = (share + square / 2) / (1 + square)
    half = z * math.sqrt(share * (1 - share) / n + square / (4 * n)) / (1 + square)
    return Range(middle - half, middle + half)


def wald(events: float, n: float, level: float) -> Range:
    """The interval of a proportion by the normal approximation, from 0 to 1; raises ValueError."""
    z = level_quantile(level)
    if z is None:
        raise ValueError(f"no interval has the level {level}")
    share = events / n
    half = z * math.sqrt(share * (1 - share) / n)
    return Range(max(0.0, share - half), min(1.0, share + half))


def interval_of(percent: Number, n: int, interval: Interval | None) -> Outcome:
    """Whether an interval printed for a percentage of n people is one that people compute.

    The computed range spans what Clopper-Pearson, Wilson and normal intervals give, in percent. An interval that is
    narrower than all of them or wider than all of them is not one of a simple proportion.
    """
    ends = bounds(interval)
    # Below nought reaches a difference, not a proportion.
    if ends is None or interval is None or interval.level is None or n <= 0 or ends[0].value < 0:
        return Outcome("cannot tell")
    level = float(interval.level.value)
    window = rounded(percent, 1)
    fewest = max(0, math.ceil(window.low * n / 100 - _SLACK))
    most = min(n, math.floor(window.high * n / 100 + _SLACK))
    if level_quantile(level) is None or fewest > most:
        return Outcome("cannot tell")
    found = [method(k, n, level) for k in (fewest, most) for method in (clopper_pearson, wilson, wald)]
    lows = Range(100 * min(one.low for one in found), 100 * max(one.low for one in found))
    highs = Range(100 * min(one.high for one in found), 100 * max(one.high for one in found))
    room = _INTERVAL_ROOM * (highs.high - lows.low)
    held = lows.widened(room).overlaps(rounded(ends[0], 1)) and highs.widened(room).overlaps(rounded(ends[1], 1))
    return Outcome("consistent" if held else "inconsistent", Range(lows.low, highs.high))


def effect(measure: str, first: Share, second: Share) -> Range | None:
    """The risk ratio, odds ratio or risk difference (in percentage points) of the first arm against the second.

    ``None`` where it has no value (nobody with the event) or the measure is another one.
    """
    a, b = first.proportion, second.proportion
    if measure == "RD":
        return Range(100 * (a.low - b.high), 100 * (a.high - b.low))
    if measure == "RR" and b.low > 0:
        return Range(a.low / b.high, a.high / b.low)
    if measure == "OR" and b.low > 0 and b.high < 1 and a.high < 1:
        return Range(_odds(a.low) / _odds(b.high), _odds(a.high) / _odds(b.low))
    return None


def _odds(share: float) -> float:
    return share / (1 - share)


def from_table(measure: str, value: Number, interval: Interval | None, first: Share, second: Share) -> Outcome:
    """Whether a printed ratio or difference can be that of the two arms.

    Reports adjust, stratify and impute, so that a printed estimate need not be the crude one: only where the crude
    one, for either arm as the reference, lies well outside the printed interval do the numbers not fit.
    """
    crude = effect(measure, first, second)
    ends = bounds(interval)
    if crude is None or ends is None:
        return Outcome("cannot tell", crude)
    turned = effect(measure, second, first)
    low, high = rounded(ends[0], 1), rounded(ends[1], 1)
    for one in (crude, turned):
        if one is not None and _near(measure, one, Range(low.low, high.high)):
            return Outcome("consistent", one)
    return Outcome("inconsistent", crude)


def _near(measure: str, crude: Range, printed: Range) -> bool:
    if measure == "RD":
        # A difference may be printed as a share or in percentage points.
        room = _ADJUSTMENT_ROOM * (printed.high - printed.low) / 2
        shares = Range(crude.low / 100, crude.high / 100)
        return printed.widened(room).overlaps(crude) or printed.widened(room).overlaps(shares)
    if printed.low <= 0 or crude.low <= 0:
        return True
    low, high = math.log(printed.low), math.log(printed.high)
    room = _ADJUSTMENT_ROOM * (high - low) / 2
    return Range(low - room, high + room).overlaps(Range(math.log(crude.low), math.log(crude.high)))


def p_of_table(first: Share, second: Share) -> Range | None:
    """The two-sided p-values of the usual tests of two proportions: chi-squared with and without Yates' correction.

    Fisher's exact test gives about what Yates' correction gives. ``None`` where nobody or everybody has the event.
    """
    values = []
    for a in (first.events.low, first.events.high):
        for b in (second.events.low, second.events.high):
            both = (a + b) / (first.n + second.n)
            if not 0 < both < 1:
                return None
            error = math.sqrt(both * (1 - both) * (1 / first.n + 1 / second.n))
            apart = abs(a / first.n - b / second.n)
            corrected = max(0.0, apart - (1 / first.n + 1 / second.n) / 2)
            values += [math.erfc(one / error / math.sqrt(2)) for one in (apart, corrected)]
    return Range(min(values), max(values))
