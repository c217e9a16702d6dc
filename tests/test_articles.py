"""What whole articles say beside their results: eligibility, flow, references, declarations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from made_articles import CHINESE, ENGLISH
from texts import document

from extractors.article_findings import ArticleFindings
from extractors.documents import Document, Language, Reference
from extractors.facts_json import to_gold
from extractors.findings import Evidence, Facts
from extractors.normal import normalise
from extractors.pipelines import extract, read_language
from extractors.readers import read_bytes
from extractors.reading import Reading, Span
from extractors.sections.citations import citations
from extractors.sections.eligibility import criteria
from extractors.sections.limits import limits
from extractors.sections.lists import items
from extractors.sections.planning import plan_facts
from extractors.sections.regimens import regimens
from extractors.sections.works import works
from kg.article_queries import article_findings
from kg.check import check
from kg.ingest import ingest
from kg.queries import find_trials
from kg.reading import standard_reading
from kg.store import Store
from server.app import create_app
from server.settings import Settings

FILES = {"en": ("lantern.xml", ENGLISH), "zh": ("lantern.txt", CHINESE)}


@cache
def whole(name: str) -> tuple[Document, Facts]:
    file, text = FILES[name]
    found = read_bytes(text.encode(), file)
    (facts,) = extract(found)
    return found, facts


def parts(name: str) -> ArticleFindings:
    article = whole(name)[1].article
    assert article is not None
    return article


def body(language: Language, **texts: str) -> Reading:
    """The reading of an article whose body has the sections, before any component has run."""
    made = document(language, **texts)
    sections = tuple(replace(section, in_abstract=False) for section in made.sections)
    return Reading(replace(made, kind="article", sections=sections), language, normalise(made.text))


def conditions(methods: str, language: Language = "en") -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in criteria(body(language, methods=methods))]


def all_evidence(article: ArticleFindings) -> Iterator[Evidence]:
    cited = (*article.works, *article.citations, *article.quotations)
    for finding in (*article.criteria, *article.flow, *cited, *article.regimens, *article.plan):
        yield from finding.evidence


@pytest.mark.parametrize("name", FILES)
def test_every_finding_of_an_article_quotes_its_text(name: str) -> None:
    text = whole(name)[0].text
    found = list(all_evidence(parts(name)))
    assert found
    for piece in found:
        assert text[piece.start : piece.end] == piece.quote
        assert piece.quote.strip() == piece.quote


def test_a_record_has_no_parts_of_an_article() -> None:
    (facts,) = extract(
        document(title="Drug A for asthma", results="120 patients were randomised to drug A or placebo.")
    )
    assert facts.article is None


# ---- Eligibility


def test_criteria_come_from_lists_and_from_sentences() -> None:
    found = parts("en").criteria
    assert [(one.kind, one.text) for one in found] == [
        ("inclusion", "age 18 to 75 years"),
        ("inclusion", "lantern disease confirmed by a specialist"),
        ("inclusion", "ECOG performance status 0\u20132"),
        ("exclusion", "pregnant or breastfeeding"),
        ("exclusion", "had received drug A before"),
        ("exclusion", "could not read"),
        ("exclusion", "with renal failure"),
        ("exclusion", "a history of stroke"),
        ("exclusion", "known allergy to drug A"),
    ]
    (age,) = found[0].limits
    assert (age.measure, age.low and age.low.text, age.high and age.high.text, age.unit) == ("age", "18", "75", "years")
    (status,) = found[2].limits
    assert (status.measure, status.low and status.low.text, status.high and status.high.text) == (
        "performance status",
        "0",
        "2",
    )


def test_chinese_criteria_are_cut_at_their_numbers() -> None:
    assert [(one.kind, one.text) for one in parts("zh").criteria] == [
        ("inclusion", "年龄40～75岁"),
        ("inclusion", "符合灯笼病诊断标准"),
        ("inclusion", "病程不超过3年"),
        ("exclusion", "合并严重心、肝、肾功能不全者"),
        ("exclusion", "有出血倾向或近期手术史"),
        ("exclusion", "妊娠期或哺乳期女性"),
    ]


@pytest.mark.parametrize(
    ("methods", "found"),
    [
        (
            "The eligible patients were aged 20-80 years with an ECOG performance status of 0 or 1.",
            [("inclusion", "aged 20-80 years"), ("inclusion", "with an ECOG performance status of 0 or 1")],
        ),
        (
            "Exclusion criteria included asthma, chronic kidney or liver disease and long-term opioid use.",
            [
                ("exclusion", "asthma"),
                ("exclusion", "chronic kidney or liver disease"),
                ("exclusion", "long-term opioid use"),
            ],
        ),
        (
            "Women were eligible if they were less than 20 weeks' gestation with a singleton pregnancy.",
            [("inclusion", "less than 20 weeks' gestation"), ("inclusion", "with a singleton pregnancy")],
        ),
        (
            "The inclusion criteria were: 1) a score >3; 2) no surgery (hip, knee) before; 3) consent.",
            [("inclusion", "a score >3"), ("inclusion", "no surgery (hip, knee) before"), ("inclusion", "consent")],
        ),
        (
            "Patients who had one of the following were excluded: fever, (3 days or more) cough, or rash.",
            [("exclusion", "fever"), ("exclusion", "(3 days or more) cough"), ("exclusion", "rash")],
        ),
        (
            "We excluded adults with diabetes or taking insulin.",
            [("exclusion", "with diabetes"), ("exclusion", "taking insulin")],
        ),
    ],
)
def test_ways_to_state_who_can_take_part(methods: str, found: list[tuple[str, str]]) -> None:
    assert conditions(methods)[: len(found)] == found


@pytest.mark.parametrize(
    "methods",
    [
        "Six patients were excluded because of missing data.",
        "The inclusion criteria are shown in Table 1.",
        "Patients who received at least one dose were included in the safety analysis.",
        "Eligible women were recruited and randomly assigned to either group.",
        "All patients met the inclusion criteria and were given tablets.",
        "Written consent was obtained. The mean age was 45 years.",
    ],
)
def test_what_was_done_is_no_criterion(methods: str) -> None:
    assert conditions(methods) == []


def test_a_list_ends_where_the_text_goes_on_to_tell_what_was_done() -> None:
    methods = (
        "The following patients were excluded from the study:\n\nSmokers\n\nPatients who were treated before.\n\n"
        "Each patient was recalled after four weeks.\n\nA probe"
    )
    assert conditions(methods) == [("exclusion", "Smokers"), ("exclusion", "treated before")]


def test_people_taken_in_and_kept_out_in_one_sentence_are_told_apart() -> None:
    methods = "Patients with fever were included, whereas those with a cough were excluded from the study."
    assert conditions(methods) == [("inclusion", "with fever"), ("exclusion", "with a cough")]


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("aged 18 years or older", "18", None, "years"),
        ("age \u226518 years", "18", None, "years"),
        ("between 18 and 65 years of age", "18", "65", "years"),
        ("children aged 6-24 months", "6", "24", "months"),
        ("younger than 16 years old", None, "16", "years"),
        ("年龄>=18岁", "18", None, "years"),
        ("18岁以上", "18", None, "years"),
    ],
)
def test_ages(text: str, low: str | None, high: str | None, unit: str) -> None:
    (limit,) = limits(text)
    found = (limit.measure, limit.low and limit.low.text, limit.high and limit.high.text, limit.unit)
    assert found == ("age", low, high, unit)


@pytest.mark.parametrize(
    "text",
    [
        "less than 20 weeks' gestation",
        "surgery within 5 years",
        "age under 18 or over 65 years",
        "3 attempts",
        "age over 75 or under 18 years",
        "age > 75 years, < 18 years",
    ],
)
def test_other_numbers_are_no_age(text: str) -> None:
    assert limits(text) == ()


@given(st.lists(st.sampled_from(["asthma", "a cold (mild, or not)", "no pain", "1,000 steps"]), min_size=1, max_size=5))
def test_items_of_a_numbered_list_are_the_items(words: list[str]) -> None:
    text = " ".join(f"({number}) {word};" for number, word in enumerate(words, 1))
    found = items(text, text, Span(0, len(text)))
    assert [text[span.start : span.end] for span in found] == (words if len(words) > 1 else [f"(1) {words[0]}"])


@given(st.text(alphabet="abc ,;()and1.\uff1b\u2460", max_size=60))
def test_items_lie_within_the_list_and_apart(text: str) -> None:
    found = items(text, normalise(text), Span(0, len(text)))
    places = [0, *(place for span in found for place in (span.start, span.end)), len(text)]
    assert places == sorted(places)


# ---- The flow of people


def flow_of(name: str) -> dict[tuple[str, str | None], int]:
    arms = {arm.key: arm.names[0].text for arm in whole(name)[1].arms}
    return {(one.stage, arms.get(one.arm or "")): int(one.number.value) for one in parts(name).flow}


def test_the_flow_is_read_over_all_and_in_each_arm() -> None:
    assert flow_of("en") == {
        ("screened", None): 210,
        ("excluded", None): 90,
        ("randomised", None): 120,
        ("allocated", "drug A"): 61,
        ("allocated", "placebo"): 59,
        ("lost", "drug A"): 4,
        ("lost", "placebo"): 3,
        ("analysed", "drug A"): 57,
        ("analysed", "placebo"): 56,
    }


def test_a_chinese_flow_is_read() -> None:
    found = flow_of("zh")
    assert found["screened", None] == 135
    assert {number for (stage, _), number in found.items() if stage == "allocated"} == {60}
    assert sorted(number for (stage, _), number in found.items() if stage == "lost") == [2, 3]


def test_a_plan_is_no_flow() -> None:
    found = parts("en").flow
    assert 110 not in {int(one.number.value) for one in found}


def test_what_other_trials_did_is_no_flow() -> None:
    assert 99 not in {int(one.number.value) for one in parts("en").flow}


def test_the_boxes_of_a_diagram_lie_apart_and_within_it(pages: TestClient) -> None:
    soup = shown(pages, "/en/trial/10.1000/lantern.9")
    (drawing,) = soup.select("svg.flow-diagram")
    boxes = [[int(str(box[name])) for name in ("x", "y", "width", "height")] for box in drawing.select("rect")]
    _, _, width, height = (int(part) for part in str(drawing["viewbox"]).split())
    for place, (x, y, w, h) in enumerate(boxes):
        assert min(x, y) >= 0
        assert x + w <= width
        assert y + h <= height
        for ox, oy, ow, oh in boxes[:place]:
            assert x + w <= ox or ox + ow <= x or y + h <= oy or oy + oh <= y
    assert [cell.get_text() for cell in soup.select("table.flow-table tbody tr")[-1].select("td")] == ["–", "57", "56"]


# ---- Regimens and the plan


def given(text: str, language: Language = "en") -> list[list[tuple[str, str, str, str | None, str | None]]]:
    """The regimens of a section of methods, each dose as (drug, amount, unit, route, schedule)."""
    made = document(language, methods=text)
    sections = tuple(replace(section, in_abstract=False) for section in made.sections)
    found = read_language(replace(made, kind="article", sections=sections), language)
    arms = [str(place) for place in range(len(found.arms))]
    return [
        [(d.drug.text, d.amount.text, d.unit, d.route, d.schedule) for d in one.doses] for one in regimens(found, arms)
    ]


def test_drugs_given_together_are_one_regimen() -> None:
    assert given(
        "Women received intravenous docetaxel 75 mg/m2 (day 1) plus subcutaneous trastuzumab 600 mg (days 1, 8) every "
        "3 weeks, or oral capecitabine 1250 mg/m2 twice daily."
    ) == [
        [
            ("docetaxel", "75", "mg/m2", "intravenous", "day 1"),
            ("trastuzumab", "600", "mg", "subcutaneous", "days 1, 8"),
        ],
        [("capecitabine", "1250", "mg/m2", "oral", "twice daily")],
    ]


def test_a_regimen_is_of_the_arm_that_its_sentence_names() -> None:
    (regimen,) = parts("en").regimens
    assert regimen.arm == whole("en")[1].arms[0].key


def test_a_dose_may_stand_before_its_drug() -> None:
    assert given("All patients received 500 mg of metformin orally twice daily.") == [
        [("metformin", "500", "mg", "oral", "twice daily")]
    ]


def test_chinese_regimens_are_read() -> None:
    assert [[(d.drug.text, d.amount.text, d.route, d.schedule) for d in one.doses] for one in parts("zh").regimens] == [
        [("甲药", "100", "oral", "1次/d")],
        [("乙药", "75", "oral", "1次/d")],
    ]


@pytest.mark.parametrize(
    "text",
    ["Blood samples of 5 mL were drawn.", "The mean weight was 70 kg.", "Glucose above 7 mmol/L was treated."],
)
def test_other_amounts_are_no_dose(text: str) -> None:
    assert given(text) == []


def planned(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for fact in parts(name).plan:
        found.setdefault(fact.aspect, []).append(fact.text)
    return found


def test_the_plan_is_read_once_for_checks_and_findings() -> None:
    found = planned("en")
    assert found["alpha"] == ["5"]
    assert found["power"] == ["80"]
    assert found["sides"] == ["2"]
    assert found["planned size"] == ["110"]
    assert found["analysis set"] == ["intention to treat"]
    assert (found["recruitment start"], found["recruitment end"]) == (["May 2017"], ["June 2019"])
    chinese = planned("zh")
    assert (chinese["recruitment start"], chinese["recruitment end"]) == (["2019年1月"], ["2021年6月"])


def test_alpha_is_not_the_power_that_follows_it() -> None:
    made = body("en", methods="With a 0.05 two-sided significance level, a power of 80%, 100 patients were required.")
    found = {fact.aspect: fact.text for fact in plan_facts(made)}
    assert (found["alpha"], found["power"]) == ("5", "80")


# ---- References and what is said of them


def test_references_are_taken_apart_from_tags_and_from_print() -> None:
    archer, carter, mason = parts("en").works
    assert (archer.number, archer.authors, archer.title, archer.journal, archer.year, archer.doi) == (
        1,
        ("Archer B", "Baker C"),
        "Drug A in lantern disease: a pilot trial",
        "J Lantern Res",
        2009,
        "10.1000/pilot.1",
    )
    assert (carter.authors, carter.title, carter.journal, carter.year, carter.pmid) == (
        ("Carter D", "Dyer E"),
        "Drug A against pain",
        "Pain Lett",
        2011,
        "21234567",
    )
    assert (mason.authors, mason.journal) == (("Mason F", "Potter G"), "Lancet Lantern")
    assert [(work.authors, work.title, work.journal, work.year) for work in parts("zh").works][1] == (
        ("王某", "刘某", "赵某"),
        "甲药联合乙药的疗效观察",
        "临床灯笼",
        2017,
    )


@pytest.mark.parametrize(
    ("text", "authors", "title", "journal", "year"),
    [
        (
            "Smith, J. A., & de Vries, B. (2009). A title with 2 parts: one. Journal of Lamps, 4(1), 11-19.",
            ("Smith J. A", "de Vries B"),
            "A title with 2 parts: one",
            "Journal of Lamps",
            2009,
        ),
        (
            "O'Neil PC, van der Berg A, et al. Was it so? Lancet 1989;49:1996-2001.",
            ("O'Neil PC", "van der Berg A"),
            "Was it so?",
            "Lancet",
            1989,
        ),
        ("World Lamp Board. Guidelines. Second edition. Geneva: WLB; 2010.", (), None, None, 2010),
    ],
)
def test_printed_references(
    text: str, authors: tuple[str, ...], title: str | None, journal: str | None, year: int | None
) -> None:
    made = document(results=text)
    section = replace(made.sections[0], role="references", in_abstract=False)
    entry = Reference(1, text, 0, len(text))
    (work,) = works(replace(made, sections=(section,), references=(entry,)))
    assert (work.authors, work.title, work.journal, work.year) == (authors, title, journal, year)


def compared(name: str) -> list[tuple[str, int]]:
    numbers = {work.key: work.number for work in parts(name).works}
    return [(one.intent, numbers[one.work]) for one in parts(name).citations]


def test_agreement_and_disagreement_are_statements_on_the_references() -> None:
    assert compared("en") == [("agrees", 1), ("agrees", 2), ("disagrees", 3)]
    assert compared("zh") == [("agrees", 2), ("disagrees", 3)]


@pytest.mark.parametrize(
    "sentence",
    ["Drug A has been used since 1950 [1].", "Drug B is similar to drug A [1].", "Our trial was large."],
)
def test_a_mere_reference_says_nothing_of_agreement(sentence: str) -> None:
    cited = parts("en").works
    assert citations(body("en", discussion=sentence), cited) == ()


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("These results are in line with earlier trials [1-3].", [1, 2, 3]),
        ("Mason et al. (2014) reported similar results.", [3]),
        ("Our results agree with one trial [2], but another [3] was larger.", [2]),
    ],
)
def test_the_works_of_a_statement_are_those_it_points_to(sentence: str, found: list[int]) -> None:
    cited = parts("en").works
    numbers = {work.key: work.number for work in cited}
    assert [numbers[one.work] for one in citations(body("en", discussion=sentence), cited)] == found


def test_what_the_discussion_says_of_other_trials_is_no_result() -> None:
    _, facts = whole("en")
    values = {result.value.text for result in (*facts.arm_results, *facts.contrasts)}
    assert values & {"3.1", "4.2"}
    assert not values & {"5.5", "0.9", "99"}
    _, chinese = whole("zh")
    assert "85.0" not in {result.value.text for result in chinese.arm_results}


# ---- The words of the authors


def words_on(name: str, matter: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.text, one.identifiers) for one in parts(name).quotations if one.matter == matter]


def test_declarations_are_quoted_with_their_numbers() -> None:
    assert words_on("en", "funding") == [("The trial was funded by the Hill Foundation (grant HF-0042).", ("HF-0042",))]
    assert words_on("en", "conflicts") == [("The authors declare that they have no competing interests.", ())]
    assert words_on("en", "data-availability") == [("The data are available from the authors on request.", ())]
    ((ethics, numbers),) = words_on("en", "ethics")
    assert ethics.startswith("The protocol was approved")
    assert numbers == ("HH-2016/114",)
    assert [numbers for _, numbers in words_on("zh", "ethics")] == [("2018-LS-027",)]
    assert words_on("zh", "conflicts") == [("所有作者均声明不存在利益冲突。", ())]


def test_the_licence_of_an_article_is_named() -> None:
    ((text, names),) = words_on("en", "licence")
    assert "Creative Commons" in text
    assert names == ("CC BY 4.0",)


def test_limitations_are_quoted_as_far_as_they_go() -> None:
    assert [text for text, _ in words_on("en", "limitations")] == [
        "Our trial has limitations.",
        "It was done in one hospital, and follow-up was short.",
    ]
    ((chinese, _),) = words_on("zh", "limitations")
    assert chinese.startswith("本研究的局限性在于")


# ---- The graph, the JSON, the page


def test_the_json_has_the_form_of_the_gold_facts() -> None:
    found = to_gold(*whole("en"))
    assert found["eligibility"]["exclusion"][0] == "pregnant or breastfeeding"
    assert found["eligibility"]["criteria"][0]["limits"] == [{"measure": "age", "low": 18, "high": 75, "unit": "years"}]
    assert found["eligibility"]["criteria"][0]["evidence"]
    assert found["flow"]["screened"] == 210
    assert found["flow"]["arms"]["a1"] == {"allocated": 61, "received": None, "lost": 4, "analysed": 57}
    assert found["references"] == len(found["works"]) == 3
    assert [one["reference"] for one in found["citations"]] == [1, 2, 3]
    assert found["quotations"]
    assert found["regimens"][0]["doses"][0]["route"] == "oral"
    assert {one["aspect"] for one in found["plan"]} >= {"alpha", "power"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("articles")
    for file, text in FILES.values():
        (folder / file).write_text(text, "utf-8")
    made = Store.memory()
    assert not ingest(made, [folder], reading=standard_reading()).failed
    return made


def test_a_store_with_articles_has_no_problems(store: Store) -> None:
    assert check(store) == ()


def test_the_graph_gives_back_what_was_read(store: Store) -> None:
    (trial,) = find_trials(store, "10.1000/lantern.9")
    found = article_findings(store, trial.iri)
    assert {row.text.text for row in found.criteria} == {one.text for one in parts("en").criteria}
    assert len(found.flow) == len(parts("en").flow)
    assert [row.title for row in found.works] == [work.title for work in parts("en").works]
    assert len(found.citations) == 3
    ((dose,),) = (row.doses for row in found.regimens)
    assert (dose.drug.text, dose.amount.text, dose.schedule) == ("drug A", "20", "daily for 12 weeks")
    assert len(found.plan) == len(parts("en").plan)
    assert {row.text.text for row in found.quotations} == {one.text for one in parts("en").quotations}
    assert ("HF-0042",) in {row.identifiers for row in found.quotations}
    (age,) = next(row.limits for row in found.criteria if row.text.text.startswith("age"))
    assert (age.low and age.low.text, age.high and age.high.text) == ("18", "75")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("articles")
    (folder / "papers").mkdir()
    for file, text in FILES.values():
        (folder / "papers" / file).write_text(text, "utf-8")
    assert not ingest(Store.open(folder / "data"), [folder / "papers"], reading=standard_reading()).failed
    with TestClient(create_app(Settings(data=folder / "data"))) as client:
        yield client


def shown(pages: TestClient, path: str) -> BeautifulSoup:
    response = pages.get(path, headers={"accept": "text/html"})
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_shows_each_part_with_its_source(pages: TestClient, language: str) -> None:
    soup = shown(pages, f"/{language}/trial/10.1000/lantern.9")
    ids = {tag["id"] for tag in soup.select("[id]")}
    least = {
        "eligibility": 9,
        "flow": 9,
        "limitations": 2,
        "declarations": 5,
        "references": 5,
        "regimens": 1,
        "plan": 6,
    }
    for part, count in least.items():
        links = soup.select(f"#{part} a.evidence")
        assert len(links) >= count, part
        assert {str(link["href"]).partition("#")[2] for link in links} <= ids
