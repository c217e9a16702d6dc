"""The list of trials as a table to take away: comma-separated values, or a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from kg.rows import Name
from kg.search.entries import Line
from server.evidence import in_language
from server.negotiation import Language
from server.sheets import Cell, Table
from server.wording import word

# Words of the interface that head the columns.
_COLUMNS: Final = (
    *("trial", "title", "acronyms", "registrations", "condition", "role-experimental", "role-comparator"),
    *("primary-endpoint", "randomised", "year", "journal", "reports"),
)


def search_table(lines: Iterable[Line], language: Language) -> Table:
    """The trials, one to a row."""
    return Table("trials", tuple(word(name, language) for name in _COLUMNS), tuple(_rows(lines, language)))


def _rows(lines: Iterable[Line], language: Language) -> Iterator[tuple[Cell, ...]]:
    for line in lines:
        title = in_language(line.titles, language)
        condition = in_language(line.conditions, language)
        yield (
            line.key,
            None if title is None else title.text,
            _joined(line.acronyms),
            _joined(line.identifiers),
            None if condition is None else condition.text,
            _named(line.experimental, language),
            _named(line.comparators, language),
            _named(line.primary, language),
            line.randomised,
            line.year,
            _joined(line.journals),
            line.reports,
        )


def _named(groups: Iterable[tuple[Name, ...]], language: Language) -> str:
    names = (in_language(names, language) for names in groups)
    return _joined(name.text for name in names if name is not None)


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(texts)
