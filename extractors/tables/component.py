"""Reads the article's tables once its arms, endpoints and the results of its prose are known."""

from __future__ import annotations

from spacy.language import Language as SpacyLanguage
from spacy.tokens import Doc

from extractors.reading import reading
from extractors.tables.agreement import agreed
from extractors.tables.arm_names import ArmNames
from extractors.tables.facts import TableReader
from extractors.tables.outcomes import Outcomes
from extractors.tables.presentation import presented
from extractors.tables.sizes import Sized, give_sizes

COMPONENT = "evidence_tables"


class TableComponent:
    """Adds to ``reading.results``, ``reading.endpoints`` and ``reading.baseline``."""

    def __call__(self, doc: Doc) -> Doc:
        """Read the tables in the order of the text; without arms they say nothing."""
        found = reading(doc)
        if not found.arms:
            return doc
        outcomes = Outcomes(found)
        counted: list[Sized] = []
        presumed = presented(found) if found.document.tables else []
        for table in found.document.tables:
            section = next(s for s in found.document.sections if s.start <= table.start < s.end)
            if table.cells and section.language == found.language:
                reader = TableReader(found, table, ArmNames(found, table.footnotes), outcomes, presumed)
                reader.read()
                counted.append(Sized(reader.kind, reader.counted))
        give_sizes(found, counted)
        found.results = agreed(found)
        return doc


@SpacyLanguage.factory(COMPONENT)
def create_tables(nlp: SpacyLanguage, name: str) -> TableComponent:
    """The component that reads tables."""
    return TableComponent()
