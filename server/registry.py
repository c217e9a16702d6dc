"""What a trial's page shows of its registry records: what they register, how papers differ, why they are one trial."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kg import rows
from kg.registered_checks import kinds
from kg.registry_queries import RegisteredFact, RegistryParts
from ontology import by_name
from server.evidence import EvidenceIndex, Excerpt, Linked, in_language, last_segment
from server.facts import TrialFacts
from server.negotiation import Language

# The roles and kinds in the order in which a reader wants them.
_ROLES: Final = ("primary", "secondary", "other")
_DATES: Final = ("registered-on", "first-enrolment", "primary-completion", "completion", "results-posted")
_VERDICTS: Final = ("inconsistent", "cannot-tell", "consistent")


@dataclass(frozen=True, slots=True)
class ShownDetail:
    """A registered particular: the concept of its aspect or kind, its printed value, and what qualifies it."""

    aspect: str
    value: Linked
    language: str
    qualifier: str | None = None


@dataclass(frozen=True, slots=True)
class ShownOutcome:
    """A registered outcome: the concept of its role, its name, and when it is measured."""

    role: str
    name: rows.Name
    anchor: str | None
    time_frame: rows.Name | None


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """What one record registers."""

    report: rows.Report
    details: tuple[ShownDetail, ...]
    outcomes: tuple[ShownOutcome, ...]


@dataclass(frozen=True, slots=True)
class ShownComparison:
    """One line of the table of what is registered against what is published, with the sentences of both."""

    kind: str
    verdict: str
    explanation: rows.Name | None
    sides: tuple[Excerpt, ...]


@dataclass(frozen=True, slots=True)
class ShownReason:
    """Why reports are one trial; ``reports`` are the ones that a number or a DOI is given by."""

    kind: str
    number: str
    reports: tuple[rows.Report, ...]


@dataclass(frozen=True, slots=True)
class ShownRegistry:
    """The registry part of a trial's page; empty where the trial has no record and one report."""

    records: tuple[ShownRecord, ...]
    comparisons: tuple[ShownComparison, ...]
    reasons: tuple[ShownReason, ...]


def shown_registry(
    parts: RegistryParts,
    checks: Iterable[rows.Check],
    reports: Sequence[rows.Report],
    index: EvidenceIndex,
    language: Language,
) -> ShownRegistry:
    """The registry part for readers of the language."""
    by_iri = {report.iri: report for report in reports}
    found = [report for report in reports if any(fact.report == report.iri for fact in parts.facts)]
    return ShownRegistry(
        records=tuple(_record(report, parts.of(report.iri).facts, index, language) for report in found),
        comparisons=_comparisons(checks, index, language),
        reasons=tuple(
            ShownReason(reason.kind, reason.number, tuple(by_iri[iri] for iri, _ in reason.reports if iri in by_iri))
            for reason in parts.reasons
        ),
    )


def is_registry_check(check: rows.Check) -> bool:
    """Whether the check sets what is registered against what is published."""
    return check.kind in kinds()


def published(facts: TrialFacts) -> TrialFacts:
    """The rows without the posted results of registry records, where the trial has a paper too.

    They have a page of their own, that of their record; beside a paper's results they would say most things twice. What
    a check involves stays, so that each of its sentences can be shown.
    """
    records = {report.iri for report in facts.reports if last_segment(report.kind) == "registry"}
    if len(records) in (0, len(facts.reports)):
        return facts
    involved = {node for check in facts.checks for node in check.involves}
    return replace(
        facts,
        arms=tuple(row for row in facts.arms if row.report not in records),
        endpoints=tuple(row for row in facts.endpoints if row.report not in records),
        contrasts=tuple(row for row in facts.contrasts if row.report not in records),
        arm_results=tuple(row for row in facts.arm_results if row.report not in records),
        evidence=tuple(
            row
            for row in facts.evidence
            if row.report not in records or last_segment(row.section_role) != "results" or row.node in involved
        ),
    )


def _record(
    report: rows.Report, facts: Sequence[RegisteredFact], index: EvidenceIndex, language: Language
) -> ShownRecord:
    details = [
        ShownDetail(
            aspect=fact.first("aspect") or "",
            value=index.linked(fact.iri, fact.first("detailText") or "", "value"),
            language=fact.values["detailText"][0].language,
        )
        for fact in _of(facts, "RegisteredDetail")
    ]
    sizes = [
        ShownDetail(
            aspect=by_name("records", "enrolment").iri,
            value=index.linked(fact.iri, fact.first("valueText") or "", "value"),
            language="",
            qualifier=fact.first("sizeKind"),
        )
        for fact in _of(facts, "RegisteredSize")
    ]
    dates = [
        ShownDetail(
            aspect=fact.first("dateKind") or "",
            value=index.linked(fact.iri, fact.first("date") or "", "value"),
            language="",
            qualifier=fact.first("dateCertainty"),
        )
        for fact in _of(facts, "RegisteredDate")
    ]
    outcomes = [
        ShownOutcome(
            role=fact.first("endpointRole") or "",
            name=in_language(fact.values["name"], language) or rows.Name("", language),
            anchor=index.linked(fact.iri, "", "name").anchor,
            time_frame=in_language(fact.values.get("timeFrame", ()), language),
        )
        for fact in sorted(_of(facts, "RegisteredOutcome"), key=lambda fact: index.place(fact.iri))
    ]
    return ShownRecord(
        report=report,
        details=(
            *sorted(details, key=lambda one: (one.aspect, one.value.text)),
            *sizes,
            *sorted(dates, key=lambda one: _DATES.index(last_segment(one.aspect))),
        ),
        outcomes=tuple(sorted(outcomes, key=lambda one: _ROLES.index(last_segment(one.role)))),
    )


def _of(facts: Iterable[RegisteredFact], type_: str) -> list[RegisteredFact]:
    return [fact for fact in facts if fact.type == type_]


def _comparisons(checks: Iterable[rows.Check], index: EvidenceIndex, language: Language) -> tuple[ShownComparison, ...]:
    # A check of two reports is a row of each of them.
    found = {check.iri: check for check in checks if is_registry_check(check)}
    return tuple(
        ShownComparison(
            kind=check.kind,
            verdict=last_segment(check.verdict),
            explanation=in_language(check.explanations, language),
            sides=tuple(dict.fromkeys(excerpt for node in check.involves for excerpt in index.excerpts(node))),
        )
        for check in sorted(
            found.values(), key=lambda one: (_VERDICTS.index(last_segment(one.verdict)), one.kind, one.iri)
        )
    )
