"""Tables of the people at baseline: percentages of their counts, levels that fill a column, arms that make the total.

What fits is told once for a column; what does not is told for each cell or row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Final

from extractors.findings import Arm, BaselineValue, Number
from kg.audit.arms import arm_name
from kg.audit.checks import Check, Input, Outcome, check
from kg.audit.inputs import supporting
from kg.audit.proportions import fitting, percent_of
from kg.audit.ranges import Range, rounded, unit
from kg.audit.sums import parts_of

# A column holds percentages of its own people where so many cells say so, and all but one cell in five.
_CELLS: Final = 4
_SHARE: Final = 0.8
# Of so many people of a column at least something is known; fewer, and the row is of other people.
_KNOWN: Final = 0.5
# Of a row that stands alone, people of one sex or with one disease may be meant.
_KNOWN_ALONE: Final = 0.3
# One wrong percentage of a characteristic moves the sum of all by so much.
_WHOLE_ROOM: Final = 1.0


@dataclass(frozen=True, slots=True)
class Cell:
    """A count with its percentage: of one level of a characteristic, in one column of so many people."""

    value: BaselineValue
    events: Number
    n: Number

    @property
    def fits(self) -> bool:
        """Whether the percentage is that of the count among the people of the column."""
        return percent_of(self.events, self.n, self.value.value).verdict == "consistent"


def baseline_checks(values: Iterable[BaselineValue], arms: Iterable[Arm]) -> Iterator[Check]:
    """The checks of all columns, of the arms and of groups that are no arm."""
    names = {arm.key: arm_name(arm) for arm in arms}
    columns = list(columns_of(values))
    wholes = _wholes(columns)
    for column in columns:
        # Where many cells do not go with the column, those that were read without its people are of others.
        sized = tuple(cell for cell in column if cell.value.n is not None)
        cells = next(filter(_is_own, (column, sized)), None)
        if cells is None:
            continue
        name = _name(cells[0].value, names)
        yield from _percentages(cells, name, wholes)
        yield from _levels(cells, name)
    yield from _totals(columns)


def _is_own(cells: Sequence[Cell]) -> bool:
    """Whether nearly all percentages are of the people of the column."""
    return sum(cell.fits for cell in cells) >= max(_CELLS, _SHARE * len(cells))


def columns_of(values: Iterable[BaselineValue]) -> Iterator[tuple[Cell, ...]]:
    """The cells with a count, a percentage and a number of people, column by column.

    A cell whose three numbers do not go together is read without its number of people: it has the one of its column.
    """
    shares = [(value, value.events) for value in values if value.measure == "proportion" and value.events is not None]
    sizes: dict[tuple[str, str | None], dict[str, Number]] = {}
    for value, _ in shares:
        if value.n is not None and value.n.value > 0:
            sizes.setdefault((_head(value), _table(value)), {})[value.n.text] = value.n
    columns: dict[tuple[str, str], list[Cell]] = {}
    for value, events in shares:
        printed = sizes.get((_head(value), _table(value)), {})
        n = next(iter(printed.values())) if value.n is None and len(printed) == 1 else value.n
        if n is not None and n.value > 0:
            columns.setdefault((_head(value), n.text), []).append(Cell(value, events, n))
    return (tuple(cells) for cells in columns.values())


def _table(value: BaselineValue) -> str | None:
    return next((piece.table for piece in value.evidence if piece.table is not None), None)


def _head(value: BaselineValue) -> str:
    return value.arm or (value.group.text if value.group else "")


def _name(value: BaselineValue, names: Mapping[str, dict[str, str]]) -> dict[str, str]:
    head = _head(value)
    return names.get(head, {"en": head, "zh": head})


def _percentages(cells: Sequence[Cell], name: dict[str, str], wholes: Set[str]) -> Iterator[Check]:
    """The percentages of a column; people may be missing from all levels of a characteristic alike."""
    fitting_ = [cell for cell in cells if cell.fits]
    yield check(
        "percentage-of-count",
        Outcome("consistent", message="percentages-of-column"),
        tuple(map(_input, fitting_)),
        number=str(len(fitting_)),
        column=name,
        n=cells[0].n.text,
    )
    for levels in _characteristics(cells):
        for cell in levels:
            whole = cell.value.characteristic.text in wholes
            if not cell.fits and not _of_known(cell, levels, whole):
                outcome = percent_of(cell.events, cell.n, cell.value.value)
                yield check(
                    "percentage-of-count",
                    outcome,
                    (_input(cell),),
                    events=cell.events.text,
                    percent=cell.value.value.text,
                    n=cell.n.text,
                )


def _wholes(columns: Iterable[Sequence[Cell]]) -> frozenset[str]:
    """The characteristics whose levels make up a whole in most columns: in one, other rows may do so by chance."""
    tally = Counter(
        (levels[0].value.characteristic.text, _is_whole(levels, _WHOLE_ROOM))
        for cells in columns
        for levels in _characteristics(cells)
    )
    return frozenset(text for text, whole in tally if whole and tally[text, True] > tally[text, False])


def _of_known(cell: Cell, levels: Sequence[Cell], whole: bool) -> bool:
    """Whether the percentage may be of the people of whom the characteristic is known.

    Where its levels make up a whole these are the same for all levels: those at any of them, even if the percentage of
    another level fits no number of people.
    """
    if not whole:
        return _of_fewer((cell,))
    known = sum((level.events.value for level in levels), Decimal(0))
    within = _KNOWN * float(cell.n.value) <= known < cell.n.value
    people = Number(known, str(known))
    return _of_fewer(levels) or (within and percent_of(cell.events, people, cell.value.value).verdict == "consistent")


def _of_fewer(levels: Sequence[Cell]) -> bool:
    """Whether some smaller number of people fits the percentages of all levels: those of whom it is known."""
    people = int(levels[0].n.value)
    known = _KNOWN if len(levels) > 1 else _KNOWN_ALONE if levels[0].value.n is not None else 0
    possible = set(range(max(1, int(known * people)), people))
    for cell in levels:
        possible &= set(fitting(cell.events, cell.value.value, possible))
    return bool(possible)


def _levels(cells: Sequence[Cell], name: dict[str, str]) -> Iterator[Check]:
    """The levels of each characteristic against the people of the column, where their percentages make up a whole."""
    whole: list[Cell] = []
    for levels in _characteristics(cells):
        if not _is_whole(levels) or not all(cell.fits for cell in levels):
            continue
        outcome = parts_of([cell.events for cell in levels], cells[0].n)
        if outcome.verdict == "consistent":
            whole += levels
        elif _slack(levels) < 1 and not _of_fewer(levels):
            yield _sum("levels-to-column", outcome, levels, cells[0].n)
    if whole:
        outcome = Outcome("consistent")
        number = str(len(list(_characteristics(whole))))
        yield check(
            "levels-to-column", outcome, tuple(map(_input, whole)), number=number, column=name, n=cells[0].n.text
        )


def _is_whole(levels: Sequence[Cell], room: float = 0.0) -> bool:
    """Whether each person is at one of the levels: their percentages make up a hundred.

    Rows that merely stand below one heading may each be of other people.
    """
    low = sum(rounded(cell.value.value).low for cell in levels)
    high = sum(rounded(cell.value.value).high for cell in levels)
    return len(levels) > 1 and Range(low, high).widened(room).holds(100)


def _slack(levels: Sequence[Cell]) -> float:
    """So many people the rounding of the percentages leaves open."""
    return sum(float(unit(cell.value.value)) / 100 * float(cell.n.value) for cell in levels) / 2


def _totals(columns: Sequence[Sequence[Cell]]) -> Iterator[Check]:
    """A column that is no arm, and has the people of all arms together, against the arms' columns, row by row."""
    arms = [cells for cells in columns if cells[0].value.arm is not None]
    people = sum(int(cells[0].n.value) for cells in arms)
    for total in columns:
        if total[0].value.arm is not None or len(arms) < 2 or int(total[0].n.value) != people:
            continue
        rows = [(cell, [one for cells in arms for one in cells if _row(one) == _row(cell)]) for cell in total]
        full = [(cell, parts) for cell, parts in rows if len(parts) == len(arms)]
        outcomes = [(cell, parts, parts_of([one.events for one in parts], cell.events)) for cell, parts in full]
        good = [cell for cell, _, outcome in outcomes if outcome.verdict == "consistent"]
        # A column that rarely is the sum of the arms is something else.
        if len(good) < max(_CELLS, _SHARE * len(outcomes)):
            continue
        group = _head(total[0].value)
        yield check(
            "arms-to-total",
            Outcome("consistent"),
            tuple(map(_input, good)),
            number=str(len(good)),
            column={"en": group, "zh": group},
            n=total[0].n.text,
        )
        for cell, parts, outcome in outcomes:
            if outcome.verdict == "inconsistent":
                yield _sum("arms-to-total", outcome, parts, cell.events, _input(cell))


def _sum(kind: str, outcome: Outcome, parts: Sequence[Cell], whole: Number, *more: Input) -> Check:
    total = sum(cell.events.value for cell in parts)
    return check(
        kind,
        outcome,
        (*map(_input, parts), *more),
        parts=" + ".join(cell.events.text for cell in parts),
        sum=str(total),
        whole=whole.text,
        characteristic=parts[0].value.characteristic.text,
    )


def _row(cell: Cell) -> tuple[str, str]:
    return (cell.value.characteristic.text, "" if cell.value.level is None else cell.value.level.text)


def _characteristics(cells: Iterable[Cell]) -> Iterator[tuple[Cell, ...]]:
    """The cells of one column that stand below one another for one characteristic."""
    for _, levels in groupby(cells, key=lambda cell: cell.value.characteristic.text):
        yield tuple(levels)


def _input(cell: Cell) -> Input:
    text = f"{cell.events.text} ({cell.value.value.text}%)"
    return Input("value", text, supporting(cell.value.evidence, "value"), ("baseline", cell.value.key))
