"""What a cell of the comparison holds: one line for each arm, estimate, value or comparison in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kg.rows import Name
from ontology import label
from server.evidence import last_segment
from server.negotiation import Language
from server.tables import ArmGroup, ArmRow, ArmTable, ArmValue, EffectRow, EndpointGroup, StatementRow
from server.wording import bounds, circumstances, code, level, p_value, unit, word

Place = Callable[[str | None], str | None]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a cell: a text that leads to where it was read, and what limits it; ``warning`` must be seen."""

    text: Name
    href: str | None
    note: str = ""
    warning: str = ""


def arm_entry(arm: ArmGroup, place: Place, language: Language) -> Entry:
    """An arm with its size."""
    sizes = "; ".join(size.text for size in arm.sizes)
    counted = f"{word('n', language)} = {sizes}" if sizes else ""
    return Entry(arm.name, place(arm.anchor), counted)


def found_entries(group: EndpointGroup, place: Place, language: Language) -> Iterator[Entry]:
    """What a trial found for an endpoint in all its people; of subgroups how many estimates there are.

    What several of its reports say alike is given once.
    """
    said: dict[tuple[str, str], Entry] = {}
    for entry in _found(group, place, language):
        said.setdefault((entry.text.text, entry.note), entry)
    yield from said.values()


def _found(group: EndpointGroup, place: Place, language: Language) -> Iterator[Entry]:
    further = 0
    for table in group.effects:
        for row in table.rows:
            if row.circumstances.subgroup is None:
                yield _effect(row, place, language)
            else:
                further += 1
    if group.arm_table is not None:
        yield from _values(group.arm_table, place, language)
    for statement in group.statements:
        if statement.circumstances.subgroup is None:
            yield _statement(statement, place, language)
    if further:
        text = Name(word("compare-subgroups", language, number=further), language)
        yield Entry(text, place(group.anchor))


def _effect(row: EffectRow, place: Place, language: Language) -> Entry:
    measured = f" {unit(row.unit, language)}" if row.unit else ""
    parts = [f"{code(row.measure, language)} {row.value.text}{measured}"]
    if row.interval is not None:
        parts.append(f"({level(row.interval, language)} {bounds(row.interval, language)})")
    if row.p is not None:
        parts.append(p_value(row.p, language))
    note = " · ".join(filter(None, (_arms(row, language), _note(row, language))))
    return Entry(Name(" ".join(parts), language), place(row.value.anchor), note)


def _note(row: EffectRow | StatementRow, language: Language) -> str:
    return " · ".join(circumstances(row.circumstances, language))


def _arms(row: EffectRow, language: Language) -> str:
    if row.arm_for is None or row.arm_against is None:
        return ""
    return f"{row.arm_for.text} {word('versus', language)} {row.arm_against.text}"


def _values(table: ArmTable, place: Place, language: Language) -> Iterator[Entry]:
    for row in table.rows:
        if row.circumstances.subgroup is not None:
            continue
        for column, cell in zip(table.columns, row.cells, strict=True):
            for value in cell:
                yield _value(row, column, value, place, language)


def _value(row: ArmRow, column: Name | None, value: ArmValue, place: Place, language: Language) -> Entry:
    measured = "" if row.unit is None else unit(row.unit, language)
    text = f"{value.value.text}{'' if measured == '%' else ' '}{measured}".rstrip()
    if value.events and value.n:
        text += f" ({value.events}/{value.n})"
    if value.interval is not None:
        text += f" ({level(value.interval, language)} {bounds(value.interval, language)})"
    named = column.text if column is not None else word("arm-not-stated", language)
    note = (named, *circumstances(row.circumstances, language))
    said = f"{label(row.measure, language)}: {text}"
    return Entry(Name(said, language), place(value.value.anchor), " · ".join(note))


def _statement(row: StatementRow, place: Place, language: Language) -> Entry:
    if row.arm_for is not None and row.arm_against is not None:
        direction = f"said-{last_segment(row.direction)}"
        text = word(direction, language, first=row.arm_for.text, second=row.arm_against.text)
    else:
        text = label(row.direction, language)
    if row.p is not None:
        text += f" ({p_value(row.p, language)})"
    return Entry(Name(text, language), place(row.anchor), _note(row, language))
