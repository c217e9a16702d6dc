"""The same fact in several places of a report: what is nearly the same, and must be the same, is set side by side."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from extractors.documents import Document
from extractors.findings import ArmResult, Contrast, Facts, Interval, Number
from kg.audit.checks import Check, Outcome, check, word
from kg.audit.estimates import bounds, value_text
from kg.audit.inputs import inputs_of
from kg.audit.pairs import same_setting, sure
from kg.audit.ranges import rounded, unit

Repeated = Contrast | ArmResult


def repeat_checks(facts: Facts, document: Document) -> Iterator[Check]:
    """Estimates, and values of an arm, that are printed twice, with a difference in one of their numbers."""
    abstract = {section.id for section in document.sections if section.in_abstract}
    yield from _pairs("same-estimate-twice", facts.contrasts, abstract)
    yield from _pairs("same-value-twice", facts.arm_results, abstract)


def _pairs(kind: str, results: tuple[Repeated, ...], abstract: set[str]) -> Iterator[Check]:
    groups: dict[tuple[str, str], list[Repeated]] = {}
    for result in results:
        if result.interval is not None:
            groups.setdefault((result.endpoint, result.measure), []).append(result)
    for first, second in (pair for group in groups.values() for pair in combinations(group, 2)):
        if comparable(first, second) and sure(first, second):
            outcome = repeated(first, second)
            if outcome is not None:
                yield check(
                    kind,
                    outcome,
                    (*inputs_of(first, "value", "interval", "p"), *inputs_of(second, "value", "interval", "p")),
                    first=value_text(first),
                    second=value_text(second),
                    firstPlace=word(_place(first, abstract)),
                    secondPlace=word(_place(second, abstract)),
                )


def comparable(first: Repeated, second: Repeated) -> bool:
    """Whether two results are of one measure, endpoint, arm or pair of arms and setting, in two places."""
    if not {e.section for e in first.evidence}.isdisjoint(e.section for e in second.evidence):
        # What one passage prints side by side is of two things.
        return False
    adjusted = None not in (first.context.adjusted, second.context.adjusted)
    same_model = not adjusted or first.context.adjusted == second.context.adjusted
    return first.measure == second.measure and _same_arms(first, second) and same_model and same_setting(first, second)


def _same_arms(first: Repeated, second: Repeated) -> bool:
    if isinstance(first, ArmResult) and isinstance(second, ArmResult):
        return first.arm is not None and first.arm == second.arm and first.unit == second.unit
    if isinstance(first, Contrast) and isinstance(second, Contrast):
        return first.arms is None or second.arms is None or first.arms == second.arms
    return False


def repeated(first: Repeated, second: Repeated) -> Outcome | None:
    """Whether two estimates that share all but one of value, lower bound and upper bound share that one too.

    ``None`` for estimates that share less, or have other p-values: they may be two analyses.
    """
    ends, others = bounds(first.interval), bounds(second.interval)
    if ends is None or others is None or not _same_level(first.interval, second.interval):
        return None
    probabilities = {one.p.value.value for one in (first, second) if isinstance(one, Contrast) and one.p is not None}
    if len(probabilities) > 1:
        # Two p-values are of two analyses: crude and adjusted, complete cases and imputed.
        return None
    agree = [agrees(a, b) for a, b in zip((first.value, *ends), (second.value, *others), strict=True)]
    if all(agree):
        return Outcome("consistent")
    alike = [a.text == b.text for a, b in zip((first.value, *ends), (second.value, *others), strict=True)]
    return Outcome("inconsistent") if sum(agree) == 2 and sum(alike) == 2 and first.value.value != 1 else None


def agrees(first: Number, second: Number) -> bool:
    """Whether two printed numbers can be one value: alike, or one a shorter rounding of the other."""
    if unit(first) == unit(second):
        return first.value == second.value
    return rounded(first).overlaps(rounded(second))


def _same_level(first: Interval | None, second: Interval | None) -> bool:
    levels = [one.level.value for one in (first, second) if one is not None and one.level is not None]
    return len(set(levels)) <= 1


def _place(contrast: Repeated, abstract: set[str]) -> str:
    return "in-abstract" if any(e.section in abstract for e in contrast.evidence) else "in-body"
