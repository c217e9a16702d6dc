"""Files that are no papers are refused with a sentence that names the reason; odd names and encodings are not."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest

from extractors.documents import UnreadableDocument
from extractors.readers import read, read_bytes

ABSTRACT = (
    "Drug A for asthma: a randomised trial\n\n"
    "Background: Asthma is common – and dangerous. Methods: We randomised 120 adults to drug A or placebo. "
    "Results: Attacks fell (RR 0.70, 95% CI 0.50 to 0.98). Café owners took part as well. "
    "Conclusions: Drug A reduced the number of attacks in these adults with asthma over twelve weeks.\n"
)
ABSTRACT_ZH = (
    "药物A治疗成人哮喘的随机对照试验\n\n目的：探讨药物A对成人哮喘患者的治疗作用。方法：将120例成人哮喘患者随机分为两组，"
    "各60例，治疗12周。结果：药物A组发作次数少于安慰剂组，差异有统计学意义。结论：药物A可减少成人哮喘的急性发作。\n"
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\r\n", "empty"),
        ("\u3000\n\u00a0\n".encode(), "blanks"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF"),
        (b"PK\x03\x04\x14\x00\x06\x00word/document.xml", "ZIP"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "Word"),
        (b"{\\rtf1\\ansi Drug A reduced attacks.}", "Rich Text"),
        (b"\x1f\x8b\x08\x00" + bytes(20), "gzip"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "picture"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "picture"),
        (b"Drug A\x00\x01\x02 reduced attacks", "binary"),
        (ABSTRACT.encode("utf-16-le"), "UTF-16"),
        (bytes(range(1, 32)) * 40, "binary"),
        (ABSTRACT_ZH.encode()[:-3], "cut off"),
        (ABSTRACT_ZH.encode("gb18030")[:-4], "cut off"),
        (ABSTRACT_ZH.encode("utf-16")[:-1], "cut off"),
        (ABSTRACT_ZH.encode()[:60] + b"\xff\xfe" + ABSTRACT_ZH.encode()[60:], "damaged"),
        (ABSTRACT_ZH.encode("big5", "replace"), "encoding"),
        (ABSTRACT.encode("gb18030"), "encoding"),
        (ABSTRACT_ZH.encode("shift_jis", "replace"), "encoding"),
        ("Ђруг А реѕултс ин аѕтхма. ".encode("koi8-r", "replace") * 20, "encoding"),
        (("–é’" + ABSTRACT).encode().decode("cp1252").encode(), "twice"),
        (("\ufffd" * 20 + ABSTRACT).encode(), "lost"),
        (b'<?xml version="1.0"?><record><p>Drug A</p></record>', "XML"),
        (b'<?xml version="1.0"?><article><p>Drug A</p></article>', "no abstract"),
        (b"<PubmedArticleSet><PubmedArticle/></PubmedArticleSet>", "no abstract"),
        (b"<PubmedArticleSet></PubmedArticleSet>", "no record"),
        (b"<!DOCTYPE html><html><body>Drug A</body></html>", "HTML"),
        (b'{"title": "Drug A"}', "JSON"),
        (b'[{"title": "Drug A"}]', "JSON"),
        (b"PMID- 12345\nOWN - NLM\nTI  - Drug A for asthma\n", "no abstract"),
        (b"TY  - JOUR\nTI  - Drug A for asthma\nER  - \n", "no abstract"),
        (b"PMID,Title,Abstract,Year,Journal\n1,Drug A,Text,2020,Lancet\n2,Drug B,Text,2021,Lancet\n", "table"),
        (b"@article{smith,\n title = {Drug A}\n}", "BibTeX"),
        (b"Patient seen today, doing well.", "no abstract"),
        (b"Drug A for asthma: a randomised controlled trial", "no abstract"),
        (b"Smith J, Jones K\nDepartment of Medicine, University of Somewhere, UK.\n", "no abstract"),
        (("word " * 2000).encode(), "no abstract"),
        (("\t".join("12345") + "\n").encode() * 300, "table"),
        (("x" * 3_100_000).encode(), "longer than any single paper"),
    ],
)
def test_what_is_refused_and_why(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason) as refusal:
        read_bytes(data, "paper.txt")
    message = str(refusal.value)
    assert "paper.txt" not in message
    assert "\n" not in message
    assert len(message) < 200


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ABSTRACT, "utf-8"),
        (ABSTRACT, "utf-8-sig"),
        (ABSTRACT, "utf-16"),
        (ABSTRACT, "cp1252"),
        (ABSTRACT_ZH, "utf-8"),
        (ABSTRACT_ZH, "utf-8-sig"),
        (ABSTRACT_ZH, "utf-16"),
        (ABSTRACT_ZH, "gb18030"),
        (ABSTRACT_ZH, "gbk"),
    ],
)
def test_encodings_that_are_read(text: str, encoding: str) -> None:
    assert read_bytes(text.encode(encoding), "paper.txt").text == text


def test_line_ends_are_kept() -> None:
    text = ABSTRACT.replace("\n", "\r\n")
    assert read_bytes(text.encode(), "paper.txt").text == text


def test_several_papers_in_one_file_are_refused() -> None:
    citation = "J Trials. 2021 Mar;12(3):45-51. doi: 10.1000/{}.\n"
    both = citation.format("abc") + ABSTRACT + citation.format("xyz") + ABSTRACT
    with pytest.raises(UnreadableDocument, match="several papers"):
        read_bytes(both.encode(), "papers.txt")
    record = "{}. J Trials. 2021 Mar;12(3):45-51.\n\n" + ABSTRACT + "\nPMID: 3123456{}\n\n"
    with pytest.raises(UnreadableDocument, match="several PubMed records"):
        read_bytes((record.format(1, 1) + record.format(2, 2)).encode(), "papers.txt")


@pytest.mark.parametrize("name", ["a paper with blanks.txt", "论文 第1篇.txt", "no-suffix", "quote'\"&.txt"])
def test_names_of_files(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(ABSTRACT, encoding="utf-8")
    assert read(path).source == name


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    before = time.perf_counter()
    with pytest.raises(UnreadableDocument, match=r"50\.0 MiB"):
        read(path)
    assert time.perf_counter() - before < 0.1


def test_the_size_limit_can_be_set(tmp_path: Path) -> None:
    path = tmp_path / "paper.txt"
    path.write_text(ABSTRACT, encoding="utf-8")
    with pytest.raises(UnreadableDocument, match="MiB"):
        read(path, max_bytes=100)
    assert read(path, max_bytes=10_000).text == ABSTRACT


def test_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="not a file"):
        read(tmp_path)
    with pytest.raises(UnreadableDocument, match="cannot be opened"):
        read(tmp_path / "missing.txt")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnreadableDocument, match="not a file"):
        read(tmp_path / "pipe")


@pytest.mark.parametrize("name", ["tata-memorial", "e2108", "mf07-01"])
@pytest.mark.parametrize("words", [60, 75, 90, 105])
def test_a_paper_cut_off_within_a_sentence_is_refused(examples: Path, name: str, words: int) -> None:
    whole = (examples / f"{name}.txt").read_text("utf-8")
    end = [match.end() for match in re.finditer(r"\b[a-z]{2,} ", whole)][words]
    with pytest.raises(UnreadableDocument, match="cut off"):
        read_bytes(whole[:end].encode(), "cut.txt")


def test_a_registry_id_may_end_a_paper_without_a_full_stop() -> None:
    text = (
        "Aspirin after surgery: a randomised trial\n\nSixty adults were randomly assigned to aspirin or placebo after "
        "surgery of the hip. Pain at 24 hours did not differ between the groups (p = 0.40). Aspirin cannot be "
        "recommended for this purpose. Registered as ISRCTN12345678"
    )
    assert read_bytes(text.encode(), "paper.txt").sections
