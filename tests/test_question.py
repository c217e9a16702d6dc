"""A clinical question put to the bundled examples: what is taken of each trial, and what they say together."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from kg.opening import published_store
from kg.question.answers import Estimate, Kind
from kg.question.asking import Question, direction
from kg.question.choice import preference
from kg.question.results import Result, Wanted, people, result, two_by_two
from kg.question.treatments import treatments_of
from kg.rows import Context, Contrast, Interval, Name, Quantity, Report
from kg.stores import ReadableStore
from kg.synthesis.pooling import Method
from ontology import by_name
from server.app import create_app
from server.problems import Problem
from server.question.address import Address, question_of, read_address, resolved
from server.settings import Settings

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


@pytest.fixture(scope="module")
def site(example_data: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(data=example_data)), follow_redirects=False) as made:
        yield made


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
