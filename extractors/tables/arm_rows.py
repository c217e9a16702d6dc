"""Reads tables whose rows are arms: each column is an outcome, a time or a statistic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractors.documents import Cell
from extractors.findings import Number
from extractors.tables.arm_names import Candidate
from extractors.tables.cells import printed
from extractors.tables.columns import Column, Fragment, fragment
from extractors.tables.combining import Measured, combined
from extractors.tables.comparing import estimated, is_significant, tested
from extractors.tables.labels import Label
from extractors.tables.links import Context
from extractors.tables.reader import Reader
from extractors.tables.rows import Line, changed, line_of
from extractors.tables.words import cue_pattern, pattern


@dataclass(frozen=True, slots=True)
class _Armed:
    """A row with its arm and the number of people that it or a row above it gives for this arm."""

    line: Line
    arm: int
    size: Number | None


@dataclass(frozen=True, slots=True)
class _Words:
    """The arms that labels name, the words over the labels that name an outcome, and the heads over all columns."""

    arms: Mapping[str, int]
    outcome: list[Fragment]
    over_all: frozenset[Cell]


def read_rows(reader: Reader, columns: list[Column]) -> None:
    """Add the results of a table whose rows name at least two of the arms."""
    numbers = frozenset(column.number for column in columns)
    times = reader.grid.time_columns
    lines = [line_of(row, reader.caption.notes, times=times) for row in reader.grid.body(numbers) if row.labels]
    fragments = list(dict.fromkeys(each for line in lines for each in line.fragments if each.name is not None))
    matched = reader.names.matched([Candidate(each.name or "", each.said.size) for each in fragments])
    if not matched:
        matched = _lettered(reader, lines)
    if len(set(matched.values())) < min(2, len(reader.found.arms)):
        return
    counts, columns = _sizes_apart(columns)
    over_all = [{f.cell for f in c.fragments} for c in columns if not c.contrast and not c.roles & {"p", "test"}]
    words = _Words(
        matched, _head_of_labels(reader, matched), frozenset(set.intersection(*over_all) if over_all else ())
    )
    sizes: dict[int, Number] = {}
    blocks: dict[tuple[object, ...], list[list[_Armed]]] = {}
    for line in lines:
        arm = _arm_of(line, matched)
        if line.row.is_heading or arm is None or line.is_skipped:
            continue
        size = next((each.said.size for each in line.fragments if each.said.size is not None), None)
        sizes.update({arm: size} if size is not None else {})
        count = _count(reader, line, counts)
        sizes.update({arm: count} if count is not None else {})
        rows = blocks.setdefault(_outcome_and_time(reader, line, matched), [[]])
        if any(other.arm == arm for other in rows[-1]):
            rows.append([])
        rows[-1].append(_Armed(line, arm, sizes.get(arm)))
    for rows in blocks.values():
        for block in rows:
            _read_block(reader, columns, block, words)


def _lettered(reader: Reader, lines: Sequence[Line]) -> Mapping[str, int]:
    """The arms that rows name by single letters; such a letter is then no sign of a test ("T", "P")."""
    letters = [each for line in lines for each in line.fragments if len(each.cell.text.strip()) == 1]
    matched = reader.names.matched([Candidate(each.cell.text) for each in letters])
    for line in lines if matched else ():
        line.fragments = [_named(each) if each.cell.text in matched else each for each in line.fragments]
        line.names += [each for each in line.fragments if each.cell.text in matched and each not in line.names]
        line.is_skipped = False
    return matched


def _named(each: Fragment) -> Fragment:
    return Fragment(each.cell, Label(name=(0, len(each.cell.text))), each.cell.text)


def _outcome_and_time(reader: Reader, line: Line, matched: Mapping[str, int]) -> tuple[object, ...]:
    """What the rows of one block share: their names apart from the arm's, and their time."""
    names = tuple(each.name for each in line.names if each.name not in matched)
    return (names, reader.found.text(line.time) if line.time is not None else None)


def _head_of_labels(reader: Reader, matched: Mapping[str, int]) -> list[Fragment]:
    """The words over the one column of labels, where they name an outcome and not the arms."""
    if reader.grid.label_columns > 1:
        return []
    found = [fragment(cell) for column in range(reader.grid.label_columns) for cell in reader.grid.head(column)]
    return [
        each
        for each in dict.fromkeys(found)
        if each.name is not None
        and each.name not in matched
        and not pattern("generic").search(each.name)
        and not cue_pattern("group", "treatment-head", "experimental-arm").search(each.name)
    ]


def _arm_of(line: Line, matched: Mapping[str, int]) -> int | None:
    """The arm that a row's own labels, else its headings, name."""
    own = [matched[each.name] for each in line.fragments if each.name is not None and each.name in matched]
    above = [matched[each.name] for each in line.names if each.name is not None and each.name in matched]
    return own[0] if own else above[-1] if above else None


def _read_block(
    reader: Reader,
    columns: Sequence[Column],
    block: Sequence[_Armed],
    words: _Words,
) -> None:
    """Add the results of the rows of one outcome, one row for each arm."""
    for group in _groups(columns):
        values = [column for column in group if not column.contrast and not column.roles & {"p", "test"}]
        measured: list[tuple[Line, Measured]] = []
        for each in block:
            line, at = each.line, each.line.row.number
            cells = [(c, cell) for c in values if (cell := reader.grid.at(at, c.number)) is not None]
            hints = [*line.hints, *reader.caption.hints]
            measured += [(line, value) for value in combined(each.arm, cells, hints, each.size)]
        if len({value.arm for _, value in measured}) < 2 and not any(column.contrast for column in group):
            continue
        for line, value in measured:
            context = _context(reader, line, value.column, words)
            if context is not None:
                row = reader.links.sentence([*line.row.labels, value.cell])
                places = reader.places(line, value.column, value.cell)
                arm_span = next((f.span for f in line.fragments if f.span is not None), None)
                reader.found.results.append(reader.links.arm_result(row, context, value, arm_span, places))
        _contrasts(reader, group, block, [value for _, value in measured], words)


def _groups(columns: Sequence[Column]) -> list[list[Column]]:
    """Columns of one outcome and time; estimates and p-values without words of their own go with those before."""
    groups: list[list[Column]] = []
    for column in columns:
        own = column.time is not None or bool(column.names)
        if (
            groups and (not own or column.group == groups[-1][0].group) and (column.contrast or column.roles or not own)
        ) or (groups and column.group == groups[-1][0].group):
            groups[-1].append(column)
        else:
            groups.append([column])
    return groups


def _sizes_apart(columns: Sequence[Column]) -> tuple[list[Column], list[Column]]:
    """Columns of numbers of people apart from those of values; a count beside its percentage is a value."""
    counts = []
    for place, column in enumerate(columns):
        code = column.hints[0] if column.hints else None
        beside = columns[place + 1] if place + 1 < len(columns) else None
        shares = beside is not None and not beside.names and any(h.statistics == ("percent",) for h in beside.hints)
        if code is not None and code.statistics == ("number",) and not code.spreads and not column.names and not shares:
            counts.append(column)
    others = [c for c in columns if c not in counts]
    return (counts, others) if others else ([], list(columns))


def _count(reader: Reader, line: Line, columns: Sequence[Column]) -> Number | None:
    for column in columns:
        cell = reader.grid.at(line.row.number, column.number)
        shape = printed(cell.text) if cell is not None else None
        if shape is not None and shape.kind == "number":
            return shape.numbers[0]
    return None


def _context(reader: Reader, line: Line, column: Column, words: _Words) -> Context | None:
    """The endpoint that headings, the row's other labels and the column name, or else the caption."""
    own = [each for each in line.names if each.name not in words.arms]
    counts = any(set(hint.statistics) & {"number", "percent"} for hint in column.hints)
    # Where an outcome is named already, "Responders, n" only says that people are counted.
    named = bool(words.outcome or own)
    # What stands over all columns tells none of them from another.
    heads = [each for each in column.names if not (named and (counts or each.cell in words.over_all))]
    names = [*words.outcome, *own, *heads]
    endpoint = reader.outcomes.index_of(names) if names else reader.caption.endpoint(reader.outcomes)
    if endpoint is None:
        return None
    span = names[-1].span if names else None
    said = line.change or changed(column)
    if said is not None:
        endpoint = reader.outcomes.change_of(endpoint, span, said)
    time = column.time or line.time or reader.caption.time
    unit = line.time_unit if column.time is None else None
    return Context(endpoint, span, time, (), column.unit or line.unit, unit)


def _contrasts(
    reader: Reader,
    columns: Sequence[Column],
    block: Sequence[_Armed],
    measured: Sequence[Measured],
    words: _Words,
) -> None:
    """Add the estimates of rows against the one row that has none."""
    for place, column in enumerate(columns):
        if not column.contrast or column.roles & {"p", "test", "within"}:
            continue
        cells = [(each.line, each.arm, reader.grid.at(each.line.row.number, column.number)) for each in block]
        given = [(line, arm, cell) for line, arm, cell in cells if cell is not None]
        valued = [(line, arm, cell) for line, arm, cell in given if printed(cell.text).numbers]
        without = [each.arm for each in block if each.arm not in {arm for _, arm, _ in valued}]
        if len(without) != 1:
            continue
        for line, arm, cell in valued:
            beside = columns[place + 1] if place + 1 < len(columns) else None
            bounds = None
            if beside is not None and any("interval" in hint.spreads for hint in beside.hints):
                bounds = reader.grid.at(line.row.number, beside.number)
            estimate = estimated(column, cell, bounds, measured, reader.caption.level)
            context = _context(reader, line, column, words)
            if estimate is None or context is None:
                continue
            heads = [c for c in columns if "p" in c.roles and "within" not in c.roles]
            tests = [test for c in heads if (at := reader.grid.at(line.row.number, c.number)) and (test := tested(at))]
            test = tests[0] if len(tests) == 1 else None
            row = reader.links.sentence([*line.row.labels, cell])
            significant = is_significant(estimate, estimate.p or (test.p if test else None))
            places = reader.places(line, column, cell)
            reader.found.results.append(
                reader.links.contrast(row, context, estimate, (arm, without[0]), test, significant, places)
            )
