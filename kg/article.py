"""Adds what a whole article says beside its results to the report's assertion."""

from __future__ import annotations

from rdflib import RDF, Literal

from extractors.article_findings import ArticleFindings, Criterion, FlowCount
from kg.assertion import Assertion
from kg.codes import coded
from ontology import EV


def add_article(assertion: Assertion, article: ArticleFindings | None) -> None:
    """Add every finding of the article's parts, nothing for a record; raises UnknownCode."""
    if article is None:
        return
    for criterion in article.criteria:
        _add_criterion(assertion, criterion)
    for count in article.flow:
        _add_flow_count(assertion, count)


def _add_criterion(assertion: Assertion, criterion: Criterion) -> None:
    node = assertion.finding("eligibility", criterion.key, EV.Eligibility, EV.eligibility, criterion.evidence)
    assertion.add(node, EV.criterionKind, coded("articles", criterion.kind, "criterion-kind"))
    assertion.add(node, EV.text, Literal(criterion.text, lang=criterion.language))
    for limit in criterion.limits:
        part = assertion.node("limit", f"{criterion.key}-{limit.measure.replace(' ', '-')}")
        assertion.add(node, EV.limit, part)
        assertion.add(part, RDF.type, EV.Limit)
        assertion.add(part, EV.limitMeasure, coded("articles", limit.measure, "limit-measure"))
        assertion.number(part, "limitLow", limit.low)
        assertion.number(part, "limitHigh", limit.high)
        assertion.unit(part, limit.unit)


def _add_flow_count(assertion: Assertion, count: FlowCount) -> None:
    node = assertion.finding("flow", count.key, EV.FlowCount, EV.flowCount, count.evidence)
    assertion.add(node, EV.flowStage, coded("articles", count.stage, "flow-stage"))
    assertion.add(node, EV.inArm, None if count.arm is None else assertion.node("arm", count.arm))
    assertion.number(node, "value", count.number)
