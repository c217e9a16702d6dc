"""A table as a grid: which rows are its head, which columns label its rows, which heading each row stands under."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from extractors.documents import Cell, Table
from extractors.normal import normalise
from extractors.reading import Span
from extractors.tables.cells import Printed, printed, slashed
from extractors.tables.labels import Label, label
from extractors.tables.parting import parted
from extractors.tables.words import names_time, speaks_of_time, time_unit

_MOST_HEADER_ROWS = 5
_NO_VALUE = ("words", "none", "not significant", "reference")
_MOST_CELLS = 40_000
_WORDLESS = re.compile(r"\W*\d[\W\d_]*")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the body: its number, the cells that label it, the headings above them, and whether it heads others."""

    number: int
    labels: tuple[Cell, ...]
    headings: tuple[Cell, ...]
    is_heading: bool = False


class Grid:
    """The cells of a table by row and column, with spans filled in."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.places: dict[tuple[int, int], Cell] = {}
        # A source that marks its head marks its rows too; lines of text may run two rows together.
        cells, self.printed_rows = (table.cells, {}) if table.header_rows else parted(table.cells)
        for cell in cells:
            for row in range(cell.row, cell.row + cell.row_span):
                for column in range(cell.column, cell.column + cell.column_span):
                    if len(self.places) < _MOST_CELLS:
                        self.places.setdefault((row, column), cell)
        self.rows = max((row for row, _ in self.places), default=-1) + 1
        self.columns = max((column for _, column in self.places), default=-1) + 1

    def at(self, row: int, column: int) -> Cell | None:
        """The cell at a place, if one stands there or spans it."""
        return self.places.get((row, column))

    def line(self, row: int) -> list[Cell]:
        """The cells of a row, each once."""
        found = [cell for column in range(self.columns) if (cell := self.at(row, column))]
        return list(dict.fromkeys(found))

    def widen(self) -> None:
        """Let a head go on over the blank places right of it that have heads of their own below.

        Text keeps no spans: an arm's name stands over its first column only. A source that has spans may count them
        wrong; where the heads below repeat as often as there are heads above, each of these is over one repetition.
        """
        if self.table.header_rows:
            self._set_over_repeats()
            return
        for row in range(self.header_rows - 1):
            for column in range(self.label_columns + 1, self.columns):
                left = self.at(row, column - 1)
                below = [cell for lower in range(row + 1, self.header_rows) if (cell := self.at(lower, column))]
                apart = any(label(cell.text).roles for cell in below)
                if left is not None and below and not apart and self.at(row, column) is None:
                    self.places[row, column] = left

    def _set_over_repeats(self) -> None:
        """Put each head of a row over its own repetition of the heads in the lowest row: "n, mean, SD, n, mean, SD"."""
        lowest = [self.at(self.header_rows - 1, column) for column in self.value_columns]
        texts = [cell.text.casefold() if cell is not None else "" for cell in lowest]
        period = next((place for place in range(2, len(texts)) if texts[place] == texts[0]), len(texts))
        repeats = 1
        while texts and texts[repeats * period : (repeats + 1) * period] == texts[:period]:
            repeats += 1
        for row in range(self.header_rows - 1):
            above = [cell for column in self.value_columns if (cell := self.at(row, column)) and cell.row_span == 1]
            heads = [head for head in dict.fromkeys(above) if head.row == row and head.text.strip()]
            if not 1 < repeats == len(heads):
                continue
            for place in range(period * repeats):
                self.places[row, self.label_columns + place] = heads[place // period]

    @cached_property
    def header_rows(self) -> int:
        """How many rows head the columns: those the source marks, and further ones that hold no values."""
        rows = self.table.header_rows
        while rows < min(self.rows, _MOST_HEADER_ROWS):
            # Blank rows may part a head.
            following = next((row for row in range(rows, self.rows) if self.line(row)), self.rows)
            if following >= self.rows or not self._heads(following):
                break
            rows = following + 1
        return rows if rows < self.rows else 0

    def _heads(self, row: int) -> bool:
        """Whether a row at the top belongs to the head: words beyond the first column, and no values."""
        cells = [cell for cell in self.line(row) if cell.column > 0]
        if row < self.table.header_rows or not cells:
            return row == 0 and self.table.header_rows == 0
        if any(is_value(cell) for cell in cells):
            return False
        first = self.at(row, 0)
        spans_all = first is not None and first.column_span >= self.columns
        marked = self.table.header_rows > 0
        plain = first is None or not marked or self._statistics(cells)
        return not spans_all and plain and len(cells) >= 2

    def head_through(self, row: int) -> None:
        """Let the head reach down to a row that its source has not marked."""
        self.header_rows = row + 1
        self.__dict__.pop("label_columns", None)
        self.__dict__.pop("time_columns", None)

    def _statistics(self, cells: list[Cell]) -> bool:
        """Whether all cells name statistics or sizes only ("n (%)", "Mean", "(n = 30)")."""
        return all(
            (found := label(cell.text)).name is None
            and (found.statistics or found.spreads or found.size or found.roles)
            for cell in cells
        )

    @cached_property
    def label_columns(self) -> int:
        """How many columns at the left label the rows: the first, and those after it that hold words."""
        count = 1
        while count < min(3, self.columns - 1) and self._labels_rows(count):
            count += 1
        return count

    @cached_property
    def time_columns(self) -> Mapping[int, Span | None]:
        """The columns of labels whose head says that they tell times, each with the place of its unit in the head."""
        return {
            column: self._unit_of_times(column) for column in range(self.label_columns) if self._tells_times(column)
        }

    def _unit_of_times(self, column: int) -> Span | None:
        """Where the head of a column of times names their unit: "Day", "Time (h)"."""
        for cell in self.head(column):
            if (unit := time_unit(normalise(cell.text))) is not None:
                return Span(cell.start + unit[0], cell.start + unit[1])
        return None

    def _tells_times(self, column: int) -> bool:
        """Whether a head says time and nothing else, or the first one speaks of time over bare numbers."""
        heads = " ".join(normalise(cell.text) for cell in self.head(column))
        return names_time(heads) or (column == 0 and speaks_of_time(heads))

    def _labels_rows(self, column: int) -> bool:
        if self._tells_times(column):
            # A time that stands in several rows labels them; days counted once for each row are an outcome.
            texts = [cell.text for row in range(self.header_rows, self.rows) if (cell := self.at(row, column))]
            return len(set(texts)) <= 0.5 * len(texts)
        heads = self.head(column)
        if any(label(cell.text).size is not None for cell in heads):
            return False
        if heads and heads == self.head(column - 1) and all(cell.column_span < self.columns for cell in heads):
            # One head over both: "Outcome" over "Adherence" and "100%", "80-99%", "<80%".
            return True
        body = [cell for row in range(self.header_rows, self.rows) if (cell := self.at(row, column))]
        words = [cell for cell in body if not is_value(cell) and printed(cell.text).kind == "words"]
        levels = column == 1 and not any(self.at(row, column) for row in range(self.header_rows))
        return (len(words) > 0.5 * len(body) and bool(body)) or (
            levels and len(words) >= 0.5 * len(body) and bool(words)
        )

    def head(self, column: int) -> list[Cell]:
        """The cells that head a column, from the top down, each once."""
        found = [cell for row in range(self.header_rows) if (cell := self.at(row, column))]
        return list(dict.fromkeys(found))

    def below(self, column: int) -> list[Cell]:
        """The cells of a column below its head, each once."""
        rows = range(self.header_rows, self.rows)
        return list(dict.fromkeys(cell for row in rows if (cell := self.at(row, column)) is not None))

    @cached_property
    def value_columns(self) -> range:
        """The columns right of the labels."""
        return range(self.label_columns, self.columns)

    def body(self, columns: frozenset[int]) -> Iterator[Row]:
        """The rows below the head, each with its labels and the headings it stands under.

        A row without a value in any of the columns heads those below it, if nothing there looks like a number. Where
        the first of several label columns is blank, the label above goes on.
        """
        headings = _Headings(any(cell.indent for cell in self.table.cells if cell.column == 0))
        outer: Cell | None = None
        for number in range(self.header_rows, self.rows):
            line = self.line(number)
            labels = tuple(cell for cell in line if cell.column < self.label_columns)
            values = [cell for cell in line if cell.column in columns]
            if self.label_columns > 1 and labels:
                if labels[0].column == 0:
                    outer = labels[0]
                elif outer is not None:
                    labels = (outer, *labels)
            if labels and not any(is_value(cell) or _is_number(cell) for cell in values):
                headings.open(labels[0])
                yield Row(number, labels, (), is_heading=True)
            else:
                yield Row(number, labels, headings.over(labels))


class _Headings:
    """The headings that rows stand under, by their indents where the table has any, else by their order."""

    def __init__(self, is_indented: bool) -> None:
        self.is_indented = is_indented
        self.stack: list[Cell] = []
        self.before: list[Cell] = []
        self.run: list[Cell] = []

    def open(self, heading: Cell) -> None:
        """Note a heading: right below another it is one level deeper; alone it takes the last one's place."""
        if self.is_indented:
            self._close(heading.indent)
            self.stack.append(heading)
            return
        if not self.run:
            self.before = self.stack
        self.run.append(heading)
        above = self.before[:-1] if len(self.run) == 1 and len(self.before) > 1 else []
        self.stack = [*above, *self.run]

    def over(self, labels: tuple[Cell, ...]) -> tuple[Cell, ...]:
        """The headings over a row."""
        self.run = []
        if self.is_indented and labels:
            self._close(labels[0].indent)
        return tuple(self.stack)

    def _close(self, indent: int) -> None:
        while self.stack and self.stack[-1].indent >= indent:
            self.stack.pop()


def is_value(cell: Cell) -> bool:
    """Whether a cell prints a number that may be a result."""
    kind = printed(cell.text).kind
    return kind not in _NO_VALUE or (kind == "words" and bool(slashed(cell.text)))


def _is_number(cell: Cell) -> bool:
    """Whether a cell holds digits and no words, in whatever way it prints its number."""
    return printed(cell.text).kind == "reference" or _WORDLESS.fullmatch(cell.text) is not None


def shape(cell: Cell) -> Printed:
    """What a cell prints."""
    return printed(cell.text)


def said(cell: Cell) -> Label:
    """What a cell of the head or a label says."""
    return label(cell.text)
