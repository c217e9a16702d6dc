"""Adds what a whole article says beside its results to the report's assertion."""

from __future__ import annotations

from rdflib import DCTERMS, RDF, XSD, Literal, Namespace, URIRef

from extractors.article_findings import (
    ArticleFindings,
    Citation,
    CitedWork,
    Criterion,
    FlowCount,
    PlanFact,
    Quotation,
    Regimen,
)
from kg.assertion import Assertion, integer
from kg.codes import coded
from ontology import EV

CITO = Namespace("http://purl.org/spar/cito/")
FABIO = Namespace("http://purl.org/spar/fabio/")
PRISM = Namespace("http://prismstandard.org/namespaces/basic/2.0/")
_INTENTS = {"agrees": CITO.agreesWith, "disagrees": CITO.disagreesWith}


def add_article(assertion: Assertion, article: ArticleFindings | None) -> None:
    """Add every finding of the article's parts, nothing for a record; raises UnknownCode."""
    if article is None:
        return
    for criterion in article.criteria:
        _add_criterion(assertion, criterion)
    for count in article.flow:
        _add_flow_count(assertion, count)
    for work in article.works:
        _add_work(assertion, work)
    for citation in article.citations:
        _add_citation(assertion, citation)
    for quotation in article.quotations:
        _add_quotation(assertion, quotation)
    for regimen in article.regimens:
        _add_regimen(assertion, regimen)
    for fact in article.plan:
        _add_plan_fact(assertion, fact)


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


def _add_work(assertion: Assertion, work: CitedWork) -> None:
    node = assertion.finding("work", work.key, EV.CitedWork, EV.citedWork, work.evidence)
    assertion.add(assertion.report, CITO.cites, node)
    assertion.add(node, EV.referenceNumber, integer(work.number))
    for predicate, value in (
        (DCTERMS.bibliographicCitation, " ".join(work.text.split())),
        (DCTERMS.title, work.title),
        (DCTERMS.creator, "; ".join(work.authors) or None),
        (EV.journal, work.journal),
        (PRISM.doi, work.doi),
        (FABIO.hasPubMedId, work.pmid),
    ):
        assertion.add(node, predicate, None if value is None else Literal(value))
    if work.year is not None:
        year = Literal(f"{work.year:04d}", datatype=XSD.gYear, normalize=False)
        assertion.add(node, FABIO.hasPublicationYear, year)


def _add_citation(assertion: Assertion, citation: Citation) -> None:
    node = assertion.finding("citation", citation.key, EV.Citation, EV.citation, citation.evidence)
    work = assertion.node("work", citation.work)
    assertion.add(assertion.report, _INTENTS[citation.intent], work)
    assertion.add(node, EV.ofWork, work)
    assertion.add(node, EV.citationIntent, coded("articles", citation.intent, "citation-intent"))
    assertion.add(node, EV.text, Literal(citation.text, lang=citation.language))


def _add_quotation(assertion: Assertion, quotation: Quotation) -> None:
    node = assertion.finding("quotation", quotation.key, EV.Quotation, EV.quotation, quotation.evidence)
    assertion.add(node, EV.matter, coded("articles", quotation.matter, "matter"))
    assertion.add(node, EV.text, Literal(quotation.text, lang=quotation.language))
    for identifier in quotation.identifiers:
        assertion.add(node, DCTERMS.identifier, Literal(identifier))


def _add_regimen(assertion: Assertion, regimen: Regimen) -> None:
    node = assertion.finding("regimen", regimen.key, EV.Regimen, EV.regimen, regimen.evidence)
    assertion.add(node, EV.inArm, None if regimen.arm is None else assertion.node("arm", regimen.arm))
    assertion.number(node, "cycle", regimen.cycle)
    assertion.unit(node, regimen.cycle_unit)
    for place, dose in enumerate(regimen.doses, start=1):
        part = assertion.node("dose", f"{regimen.key}-{place}")
        assertion.add(node, EV.dose, part)
        assertion.add(part, RDF.type, EV.Dose)
        assertion.add(part, EV.drug, Literal(dose.drug.text, lang=dose.drug.language))
        assertion.add(part, EV.intervention, None if dose.drug.concept is None else URIRef(dose.drug.concept))
        assertion.number(part, "value", dose.amount)
        assertion.number(part, "upperValue", dose.upper)
        assertion.unit(part, dose.unit)
        if dose.route is not None:
            assertion.add(part, EV.route, coded("articles", dose.route, "route"))
        assertion.add(
            part, EV.schedule, None if dose.schedule is None else Literal(dose.schedule, lang=regimen.language)
        )


def _add_plan_fact(assertion: Assertion, fact: PlanFact) -> None:
    node = assertion.finding("plan", fact.key, EV.PlanFact, EV.planFact, fact.evidence)
    assertion.add(node, EV.aspect, coded("articles", fact.aspect, "plan-aspect"))
    assertion.add(node, EV.text, Literal(fact.text, lang=fact.language))
    assertion.number(node, "value", fact.number)
    assertion.unit(node, fact.unit)
