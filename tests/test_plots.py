"""What of an answer is drawn, and where its shapes lie."""

from __future__ import annotations

import pytest

from server.answers import ResultCell, ResultTable
from server.plots import Bars, Dots, plot


def table(columns: str, *rows: str) -> ResultTable:
    """A table from texts; digits are numbers, a dash is an empty cell."""

    def cell(text: str) -> ResultCell | None:
        number = text.lstrip("-").replace(".", "").replace("NaN", "0").isdigit()
        return None if text == "-" else ResultCell(text, None, None, outside=False, number=number)

    made = tuple(tuple(cell(text) for text in row.split()) for row in rows)
    return ResultTable(tuple(columns.split()), made, len(made))


def test_one_numeric_column_becomes_bars_from_zero() -> None:
    drawn = plot(table("name n", "a 1", "b -2", "c -", "d 3"))

    assert isinstance(drawn, Bars)
    assert drawn.column == "n"
    assert [(bar.label, bar.text, bar.start, bar.width) for bar in drawn.bars] == [
        ("a", "1", 40.0, 20.0),
        ("b", "-2", 0.0, 40.0),
        ("d", "3", 40.0, 60.0),
    ]


def test_two_numeric_columns_become_points() -> None:
    drawn = plot(table("name x y", "a 0 10", "b 10 30", "c 5 20"))

    assert isinstance(drawn, Dots)
    assert (drawn.across, drawn.up, drawn.left, drawn.right, drawn.bottom, drawn.top) == (
        "x",
        "y",
        "0",
        "10",
        "10",
        "30",
    )
    assert [(dot.left, dot.top) for dot in drawn.dots] == [(0.0, 100.0), (50.0, 50.0), (100.0, 0.0)]


@pytest.mark.parametrize(
    "rows",
    [(), ("a 1",), ("a b", "c d"), ("a 1", "b x"), ("a 2", "b 2"), ("a NaN", "b 1")],
    ids=["no row", "one row", "no number", "mixed", "all the same", "not a number"],
)
def test_what_has_nothing_to_show_is_not_drawn(rows: tuple[str, ...]) -> None:
    assert plot(table("name n", *rows)) is None
