"""Checks the graphs of one report against the ontology's SHACL shapes, and says in lines what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import pyshacl
from rdflib import RDF, SH, Graph
from rdflib.namespace import NamespaceManager
from rdflib.term import Node

from kg.stores import Triple
from ontology import prefixes, shapes_graph


class ShapeViolation(Exception):
    """A report whose graphs break the shapes; the message holds one line for each violation."""


def graph_of(triples: Iterable[Triple]) -> Graph:
    """The triples as an rdflib graph."""
    graph = Graph(bind_namespaces="none")
    for triple in triples:
        graph.add(triple)
    return graph


def violations(graph: Graph) -> tuple[str, ...]:
    """One line for each violation: the node, the path, the value, the message; sorted, empty if none."""
    conforms, results, _ = pyshacl.validate(graph, shacl_graph=_shapes(), inference="none")
    if conforms:
        return ()
    names = NamespaceManager(Graph(), bind_namespaces="none")
    for prefix, namespace in prefixes().items():
        names.bind(prefix, namespace)
    return tuple(sorted({_line(results, result, names) for result in results.subjects(RDF.type, SH.ValidationResult)}))


def require_valid(triples: Iterable[Triple]) -> None:
    """Raise ShapeViolation unless the graphs of the report fit the shapes."""
    lines = violations(graph_of(triples))
    if lines:
        raise ShapeViolation("the findings do not fit ontology/shapes.ttl:\n" + "\n".join(lines))


@cache
def _shapes() -> Graph:
    """The shapes, each property shape with the target of its node shape, which means the same.

    pySHACL looks at all nodes of a target at once, but goes from a node shape to its property shapes node by node,
    which takes five times as long.
    """
    shapes = Graph(bind_namespaces="none")
    shapes += shapes_graph()
    for shape, target in shapes_graph().subject_objects(SH.targetClass):
        for constraint in shapes_graph().objects(shape, SH.property):
            shapes.remove((shape, SH.property, constraint))
            shapes.add((constraint, RDF.type, SH.PropertyShape))
            shapes.add((constraint, SH.targetClass, target))
    return shapes


def _line(results: Graph, result: Node, names: NamespaceManager) -> str:
    def one(predicate: Node) -> str:
        value = results.value(result, predicate)
        return "" if value is None else value.n3(names)

    messages = results.objects(result, SH.resultMessage)
    english = sorted(str(text) for text in messages if getattr(text, "language", None) in {None, "en"})
    parts = (one(SH.focusNode), one(SH.resultPath), one(SH.value), *english[:1])
    return " | ".join(part for part in parts if part)
