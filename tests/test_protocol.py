"""The SPARQL 1.1 Protocol, one test for each thing it asks of a server, and the bounds on strangers' queries."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from fastapi.testclient import TestClient

from kg.querytext import read_query
from server.app import create_app
from server.settings import Settings

EV = "https://w3id.org/evidence-kg/ns#"
SELECT = f"SELECT ?trial WHERE {{ ?trial a <{EV}Trial> }} ORDER BY ?trial"
ASK = f"ASK {{ ?trial a <{EV}Trial> }}"
CONSTRUCT = f"CONSTRUCT {{ ?t a <{EV}Trial> }} WHERE {{ ?t a <{EV}Trial> }}"
DESCRIBE = "DESCRIBE <https://w3id.org/evidence-kg/id/trial/NCT01234567>"
DIRECT = {"content-type": "application/sparql-query"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
TRIALS = ["ChiCTR2300070727", "NCT01234567"]


def trials(body: bytes) -> list[str]:
    bindings = json.loads(body)["results"]["bindings"]
    return sorted(binding["trial"]["value"].rsplit("/", 1)[-1] for binding in bindings)


def assert_problem(response: object, status: int) -> dict[str, object]:
    assert response.status_code == status  # type: ignore[attr-defined]
    assert response.headers["content-type"] == "application/problem+json"  # type: ignore[attr-defined]
    body = response.json()  # type: ignore[attr-defined]
    assert {"type", "title", "status", "detail"} <= set(body) <= {"type", "title", "status", "detail", "limit"}
    assert body["status"] == status
    return dict(body)


@pytest.mark.parametrize("path", ["/sparql", "/sparql/"])
def test_get_with_a_query(client: TestClient, path: str) -> None:
    response = client.get(path, params={"query": SELECT})

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/sparql-results+json"
    assert trials(response.content) == TRIALS


@pytest.mark.parametrize("path", ["/sparql", "/sparql/"])
def test_post_of_the_query_itself(client: TestClient, path: str) -> None:
    assert trials(client.post(path, content=SELECT, headers=DIRECT).content) == TRIALS


def test_post_of_a_form(client: TestClient) -> None:
    assert trials(client.post("/sparql", data={"query": SELECT}).content) == TRIALS


@pytest.mark.parametrize("method", ["get", "form", "direct"])
def test_a_percent_sign_in_an_iri_is_decoded_once(client: TestClient, method: str) -> None:
    query = 'SELECT (STR(<http://example.org/a%20b>) AS ?iri) ("é 中文 + &" AS ?text) {}'
    if method == "get":
        response = client.get(f"/sparql?query={quote(query, safe='')}")
    elif method == "form":
        response = client.post("/sparql", content=urlencode({"query": query}), headers=FORM)
    else:
        response = client.post("/sparql", content=query.encode(), headers=DIRECT)

    (binding,) = response.json()["results"]["bindings"]
    assert binding["iri"]["value"] == "http://example.org/a%20b"
    assert binding["text"]["value"] == "é 中文 + &"


def test_get_without_a_query_describes_the_service_in_turtle(client: TestClient) -> None:
    response = client.get("/sparql")

    assert response.status_code == 200
    assert response.headers["content-type"] == "text/turtle; charset=utf-8"
    assert "UnionDefaultGraph" in response.text
    assert "http://testserver/sparql" in response.text


def test_get_without_a_query_leads_a_browser_to_the_page(client: TestClient) -> None:
    response = client.get("/sparql", headers={"accept": "text/html,*/*;q=0.8", "accept-language": "zh"})

    assert (response.status_code, response.headers["location"]) == (303, "/zh/sparql")


@pytest.mark.parametrize(
    "content_type", ["text/plain", "", "application/json", "application/sparql-query; charset=utf-16"]
)
def test_post_of_another_content_type_is_415(client: TestClient, content_type: str) -> None:
    headers = {"content-type": content_type} if content_type else {}

    assert_problem(client.post("/sparql", content=SELECT.encode(), headers=headers), 415)


@pytest.mark.parametrize(
    "address",
    [
        f"/sparql?{urlencode([('query', ASK), ('query', ASK)])}",
        f"/sparql?{urlencode([('query', ASK), ('update', 'CLEAR ALL')])}",
        "/sparql?query=%FF%FE",
        f"/sparql?{urlencode({'query': 'SELECT * {'})}",
        f"/sparql?{urlencode({'query': ''})}",
        f"/sparql?{urlencode({'query': ASK, 'using-graph-uri': 'http://example.org/'})}",
        f"/sparql?{urlencode({'query': ASK, 'default-graph-uri': 'not an iri'})}",
    ],
    ids=["two queries", "query and update", "not UTF-8", "malformed", "empty", "using graph", "bad graph"],
)
def test_a_request_that_cannot_be_meant_is_400(client: TestClient, address: str) -> None:
    assert_problem(client.get(address), 400)


def test_a_form_without_a_query_is_400(client: TestClient) -> None:
    assert_problem(client.post("/sparql", data={"other": "1"}), 400)


def test_a_body_that_is_not_utf_8_is_400(client: TestClient) -> None:
    assert_problem(client.post("/sparql", content=b"ASK { ?s ?p '\xff' }", headers=DIRECT), 400)


def test_a_malformed_query_is_told_where(client: TestClient) -> None:
    body = assert_problem(client.get("/sparql", params={"query": "SELECT *\n{ ?s }"}), 400)

    assert "2:7" in str(body["detail"])


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_another_method_is_405_and_says_which_are_allowed(client: TestClient, method: str) -> None:
    response = client.request(method, "/sparql", params={"query": ASK})

    assert_problem(response, 405)
    assert "GET" in response.headers["allow"]


@pytest.mark.parametrize(
    "send",
    [
        lambda client: client.post("/sparql", data={"update": "CLEAR ALL"}),
        lambda client: client.post(
            "/sparql", content="CLEAR ALL", headers={"content-type": "application/sparql-update"}
        ),
        lambda client: client.get("/sparql", params={"query": "INSERT DATA { <a:b> <a:b> <a:b> }"}),
        lambda client: client.post("/sparql", content="LOAD <http://127.0.0.1:9/>", headers=DIRECT),
    ],
    ids=["form", "update body", "update as query", "load"],
)
def test_an_update_is_403(client: TestClient, send: object) -> None:
    assert_problem(send(client), 403)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("query", "accept", "content_type", "beginning"),
    [
        (SELECT, "application/sparql-results+json", "application/sparql-results+json", '{"head"'),
        (SELECT, "application/sparql-results+xml", "application/sparql-results+xml", "<?xml"),
        (SELECT, "text/csv", "text/csv; charset=utf-8", "trial\r\nhttps://"),
        (SELECT, "text/tab-separated-values", "text/tab-separated-values; charset=utf-8", "?trial\n<https://"),
        (ASK, "application/json", "application/sparql-results+json", '{"head":{},"boolean":true}'),
        (ASK, "application/xml", "application/sparql-results+xml", "<?xml"),
        (CONSTRUCT, "text/turtle", "text/turtle; charset=utf-8", "@prefix"),
        (CONSTRUCT, "application/n-triples", "application/n-triples; charset=utf-8", "<https://"),
        (CONSTRUCT, "application/ld+json", "application/ld+json", "[{"),
        (CONSTRUCT, "application/rdf+xml", "application/rdf+xml", "<?xml"),
        (DESCRIBE, "*/*", "text/turtle; charset=utf-8", "@prefix"),
    ],
)
def test_each_form_in_each_format_with_its_type(
    client: TestClient, query: str, accept: str, content_type: str, beginning: str
) -> None:
    response = client.get("/sparql", params={"query": query}, headers={"accept": accept})

    assert response.status_code == 200
    assert response.headers["content-type"] == content_type
    assert response.text.startswith(beginning)
    assert response.headers["vary"].startswith("Accept")


@pytest.mark.parametrize(
    ("query", "accept"),
    [(SELECT, "image/png"), (SELECT, "text/turtle"), (CONSTRUCT, "text/csv"), (ASK, "text/csv"), (ASK, "text/html")],
)
def test_nothing_acceptable_is_406(client: TestClient, query: str, accept: str) -> None:
    assert_problem(client.get("/sparql", params={"query": query}, headers={"accept": accept}), 406)


@pytest.mark.parametrize(("name", "content_type"), [("csv", "text/csv"), ("xml", "application/sparql-results+xml")])
def test_the_format_parameter_wins_over_accept(client: TestClient, name: str, content_type: str) -> None:
    response = client.get("/sparql", params={"query": SELECT, "format": name}, headers={"accept": "application/json"})

    assert response.headers["content-type"].startswith(content_type)


def test_an_unknown_format_parameter_is_406(client: TestClient) -> None:
    assert_problem(client.get("/sparql", params={"query": SELECT, "format": "exe"}), 406)


@pytest.fixture(scope="module")
def graphs(running: TestClient) -> list[str]:
    """The two assertion graphs of the hand-made papers, that of the hostile paper first."""
    query = f"SELECT ?g {{ GRAPH ?g {{ ?report <{EV}contrast> ?c }} }} GROUP BY ?g ORDER BY ?g"
    bindings = running.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    found = sorted(binding["g"]["value"] for binding in bindings)
    assert len(found) == 2
    return [next(g for g in found if "hostile" in g), next(g for g in found if "hip" in g)]


CONTRASTS = f"SELECT (COUNT(?c) AS ?n) {{ ?report <{EV}contrast> ?c }}"
NAMED = f"SELECT (COUNT(?c) AS ?n) {{ GRAPH ?g {{ ?report <{EV}contrast> ?c }} }}"


def counted(client: TestClient, query: str, parameters: list[tuple[str, str]], post: bool = False) -> int:
    if post:
        response = client.post(f"/sparql?{urlencode(parameters)}", content=query, headers=DIRECT)
    else:
        response = client.get(f"/sparql?{urlencode([('query', query), *parameters])}")
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


@pytest.mark.parametrize("post", [False, True], ids=["get", "direct post"])
@pytest.mark.parametrize(
    ("query", "names", "number"),
    [
        (CONTRASTS, [], 4),
        (CONTRASTS, [("default-graph-uri", 0)], 1),
        (CONTRASTS, [("default-graph-uri", 1)], 3),
        (CONTRASTS, [("default-graph-uri", 0), ("default-graph-uri", 1)], 4),
        (CONTRASTS, [("named-graph-uri", 0)], 0),
        (NAMED, [("named-graph-uri", 0)], 1),
        (NAMED, [("named-graph-uri", 0), ("named-graph-uri", 1)], 4),
        (NAMED, [("default-graph-uri", 0)], 0),
    ],
)
def test_the_dataset_of_the_request(
    client: TestClient, graphs: list[str], query: str, names: list[tuple[str, int]], number: int, post: bool
) -> None:
    assert counted(client, query, [(name, graphs[place]) for name, place in names], post) == number


def test_the_dataset_of_the_query_and_that_the_request_wins(client: TestClient, graphs: list[str]) -> None:
    query = CONTRASTS.replace("{", f"FROM <{graphs[0]}> {{", 1)

    assert counted(client, query, []) == 1
    assert counted(client, query, [("default-graph-uri", graphs[1])]) == 3


def test_head_is_get_without_a_body(client: TestClient) -> None:
    full = client.get("/sparql", params={"query": SELECT})
    head = client.head("/sparql", params={"query": SELECT})

    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-type"] == full.headers["content-type"]
    assert head.headers["content-length"] == str(len(full.content))


def test_options_and_answers_let_other_origins_ask(client: TestClient) -> None:
    options = client.options("/sparql", headers={"origin": "https://example.org"})

    assert options.status_code == 204
    assert "POST" in options.headers["access-control-allow-methods"]
    assert options.headers["access-control-allow-origin"] == "*"
    assert client.get("/sparql", params={"query": ASK}).headers["access-control-allow-origin"] == "*"
    assert client.get("/sparql", params={"query": "x"}).headers["access-control-allow-origin"] == "*"


@pytest.fixture
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """A loopback server that notes whoever calls."""
    calls: list[bytes] = []
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(0.1)
        done = threading.Event()

        def note() -> None:
            while not done.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    calls.append(connection.recv(100))

        thread = threading.Thread(target=note)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", calls
        done.set()
        thread.join()


@pytest.mark.parametrize(
    "pattern",
    [
        "SERVICE <{0}> {{ ?s ?p ?o }}",
        "service SILENT <{0}> {{ ?s ?p ?o }}",
        "BIND(<{0}> AS ?e) SERVICE ?e {{ ?s ?p ?o }}",
        "OPTIONAL {{ {{ SELECT * {{ SERVICE<{0}>{{ ?s ?p ?o }} }} }} }}",
        "FILTER EXISTS {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
        "# '\n SERVICE <{0}> {{ ?s ?p ?o }} # '",
        "BIND('#' AS ?x) SERVICE <{0}> {{ ?s ?p ?o }}",
        "BIND(<http://e/#> AS ?x) SERVICE <{0}> {{ ?s ?p ?o }}",
    ],
)
def test_no_query_makes_the_server_call_another(
    client: TestClient, listener: tuple[str, list[bytes]], pattern: str
) -> None:
    address, calls = listener

    assert_problem(client.get("/sparql", params={"query": f"SELECT * {{ {pattern.format(address)} }}"}), 403)
    time.sleep(0.2)
    assert calls == []


@pytest.mark.parametrize(
    "query",
    [
        'SELECT ("SERVICE <http://e/> {}" AS ?x) {}',
        "SELECT ?service { ?service a <http://e/SERVICE> }",
        "PREFIX service: <http://e/> SELECT * { ?x a service:SERVICE }",
        "SELECT * {} # SERVICE LOAD INSERT",
        "SELECT * { ?s ?p '''LOAD ' INSERT''' }",
    ],
)
def test_words_inside_names_strings_and_comments_are_no_keywords(client: TestClient, query: str) -> None:
    assert client.get("/sparql", params={"query": query}).status_code == 200


@pytest.mark.parametrize(
    ("query", "form", "update", "federated", "dataset"),
    [
        ("select * {}", "SELECT", False, False, False),
        ("PREFIX ask: <http://e/> ASK {}", "ASK", False, False, False),
        ("BASE <http://e/select> CONSTRUCT WHERE {}", "CONSTRUCT", False, False, False),
        ("SELECT * FROM <http://e/> {}", "SELECT", False, False, True),
        ("WITH <http://e/> DELETE {} WHERE {}", None, True, False, False),
        ("SELECT * { \\u0053ERVICE <http://e/> {} }", "SELECT", False, True, False),
        ("", None, False, False, False),
    ],
)
def test_what_the_words_of_a_query_say(
    query: str, form: str | None, update: bool, federated: bool, dataset: bool
) -> None:
    words = read_query(query)

    assert (words.form, words.update, words.federated, words.dataset) == (form, update, federated, dataset)


@pytest.fixture
def tight(made_data: Path) -> Iterator[TestClient]:
    """The application with bounds so tight that a test can reach them."""
    settings = Settings(data=made_data, query_seconds=1.0, query_memory_mib=96, query_result_mib=1, query_workers=1)
    with TestClient(create_app(settings), follow_redirects=False) as made:
        yield made


def test_a_query_beyond_the_time_is_stopped_and_says_so(tight: TestClient) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    body = assert_problem(tight.get("/sparql", params={"query": query}), 504)

    assert body["limit"] == "query_seconds"
    assert tight.get("/sparql", params={"query": ASK}).status_code == 200


def test_a_query_beyond_the_memory_is_stopped_and_says_so(made_data: Path) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"
    settings = Settings(data=made_data, query_memory_mib=64, query_workers=1)
    with TestClient(create_app(settings)) as small:
        body = assert_problem(small.get("/sparql", params={"query": query}), 503)

        assert body["limit"] == "query_memory_mib"
        assert small.get("/sparql", params={"query": ASK}).status_code == 200


def test_an_answer_beyond_the_size_is_no_answer(tight: TestClient) -> None:
    body = assert_problem(tight.get("/sparql", params={"query": "SELECT * { ?a ?b ?c . ?d ?e ?f }"}), 413)

    assert body["limit"] == "query_result_mib"


def test_pages_answer_while_a_query_runs(made_data: Path) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with TestClient(create_app(Settings(data=made_data, query_seconds=8, query_workers=1))) as made:
        running = threading.Thread(target=made.get, args=("/sparql",), kwargs={"params": {"query": query}})
        running.start()
        while "kg_queries_running 0" in made.get("/metrics").text:
            time.sleep(0.01)

        assert made.get("/en/").status_code == 200
        assert "kg_queries_running 1" in made.get("/metrics").text
        running.join()


def test_a_body_beyond_the_size_of_a_query_is_413(client: TestClient) -> None:
    assert_problem(client.post("/sparql", content=b"#" * 1_100_000, headers=DIRECT), 413)
