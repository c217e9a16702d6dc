"""Reads RIS and Web of Science exports with rispy: the same fields under the many tags that databases give them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

import rispy

from extractors.documents import UnreadableDocument
from extractors.readers.records.record import Passage, Record

_RIS = re.compile(r"^TY {0,2}- ", re.MULTILINE)
_OPENING: Final = 2000
# Lines that stand before the records of a Web of Science export: its maker and its version.
_WEB_OF_SCIENCE = re.compile(r"\s*FN [^\n]*\n(?:VR [^\n]*\n)?\s*PT ")

_JOURNAL: Final = ("secondary_title", "journal_name", "alternate_title3", "publication_name", "alternate_title1")


def is_ris(text: str) -> bool:
    """Whether the text is an export in RIS or in the format of the Web of Science."""
    return _RIS.search(text[:_OPENING]) is not None or _WEB_OF_SCIENCE.match(text) is not None


def ris_records(text: str) -> Iterator[Record]:
    """The records in order; raises UnreadableDocument for an export that breaks the format."""
    parser = rispy.WokParser if _WEB_OF_SCIENCE.match(text) else rispy.RisParser
    try:
        entries = rispy.loads(text, implementation=parser)
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise UnreadableDocument(f"the RIS export is broken ({error}); export the records again") from error
    return map(_record, entries)


def _record(entry: Mapping[str, object]) -> Record:
    first, last = _first(entry, "start_page", "beginning_page"), _first(entry, "end_page", "ending_page")
    return Record(
        titles=tuple(
            dict.fromkeys(
                words
                for key in ("primary_title", "title", "document_title", "translated_title")
                if (words := _first(entry, key))
            )
        ),
        abstract=tuple(Passage(words) for words in [_first(entry, "abstract", "notes_abstract")] if words),
        authors=tuple(_all(entry, "authors") or _all(entry, "first_authors")),
        journal=_first(entry, *_JOURNAL),
        year=_first(entry, "year", "publication_year", "date"),
        volume=_first(entry, "volume"),
        issue=_first(entry, "number", "issue"),
        pages="-".join(page for page in (first, last) if page) or None,
        doi=_first(entry, "doi"),
        pmid=_first(entry, "pubmed_id"),
    )


def _first(entry: Mapping[str, object], *keys: str) -> str | None:
    return next((words for key in keys for words in _all(entry, key)), None)


def _all(entry: Mapping[str, object], key: str) -> list[str]:
    value = entry.get(key)
    values = value if isinstance(value, list) else [value]
    return [words.strip() for words in values if isinstance(words, str) and words.strip()]
