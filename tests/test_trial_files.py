"""What can be taken away from the page of a trial: its tables, its figures, its references."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from xml.etree import ElementTree as ET

import pytest
import rispy
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from made_papers import HOSTILE_TITLE
from openpyxl import load_workbook

HIP = "/en/trial/NCT01234567"
JCOG = "/en/trial/jRCTs031180151"


def table(client: TestClient, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))


def test_effect_estimates_are_given_as_printed(client: TestClient) -> None:
    head, *lines = table(client, f"{HIP}.csv?table=results")
    survival = next(dict(zip(head, line, strict=True)) for line in lines if line[5] == "0.86")

    assert survival["Measure"] == "hazard ratio"
    assert (survival["Lower bound"], survival["Upper bound"]) == ("0.69", "1.07")
    assert survival["Level of the interval (%)"] == "90"
    assert (survival["P value"], survival["Sides of the test"]) == ("0.13", "1")
    assert any(line[5] == "0.70" and "women" in line[12].casefold() for line in lines)


def test_every_table_of_the_page_has_a_file_and_a_sheet(site: TestClient) -> None:
    page = BeautifulSoup(site.get(JCOG, headers={"accept": "text/html"}).text, "html.parser")
    links = [str(link["href"]) for link in page.select("#take-away a[href*='.csv?']")]
    book = load_workbook(BytesIO(site.get(f"{JCOG}.xlsx").content))

    assert len(links) == len(book.sheetnames) >= 6
    for link in links:
        head, *lines = table(site, link)
        assert lines
        assert all(len(line) == len(head) for line in lines)


def test_safety_holds_the_endpoints_of_safety(site: TestClient) -> None:
    head, *lines = table(site, f"{JCOG}.csv?table=safety")
    endpoints = {line[0] for line in lines}
    assert head[0] == "Outcome"
    assert "overall survival" not in endpoints
    assert any("adverse" in name or "complication" in name for name in endpoints)


def test_a_figure_is_drawn_for_each_table_of_estimates(site: TestClient) -> None:
    page = BeautifulSoup(site.get(JCOG, headers={"accept": "text/html"}).text, "html.parser")
    links = [str(link["href"]) for link in page.select(".figure-files a")]
    assert len(links) == 2 * len(page.select("table.effects"))
    drawn = site.get(next(link for link in links if ".svg" in link))
    pixels = site.get(next(link for link in links if ".png" in link))

    root = ET.fromstring(drawn.text)
    texts = " ".join(node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "HR 0.86" in texts
    assert "90% CI 0.69–1.07" in texts
    assert "favours PTR plus systemic therapy" in texts
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert pixels.content.startswith(b"\x89PNG")


def test_a_hostile_title_is_a_text_in_every_file(client: TestClient) -> None:
    address = "/en/trial/ChiCTR2300070727"
    lines = table(client, f"{address}.csv?table=characteristics")
    assert ["Title", HOSTILE_TITLE] in lines
    assert rispy.loads(client.get(f"{address}.ris").text)[0]["title"] == " ".join(HOSTILE_TITLE.split())


@pytest.mark.parametrize(
    ("ending", "status"),
    [
        (".csv?table=none", 400),
        (".csv?table=baseline", 404),
        (".svg", 400),
        (".svg?plot=endpoint-99-1", 404),
        (".csv", 200),
        (".bib", 200),
    ],
)
def test_what_is_not_there_is_refused(client: TestClient, ending: str, status: int) -> None:
    assert client.get(f"{HIP}{ending}").status_code == status


def test_another_identifier_leads_to_the_file_of_the_trial(site: TestClient) -> None:
    answer = site.get("/en/trial/UMIN000005586.csv?table=values")
    assert answer.status_code == 307
    assert answer.headers["location"] == "/en/trial/jRCTs031180151.csv?table=values"


@pytest.mark.parametrize(("wanted", "ending"), [("ttl", ".ttl"), ("jsonld", ".jsonld"), ("json", ".json")])
def test_a_format_can_be_asked_for_by_name(client: TestClient, wanted: str, ending: str) -> None:
    answer = client.get(f"{HIP}?format={wanted}")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/trial/NCT01234567{ending}"
    assert client.get(f"{HIP}?format=nothing").status_code == 406


def test_an_endpoint_leads_to_the_question_that_it_answers(site: TestClient) -> None:
    page = BeautifulSoup(site.get(JCOG, headers={"accept": "text/html"}).text, "html.parser")
    link = page.select_one("#endpoint-1 .asks a")
    assert link is not None
    answer = site.get(str(link["href"]), headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert "JCOG1017" in answer.text
    assert "ABCSG-28" in answer.text


def test_trials_like_this_one_are_named(site: TestClient) -> None:
    page = BeautifulSoup(site.get(JCOG, headers={"accept": "text/html"}).text, "html.parser")
    keys = {str(link["href"]).rpartition("/")[2] for link in page.select("#related li > a[href*='/trial/']")}
    assert keys
    assert "jRCTs031180151" not in keys
    assert keys <= {"NCT01015625", "NCT00193778", "NCT00557986", "NCT01242800"}
