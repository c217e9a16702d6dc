"""Ingestion into a real service: versions, crashes at any change, a second writer, changes over HTTP, backups."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from graph_fixtures import RECORD_TEXT, papers, reading, record, write
from services import cleared

from kg.archive import FolderInUse, back_up, restore
from kg.check import check
from kg.checkpoints import NothingPublished
from kg.client import Client
from kg.dialects import DIALECTS
from kg.ingest import ingest
from kg.opening import open_store, published_store, published_version
from kg.remote import RemoteStore
from kg.replacement import StoreLocked
from kg.service import Service, ServiceUnreachable, ServiceUnsuited
from kg.store import Store
from kg.vocabulary_graph import vocabulary_triples
from server.app import create_app
from server.intake import publish_graph, rebuild_graph
from server.settings import Settings

SECRET = {"Authorization": "Bearer secret"}
# The vocabulary is most of a small graph, and what becomes of it is shown in test_remote.py.
FEW_TERMS = vocabulary_triples()[::100]


@pytest.fixture(scope="module", autouse=True)
def few_terms() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.ingest.vocabulary_triples", lambda: FEW_TERMS)
        yield


@pytest.fixture(params=["oxigraph", "virtuoso"])
def service(request: pytest.FixtureRequest) -> Service:
    made: Service = request.getfixturevalue(f"{request.param}_service")
    return cleared(made)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("papers"), *papers())


@pytest.fixture(scope="module")
def undisturbed(files: Path) -> bytes:
    store = Store.memory()
    ingest(store, [files], reading=reading(*papers()))
    return store.dump()


def take_in(service: Service, files: Path) -> str | None:
    """Ingest as a command does, and end; the version that is then published."""
    store = RemoteStore.open(service)
    try:
        assert not ingest(store, [files], reading=reading(*papers())).failed
    finally:
        store.close()
    return published_version(service)


def test_an_ingestion_gives_the_graph_of_the_embedded_store_and_a_version(
    service: Service, files: Path, undisturbed: bytes
) -> None:
    with pytest.raises(NothingPublished, match="ingest some papers into it first"):
        published_store(service)

    assert take_in(service, files) == "00000001"
    assert published_store(service).dump() == undisturbed
    assert check(published_store(service)) == ()


def test_ingesting_again_changes_nothing_and_a_changed_paper_is_a_new_version(service: Service, tmp_path: Path) -> None:
    paper = write(tmp_path, record()) / record().document.source
    assert take_in(service, tmp_path) == "00000001"
    before = published_store(service).dump()
    assert take_in(service, tmp_path) == "00000001"
    assert published_store(service).dump() == before

    paper.write_text(RECORD_TEXT + "An appendix.\n", encoding="utf-8")
    assert take_in(service, tmp_path) == "00000002"
    graphs = published_store(service).dump().decode()
    assert re.search(r"/v2/assertion> \.$", graphs, re.MULTILINE)
    assert not re.search(r"/v1/(assertion|provenance)> \.$", graphs, re.MULTILINE)
    assert re.search(r"/v1/pubinfo> \.$", graphs, re.MULTILINE)


class Crash(BaseException):
    """Stands for the end of the process."""


def crash_at(monkeypatch: pytest.MonkeyPatch, change: int) -> None:
    """End before the change of that number is sent."""
    left = change
    original = Client._write

    def stepping(self: Client, *arguments: object) -> None:
        nonlocal left
        if left == 0:
            raise Crash
        left -= 1
        original(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Client, "_write", stepping)


@pytest.mark.parametrize("change", [0, 1, 3, 5, 8])
def test_an_ingestion_that_ends_at_any_change_is_mended_by_the_next(
    service: Service, files: Path, undisturbed: bytes, change: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        crash_at(patch, change)
        try:
            take_in(service, files)
        except Crash:
            with pytest.raises(NothingPublished):
                published_store(service)
    take_in(service, files)
    assert published_store(service).dump() == undisturbed
    assert not RemoteStore(service).state().changing


@pytest.mark.parametrize("change", [1, 2, 3, 4])
def test_a_new_version_that_ends_at_any_change_is_mended_by_the_next(
    service: Service, tmp_path: Path, change: int
) -> None:
    paper = write(tmp_path, *papers()) / record().document.source
    take_in(service, tmp_path)
    expected = Store.memory()
    ingest(expected, [tmp_path], reading=reading(*papers()))
    paper.write_text(RECORD_TEXT + "An appendix.\n", encoding="utf-8")
    ingest(expected, [tmp_path], reading=reading(*papers()))
    with pytest.MonkeyPatch.context() as patch:
        crash_at(patch, change)
        try:
            take_in(service, tmp_path)
        except Crash:
            # What readers see meanwhile has a name that it never has again.
            assert published_version(service) != published_version(service)
    assert take_in(service, tmp_path) == "00000002"
    assert published_store(service).dump() == expected.dump()


def test_a_second_writer_is_told_on_this_machine_and_on_another(service: Service, tmp_path: Path) -> None:
    first = open_store(service)
    with pytest.raises(StoreLocked, match="another process is writing"):
        open_store(service)
    elsewhere = Service(
        service.query, service.update, service.graphs, service.kind, service.base, tmp_path, "dba", "dba"
    )
    other = open_store(elsewhere)
    for number, store in enumerate((first, other)):
        store.put_graph(f"urn:g{number}", b"<urn:a> <urn:b> 1 .", "turtle", base_iri="urn:x", merge=False)
    with pytest.raises(StoreLocked, match="another writer has changed"):
        first.publish()


def test_a_backup_goes_from_a_service_to_a_folder_and_back(
    service: Service, files: Path, undisturbed: bytes, tmp_path: Path
) -> None:
    take_in(service, files)
    assert back_up(service, tmp_path / "graph.nq.gz") == undisturbed.count(b"\n")
    assert restore(tmp_path / "folder", tmp_path / "graph.nq.gz") == undisturbed.count(b"\n")
    assert Store.published(tmp_path / "folder").dump() == undisturbed
    with pytest.raises(FolderInUse):
        restore(service, tmp_path / "graph.nq.gz")
    restore(cleared(service), tmp_path / "graph.nq.gz")
    assert published_store(service).dump() == undisturbed


def test_what_another_program_has_loaded_is_published(service: Service, undisturbed: bytes) -> None:
    spanning = re.compile(r"/graph/(identity|checks|description)> \.$")
    graphs: dict[str, list[str]] = {}
    for line in undisturbed.decode().splitlines():
        if not spanning.search(line):
            triple, _, graph = line.removesuffix("> .").rpartition(" <")
            graphs.setdefault(graph, []).append(triple)
    dialect = DIALECTS[service.kind]()
    client = Client(service, dialect.authentication(service))
    dialect.write(client, list(graphs.items()))
    client.close()
    settings = Settings(
        data=service.folder,
        store=service.query,
        store_kind=service.kind,
        store_user=service.user,
        store_password=service.password,
    )

    assert [publish_graph(settings), publish_graph(settings)] == ["00000001", "00000002"]
    assert published_store(service).dump() == undisturbed


def test_a_graph_in_a_service_is_not_rebuilt_in_place(service: Service) -> None:
    settings = Settings(data=service.folder, store=service.query, store_kind=service.kind)
    with pytest.raises(ServiceUnsuited, match="leave KG_STORE out"):
        rebuild_graph(settings, service.folder / "failures.jsonl")


@pytest.fixture
def site(service: Service, files: Path) -> Iterator[TestClient]:
    take_in(service, files)
    settings = Settings(
        data=service.folder,
        store=service.query,
        store_kind=service.kind,
        store_user=service.user,
        store_password=service.password,
        update_token="secret",
        query_workers=1,
    )
    with TestClient(create_app(settings)) as made:
        yield made


def test_the_holder_of_the_token_changes_graphs(site: TestClient) -> None:
    graph = {"graph": "urn:kg:test"}
    turtle = {**SECRET, "Content-Type": "text/turtle"}
    ask = {"query": 'ASK { <urn:a> <urn:b> "灯 \\"x\\" \\n"@zh }'}
    text = '<urn:a> <urn:b> "灯 \\"x\\" \\n"@zh .'.encode()

    assert site.put("/graphs", params=graph, content=text, headers=turtle).status_code == 201
    assert site.get("/health").json()["version"] == "00000002"
    assert site.get("/sparql", params=ask).json()["boolean"] is True
    assert site.post("/graphs", params=graph, content=b"<urn:a> <urn:b> 2 .", headers=turtle).status_code == 204
    assert len(site.get("/graphs", params={**graph, "format": "nt"}).text.splitlines()) == 2

    update = {
        "update": "DELETE { GRAPH ?g { ?s ?p 2 } } INSERT { GRAPH ?g { ?s ?p 3 } } WHERE { GRAPH ?g { ?s ?p 2 } }"
    }
    assert site.post("/sparql", data=update, headers=SECRET).status_code == 204
    assert "3" in site.get("/graphs", params={**graph, "format": "nt"}).text
    assert site.delete("/graphs", params=graph, headers=SECRET).status_code == 204
    assert site.get("/graphs", params=graph).status_code == 404


def test_what_a_service_cannot_do_is_refused_with_a_reason(site: TestClient) -> None:
    turtle = {**SECRET, "Content-Type": "text/turtle"}
    refused = site.put("/graphs?default", content=b"<urn:a> <urn:b> 2 .", headers=turtle)
    assert refused.status_code == 400
    assert "default graph is the union" in refused.json()["detail"]
    state = {"graph": "https://w3id.org/evidence-kg/graph/state"}
    assert site.put("/graphs", params=state, content=b"<urn:a> <urn:b> 2 .", headers=turtle).status_code == 400
    malformed = site.post("/sparql", data={"update": "INSERT DATA { urn:a }"}, headers=SECRET)
    assert malformed.status_code == 400
    assert "error at 1:" in malformed.json()["detail"]


def test_wrong_credentials_are_told_without_them(virtuoso_service: Service, tmp_path: Path) -> None:
    wrong = Service(
        virtuoso_service.query,
        virtuoso_service.update,
        virtuoso_service.graphs,
        "virtuoso",
        virtuoso_service.base,
        tmp_path,
        user="dba",
        password="open sesame",
    )
    store = open_store(cleared(virtuoso_service) and wrong)
    with pytest.raises(Exception, match="wants other credentials") as raised:
        store.put_graph("urn:g", b"<urn:a> <urn:b> 1 .", "turtle", base_iri="urn:x", merge=False)
    assert "sesame" not in str(raised.value)
    assert "sesame" not in repr(wrong)


def test_a_service_that_goes_away_is_told_and_comes_back(
    site: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "/en/trial/NCT00000001"
    assert site.get(path).status_code == 200
    with monkeypatch.context() as patch:

        def away(*_: object, **__: object) -> None:
            raise ServiceUnreachable(f"the store at {service.query} cannot be reached")

        patch.setattr(Client, "query", away)
        page = site.get(path, headers={"Accept": "text/html"})
        assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
        problem = site.get("/trial/NCT00000001.ttl", headers={"Accept": "application/json"})
        assert problem.headers["Content-Type"] == "application/problem+json"
        assert problem.json()["status"] == 503
        assert "127.0.0.1" not in page.text + problem.text
        assert site.get("/health").json()["status"] == "store away"
        assert "kg_published_version 0" in site.get("/metrics").text
    assert site.get(path).status_code == 200
