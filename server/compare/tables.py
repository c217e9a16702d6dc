"""The comparison as tables to take away: as it is shown, and its results one to a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from server.compare.entries import Entry
from server.compare.page import ComparePage
from server.contexts import TrialPage
from server.negotiation import Language
from server.sheets import Cell, Table
from server.trial.tables import RESULT_HEAD, effect_cells
from server.wording import word

NAMES: Final = ("comparison", "results")


def comparison(page: ComparePage, language: Language) -> Table:
    """The page as a table: a row for each thing compared, a column for each trial."""
    head = (word("compare-part", language), word("compare-row", language), *(one.short for one in page.columns))
    keyed: tuple[tuple[Cell, ...], ...] = (
        ("", word("trial", language), *(one.key for one in page.columns)),
        ("", word("title", language), *(one.title.text for one in page.columns)),
    )
    lines = tuple(
        (word(part.heading, language), row.name.text, *map(_written, row.cells))
        for part in page.parts
        for row in part.rows
    )
    return Table("comparison", head, (*keyed, *lines))


def _written(entries: Iterable[Entry]) -> str | None:
    texts = [f"{one.text.text} [{one.note}]" if one.note else one.text.text for one in entries]
    return "; ".join(texts) or None


def results(trials: Sequence[TrialPage], language: Language) -> Table:
    """Every effect estimate of the trials, with the trial in the first column."""
    head = (word("trial", language), *(word(name, language) for name in RESULT_HEAD))
    return Table(
        "results", head, tuple((trial.key, *cells) for trial in trials for cells in effect_cells(trial, language))
    )
