"""Which part of the people an estimate is about, and estimates that compare parts of the people, not arms."""

import pytest
from texts import read

METHODS = "Women were randomised to surgery plus systemic therapy (arm B) or systemic therapy alone (arm A)."


def estimates(text: str) -> list[tuple[str, str | None]]:
    found = read("en", methods=METHODS, results=text)
    return [
        (link.quantity.number.text, link.subgroup and found.text(link.subgroup))
        for link in found.results
        if link.quantity and link.quantity.contrast
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The median overall survival was 60.7 months in patients with positive margins and 94.5 months in those with "
        "negative margins (HR 1.97, 95% CI 1.16-3.35).",
        "Overall survival was 60.7 months in women with bone metastases and 94.5 months in women without bone "
        "metastases (HR 1.97, 95% CI 1.16-3.35).",
        "Patients with positive margins had worse overall survival than those without (HR 1.97, 95% CI 1.16-3.35).",
    ],
)
def test_parts_of_the_people_are_no_arms(text: str) -> None:
    assert estimates(text) == []


def test_arms_in_people_are_compared() -> None:
    text = "Overall survival was longer in patients with arm B than in those with arm A (HR 0.80, 95% CI 0.61-0.99)."
    assert estimates(text) == [("0.80", None)]


@pytest.mark.parametrize(
    ("text", "second"),
    [
        (
            "In subgroup analysis, the HR for overall survival was 0.80 (95% CI 0.6-0.9) in patients with bone "
            "metastases and 1.10 (95% CI 0.9-1.3) in those with visceral metastases.",
            "visceral metastases",
        ),
        (
            "The HR for overall survival was 0.80 (95% CI 0.6-0.9) in patients with bone metastases and 1.10 (95% CI "
            "0.9-1.3) in those without.",
            "in those without",
        ),
    ],
)
def test_the_people_right_behind_an_estimate(text: str, second: str) -> None:
    assert estimates(text) == [("0.80", "bone metastases"), ("1.10", second)]
