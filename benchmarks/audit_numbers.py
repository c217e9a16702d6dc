"""Made cases for each check of effects, p-values, proportions and directions: true data, or an error planted.

``NUMBERS`` has a function for each kind of check. It is given a source of chance and whether to plant an error of a
size that matters to a reader, and returns the check's verdict.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from random import Random
from statistics import NormalDist

from extractors.findings import Context, Contrast, Interval, Number, PValue
from kg.audit.conclusions import against_result
from kg.audit.differences import difference_of_means
from kg.audit.directions import against_medians, against_proportions, against_values
from kg.audit.effect_intervals import from_counts, from_deviations
from kg.audit.effects import p_fits
from kg.audit.estimates import inside, middle
from kg.audit.probabilities import claimed_significance, denied_significance, p_from_interval
from kg.audit.proportions import Share, clopper_pearson, from_table, interval_of, p_of_table, percent_of, wilson
from kg.audit.ranges import Range
from kg.audit.rates import rate_of
from kg.audit.repeats import repeated
from kg.audit.rereading import reread_one

Case = Callable[[Random, bool], str]
_NORMAL = NormalDist()


def printed(value: float, places: int = 2) -> Number:
    """The value as a report prints it."""
    text = f"{value:.{places}f}"
    return Number(Decimal(text), text)


def count(value: float) -> Number:
    """A whole number."""
    return printed(round(value), 0)


def _ratio(chance: Random) -> tuple[float, float, float]:
    """A true ratio on the log scale, its standard error, and the level of its interval in percent."""
    return chance.uniform(-1.2, 1.2), chance.uniform(0.05, 0.5), chance.choice([90.0, 95.0, 95.0, 99.0])


def _interval(log: float, error: float, level: float, places: int = 2, scale: float = 1) -> Interval:
    half = scale * _NORMAL.inv_cdf(0.5 + level / 200) * error
    return Interval(printed(math.exp(log - half), places), printed(math.exp(log + half), places), printed(level, 0))


def estimate_in_interval(chance: Random, planted: bool) -> str:
    """An estimate and its interval; planted, the estimate lies well outside."""
    log, error, level = _ratio(chance)
    half = _NORMAL.inv_cdf(0.5 + level / 200) * error
    shift = chance.choice([-1, 1]) * half * chance.uniform(1.4, 3) if planted else 0
    return inside(printed(math.exp(log + shift)), _interval(log, error, level)).verdict


def estimate_in_middle(chance: Random, planted: bool) -> str:
    """An estimate and its interval; planted, it lies inside and far from the middle."""
    log, error, level = _ratio(chance)
    half = _NORMAL.inv_cdf(0.5 + level / 200) * error
    shift = chance.choice([-1, 1]) * half * chance.uniform(0.6, 0.95) if planted else 0
    return middle("HR", printed(math.exp(log + shift), 3), _interval(log, error, level, 3)).verdict


def value_in_range(chance: Random, planted: bool) -> str:
    """A median and its quartiles; planted, it lies outside."""
    low = chance.uniform(0, 80)
    high = low + chance.uniform(3, 60)
    value = chance.choice([low - 2, high + 2]) if planted else chance.uniform(low, high)
    return inside(printed(value, 1), Interval(printed(low, 1), printed(high, 1), None)).verdict


def p_value_from_interval(chance: Random, planted: bool) -> str:
    """A p-value and its interval; planted, the p-value is well on the other side of significance."""
    log, error, level = _ratio(chance)
    sides = chance.choice([1, 2, 2])
    z = abs(log) / error
    p = sides * _NORMAL.cdf(-z)
    if planted:
        # On the other side of significance, well away from it.
        p = chance.uniform(0.15, 0.9) if p < 0.02 else chance.uniform(0.001, 0.01) if p > 0.1 else 0.6
    stated = PValue("<", printed(0.001, 3), sides) if p < 0.001 else PValue("=", printed(p, 3), sides)
    return p_from_interval("HR", printed(math.exp(log), 3), _interval(log, error, level, 3), stated, sides).verdict


def significance_in_words(chance: Random, planted: bool) -> str:
    """Words and a p-value; planted, the words say the contrary."""
    p = chance.uniform(0.0005, 0.999)
    while 0.035 < p < 0.065:
        p = chance.uniform(0.0005, 0.999)
    significant = p < 0.05
    stated = PValue("=", printed(p, 3))
    said = significant != planted
    return (claimed_significance if said else denied_significance)(stated, significant).verdict


def percentage_of_count(chance: Random, planted: bool) -> str:
    """A count with its percentage; planted, more than a percentage point away."""
    n = chance.randint(20, 2000)
    events = chance.randint(0, n)
    slip = chance.choice([-1, 1]) * chance.uniform(1.5 + 100 / n, 20) if planted else 0
    share = min(max(100 * events / n + slip, 0), 100)
    if planted and abs(share - 100 * events / n) < 1.1:
        share = 100 * events / n + (2 if share < 50 else -2)
    return percent_of(count(events), count(n), printed(share, chance.randint(0, 2))).verdict


def interval_of_proportion(chance: Random, planted: bool) -> str:
    """The interval of a proportion; planted, moved by nearly half its width or more."""
    n = chance.randint(20, 1000)
    events = chance.randint(1, n - 1)
    true = chance.choice([clopper_pearson, wilson])(events, n, 95.0)
    width = 100 * (true.high - true.low)
    shift = chance.choice([-1, 1]) * width * chance.uniform(0.4, 1) if planted else 0
    bounds = Interval(printed(100 * true.low + shift, 1), printed(100 * true.high + shift, 1), printed(95, 0))
    return interval_of(printed(100 * events / n, 1), n, bounds).verdict


def _table(chance: Random, least: int = 1) -> tuple[int, int, int, int]:
    n, m = chance.randint(40, 800), chance.randint(40, 800)
    return chance.randint(least, n - least), n, chance.randint(least, m - least), m


def _effect(measure: str, a: int, n: int, b: int, m: int) -> tuple[float, float]:
    """The effect of a table and its standard error, on the scale of its interval."""
    x, y = a / n, b / m
    return {
        "RR": (math.log(x / y), math.sqrt((1 - x) / a + (1 - y) / b)),
        "OR": (math.log(x * (1 - y) / y / (1 - x)), math.sqrt(1 / a + 1 / (n - a) + 1 / b + 1 / (m - b))),
        "RD": (100 * (x - y), 100 * math.sqrt(x * (1 - x) / n + y * (1 - y) / m)),
    }[measure]


def _shown(measure: str, value: float) -> Number:
    return printed(value if measure == "RD" else math.exp(value), 2 if measure == "RD" else 3)


def effect_from_table(chance: Random, planted: bool) -> str:
    """An effect of two proportions; planted, the whole interval lies elsewhere."""
    measure = chance.choice(["RR", "OR", "RD"])
    a, n, b, m = _table(chance, 10)
    value, error = _effect(measure, a, n, b, m)
    if planted:
        # Further from both ways round than any adjustment explains.
        value = max(value, -value) + error * chance.uniform(5, 8)
    bounds = Interval(_shown(measure, value - 1.96 * error), _shown(measure, value + 1.96 * error), printed(95, 0))
    shares = Share(Range(a, a), n), Share(Range(b, b), m)
    return from_table(measure, _shown(measure, value), bounds, *shares).verdict


def interval_from_table(chance: Random, planted: bool) -> str:
    """The interval of such an effect; planted, half or twice as wide."""
    measure = chance.choice(["RR", "OR", "RD"])
    a, n, b, m = _table(chance, 10)
    value, error = _effect(measure, a, n, b, m)
    half = 1.96 * error * (chance.choice([0.5, 2.0]) if planted else 1)
    bounds = Interval(_shown(measure, value - half), _shown(measure, value + half), printed(95, 0))
    shares = Share(Range(a, a), n), Share(Range(b, b), m)
    return from_counts(measure, _shown(measure, value), bounds, *shares).verdict


def p_value_from_table(chance: Random, planted: bool) -> str:
    """The p-value of two proportions; planted, on the other side of significance."""
    a, n, b, m = _table(chance, 5)
    both = (a + b) / (n + m)
    z = abs(a / n - b / m) / math.sqrt(both * (1 - both) * (1 / n + 1 / m))
    p = 2 * _NORMAL.cdf(-z)
    if planted:
        p = chance.uniform(0.3, 0.9) if p < 0.05 else p / 20 - 0.002 if p > 0.2 else 0.9
    computed = p_of_table(Share(Range(a, a), n), Share(Range(b, b), m))
    stated = PValue("<", printed(0.001, 3)) if p < 0.001 else PValue("=", printed(p, 3))
    return p_fits(stated, computed).verdict if computed is not None else "cannot tell"


def rate_from_events(chance: Random, planted: bool) -> str:
    """A rate with its events and time; planted, at least a fifth away."""
    events, time, per = chance.randint(5, 900), chance.uniform(200, 20000), chance.choice([100, 1000])
    rate = per * events / time
    places = max(1, 2 - math.floor(math.log10(rate)))
    slip = chance.choice([0.8, 0.5, 1.25, 2, 10]) if planted else 1
    return rate_of(
        count(events), printed(time, chance.randint(0, 1)), Decimal(per), printed(rate * slip, places)
    ).verdict


def difference_of_two_means(chance: Random, planted: bool) -> str:
    """A difference of means; planted, the whole interval lies elsewhere."""
    first, second, error = chance.uniform(-90, 90), chance.uniform(-90, 90), chance.uniform(0.1, 10)
    value = first - second
    if planted:
        value = abs(value) + error * chance.uniform(5, 10)
    bounds = Interval(printed(value - 1.96 * error, 1), printed(value + 1.96 * error, 1), printed(95, 0))
    return difference_of_means(printed(value, 1), bounds, printed(first, 1), printed(second, 1)).verdict


def interval_of_difference(chance: Random, planted: bool) -> str:
    """The interval of a difference of means; planted, two and a half times too wide or narrow."""
    n, m = chance.randint(15, 400), chance.randint(15, 400)
    one, other = chance.uniform(3, 20), chance.uniform(3, 20)
    first, second = chance.uniform(-90, 90), chance.uniform(-90, 90)
    # Standard errors printed as deviations make the interval far too narrow.
    half = 1.96 * math.sqrt(one**2 / n + other**2 / m) * (chance.choice([0.4, 2.5]) if planted else 1)
    value = first - second
    bounds = Interval(printed(value - half, 2), printed(value + half, 2), printed(95, 0))
    groups = (printed(first), printed(one), n), (printed(second), printed(other), m)
    return from_deviations(printed(value), bounds, groups).verdict


def ratio_against_medians(chance: Random, planted: bool) -> str:
    """A hazard ratio and medians; planted, turned round."""
    log = chance.choice([-1, 1]) * chance.uniform(0.16, 1.2)
    median = chance.uniform(3, 80)
    ratio = math.exp(-log if planted else log)
    return against_medians(printed(ratio), printed(median / math.exp(log), 1), printed(median, 1)).verdict


def ratio_against_proportions(chance: Random, planted: bool) -> str:
    """A hazard ratio and survival or mortality; planted, turned round."""
    log = chance.choice([-1, 1]) * chance.uniform(0.2, 1)
    left = chance.uniform(0.2, 0.85)
    first = left ** math.exp(log)
    alive = chance.random() < 0.5
    shown = (100 * first, 100 * left) if alive else (100 - 100 * first, 100 - 100 * left)
    ratio = math.exp(-log if planted else log)
    return against_proportions(printed(ratio), printed(shown[0], 1), printed(shown[1], 1), alive=alive).verdict


def words_against_values(chance: Random, planted: bool) -> str:
    """Words of comparison and two values; planted, the contrary."""
    first, second = chance.uniform(0, 60), chance.uniform(0, 60)
    if abs(first - second) < 0.2:
        second = first + 0.5
    higher = (first > second) != planted
    return against_values("first higher" if higher else "first lower", printed(first, 1), printed(second, 1)).verdict


def conclusion_against_result(chance: Random, planted: bool) -> str:
    """What a conclusion says of a result; planted, the contrary."""
    significant = chance.random() < 0.5
    return against_result(denied=significant if planted else not significant, significant=significant).verdict


def _context() -> Context:
    return Context(subgroup=(), time_point=(), analysis_set=None, planned=None, adjusted=None)


def _contrast(value: Number, interval: Interval, p: PValue | None = None) -> Contrast:
    return Contrast("key", "os", "HR", value, interval, p, None, None, _context(), None, ())


def same_estimate_twice(chance: Random, planted: bool) -> str:
    """An estimate printed twice; planted, with a digit changed in one bound."""
    log, error, level = _ratio(chance)
    first = _contrast(printed(math.exp(log)), _interval(log, error, level))
    low = first.interval.low if first.interval else None
    slip = Decimal(chance.choice(["0.01", "0.1", "-0.01"])) if planted else Decimal(0)
    other = Number(low.value + slip, str(low.value + slip)) if low else None
    again = Interval(other, first.interval.high if first.interval else None, printed(level, 0))
    outcome = repeated(first, _contrast(first.value, again))
    return "cannot tell" if outcome is None else outcome.verdict


def read_again(chance: Random, planted: bool) -> str:
    """An estimate with decimal commas, read as thousands; planted, one that no other reading explains."""
    log, error = chance.uniform(-1.2, -0.3), chance.uniform(0.05, 0.15)
    numbers = [math.exp(log), math.exp(log - 1.96 * error), math.exp(log + 1.96 * error)]
    if planted:
        shown = [printed(numbers[0] * 3, 3), printed(numbers[1], 3), printed(numbers[2], 3)]
    else:
        texts = [f"{number:.3f}" for number in numbers]
        shown = [Number(Decimal(text.replace("0.", "")), text.replace(".", ",")) for text in texts]
    contrast = _contrast(shown[0], Interval(shown[1], shown[2], printed(95, 0)))
    return "inconsistent" if reread_one(contrast) is None else "consistent"


NUMBERS: dict[str, Case] = {
    "conclusion-against-result": conclusion_against_result,
    "difference-of-means": difference_of_two_means,
    "effect-from-table": effect_from_table,
    "estimate-in-interval": estimate_in_interval,
    "estimate-in-middle": estimate_in_middle,
    "interval-from-table": interval_from_table,
    "interval-of-difference": interval_of_difference,
    "interval-of-proportion": interval_of_proportion,
    "p-value-from-interval": p_value_from_interval,
    "p-value-from-table": p_value_from_table,
    "percentage-of-count": percentage_of_count,
    "rate-from-events": rate_from_events,
    "ratio-against-medians": ratio_against_medians,
    "ratio-against-proportions": ratio_against_proportions,
    "read-again": read_again,
    "same-estimate-twice": same_estimate_twice,
    "same-value-twice": same_estimate_twice,
    "significance-in-words": significance_in_words,
    "value-in-range": value_in_range,
    "words-against-values": words_against_values,
}
