"""How reports count: parts of groups, events in people, numbers in words, none of them; and what percentages are of."""

import pytest
from texts import document, read

from extractors.assemble import assemble
from extractors.documents import Language
from extractors.findings import ArmResult, Contrast
from extractors.pipelines import read_language
from extractors.reading import Quantity

METHODS: dict[Language, str] = {
    "en": "Adults with asthma were randomly assigned to budesonide or placebo.",
    "zh": "将哮喘患者随机分为布地奈德组和对照组。",
}


def counted(quantity: Quantity) -> str:
    """A quantity as its number with the events and the group that belong to it."""
    events, n = (item.text if item else "-" for item in (quantity.events, quantity.n))
    return f"{quantity.number.text} {events}/{n}"


def values(text: str, language: Language = "en") -> list[tuple[str, str]]:
    """The measure and the number of each value of an arm or difference that a sentence of the results gives."""
    facts = assemble(read_language(document(language, methods=METHODS[language], results=text), language))
    results: list[ArmResult | Contrast] = [*facts.contrasts, *facts.arm_results]
    return [(r.measure, str(r.value.value)) for r in results]


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("en", "Relapse occurred in 54 [36%] of 150 patients.", ["36 54/150"]),
        ("en", "Relapse occurred in 54 patients (36%) of the 150 treated.", ["36 54/150"]),
        ("en", "Seven of nine women relapsed.", ["Seven Seven/nine"]),
        (
            "en",
            "Seven of nine women with budesonide and 3 of eight with placebo relapsed.",
            ["Seven Seven/nine", "3 3/eight"],
        ),
        ("en", "Eleven out of 35 adults (31%) left the study.", ["31 Eleven/35"]),
        ("en", "There were 12 events in 205 patients.", ["12 12/205"]),
        ("en", "There were 19 events in 14 patients.", ["19 -/-"]),
        ("en", "(21 in 16 patients vs 25 in 17 patients)", ["21 -/-", "25 -/-"]),
        ("en", "Fewer died (four in the first year v none in the second).", ["four -/-", "none -/-"]),
        ("en", "Fewer died (3 vs none).", ["3 -/-", "none -/-"]),
        ("zh", "150例患者中有54例复发。", ["54 54/150"]),
        ("zh", "150例中54例（36%）复发。", ["36 54/150"]),
    ],
)
def test_a_count_has_its_group(language: Language, text: str, wanted: list[str]) -> None:
    assert [counted(q) for q in read(language, results=text).quantities] == wanted


@pytest.mark.parametrize(
    ("language", "text"),
    [
        # Words that count no people or events, and a share that is not that of the two numbers beside it.
        ("en", "One of the two groups was larger."),
        ("en", "The three arms did not differ."),
        ("zh", "将90例患者中45例随机分入布地奈德组。"),
    ],
)
def test_other_numbers_are_no_parts_of_groups(language: Language, text: str) -> None:
    assert not [q for q in read(language, results=text).quantities if q.n is not None]


def test_a_percentage_that_does_not_fit_its_numbers_is_not_joined_to_both() -> None:
    found = read("en", results="Relapse occurred in 54 [80%] of 150 patients.").quantities
    assert not [q for q in found if q.events is not None and q.n is not None]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "The commonest were cough (91 events vs 79 events), fever (50 vs 36) and rash (45 vs 27).",
            [("count", "91"), ("count", "79"), ("count", "50"), ("count", "36"), ("count", "45"), ("count", "27")],
        ),
        (
            "Deaths did not differ (two in the budesonide group vs none in the placebo group).",
            [("count", "2"), ("count", "0")],
        ),
        (
            "Mean adherence was 77.2% in the budesonide group and 69.0% in the placebo group.",
            [("mean", "77.2"), ("mean", "69.0")],
        ),
        (
            "Mean (SD) percentage of symptom-free days was 71.4% (26.1) with budesonide and 63.0% (30.2) with placebo "
            "(mean difference 8.4%, 95% CI 0.2% to 16.6%).",
            [("MD", "8.4"), ("mean", "71.4"), ("mean", "63.0")],
        ),
        (
            "The percentage change in lung volume was 1.0% with budesonide and 1.9% with placebo.",
            [("other", "1.0"), ("other", "1.9")],
        ),
        (
            "Energy intake was higher with budesonide (mean (SD) 1712 (511) kcal vs 1130 (601) kcal, p < 0.001).",
            [("mean", "1712"), ("mean", "1130")],
        ),
        (
            "HbA1c was 8.0% with budesonide and 8.3% with placebo.",
            [("other", "8.0"), ("other", "8.3")],
        ),
        (
            "The proportion with HbA1c <7% was 34% with budesonide and 25% with placebo.",
            [("proportion", "34"), ("proportion", "25")],
        ),
        (
            "HbA1c fell more with budesonide than with placebo (difference -0.41%, 95% CI -0.6 to -0.2).",
            [("MD", "-0.41")],
        ),
        (
            "A cough was reported by 45% of patients with budesonide and 30% of those with placebo.",
            [("proportion", "45"), ("proportion", "30")],
        ),
    ],
)
def test_what_percentages_and_whole_numbers_measure(text: str, wanted: list[tuple[str, str]]) -> None:
    assert values(text) == wanted


def test_chinese_counts_go_to_their_arms() -> None:
    text = "布地奈德组207例患者中有51例复发，对照组209例中有53例（风险比0.95，95%CI 0.85～1.08）。"
    assert values(text, "zh") == [("HR", "0.95"), ("count", "51"), ("count", "53")]


def test_an_interval_may_carry_the_sign_that_words_give_its_value() -> None:
    found = read(
        "en", results="The stay was shorter by a mean difference of 3.9 days (95% CI -5.5 to -2.3)."
    ).quantities
    assert [(q.number.text, q.interval.low.text if q.interval and q.interval.low else None) for q in found] == [
        ("3.9", "-5.5")
    ]
