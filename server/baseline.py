"""Lays out the people of a trial before treatment: a row for each characteristic, a column for each arm or group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kg.baseline import BaselineValue
from kg.rows import Name, Report
from server.evidence import EvidenceIndex, Linked, in_language, printed
from server.negotiation import Language
from server.tables import ShownDispersion, spread

ArmName = Callable[[str | None], Name | None]


@dataclass(frozen=True, slots=True)
class BaselineCell:
    """One number as printed, with the people counted, of how many, and its spread."""

    value: Linked
    events: str | None
    n: str | None
    dispersion: ShownDispersion | None


@dataclass(frozen=True, slots=True)
class BaselineRow:
    """A characteristic, or one value of it, by one measure; a cell for each column of the table."""

    characteristic: Name
    level: Name | None
    measure: str
    unit: str | None
    unit_text: str | None
    cells: tuple[tuple[BaselineCell, ...], ...]


@dataclass(frozen=True, slots=True)
class BaselineTable:
    """What one report says of the people; a column is an arm, or a group by the name that the report prints."""

    report: Report
    columns: tuple[Name, ...]
    rows: tuple[BaselineRow, ...]


def baseline_tables(
    values: Iterable[BaselineValue],
    reports: Iterable[Report],
    index: EvidenceIndex,
    arm_name: ArmName,
    language: Language,
) -> tuple[BaselineTable, ...]:
    """A table for each report that describes its people, in the order of its text."""
    by_report: dict[str, list[BaselineValue]] = {}
    for value in sorted(values, key=lambda value: index.place(value.iri)):
        by_report.setdefault(value.report, []).append(value)
    return tuple(
        _table(report, by_report[report.iri], index, arm_name, language)
        for report in reports
        if report.iri in by_report
    )


def _table(
    report: Report, values: Sequence[BaselineValue], index: EvidenceIndex, arm_name: ArmName, language: Language
) -> BaselineTable:
    columns: dict[Name, None] = {}
    lines: dict[tuple[object, ...], dict[Name, list[BaselineValue]]] = {}
    for value in values:
        column = arm_name(value.arm) or in_language(value.group, language) or Name("", language)
        columns.setdefault(column)
        same = (value.characteristic, value.level, value.measure, value.unit, value.unit_text)
        lines.setdefault(same, {}).setdefault(column, []).append(value)
    made = tuple(_row(line, tuple(columns), index, language) for line in lines.values())
    return BaselineTable(report, tuple(columns), made)


def _row(
    line: dict[Name, list[BaselineValue]], columns: Sequence[Name], index: EvidenceIndex, language: Language
) -> BaselineRow:
    first = next(iter(line.values()))[0]
    return BaselineRow(
        characteristic=in_language(first.characteristic, language) or Name("", language),
        level=in_language(first.level, language),
        measure=first.measure,
        unit=first.unit,
        unit_text=first.unit_text,
        cells=tuple(tuple(_cell(value, index) for value in line.get(column, ())) for column in columns),
    )


def _cell(value: BaselineValue, index: EvidenceIndex) -> BaselineCell:
    return BaselineCell(
        value=index.linked(value.iri, printed(value.value), "value"),
        events=printed(value.events) if value.events else None,
        n=printed(value.n) if value.n else None,
        dispersion=spread(value.dispersion),
    )
