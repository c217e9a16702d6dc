"""The typed function of the query for what whole articles say beside their results."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import URIRef

from kg import columns
from kg.article_rows import (
    ArticleParts,
    Citation,
    CitedWork,
    Criterion,
    Dose,
    FlowCount,
    Limit,
    PlanFact,
    Quotation,
    Regimen,
    WorkNumber,
)
from kg.columns import Solution
from kg.query_files import query_text
from kg.rows import Name
from kg.stores import ReadableStore
from ontology import EV

Node = list[Solution]


@dataclass(frozen=True, slots=True)
class _Finding:
    """The properties of a finding and of its parts; ``first`` has one column for each of its own."""

    iri: str
    first: Solution
    own: Node
    parts: list[Node]

    @property
    def report(self) -> str:
        return columns.text(self.first, "report")


def article_findings(store: ReadableStore, trial: str, *, with_works: bool = True) -> ArticleParts:
    """Everything that the trial's articles say beside their results, report by report; ``trial`` is its IRI.

    The works that they cite are most of it, and can be left out.
    """
    found: dict[str, list[_Finding]] = {}
    solutions = store.select(query_text("article_findings"), {"trial": URIRef(trial)})
    if with_works:
        solutions += store.select(query_text("cited_works"), {"trial": URIRef(trial)})
    findings = columns.grouped(solutions, "finding")
    for finding in sorted(findings, key=lambda iri: (columns.text(findings[iri][0], "report"), iri)):
        nodes = columns.described(findings[finding], "node")
        own = nodes.pop(finding)
        made = _Finding(finding, own[0], own, list(nodes.values()))
        found.setdefault(columns.text(own[0], "type"), []).append(made)

    def of(kind: URIRef) -> list[_Finding]:
        return found.get(str(kind), [])

    return ArticleParts(
        criteria=tuple(map(_criterion, of(EV.Eligibility))),
        flow=tuple(map(_flow_count, of(EV.FlowCount))),
        works=tuple(sorted(map(_work, of(EV.CitedWork)), key=lambda work: (work.report, work.number, work.iri))),
        citations=tuple(map(_citation, of(EV.Citation))),
        quotations=tuple(map(_quotation, of(EV.Quotation))),
        regimens=tuple(map(_regimen, of(EV.Regimen))),
        plan=tuple(map(_plan_fact, of(EV.PlanFact))),
    )


def work_numbers(store: ReadableStore, trial: str) -> tuple[WorkNumber, ...]:
    """The numbers of the works that the trial's articles cite, in the order of ``ArticleParts.works``."""
    found = (
        WorkNumber(columns.text(row, "work"), columns.text(row, "report"), int(columns.text(row, "number")))
        for row in store.select(query_text("work_numbers"), {"trial": URIRef(trial)})
    )
    return tuple(sorted(found, key=lambda work: (work.report, work.number, work.iri)))


def _criterion(found: _Finding) -> Criterion:
    limits = (
        Limit(
            measure=columns.text(part[0], "limitMeasure"),
            low=columns.quantity(part[0], "limitLow"),
            high=columns.quantity(part[0], "limitHigh"),
            unit=columns.optional(part[0], "unit"),
            unit_text=columns.optional(part[0], "unitText"),
        )
        for part in found.parts
    )
    return Criterion(
        found.iri, found.report, columns.text(found.first, "criterionKind"), _text(found.first), tuple(limits)
    )


def _flow_count(found: _Finding) -> FlowCount:
    return FlowCount(
        iri=found.iri,
        report=found.report,
        stage=columns.text(found.first, "flowStage"),
        arm=columns.optional(found.first, "inArm"),
        number=columns.printed(found.first, "value"),
    )


def _work(found: _Finding) -> CitedWork:
    year = columns.optional(found.first, "hasPublicationYear")
    return CitedWork(
        iri=found.iri,
        report=found.report,
        number=int(columns.text(found.first, "referenceNumber")),
        text=columns.text(found.first, "bibliographicCitation"),
        authors=columns.optional(found.first, "creator"),
        title=columns.optional(found.first, "title"),
        journal=columns.optional(found.first, "journal"),
        year=None if year is None else int(year),
        doi=columns.optional(found.first, "doi"),
        pmid=columns.optional(found.first, "hasPubMedId"),
    )


def _citation(found: _Finding) -> Citation:
    work, intent = columns.text(found.first, "ofWork"), columns.text(found.first, "citationIntent")
    return Citation(found.iri, found.report, work, intent, _text(found.first))


def _quotation(found: _Finding) -> Quotation:
    matter, identifiers = columns.text(found.first, "matter"), columns.distinct(found.own, "identifier")
    return Quotation(found.iri, found.report, matter, _text(found.first), identifiers)


def _regimen(found: _Finding) -> Regimen:
    return Regimen(
        iri=found.iri,
        report=found.report,
        arm=columns.optional(found.first, "inArm"),
        doses=tuple(_dose(part[0]) for part in found.parts),
        cycle=columns.quantity(found.first, "cycle"),
        unit=columns.optional(found.first, "unit"),
    )


def _dose(solution: Solution) -> Dose:
    return Dose(
        drug=Name(columns.text(solution, "drug"), solution["drug"].language or ""),
        amount=columns.printed(solution, "value"),
        upper=columns.quantity(solution, "upperValue"),
        unit=columns.optional(solution, "unit"),
        unit_text=columns.optional(solution, "unitText"),
        route=columns.optional(solution, "route"),
        schedule=columns.optional(solution, "schedule"),
    )


def _plan_fact(found: _Finding) -> PlanFact:
    aspect, unit = columns.text(found.first, "aspect"), columns.optional(found.first, "unit")
    return PlanFact(found.iri, found.report, aspect, _text(found.first), unit)


def _text(solution: Solution) -> Name:
    """The words of a finding in their language."""
    return Name(columns.text(solution, "text"), solution["text"].language or "")
