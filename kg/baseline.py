"""The people of a trial before treatment: the row of a number that describes them, and the query for all of them."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import URIRef

from kg import columns
from kg.columns import Solution
from kg.queries import dispersion
from kg.query_files import query_text
from kg.rows import Dispersion, Name, Quantity
from kg.stores import ReadableStore


@dataclass(frozen=True, slots=True)
class BaselineValue:
    """A number that describes the people of one arm, or of a group that is no arm, before treatment.

    ``characteristic`` is what is described ("Age"), ``level`` the value of it whose people are counted ("Female");
    ``group`` is the printed name of a group that is no arm ("Total"). ``measure`` and ``unit`` are concepts.
    """

    iri: str
    report: str
    characteristic: tuple[Name, ...]
    level: tuple[Name, ...]
    arm: str | None
    group: tuple[Name, ...]
    measure: str
    value: Quantity
    events: Quantity | None
    n: Quantity | None
    dispersion: Dispersion | None
    unit: str | None
    unit_text: str | None


def baseline_values(store: ReadableStore, trial: str) -> tuple[BaselineValue, ...]:
    """The numbers that describe the trial's people before treatment, report by report; ``trial`` is its IRI."""
    solutions = store.select(query_text("baseline"), {"trial": URIRef(trial)})
    return tuple(_value(iri, group) for iri, group in columns.described(solutions, "baseline").items())


def _value(iri: str, group: list[Solution]) -> BaselineValue:
    first = group[0]
    return BaselineValue(
        iri=iri,
        report=columns.text(first, "report"),
        characteristic=columns.names(group, "characteristic"),
        level=columns.names(group, "level"),
        arm=columns.optional(first, "inArm"),
        group=columns.names(group, "groupName"),
        measure=columns.text(first, "measure"),
        value=columns.printed(first, "value"),
        events=columns.quantity(first, "events"),
        n=columns.quantity(first, "n"),
        dispersion=dispersion(first),
        unit=columns.optional(first, "unit"),
        unit_text=columns.optional(first, "unitText"),
    )
