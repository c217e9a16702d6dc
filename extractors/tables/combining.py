"""Puts the cells of one arm in one row together: a count with its percentage, a mean with its standard deviation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.documents import Cell
from extractors.findings import Number
from extractors.tables.cells import Printed, printed
from extractors.tables.columns import Column
from extractors.tables.values import Hint, Value, value_of

_ALONE = ("number", "percent")
_CENTRES = ("mean", "median")
_SPREADS = ("SD", "SE")
_RANGES = ("IQR", "range", "interval")


@dataclass(frozen=True, slots=True)
class Measured:
    """A value of an arm, the cell that prints its number and the number's place in the document."""

    arm: int
    value: Value
    cell: Cell
    column: Column
    start: int


def combined(
    arm: int, cells: Sequence[tuple[Column, Cell]], hints: Sequence[Hint], size: Number | None
) -> Iterator[Measured]:
    """The values that an arm's cells of one row give; cells whose meaning is not sure give none."""
    left = [(column, cell, printed(cell.text)) for column, cell in cells]
    left = [entry for entry in left if entry[2].numbers and entry[2].kind != "p"]
    if (people := _people(left)) is not None:
        left.remove(people)
        size = people[2].numbers[0]
    while left:
        column, cell, shape = left.pop(0)
        code = _code(column)
        following = left[0] if left else None
        if following is not None and shape.kind in _ALONE:
            joined = _joined(shape, code, following[2], _code(following[0]))
            if joined is not None:
                left.pop(0)
                both = [*column.hints, *following[0].hints, *hints]
                value = value_of(joined, _stated(both), size)
                if value is not None:
                    yield _measured(arm, value, column, ((cell, shape), (following[1], following[2])))
                continue
        if shape.kind in _ALONE and code in (*_SPREADS, *_RANGES):
            continue
        value = value_of(shape, [*column.hints, *hints], size)
        if value is not None:
            yield _measured(arm, value, column, ((cell, shape),))


def _people(cells: Sequence[tuple[Column, Cell, Printed]]) -> tuple[Column, Cell, Printed] | None:
    """The one cell that counts the people of whom another of the arm's columns gives a mean, a median or a rate."""
    counts = [entry for entry in cells if _code(entry[0]) == "number" and entry[2].kind == "number"]
    stated = [hint for column, _, _ in cells for hint in column.hints[:1]]
    measured = any(set(hint.statistics) & {*_CENTRES, "rate"} for hint in stated)
    shares = any("percent" in hint.statistics for hint in stated)
    return counts[0] if len(counts) == 1 and measured and not shares else None


def _code(column: Column) -> str | None:
    """What the head of a column calls its numbers, if that is one thing."""
    codes = [code for hint in column.hints[:1] for code in (*hint.statistics, *hint.spreads)]
    return codes[0] if len(codes) == 1 else None


def _joined(first: Printed, code: str | None, second: Printed, other: str | None) -> Printed | None:
    """Two cells as one, if their heads or signs say that they belong together."""
    if second.kind in _ALONE:
        share = (
            second.percent == 0
            or second.kind == "percent"
            or other == "percent"
            or (second.bracketed and code == "number")
        )
        if share and first.kind == "number" and code in ("number", None):
            return replace(first, kind="bracket", numbers=first.numbers + second.numbers, percent=1)
        if (first.kind == "percent" or code == "percent") and other == "number":
            return replace(first, kind="bracket", numbers=second.numbers + first.numbers, percent=1)
        if other in _SPREADS and code in (*_CENTRES, None):
            return replace(first, kind="plus-minus", numbers=first.numbers + second.numbers)
    if second.kind == "range" and other in _RANGES:
        return replace(first, kind="between", numbers=first.numbers + second.numbers)
    return None


def _stated(hints: Sequence[Hint]) -> list[Hint]:
    """The hints of two columns as one, so that the statistic of the first goes with the spread of the second."""
    statistics = tuple(s for hint in hints[:2] for s in hint.statistics)
    spreads = tuple(s for hint in hints[:2] for s in hint.spreads)
    level = next((hint.level for hint in hints[:2] if hint.level), None)
    return [Hint(statistics, spreads, near=True, level=level), *hints]


def _measured(arm: int, value: Value, column: Column, cells: Sequence[tuple[Cell, Printed]]) -> Measured:
    """The value with the cell that prints its number."""
    for cell, shape in cells:
        for number, (start, _) in zip(shape.numbers, shape.spans, strict=False):
            if number is value.number:
                return Measured(arm, value, cell, column, cell.start + start)
    cell, shape = cells[0]
    return Measured(arm, value, cell, column, cell.start + shape.spans[0][0])
