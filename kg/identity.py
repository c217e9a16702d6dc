"""Which reports are of one trial: those joined by a DOI or by a registration that they call their own.

Computed from all reports at once, so the order of ingestion does not matter. Registrations that a report only
mentions join nothing. A hub joins nothing either: a registration that very many reports call their own (a
database, a platform or a misread number) and the own registrations of a report that has very many (a pooled
analysis), since one such node would turn many trials into one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import networkx as nx
from rdflib import DCTERMS, RDF, SKOS, Literal, URIRef

from kg.iris import Iris, doi_slug, slug
from kg.stores import Triple
from ontology import EV, by_name

REPORTS_OF_A_HUB: Final = 40
REGISTRATIONS_OF_A_HUB: Final = 12

FIRST_REGISTRIES: Final = ("clinicaltrials-gov", "isrctn")


@dataclass(frozen=True, slots=True)
class OwnRegistration:
    """A registration that a report gives as its own: the node, the identifier, the registry's concept."""

    iri: str
    identifier: str
    registry: str


@dataclass(frozen=True, slots=True)
class Identified:
    """What identifies a report and its trial."""

    report: str
    id: str
    doi: str | None
    acronyms: tuple[str, ...]
    registrations: tuple[OwnRegistration, ...]
    mentioned: tuple[str, ...]


def identity(reports: Iterable[Identified], iris: Iris) -> list[Triple]:
    """The triples of the identity graph: each trial with its key, reports, registrations and names.

    ``skos:notation`` holds, in lower case, everything that names the trial: its registry ids, its DOIs and
    their slugs, its acronyms, its key and the ids of its reports. A registration that joins nothing names the
    trials of the reports that have it only where no other trial has it.
    """
    known = {report.report: report for report in sorted(reports, key=lambda report: report.report)}
    joining = _joining_registrations(known)
    joined = {own.iri for registrations in joining.values() for own in registrations}
    graph: nx.Graph[tuple[str, str]] = nx.Graph()
    for report in known.values():
        node = ("report", report.report)
        graph.add_node(node)
        if report.doi is not None:
            graph.add_edge(node, ("doi", report.doi.lower()))
        for registration in joining[report.report]:
            graph.add_edge(node, ("registration", registration.iri))
    triples: list[Triple] = []
    for component in nx.connected_components(graph):
        members = sorted(name for kind, name in component if kind == "report")
        triples.extend(_trial([known[name] for name in members], joining, joined, iris))
    return sorted(triples)


def _joining_registrations(reports: Mapping[str, Identified]) -> dict[str, tuple[OwnRegistration, ...]]:
    uses: dict[str, int] = {}
    for report in reports.values():
        for iri in {registration.iri for registration in report.registrations}:
            uses[iri] = uses.get(iri, 0) + 1
    return {
        name: tuple(registration for registration in report.registrations if uses[registration.iri] <= REPORTS_OF_A_HUB)
        if len(report.registrations) <= REGISTRATIONS_OF_A_HUB
        else ()
        for name, report in reports.items()
    }


def _trial(
    members: list[Identified],
    joining: Mapping[str, tuple[OwnRegistration, ...]],
    joined: set[str],
    iris: Iris,
) -> list[Triple]:
    registrations = {own.iri: own for report in members for own in joining[report.report]}
    key = _key(members, list(registrations.values()))
    trial = iris.trial(key)
    names = {key}
    for report in members:
        names |= {report.id, *report.acronyms}
        for own in report.registrations:
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
