"""The queries of computed checks: those of a trial, those of it that failed, and how many failed for each trial."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rdflib import URIRef

from kg import columns, rows
from kg.query_files import query_text
from kg.stores import ReadableStore


def checks(store: ReadableStore, trial: str) -> tuple[rows.Check, ...]:
    """The computed checks of the trial's reports, those within one report and those that span several."""
    return _checks(store.select(query_text("checks"), {"trial": URIRef(trial)}))


def shown_checks(store: ReadableStore, trial: str) -> tuple[rows.Check, ...]:
    """Those of the checks that failed, and those against the trial's registry records."""
    return _checks(store.select(query_text("checks_shown"), {"trial": URIRef(trial)}))


def check_counts(store: ReadableStore, trial: str) -> dict[str, int]:
    """How many of the checks have each verdict, by its IRI; those against registry records are not counted."""
    solutions = store.select(query_text("check_verdicts"), {"trial": URIRef(trial)})
    return dict(Counter(columns.text(row, "verdict") for row in solutions))


def _checks(solutions: Iterable[columns.Solution]) -> tuple[rows.Check, ...]:
    found = columns.grouped(columns.ordered(solutions, "check", "report", "involved", "explanation"), "check")
    return tuple(
        rows.Check(
            iri=check,
            report=columns.text(group[0], "report"),
            kind=columns.text(group[0], "kind"),
            verdict=columns.text(group[0], "verdict"),
            involves=columns.distinct(group, "involved"),
            explanations=columns.names(group, "explanation"),
        )
        for check, group in found.items()
    )


def failed_check_counts(store: ReadableStore) -> tuple[rows.FailedCount, ...]:
    """How many checks of each kind failed for each trial that has any, in the order of the trials' keys."""
    return tuple(
        rows.FailedCount(
            trial=columns.text(row, "trial"),
            key=columns.text(row, "key"),
            kind=columns.text(row, "kind"),
            number=int(columns.text(row, "checks")),
        )
        for row in store.select(query_text("failed_check_counts"))
    )


def failed_checks(store: ReadableStore, trial: str) -> tuple[rows.FailedCheck, ...]:
    """The checks of the trial's reports that failed, by kind; each once."""
    found = columns.grouped(store.select(query_text("failed_checks"), {"trial": URIRef(trial)}), "check")
    return tuple(
        rows.FailedCheck(
            iri=check,
            kind=columns.text(group[0], "kind"),
            key=columns.text(group[0], "key"),
            titles=columns.names(group, "title"),
            explanations=columns.names(group, "explanation"),
        )
        for check, group in found.items()
    )
