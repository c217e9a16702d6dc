"""The SPARQL 1.1 Service Description of the endpoint."""

from __future__ import annotations

from rdflib import RDF, Graph, Namespace, URIRef

from kg.store import GraphFormat
from server.negotiation import GRAPH_FORMATS, RESULT_FORMATS

_SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
_FORMATS = Namespace("http://www.w3.org/ns/formats/")
# The W3C's IRIs of formats (https://www.w3.org/ns/formats/), by our file extensions.
_NAMES = {
    "ttl": "Turtle",
    "nt": "N-Triples",
    "jsonld": "JSON-LD",
    "rdf": "RDF_XML",
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
}
_SERIALISERS: dict[GraphFormat, str] = {
    "turtle": "turtle",
    "ntriples": "nt",
    "jsonld": "json-ld",
    "rdfxml": "xml",
}


def service_description(endpoint: str, form: GraphFormat) -> bytes:
    """The description of the endpoint at that address, in a graph format."""
    graph = Graph()
    service = URIRef(endpoint)
    dataset, default = URIRef(f"{endpoint}#dataset"), URIRef(f"{endpoint}#union")
    graph.add((service, RDF.type, _SD.Service))
    graph.add((service, _SD.endpoint, service))
    graph.add((service, _SD.supportedLanguage, _SD.SPARQL11Query))
    graph.add((service, _SD.feature, _SD.UnionDefaultGraph))
    for entry in (*RESULT_FORMATS, *GRAPH_FORMATS):
        graph.add((service, _SD.resultFormat, _FORMATS[_NAMES[entry.name]]))
    graph.add((service, _SD.defaultDataset, dataset))
    graph.add((dataset, RDF.type, _SD.Dataset))
    graph.add((dataset, _SD.defaultGraph, default))
    graph.add((default, RDF.type, _SD.Graph))
    return graph.serialize(format=_SERIALISERS[form], encoding="utf-8")
