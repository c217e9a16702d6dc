"""What rows and columns of tables are of: changes within arms, levels of an outcome, totals, what goes on below."""

from __future__ import annotations

import pytest
from test_table_layouts import details
from test_tables import ARMS, facts_of, row, values

from extractors.tables.labels import label


@pytest.mark.parametrize(
    ("text", "size"),
    [("Group Pn = 60", "60"), ("Macrobiotic diet (n 21)", "21"), ("Placebo (n = 58)", "58"), ("Visit 3", None)],
)
def test_numbers_of_people_over_columns(text: str, size: str | None) -> None:
    found = label(text)
    assert (found.size and found.size.text) == size


def test_a_mean_change_keeps_its_statistic_and_percent_of_something_is_a_unit() -> None:
    change = label("Mean change")
    assert (change.name, change.statistics, change.roles) == (None, ("mean",), {"change"})
    assert label("EPA, % of fatty acids").unit == "% of fatty acids"


def test_changes_are_of_an_endpoint_of_their_own() -> None:
    head = "<tr><th/><th colspan='2'>Drug A (n = 60)</th><th colspan='2'>Placebo (n = 58)</th></tr>"
    head += row("", "Week 12", "Change", "Week 12", "Change", tag="th")
    found = facts_of(head, row("Peak flow", "412 ± 44", "32 ± 20", "379 ± 40", "2 ± 19"), note="Mean ± SD.")
    assert values(found) == [
        ("Peak flow", "drug A", "mean", 412),
        ("Peak flow", "placebo", "mean", 379),
        ("Peak flow: Change", "drug A", "mean", 32),
        ("Peak flow: Change", "placebo", "mean", 2),
    ]


def test_a_row_of_differences_is_the_change_of_the_outcome_above() -> None:
    body = (
        row("Peak flow", "380 ± 41", "377 ± 39", "")
        + row("Difference", "32 ± 20", "2 ± 19", "0.01")
        + row("Symptom score", "4.2 ± 1.1", "5.1 ± 1.0", "0.2")
    )
    found = facts_of(ARMS, body, note="Values are mean ± SD.")
    assert [entry[0] for entry in values(found)] == [
        *["Peak flow"] * 2,
        *["Peak flow: Difference"] * 2,
        *["Symptom score"] * 2,
    ]


def test_heads_that_name_the_change_in_an_arm() -> None:
    head = row("", "Change in drug A (n = 60)", "Change in placebo (n = 58)", tag="th")
    found = facts_of(head, row("Peak flow, mean (SD)", "32 (20)", "2 (19)"))
    assert [entry[0] for entry in values(found)] == ["Peak flow: Change"] * 2


def test_labels_of_digits_are_levels_where_people_are_counted() -> None:
    heads = row("", "Drug A (n = 60)", "Placebo (n = 58)", tag="th")
    levels = "<tr><td>Cough score</td><td></td><td></td></tr>"
    counted = levels + row("0-1", "15 (25%)", "29 (50%)") + row("2-3", "45 (75%)", "29 (50%)")
    assert [entry[0] for entry in values(facts_of(heads, counted))] == [
        *["Cough score: 0-1"] * 2,
        *["Cough score: 2-3"] * 2,
    ]
    measured = levels + row("2", "4.1 ± 1.0", "5.0 ± 1.1")
    assert values(facts_of(heads, measured)) == []


def test_one_head_over_two_columns_of_labels() -> None:
    head = "<tr><th colspan='2'>Outcome</th><th>Drug A (n = 60)</th><th>Placebo (n = 58)</th></tr>"
    body = "<tr><td rowspan='2'>Adherence</td><td>100%</td><td>45 (75)</td><td>29 (50)</td></tr>" + (
        row("&lt;100%", "15 (25)", "29 (50)")
    )
    assert values(facts_of(head, body)) == [
        ("Adherence: 100%", "drug A", "proportion", 75),
        ("Adherence: 100%", "placebo", "proportion", 50),
        ("Adherence: <100%", "drug A", "proportion", 25),
        ("Adherence: <100%", "placebo", "proportion", 50),
    ]


def test_a_row_without_a_label_says_nothing_of_its_own() -> None:
    body = row("Wheeze, n", "12", "20") + row("", "30", "41")
    assert [entry[3] for entry in values(facts_of(row("", "Drug A", "Placebo", tag="th"), body))] == [12, 20]


def test_a_comparison_under_no_time_is_not_of_the_first() -> None:
    head = "<tr><th/><th colspan='2'>Baseline</th><th colspan='2'>Week 12</th><th>Mean difference (95% CI)</th></tr>"
    head += row("", "Drug A", "Placebo", "Drug A", "Placebo", "", tag="th")
    body = row("Peak flow", "380 ± 41", "377 ± 39", "412 ± 44", "379 ± 40", "33 (18 to 48)")
    found = facts_of(head, body, note="Values are mean ± SD.")
    assert [entry[1] for entry in details(found)] == ["Baseline", "Baseline", "Week 12", "Week 12"]
    assert [r["timepoint"] for r in found["results"] if r["kind"] == "contrast"] == [None]


def test_a_total_is_of_what_the_caption_names() -> None:
    found = facts_of(ARMS, row("Total score, mean (SD)", "4.2 (1.1)", "5.1 (1.0)", ""), caption="Attack rate")
    assert {entry[0] for entry in values(found)} == {"attack rate"}


def test_serious_adverse_events_are_not_adverse_events() -> None:
    body = row("Adverse events, n (%)", "30 (50)", "29 (50)", "") + row("Serious adverse events", "6 (10)", "5 (9)", "")
    found = facts_of(ARMS, body)
    assert len({entry[0] for entry in values(found)}) == 2


def test_a_count_with_a_bounded_share_and_a_row_of_any_event() -> None:
    heads = row("", "Drug A (n = 60), n (%)", "Placebo (n = 58), n (%)", tag="th")
    body = row("Patients with at least one event", "30 (50)", "29 (50)") + row("Fever", "1 (&lt;2)", "0")
    found = facts_of(heads, body, caption="Attack rate")
    assert values(found) == [
        ("attack rate", "drug A", "proportion", 50),
        ("attack rate", "placebo", "proportion", 50),
        ("Fever", "drug A", "count", 1),
        ("Fever", "placebo", "count", 0),
    ]


def test_bare_numbers_among_shares_with_their_sign_are_none() -> None:
    heads = row("", "Drug A (n = 60), %", "Placebo (n = 58), %", tag="th")
    found = facts_of(heads, row("Cough (yes^b)", "25%", "50%") + row("Puffs per week", "15.4", "12.6"))
    assert [(entry[0], entry[3]) for entry in values(found)] == [("Cough", 25), ("Cough", 50)]


def test_rows_below_a_head_of_subgroups_are_parts_of_the_people() -> None:
    heads = row("Subgroup", "Drug A (n = 60), %", "Placebo (n = 58), %", tag="th")
    found = facts_of(heads, row("Smokers", "25", "50"), caption="Attack rate")
    assert values(found) == [("attack rate", "drug A", "proportion", 25), ("attack rate", "placebo", "proportion", 50)]
    assert {r["subgroup"] for r in found["results"] if r["kind"] == "arm"} == {"Smokers"}


def test_letters_of_arms_that_a_note_writes_out_behind_dashes() -> None:
    heads = row("", "A (n = 60)", "C (n = 58)", tag="th")
    found = facts_of(
        heads,
        row("Symptom score, mean (SD)", "4.2 (1.1)", "5.1 (1.0)"),
        note="Abbreviations: C\N{EM DASH}placebo; A\N{EM DASH}drug A; N/A\N{EM DASH}not assessed.",
    )
    assert [entry[1:] for entry in values(found)] == [("drug A", "mean", 4.2), ("placebo", "mean", 5.1)]
