"""One table while it is being read: its grid, what its caption says, and where what is found goes."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.documents import Cell, Table
from extractors.findings import Number
from extractors.reading import Place, Reading, Span
from extractors.tables.arm_names import ArmNames
from extractors.tables.captions import Caption
from extractors.tables.columns import Column
from extractors.tables.grid import Grid
from extractors.tables.kinds import kind_of
from extractors.tables.labels import label
from extractors.tables.links import Links
from extractors.tables.outcomes import Outcomes
from extractors.tables.rows import Line
from extractors.tables.values import Hint, hint


class Reader:
    """What is known of a table before its rows are read."""

    def __init__(
        self, found: Reading, table: Table, names: ArmNames, outcomes: Outcomes, presumed: Sequence[Hint] = ()
    ) -> None:
        self.found = found
        self.table = table
        self.counted: dict[int, tuple[Number, Span]] = {}
        self.columns: list[Column] = []
        self.names = names
        self.outcomes = outcomes
        outcomes.long_forms = names.long_forms
        outcomes.begin()
        self.grid = Grid(table)
        self.grid.widen()
        self.kind = kind_of(table, self.grid)
        # "Outcome, mean (SD)" over the labels holds for all rows.
        heads = [hint(label(cell.text), near=False) for cell in self.grid.head(0)]
        self.caption = Caption(found, table, presumed, [each for each in heads if each is not None])
        # Those of a crossover trial are in all of its arms.
        crossed = any(fact.aspect == "structure" and fact.value == "crossover" for fact in found.design)
        self.everyone = label(self.caption.text).size if crossed else None
        section = next(s for s in found.document.sections if s.start <= table.start < s.end)
        self.links = Links(table, section, self.grid.printed_rows)

    def places(self, line: Line, column: Column, cell: Cell) -> tuple[Place, ...]:
        """The cells that a value is read from: its own, the labels of its row, the heads of its column."""
        cells = [
            (cell, "value"),
            *((f.cell, "row") for f in line.names),
            *((f.cell, "column") for f in column.fragments),
        ]
        return self.links.places(cells)
