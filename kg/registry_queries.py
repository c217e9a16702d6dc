"""The typed functions of the queries for what registry records say, and why reports are one trial."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rdflib import URIRef

from kg import columns
from kg.query_files import query_text
from kg.rows import Name
from kg.stores import ReadableStore


@dataclass(frozen=True, slots=True)
class RegisteredFact:
    """A registered fact: its record, its class, and the values of its properties by their local names."""

    iri: str
    report: str
    type: str
    values: Mapping[str, tuple[Name, ...]]

    def first(self, name: str) -> str | None:
        """The first value of the property, ``None`` where it has none."""
        found = self.values.get(name, ())
        return found[0].text if found else None


@dataclass(frozen=True, slots=True)
class IdentityReason:
    """Why reports are one trial: the kind's concept, the number or DOI, and the IRIs and ids of the reports."""

    kind: str
    number: str
    reports: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RegistryParts:
    """All registered facts of a trial, and all reasons for which its reports are one trial."""

    facts: tuple[RegisteredFact, ...] = ()
    reasons: tuple[IdentityReason, ...] = ()

    def of(self, report: str) -> RegistryParts:
        """What one report registers."""
        return RegistryParts(tuple(fact for fact in self.facts if fact.report == report))


def registry_parts(store: ReadableStore, trial: str) -> RegistryParts:
    """Everything that the trial's records register, and why its reports are one; ``trial`` is its IRI."""
    bound = {"trial": URIRef(trial)}
    solutions = store.select(query_text("registered_facts"), bound)
    facts = columns.grouped(columns.ordered(solutions, "report", "type", "node", "property", "value"), "node")
    reasons = columns.grouped(store.select(query_text("identity_reasons"), bound), "reason")
    return RegistryParts(
        facts=tuple(
            RegisteredFact(
                iri=node,
                report=columns.text(group[0], "report"),
                type=_local(columns.text(group[0], "type")),
                values={
                    _local(name): tuple(Name(row["value"].text, row["value"].language or "") for row in rows)
                    for name, rows in columns.grouped(group, "property").items()
                },
            )
            for node, group in facts.items()
        ),
        reasons=tuple(
            IdentityReason(
                kind=columns.text(group[0], "kind"),
                number=columns.optional(group[0], "number") or columns.optional(group[0], "text") or "",
                reports=tuple(sorted({(columns.text(row, "report"), columns.text(row, "id")) for row in group})),
            )
            for group in reasons.values()
        ),
    )


def _local(iri: str) -> str:
    return iri.rsplit("#", 1)[-1]
