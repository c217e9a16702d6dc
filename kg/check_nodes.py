"""The graph of a report's checks: a node for each, with what it read, what it computed, and why, in both languages."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from decimal import Decimal
from typing import Final

from rdflib import RDF, Literal, URIRef

from extractors.documents import Document
from kg.assertion import decimal
from kg.audit.checks import Check, Input
from kg.audit.ranges import figures
from kg.codes import coded
from kg.iris import Iris, digest
from kg.provenance import evidence_triples
from kg.stores import Triple
from ontology import EV

LANGUAGES: Final = ("en", "zh")


def check_graph(
    document: Document, checks: Iterable[Check], version: int, iris: Iris, known: Container[URIRef]
) -> list[Triple]:
    """The triples of the checks of one document version, sorted; raises UnknownCode and UnknownConcept.

    ``known`` holds the stretches of the text that the graph of the findings' provenance describes.
    """
    node = iris.version(document.id, version)
    graph = iris.report_checks_graph(document.id, version)
    triples: set[Triple] = set()
    for one in checks:
        triples.update(_check(document, one, node, iris, known))
    if triples:
        triples.add((node, EV.checksGraph, graph))
    return sorted(triples)


def _check(document: Document, one: Check, version: URIRef, iris: Iris, known: Container[URIRef]) -> list[Triple]:
    place = (f"{piece.start}-{piece.end}" for read in one.inputs for piece in read.evidence)
    node = iris.finding(document.id, "check", f"{one.kind}-{digest(*place, *(read.text for read in one.inputs))}")
    involved: list[URIRef] = []
    triples: list[Triple] = []
    for number, read in enumerate(one.inputs, start=1):
        if read.finding is not None:
            involved.append(iris.finding(document.id, *read.finding))
        else:
            thing = URIRef(f"{node}/input/{number}")
            involved.append(thing)
            triples += _input(thing, read, version, iris, known)
    words = {language: one.explanation(language) for language in LANGUAGES}
    triples += check_triples(node, one.kind, one.verdict, involved, words)
    triples.append((iris.report(document.id), EV.hasCheck, node))
    if one.computed is not None:
        for name, bound in (("computedLow", one.computed.low), ("computedHigh", one.computed.high)):
            text = figures(bound, 4)
            if "∞" not in text:
                triples.append((node, EV[name], decimal(Decimal(text))))
    return triples


def check_triples(
    node: URIRef, kind: str, verdict: str, involved: Iterable[URIRef], words: Mapping[str, str]
) -> list[Triple]:
    """What every check says of itself: its type, kind, verdict, what it involves, and its explanation by language."""
    triples: list[Triple] = [
        (node, RDF.type, EV.Check),
        (node, EV.checkKind, coded("checks", kind, "check-kind")),
        (node, EV.verdict, coded("checks", verdict, "check-verdict")),
        *((node, EV.involves, thing) for thing in involved),
        *((node, EV.explanation, Literal(text, lang=language)) for language, text in words.items()),
    ]
    if verdict == "inconsistent":
        triples.append((node, RDF.type, EV.Discrepancy))
    return triples


def _input(thing: URIRef, read: Input, version: URIRef, iris: Iris, known: Container[URIRef]) -> list[Triple]:
    """What was read from the text alone, with the characters that print it."""
    return [
        (thing, RDF.type, EV.CheckInput),
        (thing, EV.valueText, Literal(read.text)),
        *evidence_triples(((thing, piece) for piece in read.evidence), version, iris, known),
    ]
