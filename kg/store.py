"""The graph on disk or in memory: named graphs replaced whole, queries, checkpoints for readers, exports.

The only module that names the database. One process writes; readers open the checkpoint that was published
last, so a reader never waits for a writer and never sees half a paper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final, Literal

import pyoxigraph as ox
import rdflib

from kg.answers import EVERYTHING, Answer, Dataset, Form, GraphFormat, QueryError, ResultFormat, Sink, Value
from kg.checkpoints import Lease, add_checkpoint, open_newest
from ontology import prefixes

Triple = tuple[rdflib.URIRef, rdflib.URIRef, rdflib.URIRef | rdflib.Literal]
Graphs = Mapping[rdflib.URIRef, Iterable[Triple]]
Bindings = Mapping[str, rdflib.URIRef | rdflib.Literal]

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


class StoreLocked(Exception):
    """Another process is writing to the store."""


class StoreUnwritable(Exception):
    """The disk takes nothing more: it is full, read-only or broken. What was published before is untouched."""


class MalformedGraph(Exception):
    """Data that were sent as a graph cannot be read; the message is the parser's."""


class Store:
    """Quads in named graphs; the default graph of every query is the union of them all."""

    def __init__(
        self, quads: ox.Store, folder: Path | None = None, *, lease: Lease | None = None, version: str = ""
    ) -> None:
        self._quads = quads
        self._folder = folder
        self._lease = lease
        self.version = version

    @classmethod
    def memory(cls) -> Store:
        """An empty store that lives as long as the object."""
        return cls(ox.Store())

    @classmethod
    def open(cls, folder: Path) -> Store:
        """The store of the folder for its one writer, made where there is none.

        Raises StoreLocked and StoreUnwritable.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return cls(ox.Store(str(folder / "store")), folder)
        except OSError as error:
            if "lock" not in str(error).lower():
                raise _unwritable(folder, error) from error
            raise StoreLocked(
                f"another process is writing to {folder}; wait until it is done, or choose another folder"
            ) from error

    @classmethod
    def published(cls, folder: Path) -> Store:
        """The checkpoint published last, read-only and unchanging; ``version`` names it.

        Raises NothingPublished.
        """
        quads, lease, version = open_newest(folder, lambda checkpoint: ox.Store.read_only(str(checkpoint)))
        return cls(quads, lease=lease, version=version)

    def __len__(self) -> int:
        return len(self._quads)

    def graphs(self) -> frozenset[str]:
        """The IRIs of the named graphs."""
        return frozenset(name.value for name in self._quads.named_graphs() if isinstance(name, ox.NamedNode))

    def triples(self, graph: str) -> frozenset[str]:
        """The triples of one named graph as N-Triples lines without their full stop."""
        return self._lines(ox.NamedNode(graph))

    def _lines(self, graph: ox.NamedNode | ox.DefaultGraph) -> frozenset[str]:
        return frozenset(str(quad.triple) for quad in self._quads.quads_for_pattern(None, None, None, graph))

    def replace(self, graphs: Graphs) -> bool:
        """Give each of the graphs exactly these triples, all or nothing; an empty graph is removed.

        False, and nothing is written, if the graphs hold these triples already. Raises StoreUnwritable.
        """
        wanted = {name: {str(_triple(triple)) for triple in triples} for name, triples in graphs.items()}
        changed = {name: lines for name, lines in wanted.items() if lines != self.triples(name)}
        if not changed:
            return False
        operations = []
        for name, lines in changed.items():
            operations.extend(_replacing(ox.NamedNode(name), lines))
        self._change(lambda: self._quads.update(" ;\n".join(operations)))
        return True

    def put_graph(self, graph: str | None, data: bytes, form: GraphFormat, *, base_iri: str, merge: bool) -> bool:
        """Give the graph, or the default graph for ``None``, the triples of the data, or add them to it.

        True if there was none of this name before. Blank nodes stay apart from those that are stored. Raises
        MalformedGraph and StoreUnwritable.
        """
        node = ox.DefaultGraph() if graph is None else ox.NamedNode(graph)
        try:
            quads = list(ox.parse(data, GRAPH_FORMATS[form], base_iri=base_iri, rename_blank_nodes=True))
        except (SyntaxError, ValueError) as error:
            raise MalformedGraph(str(error)) from error
        if any(quad.graph_name != ox.DefaultGraph() for quad in quads):
            raise MalformedGraph("the data name graphs of their own; send one graph at a time")
        created = not self.has_graph(graph)
        lines = {str(quad.triple) for quad in quads}
        operations = _inserting(node, lines) if merge else _replacing(node, lines)
        if graph is not None:
            operations.append(f"CREATE SILENT GRAPH {node}")
        self._change(lambda: self._quads.update(" ;\n".join(operations)))
        return created

    def has_graph(self, graph: str | None) -> bool:
        """Whether there is a graph of this name, or for ``None`` anything in the default graph."""
        if graph is None:
            return next(self._quads.quads_for_pattern(None, None, None, ox.DefaultGraph()), None) is not None
        return self._quads.contains_named_graph(ox.NamedNode(graph))

    def drop_graph(self, graph: str | None) -> bool:
        """Remove the graph; false if there was none. Raises StoreUnwritable."""
        if not self.has_graph(graph):
            return False
        node = ox.DefaultGraph() if graph is None else ox.NamedNode(graph)
        self._change(lambda: self._quads.remove_graph(node))
        return True

    def update(self, text: str, *, base_iri: str | None = None) -> None:
        """Change the graph as a SPARQL 1.1 Update says, all or nothing; raises QueryError and StoreUnwritable."""
        try:
            self._change(lambda: self._quads.update(text, base_iri=base_iri))
        except (SyntaxError, ValueError, RuntimeError) as error:
            raise QueryError(str(error)) from error

    def fill(self, quads: bytes) -> None:
        """Fill an empty store from N-Quads, all or nothing; raises SyntaxError and StoreUnwritable."""
        try:
            self._change(lambda: self._quads.bulk_load(quads, ox.RdfFormat.N_QUADS))
        except SyntaxError:
            # The fast way writes as it reads.
            self._quads.clear()
            raise

    def _change(self, write: Callable[[], None]) -> None:
        if self._folder is None:
            write()
            return
        with _writing(self._folder):
            # On disk, and before the change, so that a crash between change and publication is remembered.
            _marker(self._folder).touch()
            write()

    def select(self, text: str, bindings: Bindings | None = None) -> list[dict[str, Value]]:
        """The solutions of a SELECT query, unbound variables left out.

        Each bound variable must be projected by the outer SELECT and by every sub-select that uses it: the
        database substitutes it nowhere else.
        """
        result = self._query(text, bindings or {}, EVERYTHING)
        if not isinstance(result, ox.QuerySolutions):
            raise QueryError("only a SELECT query has solutions")
        names = [variable.value for variable in result.variables]
        return [
            {name: _value(term) for name, term in zip(names, solution, strict=True) if term is not None}
            for solution in result
        ]

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
        result = self._query(text, bindings or {}, dataset)
        try:
            if isinstance(result, ox.QueryTriples):
                sink = Sink(target, max_bytes, xml=graphs == "rdfxml")
                ox.serialize(result, sink, GRAPH_FORMATS[graphs], prefixes=dict(prefixes()))
                return "triples"
            result.serialize(Sink(target, max_bytes, xml=results == "xml"), RESULT_FORMATS[results])
            return "boolean" if isinstance(result, ox.QueryBoolean) else "solutions"
        except (RuntimeError, SyntaxError) as error:
            raise QueryError(str(error)) from error

    def write_graph(self, target: BinaryIO, graph: str | None, form: GraphFormat, *, max_bytes: int | None) -> bool:
        """Write the triples of one graph, those of the default graph for ``None``; false if there is none.

        Raises ResultTooLarge.
        """
        if not self.has_graph(graph):
            return False
        node = ox.DefaultGraph() if graph is None else ox.NamedNode(graph)
        triples = (quad.triple for quad in self._quads.quads_for_pattern(None, None, None, node))
        sink = Sink(target, max_bytes, xml=form == "rdfxml")
        ox.serialize(triples, sink, GRAPH_FORMATS[form], prefixes=dict(prefixes()))
        return True

    @property
    def unpublished(self) -> bool:
        """Whether something was written since the last publication; always true of a store in memory."""
        if self._folder is None:
            return True
        return _marker(self._folder).exists() or not (self._folder / "published" / "CURRENT").exists()

    def publish(self) -> Path | None:
        """Make what is stored visible to readers; the new checkpoint, or ``None`` if nothing has changed.

        A store in memory has no readers: it publishes nothing. Raises StoreUnwritable.
        """
        if self._folder is None:
            return None
        if not self.unpublished:
            return None
        with _writing(self._folder):
            self._quads.flush()
            checkpoint = add_checkpoint(self._folder, lambda path: self._quads.backup(str(path)))
            _marker(self._folder).unlink(missing_ok=True)
        return checkpoint

    def dump(self, form: Literal["nquads", "trig", "jsonld"] = "nquads") -> bytes:
        """All quads, sorted, so that equal graphs give equal bytes; N-Quads are sorted line by line."""
        if form == "nquads":
            return "".join(sorted(f"{quad} .\n" for quad in self._quads)).encode("utf-8")
        body = BytesIO()
        ox.serialize(sorted(self._quads, key=_order), body, GRAPH_FORMATS[form], prefixes=dict(prefixes()))
        return body.getvalue()

    def _query(
        self, text: str, bindings: Bindings, dataset: Dataset
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        try:
            return self._quads.query(
                text,
                base_iri=dataset.base_iri,
                use_default_graph_as_union=dataset.union and not dataset.chosen,
                default_graph=[ox.NamedNode(name) for name in dataset.default_graphs] if dataset.chosen else None,
                named_graphs=[ox.NamedNode(name) for name in dataset.named_graphs] if dataset.chosen else None,
                substitutions={ox.Variable(name): _term(term) for name, term in bindings.items()},
            )
        except (SyntaxError, ValueError, RuntimeError) as error:
            raise QueryError(str(error)) from error


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _unwritable(folder, error) from error


def _unwritable(folder: Path, error: OSError) -> StoreUnwritable:
    return StoreUnwritable(
        f"cannot write to {folder} ({error}); make room or mend the disk and run it again: "
        "what was published before is untouched"
    )


def _replacing(graph: ox.NamedNode | ox.DefaultGraph, lines: Iterable[str]) -> list[str]:
    target = "DEFAULT" if isinstance(graph, ox.DefaultGraph) else f"GRAPH {graph}"
    return [f"DROP SILENT {target}", *_inserting(graph, lines)]


def _inserting(graph: ox.NamedNode | ox.DefaultGraph, lines: Iterable[str]) -> list[str]:
    body = " .\n".join(sorted(lines))
    if not body:
        return []
    return [
        f"INSERT DATA {{\n{body}\n}}"
        if isinstance(graph, ox.DefaultGraph)
        else f"INSERT DATA {{ GRAPH {graph} {{\n{body}\n}} }}"
    ]


def _marker(folder: Path) -> Path:
    return folder / "UNPUBLISHED"


def _term(term: rdflib.URIRef | rdflib.Literal) -> ox.NamedNode | ox.Literal:
    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(term)
    if term.language:
        return ox.Literal(term, language=term.language)
    if term.datatype:
        return ox.Literal(term, datatype=ox.NamedNode(term.datatype))
    return ox.Literal(term)


def _triple(triple: Triple) -> ox.Triple:
    subject, predicate, value = triple
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), _term(value))


def _value(term: object) -> Value:
    if isinstance(term, ox.Literal):
        return Value(term.value, term.language)
    if isinstance(term, ox.NamedNode | ox.BlankNode):
        return Value(term.value)
    raise QueryError(f"the solution holds a term that no page can show: {term}")


def _order(quad: ox.Quad) -> tuple[str, str, str, str]:
    return str(quad.graph_name), str(quad.subject), str(quad.predicate), str(quad.object)
