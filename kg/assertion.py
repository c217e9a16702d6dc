"""Collects the triples of one report's assertion graph, with the evidence of each node."""

from __future__ import annotations

from decimal import Decimal

from rdflib import RDF, SKOS, XSD, Literal, URIRef

from extractors.findings import Evidence, Name, Number
from kg.codes import known
from kg.iris import Iris
from kg.stores import Triple
from ontology import EV


class Assertion:
    """The triples about one report so far, and which node each piece of evidence is for."""

    def __init__(self, iris: Iris, document: str):
        self.iris = iris
        self.document = document
        self.report = iris.report(document)
        self.triples: list[Triple] = []
        self.evidence: list[tuple[URIRef, Evidence]] = []

    def add(self, subject: URIRef, predicate: URIRef, value: URIRef | Literal | None) -> None:
        """Add a triple, or nothing where the value is ``None``."""
        if value is not None:
            self.triples.append((subject, predicate, value))

    def finding(self, kind: str, key: str, type_: URIRef, link: URIRef, evidence: tuple[Evidence, ...] = ()) -> URIRef:
        """The node of a finding, typed, linked from the report and tied to its evidence."""
        node = self.node(kind, key)
        self.add(node, RDF.type, type_)
        self.add(self.report, link, node)
        self.read_from(node, evidence)
        return node

    def node(self, kind: str, key: str) -> URIRef:
        """The IRI of a finding of this report."""
        return self.iris.finding(self.document, kind, key)

    def read_from(self, node: URIRef, evidence: tuple[Evidence, ...]) -> None:
        """Say what the node was read from."""
        self.evidence.extend((node, piece) for piece in evidence)

    def number(self, node: URIRef, name: str, number: Number | None) -> None:
        """Add ``ev:{name}`` as a decimal and ``ev:{name}Text`` as printed, or nothing for ``None``."""
        if number is not None:
            self.add(node, EV[name], decimal(number.value))
            self.add(node, EV[f"{name}Text"], Literal(number.text))

    def flag(self, node: URIRef, name: str, value: bool | None) -> None:
        """Add a boolean, or nothing for ``None``."""
        if value is not None:
            self.add(node, EV[name], Literal("true" if value else "false", datatype=XSD.boolean))

    def unit(self, node: URIRef, unit: str | None) -> None:
        """Add the unit as a concept, or as printed where the lexicon lacks it."""
        if unit is not None:
            concept = known("units", unit)
            self.add(node, EV.unitText if concept is None else EV.unit, concept or Literal(unit))

    def concept(self, node: URIRef, names: tuple[Name, ...]) -> None:
        """Add the concept of the first name that has one: names come best first."""
        found = next((name.concept for name in names if name.concept is not None), None)
        self.add(node, EV.concept, None if found is None else URIRef(found))

    def names(self, node: URIRef, predicate: URIRef, names: tuple[Name, ...]) -> None:
        """Add every name in its language, and the first of each language as the preferred label."""
        seen = set()
        for name in names:
            text = Literal(name.text, lang=name.language)
            self.add(node, predicate, text)
            if name.language not in seen:
                seen.add(name.language)
                self.add(node, SKOS.prefLabel, text)


def decimal(value: Decimal) -> Literal:
    """The number as xsd:decimal in canonical form, without exponent or trailing zeros."""
    return Literal(format(value.normalize(), "f"), datatype=XSD.decimal, normalize=False)


def integer(value: int) -> Literal:
    """The number as xsd:integer."""
    return Literal(str(value), datatype=XSD.integer, normalize=False)
