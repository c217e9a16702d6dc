"""Absolute effects: how many of a thousand people have the event, from a baseline risk and a relative effect."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

# Measures that turn one risk into another.
Relative = Literal["HR", "OR", "RR"]
RELATIVE: Final[tuple[Relative, ...]] = ("HR", "OR", "RR")
PEOPLE: Final = 1000


class NotARisk(ValueError):
    """A baseline risk that is not between 0 and 1."""


@dataclass(frozen=True, slots=True)
class AbsoluteEffect:
    """People of 1000 with the event: without the intervention, with it (estimate, bounds), and the difference."""

    without: float
    with_: float
    with_low: float
    with_high: float

    @property
    def difference(self) -> tuple[float, float, float]:
        """With less without: the estimate and its bounds; negative means fewer events."""
        return self.with_ - self.without, self.with_low - self.without, self.with_high - self.without


def risk_with(measure: Relative, ratio: float, baseline: float) -> float:
    """The risk with the intervention (0 to 1), from the ratio and the risk without it.

    RR: r * RR, not above 1. OR: OR * r / (1 - r + OR * r). HR: 1 - (1 - r) ** HR, which holds for proportional hazards
    and the time at which r is the risk (Cochrane Handbook 6.5, sections 14.1.5 and 15.4.4). Raises NotARisk.
    """
    if not 0 <= baseline <= 1:
        raise NotARisk(f"a baseline risk lies between 0 and 1, not at {baseline}")
    if baseline in {0, 1}:
        # What never happens, or always, does so at any odds and any hazard; a ratio of risks can still lower it.
        return baseline if measure != "RR" else min(1.0, baseline and ratio)
    if measure == "RR":
        return min(1.0, baseline * ratio)
    if measure == "OR":
        return 1 - 1 / (1 + ratio * baseline / (1 - baseline))
    return 1 - math.pow(1 - baseline, ratio)


def absolute_effect(measure: Relative, ratio: float, low: float, high: float, baseline: float) -> AbsoluteEffect:
    """People of 1000 with the event, with and without the intervention; raises NotARisk."""
    return AbsoluteEffect(
        PEOPLE * baseline, *(PEOPLE * risk_with(measure, one, baseline) for one in (ratio, low, high))
    )
