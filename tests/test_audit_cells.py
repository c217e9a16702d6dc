"""Failed checks of cells say where the cell stands: its table, its row and its column, in both languages."""

from __future__ import annotations

import json

from extractors.documents import Document
from extractors.readers import read_bytes
from kg.audit.checks import Check, Labelled
from kg.audit.paper import audit
from kg.reading import extract
from server.auditing import AuditedPaper, as_json, as_page, as_text

ROWS = (
    ("Women, n (%)", "30 (50.0)", "29 (50.0)"),
    ("Smokers, n (%)", "15 (25.0)", "13 (22.4)"),
    ("Asthma step", "", "", "0.42"),
    ("Step 2", "12 (20.0)", "11 (19.0)"),
    ("Step 3", "30 (51.0)", "29 (50.0)"),
    ("Step 4", "18 (30.0)", "18 (31.0)"),
)
ARTICLE = (
    "<article><front><article-meta><title-group><article-title>Drug A for asthma: a randomised controlled trial"
    "</article-title></title-group><abstract><sec><title>Methods</title><p>We randomly assigned 118 adults with asthma "
    "to drug A (n = 60) or placebo (n = 58) for 12 weeks.</p></sec><sec><title>Results</title><p>Attacks were fewer "
    "with drug A than with placebo.</p></sec></abstract></article-meta></front>"
    "<body><sec><title>Methods</title><p>The primary endpoint was the attack rate.</p></sec><sec><title>Results</title>"
    "<p>All patients were analysed, and {prose} were men.</p><table-wrap>{label}"
    "<caption><p>Baseline characteristics</p></caption><table><thead><tr><th></th><th>Drug A (n = 60)</th>"
    "<th>Placebo (n = 58)</th><th>P value</th></tr></thead><tbody>{rows}</tbody></table></table-wrap></sec></body>"
    "</article>"
)
LABEL = "<label>Table 1</label>"


def article(label: str = LABEL, prose: str = "half") -> Document:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>" for cells in ROWS)
    return read_bytes(ARTICLE.format(label=label, rows=rows, prose=prose).encode(), "paper.nxml")


def failed(document: Document) -> list[Check]:
    return [one for one in audit(document, extract(document)).checks if one.verdict == "inconsistent"]


def test_a_failed_cell_is_named_by_table_row_and_column() -> None:
    (wrong,) = failed(article())
    assert wrong.kind == "percentage-of-count"
    assert wrong.inputs[0].cell == Labelled("Table 1", ("Asthma step", "Step 3"), ("Drug A (n = 60)",))
    place = "stands in Table 1, row “Asthma step: Step 3”, column “Drug A (n = 60)”."
    assert wrong.explanation("en").endswith(f"“30 (51.0%)” {place}")
    assert wrong.explanation("zh").endswith("见Table 1，行“Asthma step: Step 3”，列“Drug A (n = 60)”。")


def test_a_table_without_a_label_is_a_table() -> None:
    (wrong,) = failed(article(label=""))
    assert "stands in a table, row" in wrong.explanation("en")
    assert "见表格，行" in wrong.explanation("zh")


def test_every_form_of_the_report_names_the_cell() -> None:
    paper = AuditedPaper("paper.nxml", "Drug A", tuple(failed(article())))
    assert "row “Asthma step: Step 3”" in as_text(paper, "en")
    assert "列“Drug A (n = 60)”" in as_page([paper], "zh")
    (check,) = json.loads(as_json(paper))["checks"]
    assert check["inputs"][0]["cell"] == {
        "table": "Table 1",
        "row": ["Asthma step", "Step 3"],
        "column": ["Drug A (n = 60)"],
    }


def test_what_stands_in_a_sentence_has_no_cell() -> None:
    document = article(prose="21 of 58 (36.9%) people on placebo")
    cells = {one.inputs[0].text: one.inputs[0].cell for one in failed(document)}
    assert cells["21 (36.9%)"] is None
