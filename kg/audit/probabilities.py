"""p-values: what the estimate and its interval imply, at the stated level and sides, against what is printed.

The standard error is the interval's width over twice the quantile of its level, and the p-value follows from the
estimate over it (Altman DG, Bland JM. BMJ 2011;343:d2304).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import cache
from statistics import NormalDist
from typing import Final

from scipy.special import stdtr, stdtrit

from extractors.findings import Contrast, Interval, Number, PValue
from extractors.normal import normalise
from extractors.patterns import words
from kg.audit.checks import Check, Outcome, check, word
from kg.audit.estimates import DIFFERENCES, RATIOS, bounds
from kg.audit.inputs import inputs_of, p_text
from kg.audit.ranges import Range, rounded, spread
from ontology import LANGUAGES, by_name

_NORMAL: Final = NormalDist()
# Log-rank, likelihood and Wald tests of one comparison differ; so far apart their statistics may lie (a share, and at
# least so much).
_SHARE: Final = 0.15
_LEAST: Final = 0.3
# Where the p-value and the interval fall on different sides of significance, less room is left.
_CROSSING: Final = 0.12
# Differences of means are tested by t: fewer degrees of freedom than these are hardly met where nothing is said.
_FEWEST: Final = 8.0
# Differences of more standard errors than these come with p-values below 0.001.
_FARTHEST: Final = 6.0
# What may stand between a word of significance and the estimate that it is of: no other clause, no other number.
# In brackets only the name of the measure stands before the estimate; more words say whom it is of.
_NEAR_BY: Final = re.compile(r"[^\d;:,.(\[]{0,80}(?:[(\[]\s*(?:[^\s\d;:.)\]]+\s*){0,3})?")


def statistic(measure: str, value: Number, interval: Interval) -> Range | None:
    """The test statistic, in standard errors from no effect, that the estimate and its interval imply.

    ``None`` where it cannot be had: no level, a missing bound, a ratio that is not positive, an empty interval.
    """
    ends = bounds(interval)
    if ends is None or interval.level is None or measure not in RATIOS | DIFFERENCES:
        return None
    quantile = level_quantile(float(interval.level.value))
    low, high, point = (rounded(number) for number in (*ends, value))
    if quantile is None or high.low <= low.high:
        return None
    if measure in RATIOS:
        if min(low.low, point.low) <= 0:
            return None
        low, high, point = (spread(math.log, one) for one in (low, high, point))
    # Exact and profile intervals are skewed: either half of them may tell the standard error.
    halves = [high.high - low.low, 2 * (high.high - point.low), 2 * (point.high - low.low)]
    least_halves = [high.low - low.high, 2 * (high.low - point.high), 2 * (point.low - low.high)]
    errors = Range(max(min(least_halves), 0.0) / (2 * quantile), max(halves) / (2 * quantile))
    if errors.low <= 0:
        return None
    least = 0.0 if point.low <= 0 <= point.high else min(abs(point.low), abs(point.high))
    return Range(least / errors.high, max(abs(point.low), abs(point.high)) / errors.low)


def level_quantile(level: float) -> float | None:
    """Half the width of an interval of this level in percent, in standard errors; ``None`` for no such level."""
    return _NORMAL.inv_cdf(0.5 + level / 200) if 50 <= level < 100 else None


def p_from_interval(
    measure: str, value: Number, interval: Interval | None, p: PValue | None, sides: int | None
) -> Outcome:
    """Whether the printed p-value follows from the estimate and its interval.

    ``sides`` is 1 or 2, or ``None`` where it is not known: then either may hold.
    """
    if interval is None or p is None:
        return Outcome("cannot tell")
    z = statistic(measure, value, interval)
    if z is None or not 0 <= p.value.value <= 1:
        return Outcome("cannot tell")
    wide = _heavier_tails(z, interval) if measure in DIFFERENCES else z
    allowed = Range(max(0.0, wide.low - max(_LEAST, _SHARE * wide.low)), wide.high + max(_LEAST, _SHARE * wide.high))
    possible = (1, 2) if sides is None else (sides,)
    computed = Range(_tail(z.high, possible[-1]), _tail(z.low, possible[-1]))
    if not any(_overlap(p, allowed, one) for one in possible):
        # The mean of an arm, read as a difference, is many errors from nought: nothing follows from that.
        level = measure in DIFFERENCES and z.low > _FARTHEST and printed_range(p).high > _tail(_FARTHEST / 2, 1)
        return Outcome("cannot tell" if level else "inconsistent", computed)
    apart = not any(_overlap(p, wide.widened(_CROSSING), one) for one in possible)
    if apart and crosses(measure, interval, p, possible):
        return Outcome("inconsistent", computed, "p-value-from-interval-crossing")
    return Outcome("consistent", computed)


def crosses(measure: str, interval: Interval, p: PValue, possible: tuple[int, ...]) -> bool:
    """Whether the interval and the p-value lie on different sides of the significance that the level stands for."""
    ends = bounds(interval)
    quantile = None if interval.level is None else level_quantile(float(interval.level.value))
    if ends is None or quantile is None:
        return False
    excludes = excluding(measure, ends)
    printed = printed_range(p)
    limits = [_tail(quantile, one) for one in possible]
    if excludes is None:
        return False
    return all(printed.low > limit if excludes else printed.high < limit for limit in limits)


def excluding(measure: str, ends: tuple[Number, Number]) -> bool | None:
    """Whether an interval of the measure excludes no effect; ``None`` where it touches it."""
    null = 1.0 if measure in RATIOS else 0.0
    low, high = (rounded(end) for end in ends)
    if low.low > null or high.high < null:
        return True
    return False if low.high < null < high.low else None


def printed_range(p: PValue) -> Range:
    """The p-values that a printed one stands for: 0.13 for 0.125 to 0.135, "< 0.05" for 0 to 0.05."""
    value = float(p.value.value)
    if p.operator in ("<", "≤"):
        return Range(0.0, value)
    if p.operator in (">", "≥"):
        return Range(value, 1.0)
    near = rounded(p.value, 1)
    return Range(max(near.low, 0.0), min(near.high, 1.0))


def _overlap(p: PValue, z: Range, sides: int) -> bool:
    return printed_range(p).overlaps(Range(_tail(z.high, sides), _tail(max(z.low, 0.0), sides)))


def _tail(z: float, sides: int) -> float:
    return min(1.0, sides * _NORMAL.cdf(-z))


def _heavier_tails(z: Range, interval: Interval) -> Range:
    """The statistic of the normal distribution, together with those that give the p-values of t with few cases."""
    half = 0.5 + float(interval.level.value) / 200 if interval.level else 0.975
    quantile = _NORMAL.inv_cdf(half)
    ratio = float(stdtrit(_FEWEST, half)) / quantile
    tails = [max(float(stdtr(_FEWEST, -one * ratio)), 1e-300) for one in (z.low, z.high)]
    few = [-_NORMAL.inv_cdf(tail) for tail in tails]
    return Range(min(z.low, *few), max(z.high, *few))


def denied_significance(p: PValue | None, excludes: bool | None) -> Outcome:
    """Whether a result that is called not significant is so by its p-value and interval, at the usual 5 %.

    ``excludes`` says whether the interval excludes no effect.
    """
    if p is None and excludes is None:
        return Outcome("cannot tell")
    small = None if p is None else printed_range(p).high < 0.05
    said = [one for one in (small, excludes) if one is not None]
    if all(said):
        return Outcome("inconsistent")
    return Outcome("cannot tell" if any(said) else "consistent")


def claimed_significance(p: PValue | None, excludes: bool | None) -> Outcome:
    """Whether a result that is called significant is so by its p-value or interval, at the usual 5 %.

    Only where a p-value is printed and neither it nor the interval is significant do the words not fit.
    """
    if p is None:
        return Outcome("consistent" if excludes else "cannot tell")
    printed = printed_range(p)
    if printed.low > 0.05 and excludes is not True:
        return Outcome("inconsistent", message="significance-claimed")
    return Outcome("consistent" if printed.high <= 0.05 or excludes else "cannot tell")


def said_of(contrast: Contrast) -> str | None:
    """What the estimate is called just before it: "not-significant", "significant", or neither."""
    texts = [piece for piece in contrast.evidence if piece.supports == "text"]
    values = [piece for piece in contrast.evidence if piece.supports == "value"]
    if len(texts) != 1 or len(values) != 1 or contrast.measure not in RATIOS:
        return None
    before = normalise(texts[0].quote)[: max(0, values[0].start - texts[0].start)]
    if _just_before(_denied(), before):
        return "not-significant"
    return "significant" if _just_before(_claimed(), before) and not _negated().search(before) else None


def _just_before(words_: re.Pattern[str], before: str) -> bool:
    found = list(words_.finditer(before))
    return bool(found) and _NEAR_BY.fullmatch(before[found[-1].end() :]) is not None


@cache
def _denied() -> re.Pattern[str]:
    return re.compile(words("checks", "denied"), re.IGNORECASE)


@cache
def _claimed() -> re.Pattern[str]:
    return re.compile(words("checks", "called-significant"), re.IGNORECASE)


@cache
def _negated() -> re.Pattern[str]:
    return re.compile(words("cues", "negation", "no-difference", "tendency"), re.IGNORECASE)


def contrast_checks(contrast: Contrast, one_sided: bool, margin: bool) -> Iterator[Check]:
    """The p-value and the words of significance against the estimate and its interval.

    ``one_sided`` says that the report speaks of one-sided tests: a p-value without sides may then be either.
    ``margin`` says that the trial tests against a margin: a p-value may then be of that test, and no failure tells.
    """
    p = contrast.p
    if p is not None and not _of_interaction(contrast):
        sides = p.sides or (None if one_sided else 2)
        outcome = p_from_interval(contrast.measure, contrast.value, contrast.interval, p, sides)
        if (margin or _against_margin(contrast)) and outcome.verdict == "inconsistent":
            outcome = Outcome("cannot tell", outcome.computed)
        yield check(
            "p-value-from-interval",
            outcome,
            inputs_of(contrast, "value", "interval", "p"),
            p=p_text(p).removeprefix("= "),
            sides=word("one-sided" if sides == 1 else "two-sided"),
        )
    said = said_of(contrast)
    if said is not None:
        ends = bounds(contrast.interval)
        excludes = None if ends is None else excluding(contrast.measure, ends)
        outcome = (denied_significance if said == "not-significant" else claimed_significance)(p, excludes)
        if outcome.verdict == "inconsistent" and said == "significant" and (one_sided or _of_interaction(contrast)):
            outcome = Outcome("cannot tell")
        yield check("significance-in-words", outcome, inputs_of(contrast, "value", "interval", "p"), said=word(said))


def _of_interaction(contrast: Contrast) -> bool:
    return any(_interaction().search(piece.quote) for piece in contrast.evidence if piece.supports == "text")


def _against_margin(contrast: Contrast) -> bool:
    return any(_margin().search(piece.quote) for piece in contrast.evidence if piece.supports == "text")


@cache
def _margin() -> re.Pattern[str]:
    return re.compile(words("designs", "non-inferiority", "equivalence"), re.IGNORECASE)


@cache
def _interaction() -> re.Pattern[str]:
    return re.compile(words("cues", "interaction"), re.IGNORECASE)


def speaks_of_one_side(folded: str) -> bool:
    """Whether the report, its text normalised and without capitals, speaks of one-sided tests anywhere."""
    return any(form in folded for form in _one_sided())


@cache
def _one_sided() -> frozenset[str]:
    concept = by_name("cues", "one-sided")
    return frozenset(
        form.casefold()
        for language in LANGUAGES
        for form in (concept.preferred[language], *concept.alternatives.get(language, ()))
    )
