"""Reads exports in which each field is a line with a tag before it: MEDLINE, EndNote, RefWorks, NoteExpress, CNKI.

The tags are those that the databases print; MEDLINE's are listed at https://pubmed.ncbi.nlm.nih.gov/help/#pubmed-format.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from extractors.readers.identity import doi
from extractors.readers.language import has_han
from extractors.readers.records.record import Passage, Record

_SEPARATED = re.compile(r"\s*[;\uff1b]\s*")
_REGISTERED = re.compile(r"(?P<registry>[^/]+)/(?P<number>\S+)")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one kind of export writes its fields: the pattern of a tagged line, and the tags that hold each thing.

    A record begins at a line with the tag ``opens``; a line without a tag goes on with the field before it.
    """

    reader: str
    line: re.Pattern[str]
    opens: str
    titles: tuple[str, ...]
    abstract: tuple[str, ...]
    authors: tuple[str, ...]
    journal: tuple[str, ...]
    year: tuple[str, ...]
    volume: tuple[str, ...] = ()
    issue: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    doi: tuple[str, ...] = ()
    pmid: tuple[str, ...] = ()
    registrations: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    other_abstract: tuple[str, ...] = ()


DIALECTS: Final = (
    Dialect(
        reader="medline",
        line=re.compile(r"(?P<tag>[A-Z]{2,4}) {0,2}- ?(?P<value>.*)"),
        opens="PMID",
        titles=("TI",),
        abstract=("AB",),
        other_abstract=("OAB",),
        authors=("FAU", "AU", "CN"),
        journal=("JT", "TA"),
        year=("DP",),
        volume=("VI",),
        issue=("IP",),
        pages=("PG",),
        doi=("LID", "AID"),
        pmid=("PMID",),
        registrations=("SI",),
        types=("PT",),
    ),
    Dialect(
        reader="endnote",
        line=re.compile(r"%(?P<tag>[0-9A-Z@~<>+]) (?P<value>.*)"),
        opens="0",
        titles=("T", "!"),
        abstract=("X",),
        authors=("A",),
        journal=("J", "B"),
        year=("D", "8"),
        volume=("V",),
        issue=("N",),
        pages=("P",),
        doi=("R",),
    ),
    Dialect(
        reader="refworks",
        line=re.compile(r"(?P<tag>[A-Z][A-Z0-9]) (?P<value>.*)"),
        opens="RT",
        titles=("T1", "OT"),
        abstract=("AB",),
        authors=("A1",),
        journal=("JF", "JO"),
        year=("YR", "FD"),
        volume=("VO",),
        issue=("IS",),
        pages=("OP", "SP"),
        doi=("DO",),
    ),
    Dialect(
        reader="noteexpress",
        line=re.compile(r"\{(?P<tag>[A-Z][A-Za-z/ ]+)\}\s*[:\uff1a]\s*(?P<value>.*)"),
        opens="Reference Type",
        titles=("Title", "Translated Title"),
        abstract=("Abstract", "Translated Abstract"),
        authors=("Author",),
        journal=("Journal",),
        year=("Year",),
        volume=("Volume",),
        issue=("Issue",),
        pages=("Pages",),
        doi=("DOI",),
    ),
    Dialect(
        reader="cnki",
        line=re.compile(r"(?P<tag>[A-Z][A-Za-z]+)-[A-Za-z\u4e00-\u9fff]+\s*[:\uff1a]\s*(?P<value>.*)"),
        opens="SrcDatabase",
        titles=("Title", "EnTitle"),
        abstract=("Summary", "EnSummary"),
        authors=("Author",),
        journal=("Source",),
        year=("Year", "PubTime"),
        volume=("Roll", "Volume"),
        issue=("Period", "Issue"),
        pages=("PageCount", "Page"),
        doi=("DOI",),
    ),
)


def dialect_of(text: str) -> Dialect | None:
    """The dialect in which the text is written, by its first tagged line; ``None`` if it is in none."""
    for printed in text[:4000].splitlines():
        for dialect in DIALECTS:
            found = dialect.line.fullmatch(printed.strip())
            if found and found["tag"] == dialect.opens:
                return dialect
        if printed.strip() and not printed.strip().rstrip(".").isdecimal():
            return None
    return None


def tagged_records(text: str, dialect: Dialect) -> Iterator[Record]:
    """The records of an export in this dialect, in order."""
    fields: dict[str, list[str]] = defaultdict(list)
    last: list[str] | None = None
    for printed in text.splitlines():
        found = dialect.line.fullmatch(printed.strip())
        if found is None:
            if printed.strip() and last:
                last[-1] = f"{last[-1]} {printed.strip()}"
            continue
        if found["tag"] == dialect.opens and fields:
            yield _record(fields, dialect)
            fields.clear()
        last = fields[found["tag"]]
        last.append(found["value"].strip())
    if fields:
        yield _record(fields, dialect)


def _record(fields: Mapping[str, list[str]], dialect: Dialect) -> Record:
    def first(tags: tuple[str, ...]) -> str | None:
        return next((value for tag in tags for value in fields.get(tag, ()) if value), None)

    authors = next((fields[tag] for tag in dialect.authors if fields.get(tag)), [])
    others = [value for tag in dialect.other_abstract for value in fields.get(tag, ()) if has_han(value)]
    identifiers = (value for tag in dialect.doi for value in fields.get(tag, ()) if "[pii]" not in value)
    return Record(
        titles=tuple(value for tag in dialect.titles for value in fields.get(tag, ())),
        abstract=tuple(
            Passage(value) for value in [*(v for tag in dialect.abstract for v in fields.get(tag, ())), *others]
        ),
        authors=tuple(name for value in authors for name in _SEPARATED.split(value) if name),
        journal=first(dialect.journal),
        year=first(dialect.year),
        volume=first(dialect.volume),
        issue=(first(dialect.issue) or "").lstrip("0") or None,
        pages=first(dialect.pages),
        doi=next((name for value in identifiers if (name := doi(value))), None),
        pmid=first(dialect.pmid),
        types=tuple(value for tag in dialect.types for value in fields.get(tag, ())),
        registrations=tuple(
            (found["registry"], found["number"])
            for tag in dialect.registrations
            for value in fields.get(tag, ())
            if (found := _REGISTERED.fullmatch(value))
        ),
    )
