"""The same trial in every format that databases, registries of papers and publishers give out."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import export_texts as made
import pytest
from conftest import skip_or_fail
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.documents import Document, Refusal, UnreadableDocument
from extractors.pipelines import NotATrial, extract
from extractors.readers import papers, papers_in, read_bytes
from kg.ingest import ingest
from kg.reading import standard_reading
from kg.store import Store
from server.app import create_app
from server.settings import Settings

ENGLISH = {
    "pubmed": made.PUBMED,
    "medline": made.MEDLINE,
    "ris": made.RIS,
    "web of science": made.WEB_OF_SCIENCE,
    "europepmc": made.EUROPEPMC,
    "europepmc xml": made.EUROPEPMC_XML,
    "tei": made.TEI,
}
CHINESE = {
    "noteexpress": made.NOTEEXPRESS,
    "refworks": made.REFWORKS,
    "endnote": made.ENDNOTE,
    "cnki": made.CNKI,
}
ALL = {**ENGLISH, **CHINESE}


def first(text: str) -> Document:
    found = next(papers_in(text.encode(), "export.txt"))
    assert isinstance(found, Document), found
    return found


@pytest.mark.parametrize("name", ALL)
def test_the_records_own_fields_identify_the_paper(name: str) -> None:
    found = first(ALL[name])
    about = found.metadata
    assert about.doi == made.DOI
    assert about.year == 2021
    assert about.titles[0][1] == (made.TITLE if name in ENGLISH else made.CHINESE_TITLE)
    assert about.citation is not None
    assert about.citation.endswith("2021;7(2):11-19")
    assert about.authors
    assert found.id.startswith("doi-10.5555-lamp.2021.7-")


@pytest.mark.parametrize("name", ALL)
def test_abstracts_keep_their_parts_and_offsets(name: str) -> None:
    found = first(ALL[name])
    parts = {section.role: found.text[section.start : section.end] for section in found.sections if section.in_abstract}
    assert {"background", "methods", "results", "conclusion"} <= set(parts)
    assert "0.62" in parts["results"]
    assert "120" in parts["methods"]


@pytest.mark.parametrize("name", ALL)
def test_facts_are_the_same_in_every_format(name: str) -> None:
    found = first(ALL[name])
    facts = extract(found, models=False)[0]
    (contrast,) = facts.contrasts
    assert (contrast.measure, str(contrast.value.value)) == ("HR", "0.62")
    for piece in contrast.evidence:
        assert found.text[piece.start : piece.end] == piece.quote
    assert sorted(arm.size.value for arm in facts.arms if arm.size) == [60, 60]


@pytest.mark.parametrize("name", ["pubmed", "medline"])
def test_registry_numbers_of_the_record_are_the_trials_own(name: str) -> None:
    (facts, *_) = extract(first(ENGLISH[name]), models=False)
    assert [(found.identifier, found.role) for found in facts.registrations] == [(made.NUMBER, "own")]


def test_a_chinese_abstract_in_pubmed_is_read_beside_the_english() -> None:
    found = first(made.PUBMED)
    assert found.languages == ("en", "zh")
    assert found.metadata.titles == (("en", made.TITLE), ("zh", made.CHINESE_TITLE))


@pytest.mark.parametrize("name", ["pubmed", "medline", "ris"])
def test_a_record_without_abstract_is_refused_and_stops_no_other(name: str) -> None:
    good, bad = papers_in(ENGLISH[name].encode(), "export.txt")
    assert isinstance(good, Document)
    assert isinstance(bad, Refusal)
    assert "no abstract" in bad.reason
    assert bad.source in {"export.txt#99000002", "export.txt#A letter on lamps"}


TYPED = "PT  - Randomized Controlled Trial"


@pytest.mark.parametrize(
    ("types", "reason"),
    [
        ("PT  - Journal Article\nPT  - Meta-Analysis", "review of studies"),
        ("PT  - Systematic Review", "review of studies"),
        ("PT  - Published Erratum", "notice on another paper"),
        ("PT  - Letter", "notice on another paper"),
    ],
)
def test_what_the_database_calls_no_trial_is_none(types: str, reason: str) -> None:
    with pytest.raises(NotATrial, match=reason):
        extract(first(made.MEDLINE.replace(TYPED, types)), models=False)


def test_what_the_database_calls_a_trial_is_one() -> None:
    words = (
        "Women drank tea each morning. They slept longer than before, by their own account and by that of their " * 3
    )
    text = f"PMID- 99000003\nTI  - Tea and sleep\n{TYPED}\nAB  - {words}\n"
    assert extract(first(text), models=False)
    with pytest.raises(NotATrial):
        extract(first(text.replace(TYPED, "PT  - Journal Article")), models=False)


SLEEP = "Women were 40 to 60 years old and slept longer than before, by their own account (P = 0.03). " * 3


@pytest.mark.parametrize(
    ("sentence", "filling"),
    [
        ("The purpose of this single-group clinical trial was to see whether tea makes women sleep longer.", SLEEP),
        (
            "In a crossover study, women received green tea or placebo for a week each. "
            "Sleep was longer with green tea than with placebo.",
            SLEEP,
        ),
        ("本临床试验旨在观察晨间饮茶对女性睡眠的影响。", "女性晨间饮茶后睡眠时间较前延长（P=0.03）。" * 6),
    ],
)
def test_a_study_that_calls_itself_a_trial_or_lets_people_change_over_is_one(sentence: str, filling: str) -> None:
    assert extract(read_bytes(f"Tea\n\n{sentence} {filling}\n".encode(), "tea.txt"), models=False)
    with pytest.raises(NotATrial):
        extract(read_bytes(f"Tea\n\n{filling}{filling}\n".encode(), "tea.txt"), models=False)


def test_an_abstract_with_the_headings_of_a_review_is_one() -> None:
    with pytest.raises(NotATrial, match="review of studies"):
        extract(first(made.PUBMED.replace('Label="METHODS"', 'Label="SEARCH STRATEGY"')), models=False)


def test_tables_and_references_of_tei_are_kept() -> None:
    found = first(made.TEI)
    (table,) = found.tables
    assert (table.label, table.caption) == ("Table 1", "Attacks by arm")
    assert [cell.text for cell in table.cells] == ["Outcome", "Bright", "Dim", "Attacks", "12 (20%)", "21 (35%)"]
    assert all(found.text[cell.start : cell.end] == cell.text for cell in table.cells)
    assert [(entry.number, entry.text) for entry in found.references] == [(1, "Lamps and lungs, B Fern, J Lamps, 2019")]


def test_an_archive_gives_the_papers_of_its_files() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("b/refs.ris", made.RIS)
        archive.writestr("a.xml.gz", gzip.compress(made.PUBMED.encode()))
        archive.writestr("__MACOSX/a.xml", "nothing")
        archive.writestr("empty.txt", "")
    found = list(papers_in(packed.getvalue(), "papers.zip"))
    assert [(paper.source, isinstance(paper, Document)) for paper in found] == [
        ("papers.zip/a.xml.gz", False),
        ("papers.zip/b/refs.ris#10.5555/lamp.2021.7", True),
        ("papers.zip/b/refs.ris#A letter on lamps", False),
        ("papers.zip/empty.txt", False),
    ]
    assert "archive within an archive" in found[0].reason  # type: ignore[union-attr]


def test_a_gzip_file_is_the_file_within() -> None:
    found = read_bytes(gzip.compress(made.NOTEEXPRESS.encode("gb18030")), "export.net.gz")
    assert found.source == f"export.net.gz#{made.DOI}"


def test_an_archive_may_not_unpack_to_more_than_its_share() -> None:
    (bomb,) = papers_in(gzip.compress(b" " * 1_000_000), "bomb.txt.gz", max_bytes=10_000)
    assert isinstance(bomb, Refusal)
    assert "give it in parts" in bomb.reason


def test_entities_are_never_expanded() -> None:
    laughs = made.PUBMED.replace('"https://dtd.nlm.nih.gov/x.dtd">', '"x" [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>')
    with pytest.raises(UnreadableDocument, match="entities"):
        read_bytes(laughs.encode(), "laughs.xml")


PAGE = (
    (60.0, 760.0, 18.0, "Lamp therapy for winter asthma: a randomised trial"),
    (60.0, 730.0, 9.0, "Journal of Lamps 2021; 7: 11-19. doi: 10.5555/lamp.2021.7"),
    (60.0, 700.0, 12.0, "Abstract"),
    (60.0, 680.0, 10.0, "Methods: We randomly assigned 120 adults with asthma to a bright"),
    (60.0, 668.0, 10.0, "lamp (n = 60) or a dim lamp (n = 60) for 8 weeks."),
    (60.0, 640.0, 10.0, "Results: The hazard ratio for a first attack was 0.62 (95% CI"),
    (60.0, 628.0, 10.0, "0.41-0.94; P = 0.02)."),
    (60.0, 600.0, 10.0, "Conclusions: A bright lamp delayed attacks in adults with winter asthma."),
    (330.0, 760.0, 12.0, "Introduction"),
    (330.0, 740.0, 10.0, "Light is cheap and safe, and asthma is common in winter"),
    (330.0, 728.0, 10.0, "months, as earlier work has shown"),
    (487.0, 732.0, 6.0, "3"),
)


def pages() -> bytes:
    """Three pages with a running head; the first has two columns and a raised mark."""
    heads = [(60.0, 785.0, 8.0, f"Moss et al  Lamp therapy  {number}") for number in (11, 12, 13)]
    others = [(60.0, 700.0, 10.0, f"Page {word} says more about what lamps do in winter.") for word in ("two", "three")]
    return made.pdf([[heads[0], *PAGE], [heads[1], others[0]], [heads[2], others[1]]])


def test_a_pdf_is_read_in_the_order_of_its_columns() -> None:
    found = read_bytes(pages(), "lamp.pdf")
    assert found.metadata.titles[0][1].startswith("Lamp therapy for winter asthma")
    assert found.metadata.doi == made.DOI
    assert "bright lamp (n = 60) or a dim lamp" in found.text
    assert "Moss et al" not in found.text
    assert "asthma is common in winter months, as earlier work has shown ^3" in found.text


def test_a_scanned_pdf_is_refused_with_what_to_do() -> None:
    with pytest.raises(UnreadableDocument, match="OCR"):
        read_bytes(made.pdf([[(60.0, 700.0, 10.0, "7")]] * 4), "scan.pdf")


WHOLE = {**{name: text.encode() for name, text in ALL.items()}, "pdf": pages()}


@settings(max_examples=60)
@given(st.binary(max_size=400), st.sampled_from(sorted(WHOLE)))
def test_whatever_follows_the_start_of_an_export_breaks_nothing(rest: bytes, name: str) -> None:
    for paper in papers_in(WHOLE[name][:120] + rest, "anything"):
        assert isinstance(paper, Document | Refusal)


def test_every_collected_file_is_read_or_refused_with_a_reason(shared: Path) -> None:
    folder = shared / "inputs"
    if not folder.is_dir():
        skip_or_fail("needs ../shared/inputs")
    wanted = [file for kind in ("pubmed_xml", "europepmc", "jats", "pdf_tei") for file in (folder / kind).iterdir()]
    wanted += [file for file in (folder / "medline_ris").iterdir() if file.stat().st_size < 500_000]
    read = {file.name: sum(isinstance(paper, Document) for paper in papers(file)) for file in wanted}
    assert read["pyeuropepmc_search_cancer_core.json"] == 21
    assert read["biopython_pubmed_result2.txt"] == 4
    assert read["asreview_scopus.ris"] == 6
    assert read["tidypmc_PMC6358576_PMC6358589_two_articles.xml"] == 10
    assert all(count == 1 for name, count in read.items() if name.endswith((".pdf", ".tei.xml")))


@pytest.mark.parametrize(
    ("old", "new"),
    [(TYPED, f"{TYPED}\nPT  - Retracted Publication"), (made.TITLE.split()[0], f"RETRACTED: {made.TITLE.split()[0]}")],
)
def test_a_retracted_paper_says_so_on_its_pages(tmp_path: Path, old: str, new: str) -> None:
    (tmp_path / "paper.nbib").write_text(made.MEDLINE.replace(old, new, 1), encoding="utf-8")
    report = ingest(Store.open(tmp_path / "data"), [tmp_path / "paper.nbib"], reading=standard_reading())
    assert report.new == 1
    with TestClient(create_app(Settings(data=tmp_path / "data"))) as visitor:
        for language, words in (("en", "This paper has been retracted."), ("zh", "本文已被撤稿")):
            trial = visitor.get(f"/{language}/trial/{made.NUMBER}").text
            assert words in trial
        paper = visitor.get("/en/report/doi-10.5555-lamp.2021.7-record").text
        assert "must not be used" in paper
