"""Reads files into documents, choosing the reader by what a file holds.

A file holds one paper, or many: exports of databases, archives. Each paper becomes a document or a refusal of its own.
"""

from __future__ import annotations

import csv
import re
import stat
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from extractors.documents import Document, Refusal, UnreadableDocument
from extractors.readers.article import is_article, read_article
from extractors.readers.completeness import require_whole
from extractors.readers.decoding import decode
from extractors.readers.frontmatter import opens_with_identifier
from extractors.readers.headings import heading_line
from extractors.readers.jats import is_jats, is_jats_set, read_jats, read_jats_set
from extractors.readers.layout import LineKind, Paragraph, paragraphs
from extractors.readers.packed import is_packed, members, require_archive
from extractors.readers.pdf import is_pdf, read_pdf
from extractors.readers.plain import read_record
from extractors.readers.records import records_in
from extractors.readers.references import is_entry
from extractors.readers.registries.reading import registry_documents
from extractors.readers.tables import is_row
from extractors.readers.tei import is_tei, read_tei

MAX_BYTES: Final = 20 * 1024 * 1024
# What an archive or a packed export may hold, unpacked, of each byte that a file may have.
UNPACKED: Final = 20
# The longest trial reports with all their tables have some 300 000 characters.
MAX_CHARACTERS: Final = 3_000_000
# A printed page has some 5 000 characters; an abstract is shorter.
PRINTED_ABSTRACT: Final = 6_000

_LEAST_COLUMNS: Final = 5
# As many characters as three rows with abstracts in them may have.
_ROWS: Final = 100_000
_UNREAD: Final = "this is {kind}, which this version does not read; save the paper's text as a UTF-8 text file"
_INLINE_TAGS = frozenset({"b", "i", "u", "em", "strong", "sup", "sub", "h1", "h2", "p", "title"})
_TAG = re.compile(r"<(?P<bang>[!?])?(?P<name>[A-Za-z][\w:.-]*)?[^<>]*>")
_JSON = re.compile(r"[\[{]\s*(?:[\"{\[\]}]|-?\d)")
_TAGGED_EXPORT = re.compile(r"[A-Z][A-Z0-9]{1,3} {0,2}- .*\s+[A-Z][A-Z0-9]{1,3} {0,2}- |@\w+\{\S+,\s*$", re.MULTILINE)


def papers(path: Path, max_bytes: int = MAX_BYTES) -> Iterator[Document | Refusal]:
    """The papers in the file, in order; one over ``max_bytes`` is refused unread.

    A paper that cannot be read is a refusal; its ``source`` names the file and the record in it.
    """
    try:
        data = _bytes(path, max_bytes)
    except UnreadableDocument as error:
        yield Refusal(path.name, str(error))
        return
    yield from papers_in(data, path.name, max_bytes)


def papers_in(
    data: bytes, name: str, max_bytes: int = MAX_BYTES, *, is_member: bool = False
) -> Iterator[Document | Refusal]:
    """The papers in the bytes, as ``papers`` gives those of a file; ``name`` is their source."""
    try:
        _require_size(len(data), max_bytes * UNPACKED if is_member else max_bytes)
        if is_packed(data) and not is_member:
            yield from _unpacked(data, name, max_bytes)
        elif is_pdf(data):
            yield read_pdf(data, name, _read_printed)
        else:
            yield from _papers_in_text(decode(data), name)
    except UnreadableDocument as error:
        yield Refusal(name, str(error))


def require_kind(data: bytes) -> None:
    """Raise UnreadableDocument where the bytes are of a kind that no reader reads, without reading them.

    Archives, PDF files and text pass.
    """
    if is_packed(data):
        require_archive(data)
    elif not is_pdf(data):
        decode(data)


def _unpacked(data: bytes, name: str, max_bytes: int) -> Iterator[Document | Refusal]:
    for member in members(data, name, max_bytes * UNPACKED):
        if member.data is None:
            yield Refusal(member.name, member.reason)
        else:
            yield from papers_in(member.data, member.name, max_bytes, is_member=True)


def read(path: Path, max_bytes: int = MAX_BYTES) -> Document:
    """Return the one paper in the file; one over ``max_bytes`` is refused unread. Raises UnreadableDocument."""
    return _only(papers(path, max_bytes))


def read_bytes(data: bytes, name: str, max_bytes: int = MAX_BYTES) -> Document:
    """Return the one paper in the bytes; ``name`` is kept as its source. Raises UnreadableDocument."""
    return _only(papers_in(data, name, max_bytes))


def _only(found: Iterable[Document | Refusal]) -> Document:
    several = iter(found)
    first = next(several, Refusal("", "the file holds no paper; give one with at least the abstract of a trial report"))
    if isinstance(first, Refusal):
        raise UnreadableDocument(first.reason)
    if next(several, None) is not None:
        raise UnreadableDocument("the file holds several papers; give each of them as a file of its own")
    return first


def _bytes(path: Path, limit: int) -> bytes:
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise UnreadableDocument("this is not a file; give the text files themselves")
        _require_size(about.st_size, limit)
        return path.read_bytes()
    except OSError as error:
        reason = f"the file cannot be opened ({error.strerror}); check that it is there and may be read"
        raise UnreadableDocument(reason) from error


def _papers_in_text(text: str, name: str) -> Iterator[Document | Refusal]:
    found = records_in(text, name) or registry_documents(text, name)
    if found is not None:
        yield from found
    elif is_jats_set(text):
        yield from read_jats_set(text, name)
    elif is_jats(text):
        yield read_jats(text, name)
    elif is_tei(text):
        yield read_tei(text, name)
    else:
        yield _read_plain(text, name)


def _read_printed(text: str, name: str) -> Document:
    """The paper in the text of its printed pages; what stands last on the last page need not be a sentence."""
    blocks = paragraphs(text, partial(_line_kind, text))
    reader = read_article if is_article(blocks) or len(text) > PRINTED_ABSTRACT else read_record
    return reader(text, name, blocks)


def _read_plain(text: str, name: str) -> Document:
    if len(text) > MAX_CHARACTERS:
        raise UnreadableDocument("the text is longer than any single paper; give each paper as a file of its own")
    _require_plain(text)
    blocks = paragraphs(text, partial(_line_kind, text))
    reader = read_article if is_article(blocks) else read_record
    return require_whole(reader(text, name, blocks))


def _require_size(size: int, limit: int) -> None:
    if size > limit:
        raise UnreadableDocument(
            f"the file has {size / 1048576:.1f} MiB, and a paper may have {limit / 1048576:g} MiB; "
            "give each paper as a file of its own"
        )


def _require_plain(text: str) -> None:
    opening = text.lstrip()[:4000]
    tag = _TAG.match(opening)
    if tag and (tag["bang"] or (tag["name"] or "").lower() not in _INLINE_TAGS):
        kind = "HTML" if re.search(r"<!doctype html|<html|<body|<div", opening, re.IGNORECASE) else "XML"
        raise UnreadableDocument(_UNREAD.format(kind=kind))
    if _JSON.match(opening) and not re.match(r"\[\d{1,3}\]", opening):
        raise UnreadableDocument(_UNREAD.format(kind="JSON"))
    if _TAGGED_EXPORT.match(opening):
        raise UnreadableDocument(_UNREAD.format(kind="a BibTeX or other tagged export"))
    rows = text[:_ROWS].splitlines(keepends=True)
    if any(_is_table(rows, sign) for sign in ",\t;"):
        raise UnreadableDocument(_UNREAD.format(kind="a table (CSV or TSV)"))


def _line_kind(text: str, line: Paragraph) -> LineKind:
    if is_row(text, line):
        return LineKind.ALONE
    if opens_with_identifier(line.text) or heading_line(line):
        return LineKind.HEADING
    return LineKind.ENTRY if is_entry(line.text) else LineKind.RUNNING


def _is_table(lines: list[str], sign: str) -> bool:
    """Whether the first three rows of a text have as many cells each, and many."""
    try:
        rows = [*islice(csv.reader(lines, delimiter=sign), 3)]
    except csv.Error:
        return False
    sizes = {len(row) for row in rows}
    return len(rows) == 3 and len(sizes) == 1 and sizes.pop() >= _LEAST_COLUMNS
