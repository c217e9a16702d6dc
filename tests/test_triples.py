"""Findings become three named graphs, the same ones every time."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from graph_fixtures import SOFTWARE, Paper, Pen, article, other_trial, papers, record
from rdflib import DCTERMS, PROV, RDF, SKOS, XSD, BNode, Literal, URIRef

from kg.codes import UnknownCode, coded, known
from kg.iris import Iris
from kg.stores import Triple
from kg.triples import report_graphs
from ontology import EV

IRIS = Iris()
RECORD = record()
REPORT = IRIS.report(RECORD.document.id)


def graphs(paper: Paper, version: int = 1) -> dict[URIRef, list[Triple]]:
    return report_graphs(paper.document, paper.facts, version, IRIS, software=SOFTWARE)


def assertion(paper: Paper) -> list[Triple]:
    return graphs(paper)[IRIS.assertion_graph(paper.document.id, 1)]


def values(triples: list[Triple], subject: URIRef, predicate: URIRef) -> list[str]:
    return sorted(str(o) for s, p, o in triples if (s, p) == (subject, predicate))


def test_one_contrast_is_one_node_with_its_numbers_as_printed() -> None:
    node = IRIS.finding(RECORD.document.id, "contrast", "os-hr-women")
    found = {(str(p).rsplit("#", 1)[-1], str(o)) for s, p, o in assertion(RECORD) if s == node}
    assert {
        ("value", "0.7"),
        ("valueText", "0.70"),
        ("intervalLow", "0.51"),
        ("intervalLevel", "95"),
        ("boundNotEstimable", "high"),
        ("measure", str(coded("measures", "HR"))),
        ("armFor", str(IRIS.finding(RECORD.document.id, "arm", "surgery"))),
        ("armAgainst", str(IRIS.finding(RECORD.document.id, "arm", "drugs-alone"))),
    } <= found
    assert not {name for name, _ in found} & {"pValue", "intervalHigh", "significant"}


def test_the_best_name_of_each_language_is_the_label() -> None:
    arm = IRIS.finding(RECORD.document.id, "endpoint", "overall-survival")
    assert values(assertion(RECORD), arm, SKOS.prefLabel) == ["overall survival", "总生存期"]
    assert values(assertion(RECORD), arm, EV.name) == ["OS", "overall survival", "总生存期"]


def test_a_number_is_a_phase_only_where_it_is_one() -> None:
    triples = assertion(RECORD)
    facts = {s: {p: o for t, p, o in triples if t == s} for s, p, o in triples if p == RDF.type and o == EV.DesignFact}
    found = {str(fact[EV.aspect]).rsplit("/", 1)[-1]: fact for fact in facts.values()}
    assert found["phase"][EV.designValue] == known("designs", "3", "phase")
    assert found["centres"][EV.valueText] == Literal("3")
    assert EV.designValue not in found["centres"]


def test_a_unit_that_the_lexicon_lacks_stays_as_printed() -> None:
    paper = other_trial()
    node = IRIS.finding(paper.document.id, "arm-result", "light-mean")
    assert values(assertion(paper), node, EV.unitText) == ["lux"]
    assert values(assertion(paper), node, EV.unit) == []


def test_a_code_that_the_lexicon_lacks_is_refused_with_advice() -> None:
    contrast = replace(RECORD.facts.contrasts[0], measure="hazzard")
    with pytest.raises(UnknownCode, match=r"measures\.ttl has no concept with the notation 'hazzard'; add it"):
        assertion(Paper(RECORD.document, replace(RECORD.facts, contrasts=(contrast,))))


def test_own_and_mentioned_registrations_are_told_apart() -> None:
    triples = [triple for graph in graphs(RECORD).values() for triple in graph]
    assert values(triples, REPORT, EV.registration) == [str(IRIS.registration("NCT00000001"))]
    assert values(triples, REPORT, EV.mentionedRegistration) == [str(IRIS.registration("ISRCTN00000009"))]
    node = IRIS.registration("NCT00000001")
    assert values(triples, node, EV.recordPage) == ["https://clinicaltrials.gov/study/NCT00000001"]
    assert values(triples, node, EV.curie) == ["clinicaltrials:NCT00000001"]


def test_no_graph_of_a_report_names_a_trial() -> None:
    for paper in papers():
        for triples in graphs(paper).values():
            assert not any(EV.Trial in triple or "/id/trial/" in str(triple) for triple in triples)


def test_no_triple_is_in_two_graphs_so_that_none_counts_twice() -> None:
    triples: dict[Triple, set[URIRef]] = {}
    for paper in papers():
        for name, graph in graphs(paper).items():
            for triple in graph:
                triples.setdefault(triple, set()).add(name)
    assert {triple: names for triple, names in triples.items() if len(names) > 1} == {}


def test_no_blank_nodes() -> None:
    terms = {term for paper in papers() for triples in graphs(paper).values() for t in triples for term in t}
    assert terms
    assert not any(isinstance(term, BNode) for term in terms)


def test_evidence_points_into_the_stored_text() -> None:
    provenance = graphs(RECORD)[IRIS.provenance_graph(RECORD.document.id, 1)]
    version = IRIS.version(RECORD.document.id, 1)
    (text,) = values(provenance, version, EV.fullText)
    oa = "http://www.w3.org/ns/oa#"
    spans = [s for s, p, o in provenance if str(p) == oa + "hasSource" and o == version]
    assert len(spans) == len({(e.start, e.end) for e in _evidence(RECORD)})
    for span in spans:
        (start,) = values(provenance, URIRef(f"{span}/position"), URIRef(oa + "start"))
        (end,) = values(provenance, URIRef(f"{span}/position"), URIRef(oa + "end"))
        (quote,) = values(provenance, URIRef(f"{span}/quote"), URIRef(oa + "exact"))
        assert text[int(start) : int(end)] == quote


def _evidence(paper: Paper) -> list[object]:
    facts = paper.facts
    findings = (
        *facts.registrations,
        *facts.design,
        facts.population,
        *facts.population.counts,
        *facts.arms,
        *facts.endpoints,
        *facts.contrasts,
        *facts.arm_results,
        *facts.statements,
        *facts.conclusions,
    )
    return [piece for finding in findings for piece in finding.evidence]


def test_evidence_that_differs_in_confidence_only_is_kept_once_with_the_highest() -> None:
    paper = article()
    (piece,) = Pen(paper.document.text)("0.86", "value")
    contrast = replace(
        paper.facts.contrasts[0],
        evidence=(
            replace(piece, confidence=Decimal("0.5")),
            piece,
            replace(piece, confidence=Decimal("0.7")),
        ),
    )
    facts = replace(paper.facts, contrasts=(contrast,))
    provenance = graphs(Paper(paper.document, facts))[IRIS.provenance_graph(paper.document.id, 1)]
    body = IRIS.finding(paper.document.id, "contrast", "death-hr")
    (node,) = (s for s, _, o in provenance if o == body)
    assert values(provenance, node, EV.confidence) == ["0.9"]


def test_a_later_version_revises_the_one_before() -> None:
    publication = graphs(RECORD, version=2)[IRIS.publication_graph(RECORD.document.id, 2)]
    node = IRIS.version(RECORD.document.id, 2)
    assert values(publication, node, PROV.wasRevisionOf) == [str(IRIS.version(RECORD.document.id, 1))]
    assert values(publication, node, EV.sha256) == [RECORD.document.sha256]
    assert not values(graphs(RECORD)[IRIS.publication_graph(RECORD.document.id, 1)], node, PROV.wasRevisionOf)


def test_authors_keep_their_order() -> None:
    triples = assertion(RECORD)
    schema = "https://schema.org/"
    positions = {s: int(str(o)) for s, p, o in triples if str(p) == schema + "position"}
    names = {s: str(o) for s, p, o in triples if str(p) == schema + "name"}
    assert [names[node] for node in sorted(positions, key=lambda node: positions[node])] == [
        "Zhang Wei",
        "Adams Ann",
    ]
    assert values(triples, REPORT, DCTERMS.creator) == ["Adams Ann", "Zhang Wei"]


def test_decimals_have_no_exponent() -> None:
    arm = replace(RECORD.facts.arms[0], size=replace(RECORD.facts.arms[0].size, value=Decimal("1E+3")))
    paper = Paper(RECORD.document, replace(RECORD.facts, arms=(arm,)))
    (size,) = (o for _, p, o in assertion(paper) if p == EV.size)
    assert (str(size), size.datatype) == ("1000", XSD.decimal)


SCRIPT = """
from graph_fixtures import papers
from kg.ingest import refresh
from kg.iris import Iris
from kg.store import Store
from kg.triples import report_graphs
import sys
store = Store.memory()
for paper in papers():
    store.replace(report_graphs(paper.document, paper.facts, 1, Iris(), software="9.9"))
refresh(store, Iris())
sys.stdout.buffer.write(store.dump())
"""


def test_the_hash_seed_changes_no_byte() -> None:
    tests = Path(__file__).parent
    outputs = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{tests}{os.pathsep}{tests.parent}"},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert len(outputs[0]) > 10_000
    assert outputs[0] == outputs[1]
