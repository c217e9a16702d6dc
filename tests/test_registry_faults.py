"""Broken records never end a run, and never change what another record says."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from registry_records import FORMS, STUDY, study

from extractors.documents import Document, Refusal
from extractors.findings import Facts
from extractors.pipelines import extract
from extractors.readers import papers_in
from kg.iris import Iris
from kg.triples import report_graphs
from kg.validate import require_valid

MUTATIONS = 40
JUNK: tuple[Any, ...] = (
    None,
    True,
    -1,
    3.5,
    10**40,
    "",
    "NA",
    "\ud800",
    "x" * 5000,
    [],
    [[]],
    {},
    [None, 7],
    {"a": []},
    "2019-13-45",
    "1e999",
)


def facts_of(data: bytes) -> Iterator[Facts]:
    """The facts of what can still be read; every fact must stand in the text that it names."""
    for found in papers_in(data, "file"):
        assert isinstance(found, Document | Refusal)
        if isinstance(found, Document) and found.record is not None:
            (facts,) = extract(found)
            plan = facts.registered
            assert plan is not None
            for finding in (*facts.contrasts, *facts.arm_results, *plan.outcomes, *plan.sizes, *plan.dates):
                assert all(found.text[piece.start : piece.end] == piece.quote for piece in finding.evidence)
            assert all(size.number.value >= 0 for size in plan.sizes)
            assert all(c.interval is None or c.interval.low.value <= c.interval.high.value for c in facts.contrasts)  # type: ignore[union-attr]
            report_graphs(found, facts, 1, Iris(), software="1")
            yield facts


@pytest.mark.parametrize("name", FORMS)
def test_cut_and_flipped_bytes_are_refused_or_read(name: str) -> None:
    chance = random.Random(name)
    data = FORMS[name].encode()
    for _ in range(MUTATIONS):
        broken = bytearray(data)
        for _ in range(chance.randint(1, 8)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        if chance.random() < 0.4:
            start = chance.randrange(len(broken))
            del broken[start : start + chance.randint(1, 400)]
        list(facts_of(bytes(broken)))


@pytest.mark.parametrize("name", [name for name in FORMS if name.endswith(".json")])
def test_values_of_wrong_types_are_nothing(name: str) -> None:
    chance = random.Random(name)
    root = json.loads(FORMS[name])
    places = list(_places(root))
    for _ in range(MUTATIONS):
        broken = copy.deepcopy(root)
        path = chance.choice(places)
        node = broken
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = chance.choice(JUNK)
        list(facts_of(json.dumps(broken).encode()))


def test_graphs_of_records_with_impossible_numbers_fit_the_shapes() -> None:
    made = study()
    measure = made["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"][0]
    measure["analyses"][0] |= {"ciPctValue": "950", "ciLowerLimit": "9", "pValue": "7", "paramValue": "-1"}
    measure["classes"][0]["categories"][0]["measurements"][0]["value"] = "500"
    measure["denoms"][0]["counts"][1]["value"] = "-5"
    made["protocolSection"]["designModule"]["enrollmentInfo"]["count"] = -240
    (document,) = papers_in(json.dumps(made).encode(), "file")
    assert isinstance(document, Document)
    (facts,) = extract(document)
    graphs = report_graphs(document, facts, 1, Iris(), software="1")
    require_valid(triple for triples in graphs.values() for triple in triples)
    assert facts.registered is not None
    assert facts.registered.sizes == ()
    (estimate,) = facts.contrasts
    assert (estimate.measure, estimate.interval, estimate.p) == ("other", None, None)


def test_a_broken_record_changes_no_other_record_of_its_file() -> None:
    whole = json.dumps({"studies": [study("NCT00000001"), study("NCT00000002")]}).encode()
    first, second = facts_of(whole)
    for junk in (*JUNK, {"protocolSection": 7}, {"protocolSection": {"identificationModule": {"nctId": [STUDY]}}}):
        data = json.dumps({"studies": [junk, study("NCT00000002"), study("NCT00000001")]}).encode()
        assert [facts.document for facts in facts_of(data)] == [second.document, first.document]
        assert list(facts_of(data)) == [second, first]


def _places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _places(value, (*path, key))
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from _places(value, (*path, place))
