"""A stranger's query before it runs: whether it may, and the formats that its answer can have."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kg.answers import Dataset, GraphFormat, ResultFormat
from kg.querytext import QueryText, read_query
from server.negotiation import (
    BOOLEAN_FORMATS,
    CSV,
    GRAPH_FORMATS,
    JSONLD,
    NQUADS,
    NTRIPLES,
    RDFXML,
    RESULT_FORMATS,
    RESULTS_JSON,
    RESULTS_XML,
    TRIG,
    TSV,
    TURTLE,
    Format,
)
from server.problems import Problem

_GRAPHS: dict[Format, GraphFormat] = {
    TURTLE: "turtle",
    NTRIPLES: "ntriples",
    NQUADS: "nquads",
    TRIG: "trig",
    JSONLD: "jsonld",
    RDFXML: "rdfxml",
}
_RESULTS: dict[Format, ResultFormat] = {RESULTS_JSON: "json", RESULTS_XML: "xml", CSV: "csv", TSV: "tsv"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A query that may be run, its words, and the graphs that it reads."""

    text: str
    words: QueryText
    dataset: Dataset

    @property
    def graph(self) -> bool:
        """Whether the answer is a graph."""
        return self.words.form in {"CONSTRUCT", "DESCRIBE"}

    @property
    def formats(self) -> tuple[Format, ...]:
        """The formats that an answer can have, the usual one first."""
        if self.graph:
            return GRAPH_FORMATS
        return BOOLEAN_FORMATS if self.words.form == "ASK" else RESULT_FORMATS


def graph_format(wanted: Format) -> GraphFormat:
    """The store's name of a graph format."""
    return _GRAPHS[wanted]


def result_format(wanted: Format) -> ResultFormat:
    """The store's name of a format for solutions and booleans."""
    return _RESULTS[wanted]


def checked(query: str, dataset: Dataset | None = None) -> Asked:
    """The query, if this service may run it; a Problem with status 403 for any other."""
    words = read_query(query)
    if words.update:
        raise Problem(403, "a query only reads: SPARQL Update is refused here")
    if words.federated:
        raise Problem(403, "this service asks no other service: SERVICE is refused")
    return Asked(query, words, replace(dataset or Dataset(), union=not words.dataset))
