"""What the graph says of itself: counts that are right, in the shapes that query editors ask for."""

from __future__ import annotations

from pathlib import Path

import pytest
from graph_fixtures import papers, reading, write

from kg.catalogue import description
from kg.ingest import ingest
from kg.iris import Iris
from kg.store import Store

IRIS = Iris()
PREFIXES = (
    "PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX ev: <https://w3id.org/evidence-kg/ns#> "
    "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX void: <http://rdfs.org/ns/void#> "
    "PREFIX void-ext: <http://ldf.fi/void-ext#> "
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    made = Store.memory()
    ingest(made, [write(tmp_path_factory.mktemp("papers"), *papers())], reading=reading(*papers()), iris=IRIS)
    return made


def number(store: Store, text: str) -> int:
    (row,) = store.select(PREFIXES + text)
    return int(row["n"].text)


def test_the_number_of_triples_is_that_of_the_other_graphs(store: Store) -> None:
    counted = number(
        store, f"SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != <{IRIS.description_graph}>) }}"
    )

    assert number(store, "SELECT ?n { ?set a dcat:Dataset ; void:triples ?n }") == counted


@pytest.mark.parametrize(("name", "property_"), [("Contrast", "value"), ("Arm", "armRole"), ("Trial", "hasReport")])
def test_a_partition_counts_what_a_query_counts(store: Store, name: str, property_: str) -> None:
    things = number(store, f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a ev:{name} }}")
    triples = number(store, f"SELECT (COUNT(*) AS ?n) {{ ?s a ev:{name} ; ev:{property_} ?o }}")

    partition = f"?set void:classPartition ?class . ?class void:class ev:{name}"
    assert number(store, f"SELECT ?n {{ {partition} ; void:entities ?n }}") == things
    inner = f"{partition} ; void:propertyPartition ?p . ?p void:property ev:{property_} ; void:triples ?n"
    assert number(store, f"SELECT ?n {{ {inner} }}") == triples


def test_editors_find_classes_of_values_datatypes_and_prefixes(store: Store) -> None:
    values = store.select(
        PREFIXES + "SELECT ?class { ?p void:property ev:ofEndpoint ; void:classPartition/void:class ?class }"
    )
    assert {row["class"].text for row in values} == {"https://w3id.org/evidence-kg/ns#Endpoint"}
    datatypes = store.select(
        PREFIXES + "SELECT ?type { ?p void:property ev:value ; void-ext:datatypePartition/void-ext:datatype ?type }"
    )
    assert {row["type"].text for row in datatypes} == {"http://www.w3.org/2001/XMLSchema#decimal"}
    assert number(store, 'SELECT (COUNT(*) AS ?n) { ?node sh:prefix "ev" ; sh:namespace ?namespace }') == 1


def test_the_description_does_not_describe_itself(store: Store, tmp_path: Path) -> None:
    again = set(description(store, IRIS))

    assert {str(line) for line in store.triples(IRIS.description_graph)} == {
        f"{s.n3()} {p.n3()} {o.n3()}" for s, p, o in again
    }
