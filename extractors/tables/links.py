"""Makes the links of a reading from what a table's row gives: results with their arms, endpoint, context and cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from extractors.documents import Cell, Section, Table
from extractors.reading import Characteristic, Linked, Place, Quantity, Sentence, Span
from extractors.tables.columns import Fragment
from extractors.tables.combining import Measured
from extractors.tables.comparing import Estimated, Tested


@dataclass(frozen=True, slots=True)
class Context:
    """Where the results of a row hold, and the words that say so."""

    endpoint: int
    endpoint_span: Span | None
    time: Span | None
    subgroup: tuple[Span, ...]
    unit: str | None
    time_unit: Span | None = None

    @property
    def level(self) -> Span | None:
        """The part of the people itself, ``None`` for all of them."""
        return self.subgroup[-1] if self.subgroup else None

    @property
    def heading(self) -> Span | None:
        """What the parts of the people are told apart by, where the table says so."""
        return self.subgroup[0] if len(self.subgroup) > 1 else None


class Links:
    """Makes links for one table."""

    def __init__(self, table: Table, section: Section, printed_rows: Mapping[int, int]) -> None:
        self.table = table
        self.printed_rows = printed_rows
        self.section = section

    def sentence(self, cells: Sequence[Cell]) -> Sentence:
        """The line of a row as printed, which stands for the sentence of a result, without labels that span rows."""
        last = max(cell.row for cell in cells)
        cells = [cell for cell in cells if cell.row == last]
        start, end = min(cell.start for cell in cells), max(cell.end for cell in cells)
        return Sentence(start, end, self.section.id, "results")

    def places(self, cells: Iterable[tuple[Cell, str]]) -> tuple[Place, ...]:
        """Cells as evidence, each with what it says of the finding."""
        rows = self.printed_rows
        found = [Place(c.start, c.end, self.table.id, rows.get(c.row, c.row), c.column, why) for c, why in cells]
        return tuple(dict.fromkeys(found))

    def arm_result(
        self, row: Sentence, context: Context, measured: Measured, arm_span: Span | None, places: tuple[Place, ...]
    ) -> Linked:
        """A value of an arm."""
        return Linked(
            sentence=row,
            endpoint=context.endpoint,
            endpoint_span=context.endpoint_span,
            arms=(measured.arm,),
            arm_spans=(arm_span,) if arm_span is not None else (),
            quantity=quantity(measured, context.unit),
            way="table",
            statistic=measured.value.measure,
            subgroup=context.level,
            subgroup_heading=context.heading,
            time_point=context.time,
            time_unit=context.time_unit if context.time is not None else None,
            places=places,
        )

    def contrast(
        self,
        row: Sentence,
        context: Context,
        estimate: Estimated,
        arms: tuple[int, int],
        test: Tested | None,
        significant: bool | None,
        places: tuple[Place, ...],
    ) -> Linked:
        """An effect estimate between two arms."""
        found = Quantity(
            estimate.span.start,
            estimate.span.end,
            estimate.number,
            "plain",
            context.unit if estimate.measure == "MD" else "%" if estimate.measure == "RD" else None,
            contrast=estimate.measure,
            adjusted=estimate.adjusted,
            interval=estimate.interval,
            interval_span=estimate.interval_span,
        )
        return Linked(
            sentence=row,
            endpoint=context.endpoint,
            endpoint_span=context.endpoint_span,
            arms=arms,
            arm_spans=(),
            quantity=found,
            way="table",
            p=estimate.p or (test.p if test is not None else None),
            p_span=estimate.p_span or (test.span if test is not None and test.p is not None else None),
            subgroup=context.level,
            subgroup_heading=context.heading,
            time_point=context.time,
            time_unit=context.time_unit if context.time is not None else None,
            significant=significant,
            places=places,
        )

    def statement(
        self,
        row: Sentence,
        context: Context,
        arms: tuple[int, int],
        direction: str,
        test: Tested,
        places: tuple[Place, ...],
    ) -> Linked:
        """A comparison of two arms by the p-value of a row, whose direction the values show."""
        return Linked(
            sentence=row,
            endpoint=context.endpoint,
            endpoint_span=context.endpoint_span,
            arms=arms,
            arm_spans=(),
            quantity=None,
            way="table",
            direction=direction,
            direction_span=test.span if test.p is None else None,
            p=test.p,
            p_span=test.span if test.p is not None else None,
            subgroup=context.level,
            subgroup_heading=context.heading,
            time_point=context.time,
            time_unit=context.time_unit if context.time is not None else None,
            places=places,
        )

    def characteristic(
        self,
        row: Sentence,
        names: Sequence[Fragment],
        level: Span | None,
        measured: Measured,
        group: Span | None,
        unit: str | None,
        places: tuple[Place, ...],
    ) -> Characteristic:
        """A baseline value of an arm, or of another column, whose head is ``group``."""
        spans = tuple(span for each in names if (span := each.span) is not None)
        arm = measured.arm if measured.arm >= 0 else None
        return Characteristic(row, spans, level, arm, group, quantity(measured, unit), measured.value.measure, places)


def quantity(measured: Measured, unit: str | None) -> Quantity:
    """The number of a value with all that belongs to it."""
    value = measured.value
    if value.measure == "proportion":
        unit = "%"
    elif value.measure == "count":
        unit = None
    return Quantity(
        measured.start,
        measured.start + len(value.number.text),
        value.number,
        "percent" if value.measure == "proportion" else "plain",
        unit,
        statistic=value.measure,
        interval=value.interval,
        events=value.events,
        n=value.n,
        dispersion=value.dispersion,
    )
