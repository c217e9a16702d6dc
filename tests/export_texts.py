"""One trial of our own, as the databases of the literature would export it, in each of their formats."""

from __future__ import annotations

import json
import textwrap

TITLE = "Lamp therapy for winter asthma: a randomised controlled trial"
PARTS = {
    "BACKGROUND": "Light may ease winter asthma. We compared a lamp with a dim lamp.",
    "METHODS": "We randomly assigned 120 adults with asthma to a bright lamp (n = 60) or a dim lamp (n = 60) for "
    "8 weeks. The primary endpoint was time to the first attack.",
    "RESULTS": "The hazard ratio for a first attack was 0.62 (95% CI 0.41-0.94; P = 0.02).",
    "CONCLUSIONS": "A bright lamp delayed attacks.",
}
LABELLED = "".join(
    f'<AbstractText Label="{key}" NlmCategory="{key}">{words}</AbstractText>' for key, words in PARTS.items()
)
RUNNING = " ".join(f"{heading}: {words}" for heading, words in PARTS.items())
DOI = "10.5555/lamp.2021.7"
NUMBER = "NCT09999991"

CHINESE_TITLE = "灯光治疗冬季哮喘的随机对照试验"
CHINESE = (
    "目的：比较强光灯与弱光灯对冬季哮喘的疗效。方法：将120例成人哮喘患者随机分为强光灯组（60例）和弱光灯组（60例），治疗8周。"
    "主要终点为首次发作时间。结果：首次发作的风险比为0.62（95%CI 0.41～0.94，P=0.02）。结论：强光灯可推迟发作。"
)

PUBMED = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" "https://dtd.nlm.nih.gov/x.dtd">
<PubmedArticleSet>
<PubmedArticle><MedlineCitation><PMID Version="1">99000001</PMID><Article PubModel="Print">
<Journal><JournalIssue><Volume>7</Volume><Issue>2</Issue><PubDate><Year>2021</Year></PubDate></JournalIssue>
<Title>Journal of Lamps</Title></Journal>
<ArticleTitle>{TITLE}.</ArticleTitle><Pagination><MedlinePgn>11-19</MedlinePgn></Pagination>
<ELocationID EIdType="doi" ValidYN="Y">{DOI}</ELocationID>
<Abstract>{LABELLED}</Abstract>
<AuthorList><Author><LastName>Moss</LastName><ForeName>Ada</ForeName></Author>
<Author><CollectiveName>The Lamp Group</CollectiveName></Author></AuthorList>
<Language>chi</Language>
<DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>
<AccessionNumber>{NUMBER}</AccessionNumber></AccessionNumberList></DataBank>
<DataBank><DataBankName>GENBANK</DataBankName><AccessionNumberList><AccessionNumber>AB123456</AccessionNumber>
</AccessionNumberList></DataBank></DataBankList>
<VernacularTitle>{CHINESE_TITLE}</VernacularTitle></Article>
<OtherAbstract Type="Publisher" Language="chi"><AbstractText>{CHINESE}</AbstractText></OtherAbstract>
</MedlineCitation></PubmedArticle>
<PubmedArticle><MedlineCitation><PMID>99000002</PMID><Article><ArticleTitle>A letter on lamps</ArticleTitle></Article>
</MedlineCitation></PubmedArticle>
</PubmedArticleSet>
"""


def _wrapped(words: str) -> str:
    return "\n      ".join(textwrap.wrap(words, 80))


MEDLINE = f"""
PMID- 99000001
OWN - NLM
TI  - {_wrapped(TITLE + ".")}
PG  - 11-19
LID - {DOI} [doi]
LID - S0000-1 [pii]
AB  - {_wrapped(RUNNING)}
FAU - Moss, Ada
AU  - Moss A
LA  - eng
PT  - Randomized Controlled Trial
DP  - 2021 Feb
TA  - J Lamps
JT  - Journal of Lamps
VI  - 7
IP  - 2
SI  - ClinicalTrials.gov/{NUMBER}
SO  - J Lamps. 2021 Feb;7(2):11-19.

PMID- 99000002
TI  - A letter on lamps.
DP  - 2021
JT  - Journal of Lamps
"""

RIS = f"""Record #1 of 2
TY  - JOUR
A1  - Moss, Ada
T1  - {TITLE}
JF  - Journal of Lamps
Y1  - 2021/02//
VL  - 7
IS  - 2
SP  - 11
EP  - 19
DO  - https://doi.org/{DOI}
N2  - {RUNNING}
ER  -

TY  - JOUR
TI  - A letter on lamps
ER  -
"""

WEB_OF_SCIENCE = f"""FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Moss, A
TI {TITLE}
SO JOURNAL OF LAMPS
AB {RUNNING}
PD FEB
PY 2021
VL 7
IS 2
BP 11
EP 19
DI {DOI}
ER

EF
"""

EUROPEPMC = json.dumps(
    {
        "version": "6.9",
        "hitCount": 1,
        "resultList": {
            "result": [
                {
                    "id": "99000001",
                    "pmid": "99000001",
                    "doi": DOI,
                    "title": f"{TITLE}.",
                    "authorString": "Moss A, Fern B.",
                    "journalInfo": {"volume": "7", "issue": "2", "journal": {"title": "Journal of Lamps"}},
                    "pubYear": "2021",
                    "pageInfo": "11-19",
                    "abstractText": "".join(f"<h4>{key.title()}</h4>{words}" for key, words in PARTS.items()),
                }
            ]
        },
    }
)

EUROPEPMC_XML = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?><responseWrapper><version>6.9</version>
<resultList><result><id>99000001</id><pmid>99000001</pmid><doi>{DOI}</doi><title>{TITLE}.</title>
<authorString>Moss A, Fern B.</authorString><journalInfo><volume>7</volume><issue>2</issue>
<journal><title>Journal of Lamps</title></journal></journalInfo><pubYear>2021</pubYear><pageInfo>11-19</pageInfo>
<abstractText>{"".join(f"&lt;h4&gt;{key.title()}&lt;/h4&gt;{words}" for key, words in PARTS.items())}</abstractText>
</result></resultList></responseWrapper>"""

NOTEEXPRESS = f"""{{Reference Type}}: Journal Article
{{Title}}: {CHINESE_TITLE}
{{Author}}: 莫亚;范本
{{Journal}}: 灯光杂志
{{Year}}: 2021
{{Volume}}: 7
{{Issue}}: 2
{{Pages}}: 11-19
{{Abstract}}: {CHINESE}
{{DOI}}: {DOI}

"""

REFWORKS = f"""RT Journal Article
SR 1
A1 莫亚;范本
AD 灯光医院
T1 {CHINESE_TITLE}
JF 灯光杂志
YR 2021
VO 7
IS 2
OP 11-19
K1 哮喘
AB {CHINESE}
DO {DOI}
LA 中文
"""

ENDNOTE = f"""%0 Journal Article
%A 莫亚
%A 范本
%T {CHINESE_TITLE}
%J 灯光杂志
%D 2021
%V 7
%N 2
%P 11-19
%X {CHINESE}
%R {DOI}
"""

CNKI = f"""SrcDatabase-来源库: 期刊
Title-题名: {CHINESE_TITLE}
Author-作者: 莫亚;范本
Organ-单位: 灯光医院
Source-文献来源: 灯光杂志
Keyword-关键词: 哮喘;灯光
Summary-摘要: {CHINESE}
PubTime-发表时间: 2021-02-15
Year-年: 2021
Period-期: 02
Roll-卷: 7
PageCount-页数: 11-19
DOI-DOI: {DOI}
"""

TEI = f"""<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader xml:lang="en"><fileDesc>
<titleStmt><title level="a" type="main">{TITLE}</title></titleStmt>
<sourceDesc><biblStruct><analytic>
<author><persName><forename type="first">Ada</forename><surname>Moss</surname></persName>
</author></analytic><monogr><title level="j">Journal of Lamps</title><imprint><biblScope unit="volume">7</biblScope>
<biblScope unit="issue">2</biblScope><biblScope unit="page" from="11" to="19"/>
<date type="published" when="2021-02-15"/>
</imprint></monogr><idno type="DOI">{DOI}</idno></biblStruct></sourceDesc></fileDesc>
<profileDesc><abstract><div><p>{RUNNING}</p></div></abstract></profileDesc></teiHeader>
<text><body><div><head>Methods</head><p>We assigned adults to lamps <ref type="bibr">[1]</ref>.</p></div>
<figure type="table"><head>Table 1: Attacks by arm</head><figDesc></figDesc>
<table><row><cell>Outcome</cell><cell>Bright</cell>
<cell>Dim</cell></row><row><cell>Attacks</cell><cell>12 (20%)</cell><cell>21 (35%)</cell></row></table></figure></body>
<back><div type="references"><listBibl><biblStruct><analytic><title level="a">Lamps and lungs</title><author><persName>
<forename>B</forename><surname>Fern</surname></persName></author></analytic><monogr><title level="j">J Lamps</title>
<imprint><date when="2019"/></imprint></monogr></biblStruct></listBibl></div></back></text></TEI>"""


def pdf(pages: list[list[tuple[float, float, float, str]]]) -> bytes:
    """A PDF file with lines of type, each (x, y, size, text), in a standard font."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines in pages:
        shown = "\n".join(
            f"BT /F1 {size} Tf {x} {y} Td ({text.replace('(', chr(92) + '(').replace(')', chr(92) + ')')}) Tj ET"
            for x, y, size, text in lines
        )
        objects.append(f"<< /Length {len(shown)} >>\nstream\n{shown}\nendstream")
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {len(objects)} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    body, places = "%PDF-1.4\n", []
    for number, written in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{written}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode("latin-1")
