"""The page about the data: its figures are those of the graph, each part names the query that gives them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from made_papers import publish_made_papers

from kg.holdings import PARTS, holdings
from kg.query_files import query_names, query_text
from kg.search.finding import SearchIndex
from kg.search.wanted import Wanted
from kg.store import Store
from kg.summary import read_summary, write_summary
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


def test_no_reader_waits_for_the_graph_to_be_counted(example_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def counted(*_: object) -> object:
        raise AssertionError("a reader has counted the graph")

    expected = holdings(Store.published(example_data))
    monkeypatch.setattr("server.snapshot.holdings", counted)
    monkeypatch.setattr("server.snapshot.queries.counts", counted)
    snapshots = Snapshots(example_data)
    assert snapshots.summary(snapshots.newest()).holdings == expected
    with TestClient(create_app(Settings(data=example_data))) as client:
        page(client, "en")
        assert client.get("/zh/", headers=HTML).status_code == 200
        tag = client.get("/en/about", headers=HTML).headers["ETag"]
        assert client.get("/en/about", headers={**HTML, "If-None-Match": tag}).status_code == 304


def test_a_graph_of_an_older_program_is_counted_once_for_each_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_made_papers(tmp_path)
    (summary,) = tmp_path.glob("published/*/summary-*.json")
    summary.unlink()
    asked: list[str] = []

    def counted(store: Store) -> object:
        asked.append(store.version)
        return holdings(store)

    monkeypatch.setattr("server.snapshot.holdings", counted)
    with TestClient(create_app(Settings(data=tmp_path))) as client:
        for language in ("en", "zh", "en"):
            page(client, language)
        assert client.get("/en/feed.atom").status_code == 503
    assert asked == ["00000001"]
    store = Store.open(tmp_path)
    assert store.unpublished
    store.publish()
    assert list(tmp_path.glob("published/00000002/summary-*.json"))


def test_a_graph_without_trials_has_no_shares(tmp_path: Path) -> None:
    store = Store.memory()
    write_summary(tmp_path, store, None)
    found = read_summary(tmp_path)
    assert found is not None
    assert found.changes == ()
    shown = about_page(found, Snapshot(store, "1"), "en", Urls("https://example.org/"))
    assert {share.number for share in shown.coverage} == {0}
    assert {share.percent for share in shown.coverage} == {None}
