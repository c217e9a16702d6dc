"""Two arms' values of one thing: which results may be set against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final

from extractors.findings import ArmResult, Contrast, Evidence, Statement
from kg.audit.proportions import Share
from kg.audit.ranges import exact

# Links between a value, its arm and its endpoint that are less sure than this are not built upon.
LEAST: Final = Decimal("0.6")
# What stands so near, in characters, is of neighbouring sentences.
_NEAR: Final = 250


def same_setting(first: Contrast | ArmResult | Statement, second: Contrast | ArmResult | Statement) -> bool:
    """Whether two results are for one endpoint, one subgroup, one time and no two sets of people."""
    sets = {result.context.analysis_set for result in (first, second)} - {None}
    return first.endpoint == second.endpoint and len(sets) < 2 and _setting(first) == _setting(second)


def _setting(result: Contrast | ArmResult | Statement) -> tuple[object, ...]:
    context = result.context
    return (
        frozenset(name.text.casefold() for name in context.subgroup),
        frozenset(name.text.casefold() for name in context.time_point),
    )


def by_endpoint(results: Iterable[ArmResult]) -> dict[str, list[ArmResult]]:
    """The results under the key of their endpoint, in their order."""
    found: dict[str, list[ArmResult]] = {}
    for result in results:
        found.setdefault(result.endpoint, []).append(result)
    return found


def sure(*results: Contrast | ArmResult | Statement, least: Decimal = LEAST) -> bool:
    """Whether all of them are read surely enough to be set against each other."""
    return all(max((e.confidence for e in one.evidence), default=Decimal(0)) >= least for one in results)


def together(first: Iterable[Evidence], second: Iterable[Evidence]) -> bool:
    """Whether some evidence of both stands in one sentence."""
    whole = [e for e in first if e.supports == "text"]
    return any(e.section == o.section and e.start == o.start for e in whole for o in second if o.supports == "text")


def close_by(first: Iterable[Evidence], second: Iterable[Evidence]) -> bool:
    """Whether some evidence of both stands in neighbouring sentences of one section."""
    places = [(e.section, e.start) for e in first if e.supports == "value"]
    others = [(e.section, e.start) for e in second if e.supports == "value"]
    return any(a == b and abs(start - other) <= _NEAR for a, start in places for b, other in others)


def pair_of(
    one: Contrast | Statement,
    results: Iterable[ArmResult],
    measure: str,
    near: Callable[[Iterable[Evidence], Iterable[Evidence]], bool] = together,
) -> tuple[ArmResult, ArmResult] | None:
    """The two arms' values of a measure that belong to a comparison and stand near it, if each arm has just one."""
    if one.arms is None:
        return None
    found: dict[str, list[ArmResult]] = {arm: [] for arm in one.arms}
    for result in results:
        if result.measure != measure or result.endpoint != one.endpoint or result.arm not in found:
            continue
        if same_setting(one, result) and near(one.evidence, result.evidence):
            found[result.arm].append(result)
    first, second = (found[arm] for arm in one.arms)
    if len(first) != 1 or len(second) != 1 or first[0].unit != second[0].unit or not sure(one, *first, *second):
        return None
    return first[0], second[0]


def share_of(result: ArmResult) -> Share | None:
    """The people with the event among those of the arm; ``None`` where either is not printed or they do not agree."""
    if result.n is None or result.n.value <= 0:
        return None
    if result.events is not None and result.events.value <= result.n.value:
        # A count that is not of its percentage belongs to another value.
        near = abs(100 * result.events.value / result.n.value - result.value.value) <= 1
        return Share(exact(result.events), float(result.n.value)) if near else None
    return None
