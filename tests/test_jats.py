"""Articles in JATS XML: their parts, their text, their tables, and files made to do harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.documents import Document, Table, UnreadableDocument
from extractors.readers import read_bytes

FRONT = (
    "<front><journal-meta><journal-title>Trials of Things</journal-title></journal-meta><article-meta>"
    '<article-id pub-id-type="doi">10.1000/things.7</article-id><article-id pub-id-type="pmid">31234567</article-id>'
    "<title-group><article-title>Drug A for asthma: a randomised controlled trial</article-title></title-group>"
    '<contrib-group><contrib contrib-type="author"><name><surname>Li</surname><given-names>Mei</given-names></name>'
    "</contrib></contrib-group><pub-date><year>2019</year></pub-date><volume>4</volume><fpage>12</fpage>"
    "<lpage>19</lpage><abstract><sec><title>Methods</title><p>We randomly assigned 120 adults with asthma to drug A or "
    "placebo for 12 weeks in two hospitals.</p></sec><sec><title>Results</title><p>Attacks were fewer with drug A than "
    "with placebo (hazard ratio 0.70, 95% CI 0.50-0.98).</p></sec></abstract></article-meta></front>"
)
BODY = (
    "<sec><title>Materials and methods</title><sec><title>Results of the pilot</title><p>Sixty were planned.</p></sec>"
    "</sec><sec><title>3. Results</title><p>In all, 118<sup>a</sup> were analysed <xref ref-type='bibr'>[4]</xref> and "
    "the count was 10<sup>3</sup> higher<sup><xref ref-type='bibr'>5</xref>,<xref ref-type='bibr'>6</xref></sup>."
    "{table}</p><p>No one died.</p></sec>"
    "<sec><title>Discussion</title><p>Others saw this too.</p><sec><title>Conclusion</title><p>Drug A helps.</p></sec>"
    "</sec>"
)
BACK = (
    "<back><ref-list><ref><label>1</label><mixed-citation>Roe J. Asthma. 2001.</mixed-citation></ref></ref-list></back>"
)
WRAP = (
    "<table-wrap><label>Table 1.</label><caption><p>Attacks</p></caption><table>{rows}</table>"
    "<table-wrap-foot><p>Numbers are people.</p></table-wrap-foot></table-wrap>"
)


def article(table: str = "", body: str = BODY, head: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{head}<article>{FRONT}<body>{body.format(table=table)}</body>{BACK}</article>'.encode()
    )


def table_of(rows: str) -> tuple[Document, Table]:
    document = read_bytes(article(WRAP.format(rows=rows)), "paper.nxml")
    return document, document.tables[0]


def texts(table: Table) -> dict[tuple[int, int], str]:
    return {(cell.row, cell.column): cell.text for cell in table.cells}


def test_parts_get_the_roles_of_their_titles_and_nested_ones_that_of_the_part_around() -> None:
    document = read_bytes(article(), "paper.nxml")
    found = [(s.role, s.in_abstract, document.text[s.start : s.end][:20]) for s in document.sections]
    assert found == [
        ("title", True, "Drug A for asthma: a"),
        ("methods", True, "We randomly assigned"),
        ("results", True, "Attacks were fewer w"),
        ("methods", False, "Sixty were planned."),
        ("results", False, "In all, 118^a were a"),
        ("discussion", False, "Others saw this too."),
        ("conclusion", False, "Drug A helps."),
        ("references", False, "Roe J. Asthma. 2001."),
    ]
    assert document.kind == "article"
    assert document.reader == "jats"
    assert document.id == "doi-10.1000-things.7-article"


def test_the_front_matter_identifies_the_report() -> None:
    found = read_bytes(article(), "paper.nxml").metadata
    assert found.authors == ("Mei Li",)
    assert (found.doi, found.pmid, found.year) == ("10.1000/things.7", "31234567", 2019)
    assert found.citation == "Trials of Things. 2019;4:12-19"


def test_marks_and_powers_are_kept_apart_from_numbers() -> None:
    text = read_bytes(article(), "paper.nxml").text
    assert "118^a were analysed [4] and the count was 10^3 higher [5,6]." in text


def test_spans_are_resolved_and_offsets_point_into_the_text() -> None:
    document, table = table_of(
        "<thead><tr><th rowspan='2'/><th colspan='2'>Drug A</th></tr><tr><th>n</th><th>%</th></tr></thead>"
        "<tbody><tr><td>Attack</td><td>12</td><td>20<sup>b</sup></td></tr></tbody>"
    )
    assert texts(table) == {(0, 1): "Drug A", (1, 1): "n", (1, 2): "%", (2, 0): "Attack", (2, 1): "12", (2, 2): "20^b"}
    assert table.header_rows == 2
    assert (table.label, table.caption, table.footnotes) == ("Table 1", "Attacks", ("Numbers are people.",))
    assert document.text[table.start : table.end].splitlines()[1:] == [
        "\tDrug A",
        "\tn\t%",
        "Attack\t12\t20^b",
        "Numbers are people.",
    ]
    assert all(document.text[cell.start : cell.end] == cell.text for cell in table.cells)


def test_spans_past_the_end_are_cut_there() -> None:
    _, table = table_of("<tr><td rowspan='99' colspan='100000'>A</td></tr><tr><td>B</td></tr>")
    assert [(cell.row_span, cell.column_span) for cell in table.cells] == [(2, 80)]
    _, table = table_of("<tr><td rowspan='-1' colspan='x'>A</td><td rowspan='9'>B</td></tr><tr><td>C</td></tr>")
    assert [(c.row, c.column, c.row_span, c.column_span) for c in table.cells] == [
        (0, 0, 1, 1),
        (0, 1, 2, 1),
        (1, 0, 1, 1),
    ]


def test_a_row_whose_cells_hold_as_many_lines_each_is_as_many_rows() -> None:
    _, table = table_of(
        "<tr><td>Sex<break/>Male<break/>Female</td><td><break/>30<break/>31</td><td><p>32</p><p>33</p></td></tr>"
        "<tr><td>Age,<break/>years</td><td>41</td><td>42</td></tr>"
    )
    assert texts(table) == {
        (0, 0): "Sex",
        (1, 0): "Male",
        (1, 1): "30",
        (1, 2): "32",
        (2, 0): "Female",
        (2, 1): "31",
        (2, 2): "33",
        (3, 0): "Age, years",
        (3, 1): "41",
        (3, 2): "42",
    }


def test_tables_without_a_body_and_pictures_are_kept_and_say_so() -> None:
    for inside in ("<graphic href='t1.jpg'/>", "<table/>", "<table><tbody><tr><td/></tr></tbody></table>", ""):
        wrap = f"<table-wrap><label>Table 1</label><caption><p>Attacks</p></caption>{inside}</table-wrap>"
        document = read_bytes(article(wrap), "paper.nxml")
        assert [(t.label, t.is_picture, t.cells) for t in document.tables] == [("Table 1", True, ())]


def test_a_table_within_a_cell_is_not_read_into_the_cell() -> None:
    _, outer = table_of("<tr><td>A</td><td>1<table><tr><td>99</td></tr></table></td></tr><tr><td>B</td><td>2</td></tr>")
    assert texts(outer) == {(0, 0): "A", (0, 1): "1", (1, 0): "B", (1, 1): "2"}


def test_named_characters_are_known() -> None:
    head = '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS v1.0//EN" "journalarchiving.dtd">'
    body = BODY.replace("No one died.", "Some 5&nbsp;&plusmn;&nbsp;2 people died &amp; were missed.")
    assert "Some 5 ± 2 people died & were missed." in read_bytes(article(body=body, head=head), "paper.nxml").text


LAUGHS = '<!DOCTYPE article [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE article [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (article(head=LAUGHS), "entities"),
        (article(head=OUTSIDE), "entities"),
        (article()[:-20], "malformed"),
        (article().replace(b"</sec>", b"", 1), "malformed"),
        (article(body=BODY.replace("Sixty", "&unknown;")), "malformed"),
        (article("<list><list-item>" * 3000 + "</list-item></list>" * 3000), "nests"),
        (b"<article><body/></article>", "no abstract"),
        (article() + b" " * 21_000_000, "20 MiB"),
    ],
)
def test_harmful_and_broken_files_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason):
        read_bytes(data, "paper.nxml")


CELLS = st.builds(
    lambda text, down, right: f"<td rowspan='{down}' colspan='{right}'>{text}</td>",
    st.text(alphabet="ab1 \u0661\u05d0\u0301", max_size=6),
    st.integers(-2, 9),
    st.integers(-2, 9),
)


@given(st.lists(st.lists(CELLS, max_size=5), min_size=1, max_size=6))
def test_any_grid_keeps_its_cells_apart_and_in_the_text(rows: list[list[str]]) -> None:
    document, table = table_of("".join(f"<tr>{''.join(row)}</tr>" for row in rows))
    places = [
        (cell.row + down, cell.column + right)
        for cell in table.cells
        for down in range(cell.row_span)
        for right in range(cell.column_span)
    ]
    assert len(places) == len(set(places))
    assert all(row < len(rows) for row, _ in places)
    assert all(document.text[cell.start : cell.end] == cell.text for cell in table.cells)
