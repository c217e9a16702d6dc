"""Joins results of one document that state the same fact: in two places, or in two languages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from extractors.findings import ArmResult, Context, Contrast, Evidence, Interval, Number, PValue, Statement

Result = TypeVar("Result", Contrast, ArmResult, Statement)


def merged(results: Iterable[Result]) -> tuple[Result, ...]:
    """The results in order, each fact once, with the evidence of all its places and the fullest details."""
    kept: list[Result] = []
    for result in results:
        for place, other in enumerate(kept):
            if same_fact(other, result):
                kept[place] = joined(other, result)
                break
        else:
            kept.append(result)
    return tuple(kept)


def same_fact(first: Contrast | ArmResult | Statement, second: Contrast | ArmResult | Statement) -> bool:
    """Whether two results of one language say the same; a detail that only one of them gives does not part them."""
    if isinstance(first, Contrast) and isinstance(second, Contrast):
        alike = first.measure == second.measure and first.arms == second.arms
        return alike and _same_numbers(first, second) and same_p(first.p, second.p)
    if isinstance(first, ArmResult) and isinstance(second, ArmResult):
        return first.measure == second.measure and first.arm == second.arm and _same_numbers(first, second)
    if isinstance(first, Statement) and isinstance(second, Statement):
        alike = first.arms == second.arms and first.direction == second.direction
        return alike and _same_place(first, second) and same_p(first.p, second.p)
    return False


def _same_numbers(first: Contrast | ArmResult, second: Contrast | ArmResult) -> bool:
    value = first.value.value == second.value.value
    return value and _same_place(first, second) and same_interval(first.interval, second.interval)


def _same_place(first: Contrast | ArmResult | Statement, second: Contrast | ArmResult | Statement) -> bool:
    return first.endpoint == second.endpoint and _texts(first.context) == _texts(second.context)


def _texts(context: Context) -> list[str]:
    return [name.text.casefold() for name in (*context.subgroup, *context.time_point)]


def same_interval(first: Interval | None, second: Interval | None) -> bool:
    """Whether two intervals agree, bound by bound; a missing interval or level agrees with any."""
    if first is None or second is None:
        return True
    levels = first.level is None or second.level is None or first.level.value == second.level.value
    return levels and _same(first.low, second.low) and _same(first.high, second.high)


def same_p(first: PValue | None, second: PValue | None) -> bool:
    """Whether two p-values agree; a missing one agrees with any."""
    if first is None or second is None:
        return True
    return first.operator == second.operator and first.value.value == second.value.value


def _same(first: Number | None, second: Number | None) -> bool:
    return (first.value if first else None) == (second.value if second else None)


def joined(first: Result, second: Result) -> Result:
    """The first result with the second's evidence, and the second's details where the first has none."""
    details: dict[str, Any] = {"evidence": together(first.evidence, second.evidence)}
    for detail in ("interval", "p", "events", "n", "dispersion", "unit", "significant"):
        if getattr(first, detail, None) is None and getattr(second, detail, None) is not None:
            details[detail] = getattr(second, detail)
    return replace(first, **details)


def together(first: tuple[Evidence, ...], second: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """All evidence of both, each place once."""
    return (*first, *(item for item in second if item not in first))
