"""What a table's caption and notes say of all its rows: the endpoint, the time, what its numbers are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from extractors.documents import Table
from extractors.findings import Number
from extractors.reading import Reading, Span
from extractors.tables.outcomes import Outcomes
from extractors.tables.values import Hint, hints_of_note, notes_by_mark
from extractors.tables.words import interval_pattern, pattern, time_pattern

_FARTHEST = 4000
_MARKED = re.compile(r"[\^*\u2020\u2021\u00a7\u00b6#]")


class Caption:
    """The words around a table; ``notes`` are its footnotes by their marks, ``level`` that of its intervals.

    ``presumed`` is what the article says of the numbers of all its tables, ``headed`` what the head of the labels says.
    """

    def __init__(
        self, found: Reading, table: Table, presumed: Sequence[Hint] = (), headed: Sequence[Hint] = ()
    ) -> None:
        self.found = found
        self.text = table.caption or ""
        self.notes = notes_by_mark(table.footnotes)
        every = [self.text, *table.footnotes]
        general = [self.text, *(note for note in table.footnotes if not _MARKED.match(note))]
        self.hints = [*headed, *(hint for text in general for hint in hints_of_note(text))]
        if pattern("adverse").search(self.text) and not self.hints:
            # A table of harms that says nothing of its numbers counts people.
            self.hints = [Hint(("number",), ())]
        self.hints += presumed
        levels = [match["before"] or match["behind"] for text in every if (match := interval_pattern().search(text))]
        level = next((printed for printed in levels if printed), None)
        self.level = Number(Decimal(level), level) if level else None
        self.time = self._time(table)

    def endpoint(self, outcomes: Outcomes) -> int | None:
        """The endpoint that the caption names, or the only primary one of the article."""
        index = outcomes.in_words(self.text)
        if index is not None:
            return index
        primary = [i for i, draft in enumerate(self.found.endpoints) if draft.role == "primary"]
        return primary[0] if len(primary) == 1 else None

    def _time(self, table: Table) -> Span | None:
        """The one time point that the caption names."""
        matches = list(time_pattern().finditer(self.text))
        if len(matches) != 1 or pattern("baseline-only").search(self.text):
            return None
        start = self.found.document.text.find(self.text, max(0, table.start - _FARTHEST), table.end + _FARTHEST)
        return Span(start + matches[0].start(), start + matches[0].end()) if start >= 0 else None
