"""What operators see: health, metrics, the log, compression and the tags that save a transfer."""

from __future__ import annotations

import gzip
import json
import logging
import re
import socket
from pathlib import Path

import brotli
import pytest
from fastapi.testclient import TestClient

from server.app import create_app
from server.compression import chosen_encoding
from server.logs import JsonLines, query_hash
from server.metrics import Metrics
from server.serving import listen
from server.settings import Settings

ASK = "ASK {}"
EVERYTHING = "SELECT * { ?s ?p ?o } LIMIT 200"


def test_health_names_the_version(client: TestClient) -> None:
    response = client.get("/health")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "version": "00000001"}


def test_health_is_503_until_something_is_published(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(data=tmp_path))) as empty:
        response = empty.get("/health")

        assert response.status_code == 503
        assert response.json()["status"] == "nothing published"
        assert "kg_published_version 0" in empty.get("/metrics").text


def test_metrics_count_queries_by_what_became_of_them(client: TestClient) -> None:
    def counted(outcome: str) -> int:
        found = re.search(rf'kg_queries_total{{outcome="{outcome}"}} (\d+)', client.get("/metrics").text)
        return int(found[1]) if found else 0

    answered, malformed = counted("answered"), counted("malformed")
    client.get("/sparql", params={"query": ASK})
    client.get("/sparql", params={"query": "SELECT"})

    assert (counted("answered"), counted("malformed")) == (answered + 1, malformed + 1)
    text = client.get("/metrics").text
    assert 'kg_requests_total{method="GET",route="/sparql",status="200"}' in text
    assert "kg_queries_running 0" in text
    assert "kg_published_version 1" in text


def test_metrics_are_written_as_prometheus_reads_them() -> None:
    metrics = Metrics()
    metrics.count("kg_queries_total", outcome='a"b\\c\nd')
    metrics.observe("kg_query_seconds", 0.02)
    metrics.observe("kg_query_seconds", 99)
    lines = metrics.text({"kg_queries_running": 2}).splitlines()

    assert 'kg_queries_total{outcome="a\\"b\\\\c\\nd"} 1' in lines
    assert 'kg_query_seconds_bucket{le="0.01"} 0' in lines
    assert 'kg_query_seconds_bucket{le="0.025"} 1' in lines
    assert 'kg_query_seconds_bucket{le="+Inf"} 2' in lines
    assert "kg_query_seconds_count 2" in lines
    assert "kg_queries_running 2" in lines


@pytest.mark.parametrize("texts", [False, True])
def test_the_log_holds_the_hash_of_a_query_and_its_text_only_if_asked(
    made_data: Path, caplog: pytest.LogCaptureFixture, texts: bool
) -> None:
    with (
        caplog.at_level(logging.INFO, "kg.queries"),
        TestClient(create_app(Settings(data=made_data, log_queries=texts))) as made,
    ):
        made.get("/sparql", params={"query": ASK})
    (record,) = [record for record in caplog.records if record.name == "kg.queries"]
    line = json.loads(JsonLines().format(record))

    assert line["query"] == query_hash(ASK)
    assert (line["form"], line["outcome"], line["version"]) == ("ASK", "answered", "00000001")
    assert line.get("text") == (ASK if texts else None)


def test_the_log_of_requests_names_the_route_and_not_the_address(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "kg.requests"):
        client.get("/en/trial/NCT01234567?secret=1")
    lines = [JsonLines().format(record) for record in caplog.records if record.name == "kg.requests"]

    assert len(lines) == 1
    assert json.loads(lines[0])["route"] == "/{language:language}/trial/{key:path}"
    assert "secret" not in lines[0]


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        (None, None),
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0.5, gzip", "gzip"),
        ("br;q=0, gzip;q=0", None),
        ("*", "br"),
        ("identity", None),
    ],
)
def test_the_encoding_is_the_one_that_the_client_likes_best(header: str | None, encoding: str | None) -> None:
    assert chosen_encoding(header) == encoding


@pytest.mark.parametrize("encoding", ["gzip", "br", "identity"])
def test_answers_are_compressed_and_whole(client: TestClient, encoding: str) -> None:
    with client.stream(
        "GET", "/sparql", params={"query": EVERYTHING}, headers={"accept-encoding": encoding}
    ) as response:
        raw = b"".join(response.iter_raw())
        plain = {"gzip": gzip.decompress, "br": brotli.decompress, "identity": bytes}[encoding](raw)

    assert len(json.loads(plain)["results"]["bindings"]) == 200
    assert response.headers.get("content-encoding", "identity") == encoding
    assert "Accept-Encoding" in response.headers["vary"]


def test_a_short_answer_is_left_as_it_is(client: TestClient) -> None:
    response = client.get("/sparql", params={"query": ASK}, headers={"accept-encoding": "br"})

    assert "content-encoding" not in response.headers


def test_an_answer_that_is_known_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/sparql", params={"query": ASK})
    again = client.get("/sparql", params={"query": ASK}, headers={"if-none-match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize("query", ["SELECT (NOW() AS ?now) {}", "SELECT (rand() AS ?x) {}", "SELECT (UUID() AS ?x) {}"])
def test_an_answer_that_changes_by_itself_has_no_tag(client: TestClient, query: str) -> None:
    assert "etag" not in client.get("/sparql", params={"query": query}).headers


def test_a_large_answer_leaves_no_file_behind(made_data: Path) -> None:
    app = create_app(Settings(data=made_data))
    with TestClient(app) as made:
        query = "SELECT * { ?s ?p ?o . ?s ?q ?r } LIMIT 5000"
        response = made.get("/sparql", params={"query": query})
        spool = app.state.site.pool._spool

        assert len(response.content) > 500_000
        assert len(response.json()["results"]["bindings"]) == 5000
        assert list(spool.iterdir()) == []
    assert not spool.exists()


def test_an_answer_is_sent_without_waiting_for_the_client_to_acknowledge_its_head() -> None:
    with listen(Settings(port=0)) as listening, socket.create_connection(listening.getsockname()):
        connection, _ = listening.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
