"""The check of a store finds every kind of damage, and a sound store passes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from graph_fixtures import SOFTWARE, Paper, number, papers, reading, record, write
from rdflib import XSD, Literal, URIRef

from kg.check import Problem, check
from kg.discrepancies import disagreements
from kg.ingest import ingest, refresh
from kg.inventory import Comparable
from kg.iris import Iris
from kg.rows import Interval, Quantity
from kg.store import Store
from kg.stores import Triple
from kg.triples import report_graphs
from ontology import EV

IRIS = Iris()
RECORD = record()
ASSERTION = IRIS.assertion_graph(RECORD.document.id, 1)
PROVENANCE = IRIS.provenance_graph(RECORD.document.id, 1)


def stored(*without: Triple, paper: Paper = RECORD, extra: tuple[Triple, ...] = ()) -> Store:
    store = Store.memory()
    graphs = report_graphs(paper.document, paper.facts, 1, IRIS, software=SOFTWARE)
    for name, triples in graphs.items():
        kept = [triple for triple in triples if triple not in without]
        graphs[name] = [*kept, *(extra if name == ASSERTION else ())]
    store.replace(graphs)
    refresh(store, IRIS)
    return store


def messages(store: Store) -> list[str]:
    return [problem.message for problem in check(store)]


def test_a_sound_store_has_no_problems(tmp_path: Path) -> None:
    store = Store.memory()
    ingest(store, [write(tmp_path, *papers())], reading=reading(*papers()))
    assert check(store) == ()


def test_a_text_that_was_changed_is_noticed() -> None:
    changed = replace(RECORD.document, text=RECORD.document.text.replace("0.86", "0.96"))
    store = stored(paper=Paper(changed, RECORD.facts))
    problems = check(store)
    assert {problem.kind for problem in problems} == {"quote"}
    assert "the text does not say '0.86' there" in [problem.message for problem in problems]


def test_a_hash_that_is_not_that_of_the_text_is_noticed() -> None:
    version = IRIS.version(RECORD.document.id, 1)
    store = stored()
    publication = IRIS.publication_graph(RECORD.document.id, 1)
    graphs = report_graphs(RECORD.document, RECORD.facts, 1, IRIS, software=SOFTWARE)
    store.replace(
        {publication: [(s, p, Literal("0" * 64)) if p == EV.sha256 else (s, p, o) for s, p, o in graphs[publication]]}
    )
    assert Problem("hash", str(version), "the stored text is not the one that was read") in check(store)


@pytest.mark.parametrize(
    ("removed", "message"),
    [
        (EV.Arm, "result of an arm that does not exist"),
        (EV.Endpoint, "result for an endpoint that does not exist"),
        (EV.Contrast, "evidence for a finding that does not exist"),
        (EV.Section, "evidence in a section that does not exist"),
    ],
)
def test_a_loose_end_is_noticed(removed: URIRef, message: str) -> None:
    graphs = report_graphs(RECORD.document, RECORD.facts, 1, IRIS, software=SOFTWARE)
    types = [triple for triples in graphs.values() for triple in triples if triple[2] == removed]
    assert types
    assert any(found.startswith(message) for found in messages(stored(*types)))


def test_a_report_without_a_trial_is_noticed() -> None:
    store = stored()
    store.replace({IRIS.identity_graph: []})
    assert any(message.startswith("report without a trial") for message in messages(store))


def test_a_finding_without_evidence_is_noticed() -> None:
    bare = replace(RECORD.facts.contrasts[0], evidence=())
    store = stored(paper=Paper(RECORD.document, replace(RECORD.facts, contrasts=(bare,))))
    assert any(message.startswith("finding without evidence") for message in messages(store))


def test_a_broken_shape_is_noticed() -> None:
    contrast = IRIS.finding(RECORD.document.id, "contrast", "os-hr")
    store = stored(extra=((contrast, EV.value, Literal("0.5", datatype=XSD.decimal)),))
    problems = [problem for problem in check(store) if problem.kind == "shape"]
    assert [problem.thing for problem in problems] == [str(IRIS.report(RECORD.document.id))] * len(problems)
    assert any("contrast/os-hr" in problem.message for problem in problems)


def comparable(
    report: str,
    value: str,
    low: str = "0.5",
    *,
    level: str = "95",
    setting: tuple[str | None, ...] = (None, None),
    key: str = "c",
) -> Comparable:
    def quantity(text: str) -> Quantity:
        return Quantity(number(text).value, text)

    return Comparable(
        trial="t",
        report=report,
        report_id=report,
        kind="k",
        contrast=f"{report}/{key}",
        endpoint="e",
        measure="m",
        value=quantity(value),
        interval=Interval(quantity(low), quantity("1.5"), number(level).value, ()),
        setting=setting,
    )


@pytest.mark.parametrize(
    ("estimates", "pairs"),
    [
        ([comparable("a", "0.86"), comparable("b", "0.86")], 0),
        ([comparable("a", "0.86", "0.69"), comparable("b", "0.86", "0.68")], 1),
        ([comparable("a", "0.86", "0.69", level="90"), comparable("b", "0.86", "0.68")], 0),
        ([comparable("a", "0.86"), comparable("b", "0.91")], 1),
        ([comparable("a", "0.80"), comparable("b", "1.25")], 0),
        ([comparable("a", "0.86"), comparable("a", "0.91", key="d")], 0),
        ([comparable("a", "0.86"), comparable("b", "0.91"), comparable("b", "0.95", key="d")], 0),
        ([comparable("a", "0.86"), comparable("b", "0.91", setting=("true", None))], 0),
    ],
    ids=[
        "the same figures",
        "another bound",
        "another level",
        "another value",
        "the other arm as reference",
        "one report",
        "several estimates in one report",
        "adjusted against unadjusted",
    ],
)
def test_only_what_ought_to_be_equal_is_compared(estimates: list[Comparable], pairs: int) -> None:
    assert len(list(disagreements(estimates))) == pairs
    assert len(list(disagreements(estimates[::-1]))) == pairs
