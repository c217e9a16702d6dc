"""What a check says: its verdict, the numbers that went in with their evidence, and what was computed from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from extractors.findings import Evidence
from kg.audit.ranges import Range, shown
from ontology import by_name, concept

# What parts sentences.
_JOIN: Final = {"en": " ", "zh": ""}

Verdict = Literal["consistent", "inconsistent", "cannot tell"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer of one comparison: the verdict, the computed range, and the message if not the usual one."""

    verdict: Verdict
    computed: Range | None = None
    message: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Labelled:
    """Where a stretch of a table stands: the table's label, the row's labels and the column's heads, outermost first.

    ``table`` is ``None`` where no label is printed; a part that the table leaves blank is empty.
    """

    table: str | None
    row: tuple[str, ...]
    column: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Input:
    """A printed part that a check read: ``part`` as in ``Evidence.supports``, and how it was printed.

    ``finding`` is the kind and key of the finding that holds it, ``None`` for what was read from the text alone.
    ``cell`` is what it stands under, of the inputs of failed checks that stand in tables.
    """

    part: str
    text: str
    evidence: tuple[Evidence, ...]
    finding: tuple[str, str] | None = None
    cell: Labelled | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One check of one report.

    ``kind`` is the notation of a concept below check-kind in ontology/checks.ttl. ``words`` fill the gaps of the
    message; each is a text, or a text for each language.
    """

    kind: str
    verdict: Verdict
    inputs: tuple[Input, ...]
    computed: Range | None = None
    message: str | None = None
    words: Mapping[str, str | Mapping[str, str]] = field(default_factory=dict)

    @property
    def confidence(self) -> Decimal:
        """How sure it is that the inputs were read right: that of the least sure of them."""
        surest = (max((e.confidence for e in one.evidence), default=Decimal(0)) for one in self.inputs)
        return min(surest, default=Decimal(0))

    def explanation(self, language: str) -> str:
        """What the check found, as sober sentences in "en" or "zh", with the labels of cells that do not fit.

        Raises UnknownConcept where no words are written.
        """
        if self.verdict == "cannot tell":
            return by_name("audit", "cannot-tell").preferred[language]
        name = self.message or f"{self.kind}-{self.verdict}"
        words = {key: word if isinstance(word, str) else word[language] for key, word in self.words.items()}
        computed = {} if self.computed is None else {"computed": shown(self.computed)}
        found = by_name("audit", name).preferred[language].format_map(computed | words)
        return _JOIN[language].join((found, *self._cells(language)))

    def _cells(self, language: str) -> tuple[str, ...]:
        """A sentence for each printed number that stands in a table: its table, row and column."""
        cells = ((read.text, read.cell) for read in self.inputs if read.cell is not None and read.text)
        return tuple(dict.fromkeys(_place(text, cell, language) for text, cell in cells))


def _place(text: str, cell: Labelled, language: str) -> str:
    """Where the printed number stands, in words: the table and those of row and column that have labels."""
    name = "cell" + ("-row" if cell.row else "") + ("-column" if cell.column else "")
    return (
        by_name("audit", name)
        .preferred[language]
        .format(
            printed=text,
            table=cell.table or by_name("audit", "cell-table").preferred[language],
            row=": ".join(cell.row),
            column=": ".join(cell.column),
        )
    )


def check(kind: str, outcome: Outcome, inputs: tuple[Input, ...], **words: str | Mapping[str, str]) -> Check:
    """The check of this kind whose comparison gave the outcome."""
    return Check(kind, outcome.verdict, inputs, outcome.computed, outcome.message, {**words, **outcome.words})


def items(kind: str) -> tuple[str, ...]:
    """The IRIs of the items of INSPECT-SR that a kind of check, by its IRI, answers in part."""
    found = concept(kind)
    tool = by_name("checks", "inspect-sr").iri
    above = () if found is None else found.broader
    return tuple(iri for iri in above if (item := concept(iri)) is not None and tool in item.broader)


def word(name: str) -> Mapping[str, str]:
    """A word of ontology/audit.ttl in each language; raises UnknownConcept."""
    return by_name("audit", name).preferred
