"""The search on the server: its page in both languages, the same as JSON and as tables, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from made_papers import ENGLISH, HOSTILE_TITLE, publish_made_papers

from kg.opening import published_version
from kg.search.index import FOLDER
from kg.search.wanted import Wanted
from server.app import create_app
from server.search.address import parameters, wanted_of, without
from server.settings import Settings

HTML = {"accept": "text/html"}


def page(client: TestClient, path: str, status: int = 200) -> BeautifulSoup:
    response = client.get(path, headers=HTML)
    assert response.status_code == status, response.text
    return BeautifulSoup(response.text, "html.parser")


def titles(soup: BeautifulSoup) -> list[str]:
    return [link.get_text() for link in soup.select(".trial-list article h2 a")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hip", 1),
        ("HIP FRACTURE", 1),
        ("髋部骨折", 1),
        ("髋", 1),
        ("walk-1", 1),
        ("NCT01234567", 1),
        ("zzz", 0),
        ("", 2),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_and_the_data_find_the_same(client: TestClient, language: str, text: str, found: int) -> None:
    response = client.get(f"/{language}/search", params={"q": text}, headers=HTML)
    data = client.get("/api/v1/search", params={"q": text})

    soup = BeautifulSoup(response.text, "html.parser")
    assert len(titles(soup)) == found == data.json()["total"]
    field = soup.select_one("#search-text")
    assert field is not None
    assert field.get("value") == text
    assert bool(soup.select(".empty")) == (found == 0)


def test_the_words_of_an_old_address_are_looked_for(client: TestClient) -> None:
    response = client.get("/zh/?q=髋部", headers=HTML)
    assert (response.status_code, response.headers["location"]) == (301, "/zh/search?q=%E9%AB%8B%E9%83%A8")


def test_filters_show_their_counts_and_are_removed_one_by_one(client: TestClient) -> None:
    soup = page(client, "/en/search?q=walking&condition=hip-fracture&endpoint=overall-survival&from=2000&sort=newest")
    chosen = {(box["name"], box["value"]) for box in soup.select("input[type=checkbox][checked]")}

    assert chosen == {("condition", "hip-fracture"), ("endpoint", "overall-survival")}
    assert len(titles(soup)) in {0, 1}
    leading = [str(link["href"]) for link in soup.select(".removals a:not(.all)")]
    assert leading == [
        "/en/search?q=walking&endpoint=overall-survival&from=2000&sort=newest",
        "/en/search?q=walking&condition=hip-fracture&from=2000&sort=newest",
        "/en/search?q=walking&condition=hip-fracture&endpoint=overall-survival&sort=newest",
    ]
    carried = {(field["name"], field["value"]) for field in soup.select("input[type=hidden]")}
    assert carried == {("sort", "newest")}


def test_every_filter_of_the_page_gives_as_many_trials_as_it_says(client: TestClient) -> None:
    soup = page(client, "/zh/search")
    boxes = soup.select(".filters li label")
    assert len(boxes) > 8
    for label in boxes:
        box, share = label.select_one("input"), label.select_one(".share")
        assert box is not None
        assert share is not None
        answer = client.get("/api/v1/search", params={str(box["name"]): str(box["value"])}).json()
        assert answer["total"] == int(share.get_text())


def test_a_value_that_nobody_knows_is_shown_as_it_came(client: TestClient) -> None:
    soup = page(client, "/en/search?condition=<b>x&size=&has=none&language=xx&concept=a/b&registry=")

    assert "<b>x" in soup.get_text()
    assert not soup.select("b")
    assert titles(soup) == []


def test_the_page_says_how_the_words_were_read(client: TestClient) -> None:
    assert "“fractre”" in page(client, "/en/search?q=hip+fractre").select(".understood")[0].get_text()
    assert "fracture" in page(client, "/en/search?q=hip+fractre").select(".understood")[0].get_text()
    led = page(client, "/zh/search?q=OS").select_one(".led a")
    assert led is not None
    assert (led.get_text(), led["href"]) == ("总生存期", "/zh/vocabulary/endpoints/overall-survival")


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=x",
        "page=100001",
        "sort=best",
        "from=20x0",
        "to=99999",
        "q=" + "a" * 401,
        "&".join(f"condition=c{number}" for number in range(21)),
        "concept=" + "c" * 201,
    ],
)
def test_what_is_out_of_bounds_is_refused_with_the_reason(client: TestClient, query: str) -> None:
    problem = client.get(f"/api/v1/search?{query}")
    assert problem.status_code == 400
    assert problem.headers["content-type"] == "application/problem+json"
    assert query.partition("=")[0] in problem.json()["detail"]
    assert page(client, f"/zh/search?{query}", 400).select_one("h1") is not None


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%FF%FE", "q=%F0%9F%98%80", "q=((((", "q=%22%22%22", "page=100000", "to=0"]
)
def test_what_is_odd_is_answered(client: TestClient, query: str) -> None:
    page(client, f"/en/search?{query}")
    assert client.get(f"/api/v1/search?{query}").status_code == 200


def test_the_data_say_what_the_page_shows(client: TestClient) -> None:
    answer = client.get("/api/v1/search", params={"q": "hip"}).json()
    (trial,) = answer["trials"]

    assert (trial["key"], trial["year"], trial["randomised"]) == ("NCT01234567", 2024, 120)
    assert {"text": ENGLISH["title"], "language": "en"} in trial["titles"]
    assert client.get(trial["data"]).status_code == 200
    assert answer["facets"]["endpoint"][0]["names"].keys() == {"en", "zh"}
    assert answer["years"] == [{"first": 2020, "last": 2024, "trials": 1}]


def test_the_interface_is_described(client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json")
    document = described.json()

    assert document["openapi"].startswith("3.")
    asked = {one["name"] for one in document["paths"]["/api/v1/search"]["get"]["parameters"]}
    assert asked >= {"q", "condition", "intervention", "endpoint", "language", "from", "to", "sort", "page"}
    answer = document["components"]["schemas"]["SearchAnswer"]["properties"]
    assert set(answer) == set(client.get("/api/v1/search").json())
    assert all(path.startswith("/api/v1/") for path in document["paths"])


@pytest.mark.parametrize(("language", "head"), [("en", "Title"), ("zh", "标题")])
def test_the_list_is_taken_away_as_a_table(client: TestClient, language: str, head: str) -> None:
    soup = page(client, f"/{language}/search")
    links = {str(link["type"]).partition(";")[0]: str(link["href"]) for link in soup.select(".formats a")}
    client.cookies.set("language", language)
    table = list(csv.reader(io.StringIO(client.get(links["text/csv"]).content.decode("utf-8-sig"))))

    assert table[0][1] == head
    assert {row[0] for row in table[1:]} == {"NCT01234567", "ChiCTR2300070727"}
    assert HOSTILE_TITLE in {row[1] for row in table[1:]}
    book = client.get(next(href for kind, href in links.items() if "spreadsheet" in kind))
    with zipfile.ZipFile(io.BytesIO(book.content)) as packed:
        assert "<f>" not in packed.read("xl/worksheets/sheet1.xml").decode()
        assert head in packed.read("xl/sharedStrings.xml").decode()


def test_an_answer_that_has_not_changed_is_not_sent_again(client: TestClient) -> None:
    for path in ("/en/search?q=hip", "/api/v1/search?q=hip"):
        tag = client.get(path, headers=HTML).headers["etag"]
        assert client.get(path, headers={**HTML, "if-none-match": tag}).status_code == 304


def test_an_address_and_its_question_say_the_same() -> None:
    wanted = wanted_of(q=" hip ", condition=["a", "b", ""], has=["full-text"], first="2001", sort="oldest", page=3)

    assert parameters(wanted) == (
        ("q", "hip"),
        ("condition", "a"),
        ("condition", "b"),
        ("has", "full-text"),
        ("from", "2001"),
        ("sort", "oldest"),
        ("page", "3"),
    )
    assert parameters(without(wanted, "condition", "a"))[1:3] == (("condition", "b"), ("has", "full-text"))
    assert parameters(Wanted(text="x")) == (("q", "x"),)
    assert parameters(wanted_of()) == ()


@pytest.fixture
def without_index(tmp_path: Path) -> Iterator[TestClient]:
    """A server over a graph that an older version of the program has published."""
    publish_made_papers(tmp_path / "data")
    shutil.rmtree(tmp_path / "data" / "published" / published_version(tmp_path / "data") / FOLDER)
    with TestClient(create_app(Settings(data=tmp_path / "data"))) as made:
        yield made


def test_a_graph_without_index_is_served_and_the_search_says_what_to_do(without_index: TestClient) -> None:
    assert "kg publish" in page(without_index, "/en/search", 503).get_text()
    assert without_index.get("/api/v1/search").status_code == 503
    assert "kg publish" in page(without_index, "/en/").get_text()
    assert "kg publish" in page(without_index, "/zh/vocabulary/endpoints/overall-survival").get_text()
    assert page(without_index, "/en/trial/NCT01234567").select_one("h1") is not None


def test_the_page_of_a_concept_shows_what_is_around_it(client: TestClient) -> None:
    soup = page(client, "/en/vocabulary/endpoints/overall-survival")

    assert soup.select(".trial-list article")
    related = {str(link["href"]) for link in soup.select("dl.terms dd a")}
    assert "/en/vocabulary/endpoints/survival-endpoint" in related
    among = next(str(link["href"]) for link in soup.select("[aria-labelledby=trials] p a"))
    assert titles(page(client, among)) == [ENGLISH["title"]]
    assert json.loads(client.get(among.replace("/en/", "/api/v1/")).content)["total"] == 1
