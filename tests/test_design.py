"""The design, the numbers of people, the endpoints that a trial declares, and its conclusion."""

import pytest
from texts import read

from extractors.documents import Language


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "This open-label, randomised, controlled phase 3 trial ran at 44 institutions; patients were randomly "
            "assigned (1:1) to surgery or no surgery.",
            {"allocation": "randomised", "masking": "open-label", "phase": "3", "centres": "44", "ratio": "1:1",
             "structure": "parallel"},
        ),
        (
            "en",
            "In a double-blind crossover trial, volunteers were randomised to aspirin or placebo.",
            {"allocation": "randomised", "masking": "double-blind", "structure": "crossover"},
        ),
        (
            "zh",
            "本研究为多中心、双盲、Ⅲ期临床试验，患者随机分为试验组和对照组。",
            {"allocation": "randomised", "masking": "double-blind", "phase": "3", "structure": "parallel"},
        ),
        ("zh", "初诊IV期乳腺癌患者随机分为手术组和对照组。", {"allocation": "randomised", "structure": "parallel"}),
        ("en", "We describe a family with a rare disease.", {}),
        ("en", "Women were randomised to tea or water, and 2/3 of them had low iron (spin S = 1/2).",
         {"allocation": "randomised", "structure": "parallel"}),
        ("en", "Sixteen health centres were randomly allocated to training or no training.",
         {"allocation": "randomised", "structure": "cluster", "centres": "16"}),
        ("en", "A single-centre study in which women with a symptom cluster were randomised to yoga or rest.",
         {"allocation": "randomised", "structure": "parallel", "centres": "1"}),
        ("en", "After an open-label phase patients were randomised in an assessor-blinded trial.",
         {"allocation": "randomised", "structure": "parallel", "masking": "single-blind"}),
        ("en", "Observational data support it; women were randomised to tea or water.",
         {"allocation": "randomised", "structure": "parallel"}),
        ("zh", "本研究为单中心、评估者设盲的随机对照试验。",
         {"allocation": "randomised", "masking": "single-blind", "structure": "parallel", "centres": "1"}),
    ],
)  # fmt: skip
def test_design(language: Language, text: str, expected: dict[str, str]) -> None:
    assert {fact.aspect: fact.value for fact in read(language, methods=text).design} == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "Five hundred seventy patients were enrolled. Of these, 407 were randomised.",
            {"enrolled": "Five hundred seventy", "randomised": "407"},
        ),
        ("en", "We randomly assigned 350 women.", {"randomised": "350"}),
        ("zh", "共纳入570例患者，其中407例被随机分配。", {"enrolled": "570", "randomised": "407"}),
        ("zh", "四十七例患者接受随机分组。", {"randomised": "四十七"}),
        ("en", "Assuming a hazard ratio of 0.77, 404 patients were to be randomised.", {}),
    ],
)
def test_numbers_of_people(language: Language, text: str, expected: dict[str, str]) -> None:
    assert {count.kind: count.number.text for count in read(language, results=text).counts} == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "The primary endpoint was overall survival (OS), and the secondary endpoints included quality of life "
            "and serious adverse events.",
            {"overall survival": "primary", "quality of life": "secondary", "serious adverse events": "secondary"},
        ),
        ("en", "The primary outcome was fistula failure at week 8.", {"fistula failure at week 8": "primary"}),
        ("en", "Overall survival was the primary endpoint.", {"Overall survival": "primary"}),
        ("zh", "主要终点为总生存期（OS），次要终点包括无进展生存期和不良事件。",
         {"总生存期": "primary", "无进展生存期": "secondary", "不良事件": "secondary"}),
    ],
)  # fmt: skip
def test_declared_endpoints(language: Language, text: str, expected: dict[str, str]) -> None:
    assert {draft.names[0].text: draft.role for draft in read(language, methods=text).endpoints} == expected


def test_the_follow_up_keeps_its_unit() -> None:
    (fact,) = read("en", results="The median follow-up time of all patients was 60 months.").design
    assert (fact.aspect, fact.value, fact.unit) == ("follow-up", "60", "months")


def test_the_conclusion_is_quoted_whole() -> None:
    found = read("en", results="OS did not differ.", conclusion="Surgery did not prolong OS. It is not recommended.")
    assert [found.text(span) for span in found.conclusions] == ["Surgery did not prolong OS. It is not recommended."]
