"""The ontology as triples of one named graph, so that queries can use its labels and hierarchies."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

from rdflib import Graph, Literal, URIRef

from kg.stores import Triple
from ontology import SCHEMES

# Words that steer the reading and words of the pages say nothing about trials.
LEFT_OUT: Final = frozenset({"cues", "interface", "layout", "numerals", "tables"})


class AnonymousNode(ValueError):
    """A Turtle file of the ontology holds a blank node, which no link could name."""


@cache
def vocabulary_triples() -> tuple[Triple, ...]:
    """The terms, the concept schemes and the prefixes, sorted; raises AnonymousNode."""
    graph = Graph(bind_namespaces="none")
    for name in ("terms", "prefixes", *(scheme for scheme in SCHEMES if scheme not in LEFT_OUT)):
        graph.parse(data=files("ontology").joinpath(f"{name}.ttl").read_bytes(), format="turtle")
    triples: list[Triple] = []
    for subject, predicate, value in graph:
        if not (isinstance(subject, URIRef) and isinstance(predicate, URIRef) and isinstance(value, URIRef | Literal)):
            raise AnonymousNode(f"the ontology has a blank node at {subject} {predicate}; give it an IRI")
        triples.append((subject, predicate, value))
    return tuple(sorted(triples, key=str))
