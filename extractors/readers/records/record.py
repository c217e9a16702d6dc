"""A bibliographic record and the document that is written of it.

The record's own fields say what it is; nothing of it is read from the text. The text holds what a reader of the record
sees: title, authors, citation, abstract under its headings, registry numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from extractors.documents import Document, Language, Metadata, UnreadableDocument
from extractors.readers.assembly import Part, document
from extractors.readers.frontmatter import registry_identifiers
from extractors.readers.headings import bare, role_of
from extractors.readers.identity import acronyms, citation, doi
from extractors.readers.language import language_of
from extractors.readers.writing import Writing

_YEAR = re.compile(r"(?:18|19|20)\d\d")
_BRACKETED = re.compile(r"\[(?P<title>.+)\]\.?")
# What journals print where a record without an abstract has none.
_ABSENT = re.compile(r"\W*(?:no abstract(?: available)?|abstract not available|not available|n/?a)?\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of an abstract: the heading above it, the part of an abstract that its source names, its words."""

    words: str
    heading: str | None = None
    named: str | None = None
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of a record as its source gives them; ``year`` may hold a whole date."""

    titles: tuple[str, ...]
    abstract: tuple[Passage, ...]
    authors: tuple[str, ...] = ()
    journal: str | None = None
    year: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    doi: str | None = None
    pmid: str | None = None
    registrations: tuple[tuple[str, str], ...] = ()
    types: tuple[str, ...] = ()

    @property
    def label(self) -> str | None:
        """What to call the record in a message: its number, else its title."""
        return self.pmid or doi(self.doi or "") or next(iter(self.titles), None)


def written(record: Record, source: str, reader: str) -> Document:
    """The document of the record; raises UnreadableDocument if it has no abstract."""
    abstract = [passage for passage in record.abstract if not _ABSENT.fullmatch(passage.words)]
    if not abstract:
        raise UnreadableDocument("the record has no abstract; give the paper's abstract or its full text")
    writing = Writing()
    writing.in_abstract = True
    titles = tuple(dict.fromkeys(_plain(title) for title in record.titles if title.strip()))
    for title in titles:
        _apart(writing, title, "title", in_abstract=True)
    _apart(writing, ", ".join(record.authors), "authors")
    found = metadata(record, titles)
    _apart(writing, found.citation or "", "citation")
    _apart(writing, f"doi: {found.doi}" if found.doi else "", "citation")
    _apart(writing, f"PMID: {found.pmid}" if found.pmid else "", "citation")
    for passage in abstract:
        _write(writing, passage)
    for registry, number in record.registrations:
        if registry_identifiers().search(number) or registry_identifiers().search(f"{registry} {number}"):
            _apart(writing, f"{registry}: {number}", "registration", in_abstract=True)
    return document(writing.text, source, "record", writing.parts, found, reader=reader)


def metadata(record: Record, titles: Iterable[str]) -> Metadata:
    """What identifies and cites the report, from the record's fields."""
    named = tuple((language_of(title), title.rstrip(".\u3002")) for title in titles)
    year = _YEAR.search(record.year or "")
    printed = year.group() if year else None
    return Metadata(
        titles=named,
        authors=record.authors,
        citation=citation(record.journal, printed, record.volume, record.issue, record.pages),
        journal=record.journal,
        year=int(printed) if printed else None,
        doi=doi(record.doi or ""),
        pmid=record.pmid if (record.pmid or "").isdecimal() else None,
        acronyms=acronyms(title for _, title in named),
        publication_types=record.types,
    )


def _write(writing: Writing, passage: Passage) -> None:
    """Write one paragraph of the abstract, its heading before it on the same line."""
    words = " ".join(passage.words.split())
    heading = (passage.heading or "").strip(" :\uff1a") or None
    known = [role_of(bare(label)[0]) for label in (heading, passage.named) if label]
    role = next((role for role in known if role), "abstract")
    writing.language, writing.role, writing.heading = passage.language, role, heading
    if heading is None:
        writing.add_abstract(words)
    else:
        start = writing.write(f"{heading}: {words}") + len(heading) + 2
        writing.parts.append(Part(role, start, writing.length, heading, True, passage.language))
    writing.language, writing.heading = None, None


def _apart(writing: Writing, words: str, role: str, *, in_abstract: bool = False) -> None:
    if words:
        start = writing.write(" ".join(words.split()))
        writing.parts.append(Part(role, start, writing.length, None, in_abstract, language_of(words)))


def _plain(title: str) -> str:
    """The title without the brackets that mark a translated one."""
    words = " ".join(title.split())
    match = _BRACKETED.fullmatch(words)
    return match["title"] if match else words
