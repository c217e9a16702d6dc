"""The several documents of one report: a database's record and another's, a file and its copy under another name.

The graph holds what the best of them says, and names the others. Which is best follows from what they are, never from
the order in which they came: a record that a database gives in fields before text without any, then the longer text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from rdflib import RDF, Literal, URIRef

from extractors.documents import Document
from kg.iris import Iris
from kg.stores import Triple
from ontology import EV

# Readers of plain text guess what the others find in fields; WHO's portal copies what a registry says itself.
_LESS: Final = frozenset({"plain", "pdf", "article", "ictrp"})

Rank = tuple[bool, int, str]


@dataclass(slots=True)
class Source:
    """A document of a report: its reader, and the names of the files that hold it."""

    reader: str
    names: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Sources:
    """The documents of each report by the hash of their text; only of reports that have several."""

    _by_report: dict[str, dict[str, Source]] = field(default_factory=dict)

    def known(self, report: str) -> Mapping[str, Source]:
        """The documents of the report."""
        return self._by_report.get(report, {})

    def note(self, report: str, sha256: str, reader: str, name: str) -> None:
        """Note a document of the report under a name; another text that had the name has it no more."""
        documents = self._by_report.setdefault(report, {})
        for other, source in list(documents.items()):
            if other != sha256:
                source.names.discard(name)
                if not source.names:
                    del documents[other]
        documents.setdefault(sha256, Source(reader)).names.add(name)

    def triples(self, report: str, iris: Iris) -> list[Triple]:
        """The triples of the graph of a report's documents, sorted; none while it has one under one name."""
        documents = self.known(report)
        if sum(len(source.names) for source in documents.values()) < 2:
            return []
        subject = URIRef(report)
        triples: list[Triple] = []
        for sha256, source in documents.items():
            node = iris.report_source(report, sha256)
            triples += [
                (subject, EV.hasSource, node),
                (node, RDF.type, EV.ReportSource),
                (node, EV.sha256, Literal(sha256)),
                (node, EV.reader, Literal(source.reader)),
                *((node, EV.sourceName, Literal(name)) for name in source.names),
            ]
        return sorted(triples)


def rank(reader: str, length: int, sha256: str) -> Rank:
    """What orders the documents of a report; the greatest is the one whose facts are stored."""
    return reader not in _LESS, length, sha256


def rank_of(document: Document) -> Rank:
    """The rank of a document."""
    return rank(document.reader, len(document.text), document.sha256)


def first_name(names: Iterable[str]) -> str:
    """The name by which a document with several is called."""
    return min(names)
