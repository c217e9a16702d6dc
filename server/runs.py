"""From a stranger's query text to its complete answer, or to the Problem that says why there is none."""

from __future__ import annotations

from concurrent.futures import Future

from kg.store import Answer, GraphFormat, ResultFormat, ResultTooLarge
from server.negotiation import (
    BOOLEAN_FORMATS,
    CSV,
    GRAPH_FORMATS,
    JSONLD,
    NTRIPLES,
    RDFXML,
    RESULT_FORMATS,
    RESULTS_JSON,
    RESULTS_XML,
    TSV,
    TURTLE,
    Format,
)
from server.problems import Problem
from server.querytext import QueryText, read_query
from server.settings import Settings
from server.workers import QueryPool, QueryTimeout, Request, TooManyQueries, WorkerDied, failure

_GRAPHS: dict[Format, GraphFormat] = {
    TURTLE: "turtle",
    NTRIPLES: "ntriples",
    JSONLD: "jsonld",
    RDFXML: "rdfxml",
}
_RESULTS: dict[Format, ResultFormat] = {RESULTS_JSON: "json", RESULTS_XML: "xml", CSV: "csv", TSV: "tsv"}
_RETRY = {"Retry-After": "5"}


def graph_format(wanted: Format) -> GraphFormat:
    """The store's name of a graph format."""
    return _GRAPHS[wanted]


def checked(query: str) -> QueryText:
    """The words of a query that this service may run; a Problem with status 403 for any other."""
    words = read_query(query)
    if words.update:
        raise Problem(403, "this service only reads: SPARQL Update is refused")
    if words.federated:
        raise Problem(403, "this service asks no other service: SERVICE is refused")
    return words


def start_query(
    pool: QueryPool,
    query: str,
    words: QueryText,
    wanted: Format | None = None,
    *,
    default_graphs: tuple[str, ...] = (),
    named_graphs: tuple[str, ...] = (),
) -> Future[Answer]:
    """The future of the answer in the format, else in JSON or Turtle; raises Problem where too many wait."""
    graph = words.form in {"CONSTRUCT", "DESCRIBE"}
    request = Request(
        text=query,
        results=_RESULTS[wanted] if wanted is not None and not graph else "json",
        graphs=_GRAPHS[wanted] if wanted is not None and graph else "turtle",
        own_dataset=words.dataset,
        default_graphs=default_graphs,
        named_graphs=named_graphs,
    )
    try:
        return pool.submit(request)
    except TooManyQueries as error:
        raise Problem(503, str(error), limit="query_workers", headers=_RETRY) from error


def run_query(pool: QueryPool, settings: Settings, query: str, words: QueryText) -> Answer:
    """The query's answer; raises QueryError, and Problem for a limit reached."""
    return finished(start_query(pool, query, words), settings)


def finished(future: Future[Answer], settings: Settings) -> Answer:
    """The answer of a future that is or will be done; raises QueryError, and Problem for a limit reached."""
    try:
        return future.result()
    except ResultTooLarge as error:
        raise Problem(413, str(error), limit="query_result_mib") from error
    except OSError as error:
        known = failure(error, settings)
        if isinstance(known, QueryTimeout):
            raise Problem(503, str(known), limit="query_seconds", headers=_RETRY) from error
        if isinstance(known, WorkerDied):
            raise Problem(503, str(known), limit="query_memory_mib", headers=_RETRY) from error
        raise


def formats_of(words: QueryText) -> tuple[Format, ...]:
    """The formats that an answer to the query can have, the usual one first."""
    if words.form in {"CONSTRUCT", "DESCRIBE"}:
        return GRAPH_FORMATS
    return BOOLEAN_FORMATS if words.form == "ASK" else RESULT_FORMATS
