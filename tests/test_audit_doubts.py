"""Failures that tell nothing: of each sort a report that may fail so rightly, and beside it one that may not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from extractors.readers import read_bytes
from kg.audit.paper import audit
from kg.reading import extract

ARTICLE = (
    "<article><front><article-meta><title-group><article-title>Drug A for asthma: a {design} trial"
    "</article-title></title-group><abstract><sec><title>Methods</title><p>We randomly assigned 200 adults with asthma "
    "to drug A (n = 100) or placebo (n = 100) for 12 weeks.</p></sec><sec><title>Results</title><p>{results}</p></sec>"
    "</abstract></article-meta></front>"
    "<body><sec><title>Methods</title><p>The primary endpoint was the attack rate, which was counted by diary over the "
    "whole of the trial.</p></sec><sec><title>Results</title><p>All patients were analysed, and half were men.</p>"
    "<table-wrap><label>Table 2</label><caption><p>{caption}</p></caption><table><thead><tr>{heads}</tr>"
    "</thead><tbody>{rows}</tbody></table>{notes}</table-wrap></sec></body></article>"
)
ARMS = ("", "Drug A (n = 100)", "Placebo (n = 100)")
CHARACTERISTICS = "Characteristics of the patients at baseline"
PLAIN = "Attacks were fewer with drug A than with placebo."


def alarms(
    rows: Sequence[Sequence[str]],
    heads: Sequence[str] = (*ARMS, "P"),
    design: str = "randomised controlled",
    results: str = PLAIN,
    notes: str = "",
    caption: str = "Main outcomes",
) -> list[tuple[str, str]]:
    """The kind and first input of each failed check of an article with one table."""
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>" for cells in rows)
    below = f"<table-wrap-foot><p>{notes}</p></table-wrap-foot>" if notes else ""
    text = ARTICLE.format(
        design=design,
        results=results,
        heads="".join(f"<th>{head}</th>" for head in heads),
        rows=body,
        notes=below,
        caption=caption,
    )
    document = read_bytes(text.encode(), "paper.nxml")
    found = audit(document, extract(document)).checks
    return [(one.kind, one.inputs[0].text) for one in found if one.verdict == "inconsistent"]


RELAPSE = ("Relapse, n (%)", "20 (20.0)", "45 (45.0)", "0.61")


def test_a_p_value_of_one_row_is_held_against_its_counts() -> None:
    assert alarms([RELAPSE]) == [("p-value-from-table", "= 0.61")]
    others = ("No relapse, n (%)", "80 (80.0)", "55 (55.0)", "")
    assert alarms([RELAPSE, others]) == [("p-value-from-table", "= 0.61")]


def test_a_p_value_of_several_rows_is_left_open() -> None:
    rows = [
        RELAPSE,
        ("Partial relapse, n (%)", "35 (35.0)", "22 (22.0)", ""),
        ("No relapse, n (%)", "45 (45.0)", "33 (33.0)", ""),
    ]
    assert alarms(rows) == []


def test_a_p_value_of_a_model_is_left_open() -> None:
    assert alarms([RELAPSE], notes="P values come from a mixed model.") == []


EFFECT = ("Relapse, n (%)", "45 (45.0)", "30 (30.0)", "1.50 (0.50 to 4.50)")


def test_intervals_of_people_who_were_randomised_together_are_left_open() -> None:
    heads = (*ARMS, "Risk ratio (95% CI)")
    assert alarms([EFFECT], heads) == [("interval-from-table", "1.50")]
    assert alarms([EFFECT], heads, design="cluster randomised") == []


def test_a_difference_is_held_against_the_means_beside_it_where_it_is_the_only_one() -> None:
    row = ("Pain score, mean (SD)", "40.1 (20.0)", "42.3 (21.0)")
    one = (*ARMS, "Mean difference (95% CI)")
    assert alarms([(*row, "-28.5 (-36.5 to -20.5)")], one) == [("difference-of-means", "-28.5")]
    two = (*one, "Mean difference (95% CI)")
    assert alarms([(*row, "-28.5 (-36.5 to -20.5)", "-22.0 (-32.0 to -12.0)")], two) == []


def test_a_difference_in_percent_of_the_means_is_left_open() -> None:
    row = ("Cost, mean (SE)", "6996 (234)", "7805 (248)", "11.6 (2.8 to 21.1)")
    assert alarms([row], (*ARMS, "Effect (%) [95% CI]")) == []
    assert alarms([row], (*ARMS, "Mean difference [95% CI]")) == [("difference-of-means", "11.6")]


def test_the_range_of_events_is_that_of_single_people() -> None:
    note = "Data are number (range)."
    assert alarms([("Total number of attacks", "10 (0-2)", "26 (0-3)")], ARMS, notes=note) == []


def test_where_most_of_a_table_fails_its_numbers_are_of_another_sort() -> None:
    heads = ("", "Drug A (n = 100)", "Placebo (n = 100)", "Risk ratio (95% CI)")
    skewed = [(f"{name}, n (%)", "45 (45.0)", "30 (30.0)", "1.50 (1.43 to 9.10)") for name in ("Rash", "Fever")]
    usual = [(f"{name}, n (%)", "45 (45.0)", "30 (30.0)", "1.50 (1.04 to 2.16)") for name in ("Cough", "Itch", "Pain")]
    assert alarms(skewed, heads) == []
    found = {kind for kind, _ in alarms([skewed[0], *usual], heads)}
    assert found == {"estimate-in-middle", "interval-from-table"}


def test_a_row_of_means_in_a_column_of_counts_holds_no_counts() -> None:
    people = (("Women", 50, 53), ("Smokers", 25, 28), ("Married", 61, 59), ("Ill", 33, 31))
    counts = [(f"{name}, n (%)", f"{n} ({n}.0)", f"{m} ({m}.0)") for name, n, m in people]
    heads = ("", "Drug A (n = 100) Frequency (%)", "Placebo (n = 100) Frequency (%)")
    assert (
        alarms([*counts, ("Mean years since diagnosis (SD)", "13 (7.2)", "14 (5.8)")], heads, caption=CHARACTERISTICS)
        == []
    )
    assert alarms([*counts, ("Allergy, n (%)", "13 (8.2)", "14 (14.0)")], heads, caption=CHARACTERISTICS) == [
        ("percentage-of-count", "13 (8.2%)")
    ]


def test_a_percentage_that_nothing_calls_so_may_be_a_deviation() -> None:
    people = (("Women", 50), ("Ill", 33), ("Thin", 8), ("Old", 21))
    counts = [(name, f"{n}/100 ({n})", f"{n}/100 ({n})") for name, n in people]
    children = ("Children in household", "2 (1)", "3 (1)")
    assert alarms([*counts, children], ARMS, caption=CHARACTERISTICS) == []
    named = ("Children in household, n (%)", "2 (1.1)", "3 (3.0)")
    assert alarms([*counts, named], ARMS, caption=CHARACTERISTICS) == [("percentage-of-count", "2 (1.1%)")]


@pytest.mark.parametrize(
    ("results", "kinds"),
    [
        # An exact test of few people; a plain one.
        (
            "Relapse was rarer with drug A (OR 0.09, 95% CI 0.01 to 0.69; p = 0.0004, Fisher's exact test).",
            set(),
        ),
        (
            "Relapse was rarer with drug A (OR 0.09, 95% CI 0.01 to 0.69; p = 0.0004).",
            {"p-value-from-interval"},
        ),
        # What people wish for comes sooner with the greater ratio.
        (
            "Median time to resolution of fever was 39 hours with drug A and 82 hours with placebo (HR 1.74, 95% CI "
            "1.31 to 2.31).",
            set(),
        ),
        (
            "Median overall survival was 39 months with drug A and 82 months with placebo (HR 0.74, 95% CI 0.51 to "
            "1.31).",
            {"ratio-against-medians"},
        ),
        # A rate, and no events in a time.
        ("Infection was found in 22/100 person-years with drug A and 4.6/100 person-years with placebo.", set()),
        ("There were 22 attacks in 100 person-years (4.6 per 100 person-years).", set()),
        ("There were 22 attacks in 480 person-years (9.6 per 100 person-years).", {"rate-from-events"}),
        # The interval is of metres.
        ("Running improved with drug A (effect size 1.3, 95% CI -387.1 to 158.0).", set()),
        # An estimate, not the share of the counted.
        ("The cumulative incidence of relapse was 20.9% (35 of 344 patients) with drug A.", set()),
        ("Relapse was seen in 20.9% (35 of 344 patients) of those who took drug A.", {"percentage-of-count"}),
    ],
)
def test_words_tell_which_arithmetic_applies(results: str, kinds: set[str]) -> None:
    assert {kind for kind, _ in alarms([], results=results)} == kinds
