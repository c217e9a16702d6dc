"""Finds trials and reports by the names that addresses use, or says that there is none."""

from __future__ import annotations

from collections.abc import Sequence

from kg import queries, rows
from kg.stores import ReadableStore
from server.facts import TrialFacts, gather
from server.problems import Problem


def find_trial(store: ReadableStore, key: str) -> rows.TrialKey:
    """The one trial that the key or identifier names; a Problem with status 404 for none and for several."""
    return one_trial(queries.find_trials(store, key), key)


def one_trial(found: Sequence[rows.TrialKey], key: str) -> rows.TrialKey:
    """The only one of the trials that the key or identifier names; a Problem as ``find_trial`` has it."""
    if not found:
        raise Problem(404, f"no trial in the graph has the identifier {key}")
    if len(found) > 1:
        keys = ", ".join(trial.key for trial in found)
        raise Problem(404, f"several trials are called {key}: ask for one of {keys}")
    return found[0]


def trial_of_report(store: ReadableStore, document: str) -> rows.TrialKey:
    """The trial that a report belongs to; a Problem with status 404 for an unknown report."""
    for trial in queries.find_trials(store, document):
        if any(row.id == document for row in queries.reports(store, trial.iri)):
            return trial
    raise Problem(404, f"no report in the graph has the id {document}")


def facts_of_report(store: ReadableStore, document: str) -> TrialFacts:
    """All facts of the trial that a report belongs to; a Problem with status 404 for an unknown report."""
    return gather(store, trial_of_report(store, document))
