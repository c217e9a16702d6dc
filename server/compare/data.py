"""The comparison of trials as data: what the page shows, for programs."""

from __future__ import annotations

from dataclasses import dataclass

from kg.rows import Name
from server.compare.page import ComparePage
from server.urls import Urls


@dataclass(frozen=True, slots=True)
class ComparedTrial:
    """A trial: its key, what it is called in short, its title, and the address of all that is known of it."""

    key: str
    short: str
    title: Name
    data: str


@dataclass(frozen=True, slots=True)
class ComparedValue:
    """What one trial says: the text, what limits it or warns of it, and the address where it was read."""

    text: Name
    note: str
    warning: str
    source: str | None


@dataclass(frozen=True, slots=True)
class ComparedThing:
    """One thing that trials are compared by; ``values`` has a list for each trial, empty where it says nothing."""

    part: str
    name: Name
    values: tuple[tuple[ComparedValue, ...], ...]


@dataclass(frozen=True, slots=True)
class CompareAnswer:
    """The chosen trials in their order, and a row for each thing that they can be compared by.

    ``unknown`` are words that name no trial, ``several`` those that name more than one, ``left`` the keys of trials
    beyond the eight that are compared.
    """

    trials: tuple[ComparedTrial, ...]
    rows: tuple[ComparedThing, ...]
    unknown: tuple[str, ...]
    several: tuple[str, ...]
    left: tuple[str, ...]


def compare_answer(page: ComparePage, urls: Urls) -> CompareAnswer:
    """What the page shows, as data."""
    return CompareAnswer(
        trials=tuple(
            ComparedTrial(one.key, one.short, one.title, urls.trial_data(one.key, "json")) for one in page.columns
        ),
        rows=tuple(
            ComparedThing(
                part.heading,
                row.name,
                tuple(
                    tuple(ComparedValue(one.text, one.note, one.warning, one.href) for one in cell)
                    for cell in row.cells
                ),
            )
            for part in page.parts
            for row in part.rows
        ),
        unknown=page.chosen.unknown,
        several=page.chosen.several,
        left=tuple(trial.key for trial in page.chosen.left),
    )
