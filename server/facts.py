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
    sources = (queries.source(store, report.iri) for report in reports)
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
        evidence=queries.evidence(store, trial.iri),
        sources=tuple(source for source in sources if source is not None),
        article=article_queries.article_findings(store, trial.iri),
        registry=registry_parts(store, trial.iri),
    )


def json_bytes(facts: TrialFacts) -> bytes:
    """The rows as JSON; decimals are texts, so that no reader turns them into binary fractions."""
    return json.dumps(dataclasses.asdict(facts), ensure_ascii=False, default=_plain).encode("utf-8")


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"not a value of a row: {value!r}")
