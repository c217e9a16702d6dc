"""How services differ: one adapter for each kind, for what the standard leaves open and what they do otherwise."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import httpx2
import pyoxigraph as ox

from kg.answers import Dataset, QueryError
from kg.client import Client, Pairs, Reply
from kg.query_files import query_text
from kg.querytext import any_graph, unescaped
from kg.service import Kind, Service, ServiceFault
from kg.stores import inserting, replacing

_BOOLEAN: Final = "http://www.w3.org/2001/XMLSchema#boolean"
_BOOLEANS: Final[Mapping[str, str]] = {"0": "false", "1": "true"}


class Standard:
    """Keeps to SPARQL 1.1; its default graph has to be the union of its named graphs, by its own settings."""

    def authentication(self, service: Service) -> httpx2.Auth | None:
        """How a user is named to it."""
        return httpx2.BasicAuth(service.user, service.password) if service.user else None

    def parameters(self, dataset: Dataset) -> Pairs:
        """What a query's dataset is sent as, beside the query."""
        return [("default-graph-uri", name) for name in dataset.default_graphs] + [
            ("named-graph-uri", name) for name in dataset.named_graphs
        ]

    def asked(self, text: str, dataset: Dataset) -> str:
        """The query or update as it is sent; raises QueryError for one that may not be."""
        return text

    def solutions(self, reply: Reply) -> bytes:
        """The SPARQL Query Results JSON document of an answer; raises ServiceFault."""
        return reply.body

    def triple(self, triple: ox.Triple) -> ox.Triple:
        """A triple of an answer as it was stored."""
        return triple

    def probe(self, client: Client) -> None:
        """Look once whether the service is set up to give whole answers; raises ServiceFault."""

    def write(self, client: Client, graphs: Sequence[tuple[str | None, Iterable[str]]], *, merge: bool = False) -> None:
        """Give each graph exactly these triples, or add them; in one update, which the service makes as a whole."""
        operations = [
            operation
            for graph, lines in graphs
            for operation in (inserting(graph, lines) if merge else replacing(graph, lines))
        ]
        if operations:
            client.update(" ;\n".join(operations))


class Oxigraph(Standard):
    """Oxigraph's own server: the union is asked for by each query that names no graphs.

    Started with --union-default-graph it would overlook FROM.
    """

    def parameters(self, dataset: Dataset) -> Pairs:
        """The dataset, with the union where no graphs are named."""
        union = [("union-default-graph", "true")] if dataset.union and not dataset.chosen else []
        return [*super().parameters(dataset), *union]


class Virtuoso(Standard):
    """Virtuoso 7: digest authentication, graphs put one at a time, answers in older spellings.

    Its planner joins some property paths and UNIONs in OPTIONAL wrongly, so it is told to join in the order
    of the query. It has graphs of its own, kept from GRAPH.
    """

    _OWN: Final = (
        "http://www.openlinksw.com/schemas/virtrdf#",
        "http://localuriqaserver/sparql",
        "http://www.w3.org/ns/ldp#",
        "http://www.w3.org/2002/07/owl#",
    )
    # Left out of the named graphs only, they would take the default graph with them.
    _PARTS: Final = ("default", "named")
    # Its built-in functions, which reach the database and the machine below SPARQL.
    _INTERNAL: Final = re.compile(r"<(?:bif|sql):", re.IGNORECASE)
    _CUT: Final = "x-sparql-maxrows"

    def authentication(self, service: Service) -> httpx2.Auth | None:
        """Digest, which it asks for at the addresses for changes."""
        return httpx2.DigestAuth(service.user, service.password) if service.user else None

    def asked(self, text: str, dataset: Dataset) -> str:
        """The query with what the planner is told."""
        if self._INTERNAL.search(text) or self._INTERNAL.search(unescaped(text)):
            raise QueryError("functions of the database below SPARQL (bif:, sql:) cannot be called")
        told = ['DEFINE sql:select-option "order"']
        # Beside the name of a graph it would find nothing at all.
        if dataset.union and not dataset.chosen and any_graph(text):
            told += [f"DEFINE input:{part}-graph-exclude <{name}>" for name in self._OWN for part in self._PARTS]
        return "\n".join([*told, text])

    def solutions(self, reply: Reply) -> bytes:
        """The document in today's spelling: booleans, typed literals, and what ASK answers."""
        self._whole(reply)
        try:
            document: dict[str, Any] = json.loads(reply.body)
            variables = document["head"].get("vars", [])
            bindings = document.get("results", {}).get("bindings", [])
        except (ValueError, KeyError, AttributeError) as error:
            raise ServiceFault(f"the store's answer is no SPARQL result: {error}") from error
        if variables == ["__ASK_RETVAL"]:
            found = bool(bindings) and bindings[0]["__ASK_RETVAL"]["value"] not in {"0", "false"}
            return json.dumps({"head": {}, "boolean": found}).encode("ascii")
        for solution in bindings:
            for value in solution.values():
                if value["type"] == "typed-literal":
                    value["type"] = "literal"
                if value.get("datatype") == _BOOLEAN:
                    value["value"] = _BOOLEANS.get(value["value"], value["value"])
        return json.dumps(document, ensure_ascii=False).encode("utf-8")

    def triple(self, triple: ox.Triple) -> ox.Triple:
        """The triple with a boolean in today's spelling."""
        value = triple.object
        if not isinstance(value, ox.Literal) or value.datatype.value != _BOOLEAN:
            return triple
        word = _BOOLEANS.get(value.value, value.value)
        return ox.Triple(triple.subject, triple.predicate, ox.Literal(word, datatype=value.datatype))

    def probe(self, client: Client) -> None:
        """Raise ServiceFault if answers are cut at the limit of its packaged settings: graphs are cut silently."""
        self._whole(client.query([("query", query_text("many_rows"))], "application/sparql-results+json"))

    def write(self, client: Client, graphs: Sequence[tuple[str | None, Iterable[str]]], *, merge: bool = False) -> None:
        """Put the graphs one at a time, removals first: an update of more than some thousand triples is refused."""
        ordered = [(graph, sorted(lines)) for graph, lines in graphs]
        for graph, lines in sorted(ordered, key=lambda entry: bool(entry[1])):
            if graph is None:
                raise QueryError("this store has no default graph: name the graph")
            if lines:
                client.put(("graph-uri", graph), "".join(f"{line} .\n" for line in lines).encode(), merge=merge)
            elif not merge:
                client.delete(("graph-uri", graph))

    def _whole(self, reply: Reply) -> None:
        if self._CUT in reply.headers:
            raise ServiceFault(
                f"the store cuts answers at {reply.headers[self._CUT]} rows: take ResultSetMaxRows out of the "
                "section [SPARQL] of its settings, and restart it"
            )


DIALECTS: Final[Mapping[Kind, Callable[[], Standard]]] = {
    "standard": Standard,
    "oxigraph": Oxigraph,
    "virtuoso": Virtuoso,
}
