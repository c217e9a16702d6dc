"""Turns a document and its merged findings into the named graphs of one document version.

The assertion graph says what the report says and never names a trial: which reports are of one trial is
computed from all of them (``kg.identity``), so that the order of ingestion does not matter.
"""

from __future__ import annotations

from rdflib import DCTERMS, RDF, XSD, Literal, Namespace, URIRef

from extractors.documents import Document
from extractors.findings import Arm, DesignFact, Endpoint, Facts, Population, Registration
from extractors.publications import kinds_of
from kg.article import add_article
from kg.assertion import Assertion, integer
from kg.codes import coded, known
from kg.iris import Iris, digest
from kg.provenance import provenance, publication
from kg.registered import add_registered
from kg.results import add_baseline, add_results
from kg.stores import Triple
from ontology import EV, concept

PRISM = Namespace("http://prismstandard.org/namespaces/basic/2.0/")
FABIO = Namespace("http://purl.org/spar/fabio/")
SCHEMA = Namespace("https://schema.org/")


def report_graphs(
    document: Document, facts: Facts, version: int, iris: Iris, *, software: str
) -> dict[URIRef, list[Triple]]:
    """The assertion, provenance and publication graphs of a document version, by graph IRI.

    Each registration that the report names has a graph of its own too: reports share registrations, and a
    triple in two graphs would count twice in a query over all graphs. ``software`` is the version of what read it.
    The same arguments give the same triples in the same order. Raises UnknownCode.
    """
    assertion = Assertion(iris, document.id)
    _add_report(assertion, document, facts)
    for registration in facts.registrations:
        _add_registration(assertion, registration)
    for fact in facts.design:
        _add_design_fact(assertion, fact)
    _add_population(assertion, facts.population)
    for arm in facts.arms:
        _add_arm(assertion, arm)
    for endpoint in facts.endpoints:
        _add_endpoint(assertion, endpoint)
    add_results(assertion, facts)
    add_baseline(assertion, facts)
    add_article(assertion, facts.article)
    add_registered(assertion, facts)
    return {
        **{
            iris.registration_graph(iris.registration(registration.identifier)): _registration(registration, iris)
            for registration in facts.registrations
        },
        iris.assertion_graph(document.id, version): assertion.triples,
        iris.provenance_graph(document.id, version): provenance(document, assertion.evidence, version, iris),
        iris.publication_graph(document.id, version): publication(document, version, iris, software=software),
    }


def _add_report(assertion: Assertion, document: Document, facts: Facts) -> None:
    report, metadata = assertion.report, document.metadata
    assertion.add(report, RDF.type, EV.Report)
    assertion.add(report, DCTERMS.identifier, Literal(document.id))
    assertion.add(report, EV.kind, coded("designs", document.kind, "report-kind"))
    if "retracted" in kinds_of(document):
        assertion.add(report, EV.publicationStatus, coded("publications", "retracted"))
    for language in facts.languages:
        assertion.add(report, DCTERMS.language, Literal(language))
    for language, title in metadata.titles:
        assertion.add(report, DCTERMS.title, Literal(title, lang=language))
    for acronym in metadata.acronyms:
        assertion.add(report, EV.acronym, Literal(acronym))
    for predicate, value in (
        (DCTERMS.bibliographicCitation, metadata.citation),
        (EV.journal, metadata.journal),
        (PRISM.doi, metadata.doi),
        (FABIO.hasPubMedId, metadata.pmid),
    ):
        assertion.add(report, predicate, None if value is None else Literal(value))
    if metadata.year is not None:
        year = Literal(f"{metadata.year:04d}", datatype=XSD.gYear, normalize=False)
        assertion.add(report, FABIO.hasPublicationYear, year)
    for position, name in enumerate(metadata.authors, start=1):
        # A name alone cannot say who comes first; a node for each author can.
        author = assertion.node("author", str(position))
        assertion.add(report, DCTERMS.creator, Literal(name))
        assertion.add(report, SCHEMA.author, author)
        assertion.add(author, RDF.type, SCHEMA.Person)
        assertion.add(author, SCHEMA.name, Literal(name))
        assertion.add(author, SCHEMA.position, integer(position))


def _add_registration(assertion: Assertion, registration: Registration) -> None:
    node = assertion.iris.registration(registration.identifier)
    link = {
        "own": EV.registration,
        "secondary": EV.secondaryRegistration,
        "mentioned": EV.mentionedRegistration,
    }[registration.role]
    assertion.add(assertion.report, link, node)
    assertion.read_from(node, registration.evidence)


def _registration(registration: Registration, iris: Iris) -> list[Triple]:
    node = iris.registration(registration.identifier)
    registry = coded("registries", registration.registry)
    triples: list[Triple] = [
        (node, RDF.type, EV.Registration),
        (node, DCTERMS.identifier, Literal(registration.identifier)),
        (node, EV.registry, registry),
    ]
    found = concept(str(registry))
    links = {} if found is None else found.links
    if "urlTemplate" in links:
        page = links["urlTemplate"].replace("{id}", registration.identifier)
        triples.append((node, EV.recordPage, Literal(page, datatype=XSD.anyURI)))
    if "bioregistryPrefix" in links:
        curie = f"{links['bioregistryPrefix']}:{registration.identifier}"
        triples.append((node, EV.curie, Literal(curie)))
    return triples


def _add_design_fact(assertion: Assertion, fact: DesignFact) -> None:
    key = f"{fact.aspect}-{digest(fact.value, fact.unit or '')}"
    node = assertion.finding("design", key, EV.DesignFact, EV.designFact, fact.evidence)
    value = coded("countries", fact.value) if fact.aspect == "country" else known("designs", fact.value, fact.aspect)
    assertion.add(node, EV.aspect, coded("designs", fact.aspect, "aspect"))
    if value is None:
        assertion.add(node, EV.valueText, Literal(fact.value))
    else:
        assertion.add(node, EV.designValue, value)
    assertion.unit(node, fact.unit)


def _add_population(assertion: Assertion, population: Population) -> None:
    if not (population.conditions or population.counts):
        return
    node = assertion.iris.population(assertion.document)
    assertion.add(node, RDF.type, EV.Population)
    assertion.add(assertion.report, EV.population, node)
    assertion.read_from(node, population.evidence)
    assertion.names(node, EV.conditionName, population.conditions)
    for name in population.conditions:
        assertion.add(node, EV.condition, None if name.concept is None else URIRef(name.concept))
    for count in population.counts:
        counted = assertion.node("count", f"{count.kind}-{count.number.text}")
        assertion.add(node, EV.count, counted)
        assertion.add(counted, RDF.type, EV.ParticipantCount)
        assertion.add(counted, EV.countKind, coded("designs", count.kind, "count-kind"))
        assertion.number(counted, "value", count.number)
        assertion.read_from(counted, count.evidence)


def _add_arm(assertion: Assertion, arm: Arm) -> None:
    node = assertion.finding("arm", arm.key, EV.Arm, EV.arm, arm.evidence)
    assertion.add(node, EV.armRole, coded("designs", arm.role, "arm-role"))
    assertion.names(node, EV.name, arm.names)
    for name in arm.names:
        assertion.add(node, EV.intervention, None if name.concept is None else URIRef(name.concept))
    assertion.number(node, "size", arm.size)


def _add_endpoint(assertion: Assertion, endpoint: Endpoint) -> None:
    node = assertion.finding("endpoint", endpoint.key, EV.Endpoint, EV.hasEndpoint, endpoint.evidence)
    assertion.add(node, EV.endpointRole, coded("designs", endpoint.role, "endpoint-role"))
    assertion.names(node, EV.name, endpoint.names)
    assertion.concept(node, endpoint.names)
