"""What the graph says of itself: VoID and DCAT with its partitions, and the example queries in SHACL.

Vocabularies: https://www.w3.org/TR/void/, https://www.w3.org/TR/vocab-dcat-3/, and the executables of
https://www.w3.org/TR/shacl-af/, in the form that query editors look for.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

from rdflib import RDF, RDFS, SH, VOID, XSD, Graph, Literal, Namespace, URIRef

from kg import inventory
from kg.inventory import Partition
from kg.iris import Iris, digest
from kg.queries import examples
from kg.stores import ReadableStore, Triple
from ontology import prefixes

# https://ldf.fi/void-ext: datatypes of a property's values, which VoID itself cannot say.
VOID_EXT: Final = Namespace("http://ldf.fi/void-ext#")
_SCHEMA: Final = Namespace("https://schema.org/")


def description(store: ReadableStore, iris: Iris) -> list[Triple]:
    """The data set: titles, service, number of triples, and which class has which properties how often."""
    dataset = iris.dataset
    entities = inventory.class_sizes(store)
    partitions = inventory.partitions(store)
    properties = {partition.property for partition in partitions}
    triples: list[Triple] = [
        *_fixed(iris.base),
        (dataset, VOID.uriSpace, Literal(iris.base)),
        (dataset, VOID.triples, _number(sum(inventory.graph_sizes(store).values()))),
        (dataset, VOID.entities, _number(sum(entities.values()))),
        (dataset, VOID.classes, _number(len(entities))),
        (dataset, VOID.properties, _number(len(properties))),
    ]
    for name, number in entities.items():
        node = _node(iris, name)
        triples += [
            (dataset, VOID.classPartition, node),
            (node, VOID["class"], URIRef(name)),
            (node, VOID.entities, _number(number)),
        ]
    for name in properties:
        node = _node(iris, "", name)
        triples += [(dataset, VOID.propertyPartition, node), (node, VOID.property, URIRef(name))]
    for partition in partitions:
        triples += _property(iris, partition)
    return sorted(triples)


def _property(iris: Iris, partition: Partition) -> list[Triple]:
    node = _node(iris, partition.name, partition.property)
    triples: list[Triple] = [
        (_node(iris, partition.name), VOID.propertyPartition, node),
        (node, VOID.property, URIRef(partition.property)),
        (node, VOID.triples, _number(partition.triples)),
    ]
    for name in partition.ranges:
        inner = _node(iris, partition.name, partition.property, name)
        if name.startswith(str(XSD)) or name in {str(RDF.langString), str(RDFS.Literal)}:
            triples += [(node, VOID_EXT.datatypePartition, inner), (inner, VOID_EXT.datatype, URIRef(name))]
        else:
            triples += [(node, VOID.classPartition, inner), (inner, VOID["class"], URIRef(name))]
    return triples


def example_triples(iris: Iris) -> list[Triple]:
    """The example queries as executables, with their titles in both languages."""
    triples: list[Triple] = []
    for example in examples():
        node = iris.example(example.name)
        triples += [
            (node, RDF.type, SH.SPARQLExecutable),
            (node, RDF.type, SH.SPARQLSelectExecutable),
            (node, SH.select, Literal(example.text)),
            (node, SH.prefixes, iris.dataset),
            (node, _SCHEMA.target, URIRef(f"{iris.base}sparql")),
        ]
        for language, title in example.titles.items():
            triples += [
                (node, RDFS.label, Literal(title, lang=language)),
                (node, RDFS.comment, Literal(title, lang=language)),
            ]
    triples += [(iris.dataset, SH.declare, URIRef(f"{_PREFIXES}{prefix}")) for prefix in prefixes()]
    return sorted(triples)


_PREFIXES: Final = "https://w3id.org/evidence-kg/prefix/"


@cache
def _fixed(base: str) -> tuple[Triple, ...]:
    """What ontology/dataset.ttl says, under the base."""
    graph = Graph(bind_namespaces="none")
    graph.parse(data=files("ontology").joinpath("dataset.ttl").read_bytes(), format="turtle", publicID=base)
    return tuple(
        (subject, predicate, value)
        for subject, predicate, value in graph
        if isinstance(subject, URIRef) and isinstance(predicate, URIRef) and isinstance(value, URIRef | Literal)
    )


def _node(iris: Iris, *parts: str) -> URIRef:
    return URIRef(f"{iris.base}void/{digest(*parts)}")


def _number(number: int) -> Literal:
    return Literal(str(number), datatype=XSD.integer)
