"""Reads what databases of the literature export: records with title, abstract and citation in fields of their own."""

from __future__ import annotations

from collections.abc import Iterator

from extractors.documents import Document, Refusal, UnreadableDocument
from extractors.readers.records.europepmc import europepmc_records, is_europepmc
from extractors.readers.records.pubmed import is_pubmed, pubmed_records
from extractors.readers.records.record import Record, written
from extractors.readers.records.ris import is_ris, ris_records
from extractors.readers.records.tagged import dialect_of, tagged_records

_LONGEST_LABEL = 60


def records_in(text: str, name: str) -> Iterator[Document | Refusal] | None:
    """The records of an export, each a document or a refusal; ``None`` if the text is no export that is known."""
    if is_pubmed(text):
        return _written(pubmed_records(text), name, "pubmed")
    if is_europepmc(text):
        return _written(europepmc_records(text), name, "europepmc")
    if is_ris(text):
        return _written(ris_records(text), name, "ris")
    dialect = dialect_of(text)
    return _written(tagged_records(text, dialect), name, dialect.reader) if dialect else None


def _written(records: Iterator[Record], name: str, reader: str) -> Iterator[Document | Refusal]:
    number = 0
    for number, record in enumerate(records, start=1):
        source = f"{name}#{(record.label or str(number))[:_LONGEST_LABEL]}"
        try:
            yield written(record, source, reader)
        except UnreadableDocument as error:
            yield Refusal(source, str(error))
    if number == 0:
        raise UnreadableDocument("the export holds no record; export the records again")
