"""What the readers make of records, abstracts and articles: sections, languages, metadata, tables, references."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.documents import Document, Section, UnreadableDocument
from extractors.readers import read, read_bytes
from extractors.readers.headings import role_of
from extractors.readers.identity import acronyms, doi
from extractors.readers.language import language_of

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.txt"))

BACKGROUND = "It is unknown whether drug A helps people with asthma, which is common."
METHODS = "We randomly assigned adults with asthma to drug A or placebo for 12 weeks and counted their attacks."
RESULTS = "Of 120 adults, 60 had drug A. Attacks fell (RR 0.70, 95% CI 0.50 to 0.98; P = 0.04)."
CONCLUSION = "Drug A reduced the number of attacks in adults with asthma."
TITLE = "Drug A for asthma in adults: a randomised controlled trial"

TITLE_ZH = "药物A治疗成人哮喘的随机对照试验"
BACKGROUND_ZH = "探讨药物A对成人哮喘患者的治疗作用及其安全性。"
METHODS_ZH = "将120例成人哮喘患者按随机数字表法分为药物A组和安慰剂组,各60例,连续治疗12周,主要终点为急性发作次数。"
RESULTS_ZH = "药物A组发作次数少于安慰剂组(RR 0.70,95%CI 0.50～0.98,P=0.04),两组不良反应相近。"
CONCLUSION_ZH = "药物A可减少成人哮喘的急性发作。"


def text_of(document: Document, section: Section) -> str:
    return document.text[section.start : section.end]


def roles(document: Document) -> list[str]:
    return [section.role for section in document.sections]


def parts(document: Document, role: str) -> list[str]:
    return [text_of(document, section) for section in document.sections if section.role == role]


def parse(text: str, name: str = "paper.txt") -> Document:
    return read_bytes(text.encode("utf-8"), name)


FOUR = ["background", "methods", "results", "conclusion"]


def labelled(title: str, headings: str, sign: str = ": ", between: str = "\n", after_title: str = "\n\n") -> str:
    """The abstract with the headings given, in Chinese where the title is."""
    texts = (BACKGROUND, METHODS, RESULTS, CONCLUSION)
    if title == TITLE_ZH:
        texts = (BACKGROUND_ZH, METHODS_ZH, RESULTS_ZH, CONCLUSION_ZH)
    pairs = zip(headings.split("|"), texts, strict=True)
    return title + after_title + between.join(f"{heading}{sign}{text}" for heading, text in pairs)


UPPER = "BACKGROUND|METHODS|RESULTS|CONCLUSIONS"
ZH = "目的|方法|结果|结论"
LABELLED = {
    "capitals and colon": labelled(TITLE, UPPER),
    "run together": labelled(TITLE, UPPER, between=" ", after_title=". "),
    "full stop": labelled(TITLE, "Background|Methods|Results|Conclusions", ". "),
    "no sign": labelled(TITLE, "Background|Methods|Results|Conclusion", " "),
    "dash": labelled(TITLE, "BACKGROUND|METHODS|RESULTS|CONCLUSION", "—"),
    "own lines": labelled(TITLE, "Purpose|Patients and Methods|Results|Conclusion", "\n", "\n\n"),
    "markdown": labelled(f"# {TITLE}", "**Background:**|**Methods:**|**Results:**|**Conclusions:**", " ", "\n\n"),
    "numbered": labelled(TITLE, "1. Introduction|2. Methods|3. Results|4. Conclusions", "\n"),
    "windows lines": labelled(TITLE, "Objective|Design|Findings|Interpretation", between="\r\n", after_title="\r\n"),
    "brackets": labelled(TITLE_ZH, "【目的】|【方法】|【结果】|【结论】", "", ""),
    "summary in brackets": labelled(TITLE_ZH, ZH, "：", "", "\n【摘要】"),
    "Chinese colon": labelled(TITLE_ZH, ZH, ":"),
    "Chinese blank": labelled(TITLE_ZH, ZH, "\u3000"),
    "Chinese glued": labelled(TITLE_ZH, ZH, "", ""),
    "spaced characters": labelled(TITLE_ZH, "目 的|方 法|结 果|结 论", "："),
}


@pytest.mark.parametrize("text", LABELLED.values(), ids=LABELLED.keys())
def test_headings_of_abstracts_give_roles(text: str) -> None:
    document = parse(text)
    assert roles(document) == ["title", *FOUR]
    assert all(section.in_abstract for section in document.sections)
    chinese = language_of(text) == "zh"
    assert document.languages == (("zh",) if chinese else ("en",))
    assert document.metadata.titles[0][1] == (TITLE_ZH if chinese else TITLE)
    assert parts(document, "results") == [RESULTS_ZH if chinese else RESULTS]
    assert parts(document, "conclusion") == [CONCLUSION_ZH if chinese else CONCLUSION]


def test_a_colon_in_a_sentence_is_no_heading() -> None:
    results = "Three outcomes improved. Primary outcome: attacks fell by 30%. Treatment: 60 of 60 completed it."
    document = parse(f"{TITLE}\n\nMethods: {METHODS}\nResults: {RESULTS} {results}\nConclusions: {CONCLUSION}")
    assert parts(document, "results") == [f"{RESULTS} {results}"]


def test_a_heading_over_methods_and_results_leaves_the_role_open() -> None:
    document = parse(
        f"{TITLE}\n\nBackground: {BACKGROUND}\nMethods and results: {METHODS} {RESULTS}\nConclusions: {CONCLUSION}"
    )
    assert roles(document) == ["title", "background", "abstract", "conclusion"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"{TITLE}. {METHODS} {RESULTS} {CONCLUSION}", TITLE),
        (f"{TITLE}\n{METHODS} {RESULTS} {CONCLUSION}", TITLE),
        (f"Title: {TITLE}\n\nAbstract\n{METHODS} {RESULTS} {CONCLUSION}", TITLE),
        (f"<b>{TITLE}</b>\n\n{METHODS} {RESULTS} {CONCLUSION}", TITLE),
        (f"Drug A vs. placebo for asthma. {METHODS} {RESULTS} {CONCLUSION}", "Drug A vs. placebo for asthma"),
        (f"{TITLE_ZH}。{METHODS_ZH}{RESULTS_ZH}{CONCLUSION_ZH}", TITLE_ZH),
        (f"题目：{TITLE_ZH}\n摘要：{METHODS_ZH}{RESULTS_ZH}{CONCLUSION_ZH}", TITLE_ZH),
        (f"{METHODS} {RESULTS} {CONCLUSION} {BACKGROUND}", None),
    ],
)
def test_titles(text: str, title: str | None) -> None:
    document = parse(text)
    assert [words for _, words in document.metadata.titles] == ([title] if title else [])
    assert "".join(parts(document, "abstract")).endswith((CONCLUSION, CONCLUSION_ZH, BACKGROUND))


RECORD = f"""{TITLE}
García-López M, van der Berg JH, O'Neill P
Department of Medicine, University of Somewhere, Somewhere, UK.
J Trials. 2021 Mar 4;12(3):45-51. doi: 10.1000/abc(21)001-2. Epub 2021 Feb 1.
{BACKGROUND}
{METHODS}
{RESULTS}
{CONCLUSION}
ISRCTN Registry (ISRCTN12345678).
{TITLE_ZH}
{BACKGROUND_ZH}
{METHODS_ZH}
{RESULTS_ZH}
{CONCLUSION_ZH}
ISRCTN12345678。
"""


def test_a_bilingual_record() -> None:
    document = parse(RECORD)
    assert [(section.role, section.language) for section in document.sections] == [
        ("title", "en"),
        ("authors", "en"),
        ("affiliations", "en"),
        ("citation", "en"),
        *((role, "en") for role in FOUR),
        ("registration", "en"),
        ("title", "zh"),
        *((role, "zh") for role in FOUR),
        ("registration", "zh"),
    ]
    outside = {section.role for section in document.sections if not section.in_abstract}
    assert outside == {"authors", "affiliations", "citation"}
    found = document.metadata
    assert found.titles == (("en", TITLE), ("zh", TITLE_ZH))
    assert found.authors == ("García-López M", "van der Berg JH", "O'Neill P")
    assert (found.journal, found.year, found.doi) == ("J Trials", 2021, "10.1000/abc(21)001-2")
    assert document.id == "doi-10.1000-abc-21-001-2-record"
    assert (document.kind, document.reader, document.source) == ("record", "plain", "paper.txt")


def test_unlabelled_paragraphs_stay_unlabelled_where_numbers_do_not_tell_them_apart() -> None:
    document = parse(RECORD.replace(BACKGROUND, f"{BACKGROUND} Its prevalence is 5.2%."))
    assert [section.role for section in document.sections if section.language == "en"].count("abstract") == 4


PUBMED = """1. J Trials. 2021 Mar;12(3):45-51. doi: 10.1000/abc. Epub
2021 Feb 1.

Drug A for asthma in adults who have had an attack in the last year: a randomised
controlled trial.

Smith J(1), Jones KL(2), Brown AB(1)(2).

Author information:
(1)Department of Medicine, University of Somewhere, UK. jsmith@example.org.
(2)Institute of Things, Elsewhere.

Comment in
    J Trials. 2021 Dec;12(12):1-2.

BACKGROUND: It is unknown whether drug A helps people with asthma, which is
common.
METHODS: We randomly assigned adults with asthma to drug A or placebo. The number
of attacks in the twelve weeks of treatment that followed was the primary
endpoint.
RESULTS: Of 120 adults, 60 had drug A. Attacks fell (RR 0.70, 95% CI 0.50 to
0.98; P = 0.04). Sixty had placebo.
CONCLUSIONS: Drug A reduced the number of attacks.
TRIAL REGISTRATION: ClinicalTrials.gov NCT01234567.

© 2021. The Authors.

DOI: 10.1000/abc
PMID: 31234567 [Indexed for MEDLINE]
"""


def test_pubmed_text() -> None:
    document = parse(PUBMED)
    assert roles(document) == [
        "citation",
        "title",
        "authors",
        "affiliations",
        "affiliations",
        "other",
        "other",
        *FOUR,
        "registration",
        "other",
        "citation",
        "citation",
    ]
    found = document.metadata
    assert found.titles[0][1].startswith("Drug A for asthma in adults who have had an attack in the last year: a")
    assert found.authors == ("Smith J", "Jones KL", "Brown AB")
    assert (found.pmid, found.doi, found.journal, found.year) == ("31234567", "10.1000/abc", "J Trials", 2021)
    assert parts(document, "methods")[0].endswith("was the primary\nendpoint.")


def test_pmid_identifies_where_there_is_no_doi() -> None:
    text = re.sub(r"(?m)doi: \S+|^DOI: .*$", "", PUBMED)
    assert parse(text).id == "pmid-31234567-record"


def test_a_title_identifies_where_there_is_no_number() -> None:
    first = parse(f"{TITLE}\n\n{METHODS} {RESULTS} {CONCLUSION}")
    second = parse(f"{TITLE.upper()}.\r\n\r\n{METHODS} {RESULTS} {CONCLUSION} {BACKGROUND}")
    assert first.id == second.id
    assert re.fullmatch(r"text-[0-9a-f]{16}-record", first.id)


ARTICLE = f"""RESEARCH ARTICLE

{TITLE} (AIR-2, ABC12-34)

Jane Smith¹, Karl L. Jones² and Ann Brown¹,²

¹Department of Medicine, University of Somewhere, UK. ²Institute of Things, Elsewhere.

© 2021 The Authors

Abstract

Background {BACKGROUND}
Methods {METHODS}
Results {RESULTS}
Conclusions {CONCLUSION}
Trial registration ISRCTN12345678

Journal of Trials (2021) 12:45-51; https://doi.org/10.1000/abc

Introduction

Asthma is a common disease and its attacks are dangerous [1]. Few treatments prevent them, and

Smith et al.

none of them does so in all patients [2, 3]. We therefore studied drug A in a randomised trial.

Methods

Participants

Adults with asthma took part if they had had an attack. They gave written consent to their participation.
{"Visits took place every two weeks, and the participants kept a diary in between. " * 12}

Primary outcome

The primary outcome was the number of attacks. Table 1 shows what was measured and at which visits it was.

Ethics approval

The committee of the university approved the trial before its start, under the number 12/345.

Statistical analysis

We used Poisson regression with robust errors and report risk ratios with their confidence intervals.

Results

45

Of 150 adults who were screened, 120 were randomised. The groups were alike at the start of treatment.

Table 1. Characteristics of the participants

Characteristic\tDrug A (n = 60)\tPlacebo (n = 60)
Age, mean (SD)\t41.2 (11.0)\t40.9 (12.1)
Female, n (%)\t31 (52)\t29 (48)

Attacks

Attacks were fewer with drug A (risk ratio 0.70, 95% CI 0.50 to 0.98, P = 0.04) than they were with placebo.

| Subgroup | Risk ratio |
|---|---|
| Men | 0.66 (0.40-1.09) |
| Women | 0.74 (0.45-1.20) |

Figure 2. Forest plot of the attacks by sex.

Discussion

Drug A reduced attacks in this trial, as it had in an earlier one (NCT07654321). The results of others agree.

Limitations

The trial was small and short. Whether the effect lasts for more than twelve weeks remains to be seen by others.

Conclusion

Drug A may be offered to adults with asthma who have had an attack in the course of the last year.

Funding

The University of Somewhere paid for the trial.

Competing interests

None declared.

References

1. Roe R. Asthma. J Asthma. 2001;1:2-3.
2. Doe D, Poe P. Attacks of asthma and what
they mean. J Asthma. 2002;2:3-4. doi:10.1000/xyz(02)1.

Journal of Trials (2021) 12:45-51

3. Coe C. Prevention. J Asthma. 2003;3:4-5. https://doi.org/10.1000/123.

Acknowledgements

We thank all those who took part.
"""


@pytest.fixture(scope="module")
def article() -> Document:
    return parse(ARTICLE, "article.txt")


def test_an_article_and_its_parts(article: Document) -> None:
    assert (article.kind, article.reader, article.id) == ("article", "article", "doi-10.1000-abc-article")
    assert [text_of(article, section) for section in article.sections if section.in_abstract] == [
        f"{TITLE} (AIR-2, ABC12-34)",
        BACKGROUND,
        METHODS,
        RESULTS,
        CONCLUSION,
        "Trial registration ISRCTN12345678",
    ]
    body = [section for section in article.sections if not section.in_abstract]
    assert [section.heading for section in body if section.role == "methods"] == [
        "Participants",
        "Participants",
        "Primary outcome",
        "Statistical analysis",
    ]
    assert [section.heading for section in body if section.role == "results"] == ["Results", "Attacks"]
    assert [section.heading for section in body if section.role == "discussion"] == ["Discussion", "Limitations"]
    for role in ("conclusion", "ethics", "funding", "conflicts", "references"):
        assert [section.role for section in body].count(role) >= 1


def test_lines_of_the_page_do_not_mix_with_the_prose(article: Document) -> None:
    other = parts(article, "other")
    assert {"Smith et al.", "45", "Journal of Trials (2021) 12:45-51"} <= set(other)
    background = [text for text in parts(article, "background") if text != BACKGROUND]
    assert len(background) == 2
    assert background[0].endswith("prevent them, and")


def test_an_articles_metadata(article: Document) -> None:
    found = article.metadata
    assert found.authors == ("Jane Smith", "Karl L. Jones", "Ann Brown")
    assert (found.journal, found.year, found.doi) == ("Journal of Trials", 2021, "10.1000/abc")
    assert found.acronyms == ("AIR-2", "ABC12-34")


def test_tables_have_cells_and_captions(article: Document) -> None:
    first, second = article.tables
    assert (first.label, first.caption) == ("Table 1", "Characteristics of the participants")
    assert [(cell.row, cell.column, cell.text) for cell in first.cells][3:6] == [
        (1, 0, "Age, mean (SD)"),
        (1, 1, "41.2 (11.0)"),
        (1, 2, "40.9 (12.1)"),
    ]
    assert (second.label, second.caption) == ("Figure 2", "Forest plot of the attacks by sex.")
    assert [cell.text for cell in second.cells if cell.row == 1] == ["Men", "0.66 (0.40-1.09)"]
    prose = " ".join(text for role in FOUR for text in parts(article, role))
    assert "41.2" not in prose
    assert "Table 1 shows what was measured" in prose


def test_references(article: Document) -> None:
    assert [(entry.number, entry.doi) for entry in article.references] == [
        (1, None),
        (2, "10.1000/xyz(02)1"),
        (3, "10.1000/123"),
    ]
    assert article.references[1].text.startswith("Doe D, Poe P. Attacks of asthma and what they mean.")


ARTICLE_ZH = f"""{TITLE_ZH}

张三, 李四, 王小五

某某大学附属医院呼吸科，某市 100000

【摘要】目的 {BACKGROUND_ZH}方法 {METHODS_ZH}结果 {RESULTS_ZH}结论 {CONCLUSION_ZH}

【关键词】哮喘；药物A；随机对照试验

哮喘是一种常见的慢性气道疾病，急性发作可危及生命，目前的治疗手段有限。{"哮喘的患病率逐年升高。" * 40}

1 资料与方法

1.1 一般资料 选取2018年1月至2019年12月收治的成人哮喘患者120例，随机分为两组。{"所有患者均知情同意。" * 30}

1.2 统计学方法 采用统计软件进行分析，计数资料比较采用卡方检验，以P<0.05为差异有统计学意义。

2 结果

两组患者发作次数比较见表1，药物A组少于安慰剂组，差异有统计学意义。{"两组基线资料差异无统计学意义。" * 30}

表1 两组发作次数比较

组别\t例数\t发作次数
药物A组\t60\t1.2±0.4
安慰剂组\t60\t1.8±0.5

3 讨论

本研究结果显示，药物A可减少成人哮喘患者的急性发作，与既往研究结果一致。{"其机制有待进一步研究。" * 60}

参考文献

[1] 赵六. 哮喘的治疗[J]. 某某杂志, 2015, 3(2): 1-5.
[2] 钱七, 孙八. 哮喘的预防[J]. 某某杂志, 2016, 4(1): 6-9.
"""


def test_a_chinese_article() -> None:
    document = parse(ARTICLE_ZH)
    assert document.kind == "article"
    assert document.languages == ("zh",)
    abstract = [section.role for section in document.sections if section.in_abstract]
    assert abstract == ["title", *FOUR]
    body = {(section.role, section.heading) for section in document.sections if not section.in_abstract}
    assert {("methods", "一般资料"), ("methods", "统计学方法"), ("results", "结果"), ("discussion", "讨论")} <= body
    assert parts(document, "background")[-1].startswith("哮喘是一种常见的慢性气道疾病")
    assert document.metadata.authors == ("张三", "李四", "王小五")
    assert [(table.label, table.caption) for table in document.tables] == [("表1", "两组发作次数比较")]
    assert [entry.number for entry in document.references] == [1, 2]


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Main outcomes and measures", "methods"),
        ("Design, Setting, and Participants", "methods"),
        ("CONCLUSIONS AND RELEVANCE", "conclusion"),
        ("Results & Discussion", "results"),
        ("资料与方法", "methods"),
        ("参考文献", "references"),
        ("Research design and methods", "methods"),
        ("The history of the hospital", None),
        ("Acupuncture and quality of life", None),
        ("Treatment and prevention of asthma", None),
        ("某病患者血清水平检测及临床意义", None),
    ],
)
def test_roles_of_headings(label: str, role: str | None) -> None:
    assert role_of(label) == role


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("A against B (JCOG1017, PRIM-BC): a randomised trial", ("JCOG1017", "PRIM-BC")),
        ("A with no surgery at presentation: Protocol MF07-01", ("MF07-01",)),
        ("Outcomes of the Prospective Phase III ABCSG-28 POSYTIVE Trial", ("ABCSG-28", "POSYTIVE")),
        ("Results of a Randomized Clinical Trial (EA2108)", ("EA2108",)),
        ("A in advanced cancer (KCSG LU12-01)", ("KCSG LU12-01",)),
        ("A (E-3193, INT-0142): a trial of the Eastern group", ("E-3193", "INT-0142")),
        ("Tegafur-uracil (TUFT) versus doxorubicin (ACT) in breast cancer", ()),
        ("Palbociclib in HER2-negative breast cancer with BRCA1 mutation", ()),
        ("Acupuncture for dyspnea: a pilot trial [ISRCTN89462491]", ()),
        ("A PHASE III TRIAL OF DRUG A", ()),
        ("A phase-II study of AZD8931, with soluble endoglin (CD105) and FEC (FEC100)", ()),
        ("Adherence in NSABP Trial P-1", ()),
        ("Oncology Group Study JCOG1017 of drug A", ("JCOG1017",)),
        ("Safety of ribociclib in the MONALEESA-2 study", ("MONALEESA-2",)),
        ("前瞻性Ⅲ期ABCSG-28 POSYTIVE试验的结果", ("ABCSG-28", "POSYTIVE")),
    ],
)
def test_acronyms_of_trials(title: str, expected: tuple[str, ...]) -> None:
    assert acronyms([title]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("doi: 10.1016/S1470-2045(15)00135-7. Epub 2015", "10.1016/S1470-2045(15)00135-7"),
        ("(doi:10.1000/xyz).", "10.1000/xyz"),
        ("https://doi.org/10.1097/SLA.0000000000002771.", "10.1097/SLA.0000000000002771"),
        ("DOI：10.3779/j.issn.1009-3419.2010.02.01，共5页", "10.3779/j.issn.1009-3419.2010.02.01"),
        ("10.5 mg of the drug", None),
    ],
)
def test_dois(text: str, expected: str | None) -> None:
    assert doi(text) == expected


def test_the_examples_are_all_here() -> None:
    assert len(EXAMPLES) == 6


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples(path: Path) -> None:
    document = read(path)
    assert document.kind == ("article" if "article" in path.stem else "record")
    assert document.languages == (("en",) if "article" in path.stem else ("en", "zh"))
    for language in document.languages:
        own = [section for section in document.sections if section.in_abstract and section.language == language]
        present = [section.role for section in own if section.role != "title"]
        assert present == [*FOUR, "registration"]
    found = document.metadata
    assert found.doi
    assert found.authors
    assert found.journal
    assert found.year
    assert path.stem == "jcog1017-record" or found.titles


def test_the_example_article(examples: Path) -> None:
    document = read(examples / "jcog1017-article.txt")
    assert [table.label for table in document.tables] == ["Table 1", "Table 2", "Fig. 3"]
    assert [entry.number for entry in document.references] == list(range(1, 16))
    (mention,) = [section for section in document.sections if "NCT06135714" in text_of(document, section)]
    assert mention.role == "discussion"


def wrapped(text: str) -> str:
    """The text as a column of print: every line but those of tables broken at 90 characters."""
    lines = (
        [line] if "\t" in line else textwrap.wrap(line, 90, break_on_hyphens=False) or [""]
        for line in text.splitlines()
    )
    return "\n".join(line for group in lines for line in group)


@pytest.mark.parametrize("change", [wrapped, lambda text: re.sub(r"\n\n+", "\n", text)], ids=["wrapped", "no gaps"])
def test_an_articles_layout_does_not_matter(examples: Path, change: Callable[[str], str]) -> None:
    text = (examples / "jcog1017-article.txt").read_text(encoding="utf-8")
    plain, changed = parse(text), parse(change(text))
    assert changed.id == plain.id
    assert changed.metadata.titles == plain.metadata.titles
    assert changed.metadata.authors == plain.metadata.authors
    assert [table.caption for table in changed.tables] == [table.caption for table in plain.tables]
    assert [entry.text for entry in changed.references] == [entry.text for entry in plain.references]
    outlines = [
        [(section.role, section.heading) for section in document.sections if section.role != "other"]
        for document in (plain, changed)
    ]
    assert outlines[0] == outlines[1]


def test_a_seed_record(shared: Path) -> None:
    document = read(shared / "seeds" / "record.txt")
    assert roles(document) == [
        "authors",
        "affiliations",
        "affiliations",
        "citation",
        *FOUR,
        "registration",
        *FOUR,
        "registration",
    ]
    assert len(document.metadata.authors) == 20


def test_a_seed_article(shared: Path) -> None:
    document = read(shared / "seeds" / "article.txt")
    assert document.id == "doi-10.1038-s41416-025-03097-z-article"
    assert [table.label for table in document.tables] == ["Table 1", "Table 2", "Fig. 3"]
    assert [entry.number for entry in document.references] == list(range(1, 16))
    held = {
        "about 25% of patients with local bleeding": "discussion",
        "HR 0.86, 90% CI 0.68-1.07": "results",
        "corresponding to HR of 0.77": "methods",
        "jRCTs031230439": "discussion",
        "0.538 (0.334–0.868)": "table",
        "¹Okayama University Hospital": "other",
        "continue with the final analysis planned": "discussion",
        "AMED under Grant Numbers": "funding",
        "not recommended for de novo stage IV": "conclusion",
    }
    for words, role in held.items():
        place = document.text.index(words)
        (section,) = [each for each in document.sections if each.start <= place < each.end]
        assert (words, section.role) == (words, role)


def test_every_gold_abstract_is_read(shared: Path) -> None:
    paths = sorted([*shared.glob("gold/dev*/*/??.txt"), *shared.glob("corpora/chinese/*.txt")])
    assert len(paths) >= 80
    for path in paths:
        document = read(path)
        assert document.kind == "record", path
        assert document.languages == (("en",) if path.stem == "en" else ("zh",)), path
        assert len(document.metadata.titles) == 1, path
        assert len(document.metadata.titles[0][1]) < 300, path
        assert set(roles(document)) & {"abstract", "results"}, path
        assert_sound(document)


def assert_sound(document: Document) -> None:
    """Sections lie in the text in order, cells and references where they say, and ids are safe."""
    end = 0
    for section in document.sections:
        assert end <= section.start < section.end <= len(document.text)
        end = section.end
    for table in document.tables:
        for cell in table.cells:
            assert document.text[cell.start : cell.end] == cell.text
            assert table.start <= cell.start
            assert cell.end <= table.end or document.text[table.end : cell.end].isspace()
    for entry in document.references:
        assert 0 <= entry.start < entry.end <= len(document.text)
    assert len({section.id for section in document.sections}) == len(document.sections)
    assert re.fullmatch(r"[A-Za-z0-9._-]+", document.id)


PIECES = [
    *(line for path in EXAMPLES for line in path.read_text(encoding="utf-8").splitlines(keepends=True)),
    *ARTICLE.splitlines(keepends=True),
    *ARTICLE_ZH.splitlines(keepends=True),
    *PUBMED.splitlines(keepends=True),
    "\n",
    "\r\n",
    "\t",
    "| a | b |\n",
    "Table 1\n",
    "表1\n",
    "References\n",
    "DISCUSSION\n",
    "Methods: ",
]


@settings(max_examples=150)
@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        document = parse(text)
    except UnreadableDocument:
        return
    assert_sound(document)


@settings(max_examples=150)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=60))
def test_any_mixture_of_paper_is_read_or_refused(pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        document = parse(text)
    except UnreadableDocument:
        return
    assert document.text == text
    assert_sound(document)
