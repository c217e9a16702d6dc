"""The pages and the linked data over the hand-made papers: what they say, where they lead, what they escape."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from fastapi.testclient import TestClient
from made_papers import CHINESE, ENGLISH, HIP, HOSTILE, HOSTILE_TITLE, made_reading

from kg.ingest import ingest
from kg.store import Store
from ontology import concepts
from server import about, answers, contexts, home, terms
from server.app import create_app
from server.forest import Bounds, difference_axis, ratio_axis
from server.highlight import Stretch, runs, sentences
from server.search import listing
from server.search import page as search_page
from server.settings import Settings

HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
LANGUAGES = ("en", "zh")
PAGES = (
    "/",
    "/trial/NCT01234567",
    "/trial/ChiCTR2300070727",
    f"/report/{HIP.id}",
    f"/report/{HOSTILE.id}",
    "/sparql",
    "/discrepancies",
    "/about",
    "/search",
    "/search?q=hip&phase=phase-3&from=2020",
    "/search?q=nothing-has-this-name",
    "/vocabulary/endpoints/overall-survival",
)
HAN = re.compile(r"[\u4e00-\u9fff]")


def page(client: TestClient, path: str, status: int = 200) -> BeautifulSoup:
    response = client.get(path, headers=HTML)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return BeautifulSoup(response.text, "html.parser")


def text_of(tag: Tag | None) -> str:
    assert tag is not None
    return " ".join(tag.get_text(" ").split())


@pytest.fixture
def trial(client: TestClient) -> BeautifulSoup:
    return page(client, "/en/trial/NCT01234567")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_its_language_and_leads_to_the_other(client: TestClient, path: str, language: str) -> None:
    soup = page(client, f"/{language}{path}")

    assert soup.html is not None
    assert soup.html["lang"] == language
    other = "zh" if language == "en" else "en"
    (switch,) = soup.select("ul.switch a")
    assert switch["hreflang"] == other
    assert switch["href"] == f"/{other}{path}"
    assert {link["hreflang"] for link in soup.select("link[hreflang]")} == {"en", "zh"}
    assert client.get(str(switch["href"]), headers=HTML).status_code == 200


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_of_a_page_leads_somewhere(client: TestClient, path: str, language: str) -> None:
    here = f"/{language}{path}"
    soup = page(client, here)
    ids = {tag["id"] for tag in soup.select("[id]")}
    assert len(ids) == len(soup.select("[id]")), "an id is given twice"

    links = [tag["href"] for tag in soup.select("a[href], link[href]")] + [
        tag["src"] for tag in soup.select("script[src]")
    ]
    assert len(links) > 8
    for link in links:
        address = str(link)
        if address.startswith("#"):
            assert address[1:] in ids, address
        elif not urlsplit(address).netloc:
            response = client.get(urljoin(here, address), headers=HTML, follow_redirects=True)
            assert response.status_code < 400, address


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_every_label_refers_to_something(client: TestClient, path: str, language: str) -> None:
    soup = page(client, f"/{language}{path}")
    ids = {tag["id"] for tag in soup.select("[id]")}

    for tag in soup.select("[aria-labelledby], label[for]"):
        for name in str(tag.get("aria-labelledby") or tag.get("for")).split():
            assert name in ids


@pytest.mark.parametrize("path", ["/", "/trial/NCT01234567", "/sparql"])
def test_a_chinese_page_has_no_english_words_of_its_own(client: TestClient, path: str) -> None:
    english, chinese = page(client, f"/en{path}"), page(client, f"/zh{path}")

    for selector in ("h2", "thead th", "dt", "button", "nav li > a"):
        shown = [
            text_of(tag) for tag in chinese.select(selector) if not (tag.get("lang") or tag.find_parent(lang="en"))
        ]
        assert bool(shown) == bool(english.select(selector))
        assert not [text for text in shown if re.search(r"[a-z]{4}", text)], selector


@pytest.mark.parametrize("path", ["/en/", "/en/search"])
def test_a_list_names_the_trials_with_what_is_known_of_them(client: TestClient, path: str) -> None:
    lines = {text_of(line.a): text_of(line) for line in page(client, path).select(".trial-list article")}

    assert set(lines) == {ENGLISH["title"], HOSTILE_TITLE}
    for expected in ("WALK-1", "NCT01234567", "hip fracture", "120", "2024", "early walking vs late walking"):
        assert expected in lines[ENGLISH["title"]]


@pytest.mark.parametrize(
    "key",
    ["nct01234567", "10.1000/hip.1", "10.1000/HIP.1", "doi-10.1000-hip.1", "WALK-1", HIP.id, "ISRCTN10175490x"],
)
def test_any_identifier_leads_to_the_trial(client: TestClient, key: str) -> None:
    response = client.get(f"/zh/trial/{key}", headers=HTML)

    if key.endswith("x"):
        assert response.status_code == 404
    else:
        assert (response.status_code, response.headers["location"]) == (307, "/zh/trial/NCT01234567")


def test_an_acronym_of_several_trials_leads_to_a_search_for_them(client: TestClient) -> None:
    response = client.get("/en/trial/shared", headers=HTML)

    assert (response.status_code, response.headers["location"]) == (302, "/en/search?q=shared")
    assert len(page(client, "/en/search?q=shared").select(".trial-list article")) == 2
    assert "NCT01234567" in client.get("/trial/shared.ttl").json()["detail"]


def test_another_trials_registration_does_not_lead_to_the_trial(client: TestClient) -> None:
    assert client.get("/en/trial/ISRCTN10175490", headers=HTML).status_code == 404


def test_the_head_of_a_trial(trial: BeautifulSoup) -> None:
    head = trial.select_one("header.paper")
    assert head is not None

    assert text_of(head.h1) == ENGLISH["title"]
    assert text_of(head.select_one(".other-title[lang=zh]")) == CHINESE["title"]
    own, mentioned = head.select("dl.registrations dd")
    assert "NCT01234567" in text_of(own)
    assert "ISRCTN10175490" not in text_of(own)
    assert "ISRCTN10175490" in text_of(mentioned)
    assert own.select_one("a.identifier[href='https://clinicaltrials.gov/study/NCT01234567']")
    assert head.select_one("a[href='https://doi.org/10.1000/hip.1']")


def test_the_design_names_what_is_not_reported(trial: BeautifulSoup) -> None:
    design = {text_of(item.dt): text_of(item.dd) for item in trial.select("dl.design > div")}

    assert len(design) == 9
    assert design["allocation"] == "randomised"
    assert design["allocation ratio"] == "1:1"
    assert design["masking"] == design["follow-up"] == design["country"] == "not reported"


def test_the_question_sets_arms_apart_with_their_sizes(trial: BeautifulSoup) -> None:
    people, intervention, comparison, outcomes = (text_of(part) for part in trial.select(".pico > section"))

    assert "hip fracture" in people
    assert "120" in people
    assert "early walking" in intervention
    assert "n = 61" in intervention
    assert "late walking" in comparison
    assert "n = 59" in comparison
    assert outcomes.index("overall survival") < outcomes.index("pain at week 4") < outcomes.index("falls")


def rows_of(soup: BeautifulSoup, endpoint: int, table: str) -> list[str]:
    return [text_of(row) for row in soup.select(f"#endpoint-{endpoint} table.{table} tbody tr")]


def test_effects_stand_with_interval_level_p_and_sides(trial: BeautifulSoup) -> None:
    overall, women = rows_of(trial, 1, "effects")

    for expected in ("Overall", "HR 0.86", "90% CI 0.69–1.07", "P = 0.13 (one-sided)"):
        assert expected in overall
    for expected in ("women", "HR 0.70", "95% CI 0.41–1.19", "post hoc"):
        assert expected in women
    assert [text_of(cell) for cell in trial.select("table.effects td.p")][1:] == ["–", "P = 0.003"]


def test_a_level_other_than_95_percent_stands_out(trial: BeautifulSoup) -> None:
    assert [text_of(tag) for tag in trial.select("table.effects .unusual")] == ["90% CI"]


def test_negative_bounds_are_parted_by_a_word_and_units_are_named(trial: BeautifulSoup) -> None:
    (row,) = rows_of(trial, 2, "effects")

    assert "MD -1.2 points" in row
    assert "95% CI -2.0 to -0.4" in row


def test_which_side_favours_whom_is_said_only_where_it_is_sure(client: TestClient, trial: BeautifulSoup) -> None:
    sides = [text_of(tag) for tag in trial.select(".favours")]

    assert sides == [
        "← favours early walking favours late walking →",
        "← lower with early walking lower with late walking →",
    ]
    assert not page(client, "/en/trial/ChiCTR2300070727").select(".favours")


def test_each_plotted_row_has_a_title_and_a_description(trial: BeautifulSoup) -> None:
    drawings = trial.select("svg[role=img]")

    assert [text_of(drawing.find("title")) for drawing in drawings] == [
        "hazard ratio 0.86",
        "hazard ratio 0.70",
        "mean difference -1.2",
    ]
    assert text_of(drawings[0].find("desc")) == "90% CI 0.69–1.07; Ratio (1 = no effect)"


def test_values_per_arm_stand_side_by_side_experimental_first(trial: BeautifulSoup) -> None:
    table = trial.select_one("#endpoint-1 table.values")
    assert table is not None

    assert [text_of(cell) for cell in table.select("thead th")] == [
        "Measure",
        "early walking",
        "late walking",
        "Source",
    ]
    assert [text_of(cell) for cell in table.select("tbody th, tbody td")][:3] == ["median (months)", "41", "38"]


def test_a_comparison_in_words_names_both_arms(client: TestClient, trial: BeautifulSoup) -> None:
    (english,) = trial.select("#endpoint-3 .statements li")
    (chinese,) = page(client, "/zh/trial/NCT01234567").select("#endpoint-3 .statements li")

    assert "lower with early walking than with late walking" in text_of(english)
    assert "早期行走组低于晚期行走组" in text_of(chinese)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/trial/NCT01234567", f"/report/{HIP.id}"])
def test_every_number_leads_to_a_sentence_that_holds_it(client: TestClient, path: str, language: str) -> None:
    soup = page(client, f"/{language}{path}")
    marks = {tag["id"]: text_of(tag) for tag in soup.select("mark[id]")}
    numbers = [tag for tag in soup.select("a.evidence") if re.fullmatch(r"-?\d[\d.:%]*", text_of(tag))]

    assert len(numbers) >= 9
    for tag in numbers:
        assert text_of(tag) in marks[str(tag["href"])[1:]]


def test_a_fact_stated_in_two_languages_leads_to_both(trial: BeautifulSoup) -> None:
    links = trial.select("#endpoint-1 table.effects tbody tr:first-child .sources a")
    languages = [trial.find(id=str(link["href"])[1:]).find_parent(lang=True)["lang"] for link in links]  # type: ignore[union-attr,index]

    assert languages == ["en", "zh"]


def test_a_number_leads_to_the_sentence_in_the_language_of_the_page(client: TestClient) -> None:
    for language in LANGUAGES:
        soup = page(client, f"/{language}/trial/NCT01234567")
        link = soup.select_one("#endpoint-1 table.effects td.estimate a.evidence")
        assert link is not None
        mark = soup.find(id=str(link["href"])[1:])
        assert mark is not None
        assert mark.find_parent(lang=True)["lang"] == language  # type: ignore[index]


def test_the_source_text_is_unchanged_and_the_languages_stand_side_by_side(trial: BeautifulSoup) -> None:
    rows = trial.select(".source-text .row:not(.languages)")
    shown = [[part.p.get_text() if part.p else "" for part in row.select(".part")] for row in rows]

    assert [ENGLISH["results"], CHINESE["results"]] in shown
    assert [ENGLISH["conclusion"], CHINESE["conclusion"]] in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_leads_from_facts_to_the_text_and_back(client: TestClient, language: str) -> None:
    soup = page(client, f"/{language}/report/{HIP.id}")
    facts = {str(row["id"]): row for row in soup.select("table.report-facts tbody tr")}
    paired = [row for row in facts.values() if len(row.select("td a.evidence")) == 2]

    assert len(facts) >= 15
    assert paired
    for row in paired:
        languages = [soup.find(id=str(a["href"])[1:]).find_parent(lang=True)["lang"] for a in row.select("td a")]  # type: ignore[union-attr,index]
        assert languages == ["en", "zh"]
    back = [str(link["href"])[1:] for link in soup.select(".source-text .facts-of a")]
    assert set(back) == set(facts)
    estimate = next(row for row in facts.values() if "HR 0.86 (90% CI 0.69–1.07)" in text_of(row.th))
    assert estimate.select_one("mark.kind-results")
    marked = soup.find(id=str(estimate.select("td a")[0]["href"])[1:])
    assert marked is not None
    assert "kind-results" in marked["class"]


def test_conclusions_are_quoted_in_each_language(trial: BeautifulSoup) -> None:
    quotes = {quote["lang"]: text_of(quote.p) for quote in trial.select("#conclusions blockquote")}

    assert quotes == {"en": ENGLISH["conclusion"], "zh": CHINESE["conclusion"]}


@pytest.mark.parametrize(
    "path", ["/en/", "/zh/trial/ChiCTR2300070727", f"/en/report/{HOSTILE.id}", "/en/search?q=<script>x"]
)
def test_nothing_of_a_paper_or_an_address_becomes_markup(client: TestClient, path: str) -> None:
    response = client.get(path, headers=HTML)
    soup = BeautifulSoup(response.text, "html.parser")

    own = {"/static/page.js", "/static/search.js"}
    assert {str(script["src"]).split("?")[0] for script in soup.select("script[src]")} <= own
    assert {str(script["type"]) for script in soup.select("script:not([src])")} <= {"application/ld+json"}
    assert not soup.select("b, i")
    assert "<script>alert" not in response.text
    if "q=" not in path:
        assert HOSTILE_TITLE in soup.get_text()


@pytest.mark.parametrize("path", ["/en/", "/en/search", "/zh/trial/NCT01234567", "/en/sparql", "/en/nowhere"])
def test_a_page_runs_nothing_and_loads_nothing_but_our_own_files(client: TestClient, path: str) -> None:
    response = client.get(path, headers=HTML)
    soup = BeautifulSoup(response.text, "html.parser")
    policy = response.headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    # A block of data is not run.
    blocks = soup.select("script:not([src])")
    assert {str(block["type"]) for block in blocks} <= {"application/json", "application/ld+json"}
    assert not soup.select("[style], style, iframe, img")
    assert not [tag for tag in soup.find_all(True) if any(name.startswith("on") for name in tag.attrs)]
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/en/trial/NCT99999999", "GET", 404),
        ("/en/report/nothing", "GET", 404),
        ("/en/nowhere", "GET", 404),
        ("/xx/", "GET", 404),
        ("/en/search?page=none", "GET", 400),
        ("/en/", "POST", 405),
        ("/trial/NCT01234567.exe", "GET", 404),
        ("/trial/NCT99999999.ttl", "GET", 404),
        ("/id/trial/NCT99999999", "GET", 404),
        ("/static/nothing.css", "GET", 404),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_is_a_page_for_people_and_a_problem_for_machines(
    client: TestClient, path: str, method: str, status: int, language: str
) -> None:
    for_people = client.request(method, path, headers={**HTML, "accept-language": language})
    for_machines = client.request(method, path, headers={"accept": "application/json"})

    assert for_people.status_code == for_machines.status_code == status
    assert text_of(BeautifulSoup(for_people.text, "html.parser").select_one(".status")) == str(status)
    assert for_machines.headers["content-type"] == "application/problem+json"
    assert set(for_machines.json()) == {"type", "title", "status", "detail"}


def test_a_format_that_no_page_has_is_406(client: TestClient) -> None:
    assert client.get("/en/trial/NCT01234567", headers={"accept": "image/png"}).status_code == 406


def test_a_folder_with_nothing_in_it_says_what_to_do(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(data=tmp_path / "none"))) as empty:
        response = empty.get("/zh/", headers=HTML)

    assert response.status_code == 503
    assert "请先导入论文" in response.text


def test_a_fault_of_ours_is_logged_and_shows_nothing_of_the_inside(
    made_data: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("inside")

    monkeypatch.setattr("server.pages.gather_page", broken)
    with TestClient(create_app(Settings(data=made_data)), raise_server_exceptions=False) as faulty:
        response = faulty.get("/en/trial/NCT01234567", headers=HTML)

    assert response.status_code == 500
    assert "inside" not in response.text
    assert "inside" in caplog.text


@pytest.mark.parametrize(
    ("accept", "location"),
    [
        ("text/html", "/en/trial/NCT01234567"),
        ("text/turtle", "/trial/NCT01234567.ttl"),
        ("application/n-triples", "/trial/NCT01234567.nt"),
        ("application/ld+json", "/trial/NCT01234567.jsonld"),
        ("application/json", "/trial/NCT01234567.json"),
    ],
)
def test_a_thing_leads_to_its_page_or_its_data(client: TestClient, accept: str, location: str) -> None:
    response = client.get("/id/trial/NCT01234567", headers={"accept": accept})

    assert (response.status_code, response.headers["location"]) == (303, location)
    assert client.get(location, headers={"accept": accept}).status_code == 200


def test_every_iri_of_the_graph_answers(client: TestClient) -> None:
    query = 'SELECT DISTINCT ?s { ?s a ?c FILTER(STRSTARTS(STR(?s), "https://w3id.org/evidence-kg/id/")) }'
    found = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    paths = [binding["s"]["value"].removeprefix("https://w3id.org/evidence-kg") for binding in found]

    assert len(paths) > 30
    for path in paths:
        for accept in ("text/html", "text/turtle"):
            response = client.get(path, headers={"accept": accept}, follow_redirects=True)
            assert response.status_code == 200, path
            # Another trial's registration, only mentioned here, has no page, so its data are shown.
            wanted = "text/turtle" if path.endswith("ISRCTN10175490") else accept
            assert response.headers["content-type"].startswith(wanted)


@pytest.mark.parametrize("kind", ["trial/NCT01234567", f"report/{HIP.id}"])
@pytest.mark.parametrize(
    ("extension", "content_type"),
    [
        ("ttl", "text/turtle; charset=utf-8"),
        ("nt", "application/n-triples; charset=utf-8"),
        ("jsonld", "application/ld+json"),
        ("json", "application/json"),
    ],
)
def test_data_come_in_every_format(client: TestClient, kind: str, extension: str, content_type: str) -> None:
    response = client.get(f"/{kind}.{extension}")

    assert response.status_code == 200
    assert response.headers["content-type"] == content_type
    assert "0.86" in response.text
    assert response.headers["access-control-allow-origin"] == "*"


def test_the_json_keeps_numbers_as_printed_and_says_where_they_stand(client: TestClient) -> None:
    body = client.get("/trial/10.1000/hip.1.json", follow_redirects=True).json()
    women = next(row for row in body["contrasts"] if row["value"]["text"] == "0.70")

    assert women["value"]["text"] == "0.70"
    assert Decimal(women["value"]["value"]) == Decimal("0.70")
    texts = {source["report"]: source["text"] for source in body["sources"]}
    assert body["evidence"]
    for entry in body["evidence"]:
        assert texts[entry["report"]][entry["start"] : entry["end"]] == entry["quote"]


def test_a_page_names_its_other_formats(client: TestClient) -> None:
    response = client.get("/en/trial/NCT01234567", headers=HTML)
    soup = BeautifulSoup(response.text, "html.parser")

    for media_type in ("text/turtle", "application/ld+json", "application/n-triples", "application/json"):
        (link,) = soup.select(f'head link[rel=alternate][type="{media_type}"]')
        assert f'<{link["href"]}>; rel="alternate"; type="{media_type}"' in response.headers["link"]
        assert client.get(str(link["href"])).headers["content-type"].startswith(media_type)


@pytest.mark.parametrize("path", ["/en/trial/NCT01234567.ttl", "/zh/trial/WALK-1.json"])
def test_the_address_of_a_page_with_an_extension_leads_to_the_data(client: TestClient, path: str) -> None:
    assert client.get(path, follow_redirects=True).status_code == 200


def test_the_vocabulary_and_its_concepts_are_served(client: TestClient) -> None:
    turtle = {"accept": "text/turtle"}
    assert "ev:Contrast" in client.get("/ns", headers=turtle, follow_redirects=True).text
    concept = client.get("/concept/endpoints/overall-survival", headers=turtle, follow_redirects=True)
    assert "总生存期" in concept.text
    assert client.get("/concept/endpoints/nothing").status_code == 404


OURS = [
    ("ns#Contrast", "效应"),
    ("concept/endpoints", "终点"),
    ("concept/endpoints/overall-survival", "总生存期"),
    ("id/trial/NCT01234567", "NCT01234567"),
    (f"id/report/{HIP.id}", "NCT01234567"),
    ("id/registration/NCT01234567", "NCT01234567"),
    (f"report/{HIP.id}/v1/assertion", "contrast"),
    (f"report/{HIP.id}/v1/pubinfo", "sha256"),
    ("graph/identity", "Trial"),
    ("graph/vocabulary", "总生存期"),
    ("example/medians", "median"),
    ("dataset", "sparqlEndpoint"),
    ("service", "endpointURL"),
    ("prefix/ev", "namespace"),
]


@pytest.mark.parametrize(("path", "says"), OURS, ids=[path for path, _ in OURS])
@pytest.mark.parametrize("accept", ["text/turtle", "application/ld+json", "application/n-triples"])
def test_every_iri_of_ours_leads_to_its_data(client: TestClient, path: str, says: str, accept: str) -> None:
    first = client.get(f"/{path.partition('#')[0]}", headers={"accept": accept})
    assert first.status_code == 303
    assert "Accept" in first.headers["vary"]
    data = client.get(first.headers["location"], headers={"accept": accept})

    assert data.headers["content-type"].startswith(accept)
    assert says in data.text


@pytest.mark.parametrize(("path", "says"), OURS, ids=[path for path, _ in OURS])
def test_every_iri_of_ours_leads_a_browser_to_something_to_read(client: TestClient, path: str, says: str) -> None:
    headers = {"accept": "text/html,*/*;q=0.8", "accept-language": "zh"}
    first = client.get(f"/{path.partition('#')[0]}", headers=headers)
    shown = client.get(first.headers["location"], headers=headers)

    assert (first.status_code, shown.status_code) == (303, 200)
    if path.startswith(("ns", "concept", "id/trial", "id/report", "id/registration", "example")):
        assert shown.headers["content-type"].startswith("text/html")
        assert 'lang="zh"' in shown.text


@pytest.mark.parametrize("path", ["prefix/nothing", "example/nothing", "void/nothing", "concept/interface"])
def test_what_is_not_there_is_404(client: TestClient, path: str) -> None:
    response = client.get(f"/{path}", headers={"accept": "text/turtle"}, follow_redirects=True)
    assert response.status_code == 404


@pytest.mark.parametrize("accept", ["text/turtle", "application/ld+json", "text/html", "application/rdf+xml"])
def test_the_data_set_is_described_where_void_has_it(client: TestClient, accept: str) -> None:
    response = client.get("/.well-known/void", headers={"accept": accept})

    assert response.status_code == 200
    assert "DatasetDescription" in response.text
    assert "classPartition" in response.text
    assert "SPARQLExecutable" in response.text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_scheme_and_its_concepts_have_a_page(client: TestClient, language: str) -> None:
    index = BeautifulSoup(client.get(f"/{language}/vocabulary").text, "html.parser")
    schemes = [str(link["href"]) for link in index.select(".links a")]
    assert len(schemes) > 8
    for scheme in schemes:
        page = client.get(scheme)
        assert page.status_code == 200, scheme
        first = BeautifulSoup(page.text, "html.parser").select_one(".terms a")
        assert first is not None
        assert client.get(str(first["href"])).status_code == 200, first


def test_a_page_that_is_not_there_says_so_in_one_language(client: TestClient) -> None:
    page = client.get("/zh/nowhere", headers=HTML).text

    assert "Not Found" not in page
    assert "未找到页面" in page
    missing = BeautifulSoup(client.get("/zh/trial/NCT99999999", headers=HTML).text, "html.parser")
    assert missing.main is not None
    assert not missing.main.select("[lang=en]")
    assert "NCT99999999" in client.get("/en/trial/NCT99999999", headers=HTML).text


@pytest.mark.parametrize("path", ["/en/", "/zh/trial/NCT01234567", f"/en/report/{HIP.id}", "/trial/NCT01234567.ttl"])
def test_an_unchanged_page_is_not_sent_again(client: TestClient, path: str) -> None:
    first = client.get(path, headers=HTML)
    again = client.get(path, headers={**HTML, "if-none-match": first.headers["etag"]})

    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    assert client.get(path, headers={**HTML, "if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("cookie", "accept_language", "location"),
    [("", "zh-CN,en;q=0.5", "/zh/"), ("", "en", "/en/"), ("language=en", "zh", "/en/"), ("", "", "/en/")],
)
def test_the_first_page_follows_the_cookie_and_then_the_browser(
    client: TestClient, cookie: str, accept_language: str, location: str
) -> None:
    response = client.get("/", headers={"cookie": cookie, "accept-language": accept_language})

    assert (response.status_code, response.headers["location"]) == (302, location)


def test_a_visit_is_remembered_in_its_language(client: TestClient) -> None:
    client.get("/zh/", headers=HTML)

    assert client.get("/", headers={"accept-language": "en"}).headers["location"] == "/zh/"


def test_a_running_server_moves_to_what_is_published_later(tmp_path: Path) -> None:
    papers = {paper.id: tmp_path / paper.source for paper in (HIP, HOSTILE)}
    for paper in papers.values():
        paper.write_text("made by hand", encoding="utf-8")
    data = tmp_path / "data"
    store = Store.open(data)
    ingest(store, [papers[HIP.id]], reading=made_reading())
    with TestClient(create_app(Settings(data=data))) as running:
        before = running.get("/en/", headers=HTML)
        query = {"query": "ASK { ?t <http://purl.org/dc/terms/identifier> 'ChiCTR2300070727' }"}
        assert running.get("/sparql", params=query).json()["boolean"] is False
        ingest(store, [papers[HOSTILE.id]], reading=made_reading())
        after = running.get("/en/", headers={**HTML, "if-none-match": before.headers["etag"]})

        assert after.status_code == 200
        assert before.text.count("/en/trial/") == 1
        assert after.text.count("/en/trial/") == 2
        assert running.get("/sparql", params=query).json()["boolean"] is True


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_query_runs_on_the_query_page(client: TestClient, language: str) -> None:
    soup = page(client, f"/{language}/sparql")
    examples = [str(link["href"]) for link in soup.select(".examples a")]

    assert len(examples) >= 5
    for example in examples:
        filled = page(client, example).select_one("textarea")
        assert filled is not None
        response = client.get(f"/{language}/sparql", params={"query": filled.get_text()}, headers=HTML)
        assert response.status_code == 200, response.text


def test_the_query_page_shows_rows_links_and_downloads(client: TestClient) -> None:
    query = 'SELECT ?t ("<b>&" AS ?text) (1.5 AS ?n) { ?t a <https://w3id.org/evidence-kg/ns#Trial> } ORDER BY ?t'
    response = client.get("/en/sparql", params={"query": query}, headers=HTML)
    soup = BeautifulSoup(response.text, "html.parser")

    assert [text_of(cell) for cell in soup.select("table.solutions thead th")] == ["t", "text", "n"]
    first = soup.select("table.solutions tbody tr:first-child td")
    assert first[0].a is not None
    assert first[0].a["href"] == "/id/trial/ChiCTR2300070727"
    assert text_of(first[1]) == "<b>&"
    assert first[2]["class"] == ["number"]
    downloads = [str(link["href"]) for link in soup.select("p.formats a[type]")]
    assert [client.get(link).status_code for link in downloads] == [200, 200, 200, 200]


@pytest.mark.parametrize(
    ("query", "status", "shown"),
    [
        ("ASK {}", 200, "Yes"),
        ("ASK { <a:b> <a:b> <a:b> }", 200, "No"),
        ("CONSTRUCT { <a:b> <a:c> '<b>' } WHERE {}", 200, '<a:b> <a:c> "<b>"'),
        ("SELECT *\n{ ?s }", 400, "Line 2, column 7:"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> {} }", 403, "SERVICE is refused"),
        ("SELECT * { ?a ?b ?c FILTER(false) }", 200, "0 rows"),
    ],
)
def test_the_query_page_shows_every_kind_of_answer(client: TestClient, query: str, status: int, shown: str) -> None:
    response = client.get("/en/sparql", params={"query": query}, headers=HTML)

    assert response.status_code == status
    soup = BeautifulSoup(response.text, "html.parser")
    assert shown in soup.get_text()
    textarea = soup.select_one("textarea")
    assert textarea is not None
    assert textarea.get_text() == query


def template_texts() -> list[tuple[str, str]]:
    templates = sorted(files("server").joinpath("templates").iterdir(), key=lambda path: path.name)
    return [(template.name, template.read_text(encoding="utf-8")) for template in templates]


@pytest.mark.parametrize(("name", "text"), template_texts(), ids=lambda value: value if len(value) < 30 else "")
def test_a_template_holds_no_words_and_joins_no_addresses(name: str, text: str) -> None:
    code = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
    bare = BeautifulSoup(code.sub("", text), "html.parser").get_text()

    assert not re.search(r"[A-Za-z]{2}", bare), bare
    assert not HAN.search(text)
    assert not re.search(r"(?:href|src|action)=\"(?!\{\{ )", text)


def test_every_word_that_templates_ask_for_is_known_and_every_known_word_is_used() -> None:
    known = {concept.name for concept in concepts("interface")}
    templates = "".join(text for _, text in template_texts())
    asked = set(re.findall(r"[\"']([a-z][a-z0-9-]*)[\"']\|word", templates))
    code = "".join(
        path.read_text(encoding="utf-8")
        for package in ("server", "kg")
        for path in Path(str(files(package))).rglob("*.py")
    )
    made = (
        "explain-",
        "feed-",
        "coverage-",
        "facet-",
        "format-",
        "has-",
        "problem-",
        "reports-in-",
        "sort-",
        "said-",
        "question-model-",
        "question-interval-",
        "question-formula-",
        "question-table-",
        "question-file-",
        "compare-table-",
        "trial-table-",
        "verdict-",
    )

    assert asked <= known
    for name in known - asked:
        assert name.startswith(made) or f'"{name}"' in templates + code, f"no page uses {name}"


def context_fields() -> list[tuple[type, str]]:
    shapes = [
        shape
        for module in (about, contexts, answers, home, listing, search_page, terms)
        for shape in vars(module).values()
        if isinstance(shape, type) and shape.__module__ == module.__name__
    ]
    return [(shape, field.name) for shape in shapes for field in fields(shape)]


@pytest.mark.parametrize(("shape", "name"), context_fields())
def test_every_field_of_a_page_is_used_by_a_template(shape: type, name: str) -> None:
    assert any(re.search(rf"\.{name}\b", text) for _, text in template_texts()), f"{shape.__name__}.{name}"


@pytest.mark.parametrize(
    ("stretches", "expected"),
    [
        ([], "abcdefghij"),
        ([(2, 4)], "ab[cd]efghij"),
        ([(0, 10)], "[abcdefghij]"),
        ([(2, 8), (3, 5)], "ab[c[de]fgh]ij"),
        ([(2, 5), (2, 8)], "ab[[cde]fgh]ij"),
        ([(2, 6), (4, 8)], "ab[cd[ef]][gh]ij"),
        ([(0, 4), (2, 6), (3, 9)], "[ab[c[d]]][[ef]ghi]j"),
        ([(2, 4), (4, 6)], "ab[cd][ef]ghij"),
        ([(-5, 3), (8, 20)], "[abc]defgh[ij]"),
        ([(20, 30)], "abcdefghij"),
    ],
)
def test_marks_nest_and_keep_the_text(stretches: list[tuple[int, int]], expected: str) -> None:
    named = [Stretch(start, end, f"{start}-{end}") for start, end in stretches]
    found = runs("abcdefghij", 0, 10, named)

    assert "".join(f"{'[' * len(run.opens)}{run.text}{']' * len(run.closes)}" for run in found) == expected
    firsts = [opening.name for run in found for opening in run.opens if opening.first]
    assert sorted(firsts) == sorted({stretch.name for stretch in named if stretch.start < 10})


def test_a_ratio_axis_is_logarithmic_about_one() -> None:
    axis = ratio_axis([Bounds(0.5, 0.25, 1.0), Bounds(2.0, 1.0, 4.0)])

    assert axis.place(0.5) + axis.place(2.0) == pytest.approx(2 * axis.no_effect)
    assert axis.place(0.25) + axis.place(4.0) == pytest.approx(2 * axis.no_effect)
    assert "1" in [tick.text for tick in axis.ticks]


def test_a_bound_beyond_the_axis_or_not_estimable_becomes_an_arrow() -> None:
    axis = ratio_axis([Bounds(1.5, 0.01, 90.0)])
    beyond = axis.mark(Bounds(1.5, 0.01, 90.0))
    missing = axis.mark(Bounds(1.5, 0.9, None), high_open=True)

    assert (beyond.low_open, beyond.high_open, beyond.outside) == (True, True, False)
    assert (missing.low_open, missing.high_open, missing.high) == (False, True, axis.place(axis.stop))
    assert axis.mark(Bounds(40.0, None, None)).outside


def test_a_difference_axis_is_linear_and_holds_nought() -> None:
    axis = difference_axis([Bounds(-1.2, -2.0, -0.4)])

    assert axis.place(-1.0) == pytest.approx((axis.place(-2.0) + axis.place(0.0)) / 2)
    assert "0" in [tick.text for tick in axis.ticks]
    assert axis.no_effect == axis.place(0.0)


def test_the_search_of_a_server_without_trials_fits_json(client: TestClient) -> None:
    assert json.loads(client.get("/trial/ChiCTR2300070727.json").content)["arms"] == []


@pytest.mark.parametrize(
    ("text", "marked", "sentence"),
    [
        ("One. Two here. Three.", "here", " Two here."),
        ("Median 63 vs. 20 months (p = 0.01). Next.", "20", "Median 63 vs. 20 months (p = 0.01)."),
        ("共随机120例。E组61例。", "61", "E组61例。"),
        ("A line\nanother 5\nthird", "5", "another 5\n"),
        ("Over. The end.", "r. The", "Over. The end."),
    ],
)
def test_a_sentence_holds_its_mark_whole(text: str, marked: str, sentence: str) -> None:
    start = text.index(marked)
    (found,) = sentences(text, 0, len(text), [Stretch(start, start + len(marked), "mark")])

    assert text[found.start : found.end] == sentence


def structured(client: TestClient, path: str) -> dict[str, object]:
    """The schema.org data of a page."""
    block = BeautifulSoup(client.get(path, headers=HTML).text, "html.parser").select_one(
        'script[type="application/ld+json"]'
    )
    assert block is not None
    return dict(json.loads(str(block.string)))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_search_engines_are_told_what_the_trial_is(client: TestClient, language: str) -> None:
    told = structured(client, f"/{language}/trial/NCT01234567")

    assert told["@type"] == "MedicalTrial"
    assert told["@id"] == "https://w3id.org/evidence-kg/id/trial/NCT01234567"
    assert "NCT01234567" in told["identifier"]  # type: ignore[operator]
    assert told["subjectOf"]
    assert None not in told.values()


def test_search_engines_are_told_what_the_data_set_is(client: TestClient) -> None:
    assert structured(client, "/zh/")["name"] == "临床试验证据"


def test_structured_data_cannot_end_their_block(client: TestClient) -> None:
    for path in ("/en/trial/NCT01234567", "/en/trial/ChiCTR2300070727", "/en/sparql?query=</script><b>"):
        for block in re.findall(r"<script type=\"application[^>]*>(.*?)</script>", client.get(path, headers=HTML).text):
            json.loads(block)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_of_a_concept_leads_to_the_trials_that_use_it(client: TestClient, language: str) -> None:
    for concept in ("measures/hazard-ratio", "designs/randomised", "registries/clinicaltrials-gov"):
        page = BeautifulSoup(client.get(f"/{language}/vocabulary/{concept}").text, "html.parser")
        links = [str(link["href"]) for link in page.select("[aria-labelledby=trials] li a")]

        assert links, concept
        assert {client.get(link).status_code for link in links} == {200}
        assert str(len(links)) in page.select("#trials")[0].text


def test_a_concept_that_no_trial_uses_says_so(client: TestClient) -> None:
    page = BeautifulSoup(client.get("/en/vocabulary/conditions/acne").text, "html.parser")

    assert page.select(".empty")
    assert not page.select("[aria-labelledby=trials] li")


def test_a_long_list_of_trials_of_a_concept_has_pages(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.search.finding.ON_A_PAGE", 1)
    address, seen = "/en/vocabulary/designs/record", []
    while address:
        page = BeautifulSoup(client.get(address).text, "html.parser")
        seen += [str(link["href"]) for link in page.select("[aria-labelledby=trials] li a")]
        following = page.select_one("nav.pages a[rel=next]")
        address = str(following["href"]) if following else ""

    assert len(seen) == len(set(seen)) == 2
    assert client.get("/en/vocabulary/designs/record?page=0").status_code == 400


def test_a_trial_shows_its_checks_and_marks_the_numbers_that_do_not_fit(trial: BeautifulSoup) -> None:
    strip = trial.select_one("#checks .tallies")
    assert strip is not None
    assert "fit" in text_of(strip)
    for link in trial.select("a.doubt"):
        target = trial.find(id=str(link["href"]).removeprefix("#"))
        assert isinstance(target, Tag)
        assert target.find_parent("details", class_="inconsistent") is not None
    for check in trial.select(".check"):
        assert check.select_one("h3") is not None
        assert all(trial.find(id=str(a["href"]).removeprefix("#")) for a in check.select("a.evidence"))
