"""A clinical question put to the bundled examples: what is taken of each trial, and what they say together."""

from __future__ import annotations

import csv
import math
import re
import struct
from dataclasses import fields, replace
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
import rispy
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from httpx2 import Response

from kg.opening import published_store
from kg.question.answers import Estimate, Kind
from kg.question.asking import Question, direction
from kg.question.choice import preference
from kg.question.results import Result, Wanted, people, result, two_by_two
from kg.question.treatments import treatments_of
from kg.rows import Context, Contrast, Interval, Name, Quantity, Report
from kg.stores import ReadableStore
from kg.synthesis.effects import Effect
from kg.synthesis.pooling import Method, pool
from ontology import by_name
from server.problems import Problem
from server.question.address import Address, question_of, read_address, resolved
from server.question.figure import svg
from server.question.page import question_page
from server.question.references import bibtex, ris
from server.question.writing import number
from server.sheets import Table, csv_bytes
from server.urls import Urls

SURVIVAL = by_name("endpoints", "overall-survival").iri
BREAST = by_name("conditions", "metastatic-breast-cancer").iri
LOCAL = by_name("interventions", "locoregional-treatment").iri
SYSTEMIC = by_name("interventions", "systemic-therapy").iri
QUESTION = Question(SURVIVAL, BREAST, LOCAL)
TATA, MF, ABCSG, E2108, JCOG = "NCT00193778", "NCT00557986", "NCT01015625", "NCT01242800", "jRCTs031180151"
ADDRESS = "population=metastatic-breast-cancer&intervention=locoregional-treatment&endpoint=overall-survival"


@pytest.fixture(scope="module")
def store(example_data: Path) -> ReadableStore:
    return published_store(example_data)


def asked(store: ReadableStore, parameters: str = "", question: Question = QUESTION) -> Result:
    pairs = [tuple(one.split("=")) for one in parameters.split("&") if one]
    address = read_address(pairs)  # type: ignore[arg-type]
    added = frozenset(address.add)
    return result(store, Wanted(question, address.choices, added, address.measure, address.method, address.by))


def shown(site: TestClient, address: str, language: str = "en") -> BeautifulSoup:
    response = site.get(f"/{language}/question?{address}")
    assert response.status_code == 200, response.text
    return BeautifulSoup(response.text, "html.parser")


def figures(found: Result) -> tuple[float, float, float]:
    assert found.pooled is not None
    return math.exp(found.pooled.y), math.exp(found.pooled.low), math.exp(found.pooled.high)


@pytest.mark.parametrize("model", ["dl", "reml", "pm"])
def test_four_trials_give_the_published_overall_survival(store: ReadableStore, model: str) -> None:
    """Reinhorn D et al. Breast 2021;58:173: four trials, 970 patients, HR 0.97 (0.72 to 1.29)."""
    found = asked(store, f"model={model}&turn={ABCSG}&leave={JCOG}")
    assert [one.trial.trial.key for one in found.combined] == [TATA, MF, ABCSG, E2108]
    assert sum(people(one) or 0 for one in found.combined) == 970
    # The published figures have two decimals, and so has what is compared with them.
    assert [round(figure, 2) for figure in figures(found)] == pytest.approx((0.97, 0.72, 1.29), abs=0.0201)


def test_four_trials_by_dersimonian_and_laird(store: ReadableStore) -> None:
    found = asked(store, f"model=dl&turn={ABCSG}&leave={JCOG}")
    assert [round(figure, 2) for figure in figures(found)] == [0.97, 0.72, 1.31]


def test_with_the_fifth_trial(store: ReadableStore) -> None:
    found = asked(store, f"model=dl&turn={ABCSG}")
    assert [round(figure, 2) for figure in figures(found)] == [0.93, 0.75, 1.16]
    assert len(found.combined) == 5


def test_a_direction_against_the_medians_is_said_and_left_as_printed_until_the_reader_chooses(
    store: ReadableStore,
) -> None:
    for address, handling, y in (
        ("", "as-printed", math.log(0.691)),
        (f"turn={ABCSG}", "turned", -math.log(0.691)),
        (f"leave={ABCSG}", "left-out", None),
    ):
        (one,) = (taken for taken in asked(store, address).taken if taken.trial.trial.key == ABCSG)
        assert one.estimate is not None
        assert one.estimate.contradicts
        assert one.handling == handling
        assert (one.effect.y if one.effect else None) == (pytest.approx(y) if y else None)


def test_reports_of_one_trial_count_once_and_the_others_are_listed(store: ReadableStore) -> None:
    (one,) = (taken for taken in asked(store).taken if taken.trial.trial.key == JCOG)
    assert len(one.trial.reports) == 2
    assert one.estimate is not None
    assert one.estimate.contrast.value.text == "0.86"
    printed = {(other.contrast.interval.low.text, other.report.kind.rsplit("/", 1)[-1]) for other in one.others
               if other.contrast.interval and other.contrast.interval.low}  # fmt: skip
    assert {("0.68", "article"), ("0.69", "record"), ("0.670", "article")} <= printed


def test_the_reader_can_take_another_estimate(store: ReadableStore) -> None:
    (usual,) = (taken for taken in asked(store).taken if taken.trial.trial.key == JCOG)
    (other,) = (one for one in usual.others if one.contrast.value.text == "0.873")
    (one,) = (taken for taken in asked(store, f"take={other.id}").taken if taken.trial.trial.key == JCOG)
    assert one.estimate is not None
    assert one.chosen
    assert one.estimate.id == other.id


def test_each_interval_is_taken_at_its_own_level(store: ReadableStore) -> None:
    errors = {one.trial.trial.key: one.effect.se for one in asked(store).combined if one.effect}
    assert errors[E2108] == pytest.approx(math.log(1.52 / 0.82) / 2 / 1.644854, rel=1e-5)
    assert errors[MF] == pytest.approx(math.log(0.88 / 0.49) / 2 / 1.959964, rel=1e-5)


def test_a_comparator_narrows_and_the_others_are_named_with_the_reason(store: ReadableStore) -> None:
    found = asked(store, question=replace(QUESTION, comparator=SYSTEMIC))
    assert TATA not in {one.key for one in found.found.fitting}
    assert {one.trial.key for one in found.found.unfit} == {TATA}
    again = asked(store, f"add={TATA}", question=replace(QUESTION, comparator=SYSTEMIC))
    assert [one.key for one in again.found.added] == [TATA]
    assert again.found.unfit == ()


def test_events_of_people_are_found_for_the_arms_compared(store: ReadableStore) -> None:
    (one,) = (taken for taken in asked(store).taken if taken.trial.trial.key == JCOG)
    assert two_by_two(one) == (106, 202, 115, 205)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("surgery of the primary tumor followed by systemic therapy", {"primary-tumour-resection", "systemic-therapy"}),
        ("systemic therapy without surgery", {"systemic-therapy"}),
        ("no-surgery arm", set()),
        ("PTR plus systemic therapy", {"primary-tumour-resection", "systemic-therapy"}),
        ("局部区域治疗（LRT）后序贯全身治疗", {"locoregional-treatment", "systemic-therapy"}),
        ("非手术组", set()),
        ("arm 2", set()),
    ],
)
def test_the_treatments_that_a_name_speaks_of(text: str, names: set[str]) -> None:
    found = treatments_of([Name(text, "en")])
    assert {iri.rsplit("/", 1)[-1] for iri in found} == names


def test_which_way_round_an_estimate_answers() -> None:
    local, systemic = {LOCAL}, {SYSTEMIC}
    both = frozenset(local | systemic)
    assert direction(QUESTION, both, frozenset(systemic)) == "straight"
    assert direction(QUESTION, frozenset(systemic), both) == "reversed"
    assert direction(QUESTION, both, both) is None
    of_systemic = Question(SURVIVAL, None, None, SYSTEMIC)
    assert direction(of_systemic, both, frozenset(systemic)) == "straight"
    assert direction(of_systemic, frozenset(systemic), both) == "reversed"
    assert direction(Question(SURVIVAL, None, LOCAL, LOCAL), frozenset(local), frozenset(local)) is None


WHOLE = Context((), None, (), None, None, None)
ARTICLE, RECORD = (by_name("designs", name).iri for name in ("article", "record"))
NO_REPORT = Report("r", "r", "t", "k", ARTICLE, (), (), (), (), None, None, 2020, None, None, 1, "r.txt")


def estimate(
    context: Context = WHOLE, *, report: Report = NO_REPORT, exact: bool = True, usable: bool = True
) -> Estimate:
    number = Quantity(Decimal(1), "1")
    contrast = Contrast("c", "r", "e", "m", number, Interval(number, number, Decimal(95), ()), None, None, None, None,
                        None, None, context)  # fmt: skip
    made = Estimate(contrast, report, Kind("m", None), "straight", exact, None, None, (), contradicts=False, places=())
    return replace(made, effect=object()) if usable else made  # type: ignore[arg-type]


def at(text: str) -> Context:
    return replace(WHOLE, time_point=(Name(text, "en"),))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (estimate(), estimate(replace(WHOLE, subgroup=(Name("women", "en"),)))),
        (estimate(), estimate(usable=False)),
        (estimate(), estimate(exact=False)),
        (estimate(replace(WHOLE, analysis_set=by_name("designs", "intention-to-treat").iri)), estimate()),
        (estimate(), estimate(replace(WHOLE, analysis_set=by_name("designs", "per-protocol").iri))),
        (estimate(), estimate(at("5 years"))),
        (estimate(at("5 years")), estimate(at("36 months"))),
        (estimate(at("3年")), estimate(at("week 52"))),
        (estimate(), estimate(replace(WHOLE, planned=False))),
        (estimate(), estimate(replace(WHOLE, adjusted=True))),
        (estimate(report=replace(NO_REPORT, year=2021)), estimate()),
        (estimate(), estimate(report=replace(NO_REPORT, kind=RECORD))),
        # What comes first in the order outweighs all that follows.
        (estimate(at("1 year")), estimate(replace(WHOLE, analysis_set=by_name("designs", "safety").iri))),
    ],
)
def test_the_order_in_which_estimates_are_preferred(first: Estimate, second: Estimate) -> None:
    assert preference(first) < preference(second)


def test_words_of_both_languages_lead_to_one_address(site: TestClient) -> None:
    expected = f"/zh/question?{ADDRESS}"
    words = "population=转移性乳腺癌&intervention=局部治疗&endpoint=OS&comparator=&model=reml&interval=normal&by=&risk="
    response = site.get(f"/zh/question?{words}")
    assert response.status_code == 302
    assert response.headers["location"] == expected
    assert site.get(expected).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["model=magic", "interval=wide", "by=moon", "risk=101", "risk=NaN", "risk=-1", "risk=x", "endpoint=" + "x" * 301],
)
def test_an_address_that_means_nothing_is_refused_with_the_reason(site: TestClient, address: str) -> None:
    response = site.get(f"/en/question?{address}")
    assert response.status_code == 400
    assert address.partition("=")[0] in response.json()["detail"]


def test_no_address_chooses_more_than_a_hundred_trials() -> None:
    with pytest.raises(Problem, match="at most 100"):
        read_address([("leave", str(number)) for number in range(101)])


def test_an_address_says_all_and_only_what_is_not_usual() -> None:
    address = Address(endpoint="overall-survival", model="dl", turn=("a",), leave=("b",), take=("r/c", "r/d"))
    assert read_address(address.parameters()) == address
    assert address.handled("a", "leave").parameters() == [
        ("endpoint", "overall-survival"),
        ("model", "dl"),
        ("take", "r/c"),
        ("take", "r/d"),
        ("leave", "a"),
        ("leave", "b"),
    ]
    assert address.taking("r/e", ["r/c", "r/e"]).take == ("r/d", "r/e")
    assert address.method == Method("dl")


@pytest.mark.parametrize("typed", ["OS", "os", "overall survival", "总生存期", "overall-survival"])
def test_an_endpoint_is_known_by_any_of_its_words(typed: str) -> None:
    address = resolved(Address(endpoint=typed))
    assert address.endpoint == "overall-survival"
    assert question_of(address) == Question(SURVIVAL)


def test_the_page_says_what_is_computed_and_of_what(site: TestClient) -> None:
    page = shown(site, f"{ADDRESS}&model=dl&risk=57&leave={JCOG}&turn={ABCSG}")
    answer = page.select_one(".answer")
    assert answer is not None
    assert answer.select_one(".computed") is not None
    assert "HR 0.97" in answer.get_text()
    assert "0.72 to 1.31" in answer.get_text()
    assert "970" in answer.get_text()
    forest = page.select_one("table.synthesis")
    assert forest is not None
    text = " ".join(forest.get_text(" ").split())
    # As printed, with the level where it is unusual, and as combined.
    assert "90% CI 0.82 to 1.52" in text
    assert "1.11 (0.77 to 1.60)" in text
    assert "0.691" in text
    assert "1.45 (0.75 to 2.79)" in text
    assert len(forest.select("svg.diamond")) == 1
    summary = page.select_one("table.summary")
    assert summary is not None
    # 1 - 0.43 ** 0.9687 = 0.5585
    assert "558 per 1000" in " ".join(summary.get_text(" ").split())


def test_every_figure_as_printed_leads_to_its_characters(site: TestClient) -> None:
    page = shown(site, ADDRESS)
    links = [str(link["href"]) for link in page.select("table.synthesis a.sentence-link")]
    assert len(links) == 5
    for href in links:
        path, _, anchor = href.partition("#")
        target = BeautifulSoup(site.get(path).text, "html.parser").find(id=anchor)
        assert target is not None, href


def test_an_estimate_for_a_narrower_endpoint_says_for_which(site: TestClient) -> None:
    page = shown(site, "endpoint=survival-endpoint")
    tags = [tag.get_text() for tag in page.select("table.synthesis td.printed .tag")]
    assert len(tags) == 5
    assert "overall survival" in tags
    assert shown(site, ADDRESS).select("table.synthesis td.printed .tag") == []


def test_the_contradiction_is_shown_with_both_ways_out(site: TestClient) -> None:
    note = shown(site, ADDRESS).select_one(".contradiction")
    assert note is not None
    assert "34.6" in note.get_text()
    links = {str(link["href"]) for link in note.select(".choices a")}
    assert links == {f"/en/question?{ADDRESS}&leave={ABCSG}", f"/en/question?{ADDRESS}&turn={ABCSG}"}


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "Outcomes with most reports"),
        ("endpoint=overall+survivl", "The lexicon has no such word"),
        ("endpoint=pain", "No trial in the graph"),
        (f"{ADDRESS}&leave=NOWHERE", "NOWHERE"),
    ],
)
def test_a_question_without_an_answer_says_why(site: TestClient, address: str, words: str) -> None:
    assert words in " ".join(shown(site, address).get_text(" ").split())


def test_hostile_words_stay_words(site: TestClient) -> None:
    page = shown(site, "endpoint=%3Cscript%3Ealert(1)%3C/script%3E%22'%26")
    field = page.select_one("#ask-endpoint")
    assert field is not None
    assert field["value"] == "<script>alert(1)</script>\"'&"
    assert "alert(1)" not in "".join(script.get_text() for script in page.select("script"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_queries_behind_the_page_run_as_they_stand(site: TestClient, store: ReadableStore, language: str) -> None:
    links = shown(site, ADDRESS, language).select("#queries a")
    assert len(links) == 6
    for link in links:
        filled = BeautifulSoup(site.get(str(link["href"])).text, "html.parser").select_one("textarea")
        assert filled is not None
        assert store.select(filled.get_text())


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (0.966, 2, "0.97"),
        (-1.25, 1, "\u22121.2"),
        (-0.001, 2, "0.00"),
        (1_250_000.4, 0, "1250000"),
        (math.inf, 2, "\u221e"),
    ],
)
def test_computed_figures_are_written_plainly(value: float, places: int, text: str) -> None:
    assert number(value, places) == text


FULL = f"{ADDRESS}&model=dl&risk=57&by=masking&turn={ABCSG}"


def taken_away(site: TestClient, file: str, address: str = FULL, language: str = "en") -> Response:
    response = site.get(f"/{language}/question.{file}{'&' if '?' in file else '?'}{address}")
    assert response.status_code == 200, response.text
    return response


def table(site: TestClient, name: str, address: str = FULL, language: str = "en") -> list[list[str]]:
    text = taken_away(site, f"csv?table={name}", address, language).content.decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))


def test_the_generic_inverse_variance_table_combines_to_the_figures_of_the_page(site: TestClient) -> None:
    head, *rows = table(site, "revman-generic")
    assert head == ["Study", "log[Hazard ratio]", "SE", "Experimental total", "Control total"]
    again = pool([Effect(float(row[1]), float(row[2])) for row in rows], Method("dl"))
    assert [round(math.exp(y), 2) for y in (again.y, again.low, again.high)] == [0.93, 0.75, 1.16]
    assert rows[0][3:] == ["173", "177"]


def test_the_dichotomous_table_has_events_and_people(site: TestClient) -> None:
    assert table(site, "revman-dichotomous")[1:] == [["JCOG1017", "106", "202", "115", "205"]]


def test_every_table_that_the_page_names_is_there_in_both_languages(site: TestClient) -> None:
    for language in ("en", "zh"):
        links = [str(link["href"]) for link in shown(site, FULL, language).select("#take-away a")]
        names = [name for link in links for name in re.findall(r"table=([\w-]+)", link)]
        assert names == ["forest", "summary", "methods", "without", "groups", "subgroups", "characteristics",
                         "estimates", "revman-generic", "revman-dichotomous"]  # fmt: skip
        for link in links:
            assert site.get(link).status_code == 200, link
        lengths = {len({len(row) for row in table(site, name, language=language)}) for name in names}
        assert lengths == {1}


def test_figures_are_written_as_printed_and_computed_ones_beside_them(site: TestClient) -> None:
    head, *rows = table(site, "forest")
    (turned,) = (dict(zip(head, row, strict=True)) for row in rows if row[1] == ABCSG)
    assert (turned["Estimate"], turned["Lower bound"], turned["Upper bound"]) == ("0.691", "0.358", "1.333")
    assert float(turned["Estimate, computed"]) == pytest.approx(1 / 0.691, rel=1e-5)
    assert turned["What to do with this trial"] == "Turned round"


def test_the_workbook_holds_every_table_and_no_formula(site: TestClient) -> None:
    book = openpyxl.load_workbook(BytesIO(taken_away(site, "xlsx").content))
    assert len(book.sheetnames) == 10
    sheet = book["Forest plot"]
    assert [cell.value for cell in sheet[2]][:6] == ["Badwe 2015", TATA, "HR", "1.04", "0.81", "1.34"]
    assert all(cell.data_type != "f" for one in book for row in one.iter_rows() for cell in row)


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "@sum(a1)", "-2+3", "\tx"])
def test_no_cell_of_a_table_is_a_formula(text: str) -> None:
    written = csv_bytes(Table("t", ("a",), ((text,),))).decode("utf-8-sig")
    assert list(csv.reader(StringIO(written, newline="")))[1] == [f"'{text}"]
    assert list(csv.reader(StringIO(csv_bytes(Table("t", ("a",), (("-1.20",),))).decode("utf-8-sig"))))[1] == ["-1.20"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_figure_is_well_formed_and_says_what_the_page_says(site: TestClient, language: str) -> None:
    response = taken_away(site, "svg", language=language)
    assert response.headers["content-type"].startswith("image/svg+xml")
    text = " ".join(ElementTree.fromstring(response.text).itertext())
    for printed in ("ABCSG-28", "0.691", "1.45", "[90%]", "8.6 %", "0.93"):
        assert printed in text
    assert "style" not in response.text


def test_the_picture_is_that_figure_in_pixels(site: TestClient) -> None:
    picture = taken_away(site, "png").content
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", picture[16:24])
    assert width == 2160
    assert 600 < height < 1000
    assert len(picture) > 20_000


def test_a_figure_of_hostile_names_is_still_xml(site: TestClient, store: ReadableStore) -> None:
    page = question_page(asked(store), Address(endpoint="overall-survival"), {}, Urls("x/"), "en", "1")
    assert page.answer is not None
    rows = tuple(replace(row, label=Name('<b>&"\x00\x0b' * 40, "en")) for row in page.answer.rows)
    drawn = svg(replace(page.answer, rows=rows), "<script>\x01", "a" * 500, "en")
    assert ElementTree.fromstring(drawn).find(".//script") is None


def test_references_are_read_back_by_others(site: TestClient) -> None:
    entries = rispy.loads(taken_away(site, "ris").text)
    assert len(entries) == 6
    assert entries[0]["doi"] == "10.1016/S1470-2045(15)00135-7"
    assert entries[0]["authors"][0] == "Badwe R"
    bib = taken_away(site, "bib").text
    assert bib.count("@article{") == 6
    assert bib.count("{") == bib.count("}")


def test_a_title_of_tex_signs_stays_a_title() -> None:
    hostile = replace(NO_REPORT, titles=(Name("50% of {A}_B & \\C\nD", "en"),), authors=("A\nTY  - X",))
    assert r"50\% of \{A\}\_B \& \textbackslash{}C D" in bibtex([hostile], "en").decode()
    assert [line for line in ris([hostile], "en").decode().splitlines() if line.startswith("TY")] == ["TY  - JOUR"]


def test_the_answer_as_data_is_the_answer_of_the_page_and_is_described(site: TestClient) -> None:
    data = site.get(f"/api/v1/question?{FULL}").json()
    assert data["pooled"]["value"] == pytest.approx(0.9317, abs=1e-4)
    assert data["pooled"]["trials"] == len(data["trials"]) == 5
    assert sum(trial["combined"]["weight"] for trial in data["trials"]) == pytest.approx(1)
    assert {trial["handling"] for trial in data["trials"]} == {"as-printed", "turned"}
    described = site.get("/api/v1/openapi.json").json()
    schema = described["components"]["schemas"]["QuestionAnswer"]
    assert set(schema["properties"]) == set(data)
    names = {parameter["name"] for parameter in described["paths"]["/api/v1/question"]["get"]["parameters"]}
    assert names == {entry.name for entry in fields(Address)}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/question", 400),
        ("/api/v1/question?endpoint=no+such+thing", 400),
        (f"/en/question.docx?{FULL}", 404),
        (f"/en/question.csv?{FULL}&table=moon", 400),
        ("/en/question.png?endpoint=pain", 404),
        ("/en/question.xlsx?endpoint=pain", 404),
        ("/en/question/summary?endpoint=pain", 404),
        ("/en/question.csv?endpoint=pain&table=methods", 404),
    ],
)
def test_what_is_not_there_is_said_with_its_status(site: TestClient, path: str, status: int) -> None:
    response = site.get(path)
    assert response.status_code == status
    assert response.json()["detail"]


def test_the_summary_to_print_names_what_was_chosen(site: TestClient) -> None:
    text = " ".join(BeautifulSoup(site.get(f"/en/question/summary?{FULL}").text, "html.parser").get_text(" ").split())
    for words in ("ABCSG-28: Turned round", "Baseline risk: 57 %", "544 per 1000 (468 to 624)", "not judged"):
        assert words in text
