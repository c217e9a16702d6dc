"""Reads PubMed's XML, as efetch and the yearly baseline give it.

The elements are those of https://dtd.nlm.nih.gov/ncbi/pubmed/doc/out/250101/index.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

from extractors.documents import Language
from extractors.readers.jats_text import inline
from extractors.readers.markup import elements, has_root
from extractors.readers.records.record import Passage, Record

_ROOTS: Final = ("PubmedArticleSet", "PubmedArticle", "MedlineCitationSet", "MedlineCitation")
_UNASSIGNED = re.compile(r"unassigned|unlabelled|untitled", re.IGNORECASE)


def is_pubmed(text: str) -> bool:
    """Whether the text is PubMed's XML."""
    return has_root(text, _ROOTS)


def pubmed_records(text: str) -> Iterator[Record]:
    """The records in order; raises UnreadableDocument for malformed XML once those before the fault are given."""
    for citation in elements(text, ("PubmedArticle", "MedlineCitation")):
        yield _record(citation)


def _record(article: Element) -> Record:
    journal = article.find(".//Journal")
    issue = journal.find("JournalIssue") if journal is not None else None
    return Record(
        titles=tuple(_titles(article)),
        abstract=(*_passages(article.find(".//Article/Abstract"), None), *_others(article)),
        authors=tuple(_authors(article)),
        journal=_words(journal, "Title") or _words(journal, "ISOAbbreviation"),
        year=_words(issue, "PubDate/Year") or _words(issue, "PubDate/MedlineDate"),
        volume=_words(issue, "Volume"),
        issue=_words(issue, "Issue"),
        pages=_words(article, ".//Pagination/MedlinePgn"),
        doi=_doi(article),
        pmid=_words(article, ".//PMID"),
        registrations=tuple(_registrations(article)),
        types=tuple(inline(kind) for kind in article.iterfind(".//PublicationTypeList/PublicationType")),
    )


def _titles(article: Element) -> Iterator[str]:
    """The title, and the one in the article's own language where that is Chinese."""
    for name in ("ArticleTitle", "VernacularTitle"):
        words = _words(article, f".//Article/{name}")
        chinese = any(language.text == "chi" for language in article.iterfind(".//Article/Language"))
        if words and (name == "ArticleTitle" or chinese):
            yield words


def _passages(abstract: Element | None, language: Language | None) -> Iterator[Passage]:
    for part in abstract if abstract is not None else ():
        if part.tag == "AbstractText":
            label, named = part.get("Label"), part.get("NlmCategory")
            heading = label if label and not _UNASSIGNED.fullmatch(label) else None
            yield Passage(inline(part), heading, named.lower() if named else None, language)


def _others(article: Element) -> Iterator[Passage]:
    """The abstract in Chinese, where the record gives one beside the English; other languages are not read."""
    for other in article.iterfind(".//OtherAbstract"):
        if other.get("Language") == "chi":
            yield from _passages(other, "zh")


def _authors(article: Element) -> Iterator[str]:
    for author in article.iterfind(".//Article/AuthorList/Author"):
        name = [_words(author, part) for part in ("ForeName", "LastName")]
        words = " ".join(part for part in name if part) or _words(author, "CollectiveName")
        if words:
            yield words


def _doi(article: Element) -> str | None:
    for identifier in article.iterfind(".//Article/ELocationID[@EIdType='doi']"):
        if identifier.get("ValidYN", "Y") == "Y":
            return inline(identifier)
    return _words(article, "./PubmedData/ArticleIdList/ArticleId[@IdType='doi']")


def _registrations(article: Element) -> Iterator[tuple[str, str]]:
    for bank in article.iterfind(".//DataBank"):
        name = _words(bank, "DataBankName") or ""
        for number in bank.iterfind("AccessionNumberList/AccessionNumber"):
            yield name, inline(number)


def _words(parent: Element | None, path: str) -> str | None:
    found = parent.find(path) if parent is not None else None
    return (inline(found) or None) if found is not None else None
