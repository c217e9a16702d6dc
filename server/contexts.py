"""One frozen dataclass for each page, built from query rows; templates see nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg import rows
from kg.search.forms import path_of, with_broader
from ontology import by_name
from server.articles import ShownArticle, shown_article
from server.baseline import BaselineTable, baseline_tables
from server.checks import Tally, failed_anchors, tallies
from server.evidence import EvidenceIndex, Linked, SourceLink, in_language, last_segment, printed
from server.facts import Folded, TrialFacts
from server.negotiation import Language
from server.registry import ShownRegistry, is_registry_check, published, shown_registry
from server.report_facts import Fact, known, report_facts
from server.results import ResultsLayout
from server.search.listing import ListedTrial
from server.sources import SourceText, abstract_text, whole_text
from server.tables import ArmGroup, EndpointGroup

# The aspects of a design that every trial page names, reported or not, in this order.
DESIGN_ASPECTS = (
    "allocation",
    "masking",
    "phase",
    "structure",
    "framework",
    "centres",
    "country",
    "ratio",
    "follow-up",
)


@dataclass(frozen=True, slots=True)
class DesignValue:
    """What a report says of one aspect of the design: a concept, or a printed text with its unit."""

    concept: str | None
    text: str | None
    unit: str | None
    anchor: str | None
    sources: tuple[SourceLink, ...]


@dataclass(frozen=True, slots=True)
class DesignAspect:
    """One aspect of the design; no values means not reported."""

    aspect: str
    values: tuple[DesignValue, ...]


@dataclass(frozen=True, slots=True)
class PeopleCount:
    """A number of people, by what happened to them."""

    kind: str
    number: Linked
    sources: tuple[SourceLink, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition or group of people studied, as printed."""

    name: rows.Name
    anchor: str | None


@dataclass(frozen=True, slots=True)
class Registered:
    """A registry identifier with its registry, its record and the sentence that gives it."""

    identifier: str
    registry: str
    record_page: str | None
    anchor: str | None


@dataclass(frozen=True, slots=True)
class ShownConclusion:
    """The authors' conclusion in one language, with each report that words it so and its place there."""

    text: str
    language: str
    reports: tuple[tuple[rows.Report, str | None], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked and how: the design, the people, and the arms that were set against each other."""

    design: tuple[DesignAspect, ...]
    conditions: tuple[Condition, ...]
    counts: tuple[PeopleCount, ...]
    experimental: tuple[ArmGroup, ...]
    comparisons: tuple[ArmGroup, ...]


@dataclass(frozen=True, slots=True)
class TrialPage:
    """Everything that a trial's page shows.

    ``population`` is the name of the narrowest concept of the people. ``folded`` is the page of a trial with long
    texts, which leads to what is long: the texts, the checks that passed or cannot be made, results beyond the first
    of them, the references, a table of the people with many rows. What has a default is only set for the page itself:
    trials that are like this one, the names of the tables that it has, how the page is cited, and where its quotes
    stand, if not on the page itself.
    """

    iri: str
    key: str
    title: rows.Name
    other_titles: tuple[rows.Name, ...]
    acronyms: tuple[str, ...]
    reports: tuple[rows.Report, ...]
    own: tuple[Registered, ...]
    mentioned: tuple[Registered, ...]
    question: Question
    baseline: tuple[BaselineTable, ...]
    endpoints: tuple[EndpointGroup, ...]
    conclusions: tuple[ShownConclusion, ...]
    tallies: tuple[Tally, ...]
    sources: tuple[SourceText, ...]
    article: ShownArticle
    registry: ShownRegistry
    population: str | None
    folded: bool
    related: tuple[ListedTrial, ...] = ()
    tables: tuple[str, ...] = ()
    citation: str = ""
    text_at: str = ""


@dataclass(frozen=True, slots=True)
class PartPage:
    """A part of a trial's page that is long: the text, the checks, the results, the baseline, the references.

    ``text_at`` and ``checks_at`` are the addresses of the pages on which its quotes and failed checks stand.
    """

    part: str
    trial: TrialPage
    text_at: str
    checks_at: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Everything that a report's page shows."""

    report: rows.Report
    title: rows.Name
    other_titles: tuple[rows.Name, ...]
    trial_key: str
    trial_title: rows.Name
    question: Question
    baseline: tuple[BaselineTable, ...]
    endpoints: tuple[EndpointGroup, ...]
    facts: tuple[Fact, ...]
    source: SourceText
    sha256: str
    reader: str


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """An error for people; ``advice`` names a word of the interface, ``detail`` is what machines are told."""

    status: int
    advice: str | None
    detail: str | None


def trial_page(
    facts: TrialFacts, language: Language, quotes: Sequence[rows.Quote] = (), folded: Folded | None = None
) -> TrialPage:
    """A trial's page for readers of the language; with ``quotes``, in the place of evidence, it shows no texts."""
    facts = published(facts)
    own_checks = [check for check in facts.checks if not is_registry_check(check)]
    index = EvidenceIndex(quotes or facts.evidence, facts.reports, language, failed_anchors(facts.checks))
    layout = ResultsLayout(facts, index, language)
    title, others = trial_titles(facts, language)
    by_report = {report.iri: report for report in facts.reports}
    return TrialPage(
        iri=facts.iri,
        key=facts.key,
        title=title,
        other_titles=others,
        acronyms=_acronyms(facts.reports),
        reports=facts.reports,
        own=_registered(facts, index, "own"),
        mentioned=_registered(facts, index, "mentioned"),
        question=_question(facts, index, layout, language),
        baseline=baseline_tables(facts.baseline, facts.reports, index, layout.arm_name, language),
        endpoints=layout.endpoints(),
        conclusions=_conclusions(facts, index, language),
        tallies=tallies(own_checks, index, language, folded.checks if folded else {}),
        sources=()
        if quotes
        else tuple(abstract_text(source, by_report[source.report], facts.evidence) for source in facts.sources),
        article=shown_article(facts.article, index, language, layout.arm_name, folded.works if folded else ()),
        registry=shown_registry(facts.registry, facts.checks, facts.reports, index, language),
        population=_population(facts.populations),
        folded=folded is not None,
    )


def report_page(facts: TrialFacts, report: rows.Report, language: Language) -> ReportPage | None:
    """A report's page for readers of the language; ``None`` where its text is not in the graph."""
    source = next((source for source in facts.sources if source.report == report.iri), None)
    if source is None:
        return None
    own = only_report(facts, report)
    index = EvidenceIndex(own.evidence, own.reports, language)
    title, others = _titles(own.reports, language, report.source_name)
    layout = ResultsLayout(own, index, language)
    trial_title, _ = trial_titles(facts, language)
    stated = report_facts(own, index, layout.arm_name, language)
    return ReportPage(
        report=report,
        title=title,
        other_titles=others,
        trial_key=facts.key,
        trial_title=trial_title,
        question=_question(own, index, layout, language),
        baseline=baseline_tables(own.baseline, own.reports, index, layout.arm_name, language),
        endpoints=layout.endpoints(),
        facts=stated,
        source=whole_text(source, report, own.evidence, known(stated)),
        sha256=source.sha256,
        reader=source.reader,
    )


def only_report(facts: TrialFacts, report: rows.Report) -> TrialFacts:
    """What one report of the trial says."""
    iri = report.iri
    return TrialFacts(
        iri=facts.iri,
        key=facts.key,
        reports=(report,),
        registrations=tuple(row for row in facts.registrations if row.report == iri),
        design=tuple(row for row in facts.design if row.report == iri),
        populations=tuple(row for row in facts.populations if row.report == iri),
        counts=tuple(row for row in facts.counts if row.report == iri),
        arms=tuple(row for row in facts.arms if row.report == iri),
        endpoints=tuple(row for row in facts.endpoints if row.report == iri),
        contrasts=tuple(row for row in facts.contrasts if row.report == iri),
        arm_results=tuple(row for row in facts.arm_results if row.report == iri),
        baseline=tuple(row for row in facts.baseline if row.report == iri),
        statements=tuple(row for row in facts.statements if row.report == iri),
        conclusions=tuple(row for row in facts.conclusions if row.report == iri),
        checks=tuple(row for row in facts.checks if row.report == iri),
        evidence=tuple(row for row in facts.evidence if row.report == iri),
        sources=tuple(row for row in facts.sources if row.report == iri),
        article=facts.article.of(iri),
        registry=facts.registry.of(iri),
    )


def trial_titles(facts: TrialFacts, language: Language) -> tuple[rows.Name, tuple[rows.Name, ...]]:
    """The title to show and the other ones; without any title, the acronym, the identifiers or the key."""
    own = tuple(dict.fromkeys(r.identifier for r in facts.registrations if r.role == "own"))
    instead = next(iter(_acronyms(facts.reports)), None) or ", ".join(own) or facts.key
    return _titles(facts.reports, language, instead)


def _titles(
    reports: Sequence[rows.Report], language: Language, instead: str
) -> tuple[rows.Name, tuple[rows.Name, ...]]:
    titles = tuple(dict.fromkeys(title for report in reports for title in report.titles))
    best = in_language(titles, language) or rows.Name(instead, "en")
    # One other title for each other language; a second title in the same language says the same again.
    others: dict[str, rows.Name] = {}
    for title in titles:
        if title.language != best.language:
            others.setdefault(title.language, title)
    return best, tuple(others.values())


def _population(populations: Sequence[rows.Population]) -> str | None:
    """The name of the first concept of the people that no narrower one implies."""
    named = dict.fromkeys(path_of(concept) for population in populations for concept in population.concepts)
    implied = {above for path in named for above in with_broader(path) if above != path}
    return next((path.partition("/")[2] for path in named if path not in implied), None)


def _acronyms(reports: Sequence[rows.Report]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(acronym for report in reports for acronym in report.acronyms))


def _registered(facts: TrialFacts, index: EvidenceIndex, role: str) -> tuple[Registered, ...]:
    found: dict[str, Registered] = {}
    for row in facts.registrations:
        if last_segment(row.role) == role:
            anchor = index.linked(row.iri, "", "identifier").anchor
            found.setdefault(row.identifier, Registered(row.identifier, row.registry, row.record_page, anchor))
    return tuple(found.values())


def _question(facts: TrialFacts, index: EvidenceIndex, layout: ResultsLayout, language: Language) -> Question:
    arms = layout.arms()
    return Question(
        design=_design(facts, index),
        conditions=_conditions(facts, index, language),
        counts=_people(facts, index),
        experimental=tuple(arm for arm in arms if last_segment(arm.role) == "experimental"),
        comparisons=tuple(arm for arm in arms if last_segment(arm.role) != "experimental"),
    )


def _design(facts: TrialFacts, index: EvidenceIndex) -> tuple[DesignAspect, ...]:
    known = [by_name("designs", name).iri for name in DESIGN_ASPECTS]
    further = sorted({fact.aspect for fact in facts.design} - set(known))
    aspects = []
    for aspect in (*known, *further):
        values: dict[tuple[str | None, str | None, str | None], DesignValue] = {}
        for fact in facts.design:
            if fact.aspect == aspect:
                value = DesignValue(
                    concept=fact.value,
                    text=fact.text,
                    unit=fact.unit,
                    anchor=index.linked(fact.iri, "").anchor,
                    sources=index.sources(fact.iri),
                )
                values.setdefault((fact.value, fact.text, fact.unit), value)
        aspects.append(DesignAspect(aspect, tuple(values.values())))
    return tuple(aspects)


def _conditions(facts: TrialFacts, index: EvidenceIndex, language: Language) -> tuple[Condition, ...]:
    found: dict[str, Condition] = {}
    for population in facts.populations:
        name = in_language(population.names, language)
        if name is not None:
            found.setdefault(name.text.casefold(), Condition(name, index.linked(population.iri, "").anchor))
    return tuple(found.values())


def _people(facts: TrialFacts, index: EvidenceIndex) -> tuple[PeopleCount, ...]:
    found: dict[tuple[str, str], PeopleCount] = {}
    for row in facts.counts:
        shown = PeopleCount(
            kind=row.kind,
            number=index.linked(row.iri, printed(row.number), "value"),
            sources=index.sources(row.iri),
        )
        found.setdefault((row.kind, shown.number.text), shown)
    return tuple(found.values())


def _conclusions(facts: TrialFacts, index: EvidenceIndex, language: Language) -> tuple[ShownConclusion, ...]:
    by_report = {report.iri: report for report in facts.reports}
    found: dict[tuple[str, str], list[tuple[rows.Report, str | None]]] = {}
    for row in sorted(facts.conclusions, key=lambda row: (row.language != language, row.iri)):
        place = (by_report[row.report], index.linked(row.iri, "", "text").anchor)
        found.setdefault((row.language, row.text), []).append(place)
    return tuple(ShownConclusion(text, spoken, tuple(places)) for (spoken, text), places in found.items())
