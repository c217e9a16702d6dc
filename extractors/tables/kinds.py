"""Tells what a table is for: the people before treatment, outcomes, parts of the people, or nothing of the arms."""

from __future__ import annotations

from typing import Literal

from extractors.documents import Table
from extractors.normal import normalise
from extractors.tables.grid import Grid
from extractors.tables.labels import label
from extractors.tables.words import pattern, time_pattern

Kind = Literal["baseline", "outcome", "subgroup", "other"]
_LEAST_CHARACTERISTICS = 2


def kind_of(table: Table, grid: Grid) -> Kind:
    """What a table is for, by its caption and, where that does not say, by its rows."""
    caption = normalise(table.caption or "")
    heads = [label(cell.text) for column in range(grid.columns) for cell in grid.head(column)]
    words = " ".join(normalise(cell.text) for column in range(grid.columns) for cell in grid.head(column))
    if pattern("model-caption").search(caption):
        return "other"
    has_estimates = any(head.contrast for head in heads)
    labels = " ".join(normalise(cell.text) for cell in grid.head(0))
    if pattern("subgroup-caption").search(labels):
        return "subgroup"
    if pattern("subgroup-caption").search(caption) or (has_estimates and pattern("subgroup-caption").search(words)):
        return "subgroup" if has_estimates else "outcome"
    if pattern("outcome-caption").search(caption):
        # "Change from baseline" and "at baseline and 12 weeks" are not of the people before treatment alone.
        later = pattern("within-arm").sub(" ", caption)
        both = (later != caption or time_pattern().search(caption) is not None) and not _describes_people(grid)
        if both or not pattern("baseline-only").search(later):
            return "outcome"
    if pattern("baseline-caption", "baseline-only").search(caption):
        timed = any(head.time is not None and not head.is_baseline for head in heads)
        return "outcome" if timed or has_estimates else "baseline"
    return "baseline" if _describes_people(grid) else "outcome"


def is_explicit(table: Table) -> bool:
    """Whether a caption says in so many words that all its rows are from before treatment."""
    return pattern("baseline-only").search(normalise(table.caption or "")) is not None


def _describes_people(grid: Grid) -> bool:
    """Whether several rows are characteristics such as age and sex."""
    found = 0
    for row in range(grid.header_rows, grid.rows):
        cell = grid.at(row, 0)
        found += cell is not None and pattern("characteristic").match(normalise(cell.text).strip()) is not None
    return found >= _LEAST_CHARACTERISTICS
