"""The document that every reader gives and every component reads: text, sections, tables, references.

All offsets are character positions in ``Document.text``: the decoded file, unchanged, or for JATS the text that the
reader writes of it (``extractors.readers.jats``).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from extractors.readers.registries.record import RegistryRecord

Language = Literal["en", "zh"]
Kind = Literal["record", "article", "registry"]


class UnreadableDocument(Exception):
    """A file that cannot become a document; the message names the reason and what to do about it."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A paper that could not be read: the file, with the record's number or title after "#", and why not."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of the text with one role and one language.

    ``role`` is the notation of a concept of ontology/sections.ttl: title, authors, affiliations, citation,
    abstract (unlabelled abstract text), background, methods, results, conclusion, registration, discussion,
    table, figure, references, funding, conflicts, ethics, data-availability, other.
    ``in_abstract`` is true for the abstract's parts, labelled or not, with its title and registration line.
    ``start`` is inclusive, ``end`` exclusive; the heading itself lies outside them.
    """

    id: str
    role: str
    language: Language
    start: int
    end: int
    heading: str | None = None
    in_abstract: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell; ``start`` and ``end`` are offsets in the document's text.

    A cell that spans rows or columns stands at its first one; spans never reach past the table. Cells without text
    are left out. ``indent`` is by how much the text is set in, as levels below a heading are.
    """

    row: int
    column: int
    text: str
    start: int
    end: int
    row_span: int = 1
    column_span: int = 1
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table as printed: its label ("Table 1"), its caption, its cells row by row, the notes below it.

    ``header_rows`` is how many rows the source marks as its head, 0 where it does not say. ``is_picture`` tells a
    table that is given as an image only, or without any body; it has no cells.
    """

    id: str
    label: str | None
    caption: str | None
    cells: tuple[Cell, ...]
    start: int
    end: int
    header_rows: int = 0
    footnotes: tuple[str, ...] = ()
    is_picture: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of the reference list; ``number`` as printed, ``doi`` where printed.

    The parts behind it are those that a source tags, empty where it gives plain text.
    """

    number: int
    text: str
    start: int
    end: int
    doi: str | None = None
    authors: tuple[str, ...] = ()
    title: str | None = None
    journal: str | None = None
    year: int | None = None
    pmid: str | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What identifies and cites the report; ``None`` or empty where the source does not say.

    ``publication_types`` are the kinds of publication that the database names ("Randomized Controlled Trial").
    """

    titles: tuple[tuple[Language, str], ...] = ()
    authors: tuple[str, ...] = ()
    citation: str | None = None
    journal: str | None = None
    year: int | None = None
    doi: str | None = None
    pmid: str | None = None
    acronyms: tuple[str, ...] = ()
    publication_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read: its whole text, kept unchanged, and what its parts are.

    ``id`` is a slug of the report's stable identifier and kind, such as
    ``doi-10.1038-s41416-025-03097-z-record``; it holds only ``[A-Za-z0-9._-]``. ``record`` holds the fields of a
    document that is the entry of a trial registry, of which the text was written.
    """

    id: str
    source: str
    kind: Kind
    text: str
    sections: tuple[Section, ...]
    metadata: Metadata = field(default_factory=Metadata)
    tables: tuple[Table, ...] = ()
    references: tuple[Reference, ...] = ()
    reader: str = "plain"
    record: RegistryRecord | None = None

    @property
    def sha256(self) -> str:
        """Hexadecimal SHA-256 of the text in UTF-8; an unchanged hash means an unchanged document."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages of the parts that state facts, English first; one element or two."""
        present = {section.language for section in self.sections if section.in_abstract}
        if not present:
            present = {section.language for section in self.sections}
        return tuple(language for language in ("en", "zh") if language in present)
