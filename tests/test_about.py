"""The page about the data: its figures are those of the graph, each part names the query that gives them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from kg import queries
from kg.holdings import PARTS, holdings
from kg.query_files import query_names, query_text
from kg.search.finding import SearchIndex
from kg.search.wanted import Wanted
from kg.store import Store
from server.about import about_page
from server.app import create_app
from server.settings import Settings
from server.snapshot import Snapshot, Snapshots
from server.urls import Urls

HTML = {"accept": "text/html"}


def page(client: TestClient, language: str) -> BeautifulSoup:
    response = client.get(f"/{language}/about", headers=HTML)
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


def table(shown: BeautifulSoup, name: str) -> dict[str, list[str]]:
    rows = shown.select(f"table[aria-labelledby={name}] tbody tr")
    return {row.th.get_text(): [cell.get_text() for cell in row.select("td")] for row in rows if row.th}


def test_the_figures_are_those_of_the_example_papers(site: TestClient) -> None:
    """Six reports of five trials, each with a text in English and a registration."""
    shown = page(site, "en")
    assert [tag.get_text() for tag in shown.select(".counts dd")][:2] == ["5", "6"]
    assert sum(int(cells[0]) for cells in table(shown, "kinds").values()) == 6
    assert table(shown, "languages")["English"] == ["6", "100.0%"]
    coverage = table(shown, "coverage")
    assert coverage["a registration"] == ["5", "100.0%"]
    assert len(coverage) == len(PARTS)


def test_the_coverage_is_what_the_search_finds(example_data: Path) -> None:
    """The index of the search is made from other queries, one trial at a time."""
    found = holdings(Store.published(example_data)).coverage
    index = SearchIndex.open(example_data / "published" / "00000001")
    has = {share.value: share.trials for share in index.find(Wanted()).facets["has"]}
    assert found["article"] == has.get("full-text", 0)
    assert found["both-languages"] == has.get("both-languages", 0)
    assert found["misfit"] == has.get("inconsistent", 0) > 0


def test_both_languages_show_the_same_figures(site: TestClient) -> None:
    english, chinese = page(site, "en"), page(site, "zh")
    for selector in (".counts dd", "td.number"):
        assert [tag.get_text() for tag in english.select(selector)] == [
            tag.get_text() for tag in chinese.select(selector)
        ]
    assert table(chinese, "languages")["中文"] == table(english, "languages")["Chinese"]


def test_each_query_that_the_page_names_is_one_of_the_graphs(site: TestClient) -> None:
    links = page(site, "en").select("p.note a:has(code)")
    assert len(links) == 5
    for link in links:
        name = link.get_text()
        assert name in query_names()
        assert parse_qs(urlsplit(str(link["href"])).query)["query"] == [query_text(name)]


def test_the_versions_are_named(site: TestClient) -> None:
    versions = [tag.get_text() for tag in page(site, "en").select(".take-away code")]
    assert versions[0] == "00000001"
    assert versions[2].startswith(f"{versions[1]}+")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_leads_to_it(site: TestClient, language: str) -> None:
    home = BeautifulSoup(site.get(f"/{language}/", headers=HTML).text, "html.parser")
    assert home.select_one(f'footer a[href="/{language}/about"]')


def test_the_graph_is_counted_once_for_each_version(example_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(store: Store) -> object:
        asked.append(store.version)
        return holdings(store)

    monkeypatch.setattr("server.snapshot.holdings", counted)
    with TestClient(create_app(Settings(data=example_data))) as client:
        for language in ("en", "zh", "en"):
            page(client, language)
        tag = client.get("/en/about", headers=HTML).headers["ETag"]
        assert client.get("/en/about", headers={**HTML, "If-None-Match": tag}).status_code == 304
    assert asked == ["00000001"]
    snapshots = Snapshots(example_data)
    snapshot = snapshots.newest()
    snapshots.holdings(snapshot)
    snapshots.holdings(Snapshot(snapshot.store, "another"))
    assert len(asked) == 3


def test_a_graph_without_trials_has_no_shares() -> None:
    store = Store.memory()
    found = holdings(store)
    shown = about_page(queries.counts(store), found, Snapshot(store, "1"), "en", Urls("https://example.org/"))
    assert {share.number for share in shown.coverage} == {0}
    assert {share.percent for share in shown.coverage} == {None}
