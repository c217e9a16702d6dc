"""What ingestion, the computed graphs and the checks ask the whole store, one function for each query."""

from __future__ import annotations

from dataclasses import dataclass

from kg import columns
from kg.columns import Solution
from kg.identity import Identified, OwnRegistration
from kg.query_files import query_text
from kg.report_sources import Sources
from kg.rows import Interval, Quantity
from kg.stores import ReadableStore


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a report's document: its number, the hash of its text, the software that read it, its file."""

    number: int
    sha256: str
    software: str
    current: bool
    name: str
    reader: str


@dataclass(frozen=True, slots=True)
class Comparable:
    """An effect estimate of a whole trial, with what makes it comparable with that of another report.

    ``setting`` is what must agree: whether adjusted, the analysis set, the time points.
    """

    trial: str
    report: str
    report_id: str
    kind: str
    contrast: str
    endpoint: str
    measure: str
    value: Quantity
    interval: Interval | None
    setting: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a current document version and the hash that it should have."""

    document: str
    report: str
    sha256: str
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of a document version that evidence quotes."""

    document: str
    span: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Orphan:
    """A thing that points at nothing, or that nothing points at."""

    problem: str
    thing: str
    about: str


@dataclass(frozen=True, slots=True)
class ReportGraphs:
    """The graphs of a report's current document version, and of the registrations that it names."""

    report: str
    graphs: tuple[str, ...]


def versions(store: ReadableStore) -> dict[str, list[Version]]:
    """Every version of every report's document, oldest first, by report IRI."""
    found = columns.grouped(store.select(query_text("versions")), "report")
    return {
        report: [
            Version(
                number=int(columns.text(solution, "version")),
                sha256=columns.text(solution, "sha256"),
                software=columns.text(solution, "software"),
                current=bool(columns.flag(solution, "current")),
                name=columns.text(solution, "name"),
                reader=columns.text(solution, "reader"),
            )
            for solution in group
        ]
        for report, group in found.items()
    }


def report_sources(store: ReadableStore) -> Sources:
    """The documents of each report that has several."""
    found = Sources()
    for solution in store.select(query_text("report_sources")):
        report, sha256, reader, name = (columns.text(solution, c) for c in ("report", "sha256", "reader", "name"))
        found.note(report, sha256, reader, name)
    return found


def identified(store: ReadableStore) -> tuple[Identified, ...]:
    """What identifies each report and its trial, by report IRI."""
    found = columns.grouped(store.select(query_text("identified")), "report")
    return tuple(_identified(report, group) for report, group in found.items())


def _identified(report: str, group: list[Solution]) -> Identified:
    fields = columns.grouped((solution for solution in group if "field" in solution), "field")
    return Identified(
        report=report,
        id=columns.text(group[0], "id"),
        doi=next(iter(columns.distinct(fields.get("doi", []), "value")), None),
        acronyms=columns.distinct(fields.get("acronym", []), "value"),
        registrations=_numbers(fields.get("own", [])),
        mentioned=columns.distinct(fields.get("mentioned", []), "value"),
        secondary=_numbers(fields.get("secondary", [])),
        is_record="record" in fields,
        pmid=next(iter(columns.distinct(fields.get("pmid", []), "value")), None),
        titles=columns.distinct(fields.get("title", []), "value"),
        year=next(iter(columns.distinct(fields.get("year", []), "value")), None),
        kind=next(iter(columns.distinct(fields.get("kind", []), "value")), None),
    )


def _numbers(solutions: list[Solution]) -> tuple[OwnRegistration, ...]:
    return tuple(
        OwnRegistration(
            iri=columns.text(solution, "value"),
            identifier=columns.text(solution, "identifier"),
            registry=columns.text(solution, "registry"),
        )
        for solution in solutions
    )


def comparable_contrasts(store: ReadableStore) -> tuple[Comparable, ...]:
    """The effect estimates for endpoints of the lexicon, of whole trials that have several reports."""
    found = columns.grouped(store.select(query_text("comparable_contrasts")), "contrast")
    return tuple(
        Comparable(
            trial=columns.text(group[0], "trial"),
            report=columns.text(group[0], "report"),
            report_id=columns.text(group[0], "id"),
            kind=columns.text(group[0], "kind"),
            contrast=contrast,
            endpoint=columns.text(group[0], "concept"),
            measure=columns.text(group[0], "measure"),
            value=columns.printed(group[0], "value"),
            interval=columns.interval(group),
            setting=(
                columns.optional(group[0], "adjusted"),
                columns.optional(group[0], "analysisSet"),
                *columns.distinct(group, "timePoint"),
            ),
        )
        for contrast, group in found.items()
    )


def texts(store: ReadableStore) -> tuple[Text, ...]:
    """The text of every current document version."""
    return tuple(
        Text(
            document=columns.text(solution, "document"),
            report=columns.text(solution, "report"),
            sha256=columns.text(solution, "sha256"),
            text=columns.text(solution, "text"),
        )
        for solution in store.select(query_text("check_texts"))
    )


def spans(store: ReadableStore) -> tuple[Span, ...]:
    """The characters that evidence quotes, in the order of the texts."""
    return tuple(
        Span(
            document=columns.text(solution, "document"),
            span=columns.text(solution, "span"),
            start=int(columns.text(solution, "start")),
            end=int(columns.text(solution, "end")),
            quote=columns.text(solution, "quote"),
        )
        for solution in store.select(query_text("check_spans"))
    )


def orphans(store: ReadableStore) -> tuple[Orphan, ...]:
    """Things that point at nothing, and things that nothing points at."""
    return tuple(
        Orphan(
            problem=columns.text(solution, "problem"),
            thing=columns.text(solution, "thing"),
            about=columns.text(solution, "about"),
        )
        for solution in store.select(query_text("check_orphans"))
    )


def report_graphs(store: ReadableStore) -> tuple[ReportGraphs, ...]:
    """The graphs of every report's current document version, and of the registrations that it names."""
    found = columns.grouped(store.select(query_text("check_reports")), "report")
    return tuple(ReportGraphs(report, columns.distinct(group, "graph")) for report, group in found.items())


@dataclass(frozen=True, slots=True)
class Partition:
    """How many triples give things of a class a property, and the classes or datatypes that its values have."""

    name: str
    property: str
    triples: int
    ranges: tuple[str, ...]


def graph_sizes(store: ReadableStore) -> dict[str, int]:
    """How many triples each named graph has, the description of the data set left out."""
    return {
        columns.text(solution, "graph"): int(columns.text(solution, "triples"))
        for solution in store.select(query_text("graph_sizes"))
    }


def class_sizes(store: ReadableStore) -> dict[str, int]:
    """How many things of each class there are."""
    return {
        columns.text(solution, "class"): int(columns.text(solution, "entities"))
        for solution in store.select(query_text("class_sizes"))
    }


def partitions(store: ReadableStore) -> tuple[Partition, ...]:
    """What things of each class have which properties, by class and property."""
    return tuple(
        Partition(
            name=name,
            property=prop,
            triples=int(columns.text(solutions[0], "triples")),
            ranges=columns.distinct(solutions, "range"),
        )
        for name, group in columns.grouped(store.select(query_text("partitions")), "class").items()
        for prop, solutions in columns.grouped(group, "property").items()
    )
