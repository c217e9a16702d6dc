"""The graph in a SPARQL 1.1 service: what the embedded store offers, as far as a service can promise it.

A service has no checkpoints. Its version is a triple in a graph of its own, written when everything else is; a
second triple says that changes are under way, and outlives a crash. While it stands, readers see the changes as
they come, under a version that nothing is kept by. Each report's graphs are replaced removals first and the
graph that says that the report is known last, so that what a crash leaves behind is mended by the next ingestion.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import uuid
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import BinaryIO, Final

import pyoxigraph as ox
import rdflib

from kg.answers import EVERYTHING, Dataset, GraphFormat, QueryError, Value
from kg.checkpoints import NothingPublished
from kg.client import Client
from kg.dialects import DIALECTS, Standard
from kg.iris import Iris
from kg.query_files import query_text
from kg.querytext import bound, read_query
from kg.replacement import StoreLocked
from kg.search.entries import entries
from kg.search.index import has_index, write_index
from kg.service import Service, ServiceFault, ServiceReadOnly
from kg.store import StoreUnwritable
from kg.stores import Bindings, Result, WritableStore, parsed_graph, term
from kg.summary import has_summary, write_summary

_VERSION: Final = "https://schema.org/version"
_STATUS: Final = "https://schema.org/creativeWorkStatus"
# Seconds that a query of the writer may take.
_PATIENCE: Final = 3600.0
# Bytes of triples that are sent in one change when a store is filled.
_BATCH: Final = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class State:
    """What a service says of itself: its newest version, 0 before the first, and who is changing it."""

    number: int
    changing: frozenset[str]

    @property
    def version(self) -> str:
        """A name for what a reader sees now; while changes are under way a new one each time."""
        return f"{self.number:08d}-{uuid.uuid4().hex}" if self.changing else f"{self.number:08d}"


def search_folder(service: Service, version: str) -> Path:
    """Where the index of the search lies for a version of the service's graph, on a machine that has published it.

    A version that is being changed has the index of the one before.
    """
    return service.folder / "search" / version.partition("-")[0]


class RemoteStore(WritableStore):
    """The named graphs of a service; the graph that holds its state is not among them."""

    def __init__(self, service: Service, *, lock: int | None = None, version: str = "") -> None:
        self._lock = lock
        self._service = service
        self._dialect, self._client = _connected(service)
        self._iris = Iris(service.base)
        self._mark = f"changing {uuid.uuid4().hex}"
        self._marked = False
        self.version = version
        self._before = self.state() if lock is not None else None

    @classmethod
    def open(cls, service: Service) -> RemoteStore:
        """The store for its one writer on this machine; raises StoreLocked and the exceptions of ``kg.service``."""
        if not service.update:
            raise ServiceReadOnly(
                f"the store at {service.query} can only be read: set store_update (KG_STORE_UPDATE) to the address "
                "where it takes updates"
            )
        service.folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(service.folder / "WRITER", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(lock)
            raise StoreLocked(
                f"another process is writing to {service.query}; wait until it is done "
                f"(its lock is in {service.folder})"
            ) from error
        # What ingestion asks spans the whole graph; the bound on users' queries is not meant for it.
        return cls(replace(service, seconds=max(service.seconds, _PATIENCE)), lock=lock)

    @classmethod
    def published(cls, service: Service) -> RemoteStore:
        """The store for a reader; ``version`` names what it held a moment ago.

        Raises NothingPublished and the exceptions of ``kg.service``.
        """
        store = cls(service)
        state = store.state()
        if not state.number:
            raise NothingPublished(
                f"the store at {service.query} holds no published graph; ingest some papers into it first, "
                "or correct the address"
            )
        _probed(service)
        store.version = state.version
        return store

    def close(self) -> None:
        """Let others write."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __del__(self) -> None:
        self.close()

    def state(self) -> State:
        """What the service says of itself now; raises the exceptions of ``kg.service``."""
        found = self.select(query_text("state"), {"graph": self._iris.state_graph})
        if any(solution["union"].text in {"false", "0"} for solution in found):
            raise ServiceFault(
                f"the default graph of the store at {self._service.query} is not the union of its named graphs; "
                "start it so that it is"
            )
        numbers = [int(row["value"].text) for row in found if row["property"].text == _VERSION]
        marks = frozenset(row["value"].text for row in found if row["property"].text == _STATUS)
        return State(max(numbers, default=0), marks)

    def select(self, text: str, bindings: Bindings | None = None) -> list[dict[str, Value]]:
        """The solutions of a SELECT query, unbound variables left out; the bound ones are those that were given."""
        given = {
            name: Value(str(value), value.language if isinstance(value, rdflib.Literal) else None)
            for name, value in (bindings or {}).items()
        }
        return [given | solution for solution in super().select(text, bindings)]

    def graphs(self) -> frozenset[str]:
        """The IRIs of the named graphs."""
        names = frozenset(row["graph"].text for row in self.select(query_text("graph_names")))
        return names - {str(self._iris.state_graph)}

    def has_graph(self, graph: str | None) -> bool:
        """Whether the graph holds anything; a service's default graph is the union, so there is no other."""
        return graph is not None and next(iter(self._triples(graph)), None) is not None

    def _triples(self, graph: str | None) -> Iterator[ox.Triple]:
        if graph is None:
            return
        found = self._query(query_text("graph_triples"), {"graph": rdflib.URIRef(graph)}, EVERYTHING)
        if not isinstance(found, ox.QuerySolutions):
            raise ServiceFault("a SELECT query was answered by something else")
        for solution in found:
            yield ox.Triple(solution["subject"], solution["predicate"], solution["object"])

    def _quads_of_all(self) -> Iterator[ox.Quad]:
        for name in sorted(self.graphs()):
            for triple in self._triples(name):
                yield ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(name))

    def write(self, graphs: Mapping[str, frozenset[str]]) -> bool:
        """Give each of the graphs exactly these triples; an empty graph is removed.

        False, and nothing is written, if the graphs hold these triples already. Services that take it make it one
        change. Raises the exceptions of ``kg.service``.
        """
        changed = {name: lines for name, lines in graphs.items() if lines != self.triples(name)}
        if not changed:
            return False
        self._write(list(changed.items()))
        return True

    def put_graph(self, graph: str | None, data: bytes, form: GraphFormat, *, base_iri: str, merge: bool) -> bool:
        """Give the graph the triples of the data, or add them to it; the default graph is refused.

        True if there was none of this name before. Raises MalformedGraph, QueryError and the exceptions of
        ``kg.service``.
        """
        lines = parsed_graph(data, form, base_iri)
        self._own(graph)
        created = not self.has_graph(graph)
        self._write([(graph, lines)], merge=merge)
        return created

    def drop_graph(self, graph: str | None) -> bool:
        """Remove the graph; false if there was none. Raises QueryError and the exceptions of ``kg.service``."""
        self._own(graph)
        if not self.has_graph(graph):
            return False
        self._write([(graph, frozenset())])
        return True

    def _own(self, graph: str | None) -> None:
        if graph is None:
            raise QueryError("in this store the default graph is the union of all graphs: name a graph")
        if graph == str(self._iris.state_graph):
            raise QueryError("this graph holds the state of the store and is changed by nobody else")

    def update(self, text: str, *, base_iri: str | None = None) -> None:
        """Change the graph as a SPARQL 1.1 Update says, as a whole where the service makes it one.

        Raises QueryError and the exceptions of ``kg.service``.
        """
        try:
            # A graph that the empty store lacks is no error of the text.
            with suppress(RuntimeError):
                ox.Store().update(text, base_iri=base_iri)
        except (SyntaxError, ValueError) as error:
            raise QueryError(str(error)) from error
        self._begin()
        self._client.update(self._dialect.asked(_based(text, base_iri), EVERYTHING))

    def fill(self, quads: BinaryIO) -> None:
        """Fill an empty store from N-Quads, some graphs at a time.

        Raises SyntaxError, and what the stream raises, before anything is sent.
        """
        graphs: dict[str, list[str]] = {}
        for quad in ox.parse(quads, ox.RdfFormat.N_QUADS):
            if not isinstance(quad.graph_name, ox.NamedNode):
                raise SyntaxError(f"a quad without a named graph: {quad}")  # noqa: TRY004 - of the text
            graphs.setdefault(quad.graph_name.value, []).append(str(quad.triple))
        batch: list[tuple[str, list[str]]] = []
        size = 0
        for name, lines in graphs.items():
            batch.append((name, lines))
            size += sum(map(len, lines))
            if size > _BATCH:
                self._write(batch)
                batch, size = [], 0
        if batch:
            self._write(batch)

    def _write(self, graphs: Iterable[tuple[str | None, Iterable[str]]], *, merge: bool = False) -> None:
        self._begin()
        self._dialect.write(self._client, list(graphs), merge=merge)

    def _begin(self) -> None:
        """Say in the service, before the first change, that changes are under way."""
        if not self._marked:
            self._client.update(self._state_update("INSERT", [self._status(self._mark)]))
            self._marked = True

    @property
    def unpublished(self) -> bool:
        """Whether something was written since the last publication, by this writer or by one that crashed."""
        return self._marked or self._before is None or bool(self._before.changing) or not self._before.number

    def publish(self) -> str | None:
        """Name what is stored the next version; the version, or ``None`` if nothing has changed.

        Raises StoreLocked where another writer has come in between, and the exceptions of ``kg.service``.
        """
        if not self.unpublished:
            number = self._before.number if self._before else 0
            place = search_folder(self._service, f"{number:08d}")
            if not (has_index(place) and has_summary(place)):
                self._write_index(number)
            return None
        now = self.state()
        known = {self._mark} | (self._before.changing if self._before else frozenset())
        others = now.changing - known
        if others or (self._marked and self._mark not in now.changing):
            raise StoreLocked(
                f"another writer has changed {self._service.query} at the same time; wait until it is done, and run "
                "this again"
            )
        self._write_index(now.number + 1)
        insert = self._state_update("INSERT", [f"<{_VERSION}> {now.number + 1}"])
        gone = [f"<{_VERSION}> {now.number}"] if now.number else []
        delete = self._state_update("DELETE", gone + [self._status(mark) for mark in sorted(now.changing)])
        # The new version first: a reader between the two sees both, and takes the greater.
        self._client.update(f"{insert} ;\n{delete}" if gone or now.changing else insert)
        self._marked = False
        self._before = State(now.number + 1, frozenset())
        return self._before.version

    def _write_index(self, number: int) -> None:
        """Make the index of the search for a version, on this machine; the older ones but the last are removed."""
        place = search_folder(self._service, f"{number:08d}")
        others = sorted(folder for folder in place.parent.glob("*") if folder.name < place.name)
        earlier = others[-1] if others else None
        for old in [place, *others[:-1]]:
            shutil.rmtree(old, ignore_errors=True)
        # The name that readers look for comes last: an index is never half there.
        unfinished = place.with_name("unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        try:
            write_index(unfinished, entries(self))
            write_summary(unfinished, self, earlier)
            os.rename(unfinished, place)
        except OSError as error:
            raise StoreUnwritable.at(self._service.folder, error) from error

    def _status(self, mark: str) -> str:
        return f"<{_STATUS}> {ox.Literal(mark)}"

    def _state_update(self, action: str, facts: Iterable[str]) -> str:
        lines = " ".join(f"<{self._iris.dataset}> {fact} ." for fact in facts)
        return f"{action} DATA {{ GRAPH <{self._iris.state_graph}> {{ {lines} }} }}"

    def _query(self, text: str, bindings: Bindings, dataset: Dataset, max_bytes: int | None = None) -> Result:
        if not bindings:
            _understood(text, dataset.base_iri)
        form = read_query(text).form
        sent = bound(text, {name: str(term(value)) for name, value in bindings.items()}) if bindings else text
        sent = self._dialect.asked(_based(sent, dataset.base_iri), dataset)
        accept = "application/n-triples" if form in {"CONSTRUCT", "DESCRIBE"} else "application/sparql-results+json"
        parameters = [("query", sent), *self._dialect.parameters(dataset)]
        reply = self._client.query(parameters, accept, max_bytes)
        try:
            if form in {"CONSTRUCT", "DESCRIBE"}:
                found = ox.parse(reply.body, ox.RdfFormat.N_TRIPLES)
                return [self._dialect.triple(quad.triple) for quad in found]
            document = self._dialect.solutions(reply)
            return _parsed(document)
        except (SyntaxError, ValueError) as error:
            raise ServiceFault(
                f"the answer of the store at {self._service.query} is broken or breaks off: {error}"
            ) from error


def _parsed(document: bytes) -> ox.QuerySolutions | ox.QueryBoolean:
    """The whole document; raises SyntaxError and ValueError."""
    read = ox.parse_query_results(document, ox.QueryResultsFormat.JSON)
    if isinstance(read, ox.QueryBoolean):
        return read
    # Solutions are read as they are asked for, and whether the last one is whole is seen only at the end.
    deque(read, maxlen=0)
    return ox.parse_query_results(document, ox.QueryResultsFormat.JSON)


def _understood(text: str, base_iri: str | None) -> None:
    """Raise QueryError for what is no standard SPARQL, with the message and the place that an embedded store gives."""
    try:
        # Nothing is in it, so nothing is evaluated beyond the parser and the planner.
        ox.Store().query(text, base_iri=base_iri)
    except (SyntaxError, ValueError, RuntimeError) as error:
        raise QueryError(str(error)) from error


def _based(text: str, base_iri: str | None) -> str:
    return text if base_iri is None else f"BASE {ox.NamedNode(base_iri)}\n{text}"


@cache
def _connected(service: Service) -> tuple[Standard, Client]:
    """One set of connections for each service and process."""
    dialect = DIALECTS[service.kind]()
    return dialect, Client(service, dialect.authentication(service))


@cache
def _probed(service: Service) -> None:
    """Look once whether the service gives whole answers; raises ServiceFault."""
    dialect, client = _connected(service)
    dialect.probe(client)
