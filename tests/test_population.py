"""Who was studied, and how many were enrolled, randomised and analysed, in the ways in which reports say it."""

from dataclasses import replace

import pytest
from texts import document, read

from extractors.documents import Language
from extractors.pipelines import read_language


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Seventy-two stage II to III cancer survivors were randomly assigned to exercise or usual care.",
         {"randomised": "Seventy-two"}),
        ("en", "Ninety women were enrolled in the study, and were randomly divided into two groups.",
         {"enrolled": "Ninety", "randomised": "Ninety"}),
        ("en", "Survivors (N = 74) who had completed treatment were randomised to yoga or to walking.",
         {"randomised": "74"}),
        ("en", "Of 300 patients screened, 260 were randomised.", {"randomised": "260"}),
        ("en", "570 patients were registered, of whom 407 were randomised.", {"enrolled": "570", "randomised": "407"}),
        ("en", "We screened 436 adults, of whom 335 were randomly assigned to walking or rest.",
         {"randomised": "335"}),
        ("en", "Of the 50 women assessed for the trial, 36 met the criteria and were randomised.",
         {"randomised": "36"}),
        ("en", "Of a total of 594 mothers, 323 (54%) agreed to participate and were randomised.",
         {"randomised": "323"}),
        ("en", "Eighty D-IBS patients were randomly divided into a walking and a yoga group.",
         {"randomised": "Eighty"}),
        ("en", "The parents of 105 children took part. They were randomly assigned to advice or usual care.",
         {"enrolled": "105", "randomised": "105"}),
        ("en", "All but two of 47 randomized patients gave data.", {"randomised": "47"}),
        ("en", "We randomly assigned 45 consecutive patients with asthma to salbutamol or placebo.",
         {"randomised": "45"}),
        ("en", "From 15 May 2012 to 26 June 2014, 97 patients were enrolled and 90 were analyzed.",
         {"enrolled": "97", "analysed": "90"}),
        ("en", "This was a randomised trial of 154 survivors of stroke.", {"enrolled": "154", "randomised": "154"}),
        ("en", "A randomised trial was conducted on a total of 90 women.", {"enrolled": "90", "randomised": "90"}),
        ("en", "Thirty healthy, adult men were randomly assigned to rest or walking.", {"randomised": "Thirty"}),
        ("en", "Sixty patients were included. The patients were randomly allocated to yoga or to walking.",
         {"enrolled": "Sixty", "randomised": "Sixty"}),
        ("en", "In a clinical trial, 40 patients with asthma were allocated to two groups: yoga and walking.",
         {"randomised": "40"}),
        ("en", "In 2010, 43 (55.1%) patients in remission were randomised to yoga or to walking.",
         {"randomised": "43"}),
        ("zh", "将60例患者随机分为两组。", {"randomised": "60"}),
        ("zh", "登记患者570例，其中407例被随机分组。", {"enrolled": "570", "randomised": "407"}),
        ("zh", "共筛查436例患者，其中335例随机分为两组。", {"randomised": "335"}),
        ("zh", "在招募的158名受试者中，150名被随机分组。", {"enrolled": "158", "randomised": "150"}),
    ],
)  # fmt: skip
def test_numbers_of_people(language: Language, text: str, expected: dict[str, str]) -> None:
    assert {count.kind: count.number.text for count in read(language, methods=text).counts} == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Sixteen health centres were randomly allocated to two arms."),
        ("en", "Patients were randomised to three groups of 10 patients each."),
        ("en", "Assuming a difference of 10%, 404 patients were required."),
        ("en", "A total of 300 women were screened and randomised to two arms."),
        ("en", "Three hospitals recruited patients. The patients were randomised to yoga or to walking."),
        ("en", "Cells were cultured at 1010 CFU/individual."),
    ],
)
def test_numbers_that_count_nobody_in_the_trial(language: Language, text: str) -> None:
    assert read(language, methods=text).counts == []


def test_the_whole_of_two_arms_is_the_number_before_them() -> None:
    found = read(
        "en",
        methods="Of 952 patients who did not respond, we randomly allocated 480 to invitation by telephone and 472 "
        "to invitation by mail.",
    )
    assert {count.kind: count.number.text for count in found.counts} == {"randomised": "952"}


def test_the_conditions_of_an_article_are_those_of_its_title_and_abstract() -> None:
    said = {
        "title": "Cinnamon in type 2 diabetes: a randomised trial.",
        "abstract": "We randomised 44 patients with type 2 diabetes.",
        "background": "Spices are used against cardiovascular disease and rheumatoid arthritis.",
    }
    whole = document("en", **said)
    body = replace(whole.sections[-1], in_abstract=False)
    found = read_language(replace(whole, sections=(*whole.sections[:-1], body)), "en")
    assert [found.text(span) for span in found.conditions] == ["type 2 diabetes"]


def test_what_the_title_names_goes_before_what_people_must_not_have() -> None:
    found = read(
        "en",
        title="Drug A for asthma: a randomised trial.",
        methods="Adults with asthma were randomised. Those with rheumatoid arthritis or heart failure were left out.",
    )
    assert found.text(found.conditions[0]) == "asthma"
