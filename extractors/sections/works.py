"""The works that an article cites: the entries of its reference list, taken apart as far as their print allows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from extractors.article_findings import CitedWork
from extractors.confidence import assessed
from extractors.documents import Document, Reference, Section
from extractors.evidence import VERSION
from extractors.findings import Evidence
from extractors.keys import digest
from extractors.patterns import words

COMPONENT = "evidence_sections"
_PMID = re.compile(r"\bPMID\s*[:\uff1a]?\s*(\d{5,8})\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\d.])(?:1[89]|20)\d\d(?![\d])")
_DATED = re.compile(r"(?<![\d.])(?:1[89]|20)\d\d(?=\s*(?:[A-Z][a-z]{2,8}\s*(?:\d{1,2})?)?[a-z]?\s*[;:,.)\uff0c\uff1b])")
_HAN = "\u3400-\u9fff"
_VOLUME = re.compile(r"(?<![\d.\u2013-])(?:1[89]|20)\d\d(?=\s*(?:[A-Z][a-z]{2,8}\s*(?:\d{1,2})?)?[;\uff1b])")
# "van der Berg AB", "O'Neil J.", "Smith, A. B.", "&" and "et al" between and behind them.
_NAME = (
    r"(?:(?:de|del|della|den|der|di|da|dos|du|la|le|van|von|ten|ter|el|al|bin|St\.?)\s)*"
    r"[^\W\d_][\w'\u2019\u2010-]+(?:[\s\u2010-][^\W\d_][\w'\u2019\u2010-]+){0,2},?\s(?:[A-Z]\.?[\s-]?){1,4}(?:Jr|Sr|I{2,3})?"
)
_AUTHORS = re.compile(
    rf"(?P<authors>{_NAME}(?:(?:\s*(?:,|;|&|\band\b)\s*)+{_NAME})*(?:,?\s*(?:et\s+al|and others)\.?)?)"
    r"\s*(?:[.:]|(?=\())\s*"
)
_HAN_AUTHORS = re.compile(
    rf"(?P<authors>[{_HAN}\u00b7]{{2,8}}(?:\s*[,\uff0c\u3001;]\s*[{_HAN}\u00b7]{{1,8}})*)\s*[.\uff0e\u3002]\s*"
)
_APA_YEAR = re.compile(r"\(((?:1[89]|20)\d\d)[a-z]?\)[.,:]?\s*")
_TYPED: Final = re.compile(r"\s*\[[A-Z](?:/[A-Z]{2})?\]\s*[.\uff0e]?\s*")
_TITLE = re.compile(r"(?P<title>.+?[^.\s][.?!])(?:\s+(?=\S)|$)")
_BETWEEN = re.compile(r"(?:\s*[,;&\uff0c\u3001]\s*|\s+and\s+)+")


def works(document: Document) -> tuple[CitedWork, ...]:
    """The entries of the reference list in its order, each with its place."""
    return tuple({work.key: work for work in _works(document)}.values())


def _works(document: Document) -> Iterator[CitedWork]:
    listed = [section for section in document.sections if section.role == "references"]
    sure = assessed("cited work", ())
    for reference in document.references:
        section = next((s for s in listed if s.start <= reference.start < s.end), None)
        if section is None:
            continue
        found = _taken_apart(reference)
        item = _evidence(document, section, reference, sure.confidence)
        yield CitedWork(
            key=f"{found.number}-{digest(found.text)}",
            number=found.number,
            text=document.text[reference.start : reference.end],
            authors=found.authors,
            title=found.title,
            journal=found.journal,
            year=found.year,
            doi=found.doi,
            pmid=found.pmid,
            evidence=(item,),
        )


def _evidence(document: Document, section: Section, reference: Reference, confidence: object) -> Evidence:
    return Evidence(
        section=section.id,
        start=reference.start,
        end=reference.end,
        quote=document.text[reference.start : reference.end],
        language=section.language,
        supports="text",
        component=COMPONENT,
        version=VERSION,
        confidence=confidence,  # type: ignore[arg-type]
    )


def _taken_apart(found: Reference) -> Reference:
    """The reference with its parts: those that its tags name, or those that its print tells."""
    if found.title is not None or found.authors:
        return found
    text = found.text
    authors, rest, year = _authors_of(text)
    title, rest = _title_of(rest) if authors else (None, rest)
    journal = _journal_of(rest) if title else None
    pmid = _PMID.search(text)
    return Reference(
        found.number, text, found.start, found.end, found.doi, authors, title, journal, year or _year_of(text),
        pmid.group(1) if pmid else None,
    )  # fmt: skip


def _authors_of(text: str) -> tuple[tuple[str, ...], str, int | None]:
    """The authors, what stands behind them, and the year if it stands in brackets between them and the title."""
    match = _AUTHORS.match(text) or _HAN_AUTHORS.match(text)
    if match is None:
        return (), text, None
    rest = text[match.end() :]
    year = _APA_YEAR.match(rest)
    if year is not None:
        rest = rest[year.end() :]
    names = re.sub(rf"[,\uff0c]?\s*{words('articles', 'and-others')}\.?$", "", match["authors"].strip(" ,"))
    split = _BETWEEN.split(names)
    people = _rejoined(split) if re.search(r",\s*[A-Z]\.", names) else split
    return tuple(name.strip(" .,") for name in people if name.strip(" .,")), rest, int(year.group(1)) if year else None


def _rejoined(parts: list[str]) -> list[str]:
    """Surnames with the initials that a comma set apart from them: "Smith", "A. B."."""
    joined: list[str] = []
    for part in parts:
        if joined and re.fullmatch(r"(?:[A-Z]\.?[\s-]?)+", part.strip()):
            joined[-1] = f"{joined[-1]} {part.strip()}"
        else:
            joined.append(part)
    return joined


def _title_of(rest: str) -> tuple[str | None, str]:
    typed = _TYPED.search(rest)
    if typed is not None:
        return rest[: typed.start()].strip(" .") or None, rest[typed.end() :]
    match = _TITLE.match(rest)
    return (match["title"].strip(" ."), rest[match.end() :]) if match else (None, rest)


def _journal_of(rest: str) -> str | None:
    """The words before the year, or before the volume that follows a comma."""
    year = _YEAR.search(rest)
    head = rest[: year.start()] if year else re.split(r",\s*(?=\d)", rest)[0]
    named = re.split(r"[,;\uff0c]\s*(?=\d|$)", head)[0].strip(" .,;(\uff0c")
    return named if named and len(named) <= 90 and not re.search(r"\d{3}", named) else None


def _year_of(text: str) -> int | None:
    dated = _VOLUME.findall(text) or _DATED.findall(text)[-1:] or _YEAR.findall(text)[-1:]
    return int(dated[0]) if dated else None
