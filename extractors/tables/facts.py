"""Turns a table into results and baseline values: its rows against the arms of its columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.documents import Cell
from extractors.findings import Number
from extractors.reading import Headed, Span
from extractors.tables.arm_rows import read_rows
from extractors.tables.cells import printed, slashed
from extractors.tables.columns import Column, Fragment, columns_of
from extractors.tables.combining import Measured, combined
from extractors.tables.comparing import Estimated, Tested, direction_of, estimated, in_order, is_significant, tested
from extractors.tables.grid import is_value
from extractors.tables.kinds import is_explicit
from extractors.tables.links import Context
from extractors.tables.reader import Reader
from extractors.tables.rows import Line, changed, line_of
from extractors.tables.words import is_form, speaks_of_time

# "57 ± 8 (58 ± 9)" under "Intervention (control)".
_PAIR = re.compile(r"\s*(?P<first>[^()]+?)\s*\((?P<second>[^()]+)\)\s*")
# The arm of a column that describes people who are no arm: all of them, or those registered first.
NO_ARM = -1
# How far below the marked head a row may stand that belongs to it all the same.
_UNMARKED_HEADS = 3


class TableReader(Reader):
    """Reads one table of an article; what it finds is added to the reading."""

    def read(self) -> None:
        """Add what the table says of the arms that its columns, or else its rows, name."""
        if self.kind == "other" or self.grid.rows < 2 or self.grid.columns < 2:
            return
        self.sizes: dict[int, Number] = {}
        self.named: list[Fragment] = []
        columns = self._columns()
        arms = {arm for column in columns if column.is_value for arm in column.arms}
        if arms and len(arms) >= min(2, len(self.found.arms)):
            self._read_columns(columns)
        elif not arms and self.kind == "outcome":
            read_rows(self, columns)

    def _columns(self) -> list[Column]:
        """The columns with their arms; a row below the marked head that names arms belongs to the head too."""
        columns = columns_of(self.grid, self.names)
        enough = min(2, len(self.found.arms))
        if len({arm for column in columns for arm in column.arms}) >= enough:
            return columns
        first = self.grid.header_rows
        for row in range(first, min(first + _UNMARKED_HEADS, self.grid.rows - 1)):
            if any(is_value(cell) for cell in self.grid.line(row)):
                break
            again = columns_of(self.grid, self.names, row) if self._heads_anew(row) else []
            if len({arm for column in again for arm in column.arms}) >= enough:
                self.grid.head_through(row)
                return columns_of(self.grid, self.names)
        return columns

    def _read_columns(self, columns: list[Column]) -> None:
        """Go through the rows of a table whose columns are arms."""
        self.columns = columns
        lines = [
            line_of(row, self.caption.notes, times=self.grid.time_columns)
            for row in self.grid.body(self.value_places(columns))
        ]
        self.outcomes.open([span for each in line.names if (span := each.span)] for line in lines if line.fragments)
        timed = any(column.time for column in columns)
        self._note_heads(columns)
        self._count_heads(columns)
        below = False
        for row in self.grid.body(self.value_places(columns)):
            if self._heads_anew(row.number):
                again = columns_of(self.grid, self.names, row.number)
                arms = {arm for column in again for arm in column.arms}
                columns = again if len(arms) >= min(2, len(self.found.arms)) else columns
                continue
            keeps_times = self.kind != "baseline"
            line = line_of(row, self.caption.notes, keeps_times=keeps_times, times=self.grid.time_columns)
            self._take_sizes(line, columns)
            headed, below = below, row.is_heading
            if not row.labels and not headed:
                # What goes on below a row says something else of the same: an interval, a number of events.
                continue
            if row.is_heading or line.is_skipped or line.sizes_only or not (line.fragments or line.names):
                continue
            if self._describes(line) or (self.kind == "baseline" and not self._is_result(line)):
                self._characteristics(line, columns)
            else:
                self._results(line, columns, timed=timed)

    def _doubted(self, line: Line, column: Column) -> Column:
        """The column for a row none of whose numbers bears the sign of percent that other rows of the column have.

        Its head then says of the numbers of this row nothing: "mean or number of patients (%)".
        """
        if not any(hint.statistics == ("percent",) and not hint.spreads for hint in column.hints):
            return column
        if self._is_signed(self.grid.line(line.row.number)) or not self._is_signed(self.grid.below(column.number)):
            return column
        hints = [hint for hint in column.hints if hint.statistics != ("percent",) or hint.spreads]
        return replace(column, hints=hints)

    def _is_signed(self, cells: Sequence[Cell]) -> bool:
        """Whether any cell prints one percentage with its sign."""
        shapes = [printed(cell.text) for cell in cells]
        return any(shape.kind == "percent" and not shape.bracketed for shape in shapes)

    def value_places(self, columns: Sequence[Column]) -> frozenset[int]:
        """The columns that hold values or estimates."""
        return frozenset(column.number for column in columns if column.is_value or column.contrast)

    def _note_heads(self, columns: Sequence[Column]) -> None:
        """Note how many people the heads of a table of outcomes give for the arms."""
        if self.kind != "outcome":
            return
        for column in columns:
            for part in column.fragments:
                at = part.cell.text.rfind(column.size.text) if column.size is not None else -1
                if column.size is not None and at >= 0 and len(column.arms) == 1:
                    place = next(iter(self.links.places([(part.cell, "column")])))
                    start = part.cell.start + at
                    size = column.size
                    self.found.headed.append(Headed(start, start + len(size.text), column.arms[0], size, place))

    def _count_heads(self, columns: Sequence[Column]) -> None:
        """Note the numbers of people that the heads of columns for all people of an arm give."""
        for column in columns:
            if column.size is None or len(column.arms) != 1 or column.names:
                continue
            for part in column.fragments:
                at = part.cell.text.rfind(column.size.text)
                if part.said.size == column.size and at >= 0:
                    start = part.cell.start + at
                    self.counted.setdefault(column.arms[0], (column.size, Span(start, start + len(column.size.text))))

    def _heads_anew(self, row: int) -> bool:
        """Whether a row of the body has words over its columns and no values."""
        cells = [cell for number in self.grid.value_columns if (cell := self.grid.at(row, number)) and cell.row == row]
        words = [cell for cell in dict.fromkeys(cells) if printed(cell.text).kind == "words"]
        return len(words) > 1 and not any(is_value(cell) for cell in cells)

    def _take_sizes(self, line: Line, columns: Sequence[Column]) -> None:
        """Note the numbers of people that a row gives for the rows below it."""
        for column in columns:
            cell = self.grid.at(line.row.number, column.number)
            shape = printed(cell.text) if cell is not None else None
            if shape is None or len(column.arms) != 1:
                continue
            if shape.size is not None and not shape.numbers:
                self.sizes[column.arms[0]] = shape.size
            elif line.sizes_only and shape.kind == "number" and shape.numbers[0].value > 0 and cell is not None:
                self.sizes[column.arms[0]] = shape.numbers[0]
                start, end = shape.spans[0]
                if not column.names:
                    self.counted.setdefault(
                        column.arms[0], (shape.numbers[0], Span(cell.start + start, cell.start + end))
                    )

    def _describes(self, line: Line) -> bool:
        """Whether a row is a characteristic that no treatment changes, such as age or sex."""
        words = [each.name for each in line.names if each.name is not None]
        fixed = len(words) == 1 and is_form(words[0], "fixed-characteristic")
        return self.kind == "outcome" and fixed and line.time is None

    def _is_result(self, line: Line) -> bool:
        """Whether a row of a table of characteristics is an outcome that the text reports results of."""
        if is_explicit(self.table) or line.is_baseline:
            return False
        spans = [span for each in line.names[-1:] if (span := each.span) is not None]
        return bool(spans) and self.outcomes.is_reported(spans[0])

    def _measured(self, line: Line, columns: Sequence[Column]) -> list[Measured]:
        """The values of the arms that columns of one time and part of the people give in a row."""
        found: list[Measured] = []
        hints = [*line.hints, *self.caption.hints]
        for arm in dict.fromkeys(arm for column in columns for arm in column.arms):
            cells = [
                (self._doubted(line, column), cell)
                for column in columns
                if column.arms == (arm,) and (cell := self.grid.at(line.row.number, column.number)) is not None
                if not self._spans_groups(cell)
            ]
            head = next((c.size for c in columns if c.arms == (arm,) and c.size is not None), None)
            found += combined(arm, cells, hints, self.sizes.get(arm) or head or self.everyone)
        for column in columns:
            listed = self.grid.at(line.row.number, column.number)
            if len(column.arms) > 1 and listed is not None:
                found += self._listed(column, listed, line)
        return found

    def _spans_groups(self, cell: Cell) -> bool:
        """Whether a cell stands under several arms, times or parts of the people, and so is a value of none of them."""
        spanned = range(cell.column, cell.column + cell.column_span)
        under = {(c.arms, c.group) for c in self.columns if c.is_value and c.number in spanned}
        return len(under) > 1

    def _listed(self, column: Column, cell: Cell, line: Line) -> Iterator[Measured]:
        """The values of a cell that lists those of all arms in the order of its head ("57/58/62")."""
        in_brackets = not any("/" in (each.name or "") for each in column.fragments)
        pair = _PAIR.fullmatch(cell.text) if len(column.arms) == 2 and in_brackets else None
        shape = printed(cell.text)
        spans = [pair.span("first"), pair.span("second")] if pair else []
        if "/" in cell.text and not in_brackets:
            # Values stand as the arms do: under "A/B" a count with its percentage is not of two arms.
            spans = slashed(cell.text) or list(shape.spans)
        if len(spans) != len(column.arms):
            return
        for arm, (start, end) in zip(column.arms, spans, strict=True):
            part = Cell(cell.row, cell.column, cell.text[start:end], cell.start + start, cell.start + end)
            yield from combined(arm, [(column, part)], [*line.hints, *self.caption.hints], self.sizes.get(arm))

    def _groups(self, columns: Sequence[Column]) -> list[list[Column]]:
        """The columns of values, those of one time and part of the people together."""
        groups: dict[tuple[object, ...], list[Column]] = {}
        for column in columns:
            if column.is_value:
                groups.setdefault((column.group, changed(column) is not None), []).append(column)
        return list(groups.values())

    def _characteristics(self, line: Line, columns: Sequence[Column]) -> None:
        """Add the baseline values of a row: of arms, and of columns that are no arm but give values."""
        groups = self._groups(columns)
        others = [c for c in columns if not c.arms and not c.contrast and (c.names or c.roles == {"total"})]
        measured = [each for group in groups for each in self._measured(line, group)]
        hints = [*line.hints, *self.caption.hints]
        for column in others:
            cell = self.grid.at(line.row.number, column.number)
            if cell is not None and not column.roles & {"p", "test"}:
                measured += combined(NO_ARM, [(column, cell)], hints, column.size)
        if not any(each.arm != NO_ARM for each in measured) or not line.names:
            return
        row = self.links.sentence([*line.row.labels, *(each.cell for each in measured)])
        counted = len(line.names) > 1 and measured[0].value.measure in ("proportion", "count")
        names = line.names[:-1] if counted else line.names
        level = line.names[-1].span if counted else None
        for each in measured:
            head = each.column.fragments[0].cell if each.column.fragments else None
            cells = [(each.cell, "value"), *((f.cell, "row") for f in line.names)]
            places = self.links.places([*cells, (head, "column")] if head is not None else cells)
            group = None if each.arm != NO_ARM else _head_span(each.column)
            if each.arm == NO_ARM and group is None:
                continue
            unit = line.unit or each.column.unit
            self.found.baseline.append(self.links.characteristic(row, names, level, each, group, unit, places))

    def _results(self, line: Line, columns: Sequence[Column], *, timed: bool) -> None:
        """Add the results of a row: values of arms, estimates, comparisons by p-value."""
        groups = self._groups(columns)
        single = len({each.moment for group in groups for each in group}) < 2
        for group in groups:
            measured = self._measured(line, group)
            context = self._context(line, group[0], measured, timed=timed)
            if context is None:
                continue
            said = line.change or changed(group[0])
            if said is not None and self.kind != "subgroup":
                endpoint = self.outcomes.change_of(context.endpoint, context.endpoint_span, said)
                context = replace(context, endpoint=endpoint)
            beside = [c for c in columns if not c.is_value and (len(groups) == 1 or c.group == group[0].group)]
            if group is groups[0] and len(groups) > 1:
                # A comparison that no head ties to a time or measure goes with the first one.
                beside = [c for c in columns if c in beside or (c.contrast and not c.names and c.time is None)]
            test = self._test(line, beside)
            contrasts = list(self._contrasts(line, beside, measured))
            if self.kind == "subgroup" and not contrasts and any(column.contrast for column in columns):
                # A row of a forest plot whose estimate is lost is garbled.
                continue
            cells = [each.cell for each in measured] + [estimate.cell for estimate, _ in contrasts]
            if not cells:
                continue
            row = self.links.sentence([*line.row.labels, *cells, *([test.cell] if test else [])])
            for each in measured:
                places = self.places(line, each.column, each.cell)
                self.found.results.append(self.links.arm_result(row, context, each, each.column.arm_span, places))
            for estimate, pair in contrasts:
                p = estimate.p or (test.p if test is not None else None)
                places = self.places(line, estimate.column, estimate.cell)
                significant = is_significant(estimate, p)
                # A comparison that no head ties to a time is not of the first of several times.
                held = context if single or estimate.column.time is not None else replace(context, time=line.time)
                self.found.results.append(self.links.contrast(row, held, estimate, pair, test, significant, places))
            arms = [each.arm for each in measured]
            if not contrasts and test is not None and len(arms) == len(set(arms)) == 2 == len(self.found.arms):
                self._compare(line, context, measured, test)

    def _compare(self, line: Line, context: Context, measured: Sequence[Measured], test: Tested) -> None:
        """Add the comparison that a p-value makes of the values of two arms."""
        pair = in_order(self.found.arms, (measured[0].arm, measured[1].arm))
        first, second = sorted(measured, key=lambda each: pair.index(each.arm))
        direction = direction_of(first, second, test.p)
        if direction is not None:
            row = self.links.sentence([*line.row.labels, first.cell, second.cell, test.cell])
            places = self.links.places([(test.cell, "p"), *((f.cell, "row") for f in line.names)])
            self.found.results.append(self.links.statement(row, context, pair, direction, test, places))

    def _context(self, line: Line, column: Column, values: Sequence[Measured], *, timed: bool) -> Context | None:
        """The endpoint, time and part of the people of a row's values in a group of columns."""
        over_all = self._over_all()
        headed = [span for each in column.names if each.cell not in over_all and (span := each.span) is not None]
        time = line.time or column.time or (None if timed else self.caption.time)
        if self.kind == "subgroup":
            spans = [span for each in line.names if (span := each.span) is not None]
            endpoint = self.caption.endpoint(self.outcomes)
            if endpoint is None:
                return None
            whole = any("total" in f.said.roles for f in line.fragments)
            return Context(endpoint, None, time, () if whole else tuple(spans), None)
        names = list(line.names)
        if line.names and not any(map(str.isalpha, line.names[-1].name or "")) and not is_level(line, values):
            # A bare number is a time only in a column of times; elsewhere it says too little.
            return None
        if line.change is not None and not names:
            # "Pain before", "Pain after", "Difference".
            names = self.named
        elif line.change is None and names:
            self.named = names
        if line.is_bare and column.names and not names:
            names, headed = list(column.names), []
        endpoint = (
            self.outcomes.index_of(names, values, self.caption.text) if names else self.caption.endpoint(self.outcomes)
        )
        if endpoint is None:
            return None
        span = names[-1].span if names else None
        return Context(endpoint, span, time, tuple(headed[-1:]), line.unit or column.unit, line.time_unit)

    def _over_all(self) -> set[Cell]:
        """The heads over all values of all arms, which tell no part of the people from another."""
        cells = [{f.cell for f in column.fragments} for column in self.columns if column.is_value]
        several = len({column.arms for column in self.columns if column.is_value}) > 1
        return set.intersection(*cells) if several else set()

    def _test(self, line: Line, columns: Sequence[Column]) -> Tested | None:
        """The p-value of a row, if one column beside its values holds p-values of arms against each other."""
        heads = [column for column in columns if "p" in column.roles and "within" not in column.roles]
        cells = [cell for column in heads if (cell := self.grid.at(line.row.number, column.number)) is not None]
        found = [test for cell in dict.fromkeys(cells) if cell.row == line.row.number and (test := tested(cell))]
        return found[0] if len(found) == 1 else None

    def _contrasts(
        self, line: Line, columns: Sequence[Column], measured: Sequence[Measured]
    ) -> Iterator[tuple[Estimated, tuple[int, int]]]:
        """The estimates of a row with the arms that they compare."""
        arms = list(dict.fromkeys(each.arm for each in measured))
        for place, column in enumerate(columns):
            cell = self.grid.at(line.row.number, column.number)
            statistic = column.roles & {"p", "test", "within"}
            if not column.contrast or statistic or cell is None or cell.row != line.row.number:
                continue
            beside = columns[place + 1] if place + 1 < len(columns) else None
            bounds = None
            if beside is not None and any("interval" in hint.spreads for hint in beside.hints):
                bounds = self.grid.at(line.row.number, beside.number)
            estimate = estimated(column, cell, bounds, measured, self.caption.level)
            if not measured and self.kind != "subgroup":
                # A row of a forest plot without the values of its arms is garbled.
                arms = list(dict.fromkeys(arm for each in self.columns if each.is_value for arm in each.arms))
            pair = column.pair or (in_order(self.found.arms, (arms[0], arms[1])) if len(arms) == 2 else None)
            if estimate is not None and pair is not None:
                yield estimate, pair


def is_level(line: Line, values: Sequence[Measured]) -> bool:
    """Whether a label of digits is a level of the outcome above it: people are counted in it ("Score: 1, 2, 3-5")."""
    above = [each.name for each in line.names[:-1] if each.name is not None and any(map(str.isalpha, each.name))]
    counted = bool(values) and all(each.value.measure in ("proportion", "count") for each in values)
    return counted and bool(above) and not any(speaks_of_time(name) for name in above)


def _head_span(column: Column) -> Span | None:
    """The words over a column that is no arm."""
    named = [span for each in column.names if (span := each.span) is not None]
    if named:
        return named[0]
    total = [each.cell for each in column.fragments if "total" in each.said.roles]
    return Span(total[0].start, total[0].end) if total else None
