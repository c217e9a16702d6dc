"""Reads a file into a Document, choosing the reader by what the file holds."""

from __future__ import annotations

import re
import stat
from functools import partial
from pathlib import Path
from typing import Final

from extractors.documents import Document, UnreadableDocument
from extractors.readers.article import is_article, read_article
from extractors.readers.completeness import require_whole
from extractors.readers.decoding import decode
from extractors.readers.frontmatter import opens_with_identifier
from extractors.readers.headings import heading_line
from extractors.readers.jats import is_jats, read_jats
from extractors.readers.layout import LineKind, Paragraph, paragraphs
from extractors.readers.plain import read_record
from extractors.readers.references import is_entry
from extractors.readers.tables import is_row

MAX_BYTES: Final = 20 * 1024 * 1024
# The longest trial reports with all their tables have some 300 000 characters.
MAX_CHARACTERS: Final = 3_000_000

_UNREAD: Final = "this is {kind}, which this version does not read; save the paper's text as a UTF-8 text file"
_INLINE_TAGS = frozenset({"b", "i", "u", "em", "strong", "sup", "sub", "h1", "h2", "p", "title"})
_TAG = re.compile(r"<(?P<bang>[!?])?(?P<name>[A-Za-z][\w:.-]*)?[^<>]*>")
_JSON = re.compile(r"[\[{]\s*(?:[\"{\[\]}]|-?\d)")
_TAGGED_EXPORT = re.compile(r"[A-Z][A-Z0-9]{1,3} {0,2}- .*\s+[A-Z][A-Z0-9]{1,3} {0,2}- |@\w+\{\S+,\s*$", re.MULTILINE)


def read(path: Path, max_bytes: int = MAX_BYTES) -> Document:
    """Return the paper in the file; one over ``max_bytes`` is refused unread. Raises UnreadableDocument."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise UnreadableDocument("this is not a file; give the text files themselves")
        _require_size(about.st_size, max_bytes)
        data = path.read_bytes()
    except OSError as error:
        reason = f"the file cannot be opened ({error.strerror}); check that it is there and may be read"
        raise UnreadableDocument(reason) from error
    return read_bytes(data, path.name, max_bytes)


def read_bytes(data: bytes, name: str, max_bytes: int = MAX_BYTES) -> Document:
    """Return the paper in the bytes; ``name`` is kept as its source. Raises UnreadableDocument."""
    _require_size(len(data), max_bytes)
    text = decode(data)
    if is_jats(text):
        return read_jats(text, name)
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
        raise UnreadableDocument(_UNREAD.format(kind="a MEDLINE, RIS or BibTeX export"))


def _line_kind(text: str, line: Paragraph) -> LineKind:
    if is_row(text, line):
        return LineKind.ALONE
    if opens_with_identifier(line.text) or heading_line(line):
        return LineKind.HEADING
    return LineKind.ENTRY if is_entry(line.text) else LineKind.RUNNING
