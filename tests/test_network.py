"""The evidence network of a condition: what counts as one treatment, what is compared, what is not."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from kg.opening import published_store
from kg.question import network as room
from kg.question.network import network
from kg.question.queries import NamedArm
from kg.rows import Name, TrialKey
from kg.stores import ReadableStore
from ontology import by_name
from server.network.drawing import MOST_DRAWN, Drawing, Edge, Spot

BREAST = by_name("conditions", "metastatic-breast-cancer").iri
SURVIVAL = by_name("endpoints", "overall-survival").iri
LOCAL, RESECTION, SYSTEMIC, NOTHING = (
    by_name("interventions", name).iri
    for name in ("locoregional-treatment", "primary-tumour-resection", "systemic-therapy", "no-treatment")
)


@pytest.fixture(scope="module")
def store(example_data: Path) -> ReadableStore:
    return published_store(example_data)


def arm(size: int | None, *names: str) -> NamedArm:
    return NamedArm(names[0], tuple(Name(name, "en") for name in names), size)


def of(**trials: dict[str, tuple[NamedArm, ...]]) -> room.Network:
    return room._network({TrialKey(f"iri-{key}", key): reports for key, reports in trials.items()})


def test_the_examples_are_five_trials_of_which_one_stands_apart(store: ReadableStore) -> None:
    found = network(store, BREAST)
    assert {(one.first, one.second, len(one.trials), one.people) for one in found.comparisons} == {
        (frozenset({LOCAL, SYSTEMIC}), frozenset({SYSTEMIC}), 2, 530),
        (frozenset({RESECTION, SYSTEMIC}), frozenset({SYSTEMIC}), 2, 497),
        (frozenset({LOCAL}), frozenset({NOTHING}), 1, 350),
    }
    assert [len(part) for part in found.parts] == [3, 2]
    assert found.outside == ()
    resection = frozenset({RESECTION, SYSTEMIC})
    assert (frozenset({LOCAL, SYSTEMIC}), resection, True) in found.gaps
    assert (frozenset({SYSTEMIC}), frozenset({NOTHING}), False) in found.gaps


def test_an_endpoint_narrows_the_network_to_trials_with_an_estimate(store: ReadableStore) -> None:
    relapse = by_name("endpoints", "local-relapse-free-survival").iri
    assert [[t.key for t in one.trials] for one in network(store, BREAST, relapse).comparisons] == [["jRCTs031180151"]]
    assert len(network(store, BREAST, SURVIVAL).comparisons) == 3


def test_three_arms_are_three_comparisons_and_reports_of_one_trial_count_once() -> None:
    arms = (arm(10, "surgery"), arm(20, "chemotherapy"), arm(30, "placebo"))
    found = of(A={"one": arms, "two": arms[:2]})
    assert sorted(one.people for one in found.comparisons) == [30, 40, 50]
    assert all(len(one.trials) == 1 for one in found.comparisons)


def test_arms_that_the_lexicon_cannot_name_or_tell_apart_leave_the_trial_outside() -> None:
    found = of(
        A={"one": (arm(10, "surgery"), arm(10, "arm Q"))},
        B={"one": (arm(10, "surgery"), arm(10, "surgery at once"))},
        C={"one": (arm(None, "surgery"), arm(None, "placebo"))},
    )
    assert [trial.key for trial in found.outside] == ["A", "B"]
    assert [one.people for one in found.comparisons] == [0]


def test_a_broader_treatment_beside_a_narrower_one_says_nothing_more() -> None:
    found = of(A={"one": (arm(5, "locoregional treatment: primary tumour resection"), arm(5, "no treatment"))})
    assert found.nodes[0].treatment | found.nodes[1].treatment == {RESECTION, NOTHING}


def test_the_page_draws_every_comparison_as_a_link_with_its_twin_in_a_table(site: TestClient) -> None:
    for language in ("en", "zh"):
        page = BeautifulSoup(site.get(f"/{language}/network?condition=metastatic-breast-cancer").text, "html.parser")
        drawn = [str(link["href"]) for link in page.select("svg.network a")]
        table = [str(link["href"]) for link in page.select("table[aria-labelledby=comparisons] tbody th a")]
        assert drawn == table
        assert len(drawn) == 3
        for href in drawn:
            assert site.get(href).status_code == 200
            assert "intervention=" in href


def test_a_comparison_leads_to_the_question_of_what_differs(site: TestClient) -> None:
    page = BeautifulSoup(
        site.get("/en/network?condition=metastatic-breast-cancer&endpoint=overall-survival").text, "html.parser"
    )
    links = {str(link["href"]) for link in page.select("svg.network a")}
    expected = (
        "/en/question?population=metastatic-breast-cancer&intervention={}&comparator={}&endpoint=overall-survival"
    )
    assert links == {
        expected.format("locoregional-treatment", "systemic-therapy"),
        expected.format("primary-tumour-resection", "systemic-therapy"),
        expected.format("locoregional-treatment", "no-treatment"),
    }


def test_words_lead_to_one_address_and_unknown_ones_are_said(site: TestClient) -> None:
    response = site.get("/zh/network?condition=转移性乳腺癌&endpoint=")
    assert (response.status_code, response.headers["location"]) == (
        302,
        "/zh/network?condition=metastatic-breast-cancer",
    )
    assert "The lexicon has no such word" in site.get("/en/network?condition=lorem").text
    assert "Conditions with most reports" in site.get("/en/network").text
    assert "No trial in the graph" in site.get("/en/network?condition=asthma").text
    assert site.get(f"/en/network?condition={'x' * 301}").status_code == 400


def test_the_files_hold_the_comparisons_and_the_drawing(site: TestClient) -> None:
    address = "condition=metastatic-breast-cancer"
    rows = list(csv.reader(StringIO(site.get(f"/en/network.csv?{address}").content.decode("utf-8-sig"))))
    assert rows[1][2:4] == ["2", "530"]
    assert ElementTree.fromstring(site.get(f"/en/network.svg?{address}").text).find(".//{*}a") is None
    assert site.get(f"/en/network.png?{address}").content.startswith(b"\x89PNG")
    assert site.get(f"/en/network.docx?{address}").status_code == 404
    assert site.get("/en/network.png?condition=asthma").status_code == 404


def test_a_drawing_of_many_hostile_names_is_bounded_and_well_formed() -> None:
    spots = tuple(Spot(n, '<script>&"\x00' * 50, 1, 0, n) for n in range(1, 200))
    edges = tuple(Edge(n, n + 1, 1, 0, 'javascript:"<', "<b>\x01") for n in range(1, 199))
    drawing = Drawing(spots, edges)
    root = ElementTree.fromstring(drawing.svg("<&\x00"))
    assert drawing.cut
    assert len(root.findall(".//{*}circle")) == MOST_DRAWN
    assert root.find(".//{*}script") is None
