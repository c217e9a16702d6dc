"""Means of counted things and of bounded scales: what so few people can give.

What is counted is told by its unit or by its name ("number of attacks"); the ends of a scale by its name ("pain score
(0-10)").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from extractors.findings import ArmResult, BaselineValue, Facts, Number
from extractors.normal import normalise
from extractors.patterns import words
from kg.audit.checks import Check, Input, Outcome, check
from kg.audit.inputs import inputs_of, supporting
from kg.audit.scales import deviation_of_bounded, mean_of_whole_numbers

# So many of the people of a column, as a share, the values of a row are of at least.
_KNOWN: Final = 0.9
# Units of what is counted one by one.
_COUNTED: Final = frozenset({"doses", "episodes", "events"})
# The ends of a scale, in brackets behind its name: "(0-10)", "(range 0 to 100)", "[score 1-5]".
_ENDS: Final = re.compile(
    r"[(\[](?:[a-z ]{1,20}[:,]?\s*)?(?P<low>\d{1,2})\s*(?:-|to|~)\s*(?P<high>\d{1,3})(?:\s*[a-z]{1,10})?[)\]]",
    re.IGNORECASE,
)


def mean_checks(facts: Facts) -> Iterator[Check]:
    """The means of endpoints in arms and of tables of people at baseline.

    Changes and differences are left out, as they have other ends.
    """
    endpoints = {endpoint.key: endpoint for endpoint in facts.endpoints}
    results = [one for one in facts.arm_results if one.measure == "mean"]
    values = [one for one in facts.baseline if one.measure == "mean"]
    for result in results:
        names = [name.text for name in endpoints[result.endpoint].names]
        yield from _checks(result, names, inputs_of(result, "value"))
    for value in values:
        read = Input("value", value.value.text, supporting(value.evidence, "value"), ("baseline", value.key))
        names = [value.characteristic.text, *([] if value.level is None else [value.level.text])]
        yield from _checks(value, names, (read,))


def _checks(value: ArmResult | BaselineValue, names: Sequence[str], read: tuple[Input, ...]) -> Iterator[Check]:
    n = None if value.n is None else int(value.n.value)
    if n is not None and (value.unit in _COUNTED or (value.unit is None and _counted(names))):
        outcome = mean_of_whole_numbers(value.value, n)
        if outcome.verdict == "inconsistent" and any(_held(value.value, fewer) for fewer in range(int(_KNOWN * n), n)):
            # Some people may be missing from the row.
            outcome = Outcome("cannot tell", outcome.computed)
        yield check("mean-of-whole-numbers", outcome, read, value=value.value.text, n=str(n))
    spread = value.dispersion
    ends = _ends(value, names)
    if ends is not None and spread is not None and spread.kind == "SD" and spread.value is not None:
        outcome = deviation_of_bounded(value.value, spread.value, *ends, n)
        words_ = {"value": value.value.text, "deviation": spread.value.text}
        printed = (*read, replace(read[0], part="interval", text=spread.value.text))
        yield check("deviation-of-bounded", outcome, printed, **words_)


def _held(mean: Number, n: int) -> bool:
    return mean_of_whole_numbers(mean, n).verdict == "consistent"


def _ends(value: ArmResult | BaselineValue, names: Sequence[str]) -> tuple[float, float] | None:
    """The ends of the scale that the names give, if they give one.

    Percentages have none: many are changes or indices, which may be negative or above 100.
    """
    found = {match.group("low", "high") for name in names for match in _ENDS.finditer(normalise(name))}
    if len(found) != 1 or any(_change().search(name) for name in names):
        return None
    low, high = map(float, next(iter(found)))
    # A mean outside is of another form of the scale: summed, or turned into percent.
    return (low, high) if low < high and low <= float(value.value.value) <= high else None


def _counted(names: Sequence[str]) -> bool:
    """Whether all names are of something that is counted one by one."""
    return bool(names) and all(_number_of().match(name) and not _change().search(name) for name in names)


@cache
def _number_of() -> re.Pattern[str]:
    return re.compile(rf"\s*{words('checks', 'counted')}", re.IGNORECASE)


@cache
def _change() -> re.Pattern[str]:
    return re.compile(
        words("cues", "change", "difference", "rise", "fall", "improvement") + r"|%|/|\bper\b", re.IGNORECASE
    )
