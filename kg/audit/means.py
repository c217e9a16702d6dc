"""Means of counted things: what so few people can give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from extractors.findings import ArmResult
from kg.audit.checks import Check, check
from kg.audit.inputs import inputs_of
from kg.audit.scales import deviation_of_bounded, mean_of_whole_numbers

# Units of what is counted one by one.
_COUNTED: Final = frozenset({"doses", "episodes", "events"})


def mean_checks(result: ArmResult) -> Iterator[Check]:
    """A mean of counts against its number of people, and the deviation of percentages against their scale."""
    n = None if result.n is None else int(result.n.value)
    if result.measure != "mean":
        return
    if n is not None and result.unit in _COUNTED:
        outcome = mean_of_whole_numbers(result.value, n)
        yield check("mean-of-whole-numbers", outcome, inputs_of(result, "value"), value=result.value.text, n=str(n))
    spread = result.dispersion
    share = result.unit == "%" and 0 <= result.value.value <= 100
    if share and spread is not None and spread.kind == "SD" and spread.value is not None:
        outcome = deviation_of_bounded(result.value, spread.value, 0, 100, n)
        yield check(
            "deviation-of-bounded",
            outcome,
            inputs_of(result, "value"),
            value=result.value.text,
            deviation=spread.value.text,
        )
