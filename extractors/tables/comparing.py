"""Reads what a row of a table says of two arms against each other: an effect estimate, or a p-value alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from extractors.components.terms import DIFFERENCE
from extractors.documents import Cell
from extractors.findings import Interval, Number, PValue
from extractors.reading import ArmDraft, Span
from extractors.tables.cells import printed
from extractors.tables.columns import Column
from extractors.tables.combining import Measured
from extractors.tables.words import cue_pattern

# What most authors call significant; a paper that sets another level says so in its text, not in its tables.
_LEVEL = Decimal("0.05")
_RATIOS = frozenset({"HR", "OR", "RR", "IRR"})


@dataclass(frozen=True, slots=True)
class Tested:
    """A p-value of a row, its place, and whether it is given as "not significant" only."""

    p: PValue | None
    cell: Cell
    span: Span


@dataclass(frozen=True, slots=True)
class Estimated:
    """An effect estimate of a row with its interval and their places."""

    measure: str
    number: Number
    span: Span
    interval: Interval | None
    interval_span: Span | None
    cell: Cell
    column: Column
    p: PValue | None = None
    p_span: Span | None = None
    adjusted: bool | None = None


def tested(cell: Cell) -> Tested | None:
    """The p-value that a cell under a head of p-values gives."""
    shape = printed(cell.text)
    if shape.kind == "not significant":
        return Tested(None, cell, Span(cell.start, cell.end))
    if shape.kind not in ("p", "number") or not 0 <= shape.numbers[0].value <= 1:
        return None
    start, end = shape.spans[0]
    return Tested(PValue(shape.operator or "=", shape.numbers[0]), cell, Span(cell.start + start, cell.start + end))


def estimated(
    column: Column, cell: Cell, interval: Cell | None, measured: Sequence[Measured], level: Number | None
) -> Estimated | None:
    """The estimate that a cell gives, with the interval of the cell beside it if that column holds intervals."""
    shape = printed(cell.text)
    measure = measure_of(column.contrast or "", measured)
    if measure is None or shape.kind not in ("number", "percent", "between", "plus-minus"):
        return None
    start, end = shape.spans[0]
    bounds, place = None, None
    level = column.level or level
    if shape.kind == "between":
        low, high = shape.numbers[1:3]
        if not low.value <= shape.numbers[0].value <= high.value:
            return None
        bounds = Interval(low, high, level)
        place = Span(cell.start + shape.spans[1][0], cell.start + shape.spans[2][1])
    elif interval is not None:
        beside = printed(interval.text)
        if beside.kind == "range" and beside.numbers[0].value <= shape.numbers[0].value <= beside.numbers[1].value:
            bounds = Interval(beside.numbers[0], beside.numbers[1], level)
            place = Span(interval.start + beside.spans[0][0], interval.start + beside.spans[1][1])
    if measure in _RATIOS and shape.numbers[0].value < 0:
        return None
    if column.is_unnamed and all(number.value >= 0 for number in shape.numbers):
        return None
    p = PValue(shape.p[0], shape.p[1]) if shape.p else None
    number = Span(cell.start + start, cell.start + end)
    adjusted = True if any(cue_pattern("adjusted").search(f.cell.text) for f in column.fragments) else None
    whole = Span(cell.start, cell.end) if p is not None else None
    return Estimated(measure, shape.numbers[0], number, bounds, place, cell, column, p, whole, adjusted)


def measure_of(contrast: str, measured: Sequence[Measured]) -> str | None:
    """The notation of an effect measure; a mere difference is of means or of proportions as the arms' values are."""
    if contrast != DIFFERENCE:
        return contrast or None
    measures = {each.value.measure for each in measured}
    if measures and measures <= {"mean", "median"}:
        return "MD"
    return "RD" if measures == {"proportion"} else None


def is_significant(estimate: Estimated, p: PValue | None) -> bool | None:
    """Whether the interval leaves out no effect, or else the p-value is below five in a hundred."""
    interval = estimate.interval
    if interval is not None and interval.low is not None and interval.high is not None:
        none = Decimal(1) if estimate.measure in _RATIOS else Decimal(0)
        return not interval.low.value <= none <= interval.high.value
    return below(p) if p is not None else None


def below(p: PValue) -> bool:
    """Whether a p-value shows a difference at the usual level."""
    if p.operator in ("<", "\u2264"):
        return p.value.value <= _LEVEL
    return p.operator == "=" and p.value.value < _LEVEL


def direction_of(first: Measured, second: Measured, p: PValue | None) -> str | None:
    """Which arm has the higher value, if the p-value shows a difference; ``None`` where the values cannot tell."""
    if p is None or not below(p):
        return "no difference" if p is None or p.operator in ("=", ">", "\u2265") else None
    if first.value.measure != second.value.measure or first.value.number.value == second.value.number.value:
        return None
    return "first higher" if first.value.number.value > second.value.number.value else "first lower"


def in_order(arms: Sequence[ArmDraft], pair: tuple[int, int]) -> tuple[int, int]:
    """Two arms as an estimate takes them: the control last."""
    first, second = pair
    if arms[first].role == "control" and arms[second].role != "control":
        return second, first
    if arms[second].role == "control" or first < second:
        return first, second
    return second, first
