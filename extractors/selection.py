"""Leaves out the findings that are less sure than asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from extractors.findings import (
    Arm,
    ArmResult,
    Contrast,
    Count,
    DesignFact,
    Endpoint,
    Evidence,
    Facts,
    Registration,
    Statement,
)

Finding = TypeVar("Finding", Arm, Endpoint, Contrast, ArmResult, Statement, Count, DesignFact, Registration)


def confidence_of(evidence: Iterable[Evidence]) -> Decimal:
    """How sure a finding is: as its surest evidence, since it may be stated in several places and languages."""
    return max((item.confidence for item in evidence), default=Decimal(0))


def at_least(facts: Facts, least: Decimal) -> Facts:
    """The findings whose confidence reaches the least; arms and endpoints also if a result that is kept needs them."""
    contrasts, values = _kept(facts.contrasts, least), _kept(facts.arm_results, least)
    statements = _kept(facts.statements, least)
    needed: set[str | None] = {key for value in values for key in (value.endpoint, value.arm)}
    compared: tuple[Contrast | Statement, ...] = (*contrasts, *statements)
    for result in compared:
        needed |= {result.endpoint, *(result.arms or ())}
    people = facts.population
    sure = confidence_of(people.evidence) >= least
    return replace(
        facts,
        registrations=_kept(facts.registrations, least),
        design=_kept(facts.design, least),
        population=replace(
            people,
            conditions=people.conditions if sure else (),
            evidence=people.evidence if sure else (),
            counts=_kept(people.counts, least),
        ),
        arms=tuple(arm for arm in facts.arms if arm.key in needed or confidence_of(arm.evidence) >= least),
        endpoints=tuple(e for e in facts.endpoints if e.key in needed or confidence_of(e.evidence) >= least),
        contrasts=contrasts,
        arm_results=values,
        statements=statements,
        baseline=tuple(b for b in facts.baseline if confidence_of(b.evidence) >= least),
        conclusions=tuple(c for c in facts.conclusions if confidence_of(c.evidence) >= least),
    )


def _kept(findings: tuple[Finding, ...], least: Decimal) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if confidence_of(finding.evidence) >= least)
