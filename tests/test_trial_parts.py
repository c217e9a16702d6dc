"""The page of a trial with long texts: what it leaves to other pages, and that each number still has its sentence."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import queries
from kg.rows import TrialKey
from kg.store import Store
from kg.stores import ReadableStore
from server import pages
from server.contexts import trial_page
from server.evidence import last_segment
from server.facts import Brief, gather, gather_brief, gather_page
from server.registry import is_registry_check
from server.tables import EndpointGroup
from server.trial import portions
from server.trial.portions import first_results

LONG, SHORT = "jRCTs031180151", "NCT01015625"
HTML = {"accept": "text/html"}
LANGUAGES = ("en", "zh")
PARTS = {"text": "sources", "checks": "checks", "baseline": "baseline", "references": "references"}


def page(site: TestClient, path: str) -> BeautifulSoup:
    response = site.get(path, headers=HTML)
    assert response.status_code == 200, response.text
    return BeautifulSoup(response.text, "html.parser")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_number_of_a_long_trial_leads_to_a_sentence_that_holds_it(site: TestClient, language: str) -> None:
    address = f"/{language}/trial/{LONG}"
    trial, text = page(site, address), page(site, f"{address}/text")
    marks = {tag["id"]: " ".join(tag.get_text(" ").split()) for tag in text.select("mark[id]")}
    links = trial.select("#results a.evidence, #question a.evidence, #design a.evidence, #checks a.evidence")
    targets = [urlsplit(urljoin(address, str(link["href"]))) for link in links]

    assert not trial.select("mark[id]")
    assert len(links) > 200
    assert {target.path for target in targets} == {f"{address}/text"}
    assert {unquote(target.fragment) for target in targets} <= marks.keys()
    estimates = trial.select("td.estimate a.evidence")
    assert estimates
    for link in estimates:
        assert link.get_text() in marks[unquote(urlsplit(str(link["href"])).fragment)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_what_is_long_has_a_page_of_its_own(site: TestClient, part: str, language: str) -> None:
    address = f"/{language}/trial/{LONG}"
    trial, whole = page(site, address), page(site, f"{address}/{part}")
    name = PARTS[part]

    # The script of the page puts this section in the place of the one that stands for it.
    (section,) = whole.select("main > article > section")
    assert section["id"] == name
    assert trial.find(id=name)
    assert any(urlsplit(str(link["href"])).path == f"{address}/{part}" for link in trial.select(f"#{name} a.part"))
    targets = {urlsplit(urljoin(f"{address}/{part}", str(link["href"]))) for link in whole.select("a[href*='#']")}
    there = {path: whole if path.endswith(part) else page(site, path) for path in {target.path for target in targets}}
    names = {path: {tag["id"] for tag in found.select("[id]")} for path, found in there.items()}
    assert {target for target in targets if unquote(target.fragment) not in names[target.path]} == set()
    assert whole.find("html")["lang"] == language  # type: ignore[index]
    assert whole.select_one(".crumb a")["href"] == address  # type: ignore[index]


def test_checks_that_passed_are_counted_and_those_that_failed_are_shown(site: TestClient) -> None:
    trial, checks = page(site, f"/en/trial/{LONG}"), page(site, f"/en/trial/{LONG}/checks")
    counted = [item.get_text() for item in trial.select(".tally")]

    assert [details["id"] for details in trial.select("#checks details")] == ["checks-inconsistent"]
    assert counted == [item.get_text() for item in checks.select(".tally")]
    shown = [len(details.select(".check")) for details in checks.select("#checks details")]
    assert [int(text.split()[0]) for text in counted] == shown
    assert sum(shown) > 50


def test_a_trial_with_short_texts_shows_them_itself(site: TestClient) -> None:
    trial, text = page(site, f"/en/trial/{SHORT}"), page(site, f"/en/trial/{SHORT}/text")

    assert trial.select("#sources mark[id]")
    assert str(trial.find(id="sources")) == str(text.find(id="sources"))
    assert not trial.select("a.part")
    assert site.get(f"/en/trial/{SHORT}/baseline", headers=HTML).status_code == 404
    assert site.get(f"/en/trial/{SHORT.lower()}/text").headers["location"] == f"/en/trial/{SHORT}/text"


def test_a_long_trial_is_a_short_page(site: TestClient) -> None:
    assert len(site.get(f"/en/trial/{LONG}", headers={**HTML, "accept-encoding": "identity"}).content) < 150_000


def test_quotes_are_the_evidence_but_for_the_heads_of_rows_and_columns(example_data: Path) -> None:
    store = Store.published(example_data)
    (trial,) = queries.find_trials(store, LONG)
    facts, brief = gather(store, trial), gather_brief(store, trial)
    expected = {
        (one.report, one.start, one.end, one.node, one.supports, one.quote, one.language)
        for one in facts.evidence
        if last_segment(one.supports) not in {"row", "column"}
    }

    assert set(brief.quotes) == expected
    assert len(brief.quotes) == len(expected)
    assert (brief.facts.evidence, brief.facts.arm_results) == ((), facts.arm_results)
    assert gather_page(store, trial, shows_up_to=1_000_000) == type(brief)(facts, ())


def test_what_a_folded_page_counts_is_what_there_is(example_data: Path) -> None:
    store = Store.published(example_data)
    (trial,) = queries.find_trials(store, LONG)
    whole, brief = gather_brief(store, trial), gather_page(store, trial, shows_up_to=0)
    own = [check for check in whole.facts.checks if not is_registry_check(check)]

    assert brief.folded is not None
    assert brief.folded.checks == Counter(check.verdict for check in own)
    assert {check.iri for check in brief.facts.checks} == {
        check.iri
        for check in whole.facts.checks
        if is_registry_check(check) or last_segment(check.verdict) == "inconsistent"
    }
    assert [(work.iri, work.number) for work in brief.folded.works] == [
        (work.iri, work.number) for work in whole.facts.article.works
    ]
    assert brief.folded.works
    assert brief.quotes == whole.quotes
    assert replace(brief.facts, checks=(), article=whole.facts.article) == replace(whole.facts, checks=())


@pytest.fixture(scope="module")
def endpoints(example_data: Path) -> tuple[EndpointGroup, ...]:
    """The endpoints of a trial with many results."""
    store = Store.published(example_data)
    (trial,) = queries.find_trials(store, LONG)
    brief = gather_brief(store, trial)
    return trial_page(brief.facts, "en", brief.quotes).endpoints


@settings(max_examples=30)
@given(copies=st.integers(0, 40), times=st.integers(0, 12))
def test_a_page_shows_the_first_results_and_counts_the_rest(
    endpoints: tuple[EndpointGroup, ...], copies: int, times: int
) -> None:
    groups = [replace(group, effects=group.effects * times) for group in endpoints] * copies
    found = first_results(groups)

    assert [group.results + group.left_out for group in found] == [group.results for group in groups]
    assert sum(2 * len(table.rows) for group in found for table in group.effects) <= 150
    for group, whole in zip(found, groups, strict=True):
        assert [row for table in group.effects for row in table.rows] == [
            row for table in whole.effects for row in table.rows
        ][: sum(len(table.rows) for table in group.effects)]
        assert group.statements == whole.statements[: len(group.statements)]
        assert group.reported == whole.reported
        assert group.left_out or group == whole


def test_results_without_room_are_named_and_stand_on_their_own_page(
    site: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portions, "_LINES", 30)
    address = f"/en/trial/{LONG}"
    trial, results = page(site, f"{address}?room=30"), page(site, f"{address}/results")
    shown = {row.get_text() for row in trial.select("#results tbody tr, #results .statements li")}
    everything = [row.get_text() for row in results.select("#results tbody tr, #results .statements li")]
    left = trial.select("#results a.part")

    assert 0 < len(shown) < len(everything)
    assert shown <= set(everything)
    assert len(shown) + sum(int(re.findall(r"\d+", str(item.parent))[-1]) for item in left) == len(everything)
    assert {urlsplit(str(link["href"])).path for link in left} == {f"{address}/results"}
    anchors = {tag["id"] for tag in results.select("#results [id]")}
    assert {urlsplit(str(link["href"])).fragment for link in left} <= anchors
    assert {str(link["href"])[1:] for link in trial.select(".contents a, #question a[href^='#']")} <= {
        tag["id"] for tag in trial.select("[id]")
    }


def test_a_page_that_was_asked_for_is_kept(site: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def gathered(store: ReadableStore, trial: TrialKey, *, shows_up_to: int) -> Brief:
        made.append(trial.key)
        return gather_page(store, trial, shows_up_to=shows_up_to)

    monkeypatch.setattr(pages, "gather_page", gathered)
    answers = [site.get(f"/{language}/trial/{LONG}?kept=1", headers=HTML) for language in ("en", "zh", "en")]

    assert answers[0].content == answers[2].content != answers[1].content
    assert answers[0].headers["etag"] == answers[2].headers["etag"]
    assert made == [LONG, LONG]


def test_no_triple_of_a_report_stands_in_two_graphs(example_data: Path) -> None:
    store = Store.published(example_data)
    graphs: dict[str, set[str]] = {}
    for quad in store.dump().decode("utf-8").splitlines():
        triple, _, graph = quad.removesuffix(" .").rpartition(" ")
        graphs.setdefault(triple, set()).add(graph)

    assert len(graphs) > 10_000
    assert {triple: named for triple, named in graphs.items() if len(named) > 1} == {}


def test_a_comparison_leads_to_the_sentences_of_long_trials(site: TestClient) -> None:
    compared = page(site, f"/en/compare?trial={LONG}&trial={SHORT}")
    links = [urlsplit(str(link["href"])) for link in compared.select("main a[href*='#']")]
    texts = {path: page(site, path) for path in {link.path for link in links if link.path.endswith("/text")}}

    assert texts.keys() == {f"/en/trial/{LONG}/text", f"/en/trial/{SHORT}/text"}
    assert all(texts[link.path].find(id=unquote(link.fragment)) for link in links if link.path in texts)
