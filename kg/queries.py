"""One typed function for each query of ``kg/sparql``: bind the parameters, ask the store, give back rows.

``trial`` and ``report`` parameters are IRIs, as ``find_trials`` and ``reports`` give them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Final

from rdflib import Literal, URIRef

from kg import columns, rows
from kg.answers import GraphFormat
from kg.columns import Solution
from kg.iris import stretch
from kg.query_files import query_names, query_text
from kg.stores import ReadableStore

_TITLE: Final = re.compile(r"^# title@(?P<language>en|zh): (?P<title>.+)$", re.MULTILINE)


def _of_trial(store: ReadableStore, name: str, trial: str, *order: str) -> list[Solution]:
    """The solutions of a query of one trial, in the order of these columns or, without them, of the query."""
    found = store.select(query_text(name), {"trial": URIRef(trial)})
    return columns.ordered(found, *order) if order else list(found)


def counts(store: ReadableStore) -> rows.Counts:
    """How many trials, reports, findings and pieces of evidence the graph holds."""
    (solution,) = store.select(query_text("counts"))
    return rows.Counts(
        trials=int(columns.text(solution, "trials")),
        reports=int(columns.text(solution, "reports")),
        contrasts=int(columns.text(solution, "contrasts")),
        arm_results=int(columns.text(solution, "armResults")),
        statements=int(columns.text(solution, "statements")),
        evidence=int(columns.text(solution, "evidence")),
    )


def trials(store: ReadableStore) -> tuple[rows.TrialKey, ...]:
    """All trials, by key."""
    solutions = store.select(query_text("trials"))
    return tuple(rows.TrialKey(columns.text(s, "trial"), columns.text(s, "key")) for s in solutions)


def find_trials(store: ReadableStore, key: str) -> tuple[rows.TrialKey, ...]:
    """The trials that a registry id, DOI, DOI slug, acronym, trial key or report id names, in any case.

    One trial for all of these but an acronym that several trials use; none for an unknown key.
    """
    solutions = store.select(query_text("find_trials"), {"name": Literal(key.strip().lower())})
    return tuple(rows.TrialKey(columns.text(s, "trial"), columns.text(s, "key")) for s in solutions)


def reports(store: ReadableStore, trial: str) -> tuple[rows.Report, ...]:
    """The reports of a trial, earliest year first."""
    found = columns.grouped(_of_trial(store, "reports", trial), "report")
    made = (_report(trial, report, group) for report, group in found.items())
    return tuple(sorted(made, key=lambda report: (report.year or 9999, report.id)))


def _report(trial: str, report: str, group: list[Solution]) -> rows.Report:
    fields = columns.grouped(group, "field")

    def texts(field: str) -> tuple[str, ...]:
        return columns.distinct(fields.get(field, []), "value")

    def one(field: str) -> str | None:
        return next(iter(texts(field)), None)

    authors = sorted(fields.get("author", []), key=lambda solution: int(columns.text(solution, "position")))
    year = one("year")
    return rows.Report(
        iri=report,
        id=columns.text(group[0], "id"),
        trial=trial,
        trial_key=columns.text(group[0], "key"),
        kind=columns.text(group[0], "kind"),
        titles=columns.names(fields.get("title", []), "value"),
        authors=tuple(columns.text(solution, "value") for solution in authors),
        acronyms=texts("acronym"),
        languages=texts("language"),
        citation=one("citation"),
        journal=one("journal"),
        year=None if year is None else int(year),
        doi=one("doi"),
        pmid=one("pmid"),
        version=int(columns.text(group[0], "version")),
        source_name=columns.text(group[0], "sourceName"),
        status=one("status"),
    )


def registrations(store: ReadableStore, trial: str) -> tuple[rows.Registration, ...]:
    """The registrations that the trial's reports give as their own or mention, own ones first."""
    return tuple(
        rows.Registration(
            iri=columns.text(solution, "registration"),
            report=columns.text(solution, "report"),
            role=columns.text(solution, "role"),
            identifier=columns.text(solution, "identifier"),
            registry=columns.text(solution, "registry"),
            record_page=columns.optional(solution, "recordPage"),
            curie=columns.optional(solution, "curie"),
        )
        for solution in _of_trial(store, "registrations", trial)
    )


def design_facts(store: ReadableStore, trial: str) -> tuple[rows.DesignFact, ...]:
    """The facts about the trial's design, report by report."""
    return tuple(
        rows.DesignFact(
            iri=columns.text(solution, "fact"),
            report=columns.text(solution, "report"),
            aspect=columns.text(solution, "aspect"),
            value=columns.optional(solution, "value"),
            text=columns.optional(solution, "valueText"),
            unit=columns.optional(solution, "unit"),
            unit_text=columns.optional(solution, "unitText"),
        )
        for solution in _of_trial(store, "design_facts", trial)
    )


def populations(store: ReadableStore, trial: str) -> tuple[rows.Population, ...]:
    """The people studied, one row for each report that names a condition."""
    found = columns.grouped(_of_trial(store, "populations", trial), "population")
    return tuple(
        rows.Population(
            iri=population,
            report=columns.text(group[0], "report"),
            names=columns.names(group, "name", "best"),
            concepts=columns.distinct(group, "concept"),
        )
        for population, group in found.items()
    )


def participant_counts(store: ReadableStore, trial: str) -> tuple[rows.ParticipantCount, ...]:
    """The numbers of people over all arms, report by report."""
    return tuple(
        rows.ParticipantCount(
            iri=columns.text(solution, "count"),
            report=columns.text(solution, "report"),
            kind=columns.text(solution, "kind"),
            number=columns.printed(solution, "value"),
        )
        for solution in _of_trial(store, "participant_counts", trial)
    )


def arms(store: ReadableStore, trial: str) -> tuple[rows.Arm, ...]:
    """The arms of the trial, report by report."""
    return tuple(
        rows.Arm(
            iri=arm,
            report=columns.text(group[0], "report"),
            role=columns.text(group[0], "role"),
            names=columns.names(group, "name", "best"),
            size=columns.quantity(group[0], "size"),
        )
        for arm, group in columns.grouped(_of_trial(store, "arms", trial), "arm").items()
    )


def endpoints(store: ReadableStore, trial: str) -> tuple[rows.Endpoint, ...]:
    """The endpoints of the trial, report by report."""
    return tuple(
        rows.Endpoint(
            iri=endpoint,
            report=columns.text(group[0], "report"),
            role=columns.text(group[0], "role"),
            names=columns.names(group, "name", "best"),
            concept=columns.optional(group[0], "concept"),
        )
        for endpoint, group in columns.grouped(
            _of_trial(store, "endpoints", trial, "report", "endpoint", "name"), "endpoint"
        ).items()
    )


def contrasts(store: ReadableStore, trial: str) -> tuple[rows.Contrast, ...]:
    """The effect estimates of the trial, report by report."""
    return tuple(
        rows.Contrast(
            iri=contrast,
            report=columns.text(group[0], "report"),
            endpoint=columns.text(group[0], "ofEndpoint"),
            measure=columns.text(group[0], "measure"),
            value=columns.printed(group[0], "value"),
            interval=columns.interval(group),
            p=columns.p_value(group[0]),
            arm_for=columns.optional(group[0], "armFor"),
            arm_against=columns.optional(group[0], "armAgainst"),
            unit=columns.optional(group[0], "unit"),
            unit_text=columns.optional(group[0], "unitText"),
            significant=columns.flag(group[0], "significant"),
            context=columns.context(group),
        )
        for contrast, group in columns.described(_of_trial(store, "contrasts", trial), "contrast").items()
    )


def arm_results(store: ReadableStore, trial: str) -> tuple[rows.ArmResult, ...]:
    """The values in single arms of the trial, report by report."""
    return tuple(
        rows.ArmResult(
            iri=result,
            report=columns.text(group[0], "report"),
            endpoint=columns.text(group[0], "ofEndpoint"),
            arm=columns.optional(group[0], "inArm"),
            measure=columns.text(group[0], "measure"),
            value=columns.printed(group[0], "value"),
            interval=columns.interval(group),
            events=columns.quantity(group[0], "events"),
            n=columns.quantity(group[0], "n"),
            dispersion=dispersion(group[0]),
            unit=columns.optional(group[0], "unit"),
            unit_text=columns.optional(group[0], "unitText"),
            context=columns.context(group),
        )
        for result, group in columns.described(_of_trial(store, "arm_results", trial), "result").items()
    )


def dispersion(solution: Solution) -> rows.Dispersion | None:
    """The spread of a value, ``None`` where the report gives none."""
    kind = columns.optional(solution, "dispersionKind")
    if kind is None:
        return None
    return rows.Dispersion(
        kind=kind,
        value=columns.quantity(solution, "dispersionValue"),
        low=columns.quantity(solution, "dispersionLow"),
        high=columns.quantity(solution, "dispersionHigh"),
    )


def statements(store: ReadableStore, trial: str) -> tuple[rows.Statement, ...]:
    """The comparisons in words of the trial, report by report."""
    return tuple(
        rows.Statement(
            iri=statement,
            report=columns.text(group[0], "report"),
            endpoint=columns.text(group[0], "ofEndpoint"),
            direction=columns.text(group[0], "direction"),
            p=columns.p_value(group[0]),
            arm_for=columns.optional(group[0], "armFor"),
            arm_against=columns.optional(group[0], "armAgainst"),
            context=columns.context(group),
        )
        for statement, group in columns.described(_of_trial(store, "statements", trial), "statement").items()
    )


def conclusions(store: ReadableStore, trial: str) -> tuple[rows.Conclusion, ...]:
    """The authors' conclusions, one row for each report and language."""
    return tuple(
        rows.Conclusion(
            iri=columns.text(solution, "conclusion"),
            report=columns.text(solution, "report"),
            text=columns.text(solution, "text"),
            language=solution["text"].language or "",
        )
        for solution in _of_trial(store, "conclusions", trial)
    )


def evidence(store: ReadableStore, trial: str) -> tuple[rows.Evidence, ...]:
    """Where each part of each finding of the trial was read, in the order of the texts."""
    found = (
        rows.Evidence(
            iri=columns.text(solution, "evidence"),
            node=columns.text(solution, "node"),
            supports=columns.text(solution, "supports"),
            report=columns.text(solution, "report"),
            version=int(columns.text(solution, "version")),
            section=columns.text(solution, "section"),
            section_role=columns.text(solution, "sectionRole"),
            start=int(columns.text(solution, "start")),
            end=int(columns.text(solution, "end")),
            quote=columns.text(solution, "quote"),
            language=columns.text(solution, "language"),
            confidence=Decimal(columns.text(solution, "confidence")),
            component=columns.text(solution, "component"),
            component_version=columns.text(solution, "componentVersion"),
        )
        for solution in _of_trial(store, "evidence", trial)
    )
    return tuple(sorted(found, key=lambda entry: (entry.report, entry.start, entry.end, entry.iri)))


def quotes(store: ReadableStore, trial: str, sources: Iterable[rows.Source]) -> tuple[rows.Quote, ...]:
    """Which words each part of each finding of the trial was read from, in the order of the texts.

    A quote is what stands there in the text of ``sources``; parts of reports without a source are left out.
    """
    texts = {source.report: source.text for source in sources}
    found: list[rows.Quote] = []
    for solution in _of_trial(store, "quotes", trial):
        report = solution["report"].text
        start, end = stretch(solution["evidence"].text)
        if report in texts:
            quote, language = texts[report][start:end], solution["language"].text
            found.append(
                rows.Quote(report, start, end, solution["node"].text, solution["supports"].text, quote, language)
            )
    return tuple(sorted(found))


def source(store: ReadableStore, report: str, *, with_sections: bool = True) -> rows.Source | None:
    """The current text of a report, if wanted with its sections, ``None`` for an unknown report."""
    parameters = {"report": URIRef(report)}
    found = store.select(query_text("source"), parameters)
    if not found:
        return None
    (solution,) = found
    given = store.select(query_text("source_sections"), parameters) if with_sections else []
    sections = tuple(
        rows.SourceSection(
            iri=columns.text(section, "section"),
            id=columns.text(section, "id"),
            role=columns.text(section, "role"),
            language=columns.text(section, "language"),
            start=int(columns.text(section, "start")),
            end=int(columns.text(section, "end")),
            heading=columns.optional(section, "heading"),
        )
        for section in given
    )
    return rows.Source(
        iri=columns.text(solution, "document"),
        report=report,
        version=int(columns.text(solution, "version")),
        sha256=columns.text(solution, "sha256"),
        source_name=columns.text(solution, "sourceName"),
        reader=columns.text(solution, "reader"),
        text=columns.text(solution, "text"),
        sections=sections,
    )


def classes(store: ReadableStore, iri: str) -> tuple[str, ...]:
    """The classes of a thing, none for an unknown IRI."""
    solutions = store.select(query_text("classes"), {"thing": URIRef(iri)})
    return tuple(columns.text(solution, "class") for solution in solutions)


def describe(store: ReadableStore, iri: str, form: GraphFormat) -> bytes | None:
    """What is known of a thing, serialised; ``None`` for an unknown IRI.

    A trial comes with all that its reports say, a report with its document versions, a finding with its
    evidence.
    """
    if not classes(store, iri):
        return None
    return store.answer(query_text("describe"), graphs=form, bindings={"thing": URIRef(iri)}).body


def describe_scheme(store: ReadableStore, iri: str, form: GraphFormat) -> bytes | None:
    """A concept scheme with all its concepts, serialised; ``None`` for an unknown IRI."""
    if not classes(store, iri):
        return None
    return store.answer(query_text("describe_scheme"), graphs=form, bindings={"scheme": URIRef(iri)}).body


def describe_dataset(store: ReadableStore) -> bytes:
    """What the graph says of itself with its example queries, as N-Triples."""
    return store.answer(query_text("describe_dataset"), graphs="ntriples").body


def used_terms(store: ReadableStore) -> rows.UsedTerms:
    """The classes and the properties that the graph uses, by IRI."""
    found = columns.grouped(store.select(query_text("used_terms")), "kind")
    return rows.UsedTerms(
        classes=tuple(columns.text(solution, "term") for solution in found.get("class", ())),
        properties=tuple(columns.text(solution, "term") for solution in found.get("property", ())),
    )


@cache
def examples() -> tuple[rows.Example, ...]:
    """The queries for users, by name, with the titles that they open with."""
    return tuple(_example(name) for name in query_names() if name.startswith("example_"))


def _example(name: str) -> rows.Example:
    text = query_text(name)
    titles = {match["language"]: match["title"] for match in _TITLE.finditer(text)}
    return rows.Example(name.removeprefix("example_"), titles, text)
