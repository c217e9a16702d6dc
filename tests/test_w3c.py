"""The W3C's tests of the SPARQL protocols, run from their manifests against a server that starts empty.

What cannot be run as it is written is listed with its reason in ``AMENDED``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import SHARED
from fastapi.testclient import TestClient
from rdflib import RDF, Graph, Literal, Namespace, Node, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic

from kg.store import Store
from server.app import create_app
from server.settings import Settings

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
HTS = "http://www.w3.org/2011/http-statusCodes#StatusCode"
CNT = Namespace("http://www.w3.org/2011/content#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
RDFS_LABEL = URIRef("http://www.w3.org/2000/01/rdf-schema#label")
RDFS_COMMENT = URIRef("http://www.w3.org/2000/01/rdf-schema#comment")
FOLDER = SHARED / "w3c" / "sparql" / "sparql11"
TOKEN = "for tests"
HOST = "testserver"
BOOLEAN = {"application/sparql-results+json", "application/sparql-results+xml"}
TABULAR = BOOLEAN | {"text/csv", "text/tab-separated-values"}
RDF_TYPES = {"text/turtle", "application/rdf+xml", "application/n-triples"}
AMENDED = {
    "post__existing_graph": "its Turtle lacks the last full stop, which is put in; as it stands it must be 400",
    "post__multipart_formdata": "its parts lack their last full stops, which are put in",
    "get_of_post__existing_graph": "it expects the name that an earlier test has replaced; ours must be the new one",
    "delete__existing_graph": "no test makes the graph that it removes, so it is made first",
}


def manifest(name: str) -> Graph:
    path = FOLDER / name / "manifest.ttl"
    return Graph().parse(path, format="turtle", publicID=f"http://w3c.example/{name}/manifest.ttl")


def entries(name: str) -> list[str]:
    """The names of the manifest's tests in their order; none where the folder is not there."""
    if not FOLDER.is_dir():
        return []
    graph = manifest(name)
    (listed,) = graph.objects(None, MF.entries)
    return [str(node).rsplit("#", 1)[-1] for node in Collection(graph, listed)]


def entry(graph: Graph, name: str) -> Node:
    return next(node for node in graph.subjects(MF.name) if str(node).endswith(f"#{name}"))


@pytest.fixture(scope="module")
def server(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A server over an empty graph that takes changes."""
    data = tmp_path_factory.mktemp("w3c") / "data"
    Store.open(data).publish()
    settings = Settings(data=data, update_token=TOKEN, query_rate=100_000)
    with TestClient(create_app(settings), base_url=f"http://{HOST}", follow_redirects=False) as client:
        client.headers["authorization"] = f"Bearer {TOKEN}"
        yield client


def test_the_manifests_hold_as_many_tests_as_ever(shared: Path) -> None:
    counts = {name: len(entries(name)) for name in ("protocol", "http-rdf-update", "service-description")}

    assert counts == {"protocol": 34, "http-rdf-update": 18, "service-description": 3}
    assert set(AMENDED) <= set(entries("http-rdf-update"))


@pytest.mark.shared
@pytest.mark.parametrize("name", entries("protocol"))
def test_protocol(server: TestClient, name: str) -> None:
    graph = manifest("protocol")
    test = entry(graph, name)
    load(server, graph, test)
    for action in graph.objects(test, MF.action):
        for listed in graph.objects(action, HT.requests):
            for request in Collection(graph, listed):
                check(server, graph, request)


def load(server: TestClient, graph: Graph, test: Node) -> None:
    """The graphs that a test begins with."""
    assert server.post("/sparql", data={"update": "DROP ALL"}).status_code == 204
    for data in graph.objects(test, UT.graphData):
        file, label = graph.value(data, UT.graph), graph.value(data, RDFS_LABEL)
        content = (FOLDER / "protocol" / str(file).rsplit("/", 1)[-1]).read_bytes()
        sent = server.put("/graphs", params={"graph": label}, content=content, headers=typed("application/n-triples"))
        assert sent.status_code == 201


def typed(content_type: str) -> dict[str, str]:
    return {"content-type": content_type}


def check(server: TestClient, graph: Graph, request: Node) -> None:
    headers = {
        str(graph.value(header, HT.fieldName)): str(graph.value(header, HT.fieldValue))
        for listed in graph.objects(request, HT.headers)
        for header in Collection(graph, listed)
    }
    body = graph.value(request, HT.body)
    content = b""
    if body is not None:
        content = str(graph.value(body, CNT.chars)).encode(str(graph.value(body, CNT.characterEncoding)))
    response = server.request(
        str(graph.value(request, HT.methodName)),
        str(graph.value(request, HT.absolutePath)),
        content=content,
        headers=headers,
    )
    expected = graph.value(request, HT.resp)
    classes = {str(status).removeprefix(HTS)[0] for status in graph.objects(expected, MF.expectedStatus)}
    assert str(response.status_code)[0] in classes, response.text
    kind = response.headers.get("content-type", "").partition(";")[0]
    wanted = graph.value(expected, MF.expectedFormat)
    if wanted is not None:
        assert kind in {"boolean": BOOLEAN, "tabular": TABULAR, "RDF": RDF_TYPES}[str(wanted)]
    boolean = graph.value(expected, MF.expectedBoolean)
    if boolean is not None:
        assert isinstance(boolean, Literal)
        assert response.json()["boolean"] == boolean.toPython()


@pytest.mark.shared
@pytest.mark.parametrize("name", entries("service-description"))
def test_service_description(server: TestClient, name: str) -> None:
    response = server.get("/sparql")
    assert response.status_code == 200
    described = Graph().parse(data=response.content, format="turtle")
    service = URIRef(f"http://{HOST}/sparql")
    if name == "returns-rdf":
        assert response.headers["content-type"].partition(";")[0] in RDF_TYPES
    elif name == "has-endpoint-triple":
        assert list(described.subjects(SD.endpoint, service)) == [service]
    else:
        assert name == "conforms-to-schema"
        assert_conforms(described)


def assert_conforms(described: Graph) -> None:
    """Domains and ranges of https://www.w3.org/TR/sparql11-service-description/, section 3."""
    ranges: dict[URIRef, URIRef | None] = {
        SD.endpoint: None,
        SD.supportedLanguage: None,
        SD.feature: None,
        SD.resultFormat: None,
        SD.inputFormat: None,
        SD.defaultDataset: SD.Dataset,
        SD.defaultGraph: SD.Graph,
    }
    used = {predicate for _, predicate, _ in described if str(predicate).startswith(str(SD))}
    assert {SD.endpoint, SD.supportedLanguage, SD.resultFormat, SD.defaultDataset} <= used <= set(ranges)
    for predicate in used:
        for subject, value in described.subject_objects(predicate):
            domain = SD.Dataset if predicate == SD.defaultGraph else SD.Service
            assert (subject, RDF.type, domain) in described
            assert isinstance(value, URIRef)
            kind = ranges[URIRef(predicate)]
            assert kind is None or (value, RDF.type, kind) in described
    languages = set(described.objects(None, SD.supportedLanguage))
    assert languages == {SD.SPARQL11Query, SD.SPARQL11Update}
    assert set(described.objects(None, SD.feature)) <= {SD.UnionDefaultGraph, SD.RequiresDataset, SD.EmptyGraphs}


class Exchange(NamedTuple):
    """A request and its response as a graph store test writes them in its comment."""

    method: str
    path: str
    headers: dict[str, str]
    body: str
    status: int
    response: str


def exchange(name: str, new_path: str) -> Exchange:
    graph = manifest("http-rdf-update")
    text = next(str(c) for c in graph.objects(entry(graph, name), RDFS_COMMENT) if "#### Request" in str(c))
    text = re.sub(r"^ {4}", "", text, flags=re.MULTILINE)
    for variable, value in (
        ("$HOST$/$GRAPHSTORE$", f"{HOST}/graphs"),
        ("$GRAPHSTORE$", "/graphs"),
        ("$HOST$", HOST),
        ("$NEWPATH$", new_path),
    ):
        text = text.replace(variable, value)
    asked, _, answered = text.partition("#### Request")[2].partition("#### Response")
    head, _, body = asked.strip().partition("\n\n")
    method, path, _ = head.splitlines()[0].split()
    headers = dict(line.split(": ", 1) for line in head.splitlines()[1:] if not line.startswith("Host"))
    status, _, response = answered.strip().partition("\n\n")
    return Exchange(method, path, headers, body.strip(), int(status.split()[0]), response.strip())


@pytest.fixture(scope="module")
def new_paths() -> list[str]:
    """Where the server has put graphs that came without a name."""
    return []


@pytest.mark.shared
@pytest.mark.parametrize("name", entries("http-rdf-update"))
def test_graph_store(server: TestClient, new_paths: list[str], name: str) -> None:
    said = exchange(name, new_paths[-1] if new_paths else "")
    if name == "put__initial_state":
        assert server.post("/sparql", data={"update": "DROP ALL"}).status_code == 204
    if name == "delete__existing_graph":
        made = server.put(said.path, content="<a:b> <a:b> <a:b> .", headers=typed("text/turtle"))
        assert made.status_code == 201
    body = said.body
    if name == "post__existing_graph":
        assert server.post(said.path, content=body, headers=said.headers).status_code == 400
        body += " ."
    if name == "post__multipart_formdata":
        body = body.replace('"Doe"', '"Doe" .').replace('"Jane"', '"Jane" .').replace("\n", "\r\n")
    response = server.request(said.method, said.path, content=body.encode(), headers=said.headers)

    assert response.status_code == said.status or (said.status, response.status_code) == (200, 204), response.text
    if said.method == "POST" and said.path == "/graphs":
        new_paths.append(response.headers["location"])
    if said.method == "GET" and said.status == 200:
        assert response.headers["content-type"] == "text/turtle; charset=utf-8"
        assert isomorphic(
            Graph().parse(data=response.text, format="turtle"),
            Graph().parse(data=expected(name, said.response), format="turtle"),
        )
    if said.method == "HEAD":
        assert response.content == b""


def expected(name: str, body: str) -> str:
    """The graph that a test expects, with the name that the tests before it have given the person."""
    if name == "get_of_post__existing_graph":
        return body.replace('"John Doe"', '"Jane Doe"').replace("foaf:Person;", 'foaf:Person; foaf:name "Jane Doe";')
    return body
