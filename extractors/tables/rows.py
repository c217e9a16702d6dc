"""Reads the labels of a table's rows: the outcome, its level, its time, and what the numbers of the row are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from extractors.documents import Cell
from extractors.normal import normalise
from extractors.reading import Span
from extractors.tables.cells import printed
from extractors.tables.columns import Column, Fragment, row_fragment
from extractors.tables.grid import Row
from extractors.tables.values import Hint, hint, hints_of_note
from extractors.tables.words import cue_pattern, is_form, pattern


@dataclass(slots=True)
class Line:
    """What the labels of a row and the headings over it say.

    ``names`` run from the outermost heading to the row's own words; ``is_bare`` tells a row that names only a
    statistic or a time, whose outcome its heading names; ``is_unnamed`` one whose word for a spread may as well be the
    short form of an outcome (SE). ``change`` is where a row says that it gives the change within each arm,
    ``time_unit`` where the head of a column of times names the unit of a bare number.
    """

    row: Row
    fragments: list[Fragment]
    names: list[Fragment] = field(default_factory=list)
    time: Span | None = None
    time_unit: Span | None = None
    is_baseline: bool = False
    hints: list[Hint] = field(default_factory=list)
    unit: str | None = None
    is_bare: bool = False
    is_unnamed: bool = False
    is_skipped: bool = False
    sizes_only: bool = False
    change: Span | None = None


def line_of(
    row: Row, notes: dict[str, str], *, keeps_times: bool = True, times: Mapping[int, Span | None] | None = None
) -> Line:
    """What a row's labels, its headings and the notes that they point to say.

    ``times`` are the columns of times with the place of their unit in the head, if it names one.
    """
    times = times or {}
    own = [row_fragment(c, keeps_times=keeps_times, is_time=_is_time(c, times)) for c in row.labels]
    above = [row_fragment(cell, keeps_times=keeps_times) for cell in row.headings]
    found = Line(row, own)
    found.change = next((span for each in own if (span := change_in(each)) is not None), None)
    for each in own:
        for mark in sorted(each.said.marks):
            found.hints += [Hint(h.statistics, h.spreads, near=True) for h in hints_of_note(notes.get(mark, ""))]
    for each in reversed([*above, *own]):
        said = each.said
        if (stated := hint(said)) is not None:
            found.hints.append(stated)
        shares = "percent" in said.statistics and "number" not in said.statistics
        found.unit = found.unit or said.unit or ("%" if shares else None)
        if said.time is not None and found.time is None:
            found.time, found.is_baseline = each.time, said.is_baseline
            bare = each.cell.text.strip().isdigit()
            found.time_unit = times.get(each.cell.column) if bare else None
    if own and (stated := hint(own[-1].said)) is not None:
        # What the row itself says comes before what its notes say.
        found.hints.insert(0, stated)
    above = [each for each in above if each.name is None or not is_form(each.name, "generic")]
    found.names = [each for each in (*above, *own) if each.name is not None and printed(each.cell.text).kind != "p"]
    found.is_bare = all(each.name is None for each in own)
    found.is_unnamed = found.is_bare and not found.names and any(e.said.spreads and not e.said.statistics for e in own)
    roles = frozenset().union(*(each.said.roles for each in own)) if own else frozenset()
    found.is_skipped = (
        found.is_unnamed or bool(roles & {"p", "test", "within"}) or any(is_form(e.cell.text, "missing") for e in own)
    )
    last = own[-1].said if own else None
    found.sizes_only = bool(
        last and last.name is None and last.statistics == ("number",) and not last.spreads and not above
    )
    return found


def change_in(each: Fragment) -> Span | None:
    """Where a label or head says that numbers are changes within an arm, if it does."""
    if "change" not in each.said.roles:
        return None
    words = pattern("change-head", "difference-row").search(normalise(each.cell.text))
    return Span(each.cell.start + words.start(), each.cell.start + words.end()) if words else None


def changed(column: Column) -> Span | None:
    """Where the heads of a column say that it holds changes within an arm ("Change", "Change in A"), if they do."""
    for each in column.fragments:
        text = normalise(each.cell.text)
        words = pattern("change-head").match(text) if column.arms and each.span == column.arm_span else None
        if words is not None and cue_pattern("of", "filler").match(text[words.end() :].strip()):
            return Span(each.cell.start, each.cell.start + words.end())
        if (span := change_in(each)) is not None:
            return span
    return None


def _is_time(cell: Cell, times: Mapping[int, Span | None]) -> bool:
    """Whether a label stands in a column of times and is a number or a time: "12", "V3", "Baseline"."""
    short = re.fullmatch(r"[A-Za-z]{0,6}\.?\s?\d+", cell.text.strip()) is not None
    bare = short or printed(cell.text).kind in ("number", "range") or is_form(cell.text, "baseline-time", "later-time")
    return cell.column in times and bare
