"""What every store offers, wherever its graph lies: rows, answers in every format within bounds, exports, changes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from typing import BinaryIO, Final, Literal

import pyoxigraph as ox
import rdflib

from kg.answers import EVERYTHING, Answer, Dataset, Form, GraphFormat, QueryError, ResultFormat, Sink, Value
from kg.solutions import read_table
from ontology import prefixes

Triple = tuple[rdflib.URIRef, rdflib.URIRef, rdflib.URIRef | rdflib.Literal]
Graphs = Mapping[rdflib.URIRef, Iterable[Triple]]
Bindings = Mapping[str, rdflib.URIRef | rdflib.Literal]
Result = ox.QuerySolutions | ox.QueryBoolean | Iterable[ox.Triple]
DumpFormat = Literal["nquads", "trig", "jsonld"]

RESULT_FORMATS: Final[Mapping[ResultFormat, ox.QueryResultsFormat]] = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPH_FORMATS: Final[Mapping[GraphFormat, ox.RdfFormat]] = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}


class MalformedGraph(Exception):
    """Data that were sent as a graph cannot be read; the message is the parser's."""


class ReadableStore(ABC):
    """A store that can be asked; the default graph of every query is the union of its named graphs.

    ``version`` names the published state that it reads; it is empty for a store that is being written.
    """

    version: str = ""

    @abstractmethod
    def _query(self, text: str, bindings: Bindings, dataset: Dataset, max_bytes: int | None = None) -> Result:
        """The result; raises QueryError. ``max_bytes`` bounds what is fetched from elsewhere."""

    @abstractmethod
    def _triples(self, graph: str | None) -> Iterable[ox.Triple]:
        """The triples of one graph, those of the default graph for ``None``."""

    @abstractmethod
    def _quads_of_all(self) -> Iterable[ox.Quad]:
        """Every quad."""

    @abstractmethod
    def has_graph(self, graph: str | None) -> bool:
        """Whether there is a graph of this name, or for ``None`` anything in the default graph."""

    def triples(self, graph: str) -> frozenset[str]:
        """The triples of one named graph as N-Triples lines without their full stop."""
        return frozenset(map(str, self._triples(graph)))

    def select(self, text: str, bindings: Bindings | None = None) -> list[dict[str, Value]]:
        """The solutions of a SELECT query, unbound variables left out.

        Each bound variable must be projected by the outer SELECT and by every sub-select that uses it: the
        database substitutes it nowhere else.
        """
        result = self._solutions(text, bindings)
        known = {name: _bound(value) for name, value in (bindings or {}).items()}
        table = BytesIO()
        try:
            result.serialize(table, ox.QueryResultsFormat.TSV)
        except RuntimeError as error:
            raise QueryError(str(error)) from error
        return read_table(table.getvalue(), known)

    def solutions(self, text: str, bindings: Bindings | None = None) -> Iterator[dict[str, Value]]:
        """The same, one after the other, for results that are too many to be held at once."""
        result = self._solutions(text, bindings)
        names = [variable.value for variable in result.variables]
        for solution in result:
            yield {name: _value(term) for name in names if (term := solution[name]) is not None}

    def _solutions(self, text: str, bindings: Bindings | None) -> ox.QuerySolutions:
        result = self._query(text, bindings or {}, EVERYTHING)
        if not isinstance(result, ox.QuerySolutions):
            raise QueryError("only a SELECT query has solutions")
        return result

    def answer(
        self,
        text: str,
        *,
        results: ResultFormat = "json",
        graphs: GraphFormat = "turtle",
        bindings: Bindings | None = None,
        dataset: Dataset = EVERYTHING,
    ) -> Answer:
        """The result of a query of any form, serialised whole; raises QueryError."""
        body = BytesIO()
        form = self.write_answer(body, text, results=results, graphs=graphs, bindings=bindings, dataset=dataset)
        return Answer(form, body.getvalue())

    def write_answer(
        self,
        target: BinaryIO,
        text: str,
        *,
        results: ResultFormat = "json",
        graphs: GraphFormat = "turtle",
        bindings: Bindings | None = None,
        dataset: Dataset = EVERYTHING,
        max_bytes: int | None = None,
    ) -> Form:
        """Write the result of a query and tell its form; raises QueryError and ResultTooLarge.

        After an exception the target holds a part of an answer, which is to be thrown away.
        """
        result = self._query(text, bindings or {}, dataset, max_bytes)
        try:
            if isinstance(result, ox.QuerySolutions | ox.QueryBoolean):
                result.serialize(Sink(target, max_bytes, xml=results == "xml"), RESULT_FORMATS[results])
                return "boolean" if isinstance(result, ox.QueryBoolean) else "solutions"
            sink = Sink(target, max_bytes, xml=graphs == "rdfxml")
            ox.serialize(result, sink, GRAPH_FORMATS[graphs], prefixes=dict(prefixes()))
        except (RuntimeError, SyntaxError) as error:
            raise QueryError(str(error)) from error
        return "triples"

    def write_graph(self, target: BinaryIO, graph: str | None, form: GraphFormat, *, max_bytes: int | None) -> bool:
        """Write the triples of one graph, those of the default graph for ``None``; false if there is none.

        Raises ResultTooLarge.
        """
        if not self.has_graph(graph):
            return False
        sink = Sink(target, max_bytes, xml=form == "rdfxml")
        ox.serialize(self._triples(graph), sink, GRAPH_FORMATS[form], prefixes=dict(prefixes()))
        return True

    def dump(self, form: DumpFormat = "nquads") -> bytes:
        """All quads, sorted, so that equal graphs give equal bytes; N-Quads are sorted line by line."""
        if form == "nquads":
            return "".join(sorted(f"{quad} .\n" for quad in self._quads_of_all())).encode("utf-8")
        body = BytesIO()
        ox.serialize(sorted(self._quads_of_all(), key=_order), body, GRAPH_FORMATS[form], prefixes=dict(prefixes()))
        return body.getvalue()


class WritableStore(ReadableStore):
    """A store as its one writer has it."""

    @property
    @abstractmethod
    def unpublished(self) -> bool:
        """Whether something was written since the last publication."""

    @abstractmethod
    def graphs(self) -> frozenset[str]:
        """The IRIs of the named graphs."""

    def replace(self, graphs: Graphs) -> bool:
        """Give each of the graphs exactly these triples, as ``write`` does."""
        return self.write({str(name): frozenset(map(line, triples)) for name, triples in graphs.items()})

    @abstractmethod
    def write(self, graphs: Mapping[str, frozenset[str]]) -> bool:
        """Give each of the graphs exactly these triples, N-Triples lines without full stop; an empty one is removed.

        False, and nothing is written, if the graphs hold these triples already.
        """

    @abstractmethod
    def put_graph(self, graph: str | None, data: bytes, form: GraphFormat, *, base_iri: str, merge: bool) -> bool:
        """Give the graph, or the default graph for ``None``, the triples of the data, or add them to it.

        True if there was none of this name before. Blank nodes stay apart from those that are stored. Raises
        MalformedGraph.
        """

    @abstractmethod
    def drop_graph(self, graph: str | None) -> bool:
        """Remove the graph; false if there was none."""

    @abstractmethod
    def update(self, text: str, *, base_iri: str | None = None) -> None:
        """Change the graph as a SPARQL 1.1 Update says; raises QueryError."""

    @abstractmethod
    def fill(self, quads: BinaryIO) -> None:
        """Fill an empty store from N-Quads; raises SyntaxError."""

    @abstractmethod
    def publish(self) -> object | None:
        """Make what is stored visible to readers; ``None`` if nothing has changed."""


def parsed_graph(data: bytes, form: GraphFormat, base_iri: str) -> frozenset[str]:
    """The triples of data that were sent as one graph, as N-Triples lines; raises MalformedGraph.

    Their blank nodes have names that no others have.
    """
    try:
        quads = list(ox.parse(data, GRAPH_FORMATS[form], base_iri=base_iri, rename_blank_nodes=True))
    except (SyntaxError, ValueError) as error:
        raise MalformedGraph(str(error)) from error
    if any(quad.graph_name != ox.DefaultGraph() for quad in quads):
        raise MalformedGraph("the data name graphs of their own; send one graph at a time")
    return frozenset(str(quad.triple) for quad in quads)


def replacing(graph: str | None, lines: Iterable[str]) -> list[str]:
    """The operations of an update that give the graph, or the default graph, exactly these triples."""
    target = "DEFAULT" if graph is None else f"GRAPH {ox.NamedNode(graph)}"
    return [f"DROP SILENT {target}", *inserting(graph, lines)]


def inserting(graph: str | None, lines: Iterable[str]) -> list[str]:
    """The operations of an update that add these triples to the graph, or to the default graph."""
    body = " .\n".join(sorted(lines))
    if not body:
        return []
    if graph is None:
        return [f"INSERT DATA {{\n{body}\n}}"]
    return [f"INSERT DATA {{ GRAPH {ox.NamedNode(graph)} {{\n{body}\n}} }}"]


def term(value: rdflib.URIRef | rdflib.Literal) -> ox.NamedNode | ox.Literal:
    """The database's own form of a term."""
    if isinstance(value, rdflib.URIRef):
        return ox.NamedNode(value)
    if value.language:
        return ox.Literal(value, language=value.language)
    if value.datatype:
        return ox.Literal(value, datatype=ox.NamedNode(value.datatype))
    return ox.Literal(value)


def line(triple: Triple) -> str:
    """A triple as an N-Triples line without its full stop."""
    subject, predicate, value = triple
    return str(ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), term(value)))


def _bound(value: rdflib.URIRef | rdflib.Literal) -> Value:
    return Value(str(value), value.language if isinstance(value, rdflib.Literal) else None)


def _value(found: object) -> Value:
    if isinstance(found, ox.Literal):
        return Value(found.value, found.language)
    if isinstance(found, ox.NamedNode | ox.BlankNode):
        return Value(found.value)
    raise QueryError(f"the solution holds a term that no page can show: {found}")


def _order(quad: ox.Quad) -> tuple[str, str, str, str]:
    return str(quad.graph_name), str(quad.subject), str(quad.predicate), str(quad.object)
