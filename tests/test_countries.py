"""Countries of recruitment: what a registry gives as such, and what a report itself says of them."""

from __future__ import annotations

import pytest
from texts import read

import ontology
from extractors.documents import Language
from extractors.readers.registries.words import countries_in, country_of


@pytest.mark.parametrize(
    ("language", "section", "text", "expected"),
    [
        ("en", "methods", "Women were randomised at 12 hospitals in China to tea or water.", ["CN"]),
        ("en", "methods", "Patients were recruited from 45 centres in Japan, South Korea and Taiwan.",
         ["JP", "KR", "TW"]),
        ("en", "methods", "This trial was conducted between May 2010 and June 2012 in rural Kenya.", ["KE"]),
        ("en", "methods", "The study took place across the United States and Canada.", ["US", "CA"]),
        ("en", "methods", "Children were enrolled at 31 Dutch hospitals.", ["NL"]),
        ("en", "methods", "Patients were enrolled at sites in Northern Ireland and Scotland.", ["GB"]),
        ("en", "methods", "Adults were recruited from clinics in the UK, Republic of Ireland, and Norway.",
         ["GB", "IE", "NO"]),
        ("en", "methods", "The trial ran at two sites located in southern Ethiopia.", ["ET"]),
        ("en", "title", "Tea against water: a randomised controlled trial in Ghana", ["GH"]),
        ("en", "title", "Zinc for infants in rural Papua New Guinea: a randomised trial", ["PG"]),
        ("en", "title", "Effect of tea on sleep in the Netherlands, a country of canals: a trial", []),
        ("en", "title", "Tea for sleep: a randomised controlled trial in Shanghai, China", ["CN"]),
        ("en", "methods", "Participants will be recruited from Turin, Italy.", ["IT"]),
        ("en", "methods", "Patients were enrolled at a clinic in New South Wales, Australia.", ["AU"]),
        ("en", "methods", "Statistical tests of the trial were performed in Stata, Texas, USA.", []),
        ("en", "methods", "Drugs were purchased from Lantern Pharma, New York, USA, and given to patients.", []),
        ("en", "methods", "Blood pressure was measured by the standards in the United States.", []),
        ("en", "methods", "Patients were treated according to guidelines of hospitals in Germany.", []),
        ("en", "methods", "A previous trial was conducted in Japan.", []),
        ("en", "methods", "Patients were recruited in Atlanta, and sites in Georgia took part.", []),
        ("en", "methods", "Patients were enrolled to tell us of turkey and china in hospitals.", []),
        ("en", "background", "Many patients are treated at hospitals in India.", []),
        ("zh", "methods", "本研究在中国12家医院进行，患者随机分为两组。", ["CN"]),
        ("zh", "methods", "患者来自日本和韩国的多家医疗机构。", ["JP", "KR"]),
        ("zh", "methods", "本试验在越南开展，患者随机分为两组。", ["VN"]),
        ("zh", "methods", "患者按中国指南在3家医院接受治疗。", []),
        ("zh", "methods", "药物由德国公司生产，患者随机分为两组。", []),
        ("zh", "methods", "患者于中国台湾5家医院入组。", ["TW"]),
    ],
)  # fmt: skip
def test_countries_of_recruitment(language: Language, section: str, text: str, expected: list[str]) -> None:
    facts = read(language, **{section: text})
    found = {fact.value: fact for fact in facts.design if fact.aspect == "country"}
    assert list(found) == expected
    for code, fact in found.items():
        (piece,) = fact.evidence
        names = ontology.by_name("countries", code.lower())
        assert piece.quote in {
            form for group in (names.alternatives, names.hidden) for form in group.get(language, ())
        } | {names.preferred[language]}


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("China", "CN"),
        ("Korea, Republic of", "KR"),
        ("Turkey (Türkiye)", "TR"),
        ("iran (islamic republic of)", "IR"),
        ("England", "GB"),
        ("Georgia", "GE"),
        ("中国", "CN"),
        ("Czech Republic.", "CZ"),
        ("Europe", None),
        ("in", None),
        ("US Virgin coast", None),
        ("", None),
    ],
)
def test_a_field_is_a_country_only_as_a_whole(printed: str, code: str | None) -> None:
    assert country_of(printed) == code


def test_a_field_that_lists_countries() -> None:
    assert countries_in("Korea, Republic of") == ("Korea, Republic of",)
    assert countries_in("Belgium;France, Spain; elsewhere") == ("Belgium", "France", "Spain")
    assert countries_in("中国；日本") == ("中国", "日本")


def test_codes_are_those_of_the_concepts() -> None:
    countries = [one for one in ontology.concepts("countries") if one.notations]
    assert len(countries) > 200
    assert all(one.notations == (one.name.upper(),) for one in countries)
