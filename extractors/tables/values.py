"""Tells what the numbers of a cell are, from what its head, its row and the table's notes say of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extractors.findings import Dispersion, Interval, Number
from extractors.normal import normalise
from extractors.tables.cells import Printed
from extractors.tables.labels import Label
from extractors.tables.words import is_form, plain, statistic_pattern, statistics

# How far a printed percentage may lie from the one that follows from its count: half of its last digit, and rounding.
_ROUNDING = Decimal("0.6")
_ROUNDING_WHOLE = Decimal("1.01")
_LONGEST_JOINT = 14
_NOTE_START = re.compile(r"\^(?P<mark>[^\s^]{1,3})\s?|(?<![\w.])(?P<sign>[*\u2020\u2021\u00a7\u00b6#]{1,3})\s?")


@dataclass(frozen=True, slots=True)
class Hint:
    """What some words say of numbers: the statistic and what stands in brackets or behind the sign of plus-minus.

    ``near`` tells the words of the row or column itself from those that hold for the whole table; ``presumed`` those
    that hold for the whole article, and say what a spread is but not that a bare number is a mean.
    """

    statistics: tuple[str, ...]
    spreads: tuple[str, ...]
    near: bool = False
    level: Number | None = None
    presumed: bool = False

    @property
    def counts(self) -> bool:
        """Whether the numbers are counts of people with percentages."""
        return "number" in self.statistics and ("percent" in self.statistics or not self.spreads)


@dataclass(frozen=True, slots=True)
class Value:
    """A number of one arm: its measure and what belongs to it."""

    measure: str
    number: Number
    events: Number | None = None
    n: Number | None = None
    dispersion: Dispersion | None = None
    interval: Interval | None = None


def hint(found: Label, *, near: bool = True) -> Hint | None:
    """What a label says of numbers, or ``None`` if it says nothing."""
    if not (found.statistics or found.spreads):
        return None
    return Hint(found.statistics, found.spreads, near, found.level)


def hints_of_note(text: str) -> list[Hint]:
    """What a note or caption says of numbers: "mean \u00b1 SD or number (%)" gives two hints."""
    line = normalise(text)
    found: list[Hint] = []
    codes = [(m.start(), m.end(), statistics()[plain(m.group())]) for m in statistic_pattern().finditer(line)]
    # A bare letter or the word "patients" in running words is no statistic.
    codes = [c for c in codes if line[c[0] : c[1]] != "%" or line[: c[0]].rstrip().endswith(("(", "[", "and", "or"))]
    codes = [c for c in codes if c[2] not in ("number", "mean") or c[1] - c[0] > 1 or _bracketed(line, c[1])]
    place = 0
    while place < len(codes):
        start, end, code = codes[place]
        following = codes[place + 1] if place + 1 < len(codes) else None
        close = following is not None and following[0] - end <= _LONGEST_JOINT and following[2] in _SECOND
        if following is not None and close and code in ("mean", "median", "number", "percent", "rate"):
            spread = following[2]
            paired = (code, spread) if spread == "percent" else (code,)
            found.append(Hint(paired, () if spread == "percent" else (spread,)))
            place += 2
            continue
        if (code in ("mean", "median", "percent") and not is_form(line[start:end], "mean-sign")) or code in (
            "mean",
            "median",
        ):
            found.append(Hint((code,), ()))
        elif code in ("SD", "SE", "IQR"):
            found.append(Hint((), (code,)))
        place += 1
    return found


_SECOND = frozenset({"SD", "SE", "IQR", "range", "percent", "interval"})


def _bracketed(line: str, end: int) -> bool:
    return line[end : end + 3].lstrip().startswith(("(", "[", "\u00b1"))


def notes_by_mark(notes: Iterable[str]) -> dict[str, str]:
    """The words of each footnote under its mark; one paragraph may hold several notes."""
    found: dict[str, str] = {}
    for note in notes:
        marks = list(_NOTE_START.finditer(note))
        for place, mark in enumerate(marks):
            end = marks[place + 1].start() if place + 1 < len(marks) else len(note)
            found.setdefault(mark["mark"] or mark["sign"], note[mark.end() : end])
    return found


def value_of(cell: Printed, hints: Sequence[Hint], size: Number | None) -> Value | None:
    """The value that a cell gives for an arm of so many people, or ``None`` where its meaning is not sure."""
    read = _READ.get(cell.kind)
    if cell.kind not in ("bracket", "plus-minus"):
        hints = [each for each in hints if not each.presumed]
    return None if read is None else read(cell, hints, cell.size or size)


def _plus_minus(cell: Printed, hints: Sequence[Hint], size: Number | None) -> Value:
    statistic = "median" if _first(hints, "median") and not _first(hints, "mean") else "mean"
    kind = next((s for h in hints for s in h.spreads if s in ("SD", "SE")), "unstated \u00b1")
    return Value(statistic, cell.numbers[0], n=size, dispersion=Dispersion(kind, cell.numbers[1]))


def _percent(cell: Printed, hints: Sequence[Hint], size: Number | None) -> Value | None:
    return Value("proportion", cell.numbers[0], n=size) if _share(cell.numbers[0]) else None


def _fraction(cell: Printed, hints: Sequence[Hint], size: Number | None) -> Value | None:
    events, n = cell.numbers[:2]
    if events.value > n.value or n.value == 0:
        return None
    if len(cell.numbers) == 3:
        percent = cell.numbers[2]
        return Value("proportion", percent, events, n) if _agrees(events.value, percent.value, n.value) else None
    return Value("count", events, events, n)


def _bracket(cell: Printed, hints: Sequence[Hint], size: Number | None) -> Value | None:
    first, second = cell.numbers
    if cell.percent == 1:
        return _counted(first, second, size)
    if cell.percent == 0:
        whole = second.value == second.value.to_integral_value()
        return _counted(second, first, size) if whole and _share(first) else None
    if size is not None and _agrees(first.value, second.value, size.value):
        # Only a count and its share of the group can agree so; small numbers may by chance, but for a stated spread.
        spread = next((h for h in hints if h.near and set(h.spreads) & {"SD", "SE"}), None)
        if spread is None:
            return _counted(first, second, size)
    # "Patients with pain (%)" in a table of means: "14 (47)" is a count and its share.
    shares = _is_whole(first) and any(h.near and "percent" in h.statistics and not h.spreads for h in hints)
    # "Mean years since diagnosis (SD)" in a column of counts.
    means = any(h.near and not h.counts and "mean" in h.statistics and set(h.spreads) & {"SD", "SE"} for h in hints)
    for each in hints:
        if set(each.spreads) & {"SD", "SE"} and not each.counts:
            if not each.near and (shares or _rather_counts(first, second, hints, size)):
                continue
            if each.presumed and "." not in first.text:
                # A count and its share look the same.
                continue
            kind = next(s for s in each.spreads if s in ("SD", "SE"))
            measure = "median" if "median" in each.statistics else "mean"
            return Value(measure, first, n=size, dispersion=Dispersion(kind, second))
        if (each.counts or shares) and _share(second) and _is_whole(first) and not means:
            return _counted(first, second, size)
    return None


def _rather_counts(first: Number, second: Number, hints: Sequence[Hint], size: Number | None) -> bool:
    """Whether a bracket in a table of means and of counts is rather a count: whole, and no more than the people."""
    allowed = any(each.counts for each in hints)
    return (
        allowed and _is_whole(first) and _share(second) and (size is None or first.value <= size.value) and size is None
    )


def _counted(events: Number, percent: Number, size: Number | None) -> Value | None:
    """A number of people with its percentage; the group's size goes with it only if the three agree."""
    if not _is_whole(events) or not _share(percent):
        return None
    agrees = size is not None and _agrees(events.value, percent.value, size.value)
    if size is not None and events.value > size.value:
        return None
    return Value("proportion", percent, events, size if agrees else None)


def _between(cell: Printed, hints: Sequence[Hint], size: Number | None) -> Value | None:
    value, *ends = cell.numbers
    # Negative ends are printed in either order.
    low, high = sorted(ends, key=lambda end: end.value)
    around = low.value <= value.value <= high.value
    for each in hints:
        if not around and each.statistics[:1] != ("number",):
            # Only of a total may the range be that of single people.
            continue
        kinds = [s for s in each.spreads if s in ("IQR", "range")]
        if "interval" in each.spreads:
            measure = next((s for s in each.statistics if s in ("mean", "median", "rate")), None)
            measure = measure or ("proportion" if "percent" in each.statistics else None)
            if measure is None:
                measure = next((s for h in hints for s in h.statistics if s in ("mean", "median", "rate")), None)
            interval = Interval(low, high, each.level)
            return Value(measure, value, n=size, interval=interval) if measure else None
        if kinds:
            measure = (
                "count" if each.statistics[:1] == ("number",) else "mean" if "mean" in each.statistics else "median"
            )
            return Value(measure, value, n=size, dispersion=Dispersion(kinds[0], None, low, high))
        if "median" in each.statistics and each.near and not each.spreads:
            return Value("median", value, n=size)
    return None


def _number(cell: Printed, hints: Sequence[Hint], size: Number | None) -> Value | None:
    value = cell.numbers[0]
    for each in hints:
        for statistic in each.statistics:
            if statistic == "number" and _is_whole(value):
                within = size is None or value.value <= size.value
                return Value("count", value, n=size if within else None)
            if statistic in ("mean", "median", "rate"):
                return Value(statistic, value, n=size)
            if statistic == "percent" and _share(value):
                return Value("proportion", value, n=size)
    return None


def _first(hints: Sequence[Hint], code: str) -> bool:
    """Whether the first hint that names a mean or a median names this one."""
    named = next((h.statistics for h in hints if set(h.statistics) & {"mean", "median"}), ())
    return code in named


def _agrees(count: Decimal, percent: Decimal, size: Decimal) -> bool:
    """Whether a count is this percentage of a group's size."""
    if size <= 0 or count > size or count != count.to_integral_value():
        return False
    margin = _ROUNDING_WHOLE if percent == percent.to_integral_value() else _ROUNDING
    return abs(100 * count / size - percent) <= margin


def _is_whole(number: Number) -> bool:
    return number.value >= 0 and "." not in number.text


def _share(number: Number) -> bool:
    return 0 <= number.value <= 100


_READ: dict[str, Callable[[Printed, Sequence[Hint], Number | None], Value | None]] = {
    "fraction": _fraction,
    "plus-minus": _plus_minus,
    "bracket": _bracket,
    "between": _between,
    "percent": _percent,
    "number": _number,
}
