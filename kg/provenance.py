"""The graphs about a document version: the characters each finding was read from, and who read them.

Evidence is a Web Annotation (https://www.w3.org/TR/annotation-model/) whose body is the finding and whose
target is a stretch of the stored text, given by position (Unicode code points) and by quote.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace
from decimal import Decimal

from rdflib import DCTERMS, PROV, RDF, XSD, Literal, Namespace, URIRef

from extractors.documents import Document, Section
from extractors.findings import Evidence
from kg.assertion import decimal, integer
from kg.codes import coded
from kg.iris import Iris
from kg.stores import Triple
from ontology import EV

OA = Namespace("http://www.w3.org/ns/oa#")


def provenance(
    document: Document, evidence: Iterable[tuple[URIRef, Evidence]], version: int, iris: Iris
) -> list[Triple]:
    """The text of the version, its sections, and the evidence for each node, as triples of one graph."""
    node = iris.version(document.id, version)
    assertion_graph = iris.assertion_graph(document.id, version)
    triples: list[Triple] = [
        (node, EV.fullText, Literal(document.text)),
        (node, EV.assertionGraph, assertion_graph),
        (node, EV.provenanceGraph, iris.provenance_graph(document.id, version)),
        (assertion_graph, PROV.wasDerivedFrom, node),
    ]
    for section in document.sections:
        triples.extend(_section(section, node, iris))
    return [*triples, *evidence_triples(evidence, node, iris)]


def evidence_triples(
    evidence: Iterable[tuple[URIRef, Evidence]], version: URIRef, iris: Iris, known: Container[URIRef] = ()
) -> list[Triple]:
    """The annotations that tie nodes to characters of a document version, and these characters.

    ``known`` holds the stretches that another graph describes: a triple in two graphs would count twice.
    """
    triples: list[Triple] = []
    spans: set[URIRef] = set()
    for body, piece in _distinct(evidence):
        span = iris.span(version, piece.start, piece.end)
        if span not in spans and span not in known:
            spans.add(span)
            triples.extend(_span(piece, version, iris))
        triples.extend(_evidence(body, piece, version, iris))
    return triples


def described(graph: Iterable[Triple]) -> frozenset[URIRef]:
    """The stretches of text that a graph describes."""
    return frozenset(subject for subject, predicate, _ in graph if predicate == OA.hasSource)


def publication(document: Document, version: int, iris: Iris, *, software: str) -> list[Triple]:
    """What the document version is: its report, hash, file and reader, and the version that it revises."""
    node = iris.version(document.id, version)
    triples: list[Triple] = [
        (node, RDF.type, EV.DocumentVersion),
        (node, EV.ofReport, iris.report(document.id)),
        (node, EV.versionNumber, integer(version)),
        (node, EV.sha256, Literal(document.sha256)),
        (node, EV.sourceName, Literal(document.source)),
        (node, EV.reader, Literal(document.reader)),
        (node, EV.readerVersion, Literal(software)),
    ]
    if version > 1:
        triples.append((node, PROV.wasRevisionOf, iris.version(document.id, version - 1)))
    return triples


def _section(section: Section, version: URIRef, iris: Iris) -> list[Triple]:
    node = iris.section(version, section.id)
    triples: list[Triple] = [
        (version, EV.hasSection, node),
        (node, RDF.type, EV.Section),
        (node, DCTERMS.identifier, Literal(section.id)),
        (node, EV.sectionRole, coded("sections", section.role)),
        (node, DCTERMS.language, Literal(section.language)),
        (node, EV.start, integer(section.start)),
        (node, EV.end, integer(section.end)),
        (node, EV.inAbstract, Literal("true" if section.in_abstract else "false", datatype=XSD.boolean)),
    ]
    if section.heading is not None:
        triples.append((node, EV.heading, Literal(section.heading)))
    return triples


def _distinct(evidence: Iterable[tuple[URIRef, Evidence]]) -> list[tuple[URIRef, Evidence]]:
    # What differs in confidence only is one piece of evidence, with the highest confidence of them.
    pieces: dict[tuple[URIRef, Evidence], Evidence] = {}
    for body, piece in evidence:
        key = (body, replace(piece, confidence=Decimal(0), reasons=()))
        if key not in pieces or piece.confidence > pieces[key].confidence:
            pieces[key] = piece
    return [(body, piece) for (body, _), piece in pieces.items()]


def _span(piece: Evidence, version: URIRef, iris: Iris) -> list[Triple]:
    node = iris.span(version, piece.start, piece.end)
    position, quote = URIRef(f"{node}/position"), URIRef(f"{node}/quote")
    return [
        (node, RDF.type, OA.SpecificResource),
        (node, OA.hasSource, version),
        (node, OA.hasSelector, position),
        (node, OA.hasSelector, quote),
        (position, RDF.type, OA.TextPositionSelector),
        (position, OA.start, integer(piece.start)),
        (position, OA.end, integer(piece.end)),
        (quote, RDF.type, OA.TextQuoteSelector),
        (quote, OA.exact, Literal(piece.quote)),
    ]


def _evidence(body: URIRef, piece: Evidence, version: URIRef, iris: Iris) -> list[Triple]:
    node = iris.evidence(
        version,
        piece.start,
        piece.end,
        *(str(body), piece.supports, piece.section, piece.language, piece.component, piece.version),
    )
    cell: list[Triple] = []
    if piece.table is not None and piece.row is not None and piece.column is not None:
        cell = [
            (node, EV.tableName, Literal(piece.table)),
            (node, EV.tableRow, integer(piece.row)),
            (node, EV.tableColumn, integer(piece.column)),
        ]
    return [
        *cell,
        (node, RDF.type, OA.Annotation),
        (node, RDF.type, EV.Evidence),
        (node, OA.hasBody, body),
        (node, OA.hasTarget, iris.span(version, piece.start, piece.end)),
        (node, EV.supports, coded("designs", piece.supports, "evidence-part")),
        (node, EV.section, iris.section(version, piece.section)),
        (node, DCTERMS.language, Literal(piece.language)),
        (node, EV.confidence, decimal(piece.confidence)),
        (node, EV.component, Literal(piece.component)),
        (node, EV.componentVersion, Literal(piece.version)),
    ]
