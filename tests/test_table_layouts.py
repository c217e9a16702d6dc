"""Layouts of the tables of made-up trials: heads not marked, arms in rows by time, several numbers in a cell."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from test_tables import ARMS, ARTICLE, WRAP, facts_of, row, values

from extractors.facts_json import to_gold
from extractors.findings import Number
from extractors.pipelines import extract, read_language
from extractors.readers import read_bytes
from extractors.reading import Span
from extractors.tables.sizes import Sized, give_sizes


def details(found: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Arm, time, value, spread and number of people of the per-arm results of the table."""
    arms = {arm["id"]: arm["names"][0] for arm in found["arms"]}
    return [
        (arms[r["arm"]], r["timepoint"], r["value"], (r["dispersion"] or {}).get("value"), r["n"])
        for r in found["results"]
        if r["kind"] == "arm" and r["evidence"][0]["component"] == "evidence_tables"
    ]


def test_a_row_below_the_marked_head_may_name_the_arms() -> None:
    head = "<tr><th/><th colspan='2'>Mean (SD)</th><th/></tr>"
    body = row("Measure", "Drug A", "Placebo", "P") + row("Symptom score", "4.2 (1.1)", "5.1 (1.0)", "0.01")
    assert values(facts_of(head, body)) == [
        ("Symptom score", "drug A", "mean", 4.2),
        ("Symptom score", "placebo", "mean", 5.1),
    ]


def test_arms_in_rows_are_set_against_each_other_at_each_time() -> None:
    head = row("Group", "Day", "Peak flow (l/min)", "Symptom score", tag="th")
    body = (
        "<tr><td rowspan='2'>Drug A</td><td>1</td><td>380 ± 41</td><td>5.0 ± 1.2</td></tr>"
        + row("14", "412 ± 44", "4.1 ± 1.1")
        + "<tr><td rowspan='2'>Placebo</td><td>1</td><td>377 ± 39</td><td>5.1 ± 1.0</td></tr>"
        + row("14", "379 ± 40", "4.9 ± 1.3")
    )
    found = facts_of(head, body, note="Values are mean ± SD.")
    assert {entry[0] for entry in values(found)} == {"Peak flow", "Symptom score"}
    assert [entry[:4] for entry in details(found) if entry[2] > 100] == [
        ("drug A", "Day 1", 380, 41),
        ("drug A", "Day 14", 412, 44),
        ("placebo", "Day 1", 377, 39),
        ("placebo", "Day 14", 379, 40),
    ]


def test_means_and_their_spreads_in_columns_of_their_own_below_each_time() -> None:
    head = "<tr><th rowspan='2'>Group</th><th colspan='2'>Baseline</th><th colspan='2'>Week 12</th></tr>" + (
        row("Peak flow", "SD", "Peak flow", "SD", tag="th")
    )
    body = row("Drug A", "380.2", "41.0", "412.1", "44.3") + row("Placebo", "377.5", "39.1", "379.0", "40.2")
    assert details(facts_of(head, body)) == [
        ("drug A", "Baseline", 380.2, 41, None),
        ("drug A", "Week 12", 412.1, 44.3, None),
        ("placebo", "Baseline", 377.5, 39.1, None),
        ("placebo", "Week 12", 379, 40.2, None),
    ]


def test_single_letters_are_the_arms_whose_names_they_begin() -> None:
    head = row("Outcome", "Group", "Mean ± SD", tag="th")
    body = (
        "<tr><td rowspan='2'>Symptom score</td><td>D</td><td>4.2 ± 1.1</td></tr>"
        + row("U", "5.1 ± 1.0")
        + "<tr><td rowspan='2'>Peak flow</td><td>D</td><td>412 ± 44</td></tr>"
        + row("U", "379 ± 40")
    )
    wrap = WRAP.format(caption="Outcomes", rows=f"<thead>{head}</thead><tbody>{body}</tbody>", note="")
    text = ARTICLE.replace("placebo", "usual care").format(wrap=wrap)
    document = read_bytes(text.encode(), "paper.nxml")
    found = to_gold(document, extract(document)[0])
    assert [entry[:2] for entry in values(found)] == [
        ("Symptom score", "drug A"),
        ("Symptom score", "usual care"),
        ("Peak flow", "drug A"),
        ("Peak flow", "usual care"),
    ]


def test_a_count_of_people_beside_a_mean_is_no_result() -> None:
    head = "<tr><th rowspan='2'/><th colspan='2'>Drug A</th><th colspan='2'>Placebo</th></tr>" + (
        row("n", "Mean (SD)", "n", "Mean (SD)", tag="th")
    )
    found = facts_of(head, row("Symptom score", "57", "4.2 (1.1)", "55", "5.1 (1.0)"))
    assert details(found) == [("drug A", None, 4.2, 1.1, 57), ("placebo", None, 5.1, 1, 55)]


def test_a_cell_may_list_the_values_of_both_arms_behind_each_other() -> None:
    head = row("", "Baseline (drug A/placebo)", "Follow-up (drug A/placebo)", tag="th")
    found = facts_of(head, row("Symptom score, mean ± SD", "5.0 ± 1.2/5.1 ± 1.0", "4.2 ± 1.1/5.0 ± 1.3"))
    assert [entry[:4] for entry in details(found)] == [
        ("drug A", "Baseline", 5, 1.2),
        ("placebo", "Baseline", 5.1, 1),
        ("drug A", "Follow-up", 4.2, 1.1),
        ("placebo", "Follow-up", 5, 1.3),
    ]


def test_brackets_behind_an_arm_say_more_of_this_arm() -> None:
    head = row("", "Drug A (60 adults)", "Placebo (58 adults)", tag="th")
    found = facts_of(head, row("Cough, n (%)", "15 (25)", "29 (50)"))
    assert [entry[1:] for entry in values(found)] == [("drug A", "proportion", 25), ("placebo", "proportion", 50)]


def test_rows_under_one_long_heading_stay_apart() -> None:
    body = "<tr><td>Lung function test results after six minutes of walking</td><td/><td/><td/></tr>" + (
        row("Wheezing, n (%)", "6 (10)", "9 (16)", "0.3") + row("Dizziness, n (%)", "3 (5)", "4 (7)", "0.6")
    )
    names = [entry[0] for entry in values(facts_of(ARMS, body))]
    assert len(names) == 4
    assert len(set(names)) == 2


def test_beside_other_kinds_of_response_sd_is_stable_disease() -> None:
    found = facts_of(
        row("Group", "n", "CR", "PR", "SD", "PD", tag="th"),
        row("Drug A", "60", "3", "20", "25", "12") + row("Placebo", "58", "1", "9", "28", "20"),
        caption="Number of patients with each response",
    )
    assert not [r for r in found["results"] if r["kind"] == "arm" and r["dispersion"]]


def test_a_value_under_both_arms_is_of_neither() -> None:
    body = "<tr><td>Symptom score, difference, mean ± SD</td><td colspan='2'>1.0 ± 0.9</td><td>0.01</td></tr>"
    assert values(facts_of(ARMS, body)) == []


@pytest.mark.parametrize("caption", ["Change from baseline in symptoms", "Symptoms at baseline and at 12 weeks"])
def test_a_caption_that_names_the_baseline_among_other_times_is_of_outcomes(caption: str) -> None:
    head = row("", "Symptom score", tag="th")
    body = row("Drug A (n = 60)", "-1.2 ± 1.1") + row("Placebo (n = 58)", "-0.4 ± 1.0")
    found = facts_of(head, body, caption=f"{caption} (results)")
    assert [entry[1:] for entry in values(found)] == [("drug A", "mean", -1.2), ("placebo", "mean", -0.4)]


@pytest.mark.parametrize(
    ("printed", "sizes"),
    [((21, None, None, 19), [21, None, None, 19]), ((21, 20, None, 41), [21, 20, None, None])],
)
def test_a_table_sizes_the_arms_that_it_names(printed: tuple[int | None, ...], sizes: list[int | None]) -> None:
    assigned = "adults with asthma to drug A, drug B, drug C or placebo"
    text = ARTICLE.replace("118 adults with asthma to drug A (n = 60) or placebo (n = 58)", assigned).format(wrap="")
    found = read_language(read_bytes(text.encode(), "paper.nxml"), "en", until="evidence_tables")
    given = {arm: (Number(Decimal(n), str(n)), Span(0, 1)) for arm, n in enumerate(printed) if n is not None}
    give_sizes(found, [Sized("outcome", given)])
    assert [arm.size.value if arm.size is not None else None for arm in found.arms] == sizes


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Data are presented as mean (SD).", [("drug A", None, 41.2, 8.1, 60), ("placebo", None, 39.9, 7.5, 58)]),
        ("Data are presented as mean (SD) or mean ± SE.", []),
        ("Mean values were compared.", []),
    ],
)
def test_what_the_methods_say_of_all_numbers_explains_a_table_without_words(
    said: str, expected: list[tuple[Any, ...]]
) -> None:
    body = row("Peak flow", "41.2 (8.1)", "39.9 (7.5)", "") + row("Cough", "31 (92)", "9 (80)", "")
    wrap = WRAP.format(caption="Outcomes", rows=f"<thead>{ARMS}</thead><tbody>{body}</tbody>", note="")
    text = ARTICLE.replace("All adults were followed", f"{said} All adults were followed").format(wrap=wrap)
    document = read_bytes(text.encode(), "paper.nxml")
    assert details(to_gold(document, extract(document)[0])) == expected


def test_heads_stand_over_their_own_repetition_where_spans_are_counted_wrong() -> None:
    head = "<tr><th/><th colspan='2'>Drug A</th><th/><th/><th colspan='2'>Placebo</th></tr>" + (
        row("", "n (%)", "Mean days", "SD", "n (%)", "Mean days", "SD", tag="th")
    )
    found = facts_of(head, row("Sick leave", "15 (25)", "6.1", "2.8", "29 (50)", "5.5", "2.7"))
    assert {(entry[0], *entry[2:4]) for entry in details(found)} == {
        ("drug A", 25, None),
        ("drug A", 6.1, 2.8),
        ("placebo", 50, None),
        ("placebo", 5.5, 2.7),
    }


def test_a_value_under_several_parts_of_the_people_is_of_none_of_them() -> None:
    head = "<tr><th/><th colspan='2'>Drug A</th><th colspan='2'>Placebo</th></tr>" + (
        row("", "Adults", "Children", "Adults", "Children", tag="th")
    )
    body = "<tr><td>Cough, n (%)</td><td colspan='2'>15 (25)</td><td colspan='2'>29 (50)</td></tr>" + row(
        "Fever, n (%)", "4 (10)", "3 (9)", "8 (20)", "6 (17)"
    )
    assert {entry[0] for entry in values(facts_of(head, body))} == {"Fever"}


def test_two_rows_in_other_words_are_two_outcomes() -> None:
    body = row("Severe attacks due to cold air, n (%)", "15 (25)", "29 (50)", "") + (
        row("Mild attacks due to cold air, n (%)", "4 (7)", "9 (16)", "")
    )
    names = [entry[0] for entry in values(facts_of(ARMS, body))]
    assert names[0] == names[1] != names[2] == names[3]


def test_values_are_listed_as_the_arms_are() -> None:
    head = row("", "Drug A/placebo", tag="th")
    found = facts_of(head, row("Symptom score, mean", "4.2/5.1", "") + row("Cough, n (%)", "15 (25)", ""))
    assert [entry[1:] for entry in values(found)] == [("drug A", "mean", 4.2), ("placebo", "mean", 5.1)]


def test_a_head_over_all_arms_is_no_part_of_the_people() -> None:
    head = "<tr><th/><th colspan='2'>Treatment received</th></tr>" + row("", "Drug A", "Placebo", tag="th")
    found = facts_of(head, row("Cough, n (%)", "15 (25)", "29 (50)"))
    assert [r["subgroup"] for r in found["results"] if r["kind"] == "arm"] == [None, None]


def test_the_head_of_the_labels_says_what_all_rows_print() -> None:
    head = row("Outcome, median (25th-75th percentiles)", "Drug A (n = 60)", "Placebo (n = 58)", tag="th")
    found = facts_of(head, row("Peak flow", "412 (390-431)", "380 (362-399)"))
    assert [entry[1:] for entry in values(found)] == [("drug A", "median", 412), ("placebo", "median", 380)]


def test_beside_the_head_of_another_arm_two_names_are_one_arm() -> None:
    head = row("", "Drug A/placebo", "Placebo", tag="th")
    found = facts_of(head, row("Cough, n (%)", "15 (25)", "29 (50)"))
    assert [entry[1:] for entry in values(found)] == [("drug A", "proportion", 25), ("placebo", "proportion", 50)]


def test_a_marked_head_over_one_column_is_read_to_its_end() -> None:
    found = facts_of(row("What was asked", tag="th") + row("in each visit", tag="th"), row("How do you feel?"))
    assert values(found) == []


def test_a_row_of_percentages_in_a_table_of_means_gives_counts() -> None:
    body = row("Dose (mg)", "70.5 (15.6)", "160.7 (20.7)") + row("Patients with nausea (%)", "3 (10)", "14 (47)")
    found = facts_of(row("", "Drug A", "Placebo", tag="th"), body, note="Values are mean (SD) unless stated otherwise.")
    assert [entry[2:] for entry in values(found)][2:] == [("proportion", 10), ("proportion", 47)]
