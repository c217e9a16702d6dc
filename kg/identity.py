"""Which reports are of one trial: those joined by a DOI or by a registration that they call their own.

Computed from all reports at once, so the order of ingestion does not matter. A registry record is of the trial of its
number, and its secondary numbers are other numbers of that trial. Registrations that a report only mentions join
nothing. A hub joins nothing either: a registration that very many reports call their own (a database, a platform or a
misread number), a secondary number that several records of one registry give (a registry enters a trial once, so that
the number is not of one trial), and the own registrations of a report that has very many (a pooled analysis), since one
such node would turn many trials into one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import networkx as nx
from rdflib import DCTERMS, RDF, SKOS, Literal, URIRef

from kg.duplicates import duplicates
from kg.iris import Iris, doi_slug, slug
from kg.stores import Triple
from ontology import EV, by_name

REPORTS_OF_A_HUB: Final = 40
REGISTRATIONS_OF_A_HUB: Final = 12

FIRST_REGISTRIES: Final = ("clinicaltrials-gov", "isrctn")


@dataclass(frozen=True, slots=True)
class OwnRegistration:
    """A registration that a report gives as its trial's: the node, the identifier, the registry's concept."""

    iri: str
    identifier: str
    registry: str


@dataclass(frozen=True, slots=True)
class Identified:
    """What identifies a report and its trial; ``secondary`` are the other numbers that a registry record lists."""

    report: str
    id: str
    doi: str | None
    acronyms: tuple[str, ...]
    registrations: tuple[OwnRegistration, ...]
    mentioned: tuple[str, ...]
    secondary: tuple[OwnRegistration, ...] = ()
    is_record: bool = False
    pmid: str | None = None
    titles: tuple[str, ...] = ()
    year: str | None = None
    kind: str | None = None
    other_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Joining:
    """The registrations by which each report is joined to others, and those that are hubs, by report."""

    by_report: Mapping[str, tuple[OwnRegistration, ...]]
    too_many: Mapping[str, tuple[OwnRegistration, ...]]
    ambiguous: Mapping[str, tuple[OwnRegistration, ...]]


def identity(reports: Iterable[Identified], iris: Iris) -> list[Triple]:
    """The triples of the identity graph: each trial with its key, reports, registrations, names and reasons.

    ``skos:notation`` holds, in lower case, everything that names the trial: its registry ids, its DOIs and
    their slugs, its acronyms, its key and the ids of its reports. A registration that joins nothing names the
    trials of the reports that have it only where no other trial has it.
    """
    every = {report.report: report for report in sorted(reports, key=lambda report: report.report)}
    same = duplicates([report for report in every.values() if not report.is_record])
    # What a duplicate says of its trial counts with the report that it is a duplicate of.
    known = {name: _with_duplicates(report, every, same) for name, report in every.items() if name not in same}
    joining = _joining(known)
    joined = {own.iri for registrations in joining.by_report.values() for own in registrations}
    graph: nx.Graph[tuple[str, str]] = nx.Graph()
    for report in known.values():
        node = ("report", report.report)
        graph.add_node(node)
        if report.doi is not None:
            graph.add_edge(node, ("doi", report.doi.lower()))
        for registration in joining.by_report[report.report]:
            graph.add_edge(node, ("registration", registration.iri))
    triples: set[Triple] = set()
    for component in nx.connected_components(graph):
        names = sorted(name for kind, name in component if kind == "report")
        members = [known[name] for name in names]
        triples.update(_trial(members, joining, joined, iris))
    triples.update((URIRef(kept), EV.duplicate, URIRef(name)) for name, kept in same.items())
    return sorted(triples)


def _with_duplicates(report: Identified, every: Mapping[str, Identified], same: Mapping[str, str]) -> Identified:
    others = [every[name] for name, kept in sorted(same.items()) if kept == report.report]
    if not others:
        return report
    numbers = {one.iri: one for other in (report, *others) for one in other.registrations}
    return replace(
        report,
        doi=report.doi or next((other.doi for other in others if other.doi), None),
        acronyms=tuple(dict.fromkeys(name for other in (report, *others) for name in other.acronyms)),
        registrations=tuple(numbers[iri] for iri in sorted(numbers)),
        mentioned=tuple(sorted({iri for other in (report, *others) for iri in other.mentioned})),
        other_ids=tuple(other.id for other in others),
    )


def _joining(reports: Mapping[str, Identified]) -> _Joining:
    uses: dict[str, int] = {}
    records: dict[tuple[str, str], set[str]] = {}
    for report in reports.values():
        for iri in {registration.iri for registration in (*report.registrations, *report.secondary)}:
            uses[iri] = uses.get(iri, 0) + 1
        for own in report.registrations if report.is_record else ():
            for other in report.secondary:
                records.setdefault((other.iri, own.registry), set()).add(own.iri)
    several = {number for (number, _), owners in records.items() if len(owners) > 1}
    kept: dict[str, tuple[OwnRegistration, ...]] = {}
    for name, report in reports.items():
        given = report.registrations if len(report.registrations) <= REGISTRATIONS_OF_A_HUB else ()
        secondary = tuple(one for one in report.secondary if one.iri not in several)
        kept[name] = tuple(one for one in (*given, *secondary) if uses[one.iri] <= REPORTS_OF_A_HUB)
    return _Joining(
        kept,
        {name: tuple(o for o in r.registrations if uses[o.iri] > REPORTS_OF_A_HUB) for name, r in reports.items()},
        {name: tuple(o for o in r.secondary if o.iri in several) for name, r in reports.items()},
    )


def _trial(members: list[Identified], joining: _Joining, joined: set[str], iris: Iris) -> list[Triple]:
    registrations = {own.iri: own for report in members for own in joining.by_report[report.report]}
    key = _key(members, list(registrations.values()))
    trial = iris.trial(key)
    names = {key}
    for report in members:
        names |= {report.id, *report.other_ids, *report.acronyms}
        for own in (*report.registrations, *report.secondary):
            if own.iri in registrations or own.iri not in joined:
                names |= {own.identifier, slug(own.identifier)}
        if report.doi is not None:
            names |= {report.doi, doi_slug(report.doi)}
    mentioned = {iri for report in members for iri in report.mentioned} - set(registrations)
    return [
        (trial, RDF.type, EV.Trial),
        (trial, DCTERMS.identifier, Literal(key)),
        *((trial, EV.hasReport, URIRef(report.report)) for report in members),
        *((trial, EV.hasRegistration, URIRef(iri)) for iri in registrations),
        *((trial, EV.mentionsRegistration, URIRef(iri)) for iri in mentioned),
        *((trial, SKOS.notation, Literal(name)) for name in {name.lower() for name in names}),
        *_reasons(trial, members, joining, iris),
    ]


def _reasons(trial: URIRef, members: list[Identified], joining: _Joining, iris: Iris) -> list[Triple]:
    """Why the reports are one trial, and which of their numbers were left out of account."""
    found: dict[tuple[str, str], list[str]] = {}
    for report in members:
        own = {one.iri for one in report.registrations}
        for one in joining.by_report[report.report]:
            kind = "shares-registration" if one.iri in own else "names-secondary"
            found.setdefault((kind, one.iri), []).append(report.report)
        if report.doi is not None:
            found.setdefault(("shares-doi", report.doi.lower()), []).append(report.report)
    triples: list[Triple] = []
    shared = {content for (_, content), reports in _merged(found).items() if len(reports) > 1}
    for (kind, content), reports in sorted(found.items()):
        if content in shared:
            triples += _reason(trial, kind, content, reports, iris)
    for kind, left_out in (("hub-registration", joining.too_many), ("hub-record", joining.ambiguous)):
        for report in members:
            for one in left_out[report.report]:
                triples += _reason(trial, kind, one.iri, [report.report], iris)
    return triples


def _merged(found: Mapping[tuple[str, str], list[str]]) -> dict[tuple[str, str], set[str]]:
    """The reports that have each number, whatever its role with them."""
    merged: dict[tuple[str, str], set[str]] = {}
    for (_, content), reports in found.items():
        merged.setdefault(("", content), set()).update(reports)
    return merged


def _reason(trial: URIRef, kind: str, content: str, reports: list[str], iris: Iris) -> list[Triple]:
    node = iris.identity_reason(trial, kind, content)
    is_doi = kind == "shares-doi"
    return [
        (trial, EV.identityReason, node),
        (node, RDF.type, EV.IdentityReason),
        (node, EV.reasonKind, URIRef(by_name("records", kind).iri)),
        (node, EV.restsOnText, Literal(content)) if is_doi else (node, EV.restsOn, URIRef(content)),
        *((node, EV.joins, URIRef(report)) for report in reports),
    ]


def _key(members: list[Identified], registrations: list[OwnRegistration]) -> str:
    if registrations:
        return slug(min(registrations, key=_priority).identifier)
    dois = sorted(report.doi for report in members if report.doi is not None)
    return doi_slug(dois[0]) if dois else members[0].id


def _priority(registration: OwnRegistration) -> tuple[int, str, str]:
    first = [by_name("registries", name).iri for name in FIRST_REGISTRIES]
    rank = first.index(registration.registry) if registration.registry in first else len(first)
    return rank, registration.registry, registration.identifier
