"""Draws a query's numbers: bars for one numeric column, points for two; plain shapes that need no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server.answers import ResultCell, ResultTable

BARS_SHOWN = 40
POINTS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from ``start``, ``width`` long, both in percent of the room; ``text`` is the number as it stands."""

    label: str
    text: str
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Bars:
    """One numeric column."""

    column: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a row, in percent of the room, from the left and from the top."""

    label: str
    left: float
    top: float


@dataclass(frozen=True, slots=True)
class Dots:
    """Two numeric columns against each other, with the smallest and the largest number of each."""

    across: str
    up: str
    left: str
    right: str
    bottom: str
    top: str
    dots: tuple[Dot, ...]


Row = tuple[ResultCell | None, ...]


def plot(table: ResultTable) -> Bars | Dots | None:
    """The plot of the table's rows, ``None`` where fewer than two of them have a number."""
    numeric = [place for place in range(len(table.columns)) if _numeric(table.rows, place)]
    if not numeric:
        return None
    if len(numeric) > 1:
        return _dots(table, numeric[0], numeric[1])
    return _bars(table, numeric[0])


def _numeric(rows: Sequence[Row], place: int) -> bool:
    cells = [row[place] for row in rows if row[place] is not None]
    numbers = [cell for cell in cells if cell is not None and cell.number and _finite(cell.text)]
    return len(numbers) > 1 and len(numbers) == len(cells) and len({cell.text for cell in numbers}) > 1


def _finite(text: str) -> bool:
    try:
        return abs(float(text)) < float("inf")
    except ValueError:
        return False


def _bars(table: ResultTable, place: int) -> Bars:
    rows = [row for row in table.rows if row[place] is not None][:BARS_SHOWN]
    numbers = [_number(row, place) for row in rows]
    low, high = min(0.0, *numbers), max(0.0, *numbers)
    room = (high - low) or 1.0
    return Bars(
        table.columns[place],
        tuple(
            Bar(
                label=_label(row, place),
                text=_text(row, place),
                start=round((min(number, 0.0) - low) / room * 100, 2),
                width=round(abs(number) / room * 100, 2),
            )
            for row, number in zip(rows, numbers, strict=True)
        ),
    )


def _dots(table: ResultTable, across: int, up: int) -> Dots:
    rows = [row for row in table.rows if row[across] is not None and row[up] is not None][:POINTS_SHOWN]
    rows.sort(key=lambda row: _number(row, across))
    by_height = sorted(rows, key=lambda row: _number(row, up))
    return Dots(
        across=table.columns[across],
        up=table.columns[up],
        left=_text(rows[0], across) if rows else "",
        right=_text(rows[-1], across) if rows else "",
        bottom=_text(by_height[0], up) if rows else "",
        top=_text(by_height[-1], up) if rows else "",
        dots=tuple(
            Dot(_label(row, across), _share(rows, row, across), 100 - _share(by_height, row, up)) for row in rows
        ),
    )


def _share(ordered: Sequence[Row], row: Row, place: int) -> float:
    low, high = _number(ordered[0], place), _number(ordered[-1], place)
    return round((_number(row, place) - low) / ((high - low) or 1.0) * 100, 2)


def _number(row: Row, place: int) -> float:
    return float(_text(row, place))


def _text(row: Row, place: int) -> str:
    cell = row[place]
    return cell.text if cell is not None else ""


def _label(row: Row, place: int) -> str:
    """The first other cell of the row, of an IRI its last part."""
    other = next((cell for number, cell in enumerate(row) if number != place and cell is not None), None)
    if other is None:
        return ""
    return other.text.rstrip("/").replace("#", "/").rsplit("/", 1)[-1] if other.href else other.text
