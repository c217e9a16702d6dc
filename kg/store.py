"""The graph on disk or in memory: named graphs replaced whole, queries, checkpoints for readers, exports.

The only module that names the database. One process writes; readers open the checkpoint that was published
last, so a reader never waits for a writer and never sees half a paper.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import pyoxigraph as ox
import rdflib

from ontology import prefixes

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

Triple = tuple[rdflib.URIRef, rdflib.URIRef, rdflib.URIRef | rdflib.Literal]
Graphs = Mapping[rdflib.URIRef, Iterable[Triple]]
ResultFormat = Literal["json", "xml", "csv", "tsv"]
GraphFormat = Literal["turtle", "ntriples", "nquads", "trig", "rdfxml", "jsonld"]
Form = Literal["boolean", "solutions", "triples"]

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
CHECKPOINTS_KEPT: Final = 2


class StoreLocked(Exception):
    """Another process is writing to the store."""


class NothingPublished(Exception):
    """The folder holds no published graph yet."""


class QueryError(Exception):
    """The database refuses the query; the message is the parser's."""


class ResultTooLarge(Exception):
    """The result has more bytes than the caller allows; nothing of it is given."""


class Value(NamedTuple):
    """A term of a query solution: the IRI or the literal's text, and the literal's language."""

    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The serialised result of a query, and which form the query had."""

    form: Form
    body: bytes


class Store:
    """Quads in named graphs; the default graph of every query is the union of them all."""

    def __init__(self, quads: ox.Store, folder: Path | None = None):
        self._quads = quads
        self._folder = folder

    @classmethod
    def memory(cls) -> Store:
        """An empty store that lives as long as the object."""
        return cls(ox.Store())

    @classmethod
    def open(cls, folder: Path) -> Store:
        """The store of the folder for its one writer, made where there is none; raises StoreLocked."""
        folder.mkdir(parents=True, exist_ok=True)
        try:
            return cls(ox.Store(str(folder / "store")), folder)
        except OSError as error:
            if "lock" not in str(error).lower():
                raise
            raise StoreLocked(
                f"another process is writing to {folder}; wait until it is done, or choose another folder"
            ) from error

    @classmethod
    def published(cls, folder: Path) -> Store:
        """The checkpoint published last, read-only and unchanging; raises NothingPublished."""
        checkpoint = published_checkpoint(folder)
        try:
            return cls(ox.Store.read_only(str(checkpoint)))
        except FileNotFoundError:
            # A writer may publish twice and remove this checkpoint between the two lines above.
            return cls(ox.Store.read_only(str(published_checkpoint(folder))))

    def __len__(self) -> int:
        return len(self._quads)

    def graphs(self) -> frozenset[str]:
        """The IRIs of the named graphs."""
        return frozenset(name.value for name in self._quads.named_graphs() if isinstance(name, ox.NamedNode))

    def triples(self, graph: rdflib.URIRef) -> frozenset[str]:
        """The triples of one named graph as N-Triples lines without their full stop."""
        quads = self._quads.quads_for_pattern(None, None, None, ox.NamedNode(graph))
        return frozenset(str(quad.triple) for quad in quads)

    def replace(self, graphs: Graphs) -> bool:
        """Give each of the graphs exactly these triples, all or nothing; an empty graph is removed.

        False, and nothing is written, if the graphs hold these triples already.
        """
        wanted = {name: {str(_triple(triple)) for triple in triples} for name, triples in graphs.items()}
        changed = {name: lines for name, lines in wanted.items() if lines != self.triples(name)}
        if not changed:
            return False
        operations = []
        for name, lines in changed.items():
            node = ox.NamedNode(name)
            operations.append(f"DROP SILENT GRAPH {node}")
            if lines:
                body = " .\n".join(sorted(lines))
                operations.append(f"INSERT DATA {{ GRAPH {node} {{\n{body}\n}} }}")
        if self._folder is not None:
            # On disk, and before the change, so that a crash between change and publication is remembered.
            _marker(self._folder).touch()
        self._quads.update(" ;\n".join(operations))
        return True

    def select(
        self, text: str, bindings: Mapping[str, rdflib.URIRef | rdflib.Literal] | None = None
    ) -> list[dict[str, Value]]:
        """The solutions of a SELECT query, unbound variables left out.

        Each bound variable must be projected by the outer SELECT and by every sub-select that uses it: the
        database substitutes it nowhere else.
        """
        result = self._query(text, bindings or {})
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
        bindings: Mapping[str, rdflib.URIRef | rdflib.Literal] | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        union: bool = True,
        max_bytes: int | None = None,
    ) -> Answer:
        """The result of a query of any form, serialised whole.

        ``default_graphs`` and ``named_graphs`` are the dataset of the protocol (SPARQL 1.1 Protocol, 2.1.4);
        without them the default graph is the union of all, unless ``union`` is false, as it must be for a
        query that names its own dataset (FROM). Raises QueryError and ResultTooLarge.
        """
        body = _Body(max_bytes)
        result = self._query(text, bindings or {}, default_graphs, named_graphs, union)
        try:
            if isinstance(result, ox.QueryTriples):
                ox.serialize(result, body, GRAPH_FORMATS[graphs], prefixes=dict(prefixes()))
                return Answer("triples", _xml_safe(body) if graphs == "rdfxml" else body.getvalue())
            result.serialize(body, RESULT_FORMATS[results])
            form: Form = "boolean" if isinstance(result, ox.QueryBoolean) else "solutions"
            return Answer(form, _xml_safe(body) if results == "xml" else body.getvalue())
        except (RuntimeError, SyntaxError) as error:
            raise QueryError(str(error)) from error

    def publish(self) -> Path | None:
        """Make what is stored visible to readers; the new checkpoint, or ``None`` if nothing has changed.

        The checkpoint is complete before CURRENT names it, and CURRENT changes by one rename, so a crash at
        any point leaves the last good checkpoint in place. A store in memory has no readers: it publishes
        nothing.
        """
        if self._folder is None:
            return None
        published = self._folder / "published"
        marker = _marker(self._folder)
        published.mkdir(exist_ok=True)
        if (published / "CURRENT").exists() and not marker.exists():
            return None
        existing = sorted(path for path in published.iterdir() if path.is_dir())
        number = max((int(path.name) for path in existing), default=0) + 1
        checkpoint = published / f"{number:08d}"
        self._quads.flush()
        self._quads.backup(str(checkpoint))
        pointer = published / "CURRENT.new"
        pointer.write_text(checkpoint.name, encoding="ascii")
        os.replace(pointer, published / "CURRENT")
        marker.unlink(missing_ok=True)
        for old in [*existing, checkpoint][:-CHECKPOINTS_KEPT]:
            shutil.rmtree(old)
        return checkpoint

    def dump(self, form: Literal["nquads", "trig", "jsonld"] = "nquads") -> bytes:
        """All quads, sorted, so that equal graphs give equal bytes; N-Quads are sorted line by line."""
        if form == "nquads":
            return "".join(sorted(f"{quad} .\n" for quad in self._quads)).encode("utf-8")
        body = _Body(None)
        ox.serialize(sorted(self._quads, key=_order), body, GRAPH_FORMATS[form], prefixes=dict(prefixes()))
        return body.getvalue()

    def _query(
        self,
        text: str,
        bindings: Mapping[str, rdflib.URIRef | rdflib.Literal],
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        union: bool = True,
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        chosen = bool(default_graphs or named_graphs)
        try:
            return self._quads.query(
                text,
                use_default_graph_as_union=union and not chosen,
                default_graph=[ox.NamedNode(name) for name in default_graphs] if chosen else None,
                named_graphs=[ox.NamedNode(name) for name in named_graphs] if chosen else None,
                substitutions={ox.Variable(name): _term(term) for name, term in bindings.items()},
            )
        except (SyntaxError, ValueError, RuntimeError) as error:
            raise QueryError(str(error)) from error


def published_checkpoint(folder: Path) -> Path:
    """The folder of the checkpoint published last; it changes its name with every publication.

    Raises NothingPublished.
    """
    try:
        name = (folder / "published" / "CURRENT").read_text(encoding="ascii")
    except FileNotFoundError as error:
        raise NothingPublished(
            f"{folder} holds no published graph; ingest some papers into it first, or correct the folder"
        ) from error
    return folder / "published" / name


def _marker(folder: Path) -> Path:
    return folder / "UNPUBLISHED"


class _Body(BytesIO):
    """Bytes in memory that refuse to grow past a limit."""

    def __init__(self, limit: int | None):
        super().__init__()
        self._limit = limit

    def write(self, part: ReadableBuffer, /) -> int:
        """Append the part; raises ResultTooLarge."""
        written = super().write(part)
        if self._limit is not None and self.tell() > self._limit:
            raise ResultTooLarge(f"the result has more than {self._limit} bytes; ask for less, with LIMIT for example")
        return written


def _xml_safe(body: _Body) -> bytes:
    # XML readers turn a bare carriage return into a line feed, and the offsets of a text would be off by one.
    return body.getvalue().replace(b"\r", b"&#xD;")


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
