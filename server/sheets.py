"""Tables to take away: as comma-separated values, or as the sheets of a workbook."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Final

import xlsxwriter

Cell = str | int | float | None
# Signs by which a spreadsheet takes a text for a formula.
_FORMULA: Final = ("=", "+", "@", "-", "\t", "\r")
_WIDEST: Final = 60


@dataclass(frozen=True, slots=True)
class Table:
    """A named table; an absent cell is ``None``."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def csv_bytes(table: Table) -> bytes:
    """The table as RFC 4180 has it, in UTF-8 with the mark by which spreadsheets know it."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(table.head)
    writer.writerows([_safe(cell) for cell in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def _safe(cell: Cell) -> Cell:
    """A text that no spreadsheet takes for a formula; numbers, printed ones too, stay."""
    if isinstance(cell, str) and cell.startswith(_FORMULA) and not _numeric(cell):
        return f"'{cell}"
    return cell


def _numeric(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def xlsx_bytes(tables: Iterable[Table], titles: dict[str, str], address: str) -> bytes:
    """A workbook with a sheet for each table, and the page's address as its comment."""
    out = BytesIO()
    # Texts stay texts: nothing of a paper becomes a formula or a link.
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"comments": address})
    bold = book.add_format({"bold": True, "text_wrap": True})
    for table in tables:
        sheet = book.add_worksheet(titles[table.name][:31])
        sheet.freeze_panes(1, 1)
        sheet.write_row(0, 0, table.head, bold)
        for number, row in enumerate(table.rows, start=1):
            for column, cell in enumerate(row):
                if cell is not None:
                    _write(sheet, number, column, cell)
        for column, name in enumerate(table.head):
            widest = max(map(_width, (name, *(row[column] for row in table.rows))))
            sheet.set_column(column, column, min(widest, _WIDEST) + 1)
    book.close()
    return out.getvalue()


def _write(sheet: xlsxwriter.workbook.Worksheet, row: int, column: int, cell: Cell) -> None:
    # A printed figure stays as printed, with its last nought, and is a text therefore.
    if isinstance(cell, str):
        sheet.write_string(row, column, cell[:32_000])
    else:
        sheet.write_number(row, column, cell)


def _width(cell: Cell) -> int:
    return sum(2 if ord(sign) > 0x2E80 else 1 for sign in str(cell)) if cell is not None else 0
