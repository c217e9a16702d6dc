"""Tables of people and of outcomes: what the checks hold against a column, and what they leave alone."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.readers import read_bytes
from kg.audit.paper import audit
from kg.reading import extract

ARTICLE = (
    "<article><front><article-meta><title-group><article-title>Drug A for asthma: a randomised controlled trial"
    "</article-title></title-group><abstract><sec><title>Methods</title><p>We randomly assigned 200 adults with asthma "
    "to drug A (n = 100) or placebo (n = 100) for 12 weeks.</p></sec><sec><title>Results</title><p>Attacks were fewer "
    "with drug A than with placebo.</p></sec></abstract></article-meta></front>"
    "<body><sec><title>Methods</title><p>The primary endpoint was the attack rate, which was counted by diary over the "
    "whole of the trial.</p></sec><sec><title>Results</title><p>All patients were analysed, and half were men.</p>"
    "<table-wrap><label>Table 1</label><caption><p>{caption}</p></caption><table><thead><tr><th></th>"
    "<th>Drug A (n = 100)</th>"
    "<th>Placebo (n = 100)</th></tr></thead><tbody>{rows}</tbody></table></table-wrap></sec></body></article>"
)
PEOPLE = (
    ("Women, n (%)", "50 (50.0)", "48 (48.0)"),
    ("Smokers, n (%)", "25 (25.0)", "22 (22.0)"),
    ("Married, n (%)", "61 (61.0)", "57 (57.0)"),
    ("Allergy, n (%)", "33 (33.0)", "35 (35.0)"),
    ("Eczema, n (%)", "12 (12.0)", "14 (14.0)"),
)


def alarms(caption: str, rows: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>" for cells in rows)
    document = read_bytes(ARTICLE.format(caption=caption, rows=body).encode(), "paper.nxml")
    found = audit(document, extract(document)).checks
    return [(one.kind, one.inputs[0].text) for one in found if one.verdict == "inconsistent"]


def test_rows_that_make_a_hundred_in_one_column_only_are_no_levels() -> None:
    """The second row is of fewer people; that both make 100% with drug A is chance, and with placebo they do not."""
    rows = (*PEOPLE, ("Says that, n (%)", "", ""), ("money is short", "58 (58.0)", "60 (60.0)"))
    assert alarms("Baseline characteristics", (*rows, ("sleep is short", "41 (42.3)", "30 (30.9)"))) == []


def test_levels_that_make_a_hundred_in_each_column_are_of_the_same_people() -> None:
    rows = (
        *PEOPLE,
        ("Asthma, n (%)", "", ""),
        ("mild", "58 (58.0)", "60 (60.0)"),
        ("severe", "42 (42.9)", "40 (40.0)"),
    )
    assert alarms("Baseline characteristics", rows) == [("percentage-of-count", "42 (42.9%)")]


def test_percentages_of_what_may_be_negative_have_no_ends() -> None:
    assert alarms("Outcomes at 12 weeks", [("Lung function (%), mean (SD)", "38.7 (69.0)", "20.3 (18.0)")]) == []
    rows = [("Pain (0-10), mean (SD)", "3.1 (1.2)", "2.4 (12)")]
    assert alarms("Outcomes at 12 weeks", rows) == [("deviation-of-bounded", "2.4")]


def test_a_row_whose_numbers_are_not_read_heads_no_others() -> None:
    """The decimal comma is not read; "n (%)" below must not be taken for means of that row."""
    rows = [
        ("Time (sec), mean (SD)", "8.1 \u00b1 2,9", "8.8 \u00b1 2,0"),
        ("Attempts, n (%)", "", ""),
        ("1", "85 (85.0)", "78 (78.0)"),
        ("2", "15 (15.0)", "22 (22.0)"),
    ]
    assert alarms("Outcomes at 12 weeks", rows) == []
