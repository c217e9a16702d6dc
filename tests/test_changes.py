"""Changes by SPARQL Update and by the Graph Store Protocol: who may make them, and what readers see of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kg.querytext import DatasetConflict, with_dataset
from kg.store import Store
from server.app import create_app
from server.settings import Settings

TOKEN = "secret"
INSERT = "INSERT DATA { GRAPH <http://e/g> { <http://e/s> <http://e/p> 1 } }"
TURTLE = {"content-type": "text/turtle"}
GRAPH = {"graph": "http://e/g"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with an empty published graph."""
    Store.open(tmp_path / "data").publish()
    return tmp_path / "data"


@pytest.fixture
def server(data: Path) -> Iterator[TestClient]:
    """A server that takes changes, and a client that knows the token."""
    with TestClient(create_app(Settings(data=data, update_token=TOKEN)), follow_redirects=False) as client:
        client.headers["authorization"] = f"Bearer {TOKEN}"
        yield client


def number(client: TestClient) -> int:
    response = client.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"})
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


def test_a_change_is_seen_by_the_next_query_and_changes_the_tag(server: TestClient) -> None:
    before = server.get("/sparql", params={"query": "ASK {}"}).headers["etag"]
    assert server.post("/sparql", data={"update": INSERT}).status_code == 204

    assert number(server) == 1
    assert server.get("/sparql", params={"query": "ASK {}"}).headers["etag"] != before
    assert server.get("/health").json()["version"] == "00000002"


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x"])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/sparql"), ("PUT", "/graphs?default"), ("DELETE", "/graphs?default")]
)
def test_nobody_else_may_change_anything(server: TestClient, authorization: str, method: str, path: str) -> None:
    headers = {"authorization": authorization, "content-type": "application/sparql-update"}
    response = server.request(method, path, content=INSERT, headers=headers)

    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert number(server) == 0


def test_without_a_token_set_nobody_may(client: TestClient) -> None:
    for method, path in (("POST", "/sparql"), ("PUT", "/graphs?default")):
        headers = {"authorization": "Bearer ", "content-type": "application/sparql-update"}
        response = client.request(method, path, content=INSERT, headers=headers)

        assert response.status_code == 403
        assert response.json()["limit"] == "update_token"


@pytest.mark.parametrize(
    ("update", "status"),
    [
        ("LOAD <http://127.0.0.1:9/>", 403),
        ("INSERT DATA {} ; LOAD SILENT <http://127.0.0.1:9/>", 403),
        ("INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 403),
        ("INSERT DATA { <a", 400),
        (f"{INSERT} ; CREATE GRAPH <http://e/g>", 400),
    ],
)
def test_an_update_that_is_refused_changes_nothing(server: TestClient, update: str, status: int) -> None:
    response = server.post("/sparql", data={"update": update})

    assert response.status_code == status, response.text
    assert number(server) == 0
    assert server.post("/sparql", data={"update": INSERT}).status_code == 204


def test_an_update_that_takes_too_long_is_stopped_and_not_made(data: Path) -> None:
    settings = Settings(data=data, update_token=TOKEN, query_seconds=0.5)
    store = Store.open(data)
    store.update("INSERT DATA { " + " ".join(f"<http://e/{n}> <http://e/p> {n} ." for n in range(300)) + " }")
    store.publish()
    del store
    with TestClient(create_app(settings)) as client:
        response = client.post(
            "/sparql",
            data={"update": f"{INSERT} ; INSERT {{ ?a ?b ?f }} WHERE {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }}"},
            headers={"authorization": f"Bearer {TOKEN}"},
        )

        assert (response.status_code, response.json()["limit"]) == (504, "query_seconds")
        assert number(client) == 300


def test_a_change_waits_for_no_ingestion(server: TestClient, data: Path) -> None:
    writer = Store.open(data)
    response = server.post("/sparql", data={"update": INSERT})
    assert response.status_code == 503
    assert "retry-after" in response.headers
    del writer

    assert server.post("/sparql", data={"update": INSERT}).status_code == 204


def test_a_graph_is_put_read_added_to_and_removed(server: TestClient) -> None:
    first, second = "<http://e/s> <http://e/p> 1 .", "<http://e/s> <http://e/p> 2 ."
    assert server.put("/graphs", params=GRAPH, content=first, headers=TURTLE).status_code == 201
    assert server.put("/graphs", params=GRAPH, content=first, headers=TURTLE).status_code == 204
    assert server.post("/graphs", params=GRAPH, content=second, headers=TURTLE).status_code == 204
    read = server.get("/graphs", params=GRAPH, headers={"accept": "application/n-triples"})
    assert len(read.text.splitlines()) == 2
    known = server.get("/graphs", params=GRAPH, headers={"if-none-match": read.headers["etag"]})
    assert known.status_code == 304
    assert server.delete("/graphs", params=GRAPH).status_code == 204
    assert server.delete("/graphs", params=GRAPH).status_code == 404
    assert server.get("/graphs", params=GRAPH).status_code == 404


def test_the_same_graph_sent_twice_without_a_name_is_one_graph(server: TestClient) -> None:
    first = server.post("/graphs", content="<http://e/s> <http://e/p> 1 .", headers=TURTLE)
    again = server.post("/graphs", content="<http://e/s> <http://e/p> 1 .", headers=TURTLE)

    assert (first.status_code, again.status_code) == (201, 204)
    assert first.headers["location"] == again.headers["location"]
    assert number(server) == 1


@pytest.mark.parametrize(
    ("method", "parameters", "body", "content_type", "status"),
    [
        ("PUT", {"graph": "no iri"}, "", "text/turtle", 400),
        ("PUT", {"graph": "http://e/g", "default": ""}, "", "text/turtle", 400),
        ("PUT", {}, "", "text/turtle", 400),
        ("GET", {}, "", "text/turtle", 400),
        ("DELETE", {}, "", "text/turtle", 400),
        ("PUT", GRAPH, "<a", "text/turtle", 400),
        ("PUT", GRAPH, "x", "image/png", 415),
        ("PUT", GRAPH, "<http://e/s> <http://e/p> 1 <http://e/g> .", "application/n-quads", 415),
        ("PATCH", GRAPH, "", "text/turtle", 405),
    ],
)
def test_a_request_that_cannot_be_meant_changes_nothing(
    server: TestClient, method: str, parameters: dict[str, str], body: str, content_type: str, status: int
) -> None:
    headers = {"content-type": content_type}
    response = server.request(method, "/graphs", params=parameters, content=body, headers=headers)

    assert response.status_code == status, response.text
    assert response.json()["status"] == status
    assert number(server) == 0


def test_a_graph_beyond_the_size_of_a_file_is_413(data: Path) -> None:
    with TestClient(create_app(Settings(data=data, update_token=TOKEN, max_file_mib=1))) as client:
        headers = TURTLE | {"authorization": f"Bearer {TOKEN}"}
        response = client.put("/graphs", params=GRAPH, content=b"#" * 1_100_000, headers=headers)

        assert response.status_code == 413


USING = " USING <http://e/1> USING NAMED <http://e/2> "


@pytest.mark.parametrize(
    ("update", "rewritten"),
    [
        ("INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }", f"INSERT {{ ?s ?p 1 }} {USING}WHERE {{ ?s ?p ?o }}"),
        ("DELETE WHERE { ?s ?p 'WHERE}' }", f"DELETE  {{ ?s ?p 'WHERE}}' }}{USING}WHERE {{ ?s ?p 'WHERE}}' }}"),
        (
            "DELETE { ?s ?p ?o } # WHERE\nWHERE { { SELECT * WHERE { ?s ?p ?o } } } ; CLEAR ALL",
            f"DELETE {{ ?s ?p ?o }} # WHERE\n{USING}WHERE {{ {{ SELECT * WHERE {{ ?s ?p ?o }} }} }} ; CLEAR ALL",
        ),
        ("INSERT DATA { <a:b> <a:b> 'x' }", "INSERT DATA { <a:b> <a:b> 'x' }"),
    ],
)
def test_the_graphs_of_the_request_become_using_clauses(update: str, rewritten: str) -> None:
    assert with_dataset(update, ["http://e/1"], ["http://e/2"]) == rewritten


@pytest.mark.parametrize(
    ("update", "graph"),
    [
        ("WITH <http://e/> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "http://e/1"),
        ("INSERT { ?s ?p 1 } USING <http://e/> WHERE { ?s ?p ?o }", "http://e/1"),
        ("INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }", "http://e/> WHERE {} ; CLEAR ALL #"),
        ("INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }", "relative"),
    ],
)
def test_graphs_that_cannot_be_meant_are_refused(update: str, graph: str) -> None:
    with pytest.raises(DatasetConflict):
        with_dataset(update, [graph], [])
