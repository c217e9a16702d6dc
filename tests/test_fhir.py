"""A trial in FHIR R5 and as nanopublications: valid, complete, and tied to the same nodes as the graph."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pyoxigraph
import pytest
from fastapi.testclient import TestClient
from fhir.resources.bundle import Bundle
from rdflib import PROV

from ontology import EV

NP = "http://www.nanopub.org/nschema#"
OA_EXACT = "http://www.w3.org/ns/oa#exact"
ADDRESSES = {
    "fhir": ("/trial/{key}.fhir.json", "/api/v1/trials/{key}/fhir", "application/fhir+json"),
    "trig": ("/trial/{key}.trig", "/api/v1/trials/{key}/nanopublications", "application/trig"),
}
TRIALS = ("NCT01015625", "NCT00193778", "NCT00557986", "NCT01242800", "jRCTs031180151")


def bundle(client: TestClient, key: str) -> dict[str, Any]:
    answer = client.get(f"/trial/{key}.fhir.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/fhir+json"
    found: dict[str, Any] = answer.json()
    return found


def resources(found: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in found["entry"] if entry["resource"]["resourceType"] == kind]


@pytest.mark.parametrize("key", TRIALS)
def test_a_trial_is_a_valid_bundle_whose_references_lead_somewhere(site: TestClient, key: str) -> None:
    found = bundle(site, key)
    Bundle.model_validate(found)
    names = {entry["fullUrl"] for entry in found["entry"]}
    ids = Counter((entry["resource"]["resourceType"], entry["resource"]["id"]) for entry in found["entry"])

    assert len(names) == len(found["entry"])
    assert set(ids.values()) == {1}
    said = json.dumps(found)
    for entry in found["entry"]:
        for variable in entry["resource"].get("variableDefinition", ()):
            if "observed" in variable:
                assert variable["observed"]["reference"] in names
    assert "null" not in said
    assert len(resources(found, "ResearchStudy")) == 1


def test_an_estimate_keeps_its_interval_level_and_arms(site: TestClient) -> None:
    found = bundle(site, "jRCTs031180151")
    statistics = [(one, one["statistic"][0]) for one in resources(found, "Evidence")]
    evidence, statistic = next(
        (one, statistic)
        for one, statistic in statistics
        if statistic.get("quantity", {}).get("value") == 0.86 and "overall" in one["title"].casefold()
    )
    interval, p = statistic["attributeEstimate"]
    roles = [variable["variableRole"]["text"] for variable in evidence["variableDefinition"]]

    assert statistic["statisticType"]["text"] == "hazard ratio"
    assert interval["level"] == 0.9
    assert interval["range"] == {"low": {"value": interval["range"]["low"]["value"]}, "high": {"value": 1.07}}
    assert p["description"] == "p = 0.13, one-sided"
    assert roles == ["population", "exposure", "referenceExposure", "measuredVariable"]
    assert "0.86" in evidence["note"][0]["text"]


def test_the_study_has_its_arms_endpoints_and_numbers(site: TestClient) -> None:
    (study,) = resources(bundle(site, "NCT01015625"), "ResearchStudy")
    assert [one["value"] for one in study["identifier"]] == ["NCT01015625"]
    assert study["phase"]["coding"][0]["code"] == "phase-3"
    assert study["recruitment"]["actualNumber"] == 90
    assert {group["name"] for group in study["comparisonGroup"]} == {"surgery arm", "no-surgery arm"}
    assert study["outcomeMeasure"][0]["type"][0]["coding"][0]["code"] == "primary"


def test_a_hostile_trial_is_valid_too(client: TestClient) -> None:
    Bundle.model_validate(bundle(client, "ChiCTR2300070727"))
    Bundle.model_validate(bundle(client, "NCT01234567"))


def quads(trig: str) -> list[tuple[str, str, str, str]]:
    """Subject, predicate, value and graph of each statement."""
    found = pyoxigraph.parse(trig.encode("utf-8"), format=pyoxigraph.RdfFormat.TRIG)
    return [tuple(part.value for part in (q.subject, q.predicate, q.object, q.graph_name)) for q in found]  # type: ignore[misc]


def test_each_finding_is_a_nanopublication_of_four_graphs(site: TestClient) -> None:
    data = quads(site.get("/trial/NCT01015625.trig").text)
    facts = site.get("/trial/NCT01015625.json").json()
    published = {subject for subject, _, value, _ in data if value == f"{NP}Nanopublication"}
    found = {row["iri"] for kind in ("contrasts", "arm_results", "statements", "conclusions") for row in facts[kind]}
    graphs = {graph for *_, graph in data}

    assert {node.removesuffix("/nanopublication") for node in published} == found
    assert graphs == {f"{node}/{part}" for node in published for part in ("head", "assertion", "provenance", "pubinfo")}
    for node in published:
        parts = {predicate.removeprefix(NP): value for subject, predicate, value, _ in data if subject == node}
        assert parts["hasAssertion"] == f"{node}/assertion"
        assert (f"{node}/assertion", str(PROV.wasDerivedFrom), f"{node}/provenance") in {
            (subject, predicate, graph) for subject, predicate, _, graph in data
        }
        assert str(PROV.wasAttributedTo) in parts


def test_a_nanopublication_says_the_number_and_its_sentence(site: TestClient) -> None:
    facts = site.get("/trial/NCT01015625.json").json()
    (contrast,) = [row["iri"] for row in facts["contrasts"] if row["value"]["text"] == "0.691"]
    address = contrast.removeprefix("https://w3id.org/evidence-kg") + "/nanopublication"
    answer = site.get(address)
    data = quads(answer.text)

    assert answer.headers["content-type"].startswith("application/trig")
    assert {graph.rpartition("/")[0] for *_, graph in data} == {f"{contrast}/nanopublication"}
    assert (contrast, str(EV.valueText), "0.691", f"{contrast}/nanopublication/assertion") in data
    quotes = [value for _, predicate, value, graph in data if predicate == OA_EXACT and graph.endswith("provenance")]
    assert any("0.691" in quote for quote in quotes)
    assert site.get(f"{address}/provenance").text == answer.text
    assert site.get(address.replace("contrast/", "contrast/x")).status_code == 404


@pytest.mark.parametrize("kind", ADDRESSES)
def test_the_formats_are_negotiated_and_linked(site: TestClient, kind: str) -> None:
    address, interface, media_type = ADDRESSES[kind]
    at = address.format(key="NCT00193778")
    page = site.get("/en/trial/NCT00193778", headers={"accept": "text/html"})
    asked = site.get("/en/trial/NCT00193778", headers={"accept": media_type})
    thing = site.get("/id/trial/NCT00193778", headers={"accept": media_type})

    assert at in page.text
    assert asked.headers["location"] == thing.headers["location"] == at
    assert site.get(at).headers["content-type"].startswith(media_type)
    assert site.get(interface.format(key="NCT00193778")).content == site.get(at).content
    assert site.get(interface.format(key="UMIN000005586")).headers["location"] == interface.format(key="jRCTs031180151")
    assert site.get(interface.format(key="nothing")).status_code == 404


def test_the_interface_gives_all_facts(site: TestClient) -> None:
    assert site.get("/api/v1/trials/NCT00193778").json() == site.get("/trial/NCT00193778.json").json()
    described = site.get("/api/v1/openapi.json").json()["paths"]
    assert {"/api/v1/trials/{key}", "/api/v1/trials/{key}/fhir"} <= set(described)
