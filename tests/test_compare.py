"""Trials side by side: chosen without scripts, aligned by endpoint, each figure leading to its sentence."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from urllib.parse import parse_qsl, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from fastapi.testclient import TestClient
from made_papers import HOSTILE_TITLE
from openpyxl import load_workbook

FOUR = "/en/compare?trial=NCT01015625&trial=NCT00193778&trial=NCT00557986&trial=NCT01242800"


def soup(client: TestClient, path: str) -> BeautifulSoup:
    response = client.get(path, headers={"accept": "text/html"})
    assert response.status_code == 200, response.text
    return BeautifulSoup(response.text, "html.parser")


def text_of(tag: Tag | None) -> str:
    assert tag is not None
    return " ".join(tag.get_text(" ").split())


def row(page: BeautifulSoup, part: str, name: str) -> list[Tag]:
    """The cells of a row by its part and its name."""
    table = page.select_one(f"table[aria-labelledby=part-{part}]")
    assert table is not None
    for line in table.select("tbody tr"):
        head = line.select_one("th")
        if head is not None and text_of(head).casefold().startswith(name.casefold()):
            return line.select("td")
    raise AssertionError(f"no row {name} in {part}")


def test_chosen_trials_stand_side_by_side(site: TestClient) -> None:
    page = soup(site, FOUR)
    heads = [text_of(head) for head in page.select_one("table.comparison").select("thead th")]  # type: ignore[union-attr]
    cells = row(page, "compare-results", "Overall survival")

    assert heads == ["ABCSG-28", "NCT00193778", "MF07-01", "EA2108"]
    assert len(cells) == 4
    for cell, estimate in zip(cells, ("HR 0.691 (95% CI 0.358–1.333)", "HR 1.04", "HR 0.66", "90% CI"), strict=True):
        assert estimate in text_of(cell)
    assert [cell["data-label"] for cell in cells] == heads


def test_what_a_trial_does_not_report_is_said(site: TestClient) -> None:
    masking = row(soup(site, FOUR), "design", "Masking")
    assert text_of(masking[0]) == "not reported"
    assert text_of(masking[1]) == "open-label"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_figure_leads_to_its_sentence(site: TestClient, language: str) -> None:
    page = soup(site, FOUR.replace("/en/", f"/{language}/"))
    links = [str(link["href"]) for link in page.select("table.comparison td a.evidence")]
    pages: dict[str, BeautifulSoup] = {}

    assert len(links) > 60
    for link in links:
        address = urlsplit(link)
        if address.fragment:
            if address.path not in pages:
                pages[address.path] = soup(site, address.path)
            assert pages[address.path].find(id=address.fragment) is not None, link
        else:
            assert site.get(address.path, headers={"accept": "text/html"}).status_code == 200


def test_trials_are_chosen_in_the_search_without_a_script(site: TestClient) -> None:
    found = soup(site, "/en/search?q=breast")
    form = found.select_one("form#compare-form")
    assert form is not None
    boxes = found.select("input[type=checkbox][form=compare-form]")
    query = "&".join(f"{box['name']}={box['value']}" for box in boxes[:3])

    page = soup(site, f"{form['action']}?{query}")
    assert len(page.select("ul.chosen li")) == 3


def test_one_is_added_and_another_removed(site: TestClient) -> None:
    page = soup(site, "/en/compare?trial=NCT01015625&trial=NCT00193778")
    form = page.select_one("form.choosing")
    assert form is not None
    kept = [("trial", str(field["value"])) for field in form.select("input[type=hidden]")]
    added = site.get(str(form["action"]), params=[*kept, ("trial", "EA2108")])
    removed = page.select_one("a.remove")

    assert added.status_code == 302
    assert parse_qsl(urlsplit(added.headers["location"]).query) == [*kept, ("trial", "NCT01242800")]
    assert removed is not None
    assert str(removed["href"]) == "/en/compare?trial=NCT00193778"


def test_words_that_name_no_trial_are_told_and_lose_nothing(site: TestClient) -> None:
    page = soup(site, "/en/compare?trial=NCT01015625&trial=%3Cb%3Enothing%3C/b%3E")
    assert "No trial in the graph is called “<b>nothing</b>”." in text_of(page.select_one(".notice"))
    assert len(page.select("ul.chosen li")) == 1


def test_those_without_room_are_named(site: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.compare.chosen.MOST", 3)
    page = soup(site, FOUR)
    assert len(page.select("ul.chosen li")) == 3
    assert text_of(page.select_one(".notice")).endswith("NCT01242800")
    assert site.get("/en/compare?" + "&".join(f"trial=none-{number}" for number in range(101))).status_code == 400


def test_the_same_identifier_twice_is_one_column(site: TestClient) -> None:
    answer = site.get("/en/compare?trial=UMIN000005586&trial=jRCTs031180151&trial=")
    assert answer.status_code == 302
    assert answer.headers["location"] == "/en/compare?trial=jRCTs031180151"


def test_the_tables_hold_what_the_page_shows(site: TestClient) -> None:
    answer = site.get(FOUR.replace("/compare?", "/compare.csv?"))
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    book = load_workbook(BytesIO(site.get(FOUR.replace("/compare?", "/compare.xlsx?")).content))
    results = list(csv.reader(StringIO(site.get(f"{FOUR.replace('/compare?', '/compare.csv?')}&table=results").text)))

    assert rows[0][2:] == ["ABCSG-28", "NCT00193778", "MF07-01", "EA2108"]
    survival = next(line for line in rows if line[1] == "overall survival")
    assert "HR 0.691 (95% CI 0.358–1.333)" in survival[2]
    assert book.sheetnames == ["comparison", "effect estimates"]
    assert {line[0] for line in results[1:]} == {"NCT01015625", "NCT00193778", "NCT00557986", "NCT01242800"}
    assert [line[at] for line in results if line[0] == "NCT01015625" and "0.691" in line for at in (6, 8, 9, 10)] == [
        "0.691",
        "0.358",
        "1.333",
        "95",
    ]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/en/compare.csv", 400),
        ("/en/compare.csv?trial=nothing", 400),
        ("/en/compare.pdf?trial=NCT01015625", 404),
        ("/en/compare.csv?trial=NCT01015625&table=none", 400),
    ],
)
def test_what_cannot_be_given_is_refused(site: TestClient, path: str, status: int) -> None:
    assert site.get(path).status_code == status


def test_a_hostile_title_stays_a_text(client: TestClient) -> None:
    answer = client.get("/en/compare?trial=NCT01234567&trial=ChiCTR2300070727", headers={"accept": "text/html"})
    assert "<script>alert" not in answer.text
    assert HOSTILE_TITLE in text_of(BeautifulSoup(answer.text, "html.parser").select_one("ul.chosen"))


def test_the_interface_compares_as_the_page_does(site: TestClient) -> None:
    asked = "trial=jRCTs031180151&trial=UMIN000005586&trial=NCT01015625&trial=no-such-trial"
    answer = site.get(f"/api/v1/compare?{asked}").json()
    page = soup(site, "/en/compare?trial=jRCTs031180151&trial=NCT01015625&trial=no-such-trial")

    assert [trial["key"] for trial in answer["trials"]] == ["jRCTs031180151", "NCT01015625"]
    assert (answer["unknown"], answer["several"], answer["left"]) == (["no-such-trial"], [], [])
    assert site.get(answer["trials"][0]["data"]).status_code == 200
    (head,) = (head for head in page.select("th[scope=row]") if text_of(head) == "phase")
    phase = next(row for row in answer["rows"] if row["name"]["text"] == "phase")
    cells = [text_of(cell) for cell in head.find_next_siblings("td")]
    assert [value["text"]["text"] for value in phase["values"][0]] == ["phase 3"]
    assert cells[0] == "phase 3"
    assert len(cells) == len(phase["values"]) == 2
    assert all(len(row["values"]) == 2 for row in answer["rows"])
    chinese = site.get(f"/api/v1/compare?{asked}&language=zh").json()
    assert len(chinese["rows"]) == len(answer["rows"])
    assert chinese["rows"] != answer["rows"]


def test_the_interface_asks_for_trials_to_compare(site: TestClient) -> None:
    for address in ("/api/v1/compare", "/api/v1/compare?trial=", "/api/v1/compare?trial=a&language=fr"):
        answer = site.get(address)
        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"
    assert "/api/v1/compare" in site.get("/api/v1/openapi.json").json()["paths"]
