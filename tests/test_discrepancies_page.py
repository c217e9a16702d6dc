"""The page of the numbers that do not fit: every failed check once, by kind, with the way to its arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from kg.ingest import ingest
from kg.reading import standard_reading
from kg.store import Store
from server.app import create_app
from server.settings import Settings


@pytest.fixture(scope="module")
def served(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The web application over the example papers."""
    data = tmp_path_factory.mktemp("examples")
    ingest(Store.open(data), [examples], reading=standard_reading())
    with TestClient(create_app(Settings(data=data))) as made:
        yield made


def page(client: TestClient, path: str) -> BeautifulSoup:
    response = client.get(path, headers={"accept": "text/html"})
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_failed_check_stands_there_and_leads_to_its_arithmetic(served: TestClient, language: str) -> None:
    shown = page(served, f"/{language}/discrepancies")
    links = [str(link["href"]) for link in shown.select("ol.listed li > a")]
    assert len(links) == len(set(links)) >= 3
    for link in links:
        address = urlsplit(link)
        assert page(served, address.path).find(id=address.fragment) is not None


def test_one_kind_can_be_chosen(served: TestClient) -> None:
    chosen = page(served, "/en/discrepancies?kind=ratio-against-medians")
    assert len(chosen.select("ol.listed li")) == 1
    assert "medians" in chosen.select("ol.listed p")[0].get_text()
    assert chosen.select("[aria-current=true]")


def test_an_unknown_kind_is_not_found(served: TestClient) -> None:
    assert served.get("/en/discrepancies?kind=%3Cb%3E", headers={"accept": "text/html"}).status_code == 404
