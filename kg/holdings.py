"""What the graph holds as a whole: reports by kind and language, which trials have what, and what read the texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kg import columns
from kg.query_files import query_text
from kg.stores import ReadableStore

# What a trial may have, by the columns of the query in the order in which it is shown.
PARTS: Final = {
    "registration": "registration",
    "article": "article",
    "both-languages": "bothLanguages",
    "people": "people",
    "sizes": "sizes",
    "primary": "primary",
    "effects": "effects",
    "values": "values",
    "statements": "statements",
    "conclusion": "conclusion",
    "misfit": "misfit",
}


@dataclass(frozen=True, slots=True)
class Holdings:
    """The whole graph in numbers.

    ``kinds`` counts reports by the IRI of their kind, ``languages`` reports by language ("en", "zh"), ``coverage``
    trials by the names of ``PARTS``, ``software`` current texts by the version of the software that read them.
    """

    kinds: dict[str, int]
    languages: dict[str, int]
    coverage: dict[str, int]
    software: dict[str, int]


def holdings(store: ReadableStore) -> Holdings:
    """What the graph holds; asks the whole graph, so its answer is to be kept for each version."""
    return Holdings(
        kinds=report_kinds(store),
        languages=report_languages(store),
        coverage=coverage(store),
        software=software_versions(store),
    )


def report_kinds(store: ReadableStore) -> dict[str, int]:
    """How many reports there are, by the IRI of their kind."""
    return _numbers(store, query_text("report_kinds"), "kind", "reports")


def report_languages(store: ReadableStore) -> dict[str, int]:
    """How many reports have a text in a language; a report in both languages counts in both."""
    return _numbers(store, query_text("report_languages"), "language", "reports")


def software_versions(store: ReadableStore) -> dict[str, int]:
    """How many of the current texts were read, by the version of the software."""
    return _numbers(store, query_text("software_versions"), "software", "texts")


def coverage(store: ReadableStore) -> dict[str, int]:
    """How many trials have each of ``PARTS`` in at least one of their reports."""
    (solution,) = store.select(query_text("coverage"))
    return {part: int(columns.text(solution, column)) for part, column in PARTS.items()}


def _numbers(store: ReadableStore, query: str, key: str, number: str) -> dict[str, int]:
    return {columns.text(row, key): int(columns.text(row, number)) for row in store.select(query)}
