"""The list of trials as a table to take away: comma-separated values, or a workbook."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO
from typing import Final

import xlsxwriter

from kg.rows import Name
from kg.search.entries import Line
from ontology import by_name, label
from server.evidence import in_language
from server.negotiation import Language

# Words of the interface that head the columns, and how wide they are in a workbook, in characters.
_COLUMNS: Final = {
    "trial": 22,
    "title": 60,
    "acronyms": 16,
    "registrations": 18,
    "condition": 30,
    "role-experimental": 36,
    "role-comparator": 36,
    "primary-endpoint": 36,
    "randomised": 12,
    "year": 8,
    "journal": 24,
    "reports": 9,
}
_LONGEST_CELL: Final = 32_000


def csv_table(lines: Iterable[Line], language: Language) -> bytes:
    """The table in UTF-8; it begins with a byte order mark, without which spreadsheets misread Chinese."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(_heads(language))
    writer.writerows(_rows(lines, language))
    return text.getvalue().encode("utf-8-sig")


def xlsx_table(lines: Iterable[Line], language: Language) -> bytes:
    """The table as a workbook with one sheet; text stays text, whatever it begins with."""
    body = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(body, options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for at, (head, width) in enumerate(zip(_heads(language), _COLUMNS.values(), strict=True)):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, head, bold)
        for at, row in enumerate(_rows(lines, language), start=1):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(at, column, value)
                else:
                    sheet.write_string(at, column, value[:_LONGEST_CELL])
        sheet.freeze_panes(1, 1)
    return body.getvalue()


def _heads(language: Language) -> list[str]:
    return [label(by_name("interface", name).iri, language) for name in _COLUMNS]


def _rows(lines: Iterable[Line], language: Language) -> Iterator[list[str | int]]:
    for line in lines:
        title = in_language(line.titles, language)
        condition = in_language(line.conditions, language)
        yield [
            line.key,
            "" if title is None else title.text,
            _joined(line.acronyms),
            _joined(line.identifiers),
            "" if condition is None else condition.text,
            _named(line.experimental, language),
            _named(line.comparators, language),
            _named(line.primary, language),
            "" if line.randomised is None else line.randomised,
            "" if line.year is None else line.year,
            _joined(line.journals),
            line.reports,
        ]


def _named(groups: Iterable[tuple[Name, ...]], language: Language) -> str:
    names = (in_language(names, language) for names in groups)
    return _joined(name.text for name in names if name is not None)


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(texts)
