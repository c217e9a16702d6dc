"""Plans of sample size: the assumed ratio against the assumed medians, and the number against what it must reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from extractors.findings import Number
from extractors.printed.passages import Passage
from extractors.printed.plans import Plan, plans
from kg.audit.checks import Check, Input, check
from kg.audit.ranges import rounded
from kg.audit.sample_size import Errors, events_required, people_for_survival, planned, ratio_of_medians

_MONTHS = {"days": 12 / 365.25, "weeks": 12 * 7 / 365.25, "months": 1.0, "years": 12.0}


def plan_checks(passages: Iterable[Passage]) -> Iterator[Check]:
    """The checks that the report's plan of its sample size allows."""
    for plan in plans(passages):
        yield from _ratio(plan)
        yield from _number(plan)


def _ratio(plan: Plan) -> Iterator[Check]:
    if plan.medians is not None and plan.ratio is not None:
        outcome = ratio_of_medians(*plan.medians, plan.ratio)
        first, second = (median.text for median in plan.medians)
        read = (_input(plan, f"{first}, {second}"), _input(plan, plan.ratio.text))
        yield check("assumed-ratio", outcome, read, first=first, second=second, ratio=plan.ratio.text)


def _number(plan: Plan) -> Iterator[Check]:
    if plan.alpha is None or plan.power is None:
        return
    # Where the sides are not said, a one-sided test needs the fewest.
    errors = Errors(float(plan.alpha), float(plan.power), plan.sides or 1)
    ratio = None if plan.ratio is None else rounded(plan.ratio).middle
    if plan.events is not None and ratio is not None and ratio not in (0, 1):
        yield _check(plan, plan.events, events_required(ratio, errors), "events-required")
    if plan.people is not None and plan.medians and plan.unit and plan.accrual and plan.follow_up:
        first, second = (float(median.value) * _MONTHS[plan.unit] for median in plan.medians)
        if min(first, second) > 0 and first != second:
            accrual, follow_up = (float(n.value) * _MONTHS[unit] for n, unit in (plan.accrual, plan.follow_up))
            required = people_for_survival((first, second), errors, accrual, follow_up)
            yield _check(plan, plan.people, required, "people-required")


def _check(plan: Plan, number: Number, required: float, kind: str) -> Check:
    return check(kind, planned(required, number), (_input(plan, number.text),), number=number.text)


def _input(plan: Plan, text: str) -> Input:
    """The sentence of the plan that prints the text, or the whole passage."""
    holding = tuple(e for e in plan.evidence if all(part in e.quote for part in text.split(", ")))
    return Input("text", text, holding or plan.evidence)
