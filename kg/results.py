"""Adds the results of a report to its assertion: effect estimates, values in arms, comparisons in words."""

from __future__ import annotations

from rdflib import RDF, SKOS, Literal, URIRef

from extractors.findings import (
    ArmResult,
    BaselineValue,
    Conclusion,
    Context,
    Contrast,
    Facts,
    Interval,
    PValue,
    Statement,
)
from kg.assertion import Assertion, integer
from kg.codes import coded
from kg.iris import digest
from ontology import EV


def add_results(assertion: Assertion, facts: Facts) -> None:
    """Add every contrast, arm result, statement and conclusion; raises UnknownCode."""
    for contrast in facts.contrasts:
        _add_contrast(assertion, contrast)
    for result in facts.arm_results:
        _add_arm_result(assertion, result)
    for statement in facts.statements:
        _add_statement(assertion, statement)
    for conclusion in facts.conclusions:
        _add_conclusion(assertion, conclusion)


def add_baseline(assertion: Assertion, facts: Facts) -> None:
    """Add every number that describes the people before treatment; raises UnknownCode."""
    for value in facts.baseline:
        node = assertion.finding("baseline", value.key, EV.BaselineValue, EV.baselineValue, value.evidence)
        name = value.characteristic
        assertion.add(node, EV.characteristic, Literal(name.text, lang=name.language))
        for predicate, said in ((EV.level, value.level), (EV.groupName, value.group)):
            assertion.add(node, predicate, None if said is None else Literal(said.text, lang=said.language))
        assertion.add(node, EV.inArm, None if value.arm is None else assertion.node("arm", value.arm))
        assertion.add(node, EV.measure, coded("measures", value.measure, "arm-measure"))
        _add_numbers(assertion, node, value)


def _add_numbers(assertion: Assertion, node: URIRef, result: ArmResult | BaselineValue) -> None:
    """The value of an arm with its counts, unit, spread and interval."""
    assertion.number(node, "value", result.value)
    assertion.number(node, "events", result.events)
    assertion.number(node, "n", result.n)
    assertion.unit(node, result.unit)
    if result.dispersion is not None:
        assertion.add(node, EV.dispersionKind, coded("measures", result.dispersion.kind, "dispersion"))
        assertion.number(node, "dispersionValue", result.dispersion.value)
        assertion.number(node, "dispersionLow", result.dispersion.low)
        assertion.number(node, "dispersionHigh", result.dispersion.high)
    _add_interval(assertion, node, result.interval)


def _add_contrast(assertion: Assertion, contrast: Contrast) -> None:
    node = assertion.finding("contrast", contrast.key, EV.Contrast, EV.contrast, contrast.evidence)
    assertion.add(node, EV.ofEndpoint, assertion.node("endpoint", contrast.endpoint))
    assertion.add(node, EV.measure, coded("measures", contrast.measure, "effect-measure"))
    assertion.number(node, "value", contrast.value)
    assertion.unit(node, contrast.unit)
    assertion.flag(node, "significant", contrast.significant)
    assertion.add(node, EV.method, None if contrast.method is None else Literal(contrast.method))
    _add_arms(assertion, node, contrast.arms)
    _add_interval(assertion, node, contrast.interval)
    _add_p_value(assertion, node, contrast.p)
    _add_context(assertion, node, contrast.context)


def _add_arm_result(assertion: Assertion, result: ArmResult) -> None:
    node = assertion.finding("arm-result", result.key, EV.ArmResult, EV.armResult, result.evidence)
    assertion.add(node, EV.ofEndpoint, assertion.node("endpoint", result.endpoint))
    assertion.add(node, EV.inArm, None if result.arm is None else assertion.node("arm", result.arm))
    assertion.add(node, EV.measure, coded("measures", result.measure, "arm-measure"))
    _add_numbers(assertion, node, result)
    _add_context(assertion, node, result.context)


def _add_statement(assertion: Assertion, statement: Statement) -> None:
    node = assertion.finding("statement", statement.key, EV.Statement, EV.statement, statement.evidence)
    assertion.add(node, EV.ofEndpoint, assertion.node("endpoint", statement.endpoint))
    assertion.add(node, EV.direction, coded("designs", statement.direction, "comparison-direction"))
    _add_arms(assertion, node, statement.arms)
    _add_p_value(assertion, node, statement.p)
    _add_context(assertion, node, statement.context)


def _add_conclusion(assertion: Assertion, conclusion: Conclusion) -> None:
    key = f"{conclusion.language}-{digest(conclusion.text)}"
    node = assertion.finding("conclusion", key, EV.Conclusion, EV.conclusion, conclusion.evidence)
    assertion.add(node, EV.text, Literal(conclusion.text, lang=conclusion.language))


def _add_arms(assertion: Assertion, node: URIRef, arms: tuple[str, str] | None) -> None:
    if arms is not None:
        assertion.add(node, EV.armFor, assertion.node("arm", arms[0]))
        assertion.add(node, EV.armAgainst, assertion.node("arm", arms[1]))


def _add_interval(assertion: Assertion, node: URIRef, interval: Interval | None) -> None:
    if interval is None:
        return
    assertion.number(node, "intervalLow", interval.low)
    assertion.number(node, "intervalHigh", interval.high)
    assertion.number(node, "intervalLevel", interval.level)
    for bound, number in (("low", interval.low), ("high", interval.high)):
        if number is None:
            assertion.add(node, EV.boundNotEstimable, Literal(bound))


def _add_p_value(assertion: Assertion, node: URIRef, p: PValue | None) -> None:
    if p is None:
        return
    assertion.add(node, EV.pOperator, Literal(p.operator))
    assertion.number(node, "pValue", p.value)
    assertion.add(node, EV.pSides, None if p.sides is None else integer(p.sides))


def _add_context(assertion: Assertion, node: URIRef, context: Context) -> None:
    for phrase in context.time_point:
        assertion.add(node, EV.timePoint, Literal(phrase.text, lang=phrase.language))
    if context.analysis_set is not None:
        assertion.add(node, EV.analysisSet, coded("designs", context.analysis_set, "analysis-set"))
    assertion.flag(node, "planned", context.planned)
    assertion.flag(node, "adjusted", context.adjusted)
    if context.subgroup:
        subgroup = assertion.node("subgroup", digest(*sorted(name.text for name in context.subgroup)))
        assertion.add(node, EV.subgroup, subgroup)
        assertion.add(subgroup, RDF.type, EV.Subgroup)
        for name in context.subgroup:
            assertion.add(subgroup, SKOS.prefLabel, Literal(name.text, lang=name.language))
        assertion.concept(subgroup, context.subgroup)
