"""What the query for the parts of articles gives to the pages: frozen rows, as in ``kg.rows``."""

from __future__ import annotations

from dataclasses import dataclass

from kg.rows import Name, Quantity


@dataclass(frozen=True, slots=True)
class Limit:
    """A range that a criterion sets; ``measure`` is a concept of articles, ``unit`` one of units."""

    measure: str
    low: Quantity | None
    high: Quantity | None
    unit: str | None
    unit_text: str | None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition of eligibility in the words of the report; ``kind`` is a concept of articles."""

    iri: str
    report: str
    kind: str
    text: Name
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class FlowCount:
    """How many people reached a stage, a concept of articles; ``arm`` is ``None`` for all of them."""

    iri: str
    report: str
    stage: str
    arm: str | None
    number: Quantity


@dataclass(frozen=True, slots=True)
class CitedWork:
    """An entry of the reference list: ``text`` as printed, its parts where they could be told apart."""

    iri: str
    report: str
    number: int
    text: str
    authors: str | None
    title: str | None
    journal: str | None
    year: int | None
    doi: str | None
    pmid: str | None


@dataclass(frozen=True, slots=True)
class Citation:
    """What a report says of a cited work; ``intent`` is a concept of articles."""

    iri: str
    report: str
    work: str
    intent: str
    text: Name


@dataclass(frozen=True, slots=True)
class Quotation:
    """The authors' own words on a matter, a concept of articles, with the numbers printed in them."""

    iri: str
    report: str
    matter: str
    text: Name
    identifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dose:
    """How much of a drug is given; ``route`` is a concept of articles, ``unit`` one of units or printed."""

    drug: Name
    amount: Quantity
    upper: Quantity | None
    unit: str | None
    unit_text: str | None
    route: str | None
    schedule: str | None


@dataclass(frozen=True, slots=True)
class Regimen:
    """Drugs that are given together; ``unit`` is that of the cycle, a concept of units."""

    iri: str
    report: str
    arm: str | None
    doses: tuple[Dose, ...]
    cycle: Quantity | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class PlanFact:
    """A fact of the plan; ``aspect`` is a concept of articles, ``unit`` one of units."""

    iri: str
    report: str
    aspect: str
    text: Name
    unit: str | None


@dataclass(frozen=True, slots=True)
class WorkNumber:
    """Which number a cited work has in the report's list of references."""

    iri: str
    report: str
    number: int


@dataclass(frozen=True, slots=True)
class ArticleParts:
    """What the reports of a trial that are whole articles say beside their results."""

    criteria: tuple[Criterion, ...] = ()
    flow: tuple[FlowCount, ...] = ()
    works: tuple[CitedWork, ...] = ()
    citations: tuple[Citation, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    regimens: tuple[Regimen, ...] = ()
    plan: tuple[PlanFact, ...] = ()

    def of(self, report: str) -> ArticleParts:
        """What one report says."""
        return ArticleParts(
            criteria=tuple(row for row in self.criteria if row.report == report),
            flow=tuple(row for row in self.flow if row.report == report),
            works=tuple(row for row in self.works if row.report == report),
            citations=tuple(row for row in self.citations if row.report == report),
            quotations=tuple(row for row in self.quotations if row.report == report),
            regimens=tuple(row for row in self.regimens if row.report == report),
            plan=tuple(row for row in self.plan if row.report == report),
        )
