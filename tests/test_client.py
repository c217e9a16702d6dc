"""What a service can do wrong, and what is asked of it again: a server made to fail, one failure at a time."""

from __future__ import annotations

import json
import re
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from rdflib import Literal, URIRef
from rdflib.plugins.sparql import prepareQuery
from services import free_port
from services import service as service_at
from typer.testing import CliRunner

from kg.answers import QueryError, ResultTooLarge
from kg.client import Client
from kg.query_files import query_names, query_text
from kg.querytext import any_graph, bound
from kg.remote import RemoteStore
from kg.service import (
    Service,
    ServiceFault,
    ServiceReadOnly,
    ServiceRefused,
    ServiceTimeout,
    ServiceUnreachable,
    addresses,
)
from kg.store import Store
from kg.stores import term
from server.cli import app
from server.settings import SettingError, Settings, load_settings

Answer = Callable[[BaseHTTPRequestHandler], None]
JSON = "application/sparql-results+json"
EMPTY = b'{"head": {"vars": ["x"]}, "results": {"bindings": []}}'


class Failing(ThreadingHTTPServer):
    """Answers each request by the next of its answers, and by the last one from then on."""

    daemon_threads = True

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, bytes]] = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def service(self) -> Service:
        return service_at("oxigraph", f"http://127.0.0.1:{self.server_port}/query", Path("unused"))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        made: Failing = self.server  # type: ignore[assignment]
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        made.asked.append((self.path, self.headers.get("Authorization", ""), body))
        answer = made.answers[0]
        if len(made.answers) > 1:
            made.answers.pop(0)
        answer(self)

    def log_message(self, *_: object) -> None:
        pass


def says(status: int, body: bytes, **headers: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in ({"Content-Type": JSON, "Content-Length": str(len(body))} | given).items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)

    return answer


def hangs_up(request: BaseHTTPRequestHandler) -> None:
    request.close_connection = True
    request.connection.shutdown(2)


def breaks_off(request: BaseHTTPRequestHandler) -> None:
    request.close_connection = True
    says(200, EMPTY[:20], Content_Length="4000")(request)


def drips(request: BaseHTTPRequestHandler) -> None:
    request.close_connection = True
    says(200, b"", Content_Length="4000")(request)
    try:
        for _ in range(100):
            request.wfile.write(b" ")
            time.sleep(0.05)
    except OSError:
        return


@pytest.fixture
def serving() -> Iterator[Callable[..., Failing]]:
    running: list[socketserver.BaseServer] = []

    def start(*answers: Answer) -> Failing:
        made = Failing(*answers)
        threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        running.append(made)
        return made

    yield start
    for made in running:
        made.shutdown()
        made.server_close()


@pytest.fixture
def client() -> Iterator[Callable[..., Client]]:
    made: list[Client] = []

    def connect(service: Service) -> Client:
        made.append(Client(service, None))
        return made[-1]

    yield connect
    for one in made:
        one.close()


Serving = Callable[..., Failing]
Connect = Callable[[Service], Client]


@pytest.mark.parametrize("first", [hangs_up, breaks_off, says(503, b"starting"), says(502, b"gateway")])
def test_a_query_that_nobody_answered_is_asked_again(serving: Serving, client: Connect, first: Answer) -> None:
    server = serving(first, says(200, EMPTY))
    assert client(server.service).query([("query", "x")], JSON).body == EMPTY
    assert len(server.asked) == 2


def test_a_change_is_never_sent_twice(serving: Serving, client: Connect) -> None:
    server = serving(hangs_up, says(204, b""))
    with pytest.raises(ServiceUnreachable):
        client(server.service).update("CLEAR ALL")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (says(400, b"syntax error at 'x'"), QueryError, "syntax error at 'x'"),
        (says(401, b""), ServiceRefused, "store_user"),
        (says(403, b""), ServiceRefused, "KG_STORE_TOKEN"),
        (says(404, b""), ServiceUnreachable, "correct the settings"),
        (says(302, b"", Location="https://elsewhere.example/"), ServiceUnreachable, "status 302"),
        (says(500, b"disk full"), ServiceFault, "disk full"),
        (says(500, b"Virtuoso S1T00 Error SR171: Transaction timed out"), ServiceTimeout, "timed out"),
        (says(200, b"x" * 2000), ResultTooLarge, "more than 1000 bytes"),
        (drips, ServiceTimeout, "did not answer in time"),
        (breaks_off, ServiceUnreachable, "cannot be reached"),
    ],
)
def test_a_failure_has_a_name_and_says_what_to_do(
    serving: Serving, client: Connect, answer: Answer, error: type[Exception], words: str
) -> None:
    service = replace(serving(answer).service, seconds=0.4)
    with pytest.raises(error, match=re.escape(words)):
        client(service).query([("query", "x")], JSON, 1000)


def test_nobody_at_the_address(client: Connect) -> None:
    address = f"http://127.0.0.1:{free_port()}/query"
    with pytest.raises(ServiceUnreachable, match=r"start it, or correct the setting store"):
        client(service_at("oxigraph", address, Path("unused"))).query([("query", "x")], JSON)


@pytest.mark.parametrize(
    "body",
    [
        EMPTY[:-1],
        EMPTY.replace(b"[]}}", b'[{"x": {"type": "uri", "value": "urn:a"}}The SPARQL operation has been cancelled'),
        b"<html>Welcome</html>",
    ],
)
def test_half_an_answer_is_an_error(serving: Serving, body: bytes) -> None:
    with pytest.raises(ServiceFault, match="broken or breaks off"):
        RemoteStore(serving(says(200, body)).service).select("SELECT ?x { ?x ?y ?z }")


def test_answers_that_virtuoso_cut_are_refused(serving: Serving) -> None:
    service = replace(serving(says(200, EMPTY, X_SPARQL_MaxRows="10000")).service, kind="virtuoso")
    with pytest.raises(ServiceFault, match="cuts answers at 10000 rows: take ResultSetMaxRows out"):
        RemoteStore(service).select("SELECT ?x { ?x ?y ?z }")


def test_a_default_graph_that_is_no_union_is_noticed(serving: Serving) -> None:
    row = {
        "property": {"type": "uri", "value": "https://schema.org/version"},
        "value": {"type": "literal", "value": "1"},
        "union": {"type": "literal", "value": "false"},
    }
    body = json.dumps({"head": {"vars": list(row)}, "results": {"bindings": [row]}}).encode()
    with pytest.raises(ServiceFault, match="not the union of its named graphs"):
        RemoteStore.published(replace(serving(says(200, body)).service, kind="standard"))


def test_credentials_travel_in_the_header_only(serving: Serving) -> None:
    server = serving(says(200, EMPTY))
    named = replace(server.service, user="reader", password="open sesame")
    RemoteStore(named).select("SELECT ?x { ?x ?y ?z }")
    RemoteStore(replace(server.service, token="a-token")).select("SELECT ?x { ?x ?y ?z }")
    assert [sent.split()[0] for _, sent, _ in server.asked] == ["Basic", "Bearer"]
    assert not any(b"sesame" in body or "sesame" in path for path, _, body in server.asked)
    assert "sesame" not in repr(named)


def test_a_service_without_an_address_for_changes_is_read_only(tmp_path: Path) -> None:
    service = replace(service_at("oxigraph", "http://127.0.0.1:1/query", tmp_path), update="", kind="standard")
    with pytest.raises(ServiceReadOnly, match="KG_STORE_UPDATE"):
        RemoteStore.open(service)


@pytest.mark.parametrize(
    "arguments", [["ingest", "."], ["query", "ASK {}"], ["export"], ["check"], ["backup", "graph.nq.gz"]]
)
def test_a_command_says_in_one_line_what_to_do(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    variables = {
        "KG_STORE": f"http://127.0.0.1:{free_port()}/query",
        "KG_STORE_KIND": "oxigraph",
        "KG_STORE_PASSWORD": "open sesame",
    }
    result = CliRunner().invoke(app, arguments, env=variables)
    assert result.exit_code == 1
    assert re.search(r"^kg: the store at http://127\.0\.0\.1:\d+/\w+ cannot be reached .*start it", result.stderr)
    assert "sesame" not in result.output


def test_the_addresses_of_known_kinds_follow_from_the_query_address() -> None:
    assert addresses("oxigraph", "http://h:1/query") == ("http://h:1/update", "http://h:1/store")
    assert addresses("virtuoso", "http://h/sparql/") == ("http://h/sparql-auth", "http://h/sparql-graph-crud-auth")
    assert addresses("standard", "http://h/query") == ("", "")
    made = Settings(store="http://h/sparql", store_kind="virtuoso", store_update="http://h/other").location
    assert isinstance(made, Service)
    assert (made.update, made.graphs) == ("http://h/other", "http://h/sparql-graph-crud-auth")
    assert Settings().location == Path("data")


def test_a_password_in_an_address_is_refused_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="store_password") as raised:
        load_settings({}, {"KG_STORE": "http://me:sesame@host/sparql"}, tmp_path)
    assert "sesame" not in str(raised.value)
    for wrong in ("host/sparql", "ftp://host/x"):
        with pytest.raises(SettingError, match="expected an http"):
            load_settings({}, {"KG_STORE": wrong}, tmp_path)
    with pytest.raises(SettingError, match="expected one of standard, oxigraph, virtuoso"):
        load_settings({}, {"KG_STORE_KIND": "fuseki"}, tmp_path)


TERMS = {"trial": URIRef("urn:t"), "name": Literal('a "b" \\ \n?name #x', lang="en"), "text": Literal("x'y")}


@pytest.mark.parametrize("name", query_names())
def test_a_query_with_its_parameter_in_place_is_still_one(name: str) -> None:
    found = re.search(r"^# parameters: \?(\w+)", query_text(name), re.MULTILINE)
    if found is None:
        assert bound(query_text(name), {"none": "<urn:x>"}) == query_text(name)
        return
    text = bound(query_text(name), {found[1]: str(term(TERMS.get(found[1], URIRef("urn:x"))))})
    prepareQuery(text)
    body = re.sub(r'^#.*$|"(\\.|[^"\\])*"', "", text, flags=re.MULTILINE)
    assert not re.search(rf"[?$]{found[1]}\b", body)


@pytest.mark.parametrize(
    "value", ["plain", "quotes \" and ' and \\", "lines\r\nand\ttabs", "灯笼 ?x $x <urn:x> # x", ""]
)
def test_a_term_in_place_finds_what_a_bound_parameter_finds(value: str) -> None:
    store = Store.memory()
    graph = URIRef("urn:g")
    literal = Literal(value, lang="zh")
    store.replace(
        {graph: [(URIRef("urn:a"), URIRef("urn:b"), literal), (URIRef("urn:c"), URIRef("urn:b"), Literal("x"))]}
    )
    query = "SELECT ?x ?s WHERE { ?s <urn:b> ?x . FILTER(\"?x\" != '$x') } # ?x"
    placed = store.select(bound(query, {"x": str(term(literal))}))
    assert [row["s"] for row in placed] == [row["s"] for row in store.select(query, {"x": literal})]
    assert len(placed) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT * { GRAPH ?g { ?s ?p ?o } }", True),
        ("SELECT ?graph { graph\n# a comment\n$graph { ?s ?p ?o } }", True),
        ("SELECT ?graph { ?s ?p ?graph }", False),
        ("SELECT * { GRAPH ?g { ?s ?p ?o } GRAPH <urn:g> { ?s ?p ?o } }", False),
        ('SELECT * { GRAPH ex:g { ?s ?p "GRAPH ?g" } }', False),
    ],
)
def test_graphs_that_a_query_names_are_told_from_any(text: str, expected: bool) -> None:
    assert any_graph(text) is expected
