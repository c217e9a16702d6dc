"""Made cases for each check of sums, tables, plans and scales: random true data, or with an error planted.

``SUMS`` has a function for each kind of check. It is given a source of chance and whether to plant an error of a
size that matters to a reader, and returns the check's verdict.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from random import Random
from statistics import NormalDist

from extractors.findings import Arm, BaselineValue, Name, Number
from kg.audit.baseline import baseline_checks
from kg.audit.flow import adds_up
from kg.audit.sample_size import (
    Errors,
    events_required,
    people_for_means,
    people_for_proportions,
    people_for_survival,
    planned,
    planned_each,
    ratio_of_medians,
)
from kg.audit.scales import deviation_of_bounded, mean_of_whole_numbers
from kg.audit.subgroups import of_whole
from kg.audit.sums import part_of, parts_of

Case = Callable[[Random, bool], str]
_NORMAL = NormalDist()


def printed(value: float, places: int = 2) -> Number:
    """The value as a report prints it."""
    text = f"{value:.{places}f}"
    return Number(Decimal(text), text)


def count(value: float) -> Number:
    """A whole number."""
    return printed(round(value), 0)


def _slip(chance: Random) -> int:
    return chance.choice([-10, -9, -1, 1, 9, 10])


def sum_of_arms(chance: Random, planted: bool) -> str:
    """Arms and all people; planted, one digit of the sum is wrong."""
    sizes = [chance.randint(20, 900) for _ in range(chance.randint(2, 4))]
    return parts_of([count(size) for size in sizes], count(sum(sizes) + planted * _slip(chance))).verdict


def flow_adds_up(chance: Random, planted: bool) -> str:
    """People who left and who completed; planted, more than began."""
    began = chance.randint(100, 2000)
    left = chance.randint(0, began // 4)
    parts = [Decimal(left), Decimal(began - left + planted * chance.randint(1, began // 12))]
    return adds_up(parts, Decimal(began), others=True).verdict


def events_among_people(chance: Random, planted: bool) -> str:
    """Events among people; planted, more events than people."""
    n = chance.randint(5, 500)
    return part_of(count(n + chance.randint(1, 50) if planted else chance.randint(0, n)), count(n)).verdict


def subgroups_to_total(chance: Random, planted: bool) -> str:
    """Subgroups and the whole arm; planted, one digit of the events is wrong."""
    people = [chance.randint(10, 400) for _ in range(chance.randint(2, 4))]
    events = [chance.randint(0, size) for size in people]
    whole = max(0, sum(events) + planted * _slip(chance))
    if planted and whole == sum(events):
        whole += 1
    return of_whole(list(map(count, events)), list(map(count, people)), count(whole), count(sum(people))).verdict


def _baseline(chance: Random, planted: str | None) -> set[str]:
    """The kinds of check that fail in a made table of two arms and their total; ``planted`` says what is wrong."""
    sizes = [chance.randint(40, 400), chance.randint(40, 400)]
    rows = []
    for _ in range(chance.randint(3, 6)):
        cuts = chance.randint(1, 3)
        columns = []
        for size in sizes:
            at = sorted(chance.randint(0, size) for _ in range(cuts))
            columns.append([high - low for low, high in pairwise([0, *at, size])])
        rows.append([*columns, [sum(pair) for pair in zip(*columns, strict=True)]])
    wrong = chance.randrange(len(rows)), (2 if planted == "total" else chance.randrange(2))
    values = []
    for row, columns in enumerate(rows):
        for column, counts in enumerate(columns):
            n = (*sizes, sum(sizes))[column]
            for level, true in enumerate(counts):
                hit = planted is not None and (row, column) == wrong and level == 0
                shown = true + (n // 10 + 1 if hit else 0)
                share = 100 * (shown if planted in ("levels", "total") else true) / n
                values.append(
                    BaselineValue(
                        key=f"{row}-{column}-{level}",
                        characteristic=Name(f"characteristic {row}", "en"),
                        level=Name(f"level {level}", "en"),
                        arm=f"arm-{column}" if column < 2 else None,
                        group=Name("Total", "en") if column == 2 else None,
                        measure="proportion",
                        value=printed(share, 1),
                        events=count(shown),
                        n=count(n),
                        dispersion=None,
                        interval=None,
                        unit="%",
                        evidence=(),
                    )
                )
    arms = [Arm(f"arm-{number}", "other", (Name(f"arm {number}", "en"),), None, ()) for number in range(2)]
    return {one.kind for one in baseline_checks(values, arms) if one.verdict == "inconsistent"}


def levels_to_column(chance: Random, planted: bool) -> str:
    """The levels of a table of two arms and their total; planted, one count is too great by a tenth of the people."""
    found = _baseline(chance, "levels" if planted else None)
    return "inconsistent" if found & {"levels-to-column", "percentage-of-count", "arms-to-total"} else "consistent"


def arms_to_total(chance: Random, planted: bool) -> str:
    """A table of two arms and their total; planted, one count of the total is too great by a tenth of the people."""
    return "inconsistent" if "arms-to-total" in _baseline(chance, "total" if planted else None) else "consistent"


def assumed_ratio(chance: Random, planted: bool) -> str:
    """Assumed medians and their ratio; planted, a seventh or a fifth away."""
    median, ratio = chance.uniform(4, 60), chance.uniform(0.5, 0.85)
    shown = ratio * chance.choice([0.8, 1.15]) if planted else ratio
    return ratio_of_medians(printed(median, 1), printed(median / ratio, 1), printed(shown)).verdict


def _errors(chance: Random) -> Errors:
    return Errors(chance.choice([0.05, 0.025, 0.01]), chance.choice([0.8, 0.85, 0.9]), chance.choice([1, 2]))


def _number(chance: Random, required: float, planted: bool) -> Number:
    """The planned number: with people to spare for drop-out, or planted, far too small."""
    return count(math.ceil(required * (chance.uniform(0.3, 0.8) if planted else chance.uniform(1, 1.3))))


def events_planned(chance: Random, planted_: bool) -> str:
    """Events that a plan requires; planted, at most four fifths of them."""
    required = events_required(chance.uniform(0.5, 0.8), _errors(chance))
    return planned(required, _number(chance, required, planted_)).verdict


def people_planned(chance: Random, planted_: bool) -> str:
    """People that a plan of survival requires; planted, at most four fifths of them."""
    median = chance.uniform(6, 40)
    better = median / chance.uniform(0.5, 0.8)
    required = people_for_survival((median, better), _errors(chance), chance.uniform(12, 48), chance.uniform(12, 36))
    return planned(required, _number(chance, required, planted_)).verdict


def people_of_proportions(chance: Random, planted_: bool) -> str:
    """People that two proportions require; planted, at most four fifths of them."""
    first = chance.uniform(5, 80)
    second = first + chance.choice([10, 15, -4, 12]) * chance.uniform(0.9, 1.1)
    errors = _errors(chance)
    a, b = first / 100, second / 100
    required = errors.quantiles**2 * (a * (1 - a) + b * (1 - b)) / (a - b) ** 2
    each = _number(chance, required, planted_)
    return planned_each(people_for_proportions(printed(first, 1), printed(second, 1), errors), each).verdict


def people_of_means(chance: Random, planted_: bool) -> str:
    """People that two means require; planted, at most four fifths of them."""
    deviation = chance.uniform(5, 30)
    difference = deviation * chance.uniform(0.2, 0.7)
    errors = _errors(chance)
    each = _number(chance, 2 * (errors.quantiles * deviation / difference) ** 2, planted_)
    return planned_each(people_for_means(printed(difference, 1), printed(deviation, 1), errors), each).verdict


def mean_of_counts(chance: Random, planted: bool) -> str:
    """The mean of whole numbers; planted, half way between two that are possible."""
    n = chance.randint(5, 25)
    total = sum(chance.randint(0, 12) for _ in range(n))
    mean = total / n + (0.5 / n if planted else 0)
    return mean_of_whole_numbers(printed(mean, 2), n).verdict


def deviation_of_scale(chance: Random, planted: bool) -> str:
    """The deviation of a bounded scale; planted, its decimal point is lost."""
    low, high = chance.choice([(0, 10), (0, 100), (1, 5), (1, 7)])
    values = [chance.uniform(low, high) for _ in range(chance.randint(5, 80))]
    mean = sum(values) / len(values)
    deviation = math.sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))
    # The decimal point is lost, or the deviation is of another scale.
    shown = deviation * chance.choice([10, 5, 100]) if planted else deviation
    return deviation_of_bounded(printed(mean), printed(shown), low, high, len(values)).verdict


SUMS: dict[str, Case] = {
    "arms-to-randomised": sum_of_arms,
    "arms-to-total": arms_to_total,
    "assumed-ratio": assumed_ratio,
    "deviation-of-bounded": deviation_of_scale,
    "events-among-people": events_among_people,
    "events-required": events_planned,
    "flow-adds-up": flow_adds_up,
    "levels-to-column": levels_to_column,
    "mean-of-whole-numbers": mean_of_counts,
    "people-for-means": people_of_means,
    "people-for-proportions": people_of_proportions,
    "people-required": people_planned,
    "subgroups-to-total": subgroups_to_total,
}
