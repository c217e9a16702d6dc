"""How far trials differ by more than chance: Q, its p-value, I², and three estimators of τ²."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scipy.special import chdtrc

from kg.synthesis.effects import Effect

# τ² is sought to this share of the trials' own variance; figures are shown to three decimals.
_PRECISION = 1e-12
_STEPS = 200


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """Cochran's Q with its degrees of freedom and p-value, and I² from 0 to 1.

    One trial has no heterogeneity to speak of: ``p`` and ``i2`` are ``None``.
    """

    q: float
    df: int
    p: float | None
    i2: float | None


def weighted_mean(effects: Sequence[Effect], tau2: float = 0.0) -> float:
    """The mean with weights 1 / (variance + τ²)."""
    weights = [1 / (one.se**2 + tau2) for one in effects]
    return math.fsum(w * one.y for w, one in zip(weights, effects, strict=True)) / math.fsum(weights)


def generalised_q(effects: Sequence[Effect], tau2: float = 0.0) -> float:
    """The weighted sum of squares about the mean; Cochran's Q for τ² = 0 (Cochran WG. Biometrics 1954;10:101)."""
    mean = weighted_mean(effects, tau2)
    return math.fsum((one.y - mean) ** 2 / (one.se**2 + tau2) for one in effects)


def heterogeneity(effects: Sequence[Effect]) -> Heterogeneity:
    """Q against the χ² distribution, and I² = (Q - df) / Q, not below 0 (Higgins, Thompson. Stat Med 2002;21:1539)."""
    q, df = generalised_q(effects), len(effects) - 1
    if df < 1:
        return Heterogeneity(0.0, 0, None, None)
    return Heterogeneity(q, df, float(chdtrc(df, q)), max(0.0, (q - df) / q) if q > 0 else 0.0)


def dersimonian_laird(effects: Sequence[Effect]) -> float:
    """τ² by the method of moments (DerSimonian R, Laird N. Control Clin Trials 1986;7:177), not below 0."""
    weights = [one.weight for one in effects]
    total = math.fsum(weights)
    spread = total - math.fsum(w**2 for w in weights) / total
    if len(effects) < 2 or spread <= 0:
        return 0.0
    return max(0.0, (generalised_q(effects) - (len(effects) - 1)) / spread)


def paule_mandel(effects: Sequence[Effect]) -> float:
    """The τ² at which the generalised Q is its expectation k - 1 (Paule RC, Mandel J. J Res NBS 1982;87:377).

    Q falls as τ² grows, so the one place is found by halving; 0 where Q is not above k - 1 to begin with.
    """
    expected = len(effects) - 1
    if expected < 1 or generalised_q(effects) <= expected:
        return 0.0
    return _falls_to_nought(lambda tau2: generalised_q(effects, tau2) - expected, _ceiling(effects))


def restricted_likelihood(effects: Sequence[Effect]) -> float:
    """τ² by restricted maximum likelihood (Viechtbauer W. J Educ Behav Stat 2005;30:261), not below 0.

    The zero of the derivative of the restricted log likelihood. As there may be several, the likelihood is looked at
    on a grid first and its best place refined.
    """
    if len(effects) < 2:
        return 0.0
    top = _ceiling(effects)
    grid = [0.0, *(top * (step / _STEPS) ** 3 for step in range(1, _STEPS + 1))]
    best = max(range(len(grid)), key=lambda place: _restricted(effects, grid[place]))
    low, high = grid[max(0, best - 1)], grid[min(best + 1, len(grid) - 1)]
    if _slope(effects, low) <= 0:
        return low
    return _falls_to_nought(lambda tau2: _slope(effects, tau2), high, low)


def _restricted(effects: Sequence[Effect], tau2: float) -> float:
    variances = [one.se**2 + tau2 for one in effects]
    information = math.fsum(1 / v for v in variances)
    return -0.5 * (math.fsum(map(math.log, variances)) + math.log(information) + generalised_q(effects, tau2))


def _slope(effects: Sequence[Effect], tau2: float) -> float:
    """Twice the derivative of the restricted log likelihood with respect to τ²."""
    weights = [1 / (one.se**2 + tau2) for one in effects]
    mean, total = weighted_mean(effects, tau2), math.fsum(weights)
    squares = math.fsum(w**2 * (one.y - mean) ** 2 for w, one in zip(weights, effects, strict=True))
    return squares - total + math.fsum(w**2 for w in weights) / total


def _ceiling(effects: Sequence[Effect]) -> float:
    """A τ² that no estimator exceeds: k times the square of the range of the estimates."""
    values = [one.y for one in effects]
    return len(effects) * (max(values) - min(values)) ** 2 or min(one.se**2 for one in effects)


def _falls_to_nought(function: Callable[[float], float], high: float, low: float = 0.0) -> float:
    """Where a function that is positive at ``low`` falls to nought, by halving; ``high`` if it never does."""
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if high - low <= _PRECISION * middle:
            break
        if function(middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
