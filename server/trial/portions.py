"""Which of a trial's results stand on its page where they are too many for one: the first of each, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeVar

from server.tables import EndpointGroup

# Lines of all results on a trial's page, and of one endpoint, with which a page stays below 150 kB.
_LINES: Final = 150
_LINES_OF_ONE: Final = 80
# What a thing takes of them: the drawing of an estimate is as long as two rows without one.
_ENDPOINT: Final = 1
_TABLE: Final = 2
_EFFECT: Final = 2
_ROW: Final = 1

Row = TypeVar("Row")


def first_results(groups: Sequence[EndpointGroup]) -> tuple[EndpointGroup, ...]:
    """The endpoints with as many of their results as have room on the page, in the order in which it shows them.

    Each says how many of its results are left out.
    """
    room = _LINES
    found = []
    for group in groups:
        first, taken = _first(group, min(room, _LINES_OF_ONE))
        room -= taken
        found.append(first)
    return tuple(found)


def _first(group: EndpointGroup, room: int) -> tuple[EndpointGroup, int]:
    """The endpoint with what has room of its results, and how many lines they take."""
    left = room - _ENDPOINT
    effects = []
    for table in group.effects:
        rows, left = _rows(table.rows, _EFFECT, left)
        if rows:
            effects.append(replace(table, rows=rows))
    values = group.arm_table
    if values is not None:
        cells, left = _rows(values.rows, _ROW, left)
        values = replace(values, rows=cells) if cells else None
    statements, left = _rows(group.statements, _ROW, left)
    first = replace(group, effects=tuple(effects), arm_table=values, statements=statements)
    left_out = group.results - first.results
    return replace(first, left_out=left_out), room - left if first.shown else 0


def _rows(rows: tuple[Row, ...], lines: int, room: int) -> tuple[tuple[Row, ...], int]:
    """The rows that have room with the head of their table, and the room that is left."""
    number = min(len(rows), max(0, (room - _TABLE) // lines))
    return rows[:number], room - (_TABLE + number * lines if number else 0)
