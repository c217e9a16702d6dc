"""All rows of one trial together: what its page, its report pages and its JSON are made from."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from decimal import Decimal

from kg import article_queries, article_rows, check_queries, queries, rows
from kg.baseline import BaselineValue, baseline_values
from kg.registry_queries import RegistryParts, registry_parts
from kg.stores import ReadableStore


@dataclass(frozen=True, slots=True)
class TrialFacts:
    """The rows of one trial, as the queries give them, and the texts of its reports."""

    iri: str
    key: str
    reports: tuple[rows.Report, ...]
    registrations: tuple[rows.Registration, ...]
    design: tuple[rows.DesignFact, ...]
    populations: tuple[rows.Population, ...]
    counts: tuple[rows.ParticipantCount, ...]
    arms: tuple[rows.Arm, ...]
    endpoints: tuple[rows.Endpoint, ...]
    contrasts: tuple[rows.Contrast, ...]
    arm_results: tuple[rows.ArmResult, ...]
    baseline: tuple[BaselineValue, ...]
    statements: tuple[rows.Statement, ...]
    conclusions: tuple[rows.Conclusion, ...]
    checks: tuple[rows.Check, ...]
    evidence: tuple[rows.Evidence, ...]
    sources: tuple[rows.Source, ...]
    article: article_rows.ArticleParts
    registry: RegistryParts


def gather(store: ReadableStore, trial: rows.TrialKey) -> TrialFacts:
    """Everything the graph holds of the trial."""
    reports = queries.reports(store, trial.iri)
    return _gather(store, trial, reports, _sources(store, reports), queries.evidence(store, trial.iri))


def _gather(
    store: ReadableStore,
    trial: rows.TrialKey,
    reports: tuple[rows.Report, ...],
    sources: tuple[rows.Source, ...],
    evidence: tuple[rows.Evidence, ...],
) -> TrialFacts:
    return TrialFacts(
        iri=trial.iri,
        key=trial.key,
        reports=reports,
        registrations=queries.registrations(store, trial.iri),
        design=queries.design_facts(store, trial.iri),
        populations=queries.populations(store, trial.iri),
        counts=queries.participant_counts(store, trial.iri),
        arms=queries.arms(store, trial.iri),
        endpoints=queries.endpoints(store, trial.iri),
        contrasts=queries.contrasts(store, trial.iri),
        arm_results=queries.arm_results(store, trial.iri),
        baseline=baseline_values(store, trial.iri),
        statements=queries.statements(store, trial.iri),
        conclusions=queries.conclusions(store, trial.iri),
        checks=check_queries.checks(store, trial.iri),
        evidence=evidence,
        sources=sources,
        article=article_queries.article_findings(store, trial.iri),
        registry=registry_parts(store, trial.iri),
    )


@dataclass(frozen=True, slots=True)
class Brief:
    """The rows of one trial for a page that does not show the texts of its reports: quotes in the place of evidence.

    Where the texts are shown, ``quotes`` is empty and ``facts`` are whole.
    """

    facts: TrialFacts
    quotes: tuple[rows.Quote, ...]


def gather_brief(store: ReadableStore, trial: rows.TrialKey, *, shows_up_to: int = 0) -> Brief:
    """The rows of the trial for a page that shows its reports' texts where they have so many characters at most."""
    reports = queries.reports(store, trial.iri)
    sources = _sources(store, reports, with_sections=False)
    if 0 < sum(len(source.text) for source in sources) <= shows_up_to:
        return Brief(gather(store, trial), ())
    return Brief(_gather(store, trial, reports, sources, ()), queries.quotes(store, trial.iri, sources))


def _sources(
    store: ReadableStore, reports: tuple[rows.Report, ...], *, with_sections: bool = True
) -> tuple[rows.Source, ...]:
    found = (queries.source(store, report.iri, with_sections=with_sections) for report in reports)
    return tuple(source for source in found if source is not None)


def json_bytes(facts: TrialFacts) -> bytes:
    """The rows as JSON; decimals are texts, so that no reader turns them into binary fractions."""
    return json.dumps(dataclasses.asdict(facts), ensure_ascii=False, default=_plain).encode("utf-8")


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"not a value of a row: {value!r}")
