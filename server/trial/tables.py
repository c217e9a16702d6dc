"""The tables of a trial's page as plain rows, for files: printed figures stay as printed, and are texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from ontology import label
from server.contexts import TrialPage
from server.negotiation import Language
from server.results import is_safety
from server.sheets import Cell, Table
from server.tables import Circumstances, EndpointGroup, ShownDispersion, ShownInterval, ShownP
from server.wording import code, unit, word

NAMES: Final = ("characteristics", "arms", "endpoints", "results", "values", "statements", "safety", "baseline")
_CONTEXT: Final = ("trial-subgroup", "trial-time-point", "trial-analysis-set", "adjusted", "planned")
_INTERVAL: Final = ("trial-lower-bound", "trial-upper-bound", "trial-level")
_P: Final = ("p-value", "trial-sides")
# Heads of the columns of effect estimates, as words of the interface.
RESULT_HEAD: Final = (
    *("outcome", "role", "role-experimental", "role-comparator", "measure", "estimate", "trial-unit"),
    *(*_INTERVAL, *_P, *_CONTEXT, "trial-report"),
)
_VALUE_HEAD: Final = (
    *("outcome", "role", "trial-arm", "measure", "trial-value", "trial-unit", "trial-events", "n"),
    *(*_INTERVAL, "trial-spread", "trial-spread-values", *_CONTEXT, "trial-report"),
)


class Tables:
    """The tables of one trial for readers of one language."""

    def __init__(self, page: TrialPage, language: Language) -> None:
        self._page = page
        self._language = language

    def named(self, name: str) -> Table | None:
        """The table with that name; ``None`` where there is no such table, or nothing for it."""
        makers: dict[str, Callable[[], Table]] = {
            "characteristics": self._characteristics,
            "arms": self._arms,
            "endpoints": self._endpoints,
            "results": self._results,
            "values": self._values,
            "statements": self._statements,
            "safety": self._safety,
            "baseline": self._baseline,
        }
        maker = makers.get(name)
        table = maker() if maker else None
        return table if table and table.rows else None

    def all(self) -> tuple[Table, ...]:
        """Every table that has rows."""
        return tuple(table for name in NAMES if (table := self.named(name)) is not None)

    def _table(self, name: str, head: Iterable[str], lines: Iterable[tuple[Cell, ...]]) -> Table:
        return Table(name, tuple(word(one, self._language) for one in head), tuple(lines))

    def _characteristics(self) -> Table:
        return self._table("characteristics", ("trial-aspect", "trial-value"), self._facts())

    def _facts(self) -> Iterator[tuple[Cell, ...]]:
        page, language = self._page, self._language
        yield word("trial", language), page.key
        yield word("title", language), page.title.text
        for one in page.own:
            yield word("registrations", language), one.identifier
        for aspect in page.question.design:
            values = [
                label(value.concept, language)
                if value.concept
                else " ".join(filter(None, (value.text, unit(value.unit, language) if value.unit else None)))
                for value in aspect.values
            ]
            yield label(aspect.aspect, language), "; ".join(values) or None
        for condition in page.question.conditions:
            yield word("condition", language), condition.name.text
        for count in page.question.counts:
            yield label(count.kind, language), count.number.text

    def _arms(self) -> Table:
        arms = (*self._page.question.experimental, *self._page.question.comparisons)
        lines = (
            (
                arm.name.text,
                label(arm.role, self._language),
                "; ".join(size.text for size in arm.sizes) or None,
                "; ".join(alias.text for alias in arm.aliases) or None,
            )
            for arm in arms
        )
        return self._table("arms", ("trial-arm", "role", "n", "also-called"), lines)

    def _endpoints(self) -> Table:
        lines = (
            (
                group.name.text,
                label(group.role, self._language),
                label(group.concept, self._language) if group.concept else None,
                "; ".join(alias.text for alias in group.aliases) or None,
                word("yes" if group.reported else "no", self._language),
            )
            for group in self._page.endpoints
        )
        head = ("outcome", "role", "facet-concept", "also-called", "trial-has-results")
        return self._table("endpoints", head, lines)

    def _results(self) -> Table:
        return self._table("results", RESULT_HEAD, effect_cells(self._page, self._language))

    def _values(self) -> Table:
        return self._table("values", _VALUE_HEAD, self._value_cells(self._page.endpoints))

    def _safety(self) -> Table:
        safety = [group for group in self._page.endpoints if is_safety(group.concept)]
        return self._table("safety", _VALUE_HEAD, self._value_cells(safety))

    def _value_cells(self, groups: Iterable[EndpointGroup]) -> Iterator[tuple[Cell, ...]]:
        for group in groups:
            if group.arm_table is None:
                continue
            for row in group.arm_table.rows:
                for column, cell in zip(group.arm_table.columns, row.cells, strict=True):
                    for value in cell:
                        yield (
                            group.name.text,
                            label(group.role, self._language),
                            column.text if column is not None else None,
                            label(row.measure, self._language),
                            value.value.text,
                            unit(row.unit, self._language) if row.unit else None,
                            value.events,
                            value.n,
                            *_interval(value.interval),
                            *_spread(value.dispersion, self._language),
                            *_context(row.circumstances, self._language),
                            row.report.id,
                        )

    def _statements(self) -> Table:
        head = ("outcome", "role-experimental", "role-comparator", "found", *_P, *_CONTEXT, "trial-report")
        lines = (
            (
                group.name.text,
                row.arm_for.text if row.arm_for else None,
                row.arm_against.text if row.arm_against else None,
                label(row.direction, self._language),
                *_p(row.p),
                *_context(row.circumstances, self._language),
                row.report.id,
            )
            for group in self._page.endpoints
            for row in group.statements
        )
        return self._table("statements", head, lines)

    def _baseline(self) -> Table:
        head = ("trial-characteristic", "trial-category", "trial-arm", "measure", "trial-value", "trial-unit")
        lines = (
            (
                row.characteristic.text,
                row.level.text if row.level else None,
                column.text or None,
                label(row.measure, self._language),
                one.value.text,
                unit(row.unit, self._language) if row.unit else row.unit_text,
                one.events,
                one.n,
                *_spread(one.dispersion, self._language),
                table.report.id,
            )
            for table in self._page.baseline
            for row in table.rows
            for column, cell in zip(table.columns, row.cells, strict=True)
            for one in cell
        )
        further = ("trial-events", "n", "trial-spread", "trial-spread-values", "trial-report")
        return self._table("baseline", (*head, *further), lines)


def effect_cells(page: TrialPage, language: Language) -> Iterator[tuple[Cell, ...]]:
    """Every effect estimate of a trial, one to a row, under ``RESULT_HEAD``."""
    for group in page.endpoints:
        for table in group.effects:
            for row in table.rows:
                yield (
                    group.name.text,
                    label(group.role, language),
                    row.arm_for.text if row.arm_for else None,
                    row.arm_against.text if row.arm_against else None,
                    label(row.measure, language),
                    row.value.text,
                    unit(row.unit, language) if row.unit else None,
                    *_interval(row.interval),
                    *_p(row.p),
                    *_context(row.circumstances, language),
                    row.report.id,
                )


def _interval(found: ShownInterval | None) -> tuple[Cell, ...]:
    return (None, None, None) if found is None else (found.low, found.high, found.level)


def _p(found: ShownP | None) -> tuple[Cell, ...]:
    if found is None:
        return None, None
    # A spreadsheet takes "=0.13" for a formula; the relation of most p-values is equality, and goes without saying.
    return (found.text if found.operator == "=" else f"{found.operator} {found.text}"), found.sides


def _context(found: Circumstances, language: Language) -> tuple[Cell, ...]:
    flags = (
        None if flag is None else word("yes" if flag else "no", language) for flag in (found.adjusted, found.planned)
    )
    return (
        found.subgroup.text if found.subgroup else None,
        found.time_point.text if found.time_point else None,
        label(found.analysis_set, language) if found.analysis_set else None,
        *flags,
    )


def _spread(found: ShownDispersion | None, language: Language) -> tuple[Cell, ...]:
    if found is None:
        return None, None
    return code(found.kind, language), " \u2013 ".join(filter(None, (found.value, found.low, found.high)))
