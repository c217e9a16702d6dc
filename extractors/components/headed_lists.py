"""Lists of arms that stand over the columns of tables: the groups of people that a table sets side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.components.arm_phrases import Part
from extractors.documents import Cell
from extractors.findings import Number
from extractors.normal import words_of
from extractors.reading import Quantity, Reading
from extractors.tables.grid import Grid
from extractors.tables.kinds import kind_of
from extractors.tables.labels import Label, label
from extractors.tables.words import is_form

_FEWEST, _MOST = 2, 6
_NO_GROUP = frozenset({"p", "test", "total", "within", "change"})
_NO_NAME = ("generic", "baseline-time", "later-time")


@dataclass(frozen=True, slots=True)
class HeadedList:
    """The groups over the columns of a table, in how many tables they stand, and whether each has its size."""

    parts: tuple[Part, ...]
    tables: int
    is_sized: bool


def headed_lists(found: Reading) -> Iterator[HeadedList]:
    """The groups that tables set side by side, each list once, with the sizes that any of its tables gives."""
    lists = [
        parts
        for table in found.document.tables
        if table.cells and kind_of(table, grid := Grid(table)) in ("baseline", "outcome")
        for parts in _lists_of(found, grid)
    ]
    keys = [frozenset(_words(found, part) for part in parts) for parts in lists]
    counts = Counter(keys)
    for key in dict.fromkeys(keys):
        same = [parts for parts, other in zip(lists, keys, strict=True) if other == key]
        best = max(same, key=lambda parts: sum(part.size is not None for part in parts))
        yield HeadedList(best, counts[key], all(part.size is not None for part in best))


def _words(found: Reading, part: Part) -> frozenset[str]:
    return words_of(found.normal[part.start : part.end])


def _lists_of(found: Reading, grid: Grid) -> Iterator[tuple[Part, ...]]:
    """The groups that the rows of one table's head name, one list for each row that names any."""
    for row in range(grid.header_rows):
        named: dict[frozenset[str], tuple[Part, bool]] = {}
        whole = True
        for column in grid.value_columns:
            heads = [label(cell.text) for cell in grid.head(column)]
            cell = grid.at(row, column)
            if any(head.roles & _NO_GROUP or head.contrast for head in heads):
                continue
            said = label(cell.text) if cell is not None else None
            if cell is None or said is None or not _may_be_group(cell, said):
                whole = False
                break
            size = said.size or next((head.size for head in heads if head.size is not None), None)
            part = _part(cell, said, size, grid, column)
            named.setdefault(_words(found, part), (part, size is not None))
        if whole and _FEWEST <= len(named) <= _MOST and frozenset() not in named:
            yield tuple(part for part, _ in named.values())


def _may_be_group(cell: Cell, said: Label) -> bool:
    """Whether a cell of the head has a name of its own that is no time, statistic or unit."""
    if said.name is None or said.time is not None or said.spreads or said.unit is not None:
        return False
    return "^" not in cell.text[slice(*said.name)] and not is_form(cell.text[slice(*said.name)], *_NO_NAME)


def _part(cell: Cell, said: Label, size: Number | None, grid: Grid, column: int) -> Part:
    """The group that a cell names, with the number of people that the head of its column gives."""
    start, end = said.name or (0, len(cell.text))
    return Part(cell.start + start, cell.start + end, (), _size_in(grid.head(column), size))


def _size_in(cells: Sequence[Cell], size: Number | None) -> Quantity | None:
    for cell in cells:
        at = cell.text.rfind(size.text) if size is not None else -1
        if size is not None and at >= 0 and label(cell.text).size == size:
            return Quantity(cell.start + at, cell.start + at + len(size.text), size, "size")
    return None
