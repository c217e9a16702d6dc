"""Queries and pages give the same over a real Oxigraph server and a real Virtuoso as over the embedded store."""

from __future__ import annotations

import inspect
import json
import re
import shutil
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from rdflib import Graph, Literal, URIRef
from rdflib.compare import to_isomorphic
from services import cleared

from kg import holdings, inventory, queries
from kg.answers import Dataset, QueryError, Value
from kg.opening import published_index, published_store, published_version
from kg.query_files import query_names, query_text
from kg.remote import RemoteStore, search_folder
from kg.search.entries import entries
from kg.search.finding import IndexMissing
from kg.search.wanted import Wanted
from kg.service import Service
from kg.store import Store
from kg.stores import ReadableStore
from server.app import create_app
from server.facts import gather
from server.settings import Settings

KINDS = ("oxigraph", "virtuoso")
# Columns that tell whether something exists, which Virtuoso answers with 1 and 0.
FLAGS = {"best", "current", "union"}
# Queries about the service itself.
OWN = {"graph_names", "many_rows", "state"}


@pytest.fixture(scope="module")
def embedded(example_data: Path) -> Path:
    """A data folder with the example papers."""
    return example_data


@pytest.fixture(scope="module", params=KINDS)
def service(request: pytest.FixtureRequest, embedded: Path) -> Service:
    """A service with the same graph, published."""
    made: Service = cleared(request.getfixturevalue(f"{request.param}_service"))
    writer = RemoteStore.open(made)
    writer.fill(BytesIO(Store.published(embedded).dump()))
    writer.publish()
    writer.close()
    return made


@pytest.fixture(scope="module")
def remote(service: Service) -> RemoteStore:
    return RemoteStore.published(service)


@pytest.fixture(scope="module")
def local(embedded: Path) -> Store:
    return Store.published(embedded)


def some(store: ReadableStore, name: str, column: str, number: int = 2) -> list[URIRef]:
    return [URIRef(iri) for iri in dict.fromkeys(row[column].text for row in store.select(query_text(name)))][:number]


def concepts(*names: str) -> list[URIRef]:
    return [URIRef(f"https://w3id.org/evidence-kg/concept/{name}") for name in names]


def parameters(store: ReadableStore, name: str) -> list[dict[str, URIRef | Literal]]:
    """Values to bind the query's parameter to."""
    found = re.search(r"^# parameters: \?(\w+)", query_text(name), re.MULTILINE)
    if found is None:
        return [{}]
    trials = [URIRef(row.iri) for row in queries.trials(store)]
    values: dict[str, list[Any]] = {
        "trial": trials,
        "report": some(store, "identified", "report", 6),
        "thing": [*trials[:2], *some(store, "identified", "report"), URIRef(queries.arms(store, trials[0])[0].iri)],
        "scheme": [URIRef("https://w3id.org/evidence-kg/concept/measures")],
        "concept": concepts("measures/hazard-ratio", "endpoints/overall-survival", "conditions/breast-cancer"),
        "endpoint": concepts("endpoints/overall-survival", "endpoints/progression-free-survival"),
        "population": concepts("conditions/breast-cancer", "conditions/metastatic-breast-cancer"),
        "contrast": [URIRef(row.iri) for trial in trials for row in queries.contrasts(store, trial)[:2]],
        "graph": [URIRef(f"https://w3id.org/evidence-kg/graph/{name}") for name in ("identity", "checks", "none")],
        "name": [Literal("nct01015625"), Literal("umin000005586"), Literal("none\\of 'these' \"names\"\n")],
        "text": [Literal("jco"), Literal("乳腺"), Literal("no such words")],
    }
    return [{found[1]: value} for value in values[found[1]]]


def comparable(rows: list[dict[str, Value]]) -> list[tuple[tuple[str, object], ...]]:
    """Solutions without their order, and without what SPARQL leaves to the database."""

    def plain(column: str, value: Value) -> object:
        if column in FLAGS:
            return value.text in {"true", "1"}
        if column == "registrations":
            return sorted(value.text.split())  # GROUP_CONCAT has no order
        return value

    return sorted((tuple(sorted((c, plain(c, v)) for c, v in row.items())) for row in rows), key=str)


@pytest.mark.parametrize("name", [name for name in query_names() if name not in OWN])
def test_every_query_gives_what_the_embedded_store_gives(local: Store, remote: RemoteStore, name: str) -> None:
    text = query_text(name)
    given = parameters(local, name)
    assert given
    for bindings in given:
        if "CONSTRUCT" in text:
            expected = local.answer(text, graphs="ntriples", bindings=bindings).body.splitlines()
            found = remote.answer(text, graphs="ntriples", bindings=bindings).body.splitlines()
            assert set(found) == set(expected)
        else:
            assert comparable(remote.select(text, bindings)) == comparable(local.select(text, bindings)), bindings


@pytest.mark.parametrize("name", [name for name in query_names() if name.startswith("example_")])
def test_an_example_is_in_its_order(local: Store, remote: RemoteStore, name: str) -> None:
    """Rows that are the same in all columns of ORDER BY may stand in any order, so the first of them is compared."""
    (order,) = re.findall(r"^ORDER BY (.+)$", query_text(name), re.MULTILINE)[-1:]
    column = re.findall(r"\?(\w+)", order)[0]
    expected, found = ([row.get(column, Value("")).text for row in s.select(query_text(name))] for s in (local, remote))
    assert found == expected


def of_the_whole_store() -> list[Callable[[ReadableStore], object]]:
    """The functions that ask a store and take nothing else."""
    functions = (
        function
        for module in (holdings, inventory, queries)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    )
    # A graph in bytes has no order; the queries behind those are compared above.
    return [
        function
        for function in functions
        if list(inspect.signature(function).parameters) == ["store"]
        and inspect.signature(function).return_annotation != "bytes"
    ]


def searched(store: ReadableStore) -> object:
    return tuple(entries(store))


@pytest.mark.parametrize("ask", [*of_the_whole_store(), searched], ids=lambda ask: ask.__name__)
def test_rows_are_the_same_in_the_same_order(
    local: Store, remote: RemoteStore, ask: Callable[[ReadableStore], object]
) -> None:
    assert ask(remote) == ask(local)


def test_all_facts_of_all_trials_are_the_same(local: Store, remote: RemoteStore) -> None:
    trials = queries.trials(local)
    assert len(trials) == 5
    for trial in trials:
        (key,) = queries.find_trials(local, trial.key)
        assert gather(remote, key) == gather(local, key)


def test_the_export_is_the_same_byte_for_byte(local: Store, remote: RemoteStore) -> None:
    assert remote.dump() == local.dump()


@pytest.fixture(scope="module")
def sites(embedded: Path, service: Service) -> Iterator[tuple[TestClient, TestClient]]:
    """The web application over the folder and over the service."""
    over = Settings(
        data=service.folder,
        store=service.query,
        store_kind=service.kind,
        store_user=service.user,
        store_password=service.password,
        update_token="secret",
        query_workers=1,
        query_rate=10**6,
    )
    plain = Settings(data=embedded, query_workers=1, query_rate=10**6, update_token="secret")
    with (
        TestClient(create_app(plain), follow_redirects=True) as first,
        TestClient(create_app(over), follow_redirects=True) as second,
    ):
        yield first, second


@pytest.mark.parametrize(
    "path",
    [
        "/en/",
        "/zh/?q=UMIN",
        "/en/trial/NCT01015625",
        "/zh/trial/jRCTs031180151",
        "/en/report/doi-10.1245-s10434-018-6494-6-record",
        "/trial/NCT01015625.json",
        "/report/doi-10.1245-s10434-018-6494-6-record.json",
        "/en/sparql",
        "/en/vocabulary/measures",
        "/en/about",
    ],
)
def test_a_page_is_the_same(sites: tuple[TestClient, TestClient], path: str) -> None:
    expected, found = (site.get(path, headers={"Accept": "text/html, */*;q=0.1"}) for site in sites)
    assert found.status_code == expected.status_code == 200
    # Each was published at a time of its own, which the page about the data tells.
    published = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
    assert published.sub("", found.text) == published.sub("", expected.text)


@pytest.mark.parametrize("path", ["/trial/NCT01015625.ttl", "/.well-known/void", "/vocabulary/measures.ttl"])
def test_a_document_is_the_same_graph(sites: tuple[TestClient, TestClient], path: str) -> None:
    expected, found = (
        to_isomorphic(Graph().parse(data=site.get(path, headers={"Accept": "text/turtle"}).text)) for site in sites
    )
    assert len(found) > 30
    assert found == expected


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_the_endpoint_gives_the_same_bytes_in_every_format(sites: tuple[TestClient, TestClient], form: str) -> None:
    query = query_text("example_results_with_sentences")
    expected, found = (site.get("/sparql", params={"query": query, "format": form}) for site in sites)
    assert found.status_code == 200, found.text
    assert sorted(found.text.splitlines()) == sorted(expected.text.splitlines())


@pytest.mark.parametrize("form", ["nt", "ttl", "jsonld", "rdf"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_endpoint_gives_graphs_in_every_format(sites: tuple[TestClient, TestClient], form: str) -> None:
    query = query_text("describe_scheme").replace("?scheme", "<https://w3id.org/evidence-kg/concept/measures>")
    expected, found = (site.get("/sparql", params={"query": query, "format": form}) for site in sites)
    assert found.status_code == 200, found.text
    names = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}
    graphs = [Graph().parse(data=one.text, format=names.get(form, form)) for one in (expected, found)]
    assert set(graphs[0]) == set(graphs[1])


def test_an_ask_query_and_a_dataset_are_answered(sites: tuple[TestClient, TestClient]) -> None:
    _, site = sites
    for query, expected in (("ASK { ?s a ?c }", True), ("ASK { ?s <urn:none> ?o }", False)):
        assert site.get("/sparql", params={"query": query}).json()["boolean"] is expected
    identity = "https://w3id.org/evidence-kg/graph/identity"
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    in_graph = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{identity}> {{ ?s ?p ?o }} }}"
    from_graph = f"SELECT (COUNT(*) AS ?n) FROM <{identity}> WHERE {{ ?s ?p ?o }}"
    for parameters in (
        {"query": count, "default-graph-uri": identity},
        {"query": in_graph},
        {"query": from_graph},
    ):
        expected_n, found = (s.get("/sparql", params=parameters).json() for s in sites)
        assert found["results"]["bindings"][0]["n"]["value"] == expected_n["results"]["bindings"][0]["n"]["value"]


def test_a_graph_is_given_whole_and_an_unknown_one_is_404(sites: tuple[TestClient, TestClient]) -> None:
    name = {"graph": "https://w3id.org/evidence-kg/graph/identity", "format": "nt"}
    expected, found = (site.get("/graphs", params=name) for site in sites)
    assert sorted(found.text.splitlines()) == sorted(expected.text.splitlines())
    assert sites[1].get("/graphs", params={"graph": "urn:none"}).status_code == 404


def test_a_malformed_query_gets_the_same_words_and_never_reaches_the_service(
    sites: tuple[TestClient, TestClient],
) -> None:
    for query in ("SELECT ?s WHERE { ?s ?p }", 'DEFINE get:soft "add" SELECT * { ?s ?p ?o }', "SELECT bif:now() {}"):
        expected, found = (site.get("/sparql", params={"query": query}) for site in sites)
        assert (found.status_code, found.json()["detail"]) == (400, expected.json()["detail"])


def test_the_entity_tag_saves_the_transfer(sites: tuple[TestClient, TestClient]) -> None:
    _, site = sites
    for path in ("/en/trial/NCT01015625", "/sparql?query=ASK{}", "/trial/NCT01015625.nt"):
        tag = site.get(path).headers["ETag"]
        assert "00000001" in tag
        assert site.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert site.get("/health").json() == {"status": "ok", "version": "00000001"}
    assert "kg_published_version 1" in site.get("/metrics").text


def test_functions_below_sparql_are_refused(remote: RemoteStore) -> None:
    for query in (
        "SELECT (<bif:sys_stat>('st_dbms_name') AS ?x) {}",
        "PREFIX b: <\\u0062if:> SELECT (b:sys_stat('st_dbms_name') AS ?x) {}",
        "SELECT (<sql:x>() AS ?x) {}",
    ):
        with pytest.raises(QueryError):
            remote.select(query)


def test_relative_iris_are_resolved_against_the_address(remote: RemoteStore) -> None:
    dataset = Dataset(base_iri="https://example.org/sparql")
    body = remote.answer("SELECT (<x> AS ?x) {}", dataset=dataset).body
    assert json.loads(body)["results"]["bindings"] == [{"x": {"type": "uri", "value": "https://example.org/x"}}]


def test_the_location_of_the_settings_is_opened(service: Service, remote: RemoteStore) -> None:
    assert published_store(service).version == remote.version == "00000001"


def test_the_search_of_a_service_finds_what_the_embedded_one_finds(
    service: Service, embedded: Path, remote: RemoteStore
) -> None:
    there, here = published_index(service, remote.version), published_index(embedded, published_version(embedded))

    for text in ("", "乳腺癌", "PTR", "NCT01015625", "survival"):
        assert there.find(Wanted(text=text)) == here.find(Wanted(text=text))
    # While it is being changed, the index is that of the version before.
    assert len(published_index(service, f"{remote.version}-0123")) == 5
    shutil.rmtree(search_folder(service, remote.version))
    with pytest.raises(IndexMissing, match="kg publish"):
        published_index(service, remote.version)
    writer = RemoteStore.open(service)
    assert writer.publish() is None
    writer.close()
    assert len(published_index(service, remote.version)) == 5
