"""Turns what tables say into findings: the cells as evidence, and the values that describe the people at baseline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from extractors.confidence import Assessment, assessed
from extractors.evidence import evidence
from extractors.findings import BaselineValue, Evidence, Name
from extractors.keys import digest, readable
from extractors.reading import Characteristic, Linked, Place, Reading, Span

TABLES = "evidence_tables"


def table_assessment(found: Reading, link: Linked) -> Assessment:
    """How sure a result of a table is."""
    draft = found.endpoints[link.endpoint]
    known = ("endpoint in lexicon",) if draft.concept is not None else ()
    return assessed("table", ("arms table", *known))


def cells_of(
    found: Reading,
    row: Span,
    places: Iterable[Place],
    parts: Iterable[tuple[Span | None, str]],
    sure: Assessment,
) -> tuple[Evidence, ...]:
    """The row that a result stands in, the characters of its parts, and the cells it is read from."""
    items = [evidence(found, row, "text", TABLES, sure)]
    placed = list(places)
    for span, supports in parts:
        if span is not None:
            cell = next((place for place in placed if place.contains(span)), None)
            item = evidence(found, span, supports, TABLES, sure)
            items.append(item if cell is None else _in_cell(item, cell))
    items += [_in_cell(evidence(found, place, place.supports, TABLES, sure), place) for place in _heads(placed)]
    return tuple(items)


def _heads(places: Iterable[Place]) -> Iterator[Place]:
    """The cells that label the row and head the column."""
    return (place for place in places if place.supports in ("row", "column"))


def _in_cell(item: Evidence, cell: Place) -> Evidence:
    return replace(item, table=cell.table, row=cell.row, column=cell.column)


def baseline_of(found: Reading, arms: Sequence[str]) -> tuple[BaselineValue, ...]:
    """The baseline values of a reading, each once; ``arms`` are the arms' keys in the reading's order."""
    values = (_baseline_value(found, each, arms) for each in found.baseline)
    return tuple({value.key: value for value in values}.values())


def _baseline_value(found: Reading, draft: Characteristic, arms: Sequence[str]) -> BaselineValue:
    sure = assessed("table", ("arms table",))
    name = Name(": ".join(found.text(span) for span in draft.name), found.language)
    level = None if draft.level is None else Name(found.text(draft.level), found.language)
    group = None if draft.group is None else Name(found.text(draft.group), found.language)
    arm = None if draft.arm is None else arms[draft.arm]
    quantity = draft.quantity
    value = Span(quantity.start, quantity.end)
    parts = (name.text, level.text if level else "", arm or (group.text if group else ""), draft.statistic)
    return BaselineValue(
        key=f"{readable(name.text) or 'characteristic'}-{digest(*parts, quantity.number.text, quantity.start)}",
        characteristic=name,
        level=level,
        arm=arm,
        group=group,
        measure=draft.statistic,
        value=quantity.number,
        events=quantity.events,
        n=quantity.n,
        dispersion=quantity.dispersion,
        interval=quantity.interval,
        unit=quantity.unit,
        evidence=cells_of(found, draft.row, draft.places, [(value, "value")], sure),
    )
