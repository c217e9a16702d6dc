"""What a number in a table stands under: the labels of its row and the heads of its column."""

from __future__ import annotations

from collections.abc import Iterable

from extractors.documents import Cell, Document, Table
from extractors.tables.grid import Grid, said
from kg.audit.checks import Labelled


class Labels:
    """The labels of what stands in the tables of a document; each table is laid out once."""

    def __init__(self, document: Document) -> None:
        self._tables = tuple(table for table in document.tables if table.cells)
        self._grids: dict[str, Grid] = {}

    def at(self, start: int, end: int) -> Labelled | None:
        """The labels of the characters from start to end; ``None`` outside of tables.

        Where they reach over several cells of a row they have its labels only.
        """
        table = next((one for one in self._tables if one.start <= start and end <= one.end), None)
        if table is None:
            return None
        if table.id not in self._grids:
            self._grids[table.id] = Grid(table)
            self._grids[table.id].widen()
        return _in_table(table, self._grids[table.id], start, end)


def _in_table(table: Table, grid: Grid, start: int, end: int) -> Labelled | None:
    cells = [cell for cell in dict.fromkeys(grid.places.values()) if cell.start < end and start < cell.end]
    if not cells:
        return None
    last = max(cell.row for cell in cells)
    # The row that heads the levels of a characteristic may hold their p-value.
    values = frozenset(place for place in grid.value_columns if not any(said(cell).roles for cell in grid.head(place)))
    row = next((row for row in grid.body(values) if row.number == last), None)
    labels = () if row is None else _texts((*row.headings, *row.labels))
    whole = len(cells) > 1 or cells[0].column < grid.label_columns
    return Labelled(table.label, labels, () if whole else _texts(grid.head(cells[0].column)))


def _texts(cells: Iterable[Cell]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for cell in cells if (text := " ".join(cell.text.split()))))
