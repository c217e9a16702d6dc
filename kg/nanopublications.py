"""One nanopublication for each finding of a trial: what was found, where it was read, and what publishes it.

Four named graphs as https://nanopub.net/guidelines/working_draft/ has them. They are cut from the graph's own triples,
so that a finding says the same in both; the order is that of the text, so that the same graph gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rdflib import DCTERMS, PROV, RDF, Namespace, URIRef

from kg.iris import Iris
from kg.provenance import OA
from kg.query_files import query_text
from kg.stores import ReadableStore
from ontology import EV

NP: Final = Namespace("http://www.nanopub.org/nschema#")
# What the address of a finding's nanopublication ends in.
ENDING: Final = "/nanopublication"
# The properties by which a report states a finding that is published by itself.
_STATES: Final = tuple(map(str, (EV.contrast, EV.armResult, EV.statement, EV.conclusion)))

Statement = tuple[str, str, str]


def nanopublications(store: ReadableStore, trial: str, iris: Iris, finding: str | None = None) -> str | None:
    """TriG with all findings of the trial, or with the one that is named; ``None`` where there is none."""
    body = store.answer(query_text("nanopublications"), graphs="ntriples", bindings={"trial": URIRef(trial)}).body
    source = _Source(body.decode("utf-8"))
    wanted = [one for one in source.findings() if finding is None or one[1] == f"<{finding}>"]
    return "\n".join(source.published(report, node, iris) for report, node in wanted) or None


class _Source:
    """The triples of a trial as lines of N-Triples, by subject."""

    def __init__(self, lines: str) -> None:
        self._by_subject: dict[str, list[Statement]] = {}
        self._about: dict[str, list[str]] = {}
        # The current version of each report's document: the one whose assertions are in the graph.
        self._documents: dict[str, str] = {}
        for line in sorted(set(lines.splitlines())):
            subject, predicate, rest = line.split(" ", 2)
            said = rest.removesuffix(".").rstrip()
            self._by_subject.setdefault(subject, []).append((subject, predicate, said))
            if predicate == _n(OA.hasBody):
                self._about.setdefault(said, []).append(subject)

        for subject, statements in self._by_subject.items():
            values = {predicate: value for _, predicate, value in statements}
            if _n(EV.assertionGraph) in values and _n(EV.ofReport) in values:
                self._documents[values[_n(EV.ofReport)]] = subject

    def findings(self) -> Iterator[tuple[str, str]]:
        """Every report with every finding that it states."""
        states = {f"<{name}>" for name in _STATES}
        for subject, statements in self._by_subject.items():
            for _, predicate, said in statements:
                if predicate in states:
                    yield subject, said

    def published(self, report: str, finding: str, iris: Iris) -> str:
        """The nanopublication of one finding."""
        node = f"<{finding[1:-1]}{ENDING}>"
        head, assertion, provenance, publication = (
            f"<{finding[1:-1]}{ENDING}/{name}>" for name in ("head", "assertion", "provenance", "pubinfo")
        )
        document = self._documents[report]
        return "".join(
            (
                _graph(
                    head,
                    (
                        (node, _n(RDF.type), _n(NP.Nanopublication)),
                        (node, _n(NP.hasAssertion), assertion),
                        (node, _n(NP.hasProvenance), provenance),
                        (node, _n(NP.hasPublicationInfo), publication),
                    ),
                ),
                _graph(assertion, self._said(finding)),
                _graph(
                    provenance,
                    (
                        (assertion, _n(PROV.wasDerivedFrom), document),
                        *self._by_subject.get(document, ()),
                        *self._read_from(finding),
                    ),
                ),
                _graph(
                    publication,
                    (
                        (node, _n(DCTERMS.isPartOf), _n(iris.dataset)),
                        (node, _n(PROV.wasAttributedTo), _n(URIRef(f"{iris.base}service"))),
                        (node, _n(DCTERMS.source), report),
                        (node, _n(DCTERMS.subject), finding),
                    ),
                ),
            )
        )

    def _said(self, finding: str) -> Iterator[Statement]:
        """The finding and what it speaks of: its endpoint, arms and subgroup."""
        own = self._by_subject.get(finding, [])
        yield from own
        for value in dict.fromkeys(value for _, predicate, value in own if predicate != _n(RDF.type)):
            yield from self._by_subject.get(value, ())

    def _read_from(self, finding: str) -> Iterator[Statement]:
        """The pieces of evidence with the stretches of text that they point to."""
        for piece in self._about.get(finding, ()):
            yield from self._by_subject[piece]
            for _, predicate, stretch in self._by_subject[piece]:
                if predicate == _n(OA.hasTarget):
                    yield from self._by_subject.get(stretch, ())
                    for _, part, selector in self._by_subject.get(stretch, ()):
                        if part == _n(OA.hasSelector):
                            yield from self._by_subject.get(selector, ())


def _n(iri: URIRef) -> str:
    return f"<{iri}>"


def _graph(name: str, statements: Iterable[Statement]) -> str:
    lines = "".join(f"  {subject} {predicate} {value} .\n" for subject, predicate, value in dict.fromkeys(statements))
    return f"{name} {{\n{lines}}}\n"
