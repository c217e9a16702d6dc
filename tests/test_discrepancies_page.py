"""The page of the numbers that do not fit: every failed check once, by kind, with the way to its arithmetic."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient


def page(client: TestClient, path: str) -> BeautifulSoup:
    response = client.get(path, headers={"accept": "text/html"})
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_failed_check_stands_there_and_leads_to_its_arithmetic(site: TestClient, language: str) -> None:
    shown = page(site, f"/{language}/discrepancies")
    links = [str(link["href"]) for link in shown.select("ol.listed li > a")]
    assert len(links) == len(set(links)) >= 3
    for link in links:
        address = urlsplit(link)
        assert page(site, address.path).find(id=address.fragment) is not None


def test_one_kind_can_be_chosen(site: TestClient) -> None:
    chosen = page(site, "/en/discrepancies?kind=ratio-against-medians")
    assert len(chosen.select("ol.listed li")) == 1
    assert "medians" in chosen.select("ol.listed p")[0].get_text()
    assert chosen.select("[aria-current=true]")


def test_an_unknown_kind_is_not_found(site: TestClient) -> None:
    assert site.get("/en/discrepancies?kind=%3Cb%3E", headers={"accept": "text/html"}).status_code == 404


def test_the_pages_hold_every_failed_check_once(site: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [str(link["href"]) for link in page(site, "/en/discrepancies").select("ol.listed li > a")]
    monkeypatch.setattr("server.paging.TRIALS_ON_A_PAGE", 2)
    found: list[str] = []
    for number in range(1, len(whole) // 2 + 2):
        shown = page(site, f"/en/discrepancies?page={number}")
        found += [str(link["href"]) for link in shown.select("ol.listed li > a")]
    assert found[: len(whole)] == whole
