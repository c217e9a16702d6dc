"""One estimate from several trials, by the inverse variance method, with what goes with it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from scipy.special import ndtr, stdtr, stdtrit

from kg.synthesis.effects import Effect, normal_quantile
from kg.synthesis.heterogeneity import (
    Heterogeneity,
    dersimonian_laird,
    heterogeneity,
    paule_mandel,
    restricted_likelihood,
    weighted_mean,
)

Model = Literal["fixed", "dl", "reml", "pm"]
MODELS: Final[tuple[Model, ...]] = get_args(Model)
_TAU2: Final[dict[Model, Callable[[Sequence[Effect]], float]]] = {
    "fixed": lambda _: 0.0,
    "dl": dersimonian_laird,
    "reml": restricted_likelihood,
    "pm": paule_mandel,
}


class NothingToPool(ValueError):
    """No trial at all."""


@dataclass(frozen=True, slots=True)
class Method:
    """How trials are combined: the model, Hartung and Knapp's interval or the normal one, its level in percent."""

    model: Model
    hartung_knapp: bool = False
    level: float = 95.0


@dataclass(frozen=True, slots=True)
class Pooled:
    """A combined estimate on the scale of combination.

    ``weights`` are shares of 1, in the order of the trials. ``statistic`` is z, or t with ``df`` degrees of freedom.
    ``prediction`` is the interval in which the true effect of a further trial like these is expected.
    """

    y: float
    se: float
    low: float
    high: float
    p: float
    statistic: float
    df: int | None
    tau2: float
    weights: tuple[float, ...]
    heterogeneity: Heterogeneity
    prediction: tuple[float, float] | None


def pool(effects: Sequence[Effect], method: Method) -> Pooled:
    """The combined estimate (Cochrane Handbook 6.5, section 10.3 and 10.10.4); raises NothingToPool.

    One trial is its own combined estimate, whatever the method. Hartung and Knapp's interval needs two trials and a
    random-effects model; where it cannot be made the normal one stands, and ``df`` is ``None``.
    """
    if not effects:
        raise NothingToPool("there is no trial to combine")
    tau2 = _TAU2[method.model](effects)
    weights = [1 / (one.se**2 + tau2) for one in effects]
    total = math.fsum(weights)
    y, se, df = weighted_mean(effects, tau2), total**-0.5, None
    width = normal_quantile(method.level)
    if hartung_knapp_applies(len(effects), method):
        df = len(effects) - 1
        se *= math.sqrt(_scatter(effects, weights, y) / df)
        width = float(stdtrit(df, 0.5 + method.level / 200))
    # Trials that agree to the last digit leave no scatter to measure chance by.
    statistic = y / se if se > 0 else math.copysign(math.inf, y) if y else 0.0
    return Pooled(
        y=y,
        se=se,
        low=y - width * se,
        high=y + width * se,
        p=float(2 * (ndtr(-abs(statistic)) if df is None else stdtr(df, -abs(statistic)))),
        statistic=statistic,
        df=df,
        tau2=tau2,
        weights=tuple(weight / total for weight in weights),
        heterogeneity=heterogeneity(effects),
        prediction=None if method.model == "fixed" else _prediction(len(effects), y, total, tau2, method.level),
    )


def hartung_knapp_applies(trials: int, method: Method) -> bool:
    """Whether Hartung and Knapp's interval can be made: two trials at least, and a random-effects model."""
    return method.hartung_knapp and method.model != "fixed" and trials > 1


def _scatter(effects: Sequence[Effect], weights: Sequence[float], mean: float) -> float:
    """The weighted sum of squares (Hartung J, Knapp G. Stat Med 2001;20:3875), which is not bounded below."""
    return math.fsum(w * (one.y - mean) ** 2 for w, one in zip(weights, effects, strict=True))


def _prediction(trials: int, y: float, total: float, tau2: float, level: float) -> tuple[float, float] | None:
    """The interval of t with k - 2 degrees of freedom (Higgins, Thompson, Spiegelhalter. J R Stat Soc A 2009;172:137).

    ``None`` for fewer than three trials.
    """
    if trials < 3:
        return None
    half = float(stdtrit(trials - 2, 0.5 + level / 200)) * math.sqrt(tau2 + 1 / total)
    return y - half, y + half
