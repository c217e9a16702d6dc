"""Doubts: why a check that fails may tell nothing.

An alarm is a claim to an editor. Where the words around the numbers, the table or the design say that the arithmetic of
the check does not apply to them, or where a number is a piece of another, a failure becomes "cannot tell". Checks that
hold stay as they are: numbers that fit are hardly fitted by chance.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import takewhile
from typing import Final

from extractors.documents import Cell, Document, Table
from extractors.findings import Facts
from extractors.normal import normalise
from extractors.patterns import words
from kg.audit.checks import Check, Input
from kg.audit.estimates import DIFFERENCES

# Checks of single cells, which tell only where nearly all of a column fits.
_OF_COLUMNS: Final = frozenset({"arms-to-total", "levels-to-column", "percentage-of-count"})
# Checks whose arithmetic is of people who are independent of each other and of numbers that no model has made.
_PLAIN_ONLY: Final = frozenset(
    {
        "difference-of-means",
        "effect-from-table",
        "interval-from-table",
        "interval-of-difference",
        "interval-of-proportion",
        "p-value-from-table",
    }
)
# Checks of differences in the unit of the means.
_IN_UNITS: Final = frozenset({"difference-of-means", "estimate-in-middle", "interval-of-difference"})
# A percentage, and no level of an interval.
_PERCENT: Final = re.compile(r"(?<!\d)(?<!\d\s)%")
_SHARE: Final = re.compile(r"\((?P<percent>[\d.]+)%\)")
# Misprints of one digit and counts of other people are rarely so many times too great or too small.
_FAR: Final = 1.5
_DEPENDENT: Final = frozenset({"cluster", "crossover"})
# The percentages of all people make up a hundred, but for rounding.
_ALL: Final = 1
_NUMBER: Final = re.compile(r"\D{0,2}(?P<digits>\d[\d.,\u00b7]*)")


def without_doubts(checks: Iterable[Check], document: Document, facts: Facts, normal: str) -> Iterator[Check]:
    """The checks in their order, those whose failure tells nothing as "cannot tell".

    ``normal`` is the document's text as ``normalise`` gives it.
    """
    dependent = any(fact.value in _DEPENDENT for fact in facts.design)
    differences = frozenset(one.key for one in facts.contrasts if one.measure in DIFFERENCES)
    of_means = frozenset(one.key for one in facts.contrasts if one.measure == "MD")
    tables = {table.id: table for table in document.tables}
    doubted = []
    for one in checks:
        doubtful = one.verdict == "inconsistent" and (
            not all(map(stands_alone, one.inputs))
            or (dependent and one.kind in _PLAIN_ONLY)
            or _worded_otherwise(one, tables)
            or (one.kind == "p-value-from-table" and _of_several_rows(one, tables, facts))
            or (one.kind in _IN_UNITS and _relative(one, of_means))
            or (one.kind == "p-value-from-interval" and _of_ranks(one, differences, normal))
        )
        doubted.append(_open(one) if doubtful else one)
    yield from _of_one_thing(doubted)


def stands_alone(read: Input) -> bool:
    """Whether the input, if it is one plain number, is printed as a number of its own in some of its evidence.

    Otherwise it is a piece of another: the exponent of a unit, the digits behind a point.
    """
    number = _NUMBER.fullmatch(read.text)
    if number is None or not read.evidence:
        return True
    pattern = re.compile(rf"(?<![\d^])(?<!\d[.,\u00b7])(?<!\.){re.escape(number['digits'])}(?!\d|[.,\u00b7]\d)")
    longest = max(read.evidence, key=lambda piece: len(piece.quote))
    return pattern.search(longest.quote) is not None


def _worded_otherwise(one: Check, tables: Mapping[str, Table]) -> bool:
    """Whether the words around the numbers name a model, or a test, that the check does not reckon with."""
    if one.kind in _PLAIN_ONLY:
        return _modelled().search(_around(one, tables)) is not None
    if one.kind == "p-value-from-interval":
        return _other_test().search(_around(one, tables)) is not None
    if one.kind == "words-against-values":
        return _changed().search(_around(one, tables)) is not None
    if one.kind == "percentage-of-count":
        around = _around(one, tables)
        return _estimated().search(around) is not None or (_far_off(one) and "%" not in around)
    return False


def _far_off(one: Check) -> bool:
    """Whether a percentage in a table is a long way from that of its count: "2 (1)" may be a mean and a deviation."""
    printed = _SHARE.search(one.inputs[0].text)
    if printed is None or one.computed is None or one.inputs[0].cell is None:
        return False
    low, high = sorted((float(printed["percent"]), one.computed.low))
    return high > _FAR * low


def _around(one: Check, tables: Mapping[str, Table]) -> str:
    """The sentences, rows and heads of the inputs, and the caption and notes of their tables."""
    pieces = [piece for read in one.inputs for piece in read.evidence]
    said = dict.fromkeys(piece.quote for piece in pieces if piece.supports == "text")
    said |= dict.fromkeys(label for read in one.inputs if read.cell for label in (*read.cell.row, *read.cell.column))
    of_tables = dict.fromkeys(piece.table for piece in pieces if piece.table in tables)
    printed = (text for name in of_tables if name for text in (tables[name].caption or "", *tables[name].footnotes))
    return normalise("\n".join((*said, *printed)))


def _of_several_rows(one: Check, tables: Mapping[str, Table], facts: Facts) -> bool:
    """Whether the p-value stands for several rows of its table: those below it, or beside it, print none of their own.

    The one row below may be all other people: then it is of both rows and of either.
    """
    printed = [e for read in one.inputs if read.part == "p" for e in read.evidence]
    table, row, column = next(((e.table, e.row, e.column) for e in printed if e.table in tables), (None, None, None))
    if table is None or row is None or column is None:
        return False
    values = {e.row for read in one.inputs if read.part == "value" for e in read.evidence if e.table is not None}
    if values != {row}:
        return True
    grid = tables[table].cells
    own = {cell.row for cell in grid if cell.column == column}
    below = takewhile(lambda other: other not in own, range(row + 1, max(cell.row for cell in grid) + 1))
    filled = [other for other in below if any(cell.row == other and _has_number(cell) for cell in grid)]
    return len(filled) > 1 or (len(filled) == 1 and not _are_all(one, filled[0], table, facts))


def _has_number(cell: Cell) -> bool:
    return cell.column > 0 and any(sign.isdigit() for sign in cell.text)


def _are_all(one: Check, row: int, table: str, facts: Facts) -> bool:
    """Whether the people of the check's row and those of the other row are all people of each arm."""
    keys = {read.finding[1] for read in one.inputs if read.finding is not None}
    ours = [result for result in facts.arm_results if result.key in keys]
    theirs = [r for r in facts.arm_results if any((e.table, e.row) == (table, row) for e in r.evidence)]
    return len(ours) == 2 and all(
        any(
            other.arm == result.arm and abs(other.value.value + result.value.value - 100) <= _ALL
            for other in theirs
            if other.measure == result.measure
        )
        for result in ours
    )


def _relative(one: Check, of_means: frozenset[str]) -> bool:
    """Whether a difference of means stands in a column of percentages: it is one of the means, not in their unit."""
    return any(
        read.finding is not None
        and read.finding[1] in of_means
        and read.cell is not None
        and _PERCENT.search(" ".join(read.cell.column)) is not None
        for read in one.inputs
    )


def _of_ranks(one: Check, differences: frozenset[str], normal: str) -> bool:
    """Whether the p-value of a difference may be of ranks, as the report's methods name such a test."""
    found = any(read.finding is not None and read.finding[1] in differences for read in one.inputs)
    return found and _ranks().search(normal) is not None


def _of_one_thing(checks: list[Check]) -> Iterator[Check]:
    """The checks; where many of one kind fail in one table, its numbers are rather of another sort: nothing is told."""
    tally: Counter[tuple[str, str, str]] = Counter((one.kind, _table(one), one.verdict) for one in checks)
    for one in checks:
        table = _table(one)
        failed, held = (tally[one.kind, table, verdict] for verdict in ("inconsistent", "consistent"))
        several = one.kind not in _OF_COLUMNS and bool(table) and failed > max(1, held / 2)
        yield _open(one) if several and one.verdict == "inconsistent" else one


def _open(one: Check) -> Check:
    return replace(one, verdict="cannot tell", inputs=tuple(replace(read, cell=None) for read in one.inputs))


def _table(one: Check) -> str:
    """The table that the check's first input is printed in; empty for none."""
    return next((e.table for read in one.inputs[:1] for e in read.evidence if e.table is not None), "")


@cache
def _modelled() -> re.Pattern[str]:
    return re.compile(words("checks", "modelled", "estimated-share") + "|" + words("cues", "adjusted"), re.IGNORECASE)


@cache
def _estimated() -> re.Pattern[str]:
    return re.compile(words("checks", "estimated-share"), re.IGNORECASE)


@cache
def _changed() -> re.Pattern[str]:
    return re.compile(words("cues", "change", "rise", "fall", "improvement"), re.IGNORECASE)


@cache
def _other_test() -> re.Pattern[str]:
    return re.compile(words("checks", "other-test", "rank-test"), re.IGNORECASE)


@cache
def _ranks() -> re.Pattern[str]:
    return re.compile(words("checks", "rank-test"), re.IGNORECASE)
