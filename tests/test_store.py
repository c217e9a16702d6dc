"""The store replaces graphs whole, answers in every format, and shows readers complete checkpoints."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import get_args

import pytest
from graph_fixtures import lines
from rdflib import XSD, Dataset, Graph, Literal, URIRef

from kg.answers import Dataset as Asked
from kg.answers import GraphFormat, QueryError, ResultFormat, ResultTooLarge, Value
from kg.checkpoints import CHECKPOINTS_KEPT, NothingPublished, published_checkpoint
from kg.replacement import StoreLocked
from kg.store import Store
from kg.stores import Triple

GRAPH = URIRef("http://example.org/g")
OTHER = URIRef("http://example.org/h")
EVERYTHING = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } ORDER BY ?s ?o"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


def triple(name: str, value: URIRef | Literal) -> Triple:
    return URIRef(f"http://example.org/{name}"), URIRef("http://example.org/p"), value


ONE = triple("one", Literal('风险比 "0.70"\r\n\\', lang="zh"))
TWO = triple("two", Literal("0.5", datatype=XSD.decimal))


@pytest.fixture
def store() -> Store:
    made = Store.memory()
    made.replace({GRAPH: [ONE], OTHER: [TWO]})
    return made


def test_a_query_sees_all_named_graphs_and_keeps_every_character(store: Store) -> None:
    assert store.select(EVERYTHING) == [
        {
            "s": Value("http://example.org/one"),
            "p": Value("http://example.org/p"),
            "o": Value('风险比 "0.70"\r\n\\', "zh"),
        },
        {"s": Value("http://example.org/two"), "p": Value("http://example.org/p"), "o": Value("0.5")},
    ]


def test_replace_gives_a_graph_exactly_these_triples(store: Store) -> None:
    assert store.replace({GRAPH: [TWO, TWO]})
    assert len(store) == 2
    assert store.triples(GRAPH) == store.triples(OTHER)


def test_an_empty_graph_is_removed(store: Store) -> None:
    assert store.graphs() == {str(GRAPH), str(OTHER)}
    store.replace({GRAPH: []})
    assert store.graphs() == {str(OTHER)}


def test_replacing_with_the_same_triples_writes_nothing(store: Store) -> None:
    assert not store.replace({GRAPH: [ONE], OTHER: [TWO]})


def test_a_bound_parameter_reaches_the_solutions(store: Store) -> None:
    rows = store.select("SELECT ?s ?o WHERE { ?s ?p ?o }", {"s": URIRef("http://example.org/two")})
    assert rows == [{"s": Value("http://example.org/two"), "o": Value("0.5")}]


@pytest.mark.parametrize("text", ["SELECT nonsense", "INSERT DATA { <a:b> <a:b> <a:b> }", "ASK { ?s ?p ?o }"])
def test_select_refuses_what_is_no_select_query(store: Store, text: str) -> None:
    with pytest.raises(QueryError):
        store.select(text)


@pytest.mark.parametrize("results", get_args(ResultFormat))
def test_solutions_and_booleans_come_in_every_format(store: Store, results: ResultFormat) -> None:
    answer = store.answer(EVERYTHING, results=results)
    assert answer.form == "solutions"
    assert "风险比" in answer.body.decode()
    assert store.answer("ASK { ?s ?p ?o }", results=results).form == "boolean"


def test_json_solutions_parse(store: Store) -> None:
    found = json.loads(store.answer(EVERYTHING).body)
    assert [row["s"]["value"] for row in found["results"]["bindings"]] == [
        "http://example.org/one",
        "http://example.org/two",
    ]


@pytest.mark.parametrize("form", get_args(GraphFormat))
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_graphs_come_in_every_format(store: Store, form: GraphFormat) -> None:
    answer = store.answer(CONSTRUCT, graphs=form)
    assert answer.form == "triples"
    names = {"turtle": "turtle", "ntriples": "nt", "nquads": "nquads", "trig": "trig", "rdfxml": "xml"}
    parsed = Dataset(default_union=True) if form in {"nquads", "trig", "jsonld"} else Graph()
    parsed.parse(data=answer.body, format=names.get(form, "json-ld"))
    assert {str(o) for o in parsed.objects()} == {str(ONE[2]), "0.5"}


def test_the_dataset_of_the_protocol_can_be_chosen(store: Store) -> None:
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"

    def answer(dataset: Asked) -> str:
        return store.answer(count, results="csv", dataset=dataset).body.decode().split()[1]

    assert answer(Asked()) == "2"
    assert answer(Asked(default_graphs=(str(GRAPH),))) == "1"
    assert answer(Asked(default_graphs=(str(GRAPH), str(OTHER)))) == "2"
    assert answer(Asked(named_graphs=(str(GRAPH),))) == "0"
    assert answer(Asked(union=False)) == "0"


def test_a_result_over_the_limit_is_refused_whole(store: Store) -> None:
    with pytest.raises(ResultTooLarge, match="more than 10 bytes; ask for less"):
        store.write_answer(BytesIO(), EVERYTHING, max_bytes=10)
    target = BytesIO()
    store.write_answer(target, EVERYTHING, max_bytes=10_000)
    assert target.getvalue() == store.answer(EVERYTHING).body


def test_the_dump_is_sorted_and_the_same_for_equal_stores(store: Store) -> None:
    more = triple("more", Literal("x"))
    store.replace({GRAPH: [ONE, triple("zero", Literal("x"))], OTHER: [TWO, more]})
    again = Store.memory()
    again.replace({OTHER: [more, TWO]})
    again.replace({GRAPH: [triple("zero", Literal("x")), ONE]})
    assert lines(store) == sorted(lines(store))
    for form in ("nquads", "trig", "jsonld"):
        assert store.dump(form) == again.dump(form)


def test_a_second_writer_is_told_what_to_do(tmp_path: Path) -> None:
    writer = Store.open(tmp_path)
    assert len(writer) == 0
    with pytest.raises(StoreLocked, match="wait until it is done, or choose another folder"):
        Store.open(tmp_path)


def test_a_writer_of_another_process_is_noticed(tmp_path: Path) -> None:
    writer = Store.open(tmp_path)
    script = f"from pathlib import Path\nfrom kg.store import Store\nStore.open(Path({str(tmp_path)!r}))"
    second = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[1],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "StoreLocked" in second.stderr
    del writer


def test_nothing_is_published_before_the_first_time(tmp_path: Path) -> None:
    with pytest.raises(NothingPublished, match="ingest some papers into it first"):
        Store.published(tmp_path)
    Store.open(tmp_path).replace({GRAPH: [ONE]})
    with pytest.raises(NothingPublished):
        Store.published(tmp_path)


def test_a_reader_keeps_what_was_published_while_the_writer_goes_on(tmp_path: Path) -> None:
    writer = Store.open(tmp_path)
    writer.replace({GRAPH: [ONE]})
    writer.publish()
    reader = Store.published(tmp_path)
    writer.replace({OTHER: [TWO]})
    assert (len(reader), len(Store.published(tmp_path))) == (1, 1)
    writer.publish()
    assert (len(reader), len(Store.published(tmp_path))) == (1, 2)


def test_nothing_new_is_not_published_again(tmp_path: Path) -> None:
    writer = Store.open(tmp_path)
    writer.replace({GRAPH: [ONE]})
    first = writer.publish()
    assert first is not None
    assert writer.publish() is None
    writer.replace({GRAPH: [ONE]})
    assert writer.publish() is None
    assert published_checkpoint(tmp_path) == first


def test_a_change_that_was_not_published_is_remembered_by_the_next_writer(tmp_path: Path) -> None:
    writer = Store.open(tmp_path)
    writer.replace({GRAPH: [ONE]})
    writer.publish()
    writer.replace({OTHER: [TWO]})
    del writer
    assert Store.open(tmp_path).publish() is not None
    assert len(Store.published(tmp_path)) == 2


def test_old_checkpoints_are_removed_but_for_the_last_ones(tmp_path: Path) -> None:
    writer = Store.open(tmp_path)
    for count in range(CHECKPOINTS_KEPT + 3):
        writer.replace({GRAPH: [triple(str(i), Literal("x")) for i in range(count + 1)]})
        writer.publish()
    folders = sorted(path.name for path in (tmp_path / "published").iterdir() if path.is_dir())
    assert len(folders) == CHECKPOINTS_KEPT
    assert published_checkpoint(tmp_path).name == folders[-1]
    assert len(Store.published(tmp_path)) == CHECKPOINTS_KEPT + 3


def test_a_crash_before_the_switch_leaves_the_last_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = Store.open(tmp_path)
    writer.replace({GRAPH: [ONE]})
    first = writer.publish()
    writer.replace({OTHER: [TWO]})

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("kg.checkpoints.os.replace", crash)
        with pytest.raises(KeyboardInterrupt):
            writer.publish()
    assert published_checkpoint(tmp_path) == first
    assert len(Store.published(tmp_path)) == 1
    assert writer.publish() is not None
    assert len(Store.published(tmp_path)) == 2


def test_a_published_store_cannot_be_written(tmp_path: Path) -> None:
    writer = Store.open(tmp_path)
    writer.replace({GRAPH: [ONE]})
    writer.publish()
    with pytest.raises(RuntimeError):
        Store.published(tmp_path).replace({GRAPH: []})
