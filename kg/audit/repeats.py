"""The same fact in several places of a report: what is nearly the same, and must be the same, is set side by side."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from extractors.documents import Document
from extractors.findings import Contrast, Facts, Interval, Number
from kg.audit.arms import same_setting, sure
from kg.audit.checks import Check, Outcome, check, word
from kg.audit.estimates import bounds, estimate_text
from kg.audit.inputs import inputs_of
from kg.audit.ranges import rounded, unit


def repeat_checks(facts: Facts, document: Document) -> Iterator[Check]:
    """Estimates of one endpoint and setting that are printed twice, with a difference in one of their numbers."""
    abstract = {section.id for section in document.sections if section.in_abstract}
    for first, second in combinations(facts.contrasts, 2):
        if comparable(first, second) and sure(first, second):
            outcome = repeated(first, second)
            if outcome is not None:
                yield check(
                    "same-estimate-twice",
                    outcome,
                    (*inputs_of(first, "value", "interval", "p"), *inputs_of(second, "value", "interval", "p")),
                    first=estimate_text(first),
                    second=estimate_text(second),
                    firstPlace=word(_place(first, abstract)),
                    secondPlace=word(_place(second, abstract)),
                )


def comparable(first: Contrast, second: Contrast) -> bool:
    """Whether two estimates are of one measure, endpoint, pair of arms and setting, in two places."""
    if not {e.section for e in first.evidence}.isdisjoint(e.section for e in second.evidence):
        # What one passage prints side by side is of two things.
        return False
    same_arms = first.arms is None or second.arms is None or first.arms == second.arms
    adjusted = None not in (first.context.adjusted, second.context.adjusted)
    same_model = not adjusted or first.context.adjusted == second.context.adjusted
    return first.measure == second.measure and same_arms and same_model and same_setting(first, second)


def repeated(first: Contrast, second: Contrast) -> Outcome | None:
    """Whether two estimates that share all but one of value, lower bound and upper bound share that one too.

    ``None`` for estimates that share less, or have other p-values: they may be two analyses.
    """
    ends, others = bounds(first.interval), bounds(second.interval)
    if ends is None or others is None or not _same_level(first.interval, second.interval):
        return None
    if first.p is not None and second.p is not None and first.p.value.value != second.p.value.value:
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


def _place(contrast: Contrast, abstract: set[str]) -> str:
    return "in-abstract" if any(e.section in abstract for e in contrast.evidence) else "in-body"
