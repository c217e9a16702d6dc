"""Plans of sample size: the assumptions against each other, and the planned numbers against what they must reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from extractors.findings import Number
from extractors.printed.passages import Passage
from extractors.printed.plans import Plan, plans
from kg.audit.checks import Check, Input, check
from kg.audit.ranges import rounded
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

# Other percentages stand beside the words for power and error too: no plan accepts such chances.
_LEAST_POWER, _MOST_ALPHA = Decimal("0.5"), Decimal("0.2")
_MONTHS = {"days": 12 / 365.25, "weeks": 12 * 7 / 365.25, "months": 1.0, "years": 12.0}


def plan_checks(passages: Iterable[Passage], arms: int, special: bool) -> Iterator[Check]:
    """The checks that the report's plan of its sample size allows.

    ``arms`` is the number of arms; ``special`` says that the design is not that of two groups side by side.
    """
    for plan in plans(passages):
        yield from _ratio(plan)
        yield from _number(plan)
        if not special and plan.groups.two_groups:
            yield from _groups(plan, arms)


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


def _groups(plan: Plan, arms: int) -> Iterator[Check]:
    """The people of two groups, for two proportions or two means; where only a total is given, of two arms alone."""
    if plan.alpha is None or plan.power is None or not (_LEAST_POWER <= plan.power < 1 and plan.alpha <= _MOST_ALPHA):
        return
    errors = Errors(float(plan.alpha), float(plan.power), plan.sides or 1)
    each = plan.groups.each
    if each is None and plan.people is not None and arms == 2:
        half = plan.people.value / 2
        each = Number(half, f"{plan.people.text} / 2")
    if each is None or (plan.groups.proportions is not None and plan.groups.deviation is not None):
        return
    if plan.groups.proportions is not None:
        first, second = plan.groups.proportions
        required = people_for_proportions(first, second, errors)
        yield check(
            "people-for-proportions",
            planned_each(required, each),
            (_input(plan, f"{first.text}, {second.text}"), _input(plan, each.text)),
            first=first.text,
            second=second.text,
            number=each.text,
        )
    elif plan.groups.difference is not None and plan.groups.deviation is not None:
        difference, deviation = plan.groups.difference, plan.groups.deviation
        required = people_for_means(difference, deviation, errors)
        yield check(
            "people-for-means",
            planned_each(required, each),
            (_input(plan, f"{difference.text}, {deviation.text}"), _input(plan, each.text)),
            difference=difference.text,
            deviation=deviation.text,
            number=each.text,
        )


def _check(plan: Plan, number: Number, required: float, kind: str) -> Check:
    return check(kind, planned(required, number), (_input(plan, number.text),), number=number.text)


def _input(plan: Plan, text: str) -> Input:
    """The sentence of the plan that prints the text, or the whole passage."""
    parts = text.removesuffix(" / 2").split(", ")
    holding = tuple(e for e in plan.evidence if all(part in e.quote for part in parts))
    return Input("text", text, holding or plan.evidence)
