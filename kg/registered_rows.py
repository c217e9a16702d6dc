"""What trials register and what their papers say of it, as rows of one query."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import groupby

from kg import columns
from kg.columns import Solution
from kg.query_files import query_text
from kg.rows import Name
from kg.stores import ReadableStore


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome that a record registers or a paper reports; ``role`` is primary, secondary or other."""

    node: str
    role: str
    names: tuple[Name, ...]
    concept: str | None
    times: tuple[str, ...]

    def name(self, language: str) -> str:
        """What to call it in the language, in the other one where it has no name there."""
        spoken = [name.text for name in self.names if name.language == language]
        return (spoken or [name.text for name in self.names])[0]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of people; ``kind`` is planned or actual, or enrolled, randomised and so on, ``None`` if not said."""

    node: str
    kind: str | None
    number: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Day:
    """A date in ISO 8601, a day or a month."""

    node: str
    kind: str
    date: str


@dataclass(frozen=True, slots=True)
class Side:
    """One report of a trial: a registry record or a paper."""

    report: str
    id: str
    outcomes: tuple[Outcome, ...]
    figures: tuple[Figure, ...]
    days: tuple[Day, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisteredTrial:
    """A trial with its registry records and its papers."""

    trial: str
    records: tuple[Side, ...]
    papers: tuple[Side, ...]


def registered_trials(store: ReadableStore) -> tuple[RegisteredTrial, ...]:
    """The trials that have a registry record, by IRI."""
    rows = sorted(
        {_key(solution): solution for solution in store.select(query_text("registered_against_published"))}.items()
    )
    found: list[RegisteredTrial] = []
    for trial, of_trial in groupby((solution for _, solution in rows), key=lambda row: columns.text(row, "trial")):
        records: list[Side] = []
        papers: list[Side] = []
        for report, group in columns.grouped(of_trial, "report").items():
            (records if "record" in group[0] else papers).append(_side(report, group))
        found.append(RegisteredTrial(trial, tuple(records), tuple(papers)))
    return tuple(found)


def _key(solution: Solution) -> tuple[str, ...]:
    # Several records of one trial give each row several times.
    names = ("trial", "report", "field", "node", "kind", "value")
    language = solution["value"].language or ""
    return (*(columns.optional(solution, name) or "" for name in names), language)


def _side(report: str, group: list[Solution]) -> Side:
    fields = columns.grouped(group, "field")
    is_record = "record" in group[0]
    kinds = {columns.text(row, "node"): _last(columns.text(row, "kind")) for row in fields.get("size kind", [])}
    name = "outcome" if is_record else "endpoint"
    return Side(
        report=report,
        id=columns.text(group[0], "id"),
        outcomes=_outcomes(fields, name),
        figures=tuple(
            figure
            for row in fields.get("size" if is_record else "count", [])
            if (figure := _figure(row, kinds, is_record)) is not None
        ),
        days=tuple(
            Day(columns.text(row, "node"), _last(columns.text(row, "kind")), columns.text(row, "value"))
            for row in fields.get("date", [])
        ),
    )


def _outcomes(fields: dict[str, list[Solution]], name: str) -> tuple[Outcome, ...]:
    concepts = {columns.text(row, "node"): columns.text(row, "value") for row in fields.get(f"{name} concept", [])}
    times = columns.grouped(fields.get(f"{name} time", []), "node")
    return tuple(
        Outcome(
            node=node,
            role=_last(columns.text(group[0], "kind")),
            names=tuple(Name(row["value"].text, row["value"].language or "en") for row in group),
            concept=concepts.get(node),
            times=columns.distinct(times.get(node, []), "value"),
        )
        for node, group in columns.grouped(fields.get(name, []), "node").items()
    )


def _figure(row: Solution, kinds: dict[str, str], is_record: bool) -> Figure | None:
    node, text = columns.text(row, "node"), columns.text(row, "value")
    kind = kinds.get(node) if is_record else _last(columns.text(row, "kind"))
    try:
        return Figure(node, kind, Decimal(text.replace(",", "").replace(" ", "")), text)
    except InvalidOperation:
        # Numbers that a paper prints as words are left to the reader.
        return None


def _last(iri: str) -> str:
    return iri.rsplit("/", 1)[-1]
