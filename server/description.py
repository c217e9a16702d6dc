"""The SPARQL 1.1 Service Description of the endpoint, with what the graph says of itself."""

from __future__ import annotations

from rdflib import RDF, RDFS, VOID, Graph, Namespace, URIRef

from kg.answers import GraphFormat
from kg.queries import describe_dataset
from kg.stores import ReadableStore
from ontology import prefixes
from server.negotiation import GRAPH_FORMATS, NQUADS, RESULT_FORMATS, TRIG

_SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
_FORMATS = Namespace("http://www.w3.org/ns/formats/")
# The W3C's IRIs of formats (https://www.w3.org/ns/formats/), by our file extensions.
_NAMES = {
    "ttl": "Turtle",
    "nt": "N-Triples",
    "nq": "N-Quads",
    "trig": "TriG",
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
    "nquads": "nquads",
    "trig": "trig",
    "jsonld": "json-ld",
    "rdfxml": "xml",
}


def service_description(endpoint: str, form: GraphFormat, store: ReadableStore, *, writable: bool) -> bytes:
    """The description of the endpoint at that address, in a graph format; ``writable`` says that it takes updates."""
    graph = _described(store)
    service = URIRef(endpoint)
    dataset, default = URIRef(f"{endpoint}#dataset"), URIRef(f"{endpoint}#union")
    graph.add((service, RDF.type, _SD.Service))
    graph.add((service, _SD.endpoint, service))
    graph.add((service, _SD.supportedLanguage, _SD.SPARQL11Query))
    if writable:
        graph.add((service, _SD.supportedLanguage, _SD.SPARQL11Update))
    graph.add((service, _SD.feature, _SD.UnionDefaultGraph))
    for entry in (*RESULT_FORMATS, *GRAPH_FORMATS):
        graph.add((service, _SD.resultFormat, _FORMATS[_NAMES[entry.name]]))
    for entry in GRAPH_FORMATS:
        if writable and entry not in {NQUADS, TRIG}:
            graph.add((service, _SD.inputFormat, _FORMATS[_NAMES[entry.name]]))
    graph.add((service, _SD.defaultDataset, dataset))
    graph.add((dataset, RDF.type, _SD.Dataset))
    graph.add((dataset, _SD.defaultGraph, default))
    graph.add((default, RDF.type, _SD.Graph))
    # What the union of all graphs is, the data set's own description says.
    for described in graph.subjects(VOID.sparqlEndpoint, None):
        graph.add((dataset, RDFS.seeAlso, described))
    return graph.serialize(format=_SERIALISERS[form], encoding="utf-8")


def _described(store: ReadableStore) -> Graph:
    graph = Graph()
    for prefix, namespace in prefixes().items():
        graph.bind(prefix, namespace)
    graph.parse(data=describe_dataset(store), format="nt")
    return graph


def dataset_description(address: str, form: GraphFormat, store: ReadableStore) -> bytes:
    """What the graph says of itself, as the document at that address."""
    graph = _described(store)
    document = URIRef(address)
    graph.add((document, RDF.type, VOID.DatasetDescription))
    for dataset in graph.subjects(VOID.sparqlEndpoint, None):
        graph.add((document, URIRef("http://xmlns.com/foaf/0.1/primaryTopic"), dataset))
    return graph.serialize(format=_SERIALISERS[form], encoding="utf-8")
