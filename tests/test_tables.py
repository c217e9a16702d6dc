"""What tables say: the grammar of cells and labels, and whole tables of made-up trials against their arms."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from extractors.documents import Cell
from extractors.facts_json import to_gold
from extractors.pipelines import extract
from extractors.readers import read_bytes
from extractors.tables.arm_names import definitions
from extractors.tables.cells import printed
from extractors.tables.labels import label
from extractors.tables.parting import parted
from extractors.tables.values import hints_of_note


@pytest.mark.parametrize(
    ("text", "kind", "numbers"),
    [
        ("81.4 ± 7.8", "plus-minus", ["81.4", "7.8"]),
        ("81.4±7.8*", "plus-minus", ["81.4", "7.8"]),
        ("43 (81)", "bracket", ["43", "81"]),
        ("43 (81.0%)", "bracket", ["43", "81.0"]),
        ("−2.3 (−7.8, 3.2)", "between", ["−2.3", "−7.8", "3.2"]),
        ("35.7 + 9.6", "plus-minus", ["35.7", "9.6"]),
        ("8.2 [5.9–13.5]", "between", ["8.2", "5.9", "13.5"]),
        ("57 years (48–65)", "between", ["57", "48", "65"]),
        ("0.25 to 0.87", "range", ["0.25", "0.87"]),
        ("(20.7 - 52.1)", "range", ["20.7", "52.1"]),
        ("19/27", "fraction", ["19", "27"]),
        ("8/112 (7.1)", "fraction", ["8", "112", "7.1"]),
        ("7.1% (8/112)", "fraction", ["8", "112", "7.1"]),
        ("35/252/69/214", "list", ["35", "252", "69", "214"]),
        ("<0.001", "p", ["0.001"]),
        ("P = 0.04", "p", ["0.04"]),
        ("1,204", "number", ["1,204"]),
        ("17^a", "number", ["17"]),
        ("(52.6)", "number", ["52.6"]),
        ("13 (n)", "number", ["13"]),
        ("43.3 %", "percent", ["43.3"]),
        ("NS", "not significant", []),
        ("1.00 (ref.)", "reference", []),
        ("—", "none", []),
        ("N/A", "none", []),
        ("n = 19", "none", []),
        ("stable", "words", []),
        ("95/143 20/62", "words", []),
    ],
)
def test_cells(text: str, kind: str, numbers: list[str]) -> None:
    found = printed(text)
    assert (found.kind, [number.text for number in found.numbers]) == (kind, numbers)
    assert [text[start:end] for start, end in found.spans] == numbers


def test_a_size_beside_a_value_belongs_to_it() -> None:
    found = printed("1.2 ± 0.4 (n = 30)")
    assert found.size is not None
    assert (found.kind, found.size.text) == ("plus-minus", "30")


@given(st.text(alphabet="0123456789.,()[]±%/–-+<>= npNP^a*to~\u0661\u0301", max_size=30))
@example("-*0")
def test_any_cell_is_read_without_a_slip(text: str) -> None:
    found = printed(text)
    assert len(found.spans) == len(found.numbers)
    for number, (start, end) in zip(found.numbers, found.spans, strict=True):
        assert text[start:end] == number.text


@given(st.text(max_size=40))
def test_any_label_is_read_without_a_slip(text: str) -> None:
    found = label(text)
    for span in (found.name, found.time):
        assert span is None or 0 <= span[0] < span[1] <= len(text)


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("Age (years)", "Age", {"unit": "years"}),
        ("Weight, kg, mean (SD)", "Weight", {"unit": "kg", "statistics": ("mean",), "spreads": ("SD",)}),
        ("Drug A (n = 53)", "Drug A", {"size": "53"}),
        ("Drug A (n = 53) Mean ± SD", "Drug A", {"size": "53", "statistics": ("mean",), "spreads": ("SD",)}),
        ("n (%)", None, {"statistics": ("number", "percent")}),
        ("Women, n (%)", "Women", {"statistics": ("number", "percent")}),
        ("Mean pain score at 6 weeks", "pain score", {"time": "at 6 weeks", "statistics": ("mean",)}),
        ("Opioid use in 24 h", "Opioid use in 24 h", {}),
        ("Mean ± SD at week 12", None, {"time": "at week 12", "spreads": ("SD",)}),
        ("HR (95% CI)", None, {"contrast": "HR", "level": "95"}),
        ("Treatment effect (95 % CI)", None, {"contrast": "difference"}),
        ("p value^b", None, {"roles": {"p"}}),
        ("P for difference", None, {"roles": {"p"}}),
        ("χ2", None, {"roles": {"test"}}),
        ("Total n (%)", None, {"roles": {"total"}}),
        ("Children <18 years at home", "Children <18 years at home", {}),
        ("Serum sodium mmol/L", "Serum sodium", {"unit": "mmol/L"}),
        ("年龄（岁）", "年龄", {"unit": "years"}),
        ("对照组（n=30）", "对照组", {"size": "30"}),
    ],
)
def test_labels(text: str, name: str | None, said: dict[str, Any]) -> None:
    found = label(text)
    assert (text[slice(*found.name)] if found.name else None) == name
    shown: dict[str, Any] = {
        "unit": found.unit,
        "statistics": found.statistics,
        "spreads": found.spreads,
        "size": found.size and found.size.text,
        "time": text[slice(*found.time)] if found.time else None,
        "contrast": found.contrast,
        "level": found.level and found.level.text,
        "roles": set(found.roles),
    }
    assert {key: shown[key] for key in said} == said


def test_notes_say_what_numbers_are() -> None:
    found = hints_of_note("Values are mean ± SD, median (interquartile range) or number (%).")
    assert [(hint.statistics, hint.spreads) for hint in found] == [
        (("mean",), ("SD",)),
        (("median",), ("IQR",)),
        (("number", "percent"), ()),
    ]
    assert hints_of_note("A difference of 5% counted as relevant (p < 0.05).") == []


def test_notes_write_abbreviations_out() -> None:
    found = definitions(["MAP: mean arterial pressure (mm Hg), HR: heart rate; EP group, the early programme."])
    assert found["map"] == "mean arterial pressure"
    assert found["hr"] == "heart rate"
    assert found["ep group"] == "the early programme"
    assert "data" not in definitions(["Data are given as means."])


ARTICLE = (
    "<article><front><article-meta><title-group><article-title>Drug A for asthma: a randomised controlled trial"
    "</article-title></title-group><abstract><sec><title>Methods</title><p>We randomly assigned 118 adults with asthma "
    "to drug A (n = 60) or placebo (n = 58) for 12 weeks.</p></sec><sec><title>Results</title><p>Attacks were fewer "
    "with drug A than with placebo.</p></sec></abstract></article-meta></front><body><sec><title>Methods</title><p>The "
    "primary endpoint was the attack rate. All adults were followed for 12 weeks in two hospitals.</p></sec>"
    "<sec><title>Results</title><p>All patients were analysed.</p>{wrap}</sec></body></article>"
)
WRAP = (
    "<table-wrap><label>Table 2</label><caption><p>{caption}</p></caption><table>{rows}</table>"
    "<table-wrap-foot><p>{note}</p></table-wrap-foot></table-wrap>"
)


def row(*cells: str, tag: str = "td") -> str:
    return f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>"


def facts_of(head: str, body: str, caption: str = "Outcomes", note: str = "") -> dict[str, Any]:
    """The facts of a made-up article with one table; every quote is tested against the text on the way."""
    wrap = WRAP.format(caption=caption, rows=f"<thead>{head}</thead><tbody>{body}</tbody>", note=note)
    document = read_bytes(ARTICLE.format(wrap=wrap).encode(), "paper.nxml")
    (facts,) = extract(document)
    found = to_gold(document, facts)
    for result in found["results"]:
        for item in result["evidence"]:
            assert document.text[item["start"] : item["end"]] == item["quote"]
    return found


def values(found: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Endpoint, arm, measure and value of the per-arm results that come from the table."""
    names = {endpoint["id"]: endpoint["names"][0] for endpoint in found["endpoints"]}
    arms = {arm["id"]: arm["names"][0] for arm in found["arms"]}
    return [
        (names[r["endpoint"]], arms[r["arm"]], r["measure"], r["value"])
        for r in found["results"]
        if r["kind"] == "arm" and r["evidence"][0]["component"] == "evidence_tables"
    ]


ARMS = row("", "Drug A (n = 60)", "Placebo (n = 58)", "P value", tag="th")


def test_values_belong_to_the_arms_that_their_heads_name() -> None:
    found = facts_of(
        row("", "Placebo (n = 58)", "Drug A (n = 60)", "P value", tag="th"),
        row("Symptom score, mean (SD)", "5.1 (1.0)", "4.2 (1.1)", "0.01")
        + row("Cough, n (%)", "29 (50)", "15 (25)", "0.2"),
    )
    assert values(found) == [
        ("Symptom score", "placebo", "mean", 5.1),
        ("Symptom score", "drug A", "mean", 4.2),
        ("Cough", "placebo", "proportion", 50),
        ("Cough", "drug A", "proportion", 25),
    ]
    first, *_, last = [r for r in found["results"] if r["kind"] == "arm"]
    assert (first["n"], first["dispersion"]) == (58, {"kind": "SD", "value": 1})
    assert (last["events"], last["n"]) == (15, 60)
    stated = [(r["direction"], r["p"]["value"]) for r in found["results"] if r["kind"] == "statement" and r["p"]]
    assert stated == [("first lower", 0.01), ("no difference", 0.2)]


def test_a_cell_is_evidence_with_its_table_row_and_column() -> None:
    found = facts_of(ARMS, row("Symptom score, mean (SD)", "4.2 (1.1)", "5.1 (1.0)", "0.01"))
    items = next(r for r in found["results"] if r["kind"] == "arm")["evidence"]
    placed = {(i["supports"], i["table"], i["row"], i["column"], i["quote"]) for i in items if "table" in i}
    assert placed == {
        ("value", "t1", 1, 1, "4.2"),
        ("row", "t1", 1, 0, "Symptom score, mean (SD)"),
        ("column", "t1", 0, 1, "Drug A (n = 60)"),
    }
    assert [i["quote"] for i in items if i["supports"] == "text"] == [
        "Symptom score, mean (SD)\t4.2 (1.1)\t5.1 (1.0)\t0.01"
    ]


def test_counts_and_means_are_told_by_arithmetic_and_notes() -> None:
    note = "Values are mean (SD) or number (%)."
    found = facts_of(
        ARMS, row("Cough", "15 (25)", "29 (50)", "0.2") + row("Peak flow", "412.5 (80)", "390.1 (75)", ""), note=note
    )
    assert [entry[2:] for entry in values(found)] == [
        ("proportion", 25),
        ("proportion", 50),
        ("mean", 412.5),
        ("mean", 390.1),
    ]


def test_what_nothing_explains_gives_no_fact() -> None:
    assert values(facts_of(ARMS, row("Peak flow", "412 (80)", "390 (75)", ""))) == []
    assert values(facts_of(ARMS, row("Peak flow", "412.5", "390.1", ""))) == []


def test_columns_that_are_no_arms_give_no_fact() -> None:
    found = facts_of(
        row("", "Morning (n = 59)", "Evening (n = 59)", tag="th"), row("Cough, n (%)", "15 (25)", "29 (50)")
    )
    assert values(found) == []


def test_arms_in_rows_and_a_reference_row() -> None:
    found = facts_of(
        row("Cough", "n", "n (%)", "Odds ratio", "95% CI", "P", tag="th"),
        row("Drug A", "60", "15 (25)", "0.33", "0.15 to 0.73", "0.006")
        + row("Placebo", "58", "29 (50)", "—", "—", "—"),
        caption="Patients with cough",
    )
    assert [entry[1:] for entry in values(found)] == [("drug A", "proportion", 25), ("placebo", "proportion", 50)]
    (estimate,) = [r for r in found["results"] if r["kind"] == "contrast"]
    assert (estimate["measure"], estimate["value"], estimate["ci"], estimate["p"]["value"]) == (
        "OR",
        0.33,
        [0.15, 0.73],
        0.006,
    )
    names = {arm["id"]: arm["names"][0] for arm in found["arms"]}
    assert [names[arm] for arm in estimate["arms"]] == ["drug A", "placebo"]
    assert estimate["significant"] is True


def test_spans_times_and_split_columns() -> None:
    head = "<tr><th rowspan='2'/><th colspan='4'>Week 6</th><th colspan='4'>Week 12</th></tr>" + row(
        "Drug A mean", "SD", "Placebo mean", "SD", "Drug A mean", "SD", "Placebo mean", "SD", tag="th"
    )
    found = facts_of(head, row("Symptom score", "4.2", "1.1", "5.1", "1.0", "3.2", "1.2", "4.9", "1.3"))
    shown = [(r["timepoint"], r["value"], r["dispersion"]["value"]) for r in found["results"] if r["kind"] == "arm"]
    assert shown == [("Week 6", 4.2, 1.1), ("Week 6", 5.1, 1), ("Week 12", 3.2, 1.2), ("Week 12", 4.9, 1.3)]


def test_a_difference_is_of_means_where_the_arms_have_means() -> None:
    head = row("", "Drug A (n = 60)", "Placebo (n = 58)", "Treatment effect (95% CI)", "P value", tag="th")
    found = facts_of(head, row("Symptom score, mean (SD)", "4.2 (1.1)", "5.1 (1.0)", "−0.9 (−1.3, −0.5)", "0.01"))
    (estimate,) = [r for r in found["results"] if r["kind"] == "contrast"]
    assert (estimate["measure"], estimate["value"], estimate["ci"], estimate["ci_level"]) == (
        "MD",
        -0.9,
        [-1.3, -0.5],
        95,
    )


def test_subgroups_of_a_forest_plot_and_a_garbled_row() -> None:
    head = row("Subgroup", "Drug A events/patients", "Placebo events/patients", "Hazard ratio (95% CI)", tag="th")
    body = (
        row("Overall", "20/60", "30/58", "0.60 (0.34–1.05)")
        + row("Sex", "", "", "")
        + row("Women", "10/30", "16/29", "0.55 (0.25–1.21)")
        + row("Mem", "01/80", "00/29", "")
    )
    found = facts_of(head, body, caption="Subgroup analysis of the attack rate")
    estimates = [(r["subgroup"], r["value"]) for r in found["results"] if r["kind"] == "contrast"]
    assert estimates == [(None, 0.6), ("Sex: Women", 0.55)]
    counts = [(r["subgroup"], r["events"], r["n"]) for r in found["results"] if r["kind"] == "arm"]
    assert counts == [(None, 20, 60), (None, 30, 58), ("Sex: Women", 10, 30), ("Sex: Women", 16, 29)]


def test_baseline_tables_are_kept_apart_from_results() -> None:
    found = facts_of(
        row("", "Total (n = 118)", "Drug A (n = 60)", "Placebo (n = 58)", tag="th"),
        row("Age, years, mean (SD)", "41 (12)", "40 (11)", "42 (13)")
        + row("Sex, n (%)", "", "", "")
        + row("Female", "59 (50)", "30 (50)", "29 (50)")
        + row("Admission", "12 (10)", "6 (10)", "6 (10)"),
        caption="Baseline characteristics",
    )
    assert values(found) == []
    rows = [(r["characteristic"], r["level"], r["statistic"], r["unit"], r["values"]) for r in found["baseline"]]
    drug, placebo = (next(a["id"] for a in found["arms"] if a["names"][0] == name) for name in ("drug A", "placebo"))
    total = {"Total (n = 118)": {"n": 59, "percent": 50}}
    assert rows[0] == (
        "Age",
        None,
        "mean (SD)",
        "years",
        {
            drug: {"value": 40, "sd": 11},
            placebo: {"value": 42, "sd": 13},
            "Total (n = 118)": {"value": 41, "sd": 12},
        },
    )
    assert rows[1] == (
        "Sex",
        "Female",
        "n (%)",
        None,
        {drug: {"n": 30, "percent": 50}, placebo: {"n": 29, "percent": 50}, **total},
    )
    assert rows[2][:2] == ("Sex", "Admission")


def test_regression_tables_say_nothing_of_arms() -> None:
    found = facts_of(ARMS, row("Age", "1.2 (0.4)", "1.5 (0.5)", "0.3"), caption="Multivariate regression, mean (SD)")
    assert values(found) == []
    assert found["baseline"] == []


def test_a_number_of_the_prose_that_a_row_gives_too_is_one_fact_with_two_places() -> None:
    wrap = WRAP.format(
        caption="Outcomes",
        note="",
        rows=f"<thead>{ARMS}</thead><tbody>{row('Stiffness, mean (SD)', '41.25 (5.1)', '50.75 (6.2)', '')}</tbody>",
    )
    text = ARTICLE.format(wrap=wrap).replace(
        "All patients were analysed.", "The mean number of stiff minutes was 41.25 with drug A and 50.75 with placebo."
    )
    document = read_bytes(text.encode(), "paper.nxml")
    (facts,) = extract(document)
    both = [r for r in facts.arm_results if r.value.text in ("41.25", "50.75")]
    assert len(both) == 2
    roles = {section.id: section.role for section in document.sections}
    for result in both:
        assert {roles[item.section] for item in result.evidence} == {"results", "table"}


def test_rows_that_text_recognition_ran_together_are_parted() -> None:
    cells = [
        Cell(0, 0, "HER2 Negative Positive", 0, 22),
        Cell(0, 1, "95/143 20/62", 23, 35),
        Cell(0, 2, "0.77 (0.57\u20131.04) 1.28 (0.71\u20132.31)", 36, 73),
        Cell(1, 0, "Bone only Not only bone", 74, 97),
        Cell(1, 1, "37/63", 98, 103),
        Cell(2, 0, "0 1 or 2", 104, 112),
        Cell(2, 1, "99/181 16/24", 113, 125),
        Cell(2, 2, "0.87 (0.65\u20131.16) 0.90 (0.44\u20131.85)", 126, 163),
    ]
    found, printed_rows = parted(cells)
    assert [(cell.row, cell.text) for cell in found if cell.column < 2] == [
        (0, "HER2"),
        (1, "Negative"),
        (1, "95/143"),
        (2, "Positive"),
        (2, "20/62"),
        (3, "Bone only"),
        (3, "37/63"),
        (4, "0"),
        (4, "99/181"),
        (5, "1 or 2"),
        (5, "16/24"),
    ]
    assert printed_rows == {0: 0, 1: 0, 2: 0, 3: 1, 4: 2, 5: 2}
    assert next(cell for cell in found if cell.text == "Positive").start == 14


def test_a_bare_number_is_a_time_only_under_a_head_that_says_so() -> None:
    body = row("0", "4.2 ± 1.1", "4.1 ± 1.0", "") + row("6", "3.2 ± 1.2", "4.0 ± 1.1", "")
    weeks = row("Week", "Drug A (n = 60)", "Placebo (n = 58)", "P value", tag="th")
    found = facts_of(weeks, body, caption="Attack rate, mean ± SD")
    assert [r["timepoint"] for r in found["results"] if r["kind"] == "arm"] == ["Week 0", "Week 0", "Week 6", "Week 6"]
    assert values(facts_of(ARMS, body, caption="Attack rate, mean ± SD")) == []


def test_a_test_statistic_under_a_difference_is_no_estimate() -> None:
    head = "<tr><th rowspan='2'/><th rowspan='2'>Drug A</th><th rowspan='2'>Placebo</th>" + (
        "<th colspan='2'>Difference between groups</th></tr>" + row("t", "P", tag="th")
    )
    found = facts_of(head, row("Symptom score, mean (SD)", "4.2 (1.1)", "5.1 (1.0)", "2.05", "0.04"))
    assert [r["kind"] for r in found["results"] if r["evidence"][0]["component"] == "evidence_tables"] == [
        "arm",
        "arm",
        "statement",
    ]


@pytest.mark.parametrize(("cell", "measures"), [("−0.9 (−1.3, −0.5)", ["MD"]), ("0.9 (0.5, 1.3)", [])])
def test_an_estimate_under_two_arms_is_a_difference_only_where_it_cannot_be_a_ratio(
    cell: str, measures: list[str]
) -> None:
    head = row("", "Drug A (n = 60)", "Placebo (n = 58)", "Drug A vs placebo (95% CI)", tag="th")
    found = facts_of(head, row("Symptom score, mean (SD)", "4.2 (1.1)", "5.1 (1.0)", cell))
    assert [r["measure"] for r in found["results"] if r["kind"] == "contrast"] == measures
    assert [entry[3] for entry in values(found)] == [4.2, 5.1]


# The same article without a word on what people were given.
BARE = (
    ARTICLE.replace("Drug A for asthma: a randomised controlled trial", "Asthma care: a randomised controlled trial")
    .replace("to drug A (n = 60) or placebo (n = 58) for 12 weeks", "in two hospitals")
    .replace("Attacks were fewer with drug A than with placebo.", "Attacks were rare.")
)


def facts_of_tables(*tables: str) -> dict[str, Any]:
    """The facts of an article whose text names no arms; each table has its caption and rows."""
    document = read_bytes(BARE.format(wrap="".join(tables)).encode(), "paper.nxml")
    (facts,) = extract(document)
    return to_gold(document, facts)


def wrapped(caption: str, head: str, body: str) -> str:
    return WRAP.format(caption=caption, rows=f"<thead>{head}</thead><tbody>{body}</tbody>", note="")


def test_groups_with_their_sizes_over_several_tables_are_the_arms() -> None:
    head = row("", "Glue group (n = 31)", "Suture group (n = 29)", "P value", tag="th")
    found = facts_of_tables(
        wrapped("Baseline characteristics", head, row("Age, mean (SD)", "41 (9)", "43 (8)", "0.4")),
        wrapped("Outcomes", head, row("Scar width, mean (SD)", "2.1 (0.4)", "3.0 (0.5)", "0.01")),
    )
    assert [(arm["names"][0], arm["n"]) for arm in found["arms"]] == [("Glue group", 31), ("Suture group", 29)]
    assert [entry[1:] for entry in values(found)] == [("Glue group", "mean", 2.1), ("Suture group", "mean", 3.0)]


def test_times_and_statistics_over_columns_are_no_arms() -> None:
    found = facts_of_tables(
        wrapped("Outcomes", row("", "Week 1", "Week 8", tag="th"), row("Scar width, mean (SD)", "2 (1)", "3 (1)")),
        wrapped("Outcomes", row("", "Mean", "SD", tag="th"), row("Pain", "2.1", "3.0")),
    )
    assert found["arms"] == []


def test_what_all_heads_share_tells_no_arms_apart() -> None:
    found = facts_of(
        row("", "Salbutamol then drug A", "Salbutamol then placebo", "P value", tag="th"),
        row("Symptom score, mean (SD)", "4.2 (1.1)", "5.1 (1.0)", "0.01"),
    )
    assert [entry[1:] for entry in values(found)] == [("drug A", "mean", 4.2), ("placebo", "mean", 5.1)]


def test_a_row_in_part_of_the_words_of_a_declared_outcome_is_that_outcome() -> None:
    found = facts_of(ARMS, row("Attacks", "4 (7)", "9 (16)", "0.1"))
    assert {entry[0] for entry in values(found)} == {"attack rate"}
    apart = facts_of(ARMS, row("Severe night attacks, n (%)", "3 (5)", "6 (10)", "0.3"))
    assert {entry[0] for entry in values(apart)} == {"Severe night attacks"}


def test_an_estimate_needs_no_values_beside_it() -> None:
    found = facts_of(
        row("", "Drug A (n = 60)", "Placebo (n = 58)", "Odds ratio (95% CI)", "P value", tag="th"),
        row("Attack rate", "", "", "0.81 (0.70 to 0.94)", "0.01"),
    )
    (contrast,) = [r for r in found["results"] if r["kind"] == "contrast"]
    assert (contrast["measure"], contrast["value"], contrast["ci"]) == ("OR", 0.81, [0.7, 0.94])
