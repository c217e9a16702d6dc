"""Looks over a whole store: shapes, quotes against the stored text, text against its hash, loose ends."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from rdflib import Graph, URIRef

from kg import inventory
from kg.stores import ReadableStore
from kg.validate import violations

Kind = Literal["shape", "quote", "hash", "loose end"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in the store: the kind of check, the thing's IRI, and what is the matter with it."""

    kind: Kind
    thing: str
    message: str


def check(store: ReadableStore) -> tuple[Problem, ...]:
    """Everything that is wrong in the store, empty if all is well."""
    return (*_texts(store), *_loose_ends(store), *_shapes(store))


def _texts(store: ReadableStore) -> list[Problem]:
    problems: list[Problem] = []
    texts = {text.document: text for text in inventory.texts(store)}
    for document, text in texts.items():
        if hashlib.sha256(text.text.encode("utf-8")).hexdigest() != text.sha256:
            problems.append(Problem("hash", document, "the stored text is not the one that was read"))
    for span in inventory.spans(store):
        source = texts.get(span.document)
        if source is None:
            problems.append(Problem("quote", span.span, "the text that it quotes is not stored"))
        elif source.text[span.start : span.end] != span.quote:
            problems.append(Problem("quote", span.span, f"the text does not say {span.quote!r} there"))
    return problems


def _loose_ends(store: ReadableStore) -> list[Problem]:
    return [
        Problem("loose end", orphan.thing, f"{orphan.problem}: {orphan.about}") for orphan in inventory.orphans(store)
    ]


def _shapes(store: ReadableStore) -> list[Problem]:
    problems: list[Problem] = []
    for report in inventory.report_graphs(store):
        graph = Graph(bind_namespaces="none")
        for name in report.graphs:
            lines = sorted(store.triples(URIRef(name)))
            graph.parse(data="".join(f"{line} .\n" for line in lines), format="nt")
        problems.extend(Problem("shape", report.report, line) for line in violations(graph))
    return problems
