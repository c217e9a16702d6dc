"""All rows of one trial together: what its page, its report pages and its JSON are made from."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
    return replace(
        _gather(store, trial, reports, _sources(store, reports)),
        evidence=queries.evidence(store, trial.iri),
        checks=check_queries.checks(store, trial.iri),
        article=article_queries.article_findings(store, trial.iri),
    )


def _gather(
    store: ReadableStore, trial: rows.TrialKey, reports: tuple[rows.Report, ...], sources: tuple[rows.Source, ...]
) -> TrialFacts:
    """All rows but those of which some pages want a part only: evidence, checks, what articles say beside results."""
    return replace(
        _named(store, trial, reports, sources),
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
        registry=registry_parts(store, trial.iri),
    )


def _named(
    store: ReadableStore, trial: rows.TrialKey, reports: tuple[rows.Report, ...], sources: tuple[rows.Source, ...]
) -> TrialFacts:
    """What gives the trial its name, and its texts; no other rows."""
    return TrialFacts(
        iri=trial.iri,
        key=trial.key,
        reports=reports,
        registrations=queries.registrations(store, trial.iri),
        design=(),
        populations=(),
        counts=(),
        arms=(),
        endpoints=(),
        contrasts=(),
        arm_results=(),
        baseline=(),
        statements=(),
        conclusions=(),
        checks=(),
        evidence=(),
        sources=sources,
        article=article_rows.ArticleParts(),
        registry=RegistryParts(),
    )


@dataclass(frozen=True, slots=True)
class Folded:
    """What the page of a trial with long texts only counts or leads to: its checks and the works that it cites.

    ``checks`` are the numbers of checks by the IRI of the verdict.
    """

    checks: Mapping[str, int]
    works: tuple[article_rows.WorkNumber, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """The rows of one trial for a page that does not show the texts of its reports: quotes in the place of evidence.

    Where the texts are shown, ``quotes`` is empty and ``facts`` are whole. With ``folded``, the facts hold no cited
    works and of the checks only those that the trial's page shows.
    """

    facts: TrialFacts
    quotes: tuple[rows.Quote, ...]
    folded: Folded | None = None


def gather_brief(store: ReadableStore, trial: rows.TrialKey) -> Brief:
    """The rows of the trial for a page that shows no texts."""
    reports = queries.reports(store, trial.iri)
    sources = _sources(store, reports, with_sections=False)
    facts = replace(
        _gather(store, trial, reports, sources),
        checks=check_queries.checks(store, trial.iri),
        article=article_queries.article_findings(store, trial.iri),
    )
    return Brief(facts, queries.quotes(store, trial.iri, sources))


def gather_page(store: ReadableStore, trial: rows.TrialKey, *, shows_up_to: int) -> Brief:
    """The rows of the trial for its page, folded where its reports' texts have more characters than that."""
    reports = queries.reports(store, trial.iri)
    sources = _sources(store, reports, with_sections=False)
    if 0 < sum(len(source.text) for source in sources) <= shows_up_to:
        return Brief(gather(store, trial), ())
    facts = replace(
        _gather(store, trial, reports, sources),
        checks=check_queries.shown_checks(store, trial.iri),
        article=article_queries.article_findings(store, trial.iri, with_works=False),
    )
    folded = Folded(
        check_queries.check_counts(store, trial.iri),
        article_queries.work_numbers(store, trial.iri),
    )
    return Brief(facts, queries.quotes(store, trial.iri, sources), folded)


def gather_part(store: ReadableStore, trial: rows.TrialKey, part: str) -> Brief:
    """The rows that one part of the trial's page needs.

    The part is ``text``, ``checks``, ``results``, ``baseline`` or ``references``.
    """
    reports = queries.reports(store, trial.iri)
    sources = _sources(store, reports, with_sections=part == "text")
    facts = _named(store, trial, reports, sources)
    if part == "text":
        checks = check_queries.checks(store, trial.iri)
        return Brief(replace(facts, evidence=queries.evidence(store, trial.iri), checks=checks), ())
    if part == "checks":
        facts = replace(facts, checks=check_queries.checks(store, trial.iri))
    if part == "results":
        facts = replace(
            facts,
            populations=queries.populations(store, trial.iri),
            arms=queries.arms(store, trial.iri),
            endpoints=queries.endpoints(store, trial.iri),
            contrasts=queries.contrasts(store, trial.iri),
            arm_results=queries.arm_results(store, trial.iri),
            statements=queries.statements(store, trial.iri),
            checks=check_queries.shown_checks(store, trial.iri),
        )
    if part == "baseline":
        facts = replace(
            facts,
            arms=queries.arms(store, trial.iri),
            baseline=baseline_values(store, trial.iri),
            checks=check_queries.shown_checks(store, trial.iri),
        )
    if part == "references":
        facts = replace(facts, article=article_queries.article_findings(store, trial.iri))
    return Brief(facts, queries.quotes(store, trial.iri, sources))


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
