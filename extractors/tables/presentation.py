"""What an article says once of all its numbers: "Data are presented as mean (SD)"."""

from __future__ import annotations

from extractors.normal import normalise
from extractors.reading import Reading
from extractors.tables.values import Hint, hints_of_note
from extractors.tables.words import pattern

_SPREADS = frozenset({"SD", "SE"})


def presented(found: Reading) -> list[Hint]:
    """How the methods, or notes below any of the tables, say that means are printed: one hint, or none.

    An article that names standard deviations here and standard errors there says nothing of a table without words.
    """
    methods = [found.normal[s.start : s.end] for s in found.sentences if found.roles.get(s) == "methods"]
    notes = [normalise(note) for table in found.document.tables for note in table.footnotes]
    said = [text for text in (*methods, *notes) if pattern("presentation").search(text)]
    hints = [hint for text in said for hint in hints_of_note(text) if "mean" in hint.statistics]
    kinds = {spread for hint in hints for spread in hint.spreads if spread in _SPREADS}
    return [Hint(("mean",), (kinds.pop(),), presumed=True)] if len(kinds) == 1 else []
