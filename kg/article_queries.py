"""The typed function of the query for what whole articles say beside their results."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rdflib import URIRef

from kg import columns
from kg.article_rows import ArticleParts, Criterion, Limit
from kg.columns import Solution
from kg.query_files import query_text
from kg.rows import Name
from kg.stores import ReadableStore
from ontology import EV

Node = list[Solution]


def article_findings(store: ReadableStore, trial: str) -> ArticleParts:
    """Everything that the trial's articles say beside their results, report by report; ``trial`` is its IRI."""
    found: dict[str, list[tuple[str, Node, list[Node]]]] = {}
    solutions = store.select(query_text("article_findings"), {"trial": URIRef(trial)})
    for finding, group in groupby(solutions, key=lambda row: columns.text(row, "finding")):
        nodes = columns.described(group, "node")
        own = nodes.pop(finding)
        found.setdefault(columns.text(own[0], "type"), []).append((finding, own, list(nodes.values())))
    return ArticleParts(criteria=tuple(_criteria(found.get(str(EV.Eligibility), []))))


def _criteria(found: list[tuple[str, Node, list[Node]]]) -> Iterator[Criterion]:
    for iri, own, parts in found:
        first = own[0]
        limits = (
            Limit(
                measure=columns.text(part[0], "limitMeasure"),
                low=columns.quantity(part[0], "limitLow"),
                high=columns.quantity(part[0], "limitHigh"),
                unit=columns.optional(part[0], "unit"),
                unit_text=columns.optional(part[0], "unitText"),
            )
            for part in parts
        )
        yield Criterion(
            iri, columns.text(first, "report"), columns.text(first, "criterionKind"), _text(first), tuple(limits)
        )


def _text(solution: Solution) -> Name:
    """The words of a finding in their language."""
    return Name(columns.text(solution, "text"), solution["text"].language or "")
